/* Bodies of the transforms and products, over the vectors of gemm_vector.h; the instances are in
 * winograd_<isa>.c. */
#ifndef KERNELS_WINOGRAD_WINOGRAD_VECTOR_H
#define KERNELS_WINOGRAD_WINOGRAD_VECTOR_H

#include "kernels/gemm/gemm_vector.h"
#include "kernels/winograd/winograd_kernel.h"
#include "kernels/winograd/winograd_points.h"

/* Weights are fetched so far ahead: into the next panel at the end of one. */
enum { PREFETCH_FLOATS = 1024, LINE_FLOATS = 16 };

/* One column of B^T d, tile 2 or 4, from d to out. */
GEMM_INLINE void input_line(const int tile, const gemm_f32v *d, gemm_f32v *out) {
    if (tile == 2) {
        out[0] = d[0] - d[2];
        out[1] = d[1] + d[2];
        out[2] = d[2] - d[1];
        out[3] = d[3] - d[1];
        return;
    }
    const gemm_f32v p = d[4] - WINOGRAD_B2 * d[2], q = d[3] - WINOGRAD_B2 * d[1];
    const gemm_f32v s = d[4] - WINOGRAD_A2 * d[2], t = d[3] - WINOGRAD_A2 * d[1];
    out[0] = WINOGRAD_A2 * WINOGRAD_B2 * d[0] + (d[4] - (WINOGRAD_A2 + WINOGRAD_B2) * d[2]);
    out[1] = p + WINOGRAD_A * q;
    out[2] = p - WINOGRAD_A * q;
    out[3] = s + WINOGRAD_B * t;
    out[4] = s - WINOGRAD_B * t;
    out[5] = WINOGRAD_A2 * WINOGRAD_B2 * d[1] + (d[5] - (WINOGRAD_A2 + WINOGRAD_B2) * d[3]);
}

/* One column of A^T m. */
GEMM_INLINE void output_line(const int tile, const gemm_f32v *m, gemm_f32v *out) {
    const gemm_f32v s = m[1] + m[2], d = m[1] - m[2];
    if (tile == 2) {
        out[0] = m[0] + s;
        out[1] = d + m[3];
        return;
    }
    const gemm_f32v t = m[3] + m[4], e = m[3] - m[4];
    out[0] = m[0] + (s + t);
    out[1] = WINOGRAD_A * d + WINOGRAD_B * e;
    out[2] = WINOGRAD_A2 * s + WINOGRAD_B2 * t;
    out[3] = m[5] + (WINOGRAD_A3 * d + WINOGRAD_B3 * e);
}

/* One vector of channels of a tile. */
GEMM_INLINE void input_vector(
    const int tile, const float *const *at, int64_t channel, float *v, int64_t plane) {
    const int n = tile + 2;
    gemm_f32v half[6][6];
#pragma GCC unroll 6
    for (int j = 0; j < n; j++) {
        gemm_f32v d[6], line[6];
#pragma GCC unroll 6
        for (int i = 0; i < n; i++)
            d[i] = load_f32v(at[i * n + j] + channel);
        input_line(tile, d, line);
#pragma GCC unroll 6
        for (int i = 0; i < n; i++)
            half[i][j] = line[i];
    }
#pragma GCC unroll 6
    for (int i = 0; i < n; i++) {
        gemm_f32v line[6];
        input_line(tile, half[i], line);
#pragma GCC unroll 6
        for (int j = 0; j < n; j++)
            store_f32v(v + (i * n + j) * plane, line[j]);
    }
}

/* The channels that do not fill a vector, filled up with zeros. */
GEMM_INLINE void input_rest(
    const int tile, const float *const *at, int64_t channel, int64_t count, float *v, int64_t plane) {
    const int points = (tile + 2) * (tile + 2);
    float rest[WINOGRAD_MAX_POINTS][GEMM_F32_LANES] = {0};
    const float *filled[WINOGRAD_MAX_POINTS];
    for (int i = 0; i < points; i++) {
        memcpy(rest[i], at[i] + channel, (size_t)count * sizeof(float));
        filled[i] = rest[i];
    }
    input_vector(tile, filled, 0, v, plane);
}

GEMM_INLINE void input_tile(
    const int tile, const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step) {
    int64_t c = 0;
    for (; c + GEMM_F32_LANES <= channels; c += GEMM_F32_LANES, v += step)
        input_vector(tile, at, c, v, plane);
    if (c < channels)
        input_rest(tile, at, c, channels - c, v, plane);
}

GEMM_INLINE void output_vector(
    const int tile, const float *m, int64_t plane, float *y, int64_t row, int64_t col) {
    const int n = tile + 2;
    gemm_f32v half[4][6];
#pragma GCC unroll 6
    for (int j = 0; j < n; j++) {
        gemm_f32v line[6], out[4];
#pragma GCC unroll 6
        for (int i = 0; i < n; i++)
            line[i] = load_f32v(m + (i * n + j) * plane);
        output_line(tile, line, out);
#pragma GCC unroll 4
        for (int i = 0; i < tile; i++)
            half[i][j] = out[i];
    }
#pragma GCC unroll 4
    for (int i = 0; i < tile; i++) {
        gemm_f32v out[4];
        output_line(tile, half[i], out);
#pragma GCC unroll 4
        for (int j = 0; j < tile; j++)
            store_f32v(y + i * row + j * col, out[j]);
    }
}

GEMM_INLINE void output_tile(
    const int tile, const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col) {
    for (int64_t k = 0; k < count; k += GEMM_F32_LANES)
        output_vector(tile, m + k, plane, y + k, row, col);
}

/* Sums of a product to C, or added to what is there. */
GEMM_INLINE void put_product(
    const int rows, const int vectors, gemm_f32v sum[][4], float *c, int64_t ldc, bool accumulate) {
#pragma GCC unroll 14
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
        for (int j = 0; j < vectors; j++) {
            float *to = c + i * ldc + j * GEMM_F32_LANES;
            store_f32v(to, accumulate ? load_f32v(to) + sum[i][j] : sum[i][j]);
        }
}

/* rows x vectors; both constant, rows <= 14, vectors <= 4. Each element is one chain over the depth, so its
 * bits do not depend on `rows`. */
GEMM_INLINE void product_rows(const int rows, const int vectors, int64_t blocks, const float *a,
    const float *b, float *c, int64_t ldc, bool accumulate) {
    const int cols = vectors * GEMM_F32_LANES;
    gemm_f32v sum[GEMM_MAX_ROWS][4] = {0};
    for (int64_t block = 0; block < blocks; block++) {
#pragma GCC unroll 16
        for (int p = 0; p < GEMM_F32_LANES; p++) {
            gemm_f32v weight[4];
#pragma GCC unroll 4
            for (int j = 0; j < vectors; j++)
                weight[j] = load_f32v(b + p * cols + j * GEMM_F32_LANES);
#pragma GCC unroll 2
            for (int j = 0; j < cols; j += LINE_FLOATS)
                if (p * cols % LINE_FLOATS == 0)
                    __builtin_prefetch(b + p * cols + j + PREFETCH_FLOATS);
#pragma GCC unroll 14
            for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
                for (int j = 0; j < vectors; j++)
                    sum[i][j] += a[i * GEMM_F32_LANES + p] * weight[j];
        }
        a += rows * GEMM_F32_LANES;
        b += GEMM_F32_LANES * cols;
    }
    put_product(rows, vectors, sum, c, ldc, accumulate);
}

#endif
