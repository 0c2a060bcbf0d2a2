/* gemm on OpenBLAS. */
#include "backends/cpu/blas.h"
#include "backends/cpu/work.h"

static sy_status lay_out(sy_device *device, const sy_cpu_task *task, sy_cpu_blas *blas, sy_error *err) {
    sy_cpu_product product;
    sy_status status = sy_cpu_product_read(task, device->backend->isa.level, &product, err);
    return status == SY_OK ? sy_cpu_blas_init(device, &product, task->acc_dtype, blas, err) : status;
}

static sy_status offer(
    sy_device *device, const sy_cpu_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    sy_cpu_task settled = *task;
    sy_cpu_blas blas;
    sy_cpu_task_settle(&settled);
    sy_status status = lay_out(device, &settled, &blas, err);
    if (status == SY_OK)
        out_algorithm->workspace_bytes = blas.workspace_bytes;
    return status;
}

static sy_status prepare(sy_device *device, const sy_cpu_task *task, void *plan_state,
    uint64_t *out_workspace_bytes, sy_error *err) {
    sy_cpu_blas *blas = plan_state;
    sy_status status = lay_out(device, task, blas, err);
    if (status != SY_OK)
        return status;
    *out_workspace_bytes = blas->workspace_bytes;
    sy_cpu_openblas_start(device, blas->calls);
    return SY_OK;
}

static sy_status bind(sy_binding *binding, sy_error *err) {
    (void)err;
    const sy_cpu_blas *blas = (const void *)binding->plan->state;
    sy_cpu_product_args(binding, blas->product.post_tensor, (void *)binding->state);
    return SY_OK;
}

static void run(sy_binding *binding) {
    sy_cpu_blas_run((const void *)binding->plan->state, (const void *)binding->state, binding->pool);
}

const sy_cpu_algorithm sy_cpu_openblas_gemm = {
    .name = "openblas",
    .op = SY_OP_GEMM,
    .plan_bytes = sizeof(sy_cpu_blas),
    .binding_bytes = sizeof(sy_gemm_args),
    .offer = offer,
    .prepare = prepare,
    .bind = bind,
    .run = run,
};
