/* Products of floats: aclnnMm, aclnnBatchMatMul, aclnnMatmul. Row-major; what lies transposed is a view. */
#include <stdio.h>

#include "backends/ascend/floats.h"
#include "backends/ascend/numbers.h"
#include "backends/ascend/product.h"
#include "backends/ascend/work.h"
#include "runtime/base/error.h"

static bool is_plain(const sy_card_product *product) {
    return product->alpha == 1.0 && !product->has_c && sy_card_epilogue_is_empty(&product->epilogue);
}

static bool is_one(const sy_task *task) {
    return task->tensor[0].rank == 3 && task->tensor[0].dim[0] == 1;
}

static bool does_any(const sy_device *device, const sy_task *task) {
    (void)device;
    return ascend_is_float_product(task);
}

static bool does_one(const sy_device *device, const sy_task *task) {
    (void)device;
    return ascend_is_float_product(task) && is_one(task);
}

static bool does_batch(const sy_device *device, const sy_task *task) {
    (void)device;
    return ascend_is_float_product(task) && !is_one(task);
}

static sy_status read(sy_device *device, const sy_task *task, uint32_t setting, ascend_op op,
    sy_card_offer *offer, sy_card_product *product, sy_error *err) {
    bool is_hf32 = (setting & ASCEND_WAY_HF32) != 0;
    ascend_offer_floats(device, ascend_libraries_of(device)->op[op].name, is_hf32, offer);
    sy_status status = ascend_has(device, op, err);
    if (status == SY_OK)
        status = sy_card_product_read(task, product, err);
    if (status == SY_OK)
        status = ascend_check_floats(device, product, task->acc_dtype, err);
    if (status == SY_OK && !is_plain(product))
        status = sy_error_set(err, SY_UNSUPPORTED, "a product alone, without C, a factor or an epilogue");
    return status;
}

static sy_status cook(sy_device *device, const sy_task *task, uint32_t setting, ascend_op op, uint32_t rank,
    sy_card_offer *offer, ascend_work *work, sy_error *err) {
    sy_card_product product;
    sy_status status = read(device, task, setting, op, offer, &product, err);
    if (status != SY_OK || product.m == 0 || product.n == 0 || product.batch == 0)
        return status;
    bool is_repeated = product.batch > 1 && (product.a.batch_stride == 0 || product.b.batch_stride == 0);
    if (op == ASCEND_OP_BATCH_MATMUL && is_repeated)
        return sy_error_set(
            err, SY_UNSUPPORTED, "a matrix that is the same in all of the batch (aclnnMatmul repeats it)");
    ascend_call *call = ascend_work_call(work, op);
    call->views = 3;
    call->view[0] = ascend_view_matrix(0, &product.a, rank, product.batch);
    call->view[1] = ascend_view_matrix(1, &product.b, rank, product.batch);
    call->view[2] = ascend_view_matrix(ascend_output_slot(task), &product.d, rank, product.batch);
    call->cube = (setting & ASCEND_WAY_HF32) != 0 ? CUBE_HF32 : CUBE_KEEP;
    work->is_uncertain = ascend_is_uncertain(&product);
    return SY_OK;
}

static sy_status cook_mm(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    return cook(device, task, setting, ASCEND_OP_MM, 2, offer, work, err);
}

static sy_status cook_batch(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    return cook(device, task, setting, ASCEND_OP_BATCH_MATMUL, 3, offer, work, err);
}

static sy_status cook_matmul(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    return cook(device, task, setting, ASCEND_OP_MATMUL, is_one(task) ? 2 : 3, offer, work, err);
}

const ascend_recipe ascend_recipe_mm = {.does = does_one, .want = ascend_want_strided, .cook = cook_mm};
const ascend_recipe ascend_recipe_batch_matmul = {
    .does = does_batch, .want = ascend_want_strided, .cook = cook_batch};
const ascend_recipe ascend_recipe_matmul = {
    .does = does_any, .want = ascend_want_strided, .cook = cook_matmul};
