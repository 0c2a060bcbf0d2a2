/* CNNL's operations element by element: c = alpha1 a (+ or *) alpha2 b, and activations. */
#ifndef BACKENDS_CAMBRICON_OP_TENSOR_H
#define BACKENDS_CAMBRICON_OP_TENSOR_H

#include "backends/cambricon/inside.h"

/** A descriptor for an operation of that number. Returns a code. *out_desc is to be destroyed if not NULL. */
int cambricon_op_tensor_make(const cambricon_libraries *libraries, int operation, void **out_desc);
void cambricon_op_tensor_free(const cambricon_libraries *libraries, void *desc);

/** Workspace of c = a (op) alpha2 b. The older question is asked without addresses. Returns a code. */
int cambricon_op_tensor_workspace(const cambricon_libraries *libraries, void *handle, void *desc, void *a,
    void *b, void *c, size_t *out_bytes);

/** One call: `factor` is alpha2. c may be a. Returns a code. */
typedef struct cambricon_op_tensor {
    void *desc, *a_desc, *b_desc, *c_desc;
    const void *a, *b;
    void *c, *workspace;
    size_t workspace_bytes;
    float factor;
} cambricon_op_tensor;
int cambricon_op_tensor_run(
    const cambricon_libraries *libraries, void *handle, const cambricon_op_tensor *call);

/** A descriptor for an activation of that number; NaN stays NaN. Returns a code. */
int cambricon_activation_make(const cambricon_libraries *libraries, int mode, void **out_desc);
void cambricon_activation_free(const cambricon_libraries *libraries, void *desc);
int cambricon_activation_run(
    const cambricon_libraries *libraries, void *handle, void *desc, void *tensor, void *data);

#endif
