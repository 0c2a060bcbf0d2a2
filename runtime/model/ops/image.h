/* A tensor seen as images: up to three spatial extents, packed or channels last. */
#ifndef RUNTIME_MODEL_OPS_IMAGE_H
#define RUNTIME_MODEL_OPS_IMAGE_H

#include "runtime/model/graph/tensor.h"

/** Most spatial dimensions. */
#define SY_NET_SPATIAL 3u

/**
 * n images of c channels. Spatial entries are aligned to the right, as everywhere in these files: an image of
 * two dimensions has dim[0] = 1. Steps are in elements, from one to the next along each dimension.
 */
typedef struct sy_net_image {
    int64_t n, c, dim[SY_NET_SPATIAL];
    int64_t n_step, c_step, step[SY_NET_SPATIAL];
} sy_net_image;

/** The images of a tensor of known shape and rank 2 to 5. */
sy_net_image sy_net_image_of(const sy_net_tensor *tensor);

/** Elements of a channel. */
int64_t sy_net_image_pixels(const sy_net_image *image);

/** Element where channel `channel` of image `n` begins. */
static inline int64_t sy_net_image_at(const sy_net_image *image, int64_t n, int64_t channel) {
    return n * image->n_step + channel * image->c_step;
}

#endif
