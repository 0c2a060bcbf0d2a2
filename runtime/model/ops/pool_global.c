/* GlobalMaxPool, GlobalAveragePool and GlobalLpPool: the window is the image. */
#include "kernels/nn/nn_pool.h"
#include "runtime/model/ops/check.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/pool.h"

static sy_status infer(sy_net_call *call, int kind, sy_error *err) {
    const sy_net_tensor *x = &call->in[0];
    sy_status status = sy_net_check_floats(call, 1, err);
    if (status == SY_OK)
        status = sy_net_check_rank(call, 0, 2, 2 + SY_NET_SPATIAL, err);
    if (status != SY_OK)
        return status;
    sy_net_pool_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    sy_net_image image = sy_net_image_of(x);
    state->kind = kind;
    state->p = sy_net_attr_int(call->node, "p", 2);
    if (state->p < 1)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute p is %lld, must be at least 1", (long long)state->p);
    state->window.spatial = x->rank - 2;
    for (uint32_t axis = 0; axis < SY_NET_SPATIAL; axis++) {
        state->window.in[axis] = state->window.kernel[axis] = image.dim[axis];
        state->window.out[axis] = state->window.stride[axis] = state->window.dilation[axis] = 1;
    }
    call->out[0].dtype = x->dtype;
    sy_net_window_shape(&state->window, x->dim[0], x->dim[1], &call->out[0]);
    return SY_OK;
}

static sy_status infer_max(sy_net_call *call, sy_error *err) {
    return infer(call, SY_NET_POOL_MAX, err);
}

static sy_status infer_average(sy_net_call *call, sy_error *err) {
    return infer(call, SY_NET_POOL_AVERAGE, err);
}

static sy_status infer_lp(sy_net_call *call, sy_error *err) {
    return infer(call, SY_NET_POOL_LP, err);
}

typedef struct plane_job {
    const float *x;
    float *y;
    int64_t pixels;
    bool is_max;
    const nn_pool_kernels *kernels;
} plane_job;

static void run_planes(void *arg, int64_t begin, int64_t end) {
    const plane_job *job = arg;
    for (int64_t plane = begin; plane < end; plane++) {
        const float *values = job->x + plane * job->pixels;
        job->y[plane] = job->is_max ? job->kernels->max(values, job->pixels)
                                    : job->kernels->sum(values, job->pixels) / (float)job->pixels;
    }
}

/* Packed planes of f32 are reduced at once; other images are those of any pool. */
static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_net_pool_state *state = call->state;
    const sy_net_tensor *x = &call->in[0];
    bool is_f32 = x->dtype == SY_F32 && state->kind != SY_NET_POOL_LP;
    sy_net_image image = sy_net_image_of(x);
    int64_t pixels = sy_net_image_pixels(&image);
    if (is_f32 && !x->is_last && pixels > 0) {
        uint32_t isa = call->team != NULL ? call->team->isa : 0;
        plane_job job = {
            x->data, call->out[0].data, pixels, state->kind == SY_NET_POOL_MAX, nn_pool_table(isa)};
        sy_team_for(call->team, image.n * image.c, pixels, run_planes, &job);
    } else if (!is_f32 || pixels == 0 || !sy_net_pool_f32(call, state)) {
        sy_net_pool_any(call, state);
    }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"GlobalMaxPool", "", 1, 0, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer_max, NULL, run},
    {"GlobalAveragePool", "", 1, 0, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer_average, NULL, run},
    {"GlobalLpPool", "", 2, 0, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer_lp, NULL, run},
};
const sy_net_family sy_net_family_pool_global = {row, sizeof row / sizeof row[0]};
