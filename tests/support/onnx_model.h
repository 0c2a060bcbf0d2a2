/* Reading what tests/support/onnx_writer.h wrote, with the outcome asserted. */
#ifndef TESTS_SUPPORT_ONNX_MODEL_H
#define TESTS_SUPPORT_ONNX_MODEL_H

#include "runtime/model/onnx/onnx.h"
#include "tests/support/onnx_writer.h"

/** The model of the bytes (open messages are ended); the writer has to outlive it. */
sy_onnx_model *onnx_model_of(onnx_writer *writer);

/** The bytes are refused with this status, and these words in the text. The writer is freed. */
void onnx_model_refused(onnx_writer *writer, sy_status status, const char *words);

/** Index of the value of a name in a graph; asserted to be there. */
uint32_t onnx_value_of(const sy_net_graph *graph, const char *name);

#endif
