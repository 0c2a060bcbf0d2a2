/* DynamicQuantizeLinear: f32 to u8, with the scale and zero point of the range that the input has. */
#include <math.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, SY_OPS_TYPE(SY_F32), err);
    if (status == SY_OK)
        sy_net_shape_like(&call->out[0], &call->in[0]);
    call->out[0].dtype = SY_U8;
    for (uint32_t i = 1; i < call->n_out; i++) {
        call->out[i].dtype = i == 1 ? SY_F32 : SY_U8;
        call->out[i].rank = 0;
    }
    return status;
}

typedef struct dynamic_job {
    const sy_nn *nn;
    const float *in;
    uint8_t *out;
    float scale, zero;
} dynamic_job;

static uint8_t to_u8(float value) {
    float rounded = rintf(value);
    return rounded >= 255 ? 255 : rounded >= 0 ? (uint8_t)rounded : 0; /* NaN: 0 */
}

static void quantise(void *arg, int64_t begin, int64_t end) {
    const dynamic_job *job = arg;
    job->nn->quantise(
        job->in + begin, end - begin, &(sy_nn_range){job->scale, job->zero, 0, 255}, job->out + begin);
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_nn *nn = sy_ops_kernels(call);
    int64_t count = sy_net_elements(&call->in[0]);
    dynamic_job job = {.nn = nn, .in = call->in[0].data, .out = call->out[0].data};
    float low = (float)nn->reduce(SY_NN_ROW_MIN, job.in, count, 0.0f);
    float high = (float)nn->reduce(SY_NN_ROW_MAX, job.in, count, 0.0f);
    low = low < 0 ? low : 0; /* 0 is always in the range */
    high = high > 0 ? high : 0;
    job.scale = (high - low) / 255;
    job.scale = job.scale > 0 ? job.scale : 1; /* nothing but zeros */
    job.zero = (float)to_u8(-low / job.scale);
    sy_team_for(call->team, count, 2, quantise, &job);
    if (call->n_out > 1 && call->out[1].data != NULL)
        *(float *)call->out[1].data = job.scale;
    if (call->n_out > 2 && call->out[2].data != NULL)
        *(uint8_t *)call->out[2].data = (uint8_t)job.zero;
    return SY_OK;
}

static const sy_net_op row[] = {
    {"DynamicQuantizeLinear", "", 11, 0, 0, 1, 1, 1, 3, infer, NULL, run},
};
const sy_net_family sy_net_family_dynamic_quantise = {row, sizeof row / sizeof row[0]};
