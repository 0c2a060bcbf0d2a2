/* ConvTranspose: values by hand, extents, types and layouts against each other, what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

static void pixels_are_spread_and_added(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "ConvTranspose", 11);
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NUMBERS(1, 2, 3));
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NUMBERS(1, 10, 100));
    one_op_in(&op, SY_F32, NUMBERS(1), NUMBERS(0.25));
    one_op_ints(&op, "strides", NUMBERS(2));
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(1.25, 10.25, 102.25, 20.25, 203.25, 30.25, 300.25), 0);
    one_op_close(&op);
}

/* One dimension of 3 pixels under a window of 3, stride 2: 7 come out by themselves. */
typedef struct extent_row {
    const char *name, *auto_pad;
    double number[2];
    size_t count;
    one_list out;
} extent_row;

static void extents_and_padding_follow_the_attributes(void **state) {
    (void)state;
    const extent_row rows[] = {
        {"pads", NULL, {1, 2}, 2, NUMBERS(10, 102, 20, 203)},
        {"output_padding", NULL, {1}, 1, NUMBERS(1, 10, 102, 20, 203, 30, 300, 0)},
        {"output_shape", NULL, {6}, 1, NUMBERS(10, 102, 20, 203, 30, 300)},
        {"output_shape", "SAME_UPPER", {6}, 1, NUMBERS(1, 10, 102, 20, 203, 30)},
        {"output_shape", NULL, {9}, 1, NUMBERS(1, 10, 102, 20, 203, 30, 300, 0, 0)},
        {"strides", "SAME_UPPER", {2}, 1, NUMBERS(1, 10, 102, 20, 203, 30)},
        {"strides", "SAME_LOWER", {2}, 1, NUMBERS(10, 102, 20, 203, 30, 300)},
        {"strides", "VALID", {2}, 1, NUMBERS(1, 10, 102, 20, 203, 30, 300)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one_op op;
        one_op_open(&op, "ConvTranspose", 11);
        one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NUMBERS(1, 2, 3));
        one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NUMBERS(1, 10, 100));
        if (i < 5)
            one_op_ints(&op, "strides", NUMBERS(2));
        one_op_ints(&op, rows[i].name, (one_list){rows[i].number, rows[i].count});
        if (rows[i].auto_pad != NULL)
            one_op_text(&op, "auto_pad", rows[i].auto_pad);
        one_op_run(&op);
        one_op_expect(&op, 0, rows[i].out, 0);
        one_op_close(&op);
    }
}

/* An infinite pixel is seen where its window lies, and nowhere else. */
static void infinity_stays_where_it_is(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "ConvTranspose", 11);
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NUMBERS(1, INFINITY, 3));
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NUMBERS(1, 10, 100));
    one_op_ints(&op, "strides", NUMBERS(2));
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(1, 10, INFINITY, INFINITY, INFINITY, 30, 300), 0);
    one_op_close(&op);
}

typedef struct turned_row {
    double x[5], w[5];
    size_t rank;
    double strides[3], dilations[3], pads[6];
    int64_t group;
} turned_row;

static const turned_row rows[] = {
    {{2, 3, 5}, {3, 4, 3}, 3, {2}, {1}, {1, 0}, 1},
    {{1, 4, 5, 6}, {4, 3, 3, 3}, 4, {2, 1}, {1, 2}, {1, 2, 0, 1}, 1},
    {{2, 4, 3, 3}, {4, 2, 2, 3}, 4, {3, 2}, {2, 1}, {0, 0, 0, 0}, 2},
    {{1, 2, 2, 3, 2}, {2, 3, 2, 2, 2}, 5, {1, 2, 2}, {1, 1, 2}, {0, 1, 0, 1, 0, 0}, 1},
    {{0, 2, 3, 3}, {2, 3, 2, 2}, 4, {1, 1}, {1, 1}, {0, 0, 0, 0}, 1},
    {{1, 5, 9, 40}, {5, 3, 2, 2}, 4, {2, 2}, {1, 1}, {0, 0, 0, 0}, 1},
    {{2, 6, 5, 37}, {6, 2, 3, 4}, 4, {2, 2}, {1, 1}, {1, 1, 0, 2}, 3},
    {{1, 33, 3, 4}, {33, 7, 5, 3}, 4, {3, 2}, {1, 1}, {2, 1, 3, 0}, 1}, /* deeper than a stretch */
    {{1, 2, 2, 3, 4}, {2, 2, 3, 2, 4}, 5, {2, 1, 3}, {1, 1, 1}, {1, 0, 1, 0, 1, 2}, 1},
    {{1, 2, 3, 3}, {2, 3, 2, 2}, 4, {3, 2}, {1, 1}, {0, 0, 0, 0}, 1}, /* a stride beyond the kernel */
};

static void open_row(one_op *op, const turned_row *row, uint32_t dtype) {
    size_t spatial = row->rank - 2;
    one_op_open(op, "ConvTranspose", 11);
    one_op_in(op, dtype, (one_list){row->x, row->rank}, NO_NUMBERS);
    one_op_in(op, dtype, (one_list){row->w, row->rank}, NO_NUMBERS);
    one_op_in(op, dtype, NUMBERS(row->w[1] * (double)row->group), NUMBERS(0.5, -1, 2));
    one_op_ints(op, "strides", (one_list){row->strides, spatial});
    one_op_ints(op, "dilations", (one_list){row->dilations, spatial});
    one_op_ints(op, "pads", (one_list){row->pads, 2 * spatial});
    one_op_int(op, "group", row->group);
    one_op_post(op, SY_POST_CLIP, SY_NET_NONE, -20, 20);
}

static void every_type_and_layout_agrees(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one_op wide, plain;
        open_row(&wide, &rows[i], SY_F64);
        one_op_run(&wide);
        open_row(&plain, &rows[i], SY_F32);
        one_op_run(&plain);
        one_op_same(&wide, &plain, 1e-6);
        plain.is_last = wide.is_last = true;
        plain.pitch_more = wide.pitch_more = 2;
        one_op_run(&plain);
        one_op_same(&wide, &plain, 1e-6);
        one_op_run(&wide);
        one_op_same(&plain, &wide, 1e-6);
        one_op_close(&plain);
        one_op_close(&wide);
    }
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double number[2];
        size_t count;
        sy_status status;
        const char *words;
    } bad[] = {
        {"pads", {5, 5}, 2, SY_INVALID_ARGUMENT, "output dimension 2 would be -5"},
        {"output_padding", {-1}, 1, SY_INVALID_ARGUMENT, "output_padding has -1"},
        {"output_shape", {-3}, 1, SY_INVALID_ARGUMENT, "output_shape has -3"},
        {"output_shape", {1, 2}, 2, SY_INVALID_ARGUMENT, "list of 1"},
        {"strides", {0}, 1, SY_INVALID_ARGUMENT, "strides has 0"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        one_op op;
        one_op_open(&op, "ConvTranspose", 11);
        one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NO_NUMBERS);
        one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NO_NUMBERS);
        one_op_ints(&op, bad[i].name, (one_list){bad[i].number, bad[i].count});
        one_op_refused(&op, bad[i].status, bad[i].words);
        one_op_close(&op);
    }
}

static void groups_and_the_bias_are_checked(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "ConvTranspose", 11);
    one_op_in(&op, SY_F32, NUMBERS(1, 4, 3), NO_NUMBERS);
    one_op_in(&op, SY_F32, NUMBERS(4, 3, 2), NO_NUMBERS);
    one_op_in(&op, SY_F32, NUMBERS(3), NO_NUMBERS);
    one_op_int(&op, "group", 2);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 2 is f32[3], must be f32[6]");
    op.n_in = 2;
    op.in[1].dim[0] = 2;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "4 channels, weights for 2");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_are_spread_and_added),
        cmocka_unit_test(extents_and_padding_follow_the_attributes),
        cmocka_unit_test(infinity_stays_where_it_is),
        cmocka_unit_test(every_type_and_layout_agrees),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(groups_and_the_bias_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
