/* The register kernels of Winograd's transforms and products, and their table. Internal. */
#ifndef KERNELS_WINOGRAD_WINOGRAD_KERNEL_H
#define KERNELS_WINOGRAD_WINOGRAD_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The two tiles, as indexes of the table's functions. Points of a tile of m x m outputs: (m + 2)^2. */
enum { WINOGRAD_F2 = 0, WINOGRAD_F4 = 1, WINOGRAD_TILES = 2, WINOGRAD_MAX_POINTS = 36 };

/**
 * B^T d B of one tile, `lanes` channels at a time. at: the window's (m + 2)^2 pixels by rows, `channels`
 * floats each. Point i of channels [j lanes, (j + 1) lanes) goes to v + i * plane + j * step; channels
 * beyond the last become zero.
 */
typedef void (*winograd_input_fn)(
    const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step);

/** A^T m A of one tile: point i at m + i * plane, pixel (p, q) at y + p * row + q * col; `count` channels,
 * a multiple of `lanes`. */
typedef void (*winograd_output_fn)(
    const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col);

/**
 * C (+)= A B: `rows` tiles (1 to the table's rows) x `cols` output channels. a: `blocks` blocks of rows x
 * lanes floats (rows outermost); b: blocks * lanes rows of `cols` floats; c: row stride ldc.
 */
typedef void (*winograd_product_fn)(
    int rows, int64_t blocks, const float *a, const float *b, float *c, int64_t ldc, bool accumulate);

/** to[j * to_ld + i] = from[i * from_ld + j], i < rows, j < cols; nothing else is read or written. */
typedef void (*winograd_turn_fn)(
    const float *from, int64_t from_ld, int64_t rows, int64_t cols, float *to, int64_t to_ld);

/**
 * One row of the table.
 *
 * level        SY_ISA_* without its bits.
 * lanes        channels of a vector; depths are filled up to a multiple of it.
 * rows, cols   of the largest product; cols are those of the f32 row of gemm_table.c, whose epilogue follows.
 * block_c      depth of a product, a multiple of lanes: a panel of weights of that depth stays in L1.
 * block_bytes  transformed tiles and sums that a block may take: they pass through L2.
 */
typedef struct winograd_kernel {
    uint32_t level;
    int lanes, rows, cols;
    int64_t block_c, block_bytes;
    winograd_input_fn input[WINOGRAD_TILES];
    winograd_output_fn output[WINOGRAD_TILES];
    winograd_product_fn product;
    winograd_turn_fn turn;
} winograd_kernel;

/** Row `index` of the table, NULL past the end. For tests and lists. */
const winograd_kernel *winograd_kernel_at(size_t index);

/** The row for the level of an instruction set, NULL if this build has none. */
const winograd_kernel *winograd_kernel_find(uint32_t isa);

/* The rows' functions, by file: winograd_<isa>.c. */
void winograd_input2_generic(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step);
void winograd_input4_generic(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step);
void winograd_output2_generic(
    const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col);
void winograd_output4_generic(
    const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col);
void winograd_product_4x8_generic(
    int rows, int64_t blocks, const float *a, const float *b, float *c, int64_t ldc, bool accumulate);
void winograd_turn_generic(
    const float *from, int64_t from_ld, int64_t rows, int64_t cols, float *to, int64_t to_ld);

void winograd_input2_avx2(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step);
void winograd_input4_avx2(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step);
void winograd_output2_avx2(const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col);
void winograd_output4_avx2(const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col);
void winograd_product_6x16_avx2(
    int rows, int64_t blocks, const float *a, const float *b, float *c, int64_t ldc, bool accumulate);
void winograd_turn_avx2(
    const float *from, int64_t from_ld, int64_t rows, int64_t cols, float *to, int64_t to_ld);

void winograd_input2_avx512(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step);
void winograd_input4_avx512(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step);
void winograd_output2_avx512(
    const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col);
void winograd_output4_avx512(
    const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col);
void winograd_product_14x32_avx512(
    int rows, int64_t blocks, const float *a, const float *b, float *c, int64_t ldc, bool accumulate);
void winograd_turn_avx512(
    const float *from, int64_t from_ld, int64_t rows, int64_t cols, float *to, int64_t to_ld);

void winograd_input2_neon(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step);
void winograd_input4_neon(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step);
void winograd_output2_neon(const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col);
void winograd_output4_neon(const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col);
void winograd_product_6x16_neon(
    int rows, int64_t blocks, const float *a, const float *b, float *c, int64_t ldc, bool accumulate);
void winograd_turn_neon(
    const float *from, int64_t from_ld, int64_t rows, int64_t cols, float *to, int64_t to_ld);

#endif
