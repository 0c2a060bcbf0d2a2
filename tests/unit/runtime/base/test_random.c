/* Generators: the same sequence everywhere, unrelated streams, right ranges and moments. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/random.h"

/* SplitMix64 from state 0 and xoshiro256** from {1, 2, 3, 4}: known first outputs. */
static void sequences_are_the_published_ones(void **state) {
    sy_random random = {.word = {1, 2, 3, 4}};
    static const uint64_t expected[] = {11520, 0, 1509978240, UINT64_C(1215971899390074240)};
    (void)state;
    assert_true(sy_random_mix(0) == UINT64_C(0xe220a8397b1dcdaf));
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_true(sy_random_next(&random) == expected[i]);
}

static void seeds_and_streams_differ(void **state) {
    uint64_t first[64];
    size_t count = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++)
        for (uint64_t stream = 0; stream < 8; stream++) {
            sy_random random, again;
            sy_random_seed(&random, seed, stream);
            sy_random_seed(&again, seed, stream);
            first[count] = sy_random_next(&random);
            assert_true(first[count] == sy_random_next(&again));
            for (size_t i = 0; i < count; i++)
                assert_true(first[i] != first[count]);
            count++;
        }
}

static void below_stays_below_and_is_even(void **state) {
    enum { BINS = 7, DRAWS = 70000 };
    uint32_t seen[BINS] = {0};
    sy_random random;
    (void)state;
    sy_random_seed(&random, 11, 3);
    for (int i = 0; i < DRAWS; i++) {
        uint64_t value = sy_random_below(&random, BINS);
        assert_true(value < BINS);
        seen[value]++;
    }
    double chi2 = 0.0; /* 6 degrees of freedom: 22.5 is beyond 99.9 % */
    for (int i = 0; i < BINS; i++)
        chi2 += pow((double)seen[i] - DRAWS / BINS, 2.0) / (DRAWS / BINS);
    assert_true(chi2 < 22.5);
    assert_int_equal(sy_random_below(&random, 0), 0);
    assert_int_equal(sy_random_below(&random, 1), 0);
    for (int i = 0; i < 100; i++)
        assert_true(sy_random_below(&random, UINT64_MAX) < UINT64_MAX);
}

static void moments_are_right(void **state) {
    enum { DRAWS = 200000 };
    double unit = 0.0, square = 0.0, sum = 0.0, squares = 0.0, fourth = 0.0;
    sy_random random;
    (void)state;
    sy_random_seed(&random, 42, 0);
    for (int i = 0; i < DRAWS; i++) {
        double value = sy_random_unit(&random);
        assert_true(value >= 0.0 && value < 1.0);
        unit += value;
        square += value * value;
        value = sy_random_normal(&random);
        assert_true(isfinite(value));
        sum += value;
        squares += value * value;
        fourth += pow(value, 4.0);
    }
    /* five standard errors each */
    assert_true(fabs(unit / DRAWS - 0.5) < 5.0 * sqrt(1.0 / 12.0 / DRAWS));
    assert_true(fabs(square / DRAWS - 1.0 / 3.0) < 5.0 * sqrt(4.0 / 45.0 / DRAWS));
    assert_true(fabs(sum / DRAWS) < 5.0 / sqrt(DRAWS));
    assert_true(fabs(squares / DRAWS - 1.0) < 5.0 * sqrt(2.0 / DRAWS));
    assert_true(fabs(fourth / DRAWS - 3.0) < 5.0 * sqrt(96.0 / DRAWS));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_are_the_published_ones),
        cmocka_unit_test(seeds_and_streams_differ),
        cmocka_unit_test(below_stays_below_and_is_even),
        cmocka_unit_test(moments_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
