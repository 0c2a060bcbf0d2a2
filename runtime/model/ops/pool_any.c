/* Pools of any type, a value at a time. */
#include <math.h>

#include "runtime/model/ops/pool.h"

typedef struct pool_job {
    const sy_net_pool_state *state;
    const sy_net_tensor *x;
    sy_net_tensor *y, *index; /* index: NULL if it is not wanted */
    sy_net_image in, out;
} pool_job;

/* What is known of a window while it is walked over. */
typedef struct pool_sum {
    double value;
    int64_t hit; /* elements */
    int64_t best[SY_NET_SPATIAL];
} pool_sum;

int64_t sy_net_pool_count(const sy_net_pool_state *state, uint32_t axis, int64_t at) {
    const sy_net_window *window = &state->window;
    int64_t first = 0;
    if (!state->counts_padding) {
        int64_t end = sy_net_window_taps(window, axis, at, &first);
        return end - first;
    }
    /* A window of an extent that was rounded up may stick out of the padding. */
    int64_t room = window->in[axis] + window->hi[axis] + window->lo[axis] - at * window->stride[axis];
    int64_t taps = room > 0 ? (room - 1) / window->dilation[axis] + 1 : 0;
    return taps < window->kernel[axis] ? taps : window->kernel[axis];
}

static double divisor_at(const sy_net_pool_state *state, const int64_t at[SY_NET_SPATIAL]) {
    double divisor = 1;
    for (uint32_t axis = 0; axis < SY_NET_SPATIAL; axis++)
        divisor *= (double)sy_net_pool_count(state, axis, at[axis]);
    return divisor;
}

static void take(const pool_job *job, pool_sum *sum, const int64_t at[SY_NET_SPATIAL], double value) {
    int kind = job->state->kind;
    sum->hit++;
    if (kind == SY_NET_POOL_AVERAGE) {
        sum->value += value;
    } else if (kind == SY_NET_POOL_LP) {
        sum->value += pow(fabs(value), (double)job->state->p);
    } else if (sum->hit == 1 || value > sum->value || (isnan(value) && !isnan(sum->value))) {
        sum->value = value;
        for (uint32_t axis = 0; axis < SY_NET_SPATIAL; axis++)
            sum->best[axis] = at[axis];
    }
}

/* All that the window at output position `o` hits of the channel that begins at element `channel`. */
static pool_sum walk(const pool_job *job, int64_t channel, const int64_t o[SY_NET_SPATIAL]) {
    const sy_net_window *window = &job->state->window;
    int64_t first[SY_NET_SPATIAL], last[SY_NET_SPATIAL], begin[SY_NET_SPATIAL], t[SY_NET_SPATIAL];
    pool_sum sum = {0};
    for (uint32_t axis = 0; axis < SY_NET_SPATIAL; axis++) {
        last[axis] = sy_net_window_taps(window, axis, o[axis], &first[axis]);
        begin[axis] = o[axis] * window->stride[axis] - window->lo[axis];
    }
    for (t[0] = first[0]; t[0] < last[0]; t[0]++)
        for (t[1] = first[1]; t[1] < last[1]; t[1]++)
            for (t[2] = first[2]; t[2] < last[2]; t[2]++) {
                int64_t at[SY_NET_SPATIAL], from = channel;
                for (uint32_t axis = 0; axis < SY_NET_SPATIAL; axis++) {
                    at[axis] = begin[axis] + t[axis] * window->dilation[axis];
                    from += at[axis] * job->in.step[axis];
                }
                take(job, &sum, at, sy_net_get(job->x, from));
            }
    return sum;
}

static double finish(const pool_job *job, const pool_sum *sum, const int64_t o[SY_NET_SPATIAL]) {
    const sy_net_pool_state *state = job->state;
    if (sum->hit == 0)
        return state->kind == SY_NET_POOL_MAX ? -INFINITY : 0;
    if (state->kind == SY_NET_POOL_AVERAGE)
        return sum->value / divisor_at(state, o);
    if (state->kind == SY_NET_POOL_LP)
        return pow(sum->value, 1 / (double)state->p);
    return sum->value;
}

/* The place in the input, flat, as if it were packed. */
static int64_t place(const pool_job *job, int64_t plane, const pool_sum *sum) {
    const int64_t *dim = job->in.dim, *best = sum->best;
    int64_t first = plane * sy_net_image_pixels(&job->in);
    if (job->state->is_column_major)
        return first + (best[2] * dim[1] + best[1]) * dim[0] + best[0];
    return first + (best[0] * dim[1] + best[1]) * dim[2] + best[2];
}

static void run_planes(void *arg, int64_t begin, int64_t end) {
    const pool_job *job = arg;
    int64_t o[SY_NET_SPATIAL];
    for (int64_t plane = begin; plane < end; plane++) {
        int64_t n = plane / job->in.c, c = plane % job->in.c;
        int64_t from = sy_net_image_at(&job->in, n, c), to = sy_net_image_at(&job->out, n, c);
        for (o[0] = 0; o[0] < job->out.dim[0]; o[0]++)
            for (o[1] = 0; o[1] < job->out.dim[1]; o[1]++)
                for (o[2] = 0; o[2] < job->out.dim[2]; o[2]++) {
                    pool_sum sum = walk(job, from, o);
                    int64_t at =
                        to + o[0] * job->out.step[0] + o[1] * job->out.step[1] + o[2] * job->out.step[2];
                    sy_net_set(job->y, at, finish(job, &sum, o));
                    if (job->index != NULL)
                        ((int64_t *)job->index->data)[at] = place(job, plane, &sum);
                }
    }
}

void sy_net_pool_any(const sy_net_call *call, const sy_net_pool_state *state) {
    pool_job job = {.state = state, .x = &call->in[0], .y = &call->out[0]};
    job.index = call->n_out > 1 && call->out[1].data != NULL ? &call->out[1] : NULL;
    job.in = sy_net_image_of(job.x);
    job.out = sy_net_image_of(job.y);
    sy_team_for(call->team, job.in.n * job.in.c, sy_net_image_pixels(&job.out) * 64, run_planes, &job);
}
