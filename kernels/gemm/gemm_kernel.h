/* The table of choices: one row per instruction set and sum type, with its functions and block sizes.
 * Internal. */
#ifndef KERNELS_GEMM_GEMM_KERNEL_H
#define KERNELS_GEMM_GEMM_KERNEL_H

#include "kernels/gemm/gemm_finish.h"
#include "kernels/gemm/gemm_types.h"

/**
 * C (+)= A B on one tile: `rows` x `cols` of C, row stride ldc, in the sum type. a: k columns of `rows` panel
 * elements; b: k rows of kernel->cols panel elements. 1 <= rows <= kernel->rows, 1 <= cols <= kernel->cols.
 * Writes C within rows x cols only. k = 0 stores zeros (or leaves C alone when accumulating).
 */
typedef void (*gemm_tile_fn)(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);

/**
 * out[p * width + i] = lane[i][p] for p < count, i < lanes; zero for lanes <= i < width. Each lane is `count`
 * contiguous elements. lanes <= width <= 64.
 */
typedef void (*gemm_interleave_fn)(const void *const *lane, int lanes, int64_t count, void *out, int width);

/** sum[i][j] += sum over p of a[p][i] * b[p][j], i < rows <= 8, j < n: a dense k x rows, row strides ldb,
 * ld_sum. */
typedef void (*gemm_axpy_fn)(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);

/** sum[i][j] = sum over p of a[i][p] * b[j][p], i < rows, j < cols; lines contiguous, strides lda, ldb,
 * ld_sum. */
typedef void (*gemm_dot_fn)(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);

/**
 * One row of the table.
 *
 * sum            SY_ELEMENT_F32, F64 or S32: the type of sums and tiles.
 * panel_element  bytes of an element in packed panels (f32 4, f64 8, s16 2).
 * rows, cols     of the largest tile.
 * block_k        depth of a block: a panel of B of that depth stays in L1/L2 while A's panels pass.
 * block_panels   A panels of a block, so that they fill about half of L2.
 * block_n        columns whose sums a thread keeps at once, a multiple of `cols`.
 * interleave, axpy, dot  NULL for s32.
 */
typedef struct gemm_kernel {
    const char *name;
    uint32_t isa, sum;
    int panel_element, rows, cols;
    int64_t block_k, block_panels, block_n;
    gemm_tile_fn tile;
    gemm_interleave_fn interleave;
    gemm_axpy_fn axpy;
    gemm_dot_fn dot;
    gemm_finish_fn finish;
} gemm_kernel;

/** The row for an instruction set and sum type, NULL if this build has none. */
const gemm_kernel *gemm_kernel_find(uint32_t isa, uint32_t sum);

/** Type of the sums of products of two element types; 0 if they do not go together. */
uint32_t gemm_sum_type(uint32_t dtype_a, uint32_t dtype_b);

/* The rows' functions, by file: gemm_<isa>.c, gemm_<isa>_pack.c, gemm_stream_<isa>.c, gemm_finish_<isa>.c. */
void gemm_tile_f32_4x8_generic(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f64_4x4_generic(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_4x8_generic(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);
void gemm_interleave_f32_generic(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_f64_generic(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_axpy_f32_generic(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_axpy_f64_generic(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f32_generic(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f64_generic(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);

void gemm_tile_f32_6x16_avx2(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f64_6x8_avx2(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_4x16_avx2(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);
void gemm_interleave_f32_avx2(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_f64_avx2(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_axpy_f32_avx2(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_axpy_f64_avx2(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f32_avx2(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f64_avx2(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);

void gemm_tile_f32_14x32_avx512(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f64_14x16_avx512(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_8x32_avx512(
    int rows, int cols, int64_t k, const void *a, const void *b, void *c, int64_t ldc, bool accumulate);
void gemm_interleave_f32_avx512(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_interleave_f64_avx512(const void *const *lane, int lanes, int64_t count, void *out, int width);
void gemm_axpy_f32_avx512(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_axpy_f64_avx512(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f32_avx512(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f64_avx512(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);

#endif
