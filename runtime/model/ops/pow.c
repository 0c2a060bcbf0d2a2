/* Pow: the exponent may have a type of its own. */
#include <math.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/pair.h"

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, SY_OPS_NUMBERS, err);
    if (status == SY_OK)
        status = sy_ops_need(call, 1, SY_OPS_NUMBERS, err);
    if (status == SY_OK)
        status = sy_net_call_broadcast(call, &call->in[0], &call->in[1], &call->out[0], err);
    call->out[0].dtype = call->in[0].dtype;
    return status;
}

typedef struct pow_job {
    const sy_net_tensor *base, *exponent, *out;
} pow_job;

static bool is_integer(uint32_t dtype) {
    return sy_ops_is_in(dtype, SY_OPS_SIGNED | SY_OPS_UNSIGNED);
}

/* Integers to integers, modulo 2^n. */
static void integer_chunk(const pow_job *job, const int64_t *offset, const int64_t *step, int64_t count) {
    bool is_unsigned = sy_ops_form(job->exponent->dtype) == SY_OPS_U64;
    sy_ops_chunk base, exponent;
    sy_ops_load(job->base->dtype, job->base->data, offset[1], step[1], count, &base);
    sy_ops_load(job->exponent->dtype, job->exponent->data, offset[2], step[2], count, &exponent);
    for (int64_t i = 0; i < count; i++)
        base.u64[i] = sy_ops_power(base.u64[i], exponent.u64[i], is_unsigned);
    sy_ops_store(job->out->dtype, &base, offset[0], step[0], count, job->out->data);
}

/* The squares and cubes of networks are products. */
static double power(double base, double exponent) {
    return exponent == 2 ? base * base : exponent == 3 ? base * base * base : pow(base, exponent);
}

static void real_chunk(const pow_job *job, const int64_t *offset, const int64_t *step, int64_t count) {
    bool is_whole = is_integer(job->out->dtype);
    double base[SY_OPS_CHUNK], exponent[SY_OPS_CHUNK];
    sy_ops_load_f64(job->base->dtype, job->base->data, offset[1], step[1], count, base);
    sy_ops_load_f64(job->exponent->dtype, job->exponent->data, offset[2], step[2], count, exponent);
    for (int64_t i = 0; i < count; i++) {
        base[i] = power(base[i], exponent[i]);
        base[i] = is_whole ? trunc(base[i]) : base[i];
    }
    sy_ops_store_f64(job->out->dtype, base, offset[0], step[0], count, job->out->data);
}

static void square_piece(const pow_job *job, const int64_t *offset, int64_t count) {
    const float *x = (const float *)job->base->data + offset[1];
    float *y = (float *)job->out->data + offset[0];
    for (int64_t i = 0; i < count; i++)
        y[i] = x[i] * x[i];
}

static void pow_piece(const void *arg, const int64_t *offset, const int64_t *step, int64_t count) {
    const pow_job *job = arg;
    bool is_f32 = job->base->dtype == SY_F32 && job->exponent->dtype == SY_F32;
    if (is_f32 && step[0] == 1 && step[1] == 1 && step[2] == 0 &&
        ((const float *)job->exponent->data)[offset[2]] == 2.0f) {
        square_piece(job, offset, count);
        return;
    }
    bool is_whole = is_integer(job->base->dtype) && is_integer(job->exponent->dtype);
    for (int64_t i = 0; i < count; i += SY_OPS_CHUNK) {
        int64_t few = count - i < SY_OPS_CHUNK ? count - i : SY_OPS_CHUNK, at[SY_OPS_WALKERS];
        for (uint32_t t = 0; t < 3; t++)
            at[t] = offset[t] + i * step[t];
        if (is_whole)
            integer_chunk(job, at, step, few);
        else
            real_chunk(job, at, step, few);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    pow_job job = {&call->in[0], &call->in[1], &call->out[0]};
    sy_ops_walk walk;
    sy_ops_walk_call(&walk, call, 2);
    sy_ops_walk_run(&walk, call->team, 40, pow_piece, &job);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_ELEMENTWISE | SY_NET_OP_IN_PLACE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"Pow", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_pow = {row, sizeof row / sizeof row[0]};
