/* DequantizeLinear: y = (x - zero point) scale, the difference exact, the product in f32. */
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/scale.h"

#define SOURCES                                                                                              \
    (SY_OPS_F8 | SY_OPS_TYPE(SY_S8) | SY_OPS_TYPE(SY_U8) | SY_OPS_TYPE(SY_S16) | SY_OPS_TYPE(SY_U16) |       \
        SY_OPS_TYPE(SY_S32))

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, SOURCES, err);
    if (status == SY_OK)
        status = sy_ops_need(call, 1, SY_OPS_FLOATS, err);
    if (status == SY_OK && sy_net_call_has(call, 2))
        status = sy_ops_need_same(call, 0, 2, err);
    sy_ops_scale *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    status = sy_ops_scale_infer(call, state, err);
    sy_net_shape_like(&call->out[0], &call->in[0]);
    call->out[0].dtype = call->in[1].dtype;
    return status;
}

typedef struct dequantise_job {
    const sy_nn *nn;
    const sy_net_tensor *in, *scale, *zero, *out; /* zero: NULL if there is none */
} dequantise_job;

/* Bytes to f32 with one scale for all of a row; false if it is something else. */
static bool dequantise_row(
    const dequantise_job *job, const int64_t *offset, const int64_t *step, int64_t count) {
    double scale, zero = 0;
    bool is_row = step[0] == 1 && step[1] == 1 && step[2] == 0 && step[3] == 0;
    bool is_byte = job->in->dtype == SY_U8 || job->in->dtype == SY_S8;
    if (!is_row || !is_byte || job->out->dtype != SY_F32)
        return false;
    sy_ops_load_f64(job->scale->dtype, job->scale->data, offset[2], 0, 1, &scale);
    if (job->zero != NULL)
        sy_ops_load_f64(job->zero->dtype, job->zero->data, offset[3], 0, 1, &zero);
    job->nn->dequantise((const uint8_t *)job->in->data + offset[1], job->in->dtype == SY_S8, count,
        (const float[2]){(float)scale, (float)zero}, (float *)job->out->data + offset[0]);
    return true;
}

static void dequantise_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const dequantise_job *job = arg;
    double x[SY_OPS_CHUNK], scale[SY_OPS_CHUNK], zero[SY_OPS_CHUNK];
    if (dequantise_row(job, offset, step, count))
        return;
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        sy_ops_load_f64(job->in->dtype, job->in->data, offset[1] + i * step[1], step[1], few, x);
        sy_ops_load_f64(job->scale->dtype, job->scale->data, offset[2] + i * step[2], step[2], few, scale);
        if (job->zero != NULL) {
            sy_ops_load_f64(job->zero->dtype, job->zero->data, offset[3] + i * step[3], step[3], few, zero);
            for (int64_t j = 0; j < few; j++)
                x[j] -= zero[j];
        }
        for (int64_t j = 0; j < few; j++)
            x[j] = (double)((float)x[j] * (float)scale[j]);
        sy_ops_store_f64(job->out->dtype, x, offset[0] + i * step[0], step[0], few, job->out->data);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    dequantise_job job = {.nn = sy_ops_kernels(call),
        .in = &call->in[0],
        .scale = &call->in[1],
        .zero = sy_net_call_has(call, 2) ? &call->in[2] : NULL,
        .out = &call->out[0]};
    sy_ops_scale_run(call, call->state, dequantise_piece, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"DequantizeLinear", "", 10, 0, SY_NET_OP_CHANNELS_LAST | SY_NET_OP_KEPT, 2, 3, 1, 1, infer, NULL, run},
    {"DequantizeLinear", "com.microsoft", 1, 0, SY_NET_OP_CHANNELS_LAST, 2, 3, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_dequantise = {row, sizeof row / sizeof row[0]};
