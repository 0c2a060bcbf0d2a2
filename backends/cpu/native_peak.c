/* The ceiling of the arithmetic: every thread runs register-resident multiply-add chains. */
#include "backends/cpu/work.h"
#include "kernels/probe/probe.h"
#include "runtime/base/error.h"

typedef struct state {
    const sy_probe_peak *peak;
    int64_t rounds; /* of each part */
    uint64_t sums;
    int parts;
} state;

static sy_status prepare(
    sy_device *device, const sy_task *task, void *plan_state, uint64_t *out_workspace_bytes, sy_error *err) {
    state *s = plan_state;
    const sy_peak_attr *attr = &task->attr.peak;
    const sy_tensor *sums = sy_task_output(task, 0);
    s->peak = sy_probe_peak_find(attr->dtype_in, attr->dtype_acc, device->backend->isa.features);
    if (s->peak == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "cpu: no instruction multiplies %s into %s",
            sy_dtype_name(attr->dtype_in), sy_dtype_name(attr->dtype_acc));
    if (attr->flop == 0 || attr->flop > UINT64_C(1) << 62)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: a peak of 0 or more than 2^62 FLOP");
    if (sums->dtype != attr->dtype_acc || sums->rank != 1 || sums->dim[0] == 0 || sums->stride[0] != 1)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: peak wants a dense output of at least one %s",
            sy_dtype_name(attr->dtype_acc));
    s->parts = sy_cpu_pool_threads(device->pool);
    s->sums = (uint64_t)sums->dim[0];
    uint64_t round_flop = (uint64_t)s->parts * s->peak->flop_per_round;
    s->rounds = (int64_t)(attr->flop / round_flop + (attr->flop % round_flop != 0));
    *out_workspace_bytes = (uint64_t)s->parts * SY_CPU_ALIGNMENT;
    return SY_OK;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    sy_task settled = *task;
    state s = {0};
    sy_tensor *sums = &settled.tensor[settled.n_in];
    if (sums->layout == SY_LAYOUT_ANY || sums->dim[0] == 1)
        sums->stride[0] = 1;
    sy_status status = prepare(device, &settled, &s, &out_algorithm->workspace_bytes, err);
    if (status != SY_OK)
        return status;
    out_algorithm->flags |= s.peak->is_emulated != 0 ? SY_ALGO_EMULATED : 0;
    out_algorithm->flop_ratio =
        (double)s.rounds * s.parts * s.peak->flop_per_round / (double)task->attr.peak.flop;
    return SY_OK;
}

static double *sum_of_part(const sy_binding *binding, int part) {
    return (double *)(void *)(binding->workspace + (size_t)part * SY_CPU_ALIGNMENT);
}

static void run_part(void *arg, int64_t step, int part) {
    (void)step;
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    *sum_of_part(binding, part) = s->peak->run(s->rounds, 0.0);
}

static void add_to(const sy_binding *binding, uint32_t dtype, uint64_t index, double value) {
    void *sums = binding->operand[0];
    if (dtype == SY_F64)
        ((double *)sums)[index] += value;
    else if (dtype == SY_F32)
        ((float *)sums)[index] += (float)value;
    else
        ((uint32_t *)sums)[index] += (uint32_t)(int32_t)value;
}

/* Sum i takes the parts i, i + sums, ...; sums without a part are 0. */
static void run(sy_binding *binding) {
    const state *s = (const void *)binding->plan->state;
    sy_cpu_pool_run(binding->pool, run_part, binding, 1, s->parts);
    unsigned char *sums = binding->operand[0];
    size_t bytes = (size_t)s->sums * sy_dtype_size(s->peak->dtype_acc);
    for (size_t i = 0; i < bytes; i++)
        sums[i] = 0;
    for (int part = 0; part < s->parts; part++)
        add_to(binding, s->peak->dtype_acc, (uint64_t)part % s->sums, *sum_of_part(binding, part));
}

const sy_cpu_algorithm sy_cpu_native_peak = {
    .name = "native",
    .op = SY_OP_PEAK,
    .flags = SY_ALGO_DETERMINISTIC,
    .plan_bytes = sizeof(state),
    .offer = offer,
    .prepare = prepare,
    .run = run,
};
