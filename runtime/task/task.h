/* A problem from outside, checked and copied: after this, every index, extent, stride and number is sane. */
#ifndef RUNTIME_TASK_TASK_H
#define RUNTIME_TASK_TASK_H

#include "steelyard/problem.h"
#include "steelyard/status.h"

/** No tensor may span more bytes than this, so that sums of offsets stay within int64. */
#define SY_TASK_TENSOR_BYTES_MAX (INT64_C(1) << 60)

/**
 * A sy_problem by value; `tensor` has n_in inputs and then n_out outputs. Guarantees: known op, dtypes,
 * layouts, flags and posts; the number of tensors that the op has; extents and strides >= 0 and within
 * SY_TASK_TENSOR_BYTES_MAX; outputs that do not overlap themselves; post operands that exist.
 */
typedef struct sy_task {
    uint32_t op, n_in, n_out, n_post, acc_dtype, math;
    bool is_deterministic; /* asked for: the same bits every time */
    uint32_t variant;      /* of the algorithm that does it, from 1; 0: as its cost model says */
    sy_tensor tensor[SY_MAX_TENSORS];
    sy_post post[SY_MAX_POSTS];
    union {
        sy_gemm_attr gemm;
        sy_conv_attr conv;
        sy_stream_attr stream;
        sy_peak_attr peak;
    } attr;
} sy_task;

/**
 * Check and copy. Fields beyond the caller's sizes count as zero. Errors: SY_INVALID_ARGUMENT for what cannot
 * be a problem (NULL, sizes, indexes, counts); SY_UNSUPPORTED for a number this backend does not know (op,
 * dtype, layout, post, flag, must_understand) or a negative stride.
 */
sy_status sy_task_read(const sy_problem *problem, sy_task *out_task, sy_error *err);

/** Check and copy one tensor of at most `size` bytes, as part of a task (is_output) or on its own. */
sy_status sy_task_tensor_read(const sy_tensor *tensor, bool is_output, sy_tensor *out_tensor, sy_error *err);

/** Bytes from the first to the last element of a checked strided tensor; 0 if it is empty or absent. */
uint64_t sy_task_tensor_bytes(const sy_tensor *tensor);

/** Product of the extents of a checked tensor, 0 if it is absent. */
uint64_t sy_task_tensor_elements(const sy_tensor *tensor);

static inline bool sy_task_tensor_is_absent(const sy_tensor *tensor) {
    return (tensor->flags & SY_TENSOR_ABSENT) != 0;
}

static inline bool sy_layout_is_private(uint32_t layout) {
    return (layout & SY_LAYOUT_PRIVATE) != 0;
}

/** "tensor 3" names operands in texts by their index; this gives the one of an output. */
static inline const sy_tensor *sy_task_output(const sy_task *task, uint32_t index) {
    return &task->tensor[task->n_in + index];
}

/** Whether tensor `index` is an image: one of the rank-4 tensors of a convolution, its weights apart. */
bool sy_task_is_image(const sy_task *task, uint32_t index);

/** Give open layouts their strides: images channels last, everything else packed row-major. */
void sy_task_settle(sy_task *task);

#endif
