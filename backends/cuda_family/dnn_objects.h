/* A convolution as the descriptors of a DNN library with cuDNN's first call shape. */
#ifndef BACKENDS_CUDA_FAMILY_DNN_OBJECTS_H
#define BACKENDS_CUDA_FAMILY_DNN_OBJECTS_H

#include "backends/cuda_family/family.h"
#include "runtime/card/convolution.h"

/** NULL: not made. `bias` and `activation` are there if the epilogue has them. */
typedef struct cf_dnn_objects {
    void *x, *w, *y, *bias, *conv, *activation;
} cf_dnn_objects;

/** Algorithms that are looked at. */
#define CF_DNN_CHOICES 8u

/** Make the descriptors. Errors: as sy_card_code_error(); free them in any case. */
sy_status cf_dnn_objects_make(sy_device *device, const sy_card_convolution *conv, bool is_tf32,
    cf_dnn_objects *out_objects, sy_error *err);
void cf_dnn_objects_free(sy_device *device, cf_dnn_objects *objects);

/**
 * Algorithms for them that can run, in the library's order, those that multiply otherwise than directly
 * (Winograd, FFT) last. Errors: SY_UNSUPPORTED: none.
 */
sy_status cf_dnn_choices(sy_device *device, const cf_dnn_objects *objects, cf_dnn_choice *out_choices,
    uint32_t *out_count, sy_error *err);

/** Whether an algorithm multiplies otherwise than directly, with a larger error. */
bool cf_dnn_is_indirect(int algo);

/** Its name in cuDNN, "algo" if it has none. */
const char *cf_dnn_algo_name(int algo);

#endif
