/* Comparisons, Where, Clip and Cast. */
#include "tests/unit/runtime/model/ops/trial.h"

static void comparisons(void **state) {
    (void)state;
    static const struct {
        const char *op;
        double below, same, above, nan;
    } cases[] = {{"Equal", 0, 1, 0, 0}, {"Less", 1, 0, 0, 0}, {"LessOrEqual", 1, 1, 0, 0},
        {"Greater", 0, 0, 1, 0}, {"GreaterOrEqual", 0, 1, 1, 0}};
    const uint32_t types[] = {SY_F32, SY_F64, SY_F16, SY_BF16, SY_S8, SY_U8, SY_S32, SY_S64, SY_U64};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        trial t;
        for (size_t j = 0; j < sizeof types / sizeof types[0]; j++) {
            trial_open(&t, cases[i].op, 16);
            trial_in(&t, types[j], DIMS(3, 1), NUMBERS(1, 2, 3));
            trial_in(&t, types[j], DIMS(2), NUMBERS(2, 2));
            trial_gives(&t, SY_BOOL, DIMS(3, 2),
                NUMBERS(cases[i].below, cases[i].below, cases[i].same, cases[i].same, cases[i].above,
                    cases[i].above),
                0);
            trial_close(&t);
        }
        trial_open(&t, cases[i].op, 16);
        trial_in(&t, SY_F32, DIMS(1), NUMBERS(NAN));
        trial_in(&t, SY_F32, DIMS(1), NUMBERS(NAN));
        trial_gives(&t, SY_BOOL, DIMS(1), NUMBERS(cases[i].nan), 0);
        trial_close(&t);
    }
}

static void comparisons_of_other_types(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Less", 16); /* as integers of 64 bits, not as f64 */
    trial_in(&t, SY_U64, DIMS(1), NUMBERS(5));
    trial_in(&t, SY_U64, DIMS(1), NUMBERS(0x1p63));
    trial_gives(&t, SY_BOOL, DIMS(1), NUMBERS(1), 0);
    trial_close(&t);
    trial_open(&t, "Equal", 7);
    trial_in(&t, SY_BOOL, DIMS(2), NUMBERS(0, 1));
    trial_in(&t, SY_BOOL, DIMS(2), NUMBERS(1, 1));
    trial_gives(&t, SY_BOOL, DIMS(2), NUMBERS(0, 1), 0);
    trial_close(&t);
    trial_open(&t, "Less", 7);
    trial_in(&t, SY_BOOL, DIMS(2), NUMBERS(0, 1));
    trial_in(&t, SY_BOOL, DIMS(2), NUMBERS(1, 1));
    trial_refused(&t, SY_UNSUPPORTED, "input 0 is bool");
    trial_close(&t);
}

static void where_chooses(void **state) {
    (void)state;
    const uint32_t types[] = {SY_F32, SY_F64, SY_F16, SY_U8, SY_S64, SY_BOOL};
    trial t;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        trial_open(&t, "Where", 16);
        trial_in(&t, SY_BOOL, DIMS(2, 1), NUMBERS(1, 0));
        trial_in(&t, types[i], DIMS(2, 2), NUMBERS(1, 0, 1, 0));
        trial_in(&t, types[i], DIMS(2), NUMBERS(0, 1));
        trial_gives(&t, types[i], DIMS(2, 2), NUMBERS(1, 0, 0, 1), 0);
        trial_close(&t);
    }
    trial_open(&t, "Where", 16);
    trial_in(&t, SY_BOOL, DIMS(1, 2, 2, 1), NUMBERS(1, 0, 0, 1));
    trial_in(&t, SY_F32, SCALAR, NUMBERS(9));
    trial_in(&t, SY_F32, DIMS(1, 2, 2, 3), NUMBERS(1, 2, 3, 4, 5, 6, 7, 8, 0, -1, -2, -3));
    trial_gives(&t, SY_F32, DIMS(1, 2, 2, 3), NUMBERS(9, 9, 9, 4, 5, 6, 7, 8, 0, 9, 9, 9), 0);
    trial_close(&t);
    trial_open(&t, "Where", 16);
    trial_in(&t, SY_U8, DIMS(1), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(1), NUMBERS(9));
    trial_in(&t, SY_F32, DIMS(1), NUMBERS(9));
    trial_refused(&t, SY_UNSUPPORTED, "input 0 is u8");
    trial_close(&t);
}

static void clip_by_inputs(void **state) {
    (void)state;
    const uint32_t types[] = {SY_F32, SY_F64, SY_F16, SY_BF16, SY_S8, SY_S32, SY_S64, SY_U8, SY_U64};
    trial t;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        trial_open(&t, "Clip", 13);
        trial_in(&t, types[i], DIMS(1, 2, 2, 1), NUMBERS(1, 5, 100, 3));
        trial_in(&t, types[i], SCALAR, NUMBERS(2));
        trial_in(&t, types[i], SCALAR, NUMBERS(9));
        trial_gives(&t, types[i], DIMS(1, 2, 2, 1), NUMBERS(2, 5, 9, 3), 0);
        trial_close(&t);
        trial_open(&t, "Clip", 13);
        trial_in(&t, types[i], DIMS(3), NUMBERS(0, 5, 100));
        trial_in_left_out(&t);
        trial_in(&t, types[i], DIMS(1), NUMBERS(9));
        trial_gives(&t, types[i], DIMS(3), NUMBERS(0, 5, 9), 0);
        trial_close(&t);
    }
    trial_open(&t, "Clip", 13); /* bounds that cross: the upper one */
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(0, 5, NAN));
    trial_in(&t, SY_F32, SCALAR, NUMBERS(4));
    trial_in(&t, SY_F32, SCALAR, NUMBERS(2));
    trial_gives(&t, SY_F32, DIMS(3), NUMBERS(2, 2, NAN), 0);
    trial_close(&t);
    trial_open(&t, "Clip", 13);
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(0));
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(4));
    trial_refused(&t, SY_INVALID_ARGUMENT, "input 1, a bound, has 2 elements");
    trial_close(&t);
    trial_open(&t, "Clip", 11);
    trial_in(&t, SY_S32, DIMS(3), NUMBERS(0));
    trial_refused(&t, SY_UNSUPPORTED, "input 0 is s32");
    trial_close(&t);
}

static void clip_by_attributes(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Clip", 7);
    trial_float(&t, "max", 6);
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(-INFINITY, 5, 7));
    trial_gives(&t, SY_F32, DIMS(3), NUMBERS(-INFINITY, 5, 6), 0);
    trial_float(&t, "min", 0);
    trial_gives(&t, SY_F32, DIMS(3), NUMBERS(0, 5, 6), 0);
    trial_close(&t);
}

/* Numbers of TensorProto.DataType. */
enum {
    FLOAT = 1,
    UINT8 = 2,
    INT8 = 3,
    INT32 = 6,
    INT64 = 7,
    BOOL = 9,
    FLOAT16 = 10,
    UINT64 = 13,
    E4M3 = 17,
    E5M2 = 19
};

static void cast_gives(uint32_t from, trial_numbers in, int64_t to, uint32_t dtype, trial_numbers expected) {
    trial t;
    trial_open(&t, "Cast", 19);
    trial_int(&t, "to", to);
    trial_in(&t, from, DIMS((int64_t)in.count), in);
    trial_gives(&t, dtype, DIMS((int64_t)in.count), expected, 0);
    trial_close(&t);
}

static void casts(void **state) {
    (void)state;
    cast_gives(SY_F32, NUMBERS(-1.75, 1.75, 300, NAN), INT8, SY_S8, NUMBERS(-1, 1, 127, 0));
    cast_gives(SY_F64, NUMBERS(-1, 1e30, -1e30), INT64, SY_S64, NUMBERS(-1, 0x1p63, -0x1p63));
    cast_gives(SY_F32, NUMBERS(-1, 1e30, 0x1p63), UINT64, SY_U64, NUMBERS(0, 0x1p64, 0x1p63));
    cast_gives(SY_F32, NUMBERS(0, -0.5, NAN, 2), BOOL, SY_BOOL, NUMBERS(0, 1, 1, 1));
    cast_gives(SY_S32, NUMBERS(-1, 256, 5), UINT8, SY_U8, NUMBERS(255, 0, 5));
    cast_gives(SY_BOOL, NUMBERS(0, 1), FLOAT, SY_F32, NUMBERS(0, 1));
    cast_gives(SY_U64, NUMBERS(0x1p63, 3), FLOAT, SY_F32, NUMBERS(0x1p63, 3));
    cast_gives(SY_S64, NUMBERS(-3, 0x1p40 + 1), FLOAT, SY_F32, NUMBERS(-3, 0x1p40));
    cast_gives(SY_F32, NUMBERS(1e6, -1e6, 1.0009765625), FLOAT16, SY_F16,
        NUMBERS(INFINITY, -INFINITY, 1.0009765625));
    cast_gives(SY_F16, NUMBERS(1.5, 65504), INT32, SY_S32, NUMBERS(1, 65504));
    cast_gives(SY_F32, NUMBERS(1, 2), FLOAT, SY_F32, NUMBERS(1, 2));
}

static void casts_to_eight_bits_saturate_or_not(void **state) {
    (void)state;
    trial t;
    cast_gives(
        SY_F32, NUMBERS(1000, -INFINITY, NAN, 0.4375), E4M3, SY_F8E4M3, NUMBERS(448, -448, NAN, 0.4375));
    cast_gives(SY_F16, NUMBERS(65504, INFINITY), E5M2, SY_F8E5M2, NUMBERS(57344, 57344));
    cast_gives(SY_S32, NUMBERS(1000, 3), E4M3, SY_F8E4M3, NUMBERS(448, 3));
    trial_open(&t, "Cast", 19);
    trial_int(&t, "to", E4M3);
    trial_int(&t, "saturate", 0);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1000, 448));
    trial_gives(&t, SY_F8E4M3, DIMS(2), NUMBERS(NAN, 448), 0);
    trial_close(&t);
    trial_open(&t, "Cast", 19);
    trial_int(&t, "to", E5M2);
    trial_int(&t, "saturate", 0);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1e6, -1e6));
    trial_gives(&t, SY_F8E5M2, DIMS(2), NUMBERS(INFINITY, -INFINITY), 0);
    trial_close(&t);
}

static void cast_of_images_and_likeness(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Cast", 13);
    trial_int(&t, "to", FLOAT);
    trial_in(&t, SY_U8, DIMS(1, 2, 1, 3), NUMBERS(1, 2, 3, 4, 5, 6));
    trial_gives(&t, SY_F32, DIMS(1, 2, 1, 3), NUMBERS(1, 2, 3, 4, 5, 6), 0);
    trial_close(&t);
    trial_open(&t, "CastLike", 15);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1.5, -2.5));
    trial_in(&t, SY_S32, SCALAR, NUMBERS(0));
    trial_gives(&t, SY_S32, DIMS(2), NUMBERS(1, -2), 0);
    trial_close(&t);
    const int64_t bad[] = {0, 8, 14, 20, 99, -1};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        trial_open(&t, "Cast", 13);
        trial_int(&t, "to", bad[i]);
        trial_in(&t, SY_F32, DIMS(1), NUMBERS(1));
        trial_refused(&t, SY_UNSUPPORTED, "not done");
        trial_close(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons),
        cmocka_unit_test(comparisons_of_other_types),
        cmocka_unit_test(where_chooses),
        cmocka_unit_test(clip_by_inputs),
        cmocka_unit_test(clip_by_attributes),
        cmocka_unit_test(casts),
        cmocka_unit_test(casts_to_eight_bits_saturate_or_not),
        cmocka_unit_test(cast_of_images_and_likeness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
