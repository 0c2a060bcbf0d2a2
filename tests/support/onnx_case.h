/*
 * Reads one of ONNX's backend test cases: model.onnx with a single node, and its tensors as f64. A reader for
 * test data alone: it trusts nothing, but knows only what these files use.
 */
#ifndef TESTS_SUPPORT_ONNX_CASE_H
#define TESTS_SUPPORT_ONNX_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ONNX_MAX_RANK 6u
#define ONNX_MAX_INPUTS 4u
#define ONNX_MAX_ATTRIBUTES 16u
#define ONNX_MAX_INTS 8u

/** A tensor in row-major order, whatever type the file has. */
typedef struct onnx_tensor {
    size_t rank, count;
    int64_t dim[ONNX_MAX_RANK];
    double *values;
} onnx_tensor;

/** An attribute: f, i, text or ints, as the file has it; the others are zero. */
typedef struct onnx_attribute {
    char name[32], text[32];
    double f;
    int64_t i, ints[ONNX_MAX_INTS];
    size_t int_count;
} onnx_attribute;

/** A case. Memory belongs to it: onnx_case_free(). */
typedef struct onnx_case {
    char op[32];
    onnx_attribute attribute[ONNX_MAX_ATTRIBUTES];
    size_t attribute_count, input_count;
    onnx_tensor input[ONNX_MAX_INPUTS], output;
} onnx_case;

/** Where Debian's libonnx-testdata has the node cases. */
#define ONNX_NODE_FOLDER "/usr/share/libonnx-testdata/data/node"

/** Read model.onnx and test_data_set_0 of `folder`. False if a file is missing or not understood. */
bool onnx_case_load(const char *folder, onnx_case *out_case);
void onnx_case_free(onnx_case *loaded);

/** An attribute by name, NULL if the node has none of it. Borrowed. */
const onnx_attribute *onnx_case_find(const onnx_case *loaded, const char *name);

#endif
