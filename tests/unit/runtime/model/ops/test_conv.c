/* Conv: values by hand, both layouts, types against each other, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

static void a_filter_is_not_flipped(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "Conv", 11);
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 3, 3), NUMBERS(1, 2, 3, 4, 5, 6, 7, 8, 9));
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 2, 2), NUMBERS(1, 10, 100, 1000));
    one_op_in(&op, SY_F32, NUMBERS(1), NUMBERS(0.5));
    one_op_run(&op);
    one_op_shape(&op, 0, NUMBERS(1, 1, 2, 2));
    one_op_expect(&op, 0, NUMBERS(5421.5, 6532.5, 8754.5, 9865.5), 0);
    one_op_close(&op);
}

static void padding_is_zero_on_all_sides(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "Conv", 11);
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 2, 2), NUMBERS(1, 2, 3, 4));
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 2, 2), NUMBERS(1, 1, 1, 1));
    one_op_ints(&op, "pads", NUMBERS(1, 0, 0, 1)); /* above, and to the right */
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(3, 2, 10, 6), 0);
    one_op_close(&op);
}

/* Depthwise and groups: each filter sees its own channels. */
static void groups_keep_to_themselves(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "Conv", 11);
    one_op_in(&op, SY_F32, NUMBERS(1, 4, 1), NUMBERS(1, 10, 100, 1000));
    one_op_in(&op, SY_F32, NUMBERS(2, 2, 1), NUMBERS(1, 2, 3, 4));
    one_op_int(&op, "group", 2);
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(21, 4300), 0);
    one_op_close(&op);
}

/* A table of convolutions that f64 does by plain loops: f32 by tiles must agree, in both layouts. */
typedef struct conv_row {
    double x[5], w[5];
    size_t rank;
    double strides[3], dilations[3], pads[6];
    int64_t group;
} conv_row;

static const conv_row convs[] = {
    {{2, 3, 9}, {5, 3, 3}, 3, {1}, {1}, {0, 0}, 1}, {{2, 3, 9}, {5, 3, 3}, 3, {2}, {2}, {3, 1}, 1},
    {{1, 4, 7, 8}, {6, 4, 3, 3}, 4, {1, 1}, {1, 1}, {1, 1, 1, 1}, 1},
    {{2, 4, 7, 9}, {6, 2, 3, 2}, 4, {2, 3}, {1, 2}, {2, 0, 1, 4}, 2},
    {{1, 6, 5, 5}, {6, 1, 5, 5}, 4, {1, 1}, {1, 1}, {2, 2, 2, 2}, 6},
    {{2, 9, 6, 7}, {9, 1, 3, 3}, 4, {2, 2}, {1, 1}, {1, 1, 0, 1}, 9},
    {{1, 5, 8, 9}, {5, 1, 2, 3}, 4, {1, 1}, {2, 3}, {0, 4, 3, 9}, 5}, /* columns that hit nothing */
    {{1, 7, 4, 5, 6}, {7, 1, 2, 3, 2}, 5, {1, 2, 1}, {1, 1, 2}, {1, 0, 2, 1, 1, 0}, 7},
    {{2, 3, 40}, {3, 1, 5}, 3, {3}, {1}, {9, 9}, 3},
    {{1, 3, 5, 5}, {6, 1, 3, 3}, 4, {1, 1}, {1, 1}, {1, 1, 1, 1}, 3},     /* two filters a channel */
    {{1, 40, 6, 7}, {131, 40, 1, 1}, 4, {1, 1}, {1, 1}, {0, 0, 0, 0}, 1}, /* more rows than a block has */
    {{1, 16, 5, 5}, {3, 16, 3, 3}, 4, {1, 1}, {1, 1}, {9, 9, 9, 9},
        1}, /* deeper than a stretch; wide padding */
    {{1, 2, 4, 5, 6}, {3, 2, 2, 3, 1}, 5, {1, 2, 3}, {2, 1, 1}, {1, 0, 2, 0, 1, 2}, 1},
    {{0, 3, 5, 5}, {2, 3, 3, 3}, 4, {1, 1}, {1, 1}, {0, 0, 0, 0}, 1}, /* no image */
    {{1, 0, 5, 5}, {2, 0, 3, 3}, 4, {1, 1}, {1, 1}, {0, 0, 0, 0}, 1}, /* no channel: the bias alone */
};

static void open_row(one_op *op, const conv_row *row, uint32_t dtype) {
    size_t spatial = row->rank - 2;
    one_op_open(op, "Conv", 11);
    one_op_in(op, dtype, (one_list){row->x, row->rank}, NO_NUMBERS);
    one_op_in(op, dtype, (one_list){row->w, row->rank}, NO_NUMBERS);
    one_op_in(op, dtype, (one_list){row->w, 1}, NUMBERS(0.5, -1, 2));
    one_op_ints(op, "strides", (one_list){row->strides, spatial});
    one_op_ints(op, "dilations", (one_list){row->dilations, spatial});
    one_op_ints(op, "pads", (one_list){row->pads, 2 * spatial});
    one_op_int(op, "group", row->group);
}

static void every_type_and_layout_agrees(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof convs / sizeof convs[0]; i++) {
        one_op wide, plain;
        open_row(&wide, &convs[i], SY_F64);
        one_op_run(&wide);
        open_row(&plain, &convs[i], SY_F32);
        one_op_run(&plain);
        one_op_same(&wide, &plain, 1e-6);
        for (int64_t more = 0; more < 4; more += 3) {
            plain.is_last = wide.is_last = true;
            plain.pitch_more = wide.pitch_more = more;
            one_op_run(&plain);
            one_op_same(&wide, &plain, 1e-6);
        }
        one_op_run(&wide);
        one_op_same(&plain, &wide, 1e-6);
        one_op_close(&plain);
        one_op_close(&wide);
    }
}

static void half_precision_is_rounded_once(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "Conv", 11);
    one_op_in(&op, SY_F16, NUMBERS(1, 2, 1), NUMBERS(2048, 1));
    one_op_in(&op, SY_F16, NUMBERS(1, 2, 1), NUMBERS(1, 1));
    one_op_in(&op, SY_F16, NUMBERS(1), NUMBERS(1)); /* 2050; rounded before the bias it would be 2048 */
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(2050), 0);
    one_op_close(&op);
}

static void posts_follow_in_both_layouts(void **state) {
    (void)state;
    for (int last = 0; last < 2; last++) {
        one_op op;
        one_op_open(&op, "Conv", 11);
        one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NUMBERS(1, 2, 3));
        one_op_in(&op, SY_F32, NUMBERS(2, 1, 1), NUMBERS(1, -1));
        one_op_skip(&op);
        one_op_in(&op, SY_F32, NUMBERS(1, 2, 3), NUMBERS(-2, 0, 2, 0, 4, 8));
        one_op_in(&op, SY_F32, NUMBERS(2), NUMBERS(10, 1));
        one_op_post(&op, SY_POST_ADD, 3, 0, 0);
        one_op_post(&op, SY_POST_RELU, SY_NET_NONE, 0, 0);
        one_op_post(&op, SY_POST_SCALE_COL, 4, 0, 0);
        op.is_last = last;
        one_op_run(&op);
        one_op_expect(&op, 0, NUMBERS(0, 20, 50, 0, 2, 5), 0);
        one_op_close(&op);
    }
}

static void open_small(one_op *op, one_list x, one_list w) {
    one_op_open(op, "Conv", 11);
    one_op_in(op, SY_F32, x, NO_NUMBERS);
    one_op_in(op, SY_F32, w, NO_NUMBERS);
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    one_op op;
    open_small(&op, NUMBERS(1, 3, 4, 4), NUMBERS(2, 4, 1, 1));
    one_op_refused(&op, SY_INVALID_ARGUMENT, "3 channels, weights of 2 x 4");
    one_op_close(&op);
    open_small(&op, NUMBERS(1, 4, 4, 4), NUMBERS(3, 2, 1, 1));
    one_op_int(&op, "group", 2);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "do not fit 2 groups");
    one_op_close(&op);
    open_small(&op, NUMBERS(1, 4, 4, 4), NUMBERS(4, 4, 1, 1));
    one_op_int(&op, "group", 0);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "group is 0");
    one_op_close(&op);
    open_small(&op, NUMBERS(1, 4, 4, 4), NUMBERS(4, 4, 1));
    one_op_refused(&op, SY_INVALID_ARGUMENT, "weights are of rank 3");
    one_op_close(&op);
    open_small(&op, NUMBERS(1, 4, 4, 4), NUMBERS(4, 4, 0, 1));
    one_op_refused(&op, SY_INVALID_ARGUMENT, "dimension 2 of the weights is 0");
    one_op_close(&op);
    open_small(&op, NUMBERS(1, 4, 4, 4), NUMBERS(4, 4, 3, 3));
    one_op_ints(&op, "kernel_shape", NUMBERS(3, 2));
    one_op_refused(&op, SY_INVALID_ARGUMENT, "kernel_shape differs");
    one_op_close(&op);
    open_small(&op, NUMBERS(1, 4, 4, 4), NUMBERS(4, 4, 5, 5));
    one_op_refused(&op, SY_INVALID_ARGUMENT, "the window spans 5");
    one_op_close(&op);
}

static void types_and_the_bias_are_checked(void **state) {
    (void)state;
    one_op op;
    open_small(&op, NUMBERS(1, 4, 4), NUMBERS(2, 4, 1));
    one_op_in(&op, SY_F32, NUMBERS(3), NO_NUMBERS);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 2 is f32[3], must be f32[2]");
    op.in[2].dtype = SY_F64;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "input 2 is f64, input 0 is f32");
    op.in[0].dtype = SY_S32;
    one_op_refused(&op, SY_UNSUPPORTED, "input 0 is s32");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filter_is_not_flipped),
        cmocka_unit_test(padding_is_zero_on_all_sides),
        cmocka_unit_test(groups_keep_to_themselves),
        cmocka_unit_test(every_type_and_layout_agrees),
        cmocka_unit_test(half_precision_is_rounded_once),
        cmocka_unit_test(posts_follow_in_both_layouts),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(types_and_the_bias_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
