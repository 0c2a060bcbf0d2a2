/* For tests of kernels: elements of any type as f64, guarded buffers, seeded numbers, posts in plain f64. */
#ifndef TESTS_UNIT_KERNELS_GEMM_ELEMENTS_H
#define TESTS_UNIT_KERNELS_GEMM_ELEMENTS_H

#include "kernels/convert/convert.h"
#include "kernels/gemm/gemm_types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

enum { GUARD_BYTES = 256, GUARD = 0xa5 };

/* Memory of `bytes` at an address aligned to so many bytes and to no more, between two guard zones. */
typedef struct guarded {
    unsigned char *block, *data;
    size_t bytes, head;
} guarded;

static inline guarded guarded_bytes(size_t bytes, size_t alignment) {
    guarded one = {.bytes = bytes, .head = GUARD_BYTES + alignment};
    one.block = malloc(one.bytes + one.head + GUARD_BYTES);
    assert_non_null(one.block);
    memset(one.block, GUARD, one.bytes + one.head + GUARD_BYTES);
    one.data = one.block + one.head;
    return one;
}

static inline guarded guarded_create(size_t count, uint32_t dtype) {
    return guarded_bytes(count * sy_element_bytes(dtype), sy_element_bytes(dtype));
}

static inline void guarded_destroy(guarded *one) {
    for (size_t i = 0; i < one->head; i++)
        assert_int_equal(one->block[i], GUARD);
    for (size_t i = 0; i < GUARD_BYTES; i++)
        assert_int_equal(one->data[one->bytes + i], GUARD);
    free(one->block);
    one->block = NULL;
}

/* xorshift64*: tests must not depend on the C library's generator. */
static inline uint64_t next_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static inline int64_t pick(uint64_t *state, int64_t low, int64_t high) {
    return low + (int64_t)(next_random(state) >> 33) % (high - low + 1);
}

static inline double get_element(uint32_t dtype, const void *base, int64_t i) {
    switch (dtype) {
    case SY_ELEMENT_F64: return ((const double *)base)[i];
    case SY_ELEMENT_F32: return (double)((const float *)base)[i];
    case SY_ELEMENT_F16: return (double)sy_f16_to_f32(((const uint16_t *)base)[i]);
    case SY_ELEMENT_BF16: return (double)sy_bf16_to_f32(((const uint16_t *)base)[i]);
    case SY_ELEMENT_F8E4M3: return (double)sy_f8e4m3_to_f32(((const uint8_t *)base)[i]);
    case SY_ELEMENT_F8E5M2: return (double)sy_f8e5m2_to_f32(((const uint8_t *)base)[i]);
    case SY_ELEMENT_S8: return ((const int8_t *)base)[i];
    case SY_ELEMENT_U8: return ((const uint8_t *)base)[i];
    default: return ((const int32_t *)base)[i];
    }
}

static inline double clamp_round(double value, double low, double high) {
    const double rounded = isnan(value) ? 0 : rint(value);
    return rounded < low ? low : rounded > high ? high : rounded;
}

static inline void set_element(uint32_t dtype, void *base, int64_t i, double value) {
    switch (dtype) {
    case SY_ELEMENT_F64: ((double *)base)[i] = value; break;
    case SY_ELEMENT_F32: ((float *)base)[i] = (float)value; break;
    case SY_ELEMENT_F16: ((uint16_t *)base)[i] = sy_f16_from_f64(value); break;
    case SY_ELEMENT_BF16: ((uint16_t *)base)[i] = sy_bf16_from_f64(value); break;
    case SY_ELEMENT_F8E4M3: ((uint8_t *)base)[i] = sy_f8e4m3_from_f64(value); break;
    case SY_ELEMENT_F8E5M2: ((uint8_t *)base)[i] = sy_f8e5m2_from_f64(value); break;
    case SY_ELEMENT_S8: ((int8_t *)base)[i] = (int8_t)clamp_round(value, -128, 127); break;
    case SY_ELEMENT_U8: ((uint8_t *)base)[i] = (uint8_t)clamp_round(value, 0, 255); break;
    default: ((int32_t *)base)[i] = (int32_t)clamp_round(value, INT32_MIN, INT32_MAX); break;
    }
}

/* What memory holds that no kernel may use: NaN, or a value that would spoil an integer sum. */
static inline void poison(uint32_t dtype, void *base, size_t count) {
    for (size_t i = 0; i < count; i++)
        set_element(dtype, base, (int64_t)i, dtype >= SY_ELEMENT_S8 ? 99 : (double)NAN);
}

/* Small integers that every type holds exactly, and whose products sum up exactly in f32. */
static inline double small_value(uint32_t dtype, uint64_t *state) {
    return (double)(dtype == SY_ELEMENT_U8 ? pick(state, 0, 3) : pick(state, -3, 3));
}

/* One post in f64; operand: the operand's value for this element. */
static inline double apply_post(const sy_kernel_post *post, double x, double operand) {
    const double a = (double)post->a, b = (double)post->b;
    switch (post->kind) {
    case SY_KERNEL_POST_BIAS:
    case SY_KERNEL_POST_ADD: return x + operand;
    case SY_KERNEL_POST_RELU: return x < 0 ? 0 : x;
    case SY_KERNEL_POST_CLIP: return isnan(x) ? x : fmin(fmax(x, a), b);
    case SY_KERNEL_POST_SILU: return x / (1 + exp(-x));
    case SY_KERNEL_POST_GELU_ERF: return x / 2 * erfc(-x / sqrt(2.0));
    case SY_KERNEL_POST_GELU_TANH: return x / (1 + exp(-2 * sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    case SY_KERNEL_POST_SCALE_ROW:
    case SY_KERNEL_POST_SCALE_COL: return x * operand;
    case SY_KERNEL_POST_REQUANT: return rint(x * a) + b;
    case SY_KERNEL_POST_SIGMOID: return 1 / (1 + exp(-x));
    default: return tanh(x);
    }
}

static inline bool post_takes_operand(uint32_t kind) {
    return kind == SY_KERNEL_POST_BIAS || kind == SY_KERNEL_POST_ADD || kind == SY_KERNEL_POST_SCALE_ROW ||
           kind == SY_KERNEL_POST_SCALE_COL;
}

/* Levels with the bits that tests go through, each once with and once without what newer processors have. */
static const uint32_t known_isas[] = {SY_ISA_GENERIC, SY_ISA_AVX2, SY_ISA_AVX2 | SY_ISA_AVX_VNNI,
    SY_ISA_AVX512, SY_ISA_AVX512 | SY_ISA_VNNI, SY_ISA_AVX512 | SY_ISA_VNNI | SY_ISA_BF16, SY_ISA_NEON,
    SY_ISA_NEON | SY_ISA_DOTPROD | SY_ISA_FHM,
    SY_ISA_NEON | SY_ISA_DOTPROD | SY_ISA_FHM | SY_ISA_BF16 | SY_ISA_I8MM};
enum { MAX_ISAS = sizeof(known_isas) / sizeof(known_isas[0]) };

#if defined(__x86_64__)
static inline bool has_avx_vnni(void) {
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && a >= 1 &&
           __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & 1u << 4) != 0;
}

static inline bool processor_has(uint32_t isa) {
    const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") &&
                            __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                            __builtin_cpu_supports("avx512vl");
    const uint32_t level = isa & SY_ISA_LEVEL_MASK;
    return (level == SY_ISA_GENERIC || (level == SY_ISA_AVX2 && has_avx2) ||
               (level == SY_ISA_AVX512 && has_avx512)) &&
           ((isa & SY_ISA_AVX_VNNI) == 0 || has_avx_vnni()) &&
           ((isa & SY_ISA_VNNI) == 0 || __builtin_cpu_supports("avx512vnni")) &&
           ((isa & SY_ISA_BF16) == 0 || __builtin_cpu_supports("avx512bf16"));
}
#elif defined(__aarch64__)
static inline bool processor_has(uint32_t isa) {
    const unsigned long first = getauxval(AT_HWCAP), second = getauxval(AT_HWCAP2);
    return ((isa & SY_ISA_DOTPROD) == 0 || (first >> 20 & 1u) != 0) &&
           ((isa & SY_ISA_FHM) == 0 || (first >> 23 & 1u) != 0) &&
           ((isa & SY_ISA_I8MM) == 0 || (second >> 13 & 1u) != 0) &&
           ((isa & SY_ISA_BF16) == 0 || (second >> 14 & 1u) != 0);
}
#else
static inline bool processor_has(uint32_t isa) {
    return isa == SY_ISA_GENERIC;
}
#endif

static inline void print_isa(const char *how, uint32_t isa) {
    static const struct {
        uint32_t bit;
        const char *name;
    } bits[] = {{SY_ISA_AVX_VNNI, "AVX-VNNI"}, {SY_ISA_VNNI, "VNNI"}, {SY_ISA_BF16, "BF16"},
        {SY_ISA_DOTPROD, "dot products"}, {SY_ISA_FHM, "FHM"}, {SY_ISA_I8MM, "I8MM"}};
    printf("%s: %s", how, sy_isa_name(isa));
    for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
        if ((isa & bits[i].bit) != 0)
            printf(" + %s", bits[i].name);
    printf("\n");
}

/* Instruction sets that this build and this CPU have; beside emulated kernels, those that are emulated.
 * Returns how many. */
static inline int usable_isas(uint32_t out_isas[MAX_ISAS]) {
    int count = 0;
#if defined(STEELYARD_EMULATED)
    if (!processor_has(SY_ISA_AVX2)) {
        puts("skipped: what emulates AVX-512 needs AVX2");
        exit(77);
    }
    for (size_t i = 0; i < MAX_ISAS; i++)
        if (known_isas[i] > SY_ISA_AVX2 && sy_isa_is_built(known_isas[i]))
            out_isas[count++] = known_isas[i];
    const char *how = "emulated";
#else
    for (size_t i = 0; i < MAX_ISAS; i++)
        if (sy_isa_is_built(known_isas[i]) && processor_has(known_isas[i]))
            out_isas[count++] = known_isas[i];
    const char *how = "native";
#endif
    for (int i = 0; i < count; i++)
        print_isa(how, out_isas[i]);
    return count;
}

/* Posts whose results are exact on small integers, drawn at random; operands of small integers follow in
 * operand[]. */
static inline uint32_t draw_posts(uint64_t *state, uint32_t dtype_out, sy_kernel_post *post) {
    static const uint32_t kinds[] = {SY_KERNEL_POST_BIAS, SY_KERNEL_POST_ADD, SY_KERNEL_POST_RELU,
        SY_KERNEL_POST_CLIP, SY_KERNEL_POST_SCALE_ROW, SY_KERNEL_POST_SCALE_COL, SY_KERNEL_POST_REQUANT};
    const uint32_t count = (uint32_t)pick(state, 0, 3);
    for (uint32_t i = 0; i < count; i++) {
        post[i] = (sy_kernel_post){.kind = kinds[pick(state, 0, 6)], .a = -20, .b = 30};
        if (post[i].kind == SY_KERNEL_POST_REQUANT)
            post[i].a = 0.25f; /* ties appear; the product stays exact */
        post[i].dtype = pick(state, 0, 1) ? dtype_out : SY_ELEMENT_BF16;
    }
    return count;
}

#endif
