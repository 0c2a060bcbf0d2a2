/* Pools, AVX-512: the instances of nn_pool_vector.h. */
#include "kernels/nn/nn_pool_vector.h"

static void max_lines(const nn_pool_job *job) {
    nn_pool_all(true, job);
}

static void sum_lines(const nn_pool_job *job) {
    nn_pool_all(false, job);
}

static float max(const float *values, int64_t count) {
    return nn_pool_reduce(true, values, count);
}

static float sum(const float *values, int64_t count) {
    return nn_pool_reduce(false, values, count);
}

const nn_pool_kernels nn_pool_avx512 = {max_lines, sum_lines, max, sum};
