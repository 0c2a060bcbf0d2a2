/* Extents of convolutions and pools, and attributes that cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

/* One dimension: a MaxPool, what comes out. pads: two; -1 in lo: none given. */
typedef struct extent_row {
    int64_t in, kernel, stride, dilation, lo, hi;
    const char *auto_pad;
    bool is_ceil;
    int64_t out;
} extent_row;

static const extent_row extents[] = {
    {5, 3, 1, 1, -1, 0, NULL, false, 3},
    {5, 3, 2, 1, -1, 0, NULL, false, 2},
    {6, 3, 2, 1, -1, 0, NULL, false, 2},
    {6, 3, 2, 1, -1, 0, NULL, true, 3},
    {5, 3, 1, 2, -1, 0, NULL, false, 1},
    {1, 3, 1, 1, 1, 1, NULL, false, 1},
    {1, 1, 1, 1, 3, 5, NULL, false, 9}, /* padding wider than the window */
    {2, 1, 2, 1, 0, 0, NULL, true, 1},  /* a second window would begin after the image */
    {3, 3, 4, 1, 0, 3, NULL, true, 1},  /* and here in the padding behind it */
    {4, 2, 3, 1, 0, 1, NULL, true, 2},
    {5, 3, 2, 1, -1, 0, "SAME_UPPER", false, 3},
    {5, 3, 2, 1, -1, 0, "SAME_LOWER", false, 3},
    {5, 3, 2, 1, -1, 0, "VALID", false, 2},
    {2, 5, 1, 1, -1, 0, "SAME_UPPER", false, 2}, /* a window larger than the image */
    {5, 3, 2, 1, -1, 0, "NOTSET", false, 2},
    {0, 3, 2, 1, -1, 0, "SAME_UPPER", false, 0},
    {1, 2147483647, 2147483647, 1, 0, 2147483647, NULL, false, 1},
};

static void extents_follow_the_attributes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof extents / sizeof extents[0]; i++) {
        const extent_row *row = &extents[i];
        one_op op;
        one_op_open(&op, "MaxPool", 12);
        one_op_in(&op, SY_F32, NUMBERS(1, 1, (double)row->in), NO_NUMBERS);
        one_op_ints(&op, "kernel_shape", NUMBERS((double)row->kernel));
        one_op_ints(&op, "strides", NUMBERS((double)row->stride));
        one_op_ints(&op, "dilations", NUMBERS((double)row->dilation));
        if (row->lo >= 0)
            one_op_ints(&op, "pads", NUMBERS((double)row->lo, (double)row->hi));
        if (row->auto_pad != NULL)
            one_op_text(&op, "auto_pad", row->auto_pad);
        one_op_int(&op, "ceil_mode", row->is_ceil);
        one_op_run(&op);
        if (op.out[0].dim[2] != row->out)
            fail_msg("row %zu: %lld, not %lld", i, (long long)op.out[0].dim[2], (long long)row->out);
        one_op_close(&op);
    }
}

/* Attributes of a pool over 1 x 1 x 4 x 4 that are refused. */
typedef struct bad_row {
    const char *name;
    double number[4];
    size_t count;
    const char *words;
} bad_row;

static const bad_row bad[] = {
    {"strides", {0, 1}, 2, "strides has 0, must be 1"},
    {"strides", {-1, 1}, 2, "strides has -1"},
    {"strides", {1, 2147483648.0}, 2, "strides has 2147483648"},
    {"strides", {1}, 1, "list of 2"},
    {"strides", {1, 1, 1}, 3, "list of 2"},
    {"dilations", {1, 0}, 2, "dilations has 0"},
    {"dilations", {1, -9223372036854775807.0}, 2, "dilations has -9223372036854775808"},
    {"pads", {0, 0, -1, 0}, 4, "pads has -1, must be 0"},
    {"pads", {0, 0}, 2, "list of 4"},
    {"dilations", {1, 2147483647}, 2, "window spans 2147483648 of spatial dimension 1"},
    {"dilations", {2, 1}, 2, "the image with padding has 4"},
};

static void attributes_that_cannot_be_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        one_op op;
        one_op_open(&op, "AveragePool", 19);
        one_op_in(&op, SY_F32, NUMBERS(1, 1, 4, 4), NO_NUMBERS);
        one_op_ints(&op, "kernel_shape", i == 10 ? NUMBERS(3, 1) : NUMBERS(2, 2));
        one_op_ints(&op, bad[i].name, (one_list){bad[i].number, bad[i].count});
        one_op_refused(&op, SY_INVALID_ARGUMENT, bad[i].words);
        one_op_close(&op);
    }
}

static void the_kernel_and_the_rank_are_checked(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "MaxPool", 12);
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 4, 4), NO_NUMBERS);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "kernel_shape is missing");
    one_op_ints(&op, "kernel_shape", NUMBERS(0, 2));
    one_op_refused(&op, SY_INVALID_ARGUMENT, "kernel_shape has 0");
    one_op_close(&op);

    one_op_open(&op, "MaxPool", 12);
    one_op_in(&op, SY_F32, NUMBERS(1, 1), NO_NUMBERS);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "rank 2, must be 3 to 5");
    one_op_close(&op);

    one_op_open(&op, "MaxPool", 12);
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 4), NO_NUMBERS)->rank = SY_NET_UNKNOWN_RANK;
    one_op_refused(&op, SY_UNAVAILABLE, "shape of input 0 is not known");
    one_op_close(&op);
}

static void auto_pad_is_one_of_four_words(void **state) {
    (void)state;
    one_op op;
    one_op_open(&op, "MaxPool", 12);
    one_op_in(&op, SY_F32, NUMBERS(1, 1, 4), NO_NUMBERS);
    one_op_ints(&op, "kernel_shape", NUMBERS(2));
    one_op_text(&op, "auto_pad", "same_upper");
    one_op_refused(&op, SY_INVALID_ARGUMENT, "auto_pad is 'same_upper', must be NOTSET");
    one_op_close(&op);
}

/* SAME_UPPER puts the odd one behind, SAME_LOWER in front. */
static void the_odd_padding_lies_where_the_word_says(void **state) {
    (void)state;
    const char *const word[] = {"SAME_UPPER", "SAME_LOWER"};
    const one_list sums[] = {NUMBERS(3, 5, 3), NUMBERS(1, 3, 5)};
    for (int i = 0; i < 2; i++) {
        one_op op;
        one_op_open(&op, "Conv", 11);
        one_op_in(&op, SY_F32, NUMBERS(1, 1, 3), NUMBERS(1, 2, 3));
        one_op_in(&op, SY_F32, NUMBERS(1, 1, 2), NUMBERS(1));
        one_op_text(&op, "auto_pad", word[i]);
        one_op_run(&op);
        one_op_expect(&op, 0, sums[i], 0);
        one_op_close(&op);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extents_follow_the_attributes),
        cmocka_unit_test(attributes_that_cannot_be_are_refused),
        cmocka_unit_test(the_kernel_and_the_rank_are_checked),
        cmocka_unit_test(auto_pad_is_one_of_four_words),
        cmocka_unit_test(the_odd_padding_lies_where_the_word_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
