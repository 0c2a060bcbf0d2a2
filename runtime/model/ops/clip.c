/* Clip: bounds are attributes up to opset 10, inputs since. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, call->node->opset < 12 ? SY_OPS_FLOATS : SY_OPS_NUMBERS, err);
    for (uint32_t i = 1; i < 3 && status == SY_OK; i++) {
        if (!sy_net_call_has(call, i))
            continue;
        status = sy_ops_need_same(call, 0, i, err);
        int64_t count = sy_net_elements(&call->in[i]);
        if (status == SY_OK && count >= 0 && count != 1)
            status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "input %u, a bound, has %lld elements, must have one", i, (long long)count);
    }
    sy_net_shape_like(&call->out[0], &call->in[0]);
    return status;
}

/* Bounds in the form of the type. */
typedef struct clip_job {
    const sy_nn *nn;
    const void *in;
    void *out;
    uint32_t dtype;
    float f32[SY_NN_PARAMS];
    double f64[2];
    int64_t s64[2];
    uint64_t u64[2];
} clip_job;

static void clip_chunk(const clip_job *job, int64_t count, sy_ops_chunk *x) {
    switch (sy_ops_form(job->dtype)) {
    case SY_OPS_F32: job->nn->map(SY_NN_CLIP, x->f32, count, job->f32); break;
    case SY_OPS_F64:
        for (int64_t i = 0; i < count; i++) {
            double above = x->f64[i] < job->f64[0] ? job->f64[0] : x->f64[i];
            x->f64[i] = above > job->f64[1] ? job->f64[1] : above;
        }
        break;
    case SY_OPS_S64:
        for (int64_t i = 0; i < count; i++) {
            int64_t above = x->s64[i] < job->s64[0] ? job->s64[0] : x->s64[i];
            x->s64[i] = above > job->s64[1] ? job->s64[1] : above;
        }
        break;
    default:
        for (int64_t i = 0; i < count; i++) {
            uint64_t above = x->u64[i] < job->u64[0] ? job->u64[0] : x->u64[i];
            x->u64[i] = above > job->u64[1] ? job->u64[1] : above;
        }
    }
}

static void clip_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const clip_job *job = arg;
    if (job->dtype == SY_F32 && (count == 1 || (step[0] == 1 && step[1] == 1))) {
        float *y = (float *)job->out + offset[0];
        const float *x = (const float *)job->in + offset[1];
        if (x != y)
            memcpy(y, x, (size_t)count * sizeof *y);
        job->nn->map(SY_NN_CLIP, y, count, job->f32);
        return;
    }
    sy_ops_chunk chunk;
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load(job->dtype, job->in, offset[1] + i * step[1], step[1], few, &chunk);
        clip_chunk(job, few, &chunk);
        sy_ops_store(job->dtype, &chunk, offset[0] + i * step[0], step[0], few, job->out);
    }
}

/* No bound is one that lets everything pass. */
static void set_bound(const sy_net_call *call, uint32_t which, clip_job *job) {
    const char *name = which == 0 ? "min" : "max";
    float limit = which == 0 ? -INFINITY : INFINITY;
    if (call->node->opset < 11)
        limit = sy_net_attr_float(call->node, name, limit);
    job->f32[which] = limit;
    job->f64[which] = (double)limit;
    job->s64[which] = which == 0 ? INT64_MIN : INT64_MAX;
    job->u64[which] = which == 0 ? 0 : UINT64_MAX;
    if (call->node->opset < 11 || !sy_net_call_has(call, which + 1))
        return;
    sy_ops_chunk one;
    sy_ops_load(job->dtype, call->in[which + 1].data, 0, 1, 1, &one);
    switch (sy_ops_form(job->dtype)) {
    case SY_OPS_F32: job->f32[which] = one.f32[0]; break;
    case SY_OPS_F64: job->f64[which] = one.f64[0]; break;
    case SY_OPS_S64: job->s64[which] = one.s64[0]; break;
    default: job->u64[which] = one.u64[0]; break;
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    sy_ops_walk walk;
    clip_job job = {.nn = sy_ops_kernels(call),
        .in = call->in[0].data,
        .out = call->out[0].data,
        .dtype = call->in[0].dtype};
    set_bound(call, 0, &job);
    set_bound(call, 1, &job);
    sy_ops_walk_call(&walk, call, 1);
    sy_ops_walk_run(&walk, call->team, 2, clip_piece, &job);
    return SY_OK;
}

/* The bounds of later opsets are inputs that share no memory with the output: they have another shape. */
#define FLAGS (SY_NET_OP_ELEMENTWISE | SY_NET_OP_IN_PLACE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"Clip", "", 6, 10, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"Clip", "", 11, 0, FLAGS, 1, 3, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_clip = {row, sizeof row / sizeof row[0]};
