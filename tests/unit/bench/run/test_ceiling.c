/* Fractions of a ceiling: what is unknown stays unknown, the roofline takes the lower roof. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "bench/run/ceiling.h"

static sy_spec spec_of(const char *text) {
    sy_spec spec;
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    return spec;
}

static void nothing_measured_is_nothing_known(void **state) {
    (void)state;
    sy_ceilings none;
    sy_spec gemm = spec_of("gemm:m=8,n=8,k=8");
    double of_ceiling = 0.0, of_roofline = 0.0;
    sy_ceilings_init(&none);
    sy_ceiling_fractions(&none, &gemm, 1024, 768, 1e-6, &of_ceiling, &of_roofline);
    assert_true(isnan(of_ceiling) && isnan(of_roofline));
    sy_ceiling_fractions(&none, &gemm, 1024, 768, 0.0, &of_ceiling, &of_roofline);
    assert_true(isnan(of_ceiling) && isnan(of_roofline));
}

static void the_lower_roof_counts(void **state) {
    (void)state;
    sy_ceilings c;
    sy_spec gemm = spec_of("gemm:m=8,n=8,k=8"), stream = spec_of("stream:bytes=1M,kind=read");
    double of_ceiling = 0.0, of_roofline = 0.0;
    sy_ceilings_init(&c);
    c.flop_per_s[SY_F32] = 1e12;
    sy_ceiling_fractions(&c, &gemm, 1000000, 1000, 2e-6, &of_ceiling, &of_roofline);
    assert_true(fabs(of_ceiling - 0.5) < 1e-12 && isnan(of_roofline)); /* no memory ceiling */
    c.byte_per_s = 1e9;
    sy_ceiling_fractions(&c, &gemm, 1000000, 1000, 2e-6, &of_ceiling, &of_roofline);
    assert_true(fabs(of_roofline - 0.5) < 1e-12);
    sy_ceiling_fractions(&c, &gemm, 1000000, 4000, 8e-6, &of_ceiling, &of_roofline);
    assert_true(fabs(of_ceiling - 0.125) < 1e-12 && fabs(of_roofline - 0.5) < 1e-12);
    sy_ceiling_fractions(&c, &stream, 0, 1000, 2e-6, &of_ceiling, &of_roofline);
    assert_true(fabs(of_ceiling - 0.5) < 1e-12 && isnan(of_roofline));
}

static void only_arithmetic_has_an_arithmetic_ceiling(void **state) {
    (void)state;
    char text[SY_SPEC_TEXT_MAX];
    sy_spec gemm = spec_of("gemm:m=8,n=8,k=8,dtype=s8"), copy = spec_of("copy:bytes=64,kind=h2d");
    assert_true(sy_ceiling_problem(&gemm, 1000000, text, sizeof text));
    spec_of(text);
    assert_non_null(strstr(text, "dtype=s8"));
    assert_false(sy_ceiling_problem(&copy, 1000000, text, sizeof text));
}

static void the_memory_problem_exceeds_every_cache(void **state) {
    (void)state;
    static const uint64_t caches[] = {0, 1, UINT64_C(32) << 20, UINT64_C(1) << 30, UINT64_C(1) << 60};
    for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++) {
        char text[SY_SPEC_TEXT_MAX];
        sy_ceiling_memory_problem(caches[i], text, sizeof text);
        sy_spec spec = spec_of(text);
        assert_true(spec.u.stream.bytes >= UINT64_C(256) << 20 && spec.u.stream.bytes <= UINT64_C(4) << 30);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_measured_is_nothing_known),
        cmocka_unit_test(the_lower_roof_counts), cmocka_unit_test(only_arithmetic_has_an_arithmetic_ceiling),
        cmocka_unit_test(the_memory_problem_exceeds_every_cache)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
