/*
 * Probes: loops that do nothing but move memory or multiply and add, to find what a processor can do at most.
 * Pure functions: no allocation, no threads, no CPU probing; each thread calls them on its own share.
 */
#ifndef KERNELS_PROBE_PROBE_H
#define KERNELS_PROBE_PROBE_H

#include <stddef.h>
#include <stdint.h>

/* What the CPU has, as the caller found it; combined with |. AVX2 means AVX2, FMA and F16C; AVX512 means F,
 * BW, DQ and VL. NEON: what every 64-bit Arm CPU has; FHM is fmlal, BF16 bfmmla, I8MM smmla. */
enum {
    SY_PROBE_AVX2 = 1,
    SY_PROBE_AVX512 = 2,
    SY_PROBE_AVX512_BF16 = 4,
    SY_PROBE_AVX512_VNNI = 8,
    SY_PROBE_NEON = 16,
    SY_PROBE_NEON_DOTPROD = 32,
    SY_PROBE_NEON_FHM = 64,
    SY_PROBE_NEON_BF16 = 128,
    SY_PROBE_NEON_I8MM = 256
};

/**
 * Memory streams over f32, in the widest vectors of a level. Ordinary stores: a line that is written is first
 * read (write-allocate), so fill and triad move more than they count, as most programs do.
 *
 * read   sum of x[0..count-1], in several chains: not in index order.
 * triad  a[i] = b[i] + scale * c[i]; the multiply-add may be fused.
 * fill   a[i] = value.
 * Pointers are aligned to 4 bytes; arrays do not overlap; count may be 0.
 */
typedef struct sy_probe_stream {
    uint32_t features;
    float (*read)(const float *x, size_t count);
    void (*triad)(float *a, const float *b, const float *c, float scale, size_t count);
    void (*fill)(float *a, float value, size_t count);
} sy_probe_stream;

/**
 * A loop of independent multiply-add chains in registers.
 *
 * method          what it is made of, for the record: "avx512 vfmadd zmm, 16 chains".
 * dtype_in        SY_* number of the factors; dtype_acc of the sums.
 * features        what it needs.
 * lanes           sums that are kept (chains x elements).
 * flop_per_round  of one round of the loop.
 * is_emulated     the CPU has no such multiply; this is the instruction a kernel would use in its place.
 * run             `rounds` rounds. Returns the sum over all lanes, which depends on every operation. Floating
 *                 sums start at `start` and tend to 1 in every lane (x = 0.75 x + 0.25), or, for dot products
 *                 and on NEON, whose multiply-add keeps no more than the sum, grow by 2^-11 a lane and round;
 *                 integer ones grow by 4 a lane and round, modulo 2^32, as a signed number.
 */
typedef struct sy_probe_peak {
    const char *method;
    uint32_t dtype_in, dtype_acc, features;
    uint32_t lanes, flop_per_round, is_emulated;
    double (*run)(int64_t rounds, double start);
} sy_probe_peak;

/** The best streams for `features`; never NULL. */
const sy_probe_stream *sy_probe_stream_find(uint32_t features);

/** The best loop for these types and `features`; NULL if there is none (types that no kernel multiplies). */
const sy_probe_peak *sy_probe_peak_find(uint32_t dtype_in, uint32_t dtype_acc, uint32_t features);

/** Row `index` of the table of loops, best first; NULL past the end. For tests of every row. */
const sy_probe_peak *sy_probe_peak_row(size_t index);

#endif
