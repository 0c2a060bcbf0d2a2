/* Reductions, ArgMax and ArgMin, CumSum. */
#include "tests/unit/runtime/model/ops/trial.h"

static double close_of(uint32_t dtype) {
    return dtype == SY_F32 ? 1e-6 : dtype == SY_F16 ? 1e-3 : dtype == SY_BF16 ? 8e-3 : 1e-12;
}

static bool is_real(uint32_t dtype) {
    return dtype <= SY_BF16;
}

/* Over 2 x 3 numbers: one axis, the other, both. */
static const struct {
    const char *op;
    double rows[2], columns[3], all;
    bool is_for_integers;
} cases[] = {
    {"ReduceSum", {6, 15}, {5, 7, 9}, 21, true},
    {"ReduceMean", {2, 5}, {2.5, 3.5, 4.5}, 3.5, false},
    {"ReduceMax", {3, 6}, {4, 5, 6}, 6, true},
    {"ReduceMin", {1, 4}, {1, 2, 3}, 1, true},
    {"ReduceProd", {6, 120}, {4, 10, 18}, 720, true},
    {"ReduceL1", {6, 15}, {5, 7, 9}, 21, true},
    {"ReduceL2", {3.7416573867739413, 8.774964387392123},
        {4.123105625617661, 5.385164807134504, 6.708203932499369}, 9.539392014169456, false},
    {"ReduceLogSum", {1.791759469228055, 2.70805020110221},
        {1.6094379124341003, 1.9459101490553132, 2.1972245773362196}, 3.044522437723423, false},
    {"ReduceLogSumExp", {3.4076059644443806, 6.40760596444438},
        {4.048587351573742, 5.048587351573742, 6.048587351573742}, 6.456193316018123, false},
    {"ReduceSumSquare", {14, 77}, {17, 29, 45}, 91, true},
};
static const double six[] = {1, 2, 3, 4, 5, 6};

static void along(
    const char *op, uint32_t dtype, int64_t axis, bool keeps, trial_dims out, trial_numbers gives) {
    trial t;
    trial_open(&t, op, 12);
    trial_ints(&t, "axes", DIMS(axis));
    trial_int(&t, "keepdims", keeps);
    trial_in(&t, dtype, DIMS(2, 3), (trial_numbers){six, 6});
    trial_gives(&t, dtype, out, gives, close_of(dtype));
    trial_close(&t);
}

static void every_reduction_in_every_type(void **state) {
    (void)state;
    const uint32_t types[] = {SY_F32, SY_F64, SY_F16, SY_BF16, SY_S32, SY_S64, SY_U32, SY_U64};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t j = 0; j < sizeof types / sizeof types[0]; j++) {
            if (!is_real(types[j]) && !cases[i].is_for_integers)
                continue;
            trial_numbers rows = {cases[i].rows, 2}, columns = {cases[i].columns, 3},
                          all = {&cases[i].all, 1};
            along(cases[i].op, types[j], 1, false, DIMS(2), rows);
            along(cases[i].op, types[j], -1, true, DIMS(2, 1), rows);
            along(cases[i].op, types[j], 0, false, DIMS(3), columns);
            along(cases[i].op, types[j], -2, true, DIMS(1, 3), columns);
            trial t;
            trial_open(&t, cases[i].op, 18);
            trial_in(&t, types[j], DIMS(2, 3), (trial_numbers){six, 6});
            trial_gives(&t, types[j], DIMS(1, 1), all, close_of(types[j]));
            trial_close(&t);
        }
}

/* Sums of an image over all sets of axes, against a plain count. */
static void every_set_of_axes(void **state) {
    (void)state;
    const int64_t dim[] = {2, 3, 4, 5};
    static double number[120];
    for (int i = 0; i < 120; i++)
        number[i] = i % 17 - 5;
    for (uint32_t axes = 1; axes < 16; axes++) {
        int64_t list[4], out[4];
        uint32_t count = 0;
        double sums[120] = {0};
        for (uint32_t d = 0; d < 4; d++) {
            out[d] = (axes >> d & 1) != 0 ? 1 : dim[d];
            if ((axes >> d & 1) != 0)
                list[count++] = d;
        }
        for (int64_t i = 0; i < 120; i++) {
            int64_t at[4] = {i / 60, i / 20 % 3, i / 5 % 4, i % 5}, place = 0;
            for (uint32_t d = 0; d < 4; d++)
                place = place * out[d] + (out[d] > 1 ? at[d] : 0);
            sums[place] += number[i];
        }
        trial_numbers expected = {sums, (size_t)(out[0] * out[1] * out[2] * out[3])};
        const uint32_t types[] = {SY_F32, SY_S32};
        for (size_t j = 0; j < 2; j++) {
            trial t;
            trial_open(&t, "ReduceSum", 13);
            trial_in(&t, types[j], (trial_dims){dim, 4}, (trial_numbers){number, 120});
            trial_in(&t, SY_S64, DIMS((int64_t)count),
                (trial_numbers){(double[]){(double)list[0], (double)list[count > 1 ? 1 : 0],
                                    (double)list[count > 2 ? 2 : 0], (double)list[count - 1]},
                    count});
            trial_gives(&t, types[j], (trial_dims){out, 4}, expected, 0);
            trial_close(&t);
        }
    }
}

static void no_axes(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "ReduceSumSquare", 18); /* as it is */
    trial_int(&t, "noop_with_empty_axes", 1);
    trial_in(&t, SY_F32, DIMS(1, 2, 3, 1), (trial_numbers){six, 6});
    trial_gives(&t, SY_F32, DIMS(1, 2, 3, 1), (trial_numbers){six, 6}, 0);
    trial_close(&t);
    trial_open(&t, "ReduceSum", 13); /* an empty list: all */
    trial_int(&t, "keepdims", 0);
    trial_in(&t, SY_F32, DIMS(2, 3), (trial_numbers){six, 6});
    trial_in(&t, SY_S64, DIMS(0), NOTHING);
    trial_gives(&t, SY_F32, SCALAR, NUMBERS(21), 0);
    trial_close(&t);
    trial_open(&t, "ReduceSum", 13);
    trial_in(&t, SY_F32, SCALAR, NUMBERS(3));
    trial_gives(&t, SY_F32, SCALAR, NUMBERS(3), 0);
    trial_close(&t);
}

static void nothing_to_reduce(void **state) {
    (void)state;
    static const struct {
        const char *op;
        double real, s32;
    } empty[] = {{"ReduceSum", 0, 0}, {"ReduceProd", 1, 1}, {"ReduceMax", -INFINITY, -0x1p31},
        {"ReduceMin", INFINITY, 0x1p31 - 1}, {"ReduceMean", NAN, 0}, {"ReduceLogSum", -INFINITY, NAN},
        {"ReduceLogSumExp", -INFINITY, NAN}, {"ReduceL2", 0, 0}};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        trial t;
        trial_open(&t, empty[i].op, 13);
        if (i > 0)
            trial_ints(&t, "axes", DIMS(1));
        trial_in(&t, SY_F32, DIMS(2, 0, 2), NOTHING);
        if (i == 0)
            trial_in(&t, SY_S64, DIMS(1), NUMBERS(1));
        trial_gives(&t, SY_F32, DIMS(2, 1, 2), (trial_numbers){&empty[i].real, 1}, 0);
        trial_close(&t);
        if (isnan(empty[i].s32))
            continue;
        trial_open(&t, empty[i].op, 13);
        if (i > 0)
            trial_ints(&t, "axes", DIMS(0));
        trial_in(&t, SY_S32, DIMS(0, 2), NOTHING);
        if (i == 0)
            trial_in(&t, SY_S64, DIMS(1), NUMBERS(0));
        trial_gives(&t, SY_S32, DIMS(1, 2), (trial_numbers){&empty[i].s32, 1}, 0);
        trial_close(&t);
    }
    trial t;
    trial_open(&t, "ReduceMax", 13); /* no results either */
    trial_ints(&t, "axes", DIMS(1));
    trial_in(&t, SY_F32, DIMS(0, 2), NOTHING);
    trial_gives(&t, SY_F32, DIMS(0, 1), NOTHING, 0);
    trial_close(&t);
}

static void special_values(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "ReduceMax", 13);
    trial_ints(&t, "axes", DIMS(1));
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1, NAN, 2, -INFINITY, 5, 4));
    trial_gives(&t, SY_F32, DIMS(2, 1), NUMBERS(NAN, 5), 0);
    trial_close(&t);
    trial_open(&t, "ReduceLogSumExp", 13);
    trial_ints(&t, "axes", DIMS(0));
    trial_in(&t, SY_F32, DIMS(2, 4), NUMBERS(1000, -INFINITY, INFINITY, NAN, 1000, -INFINITY, 1, 1));
    trial_gives(&t, SY_F32, DIMS(1, 4), NUMBERS(1000 + M_LN2, -INFINITY, INFINITY, NAN), 1e-6);
    trial_close(&t);
    trial_open(&t, "ReduceMean", 13); /* without its fraction */
    trial_in(&t, SY_S32, DIMS(2), NUMBERS(-3, 0));
    trial_gives(&t, SY_S32, DIMS(1), NUMBERS(-1), 0);
    trial_close(&t);
    trial_open(&t, "ReduceMax", 20);
    trial_in(&t, SY_BOOL, DIMS(2, 2), NUMBERS(0, 1, 0, 0));
    trial_in(&t, SY_S64, DIMS(1), NUMBERS(1));
    trial_gives(&t, SY_BOOL, DIMS(2, 1), NUMBERS(1, 0), 0);
    trial_close(&t);
    trial_open(&t, "ReduceSum", 13); /* longer than a block, exact */
    trial_in(&t, SY_F32, DIMS(2, 5003), NUMBERS(3));
    trial_in(&t, SY_S64, DIMS(1), NUMBERS(1));
    trial_gives(&t, SY_F32, DIMS(2, 1), NUMBERS(15009), 0);
    trial_close(&t);
    trial_open(&t, "ReduceSum", 13); /* more lanes than a chunk */
    trial_in(&t, SY_F32, DIMS(5, 1003), NUMBERS(3));
    trial_in(&t, SY_S64, DIMS(1), NUMBERS(0));
    trial_gives(&t, SY_F32, DIMS(1, 1003), NUMBERS(15), 0);
    trial_close(&t);
}

static void bad_axes(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "ReduceSum", 12);
    trial_ints(&t, "axes", DIMS(2));
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "axis 2 of a tensor of rank 2");
    trial_close(&t);
    trial_open(&t, "ReduceSum", 12);
    trial_ints(&t, "axes", DIMS(0, 0, 0, 0, 0, 0, 0, 0, 0));
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "axes has 9 entries");
    trial_close(&t);
    trial_open(&t, "ReduceSum", 13);
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
    trial_in(&t, SY_S64, DIMS(1), NUMBERS(-0x1p63));
    trial_refused(&t, SY_INVALID_ARGUMENT, "axis -9223372036854775808");
    trial_close(&t);
    trial_open(&t, "ReduceSum", 13);
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
    trial_in(&t, SY_S64, DIMS(1), NOTHING);
    trial_refused(&t, SY_UNAVAILABLE, "input 1 decides extents");
    trial_close(&t);
    trial_open(&t, "ReduceSum", 13);
    trial_in(&t, SY_F32, DIMS(2, -1), NOTHING);
    trial_refused(&t, SY_UNAVAILABLE, "extents of input 0");
    trial_close(&t);
}

static void arg_gives(const char *op, int64_t axis, bool is_last, trial_dims out, trial_numbers expected) {
    const uint32_t types[] = {SY_F32, SY_F64, SY_F16, SY_S8, SY_U8, SY_S64, SY_U64};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        trial t;
        trial_open(&t, op, 13);
        trial_int(&t, "axis", axis);
        trial_int(&t, "select_last_index", is_last);
        trial_in(&t, types[i], DIMS(2, 3), NUMBERS(4, 2, 4, 1, 9, 1));
        trial_gives(&t, SY_S64, out, expected, 0);
        trial_close(&t);
    }
}

static void places_of_the_largest_and_smallest(void **state) {
    (void)state;
    arg_gives("ArgMax", 1, false, DIMS(2, 1), NUMBERS(0, 1));
    arg_gives("ArgMax", -1, true, DIMS(2, 1), NUMBERS(2, 1));
    arg_gives("ArgMax", 0, false, DIMS(1, 3), NUMBERS(0, 1, 0));
    arg_gives("ArgMin", 1, false, DIMS(2, 1), NUMBERS(1, 0));
    arg_gives("ArgMin", 1, true, DIMS(2, 1), NUMBERS(1, 2));
    trial t;
    trial_open(&t, "ArgMin", 13);
    trial_int(&t, "keepdims", 0);
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(1, NAN, -5));
    trial_gives(&t, SY_S64, SCALAR, NUMBERS(1), 0);
    trial_close(&t);
    trial_open(&t, "ArgMax", 13);
    trial_in(&t, SY_U64, DIMS(2), NUMBERS(5, 0x1p63));
    trial_gives(&t, SY_S64, DIMS(1), NUMBERS(1), 0);
    trial_close(&t);
    trial_open(&t, "ArgMax", 13);
    trial_in(&t, SY_F32, DIMS(0, 2), NOTHING);
    trial_refused(&t, SY_INVALID_ARGUMENT, "axis 0 of input 0 has no elements");
    trial_close(&t);
    trial_open(&t, "ArgMax", 13);
    trial_int(&t, "axis", INT64_MIN);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "axis -9223372036854775808");
    trial_close(&t);
}

static void running_sums(void **state) {
    (void)state;
    static const struct {
        int64_t exclusive, reverse;
        double rows[6], columns[6];
    } forms[] = {{0, 0, {1, 3, 6, 4, 9, 15}, {1, 2, 3, 5, 7, 9}},
        {1, 0, {0, 1, 3, 0, 4, 9}, {0, 0, 0, 1, 2, 3}}, {0, 1, {6, 5, 3, 15, 11, 6}, {5, 7, 9, 4, 5, 6}},
        {1, 1, {5, 3, 0, 11, 6, 0}, {4, 5, 6, 0, 0, 0}}};
    const uint32_t types[] = {SY_F32, SY_F64, SY_F16, SY_S32, SY_U64};
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 5; j++)
            for (int axis = 0; axis < 2; axis++) {
                trial t;
                trial_open(&t, "CumSum", 14);
                trial_int(&t, "exclusive", forms[i].exclusive);
                trial_int(&t, "reverse", forms[i].reverse);
                trial_in(&t, types[j], DIMS(2, 3), (trial_numbers){six, 6});
                trial_in(&t, SY_S32, SCALAR, NUMBERS(axis == 1 ? -1 : 0));
                trial_gives(&t, types[j], DIMS(2, 3),
                    (trial_numbers){axis == 1 ? forms[i].rows : forms[i].columns, 6}, 0);
                trial_close(&t);
            }
    trial t;
    trial_open(&t, "CumSum", 14);
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
    trial_in(&t, SY_S64, SCALAR, NUMBERS(2));
    trial_fails(&t, SY_INVALID_ARGUMENT, "axis 2");
    trial_close(&t);
    trial_open(&t, "CumSum", 14);
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
    trial_in(&t, SY_S64, DIMS(2), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "must have one element");
    trial_close(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reduction_in_every_type),
        cmocka_unit_test(every_set_of_axes),
        cmocka_unit_test(no_axes),
        cmocka_unit_test(nothing_to_reduce),
        cmocka_unit_test(special_values),
        cmocka_unit_test(bad_axes),
        cmocka_unit_test(places_of_the_largest_and_smallest),
        cmocka_unit_test(running_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
