/* LRN: an element over a power of the sum of squares of its neighbours among the channels. */
#include <math.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

/* Channels c - before .. c + after. */
typedef struct lrn_state {
    int64_t before, after;
    float factor, bias, beta;
} lrn_state;

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    int64_t size = sy_net_attr_int(call->node, "size", 0);
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS, err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 0, err);
    if (status == SY_OK && in->rank < 2)
        status =
            sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 0 has rank %u, at least 2", in->rank);
    if (status == SY_OK && size < 1)
        status = sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute size is %lld, at least 1", (long long)size);
    lrn_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    int64_t most = in->dim[1];
    state->before = (size - 1) / 2 < most ? (size - 1) / 2 : most;
    state->after = size / 2 < most ? size / 2 : most;
    state->factor = (float)((double)sy_net_attr_float(call->node, "alpha", 1e-4f) / (double)size);
    state->bias = sy_net_attr_float(call->node, "bias", 1.0f);
    state->beta = sy_net_attr_float(call->node, "beta", 0.75f);
    sy_net_shape_like(&call->out[0], in);
    return SY_OK;
}

/* from, to: strides of input and output, of an image, a channel and a pixel. */
typedef struct lrn_job {
    const lrn_state *state;
    const sy_nn *nn;
    const sy_net_tensor *in;
    sy_net_tensor *out;
    int64_t channels, plane, blocks;
    int64_t from[3], to[3];
} lrn_job;

static void respond(const lrn_job *job, const float *x, const float *sum, int64_t count, float *y) {
    const lrn_state *state = job->state;
    job->nn->respond(x, sum, count, (const float[3]){state->factor, state->bias, state->beta}, y);
}

/* The window of channel c: its first channel, and how many there are. */
static int64_t window(const lrn_job *job, int64_t c, int64_t *out_count) {
    int64_t low = c < job->state->before ? 0 : c - job->state->before;
    int64_t high = job->channels - 1 - c < job->state->after ? job->channels - 1 : c + job->state->after;
    *out_count = high - low + 1;
    return low;
}

/* Channels apart: items are stretches of pixels. */
static void norm_planes(void *arg, int64_t begin, int64_t end) {
    const lrn_job *job = arg;
    float sum[SY_OPS_CHUNK];
    for (int64_t item = begin; item < end; item++) {
        int64_t first = item % job->blocks * SY_OPS_CHUNK, image = item / job->blocks * job->from[0];
        int64_t few = job->plane - first < SY_OPS_CHUNK ? job->plane - first : SY_OPS_CHUNK;
        const float *x = (const float *)job->in->data + image + first;
        float *y = (float *)job->out->data + image + first;
        for (int64_t c = 0; c < job->channels; c++) {
            int64_t count, low = window(job, c, &count);
            job->nn->squares(x + low * job->plane, job->plane, count, few, sum);
            respond(job, x + c * job->plane, sum, few, y + c * job->plane);
        }
    }
}

/* Sums of channels first .. first + few - 1 of a pixel: windows that are whole go together. */
static void sum_channels(const lrn_job *job, const float *x, int64_t first, int64_t few, float *sum) {
    int64_t whole = job->state->before + job->state->after + 1, i = 0, count;
    while (i < few) {
        int64_t low = window(job, first + i, &count), run = 1;
        int64_t end = job->channels - job->state->after - first;
        if (count == whole && first + i >= job->state->before && end > i)
            run = (end < few ? end : few) - i;
        job->nn->squares(x + low, 1, count, run, sum + i);
        i += run;
    }
}

/* Channels side by side: items are pixels. */
static void norm_pixels(void *arg, int64_t begin, int64_t end) {
    const lrn_job *job = arg;
    float sum[SY_OPS_CHUNK];
    for (int64_t item = begin; item < end; item++) {
        const float *x = (const float *)job->in->data + item * job->from[2];
        float *y = (float *)job->out->data + item * job->to[2];
        for (int64_t c = 0; c < job->channels; c += SY_OPS_CHUNK) {
            int64_t few = job->channels - c < SY_OPS_CHUNK ? job->channels - c : SY_OPS_CHUNK;
            sum_channels(job, x, c, few, sum);
            respond(job, x + c, sum, few, y + c);
        }
    }
}

/* Any type and layout, one by one: items are pixels. */
static void norm_any(void *arg, int64_t begin, int64_t end) {
    const lrn_job *job = arg;
    const lrn_state *state = job->state;
    for (int64_t item = begin; item < end; item++) {
        int64_t image = item / job->plane, pixel = item % job->plane;
        int64_t from = image * job->from[0] + pixel * job->from[2],
                to = image * job->to[0] + pixel * job->to[2];
        for (int64_t c = 0; c < job->channels; c++) {
            double sum = 0;
            for (int64_t other = c - state->before; other <= c + state->after; other++) {
                bool is_inside = other >= 0 && other < job->channels;
                double x = is_inside ? sy_net_get(job->in, from + other * job->from[1]) : 0;
                sum += x * x;
            }
            double scale = pow((double)state->bias + (double)state->factor * sum, -(double)state->beta);
            sy_net_set(job->out, to + c * job->to[1], sy_net_get(job->in, from + c * job->from[1]) * scale);
        }
    }
}

static void find_strides(const sy_net_tensor *tensor, int64_t out[3]) {
    int64_t stride[SY_NET_MAX_RANK];
    sy_ops_strides(tensor, stride);
    out[0] = stride[0];
    out[1] = stride[1];
    out[2] = tensor->rank > 2 ? stride[tensor->rank - 1] : stride[0];
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor out = call->out[0];
    lrn_job job = {.state = call->state, .nn = sy_ops_kernels(call), .in = in, .out = &out};
    job.channels = in->dim[1];
    job.plane = sy_ops_span(in, 2, in->rank);
    job.blocks = (job.plane + SY_OPS_CHUNK - 1) / SY_OPS_CHUNK;
    find_strides(in, job.from);
    find_strides(&out, job.to);
    int64_t cost = job.channels * (8 + job.state->before + job.state->after);
    if (in->dtype != SY_F32)
        sy_team_for(call->team, in->dim[0] * job.plane, cost * 8, norm_any, &job);
    else if (in->is_last || in->rank == 2)
        sy_team_for(call->team, in->dim[0] * job.plane, cost, norm_pixels, &job);
    else
        sy_team_for(call->team, in->dim[0] * job.blocks, cost * SY_OPS_CHUNK, norm_planes, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"LRN", "", 1, 0, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_lrn = {row, sizeof row / sizeof row[0]};
