/* What convolutions of all types share. */
#include "runtime/model/ops/check.h"
#include "runtime/model/ops/conv.h"

static sy_status set_groups(const sy_net_call *call, const sy_net_tensor *x, const sy_net_tensor *w,
    sy_net_conv_state *state, sy_error *err) {
    int64_t groups = sy_net_attr_int(call->node, "group", 1);
    if (groups < 1 || groups > SY_NET_WINDOW_MAX)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "attribute group is %lld", (long long)groups);
    if (x->dim[1] % groups != 0 || x->dim[1] / groups != w->dim[1] || w->dim[0] % groups != 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "%lld channels, weights of %lld x %lld: do not fit %lld groups", (long long)x->dim[1],
            (long long)w->dim[0], (long long)w->dim[1], (long long)groups);
    state->groups = groups;
    state->channels = w->dim[1];
    state->filters = w->dim[0] / groups;
    return SY_OK;
}

sy_status sy_net_conv_infer(sy_net_call *call, uint32_t x, uint32_t w, uint32_t bias, sy_error *err) {
    sy_status status = sy_net_check_rank(call, x, 3, 2 + SY_NET_SPATIAL, err);
    if (status == SY_OK)
        status = sy_net_check_rank(call, w, 3, 2 + SY_NET_SPATIAL, err);
    if (status != SY_OK)
        return status;
    sy_net_conv_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    const sy_net_tensor *image = &call->in[x], *weight = &call->in[w];
    status = sy_net_window_read(call, image, weight, &state->window, err);
    if (status == SY_OK)
        status = sy_net_window_fit(call, &state->window, false, err);
    if (status == SY_OK)
        status = set_groups(call, image, weight, state, err);
    if (status == SY_OK && bias != UINT32_MAX)
        status = sy_net_check_shape(call, bias, 1, &weight->dim[0], err);
    if (status == SY_OK)
        sy_net_window_shape(&state->window, image->dim[0], weight->dim[0], &call->out[0]);
    return status;
}

sy_net_product sy_net_conv_product(
    const sy_net_conv_state *state, const sy_net_tensor *x, const sy_net_tensor *y, sy_net_patch *out_patch) {
    sy_net_image image = sy_net_image_of(y);
    int64_t depth = state->channels * sy_net_window_size(&state->window);
    *out_patch = (sy_net_patch){.window = &state->window,
        .image = sy_net_image_of(x),
        .groups = state->groups,
        .channels = state->channels,
        .x = x->data,
        .x_dtype = x->dtype};
    return (sy_net_product){.batch = image.n * state->groups,
        .m = state->filters,
        .n = sy_net_image_pixels(&image),
        .k = depth,
        .a_row = depth,
        .a_col = 1,
        .c_row = image.c_step,
        .c_col = image.step[2],
        .c = y->data};
}
