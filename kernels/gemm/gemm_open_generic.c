/* Open tiles for any CPU: the constants of each tile height over the bodies of gemm_open_vector.h. */
#include "kernels/gemm/gemm_open_vector.h"

static void open_half(int rows, int64_t runs, const gemm_open_run *run, const float *b, float *c,
    const int64_t *row, bool accumulate) {
    switch (rows) {
    case 1: open_half_f32(1, 1, runs, run, b, c, row, accumulate); break;
    case 2: open_half_f32(2, 1, runs, run, b, c, row, accumulate); break;
    case 3: open_half_f32(3, 1, runs, run, b, c, row, accumulate); break;
    default: open_half_f32(4, 1, runs, run, b, c, row, accumulate); break;
    }
}

void gemm_open_f32_4x8_generic(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate) {
    if (2 * cols <= GEMM_F32_COLS) {
        open_half(rows, runs, run, b, c, row, accumulate);
        return;
    }
    switch (rows) {
    case 1: open_f32(1, runs, run, b, c, row, accumulate); break;
    case 2: open_f32(2, runs, run, b, c, row, accumulate); break;
    case 3: open_f32(3, runs, run, b, c, row, accumulate); break;
    default: open_f32(4, runs, run, b, c, row, accumulate); break;
    }
}
