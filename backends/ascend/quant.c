/*
 * Products of s8 by aclnnQuantMatmulV3, V4 and V5: into s32, or scaled by row and column into f16 and bf16.
 * The type of the scale says what comes out: f32 for s32 and bf16; for f16 it needs scales of rows beside it.
 */
#include <stdio.h>

#include "backends/ascend/numbers.h"
#include "backends/ascend/product.h"
#include "backends/ascend/work.h"
#include "runtime/base/error.h"

static bool does_quant(const sy_device *device, const sy_task *task) {
    (void)device;
    return task->op == SY_OP_GEMM && (task->tensor[0].dtype == SY_S8 || task->tensor[0].dtype == SY_U8);
}

/* Weights are read faster transposed: constant ones are laid so. */
static sy_status want_quant(sy_task *task, uint32_t *layout, sy_error *err) {
    sy_status status = ascend_want_strided(task, layout, err);
    sy_tensor *b = &task->tensor[1];
    bool is_flat = b->rank == 3 && b->layout == SY_LAYOUT_STRIDED && !(b->stride[1] == 1 && b->dim[1] > 1);
    if (status == SY_OK && is_flat && (b->flags & SY_TENSOR_CONST) != 0 && !sy_task_tensor_is_absent(b))
        layout[1] = b->layout = SY_CARD_LAYOUT_TRANSPOSED;
    return status;
}

/* Vectors of scales are told as [1] or [n] and [m]. */
static sy_status check_scales(const sy_task *task, const sy_card_product *product, sy_error *err) {
    const sy_card_epilogue *epilogue = &product->epilogue;
    if (epilogue->bias != SY_NO_OPERAND || epilogue->residual != SY_NO_OPERAND ||
        epilogue->activation != SY_CARD_NO_ACTIVATION)
        return sy_error_set(err, SY_UNSUPPORTED, "scales by row and column, nothing else behind the sums");
    const uint32_t scale[] = {epilogue->scale_row, epilogue->scale_column};
    for (uint32_t i = 0; i < 2; i++)
        if (scale[i] != SY_NO_OPERAND && task->tensor[scale[i]].dtype != SY_F32)
            return sy_error_set(err, SY_UNSUPPORTED, "scales in f32");
    return SY_OK;
}

static sy_status check_quant(
    const sy_device *device, const sy_task *task, const sy_card_product *product, sy_error *err) {
    const ascend_device *own = ascend_device_of(device);
    if (product->a.dtype != SY_S8 || product->b.dtype != SY_S8 || task->acc_dtype != SY_S32)
        return sy_error_set(err, SY_UNSUPPORTED, "no products of %s and %s: s8 alone, summed in s32",
            sy_dtype_name(product->a.dtype), sy_dtype_name(product->b.dtype));
    if (own->family == ASCEND_310B)
        return sy_error_set(err, SY_UNSUPPORTED, "%s has no quantised products", own->soc);
    if (product->alpha != 1.0 || product->has_c)
        return sy_error_set(err, SY_UNSUPPORTED, "products of s8 have no factors and no C");
    if (product->k == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "k is 0");
    const sy_card_matrix *all[] = {&product->a, &product->b, &product->d};
    for (uint32_t i = 0; i < 3; i++)
        if (!ascend_matrix_is_packed(all[i], product->batch))
            return sy_error_set(
                err, SY_UNSUPPORTED, "matrices with gaps between rows, or the same for all of a batch");
    return check_scales(task, product, err);
}

/* Into which types one call scales. */
static sy_status check_output(
    const sy_device *device, const sy_card_product *product, ascend_op op, sy_error *err) {
    const ascend_device *own = ascend_device_of(device);
    bool has_row = product->epilogue.scale_row != SY_NO_OPERAND;
    bool has_column = product->epilogue.scale_column != SY_NO_OPERAND;
    uint32_t d = product->d.dtype;
    if (own->family == ASCEND_310P)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s gives no s32 of s8, and f16 only with scales of columns that are cut to 10 bits", own->soc);
    if (d == SY_S32)
        return !has_row && !has_column ? SY_OK : sy_error_set(err, SY_UNSUPPORTED, "s32 is not scaled");
    if (has_row && op == ASCEND_OP_QUANT_V3)
        return sy_error_set(err, SY_UNSUPPORTED, "no scales by row (aclnnQuantMatmulV4 has)");
    if (!has_column || (d == SY_F16 && !has_row) || (d != SY_F16 && d != SY_BF16))
        return sy_error_set(err, SY_UNSUPPORTED,
            "s8 is scaled by row and column into f16 and bf16, not into %s", sy_dtype_name(d));
    return SY_OK;
}

/* As it lies in memory; the flag says that it is the transpose. */
static ascend_view view_lying(int slot, const sy_card_matrix *matrix, int64_t batch, bool *out_transposed) {
    const int64_t dim[3] = {batch, matrix->is_transposed ? matrix->columns : matrix->rows,
        matrix->is_transposed ? matrix->rows : matrix->columns};
    bool is_one = batch == 1;
    *out_transposed = matrix->is_transposed;
    return ascend_view_dense(
        slot, ascend_type_of(matrix->dtype), ACL_ORDER_ND, is_one ? 2 : 3, is_one ? dim + 1 : dim);
}

static ascend_view view_scale(uint32_t operand, int64_t count) {
    int slot = operand != SY_NO_OPERAND ? (int)operand : ASCEND_SLOT_NONE;
    return ascend_view_dense(slot, ACL_TYPE_F32, ACL_ORDER_ND, 1, &count);
}

static ascend_call *add_quant(
    ascend_work *work, ascend_op op, const sy_task *task, const sy_card_product *product) {
    ascend_call *call = ascend_work_call(work, op);
    bool is_v3 = op == ASCEND_OP_QUANT_V3, unused = false;
    call->views = is_v3 ? 4 : 5;
    call->view[0] = view_lying(0, &product->a, product->batch, &call->transposed[0]);
    call->view[1] = view_lying(1, &product->b, product->batch, &call->transposed[1]);
    call->view[2] = view_scale(product->epilogue.scale_column, product->n);
    if (!is_v3)
        call->view[3] = view_scale(product->epilogue.scale_row, product->m);
    call->view[call->views - 1] = view_lying(ascend_output_slot(task), &product->d, product->batch, &unused);
    return call;
}

static sy_status cook(sy_device *device, const sy_task *task, ascend_op op, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    sy_card_product product;
    snprintf(offer->name, sizeof offer->name, "%s", ascend_libraries_of(device)->op[op].name);
    offer->flags = SY_ALGO_DETERMINISTIC;
    sy_status status = ascend_has(device, op, err);
    if (status == SY_OK)
        status = sy_card_product_read(task, &product, err);
    if (status == SY_OK)
        status = check_quant(device, task, &product, err);
    if (status == SY_OK)
        status = check_output(device, &product, op, err);
    if (status != SY_OK || product.m == 0 || product.n == 0 || product.batch == 0)
        return status;
    ascend_call *call = add_quant(work, op, task, &product);
    /* Nothing is known of s8 on the first Ascend910. */
    work->is_uncertain = ascend_device_of(device)->family == ASCEND_910A;
    /* Whether s32 is scaled is not known: by 1 it is the same. */
    if (product.d.dtype == SY_S32) {
        call->view[2] = view_scale(SY_NO_OPERAND, 1);
        call->view[2].slot = ASCEND_SLOT_CONSTANTS;
    }
    return SY_OK;
}

static sy_status cook_v3(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    (void)setting;
    return cook(device, task, ASCEND_OP_QUANT_V3, offer, work, err);
}

static sy_status cook_v4(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    (void)setting;
    return cook(device, task, ASCEND_OP_QUANT_V4, offer, work, err);
}

static sy_status cook_v5(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    (void)setting;
    return cook(device, task, ASCEND_OP_QUANT_V5, offer, work, err);
}

/* V4 speaks for all where there is none; the others say nothing where they are not there. */
static bool does_v3(const sy_device *device, const sy_task *task) {
    return does_quant(device, task) && ascend_has(device, ASCEND_OP_QUANT_V3, NULL) == SY_OK;
}

static bool does_v5(const sy_device *device, const sy_task *task) {
    return does_quant(device, task) && ascend_has(device, ASCEND_OP_QUANT_V5, NULL) == SY_OK;
}

const ascend_recipe ascend_recipe_quant_v3 = {.does = does_v3, .want = want_quant, .cook = cook_v3};
const ascend_recipe ascend_recipe_quant_v4 = {.does = does_quant, .want = want_quant, .cook = cook_v4};
const ascend_recipe ascend_recipe_quant_v5 = {.does = does_v5, .want = want_quant, .cook = cook_v5};
