#include "runtime/model/ops/image.h"

sy_net_image sy_net_image_of(const sy_net_tensor *tensor) {
    sy_net_image image = {.n = tensor->dim[0], .c = tensor->dim[1], .dim = {1, 1, 1}};
    uint32_t spatial = tensor->rank - 2;
    for (uint32_t i = 0; i < spatial; i++)
        image.dim[SY_NET_SPATIAL - spatial + i] = tensor->dim[2 + i];
    image.step[2] = tensor->is_last ? tensor->pitch : 1;
    image.step[1] = image.step[2] * image.dim[2];
    image.step[0] = image.step[1] * image.dim[1];
    int64_t all = image.step[0] * image.dim[0];
    image.c_step = tensor->is_last ? 1 : all;
    image.n_step = tensor->is_last ? all : all * image.c;
    return image;
}

int64_t sy_net_image_pixels(const sy_net_image *image) {
    return image->dim[0] * image->dim[1] * image->dim[2];
}
