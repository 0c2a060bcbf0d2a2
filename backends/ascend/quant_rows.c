/*
 * s8 into f16 on 310P, by three calls: its products take scales of columns alone, packed into 64 bits with 10
 * bits of their fraction, and give f16; rows are scaled by a multiplication behind it, which rounds to f16
 * once more.
 */
#include <stdio.h>

#include "backends/ascend/numbers.h"
#include "backends/ascend/quant.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"

/* A scale that is cut, of 2^-10, and two roundings of 2^-11 in place of one. */
static const double CUT_AND_ROUNDED_TWICE = 4.0;

static bool does(const sy_device *device, const sy_task *task) {
    return ascend_device_of(device)->family == ASCEND_310P && ascend_does_quant(device, task) &&
           task->n_post > 0;
}

static ascend_op product_op(const sy_device *device) {
    return ascend_has(device, ASCEND_OP_QUANT_V4, NULL) == SY_OK ? ASCEND_OP_QUANT_V4 : ASCEND_OP_QUANT_V3;
}

static sy_status check(
    sy_device *device, const sy_task *task, const sy_card_product *product, sy_error *err) {
    const ascend_op op[] = {ASCEND_OP_TRANS_QUANT, product_op(device), ASCEND_OP_MUL};
    sy_status status = ascend_check_quant(device, task, product, err);
    for (uint32_t i = 0; status == SY_OK && i < 3; i++)
        status = ascend_has(device, op[i], err);
    if (status == SY_OK && (product->d.dtype != SY_F16 || product->epilogue.scale_column == SY_NO_OPERAND ||
                               product->epilogue.scale_row == SY_NO_OPERAND))
        status = sy_error_set(err, SY_UNSUPPORTED, "scales by row and column into f16, not into %s",
            sy_dtype_name(product->d.dtype));
    return status;
}

/* Scratch: packed scales, then the product. */
static sy_status put_scratch(
    const sy_card_product *product, uint64_t *out_packed, uint64_t *out_bytes, sy_error *err) {
    uint64_t elements = 0, bytes = 0;
    if (!sy_mul_u64((uint64_t)product->n, sizeof(uint64_t), &bytes) ||
        !sy_round_up_u64(bytes, ASCEND_CONSTANT_STEP, out_packed) ||
        !sy_mul_u64((uint64_t)product->m * (uint64_t)product->n, 2 * (uint64_t)product->batch, &elements) ||
        !sy_add_u64(*out_packed, elements, &bytes) ||
        !sy_round_up_u64(bytes, ASCEND_CONSTANT_STEP, out_bytes))
        return sy_error_set(err, SY_UNSUPPORTED, "an output beyond any memory");
    return SY_OK;
}

static void add_calls(sy_device *device, const sy_task *task, const sy_card_product *product, uint64_t packed,
    ascend_chain *chain) {
    ascend_call *pack = ascend_chain_add(chain, ASCEND_OP_TRANS_QUANT);
    pack->views = 2;
    pack->view[0] = ascend_view_scale(product->epilogue.scale_column, product->n);
    pack->view[1] = ascend_view_dense(ASCEND_SLOT_SCRATCH, ACL_TYPE_U64, ACL_ORDER_ND, 1, &product->n);
    ascend_call *multiply = ascend_add_quant(chain, product_op(device), task, product);
    ascend_view *out = &multiply->view[multiply->views - 1];
    ascend_view whole = *out;
    multiply->view[2] = pack->view[1];
    if (multiply->views == 5)
        multiply->view[3].slot = ASCEND_SLOT_NONE;
    out->slot = ASCEND_SLOT_SCRATCH;
    out->offset = packed;
    ascend_call *scale = ascend_chain_add(chain, ASCEND_OP_MUL);
    scale->views = 3;
    scale->view[0] = *out;
    scale->view[1] = ascend_view_dense(
        (int)product->epilogue.scale_row, ACL_TYPE_F32, ACL_ORDER_ND, 2, (int64_t[]){product->m, 1});
    scale->view[2] = whole;
}

static sy_status cook(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_chain *chain, sy_error *err) {
    sy_card_product product;
    uint64_t packed = 0;
    (void)setting;
    snprintf(offer->name, sizeof offer->name, "aclnnTransQuantParamV2+%s+aclnnMul",
        ascend_libraries_of(device)->op[product_op(device)].name);
    offer->flags = SY_ALGO_DETERMINISTIC;
    offer->bound_factor = CUT_AND_ROUNDED_TWICE;
    sy_status status = sy_card_product_read(task, &product, err);
    if (status == SY_OK)
        status = check(device, task, &product, err);
    if (status != SY_OK || product.m == 0 || product.n == 0 || product.batch == 0)
        return status;
    status = put_scratch(&product, &packed, &chain->scratch_bytes, err);
    if (status == SY_OK)
        add_calls(device, task, &product, packed, chain);
    return status;
}

const ascend_recipe ascend_recipe_quant_rows = {.does = does, .want = ascend_want_quant, .cook = cook};
