/* Operators of one input, element by element: activations, roundings, elementary functions. */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"
#include "runtime/model/ops/unary_kind.h"

/* Relative to moving an element, as sy_team_for() counts. */
enum { COST_KERNEL = 4, COST_REAL = 40 };

typedef struct unary_state {
    const sy_ops_unary_kind *kind;
    float p[SY_OPS_UNARY_PARAMS];
    double p_real[SY_OPS_UNARY_PARAMS];
} unary_state;

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_ops_unary_kind *kind = sy_ops_unary_find(call->node->op->name);
    sy_status status = sy_ops_need(call, 0, kind->types, err);
    unary_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    state->kind = kind;
    for (uint32_t i = 0; i < SY_OPS_UNARY_PARAMS; i++) {
        const sy_ops_unary_param *param = &kind->param[i];
        state->p[i] = param->name != NULL ? sy_net_attr_float(call->node, param->name, param->otherwise)
                                          : param->otherwise;
        state->p_real[i] = (double)state->p[i];
    }
    sy_net_shape_like(&call->out[0], &call->in[0]);
    return SY_OK;
}

typedef struct unary_job {
    const unary_state *state;
    const sy_nn *nn;
    const void *in;
    void *out;
    uint32_t dtype;
} unary_job;

static void map_chunk(const unary_job *job, int64_t count, sy_ops_chunk *chunk) {
    const sy_ops_unary_kind *kind = job->state->kind;
    uint32_t form = sy_ops_form(job->dtype);
    if (form == SY_OPS_F32 && kind->kernel != SY_NN_NONE)
        job->nn->map(kind->kernel, chunk->f32, count, job->state->p);
    else if (form == SY_OPS_F32)
        for (int64_t i = 0; i < count; i++)
            chunk->f32[i] = (float)kind->real((double)chunk->f32[i], job->state->p_real);
    else if (form == SY_OPS_F64)
        for (int64_t i = 0; i < count; i++)
            chunk->f64[i] = kind->real(chunk->f64[i], job->state->p_real);
    else
        for (int64_t i = 0; i < count; i++)
            chunk->u64[i] = kind->integer(chunk->u64[i], form == SY_OPS_U64);
}

static void map_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const unary_job *job = arg;
    bool is_row = count == 1 || (step[0] == 1 && step[1] == 1);
    if (job->dtype == SY_F32 && job->state->kind->kernel != SY_NN_NONE && is_row) {
        float *y = (float *)job->out + offset[0];
        const float *x = (const float *)job->in + offset[1];
        if (x != y)
            memcpy(y, x, (size_t)count * sizeof *y);
        job->nn->map(job->state->kind->kernel, y, count, job->state->p);
        return;
    }
    sy_ops_chunk chunk;
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load(job->dtype, job->in, offset[1] + i * step[1], step[1], few, &chunk);
        map_chunk(job, few, &chunk);
        sy_ops_store(job->dtype, &chunk, offset[0] + i * step[0], step[0], few, job->out);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const unary_state *state = call->state;
    sy_ops_walk walk;
    unary_job job = {.state = state,
        .nn = sy_ops_kernels(call),
        .in = call->in[0].data,
        .out = call->out[0].data,
        .dtype = call->in[0].dtype};
    sy_ops_walk_call(&walk, call, 1);
    sy_ops_walk_run(
        &walk, call->team, state->kind->kernel != SY_NN_NONE ? COST_KERNEL : COST_REAL, map_piece, &job);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_ELEMENTWISE | SY_NET_OP_IN_PLACE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"Relu", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"LeakyRelu", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Elu", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Selu", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Celu", "", 12, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Sigmoid", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"QuickGelu", "com.microsoft", 1, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"HardSigmoid", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"HardSwish", "", 14, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Tanh", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Softplus", "", 1, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Softsign", "", 1, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"ThresholdedRelu", "", 1, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Mish", "", 18, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Shrink", "", 9, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Erf", "", 9, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Exp", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Log", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Sqrt", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Reciprocal", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Abs", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Neg", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Sign", "", 9, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Floor", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Ceil", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Round", "", 11, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Sin", "", 7, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Cos", "", 7, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Tan", "", 7, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Asin", "", 7, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Acos", "", 7, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Atan", "", 7, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Sinh", "", 9, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Cosh", "", 9, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Asinh", "", 9, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Acosh", "", 9, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Atanh", "", 9, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Not", "", 1, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"BitwiseNot", "", 18, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_unary = {row, sizeof row / sizeof row[0]};
