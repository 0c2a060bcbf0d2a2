/* Every probe that this processor can run: streams against loops, chains against what they must sum up to. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include <cmocka.h>

#include "kernels/probe/probe.h"
#include "steelyard/types.h"
#include "tests/support/near.h"

static uint32_t features_here(void) {
    uint32_t features = 0;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        features |= SY_PROBE_AVX2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        features |= SY_PROBE_AVX512;
    if (__builtin_cpu_supports("avx512bf16"))
        features |= SY_PROBE_AVX512_BF16;
    if (__builtin_cpu_supports("avx512vnni"))
        features |= SY_PROBE_AVX512_VNNI;
#elif defined(__aarch64__)
    const unsigned long first = getauxval(AT_HWCAP), second = getauxval(AT_HWCAP2);
    features = SY_PROBE_NEON | ((first >> 20 & 1u) != 0 ? SY_PROBE_NEON_DOTPROD : 0u) |
               ((first >> 23 & 1u) != 0 ? SY_PROBE_NEON_FHM : 0u) |
               ((second >> 13 & 1u) != 0 ? SY_PROBE_NEON_I8MM : 0u) |
               ((second >> 14 & 1u) != 0 ? SY_PROBE_NEON_BF16 : 0u);
#endif
    return features;
}

static const uint32_t levels[] = {0, SY_PROBE_AVX2, SY_PROBE_AVX2 | SY_PROBE_AVX512, SY_PROBE_NEON};
static const size_t counts[] = {0, 1, 7, 8, 15, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1000};
enum { ROOM = 1024 };

static void streams_move_all_and_no_more(void **state) {
    (void)state;
    static float a[ROOM + 1], b[ROOM + 1], c[ROOM + 1];
    for (size_t level = 0; level < 4; level++) {
        if ((levels[level] & ~features_here()) != 0)
            continue;
        const sy_probe_stream *stream = sy_probe_stream_find(levels[level]);
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            size_t count = counts[i];
            float sum = 0.0f;
            for (size_t j = 0; j <= ROOM; j++) {
                a[j] = -1.0f;
                b[j] = (float)(j % 13);
                c[j] = (float)(j % 7);
            }
            for (size_t j = 0; j < count; j++)
                sum += b[j + 1];
            assert_true(stream->read(b + 1, count) == sum); /* small whole numbers: exact in any order */
            stream->triad(a + 1, b + 1, c + 1, 3.0f, count);
            for (size_t j = 0; j < count; j++)
                assert_true(a[j + 1] == b[j + 1] + 3.0f * c[j + 1]);
            assert_true(a[0] == -1.0f && a[count + 1] == -1.0f);
            stream->fill(a + 1, 1.5f, count);
            for (size_t j = 0; j < count; j++)
                assert_true(a[j + 1] == 1.5f);
            assert_true(a[0] == -1.0f && a[count + 1] == -1.0f);
        }
    }
}

/* 1 - 0.75^rounds a lane from 0; dot products and NEON count. */
static double expected(const sy_probe_peak *peak, int64_t rounds) {
    double lanes = peak->lanes;
    if (peak->dtype_acc == SY_S32)
        return 4.0 * lanes * (double)rounds;
    if (peak->features >= SY_PROBE_NEON || (peak->dtype_in == SY_BF16 && peak->is_emulated == 0))
        return 0x1p-11 * lanes * (double)rounds;
    return lanes * (1.0 - pow(0.75, (double)rounds));
}

static void chains_do_every_round(void **state) {
    (void)state;
    uint32_t ran = 0;
    for (size_t i = 0; sy_probe_peak_row(i) != NULL; i++) {
        const sy_probe_peak *peak = sy_probe_peak_row(i);
        if ((peak->features & ~features_here()) != 0)
            continue;
        ran++;
        for (int64_t rounds = 0; rounds < 12; rounds++) {
            double value = expected(peak, rounds);
            assert_near(value, peak->run(rounds, 0.0), 1e-5 * (1.0 + value));
        }
        assert_true(peak->lanes >= 12);
        assert_true(strlen(peak->method) > 0);
    }
    assert_true(ran >= 6); /* the plain ones run everywhere */
}

static void finds_the_widest_that_is_allowed(void **state) {
    (void)state;
    const sy_probe_peak *best = sy_probe_peak_find(SY_F32, SY_F32, SY_PROBE_AVX2);
    assert_true((best->features & ~(uint32_t)SY_PROBE_AVX2) == 0);
    assert_non_null(sy_probe_peak_find(SY_BF16, SY_F32, 0));
    assert_int_equal(sy_probe_peak_find(SY_BF16, SY_F32, 0)->is_emulated, 1);
    assert_non_null(sy_probe_peak_find(SY_F64, SY_F64, 0));
    assert_non_null(sy_probe_peak_find(SY_F16, SY_F32, 0));
    assert_non_null(sy_probe_peak_find(SY_U8, SY_S32, 0));
    assert_null(sy_probe_peak_find(SY_F8E4M3, SY_F32, UINT32_MAX));
    assert_null(sy_probe_peak_find(SY_F32, SY_F64, UINT32_MAX));
    assert_null(sy_probe_peak_find(99, 99, 0));
    assert_non_null(sy_probe_stream_find(0));
#if defined(__x86_64__)
    assert_int_equal(best->features, SY_PROBE_AVX2);
    assert_int_equal(sy_probe_peak_find(SY_S8, SY_S32, UINT32_MAX)->features, SY_PROBE_AVX512_VNNI);
    assert_int_equal(sy_probe_stream_find(UINT32_MAX)->features, SY_PROBE_AVX512);
#endif
}

static void integers_wrap(void **state) {
    (void)state;
    const sy_probe_peak *peak = sy_probe_peak_find(SY_S8, SY_S32, 0);
    double near_top = (double)INT32_MAX;
    double sum = peak->run(1, near_top);
    int64_t whole = ((int64_t)INT32_MAX + 4) * peak->lanes;
    assert_true(sum == (double)(int32_t)(uint32_t)(uint64_t)whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_move_all_and_no_more),
        cmocka_unit_test(chains_do_every_round),
        cmocka_unit_test(finds_the_widest_that_is_allowed),
        cmocka_unit_test(integers_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
