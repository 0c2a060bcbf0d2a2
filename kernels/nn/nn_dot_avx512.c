/* A matrix times a vector, AVX-512: the instance of nn_dot_vector.h. */
#include "kernels/nn/nn_dot_vector.h"

void nn_dot_f32_avx512(const float *matrix, int64_t rows, int64_t depth, const float *x, float *out) {
    nn_dot_rows(matrix, rows, depth, x, out);
}
