#include "runtime/model/ops/window.h"

#include <string.h>

sy_status sy_net_window_list(const sy_net_call *call, const char *name, int64_t lowest, size_t wanted,
    int64_t *to, bool *out_has, sy_error *err) {
    size_t count = 0;
    const int64_t *list = sy_net_attr_ints(call->node, name, &count);
    bool has = sy_net_attr_find(call->node, name) != NULL;
    if (out_has != NULL)
        *out_has = has;
    if (!has)
        return SY_OK;
    if (count != wanted)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute %s must be a list of %zu numbers", name, wanted);
    for (size_t i = 0; i < count; i++) {
        if (list[i] < lowest || list[i] > SY_NET_WINDOW_MAX)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "attribute %s has %lld, must be %lld to %lld", name, (long long)list[i], (long long)lowest,
                (long long)SY_NET_WINDOW_MAX);
        to[i] = list[i];
    }
    return SY_OK;
}

static sy_status read_auto_pad(const sy_net_call *call, sy_net_window *window, sy_error *err) {
    static const char *const name[] = {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"};
    const char *text = sy_net_attr_text(call->node, "auto_pad", name[0]);
    for (uint32_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (strcmp(text, name[i]) == 0) {
            window->auto_pad = i;
            return SY_OK;
        }
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
        "attribute auto_pad is '%s', must be NOTSET, SAME_UPPER, SAME_LOWER or VALID", text);
}

static sy_status read_kernel(
    const sy_net_call *call, const sy_net_tensor *weight, uint32_t spatial, int64_t *kernel, sy_error *err) {
    bool has = false;
    sy_status status = sy_net_window_list(call, "kernel_shape", 1, spatial, kernel, &has, err);
    if (status != SY_OK)
        return status;
    if (weight == NULL)
        return has ? SY_OK
                   : sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "attribute kernel_shape is missing");
    for (uint32_t i = 0; i < spatial; i++) {
        int64_t extent = weight->dim[2 + i];
        if (extent < 1 || extent > SY_NET_WINDOW_MAX || (has && kernel[i] != extent))
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "dimension %u of the weights is %lld%s",
                2 + i, (long long)extent, has ? ", kernel_shape differs" : ", must be at least 1");
        kernel[i] = extent;
    }
    return SY_OK;
}

static sy_status read_pads(const sy_net_call *call, sy_net_window *window, sy_error *err) {
    int64_t pads[2 * SY_NET_SPATIAL] = {0};
    uint32_t spatial = window->spatial, first = SY_NET_SPATIAL - spatial;
    sy_status status = sy_net_window_list(call, "pads", 0, 2 * (size_t)spatial, pads, NULL, err);
    if (status != SY_OK || window->auto_pad != SY_NET_PAD_GIVEN)
        return status;
    memcpy(window->lo + first, pads, spatial * sizeof *pads);
    memcpy(window->hi + first, pads + spatial, spatial * sizeof *pads);
    return SY_OK;
}

sy_status sy_net_window_read(const sy_net_call *call, const sy_net_tensor *x, const sy_net_tensor *weight,
    sy_net_window *out_window, sy_error *err) {
    sy_net_window window = {.in = {1, 1, 1}, .out = {1, 1, 1}, .kernel = {1, 1, 1}, .stride = {1, 1, 1}};
    if (x->rank < 3 || x->rank > 2 + SY_NET_SPATIAL)
        return sy_net_call_fail(call, x->rank < 3 ? SY_INVALID_ARGUMENT : SY_UNSUPPORTED, err,
            "input 0 is of rank %u, must be 3 to %u", x->rank, 2 + SY_NET_SPATIAL);
    if (weight != NULL && weight->rank != x->rank)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "the weights are of rank %u, input 0 of rank %u", weight->rank, x->rank);
    window.spatial = x->rank - 2;
    uint32_t first = SY_NET_SPATIAL - window.spatial;
    memcpy(window.in + first, x->dim + 2, window.spatial * sizeof x->dim[0]);
    memcpy(window.dilation, window.stride, sizeof window.dilation);
    sy_status status = read_auto_pad(call, &window, err);
    if (status == SY_OK)
        status = read_kernel(call, weight, window.spatial, window.kernel + first, err);
    if (status == SY_OK)
        status = sy_net_window_list(call, "strides", 1, window.spatial, window.stride + first, NULL, err);
    if (status == SY_OK)
        status = sy_net_window_list(call, "dilations", 1, window.spatial, window.dilation + first, NULL, err);
    if (status == SY_OK)
        status = read_pads(call, &window, err);
    *out_window = window;
    return status;
}

int64_t sy_net_window_span(const sy_net_window *window, uint32_t axis) {
    return (window->kernel[axis] - 1) * window->dilation[axis] + 1;
}

/* ceil(in / stride) positions, and the padding for them. */
static void fit_same(sy_net_window *window, uint32_t axis) {
    int64_t in = window->in[axis], stride = window->stride[axis];
    int64_t out = in / stride + (in % stride != 0);
    int64_t total = out > 0 ? (out - 1) * stride + sy_net_window_span(window, axis) - in : 0;
    total = total > 0 ? total : 0;
    int64_t less = total / 2;
    bool is_upper = window->auto_pad == SY_NET_PAD_SAME_UPPER;
    window->lo[axis] = is_upper ? less : total - less;
    window->hi[axis] = is_upper ? total - less : less;
    window->out[axis] = out;
}

sy_status sy_net_window_fit(const sy_net_call *call, sy_net_window *window, bool is_ceil, sy_error *err) {
    bool is_same = window->auto_pad == SY_NET_PAD_SAME_UPPER || window->auto_pad == SY_NET_PAD_SAME_LOWER;
    for (uint32_t axis = 0; axis < SY_NET_SPATIAL; axis++) {
        if (is_same) {
            fit_same(window, axis);
            continue;
        }
        int64_t stride = window->stride[axis], span = sy_net_window_span(window, axis);
        int64_t padded = window->in[axis] + window->lo[axis] + window->hi[axis];
        if (span > padded)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "the window spans %lld of spatial dimension %u, the image with padding has %lld",
                (long long)span, axis - (SY_NET_SPATIAL - window->spatial), (long long)padded);
        int64_t steps = (padded - span) / stride;
        steps += is_ceil && (padded - span) % stride != 0;
        if (is_ceil && steps > 0 && steps * stride >= window->in[axis] + window->lo[axis])
            steps--;
        window->out[axis] = steps + 1;
    }
    return SY_OK;
}

void sy_net_window_shape(const sy_net_window *window, int64_t n, int64_t c, sy_net_tensor *out) {
    out->rank = 2 + window->spatial;
    out->dim[0] = n;
    out->dim[1] = c;
    for (uint32_t i = 0; i < window->spatial; i++)
        out->dim[2 + i] = window->out[SY_NET_SPATIAL - window->spatial + i];
}

int64_t sy_net_window_taps(const sy_net_window *window, uint32_t axis, int64_t at, int64_t *out_first) {
    int64_t begin = at * window->stride[axis] - window->lo[axis], dilation = window->dilation[axis];
    int64_t first = begin < 0 ? -begin : 0, room = window->in[axis] - begin;
    int64_t last = room > 0 ? room : 0;
    if (dilation > 1) { /* divisions are slow, and there are many calls */
        first = (first + dilation - 1) / dilation;
        last = (last + dilation - 1) / dilation;
    }
    last = last < window->kernel[axis] ? last : window->kernel[axis];
    *out_first = first;
    return last > first ? last : first;
}

int64_t sy_net_window_size(const sy_net_window *window) {
    return window->kernel[0] * window->kernel[1] * window->kernel[2];
}
