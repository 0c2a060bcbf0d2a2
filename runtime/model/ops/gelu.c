/* Gelu and its relatives, some with a bias that is added before. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

typedef struct gelu_state {
    bool is_tanh;
} gelu_state;

static sy_status infer_state(sy_net_call *call, bool is_tanh, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS, err);
    if (status == SY_OK && sy_net_call_has(call, 1))
        status = sy_ops_need_same(call, 0, 1, err);
    if (status == SY_OK && sy_net_call_has(call, 1))
        status = sy_ops_need_fit(call, 1, &call->in[0], err);
    gelu_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    state->is_tanh = is_tanh;
    sy_net_shape_like(&call->out[0], &call->in[0]);
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const char *form = sy_net_attr_text(call->node, "approximate", "none");
    if (strcmp(form, "none") != 0 && strcmp(form, "tanh") != 0)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute approximate is '%.40s', must be none or tanh", form);
    return infer_state(call, form[0] == 't', err);
}

static sy_status infer_fast(sy_net_call *call, sy_error *err) {
    return infer_state(call, true, err);
}

static sy_status infer_bias(sy_net_call *call, sy_error *err) {
    sy_status status = sy_ops_need(call, 1, SY_OPS_FLOATS, err);
    return status == SY_OK ? infer_state(call, false, err) : status;
}

typedef struct gelu_job {
    const sy_nn *nn;
    const void *in, *bias;
    void *out;
    uint32_t dtype, kernel;
} gelu_job;

static double gelu(bool is_tanh, double x) {
    return is_tanh ? 0.5 * x * (1 + tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)))
                   : 0.5 * x * erfc(-x * M_SQRT1_2);
}

static void gelu_chunk(const gelu_job *job, int64_t count, const sy_ops_chunk *bias, sy_ops_chunk *x) {
    if (job->dtype != SY_F64) {
        if (job->bias != NULL)
            job->nn->pair(SY_NN_ADD, x->f32, 1, bias->f32, 1, count, x->f32);
        job->nn->map(job->kernel, x->f32, count, (const float[SY_NN_PARAMS]){0});
        return;
    }
    for (int64_t i = 0; i < count; i++)
        x->f64[i] = gelu(job->kernel == SY_NN_GELU_TANH, x->f64[i] + (job->bias != NULL ? bias->f64[i] : 0));
}

static void gelu_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const gelu_job *job = arg;
    sy_ops_chunk x, bias;
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load(job->dtype, job->in, offset[1] + i * step[1], step[1], few, &x);
        if (job->bias != NULL)
            sy_ops_load(job->dtype, job->bias, offset[2] + i * step[2], step[2], few, &bias);
        gelu_chunk(job, few, &bias, &x);
        sy_ops_store(job->dtype, &x, offset[0] + i * step[0], step[0], few, job->out);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const gelu_state *state = call->state;
    bool has_bias = sy_net_call_has(call, 1);
    gelu_job job = {.nn = sy_ops_kernels(call),
        .in = call->in[0].data,
        .bias = has_bias ? call->in[1].data : NULL,
        .out = call->out[0].data,
        .dtype = call->in[0].dtype,
        .kernel = state->is_tanh ? SY_NN_GELU_TANH : SY_NN_GELU_ERF};
    sy_ops_walk walk;
    sy_ops_walk_call(&walk, call, has_bias ? 2 : 1);
    sy_ops_walk_run(&walk, call->team, 8, gelu_piece, &job);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_ELEMENTWISE | SY_NET_OP_IN_PLACE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"Gelu", "", 20, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Gelu", "com.microsoft", 1, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"FastGelu", "com.microsoft", 1, 0, FLAGS, 1, 2, 1, 1, infer_fast, NULL, run},
    {"BiasGelu", "com.microsoft", 1, 0, FLAGS, 2, 2, 1, 1, infer_bias, NULL, run},
};
const sy_net_family sy_net_family_gelu = {row, sizeof row / sizeof row[0]};
