/*
 * Conversion between any element type and f64. The formats' rules are those of kernels/convert/convert.h: one
 * rounding, to nearest even; overflow gives infinity (f8e4m3: NaN). Integers round to nearest even and
 * saturate; NaN becomes 0. No state, any thread. `dtype` must be a valid SY_DTYPE; memory must be aligned to
 * one element; source and destination do not overlap; count 0 is fine.
 */
#ifndef STEELYARD_BASE_CONVERT_H
#define STEELYARD_BASE_CONVERT_H

#include "steelyard/types.h"

/** `count` elements of `dtype` to f64; exact. */
void sy_convert_to_f64(uint32_t dtype, const void *source, uint64_t count, double *out_values);

/** As sy_convert_to_f64(), reading elements that lie `stride` elements apart (0 repeats the first, negative
 * goes back). */
void sy_convert_to_f64_strided(
    uint32_t dtype, const void *source, int64_t stride, uint64_t count, double *out_values);

/** `count` values to elements of `dtype`, each rounded once. */
void sy_convert_from_f64(uint32_t dtype, const double *source, uint64_t count, void *out_elements);

/** As sy_convert_from_f64(), writing elements `stride` elements apart. */
void sy_convert_from_f64_strided(
    uint32_t dtype, const double *source, int64_t stride, uint64_t count, void *out_elements);

/** What `value` becomes when it is stored as `dtype`. */
double sy_convert_round(uint32_t dtype, double value);

/** Whether a finite `value` exceeds what `dtype` can hold, after rounding to nearest (65519 fits f16, 65520
 * does not; 464 fits f8e4m3). False for NaN and infinities. */
bool sy_convert_overflows(uint32_t dtype, double value);

#endif
