/*
 * Cast and CastLike. Floating to integer: without the fraction; what does not fit, and NaN, is undefined in
 * ONNX: here the nearest that fits, and 0. Integer to integer: low bits. To f8: saturated unless told
 * otherwise.
 */
#include <math.h>
#include <string.h>

#include "kernels/convert/convert.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/share.h"

#define TYPES (SY_OPS_NUMBERS | SY_OPS_BOOL | SY_OPS_F8)

typedef struct cast_state {
    bool is_saturated;
} cast_state;

static sy_status infer_to(sy_net_call *call, uint32_t dtype, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, TYPES, err);
    if (status == SY_OK && !sy_ops_is_in(dtype, TYPES))
        status = sy_net_call_fail(
            call, SY_UNSUPPORTED, err, "to type %s, which is not done", sy_net_dtype_name(dtype));
    cast_state *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status == SY_OK ? SY_OUT_OF_MEMORY : status;
    state->is_saturated = sy_net_attr_int(call->node, "saturate", 1) != 0;
    sy_net_shape_like(&call->out[0], &call->in[0]);
    call->out[0].dtype = dtype;
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    int64_t to = sy_net_attr_int(call->node, "to", 0);
    if (sy_ops_onnx_dtype(to) == 0)
        return sy_net_call_fail(
            call, SY_UNSUPPORTED, err, "attribute to is %lld, a type that is not done", (long long)to);
    return infer_to(call, sy_ops_onnx_dtype(to), err);
}

static sy_status infer_like(sy_net_call *call, sy_error *err) {
    if (!sy_net_call_has(call, 1))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 1 is left out, but needed");
    return infer_to(call, call->in[1].dtype, err);
}

typedef struct cast_job {
    const void *in;
    void *out;
    uint32_t from, to;
    bool is_saturated;
} cast_job;

/* Without fraction, the nearest within the type. */
static int64_t whole(double value, int64_t low, uint64_t high) {
    if (isnan(value))
        return 0;
    if (value <= (double)low)
        return low;
    if (value >= (double)high)
        return (int64_t)high;
    return high > INT64_MAX ? (int64_t)(uint64_t)value : (int64_t)value;
}

/* Beyond the largest finite value of an f8 there is that value; OCP's saturating mode. */
static double saturate(uint32_t dtype, double value) {
    double most = sy_dtype_largest(dtype);
    return value > most ? most : value < -most ? -most : value;
}

/* Between floating types that f32 holds, rounded once. */
static void cast_f32(
    const cast_job *job, int64_t from, int64_t from_step, int64_t to, int64_t to_step, int64_t count) {
    sy_ops_chunk chunk;
    bool is_f8 = sy_ops_is_in(job->to, SY_OPS_F8) && job->is_saturated;
    sy_ops_load(job->from, job->in, from, from_step, count, &chunk);
    for (int64_t i = 0; i < count && is_f8; i++)
        chunk.f32[i] = (float)saturate(job->to, (double)chunk.f32[i]);
    sy_ops_store(job->to, &chunk, to, to_step, count, job->out);
}

/* From a floating type, by f64 that holds it exactly. */
static void cast_real(
    const cast_job *job, int64_t from, int64_t from_step, int64_t to, int64_t to_step, int64_t count) {
    double value[SY_OPS_CHUNK];
    sy_ops_chunk chunk;
    int64_t low;
    uint64_t high;
    sy_ops_load_f64(job->from, job->in, from, from_step, count, value);
    if (sy_ops_form(job->to) == SY_OPS_F32 || sy_ops_form(job->to) == SY_OPS_F64) {
        bool is_f8 = sy_ops_is_in(job->to, SY_OPS_F8) && job->is_saturated;
        for (int64_t i = 0; i < count && is_f8; i++)
            value[i] = saturate(job->to, value[i]);
        sy_ops_store_f64(job->to, value, to, to_step, count, job->out);
        return;
    }
    sy_ops_range(job->to, &low, &high);
    for (int64_t i = 0; i < count; i++)
        chunk.s64[i] = job->to == SY_BOOL ? value[i] != 0 : whole(value[i], low, high);
    sy_ops_store(job->to, &chunk, to, to_step, count, job->out);
}

static void cast_integer(
    const cast_job *job, int64_t from, int64_t from_step, int64_t to, int64_t to_step, int64_t count) {
    sy_ops_chunk chunk;
    double value[SY_OPS_CHUNK];
    bool is_unsigned = sy_ops_form(job->from) == SY_OPS_U64;
    sy_ops_load(job->from, job->in, from, from_step, count, &chunk);
    if (sy_ops_form(job->to) == SY_OPS_S64 || sy_ops_form(job->to) == SY_OPS_U64) {
        sy_ops_store(job->to, &chunk, to, to_step, count, job->out);
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        if (job->to == SY_F32) /* rounded once */
            value[i] = (double)(is_unsigned ? (float)chunk.u64[i] : (float)chunk.s64[i]);
        else
            value[i] = is_unsigned ? (double)chunk.u64[i] : (double)chunk.s64[i];
        if (job->is_saturated && sy_ops_is_in(job->to, SY_OPS_F8))
            value[i] = saturate(job->to, value[i]);
    }
    sy_ops_store_f64(job->to, value, to, to_step, count, job->out);
}

/* Between f32 and bf16 side by side, as at the borders of what is computed in bf16. */
static bool cast_lines(const cast_job *job, const int64_t *offset, const int64_t *step, int64_t count) {
    bool is_line = count == 1 || (step[0] == 1 && step[1] == 1);
    if (is_line && job->from == SY_F32 && job->to == SY_BF16)
        sy_bf16_array_from_f32(
            (const float *)job->in + offset[1], (size_t)count, (uint16_t *)job->out + offset[0]);
    else if (is_line && job->from == SY_BF16 && job->to == SY_F32)
        sy_bf16_array_to_f32(
            (const uint16_t *)job->in + offset[1], (size_t)count, (float *)job->out + offset[0]);
    else
        return false;
    return true;
}

static void cast_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const cast_job *job = arg;
    bool is_real = sy_ops_form(job->from) == SY_OPS_F32 || sy_ops_form(job->from) == SY_OPS_F64;
    bool is_f32 = sy_ops_form(job->from) == SY_OPS_F32 && sy_ops_form(job->to) == SY_OPS_F32;
    if (cast_lines(job, offset, step, count))
        return;
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK;
        int64_t from = offset[1] + i * step[1], to = offset[0] + i * step[0];
        if (is_f32)
            cast_f32(job, from, step[1], to, step[0], few);
        else if (is_real)
            cast_real(job, from, step[1], to, step[0], few);
        else
            cast_integer(job, from, step[1], to, step[0], few);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const cast_state *state = call->state;
    const sy_net_tensor *in = &call->in[0], *out = &call->out[0];
    if (in->dtype == out->dtype && !in->is_last) {
        if (in->data != out->data)
            memcpy(out->data, in->data, sy_net_bytes(in));
        return SY_OK;
    }
    cast_job job = {in->data, out->data, in->dtype, out->dtype, state->is_saturated};
    sy_ops_walk walk;
    sy_ops_walk_call(&walk, call, 1);
    sy_ops_walk_run(&walk, call->team, 8, cast_piece, &job);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_ELEMENTWISE | SY_NET_OP_IN_PLACE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"Cast", "", 6, 0, FLAGS, 1, 1, 1, 1, infer, NULL, run},
    {"CastLike", "", 15, 0, SY_NET_OP_ELEMENTWISE, 2, 2, 1, 1, infer_like, NULL, run},
};
const sy_net_family sy_net_family_cast = {row, sizeof row / sizeof row[0]};
