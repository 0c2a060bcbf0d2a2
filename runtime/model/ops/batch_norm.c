/* BatchNormalization: y = x a + b a channel, with a and b from what was learnt; or from the batch itself. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

typedef struct batch_state {
    double epsilon, momentum;
    bool is_training;
} batch_state;

static int64_t channels(const sy_net_call *call) {
    return call->in[0].rank > 1 ? call->in[0].dim[1] : 1;
}

static sy_status check(const sy_net_call *call, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS, err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 0, err);
    if (status == SY_OK && call->in[0].rank == 0)
        status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 0 is a scalar");
    for (uint32_t i = 1; i < 5 && status == SY_OK; i++) {
        status = sy_ops_need(call, i, SY_OPS_FLOATS, err);
        int64_t count = sy_net_elements(&call->in[i]);
        if (status == SY_OK && (call->in[i].rank != 1 || (count >= 0 && count != channels(call))))
            status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "input %u must be a list of %lld numbers, one a channel", i, (long long)channels(call));
    }
    if (status == SY_OK && call->node->opset < 9 && sy_net_attr_int(call->node, "spatial", 1) == 0)
        status = sy_net_call_fail(call, SY_UNSUPPORTED, err, "attribute spatial = 0 is not done");
    return status;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = check(call, err);
    batch_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    state->epsilon = (double)sy_net_attr_float(call->node, "epsilon", 1e-5f);
    state->momentum = (double)sy_net_attr_float(call->node, "momentum", 0.9f);
    state->is_training = call->node->opset >= 14 && sy_net_attr_int(call->node, "training_mode", 0) != 0;
    if (call->n_out > 1 && !state->is_training)
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "more than one output without training_mode");
    sy_net_shape_like(&call->out[0], &call->in[0]);
    for (uint32_t i = 1; i < call->n_out; i++)
        sy_net_shape_like(&call->out[i], &call->in[i + 2]);
    return SY_OK;
}

static size_t scratch_bytes(const sy_net_call *call) {
    return (size_t)channels(call) * 2 * (sizeof(double) + sizeof(float));
}

/* Mean and variance of a channel of the batch, and what becomes of the running ones. */
static void learn(const sy_net_call *call, int64_t channel, double moment[2]) {
    const batch_state *state = call->state;
    const sy_net_tensor *in = &call->in[0];
    int64_t plane = in->rank > 2 ? sy_ops_span(in, 2, in->rank) : 1, count = in->dim[0] * plane;
    int64_t stride[SY_NET_MAX_RANK], from = 0, step = 0;
    sy_ops_strides(in, stride);
    if (in->rank > 1)
        from = channel * stride[1];
    if (in->rank > 2)
        step = stride[in->rank - 1];
    moment[0] = moment[1] = 0;
    for (int64_t i = 0; i < count; i++)
        moment[0] += sy_net_get(in, from + i / plane * stride[0] + i % plane * step);
    moment[0] /= (double)count;
    for (int64_t i = 0; i < count; i++) {
        double away = sy_net_get(in, from + i / plane * stride[0] + i % plane * step) - moment[0];
        moment[1] += away * away;
    }
    moment[1] /= (double)count;
    for (uint32_t i = 1; i < call->n_out; i++) {
        double old = sy_net_get(&call->in[i + 2], channel);
        if (call->out[i].data != NULL)
            sy_net_set(&call->out[i], channel, old * state->momentum + moment[i - 1] * (1 - state->momentum));
    }
}

/* Factors and terms a channel, in f64 and f32: so many numbers each, one kind after the other. */
static void prepare(const sy_net_call *call, double *factor, double *term, float *factor_f32) {
    const batch_state *state = call->state;
    int64_t count = channels(call);
    for (int64_t c = 0; c < count; c++) {
        double moment[2];
        if (state->is_training) {
            learn(call, c, moment);
        } else {
            moment[0] = sy_net_get(&call->in[3], c);
            moment[1] = sy_net_get(&call->in[4], c);
        }
        factor[c] = sy_net_get(&call->in[1], c) / sqrt(moment[1] + state->epsilon);
        term[c] = sy_net_get(&call->in[2], c) - moment[0] * factor[c];
        factor_f32[c] = (float)factor[c];
        factor_f32[count + c] = (float)term[c];
    }
}

typedef struct batch_job {
    const sy_nn *nn;
    const void *in;
    void *out;
    uint32_t dtype;
    const double *factor, *term;
    const float *factor_f32, *term_f32;
} batch_job;

static void blend_f32(const batch_job *job, const int64_t *offset, const int64_t *step, int64_t count) {
    const float *x = (const float *)job->in + offset[1], *factor = job->factor_f32 + offset[2];
    const float *term = job->term_f32 + offset[3];
    float *y = (float *)job->out + offset[0];
    if (step[2] == 1) {
        job->nn->blend(x, factor, term, count, y);
        return;
    }
    if (x != y)
        memcpy(y, x, (size_t)count * sizeof *y);
    job->nn->map(SY_NN_AFFINE, y, count, (const float[SY_NN_PARAMS]){*factor, *term});
}

static void blend_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const batch_job *job = arg;
    if (job->dtype == SY_F32 && (count == 1 || (step[0] == 1 && step[1] == 1))) {
        blend_f32(job, offset, step, count);
        return;
    }
    double x[SY_OPS_CHUNK];
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load_f64(job->dtype, job->in, offset[1] + i * step[1], step[1], few, x);
        for (int64_t j = 0; j < few; j++)
            x[j] =
                x[j] * job->factor[offset[2] + (i + j) * step[2]] + job->term[offset[3] + (i + j) * step[3]];
        sy_ops_store_f64(job->dtype, x, offset[0] + i * step[0], step[0], few, job->out);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_net_tensor *in = &call->in[0];
    int64_t count = channels(call);
    double *factor = call->scratch;
    float *factor_f32 = (float *)(factor + 2 * count);
    sy_net_tensor learnt = {.rank = in->rank - 1}; /* C 1 1 ..., which broadcasts to the input */
    for (uint32_t d = 0; d < learnt.rank; d++)
        learnt.dim[d] = d == 0 ? count : 1;
    prepare(call, factor, factor + count, factor_f32);
    batch_job job = {.nn = sy_ops_kernels(call),
        .in = in->data,
        .out = call->out[0].data,
        .dtype = in->dtype,
        .factor = factor,
        .term = factor + count,
        .factor_f32 = factor_f32,
        .term_f32 = factor_f32 + count};
    const sy_net_tensor *tensor[] = {&call->out[0], in, &learnt, &learnt};
    sy_ops_walk walk;
    sy_ops_walk_make(&walk, tensor, 4);
    sy_ops_walk_run(&walk, call->team, in->dtype == SY_F32 ? 2 : 10, blend_piece, &job);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_IN_PLACE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"BatchNormalization", "", 7, 13, FLAGS, 5, 5, 1, 5, infer, scratch_bytes, run},
    {"BatchNormalization", "", 14, 0, FLAGS, 5, 5, 1, 3, infer, scratch_bytes, run},
};
const sy_net_family sy_net_family_batch_norm = {row, sizeof row / sizeof row[0]};
