/* LpNormalization: lines divided by the sum of their magnitudes or the root of that of their squares. */
#include <math.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/line.h"

typedef struct lp_state {
    uint32_t axis;
    bool is_square;
} lp_state;

static sy_status infer(sy_net_call *call, sy_error *err) {
    int64_t p = sy_net_attr_int(call->node, "p", 2);
    uint32_t axis = 0;
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS, err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 0, err);
    if (status == SY_OK)
        status =
            sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", -1), call->in[0].rank, &axis, err);
    if (status == SY_OK && p != 1 && p != 2)
        status = sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute p is %lld, must be 1 or 2", (long long)p);
    lp_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    *state = (lp_state){.axis = axis, .is_square = p == 2};
    sy_net_shape_like(&call->out[0], &call->in[0]);
    return SY_OK;
}

typedef struct lp_job {
    const lp_state *state;
    sy_ops_lines lines;
    const sy_net_tensor *in, *out;
} lp_job;

static double norm_of(const lp_job *job, int64_t begin) {
    double x[SY_OPS_CHUNK], sum = 0;
    for (int64_t i = 0; i < job->lines.count; i += SY_OPS_CHUNK) {
        int64_t few = job->lines.count - i < SY_OPS_CHUNK ? job->lines.count - i : SY_OPS_CHUNK;
        sy_ops_load_f64(
            job->in->dtype, job->in->data, begin + i * job->lines.inner, job->lines.inner, few, x);
        for (int64_t j = 0; j < few; j++)
            sum += job->state->is_square ? x[j] * x[j] : fabs(x[j]);
    }
    return job->state->is_square ? sqrt(sum) : sum;
}

/* A line of zeros stays one. */
static void norm_lines(void *arg, int64_t begin, int64_t end) {
    const lp_job *job = arg;
    double x[SY_OPS_CHUNK];
    for (int64_t line = begin; line < end; line++) {
        int64_t from = sy_ops_line_begin(&job->lines, line), step = job->lines.inner;
        double norm = norm_of(job, from), divisor = norm == 0 ? 1 : norm;
        for (int64_t i = 0; i < job->lines.count; i += SY_OPS_CHUNK) {
            int64_t few = job->lines.count - i < SY_OPS_CHUNK ? job->lines.count - i : SY_OPS_CHUNK;
            sy_ops_load_f64(job->in->dtype, job->in->data, from + i * step, step, few, x);
            for (int64_t j = 0; j < few; j++)
                x[j] /= divisor;
            sy_ops_store_f64(job->in->dtype, x, from + i * step, step, few, job->out->data);
        }
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const lp_state *state = call->state;
    lp_job job = {
        state, sy_ops_lines_make(&call->in[0], state->axis, state->axis + 1), &call->in[0], &call->out[0]};
    sy_team_for(call->team, job.lines.outer * job.lines.inner, job.lines.count * 8, norm_lines, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"LpNormalization", "", 1, 0, SY_NET_OP_IN_PLACE, 1, 1, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_lp_norm = {row, sizeof row / sizeof row[0]};
