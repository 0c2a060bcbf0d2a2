/* Layouts as an algorithm wants them, and bytes of what comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/dispatch/dispatch.h"
#include "tests/unit/runtime/dispatch/fake.h"

/* A conv: X and Y open, W constant and strided. */
static void fill_conv(sy_problem_storage *storage, int64_t channels, int64_t pixels) {
    *storage = (sy_problem_storage){.problem = {.size = sizeof storage->problem,
                                        .op = SY_OP_CONV,
                                        .tensor = storage->tensor,
                                        .n_in = 2,
                                        .n_out = 1,
                                        .acc_dtype = SY_F32}};
    for (int i = 0; i < 3; i++)
        storage->tensor[i] = (sy_tensor){.size = sizeof(sy_tensor),
            .dtype = SY_F32,
            .layout = SY_LAYOUT_ANY,
            .rank = 4,
            .dim = {2, channels, pixels, pixels}};
    storage->tensor[1].layout = SY_LAYOUT_STRIDED;
    storage->tensor[1].flags = SY_TENSOR_CONST;
    memcpy(storage->tensor[1].stride, (int64_t[]){channels * pixels * pixels, pixels * pixels, pixels, 1},
        4 * sizeof(int64_t));
}

static void strides_are(const sy_tensor *tensor, int64_t s0, int64_t s1, int64_t s2, int64_t s3) {
    const int64_t expected[4] = {s0, s1, s2, s3};
    assert_int_equal(tensor->layout, SY_LAYOUT_STRIDED);
    for (int i = 0; i < 4; i++)
        assert_int_equal(tensor->stride[i], expected[i]);
}

static void wishes_become_strides(void **state) {
    static const struct {
        uint32_t wish, image;
        int64_t strides[4];
    } rows[] = {
        {SY_LAYOUT_STRIDED, SY_IMAGE_NCHW, {75, 25, 5, 1}},
        {SY_LAYOUT_CHANNELS_FIRST, SY_IMAGE_NCHW, {75, 25, 5, 1}},
        {SY_LAYOUT_CHANNELS_LAST, SY_IMAGE_NHWC, {75, 1, 15, 3}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_problem_storage storage;
        sy_algorithm wants = {.n_layout = 3, .layout = {rows[i].wish, SY_LAYOUT_STRIDED, rows[i].wish}};
        uint32_t image = 99;
        const int64_t *s = rows[i].strides;
        fill_conv(&storage, 3, 5);
        assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
        assert_int_equal(image, rows[i].image);
        strides_are(&storage.tensor[0], s[0], s[1], s[2], s[3]);
        strides_are(&storage.tensor[2], s[0], s[1], s[2], s[3]);
        strides_are(&storage.tensor[1], 75, 25, 5, 1);
    }
}

static void weights_become_private_or_channels_last(void **state) {
    sy_problem_storage storage;
    uint32_t image;
    sy_algorithm wants = {
        .n_layout = 3, .layout = {SY_LAYOUT_STRIDED, SY_LAYOUT_PRIVATE | 7, SY_LAYOUT_STRIDED}};
    (void)state;
    fill_conv(&storage, 3, 5);
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
    assert_int_equal(storage.tensor[1].layout, SY_LAYOUT_PRIVATE | 7);
    assert_int_equal(storage.tensor[1].stride[0], 0);
    fill_conv(&storage, 3, 5);
    wants.layout[1] = SY_LAYOUT_CHANNELS_LAST;
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
    strides_are(&storage.tensor[1], 75, 1, 15, 3);
    assert_int_equal(image, SY_IMAGE_NCHW);
}

static void private_and_mixed_images_have_no_name(void **state) {
    sy_problem_storage storage;
    uint32_t image;
    sy_algorithm wants = {
        .n_layout = 3, .layout = {SY_LAYOUT_PRIVATE | 1, SY_LAYOUT_STRIDED, SY_LAYOUT_PRIVATE | 1}};
    (void)state;
    fill_conv(&storage, 3, 5);
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
    assert_int_equal(image, SY_IMAGE_ANY);
    wants.layout[0] = SY_LAYOUT_CHANNELS_LAST;
    wants.layout[2] = SY_LAYOUT_CHANNELS_FIRST;
    fill_conv(&storage, 3, 5);
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
    assert_int_equal(image, SY_IMAGE_ANY);
}

/* With one channel both orders are the same memory; the wish names it. */
static void one_channel_is_named_by_the_wish(void **state) {
    sy_problem_storage storage;
    uint32_t image;
    sy_algorithm wants = {
        .n_layout = 3, .layout = {SY_LAYOUT_CHANNELS_LAST, SY_LAYOUT_STRIDED, SY_LAYOUT_CHANNELS_LAST}};
    (void)state;
    fill_conv(&storage, 1, 5);
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
    assert_int_equal(image, SY_IMAGE_NHWC);
    wants.layout[0] = wants.layout[2] = SY_LAYOUT_STRIDED;
    fill_conv(&storage, 1, 5);
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
    assert_int_equal(image, SY_IMAGE_NCHW);
}

static void given_images_are_recognised(void **state) {
    sy_problem_storage storage;
    uint32_t image;
    sy_algorithm wants = {.n_layout = 3};
    (void)state;
    fill_conv(&storage, 3, 5);
    for (int i = 0; i < 3; i += 2) {
        storage.tensor[i].layout = SY_LAYOUT_STRIDED;
        memcpy(storage.tensor[i].stride, (int64_t[]){75, 1, 15, 3}, 4 * sizeof(int64_t));
    }
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
    assert_int_equal(image, SY_IMAGE_NHWC);
    storage.tensor[0].stride[0] = 80; /* padded images are neither */
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
    assert_int_equal(image, SY_IMAGE_ANY);
    storage.problem.op = SY_OP_GEMM;
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OK);
    assert_int_equal(image, SY_IMAGE_ANY);
}

static void impossible_wishes_change_nothing(void **state) {
    static const sy_algorithm rows[] = {
        {.n_layout = 3, .layout = {SY_LAYOUT_STRIDED, SY_LAYOUT_STRIDED, SY_LAYOUT_ANY}},
        {.n_layout = 3, .layout = {SY_LAYOUT_STRIDED, SY_LAYOUT_STRIDED, 4}},
        {.n_layout = 3, .layout = {SY_LAYOUT_STRIDED, SY_LAYOUT_ANY, SY_LAYOUT_STRIDED}},
        {.n_layout = 2},
        {.n_layout = UINT32_MAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_problem_storage storage, before;
        sy_error err = SY_ERROR_INIT;
        uint32_t image;
        fill_conv(&storage, 3, 5);
        before = storage;
        assert_int_equal(sy_dispatch_resolve(&storage, &rows[i], &image, &err), SY_INTERNAL);
        assert_true(err.text[0] != '\0');
        assert_memory_equal(storage.tensor, before.tensor, sizeof storage.tensor);
    }
}

static void too_large_to_pack(void **state) {
    sy_problem_storage storage;
    uint32_t image;
    sy_algorithm wants = {.n_layout = 3};
    (void)state;
    fill_conv(&storage, 3, 5);
    storage.tensor[0].dim[1] = storage.tensor[0].dim[2] = INT64_C(1) << 40;
    assert_int_equal(sy_dispatch_resolve(&storage, &wants, &image, NULL), SY_OVERFLOW);
}

static sy_status bytes_of(const sy_tensor *tensor, uint64_t *out_bytes) {
    fake_script script = {.layout_bytes = 4711};
    return sy_dispatch_tensor_bytes(&fake_api, fake_device(&script), tensor, out_bytes, NULL);
}

static void bytes_of_tensors(void **state) {
    sy_tensor tensor = {.size = sizeof tensor, .dtype = SY_F16, .rank = 2, .dim = {3, 5}, .stride = {5, 1}};
    uint64_t bytes = 0;
    (void)state;
    assert_int_equal(bytes_of(&tensor, &bytes), SY_OK);
    assert_int_equal(bytes, 30);
    tensor.stride[0] = 8; /* padded rows: the last one ends early */
    assert_int_equal(bytes_of(&tensor, &bytes), SY_OK);
    assert_int_equal(bytes, 2 * (2 * 8 + 5));
    tensor.stride[0] = 0;
    assert_int_equal(bytes_of(&tensor, &bytes), SY_OK);
    assert_int_equal(bytes, 10);
    tensor.dim[0] = 0;
    assert_int_equal(bytes_of(&tensor, &bytes), SY_OK);
    assert_int_equal(bytes, 0);
    tensor.rank = 0; /* a scalar */
    assert_int_equal(bytes_of(&tensor, &bytes), SY_OK);
    assert_int_equal(bytes, 2);
    tensor.layout = SY_LAYOUT_PRIVATE | 3;
    assert_int_equal(bytes_of(&tensor, &bytes), SY_OK);
    assert_int_equal(bytes, 4711);
    tensor.flags = SY_TENSOR_ABSENT;
    assert_int_equal(bytes_of(&tensor, &bytes), SY_OK);
    assert_int_equal(bytes, 0);
}

static void bad_tensors_have_no_bytes(void **state) {
    static const struct {
        sy_tensor tensor;
        sy_status status;
    } rows[] = {
        {{.dtype = SY_F32, .rank = 1, .layout = SY_LAYOUT_ANY, .dim = {4}}, SY_INVALID_ARGUMENT},
        {{.dtype = SY_F32, .rank = 1, .layout = SY_LAYOUT_CHANNELS_LAST, .dim = {4}}, SY_INVALID_ARGUMENT},
        {{.dtype = 99, .rank = 1, .dim = {4}, .stride = {1}}, SY_INVALID_ARGUMENT},
        {{.dtype = SY_F32, .rank = 9}, SY_INVALID_ARGUMENT},
        {{.dtype = SY_F32, .rank = 1, .dim = {-1}, .stride = {1}}, SY_INVALID_ARGUMENT},
        {{.dtype = SY_F32, .rank = 1, .dim = {4}, .stride = {-1}}, SY_INVALID_ARGUMENT},
        {{.dtype = SY_F32, .rank = 1, .dim = {INT64_MAX}, .stride = {1}}, SY_OVERFLOW},
        {{.dtype = SY_S8, .rank = 2, .dim = {INT64_MAX, 3}, .stride = {3, 1}}, SY_OVERFLOW},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t bytes = 1;
        if (bytes_of(&rows[i].tensor, &bytes) != rows[i].status)
            fail_msg("row %zu", i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wishes_become_strides),
        cmocka_unit_test(weights_become_private_or_channels_last),
        cmocka_unit_test(private_and_mixed_images_have_no_name),
        cmocka_unit_test(one_channel_is_named_by_the_wish),
        cmocka_unit_test(given_images_are_recognised),
        cmocka_unit_test(impossible_wishes_change_nothing),
        cmocka_unit_test(too_large_to_pack),
        cmocka_unit_test(bytes_of_tensors),
        cmocka_unit_test(bad_tensors_have_no_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
