/* Parsing skeletons (survey.h) with protobuf-c, its memory through the seam. */
#ifndef RUNTIME_MODEL_ONNX_SCHEMA_H
#define RUNTIME_MODEL_ONNX_SCHEMA_H

#include "onnx.pb-c.h"
#include "runtime/model/onnx/survey.h"

/**
 * Messages of a skeleton.
 * Errors  SY_OUT_OF_MEMORY; SY_INVALID_ARGUMENT: not a message of that kind.
 */
sy_status sy_schema_model(const sy_onnx_survey *survey, SyPb__Model **out_model, sy_error *err);
sy_status sy_schema_tensor(const sy_onnx_survey *survey, SyPb__Tensor **out_tensor, sy_error *err);

/** Free them; NULL is fine. */
void sy_schema_free_model(SyPb__Model *model);
void sy_schema_free_tensor(SyPb__Tensor *tensor);

#endif
