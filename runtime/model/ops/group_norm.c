/*
 * InstanceNormalization and GroupNormalization: channels of an image in groups (of one), each with mean 0 and
 * variance 1 over the pixels, then scale and bias a channel (a group, before opset 21).
 */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

typedef struct group_state {
    int64_t groups, per_scale; /* per_scale: channels that share a scale */
    double epsilon;
} group_state;

static sy_status check(const sy_net_call *call, bool is_instance, group_state *state, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS, err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 0, err);
    if (status == SY_OK && in->rank < 2)
        status =
            sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 0 has rank %u, at least 2", in->rank);
    if (status != SY_OK)
        return status;
    state->groups = is_instance ? in->dim[1] : sy_net_attr_int(call->node, "num_groups", 0);
    if (!is_instance && (state->groups < 1 || in->dim[1] % state->groups != 0))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "attribute num_groups is %lld, must divide the %lld channels", (long long)state->groups,
            (long long)in->dim[1]);
    bool is_by_group = !is_instance && call->node->opset < 21;
    int64_t count = is_by_group ? state->groups : in->dim[1];
    state->per_scale = is_by_group ? in->dim[1] / state->groups : 1;
    for (uint32_t i = 1; i < 3 && status == SY_OK; i++) {
        status = sy_ops_need(call, i, SY_OPS_FLOATS, err);
        if (status == SY_OK && sy_net_elements(&call->in[i]) != count)
            status = sy_net_call_fail(
                call, SY_INVALID_ARGUMENT, err, "input %u must have %lld elements", i, (long long)count);
    }
    return status;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    group_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    sy_status status = check(call, call->node->op->name[0] == 'I', state, err);
    state->epsilon = (double)sy_net_attr_float(call->node, "epsilon", 1e-5f);
    if (status == SY_OK)
        sy_net_shape_like(&call->out[0], &call->in[0]);
    return status;
}

typedef struct group_job {
    const sy_net_call *call;
    const group_state *state;
    const sy_nn *nn;
    int64_t per_group, plane; /* channels of a group, pixels */
} group_job;

/* Sum of a range of elements, or of the squares of their distances from `mean`. */
static double total(const group_job *job, int64_t at, int64_t count, double mean, bool is_square) {
    const sy_net_tensor *in = &job->call->in[0];
    if (in->dtype == SY_F32)
        return job->nn->reduce(
            is_square ? SY_NN_SUM_SQUARE : SY_NN_SUM, (const float *)in->data + at, count, (float)mean);
    double x[SY_OPS_CHUNK], sum = 0;
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load_f64(in->dtype, in->data, at + i, 1, few, x);
        for (int64_t j = 0; j < few; j++)
            sum += is_square ? (x[j] - mean) * (x[j] - mean) : x[j];
    }
    return sum;
}

/* y = x factor + term over a plane. */
static void blend(const group_job *job, int64_t at, double factor, double term) {
    const sy_net_tensor *in = &job->call->in[0], *out = &job->call->out[0];
    if (in->dtype == SY_F32) {
        float *y = (float *)out->data + at;
        memmove(y, (const float *)in->data + at, (size_t)job->plane * sizeof *y);
        job->nn->map(SY_NN_AFFINE, y, job->plane, (const float[SY_NN_PARAMS]){(float)factor, (float)term});
        return;
    }
    double x[SY_OPS_CHUNK];
    for (int64_t i = 0; i < job->plane; i += SY_OPS_CHUNK) {
        int64_t few = job->plane - i < SY_OPS_CHUNK ? job->plane - i : SY_OPS_CHUNK;
        sy_ops_load_f64(in->dtype, in->data, at + i, 1, few, x);
        for (int64_t j = 0; j < few; j++)
            x[j] = x[j] * factor + term;
        sy_ops_store_f64(in->dtype, x, at + i, 1, few, out->data);
    }
}

static void norm_groups(void *arg, int64_t begin, int64_t end) {
    const group_job *job = arg;
    int64_t count = job->per_group * job->plane;
    for (int64_t g = begin; g < end; g++) {
        double mean = total(job, g * count, count, 0, false) / (double)count;
        double variance = total(job, g * count, count, mean, true) / (double)count;
        double inverse = 1 / sqrt(variance + job->state->epsilon);
        for (int64_t i = 0; i < job->per_group; i++) {
            int64_t channel = g % job->state->groups * job->per_group + i;
            int64_t entry = channel / job->state->per_scale;
            double factor = inverse * sy_net_get(&job->call->in[1], entry);
            blend(job, (g * job->per_group + i) * job->plane, factor,
                sy_net_get(&job->call->in[2], entry) - mean * factor);
        }
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_net_tensor *in = &call->in[0];
    group_job job = {.call = call, .state = call->state, .nn = sy_ops_kernels(call)};
    if (sy_net_elements(in) == 0)
        return SY_OK;
    job.per_group = in->dim[1] / job.state->groups;
    job.plane = sy_ops_span(in, 2, in->rank);
    sy_team_for(call->team, in->dim[0] * job.state->groups, job.per_group * job.plane * 4, norm_groups, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"InstanceNormalization", "", 6, 0, SY_NET_OP_IN_PLACE, 3, 3, 1, 1, infer, NULL, run},
    {"GroupNormalization", "", 18, 0, SY_NET_OP_IN_PLACE, 3, 3, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_group_norm = {row, sizeof row / sizeof row[0]};
