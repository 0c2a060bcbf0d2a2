/* Products and convolutions of bytes: zero points, scales, saturation, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

static void zero_points_are_taken_off(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "ConvInteger", 10);
    one_op_in(&op, SY_U8, NUMBERS(1, 1, 3), NUMBERS(0, 128, 255));
    one_op_in(&op, SY_S8, NUMBERS(2, 1, 2), NUMBERS(-128, 127, 1, 2));
    one_op_in(&op, SY_U8, NO_NUMBERS, NUMBERS(100));
    one_op_in(&op, SY_S8, NUMBERS(2), NUMBERS(0, 1)); /* one a filter */
    one_op_ints(&op, "pads", NUMBERS(1, 0));
    for (int last = 0; last < 2; last++) {
        op.is_last = last;
        one_op_run(&op);
        /* X is -100, 28, 155 and what is padded is 0. */
        one_op_expect(&op, 0, NUMBERS(-12700, 16356, 16101, -100, 28, 155), 0);
    }
    assert_int_equal(op.out[0].dtype, SY_S32);
    one_op_close(&op);
}

static void open_linear(one_op *op, uint32_t dtype, double y_zero) {
    one_op_open(op, "QLinearConv", 10);
    one_op_in(op, dtype, NUMBERS(1, 1, 4), NUMBERS(1, 2, 3, 100));
    one_op_in(op, SY_F32, NO_NUMBERS, NUMBERS(0.5));
    one_op_in(op, dtype, NO_NUMBERS, NUMBERS(1));
    one_op_in(op, SY_S8, NUMBERS(2, 1, 1), NUMBERS(1, -3));
    one_op_in(op, SY_F32, NUMBERS(2), NUMBERS(1, 2));
    one_op_in(op, SY_S8, NO_NUMBERS, NUMBERS(0));
    one_op_in(op, SY_F32, NO_NUMBERS, NUMBERS(1));
    one_op_in(op, dtype, NO_NUMBERS, NUMBERS(y_zero));
    one_op_in(op, SY_S32, NUMBERS(2), NUMBERS(1, 0));
}

/* Halves round to even; sums saturate on both sides. */
static void results_are_rounded_and_saturated(void **state) {
    (void)state;
    const struct {
        uint32_t dtype;
        double zero;
        one_list y;
    } rows[] = {
        {SY_S8, 10, NUMBERS(10, 11, 12, 60, 10, 7, 4, -128)},
        {SY_U8, 250, NUMBERS(250, 251, 252, 255, 250, 247, 244, 0)},
    };
    for (int i = 0; i < 4; i++) {
        one_op op;
        open_linear(&op, rows[i / 2].dtype, rows[i / 2].zero);
        op.is_last = i % 2;
        op.pitch_more = 1;
        one_op_run(&op);
        one_op_expect(&op, 0, rows[i / 2].y, 0);
        one_op_close(&op);
    }
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    one_op op;
    open_linear(&op, SY_U8, 0);
    op.in[8].dtype = SY_F32;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "the bias (input 8) must be s32");
    op.in[7].dtype = SY_S32;
    one_op_refused(&op, SY_UNSUPPORTED, "input 7 is s32, must be s8 or u8");
    op.in[4].dim[0] = 3;
    op.in[7].dtype = SY_U8;
    op.in[8].dtype = SY_S32;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 4 has 3 elements, must have 1 or one for each");
    op.in[4].dim[0] = 2;
    op.in[2].dtype = SY_S8;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 2 is s8, must be u8");
    op.in[2].dtype = SY_U8;
    op.in[1].dtype = SY_S32;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 1 is s32, must be floating point");
    op.in[0].dtype = SY_F32;
    one_op_refused(&op, SY_UNSUPPORTED, "input 0 is f32, must be s8 or u8");
    one_op_close(&op);
}

/* Zero points of rows of A and of columns of B. */
static void matrices_have_zero_points_by_row_and_column(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "MatMulInteger", 10);
    one_op_in(&op, SY_U8, NUMBERS(2, 2, 2), NUMBERS(11, 12, 23, 24, 10, 10, 20, 21));
    one_op_in(&op, SY_S8, NUMBERS(2, 2), NUMBERS(1, -2, 3, 4));
    one_op_in(&op, SY_U8, NUMBERS(2), NUMBERS(10, 20));
    one_op_in(&op, SY_S8, NUMBERS(2), NUMBERS(0, 1));
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(7, 3, 15, 3, 0, 0, 3, 3), 0);
    op.n_in = 2;
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(47, 26, 95, 50, 40, 20, 83, 44), 0);
    one_op_close(&op);
}

/* Deeper than a stretch, more columns than a tile: as whole numbers say. */
static void large_sums_are_exact(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "MatMulInteger", 10);
    one_op_in(&op, SY_U8, NUMBERS(3, 300), NUMBERS(255, 254));
    one_op_in(&op, SY_U8, NUMBERS(300, 35), NUMBERS(255));
    one_op_run(&op);
    for (int64_t i = 0; i < 3 * 35; i++)
        assert_int_equal(((const int32_t *)op.out[0].data)[i], 150 * 255 * (255 + 254));
    one_op_close(&op);
}

static void products_are_scaled(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "QLinearMatMul", 10);
    one_op_in(&op, SY_U8, NUMBERS(2, 2), NUMBERS(1, 2, 3, 4));
    one_op_in(&op, SY_F32, NUMBERS(2), NUMBERS(1, 2)); /* a row */
    one_op_in(&op, SY_U8, NO_NUMBERS, NUMBERS(0));
    one_op_in(&op, SY_S8, NUMBERS(2, 2), NUMBERS(1, 10, 1, -100));
    one_op_in(&op, SY_F32, NUMBERS(2), NUMBERS(1, 0.5)); /* a column */
    one_op_in(&op, SY_S8, NO_NUMBERS, NUMBERS(0));
    one_op_in(&op, SY_F32, NO_NUMBERS, NUMBERS(2));
    one_op_in(&op, SY_S8, NO_NUMBERS, NUMBERS(1));
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(3, -47, 8, -128), 0); /* 1.5 and -47.5, both to even */
    assert_int_equal(op.out[0].dtype, SY_S8);
    op.in[1].dim[0] = 3;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 1 has 3 elements");
    op.in[0].rank = 0;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 0 is a scalar");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zero_points_are_taken_off),
        cmocka_unit_test(results_are_rounded_and_saturated),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(matrices_have_zero_points_by_row_and_column),
        cmocka_unit_test(large_sums_are_exact),
        cmocka_unit_test(products_are_scaled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
