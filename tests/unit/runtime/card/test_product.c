/* Matrices with leading dimensions out of strides, and epilogues out of posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/card/card.h"
#include "runtime/card/product.h"

static void put(sy_task *task, uint32_t index, int64_t batch, int64_t rows, int64_t columns, int64_t step,
    int64_t column_step) {
    task->tensor[index] = (sy_tensor){.size = sizeof(sy_tensor),
        .dtype = SY_F32,
        .rank = 3,
        .dim = {batch, rows, columns},
        .stride = {rows * columns * 4, step, column_step}};
}

/* A[2,5,7] B[2,7,3] D[2,5,3], all row-major, C absent. */
static sy_task product_task(void) {
    sy_task task;
    memset(&task, 0, sizeof task);
    task.op = SY_OP_GEMM;
    task.n_in = 3;
    task.n_out = 1;
    task.acc_dtype = SY_F32;
    put(&task, 0, 2, 5, 7, 7, 1);
    put(&task, 1, 2, 7, 3, 3, 1);
    task.tensor[2].flags = SY_TENSOR_ABSENT;
    put(&task, 3, 2, 5, 3, 3, 1);
    task.attr.gemm = (sy_gemm_attr){.size = sizeof(sy_gemm_attr), .alpha = 2.0};
    return task;
}

static void test_row_major(void **state) {
    sy_task task = product_task();
    sy_card_product p;
    (void)state;
    assert_int_equal(sy_card_product_read(&task, &p, NULL), SY_OK);
    assert_int_equal(p.m, 5);
    assert_int_equal(p.n, 3);
    assert_int_equal(p.k, 7);
    assert_int_equal(p.batch, 2);
    assert_int_equal(p.a.ld, 7);
    assert_false(p.a.is_transposed || p.b.is_transposed || p.d.is_transposed || p.has_c);
    assert_int_equal(p.b.batch_stride, 84);
    assert_true(p.alpha == 2.0);
    assert_true(sy_card_epilogue_is_empty(&p.epilogue));
}

static void test_transposes_and_padding(void **state) {
    sy_task task = product_task();
    sy_card_product p;
    (void)state;
    put(&task, 0, 2, 5, 7, 1, 8); /* transposed, rows of 8 */
    put(&task, 1, 2, 7, 3, 16, 1);
    assert_int_equal(sy_card_product_read(&task, &p, NULL), SY_OK);
    assert_true(p.a.is_transposed);
    assert_int_equal(p.a.ld, 8);
    assert_int_equal(p.b.ld, 16);
    task.tensor[1].layout = SY_CARD_LAYOUT_TRANSPOSED;
    assert_int_equal(sy_card_product_read(&task, &p, NULL), SY_OK);
    assert_true(p.b.is_transposed);
    assert_int_equal(p.b.ld, 7);
    assert_int_equal(p.b.batch_stride, 21);
}

/* One row or one column: its stride says nothing, the leading dimension must still hold a row. */
static void test_single_rows_and_columns(void **state) {
    sy_task task = product_task();
    sy_card_product p;
    (void)state;
    put(&task, 0, 1, 1, 7, 0, 1);
    put(&task, 1, 1, 7, 1, 1, 99);
    put(&task, 3, 1, 1, 1, 0, 0);
    assert_int_equal(sy_card_product_read(&task, &p, NULL), SY_OK);
    assert_false(p.a.is_transposed);
    assert_true(p.a.ld >= 7);
    assert_true(p.b.ld >= 1);
    assert_int_equal(p.a.batch_stride, 0);
    put(&task, 0, 1, 1, 7, 1, 5); /* a row of elements that lie 5 apart is a transposed column */
    assert_int_equal(sy_card_product_read(&task, &p, NULL), SY_OK);
    assert_true(p.a.is_transposed);
    assert_int_equal(p.a.ld, 5);
}

static void test_refusals(void **state) {
    sy_task task = product_task();
    sy_card_product p;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    put(&task, 0, 2, 5, 7, 14, 2);
    assert_int_equal(sy_card_product_read(&task, &p, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "tensor 0"));
    task = product_task();
    put(&task, 3, 2, 5, 3, 1, 5);
    assert_int_equal(sy_card_product_read(&task, &p, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "transposed"));
    task = product_task();
    task.tensor[1].dim[1] = 6;
    assert_int_equal(sy_card_product_read(&task, &p, &err), SY_INVALID_ARGUMENT);
    task = product_task();
    task.attr.gemm.beta = 1.0; /* with C absent */
    assert_int_equal(sy_card_product_read(&task, &p, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "C[batch,m,n]"));
    task = product_task();
    task.tensor[0].layout = SY_LAYOUT_PRIVATE | 77;
    assert_int_equal(sy_card_product_read(&task, &p, &err), SY_UNSUPPORTED);
}

static sy_status read_posts(const uint32_t *kinds, uint32_t count, sy_card_epilogue *out) {
    sy_task task = product_task();
    for (uint32_t i = 0; i < count; i++)
        task.post[i] = (sy_post){.kind = kinds[i], .operand = 10 + i};
    task.n_post = count;
    return sy_card_epilogue_read(&task, out, NULL);
}

static void test_epilogues(void **state) {
    sy_card_epilogue e;
    (void)state;
    assert_int_equal(read_posts((uint32_t[]){SY_POST_BIAS, SY_POST_ADD, SY_POST_GELU_TANH}, 3, &e), SY_OK);
    assert_int_equal(e.bias, 10);
    assert_int_equal(e.residual, 11);
    assert_int_equal(e.activation, SY_CARD_GELU_TANH);
    assert_int_equal(read_posts((uint32_t[]){SY_POST_SCALE_ROW, SY_POST_SCALE_COL}, 2, &e), SY_OK);
    assert_int_equal(e.scale_row, 10);
    assert_int_equal(e.scale_column, 11);
    assert_false(sy_card_epilogue_is_empty(&e));
    assert_int_equal(read_posts((uint32_t[]){SY_POST_RELU, SY_POST_BIAS}, 2, &e), SY_UNSUPPORTED);
    assert_int_equal(read_posts((uint32_t[]){SY_POST_BIAS, SY_POST_BIAS}, 2, &e), SY_UNSUPPORTED);
    assert_int_equal(read_posts((uint32_t[]){SY_POST_ADD, SY_POST_BIAS}, 2, &e), SY_UNSUPPORTED);
    assert_int_equal(read_posts((uint32_t[]){SY_POST_REQUANT}, 1, &e), SY_UNSUPPORTED);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_row_major),
        cmocka_unit_test(test_transposes_and_padding), cmocka_unit_test(test_single_rows_and_columns),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_epilogues)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
