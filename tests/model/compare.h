/* Whether a tensor is what was expected, as ONNX's own backend test judges. */
#ifndef TESTS_MODEL_COMPARE_H
#define TESTS_MODEL_COMPARE_H

#include "runtime/model/graph/tensor.h"

/** Relative and absolute tolerance of floats: those of onnx/backend/test/runner. Integers are equal. */
typedef struct case_tolerance {
    double relative, absolute;
} case_tolerance;

#define ONNX_TOLERANCE ((case_tolerance){1e-3, 1e-7})

/** True, or false with what differs. */
bool tensors_agree(const sy_net_tensor *is, const sy_net_tensor *wanted, case_tolerance tolerance,
    char *reason, size_t reason_bytes);

#endif
