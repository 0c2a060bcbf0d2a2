/* Matrices turned in registers, squares of one vector a side, over the compiler's vectors. Internal. */
#ifndef KERNELS_WINOGRAD_WINOGRAD_TURN_H
#define KERNELS_WINOGRAD_WINOGRAD_TURN_H

#include "kernels/gemm/gemm_vector.h"

#define TURN_PAIR(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

/*
 * Transpose a square in place. Pairs of rows are interleaved by single elements, then by two, as far as that
 * goes inside 16 bytes; then 16-byte quarters of rows change places.
 */
#if GEMM_VECTOR_BYTES == 16
GEMM_INLINE void turn_square(gemm_f32v r[4]) {
    const gemm_f32v a = TURN_PAIR(r[0], r[1], 0, 4, 1, 5), b = TURN_PAIR(r[0], r[1], 2, 6, 3, 7);
    const gemm_f32v c = TURN_PAIR(r[2], r[3], 0, 4, 1, 5), d = TURN_PAIR(r[2], r[3], 2, 6, 3, 7);
    r[0] = TURN_PAIR(a, c, 0, 1, 4, 5);
    r[1] = TURN_PAIR(a, c, 2, 3, 6, 7);
    r[2] = TURN_PAIR(b, d, 0, 1, 4, 5);
    r[3] = TURN_PAIR(b, d, 2, 3, 6, 7);
}
#elif GEMM_VECTOR_BYTES == 32
GEMM_INLINE void turn_square(gemm_f32v r[8]) {
    gemm_f32v t[8];
#pragma GCC unroll 2
    for (int i = 0; i < 8; i += 4) {
        const gemm_f32v a = TURN_PAIR(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        const gemm_f32v b = TURN_PAIR(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
        const gemm_f32v c = TURN_PAIR(r[i + 2], r[i + 3], 0, 8, 1, 9, 4, 12, 5, 13);
        const gemm_f32v d = TURN_PAIR(r[i + 2], r[i + 3], 2, 10, 3, 11, 6, 14, 7, 15);
        t[i] = TURN_PAIR(a, c, 0, 1, 8, 9, 4, 5, 12, 13);
        t[i + 1] = TURN_PAIR(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
        t[i + 2] = TURN_PAIR(b, d, 0, 1, 8, 9, 4, 5, 12, 13);
        t[i + 3] = TURN_PAIR(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        r[i] = TURN_PAIR(t[i], t[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        r[i + 4] = TURN_PAIR(t[i], t[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}
#else
#define TURN_LOW 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define TURN_HIGH 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define TURN_LOW_TWO 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define TURN_HIGH_TWO 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define TURN_EVEN_FOUR 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27
#define TURN_ODD_FOUR 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31
GEMM_INLINE void turn_square(gemm_f32v r[16]) {
    gemm_f32v t[16];
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) {
        const gemm_f32v a = TURN_PAIR(r[i], r[i + 1], TURN_LOW), b = TURN_PAIR(r[i], r[i + 1], TURN_HIGH);
        const gemm_f32v c = TURN_PAIR(r[i + 2], r[i + 3], TURN_LOW);
        const gemm_f32v d = TURN_PAIR(r[i + 2], r[i + 3], TURN_HIGH);
        t[i] = TURN_PAIR(a, c, TURN_LOW_TWO);
        t[i + 1] = TURN_PAIR(a, c, TURN_HIGH_TWO);
        t[i + 2] = TURN_PAIR(b, d, TURN_LOW_TWO);
        t[i + 3] = TURN_PAIR(b, d, TURN_HIGH_TWO);
    }
    /* t[4 g + j] holds, of rows 4 g to 4 g + 3, columns j, 4 + j, 8 + j, 12 + j. */
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++) {
        const gemm_f32v a = TURN_PAIR(t[j], t[4 + j], TURN_EVEN_FOUR);
        const gemm_f32v b = TURN_PAIR(t[j], t[4 + j], TURN_ODD_FOUR);
        const gemm_f32v c = TURN_PAIR(t[8 + j], t[12 + j], TURN_EVEN_FOUR);
        const gemm_f32v d = TURN_PAIR(t[8 + j], t[12 + j], TURN_ODD_FOUR);
        r[j] = TURN_PAIR(a, c, TURN_EVEN_FOUR);
        r[j + 8] = TURN_PAIR(a, c, TURN_ODD_FOUR);
        r[j + 4] = TURN_PAIR(b, d, TURN_EVEN_FOUR);
        r[j + 12] = TURN_PAIR(b, d, TURN_ODD_FOUR);
    }
}
#endif

/* to[j * to_ld + i] = from[i * from_ld + j], i < rows, j < cols. What does not fill a square is turned with
 * some of what lies before it once more; what is smaller than a square goes element by element. */
GEMM_INLINE void turn_matrix(
    const float *from, int64_t from_ld, int64_t rows, int64_t cols, float *to, int64_t to_ld) {
    if (rows < GEMM_F32_LANES || cols < GEMM_F32_LANES) {
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < cols; j++)
                to[j * to_ld + i] = from[i * from_ld + j];
        return;
    }
    for (int64_t next_i = 0; next_i < rows; next_i += GEMM_F32_LANES)
        for (int64_t next_j = 0; next_j < cols; next_j += GEMM_F32_LANES) {
            const int64_t i = next_i < rows - GEMM_F32_LANES ? next_i : rows - GEMM_F32_LANES;
            const int64_t j = next_j < cols - GEMM_F32_LANES ? next_j : cols - GEMM_F32_LANES;
            gemm_f32v square[GEMM_F32_LANES];
#pragma GCC unroll 16
            for (int p = 0; p < GEMM_F32_LANES; p++)
                square[p] = load_f32v(from + (i + p) * from_ld + j);
            turn_square(square);
#pragma GCC unroll 16
            for (int p = 0; p < GEMM_F32_LANES; p++)
                store_f32v(to + (j + p) * to_ld + i, square[p]);
        }
}

#endif
