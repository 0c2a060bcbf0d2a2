/* Matrix multiplication in f64, blocked so that the inner loop runs over packed columns in the cache. */
#include "kernels/reference/gemm.h"

#include <math.h>
#include <stddef.h>

/* Block of D held while k goes by, and of B copied for it: 16 KiB each, a first-level cache together. */
enum { BLOCK_M = 16, BLOCK_N = 128, BLOCK_K = 16 };

typedef struct block {
    int64_t row, column, k;       /* where it begins */
    int64_t rows, columns, depth; /* how far it goes */
} block;

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Copy depth x columns of B; the tail up to BLOCK_N is zero, so that the inner loop has one length. */
static void pack_b(const sy_reference_gemm *gemm, const block *at, double packed[BLOCK_K][BLOCK_N]) {
    for (int64_t k = 0; k < at->depth; k++) {
        const double *row = gemm->b + (at->k + k) * gemm->b_stride[0] + at->column * gemm->b_stride[1];
        for (int64_t j = 0; j < at->columns; j++)
            packed[k][j] = row[j * gemm->b_stride[1]];
        for (int64_t j = at->columns; j < BLOCK_N; j++)
            packed[k][j] = 0.0;
    }
}

static void add_four(double *restrict sum, const double (*restrict b)[BLOCK_N], const double a[4]) {
    const double a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
    for (int64_t j = 0; j < BLOCK_N; j++)
        sum[j] += (a0 * b[0][j] + a1 * b[1][j]) + (a2 * b[2][j] + a3 * b[3][j]);
}

static void add_one(double *restrict sum, const double *restrict b, double a) {
    for (int64_t j = 0; j < BLOCK_N; j++)
        sum[j] += a * b[j];
}

/* sum += A block x packed B. */
static void multiply_block(const sy_reference_gemm *gemm, const block *at, double packed[BLOCK_K][BLOCK_N],
    double sum[BLOCK_M][BLOCK_N]) {
    for (int64_t i = 0; i < at->rows; i++) {
        const double *a = gemm->a + (at->row + i) * gemm->a_stride[0] + at->k * gemm->a_stride[1];
        const int64_t step = gemm->a_stride[1];
        int64_t k = 0;
        for (; k + 4 <= at->depth; k += 4) {
            const double four[4] = {a[k * step], a[(k + 1) * step], a[(k + 2) * step], a[(k + 3) * step]};
            add_four(sum[i], (const double(*)[BLOCK_N])(packed + k), four);
        }
        for (; k < at->depth; k++)
            add_one(sum[i], packed[k], a[k * step]);
    }
}

/* D block = alpha sum + beta C block. */
static void store_block(const sy_reference_gemm *gemm, const block *at, double sum[BLOCK_M][BLOCK_N]) {
    for (int64_t i = 0; i < at->rows; i++)
        for (int64_t j = 0; j < at->columns; j++) {
            int64_t row = at->row + i, column = at->column + j;
            double value = gemm->alpha * sum[i][j];
            if (gemm->beta != 0.0)
                value += gemm->beta * gemm->c[row * gemm->c_stride[0] + column * gemm->c_stride[1]];
            gemm->d[row * gemm->d_stride[0] + column * gemm->d_stride[1]] = value;
        }
}

void sy_reference_gemm_run(const sy_reference_gemm *gemm) {
    double packed[BLOCK_K][BLOCK_N], sum[BLOCK_M][BLOCK_N];
    block at = {0};
    for (at.column = 0; at.column < gemm->n; at.column += BLOCK_N) {
        at.columns = least(BLOCK_N, gemm->n - at.column);
        for (at.row = 0; at.row < gemm->m; at.row += BLOCK_M) {
            at.rows = least(BLOCK_M, gemm->m - at.row);
            for (size_t i = 0; i < BLOCK_M; i++)
                for (size_t j = 0; j < BLOCK_N; j++)
                    sum[i][j] = 0.0;
            for (at.k = 0; at.k < gemm->k; at.k += BLOCK_K) {
                at.depth = least(BLOCK_K, gemm->k - at.k);
                pack_b(gemm, &at, packed);
                multiply_block(gemm, &at, packed, sum);
            }
            store_block(gemm, &at, sum);
        }
    }
}

void sy_reference_gemm_point(
    const sy_reference_gemm *gemm, int64_t row, int64_t column, sy_reference_point *out_point) {
    const double *a = gemm->a + row * gemm->a_stride[0];
    const double *b = gemm->b + column * gemm->b_stride[1];
    double sum = 0.0, absolute = 0.0, a_square = 0.0, b_square = 0.0;
    for (int64_t k = 0; k < gemm->k; k++) {
        double x = a[k * gemm->a_stride[1]], y = b[k * gemm->b_stride[0]];
        sum += x * y;
        absolute += fabs(x * y);
        a_square += x * x;
        b_square += y * y;
    }
    *out_point = (sy_reference_point){
        .sum = sum, .absolute = absolute, .a_norm = sqrt(a_square), .b_norm = sqrt(b_square)};
}

double sy_reference_norm(const double *values, int64_t count, int64_t stride) {
    double square = 0.0;
    for (int64_t i = 0; i < count; i++)
        square += values[i * stride] * values[i * stride];
    return sqrt(square);
}
