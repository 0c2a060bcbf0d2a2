/*
 * The first pass over a file: an iterative walk over its messages that checks depth, counts and lengths, and
 * makes its skeleton: the same messages without the elements of tensors, without fields that nobody reads,
 * nothing singular twice. Parsers that trust their input get the skeleton; the elements stay in the file.
 */
#ifndef RUNTIME_MODEL_ONNX_SURVEY_H
#define RUNTIME_MODEL_ONNX_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/model/onnx/layout.h"
#include "steelyard/status.h"

/**
 * A stretch of a file that holds elements of a tensor.
 *
 * field      number in TensorProto: 4 float_data, 5 int32_data, 7 int64_data, 9 raw_data, 10 double_data,
 *            11 uint64_data.
 * is_packed  true: elements alone. false: fields, one an element.
 */
typedef struct sy_onnx_run {
    size_t offset, length;
    uint32_t field;
    bool is_packed;
} sy_onnx_run;

/** Skeleton and runs. Zero-initialise it. */
typedef struct sy_onnx_survey {
    uint8_t *skeleton;
    size_t skeleton_bytes, skeleton_room;
    sy_onnx_run *run;
    size_t n_run, run_room;
} sy_onnx_survey;

/**
 * Walk `count` bytes that are to be one message `root` (SY_ONNX_MODEL, SY_ONNX_TENSOR).
 * Errors  SY_INVALID_ARGUMENT: damaged, at which byte; SY_OVERFLOW: beyond a limit, which; SY_OUT_OF_MEMORY.
 */
sy_status sy_onnx_survey_make(
    const void *bytes, size_t count, sy_onnx_message root, sy_onnx_survey *out_survey, sy_error *err);
void sy_onnx_survey_release(sy_onnx_survey *survey);

#endif
