/* Elements of tensors that are not raw bytes but numbers of the wire format. */
#ifndef RUNTIME_MODEL_ONNX_TYPED_H
#define RUNTIME_MODEL_ONNX_TYPED_H

#include "runtime/model/onnx/survey.h"

/**
 * Write exactly `elements` elements of type `dtype` from `count` runs of one typed field (not raw_data) to
 * `out`, as they would be raw. `bytes`: the file that the runs are of.
 * Errors  SY_INVALID_ARGUMENT: more or fewer, or one that the type cannot hold.
 */
sy_status sy_typed_decode(const uint8_t *bytes, const sy_onnx_run *run, uint32_t count, uint32_t dtype,
    uint64_t elements, void *out, sy_error *err);

#endif
