/* Quantised operands: bytes with zero points and scales, one for all or one a row or column. */
#ifndef RUNTIME_MODEL_OPS_QUANT_H
#define RUNTIME_MODEL_OPS_QUANT_H

#include "runtime/model/ops/op.h"

/** Input `index` is s8 or u8 and its shape known. SY_UNSUPPORTED: another type; SY_UNAVAILABLE. */
sy_status sy_net_quant_check(const sy_net_call *call, uint32_t index, sy_error *err);

/** Input `index` (zero points: of type `dtype`; scales: 0, any floating point), if it is there, has one
 * element or as many as one of the `n_count` entries of `count`. SY_INVALID_ARGUMENT. */
sy_status sy_net_quant_check_each(const sy_net_call *call, uint32_t index, uint32_t dtype,
    const int64_t *count, uint32_t n_count, sy_error *err);

/** Zero point or scale of entry `at` of input `index`: entries repeat. Absent: 0, and 1. */
int32_t sy_net_quant_zero(const sy_net_call *call, uint32_t index, int64_t at);
float sy_net_quant_scale(const sy_net_call *call, uint32_t index, int64_t at);

/** `count` bytes from element `first` on, minus `zero`. */
void sy_net_quant_widen(
    const sy_net_tensor *bytes, int64_t first, int64_t count, int32_t zero, int16_t *out_values);

/** `count` sums as round(sum * scale) + zero, saturated, into elements of `out` (s8 or u8) from `first` on,
 * `step` apart. Rounds to nearest even, once: in f64. */
void sy_net_quant_narrow(const int32_t *sum, int64_t count, float scale, int32_t zero, sy_net_tensor *out,
    int64_t first, int64_t step);

/** `bytes` rounded up to a multiple of 64: parts of scratch. */
size_t sy_net_scratch_part(size_t bytes);

#endif
