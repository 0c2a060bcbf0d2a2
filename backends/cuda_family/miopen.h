/* A convolution as MIOpen's descriptors, where filters are tensors, and its solutions. */
#ifndef BACKENDS_CUDA_FAMILY_MIOPEN_H
#define BACKENDS_CUDA_FAMILY_MIOPEN_H

#include "backends/cuda_family/family.h"
#include "runtime/card/convolution.h"

/** NULL: not made. */
typedef struct cf_miopen_objects {
    void *x, *w, *y, *conv;
} cf_miopen_objects;

/** Solutions that are looked at. */
#define CF_MIOPEN_SOLUTIONS 8u

/** Make the descriptors. Errors: as sy_card_code_error(), SY_UNSUPPORTED; free them in any case. */
sy_status cf_miopen_objects_make(
    sy_device *device, const sy_card_convolution *conv, cf_miopen_objects *out_objects, sy_error *err);
void cf_miopen_objects_free(sy_device *device, cf_miopen_objects *objects);

/** What immediate mode has for them, in the library's order, those that multiply otherwise than directly
 * last. Errors: SY_UNSUPPORTED: nothing. */
sy_status cf_miopen_solutions(sy_device *device, const cf_miopen_objects *objects,
    cf_miopen_solution out_solutions[CF_MIOPEN_SOLUTIONS], uint32_t *out_count, sy_error *err);

/** Whether an algorithm multiplies otherwise than directly (Winograd, FFT), with a larger error. */
bool cf_miopen_is_indirect(int algo);

/** Its name in MIOpen, "algo" if it has none. */
const char *cf_miopen_algo_name(int algo);

#endif
