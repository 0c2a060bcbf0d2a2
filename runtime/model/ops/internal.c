/*
 * Operators of domain "steelyard", which no file holds: passes put them in.
 *
 *     Reorder     an image packed from channels last, the other way round, or to another pitch
 *     Relabel     the same where the bytes are the same: one channel, or one pixel
 *     Pixels      from N C H W, channels last, to N H W C, packed: the same bytes where there is no pitch
 *     Images      the other way round
 *     Join        a whole whose parts are the inputs, along the channels; they lie in it already
 *     Parts       parts of the input along the channels, which lie in it; offsets and extents in attributes
 *     ScaleShift  x a[c] + b[c], f32; posts RELU and CLIP
 */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/reorder.h"

static sy_status infer_same(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *x = &call->in[0];
    if (x->rank < 3 || x->rank > 5)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input 0 has rank %u, must be 3 to 5", x->rank);
    sy_net_shape_like(&call->out[0], x);
    return SY_OK;
}

static sy_status run_reorder(const sy_net_call *call, sy_error *err) {
    (void)err;
    sy_net_reorder(&call->in[0], &call->out[0], call->team);
    return SY_OK;
}

static sy_status infer_turned(sy_net_call *call, const uint32_t place[4], sy_error *err) {
    const sy_net_tensor *x = &call->in[0];
    if (x->rank != 4)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 0 has rank %u, must be 4", x->rank);
    sy_net_shape_like(&call->out[0], x);
    for (uint32_t i = 0; i < 4; i++)
        call->out[0].dim[i] = x->dim[place[i]];
    return SY_OK;
}

static sy_status infer_pixels(sy_net_call *call, sy_error *err) {
    return infer_turned(call, (const uint32_t[]){0, 2, 3, 1}, err);
}

static sy_status infer_images(sy_net_call *call, sy_error *err) {
    return infer_turned(call, (const uint32_t[]){0, 3, 1, 2}, err);
}

/* A packed N H W C tensor as what it is: the image `like` with channels last. */
static sy_net_tensor as_image(const sy_net_tensor *packed, const sy_net_tensor *like) {
    sy_net_tensor image = *like;
    image.is_last = true;
    image.pitch = like->dim[1];
    image.data = packed->data;
    return image;
}

static sy_status run_pixels(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_net_tensor to = as_image(&call->out[0], &call->in[0]);
    sy_net_reorder(&call->in[0], &to, call->team);
    return SY_OK;
}

static sy_status run_images(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_net_tensor from = as_image(&call->in[0], &call->out[0]);
    sy_net_reorder(&from, &call->out[0], call->team);
    return SY_OK;
}

static sy_status infer_join(sy_net_call *call, sy_error *err) {
    int64_t channels = 0;
    for (uint32_t i = 0; i < call->n_in; i++) {
        const sy_net_tensor *x = &call->in[i];
        bool fits =
            x->rank >= 3 && x->rank <= 5 && x->rank == call->in[0].rank && x->dtype == call->in[0].dtype;
        if (!fits || __builtin_add_overflow(channels, x->dim[1], &channels))
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u does not fit the others", i);
    }
    sy_net_shape_like(&call->out[0], &call->in[0]);
    call->out[0].dim[1] = channels;
    return SY_OK;
}

static sy_status infer_parts(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *x = &call->in[0];
    size_t count = 0, n_offset = 0;
    const int64_t *extent = sy_net_attr_ints(call->node, "extents", &count);
    const int64_t *offset = sy_net_attr_ints(call->node, "offsets", &n_offset);
    if (x->rank < 3 || x->rank > 5 || count != call->n_out || n_offset != count)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "one extent and one offset for each output");
    for (uint32_t i = 0; i < call->n_out; i++) {
        int64_t end = 0;
        bool is_bad = extent[i] < 0 || offset[i] < 0 || __builtin_add_overflow(extent[i], offset[i], &end);
        if (is_bad || end > x->dim[1])
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "part %u is beyond its whole", i);
        sy_net_shape_like(&call->out[i], x);
        call->out[i].dim[1] = extent[i];
    }
    return SY_OK;
}

static sy_status run_nothing(const sy_net_call *call, sy_error *err) {
    (void)call;
    (void)err;
    return SY_OK;
}

static sy_status infer_scale(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *x = &call->in[0];
    bool fits = x->rank >= 2 && x->rank <= SY_NET_MAX_RANK && x->dtype == SY_F32;
    for (uint32_t i = 1; i < 3; i++) {
        const sy_net_tensor *c = &call->in[i];
        fits = fits && c->dtype == SY_F32 && c->rank == 1 && c->dim[0] == x->dim[1];
    }
    if (!fits)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "an f32 tensor and two entries a channel");
    for (uint32_t i = 0; i < call->node->n_post; i++)
        if (call->node->post[i].kind != SY_POST_RELU && call->node->post[i].kind != SY_POST_CLIP)
            return sy_net_call_fail(call, SY_UNSUPPORTED, err, "a post of kind %u", call->node->post[i].kind);
    sy_net_shape_like(&call->out[0], x);
    return SY_OK;
}

/* Lines of `width` values side by side: a channel of an image, or a pixel where channels are last. */
typedef struct scale_job {
    const sy_net_call *call;
    int64_t width, in_step, out_step, channels;
    bool is_last;
} scale_job;

static void follow(const sy_net_node *node, float *y, int64_t count) {
    for (uint32_t k = 0; k < node->n_post; k++) {
        bool is_clip = node->post[k].kind == SY_POST_CLIP;
        float low = is_clip ? node->post[k].a : 0, high = node->post[k].b;
        for (int64_t i = 0; i < count; i++)
            y[i] = y[i] < low ? low : y[i]; /* NaN stays */
        for (int64_t i = 0; is_clip && i < count; i++)
            y[i] = y[i] > high ? high : y[i];
    }
}

static void scale_lines(void *arg, int64_t begin, int64_t end) {
    const scale_job *scaling = arg;
    const sy_net_call *call = scaling->call;
    const float *a = call->in[1].data, *b = call->in[2].data;
    for (int64_t line = begin; line < end; line++) {
        const float *x = (const float *)call->in[0].data + line * scaling->in_step;
        float *y = (float *)call->out[0].data + line * scaling->out_step;
        int64_t channel = line % scaling->channels;
        if (scaling->is_last)
            for (int64_t i = 0; i < scaling->width; i++)
                y[i] = x[i] * a[i] + b[i];
        else
            for (int64_t i = 0; i < scaling->width; i++)
                y[i] = x[i] * a[channel] + b[channel];
        follow(call->node, y, scaling->width);
    }
}

static sy_status run_scale(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_net_tensor *x = &call->in[0], *y = &call->out[0];
    int64_t elements = sy_net_elements(x);
    if (elements == 0)
        return SY_OK;
    scale_job scaling = {.call = call, .channels = x->dim[1], .is_last = x->is_last};
    int64_t lines = x->dim[0] * x->dim[1];
    scaling.width = elements / lines;
    scaling.in_step = scaling.out_step = scaling.width;
    if (x->is_last) {
        lines = elements / x->dim[1];
        scaling.width = x->dim[1];
        scaling.in_step = x->pitch;
        scaling.out_step = y->pitch;
    }
    sy_team_for(call->team, lines, scaling.width, scale_lines, &scaling);
    return SY_OK;
}

#define LAST SY_NET_OP_CHANNELS_LAST

static const sy_net_op row[] = {
    {"Reorder", "steelyard", 1, 0, LAST, 1, 1, 1, 1, infer_same, NULL, run_reorder},
    {"Relabel", "steelyard", 1, 0, LAST | SY_NET_OP_VIEW, 1, 1, 1, 1, infer_same, NULL, run_reorder},
    {"Pixels", "steelyard", 1, 0, LAST | SY_NET_OP_VIEW, 1, 1, 1, 1, infer_pixels, NULL, run_pixels},
    {"Images", "steelyard", 1, 0, LAST | SY_NET_OP_VIEW, 1, 1, 1, 1, infer_images, NULL, run_images},
    {"Join", "steelyard", 1, 0, LAST, 1, SY_NET_MAX_PORTS, 1, 1, infer_join, NULL, run_nothing},
    {"Parts", "steelyard", 1, 0, LAST, 1, 1, 1, SY_NET_MAX_PORTS, infer_parts, NULL, run_nothing},
    {"ScaleShift", "steelyard", 1, 0, LAST | SY_NET_OP_POSTS | SY_NET_OP_IN_PLACE, 3, 3, 1, 1, infer_scale,
        NULL, run_scale},
};
const sy_net_family sy_net_family_internal = {row, sizeof row / sizeof row[0]};
