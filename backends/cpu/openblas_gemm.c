/* gemm on OpenBLAS. */
#include "backends/cpu/blas.h"

static sy_status read_product(
    sy_device *device, const sy_task *task, sy_cpu_product *out_product, sy_error *err) {
    return sy_cpu_product_read(task, device->backend->isa.level, out_product, err);
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    return sy_cpu_blas_offer(device, task, SY_CPU_OPENBLAS, read_product, out_algorithm, err);
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *state, uint64_t *out_workspace_bytes, sy_error *err) {
    return sy_cpu_blas_prepare(device, task, SY_CPU_OPENBLAS, read_product, state, out_workspace_bytes, err);
}

const sy_cpu_algorithm sy_cpu_openblas_gemm = {
    .name = "openblas",
    .op = SY_OP_GEMM,
    .plan_bytes = sizeof(sy_cpu_blas),
    .binding_bytes = sizeof(sy_gemm_args),
    .offer = offer,
    .prepare = prepare,
    .bind = sy_cpu_blas_bind,
    .run = sy_cpu_blas_run,
};
