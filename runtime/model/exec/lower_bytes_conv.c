/* QLinearConv and ConvInteger. Padding reads as x's zero point, a device's as 0: where it is not the same,
 * what is missing is added pixel by pixel. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/exec/lower_bytes.h"
#include "runtime/model/ops/conv.h"

/* Largest correction of a padded convolution, in bytes. */
#define CORRECTION_MAX (INT64_C(64) << 20)

static const sy_lower_ports linear_ports = {0, 1, 2, 3, 4, 5, 6, 7, 8};
static const sy_lower_ports integer_ports = {
    0, SY_NET_NONE, 2, 1, SY_NET_NONE, 3, SY_NET_NONE, SY_NET_NONE, SY_NET_NONE};

static bool is_padded(const sy_net_window *window) {
    int64_t pads = 0;
    for (uint32_t i = 0; i < SY_NET_SPATIAL; i++)
        pads |= window->lo[i] | window->hi[i];
    return pads != 0;
}

/* Sums over the channels of each tap of a filter. */
static void sum_taps(const sy_lower_bytes *bytes, int64_t filter, int64_t size, int32_t *sum) {
    for (int64_t tap = 0; tap < size; tap++) {
        sum[tap] = 0;
        for (int64_t p = tap; p < bytes->depth; p += size)
            sum[tap] += sy_lower_bytes_weight(bytes, p, filter);
    }
}

/* The sum of those taps that hit the image at output pixel (y, x). */
static int32_t sum_hits(const sy_net_window *window, const int32_t *sum, int64_t y, int64_t x) {
    int64_t first_y = 0, first_x = 0;
    int64_t end_y = sy_net_window_taps(window, 1, y, &first_y),
            end_x = sy_net_window_taps(window, 2, x, &first_x);
    int32_t all = 0;
    for (int64_t r = first_y; r < end_y; r++)
        for (int64_t s = first_x; s < end_x; s++)
            all += sum[r * window->kernel[2] + s];
    return all;
}

/* What is added to each output: the offset, less x's zero point times the weights it meets. */
static void fill_correction(const sy_net_window *window, const sy_lower_bytes *bytes, const int64_t dim[4],
    const int64_t stride[4], int32_t *taps, int32_t *to) {
    const int32_t *offset = bytes->offset.data;
    for (int64_t k = 0; k < dim[1]; k++) {
        sum_taps(bytes, k, window->kernel[1] * window->kernel[2], taps);
        for (int64_t y = 0; y < dim[2]; y++)
            for (int64_t x = 0; x < dim[3]; x++) {
                int32_t value = offset[k] - bytes->x_zero * sum_hits(window, taps, y, x);
                for (int64_t n = 0; n < dim[0]; n++)
                    to[n * stride[0] + k * stride[1] + y * stride[2] + x * stride[3]] = value;
            }
    }
}

static sy_status add_correction(sy_lowering *lower, const sy_lower_bytes *bytes, const int64_t dim[4],
    const int64_t stride[4], sy_error *err) {
    const sy_net_window *window = &((const sy_net_conv_state *)lower->node->state)->window;
    sy_net_tensor made = lower->graph->value[lower->node->out[0]].tensor;
    made.dtype = SY_S32;
    int64_t count = (int64_t)(sy_exec_extent_bytes(&made) / sizeof(int32_t));
    made = (sy_net_tensor){.dtype = SY_S32, .rank = 1, .dim = {count}};
    if (count > CORRECTION_MAX / (int64_t)sizeof(int32_t))
        return sy_error_set(err, SY_UNSUPPORTED, "a padded convolution of bytes of that size");
    made.data = sy_net_arena_alloc(lower->graph->arena, sy_net_bytes(&made));
    int32_t *taps = sy_net_arena_array(
        lower->graph->arena, (size_t)(window->kernel[1] * window->kernel[2]), sizeof *taps);
    if (made.data == NULL || taps == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the borders of a convolution");
    fill_correction(window, bytes, dim, stride, taps, made.data);
    return sy_lower_made_post(lower, SY_POST_ADD, &made, 4, dim, stride, err);
}

static sy_status lower_conv(sy_lowering *lower, const sy_lower_ports *ports, uint32_t math, sy_error *err) {
    const sy_net_node *node = lower->node;
    const sy_net_value *value = lower->graph->value;
    const sy_net_tensor *x = &value[node->in[ports->x]].tensor, *w = &value[node->in[ports->w]].tensor;
    const sy_net_tensor *y = &value[node->out[0]].tensor;
    const sy_net_conv_state *state = node->state;
    int64_t dim[4], stride[4];
    if ((x->rank != 3 && x->rank != 4) || sy_net_elements(y) <= 0 || w->dim[0] <= 0)
        return sy_error_set(err, SY_UNSUPPORTED, "%s of rank %u", node->op->name, x->rank);
    int64_t depth = sy_net_elements(w) / w->dim[0];
    sy_lower_bytes bytes = {.columns = w->dim[0], .depth = depth, .column_step = depth, .depth_step = 1};
    sy_status status = sy_lower_bytes_read(lower, ports, &bytes, err);
    if (status != SY_OK)
        return status;
    sy_lower_image(x, dim, stride);
    sy_lower_tensor(lower, node->in[ports->x], 4, dim, stride, false);
    sy_lower_image(w, dim, stride);
    sy_lower_bytes_weights(lower, ports, &bytes, 4, dim, stride);
    sy_lower_image(y, dim, stride);
    if (bytes.x_zero != 0 && is_padded(&state->window)) {
        status = add_correction(lower, &bytes, dim, stride, err);
        if (status == SY_OK)
            status = sy_lower_bytes_scales(lower, &bytes, err);
    } else {
        sy_lower_bytes_correct(&bytes);
        status = sy_lower_bytes_posts(lower, &bytes, err);
    }
    if (status == SY_OK && sy_lower_output(lower, node->out[0], 4, dim, stride) == NULL)
        status = sy_error_set(err, SY_UNSUPPORTED, "more operands than a problem has");
    sy_lower_window(&state->window, state->groups, &lower->work->storage.attr.conv);
    sy_lower_finish(lower, SY_OP_CONV, SY_S32, math);
    return status;
}

sy_status sy_lower_qlinear_conv(sy_lowering *lower, uint32_t math, sy_error *err) {
    return lower_conv(lower, &linear_ports, math, err);
}

sy_status sy_lower_conv_integer(sy_lowering *lower, uint32_t math, sy_error *err) {
    return lower_conv(lower, &integer_ports, math, err);
}
