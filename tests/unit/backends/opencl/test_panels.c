/* Numbers of the private layout, what a tensor is cut into, and what cannot be cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/contraction.h"
#include "backends/opencl/panels.h"

static sy_tensor tensor_of(uint32_t dtype, uint32_t rank, const int64_t *dim) {
    sy_tensor tensor = {.size = sizeof tensor, .dtype = dtype, .rank = rank};
    memcpy(tensor.dim, dim, rank * sizeof *dim);
    return tensor;
}

static void numbers_say_what_was_put_in(void **state) {
    (void)state;
    static const uint32_t width[] = {1, 2, 16, 1023, 1024}, groups[] = {0, 1, 2, 4096, 65535};
    for (uint32_t i = 0; i < 5; i++)
        for (uint32_t j = 0; j < 5; j++)
            for (uint32_t order = OCL_CHANNELS_OUTSIDE; order <= OCL_CHANNELS_INSIDE; order++) {
                uint32_t layout = ocl_panels_layout(width[i], order, groups[j]);
                ocl_panels panels = {0};
                assert_true((layout & SY_LAYOUT_PRIVATE) != 0);
                assert_true(ocl_panels_read(layout, &panels));
                assert_int_equal(panels.width, width[i]);
                assert_int_equal(panels.order, order);
                assert_int_equal(panels.groups, groups[j]);
            }
}

static void numbers_out_of_range_are_no_panels(void **state) {
    (void)state;
    assert_int_equal(ocl_panels_layout(0, 0, 0), 0);
    assert_int_equal(ocl_panels_layout(1025, 0, 0), 0);
    assert_int_equal(ocl_panels_layout(16, 2, 0), 0);
    assert_int_equal(ocl_panels_layout(16, 0, 65536), 0);
}

static void other_layouts_are_none_of_ours(void **state) {
    (void)state;
    const uint32_t layout[] = {SY_LAYOUT_STRIDED, SY_LAYOUT_ANY, SY_LAYOUT_PRIVATE, SY_LAYOUT_PRIVATE | 7,
        ocl_panels_layout(16, 0, 1) & ~SY_LAYOUT_PRIVATE, ocl_panels_layout(16, 0, 1) ^ (UINT32_C(1) << 28)};
    ocl_panels panels = {.width = 77};
    for (size_t i = 0; i < sizeof layout / sizeof layout[0]; i++)
        assert_false(ocl_panels_read(layout[i], &panels));
    assert_int_equal(panels.width, 77);
}

static void products_are_cut_member_by_member(void **state) {
    (void)state;
    const sy_tensor b = tensor_of(SY_F32, 3, (const int64_t[]){3, 5, 33});
    ocl_panels_extent e;
    assert_int_equal(ocl_panels_extent_of(&(ocl_panels){.width = 16}, &b, &e, NULL), SY_OK);
    assert_int_equal(e.members, 3);
    assert_int_equal(e.lines, 33);
    assert_int_equal(e.depth, 5);
    assert_int_equal(e.panels, 3);
    assert_int_equal(e.elements, 3 * 3 * 5 * 16);
}

static void weights_are_cut_group_by_group(void **state) {
    (void)state;
    const sy_tensor w = tensor_of(SY_F16, 4, (const int64_t[]){12, 5, 3, 2});
    ocl_panels_extent e;
    assert_int_equal(ocl_panels_extent_of(&(ocl_panels){.width = 8, .groups = 4}, &w, &e, NULL), SY_OK);
    assert_int_equal(e.members, 4);
    assert_int_equal(e.lines, 3);
    assert_int_equal(e.depth, 30);
    assert_int_equal(e.channels, 5);
    assert_int_equal(e.height, 3);
    assert_int_equal(e.width_taps, 2);
    assert_int_equal(e.elements, 4 * 1 * 30 * 8);
}

static void weights_of_one_dimension_have_one_row(void **state) {
    (void)state;
    const sy_tensor w = tensor_of(SY_F32, 3, (const int64_t[]){6, 4, 3});
    ocl_panels_extent e;
    assert_int_equal(ocl_panels_extent_of(&(ocl_panels){.width = 4, .groups = 1}, &w, &e, NULL), SY_OK);
    assert_int_equal(e.height, 1);
    assert_int_equal(e.width_taps, 3);
    assert_int_equal(e.elements, 2 * 12 * 4);
}

static uint64_t bytes_of(sy_tensor tensor, uint32_t width, uint32_t groups) {
    uint64_t bytes = UINT64_MAX;
    tensor.layout = ocl_panels_layout(width, OCL_CHANNELS_INSIDE, groups);
    assert_int_equal(ocl_panels_bytes(&tensor, &bytes, NULL), SY_OK);
    return bytes;
}

static void bytes_count_what_is_filled_up(void **state) {
    (void)state;
    assert_int_equal(bytes_of(tensor_of(SY_F32, 3, (const int64_t[]){1, 7, 17}), 16, 0), 2 * 7 * 16 * 4);
    assert_int_equal(bytes_of(tensor_of(SY_F64, 3, (const int64_t[]){1, 7, 16}), 16, 0), 7 * 16 * 8);
    assert_int_equal(bytes_of(tensor_of(SY_S8, 4, (const int64_t[]){9, 1, 3, 3}), 8, 1), 2 * 9 * 8);
    assert_int_equal(bytes_of(tensor_of(SY_F32, 3, (const int64_t[]){1, 0, 17}), 16, 0), 0);
    assert_int_equal(bytes_of(tensor_of(SY_F32, 3, (const int64_t[]){0, 3, 17}), 16, 0), 0);
}

static void refused(sy_tensor tensor, uint32_t layout, sy_status status, const char *words) {
    uint64_t bytes = 0;
    sy_error error = SY_ERROR_INIT;
    tensor.layout = layout;
    assert_int_equal(ocl_panels_bytes(&tensor, &bytes, &error), status);
    if (strstr(error.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.text, words);
}

static void what_cannot_be_cut_is_refused(void **state) {
    (void)state;
    const sy_tensor matrix = tensor_of(SY_F32, 3, (const int64_t[]){1, 8, 8});
    const sy_tensor weights = tensor_of(SY_F32, 4, (const int64_t[]){6, 8, 3, 3});
    refused(matrix, SY_LAYOUT_PRIVATE | 1, SY_UNSUPPORTED, "no layout of this backend");
    refused(weights, ocl_panels_layout(8, 0, 0), SY_INVALID_ARGUMENT, "B[batch, k, n]");
    refused(weights, ocl_panels_layout(8, 0, 4), SY_INVALID_ARGUMENT, "a multiple");
    refused(tensor_of(SY_F32, 2, (const int64_t[]){6, 8}), ocl_panels_layout(8, 0, 1), SY_INVALID_ARGUMENT,
        "rank 2");
    refused(tensor_of(SY_F32, 3, (const int64_t[]){1, -8, 8}), ocl_panels_layout(8, 0, 0),
        SY_INVALID_ARGUMENT, "B[batch");
    refused(
        tensor_of(99, 3, (const int64_t[]){1, 8, 8}), ocl_panels_layout(8, 0, 0), SY_UNSUPPORTED, "type 99");
}

static void sizes_beyond_64_bits_are_refused(void **state) {
    (void)state;
    const int64_t huge = INT64_C(1) << 40;
    const uint32_t layout = ocl_panels_layout(1024, 0, 0);
    refused(tensor_of(SY_F32, 3, (const int64_t[]){huge, huge, 1}), layout, SY_UNSUPPORTED, "too large");
    refused(tensor_of(SY_F32, 3, (const int64_t[]){1, INT64_MAX, 1}), layout, SY_UNSUPPORTED, "too large");
    /* Elements that 64 bits still count, of which bytes do not. */
    refused(
        tensor_of(SY_F64, 3, (const int64_t[]){1, INT64_C(1) << 53, 1}), layout, SY_UNSUPPORTED, "too large");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_say_what_was_put_in),
        cmocka_unit_test(numbers_out_of_range_are_no_panels),
        cmocka_unit_test(other_layouts_are_none_of_ours),
        cmocka_unit_test(products_are_cut_member_by_member),
        cmocka_unit_test(weights_are_cut_group_by_group),
        cmocka_unit_test(weights_of_one_dimension_have_one_row),
        cmocka_unit_test(bytes_count_what_is_filled_up),
        cmocka_unit_test(what_cannot_be_cut_is_refused),
        cmocka_unit_test(sizes_beyond_64_bits_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
