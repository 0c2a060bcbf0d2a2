#include "runtime/model/exec/lower_bytes.h"

#include <math.h>
#include <stdlib.h>

#include "runtime/base/error.h"
#include "runtime/model/passes/match.h"

static uint32_t port_of(const sy_net_node *node, uint32_t port) {
    return port == SY_NET_NONE ? SY_NET_NONE : sy_net_node_in(node, port);
}

/* A parameter that may be left out: constant, with one element or as many as there are columns. */
static sy_status take(const sy_lowering *lower, uint32_t port, int64_t columns,
    const sy_net_tensor **out_tensor, sy_error *err) {
    uint32_t value = port_of(lower->node, port);
    *out_tensor = sy_net_constant(lower->graph, value);
    if (value == SY_NET_NONE)
        return SY_OK;
    int64_t count = *out_tensor != NULL ? sy_net_elements(*out_tensor) : 0;
    if (count == 1 || (count == columns && columns > 0))
        return SY_OK;
    return sy_error_set(err, SY_UNSUPPORTED,
        "a product of bytes whose input %u is no constant of one number%s", port,
        columns > 0 ? " or one a column" : "");
}

static double entry(const sy_net_tensor *tensor, int64_t index, double otherwise) {
    return tensor == NULL ? otherwise : sy_net_get(tensor, sy_net_elements(tensor) == 1 ? 0 : index);
}

static sy_status make(sy_lowering *lower, uint32_t dtype, int64_t count, sy_net_tensor *out, sy_error *err) {
    *out = (sy_net_tensor){.dtype = dtype, .rank = 1, .dim = {count}};
    out->data = sy_net_arena_alloc(lower->graph->arena, sy_net_bytes(out));
    return out->data != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for weights of bytes");
}

int32_t sy_lower_bytes_weight(const sy_lower_bytes *bytes, int64_t p, int64_t column) {
    int64_t at = column * bytes->column_step + p * bytes->depth_step;
    if (bytes->weights.data != NULL)
        return ((const int8_t *)bytes->weights.data)[at];
    return bytes->w->dtype == SY_U8 ? ((const uint8_t *)bytes->w->data)[at]
                                    : ((const int8_t *)bytes->w->data)[at];
}

/* Weights without their zero points, where those are not 0. */
static sy_status shift_weights(
    sy_lowering *lower, const sy_net_tensor *zero, sy_lower_bytes *bytes, sy_error *err) {
    bool is_plain = true;
    for (int64_t i = 0; zero != NULL && i < sy_net_elements(zero); i++)
        is_plain = is_plain && sy_net_get_int(zero, i) == 0;
    if (is_plain)
        return SY_OK;
    sy_net_tensor made;
    sy_status status = make(lower, SY_S8, sy_net_elements(bytes->w), &made, err);
    for (int64_t column = 0; status == SY_OK && column < bytes->columns; column++)
        for (int64_t p = 0; p < bytes->depth; p++) {
            int64_t at = column * bytes->column_step + p * bytes->depth_step;
            int32_t value = sy_lower_bytes_weight(bytes, p, column) - (int32_t)entry(zero, column, 0);
            if (value < INT8_MIN || value > INT8_MAX)
                return sy_error_set(err, SY_UNSUPPORTED, "weights that do not fit in s8 without zero point");
            ((int8_t *)made.data)[at] = (int8_t)value;
        }
    if (status == SY_OK)
        bytes->weights = made;
    return status;
}

/* The host's own arithmetic: in f32. */
static sy_status read_scales(
    sy_lowering *lower, const sy_net_tensor *const scale[3], sy_lower_bytes *bytes, sy_error *err) {
    sy_status status = make(lower, SY_F32, bytes->columns, &bytes->scale, err);
    bytes->is_one_scale = true;
    for (int64_t i = 0; status == SY_OK && i < bytes->columns; i++) {
        float value =
            (float)entry(scale[0], 0, 1) * (float)entry(scale[1], i, 1) / (float)entry(scale[2], 0, 1);
        ((float *)bytes->scale.data)[i] = value;
        bytes->is_one_scale = bytes->is_one_scale && value == ((float *)bytes->scale.data)[0];
        if (!isfinite(value))
            return sy_error_set(err, SY_UNSUPPORTED, "a scale that is not finite");
    }
    return status;
}

/* All on the way to a sum stays within s32, whatever x is: then nothing wraps or saturates. */
static sy_status read_offset(
    sy_lowering *lower, const sy_net_tensor *bias, sy_lower_bytes *bytes, sy_error *err) {
    sy_status status = make(lower, SY_S32, bytes->columns, &bytes->offset, err);
    int64_t largest = 0;
    bytes->has_offset = bias != NULL;
    for (int64_t i = 0; status == SY_OK && bias != NULL && i < bytes->columns; i++) {
        int64_t value = sy_net_get_int(bias, i);
        ((int32_t *)bytes->offset.data)[i] = (int32_t)value;
        largest = llabs(value) > largest ? llabs(value) : largest;
    }
    /* A product of two bytes, and one of the zero point and a byte: below 2^15 each. */
    bool fits = bytes->depth <= INT32_MAX >> 16 && largest + (bytes->depth << 16) <= INT32_MAX;
    if (status == SY_OK && !fits)
        return sy_error_set(err, SY_UNSUPPORTED, "sums of bytes that might not fit in s32");
    return status;
}

sy_status sy_lower_bytes_read(
    sy_lowering *lower, const sy_lower_ports *ports, sy_lower_bytes *bytes, sy_error *err) {
    const sy_net_tensor *x_zero, *w_zero, *y_zero, *bias, *scale[3];
    uint32_t biased = port_of(lower->node, ports->bias);
    bytes->w = sy_net_constant(lower->graph, lower->node->in[ports->w]);
    if (bytes->w == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "a product of bytes whose weights are no constant");
    sy_status status = take(lower, ports->x_zero, 0, &x_zero, err);
    if (status == SY_OK)
        status = take(lower, ports->w_zero, bytes->columns, &w_zero, err);
    if (status == SY_OK)
        status = take(lower, ports->y_zero, 0, &y_zero, err);
    if (status == SY_OK)
        status = take(lower, ports->x_scale, 0, &scale[0], err);
    if (status == SY_OK)
        status = take(lower, ports->w_scale, bytes->columns, &scale[1], err);
    if (status == SY_OK)
        status = take(lower, ports->y_scale, 0, &scale[2], err);
    bias = sy_net_constant(lower->graph, biased);
    if (status == SY_OK && biased != SY_NET_NONE && (bias == NULL || sy_net_elements(bias) != bytes->columns))
        status = sy_error_set(err, SY_UNSUPPORTED, "a product of bytes whose bias is no constant");
    if (status != SY_OK)
        return status;
    bytes->x_zero = (int32_t)entry(x_zero, 0, 0);
    bytes->y_zero = (int32_t)entry(y_zero, 0, 0);
    bytes->requantises = ports->y_scale != SY_NET_NONE;
    status = shift_weights(lower, w_zero, bytes, err);
    if (status == SY_OK && bytes->requantises)
        status = read_scales(lower, scale, bytes, err);
    return status == SY_OK ? read_offset(lower, bias, bytes, err) : status;
}

void sy_lower_bytes_weights(sy_lowering *lower, const sy_lower_ports *ports, const sy_lower_bytes *bytes,
    uint32_t rank, const int64_t *dim, const int64_t *stride) {
    if (bytes->weights.data != NULL)
        sy_lower_made(lower, &bytes->weights, rank, dim, stride);
    else
        sy_lower_tensor(lower, lower->node->in[ports->w], rank, dim, stride, true);
}

void sy_lower_bytes_correct(sy_lower_bytes *bytes) {
    for (int64_t column = 0; bytes->x_zero != 0 && column < bytes->columns; column++) {
        int32_t sum = 0;
        for (int64_t p = 0; p < bytes->depth; p++)
            sum += sy_lower_bytes_weight(bytes, p, column);
        ((int32_t *)bytes->offset.data)[column] -= bytes->x_zero * sum;
        bytes->has_offset = true;
    }
}

sy_status sy_lower_bytes_scales(sy_lowering *lower, const sy_lower_bytes *bytes, sy_error *err) {
    float scale = bytes->requantises && bytes->columns > 0 ? ((const float *)bytes->scale.data)[0] : 1;
    sy_status status = SY_OK;
    if (!bytes->requantises)
        return SY_OK;
    if (!bytes->is_one_scale) {
        status = sy_lower_made_post(
            lower, SY_POST_SCALE_COL, &bytes->scale, 1, &bytes->columns, &(int64_t){1}, err);
        scale = 1;
    }
    sy_post *post = NULL;
    if (status == SY_OK)
        status = sy_lower_post(lower, &post, err);
    if (status == SY_OK)
        *post = (sy_post){
            .kind = SY_POST_REQUANT, .operand = SY_NO_OPERAND, .a = scale, .b = (float)bytes->y_zero};
    return status;
}

sy_status sy_lower_bytes_posts(sy_lowering *lower, const sy_lower_bytes *bytes, sy_error *err) {
    sy_status status = SY_OK;
    if (bytes->has_offset)
        status =
            sy_lower_made_post(lower, SY_POST_BIAS, &bytes->offset, 1, &bytes->columns, &(int64_t){1}, err);
    return status == SY_OK ? sy_lower_bytes_scales(lower, bytes, err) : status;
}
