/* Panels straight from images and weights: the unfolded image exists only a panel at a time. */
#include "kernels/conv/conv_problem.h"
#include "kernels/gemm/gemm_element.h"

#include <string.h>

enum { MAX_LANES = 64, ZERO_BYTES = 2048, RUN_BYTES = 256, MOST_WINDOW_CHANNELS = 32 };

/* What lanes that fall into the padding read. */
static const _Alignas(64) unsigned char zeros[ZERO_BYTES];

/* A run of lanes in one row of Y: first lane, count, its image row before r, its column before s, its image.
 */
typedef struct span {
    int lane, count;
    int64_t row, col, offset;
} span;

/* A stretch of depth: taps (r, s) and channels [channel, channel + count). */
typedef struct stretch {
    int64_t r, s, channel, count;
} stretch;

static int split_lanes(const sy_conv_plan *plan, int64_t lane, int lanes, span *out_spans) {
    const sy_conv_desc *desc = &plan->desc;
    int count = 0;
    for (int done = 0; done < lanes;) {
        const int64_t pixel = lane + done, q = pixel % plan->q, row = pixel / plan->q;
        const int64_t left = plan->q - q;
        span *one = &out_spans[count++];
        one->lane = done;
        one->count = left < lanes - done ? (int)left : lanes - done;
        one->row = row % plan->p * desc->stride[0] - desc->pad[0];
        one->col = q * desc->stride[1] - desc->pad[1];
        one->offset = row / plan->p * desc->x_stride[0];
        done += one->count;
    }
    return count;
}

static stretch stretch_at(const sy_conv_desc *desc, int64_t depth, int64_t count) {
    const int64_t channels = desc->c / desc->groups, tap = depth / channels;
    stretch at = {.r = tap / desc->s, .s = tap % desc->s, .channel = depth % channels};
    at.count = channels - at.channel < count ? channels - at.channel : count;
    return at;
}

/* Channels contiguous: each lane is a run of channels of one pixel; turn them. */
static void gather_channels(const conv_image *image, const gemm_form *form, const span *spans, int n_spans,
    int lanes, stretch at, int width, unsigned char *out) {
    const sy_conv_desc *desc = &image->plan->desc;
    const size_t element = (size_t)form->unit;
    _Alignas(64) unsigned char widened[MAX_LANES * RUN_BYTES];
    const void *lane[MAX_LANES];
    const bool is_in_place = desc->dtype_x == form->element;
    const int64_t most = (is_in_place ? ZERO_BYTES : RUN_BYTES) / (int64_t)element;
    for (int64_t done = 0; done < at.count; done += most) {
        const int64_t run = at.count - done < most ? at.count - done : most;
        for (int i = 0; i < n_spans; i++) {
            const int64_t row = spans[i].row + at.r * desc->dilation[0];
            const bool is_inside = row >= 0 && row < desc->h;
            const int64_t base =
                spans[i].offset + row * desc->x_stride[2] + (at.channel + done) * desc->x_stride[1];
            int64_t col = spans[i].col + at.s * desc->dilation[1];
            for (int j = spans[i].lane; j < spans[i].lane + spans[i].count; j++, col += desc->stride[1]) {
                const int64_t first = base + col * desc->x_stride[3];
                lane[j] = zeros;
                if (!is_inside || col < 0 || col >= desc->w)
                    continue;
                lane[j] = is_in_place ? (const unsigned char *)image->base + first * (int64_t)element
                                      : widened + (size_t)j * RUN_BYTES;
                if (!is_in_place)
                    gemm_load_panel(
                        form, desc->dtype_x, image->base, first, 1, run, widened + (size_t)j * RUN_BYTES);
            }
        }
        form->interleave(lane, lanes, run, out + (size_t)(done * width) * element, width);
    }
}

/* Few channels lying next to one another: a row of the window, all its columns, is one run of memory. */
static bool is_by_window(const sy_conv_desc *desc, const gemm_form *form) {
    return desc->x_stride[1] == 1 && desc->x_stride[3] == desc->c && desc->groups == 1 &&
           desc->dilation[1] == 1 && desc->c < MOST_WINDOW_CHANNELS && desc->dtype_x == form->element &&
           form->interleave;
}

/* Elements [first, first + run) of an image row of `line` elements, zero where they lie outside; in place if
 * all inside. */
static const void *window_run(
    const unsigned char *row, int64_t line, int64_t first, int64_t run, size_t element, unsigned char *own) {
    const int64_t low = first < 0 ? -first : 0, high = line - first < run ? line - first : run;
    if (high <= low)
        return zeros;
    if (low == 0 && high == run)
        return row + first * (int64_t)element;
    memset(own, 0, (size_t)run * element);
    memcpy(
        own + (size_t)low * element, row + (first + low) * (int64_t)element, (size_t)(high - low) * element);
    return own;
}

/* Panel rows [depth, depth + *out_count) that lie in one row of the window. */
static void gather_window(const conv_image *image, const gemm_form *form, const span *spans, int n_spans,
    int lanes, int64_t depth, int64_t count, int width, unsigned char *out, int64_t *out_count) {
    const sy_conv_desc *desc = &image->plan->desc;
    const size_t element = (size_t)form->unit;
    const int64_t window = desc->s * desc->c, r = depth / window, within = depth % window;
    const int64_t most = RUN_BYTES / (int64_t)element,
                  left = window - within < count ? window - within : count;
    const int64_t run = left < most ? left : most;
    _Alignas(64) unsigned char own[MAX_LANES * RUN_BYTES];
    const void *lane[MAX_LANES];
    for (int i = 0; i < n_spans; i++) {
        const int64_t row = spans[i].row + r * desc->dilation[0];
        const bool is_inside = row >= 0 && row < desc->h;
        const unsigned char *base =
            (const unsigned char *)image->base +
            (is_inside ? (spans[i].offset + row * desc->x_stride[2]) * (int64_t)element : 0);
        for (int j = 0; j < spans[i].count; j++) {
            const int64_t first = (spans[i].col + j * desc->stride[1]) * desc->c + within;
            const int to = spans[i].lane + j;
            lane[to] = is_inside ? window_run(base, desc->w * desc->c, first, run, element,
                                       own + (size_t)to * RUN_BYTES)
                                 : zeros;
        }
    }
    form->interleave(lane, lanes, run, out, width);
    *out_count = run;
}

/* Lanes [*out_low, *out_high) of a span lie inside the image for tap s. */
static void inside(const sy_conv_desc *desc, const span *one, int64_t s, int *out_low, int *out_high) {
    const int64_t stride = desc->stride[1], col = one->col + s * desc->dilation[1];
    const int64_t low = col < 0 ? (-col + stride - 1) / stride : 0;
    const int64_t high = col < desc->w ? (desc->w - col + stride - 1) / stride : 0;
    *out_low = low < one->count ? (int)low : one->count;
    *out_high = high < one->count ? (int)high : one->count;
    if (*out_high < *out_low)
        *out_high = *out_low;
}

/* A few f32: a call would cost more than the copy. */
static inline void copy_f32(const float *from, int64_t step, int count, float *to) {
    if (step == 1)
        for (int i = 0; i < count; i++)
            to[i] = from[i];
    else
        for (int i = 0; i < count; i++)
            to[i] = from[i * step];
}

/* Any layout: each row of the panel is one channel at one tap, gathered along the pixels. */
static void gather_pixels(const conv_image *image, const gemm_form *form, const span *spans, int n_spans,
    int lanes, stretch at, int width, unsigned char *out) {
    const sy_conv_desc *desc = &image->plan->desc;
    const int64_t element = form->unit, step = desc->stride[1] * desc->x_stride[3];
    const bool is_copy = desc->dtype_x == SY_ELEMENT_F32;
    bool is_whole = lanes == width;
    for (int i = 0; i < n_spans; i++) {
        int low, high;
        inside(desc, &spans[i], at.s, &low, &high);
        const int64_t row = spans[i].row + at.r * desc->dilation[0];
        is_whole = is_whole && low == 0 && high == spans[i].count && row >= 0 && row < desc->h;
    }
    if (!is_whole)
        memset(out, 0, (size_t)(at.count * width * element));
    for (int i = 0; i < n_spans; i++) {
        int low, high;
        inside(desc, &spans[i], at.s, &low, &high);
        const int64_t row = spans[i].row + at.r * desc->dilation[0];
        if (row < 0 || row >= desc->h || low == high)
            continue;
        const int64_t col = spans[i].col + at.s * desc->dilation[1] + low * desc->stride[1];
        int64_t first = spans[i].offset + row * desc->x_stride[2] + col * desc->x_stride[3] +
                        at.channel * desc->x_stride[1];
        unsigned char *to = out + (spans[i].lane + low) * element;
        for (int64_t c = 0; c < at.count; c++, first += desc->x_stride[1], to += width * element)
            if (is_copy)
                copy_f32((const float *)image->base + first, step, high - low, (float *)(void *)to);
            else
                gemm_load_panel(form, desc->dtype_x, image->base, first, step, high - low, to);
    }
}

void conv_gather(const void *context, const gemm_form *form, int64_t lane, int lanes, int64_t depth,
    int64_t count, int width, void *out) {
    const conv_image *image = context;
    const sy_conv_desc *desc = &image->plan->desc;
    span spans[MAX_LANES];
    const int n_spans = split_lanes(image->plan, lane, lanes, spans);
    const bool is_by_channel = desc->x_stride[1] == 1 && form->interleave;
    unsigned char *to = out;
    const bool is_window = is_by_window(desc, form);
    for (int64_t done = 0; done < count;) {
        stretch at = stretch_at(desc, depth + done, count - done);
        if (is_window)
            gather_window(
                image, form, spans, n_spans, lanes, depth + done, count - done, width, to, &at.count);
        else if (is_by_channel)
            gather_channels(image, form, spans, n_spans, lanes, at, width, to);
        else
            gather_pixels(image, form, spans, n_spans, lanes, at, width, to);
        done += at.count;
        to += at.count * width * form->unit;
    }
}

void conv_pack_weights(const void *context, const gemm_form *form, int64_t lane, int lanes, int64_t depth,
    int64_t count, int width, void *out) {
    const conv_weights *weights = context;
    const sy_conv_desc *desc = &weights->plan->desc;
    unsigned char *to = out;
    for (int64_t done = 0; done < count;) {
        const stretch at = stretch_at(desc, depth + done, count - done);
        const int64_t first = at.r * desc->w_stride[2] + at.s * desc->w_stride[3];
        const gemm_matrix matrix = {
            .base = (const unsigned char *)weights->base + first * (int64_t)sy_element_bytes(desc->dtype_w),
            .dtype = desc->dtype_w,
            .lane_stride = desc->w_stride[0],
            .depth_stride = desc->w_stride[1]};
        gemm_pack_panel(form, &matrix, lane, lanes, at.channel, at.count, width, to);
        done += at.count;
        to += at.count * width * form->unit;
    }
}
