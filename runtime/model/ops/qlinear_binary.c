/* QLinearAdd and QLinearMul: two tensors of bytes, broadcast, each with its scale; in f32. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/quant.h"
#include "runtime/model/ops/walk.h"

/* Where inputs are: A, its scale and zero point, the same of B and of the result. */
enum { A, A_SCALE, A_ZERO, B, B_SCALE, B_ZERO, C_SCALE, C_ZERO };

/* Byte codes of each side as numbers. */
typedef struct binary_job {
    float a[256], b[256], scale;
    int32_t zero;
    bool is_product;
    const uint8_t *from_a, *from_b;
    uint8_t *to;
    float lowest, highest;
} binary_job;

static sy_status infer(sy_net_call *call, sy_error *err) {
    uint32_t dtype = call->in[A].dtype;
    const uint32_t scales[] = {A_SCALE, B_SCALE, C_SCALE}, zeros[] = {A_ZERO, B_ZERO, C_ZERO};
    sy_status status = sy_net_quant_check(call, A, err);
    if (status == SY_OK)
        status = sy_net_quant_check(call, B, err);
    if (status == SY_OK && call->in[B].dtype != dtype)
        status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 0 is %s, input 3 is %s",
            sy_net_dtype_name(dtype), sy_net_dtype_name(call->in[B].dtype));
    for (size_t i = 0; i < 3 && status == SY_OK; i++) {
        status = sy_net_quant_check_each(call, scales[i], 0, NULL, 0, err);
        if (status == SY_OK)
            status = sy_net_quant_check_each(call, zeros[i], dtype, NULL, 0, err);
    }
    call->out[0].dtype = dtype;
    return status == SY_OK ? sy_net_call_broadcast(call, &call->in[A], &call->in[B], &call->out[0], err)
                           : status;
}

static void set_codes(const sy_net_call *call, uint32_t scale, uint32_t zero, float number[256]) {
    bool is_unsigned = call->in[A].dtype == SY_U8;
    float factor = sy_net_quant_scale(call, scale, 0);
    int32_t origin = sy_net_quant_zero(call, zero, 0);
    for (int32_t code = 0; code < 256; code++)
        number[code] = (float)((is_unsigned || code < 128 ? code : code - 256) - origin) * factor;
}

static void run_piece(const void *arg, const int64_t offset[SY_OPS_WALKERS],
    const int64_t step[SY_OPS_WALKERS], int64_t count) {
    const binary_job *job = arg;
    for (int64_t i = 0; i < count; i++) {
        float a = job->a[job->from_a[offset[1] + i * step[1]]];
        float b = job->b[job->from_b[offset[2] + i * step[2]]];
        float value = nearbyintf((job->is_product ? a * b : a + b) / job->scale) + (float)job->zero;
        value = value > job->lowest ? value : job->lowest; /* NaN, by a scale of 0, too */
        value = value < job->highest ? value : job->highest;
        job->to[offset[0] + i * step[0]] = (uint8_t)(int32_t)value;
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    bool is_unsigned = call->in[A].dtype == SY_U8;
    binary_job job = {.scale = sy_net_quant_scale(call, C_SCALE, 0),
        .zero = sy_net_quant_zero(call, C_ZERO, 0),
        .is_product = strcmp(call->node->op->name, "QLinearMul") == 0,
        .from_a = call->in[A].data,
        .from_b = call->in[B].data,
        .to = call->out[0].data,
        .lowest = is_unsigned ? 0.0f : -128.0f,
        .highest = is_unsigned ? 255.0f : 127.0f};
    const sy_net_tensor *tensor[] = {&call->out[0], &call->in[A], &call->in[B]};
    sy_ops_walk walk;
    set_codes(call, A_SCALE, A_ZERO, job.a);
    set_codes(call, B_SCALE, B_ZERO, job.b);
    sy_ops_walk_make(&walk, tensor, 3);
    sy_ops_walk_run(&walk, call->team, 8, run_piece, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"QLinearAdd", "com.microsoft", 1, 0, SY_NET_OP_CHANNELS_LAST, 7, 8, 1, 1, infer, NULL, run},
    {"QLinearMul", "com.microsoft", 1, 0, SY_NET_OP_CHANNELS_LAST, 7, 8, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_qlinear_binary = {row, sizeof row / sizeof row[0]};
