/* Operators on bytes of the domain com.microsoft: values by hand, both layouts, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

static void open_op(one_op *op, const char *name) {
    one_op_open(op, name, 1);
    op->domain = "com.microsoft";
}

/* A 2 x 2, B broadcast; scales 1/2, 1/4 and 1. */
static void open_binary(one_op *op, const char *name, uint32_t dtype, one_list b_dim, double c_zero) {
    open_op(op, name);
    one_op_in(op, dtype, NUMBERS(1, 2, 2), NUMBERS(1, 2, 3, 101));
    one_op_in(op, SY_F32, NO_NUMBERS, NUMBERS(0.5));
    one_op_in(op, dtype, NO_NUMBERS, NUMBERS(1));
    one_op_in(op, dtype, b_dim, NUMBERS(2, 4));
    one_op_in(op, SY_F32, NO_NUMBERS, NUMBERS(0.25));
    one_op_skip(op);
    one_op_in(op, SY_F32, NO_NUMBERS, NUMBERS(1));
    one_op_in(op, dtype, NO_NUMBERS, NUMBERS(c_zero));
}

/* A is 0, 0.5, 1, 50; B 0.5, 1. Halves go to even. */
static void bytes_are_added_and_multiplied(void **state) {
    (void)state;
    const struct {
        const char *name;
        uint32_t dtype;
        one_list b_dim, c;
        double zero;
    } rows[] = {
        {"QLinearAdd", SY_U8, NUMBERS(2), NUMBERS(10, 12, 12, 61), 10},
        {"QLinearAdd", SY_S8, NUMBERS(2, 1), NUMBERS(100, 101, 102, 127), 100},
        {"QLinearMul", SY_S8, NUMBERS(2), NUMBERS(-10, -10, -10, 40), -10},
        {"QLinearMul", SY_U8, NUMBERS(1, 2, 1), NUMBERS(210, 210, 211, 255), 210},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one_op op;
        open_binary(&op, rows[i].name, rows[i].dtype, rows[i].b_dim, rows[i].zero);
        one_op_run(&op);
        one_op_expect(&op, 0, rows[i].c, 0);
        assert_int_equal(op.out[0].dtype, rows[i].dtype);
        one_op_close(&op);
    }
}

static void images_may_lie_either_way(void **state) {
    (void)state;
    one_op op;
    open_binary(&op, "QLinearAdd", SY_U8, NUMBERS(1), 10);
    op.is_last = true;
    op.pitch_more = 3;
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(10, 11, 12, 60), 0);
    one_op_close(&op);
}

static void sides_that_do_not_fit_are_refused(void **state) {
    (void)state;
    one_op op;
    open_binary(&op, "QLinearAdd", SY_U8, NUMBERS(3), 0);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "do not broadcast");
    op.in[7].dtype = SY_S8;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 7 is s8, must be u8");
    op.in[3].dtype = SY_S8;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 0 is u8, input 3 is s8");
    op.in[0].dtype = SY_F32;
    one_op_refused(&op, SY_UNSUPPORTED, "input 0 is f32, must be s8 or u8");
    one_op_close(&op);
}

static void open_gemm(one_op *op, bool turns) {
    open_op(op, "QGemm");
    one_op_in(op, SY_U8, NUMBERS(2, 2), turns ? NUMBERS(11, 13, 12, 14) : NUMBERS(11, 12, 13, 14));
    one_op_in(op, SY_F32, NO_NUMBERS, NUMBERS(0.5));
    one_op_in(op, SY_U8, NO_NUMBERS, NUMBERS(10));
    one_op_in(op, SY_S8, turns ? NUMBERS(3, 2) : NUMBERS(2, 3),
        turns ? NUMBERS(1, 0, 2, 1, 3, 2) : NUMBERS(1, 2, 3, 0, 1, 2));
    one_op_in(op, SY_F32, NUMBERS(3), NUMBERS(1, 2, 4));
    one_op_in(op, SY_S8, NUMBERS(3), NUMBERS(0, 0, 1));
    one_op_int(op, "transA", turns);
    one_op_int(op, "transB", turns);
}

/* The sums are 1 4 4, 3 10 10. */
static void a_product_is_bytes_or_numbers(void **state) {
    (void)state;
    for (int turns = 0; turns < 2; turns++) {
        one_op op;
        open_gemm(&op, turns);
        one_op_run(&op);
        one_op_expect(&op, 0, NUMBERS(0.5, 4, 8, 1.5, 10, 20), 0);
        one_op_in(&op, SY_S32, NUMBERS(3), NUMBERS(0, 1, -2));
        one_op_in(&op, SY_F32, NO_NUMBERS, NUMBERS(1));
        one_op_in(&op, SY_S8, NO_NUMBERS, NUMBERS(120));
        one_op_float(&op, "alpha", 2);
        one_op_run(&op);
        one_op_expect(&op, 0, NUMBERS(121, 127, 127, 123, 127, 127), 0);
        ((int8_t *)op.in[8].data)[0] = -100;
        one_op_run(&op);
        one_op_expect(&op, 0, NUMBERS(-99, -90, -92, -97, -78, -68), 0);
        assert_int_equal(op.out[0].dtype, SY_S8);
        one_op_close(&op);
    }
}

static void products_that_do_not_fit_are_refused(void **state) {
    (void)state;
    one_op op;
    open_gemm(&op, false);
    one_op_in(&op, SY_S32, NUMBERS(2), NO_NUMBERS);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "C (input 6) must be s32 and broadcast to 2 x 3");
    op.in[4].dim[0] = 2;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 4 has 2 elements");
    op.in[3].dim[0] = 3;
    op.in[3].dim[1] = 2;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "A has a depth of 2, B of 3");
    op.in[3].rank = 1;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 3 is of rank 1");
    one_op_close(&op);
}

static void open_mean(one_op *op, uint32_t dtype) {
    open_op(op, "QLinearGlobalAveragePool");
    one_op_in(op, dtype, NUMBERS(1, 2, 1, 4), NUMBERS(1, 2, 3, 4, 100, 100, 101, 101));
    one_op_in(op, SY_F32, NO_NUMBERS, NUMBERS(2));
    one_op_in(op, dtype, NO_NUMBERS, NUMBERS(1));
    one_op_in(op, SY_F32, NO_NUMBERS, NUMBERS(1));
    one_op_in(op, dtype, NO_NUMBERS, NUMBERS(5));
}

static void means_are_scaled_and_saturated(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++) {
        one_op op;
        open_mean(&op, i & 1 ? SY_U8 : SY_S8);
        op.is_last = i & 2;
        one_op_run(&op);
        one_op_shape(&op, 0, NUMBERS(1, 2, 1, 1));
        one_op_expect(&op, 0, i & 1 ? NUMBERS(8, 204) : NUMBERS(8, 127), 0);
        one_op_int(&op, "channels_last", 1);
        one_op_refused(&op, SY_UNSUPPORTED, "channels_last");
        one_op_close(&op);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_added_and_multiplied),
        cmocka_unit_test(images_may_lie_either_way),
        cmocka_unit_test(sides_that_do_not_fit_are_refused),
        cmocka_unit_test(a_product_is_bytes_or_numbers),
        cmocka_unit_test(products_that_do_not_fit_are_refused),
        cmocka_unit_test(means_are_scaled_and_saturated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
