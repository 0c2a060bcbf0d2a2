/* f64 images of operands: into the workspace before the reference runs, out of it afterwards. */
#include "backends/cpu/reference.h"

#include "backends/cpu/element.h"
#include "backends/cpu/share.h"

sy_cpu_image sy_cpu_image_reserve(sy_cpu_images *images, const sy_task *task, uint32_t tensor) {
    const sy_tensor *from = &task->tensor[tensor];
    sy_cpu_image image = {.tensor = tensor, .dtype = from->dtype, .offset = images->doubles, .elements = 1};
    for (uint32_t i = 0; i < 4; i++) {
        bool is_added = i + from->rank < 4;
        image.dim[i] = is_added ? 1 : from->dim[i + from->rank - 4];
        image.stride[i] = is_added ? 0 : from->stride[i + from->rank - 4];
        image.elements *= image.dim[i];
    }
    images->doubles += image.elements;
    return image;
}

/* Strides of a post's operand over the output: its packed image, or along one axis. */
static void describe_post(const sy_cpu_images *images, uint32_t index, uint32_t vector_axis,
    uint32_t row_axis, int64_t *out_stride) {
    const int64_t *dim = images->output.dim;
    uint32_t kind = images->post[index].kind;
    for (int i = 0; i < 4; i++)
        out_stride[i] = 0;
    if (kind == SY_POST_ADD) {
        out_stride[3] = 1;
        for (int i = 2; i >= 0; i--)
            out_stride[i] = out_stride[i + 1] * dim[i + 1];
    } else {
        out_stride[kind == SY_POST_SCALE_ROW ? row_axis : vector_axis] = 1;
    }
}

void sy_cpu_images_add_posts(
    sy_cpu_images *images, const sy_task *task, uint32_t vector_axis, uint32_t row_axis) {
    images->n_post = task->n_post;
    for (uint32_t i = 0; i < task->n_post; i++) {
        const sy_post *post = &task->post[i];
        bool has_operand = post->kind == SY_POST_BIAS || post->kind == SY_POST_ADD ||
                           post->kind == SY_POST_SCALE_ROW || post->kind == SY_POST_SCALE_COL;
        images->post[i] = (sy_reference_post){.kind = post->kind, .a = (double)post->a, .b = (double)post->b};
        images->post_image[i] = SY_NO_OPERAND;
        if (!has_operand)
            continue;
        images->post_image[i] = images->n_input;
        images->input[images->n_input++] = sy_cpu_image_reserve(images, task, post->operand);
        describe_post(images, i, vector_axis, row_axis, images->post[i].stride);
    }
}

uint64_t sy_cpu_images_bytes(const sy_cpu_images *images) {
    return (uint64_t)images->doubles * sizeof(double);
}

double *sy_cpu_image_data(const sy_binding *binding, const sy_cpu_image *image) {
    return (double *)(void *)binding->workspace + image->offset;
}

/* Place in the tensor of element `index` of the packed image; *out_at takes its four indexes. */
static int64_t place_of(const sy_cpu_image *image, int64_t index, int64_t out_at[4]) {
    int64_t place = 0;
    for (int i = 3; i >= 0; i--) {
        out_at[i] = index % image->dim[i];
        index /= image->dim[i];
        place += out_at[i] * image->stride[i];
    }
    return place;
}

void sy_cpu_images_load(const sy_cpu_images *images, const sy_binding *binding, int part, int parts) {
    for (uint32_t i = 0; i < images->n_input; i++) {
        const sy_cpu_image *image = &images->input[i];
        double *data = sy_cpu_image_data(binding, image);
        sy_cpu_share share = sy_cpu_share_of((uint64_t)image->elements, 1, part, parts);
        for (int64_t j = (int64_t)share.begin; j < (int64_t)share.end; j++) {
            int64_t at[4];
            data[j] =
                sy_cpu_element_load(image->dtype, binding->operand[image->tensor], place_of(image, j, at));
        }
    }
}

void sy_cpu_images_finish(
    const sy_cpu_images *images, const sy_binding *binding, int64_t begin, int64_t end) {
    sy_reference_post post[SY_MAX_POSTS];
    const sy_cpu_image *output = &images->output;
    const double *sums = sy_cpu_image_data(binding, output);
    for (uint32_t i = 0; i < images->n_post; i++) {
        post[i] = images->post[i];
        if (images->post_image[i] != SY_NO_OPERAND)
            post[i].operand = sy_cpu_image_data(binding, &images->input[images->post_image[i]]);
    }
    for (int64_t j = begin; j < end; j++) {
        int64_t at[4], place = place_of(output, j, at);
        double value = sy_reference_post_element(post, images->n_post, at, sums[j]);
        sy_cpu_element_store(output->dtype, images->wraps, value, binding->operand[output->tensor], place);
    }
}
