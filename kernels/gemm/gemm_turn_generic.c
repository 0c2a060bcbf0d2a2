/* Turning lines of four-byte elements, for any CPU. */
#include "kernels/gemm/gemm_open.h"

void gemm_turn_4_generic(
    const void *in, int64_t in_step, int64_t rows, int64_t cols, void *out, int64_t out_step) {
    const uint32_t *from = in;
    uint32_t *to = out;
    for (int64_t j = 0; j < cols; j++)
        for (int64_t i = 0; i < rows; i++)
            to[j * out_step + i] = from[i * in_step + j];
}
