/* What the cube of a card makes of types, and which views operators take. */
#include "tests/vendor_sim/ascend/product.h"

#include <string.h>

#include "tests/vendor_sim/common/arithmetic.h"
#include "tests/vendor_sim/common/settings.h"

/* Newest: what aclnnAddmm adds to products of 16 bits is added in f32. */
static bool adds_wide(const as_plan *plan) {
    return strcmp(plan->op, "aclnnAddmm") == 0 && as_is_on("wide_add", as_cann() >= 9);
}

/* Cards whose cube knows f32. */
static int with_f32(as_plan *plan, int type, int8_t cube_math) {
    bool is_f32 = type == ACL_FLOAT;
    plan->rounding = SIM_ROUND_NONE;
    switch (cube_math) {
    case ALLOW_FP32_DOWN_PRECISION: plan->rounding = SIM_ROUND_HF32; return ACLNN_SUCCESS;
    case USE_FP16:
        plan->rounding = SIM_ROUND_F16;
        return type != ACL_BF16 ? ACLNN_SUCCESS : as_refuse("USE_FP16 is not for bf16");
    case USE_HF32:
        plan->rounding = SIM_ROUND_HF32;
        return is_f32 || as_is_on("hf32_of_half", false) ? ACLNN_SUCCESS : as_refuse("USE_HF32 is for f32");
    case USE_FP32_ADD:
        return is_f32 || adds_wide(plan) ? ACLNN_SUCCESS : as_refuse("USE_FP32_ADD is for f32");
    default: return ACLNN_SUCCESS;
    }
}

/* The others: f32 by way of f16, if that is allowed. */
static int without_f32(as_plan *plan, int type, int8_t cube_math) {
    bool is_halved = cube_math == ALLOW_FP32_DOWN_PRECISION || cube_math == USE_FP16;
    plan->rounding = SIM_ROUND_F16;
    if (type == ACL_FLOAT && !is_halved)
        return as_refuse("this card has no f32, cubeMathType %d", cube_math);
    return cube_math != USE_HF32 ? ACLNN_SUCCESS : as_refuse("this card has no HF32");
}

static bool has_operator(int device, bool is_conv) {
    int family = as_soc_family(device);
    return !(is_conv && family == AS_910A) && !(!is_conv && family == AS_310B);
}

int as_cube(as_plan *plan, int type, int8_t cube_math, bool is_conv) {
    int8_t largest = !is_conv && as_cann() >= 9 ? USE_FP32_ADD : USE_HF32;
    if (cube_math < KEEP_DTYPE || cube_math > largest)
        return as_refuse("cubeMathType %d", cube_math);
    if (!has_operator(plan->device, is_conv))
        return as_refuse("not on %s", as_soc_name(plan->device));
    if (type != ACL_FLOAT && type != ACL_FLOAT16 && type != ACL_BF16)
        return as_refuse("type %d", type);
    if (type == ACL_BF16 && !as_soc_has_bf16(plan->device))
        return as_refuse("no bf16 on %s", as_soc_name(plan->device));
    return as_soc_has_f32(plan->device) ? with_f32(plan, type, cube_math)
                                        : without_f32(plan, type, cube_math);
}

int as_check_views(const as_plan *plan, bool is_product) {
    bool takes_inputs = as_is_on("padded", true), takes_outputs = as_is_on("padded_out", true);
    for (uint32_t i = 0; i < plan->count; i++) {
        as_tensor swapped = plan->tensor[i];
        as_transpose(&swapped);
        bool is_swapped = is_product && !plan->is_out[i] && as_tensor_is_packed(&swapped);
        bool is_ok = plan->handle[i] == NULL || as_tensor_is_packed(&plan->tensor[i]) || is_swapped;
        if (!is_ok && !(plan->is_out[i] ? takes_outputs : takes_inputs))
            return as_refuse("tensor %u is a view that is not packed", i);
    }
    return ACLNN_SUCCESS;
}
