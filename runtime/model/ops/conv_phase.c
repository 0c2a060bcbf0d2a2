#include "runtime/model/ops/conv_phase.h"

#include <string.h>

/*
 * A phase: output pixels at + i * stride along each dimension, `count` of them, which meet taps
 * first + u * stride of the window, u < taps. size: of all taps. filters: of all groups.
 */
typedef struct phase_job {
    const sy_net_call *call;
    const sy_net_conv_state *state;
    const sy_net_window *window;
    sy_net_image x, y;
    int64_t at[SY_NET_SPATIAL], count[SY_NET_SPATIAL], first[SY_NET_SPATIAL], taps[SY_NET_SPATIAL];
    int64_t size, filters;
    float *weights; /* [filter][channel][tap z, y, x] */
} phase_job;

bool sy_net_phase_fits(const sy_net_window *window) {
    for (uint32_t axis = 0; axis < SY_NET_SPATIAL; axis++)
        if (window->dilation[axis] != 1 || window->stride[axis] > window->kernel[axis])
            return false;
    return true;
}

/* Filters begin .. end - 1: from [channel][filter][tap of the window] within groups. */
static void turn_weights(void *arg, int64_t begin, int64_t end) {
    const phase_job *job = arg;
    const sy_net_conv_state *state = job->state;
    const int64_t *kernel = job->window->kernel, *stride = job->window->stride;
    float *to = job->weights + begin * state->channels * job->size;
    for (int64_t index = begin * state->channels; index < end * state->channels; index++) {
        int64_t k = index / state->channels, channel = k / state->filters * state->channels;
        channel += index % state->channels;
        const float *from = (const float *)job->call->in[1].data +
                            (channel * state->filters + k % state->filters) * sy_net_window_size(job->window);
        for (int64_t z = job->first[0]; z < kernel[0]; z += stride[0])
            for (int64_t y = job->first[1]; y < kernel[1]; y += stride[1])
                for (int64_t w = job->first[2]; w < kernel[2]; w += stride[2])
                    *to++ = from[(z * kernel[1] + y) * kernel[2] + w];
    }
}

/* A product: one row of the phase, of one group of filters. z, y: of the output. */
typedef struct phase_row {
    int64_t n, group, z, y;
} phase_row;

static phase_row row_at(const phase_job *job, int64_t batch) {
    phase_row row = {.y = job->at[1] + batch % job->count[1] * job->window->stride[1]};
    batch /= job->count[1];
    row.z = job->at[0] + batch % job->count[0] * job->window->stride[0];
    batch /= job->count[0];
    row.group = batch % job->state->groups;
    row.n = batch / job->state->groups;
    return row;
}

static void offsets(const void *arg, int64_t batch, int64_t *out_a, int64_t *out_c) {
    const phase_job *job = arg;
    phase_row row = row_at(job, batch);
    int64_t first = row.group * job->state->filters;
    *out_a = first * job->state->channels * job->size;
    *out_c = sy_net_image_at(&job->y, row.n, first) + row.z * job->y.step[0] + row.y * job->y.step[1] +
             job->at[2] * job->y.step[2];
}

/* Where tap u of the phase's taps comes from at output `at`; it may lie outside. */
static int64_t source(const phase_job *job, uint32_t axis, int64_t at, int64_t u) {
    return (at + job->window->lo[axis]) / job->window->stride[axis] - u;
}

/* `count` input pixels from column `x` on of a row, zeros where there is none. */
static void copy_run(const phase_job *job, int64_t row, int64_t x, int64_t count, float *to) {
    const float *from = (const float *)job->call->in[0].data + row;
    int64_t step = job->x.step[2], begin = x < 0 ? -x : 0, end = job->x.dim[2] - x;
    begin = begin < count ? begin : count;
    end = end > begin ? (end < count ? end : count) : begin;
    for (int64_t i = 0; i < begin; i++)
        to[i] = 0.0f;
    if (step == 1 && end > begin)
        memcpy(to + begin, from + (x + begin), (size_t)(end - begin) * sizeof *to);
    for (int64_t i = begin; step != 1 && i < end; i++)
        to[i] = from[(x + i) * step];
    for (int64_t i = end; i < count; i++)
        to[i] = 0.0f;
}

static void gather(const void *arg, const sy_net_part *part, void *panel) {
    const phase_job *job = arg;
    phase_row row = row_at(job, part->batch);
    for (int64_t p = part->p; p < part->p + part->depth; p++) {
        float *to = (float *)panel + (p - part->p) * SY_NET_TILE_COLS;
        int64_t tap = p % job->size, channel = row.group * job->state->channels + p / job->size;
        int64_t z = source(job, 0, row.z, tap / (job->taps[1] * job->taps[2]));
        int64_t y = source(job, 1, row.y, tap / job->taps[2] % job->taps[1]);
        int64_t x = source(job, 2, job->at[2], tap % job->taps[2]) + part->j;
        if (z < 0 || z >= job->x.dim[0] || y < 0 || y >= job->x.dim[1])
            memset(to, 0, (size_t)part->cols * sizeof *to);
        else
            copy_run(job, sy_net_image_at(&job->x, row.n, channel) + z * job->x.step[0] + y * job->x.step[1],
                x, part->cols, to);
    }
}

/* Along one dimension; false: no output pixel is of this phase. */
static bool set_phase(phase_job *job, uint32_t axis, int64_t at) {
    const sy_net_window *window = job->window;
    int64_t stride = window->stride[axis], out = job->y.dim[axis];
    job->at[axis] = at;
    job->count[axis] = out > at ? (out - at + stride - 1) / stride : 0;
    job->first[axis] = (at + window->lo[axis]) % stride;
    job->taps[axis] = (window->kernel[axis] - job->first[axis] + stride - 1) / stride;
    return job->count[axis] > 0;
}

static void run_phase(phase_job *job) {
    const sy_net_call *call = job->call;
    const sy_net_conv_state *state = job->state;
    job->size = job->taps[0] * job->taps[1] * job->taps[2];
    int64_t depth = state->channels * job->size;
    sy_net_product product = {.batch = job->y.n * state->groups * job->count[0] * job->count[1],
        .m = state->filters,
        .n = job->count[2],
        .k = depth,
        .a_row = depth,
        .a_col = 1,
        .c_row = job->y.c_step,
        .c_col = job->window->stride[2] * job->y.step[2],
        .a = job->weights,
        .c = call->out[0].data,
        .at = offsets,
        .gather = gather,
        .arg = job};
    sy_team_for(call->team, job->filters, depth, turn_weights, job);
    sy_net_product_f32(&product, call->team);
}

void sy_net_phase_run(const sy_net_call *call, const sy_net_conv_state *state) {
    const int64_t *stride = state->window.stride;
    phase_job job = {.call = call, .state = state, .window = &state->window, .weights = call->scratch};
    job.x = sy_net_image_of(&call->in[0]);
    job.y = sy_net_image_of(&call->out[0]);
    job.filters = state->filters * state->groups;
    for (int64_t z = 0; z < stride[0] && set_phase(&job, 0, z); z++)
        for (int64_t y = 0; y < stride[1] && set_phase(&job, 1, y); y++)
            for (int64_t w = 0; w < stride[2] && set_phase(&job, 2, w); w++)
                run_phase(&job);
}
