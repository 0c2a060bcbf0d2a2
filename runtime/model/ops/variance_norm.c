/* MeanVarianceNormalization: (x - mean) / (deviation + 1e-9) over the axes. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/reduce_plan.h"

typedef struct variance_state {
    uint32_t axes;
} variance_state;

static sy_status infer(sy_net_call *call, sy_error *err) {
    static const int64_t usual[] = {0, 2, 3};
    size_t count = 3;
    const int64_t *axis =
        sy_net_attr_find(call->node, "axes") != NULL ? sy_net_attr_ints(call->node, "axes", &count) : usual;
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS, err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 0, err);
    variance_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    for (size_t i = 0; axis != NULL && i < count && status == SY_OK; i++) {
        uint32_t one = 0;
        status = sy_net_call_axis(call, axis[i], call->in[0].rank, &one, err);
        state->axes |= UINT32_C(1) << one;
    }
    sy_net_shape_like(&call->out[0], &call->in[0]);
    return status;
}

typedef struct variance_job {
    sy_ops_reduce_plan plan;
    const sy_net_tensor *in;
    sy_net_tensor *out;
} variance_job;

/* One mean and deviation: the elements that have them lie apart, one by one. */
static void norm_one(const variance_job *job, int64_t from) {
    double sum = 0, square = 0, count = (double)job->plan.count;
    const sy_ops_dims *reduced = &job->plan.reduced;
    for (int64_t i = 0; i < job->plan.count; i++)
        sum += sy_net_get(job->in, from + sy_ops_dims_offset(reduced, 0, i));
    double mean = sum / count;
    for (int64_t i = 0; i < job->plan.count; i++) {
        double away = sy_net_get(job->in, from + sy_ops_dims_offset(reduced, 0, i)) - mean;
        square += away * away;
    }
    double divisor = sqrt(square / count) + 1e-9;
    for (int64_t i = 0; i < job->plan.count; i++) {
        int64_t offset = sy_ops_dims_offset(reduced, 0, i);
        sy_net_set(job->out, from + offset, (sy_net_get(job->in, from + offset) - mean) / divisor);
    }
}

static void norm_items(void *arg, int64_t begin, int64_t end) {
    const variance_job *job = arg;
    int64_t from, to, lanes;
    for (int64_t item = begin; item < end; item++) {
        sy_ops_reduce_seek(&job->plan, item, &from, &to, &lanes);
        for (int64_t i = 0; i < lanes; i++)
            norm_one(job, from + (lanes > 1 ? i * job->plan.kept.in[0] : 0));
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const variance_state *state = call->state;
    sy_net_tensor out = call->out[0];
    variance_job job = {.in = &call->in[0], .out = &out};
    sy_ops_reduce_plan_make(&job.plan, &call->in[0], &call->in[0], state->axes);
    sy_team_for(call->team, job.plan.items, job.plan.lanes * job.plan.count * 20, norm_items, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"MeanVarianceNormalization", "", 9, 0, SY_NET_OP_IN_PLACE, 1, 1, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_variance_norm = {row, sizeof row / sizeof row[0]};
