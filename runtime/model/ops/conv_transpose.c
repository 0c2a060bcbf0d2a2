/*
 * ConvTranspose: the gradient of a convolution by its input, as sums over the pixels that reach an output
 * pixel. Weights are turned into scratch, a row a filter.
 */
#include "runtime/model/ops/check.h"
#include "runtime/model/ops/conv_phase.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/post.h"

typedef struct turned_job {
    sy_net_patch patch; /* first: the gathering's */
    const sy_net_conv_state *state;
    const sy_net_tensor *w;
    sy_net_image y;
    const sy_net_posts *posts;
    float *turned;
} turned_job;

/* Padding such that the natural extent minus `total` comes out. */
static void share_padding(sy_net_window *window, uint32_t axis, int64_t total) {
    int64_t less = total > 0 ? total / 2 : 0, more = total > 0 ? total - less : 0;
    bool is_upper = window->auto_pad == SY_NET_PAD_SAME_UPPER;
    window->lo[axis] = is_upper ? less : more;
    window->hi[axis] = is_upper ? more : less;
}

static sy_status fit(const sy_net_call *call, sy_net_window *window, sy_error *err) {
    int64_t extra[SY_NET_SPATIAL] = {0}, wanted[SY_NET_SPATIAL] = {1, 1, 1};
    uint32_t spatial = window->spatial, lead = SY_NET_SPATIAL - spatial;
    bool has_shape = false;
    sy_status status = sy_net_window_list(call, "output_padding", 0, spatial, extra + lead, NULL, err);
    if (status == SY_OK)
        status = sy_net_window_list(call, "output_shape", 0, spatial, wanted + lead, &has_shape, err);
    bool is_same = window->auto_pad == SY_NET_PAD_SAME_UPPER || window->auto_pad == SY_NET_PAD_SAME_LOWER;
    for (uint32_t axis = lead; axis < SY_NET_SPATIAL && status == SY_OK; axis++) {
        int64_t in = window->in[axis], natural = 0;
        if (__builtin_mul_overflow(in > 0 ? in - 1 : 0, window->stride[axis], &natural) ||
            __builtin_add_overflow(natural, sy_net_window_span(window, axis) + extra[axis], &natural))
            return sy_net_call_fail(call, SY_OVERFLOW, err, "output dimension %u is too large", axis);
        if (!has_shape && is_same && __builtin_mul_overflow(in, window->stride[axis], &wanted[axis]))
            return sy_net_call_fail(call, SY_OVERFLOW, err, "output dimension %u is too large", axis);
        if (has_shape || is_same)
            share_padding(window, axis, natural - wanted[axis]);
        else
            wanted[axis] = natural - window->lo[axis] - window->hi[axis];
        if (wanted[axis] < 0)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "output dimension %u would be %lld",
                2 + axis - lead, (long long)wanted[axis]);
        window->out[axis] = in > 0 ? wanted[axis] : 0;
    }
    return status;
}

static sy_status set_groups(const sy_net_call *call, const sy_net_tensor *x, const sy_net_tensor *w,
    sy_net_conv_state *state, int64_t *out_filters, sy_error *err) {
    int64_t groups = sy_net_attr_int(call->node, "group", 1);
    if (groups < 1 || groups > SY_NET_WINDOW_MAX)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "attribute group is %lld", (long long)groups);
    if (x->dim[1] % groups != 0 || x->dim[1] != w->dim[0])
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "%lld channels, weights for %lld: do not fit %lld groups", (long long)x->dim[1],
            (long long)w->dim[0], (long long)groups);
    if (__builtin_mul_overflow(w->dim[1], groups, out_filters))
        return sy_net_call_fail(call, SY_OVERFLOW, err, "too many filters");
    state->groups = groups;
    state->channels = x->dim[1] / groups;
    state->filters = w->dim[1];
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *x = &call->in[0], *w = &call->in[1];
    int64_t filters = 0;
    sy_status status = sy_net_check_floats(call, 3, err);
    if (status == SY_OK)
        status = sy_net_check_rank(call, 1, 3, 2 + SY_NET_SPATIAL, err);
    if (status != SY_OK)
        return status;
    sy_net_conv_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    call->out[0].dtype = x->dtype;
    status = sy_net_window_read(call, x, w, &state->window, err);
    if (status == SY_OK)
        status = fit(call, &state->window, err);
    if (status == SY_OK)
        status = set_groups(call, x, w, state, &filters, err);
    if (status == SY_OK)
        status = sy_net_check_shape(call, 2, 1, &filters, err);
    if (status == SY_OK)
        sy_net_window_shape(&state->window, x->dim[0], filters, &call->out[0]);
    return status;
}

static size_t scratch_bytes(const sy_net_call *call) {
    return call->in[0].dtype == SY_F32 ? sy_net_bytes(&call->in[1]) : 0;
}

/* Filters begin .. end - 1: from [channel][filter][tap] to [filter][channel][tap], within groups. */
static void turn_weights(void *arg, int64_t begin, int64_t end) {
    const turned_job *job = arg;
    const sy_net_conv_state *state = job->state;
    const float *w = job->w->data;
    int64_t size = sy_net_window_size(&state->window);
    for (int64_t k = begin; k < end; k++)
        for (int64_t c = 0; c < state->channels; c++) {
            int64_t group = k / state->filters, channel = group * state->channels + c;
            const float *from = w + (channel * state->filters + k % state->filters) * size;
            float *to = job->turned + (k * state->channels + c) * size;
            for (int64_t t = 0; t < size; t++)
                to[t] = from[t];
        }
}

static void offsets(const void *arg, int64_t batch, int64_t *out_a, int64_t *out_c) {
    const turned_job *job = arg;
    int64_t groups = job->state->groups, group = batch % groups, filters = job->state->filters;
    *out_a = group * filters * job->state->channels * sy_net_window_size(&job->state->window);
    *out_c = sy_net_image_at(&job->y, batch / groups, group * filters);
}

/* Input position that tap `tap` brings to output `o`, -1 for none. */
static int64_t source(const sy_net_window *window, int axis, int64_t o, int64_t tap) {
    int64_t at = o + window->lo[axis] - tap * window->dilation[axis];
    if (at < 0 || at % window->stride[axis] != 0 || at / window->stride[axis] >= window->in[axis])
        return -1;
    return at / window->stride[axis];
}

/* The sum of one output pixel, any type. */
static double sum_pixel(const turned_job *job, int64_t n, int64_t k, int64_t pixel) {
    const sy_net_window *window = &job->state->window;
    const sy_net_tensor x = {.dtype = job->patch.x_dtype, .data = (void *)job->patch.x};
    int64_t size = sy_net_window_size(window), channels = job->state->channels, filters = job->state->filters;
    int64_t o[3] = {pixel / (window->out[1] * window->out[2]), pixel / window->out[2] % window->out[1],
        pixel % window->out[2]};
    double sum = 0;
    for (int64_t t = 0; t < size; t++) {
        int64_t z = source(window, 0, o[0], t / (window->kernel[1] * window->kernel[2]));
        int64_t y = source(window, 1, o[1], t / window->kernel[2] % window->kernel[1]);
        int64_t w = source(window, 2, o[2], t % window->kernel[2]);
        for (int64_t c = 0; c < channels && z >= 0 && y >= 0 && w >= 0; c++) {
            int64_t channel = k / filters * channels + c;
            int64_t from = sy_net_image_at(&job->patch.image, n, channel) + z * job->patch.image.step[0] +
                           y * job->patch.image.step[1] + w * job->patch.image.step[2];
            sum += sy_net_get(&x, from) * sy_net_get(job->w, (channel * filters + k % filters) * size + t);
        }
    }
    return sum;
}

static void run_any(void *arg, int64_t begin, int64_t end) {
    const turned_job *job = arg;
    int64_t pixels = sy_net_image_pixels(&job->y);
    bool is_last = job->posts->out->is_last;
    for (int64_t index = begin; index < end; index++)
        for (int64_t pixel = 0; pixel < pixels; pixel++) {
            int64_t n = index / job->y.c, k = index % job->y.c;
            double value = sy_net_posts_value(job->posts, is_last ? n * pixels + pixel : index,
                is_last ? k : pixel, sum_pixel(job, n, k, pixel));
            sy_net_set(job->posts->out, sy_net_image_at(&job->y, n, k) + pixel * job->y.step[2], value);
        }
}

/* All of X and W, through pixels that are spread by the stride. */
static void run_spread(turned_job *job, const sy_net_call *call, sy_net_product product) {
    product.a = call->scratch;
    product.at = offsets;
    product.gather = sy_net_patch_f32;
    product.arg = job;
    sy_team_for(call->team, job->y.c, product.k, turn_weights, job);
    sy_net_product_f32(&product, call->team);
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const sy_net_conv_state *state = call->state;
    const sy_net_tensor *bias = sy_net_call_has(call, 2) ? &call->in[2] : NULL;
    sy_net_posts posts;
    sy_status status = sy_net_posts_set(call, SY_NET_POST_IMAGES, bias, &posts, err);
    if (status != SY_OK)
        return status;
    turned_job job = {.state = state, .w = &call->in[1], .posts = &posts, .turned = call->scratch};
    sy_net_product product = sy_net_conv_product(state, &call->in[0], &call->out[0], &job.patch);
    job.patch.is_turned = true;
    job.y = sy_net_image_of(&call->out[0]);
    if (call->in[0].dtype != SY_F32) {
        sy_team_for(call->team, job.y.n * job.y.c, product.n * 64, run_any, &job);
        return SY_OK;
    }
    if (sy_net_phase_fits(&state->window))
        sy_net_phase_run(call, state);
    else
        run_spread(&job, call, product);
    sy_net_posts_run(&posts, call->team);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"ConvTranspose", "", 1, 0, SY_NET_OP_POSTS | SY_NET_OP_CHANNELS_LAST, 2, 3, 1, 1, infer, scratch_bytes,
        run},
};
const sy_net_family sy_net_family_conv_transpose = {row, sizeof row / sizeof row[0]};
