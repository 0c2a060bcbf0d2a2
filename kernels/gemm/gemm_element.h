/* Runs of elements of any type to and from the types that kernels compute in. Internal. */
#ifndef KERNELS_GEMM_GEMM_ELEMENT_H
#define KERNELS_GEMM_GEMM_ELEMENT_H

#include "kernels/gemm/gemm_form.h"

/** out[i] = base[first + i * stride] as f32, i < count. dtype: any but f64; s32 is rounded. */
void gemm_load_f32(
    uint32_t dtype, const void *base, int64_t first, int64_t stride, int64_t count, float *out);

/** The same as f64, any dtype; exact. */
void gemm_load_f64(
    uint32_t dtype, const void *base, int64_t first, int64_t stride, int64_t count, double *out);

/**
 * `count` elements of any type as the elements of a panel's form: widened without loss, or, where the form
 * has a header, shifted by gemm_form_zero(). The kernel's row of the table says which types go into which
 * form.
 */
void gemm_load_panel(const gemm_form *form, uint32_t dtype, const void *base, int64_t first, int64_t stride,
    int64_t count, void *out);

/**
 * base[first + i * stride] = value[i], rounded to nearest, ties to even. f32 and narrower floating types as
 * convert.h; integers saturate, NaN becomes 0. dtype: any but f64.
 */
void gemm_store_f32(
    uint32_t dtype, void *base, int64_t first, int64_t stride, int64_t count, const float *value);

/** The same from f64, any dtype; rounded once. */
void gemm_store_f64(
    uint32_t dtype, void *base, int64_t first, int64_t stride, int64_t count, const double *value);

#endif
