/* Memory rates by what CNNL has: OpTensor's a + 3 b of vectors is the triad. */
#include "backends/cambricon/op_tensor.h"
#include "backends/cambricon/tensor.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

typedef struct prepared {
    void *desc, *tensor;
    size_t workspace_bytes;
} prepared;

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    (void)way;
    (void)device;
    return task->op == SY_OP_STREAM;
}

static sy_status check(const sy_device *device, const sy_task *task, sy_error *err) {
    if (task->attr.stream.kind != SY_STREAM_TRIAD)
        return sy_error_set(
            err, SY_UNSUPPORTED, "of the memory rates there are triad (by CNNL's OpTensor) and copies alone");
    for (uint32_t i = 0; i < 3; i++) {
        const sy_tensor *tensor = &task->tensor[i];
        if (tensor->rank != 1 || tensor->dtype != SY_F32 || tensor->dim[0] < 1 ||
            tensor->dim[0] != task->tensor[0].dim[0] || (tensor->dim[0] > 1 && tensor->stride[0] != 1))
            return sy_error_set(err, SY_UNSUPPORTED, "triad takes dense vectors of f32");
    }
    return cambricon_cnnl_has(cambricon_libraries_of(device), CAMBRICON_OP_TENSOR, err);
}

static sy_status make(sy_device *device, const sy_task *task, prepared *out, sy_error *err) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    const cambricon_shape shape = {CAMBRICON_ARRAY, SY_F32, 1, {task->tensor[0].dim[0]}};
    const cambricon_finding *finding;
    sy_status status = cambricon_try(device, CAMBRICON_ADD, &finding, err);
    if (status != SY_OK)
        return status;
    int code = cambricon_tensor_make(libraries, &shape, &out->tensor);
    if (code == 0)
        code = cambricon_op_tensor_make(libraries, finding->number, &out->desc);
    if (code == 0)
        code = cambricon_op_tensor_workspace(libraries, cambricon_device_of(device)->asker, out->desc,
            out->tensor, out->tensor, out->tensor, &out->workspace_bytes);
    return code == 0 ? SY_OK : sy_card_code_error(device, code, err, "describing the triad");
}

static sy_status prepare(sy_device *device, const sy_task *task, prepared *out, sy_error *err) {
    *out = (prepared){0};
    sy_status status = check(device, task, err);
    if (status != SY_OK)
        return status;
    cambricon_ask_begin(device);
    status = make(device, task, out, err);
    cambricon_ask_end(device);
    return status;
}

static void drop(const sy_device *device, prepared *p) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    cambricon_op_tensor_free(libraries, p->desc);
    cambricon_tensor_free(libraries, p->tensor);
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    sy_task settled = *task;
    prepared p;
    (void)way;
    if (index > 0)
        return SY_UNAVAILABLE;
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (out_offer->layout[i] == SY_LAYOUT_ANY)
            out_offer->layout[i] = SY_LAYOUT_STRIDED;
    sy_task_settle(&settled);
    sy_status status = prepare(device, &settled, &p, err);
    out_offer->flags = SY_ALGO_DETERMINISTIC;
    out_offer->workspace_bytes = p.workspace_bytes;
    drop(device, &p);
    return status;
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    if (index > 0)
        return SY_UNAVAILABLE;
    prepared *made = sy_mem_calloc(1, sizeof *made);
    plan->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    sy_status status = prepare(plan->device, &plan->task, made, err);
    plan->workspace_bytes = made->workspace_bytes;
    return status;
}

static void plan_free(sy_plan *plan) {
    drop(plan->device, plan->own);
    sy_mem_free(plan->own);
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    const prepared *from = binding->plan->own;
    cambricon_op_tensor *call = sy_mem_alloc(sizeof *call);
    binding->own = call;
    if (call == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    *call = (cambricon_op_tensor){.desc = from->desc,
        .a_desc = from->tensor,
        .b_desc = from->tensor,
        .c_desc = from->tensor,
        .a = address[0],
        .b = address[1],
        .c = address[2],
        .workspace = workspace,
        .workspace_bytes = from->workspace_bytes,
        .factor = 3.0f};
    return SY_OK;
}

static void bind_free(sy_binding *binding) {
    sy_mem_free(binding->own);
}

static int run(sy_binding *binding) {
    sy_device *device = binding->plan->device;
    int code = cambricon_run_begin(device, binding->queue->stream);
    if (code == 0)
        code = cambricon_op_tensor_run(
            cambricon_libraries_of(device), cambricon_device_of(device)->handle, binding->own);
    return cambricon_run_end(device, binding->queue->stream, code);
}

const sy_card_way cambricon_way_triad = {.name = "cnnl/op_tensor",
    .does = does,
    .offer = offer,
    .plan = plan,
    .plan_free = plan_free,
    .bind = bind,
    .bind_free = bind_free,
    .run = run};
