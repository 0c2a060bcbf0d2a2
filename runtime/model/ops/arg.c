/* ArgMax and ArgMin. A NaN is larger, and smaller, than all else. */
#include <math.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/line.h"

typedef struct arg_state {
    uint32_t axis;
    bool is_max, is_last;
} arg_state;

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0];
    uint32_t axis = 0;
    sy_status status = sy_ops_need(call, 0, SY_OPS_NUMBERS, err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 0, err);
    if (status == SY_OK)
        status = sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", 0), in->rank, &axis, err);
    if (status == SY_OK && in->dim[axis] == 0)
        status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "axis %u of input 0 has no elements", axis);
    arg_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    state->axis = axis;
    state->is_max = call->node->op->name[4] == 'a';
    state->is_last = call->node->opset >= 12 && sy_net_attr_int(call->node, "select_last_index", 0) != 0;
    out->dtype = SY_S64;
    out->rank = 0;
    for (uint32_t d = 0; d < in->rank; d++)
        if (d != axis || sy_net_attr_int(call->node, "keepdims", 1) != 0)
            out->dim[out->rank++] = d == axis ? 1 : in->dim[d];
    return SY_OK;
}

typedef struct arg_job {
    const arg_state *state;
    sy_ops_lines lines;
    const void *in;
    int64_t *out;
    uint32_t dtype;
} arg_job;

/* Whether a comes before b: -1, 0 if they are equal, 1 after. */
static int order(uint32_t form, const sy_ops_chunk *a, int64_t i, const sy_ops_chunk *b, bool is_max) {
    double x, y;
    if (form == SY_OPS_S64)
        return a->s64[i] == b->s64[0] ? 0 : (a->s64[i] > b->s64[0]) == is_max ? -1 : 1;
    if (form == SY_OPS_U64)
        return a->u64[i] == b->u64[0] ? 0 : (a->u64[i] > b->u64[0]) == is_max ? -1 : 1;
    x = form == SY_OPS_F32 ? (double)a->f32[i] : a->f64[i];
    y = form == SY_OPS_F32 ? (double)b->f32[0] : b->f64[0];
    if (isnan(x) || isnan(y))
        return isnan(x) && isnan(y) ? 0 : isnan(x) ? -1 : 1;
    return x == y ? 0 : (x > y) == is_max ? -1 : 1;
}

static int64_t find(const arg_job *job, int64_t begin) {
    uint32_t form = sy_ops_form(job->dtype);
    int64_t found = 0, step = job->lines.inner;
    sy_ops_chunk best, x;
    sy_ops_load(job->dtype, job->in, begin, 1, 1, &best);
    for (int64_t i = 0; i < job->lines.count; i += SY_OPS_CHUNK) {
        int64_t few = job->lines.count - i < SY_OPS_CHUNK ? job->lines.count - i : SY_OPS_CHUNK;
        sy_ops_load(job->dtype, job->in, begin + i * step, step, few, &x);
        for (int64_t j = 0; j < few; j++) {
            int place = order(form, &x, j, &best, job->state->is_max);
            if (place > 0 || (place == 0 && !job->state->is_last))
                continue;
            found = i + j;
            best.u64[0] = 0;
            sy_ops_load(job->dtype, job->in, begin + found * step, 1, 1, &best);
        }
    }
    return found;
}

static void find_lines(void *arg, int64_t begin, int64_t end) {
    const arg_job *job = arg;
    for (int64_t i = begin; i < end; i++)
        job->out[i] = find(job, sy_ops_line_begin(&job->lines, i));
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const arg_state *state = call->state;
    arg_job job = {.state = state,
        .lines = sy_ops_lines_make(&call->in[0], state->axis, state->axis + 1),
        .in = call->in[0].data,
        .out = call->out[0].data,
        .dtype = call->in[0].dtype};
    sy_team_for(call->team, job.lines.outer * job.lines.inner, job.lines.count * 2, find_lines, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"ArgMax", "", 1, 0, 0, 1, 1, 1, 1, infer, NULL, run},
    {"ArgMin", "", 1, 0, 0, 1, 1, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_arg = {row, sizeof row / sizeof row[0]};
