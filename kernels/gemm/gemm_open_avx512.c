/* Open tiles, AVX-512: the constants of each tile height over the bodies of gemm_open_vector.h. */
#include "kernels/gemm/gemm_open_vector.h"

static void open_half(int rows, int cols, int64_t runs, const gemm_open_run *run, const float *b, float *c,
    const int64_t *row, bool accumulate, const gemm_open_end *end) {
    switch (rows) {
    case 1: open_half_f32(1, 4, cols, runs, run, b, c, row, accumulate, end); break;
    case 2: open_half_f32(2, 4, cols, runs, run, b, c, row, accumulate, end); break;
    case 3: open_half_f32(3, 4, cols, runs, run, b, c, row, accumulate, end); break;
    case 4: open_half_f32(4, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 5: open_half_f32(5, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 6: open_half_f32(6, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 7: open_half_f32(7, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 8: open_half_f32(8, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 9: open_half_f32(9, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 10: open_half_f32(10, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 11: open_half_f32(11, 1, cols, runs, run, b, c, row, accumulate, end); break;
    default: open_half_f32(12, 1, cols, runs, run, b, c, row, accumulate, end); break;
    }
}

void gemm_open_f32_12x32_avx512(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end) {
    if (2 * cols <= GEMM_F32_COLS) {
        open_half(rows, cols, runs, run, b, c, row, accumulate, end);
        return;
    }
    switch (rows) {
    case 1: open_few_f32(1, 4, cols, runs, run, b, c, row, accumulate, end); break;
    case 2: open_few_f32(2, 4, cols, runs, run, b, c, row, accumulate, end); break;
    case 3: open_few_f32(3, 4, cols, runs, run, b, c, row, accumulate, end); break;
    case 4: open_f32(4, cols, runs, run, b, c, row, accumulate, end); break;
    case 5: open_f32(5, cols, runs, run, b, c, row, accumulate, end); break;
    case 6: open_f32(6, cols, runs, run, b, c, row, accumulate, end); break;
    case 7: open_f32(7, cols, runs, run, b, c, row, accumulate, end); break;
    case 8: open_f32(8, cols, runs, run, b, c, row, accumulate, end); break;
    case 9: open_f32(9, cols, runs, run, b, c, row, accumulate, end); break;
    case 10: open_f32(10, cols, runs, run, b, c, row, accumulate, end); break;
    case 11: open_f32(11, cols, runs, run, b, c, row, accumulate, end); break;
    default: open_f32(12, cols, runs, run, b, c, row, accumulate, end); break;
    }
}
