/*
 * Lanes: open tiles turned about. Rows of the left operand lie side by side in memory (pixels of a plane),
 * one line for each unit of depth, and are the vectors; the columns of the panel are the factors. The result
 * then lies in planes too. Internal.
 */
#ifndef KERNELS_GEMM_GEMM_LANES_H
#define KERNELS_GEMM_GEMM_LANES_H

#include <stdint.h>

/* Lanes of the longest vector. */
#define GEMM_LANES 16

/**
 * count    lanes, >= 1.
 * x        unit u of lane i is x[offset[u] + i]; readable as if count were a multiple of GEMM_LANES.
 * units    of depth; 0: zeros.
 * c        lane i of column j goes to c[j * c_step + i]; nothing else is written.
 * ahead    elements from c to where the next call will write, which is fetched; 0: nowhere.
 */
typedef struct gemm_lanes {
    int64_t count;
    const float *x;
    int64_t units;
    const int64_t *offset;
    float *c;
    int64_t c_step;
    int64_t ahead;
} gemm_lanes;

/** C = A B over all lanes and the first `cols` columns of a panel b: unit rows of gemm_open.cols units.
 * Result f32: one chain of multiply-adds an element. */
typedef void (*gemm_lanes_fn)(const gemm_lanes *lanes, int cols, const float *b);

/** out[f * out_step + i] = in[i * step + f], f < phases, i < count: a line taken apart. 1 <= phases <= step.
 */
typedef void (*gemm_part_fn)(
    const float *in, int64_t step, int64_t phases, int64_t count, float *out, int64_t out_step);

/* By file: gemm_lanes_<isa>.c. */
void gemm_lanes_f32_4x24_avx2(const gemm_lanes *lanes, int cols, const float *b);
void gemm_lanes_f32_8x48_avx512(const gemm_lanes *lanes, int cols, const float *b);
void gemm_lanes_f32_4x12_generic(const gemm_lanes *lanes, int cols, const float *b);
void gemm_lanes_f32_4x24_neon(const gemm_lanes *lanes, int cols, const float *b);
void gemm_part_f32_avx2(
    const float *in, int64_t step, int64_t phases, int64_t count, float *out, int64_t out_step);
void gemm_part_f32_avx512(
    const float *in, int64_t step, int64_t phases, int64_t count, float *out, int64_t out_step);
void gemm_part_f32_generic(
    const float *in, int64_t step, int64_t phases, int64_t count, float *out, int64_t out_step);
void gemm_part_f32_neon(
    const float *in, int64_t step, int64_t phases, int64_t count, float *out, int64_t out_step);

#endif
