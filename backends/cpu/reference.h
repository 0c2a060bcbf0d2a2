/* What the two reference algorithms share: f64 images of operands in the workspace, posts, rounding. */
#ifndef BACKENDS_CPU_REFERENCE_H
#define BACKENDS_CPU_REFERENCE_H

#include "backends/cpu/work.h"
#include "kernels/reference/post.h"

/**
 * An operand as up to four dimensions, and where its f64 image lies in the workspace.
 *
 * tensor   index of the task's tensor.
 * dim      extents, leading ones added in front.
 * stride   of the tensor, elements; the image is packed row-major.
 * offset   of the image, in doubles.
 */
typedef struct sy_cpu_image {
    uint32_t tensor, dtype;
    int64_t dim[4], stride[4];
    int64_t offset, elements;
} sy_cpu_image;

/** All images of a problem; `output` takes the sums. post[i].operand is filled in at run time. */
typedef struct sy_cpu_images {
    sy_cpu_image input[SY_MAX_TENSORS], output;
    uint32_t n_input, n_post;
    bool wraps;
    int64_t doubles;
    sy_reference_post post[SY_MAX_POSTS];
    uint32_t post_image[SY_MAX_POSTS]; /* SY_NO_OPERAND if it has none */
} sy_cpu_images;

/** Describe one operand of a task and reserve its image; a tensor of fewer than four dims gets leading 1s. */
sy_cpu_image sy_cpu_image_reserve(sy_cpu_images *images, const sy_task *task, uint32_t tensor);

/** Describe a task's posts. vector_axis: dimension of the output that BIAS and SCALE_COL run along (3 for
 * gemm's [1, batch, m, n], 1 for [n, k, p, q]); row_axis: that of SCALE_ROW. */
void sy_cpu_images_add_posts(
    sy_cpu_images *images, const sy_task *task, uint32_t vector_axis, uint32_t row_axis);

/** Bytes of workspace for all images. */
uint64_t sy_cpu_images_bytes(const sy_cpu_images *images);

/** Address of an image in a binding's workspace. */
double *sy_cpu_image_data(const sy_binding *binding, const sy_cpu_image *image);

/** Convert share `part` of `parts` of every input, and of posts' operands. */
void sy_cpu_images_load(const sy_cpu_images *images, const sy_binding *binding, int part, int parts);

/** Posts and rounding of output elements [begin, end) (in the packed order of the image). */
void sy_cpu_images_finish(const sy_cpu_images *images, const sy_binding *binding, int64_t begin, int64_t end);

#endif
