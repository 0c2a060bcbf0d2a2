/* Asking the CPU, once, through the compiler's own probe (which also asks if the system saves the registers).
 */
#include "backends/cpu/isa.h"

#include <stdbool.h>
#include <string.h>

#include "kernels/gemm/gemm_types.h"
#include "kernels/probe/probe.h"
#include "runtime/base/error.h"

#if defined(__x86_64__)
#include <cpuid.h>

/* __builtin_cpu_supports("f16c") is missing from older compilers. */
static bool has_f16c(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}

static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
}

static bool has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

/* Leaf 7, sub-leaf 1; older compilers have no name for it. The registers are those of AVX2. */
static bool has_avx_vnni(void) {
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && a >= 1 &&
           __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & 1u << 4) != 0;
}

/* What this CPU has beside the level. */
static uint32_t extra_bits(uint32_t level) {
    if (level == SY_ISA_AVX2)
        return has_avx_vnni() ? SY_ISA_AVX_VNNI : 0;
    if (level != SY_ISA_AVX512)
        return 0;
    return (__builtin_cpu_supports("avx512bf16") ? SY_ISA_BF16 : 0u) |
           (__builtin_cpu_supports("avx512vnni") ? SY_ISA_VNNI : 0u);
}

static const char best_generic[] = "generic";
#else
static bool has_avx2(void) {
    return false;
}

static bool has_avx512(void) {
    return false;
}

static uint32_t extra_bits(uint32_t level) {
    (void)level;
    return 0;
}

#if defined(__aarch64__)
static const char best_generic[] = "neon";
#else
static const char best_generic[] = "generic";
#endif
#endif

static bool has_level(uint32_t level) {
    if (!sy_isa_is_built(level))
        return false;
    return level == SY_ISA_GENERIC || (level == SY_ISA_AVX2 && has_avx2()) ||
           (level == SY_ISA_AVX512 && has_avx512());
}

static const char base_suffix[] = "-base";

static void fill(uint32_t level, bool is_base, sy_cpu_isa *out_isa) {
    static const char *const base_names[SY_ISA_COUNT] = {"generic", "avx2-base", "avx512-base", "neon-base"};
    const uint32_t bits = is_base ? 0 : extra_bits(level);
    out_isa->level = level | bits;
    out_isa->name = is_base ? base_names[level] : sy_isa_name(level);
    if (level == SY_ISA_AVX2 || level == SY_ISA_AVX512)
        out_isa->features |= SY_PROBE_AVX2;
    if (level == SY_ISA_AVX512)
        out_isa->features |= SY_PROBE_AVX512 | ((bits & SY_ISA_BF16) != 0 ? SY_PROBE_AVX512_BF16 : 0u) |
                             ((bits & SY_ISA_VNNI) != 0 ? SY_PROBE_AVX512_VNNI : 0u);
}

/* Whether `wanted` is the name of the level, or that and "-base". */
static bool is_named(const char *wanted, uint32_t level, bool *out_is_base) {
    const char *name = sy_isa_name(level);
    const size_t length = strlen(name);
    *out_is_base = strncmp(wanted, name, length) == 0 && strcmp(wanted + length, base_suffix) == 0;
    return *out_is_base || strcmp(wanted, name) == 0;
}

sy_status sy_cpu_isa_choose(const char *wanted, sy_cpu_isa *out_isa, sy_error *err) {
    *out_isa = (sy_cpu_isa){0};
    uint32_t best = SY_ISA_COUNT - 1;
    while (best > SY_ISA_GENERIC && !has_level(best))
        best--;
    if (wanted == NULL || wanted[0] == '\0') {
        fill(best, false, out_isa);
        if (best == SY_ISA_GENERIC)
            out_isa->name = best_generic;
        return SY_OK;
    }
    for (uint32_t level = 0; level < SY_ISA_COUNT; level++) {
        bool is_base;
        if (!is_named(wanted, level, &is_base))
            continue;
        if (!has_level(level))
            return sy_error_set(err, SY_UNSUPPORTED,
                "cpu: isa %s was asked for, this processor or build has no more than %s", wanted,
                sy_isa_name(best));
        fill(level, is_base, out_isa);
        return SY_OK;
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "cpu: isa \"%s\" is not known; there are generic, avx2, avx512, and avx2-base, avx512-base without "
        "what "
        "newer processors have besides",
        wanted);
}
