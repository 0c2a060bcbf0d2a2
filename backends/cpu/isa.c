/* Asking the CPU, once: on x86 through the compiler's own probe (which also asks if the system saves the
 * registers), on Arm the system's list. */
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
#else
static bool has_avx2(void) {
    return false;
}

static bool has_avx512(void) {
    return false;
}

#if defined(__aarch64__)
#include <sys/auxv.h>

/* Bits of the auxiliary vector as Linux numbers them (asm/hwcap.h); older headers lack the newer ones. */
static uint32_t extra_bits(uint32_t level) {
    const unsigned long first = getauxval(AT_HWCAP), second = getauxval(AT_HWCAP2);
    if (level != SY_ISA_NEON)
        return 0;
    return ((first >> 20 & 1u) != 0 ? SY_ISA_DOTPROD : 0u) | ((first >> 23 & 1u) != 0 ? SY_ISA_FHM : 0u) |
           ((second >> 13 & 1u) != 0 ? SY_ISA_I8MM : 0u) | ((second >> 14 & 1u) != 0 ? SY_ISA_BF16 : 0u);
}
#else
static uint32_t extra_bits(uint32_t level) {
    (void)level;
    return 0;
}
#endif
#endif

static bool has_level(uint32_t level) {
    if (!sy_isa_is_built(level))
        return false;
    return level == SY_ISA_GENERIC || (level == SY_ISA_AVX2 && has_avx2()) ||
           (level == SY_ISA_AVX512 && has_avx512()) || level == SY_ISA_NEON;
}

/* Names that may be asked for, and which of the bits each leaves; the last of a level is the one with all. */
static const struct {
    const char *name;
    uint32_t level, bits;
} names[] = {{"generic-base", SY_ISA_GENERIC, 0}, {"generic", SY_ISA_GENERIC, UINT32_MAX},
    {"avx2-base", SY_ISA_AVX2, 0}, {"avx2", SY_ISA_AVX2, UINT32_MAX}, {"avx512-base", SY_ISA_AVX512, 0},
    {"avx512", SY_ISA_AVX512, UINT32_MAX}, {"neon-base", SY_ISA_NEON, 0},
    {"neon-8.2", SY_ISA_NEON, SY_ISA_DOTPROD | SY_ISA_FHM}, {"neon", SY_ISA_NEON, UINT32_MAX}};
#define NAME_COUNT (sizeof names / sizeof names[0])

/* What the probes may use. */
static uint32_t probe_features(uint32_t level, uint32_t bits) {
    static const struct {
        uint32_t level, bit, feature;
    } rows[] = {{SY_ISA_AVX2, 0, SY_PROBE_AVX2}, {SY_ISA_AVX512, 0, SY_PROBE_AVX2 | SY_PROBE_AVX512},
        {SY_ISA_AVX512, SY_ISA_BF16, SY_PROBE_AVX512_BF16},
        {SY_ISA_AVX512, SY_ISA_VNNI, SY_PROBE_AVX512_VNNI}, {SY_ISA_NEON, 0, SY_PROBE_NEON},
        {SY_ISA_NEON, SY_ISA_DOTPROD, SY_PROBE_NEON_DOTPROD}, {SY_ISA_NEON, SY_ISA_I8MM, SY_PROBE_NEON_I8MM},
        {SY_ISA_NEON, SY_ISA_BF16, SY_PROBE_NEON_BF16}, {SY_ISA_NEON, SY_ISA_FHM, SY_PROBE_NEON_FHM}};
    uint32_t features = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].level == level && (rows[i].bit & ~bits) == 0)
            features |= rows[i].feature;
    return features;
}

static void fill(size_t index, sy_cpu_isa *out_isa) {
    const uint32_t level = names[index].level, bits = extra_bits(level) & names[index].bits;
    out_isa->level = level | bits;
    out_isa->name = names[index].name;
    out_isa->features = probe_features(level, bits);
}

sy_status sy_cpu_isa_choose(const char *wanted, sy_cpu_isa *out_isa, sy_error *err) {
    *out_isa = (sy_cpu_isa){0};
    size_t best = NAME_COUNT - 1;
    while (names[best].level != SY_ISA_GENERIC && !has_level(names[best].level))
        best--;
    if (wanted == NULL || wanted[0] == '\0') {
        fill(best, out_isa);
        return SY_OK;
    }
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (strcmp(wanted, names[i].name) != 0)
            continue;
        if (!has_level(names[i].level))
            return sy_error_set(err, SY_UNSUPPORTED,
                "cpu: isa %s was asked for, this processor or build has no more than %s", wanted,
                names[best].name);
        fill(i, out_isa);
        return SY_OK;
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "cpu: isa \"%s\" is not known; there are generic, avx2, avx512, neon, each with all that the "
        "processor has besides, or with -base and without; and neon-8.2",
        wanted);
}
