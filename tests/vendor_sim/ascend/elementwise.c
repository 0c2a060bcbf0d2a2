/* What is done element by element. */
#include "tests/vendor_sim/ascend/op.h"

#include <string.h>

/* In plan->integer[0]. The output is the last tensor. */
enum { ADD = 0, MUL = 1, RELU = 2, COPY = 3 };

static double result_of(const as_plan *plan, double one, double other) {
    switch (plan->integer[0]) {
    case ADD: return one + plan->number[0] * other;
    case MUL: return one * other;
    case RELU: return one < 0 ? 0 : one;
    default: return one;
    }
}

static bool is_plain_copy(const as_plan *plan) {
    const as_tensor *from = &plan->tensor[0], *to = &plan->tensor[1];
    return plan->integer[0] == COPY && from->type == to->type && as_tensor_is_packed(from) &&
           as_tensor_is_packed(to) && as_tensor_has_shape(from, to->rank, to->dim);
}

static int run(const as_plan *plan, char *const *view) {
    const as_tensor *out = &plan->tensor[plan->count - 1], *one = &plan->tensor[0], *other = &plan->tensor[1];
    int64_t index[AS_RANK_MAX] = {0};
    if (as_tensor_elements(out) == 0)
        return 0;
    if (is_plain_copy(plan)) {
        memmove(view[1], view[0], as_tensor_bytes(out));
        return 0;
    }
    do {
        double first = as_element_get(one->type, view[0] + as_tensor_at(one, out->rank, index));
        double second = 0;
        if (plan->count == 3)
            second = as_element_get(other->type, view[1] + as_tensor_at(other, out->rank, index));
        as_element_set(out->type, view[plan->count - 1] + as_tensor_at(out, out->rank, index),
            result_of(plan, first, second));
    } while (as_next(out->rank, out->dim, index));
    return 0;
}

/* Whether a tensor, repeated where it has 1, is of the output's shape. */
static bool goes_with(const as_tensor *tensor, const as_tensor *out) {
    if (tensor->rank > out->rank)
        return false;
    for (uint32_t i = 0; i < tensor->rank; i++)
        if (tensor->dim[i] != 1 && tensor->dim[i] != out->dim[out->rank - tensor->rank + i])
            return false;
    return true;
}

static int check(const as_plan *plan) {
    const as_tensor *out = &plan->tensor[plan->count - 1];
    for (uint32_t i = 0; i < plan->count; i++) {
        const as_tensor *tensor = &plan->tensor[i];
        if (tensor->type == ACL_BF16 && !as_soc_has_bf16(plan->device))
            return as_refuse("no bf16 on %s", as_soc_name(plan->device));
        if (tensor->format == ACL_FORMAT_FRACTAL_NZ || !goes_with(tensor, out))
            return as_refuse("tensor %u does not go with the output", i);
        if (plan->integer[0] != COPY && tensor->type != out->type)
            return as_refuse("tensor %u has type %d, the output %d", i, tensor->type, out->type);
    }
    return ACLNN_SUCCESS;
}

static int end(as_plan *plan, int code, int64_t kind) {
    plan->integer[0] = kind;
    plan->run = run;
    return as_plan_end(plan, code == ACLNN_SUCCESS ? check(plan) : code);
}

static int add_two(as_plan *plan, const aclTensor *one, const aclTensor *out) {
    int code = as_plan_add(plan, one, false, false);
    return code == ACLNN_SUCCESS ? as_plan_add(plan, out, true, false) : code;
}

static int add_three(as_plan *plan, const aclTensor *one, const aclTensor *other, const aclTensor *out) {
    int code = as_plan_add(plan, one, false, false);
    return code == ACLNN_SUCCESS ? add_two(plan, other, out) : code;
}

aclnnStatus aclnnAddGetWorkspaceSize(const aclTensor *self, const aclTensor *other, const aclScalar *alpha,
    aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnAdd", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS)
        code = as_plan_scalar(alpha, &plan.number[0]);
    return end(&plan, code == ACLNN_SUCCESS ? add_three(&plan, self, other, out) : code, ADD);
}

aclnnStatus aclnnMulGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out,
    uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnMul", workspace_bytes, executor);
    return end(&plan, code == ACLNN_SUCCESS ? add_three(&plan, self, other, out) : code, MUL);
}

aclnnStatus aclnnReluGetWorkspaceSize(
    const aclTensor *self, aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnRelu", workspace_bytes, executor);
    return end(&plan, code == ACLNN_SUCCESS ? add_two(&plan, self, out) : code, RELU);
}

aclnnStatus aclnnInplaceReluGetWorkspaceSize(
    aclTensor *self, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnInplaceRelu", workspace_bytes, executor);
    return end(&plan, code == ACLNN_SUCCESS ? add_two(&plan, self, self) : code, RELU);
}

aclnnStatus aclnnCastGetWorkspaceSize(
    const aclTensor *self, int type, aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnCast", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS)
        code = add_two(&plan, self, out);
    if (code == ACLNN_SUCCESS && plan.tensor[1].type != type)
        code = as_refuse("dtype is %d, the output has %d", type, plan.tensor[1].type);
    if (code == ACLNN_SUCCESS &&
        !as_tensor_has_shape(&plan.tensor[0], plan.tensor[1].rank, plan.tensor[1].dim))
        code = as_refuse("the output has another shape");
    return end(&plan, code, COPY);
}

aclnnStatus aclnnInplaceCopyGetWorkspaceSize(
    aclTensor *self, const aclTensor *source, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnInplaceCopy", workspace_bytes, executor);
    return end(&plan, code == ACLNN_SUCCESS ? add_two(&plan, source, self) : code, COPY);
}

AS_PHASE_TWO(aclnnAdd) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnMul) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnRelu) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnInplaceRelu) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnCast) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnInplaceCopy) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
