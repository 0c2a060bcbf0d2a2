/* CumSum: running sums along an axis, in f64 or integers, rounded once each. */
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/line.h"

typedef struct cumsum_state {
    bool is_exclusive, is_reverse;
} cumsum_state;

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, SY_OPS_NUMBERS, err);
    if (status == SY_OK)
        status = sy_ops_need(call, 1, SY_OPS_TYPE(SY_S32) | SY_OPS_TYPE(SY_S64), err);
    if (status == SY_OK && sy_net_elements(&call->in[1]) >= 0 && sy_net_elements(&call->in[1]) != 1)
        status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 1, the axis, must have one element");
    cumsum_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    state->is_exclusive = sy_net_attr_int(call->node, "exclusive", 0) != 0;
    state->is_reverse = sy_net_attr_int(call->node, "reverse", 0) != 0;
    sy_net_shape_like(&call->out[0], &call->in[0]);
    return SY_OK;
}

typedef struct cumsum_job {
    const cumsum_state *state;
    sy_ops_lines lines;
    const void *in;
    void *out;
    uint32_t dtype;
} cumsum_job;

/* One line; each element before it is replaced, so that output may be input. */
static void sum_line(const cumsum_job *job, int64_t begin) {
    bool is_integer = sy_ops_form(job->dtype) == SY_OPS_S64 || sy_ops_form(job->dtype) == SY_OPS_U64;
    double sum = 0, x, result;
    uint64_t total = 0;
    sy_ops_chunk one;
    for (int64_t i = 0; i < job->lines.count; i++) {
        int64_t place = job->state->is_reverse ? job->lines.count - 1 - i : i;
        int64_t at = begin + place * job->lines.inner;
        if (is_integer) {
            sy_ops_load(job->dtype, job->in, at, 1, 1, &one);
            uint64_t before = total;
            total += one.u64[0];
            one.u64[0] = job->state->is_exclusive ? before : total;
            sy_ops_store(job->dtype, &one, at, 1, 1, job->out);
            continue;
        }
        sy_ops_load_f64(job->dtype, job->in, at, 1, 1, &x);
        result = job->state->is_exclusive ? sum : sum + x;
        sum += x;
        sy_ops_store_f64(job->dtype, &result, at, 1, 1, job->out);
    }
}

static void sum_lines(void *arg, int64_t begin, int64_t end) {
    const cumsum_job *job = arg;
    for (int64_t i = begin; i < end; i++)
        sum_line(job, sy_ops_line_begin(&job->lines, i));
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    uint32_t axis = 0;
    sy_status status = sy_net_call_axis(call, sy_net_get_int(&call->in[1], 0), call->in[0].rank, &axis, err);
    if (status != SY_OK)
        return status;
    cumsum_job job = {.state = call->state,
        .lines = sy_ops_lines_make(&call->in[0], axis, axis + 1),
        .in = call->in[0].data,
        .out = call->out[0].data,
        .dtype = call->in[0].dtype};
    sy_team_for(call->team, job.lines.outer * job.lines.inner, job.lines.count * 8, sum_lines, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"CumSum", "", 11, 0, 0, 2, 2, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_cumsum = {row, sizeof row / sizeof row[0]};
