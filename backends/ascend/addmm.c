/*
 * aclnnAddmm: beta C + alpha A B. C is the problem's, a residual, a bias that is repeated for every row, or
 * zero where there is a factor alone. With 16 bits the product would be rounded before something is added to
 * it, unless sums are asked for in f32, which newer versions take.
 */
#include "backends/ascend/floats.h"
#include "backends/ascend/numbers.h"
#include "backends/ascend/product.h"
#include "backends/ascend/work.h"
#include "runtime/base/error.h"

static bool does(const sy_device *device, const sy_task *task) {
    (void)device;
    const sy_gemm_attr *attr = &task->attr.gemm;
    return ascend_is_float_product(task) && (attr->alpha != 1.0 || attr->beta != 0.0 || task->n_post > 0);
}

static sy_status check(const sy_task *task, const sy_card_product *product, sy_error *err) {
    const sy_card_epilogue *epilogue = &product->epilogue;
    bool has_bias = epilogue->bias != SY_NO_OPERAND, has_residual = epilogue->residual != SY_NO_OPERAND;
    if (product->batch != 1)
        return sy_error_set(
            err, SY_UNSUPPORTED, "one matrix, not a batch of %lld", (long long)product->batch);
    if (epilogue->scale_row != SY_NO_OPERAND || epilogue->scale_column != SY_NO_OPERAND ||
        epilogue->activation != SY_CARD_NO_ACTIVATION)
        return sy_error_set(err, SY_UNSUPPORTED, "a bias or a residual, no activation and no scales");
    if (product->has_c + has_bias + has_residual > 1)
        return sy_error_set(err, SY_UNSUPPORTED, "one thing is added: C, a bias or a residual");
    if (product->has_c && product->c.dtype != product->d.dtype)
        return sy_error_set(err, SY_UNSUPPORTED, "C must be of the output's type");
    if (has_residual && task->tensor[epilogue->residual].dtype != product->d.dtype)
        return sy_error_set(err, SY_UNSUPPORTED, "the residual must be of the output's type");
    if (has_bias && task->tensor[epilogue->bias].dtype != product->d.dtype)
        return sy_error_set(err, SY_UNSUPPORTED, "the bias must be of the output's type %s, it is %s",
            sy_dtype_name(product->d.dtype), sy_dtype_name(task->tensor[epilogue->bias].dtype));
    return SY_OK;
}

/* What is added, and its factor: "beta" where C is the problem's own. */
static ascend_view addend_of(const sy_task *task, const sy_card_product *product, float *out_beta) {
    uint32_t residual = product->epilogue.residual, bias = product->epilogue.bias;
    int type = ascend_type_of(product->d.dtype);
    *out_beta = 1.0f;
    if (product->has_c) {
        *out_beta = (float)product->beta;
        return ascend_view_matrix(2, &product->c, 2, 1);
    }
    if (residual != SY_NO_OPERAND) {
        const sy_tensor *tensor = &task->tensor[residual];
        ascend_view view =
            ascend_view_dense((int)residual, type, ACL_ORDER_ND, 2, (int64_t[]){product->m, product->n});
        view.stride[0] = tensor->stride[1];
        view.stride[1] = tensor->stride[2];
        return view;
    }
    if (bias != SY_NO_OPERAND)
        return ascend_view_dense((int)bias, type, ACL_ORDER_ND, 2, (int64_t[]){1, product->n});
    ascend_view zero = ascend_view_dense(ASCEND_SLOT_CONSTANTS, type, ACL_ORDER_ND, 2, (int64_t[]){1, 1});
    zero.offset = ASCEND_CONSTANT_ZERO;
    return zero;
}

static int8_t cube_of(const sy_card_product *product, uint32_t setting) {
    if ((setting & ASCEND_WAY_HF32) != 0)
        return CUBE_HF32;
    return product->d.dtype == SY_F32 ? CUBE_KEEP : CUBE_F32_ADD;
}

static sy_status cook(sy_device *device, const sy_task *task, uint32_t setting, sy_card_offer *offer,
    ascend_work *work, sy_error *err) {
    sy_card_product product;
    float beta = 1.0f;
    ascend_offer_floats(device, "aclnnAddmm", (setting & ASCEND_WAY_HF32) != 0, offer);
    sy_status status = ascend_has(device, ASCEND_OP_ADDMM, err);
    if (status == SY_OK)
        status = sy_card_product_read(task, &product, err);
    if (status == SY_OK)
        status = ascend_check_floats(device, &product, task->acc_dtype, err);
    if (status == SY_OK)
        status = check(task, &product, err);
    if (status != SY_OK)
        return status;
    if (product.m == 0 || product.n == 0)
        return SY_OK;
    ascend_view addend = addend_of(task, &product, &beta);
    ascend_call *call = ascend_work_call(work, ASCEND_OP_ADDMM);
    call->views = 4;
    call->scalars = 2;
    call->view[0] = addend;
    call->view[1] = ascend_view_matrix(0, &product.a, 2, 1);
    call->view[2] = ascend_view_matrix(1, &product.b, 2, 1);
    call->view[3] = ascend_view_matrix(ascend_output_slot(task), &product.d, 2, 1);
    call->scalar[0] = beta;
    call->scalar[1] = (float)product.alpha;
    call->cube = cube_of(&product, setting);
    work->is_uncertain = call->cube == CUBE_F32_ADD || ascend_is_uncertain(&product);
    return SY_OK;
}

const ascend_recipe ascend_recipe_addmm = {.does = does, .want = ascend_want_strided, .cook = cook};
