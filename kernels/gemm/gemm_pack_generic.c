/* Interleaving of lanes into panels, plain C for any CPU. */
#include "kernels/gemm/gemm_kernel.h"

void gemm_interleave_f32_generic(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    float *to = out;
    for (int i = 0; i < width; i++) {
        const float *from = i < lanes ? lane[i] : NULL;
        for (int64_t p = 0; p < count; p++)
            to[p * width + i] = from ? from[p] : 0;
    }
}

void gemm_interleave_f64_generic(const void *const *lane, int lanes, int64_t count, void *out, int width) {
    double *to = out;
    for (int i = 0; i < width; i++) {
        const double *from = i < lanes ? lane[i] : NULL;
        for (int64_t p = 0; p < count; p++)
            to[p * width + i] = from ? from[p] : 0;
    }
}
