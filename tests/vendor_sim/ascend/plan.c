/* Phase one of operators: what all of them check, and the executor that comes of it. */
#include "tests/vendor_sim/ascend/op.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

int as_refuse(const char *format, ...) {
    char why[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return as_fail(ACLNN_ERR_PARAM_INVALID, "%s", why);
}

/* Packages of kernels that operators need. */
static int check_packages(void) {
    const char *path = getenv("ASCEND_OPP_PATH");
    bool wants_path = as_is_word("opp", "ok", "env") && (path == NULL || path[0] == '\0');
    if (wants_path || as_is_word("opp", "ok", "missing"))
        return as_fail(ACLNN_ERR_INNER_OPP_PATH_NOT_FOUND, "ASCEND_OPP_PATH is not set");
    if (as_is_word("kernels", "ok", "package"))
        return as_fail(ACLNN_ERR_INNER_OPP_KERNEL_PKG_NOT_FOUND, "no package of kernels");
    if (as_is_word("kernels", "ok", "missing"))
        return as_fail(ACLNN_ERR_INNER_FIND_KERNEL_ERROR, "no kernel for this card");
    return ACLNN_SUCCESS;
}

int as_plan_begin(as_plan *plan, const char *function, const char *op, uint64_t *out_workspace,
    aclOpExecutor **out_executor) {
    as_context *here = NULL;
    *plan = (as_plan){.op = op, .out_workspace = out_workspace, .out_executor = out_executor};
    int code = as_enter_here(function, &here);
    if (code == ACL_ERROR_RT_CONTEXT_NULL)
        return ACLNN_ERR_RUNTIME_ERROR;
    if (code != ACLNN_SUCCESS)
        return code;
    plan->device = here->device;
    plan->skips = as_is_on("skip", false);
    plan->spoils = as_is_on("nan", false);
    if (out_workspace == NULL || out_executor == NULL)
        return as_fail(ACLNN_ERR_PARAM_NULLPTR, "workspaceSize or executor is NULL");
    return check_packages();
}

int as_plan_add(as_plan *plan, const aclTensor *handle, bool is_out, bool is_optional) {
    uint32_t at = plan->count++;
    plan->is_out[at] = is_out;
    if (handle == NULL)
        return is_optional ? ACLNN_SUCCESS : as_fail(ACLNN_ERR_PARAM_NULLPTR, "tensor %u is NULL", at);
    const as_tensor *tensor = sim_handle_get(handle, AS_TENSOR);
    if (tensor == NULL)
        return as_fail(ACLNN_ERR_INNER_NULLPTR, "tensor %u is none", at);
    plan->tensor[at] = *tensor;
    plan->handle[at] = handle;
    plan->moved += (double)as_tensor_elements(tensor) * as_type_bytes(tensor->type);
    return ACLNN_SUCCESS;
}

int as_plan_ints(const aclIntArray *array, uint64_t least, uint64_t most, const as_ints **out_ints) {
    if (array == NULL)
        return as_fail(ACLNN_ERR_PARAM_NULLPTR, "an array of integers is NULL");
    *out_ints = sim_handle_get(array, AS_INTS);
    if (*out_ints == NULL)
        return as_fail(ACLNN_ERR_INNER_NULLPTR, "not an array of integers");
    bool is_ok = (*out_ints)->count >= least && (*out_ints)->count <= most;
    return is_ok ? ACLNN_SUCCESS : as_refuse("%llu integers", (unsigned long long)(*out_ints)->count);
}

int as_plan_scalar(const aclScalar *handle, double *out_value) {
    if (handle == NULL)
        return as_fail(ACLNN_ERR_PARAM_NULLPTR, "a scalar is NULL");
    const as_scalar *scalar = sim_handle_get(handle, AS_SCALAR);
    if (scalar == NULL)
        return as_fail(ACLNN_ERR_INNER_NULLPTR, "not a scalar");
    *out_value = scalar->value;
    return ACLNN_SUCCESS;
}

int as_plan_end(as_plan *plan, int code) {
    if (code != ACLNN_SUCCESS)
        return sim_leave(code);
    as_first_time(plan, "plan");
    as_executor *executor = NULL;
    *plan->out_executor = sim_handle_make(AS_EXECUTOR, sizeof *executor, (void **)&executor);
    executor->workspace = (uint64_t)sim_number(plan->device, "workspace", 4096);
    executor->plan = *plan;
    *plan->out_workspace = executor->workspace;
    return sim_leave(ACLNN_SUCCESS);
}
