/*
 * What follows a product or a convolution, as calls of CNNL's of their own, in place: sums and products with
 * a broadcast operand (OpTensor), relu (ActivationForward). Names of algorithms say it: "cnnl/matmul+bias".
 * Each is applied to a result that was rounded to its type, which is the same as before for relu, and within
 * what sums in f32 may be off for f32; narrower results are refused.
 */
#ifndef BACKENDS_CAMBRICON_POSTS_H
#define BACKENDS_CAMBRICON_POSTS_H

#include "backends/cambricon/tensor.h"
#include "runtime/card/product.h"

#define CAMBRICON_STEPS 5u

/** One call: an OpTensor with operand `index` of the task, described by `tensor`; or relu. */
typedef struct cambricon_step {
    bool is_relu;
    uint32_t index;
    void *desc, *tensor;
} cambricon_step;

typedef struct cambricon_posts {
    uint32_t count;
    cambricon_step step[CAMBRICON_STEPS];
    void *result; /* descriptor */
    size_t workspace_bytes;
    char suffix[40]; /* "+bias+relu", "" for none */
} cambricon_posts;

/**
 * Posts of an epilogue, less what its call does itself, over a result of that shape; rows and columns are
 * those dimensions of it. Under ask_lock.
 * Errors: SY_UNSUPPORTED: types, operands, functions or numbers that are not there. To be freed in any case.
 */
sy_status cambricon_posts_make(sy_device *device, const sy_task *task, const sy_card_epilogue *epilogue,
    const cambricon_shape *result, uint32_t row, uint32_t column, cambricon_posts *out_posts, sy_error *err);
void cambricon_posts_free(const sy_device *device, cambricon_posts *posts);

/** Enqueue them on the handle's queue; `address` of the task's tensors. Returns a code. */
int cambricon_posts_run(const sy_device *device, void *handle, const cambricon_posts *posts,
    void *const *address, void *result, void *workspace);

#endif
