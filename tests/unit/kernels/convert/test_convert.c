/* Narrow float conversions: every code, and rounding against a slow model that searches a table of values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kernels/convert/convert.h"

/* A format as its standard defines it, and the functions under test. `finite`: codes 0..finite-1 are finite
 * and rise; `overflow`: magnitude code of what does not fit. */
typedef struct format {
    const char *name;
    int mantissa, bias;
    uint32_t sign, finite, overflow;
    float (*to_f32)(uint32_t code);
    uint32_t (*from_f32)(float value);
    uint32_t (*from_f64)(double value);
} format;

static float f16_to(uint32_t code) {
    return sy_f16_to_f32((uint16_t)code);
}
static uint32_t f16_from_f32(float value) {
    return sy_f16_from_f32(value);
}
static uint32_t f16_from_f64(double value) {
    return sy_f16_from_f64(value);
}
static float bf16_to(uint32_t code) {
    return sy_bf16_to_f32((uint16_t)code);
}
static uint32_t bf16_from_f32(float value) {
    return sy_bf16_from_f32(value);
}
static uint32_t bf16_from_f64(double value) {
    return sy_bf16_from_f64(value);
}
static float f8e4m3_to(uint32_t code) {
    return sy_f8e4m3_to_f32((uint8_t)code);
}
static uint32_t f8e4m3_from_f32(float value) {
    return sy_f8e4m3_from_f32(value);
}
static uint32_t f8e4m3_from_f64(double value) {
    return sy_f8e4m3_from_f64(value);
}
static float f8e5m2_to(uint32_t code) {
    return sy_f8e5m2_to_f32((uint8_t)code);
}
static uint32_t f8e5m2_from_f32(float value) {
    return sy_f8e5m2_from_f32(value);
}
static uint32_t f8e5m2_from_f64(double value) {
    return sy_f8e5m2_from_f64(value);
}

static const format formats[] = {
    {"f16", 10, 15, 0x8000, 0x7c00, 0x7c00, f16_to, f16_from_f32, f16_from_f64},
    {"bf16", 7, 127, 0x8000, 0x7f80, 0x7f80, bf16_to, bf16_from_f32, bf16_from_f64},
    {"f8e4m3", 3, 7, 0x80, 0x7f, 0x7f, f8e4m3_to, f8e4m3_from_f32, f8e4m3_from_f64},
    {"f8e5m2", 2, 15, 0x80, 0x7c, 0x7c, f8e5m2_to, f8e5m2_from_f32, f8e5m2_from_f64},
};
#define FORMAT_COUNT (sizeof formats / sizeof formats[0])

/* Value of a magnitude code by definition; the first code that is not finite gets the value that would come
 * next, which is where rounding goes over. */
static double model_value(const format *of, uint32_t code) {
    uint32_t exponent = code >> of->mantissa, fraction = code & ((1u << of->mantissa) - 1u);
    int scale = 1 - of->bias - of->mantissa;
    if (exponent == 0)
        return ldexp((double)fraction, scale);
    return ldexp((double)(fraction + (1u << of->mantissa)), scale + (int)exponent - 1);
}

/* Nearest code to |value|, ties to the even code, by bisection in the table of all values. */
static uint32_t model_round(const format *of, double value) {
    uint32_t low = 0, high = of->finite;
    double magnitude = fabs(value);
    if (magnitude >= model_value(of, high))
        return of->overflow;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (model_value(of, middle) <= magnitude)
            low = middle;
        else
            high = middle;
    }
    double below = magnitude - model_value(of, low), above = model_value(of, high) - magnitude;
    if (below < above || (below == above && low % 2 == 0))
        return low;
    return high == of->finite ? of->overflow : high;
}

static void check_f64(const format *of, double value) {
    uint32_t expected = model_round(of, value) | (signbit(value) ? of->sign : 0);
    uint32_t code = of->from_f64(value);
    if (code != expected)
        fail_msg("%s of %a: %#x, expected %#x", of->name, value, code, expected);
}

static void check_f32(const format *of, float value) {
    uint32_t expected = model_round(of, (double)value) | (signbit(value) ? of->sign : 0);
    uint32_t code = of->from_f32(value);
    if (code != expected)
        fail_msg("%s of %a: %#x, expected %#x", of->name, (double)value, code, expected);
}

static void every_finite_code_has_its_value(void **state) {
    (void)state;
    for (size_t f = 0; f < FORMAT_COUNT; f++)
        for (uint32_t code = 0; code < formats[f].finite; code++) {
            double value = model_value(&formats[f], code);
            assert_true((double)formats[f].to_f32(code) == value);
            assert_true((double)formats[f].to_f32(code | formats[f].sign) == -value);
            assert_true(signbit(formats[f].to_f32(code | formats[f].sign)));
        }
}

static void every_code_survives_a_round_trip(void **state) {
    (void)state;
    for (size_t f = 0; f < FORMAT_COUNT; f++)
        for (uint32_t code = 0; code < 2 * formats[f].sign; code++) {
            float value = formats[f].to_f32(code);
            uint32_t back = formats[f].from_f32(value), wide = formats[f].from_f64((double)value);
            if (isnan(value)) { /* a signalling NaN becomes quiet, sign and payload stay */
                uint32_t quiet = f == 2 ? 0 : 1u << (formats[f].mantissa - 1);
                assert_int_equal(back, code | quiet);
                assert_true(isnan(formats[f].to_f32(wide)));
                continue;
            }
            assert_int_equal(back, code);
            assert_int_equal(wide, code);
        }
}

/* Each value, each midpoint between neighbours, and what lies just beside them, with both signs. */
static void rounding_is_to_nearest_even(void **state) {
    (void)state;
    for (size_t f = 0; f < FORMAT_COUNT; f++)
        for (uint32_t code = 0; code < formats[f].finite; code++) {
            double value = model_value(&formats[f], code);
            double middle = (value + model_value(&formats[f], code + 1)) / 2;
            const double probes[] = {value, nextafter(value, INFINITY), middle, nextafter(middle, 0.0),
                nextafter(middle, INFINITY)};
            for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
                check_f64(&formats[f], probes[i]);
                check_f64(&formats[f], -probes[i]);
            }
            float narrow = (float)middle; /* exact but for bf16's smallest, where it is a value again */
            check_f32(&formats[f], narrow);
            check_f32(&formats[f], -nextafterf(narrow, INFINITY));
            check_f32(&formats[f], nextafterf(narrow, 0.0f));
        }
}

static uint64_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state ^ *state >> 29;
}

static void random_bits_round_as_the_model(void **state) {
    uint64_t random = 1;
    (void)state;
    for (int i = 0; i < 300000; i++) {
        const format *of = &formats[i % (int)FORMAT_COUNT];
        double value = sy_f64_from_bits(next_random(&random));
        float narrow = sy_f32_from_bits((uint32_t)(next_random(&random) >> 16));
        if (!isnan(value))
            check_f64(of, ldexp(value, -(int)(next_random(&random) % 900)));
        if (!isnan(narrow))
            check_f32(of, narrow);
    }
}

static void overflow_begins_halfway_to_the_next_value(void **state) {
    (void)state;
    assert_int_equal(sy_f16_from_f32(65519.996f), 0x7bff);
    assert_int_equal(sy_f16_from_f32(65520.0f), 0x7c00);
    assert_int_equal(sy_f8e4m3_from_f32(464.0f), 0x7e);
    assert_int_equal(sy_f8e4m3_from_f64(nextafter(464.0, 500.0)), 0x7f);
    assert_int_equal(sy_f8e5m2_from_f32(61439.9f), 0x7b);
    assert_int_equal(sy_f8e5m2_from_f32(61440.0f), 0x7c);
    assert_int_equal(sy_bf16_from_f64(0x1.ffp127), 0x7f80);
    assert_int_equal(sy_bf16_from_f64(nextafter(0x1.ffp127, 0.0)), 0x7f7f);
    assert_int_equal(sy_bf16_from_f32(3.4028234663852886e38f), 0x7f80);
    const double wide[] = {1e300, INFINITY};
    for (size_t f = 0; f < FORMAT_COUNT; f++)
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(formats[f].from_f64(wide[i]), formats[f].overflow);
            assert_int_equal(formats[f].from_f64(-wide[i]), formats[f].overflow | formats[f].sign);
            assert_int_equal(formats[f].from_f32((float)wide[i]), formats[f].overflow);
        }
}

static void rounding_happens_once(void **state) {
    (void)state;
    /* Just above a tie; by way of f32 it would become the tie and go to even, which is below. */
    double above_tie = 1.0 + 0x1p-11 + 0x1p-40;
    assert_int_equal(sy_f16_from_f32((float)above_tie), 0x3c00);
    assert_int_equal(sy_f16_from_f64(above_tie), 0x3c01);
    assert_int_equal(sy_bf16_from_f64(1.0 + 0x1p-8 + 0x1p-40), 0x3f81);
    assert_int_equal(sy_f8e4m3_from_f64(1.0 + 0x1p-4 + 0x1p-40), 0x39);
    assert_int_equal(sy_f8e5m2_from_f64(1.0 + 0x1p-3 + 0x1p-40), 0x3d);
}

static void nan_stays_nan_with_its_sign(void **state) {
    static const uint64_t nans[] = {UINT64_C(0x7ff0000000000001), UINT64_C(0x7ff8000000000000),
        UINT64_C(0x7fffffffffffffff), UINT64_C(0xfff0000000000001), UINT64_C(0xfff8000000000000)};
    (void)state;
    for (size_t f = 0; f < FORMAT_COUNT; f++)
        for (size_t i = 0; i < sizeof nans / sizeof nans[0]; i++) {
            uint32_t sign = nans[i] >> 63 != 0 ? formats[f].sign : 0;
            uint32_t wide = formats[f].from_f64(sy_f64_from_bits(nans[i]));
            uint32_t bits = (uint32_t)(nans[i] >> 32 & 0x80000000u) | 0x7f800001u;
            uint32_t narrow = formats[f].from_f32(sy_f32_from_bits(bits));
            assert_true(isnan(formats[f].to_f32(wide)) && (wide & formats[f].sign) == sign);
            assert_true(isnan(formats[f].to_f32(narrow)) && (narrow & formats[f].sign) == sign);
        }
}

static void arrays_equal_single_elements(void **state) {
    enum { COUNT = 1027 };
    static float f32[COUNT], back[COUNT];
    static double f64[COUNT], wide[COUNT];
    uint16_t half[COUNT];
    uint8_t byte[COUNT];
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        f64[i] = f32[i] = ldexpf((float)(i * 37 % 1000) - 500.0f, (int)(i % 40) - 30);
    sy_f16_array_from_f32(f32, COUNT, half);
    sy_f16_array_to_f32(half, COUNT, back);
    sy_f16_array_to_f64(half, COUNT, wide);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(half[i] == sy_f16_from_f32(f32[i]) && back[i] == sy_f16_to_f32(half[i]) &&
                    wide[i] == (double)back[i]);
    sy_bf16_array_from_f64(f64, COUNT, half);
    sy_bf16_array_to_f32(half, COUNT, back);
    sy_bf16_array_to_f64(half, COUNT, wide);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(half[i] == sy_bf16_from_f64(f64[i]) && back[i] == sy_bf16_to_f32(half[i]) &&
                    wide[i] == (double)back[i]);
    sy_f8e4m3_array_from_f32(f32, COUNT, byte);
    sy_f8e4m3_array_to_f64(byte, COUNT, wide);
    sy_f8e4m3_array_to_f32(byte, COUNT, back);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(byte[i] == sy_f8e4m3_from_f32(f32[i]) && (isnan(back[i]) || wide[i] == (double)back[i]) &&
                    (isnan(back[i]) || back[i] == sy_f8e4m3_to_f32(byte[i])));
    sy_f8e5m2_array_from_f64(f64, COUNT, byte);
    sy_f8e5m2_array_to_f64(byte, COUNT, wide);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(byte[i] == sy_f8e5m2_from_f64(f64[i]) && wide[i] == (double)sy_f8e5m2_to_f32(byte[i]));
    sy_f8e5m2_array_from_f32(f32, COUNT, byte);
    sy_f8e5m2_array_to_f32(byte, COUNT, back);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(back[i] == sy_f8e5m2_to_f32(sy_f8e5m2_from_f32(f32[i])));
    sy_f16_array_from_f64(f64, COUNT, half);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(half[i] == sy_f16_from_f64(f64[i]));
    sy_bf16_array_from_f32(f32, COUNT, half);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(half[i] == sy_bf16_from_f32(f32[i]));
    sy_f8e4m3_array_from_f64(f64, COUNT, byte);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(byte[i] == sy_f8e4m3_from_f64(f64[i]));
    half[0] = 0x1234;
    sy_f16_array_from_f32(f32, 0, half);
    assert_int_equal(half[0], 0x1234);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_finite_code_has_its_value),
        cmocka_unit_test(every_code_survives_a_round_trip),
        cmocka_unit_test(rounding_is_to_nearest_even),
        cmocka_unit_test(random_bits_round_as_the_model),
        cmocka_unit_test(overflow_begins_halfway_to_the_next_value),
        cmocka_unit_test(rounding_happens_once),
        cmocka_unit_test(nan_stays_nan_with_its_sign),
        cmocka_unit_test(arrays_equal_single_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
