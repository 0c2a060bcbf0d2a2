/* A convolution as CNNL's objects. */
#ifndef BACKENDS_CAMBRICON_CONVOLUTION_H
#define BACKENDS_CAMBRICON_CONVOLUTION_H

#include "backends/cambricon/inside.h"
#include "runtime/card/convolution.h"

/** NULL: not made; `bias` is there where the call adds one. */
typedef struct cambricon_convolution {
    void *desc, *x, *w, *y, *bias;
    int algo;
    size_t workspace_bytes;
} cambricon_convolution;

/** What CNNL names for the convolution itself: -1 if it has no such function, or does not answer. */
#define CAMBRICON_NO_ALGO (-1)

/**
 * Describe a convolution of images that lie channels last. `algo`: CNNL's number of an algorithm, taken where
 * the library names none itself. Under ask_lock.
 * Errors: as sy_card_code_error(); SY_UNSUPPORTED with the library's words. To be freed in any case.
 */
sy_status cambricon_convolution_make(sy_device *device, const sy_card_convolution *conv, bool may_be_tf32,
    int algo, cambricon_convolution *out_made, sy_error *err);
void cambricon_convolution_free(const sy_device *device, cambricon_convolution *made);

/** Enqueue on the handle's queue. Returns a code. */
int cambricon_convolution_run(const sy_device *device, void *handle, const cambricon_convolution *made,
    const void *x, const void *w, const void *bias, void *y, void *workspace);

#endif
