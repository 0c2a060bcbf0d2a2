/* The epilogue of s32 sums, instance for any CPU of the body in gemm_finish_s32_vector.h. */
#include "kernels/gemm/gemm_finish_s32_vector.h"

void gemm_finish_s32_generic(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols) {
    if (is_arithmetic(finish))
        finish_s32(finish, tile, ld, row, rows, col, cols, GEMM_F32_COLS);
    else
        gemm_finish_s32(finish, tile, ld, row, rows, col, cols);
}
