/* What the cube makes of floats, for products and convolutions. */
#ifndef BACKENDS_ASCEND_FLOATS_H
#define BACKENDS_ASCEND_FLOATS_H

#include "backends/ascend/inside.h"
#include "runtime/card/product.h"

/** A gemm of floats; integers are the quantised operators'. */
bool ascend_is_float_product(const sy_task *task);

/** Name ("aclnnMm", "aclnnMm/hf32"), math and determinism of products with floats. */
void ascend_offer_floats(const sy_device *device, const char *name, bool is_hf32, sy_card_offer *offer);

/** SY_UNSUPPORTED, with the reason: the chip's cube does not take elements of this type summed in that one.
 * `what`: "products". */
sy_status ascend_check_cube(
    const sy_device *device, uint32_t dtype, uint32_t acc_dtype, const char *what, sy_error *err);

/** Types and extents of a product: as above; its output is of the same type or f32. */
sy_status ascend_check_floats(
    const sy_device *device, const sy_card_product *product, uint32_t acc_dtype, sy_error *err);

/** Whether versions differ in taking it: results in f32 of 16-bit types, gaps between rows. */
bool ascend_is_uncertain(const sy_card_product *product);

#endif
