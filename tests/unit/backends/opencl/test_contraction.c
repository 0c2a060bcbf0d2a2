/* Problems as contractions: which side is what, strides, batches, posts, panels, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/contraction.h"
#include "backends/opencl/panels.h"
#include "steelyard/backend.h"
#include "tests/unit/backends/opencl/tasks.h"

static ocl_contraction read_as(const char *problem, sy_task *out_task) {
    ocl_contraction c;
    sy_error err = SY_ERROR_INIT;
    task_of(problem, out_task);
    sy_status status = ocl_contraction_read(&traits_of_cpu, out_task, &c, &err);
    if (status != SY_OK)
        print_error("%s: %s\n", problem, err.text);
    assert_int_equal(status, SY_OK);
    return c;
}

static void refuse(const ocl_traits *traits, const sy_task *task, sy_status wanted, const char *says) {
    ocl_contraction c;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(ocl_contraction_read(traits, task, &c, &err), wanted);
    if (strstr(err.text, says) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, says);
}

static void assert_side(
    const ocl_side *side, uint32_t form, int64_t line, int64_t depth, int64_t outer, int64_t inner) {
    assert_int_equal(side->form, form);
    assert_int_equal(side->line_stride, line);
    assert_int_equal(side->depth_stride, depth);
    assert_int_equal(side->outer_stride, outer);
    assert_int_equal(side->inner_stride, inner);
}

static void assert_matrix(const ocl_matrix *matrix, int64_t row, int64_t col, int64_t outer, int64_t inner) {
    assert_int_equal(matrix->row_stride, row);
    assert_int_equal(matrix->col_stride, col);
    assert_int_equal(matrix->outer_stride, outer);
    assert_int_equal(matrix->inner_stride, inner);
}

static void products_take_their_strides(void **state) {
    (void)state;
    sy_task task;
    ocl_contraction c = read_as("gemm:m=5,n=7,k=3,batch=2,ta=1,alpha=2,beta=0.5,dtype=f32", &task);
    assert_int_equal(c.rows, 5);
    assert_int_equal(c.cols, 7);
    assert_int_equal(c.depth, 3);
    assert_int_equal(c.outer * c.inner, 2);
    assert_side(&c.left, OCL_STRIDED, 1, 5, 15, 0);
    assert_side(&c.right, OCL_STRIDED, 1, 7, 21, 0);
    assert_matrix(&c.d, 7, 1, 35, 0);
    assert_true(c.has_c);
    assert_matrix(&c.c, 7, 1, 35, 0);
    assert_true(c.alpha == 2.0 && c.beta == 0.5);
    assert_false(c.is_conv);
}

static void channels_last_has_pixels_as_rows(void **state) {
    (void)state;
    sy_task task;
    ocl_contraction c =
        read_as("conv2d:n=2,c=6,h=8,w=9,k=4,r=3,s=3,pad=1,stride=2x1,groups=2,layout=nhwc", &task);
    assert_false(c.rows_are_channels);
    assert_true(c.image.across);
    assert_int_equal(c.rows, 2 * 4 * 9);
    assert_int_equal(c.cols, 2);
    assert_int_equal(c.depth, 3 * 9);
    assert_int_equal(c.outer, 1);
    assert_int_equal(c.inner, 2);
    assert_side(&c.left, OCL_IMAGE, 0, 0, 0, 3);
    assert_side(&c.right, OCL_STRIDED, 27, 1, 0, 54);
    assert_matrix(&c.d, 4, 1, 0, 2);
    assert_int_equal(c.image.order, OCL_CHANNELS_OUTSIDE);
    assert_int_equal(c.image.n_stride, 8 * 9 * 6);
    assert_int_equal(c.image.c, 3);
}

static void channels_first_has_channels_as_rows(void **state) {
    (void)state;
    sy_task task;
    ocl_contraction c = read_as("conv2d:n=2,c=6,h=8,w=9,k=4,r=3,s=3,pad=1,groups=2,layout=nchw", &task);
    assert_true(c.rows_are_channels);
    assert_int_equal(c.rows, 2);
    assert_int_equal(c.cols, 72);
    assert_int_equal(c.outer, 2);
    assert_side(&c.left, OCL_STRIDED, 27, 1, 0, 54);
    assert_side(&c.right, OCL_IMAGE, 0, 0, 6 * 72, 3 * 72);
    assert_matrix(&c.d, 72, 1, 4 * 72, 2 * 72);
}

static void points_are_plain_matrices(void **state) {
    (void)state;
    sy_task task;
    ocl_contraction c = read_as("conv2d:n=3,c=6,h=8,w=9,k=4,r=1,s=1,layout=nhwc", &task);
    assert_int_equal(c.rows, 3 * 72);
    assert_side(&c.left, OCL_STRIDED, 6, 1, 0, 6);
    c = read_as("conv2d:n=3,c=6,h=8,w=9,k=4,r=1,s=1,layout=nchw", &task);
    assert_side(&c.right, OCL_STRIDED, 1, 72, 6 * 72, 6 * 72);
    c = read_as("conv2d:n=3,c=6,h=8,w=9,k=4,r=1,s=1,stride=2,layout=nhwc", &task);
    assert_int_equal(c.left.form, OCL_IMAGE);
}

static void open_images_count_as_channels_last(void **state) {
    (void)state;
    sy_task task;
    ocl_contraction c = read_as("conv2d:n=1,c=6,h=8,w=9,k=4,r=3,s=3", &task);
    uint32_t layout[SY_MAX_TENSORS] = {0};
    assert_false(c.rows_are_channels);
    assert_int_equal(c.image.c_stride, 1);
    ocl_wish_layouts(&task, layout);
    assert_int_equal(layout[0], SY_LAYOUT_CHANNELS_LAST);
    assert_int_equal(layout[1], SY_LAYOUT_STRIDED);
    assert_int_equal(layout[2], SY_LAYOUT_CHANNELS_LAST);
}

static void posts_follow_rows_columns_and_groups(void **state) {
    (void)state;
    sy_task task;
    ocl_contraction c = read_as("gemm:m=5,n=7,k=3,dtype=s8:s8:f32:s32,epilogue=dequant", &task);
    assert_int_equal(c.n_post, 2);
    assert_matrix(&c.post[0].operand, 1, 0, 0, 0);
    assert_matrix(&c.post[1].operand, 0, 1, 0, 0);
    c = read_as("gemm:m=5,n=7,k=3,batch=2,epilogue=residual_relu", &task);
    assert_matrix(&c.post[0].operand, 7, 1, 35, 0);
    assert_int_equal(c.post[1].operand.tensor, SY_NO_OPERAND);
    c = read_as("conv2d:n=2,c=6,h=8,w=9,k=4,r=3,s=3,groups=2,layout=nchw,epilogue=bias_relu", &task);
    assert_matrix(&c.post[0].operand, 1, 0, 0, 2);
    c = read_as("conv2d:n=2,c=6,h=8,w=9,k=4,r=3,s=3,groups=2,layout=nhwc,epilogue=bias_relu", &task);
    assert_matrix(&c.post[0].operand, 0, 1, 0, 2);
}

static void weights_become_panels_and_are_known_again(void **state) {
    (void)state;
    sy_task task;
    ocl_contraction c = read_as("conv2d:n=2,c=6,h=8,w=9,k=40,r=3,s=3,groups=2,layout=nhwc", &task), again;
    uint32_t layout = ocl_contraction_wish_panels(&task, 16, &c);
    ocl_panels panels;
    assert_true(ocl_panels_read(layout, &panels));
    assert_int_equal(panels.width, 16);
    assert_int_equal(panels.order, OCL_CHANNELS_INSIDE);
    assert_int_equal(panels.groups, 2);
    assert_side(&c.right, OCL_PANELS, 0, 0, 0, 2 * 27 * 16);
    task.tensor[1].layout = layout;
    assert_int_equal(ocl_contraction_read(&traits_of_cpu, &task, &again, NULL), SY_OK);
    assert_side(&again.right, OCL_PANELS, 0, 0, 0, 2 * 27 * 16);
    assert_int_equal(again.right.width, 16);
    assert_int_equal(again.image.order, OCL_CHANNELS_INSIDE);
    task.attr.conv.groups = 1;
    task.tensor[1].dim[1] = 6;
    refuse(&traits_of_cpu, &task, SY_INVALID_ARGUMENT, "not offered");
    c = read_as("gemm:m=5,n=33,k=3,batch=2", &task);
    assert_int_not_equal(ocl_contraction_wish_panels(&task, 16, &c), 0);
    assert_side(&c.right, OCL_PANELS, 0, 0, 3 * 3 * 16, 0);
}

static void what_is_not_done_says_why(void **state) {
    (void)state;
    sy_task task;
    ocl_traits single = traits_of_cpu;
    single.fp64 = false;
    task_of("gemm:m=5,n=7,k=3,dtype=f8e4m3", &task);
    refuse(&traits_of_cpu, &task, SY_UNSUPPORTED, "f8e4m3");
    task_of("gemm:m=5,n=7,k=3,dtype=f64", &task);
    refuse(&single, &task, SY_UNSUPPORTED, "double precision");
    task_of("gemm:m=5,n=7,k=3", &task);
    task.acc_dtype = SY_F16;
    refuse(&traits_of_cpu, &task, SY_UNSUPPORTED, "f16");
    task_of("conv2d:n=1,c=6,h=8,w=9,k=4,r=3,s=3,layout=nchw", &task);
    task.attr.conv.transposed = 1;
    refuse(&traits_of_cpu, &task, SY_UNSUPPORTED, "transposed");
    task.attr.conv.transposed = 0;
    task.attr.conv.spatial = 3;
    refuse(&traits_of_cpu, &task, SY_UNSUPPORTED, "3 spatial");
    task_of("conv2d:n=1,c=6,h=8,w=9,k=4,r=3,s=3,layout=nchw", &task);
    task.attr.conv.stride[0] = 0;
    refuse(&traits_of_cpu, &task, SY_INVALID_ARGUMENT, "at least 1");
    task_of("conv2d:n=1,c=6,h=8,w=9,k=4,r=3,s=3,layout=nchw", &task);
    task.tensor[2].dim[2] = 7;
    refuse(&traits_of_cpu, &task, SY_INVALID_ARGUMENT, "Y[n,k,6,7]");
    task_of("gemm:m=5,n=7,k=3", &task);
    task.tensor[1].dim[1] = 4;
    refuse(&traits_of_cpu, &task, SY_INVALID_ARGUMENT, "B[batch,k,n]");
}

static void sizes_beyond_an_int_are_refused(void **state) {
    (void)state;
    sy_task task;
    task_of("gemm:m=4294967296,n=1,k=1,dtype=s8", &task);
    refuse(&traits_of_cpu, &task, SY_UNSUPPORTED, "2^31");
    task_of("conv2d:n=70000,c=1,h=200,w=200,k=2,r=1,s=1,dtype=s8,layout=nhwc", &task);
    refuse(&traits_of_cpu, &task, SY_UNSUPPORTED, "2^31");
    task_of("conv2d:n=1,c=6,h=8,w=9,k=4,r=3,s=3,layout=nchw", &task);
    task.attr.conv.pad_lo[0] = INT64_C(1) << 41;
    refuse(&traits_of_cpu, &task, SY_INVALID_ARGUMENT, "2^40");
    task.attr.conv.pad_lo[0] = INT64_C(1) << 32;
    refuse(&traits_of_cpu, &task, SY_UNSUPPORTED, "2^31");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_take_their_strides),
        cmocka_unit_test(channels_last_has_pixels_as_rows),
        cmocka_unit_test(channels_first_has_channels_as_rows),
        cmocka_unit_test(points_are_plain_matrices),
        cmocka_unit_test(open_images_count_as_channels_last),
        cmocka_unit_test(posts_follow_rows_columns_and_groups),
        cmocka_unit_test(weights_become_panels_and_are_known_again),
        cmocka_unit_test(what_is_not_done_says_why),
        cmocka_unit_test(sizes_beyond_an_int_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
