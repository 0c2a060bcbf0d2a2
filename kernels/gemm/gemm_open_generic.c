/* Open tiles for any CPU: the constants of each tile height over the bodies of gemm_open_vector.h. */
#include "kernels/gemm/gemm_open_vector.h"

static void open_half(int rows, int cols, int64_t runs, const gemm_open_run *run, const float *b, float *c,
    const int64_t *row, bool accumulate, const gemm_open_end *end) {
    switch (rows) {
    case 1: open_half_f32(1, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 2: open_half_f32(2, 1, cols, runs, run, b, c, row, accumulate, end); break;
    case 3: open_half_f32(3, 1, cols, runs, run, b, c, row, accumulate, end); break;
    default: open_half_f32(4, 1, cols, runs, run, b, c, row, accumulate, end); break;
    }
}

void gemm_open_f32_4x8_generic(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end) {
    if (2 * cols <= GEMM_F32_COLS) {
        open_half(rows, cols, runs, run, b, c, row, accumulate, end);
        return;
    }
    switch (rows) {
    case 1: open_f32(1, cols, runs, run, b, c, row, accumulate, end); break;
    case 2: open_f32(2, cols, runs, run, b, c, row, accumulate, end); break;
    case 3: open_f32(3, cols, runs, run, b, c, row, accumulate, end); break;
    default: open_f32(4, cols, runs, run, b, c, row, accumulate, end); break;
    }
}
