/* Compute types and scalars: how a library is told in which type to sum, and what it makes of f32. */
#ifndef BACKENDS_CUDA_FAMILY_COMPUTE_H
#define BACKENDS_CUDA_FAMILY_COMPUTE_H

#include "backends/cuda_family/stack.h"
#include "runtime/task/task.h"

/** A scalar in every form that a compute type may want. */
typedef struct cf_scalar {
    double f64;
    float f32;
    int32_t s32;
    uint16_t f16;
} cf_scalar;

void cf_scalar_set(cf_scalar *out_scalar, double value);

/** The form for a scale type (SY_F64, SY_F32, SY_S32, SY_F16), borrowed. */
const void *cf_scalar_of(const cf_scalar *scalar, uint32_t scale_type);

/**
 * How to sum. `number`: the library's; `scale_type`: that of alpha and beta, a SY_ type; `math`: what is
 * delivered.
 */
typedef struct cf_compute {
    int number;
    uint32_t scale_type, math;
} cf_compute;

/** Whether a task of f32 lets the library round to tf32, and it can. */
bool cf_compute_may_be_tf32(const cf_blas_row *row, const sy_task *task);

/**
 * The compute type for the task's types. is_type: this library takes a data type there (probed, or by its
 * row). Errors: SY_UNSUPPORTED: it sums in no such type.
 */
sy_status cf_compute_choose(const cf_blas_row *row, bool is_type, const sy_task *task, bool is_tf32,
    cf_compute *out_compute, sy_error *err);

#endif
