/*
 * Strips: open tiles over rows that lie at one step, so that one call computes any number of them and no
 * address is listed. The pixels of an image row under one window are such rows. Internal.
 */
#ifndef KERNELS_GEMM_GEMM_STRIP_H
#define KERNELS_GEMM_GEMM_STRIP_H

#include "kernels/gemm/gemm_ending.h"

/** A run of depth common to all rows: `count` units from `offset` bytes after a row's address; b as in
 * gemm_open_run. */
typedef struct gemm_strip_run {
    int64_t offset, count, b;
} gemm_strip_run;

/**
 * count    rows of the product, >= 1.
 * a        address of row 0; row i lies i * a_step bytes after it.
 * runs     of the list `run`; none: zeros (or C as it is when accumulating).
 * c        where row 0 goes; row i goes i * c_step elements after it.
 * end      NULL, or what is done with the sums: nothing is written to C then, which is read if accumulating,
 *          and just the wanted columns of row i to end->out + i * end_step. They are then a multiple of
 *          gemm_open.end_cols.
 * next     `next_bytes` that are fetched meanwhile, a few lines a tile: what is read after this strip.
 */
typedef struct gemm_strip {
    int64_t count;
    const unsigned char *a;
    int64_t a_step;
    int64_t runs;
    const gemm_strip_run *run;
    void *c;
    int64_t c_step;
    const gemm_ending *end;
    int64_t end_step;
    const unsigned char *next;
    int64_t next_bytes;
} gemm_strip;

/** C (+)= A B over all rows; cols, b and the width written as for gemm_open_fn. Heights of tiles follow from
 * strip->count alone. Result f32: one chain of multiply-adds an element. */
typedef void (*gemm_strip_fn)(const gemm_strip *strip, int cols, const void *b, bool accumulate);

/* By file: gemm_strip_<isa>.c. */
void gemm_strip_f32_4x8_generic(const gemm_strip *strip, int cols, const void *b, bool accumulate);
void gemm_strip_f32_6x16_avx2(const gemm_strip *strip, int cols, const void *b, bool accumulate);
void gemm_strip_f32_12x32_avx512(const gemm_strip *strip, int cols, const void *b, bool accumulate);
void gemm_strip_f32_6x16_neon(const gemm_strip *strip, int cols, const void *b, bool accumulate);

/** The same over panels of 32 columns of which 8 at most are wanted; only for strips with an end. */
void gemm_strip_f32_12x8_avx512(const gemm_strip *strip, int cols, const void *b, bool accumulate);

#endif
