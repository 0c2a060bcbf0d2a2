/* The f32 epilogue, instance for neon of the body in gemm_finish_vector.h. */
#include "kernels/gemm/gemm_finish_vector.h"
#include "kernels/gemm/gemm_put_neon.h"

void gemm_finish_f32_neon(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols) {
    finish_f32(finish, tile, ld, row, rows, col, cols, NEON_COLS);
}
