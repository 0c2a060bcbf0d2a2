/* MaxPool, AveragePool, LpPool: values by hand, both layouts and all types against each other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

static void open_pool(
    one_op *op, const char *name, uint32_t dtype, one_list dim, one_list value, one_list kernel) {
    one_op_open(op, name, 19);
    one_op_in(op, dtype, dim, value);
    one_op_ints(op, "kernel_shape", kernel);
}

/* In both layouts the greatest, wherever NaN comes among the taps. */
static void a_nan_wins(void **state) {
    (void)state;
    for (int last = 0; last < 4; last++)
        for (int at = 0; at < 5; at++) {
            double x[5] = {3, -1, 2, 5, -INFINITY}, out[3];
            one_op op;
            x[at] = NAN;
            for (int i = 0; i < 3; i++)
                out[i] = at >= i && at < i + 3 ? NAN : fmax(fmax(x[i], x[i + 1]), x[i + 2]);
            open_pool(
                &op, "MaxPool", last < 2 ? SY_F32 : SY_BF16, NUMBERS(1, 1, 5), (one_list){x, 5}, NUMBERS(3));
            op.is_last = last % 2;
            one_op_run(&op);
            one_op_expect(&op, 0, (one_list){out, 3}, 0);
            one_op_close(&op);
        }
}

/* A window that hits nothing but padding. */
static void padding_alone_is_nothing(void **state) {
    (void)state;
    const struct {
        const char *name;
        uint32_t dtype;
        double nothing;
    } rows[] = {
        {"MaxPool", SY_F32, -INFINITY},
        {"MaxPool", SY_F64, -INFINITY},
        {"MaxPool", SY_S8, -128},
        {"MaxPool", SY_U8, 0},
        {"MaxPool", SY_BF16, -INFINITY},
        {"AveragePool", SY_F32, 0},
        {"AveragePool", SY_F64, 0},
        {"LpPool", SY_F32, 0},
    };
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        double nothing = rows[i / 2].nothing;
        one_op op;
        open_pool(&op, rows[i / 2].name, rows[i / 2].dtype, NUMBERS(1, 1, 1), NUMBERS(7), NUMBERS(1));
        one_op_ints(&op, "pads", NUMBERS(2, 1));
        op.is_last = i % 2;
        one_op_run(&op);
        one_op_expect(&op, 0, NUMBERS(nothing, nothing, 7, nothing), 0);
        one_op_close(&op);
    }
}

/* A window that would begin in the padding behind the image is left out. */
static void means_of_rounded_up_extents(void **state) {
    (void)state;
    for (int i = 0; i < 8; i++) {
        one_op op;
        open_pool(&op, "AveragePool", i & 1 ? SY_F64 : SY_F32, NUMBERS(1, 1, 5), NUMBERS(1, 2, 3, 4, 5),
            NUMBERS(3));
        one_op_ints(&op, "pads", NUMBERS(1, 1));
        one_op_ints(&op, "strides", NUMBERS(3));
        one_op_int(&op, "ceil_mode", 1);
        one_op_int(&op, "count_include_pad", i & 4);
        op.is_last = i & 2;
        one_op_run(&op);
        one_op_shape(&op, 0, NUMBERS(1, 1, 2));
        one_op_expect(&op, 0, i & 4 ? NUMBERS(1, 4) : NUMBERS(1.5, 4), 1e-6);
        one_op_close(&op);
    }
}

static void a_window_beyond_the_padding_counts_what_is_there(void **state) {
    (void)state;
    for (int i = 0; i < 8; i++) {
        one_op op;
        open_pool(
            &op, "AveragePool", i & 1 ? SY_F64 : SY_F32, NUMBERS(1, 1, 4), NUMBERS(1, 2, 3, 4), NUMBERS(4));
        one_op_ints(&op, "pads", NUMBERS(0, 1));
        one_op_ints(&op, "strides", NUMBERS(3));
        one_op_int(&op, "ceil_mode", 1);
        one_op_int(&op, "count_include_pad", i & 4);
        op.is_last = i & 2;
        one_op_run(&op);
        one_op_expect(&op, 0, i & 4 ? NUMBERS(2.5, 2) : NUMBERS(2.5, 4), 1e-6);
        one_op_close(&op);
    }
}

static void indices_are_places_in_the_whole_input(void **state) {
    (void)state;
    for (int column_major = 0; column_major < 2; column_major++) {
        one_op op;
        open_pool(&op, "MaxPool", SY_F32, NUMBERS(1, 2, 2, 3), NUMBERS(1, 9, 2, 9, 3, 4, 0, 0, 0, 0, 0, 5),
            NUMBERS(2, 2));
        one_op_int(&op, "storage_order", column_major);
        op.n_out = 2;
        one_op_run(&op);
        one_op_expect(&op, 0, NUMBERS(9, 9, 0, 5), 0);
        /* The first of equals; planes of 6, [h][w] or [w][h]. */
        one_op_expect(&op, 1, column_major ? NUMBERS(2, 2, 6, 11) : NUMBERS(1, 1, 6, 11), 0);
        assert_int_equal(op.out[1].dtype, SY_S64);
        op.is_last = true;
        one_op_run(&op);
        one_op_expect(&op, 1, column_major ? NUMBERS(2, 2, 6, 11) : NUMBERS(1, 1, 6, 11), 0);
        one_op_close(&op);
    }
}

static void norms_take_any_power(void **state) {
    (void)state;
    one_op op;
    open_pool(&op, "LpPool", SY_F32, NUMBERS(1, 1, 3), NUMBERS(3, -4, 0), NUMBERS(2));
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(5, 4), 1e-7);
    one_op_int(&op, "p", 1);
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(7, 4), 1e-7);
    op.n_attr--;
    one_op_int(&op, "p", 0);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "p is 0");
    one_op_close(&op);
}

/* A table of pools of which f64 is done a value at a time: lines of f32 must agree. */
typedef struct pool_row {
    double x[5], kernel[3], strides[3], dilations[3], pads[6];
    size_t rank;
    int64_t ceil;
} pool_row;

static const pool_row pools[] = {
    {{1, 3, 11}, {3}, {1}, {1}, {1, 1}, 3, 0},
    {{2, 3, 12}, {3}, {2}, {2}, {2, 1}, 3, 1},
    {{1, 5, 9, 11}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}, 4, 0},
    {{2, 5, 12, 12}, {3, 3}, {2, 2}, {1, 1}, {0, 0, 1, 1}, 4, 1},
    {{1, 37, 8, 8}, {2, 2}, {2, 2}, {1, 1}, {0, 0, 0, 0}, 4, 0},
    {{1, 2, 20, 70}, {9, 8}, {3, 4}, {1, 2}, {4, 6, 4, 6}, 4, 0}, /* more lines than are handed on at once */
    {{1, 3, 4, 5, 6}, {2, 3, 2}, {1, 2, 3}, {2, 1, 1}, {1, 0, 1, 0, 2, 1}, 5, 1},
    {{1, 1, 3, 5000}, {3, 3}, {1, 2}, {1, 1}, {1, 1, 1, 1}, 4, 0},      /* a row of several stretches */
    {{1, 1, 2, 3000}, {1, 2500}, {1, 100}, {1, 1}, {0, 7, 0, 7}, 4, 0}, /* a window too wide for one */
    {{0, 3, 4, 4}, {2, 2}, {1, 1}, {1, 1}, {0, 0, 0, 0}, 4, 0},
    {{1, 0, 4, 4}, {2, 2}, {1, 1}, {1, 1}, {0, 0, 0, 0}, 4, 0},
};

static void run_row(one_op *op, const pool_row *row, int kind, uint32_t dtype, int last) {
    size_t spatial = row->rank - 2;
    open_pool(op, kind == 0 ? "MaxPool" : "AveragePool", dtype, (one_list){row->x, row->rank}, NO_NUMBERS,
        (one_list){row->kernel, spatial});
    one_op_ints(op, "strides", (one_list){row->strides, spatial});
    one_op_ints(op, "dilations", (one_list){row->dilations, spatial});
    one_op_ints(op, "pads", (one_list){row->pads, 2 * spatial});
    one_op_int(op, "ceil_mode", row->ceil);
    one_op_int(op, "count_include_pad", kind == 2);
    op->is_last = last > 0;
    op->pitch_more = 3 * (last > 1);
    one_op_run(op);
}

static void every_type_and_layout_agrees(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++)
        for (int kind = 0; kind < 3; kind++) {
            one_op wide, plain;
            run_row(&wide, &pools[i], kind, SY_F64, 0);
            for (int last = 0; last < 3; last++) {
                run_row(&plain, &pools[i], kind, SY_F32, last);
                one_op_same(&wide, &plain, 1e-6);
                one_op_close(&plain);
            }
            run_row(&plain, &pools[i], kind, SY_F64, 2);
            one_op_same(&wide, &plain, 0);
            one_op_close(&plain);
            one_op_close(&wide);
        }
}

/* Maxima of narrow types are exact: packed a value at a time, channels last by lines. */
static void narrow_maxima_agree(void **state) {
    (void)state;
    static const uint32_t narrow[] = {SY_S8, SY_U8, SY_BF16};
    for (size_t i = 0; i < 3 * (sizeof pools / sizeof pools[0]); i++) {
        one_op packed, last;
        run_row(&packed, &pools[i / 3], 0, narrow[i % 3], 0);
        for (int layout = 1; layout < 3; layout++) {
            run_row(&last, &pools[i / 3], 0, narrow[i % 3], layout);
            one_op_same(&packed, &last, 0);
            one_op_close(&last);
        }
        one_op_close(&packed);
    }
}

static void types_are_checked(void **state) {
    (void)state;
    one_op op;
    open_pool(&op, "MaxPool", SY_S32, NUMBERS(1, 1, 4), NO_NUMBERS, NUMBERS(2));
    one_op_refused(&op, SY_UNSUPPORTED, "input 0 is s32");
    one_op_close(&op);
    open_pool(&op, "AveragePool", SY_U8, NUMBERS(1, 1, 4), NO_NUMBERS, NUMBERS(2));
    one_op_refused(&op, SY_UNSUPPORTED, "input 0 is u8");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_nan_wins),
        cmocka_unit_test(padding_alone_is_nothing),
        cmocka_unit_test(means_of_rounded_up_extents),
        cmocka_unit_test(a_window_beyond_the_padding_counts_what_is_there),
        cmocka_unit_test(indices_are_places_in_the_whole_input),
        cmocka_unit_test(norms_take_any_power),
        cmocka_unit_test(every_type_and_layout_agrees),
        cmocka_unit_test(narrow_maxima_agree),
        cmocka_unit_test(types_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
