/* Winograd's transforms and products, AVX-512: instances of the bodies in winograd_vector.h. */
#include "kernels/winograd/winograd_turn.h"
#include "kernels/winograd/winograd_vector.h"

void winograd_input2_avx512(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step) {
    input_tile(2, at, channels, v, plane, step);
}

void winograd_output2_avx512(
    const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col) {
    output_tile(2, m, plane, count, y, row, col);
}

void winograd_input4_avx512(const float *const *at, int64_t channels, float *v, int64_t plane, int64_t step) {
    input_tile(4, at, channels, v, plane, step);
}

void winograd_output4_avx512(
    const float *m, int64_t plane, int64_t count, float *y, int64_t row, int64_t col) {
    output_tile(4, m, plane, count, y, row, col);
}

void winograd_product_14x32_avx512(
    int rows, int64_t blocks, const float *a, const float *b, float *c, int64_t ldc, bool accumulate) {
    switch (rows) {
    case 1: product_rows(1, 2, blocks, a, b, c, ldc, accumulate); break;
    case 2: product_rows(2, 2, blocks, a, b, c, ldc, accumulate); break;
    case 3: product_rows(3, 2, blocks, a, b, c, ldc, accumulate); break;
    case 4: product_rows(4, 2, blocks, a, b, c, ldc, accumulate); break;
    case 5: product_rows(5, 2, blocks, a, b, c, ldc, accumulate); break;
    case 6: product_rows(6, 2, blocks, a, b, c, ldc, accumulate); break;
    case 7: product_rows(7, 2, blocks, a, b, c, ldc, accumulate); break;
    case 8: product_rows(8, 2, blocks, a, b, c, ldc, accumulate); break;
    case 9: product_rows(9, 2, blocks, a, b, c, ldc, accumulate); break;
    case 10: product_rows(10, 2, blocks, a, b, c, ldc, accumulate); break;
    case 11: product_rows(11, 2, blocks, a, b, c, ldc, accumulate); break;
    case 12: product_rows(12, 2, blocks, a, b, c, ldc, accumulate); break;
    case 13: product_rows(13, 2, blocks, a, b, c, ldc, accumulate); break;
    default: product_rows(14, 2, blocks, a, b, c, ldc, accumulate); break;
    }
}

void winograd_turn_avx512(
    const float *from, int64_t from_ld, int64_t rows, int64_t cols, float *to, int64_t to_ld) {
    turn_matrix(from, from_ld, rows, cols, to, to_ld);
}
