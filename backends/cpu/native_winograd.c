/* Convolution by Winograd's tiles, by name: candidates of their own under math=any, otherwise on request. */
#include "backends/cpu/native_conv.h"

static sy_status offer2(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    return sy_cpu_native_conv_offer(device, task, 2, out_algorithm, err);
}

static sy_status offer4(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    return sy_cpu_native_conv_offer(device, task, 4, out_algorithm, err);
}

static sy_status prepare2(
    sy_device *device, const sy_task *task, void *plan_state, uint64_t *out_workspace_bytes, sy_error *err) {
    return sy_cpu_native_conv_prepare(device, task, 2, plan_state, out_workspace_bytes, err);
}

static sy_status prepare4(
    sy_device *device, const sy_task *task, void *plan_state, uint64_t *out_workspace_bytes, sy_error *err) {
    return sy_cpu_native_conv_prepare(device, task, 4, plan_state, out_workspace_bytes, err);
}

const sy_cpu_algorithm sy_cpu_native_winograd2 = {
    .name = "winograd2",
    .op = SY_OP_CONV,
    .flags = SY_ALGO_DETERMINISTIC,
    .plan_bytes = sizeof(sy_cpu_native_conv_state),
    .binding_bytes = sizeof(sy_conv_args),
    .offer = offer2,
    .prepare = prepare2,
    .bind = sy_cpu_native_conv_bind,
    .run = sy_cpu_native_conv_run,
};

const sy_cpu_algorithm sy_cpu_native_winograd4 = {
    .name = "winograd4",
    .op = SY_OP_CONV,
    .flags = SY_ALGO_DETERMINISTIC,
    .plan_bytes = sizeof(sy_cpu_native_conv_state),
    .binding_bytes = sizeof(sy_conv_args),
    .offer = offer4,
    .prepare = prepare4,
    .bind = sy_cpu_native_conv_bind,
    .run = sy_cpu_native_conv_run,
};
