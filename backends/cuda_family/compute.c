/* From a task's types to a library's compute type. */
#include "backends/cuda_family/compute.h"

#include <math.h>

#include "runtime/base/convert.h"
#include "runtime/base/error.h"

void cf_scalar_set(cf_scalar *out_scalar, double value) {
    *out_scalar =
        (cf_scalar){.f64 = value, .f32 = (float)value, .s32 = fabs(value) < 2e9 ? (int32_t)value : 0};
    sy_convert_from_f64(SY_F16, &value, 1, &out_scalar->f16);
}

const void *cf_scalar_of(const cf_scalar *scalar, uint32_t scale_type) {
    switch (scale_type) {
    case SY_F64: return &scalar->f64;
    case SY_S32: return &scalar->s32;
    case SY_F16: return &scalar->f16;
    default: return &scalar->f32;
    }
}

bool cf_compute_may_be_tf32(const cf_blas_row *row, const sy_task *task) {
    return task->tensor[0].dtype == SY_F32 && row->compute_tf32 != CF_NONE &&
           sy_math_allows(task->math, SY_MATH_TF32);
}

static int own_number(const cf_blas_row *row, uint32_t in_dtype, uint32_t acc_dtype, bool is_tf32) {
    if (row->is_f32_lowered && in_dtype == SY_F32 && acc_dtype == SY_F32 && !is_tf32)
        return row->compute_pedantic;
    switch (acc_dtype) {
    case SY_F64: return row->compute_f64;
    case SY_S32: return row->compute_s32;
    case SY_F16: return row->compute_f16;
    case SY_F32: return is_tf32 ? row->compute_tf32 : row->compute_f32;
    default: return CF_NONE;
    }
}

sy_status cf_compute_choose(const cf_blas_row *row, bool is_type, const sy_task *task, bool is_tf32,
    cf_compute *out_compute, sy_error *err) {
    uint32_t acc = task->acc_dtype, in = task->tensor[0].dtype;
    bool fits = in == SY_F64  ? acc == SY_F64
                : in == SY_S8 ? acc == SY_S32
                              : acc == SY_F32 || (acc == SY_F16 && in == SY_F16);
    *out_compute =
        (cf_compute){.number = is_type && !is_tf32 ? row->dtype[acc] : own_number(row, in, acc, is_tf32),
            .scale_type = acc,
            .math = is_tf32 ? SY_MATH_TF32 : SY_MATH_STRICT};
    if (fits && out_compute->number != CF_NONE)
        return SY_OK;
    return sy_error_set(err, SY_UNSUPPORTED, "%s: products of %s are not summed in %s", row->library.option,
        sy_dtype_name(in), sy_dtype_name(acc));
}
