/* What the ways of s8 share. */
#ifndef BACKENDS_ASCEND_QUANT_H
#define BACKENDS_ASCEND_QUANT_H

#include "backends/ascend/chain.h"
#include "backends/ascend/product.h"

/** A gemm of s8 or u8; the latter is refused. */
bool ascend_does_quant(const sy_device *device, const sy_task *task);

/** As ascend_recipe.want: constant weights transposed. */
sy_status ascend_want_quant(sy_task *task, uint32_t *layout, sy_error *err);

/** SY_UNSUPPORTED with the reason: other types, a chip without, factors, gaps, what follows besides scales in
 * f32. */
sy_status ascend_check_quant(
    const sy_device *device, const sy_task *task, const sy_card_product *product, sy_error *err);
sy_status ascend_check_scales(const sy_task *task, const sy_card_product *product, sy_error *err);

/** A packed matrix as it lies, of rank 2 if the batch is one. */
ascend_view ascend_view_lying(int slot, const sy_card_matrix *matrix, int64_t batch, bool *out_transposed);

/** A vector of scales in f32; SY_NO_OPERAND: none. */
ascend_view ascend_view_scale(uint32_t operand, int64_t count);

/** Add aclnnQuantMatmulV3, V4 or V5 with the product's own scales. */
ascend_call *ascend_add_quant(
    ascend_chain *chain, ascend_op op, const sy_task *task, const sy_card_product *product);

#endif
