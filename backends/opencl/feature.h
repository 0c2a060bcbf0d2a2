/* What makes two problems alike for the choice of a kernel: kinds that must be the same, and sizes that may
 * be near. */
#ifndef BACKENDS_OPENCL_FEATURE_H
#define BACKENDS_OPENCL_FEATURE_H

#include <stdbool.h>

#include "runtime/task/task.h"

/**
 * gemm: kind = ta, tb, constant B; size = log2 of m, n, k, batch. conv: kind = r, s, stride of rows and of
 * columns, depthwise, channels first; size = log2 of all output pixels, and of output channels, input
 * channels and groups. dtype: of the inputs and the result.
 */
typedef struct ocl_feature {
    uint32_t op, dtype[3];
    int64_t kind[6];
    double size[4];
} ocl_feature;

/** Of a gemm or conv of two spatial dimensions; false: of another op. Open layouts count as channels last. */
bool ocl_feature_of_task(const sy_task *task, ocl_feature *out_feature);

/** Of a written problem with every field ("gemm:m=512,..."); false: another op, or fields are missing. */
bool ocl_feature_of_text(const char *problem, ocl_feature *out_feature);

/** Distance in doublings over all sizes; infinite if the kinds differ. */
double ocl_feature_distance(const ocl_feature *a, const ocl_feature *b);

#endif
