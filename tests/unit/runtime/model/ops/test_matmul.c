/* MatMul: every combination of ranks, stacks that repeat, integers, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

/* Shapes of the two and of the result. */
typedef struct shape_row {
    double a[5], b[5], out[5];
    size_t a_rank, b_rank, out_rank;
} shape_row;

static const shape_row shapes[] = {
    {{3}, {3}, {0}, 1, 1, 0},
    {{3}, {3, 2}, {2}, 1, 2, 1},
    {{4, 3}, {3}, {4}, 2, 1, 1},
    {{4, 3}, {3, 2}, {4, 2}, 2, 2, 2},
    {{3}, {5, 3, 2}, {5, 2}, 1, 3, 2},
    {{5, 4, 3}, {3}, {5, 4}, 3, 1, 2},
    {{5, 4, 3}, {3, 2}, {5, 4, 2}, 3, 2, 3},
    {{4, 3}, {5, 3, 2}, {5, 4, 2}, 2, 3, 3},
    {{5, 4, 3}, {5, 3, 2}, {5, 4, 2}, 3, 3, 3},
    {{1, 4, 3}, {5, 3, 2}, {5, 4, 2}, 3, 3, 3},
    {{2, 1, 4, 3}, {3, 3, 2}, {2, 3, 4, 2}, 4, 3, 4},
    {{2, 3, 4, 3}, {2, 1, 3, 2}, {2, 3, 4, 2}, 4, 4, 4},
    {{0, 4, 3}, {1, 3, 2}, {0, 4, 2}, 3, 3, 3},
    {{2, 4, 0}, {0, 2}, {2, 4, 2}, 3, 2, 3},
};

/* Element [.., i, p] of a stack for the matrix of the result at `at`. */
static double element(const sy_net_tensor *x, const int64_t *at, uint32_t stack, int64_t i, int64_t p) {
    int64_t index = 0;
    uint32_t own = x->rank > 2 ? x->rank - 2 : 0;
    for (uint32_t d = 0; d < own; d++)
        index = index * x->dim[d] + (x->dim[d] == 1 ? 0 : at[stack - own + d]);
    int64_t rows = x->rank > 1 ? x->dim[x->rank - 2] : 1, cols = x->dim[x->rank - 1];
    return sy_net_get(x, (index * rows + i) * cols + p);
}

/* Element `flat` of the result by the definition. */
static double expected(const one_op *op, int64_t flat) {
    const sy_net_tensor *a = &op->in[0], *b = &op->in[1];
    uint32_t rank = a->rank > b->rank ? a->rank : b->rank, stack = rank > 2 ? rank - 2 : 0;
    int64_t at[SY_NET_MAX_RANK] = {0}, m = a->rank > 1 ? a->dim[a->rank - 2] : 1;
    int64_t n = b->rank > 1 ? b->dim[b->rank - 1] : 1, i = flat / n % m, j = flat % n, rest = flat / n / m;
    double sum = 0;
    for (uint32_t d = stack; d > 0; d--) {
        at[d - 1] = rest % op->out[0].dim[d - 1];
        rest /= op->out[0].dim[d - 1];
    }
    for (int64_t p = 0; p < a->dim[a->rank - 1]; p++)
        sum += element(a, at, stack, i, p) * (b->rank > 1 ? element(b, at, stack, p, j) : sy_net_get(b, p));
    return sum;
}

static void every_combination_of_ranks(void **state) {
    (void)state;
    const uint32_t dtype[] = {SY_F32, SY_F64, SY_S64, SY_S32};
    for (size_t i = 0; i < 4 * sizeof shapes / sizeof shapes[0]; i++) {
        const shape_row *row = &shapes[i / 4];
        one_op op;
        one_op_open(&op, "MatMul", 13);
        one_op_in(&op, dtype[i % 4], (one_list){row->a, row->a_rank}, NO_NUMBERS);
        one_op_in(&op, dtype[i % 4], (one_list){row->b, row->b_rank}, NO_NUMBERS);
        one_op_run(&op);
        one_op_shape(&op, 0, (one_list){row->out, row->out_rank});
        for (int64_t j = 0; j < sy_net_elements(&op.out[0]); j++)
            if (sy_net_get(&op.out[0], j) != expected(&op, j))
                fail_msg("row %zu: element %lld is %g", i, (long long)j, sy_net_get(&op.out[0], j));
        one_op_close(&op);
    }
}

static void integers_wrap_around(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "MatMul", 13);
    one_op_in(&op, SY_U32, NUMBERS(1, 1), NUMBERS(65536));
    one_op_in(&op, SY_U32, NUMBERS(1, 2), NUMBERS(65536, 65537));
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(0, 65536), 0);
    one_op_close(&op);
    one_op_open(&op, "MatMul", 13);
    one_op_in(
        &op, SY_S64, NUMBERS(2), NUMBERS(4503599627370497.0, 3)); /* 2^52 + 1: f64 would lose the last bit */
    one_op_in(&op, SY_S64, NUMBERS(2), NUMBERS(3, 1));
    one_op_run(&op);
    assert_true(*(const int64_t *)op.out[0].data == 13510798882111494);
    one_op_close(&op);
}

/* Columns and rows of posts: of the last dimension, and of those before. */
static void posts_know_rows_and_columns(void **state) {
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        uint32_t dtype = wide ? SY_F64 : SY_F32;
        one_op op;
        one_op_open(&op, "MatMul", 13);
        one_op_in(&op, dtype, NUMBERS(2, 2, 1), NUMBERS(1, 2, 3, 4));
        one_op_in(&op, dtype, NUMBERS(2, 1, 2), NUMBERS(1, 1, 1, 10));
        one_op_in(&op, dtype, NUMBERS(2), NUMBERS(10, 100));
        one_op_in(&op, dtype, NUMBERS(2), NUMBERS(1, 2));
        one_op_in(&op, dtype, NUMBERS(2), NUMBERS(0, 1));
        one_op_post(&op, SY_POST_SCALE_ROW, 2, 0, 0);
        one_op_post(&op, SY_POST_SCALE_COL, 3, 0, 0);
        one_op_post(&op, SY_POST_BIAS, 4, 0, 0);
        one_op_run(&op);
        one_op_expect(&op, 0, NUMBERS(10, 21, 200, 401, 30, 601, 400, 8001), 0);
        one_op_close(&op);
    }
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "MatMul", 13);
    one_op_in(&op, SY_F32, NUMBERS(2, 3), NO_NUMBERS);
    one_op_in(&op, SY_F32, NUMBERS(2, 3), NO_NUMBERS);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "a depth of 3, the second of 2");
    op.in[1].dtype = SY_F64;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 0 is f32, input 1 is f64");
    op.in[0].dtype = SY_U8;
    one_op_refused(&op, SY_UNSUPPORTED, "input 0 is u8");
    op.in[0].dtype = SY_F64;
    op.in[0].rank = 0;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "a scalar is no matrix");
    op.in[0].rank = SY_NET_UNKNOWN_RANK;
    one_op_refused(&op, SY_UNAVAILABLE, "shape of an input is not known");
    one_op_close(&op);
    one_op_open(&op, "MatMul", 13);
    one_op_in(&op, SY_F32, NUMBERS(2, 1, 1), NO_NUMBERS);
    one_op_in(&op, SY_F32, NUMBERS(3, 1, 1), NO_NUMBERS);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "stacks of matrices of 2 and 3");
    one_op_close(&op);
}

/* Both are small, what they make is not. */
static void a_huge_result_is_refused(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "MatMul", 13);
    *one_op_in(&op, SY_F32, NUMBERS(1, 1), NO_NUMBERS) =
        (sy_net_tensor){.dtype = SY_F32, .rank = 2, .dim = {INT64_C(1) << 36, 1}};
    *one_op_in(&op, SY_F32, NUMBERS(1, 1), NO_NUMBERS) =
        (sy_net_tensor){.dtype = SY_F32, .rank = 2, .dim = {1, INT64_C(1) << 36}};
    one_op_refused(&op, SY_OVERFLOW, "the result is too large");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_of_ranks),
        cmocka_unit_test(integers_wrap_around),
        cmocka_unit_test(posts_know_rows_and_columns),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_huge_result_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
