/* Depthwise convolutions, a line at a time, in both layouts. */
#include <string.h>

#include "runtime/model/ops/conv.h"

typedef struct depthwise_job {
    const sy_net_window *window;
    const float *x, *w;
    float *y, *turned; /* turned: weights [tap][channel] */
    sy_net_image in, out;
    int64_t size; /* of the window */
} depthwise_job;

bool sy_net_depthwise_fits(const sy_net_call *call, const sy_net_conv_state *state) {
    return call->in[0].dtype == SY_F32 && state->channels == 1 && state->filters == 1 && state->groups > 1;
}

/* Where output position `at` has tap `tap`, along one dimension. */
static int64_t source(const sy_net_window *window, int axis, int64_t at, int64_t tap) {
    return at * window->stride[axis] - window->lo[axis] + tap * window->dilation[axis];
}

/* One tap of each pixel of a row: `in` is the image's row. */
static void add_tap(const depthwise_job *job, const float *in, int64_t tap, float weight, float *out) {
    const sy_net_window *window = job->window;
    const int64_t stride = window->stride[2], shift = source(window, 2, 0, tap);
    int64_t begin = shift < 0 ? (stride - 1 - shift) / stride : 0;
    int64_t end = window->in[2] > shift ? (window->in[2] - shift - 1) / stride + 1 : 0;
    end = end < window->out[2] ? end : window->out[2];
    if (stride == 1 && begin < end) {
        const float *from = in + (begin + shift);
        for (int64_t i = 0; i < end - begin; i++)
            out[begin + i] += weight * from[i];
        return;
    }
    for (int64_t i = begin; i < end; i++)
        out[i] += weight * in[i * stride + shift];
}

/* Row z, y of one plane. */
static void run_row(
    const depthwise_job *job, const float *plane, const float *w, int64_t z, int64_t y, float *out) {
    const sy_net_window *window = job->window;
    int64_t first[2], last[2];
    memset(out, 0, (size_t)window->out[2] * sizeof *out);
    last[0] = sy_net_window_taps(window, 0, z, &first[0]);
    last[1] = sy_net_window_taps(window, 1, y, &first[1]);
    for (int64_t u = first[0]; u < last[0]; u++)
        for (int64_t v = first[1]; v < last[1]; v++) {
            const float *in =
                plane + source(window, 0, z, u) * job->in.step[0] + source(window, 1, y, v) * job->in.step[1];
            const float *weight = w + (u * window->kernel[1] + v) * window->kernel[2];
            for (int64_t t = 0; t < window->kernel[2]; t++)
                add_tap(job, in, t, weight[t], out);
        }
}

static void run_planes(void *arg, int64_t begin, int64_t end) {
    const depthwise_job *job = arg;
    for (int64_t plane = begin; plane < end; plane++) {
        const float *w = job->w + plane % job->in.c * job->size;
        float *out = job->y + plane * job->out.c_step;
        for (int64_t z = 0; z < job->out.dim[0]; z++)
            for (int64_t y = 0; y < job->out.dim[1]; y++, out += job->out.dim[2])
                run_row(job, job->x + plane * job->in.c_step, w, z, y, out);
    }
}

static void turn_weights(void *arg, int64_t begin, int64_t end) {
    const depthwise_job *job = arg;
    for (int64_t c = begin; c < end; c++)
        for (int64_t t = 0; t < job->size; t++)
            job->turned[t * job->in.c + c] = job->w[c * job->size + t];
}

/* One pixel of channels; first, last: taps that hit the image. */
static void run_pixel(const depthwise_job *job, const float *image, const int64_t at[SY_NET_SPATIAL],
    const int64_t first[SY_NET_SPATIAL], const int64_t last[SY_NET_SPATIAL], float *out) {
    const sy_net_window *window = job->window;
    int64_t channels = job->in.c, u[SY_NET_SPATIAL];
    memset(out, 0, (size_t)channels * sizeof *out);
    for (u[0] = first[0]; u[0] < last[0]; u[0]++)
        for (u[1] = first[1]; u[1] < last[1]; u[1]++)
            for (u[2] = first[2]; u[2] < last[2]; u[2]++) {
                const float *in = image;
                int64_t tap = 0;
                for (int axis = 0; axis < (int)SY_NET_SPATIAL; axis++) {
                    in += source(window, axis, at[axis], u[axis]) * job->in.step[axis];
                    tap = tap * window->kernel[axis] + u[axis];
                }
                const float *weight = job->turned + tap * channels;
                for (int64_t c = 0; c < channels; c++)
                    out[c] += weight[c] * in[c];
            }
}

/* Rows of pixels with channels innermost. */
static void run_last(void *arg, int64_t begin, int64_t end) {
    const depthwise_job *job = arg;
    for (int64_t index = begin; index < end; index++) {
        int64_t at[SY_NET_SPATIAL] = {index / job->out.dim[1] % job->out.dim[0], index % job->out.dim[1], 0};
        int64_t first[SY_NET_SPATIAL], last[SY_NET_SPATIAL], n = index / (job->out.dim[0] * job->out.dim[1]);
        float *out = job->y + n * job->out.n_step + at[0] * job->out.step[0] + at[1] * job->out.step[1];
        for (uint32_t axis = 0; axis < 2; axis++)
            last[axis] = sy_net_window_taps(job->window, axis, at[axis], &first[axis]);
        for (; at[2] < job->out.dim[2]; at[2]++, out += job->out.step[2]) {
            last[2] = sy_net_window_taps(job->window, 2, at[2], &first[2]);
            run_pixel(job, job->x + n * job->in.n_step, at, first, last, out);
        }
    }
}

void sy_net_depthwise_run(const sy_net_call *call, const sy_net_conv_state *state) {
    depthwise_job job = {.window = &state->window,
        .x = call->in[0].data,
        .w = call->in[1].data,
        .y = call->out[0].data,
        .turned = call->scratch,
        .in = sy_net_image_of(&call->in[0]),
        .out = sy_net_image_of(&call->out[0]),
        .size = sy_net_window_size(&state->window)};
    int64_t rows = job.out.n * job.out.dim[0] * job.out.dim[1], cost = job.size < 64 ? job.size : 64;
    if (!call->in[0].is_last) {
        sy_team_for(
            call->team, job.out.n * job.out.c, sy_net_image_pixels(&job.out) * cost, run_planes, &job);
        return;
    }
    sy_team_for(call->team, job.in.c, job.size, turn_weights, &job);
    sy_team_for(call->team, rows, job.out.dim[2] * job.out.c * cost, run_last, &job);
}
