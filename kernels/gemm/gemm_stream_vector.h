/* Bodies of the kernels for few rows that read B where it lies: by rows of B (axpy) and by its columns (dot).
 */
#ifndef KERNELS_GEMM_GEMM_STREAM_VECTOR_H
#define KERNELS_GEMM_GEMM_STREAM_VECTOR_H

#include "kernels/gemm/gemm_vector.h"

/*
 * sum[0..rows)[0..n) += a[0..depth)[0..rows) * b[0..depth)[0..n): each loaded vector of B serves all rows,
 * each sum is loaded and stored once per `depth` of B's rows. rows and depth are constants.
 */
GEMM_INLINE void axpy_f32(const int rows, const int depth, int64_t n, const float *a, const float *b,
    int64_t ldb, float *sum, int64_t ld_sum) {
    int64_t j = 0;
    for (; j + GEMM_F32_LANES <= n; j += GEMM_F32_LANES) {
        gemm_f32v line[8];
#pragma GCC unroll 8
        for (int p = 0; p < depth; p++)
            line[p] = load_f32v(b + p * ldb + j);
#pragma GCC unroll 8
        for (int i = 0; i < rows; i++) {
            gemm_f32v s = load_f32v(sum + i * ld_sum + j);
#pragma GCC unroll 8
            for (int p = 0; p < depth; p++)
                s += a[p * rows + i] * line[p];
            store_f32v(sum + i * ld_sum + j, s);
        }
    }
    for (; j < n; j++)
        for (int i = 0; i < rows; i++)
            for (int p = 0; p < depth; p++)
                sum[i * ld_sum + j] += a[p * rows + i] * b[p * ldb + j];
}

GEMM_INLINE void axpy_f64(const int rows, const int depth, int64_t n, const double *a, const double *b,
    int64_t ldb, double *sum, int64_t ld_sum) {
    int64_t j = 0;
    for (; j + GEMM_F64_LANES <= n; j += GEMM_F64_LANES) {
        gemm_f64v line[8];
#pragma GCC unroll 8
        for (int p = 0; p < depth; p++)
            line[p] = load_f64v(b + p * ldb + j);
#pragma GCC unroll 8
        for (int i = 0; i < rows; i++) {
            gemm_f64v s = load_f64v(sum + i * ld_sum + j);
#pragma GCC unroll 8
            for (int p = 0; p < depth; p++)
                s += a[p * rows + i] * line[p];
            store_f64v(sum + i * ld_sum + j, s);
        }
    }
    for (; j < n; j++)
        for (int i = 0; i < rows; i++)
            for (int p = 0; p < depth; p++)
                sum[i * ld_sum + j] += a[p * rows + i] * b[p * ldb + j];
}

/* All k rows of B: by `depth`, then one by one. */
GEMM_INLINE void axpy_all_f32(const int rows, const int depth, int64_t n, int64_t k, const float *a,
    const float *b, int64_t ldb, float *sum, int64_t ld_sum) {
    int64_t p = 0;
    for (; p + depth <= k; p += depth)
        axpy_f32(rows, depth, n, a + p * rows, b + p * ldb, ldb, sum, ld_sum);
    for (; p < k; p++)
        axpy_f32(rows, 1, n, a + p * rows, b + p * ldb, ldb, sum, ld_sum);
}

GEMM_INLINE void axpy_all_f64(const int rows, const int depth, int64_t n, int64_t k, const double *a,
    const double *b, int64_t ldb, double *sum, int64_t ld_sum) {
    int64_t p = 0;
    for (; p + depth <= k; p += depth)
        axpy_f64(rows, depth, n, a + p * rows, b + p * ldb, ldb, sum, ld_sum);
    for (; p < k; p++)
        axpy_f64(rows, 1, n, a + p * rows, b + p * ldb, ldb, sum, ld_sum);
}

GEMM_INLINE void axpy_rows_f32(
    int rows, int64_t n, int64_t k, const float *a, const float *b, int64_t ldb, float *sum, int64_t ld_sum) {
    switch (rows) {
    case 1: axpy_all_f32(1, 8, n, k, a, b, ldb, sum, ld_sum); break;
    case 2: axpy_all_f32(2, 8, n, k, a, b, ldb, sum, ld_sum); break;
    case 3: axpy_all_f32(3, 4, n, k, a, b, ldb, sum, ld_sum); break;
    case 4: axpy_all_f32(4, 4, n, k, a, b, ldb, sum, ld_sum); break;
    case 5: axpy_all_f32(5, 4, n, k, a, b, ldb, sum, ld_sum); break;
    case 6: axpy_all_f32(6, 4, n, k, a, b, ldb, sum, ld_sum); break;
    case 7: axpy_all_f32(7, 4, n, k, a, b, ldb, sum, ld_sum); break;
    default: axpy_all_f32(8, 4, n, k, a, b, ldb, sum, ld_sum); break;
    }
}

GEMM_INLINE void axpy_rows_f64(int rows, int64_t n, int64_t k, const double *a, const double *b, int64_t ldb,
    double *sum, int64_t ld_sum) {
    switch (rows) {
    case 1: axpy_all_f64(1, 8, n, k, a, b, ldb, sum, ld_sum); break;
    case 2: axpy_all_f64(2, 8, n, k, a, b, ldb, sum, ld_sum); break;
    case 3: axpy_all_f64(3, 4, n, k, a, b, ldb, sum, ld_sum); break;
    case 4: axpy_all_f64(4, 4, n, k, a, b, ldb, sum, ld_sum); break;
    case 5: axpy_all_f64(5, 4, n, k, a, b, ldb, sum, ld_sum); break;
    case 6: axpy_all_f64(6, 4, n, k, a, b, ldb, sum, ld_sum); break;
    case 7: axpy_all_f64(7, 4, n, k, a, b, ldb, sum, ld_sum); break;
    default: axpy_all_f64(8, 4, n, k, a, b, ldb, sum, ld_sum); break;
    }
}

/* Sum of the lanes by pairs of neighbours, pairs of pairs and so on: the order of every dot product here. */
GEMM_INLINE float sum_lanes_f32(gemm_f32v v) {
    float sum[GEMM_F32_LANES];
    memcpy(sum, &v, sizeof(sum));
#pragma GCC unroll 4
    for (int width = GEMM_F32_LANES / 2; width > 0; width /= 2)
#pragma GCC unroll 8
        for (int i = 0; i < width; i++)
            sum[i] = sum[2 * i] + sum[2 * i + 1];
    return sum[0];
}

/* rows x cols dot products of lines of k contiguous elements; rows, cols <= 4 are constants. */
GEMM_INLINE void dot_f32(const int rows, const int cols, int64_t k, const float *a, int64_t lda,
    const float *b, int64_t ldb, float *sum, int64_t ld_sum) {
    gemm_f32v part[4][4] = {0};
    int64_t p = 0;
    for (; p + GEMM_F32_LANES <= k; p += GEMM_F32_LANES) {
#pragma GCC unroll 4
        for (int j = 0; j < cols; j++) {
            const gemm_f32v line = load_f32v(b + j * ldb + p);
#pragma GCC unroll 4
            for (int i = 0; i < rows; i++)
                part[i][j] += load_f32v(a + i * lda + p) * line;
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            float total = sum_lanes_f32(part[i][j]);
            for (int64_t rest = p; rest < k; rest++)
                total += a[i * lda + rest] * b[j * ldb + rest];
            sum[i * ld_sum + j] = total;
        }
}

GEMM_INLINE void dot_f64(const int rows, const int cols, int64_t k, const double *a, int64_t lda,
    const double *b, int64_t ldb, double *sum, int64_t ld_sum) {
    gemm_f64v part[4][4] = {0};
    int64_t p = 0;
    for (; p + GEMM_F64_LANES <= k; p += GEMM_F64_LANES) {
#pragma GCC unroll 4
        for (int j = 0; j < cols; j++) {
            const gemm_f64v line = load_f64v(b + j * ldb + p);
#pragma GCC unroll 4
            for (int i = 0; i < rows; i++)
                part[i][j] += load_f64v(a + i * lda + p) * line;
        }
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            double total = 0;
            for (int lane = 0; lane < GEMM_F64_LANES; lane++)
                total += part[i][j][lane];
            for (int64_t rest = p; rest < k; rest++)
                total += a[i * lda + rest] * b[j * ldb + rest];
            sum[i * ld_sum + j] = total;
        }
}

/* Any rows and columns by blocks of four, then one by one. Element (i, j) must not depend on the split over
 * columns. */
GEMM_INLINE void dot_all_f32(int rows, int64_t cols, int64_t k, const float *a, int64_t lda, const float *b,
    int64_t ldb, float *sum, int64_t ld_sum) {
    for (int64_t j = 0; j < cols; j += 4)
        for (int i = 0; i < rows; i += 4) {
            const float *ai = a + i * lda, *bj = b + j * ldb;
            float *out = sum + i * ld_sum + j;
            if (rows - i >= 4 && cols - j >= 4)
                dot_f32(4, 4, k, ai, lda, bj, ldb, out, ld_sum);
            else if (rows - i == 1 && cols - j >= 4)
                dot_f32(1, 4, k, ai, lda, bj, ldb, out, ld_sum);
            else
                for (int y = 0; y < rows - i && y < 4; y++)
                    for (int x = 0; x < cols - j && x < 4; x++)
                        dot_f32(1, 1, k, ai + y * lda, lda, bj + x * ldb, ldb, out + y * ld_sum + x, ld_sum);
        }
}

GEMM_INLINE void dot_all_f64(int rows, int64_t cols, int64_t k, const double *a, int64_t lda, const double *b,
    int64_t ldb, double *sum, int64_t ld_sum) {
    for (int64_t j = 0; j < cols; j += 4)
        for (int i = 0; i < rows; i += 4) {
            const double *ai = a + i * lda, *bj = b + j * ldb;
            double *out = sum + i * ld_sum + j;
            if (rows - i >= 4 && cols - j >= 4)
                dot_f64(4, 4, k, ai, lda, bj, ldb, out, ld_sum);
            else if (rows - i == 1 && cols - j >= 4)
                dot_f64(1, 4, k, ai, lda, bj, ldb, out, ld_sum);
            else
                for (int y = 0; y < rows - i && y < 4; y++)
                    for (int x = 0; x < cols - j && x < 4; x++)
                        dot_f64(1, 1, k, ai + y * lda, lda, bj + x * ldb, ldb, out + y * ld_sum + x, ld_sum);
        }
}

#endif
