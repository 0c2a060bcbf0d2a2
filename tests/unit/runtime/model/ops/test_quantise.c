#include "tests/unit/runtime/model/ops/trial.h"

static void to_integers(void **state) {
    (void)state;
    static const struct {
        uint32_t dtype;
        double zero, expected[8];
    } cases[] = {
        {SY_U8, 10, {10, 10, 12, 12, 8, 0, 255, 10}},
        {SY_S8, -3, {-3, -3, -1, -1, -5, -128, 127, -3}},
        {SY_U16, 100, {100, 100, 102, 102, 98, 0, 65535, 100}},
        {SY_S16, 0, {0, 0, 2, 2, -2, -32768, 32767, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int is_f16 = 0; is_f16 < 2; is_f16++) {
            uint32_t dtype = is_f16 ? SY_F16 : SY_F32;
            trial t;
            trial_open(&t, "QuantizeLinear", 21); /* ties to even; NaN as 0 */
            trial_in(&t, dtype, DIMS(1, 2, 2, 2), NUMBERS(0, 1, 3, 5, -3, -INFINITY, INFINITY, NAN));
            trial_in(&t, dtype, SCALAR, NUMBERS(2));
            trial_in(&t, cases[i].dtype, SCALAR, NUMBERS(cases[i].zero));
            trial_gives(&t, cases[i].dtype, DIMS(1, 2, 2, 2), (trial_numbers){cases[i].expected, 8}, 0);
            trial_close(&t);
        }
}

static void types_that_are_asked_for(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "QuantizeLinear", 13); /* u8 if nothing says otherwise */
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(-1, 6));
    trial_in(&t, SY_F32, DIMS(1), NUMBERS(2));
    trial_gives(&t, SY_U8, DIMS(2), NUMBERS(0, 3), 0);
    trial_close(&t);
    trial_open(&t, "QuantizeLinear", 21);
    trial_int(&t, "output_dtype", 3);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(-1000, 6));
    trial_in(&t, SY_F32, SCALAR, NUMBERS(2));
    trial_gives(&t, SY_S8, DIMS(2), NUMBERS(-128, 3), 0);
    trial_close(&t);
    trial_open(&t, "QuantizeLinear", 19);
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(-1000, 6, 2000));
    trial_in(&t, SY_F32, SCALAR, NUMBERS(2));
    trial_in(&t, SY_F8E4M3, SCALAR, NUMBERS(0));
    trial_gives(&t, SY_F8E4M3, DIMS(3), NUMBERS(-448, 3, 448), 0);
    trial_int(&t, "saturate", 0);
    trial_gives(&t, SY_F8E4M3, DIMS(3), NUMBERS(NAN, 3, NAN), 0);
    trial_close(&t);
}

static void one_scale_a_channel(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "QuantizeLinear", 13);
    trial_in(&t, SY_F32, DIMS(2, 2, 1, 2), NUMBERS(2, 4, 9, 6, -2, 0, 3, 0));
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(2, 3));
    trial_in(&t, SY_U8, DIMS(2), NUMBERS(10, 20));
    trial_gives(&t, SY_U8, DIMS(2, 2, 1, 2), NUMBERS(11, 12, 23, 22, 9, 10, 21, 20), 0);
    trial_close(&t);
    trial_open(&t, "DequantizeLinear", 13);
    trial_in(&t, SY_U8, DIMS(2, 2, 1, 2), NUMBERS(11, 12, 23, 22, 9, 10, 21, 20));
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(2, 3));
    trial_in(&t, SY_U8, DIMS(2), NUMBERS(10, 20));
    trial_gives(&t, SY_F32, DIMS(2, 2, 1, 2), NUMBERS(2, 4, 9, 6, -2, 0, 3, 0), 0);
    trial_close(&t);
    trial_open(&t, "DequantizeLinear", 13);
    trial_int(&t, "axis", -1);
    trial_in(&t, SY_S8, DIMS(2, 3), NUMBERS(1, 2, 3, -1, -2, -3));
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(1, 10, 100));
    trial_gives(&t, SY_F32, DIMS(2, 3), NUMBERS(1, 20, 300, -1, -20, -300), 0);
    trial_close(&t);
}

static void one_scale_a_block(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "QuantizeLinear", 21);
    trial_int(&t, "axis", 1);
    trial_int(&t, "block_size", 2);
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(2, 4, 6, 8, 10, 12));
    trial_in(&t, SY_F32, DIMS(2, 2), NUMBERS(1, 2, 4, 3));
    trial_gives(&t, SY_U8, DIMS(2, 3), NUMBERS(2, 4, 3, 2, 2, 4), 0);
    trial_close(&t);
    trial_open(&t, "DequantizeLinear", 21);
    trial_int(&t, "axis", 1);
    trial_int(&t, "block_size", 2);
    trial_in(&t, SY_U8, DIMS(1, 4, 1, 2), NUMBERS(1, 2, 3, 4, 5, 6, 7, 8));
    trial_in(&t, SY_F32, DIMS(1, 2, 1, 2), NUMBERS(1, 2, 3, 4));
    trial_in(&t, SY_U8, DIMS(1, 2, 1, 2), NUMBERS(1, 0, 1, 0));
    trial_gives(&t, SY_F32, DIMS(1, 4, 1, 2), NUMBERS(0, 4, 2, 8, 12, 24, 18, 32), 0);
    trial_close(&t);
}

static void from_integers(void **state) {
    (void)state;
    static const struct {
        uint32_t dtype;
        double lowest, highest;
    } cases[] = {{SY_U8, 0, 255}, {SY_S8, -128, 127}, {SY_U16, 0, 65535}, {SY_S16, -32768, 32767}};
    trial t;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        trial_open(&t, "DequantizeLinear", 21);
        trial_in(&t, cases[i].dtype, DIMS(3), NUMBERS(cases[i].lowest, 7, cases[i].highest));
        trial_in(&t, SY_F32, SCALAR, NUMBERS(0.5));
        trial_in(&t, cases[i].dtype, SCALAR, NUMBERS(5));
        trial_gives(
            &t, SY_F32, DIMS(3), NUMBERS((cases[i].lowest - 5) / 2, 1, (cases[i].highest - 5) / 2), 0);
        trial_close(&t);
    }
    trial_open(&t, "DequantizeLinear", 19);
    trial_in(&t, SY_S32, DIMS(2), NUMBERS(-0x1p31, 7));
    trial_in(&t, SY_F16, SCALAR, NUMBERS(0.5));
    trial_gives(&t, SY_F16, DIMS(2), NUMBERS(-INFINITY, 3.5), 0);
    trial_close(&t);
    trial_open(&t, "DequantizeLinear", 19);
    trial_in(&t, SY_F8E5M2, DIMS(2), NUMBERS(-1.5, NAN));
    trial_in(&t, SY_F32, SCALAR, NUMBERS(2));
    trial_gives(&t, SY_F32, DIMS(2), NUMBERS(-3, NAN), 0);
    trial_close(&t);
}

static void dynamic_range(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "DynamicQuantizeLinear", 11);
    trial_outputs(&t, 3);
    trial_in(&t, SY_F32, DIMS(5), NUMBERS(-25.5, 0, 229.5, 1, 0.25));
    trial_gives(&t, SY_U8, DIMS(5), NUMBERS(0, 26, 255, 27, 26), 0);
    trial_gives_too(&t, 1, SY_F32, SCALAR, NUMBERS(1), 0);
    trial_gives_too(&t, 2, SY_U8, SCALAR, NUMBERS(26), 0);
    trial_close(&t);
    trial_open(&t, "DynamicQuantizeLinear", 11); /* all above 0: the range begins there */
    trial_outputs(&t, 3);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(51, 510));
    trial_gives(&t, SY_U8, DIMS(2), NUMBERS(26, 255), 0);
    trial_gives_too(&t, 1, SY_F32, SCALAR, NUMBERS(2), 0);
    trial_gives_too(&t, 2, SY_U8, SCALAR, NUMBERS(0), 0);
    trial_close(&t);
    trial_open(&t, "DynamicQuantizeLinear", 11);
    trial_outputs(&t, 3);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(0, 0));
    trial_gives(&t, SY_U8, DIMS(2), NUMBERS(0), 0);
    trial_close(&t);
    trial_open(&t, "DynamicQuantizeLinear", 11);
    trial_in(&t, SY_F32, DIMS(0), NOTHING);
    trial_gives(&t, SY_U8, DIMS(0), NOTHING, 0);
    trial_close(&t);
}

static void scales_that_do_not_fit(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "QuantizeLinear", 13);
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "a list of 3");
    trial_close(&t);
    trial_open(&t, "QuantizeLinear", 13);
    trial_int(&t, "axis", 7);
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "axis 7");
    trial_close(&t);
    trial_open(&t, "QuantizeLinear", 13);
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
    trial_in(&t, SY_F32, SCALAR, NUMBERS(1));
    trial_in(&t, SY_U8, DIMS(2), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "the zero point, has 2 elements and the scale 1");
    trial_close(&t);
}

static void blocks_and_types_that_do_not_fit(void **state) {
    (void)state;
    trial t;
    const int64_t bad[] = {-2, 1};
    for (size_t i = 0; i < 2; i++) {
        trial_open(&t, "QuantizeLinear", 21);
        trial_int(&t, "block_size", bad[i]);
        trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(1));
        trial_in(&t, SY_F32, DIMS(2, 2), NUMBERS(1));
        trial_refused(&t, SY_INVALID_ARGUMENT, bad[i] < 0 ? "block_size is -2" : "does not fit blocks of 1");
        trial_close(&t);
    }
    trial_open(&t, "QuantizeLinear", 13);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_in(&t, SY_F32, SCALAR, NUMBERS(1));
    trial_in(&t, SY_S64, SCALAR, NUMBERS(1));
    trial_refused(&t, SY_UNSUPPORTED, "to type s64");
    trial_close(&t);
    trial_open(&t, "DequantizeLinear", 13);
    trial_in(&t, SY_S8, DIMS(2), NUMBERS(1));
    trial_in(&t, SY_F32, SCALAR, NUMBERS(1));
    trial_in(&t, SY_U8, SCALAR, NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "must be one type");
    trial_close(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(to_integers),
        cmocka_unit_test(types_that_are_asked_for),
        cmocka_unit_test(one_scale_a_channel),
        cmocka_unit_test(one_scale_a_block),
        cmocka_unit_test(from_integers),
        cmocka_unit_test(dynamic_range),
        cmocka_unit_test(scales_that_do_not_fit),
        cmocka_unit_test(blocks_and_types_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
