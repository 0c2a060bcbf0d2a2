/* Calls: objects made, both phases, objects freed. */
#include "backends/ascend/call.h"

#include "backends/ascend/arguments.h"
#include "backends/ascend/numbers.h"

/* Addresses of tensors are multiples of this; the rest is an offset in elements. */
enum { TENSOR_ALIGNMENT = 32 };

int ascend_type_of(uint32_t dtype) {
    switch (dtype) {
    case SY_F32: return ACL_TYPE_F32;
    case SY_F16: return ACL_TYPE_F16;
    case SY_BF16: return ACL_TYPE_BF16;
    case SY_S8: return ACL_TYPE_S8;
    case SY_S32: return ACL_TYPE_S32;
    default: return ACL_TYPE_NONE;
    }
}

static uint64_t type_bytes(int type) {
    switch (type) {
    case ACL_TYPE_S8: return 1;
    case ACL_TYPE_F16:
    case ACL_TYPE_BF16: return 2;
    default: return 4;
    }
}

ascend_view ascend_view_dense(int slot, int type, int format, uint32_t rank, const int64_t *dim) {
    ascend_view view = {.slot = slot, .type = type, .format = format, .rank = rank};
    int64_t step = 1;
    for (uint32_t i = rank; i-- > 0; step *= dim[i]) {
        view.dim[i] = dim[i];
        view.stride[i] = step;
    }
    return view;
}

static int64_t span_of(const ascend_view *view) {
    int64_t span = 1;
    for (uint32_t i = 0; i < view->rank; i++)
        span += (view->dim[i] - 1) * view->stride[i];
    return span;
}

uint64_t ascend_view_bytes(const ascend_view *view) {
    return (uint64_t)span_of(view) * type_bytes(view->type);
}

static bool is_dense(const ascend_view *view) {
    int64_t step = 1;
    for (uint32_t i = view->rank; i-- > 0; step *= view->dim[i])
        if (view->dim[i] > 1 && view->stride[i] != step)
            return false;
    return true;
}

/* What lies behind a view that is not dense from the address on is told as one row of elements. */
static void *make_tensor(const ascend_base_api *api, const ascend_view *view, char *address) {
    uintptr_t at = (uintptr_t)(address + view->offset), rest = at % TENSOR_ALIGNMENT;
    int64_t offset = (int64_t)(rest / type_bytes(view->type)), flat = offset + span_of(view);
    bool is_plain = offset == 0 && is_dense(view);
    return api->CreateTensor(view->dim, view->rank, view->type, view->stride, offset, view->format,
        is_plain ? view->dim : &flat, is_plain ? view->rank : 1, address + view->offset - rest);
}

int ascend_launch_make(
    const ascend_libraries *libraries, const ascend_call *call, char *const *address, ascend_launch *out) {
    const ascend_base_api *api = &libraries->base;
    bool is_made = true;
    for (uint32_t i = 0; i < call->views; i++) {
        if (call->view[i].slot == ASCEND_SLOT_NONE)
            continue;
        out->tensor[i] = make_tensor(api, &call->view[i], address[call->view[i].slot]);
        is_made = is_made && out->tensor[i] != NULL;
    }
    for (uint32_t i = 0; i < call->scalars; i++) {
        float value = call->scalar[i];
        out->scalar[i] = api->CreateScalar(&value, ACL_TYPE_F32);
        is_made = is_made && out->scalar[i] != NULL;
    }
    for (uint32_t i = 0; i < call->lists; i++) {
        out->list[i] = api->CreateIntArray(call->list[i], call->list_length[i]);
        is_made = is_made && out->list[i] != NULL;
    }
    return is_made ? 0 : ASCEND_OWN_NO_OBJECT;
}

int ascend_launch_begin(const ascend_libraries *libraries, const ascend_call *call, ascend_launch *launch) {
    const ascend_base_api *api = &libraries->base;
    if (libraries->op[call->op].phase_one == NULL)
        return ASCEND_OWN_NO_FUNCTION;
    launch->bytes = 0;
    launch->executor = NULL;
    int code = ascend_phase_one(libraries->op[call->op].phase_one, call, launch);
    launch->is_repeatable = code == 0 && api->SetAclOpExecutorRepeatable != NULL &&
                            api->DestroyAclOpExecutor != NULL &&
                            api->SetAclOpExecutorRepeatable(launch->executor) == 0;
    return code;
}

int ascend_launch_run(const ascend_libraries *libraries, const ascend_call *call, ascend_launch *launch,
    void *workspace, void *stream) {
    int code = libraries->op[call->op].phase_two(
        launch->bytes > 0 ? workspace : NULL, launch->bytes, launch->executor, stream);
    if (!launch->is_repeatable)
        launch->executor = NULL;
    return code;
}

void ascend_launch_free(const ascend_libraries *libraries, ascend_launch *launch) {
    const ascend_base_api *api = &libraries->base;
    if (launch->executor != NULL && launch->is_repeatable)
        (void)api->DestroyAclOpExecutor(launch->executor);
    for (uint32_t i = 0; i < ASCEND_VIEWS; i++)
        if (launch->tensor[i] != NULL)
            (void)api->DestroyTensor(launch->tensor[i]);
    for (uint32_t i = 0; i < 2; i++)
        if (launch->scalar[i] != NULL)
            (void)api->DestroyScalar(launch->scalar[i]);
    for (uint32_t i = 0; i < ASCEND_LISTS; i++)
        if (launch->list[i] != NULL)
            (void)api->DestroyIntArray(launch->list[i]);
    *launch = (ascend_launch){0};
}
