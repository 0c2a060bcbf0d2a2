/* Gemm: values by hand, C in every form, types against each other, what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

/* A is 2 x 3, B 3 x 2, in whatever order. */
static void open_product(one_op *op, uint32_t dtype, bool turns_a, bool turns_b) {
    one_op_open(op, "Gemm", 13);
    one_op_in(op, dtype, turns_a ? NUMBERS(3, 2) : NUMBERS(2, 3),
        turns_a ? NUMBERS(1, 4, 2, 5, 3, 6) : NUMBERS(1, 2, 3, 4, 5, 6));
    one_op_in(op, dtype, turns_b ? NUMBERS(2, 3) : NUMBERS(3, 2),
        turns_b ? NUMBERS(1, 0, 1, 2, 1, 0) : NUMBERS(1, 2, 0, 1, 1, 0));
    one_op_int(op, "transA", turns_a);
    one_op_int(op, "transB", turns_b);
}

static void either_side_may_be_transposed(void **state) {
    (void)state;
    const uint32_t dtype[] = {SY_F32, SY_F64, SY_F16, SY_BF16, SY_S32, SY_S64, SY_U32};
    for (unsigned i = 0; i < 4 * sizeof dtype / sizeof dtype[0]; i++) {
        one_op op;
        open_product(&op, dtype[i / 4], i & 1, i & 2);
        one_op_run(&op);
        one_op_shape(&op, 0, NUMBERS(2, 2));
        one_op_expect(&op, 0, NUMBERS(4, 4, 10, 13), 0);
        one_op_close(&op);
    }
}

static void c_broadcasts_one_way(void **state) {
    (void)state;
    const struct {
        one_list dim, sum;
    } rows[] = {
        {NO_NUMBERS, NUMBERS(14, 14, 26, 32)},
        {NUMBERS(1), NUMBERS(14, 14, 26, 32)},
        {NUMBERS(2), NUMBERS(14, 20, 26, 38)},
        {NUMBERS(1, 2), NUMBERS(14, 20, 26, 38)},
        {NUMBERS(2, 1), NUMBERS(14, 14, 32, 38)},
        {NUMBERS(2, 2), NUMBERS(14, 20, 38, 50)},
        {NUMBERS(1, 1), NUMBERS(14, 14, 26, 32)},
    };
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        uint32_t dtype = i % 2 == 0 ? SY_F32 : SY_F64;
        one_op op;
        open_product(&op, dtype, false, false);
        one_op_in(&op, dtype, rows[i / 2].dim, NUMBERS(2, 4, 6, 8));
        one_op_float(&op, "alpha", 2);
        one_op_float(&op, "beta", 3);
        one_op_run(&op);
        one_op_expect(&op, 0, rows[i / 2].sum, 0);
        one_op_close(&op);
    }
}

/* A beta of 0 does not read C, an alpha of 0 leaves C alone. */
static void zero_factors(void **state) {
    (void)state;
    one_op op;
    open_product(&op, SY_F32, false, false);
    one_op_in(&op, SY_F32, NUMBERS(1), NUMBERS(NAN));
    one_op_float(&op, "beta", 0);
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(4, 4, 10, 13), 0);
    one_op_close(&op);
    open_product(&op, SY_F32, false, false);
    one_op_in(&op, SY_F32, NUMBERS(1), NUMBERS(7));
    one_op_float(&op, "alpha", 0);
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(7, 7, 7, 7), 0);
    one_op_close(&op);
}

static void a_depth_of_zero_leaves_c(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "Gemm", 11);
    one_op_in(&op, SY_F32, NUMBERS(2, 0), NO_NUMBERS);
    one_op_in(&op, SY_F32, NUMBERS(0, 3), NO_NUMBERS);
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(0, 0, 0, 0, 0, 0), 0);
    one_op_in(&op, SY_F32, NUMBERS(3), NUMBERS(1, 2, 3));
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(1, 2, 3, 1, 2, 3), 0);
    one_op_close(&op);
}

static void large_products_agree_with_f64(void **state) {
    (void)state;
    const double size[][3] = {{1, 300, 1}, {131, 33, 259}, {4, 8, 128}, {5, 7, 129}, {0, 4, 3}};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++)
        for (int turn = 0; turn < 4; turn++) {
            one_op op[2];
            for (int wide = 0; wide < 2; wide++) {
                uint32_t dtype = wide ? SY_F64 : SY_F32;
                double m = size[i][0], n = size[i][1], k = size[i][2];
                one_op_open(&op[wide], "Gemm", 13);
                one_op_in(&op[wide], dtype, turn & 1 ? NUMBERS(k, m) : NUMBERS(m, k), NO_NUMBERS);
                one_op_in(&op[wide], dtype, turn & 2 ? NUMBERS(n, k) : NUMBERS(k, n), NO_NUMBERS);
                one_op_in(&op[wide], dtype, NUMBERS(n), NO_NUMBERS);
                one_op_int(&op[wide], "transA", turn & 1);
                one_op_int(&op[wide], "transB", turn & 2);
                one_op_post(&op[wide], SY_POST_RELU, SY_NET_NONE, 0, 0);
                one_op_run(&op[wide]);
            }
            one_op_same(&op[1], &op[0], 1e-6);
            one_op_close(&op[0]);
            one_op_close(&op[1]);
        }
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    one_op op;
    open_product(&op, SY_F32, false, true);
    op.n_attr = 0;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "A has a depth of 3, B of 2");
    one_op_close(&op);
    open_product(&op, SY_F32, false, false);
    one_op_in(&op, SY_F32, NUMBERS(3), NO_NUMBERS);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "C of 1 x 3 does not broadcast to 2 x 2");
    op.in[2].rank = 3;
    op.in[2].dim[0] = op.in[2].dim[1] = op.in[2].dim[2] = 1;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 2 is of rank 3");
    op.in[2].dtype = SY_S32;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 2 is s32, input 0 is f32");
    op.in[0].dtype = SY_BOOL;
    one_op_refused(&op, SY_UNSUPPORTED, "input 0 is bool");
    op.in[0].dtype = SY_F32;
    op.in[0].rank = 1;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 0 is of rank 1, must be 2 to 2");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(either_side_may_be_transposed),
        cmocka_unit_test(c_broadcasts_one_way),
        cmocka_unit_test(zero_factors),
        cmocka_unit_test(a_depth_of_zero_leaves_c),
        cmocka_unit_test(large_products_agree_with_f64),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
