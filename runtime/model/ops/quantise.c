/* QuantizeLinear: y = saturated(round(x / scale) + zero point), the quotient in f32, ties to even. */
#include <math.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/scale.h"

#define TARGETS                                                                                              \
    (SY_OPS_F8 | SY_OPS_TYPE(SY_S8) | SY_OPS_TYPE(SY_U8) | SY_OPS_TYPE(SY_S16) | SY_OPS_TYPE(SY_U16))

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, SY_OPS_FLOATS | SY_OPS_TYPE(SY_S32), err);
    if (status == SY_OK)
        status = sy_ops_need(call, 1, SY_OPS_FLOATS | SY_OPS_TYPE(SY_S32), err);
    uint32_t target = sy_ops_onnx_dtype(sy_net_attr_int(call->node, "output_dtype", 0));
    if (sy_net_call_has(call, 2))
        target = call->in[2].dtype;
    else if (sy_net_attr_int(call->node, "output_dtype", 0) == 0)
        target = SY_U8;
    if (status == SY_OK && !sy_ops_is_in(target, TARGETS))
        status = sy_net_call_fail(
            call, SY_UNSUPPORTED, err, "to type %s, which is not done", sy_net_dtype_name(target));
    sy_ops_scale *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    status = sy_ops_scale_infer(call, state, err);
    sy_net_shape_like(&call->out[0], &call->in[0]);
    call->out[0].dtype = target;
    return status;
}

typedef struct quantise_job {
    const sy_nn *nn;
    const sy_net_tensor *in, *scale, *zero, *out; /* zero: NULL if there is none */
    int64_t low;
    uint64_t high;
    bool is_saturated;
} quantise_job;

/* Quotients to integers. Bounds are whole, so clamping comes first; then adding 1.5 * 2^23 rounds. */
static void round_chunk(
    const quantise_job *job, const float *quotient, const double *zero, int64_t count, int64_t *out) {
    const float magic = 12582912.0f;
    for (int64_t i = 0; i < count; i++) {
        float low = (float)((double)job->low - zero[i]), high = (float)((double)job->high - zero[i]);
        float value = isnan(quotient[i]) ? 0 : quotient[i];
        value = value < low ? low : value > high ? high : value;
        out[i] = (int64_t)((value + magic) - magic) + (int64_t)zero[i];
    }
}

static void narrow_chunk(const quantise_job *job, float *quotient, int64_t count) {
    float most = (float)sy_dtype_largest(job->out->dtype);
    for (int64_t i = 0; i < count && job->is_saturated; i++)
        quotient[i] = quotient[i] > most ? most : quotient[i] < -most ? -most : quotient[i];
}

static void load_zero(const quantise_job *job, int64_t first, int64_t step, int64_t count, double *zero) {
    if (job->zero != NULL)
        sy_ops_load_f64(job->zero->dtype, job->zero->data, first, step, count, zero);
    for (int64_t i = 0; i < count && job->zero == NULL; i++)
        zero[i] = 0;
}

/* f32 to bytes with one scale for all of a row; false if it is something else. */
static bool quantise_row(const quantise_job *job, const int64_t *offset, const int64_t *step, int64_t count) {
    double scale, zero;
    bool is_row = step[0] == 1 && step[1] == 1 && step[2] == 0 && step[3] == 0;
    bool is_byte = job->out->dtype == SY_U8 || job->out->dtype == SY_S8;
    if (!is_row || !is_byte || job->in->dtype != SY_F32)
        return false;
    sy_ops_load_f64(job->scale->dtype, job->scale->data, offset[2], 0, 1, &scale);
    load_zero(job, offset[3], 0, 1, &zero);
    job->nn->quantise((const float *)job->in->data + offset[1], count,
        &(sy_nn_range){(float)scale, (float)zero, (float)job->low, (float)job->high},
        (uint8_t *)job->out->data + offset[0]);
    return true;
}

static void quantise_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const quantise_job *job = arg;
    double x[SY_OPS_CHUNK], scale[SY_OPS_CHUNK], zero[SY_OPS_CHUNK];
    float quotient[SY_OPS_CHUNK];
    sy_ops_chunk out;
    bool is_f8 = sy_ops_is_in(job->out->dtype, SY_OPS_F8);
    if (quantise_row(job, offset, step, count))
        return;
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load_f64(job->in->dtype, job->in->data, offset[1] + i * step[1], step[1], few, x);
        sy_ops_load_f64(job->scale->dtype, job->scale->data, offset[2] + i * step[2], step[2], few, scale);
        load_zero(job, offset[3] + i * step[3], step[3], few, zero);
        for (int64_t j = 0; j < few; j++)
            quotient[j] = (float)x[j] / (float)scale[j];
        if (is_f8) {
            narrow_chunk(job, quotient, few);
            for (int64_t j = 0; j < few; j++)
                out.f32[j] = quotient[j];
        } else {
            round_chunk(job, quotient, zero, few, out.s64);
        }
        sy_ops_store(job->out->dtype, &out, offset[0] + i * step[0], step[0], few, job->out->data);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_ops_scale *state = call->state;
    quantise_job job = {.nn = sy_ops_kernels(call),
        .in = &call->in[0],
        .scale = &call->in[1],
        .zero = sy_net_call_has(call, 2) ? &call->in[2] : NULL,
        .out = &call->out[0],
        .is_saturated = state->is_saturated};
    sy_ops_range(job.out->dtype, &job.low, &job.high);
    sy_ops_scale_run(call, state, quantise_piece, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"QuantizeLinear", "", 10, 0, SY_NET_OP_CHANNELS_LAST, 2, 3, 1, 1, infer, NULL, run},
    {"QuantizeLinear", "com.microsoft", 1, 0, SY_NET_OP_CHANNELS_LAST, 2, 3, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_quantise = {row, sizeof row / sizeof row[0]};
