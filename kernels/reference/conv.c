/* Convolution in f64, one filter tap over a row of outputs at a time. */
#include "kernels/reference/conv.h"

#include <math.h>

/* One tap of a filter on one row of the output. */
typedef struct tap {
    const double *x; /* the element for output column `first` */
    double *y;
    int64_t count, x_step, y_step;
    double weight;
} tap;

static void add_tap(const tap *one) {
    const double *restrict x = one->x;
    double *restrict y = one->y;
    const double weight = one->weight;
    if (one->x_step == 1 && one->y_step == 1) {
        for (int64_t i = 0; i < one->count; i++)
            y[i] += weight * x[i];
        return;
    }
    for (int64_t i = 0; i < one->count; i++)
        y[i * one->y_step] += weight * x[i * one->x_step];
}

/* Output columns first..end-1 whose input column lies in the image, for a tap that begins at `offset`. */
static void valid_range(
    int64_t offset, int64_t stride, int64_t extent, int64_t outputs, int64_t *out_first, int64_t *out_end) {
    int64_t first = offset < 0 ? (-offset + stride - 1) / stride : 0;
    int64_t end = offset >= extent ? 0 : (extent - 1 - offset) / stride + 1;
    *out_end = end < outputs ? end : outputs;
    *out_first = first;
}

/* Where the parts of one output row begin. */
typedef struct row {
    const double *x;      /* channel 0 of the group, row 0 */
    const double *filter; /* of the output channel */
    double *y;
    int64_t top; /* input row of filter row 0; may be negative */
} row;

/* Add every tap of one channel of the filter to a row of outputs. */
static void add_channel(const sy_reference_conv *conv, const row *at, int64_t channel) {
    for (int64_t r = 0; r < conv->r; r++) {
        int64_t line = at->top + r * conv->dilation[0];
        if (line < 0 || line >= conv->h)
            continue;
        const double *x = at->x + channel * conv->x_stride[1] + line * conv->x_stride[2];
        for (int64_t s = 0; s < conv->s; s++) {
            int64_t offset = s * conv->dilation[1] - conv->pad[1];
            int64_t first = 0, end = 0;
            valid_range(offset, conv->stride[1], conv->w, conv->q, &first, &end);
            if (first >= end)
                continue;
            add_tap(&(tap){.x = x + (offset + first * conv->stride[1]) * conv->x_stride[3],
                .y = at->y + first * conv->y_stride[3],
                .count = end - first,
                .x_step = conv->stride[1] * conv->x_stride[3],
                .y_step = conv->y_stride[3],
                .weight =
                    at->filter[channel * conv->w_stride[1] + r * conv->w_stride[2] + s * conv->w_stride[3]]});
        }
    }
}

void sy_reference_conv_channel(const sy_reference_conv *conv, int64_t image, int64_t channel) {
    int64_t depth = conv->c / conv->groups;
    int64_t group = channel / (conv->k / conv->groups);
    row at = {.x = conv->x + image * conv->x_stride[0] + group * depth * conv->x_stride[1],
        .filter = conv->filter + channel * conv->w_stride[0]};
    for (int64_t p = 0; p < conv->p; p++) {
        at.y = conv->y + image * conv->y_stride[0] + channel * conv->y_stride[1] + p * conv->y_stride[2];
        at.top = p * conv->stride[0] - conv->pad[0];
        for (int64_t q = 0; q < conv->q; q++)
            at.y[q * conv->y_stride[3]] = 0.0;
        for (int64_t c = 0; c < depth; c++)
            add_channel(conv, &at, c);
    }
}

void sy_reference_conv_run(const sy_reference_conv *conv) {
    for (int64_t image = 0; image < conv->n; image++)
        for (int64_t channel = 0; channel < conv->k; channel++)
            sy_reference_conv_channel(conv, image, channel);
}

/* Sums of one output element while its taps go by. */
typedef struct sums {
    double product, absolute, x_square, w_square;
} sums;

static void add_product(double x, double weight, sums *total) {
    total->product += x * weight;
    total->absolute += fabs(x * weight);
    total->x_square += x * x;
    total->w_square += weight * weight;
}

void sy_reference_conv_point(
    const sy_reference_conv *conv, const int64_t at[4], sy_reference_point *out_point) {
    int64_t depth = conv->c / conv->groups;
    int64_t group = at[1] / (conv->k / conv->groups);
    const double *x = conv->x + at[0] * conv->x_stride[0] + group * depth * conv->x_stride[1];
    const double *filter = conv->filter + at[1] * conv->w_stride[0];
    sums total = {0};
    for (int64_t c = 0; c < depth; c++)
        for (int64_t r = 0; r < conv->r; r++)
            for (int64_t s = 0; s < conv->s; s++) {
                int64_t line = at[2] * conv->stride[0] + r * conv->dilation[0] - conv->pad[0];
                int64_t column = at[3] * conv->stride[1] + s * conv->dilation[1] - conv->pad[1];
                if (line < 0 || line >= conv->h || column < 0 || column >= conv->w)
                    continue;
                add_product(x[c * conv->x_stride[1] + line * conv->x_stride[2] + column * conv->x_stride[3]],
                    filter[c * conv->w_stride[1] + r * conv->w_stride[2] + s * conv->w_stride[3]], &total);
            }
    *out_point = (sy_reference_point){.sum = total.product,
        .absolute = total.absolute,
        .a_norm = sqrt(total.x_square),
        .b_norm = sqrt(total.w_square)};
}
