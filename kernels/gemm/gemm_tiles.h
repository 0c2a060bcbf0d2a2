/* The functions that rows of the table name, by instruction set; what each does is in gemm_kernel.h.
 * Internal. */
#ifndef KERNELS_GEMM_GEMM_TILES_H
#define KERNELS_GEMM_GEMM_TILES_H

#include "kernels/gemm/gemm_kernel.h"

/* generic */
void gemm_tile_f32_4x8_generic(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f64_4x4_generic(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_4x8_generic(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_axpy_f32_generic(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_axpy_f64_generic(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f32_generic(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f64_generic(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);

/* avx2 */
void gemm_tile_f32_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f32_bf16_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f32_f16_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f64_6x8_avx2(int rows, int cols, int64_t units, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_4x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_pairs_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_pairs_s8_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_pairs_u8_6x16_avx2(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_axpy_f32_avx2(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_axpy_f64_avx2(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f32_avx2(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f64_avx2(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);

/* avx512 */
void gemm_tile_f32_14x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f64_14x16_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_8x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f32_bf16_14x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f32_f16_14x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_pairs_12x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_pairs_s8_12x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_pairs_u8_12x32_avx512(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_axpy_f32_avx512(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_axpy_f64_avx512(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f32_avx512(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f64_avx512(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);
void gemm_bare_f32_generic(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_bare_f64_generic(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_bare_f32_avx2(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b, int64_t ldb,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_bare_f64_avx2(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b, int64_t ldb,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_bare_f32_avx512(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_bare_f64_avx512(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, const void *next, void *c, int64_t ldc, bool accumulate);

void gemm_pair_f32_avx2(int rows, int64_t k, const void *a, int64_t lda, const void *b, int64_t b_step,
    void *c, int64_t ldc, int64_t c_step, bool accumulate);
void gemm_pair_f32_avx512(int rows, int64_t k, const void *a, int64_t lda, const void *b, int64_t b_step,
    void *c, int64_t ldc, int64_t c_step, bool accumulate);

/* avx2 with AVX-VNNI; avx512 with VNNI, with BF16 */
void gemm_tile_s32_quads_6x16_avxvnni(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_quads_14x32_avx512_vnni(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_bf16_pairs_14x32_avx512_bf16(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
/** Rows of the table for a processor family, best first, and how many. */
size_t gemm_x86_rows(const gemm_kernel **out_rows);
size_t gemm_neon_rows(const gemm_kernel **out_rows);

/* neon */
void gemm_tile_f32_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f32_bf16_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f32_f16_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f64_6x8_neon(int rows, int cols, int64_t units, const void *a, const void *b, const void *next,
    void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_quads_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_s32_octets_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_bf16_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_tile_f16_6x16_neon(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_bare_f32_neon(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b, int64_t ldb,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_axpy_f32_neon(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f32_neon(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);
void gemm_bare_f64_neon(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b, int64_t ldb,
    const void *next, void *c, int64_t ldc, bool accumulate);
void gemm_axpy_f64_neon(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);
void gemm_dot_f64_neon(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);

#endif
