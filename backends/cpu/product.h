/* A gemm task read as the kernels' descriptor, and a conv task likewise: types, strides, posts, batch. */
#ifndef BACKENDS_CPU_PRODUCT_H
#define BACKENDS_CPU_PRODUCT_H

#include "kernels/conv/conv.h"
#include "kernels/gemm/gemm.h"
#include "runtime/task/task.h"

/**
 * A matrix product of a task. desc.flags has SY_GEMM_B_CONST if B is in a private layout (batch.b is then
 * left 0 for the caller to fill in).
 *
 * count         members of the batch.
 * post_tensor   index of each post's operand among the task's tensors; SY_NO_OPERAND where it has none.
 */
typedef struct sy_cpu_product {
    sy_gemm_desc desc;
    sy_gemm_batch batch;
    int64_t count;
    uint32_t post_tensor[SY_MAX_POSTS];
} sy_cpu_product;

/** A convolution of a task; as above, with SY_CONV_W_CONST. p, q: extents of the output, checked. */
typedef struct sy_cpu_convolution {
    sy_conv_desc desc;
    int64_t p, q;
    uint32_t post_tensor[SY_MAX_POSTS];
} sy_cpu_convolution;

/**
 * Read a gemm task whose tensors are strided, B possibly private. Errors: SY_INVALID_ARGUMENT: ranks or
 * extents do not go together; SY_UNSUPPORTED: a private layout elsewhere.
 */
sy_status sy_cpu_product_read(const sy_task *task, uint32_t isa, sy_cpu_product *out_product, sy_error *err);

/** Read a conv task of one or two spatial dimensions; errors as above, and SY_UNSUPPORTED for transposed or
 * three-dimensional ones and for posts whose operands are not dense. */
sy_status sy_cpu_convolution_read(
    const sy_task *task, uint32_t isa, sy_cpu_convolution *out_convolution, sy_error *err);

/** Layouts wanted for images that were left open: channels last; other open tensors keep what is there. */
void sy_cpu_images_want(const sy_task *task, uint32_t *out_layout);

/** Whether the kernels sum inputs of `dtype` in `acc_dtype`; if not, SY_UNSUPPORTED says what they do. */
sy_status sy_cpu_sums_check(uint32_t dtype, uint32_t acc_dtype, sy_error *err);

#endif
