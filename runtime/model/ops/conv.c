/* Conv: cross-correlation in one to three dimensions. */
#include "runtime/model/ops/conv.h"

#include "runtime/model/ops/check.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/post.h"

typedef struct conv_job {
    sy_net_patch patch; /* first: the gathering's */
    const sy_net_conv_state *state;
    const sy_net_tensor *w;
    sy_net_image y;
    const sy_net_posts *posts;
} conv_job;

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = sy_net_check_floats(call, 3, err);
    call->out[0].dtype = call->in[0].dtype;
    return status == SY_OK ? sy_net_conv_infer(call, 0, 1, 2, err) : status;
}

static void offsets(const void *arg, int64_t batch, int64_t *out_a, int64_t *out_c) {
    const conv_job *job = arg;
    int64_t groups = job->state->groups, group = batch % groups, filters = job->state->filters;
    *out_a = group * filters * job->state->channels * sy_net_window_size(&job->state->window);
    *out_c = sy_net_image_at(&job->y, batch / groups, group * filters);
}

/* Taps of one output pixel that hit the image. */
typedef struct taps {
    int64_t at[SY_NET_SPATIAL], first[SY_NET_SPATIAL], end[SY_NET_SPATIAL];
} taps;

static taps taps_at(const sy_net_window *window, int64_t pixel) {
    taps hit;
    for (int axis = SY_NET_SPATIAL - 1; axis >= 0; axis--) {
        hit.at[axis] = pixel % window->out[axis];
        pixel /= window->out[axis];
        hit.end[axis] = sy_net_window_taps(window, (uint32_t)axis, hit.at[axis], &hit.first[axis]);
    }
    return hit;
}

/* The sum over one channel: x from element `channel` on, weights from `filter` on. */
static double sum_channel(const conv_job *job, const taps *hit, int64_t channel, int64_t filter) {
    const sy_net_window *window = &job->state->window;
    const sy_net_tensor x = {.dtype = job->patch.x_dtype, .data = (void *)job->patch.x};
    int64_t begin[SY_NET_SPATIAL], z, y, w;
    double sum = 0;
    for (int axis = 0; axis < (int)SY_NET_SPATIAL; axis++)
        begin[axis] = hit->at[axis] * window->stride[axis] - window->lo[axis];
    for (z = hit->first[0]; z < hit->end[0]; z++)
        for (y = hit->first[1]; y < hit->end[1]; y++)
            for (w = hit->first[2]; w < hit->end[2]; w++) {
                int64_t from = channel + (begin[0] + z * window->dilation[0]) * job->patch.image.step[0] +
                               (begin[1] + y * window->dilation[1]) * job->patch.image.step[1] +
                               (begin[2] + w * window->dilation[2]) * job->patch.image.step[2];
                int64_t tap = (z * window->kernel[1] + y) * window->kernel[2] + w;
                sum += sy_net_get(&x, from) * sy_net_get(job->w, filter + tap);
            }
    return sum;
}

/* Filters begin .. end - 1 of all images, any type, in f64. */
static void run_any(void *arg, int64_t begin, int64_t end) {
    const conv_job *job = arg;
    const sy_net_conv_state *state = job->state;
    int64_t pixels = sy_net_image_pixels(&job->y), size = sy_net_window_size(&state->window);
    for (int64_t index = begin; index < end; index++) {
        int64_t n = index / job->y.c, k = index % job->y.c, group = k / state->filters;
        for (int64_t pixel = 0; pixel < pixels; pixel++) {
            taps hit = taps_at(&state->window, pixel);
            double sum = 0;
            for (int64_t c = 0; c < state->channels; c++)
                sum +=
                    sum_channel(job, &hit, sy_net_image_at(&job->patch.image, n, group * state->channels + c),
                        (k * state->channels + c) * size);
            bool is_last = job->posts->out->is_last;
            double value = sy_net_posts_value(
                job->posts, is_last ? n * pixels + pixel : index, is_last ? k : pixel, sum);
            sy_net_set(job->posts->out, sy_net_image_at(&job->y, n, k) + pixel * job->y.step[2], value);
        }
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const sy_net_tensor *bias = sy_net_call_has(call, 2) ? &call->in[2] : NULL;
    sy_net_posts posts;
    sy_status status = sy_net_posts_set(call, SY_NET_POST_IMAGES, bias, &posts, err);
    if (status != SY_OK)
        return status;
    conv_job job = {.state = call->state, .w = &call->in[1], .posts = &posts};
    sy_net_product product = sy_net_conv_product(call->state, &call->in[0], &call->out[0], &job.patch);
    job.y = sy_net_image_of(&call->out[0]);
    product.a = call->in[1].data;
    product.at = offsets;
    product.gather = sy_net_patch_f32;
    product.arg = &job;
    if (call->in[0].dtype != SY_F32) {
        sy_team_for(call->team, job.y.n * job.y.c, product.n * 64, run_any, &job);
        return SY_OK;
    }
    if (sy_net_depthwise_fits(call, call->state))
        sy_net_depthwise_run(call, call->state);
    else
        sy_net_product_f32(&product, call->team);
    sy_net_posts_run(&posts, call->team);
    return SY_OK;
}

static size_t scratch_bytes(const sy_net_call *call) {
    return sy_net_depthwise_fits(call, call->state) ? sy_net_bytes(&call->in[1]) : 0;
}

static const sy_net_op row[] = {
    {"Conv", "", 1, 0, SY_NET_OP_POSTS | SY_NET_OP_CHANNELS_LAST, 2, 3, 1, 1, infer, scratch_bytes, run},
};
const sy_net_family sy_net_family_conv = {row, sizeof row / sizeof row[0]};
