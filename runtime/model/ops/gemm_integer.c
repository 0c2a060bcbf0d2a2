/* QGemm: a product of bytes with a bias in s32; the result is bytes, or f32 where no scale is given for it.
 */
#include "runtime/model/ops/check.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/product.h"
#include "runtime/model/ops/quant.h"

/* Where inputs are. */
enum { A, A_SCALE, A_ZERO, B, B_SCALE, B_ZERO, C, Y_SCALE, Y_ZERO };

typedef struct gemm_state {
    int64_t m, n, k, a_row, a_col, b_row, b_col, c_row, c_col;
    float alpha;
} gemm_state;

typedef struct gemm_job {
    const sy_net_call *call;
    const gemm_state *state;
    int16_t *a;
    int32_t *sum;
} gemm_job;

static sy_status check_sides(const sy_net_call *call, sy_error *err) {
    for (uint32_t i = A; i <= B; i += B - A) {
        sy_status status = sy_net_quant_check(call, i, err);
        if (status == SY_OK)
            status = sy_net_check_rank(call, i, 2, 2, err);
        if (status != SY_OK)
            return status;
    }
    return SY_OK;
}

/* Scales and zero points: of B also one a column. */
static sy_status check_scales(const sy_net_call *call, const gemm_state *state, sy_error *err) {
    uint32_t y = sy_net_call_has(call, Y_ZERO) ? call->in[Y_ZERO].dtype : SY_U8;
    const struct {
        uint32_t index, dtype, n_count;
    } wanted[] = {{A_SCALE, 0, 0}, {A_ZERO, call->in[A].dtype, 0}, {B_SCALE, 0, 1},
        {B_ZERO, call->in[B].dtype, 1}, {Y_SCALE, 0, 0}, {Y_ZERO, y, 0}};
    if (sy_net_call_has(call, Y_ZERO) && y != SY_U8 && y != SY_S8)
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "input 8 is %s", sy_net_dtype_name(y));
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        sy_status status = sy_net_quant_check_each(
            call, wanted[i].index, wanted[i].dtype, &state->n, wanted[i].n_count, err);
        if (status != SY_OK)
            return status;
    }
    return SY_OK;
}

/* C broadcasts to m x n, one way. */
static sy_status set_c(const sy_net_call *call, gemm_state *state, sy_error *err) {
    const sy_net_tensor *c = &call->in[C];
    if (!sy_net_call_has(call, C))
        return SY_OK;
    sy_status status = sy_net_check_rank(call, C, 0, 2, err);
    if (status != SY_OK)
        return status;
    int64_t rows = c->rank == 2 ? c->dim[0] : 1, cols = c->rank > 0 ? c->dim[c->rank - 1] : 1;
    if (c->dtype != SY_S32 || (rows != 1 && rows != state->m) || (cols != 1 && cols != state->n))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "C (input 6) must be s32 and broadcast to %lld x %lld", (long long)state->m, (long long)state->n);
    state->c_row = rows == 1 ? 0 : cols;
    state->c_col = cols == 1 ? 0 : 1;
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = check_sides(call, err);
    if (status != SY_OK)
        return status;
    gemm_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    const sy_net_tensor *a = &call->in[A], *b = &call->in[B];
    bool turns_a = sy_net_attr_int(call->node, "transA", 0) != 0;
    bool turns_b = sy_net_attr_int(call->node, "transB", 0) != 0;
    *state = (gemm_state){.m = a->dim[turns_a],
        .k = a->dim[!turns_a],
        .n = b->dim[!turns_b],
        .a_row = turns_a ? 1 : a->dim[1],
        .a_col = turns_a ? a->dim[1] : 1,
        .b_row = turns_b ? 1 : b->dim[1],
        .b_col = turns_b ? b->dim[1] : 1,
        .alpha = sy_net_attr_float(call->node, "alpha", 1.0f)};
    if (b->dim[turns_b] != state->k)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "A has a depth of %lld, B of %lld",
            (long long)state->k, (long long)b->dim[turns_b]);
    status = check_scales(call, state, err);
    call->out[0].dtype = !sy_net_call_has(call, Y_SCALE) ? (uint32_t)SY_F32
                         : sy_net_call_has(call, Y_ZERO) ? call->in[Y_ZERO].dtype
                                                         : a->dtype;
    call->out[0].rank = 2;
    call->out[0].dim[0] = state->m;
    call->out[0].dim[1] = state->n;
    return status == SY_OK ? set_c(call, state, err) : status;
}

static size_t left_bytes(const sy_net_call *call) {
    return sy_net_scratch_part((size_t)sy_net_elements(&call->in[A]) * sizeof(int16_t));
}

static size_t scratch_bytes(const sy_net_call *call) {
    return left_bytes(call) + (size_t)sy_net_elements(&call->out[0]) * sizeof(int32_t);
}

static void offsets(const void *arg, int64_t batch, int64_t *out_a, int64_t *out_c) {
    (void)arg;
    (void)batch;
    *out_a = *out_c = 0;
}

static void gather(const void *arg, const sy_net_part *part, void *panel) {
    const gemm_job *job = arg;
    const gemm_state *state = job->state;
    for (int j = 0; j < part->cols; j++) {
        int32_t zero = sy_net_quant_zero(job->call, B_ZERO, part->j + j);
        for (int p = 0; p < part->depth; p++)
            sy_net_quant_widen(&job->call->in[B], (part->p + p) * state->b_row + (part->j + j) * state->b_col,
                1, zero, (int16_t *)panel + p * SY_NET_TILE_COLS + j);
    }
}

/* Rows of the result. */
static void finish(void *arg, int64_t begin, int64_t end) {
    const gemm_job *job = arg;
    const gemm_state *state = job->state;
    const sy_net_call *call = job->call;
    bool is_real = call->out[0].dtype == SY_F32;
    float factor = state->alpha * sy_net_quant_scale(call, A_SCALE, 0);
    float divisor = sy_net_quant_scale(call, Y_SCALE, 0);
    int32_t zero = sy_net_quant_zero(call, Y_ZERO, 0);
    for (int64_t i = begin; i < end; i++)
        for (int64_t j = 0; j < state->n; j++) {
            int64_t at = i * state->n + j;
            uint32_t bias = 0;
            if (sy_net_call_has(call, C))
                bias = (uint32_t)((const int32_t *)call->in[C].data)[i * state->c_row + j * state->c_col];
            int32_t sum = (int32_t)((uint32_t)job->sum[at] + bias);
            float scale = factor * sy_net_quant_scale(call, B_SCALE, j);
            if (is_real)
                ((float *)call->out[0].data)[at] = (float)sum * scale;
            else
                sy_net_quant_narrow(&sum, 1, scale / divisor, zero, &call->out[0], at, 1);
        }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const gemm_state *state = call->state;
    gemm_job job = {.call = call, .state = state, .a = call->scratch};
    job.sum = (int32_t *)((char *)call->scratch + left_bytes(call));
    sy_net_quant_widen(
        &call->in[A], 0, sy_net_elements(&call->in[A]), sy_net_quant_zero(call, A_ZERO, 0), job.a);
    sy_net_product product = {.batch = 1,
        .m = state->m,
        .n = state->n,
        .k = state->k,
        .a_row = state->a_row,
        .a_col = state->a_col,
        .c_row = state->n,
        .c_col = 1,
        .a = job.a,
        .c = job.sum,
        .at = offsets,
        .gather = gather,
        .arg = &job};
    sy_net_product_s32(&product, call->team);
    sy_team_for(call->team, state->m, state->n * 16, finish, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"QGemm", "com.microsoft", 1, 0, 0, 6, 9, 1, 1, infer, scratch_bytes, run},
};
const sy_net_family sy_net_family_gemm_integer = {row, sizeof row / sizeof row[0]};
