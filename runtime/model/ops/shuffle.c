/*
 * Shuffle, of domain "steelyard": channel a * (c / groups) + b goes to place b * groups + a, as networks
 * write it by two Reshapes about a Transpose.
 */
#include <string.h>

#include "runtime/model/ops/families.h"

typedef struct shuffle_state {
    int64_t groups;
} shuffle_state;

/* What a share of the images or pixels needs. */
typedef struct shuffle_job {
    const sy_net_tensor *x, *y;
    int64_t groups, each, pixels; /* each: channels of a group */
    size_t size;
} shuffle_job;

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *x = &call->in[0];
    int64_t groups = sy_net_attr_int(call->node, "groups", 0);
    if (x->rank < 3 || x->rank > 5 || groups < 1 || x->dim[1] < 0 || x->dim[1] % groups != 0)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "%lld groups of a tensor of rank %u", (long long)groups, x->rank);
    shuffle_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    state->groups = groups;
    sy_net_shape_like(&call->out[0], x);
    return SY_OK;
}

/* Channels of whole images one after the other. */
static void move_planes(void *arg, int64_t begin, int64_t end) {
    const shuffle_job *job = arg;
    const size_t plane = (size_t)job->pixels * job->size;
    const int64_t channels = job->groups * job->each;
    for (int64_t i = begin; i < end; i++) {
        int64_t channel = i % channels, image = i - channel;
        int64_t from = image + channel % job->groups * job->each + channel / job->groups;
        memcpy((char *)job->y->data + (size_t)i * plane, (const char *)job->x->data + (size_t)from * plane,
            plane);
    }
}

/* A constant number of groups: what is written follows on, a stream of reads a group. */
static inline __attribute__((always_inline)) void weave_f32(
    const float *restrict from, float *restrict to, const int64_t groups, int64_t each) {
    for (int64_t b = 0; b < each; b++, to += groups)
        for (int64_t a = 0; a < groups; a++)
            to[a] = from[a * each + b];
}

static void move_f32(const float *restrict from, float *restrict to, int64_t groups, int64_t each) {
    switch (groups) {
    case 2: weave_f32(from, to, 2, each); break;
    case 3: weave_f32(from, to, 3, each); break;
    case 4: weave_f32(from, to, 4, each); break;
    default: weave_f32(from, to, groups, each); break;
    }
}

/* The channels of each pixel. */
static void move_pixels(void *arg, int64_t begin, int64_t end) {
    const shuffle_job *job = arg;
    const size_t size = job->size;
    for (int64_t i = begin; i < end; i++) {
        const char *from = (const char *)job->x->data + (size_t)(i * job->x->pitch) * size;
        char *to = (char *)job->y->data + (size_t)(i * job->y->pitch) * size;
        if (size == sizeof(float)) {
            move_f32((const float *)(const void *)from, (float *)(void *)to, job->groups, job->each);
            continue;
        }
        for (int64_t a = 0; a < job->groups; a++)
            for (int64_t b = 0; b < job->each; b++)
                memcpy(to + (size_t)(b * job->groups + a) * size, from + (size_t)(a * job->each + b) * size,
                    size);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const shuffle_state *state = call->state;
    const sy_net_tensor *x = &call->in[0];
    int64_t elements = sy_net_elements(x), channels = x->dim[1];
    shuffle_job job = {
        .x = x, .y = &call->out[0], .groups = state->groups, .size = sy_net_dtype_size(x->dtype)};
    if (elements == 0)
        return SY_OK;
    job.each = channels / state->groups;
    job.pixels = elements / channels / x->dim[0];
    if (x->is_last)
        sy_team_for(call->team, elements / channels, channels * 2, move_pixels, &job);
    else
        sy_team_for(call->team, x->dim[0] * channels, job.pixels, move_planes, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Shuffle", "steelyard", 1, 0, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_shuffle = {row, sizeof row / sizeof row[0]};
