/* A product as CNNL's objects: MatMul_v2, or with a batch BatchMatMulEx (BatchMatMulBCast_v2 in 1.x). */
#ifndef BACKENDS_CAMBRICON_PRODUCT_H
#define BACKENDS_CAMBRICON_PRODUCT_H

#include "backends/cambricon/inside.h"
#include "runtime/card/product.h"

/** Answers of the heuristic that are looked at. */
#define CAMBRICON_ANSWERS 4u

/** C lies as D. NULL: not made. */
typedef struct cambricon_product {
    void *desc, *algo, *result[CAMBRICON_ANSWERS], *a, *b, *d;
    bool is_batched;
    size_t workspace_bytes;
    float alpha, beta;
} cambricon_product;

/**
 * Describe a product of packed matrices and take answer `index` of the heuristic. Its beta counts where
 * has_c says so. Under ask_lock.
 * Errors: SY_UNSUPPORTED: the library does not do it, with its words; SY_UNAVAILABLE: it has fewer answers.
 * *out_product is to be freed in any case.
 */
sy_status cambricon_product_make(sy_device *device, const sy_card_product *product, bool may_be_tf32,
    uint32_t index, cambricon_product *out_product, sy_error *err);
void cambricon_product_free(const sy_device *device, cambricon_product *product);

/** Enqueue on the handle's queue; with a batch c must be d. Returns a code. */
int cambricon_product_run(const sy_device *device, void *handle, const cambricon_product *product,
    const void *a, const void *b, void *c, void *d, void *workspace);

#endif
