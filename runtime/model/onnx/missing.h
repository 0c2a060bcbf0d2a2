/* Operators that a model uses and nobody knows: collected, told in one error. */
#ifndef RUNTIME_MODEL_ONNX_MISSING_H
#define RUNTIME_MODEL_ONNX_MISSING_H

#include "runtime/model/onnx/limits.h"
#include "steelyard/status.h"

/** One of them. Texts are borrowed. */
typedef struct sy_missing_row {
    const char *domain, *name;
    uint32_t opset, times;
} sy_missing_row;

/** Zero-initialise it. */
typedef struct sy_missing {
    sy_missing_row row[SY_ONNX_MAX_MISSING];
    uint32_t count, unlisted; /* unlisted: nodes whose operator found no room */
} sy_missing;

void sy_missing_note(sy_missing *missing, const char *domain, const char *name, uint32_t opset);

/** SY_OK if there are none; else SY_UNSUPPORTED with a list of them. */
sy_status sy_missing_report(const sy_missing *missing, sy_error *err);

#endif
