/* Constants of a model: from messages to tensors, their elements in the file wherever that can be. */
#ifndef RUNTIME_MODEL_ONNX_READ_TENSOR_H
#define RUNTIME_MODEL_ONNX_READ_TENSOR_H

#include "onnx.pb-c.h"
#include "runtime/model/graph/graph.h"
#include "runtime/model/onnx/external.h"
#include "runtime/model/onnx/survey.h"

/**
 * Where tensors come from.
 *
 * arena     of what has to be copied: elements that are not aligned in the file, or not raw.
 * bytes     the file, survey: its runs.
 * external  files beside it; NULL: external data is refused.
 * is_copied true: nothing may stay in the file.
 * is_mapped true: the file is mapped: what was copied of it need not stay in memory.
 * may_be_odd true: many raw elements of a mapped file may stay there though they are not aligned to their
 * size.
 */
typedef struct sy_onnx_source {
    sy_net_arena *arena;
    const uint8_t *bytes;
    const sy_onnx_survey *survey;
    sy_externals *external;
    bool is_copied, is_mapped, may_be_odd;
} sy_onnx_source;

/**
 * A tensor with its elements, aligned to their size unless they may be odd.
 * Errors  SY_INVALID_ARGUMENT: extents or number of elements; SY_UNSUPPORTED: a type that is not done,
 * strings, segments; those of sy_externals_find(); SY_OVERFLOW; SY_OUT_OF_MEMORY.
 */
sy_status sy_onnx_read_tensor(
    const sy_onnx_source *source, const SyPb__Tensor *message, sy_net_tensor *out_tensor, sy_error *err);

#endif
