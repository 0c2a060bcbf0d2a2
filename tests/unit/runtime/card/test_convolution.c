/* Images in one of two orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/card/card.h"
#include "runtime/card/convolution.h"

static void put(sy_task *task, uint32_t index, int64_t n, int64_t c, int64_t h, int64_t w, uint32_t layout) {
    task->tensor[index] = (sy_tensor){.size = sizeof(sy_tensor),
        .dtype = SY_F16,
        .rank = 4,
        .layout = layout,
        .dim = {n, c, h, w},
        .stride = {c * h * w, h * w, w, 1}};
}

static void make_last(sy_tensor *tensor) {
    const int64_t c = tensor->dim[1], h = tensor->dim[2], w = tensor->dim[3];
    const int64_t stride[] = {c * h * w, 1, w * c, c};
    tensor->layout = SY_LAYOUT_STRIDED;
    memcpy(tensor->stride, stride, sizeof stride);
}

/* 2 images of 4 x 5 x 6, 8 filters of 3 x 3 in 2 groups, padded by one. */
static sy_task conv_task(uint32_t layout) {
    sy_task task;
    memset(&task, 0, sizeof task);
    task.op = SY_OP_CONV;
    task.n_in = 2;
    task.n_out = 1;
    task.acc_dtype = SY_F32;
    put(&task, 0, 2, 4, 5, 6, layout);
    put(&task, 1, 8, 2, 3, 3, SY_LAYOUT_STRIDED);
    put(&task, 2, 2, 8, 5, 6, layout);
    task.tensor[1].flags = SY_TENSOR_CONST;
    task.attr.conv = (sy_conv_attr){.size = sizeof(sy_conv_attr),
        .groups = 2,
        .spatial = 2,
        .stride = {1, 1, 1},
        .dilation = {1, 1, 1},
        .pad_lo = {1, 1, 0},
        .pad_hi = {1, 1, 0}};
    return task;
}

static void want(sy_task *task, uint32_t *layout) {
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        layout[i] = task->tensor[i].layout;
}

static void test_open_images_take_what_is_wanted(void **state) {
    uint32_t layout[SY_MAX_TENSORS] = {0};
    sy_card_convolution conv;
    (void)state;
    for (int last = 0; last < 2; last++) {
        sy_task task = conv_task(SY_LAYOUT_ANY);
        want(&task, layout);
        assert_int_equal(sy_card_convolution_want(&task, last == 1, layout, NULL), SY_OK);
        uint32_t wanted = last ? SY_LAYOUT_CHANNELS_LAST : SY_LAYOUT_CHANNELS_FIRST;
        assert_int_equal(layout[0], wanted);
        assert_int_equal(layout[2], wanted);
        assert_int_equal(layout[1], last ? SY_LAYOUT_CHANNELS_LAST : SY_LAYOUT_STRIDED);
        assert_int_equal(sy_card_convolution_read(&task, &conv, NULL), SY_OK);
        assert_int_equal(conv.is_nhwc, last == 1);
        assert_int_equal(conv.c, 4);
        assert_int_equal(conv.q, 6);
        assert_int_equal(conv.groups, 2);
    }
}

static void test_fixed_images(void **state) {
    uint32_t layout[SY_MAX_TENSORS] = {0};
    sy_error err = SY_ERROR_INIT;
    (void)state;
    sy_task task = conv_task(SY_LAYOUT_STRIDED);
    want(&task, layout);
    assert_false(sy_card_convolution_may_be(&task, true));
    assert_int_equal(sy_card_convolution_want(&task, true, layout, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "channels last"));
    assert_int_equal(sy_card_convolution_want(&task, false, layout, NULL), SY_OK);
    task = conv_task(SY_LAYOUT_ANY);
    task.tensor[1].flags = 0;
    want(&task, layout);
    assert_int_equal(sy_card_convolution_want(&task, true, layout, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "weights"));
}

/* With one channel both orders are the same memory. */
static void test_one_channel_is_both(void **state) {
    (void)state;
    sy_task task = conv_task(SY_LAYOUT_STRIDED);
    put(&task, 0, 2, 1, 5, 6, SY_LAYOUT_STRIDED);
    put(&task, 2, 2, 1, 5, 6, SY_LAYOUT_STRIDED);
    assert_true(sy_card_convolution_may_be(&task, true));
    assert_true(sy_card_convolution_may_be(&task, false));
}

static void test_refusals(void **state) {
    sy_card_convolution conv;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    sy_task task = conv_task(SY_LAYOUT_STRIDED);
    task.attr.conv.spatial = 3;
    assert_int_equal(sy_card_convolution_read(&task, &conv, &err), SY_UNSUPPORTED);
    task = conv_task(SY_LAYOUT_STRIDED);
    task.attr.conv.groups = 3;
    assert_int_equal(sy_card_convolution_read(&task, &conv, &err), SY_INVALID_ARGUMENT);
    task = conv_task(SY_LAYOUT_STRIDED);
    task.tensor[2].dim[3] = 5;
    assert_int_equal(sy_card_convolution_read(&task, &conv, &err), SY_INVALID_ARGUMENT);
    task = conv_task(SY_LAYOUT_STRIDED);
    task.attr.conv.dilation[0] = 9;
    assert_int_equal(sy_card_convolution_read(&task, &conv, &err), SY_INVALID_ARGUMENT);
    task = conv_task(SY_LAYOUT_STRIDED);
    make_last(&task.tensor[0]); /* the output is not */
    assert_int_equal(sy_card_convolution_read(&task, &conv, &err), SY_UNSUPPORTED);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_open_images_take_what_is_wanted),
        cmocka_unit_test(test_fixed_images), cmocka_unit_test(test_one_channel_is_both),
        cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
