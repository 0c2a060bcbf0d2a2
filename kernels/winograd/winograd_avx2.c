/* Winograd's transforms and products, AVX2 with FMA: instances of the bodies in winograd_vector.h. */
#include "kernels/winograd/winograd_turn.h"
#include "kernels/winograd/winograd_vector.h"

void winograd_input2_avx2(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step) {
    input_tile(2, at, channels, v, plane, step);
}

void winograd_output2_avx2(const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col) {
    output_tile(2, m, plane, count, y, row, col);
}

void winograd_input4_avx2(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step) {
    input_tile(4, at, channels, v, plane, step);
}

void winograd_output4_avx2(const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col) {
    output_tile(4, m, plane, count, y, row, col);
}

void winograd_product_6x16_avx2(
    int rows, int64_t blocks, const float *a, const float *b, float *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: product_rows(1, 2, blocks, a, b, c, ldc, accumulate); break;
    case 2: product_rows(2, 2, blocks, a, b, c, ldc, accumulate); break;
    case 3: product_rows(3, 2, blocks, a, b, c, ldc, accumulate); break;
    case 4: product_rows(4, 2, blocks, a, b, c, ldc, accumulate); break;
    case 5: product_rows(5, 2, blocks, a, b, c, ldc, accumulate); break;
    default: product_rows(6, 2, blocks, a, b, c, ldc, accumulate); break;
    }
}

void winograd_turn_avx2(
    const float *from, int64_t from_ld, int64_t rows, int64_t cols, float *to, int64_t to_ld) {
    turn_matrix(from, from_ld, rows, cols, to, to_ld);
}
