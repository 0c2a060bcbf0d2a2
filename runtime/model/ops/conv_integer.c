/* ConvInteger and QLinearConv: convolutions of bytes with sums in s32. Weights are widened into scratch. */
#include <string.h>

#include "runtime/model/ops/check.h"
#include "runtime/model/ops/conv.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/quant.h"

/* Where inputs are; absent ones are UINT32_MAX. */
typedef struct conv_ports {
    uint32_t x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero, bias;
} conv_ports;

static const conv_ports integer_ports = {
    0, UINT32_MAX, 2, 1, UINT32_MAX, 3, UINT32_MAX, UINT32_MAX, UINT32_MAX};
static const conv_ports linear_ports = {0, 1, 2, 3, 4, 5, 6, 7, 8};

typedef struct conv_job {
    sy_net_patch patch; /* first: the gathering's */
    const sy_net_call *call;
    const conv_ports *ports;
    const sy_net_conv_state *state;
    int16_t *w;
    int32_t *sum; /* [n, k, pixel], what Y is made of; NULL: Y itself */
    sy_net_image y;
} conv_job;

static sy_status check(const sy_net_call *call, const conv_ports *ports, sy_error *err) {
    sy_status status = sy_net_quant_check(call, ports->x, err);
    if (status == SY_OK)
        status = sy_net_quant_check(call, ports->w, err);
    if (status == SY_OK)
        status = sy_net_quant_check_each(call, ports->x_zero, call->in[ports->x].dtype, NULL, 0, err);
    return status;
}

/* What there may be one of for each filter. */
static sy_status check_filters(const sy_net_call *call, const conv_ports *ports, sy_error *err) {
    const sy_net_tensor *w = &call->in[ports->w];
    sy_status status = sy_net_quant_check_each(call, ports->w_zero, w->dtype, &w->dim[0], 1, err);
    if (status == SY_OK)
        status = sy_net_quant_check_each(call, ports->w_scale, 0, &w->dim[0], 1, err);
    return status;
}

static sy_status infer_integer(sy_net_call *call, sy_error *err) {
    sy_status status = check(call, &integer_ports, err);
    call->out[0].dtype = SY_S32;
    if (status == SY_OK)
        status = sy_net_conv_infer(call, integer_ports.x, integer_ports.w, UINT32_MAX, err);
    return status == SY_OK ? check_filters(call, &integer_ports, err) : status;
}

static sy_status infer_linear(sy_net_call *call, sy_error *err) {
    const conv_ports *ports = &linear_ports;
    sy_status status = check(call, ports, err);
    if (status == SY_OK)
        status = sy_net_quant_check(call, ports->y_zero, err);
    if (status == SY_OK && sy_net_call_has(call, ports->bias) && call->in[ports->bias].dtype != SY_S32)
        status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "the bias (input 8) must be s32");
    if (status == SY_OK)
        status = sy_net_quant_check_each(call, ports->x_scale, 0, NULL, 0, err);
    if (status == SY_OK)
        status = sy_net_quant_check_each(call, ports->y_scale, 0, NULL, 0, err);
    if (status == SY_OK)
        status = sy_net_quant_check_each(call, ports->y_zero, call->in[ports->y_zero].dtype, NULL, 0, err);
    call->out[0].dtype = call->in[ports->y_zero].dtype;
    if (status == SY_OK)
        status = sy_net_conv_infer(call, ports->x, ports->w, ports->bias, err);
    return status == SY_OK ? check_filters(call, ports, err) : status;
}

static size_t weight_bytes(const sy_net_call *call, const conv_ports *ports) {
    return sy_net_scratch_part((size_t)sy_net_elements(&call->in[ports->w]) * sizeof(int16_t));
}

static size_t scratch_integer(const sy_net_call *call) {
    return weight_bytes(call, &integer_ports);
}

static size_t scratch_linear(const sy_net_call *call) {
    return weight_bytes(call, &linear_ports) + (size_t)sy_net_elements(&call->out[0]) * sizeof(int32_t);
}

static void widen_weights(void *arg, int64_t begin, int64_t end) {
    const conv_job *job = arg;
    int64_t depth = job->state->channels * sy_net_window_size(&job->state->window);
    for (int64_t k = begin; k < end; k++)
        sy_net_quant_widen(&job->call->in[job->ports->w], k * depth, depth,
            sy_net_quant_zero(job->call, job->ports->w_zero, k), job->w + k * depth);
}

static void offsets(const void *arg, int64_t batch, int64_t *out_a, int64_t *out_c) {
    const conv_job *job = arg;
    int64_t groups = job->state->groups, group = batch % groups, filters = job->state->filters;
    int64_t n = batch / groups, first = group * filters;
    *out_a = first * job->state->channels * sy_net_window_size(&job->state->window);
    *out_c = job->sum == NULL ? sy_net_image_at(&job->y, n, first)
                              : (n * job->y.c + first) * sy_net_image_pixels(&job->y);
}

/* The sums of all of X and W, into Y or job->sum. */
static void run_sums(conv_job *job) {
    const sy_net_call *call = job->call;
    sy_net_product product =
        sy_net_conv_product(call->state, &call->in[job->ports->x], &call->out[0], &job->patch);
    job->patch.zero = sy_net_quant_zero(call, job->ports->x_zero, 0);
    job->state = call->state;
    job->w = call->scratch;
    job->y = sy_net_image_of(&call->out[0]);
    if (job->sum != NULL) {
        product.c = job->sum;
        product.c_row = product.n;
        product.c_col = 1;
    }
    product.a = job->w;
    product.at = offsets;
    product.gather = sy_net_patch_s16;
    product.arg = job;
    sy_team_for(call->team, job->y.c, product.k, widen_weights, job);
    sy_net_product_s32(&product, call->team);
}

static sy_status run_integer(const sy_net_call *call, sy_error *err) {
    (void)err;
    conv_job job = {.call = call, .ports = &integer_ports};
    run_sums(&job);
    return SY_OK;
}

static void narrow(void *arg, int64_t begin, int64_t end) {
    const conv_job *job = arg;
    const sy_net_call *call = job->call;
    const conv_ports *ports = job->ports;
    int64_t pixels = sy_net_image_pixels(&job->y);
    float factor = sy_net_quant_scale(call, ports->x_scale, 0);
    for (int64_t line = begin; line < end; line++) {
        int64_t n = line / job->y.c, k = line % job->y.c;
        int32_t *sum = job->sum + line * pixels;
        uint32_t bias = 0;
        if (sy_net_call_has(call, ports->bias))
            bias = (uint32_t)sy_net_get_int(&call->in[ports->bias], k);
        for (int64_t i = 0; i < pixels && bias != 0; i++)
            sum[i] = (int32_t)((uint32_t)sum[i] + bias);
        float scale = factor * sy_net_quant_scale(call, ports->w_scale, k) /
                      sy_net_quant_scale(call, ports->y_scale, 0);
        sy_net_quant_narrow(sum, pixels, scale, sy_net_quant_zero(call, ports->y_zero, 0), &call->out[0],
            sy_net_image_at(&job->y, n, k), job->y.step[2]);
    }
}

static sy_status run_linear(const sy_net_call *call, sy_error *err) {
    (void)err;
    conv_job job = {.call = call, .ports = &linear_ports};
    job.sum = (int32_t *)((char *)call->scratch + weight_bytes(call, &linear_ports));
    run_sums(&job);
    sy_team_for(call->team, job.y.n * job.y.c, sy_net_image_pixels(&job.y) * 8, narrow, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"ConvInteger", "", 10, 0, SY_NET_OP_CHANNELS_LAST, 2, 4, 1, 1, infer_integer, scratch_integer,
        run_integer},
    {"QLinearConv", "", 10, 0, SY_NET_OP_CHANNELS_LAST, 8, 9, 1, 1, infer_linear, scratch_linear, run_linear},
};
const sy_net_family sy_net_family_conv_integer = {row, sizeof row / sizeof row[0]};
