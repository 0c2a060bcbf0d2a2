#include "kernels/reference/conv.h"

#include <math.h>
#include <stdlib.h>

#include "tests/vendor_sim/common/tensor.h"

/* Dims of x, w and y, and the strides of packed arrays of them. */
typedef struct extents {
    int64_t x[4], w[4], y[4];
} extents;

static extents extents_of(const sim_conv *conv) {
    return (extents){{conv->n, conv->c, conv->h, conv->w},
        {conv->k, conv->c / conv->groups, conv->r, conv->s}, {conv->n, conv->k, conv->p, conv->q}};
}

static void packed(const int64_t dim[4], int64_t stride[4]) {
    stride[3] = 1;
    for (int i = 2; i >= 0; i--)
        stride[i] = stride[i + 1] * dim[i + 1];
}

static void flip(double *filter, const int64_t dim[4]) {
    int64_t taps = dim[2] * dim[3];
    for (int64_t i = 0; i < dim[0] * dim[1]; i++, filter += taps)
        for (int64_t j = 0; j < taps / 2; j++) {
            double swap = filter[j];
            filter[j] = filter[taps - 1 - j];
            filter[taps - 1 - j] = swap;
        }
}

static void multiply(
    const sim_conv *conv, const extents *all, const double *x, const double *filter, double *y) {
    sy_reference_conv plain = {conv->n, conv->c, conv->h, conv->w, conv->k, conv->r, conv->s, conv->p,
        conv->q, {conv->stride[0], conv->stride[1]}, {conv->dilation[0], conv->dilation[1]},
        {conv->pad[0], conv->pad[1]}, conv->groups, x, filter, y, {0}, {0}, {0}};
    packed(all->x, plain.x_stride);
    packed(all->w, plain.w_stride);
    packed(all->y, plain.y_stride);
    sy_reference_conv_run(&plain);
}

static void finish(const sim_conv *conv, const double *z, const double *bias, double *y) {
    int64_t image = conv->p * conv->q, count = conv->n * conv->k * image;
    double scale = sim_tensor_scale(&conv->y);
    bool is_nan = sim_wants_nan();
    for (int64_t i = 0; i < count; i++) {
        double value = conv->alpha * y[i] + (z != NULL ? conv->beta * z[i] : 0);
        value += bias != NULL ? bias[i / image % conv->k] : 0;
        value = sim_activate(conv->activation, value) * scale;
        y[i] = !is_nan ? value : sy_dtype_is_float(conv->y.dtype) ? (double)NAN : 1e300;
    }
}

static double *unpack_bias(const sim_conv *conv) {
    const int64_t dim[4] = {1, 1, 1, conv->k};
    sim_tensor bias = conv->bias;
    bias.stride[3] = bias.stride[0];
    return sim_tensor_unpack(&bias, dim, SIM_ROUND_NONE);
}

int sim_conv_run(void *args) {
    const sim_conv *conv = args;
    if (sim_skips())
        return 0;
    extents all = extents_of(conv);
    bool has_z = conv->beta != 0, has_bias = conv->bias.data != NULL;
    double *x = sim_tensor_unpack(&conv->x, all.x, conv->rounding);
    double *filter = sim_tensor_unpack(&conv->filter, all.w, conv->rounding);
    double *z = has_z ? sim_tensor_unpack(&conv->z, all.y, SIM_ROUND_NONE) : NULL;
    double *bias = has_bias ? unpack_bias(conv) : NULL;
    double *y = malloc((size_t)(conv->n * conv->k * conv->p * conv->q + 1) * sizeof *y);
    bool is_ok =
        x != NULL && filter != NULL && y != NULL && (!has_z || z != NULL) && (!has_bias || bias != NULL);
    if (is_ok) {
        if (conv->flips)
            flip(filter, all.w);
        multiply(conv, &all, x, filter, y);
        finish(conv, z, bias, y);
        sim_tensor_pack(&conv->y, all.y, y);
    }
    free(x);
    free(filter);
    free(z);
    free(bias);
    free(y);
    return is_ok ? 0 : -1;
}

double sim_conv_flop(const sim_conv *conv) {
    return 2.0 * (double)(conv->n * conv->k * conv->p * conv->q) *
           (double)(conv->c / conv->groups * conv->r * conv->s);
}

double sim_conv_moved(const sim_conv *conv) {
    extents all = extents_of(conv);
    double x = (double)sy_dtype_size(conv->x.dtype), w = (double)sy_dtype_size(conv->filter.dtype);
    double y = (double)sy_dtype_size(conv->y.dtype);
    for (int i = 0; i < 4; i++) {
        x *= (double)all.x[i];
        w *= (double)all.w[i];
        y *= (double)all.y[i];
    }
    return x + w + y;
}
