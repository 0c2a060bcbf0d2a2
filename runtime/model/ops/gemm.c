/* Gemm: alpha op(A) op(B) + beta C. */
#include <string.h>

#include "runtime/model/ops/check.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/post.h"
#include "runtime/model/ops/product.h"

typedef struct gemm_state {
    int64_t m, n, k, a_row, a_col, b_row, b_col, c_row, c_col;
    float alpha, beta;
} gemm_state;

typedef struct gemm_job {
    const gemm_state *state;
    const sy_net_tensor *a, *b, *c; /* c: NULL if there is none, or beta is 0 */
    sy_net_tensor *y;
    const sy_net_posts *posts;
} gemm_job;

static bool is_number(uint32_t dtype) {
    return sy_net_is_float(dtype) || dtype == SY_S32 || dtype == SY_S64 || dtype == SY_U32 || dtype == SY_U64;
}

static sy_status check(const sy_net_call *call, sy_error *err) {
    for (uint32_t i = 0; i < 3; i++) {
        if (!sy_net_call_has(call, i))
            continue;
        const char *name = sy_net_dtype_name(call->in[i].dtype);
        if (!is_number(call->in[i].dtype))
            return sy_net_call_fail(call, SY_UNSUPPORTED, err, "input %u is %s", i, name);
        if (call->in[i].dtype != call->in[0].dtype)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is %s, input 0 is %s", i, name,
                sy_net_dtype_name(call->in[0].dtype));
        sy_status status = sy_net_check_rank(call, i, i < 2 ? 2 : 0, 2, err);
        if (status != SY_OK)
            return status;
    }
    return SY_OK;
}

/* C broadcasts to m x n, one way. */
static sy_status set_c(const sy_net_call *call, gemm_state *state, sy_error *err) {
    const sy_net_tensor *c = &call->in[2];
    if (!sy_net_call_has(call, 2))
        return SY_OK;
    int64_t rows = c->rank == 2 ? c->dim[0] : 1, cols = c->rank > 0 ? c->dim[c->rank - 1] : 1;
    if ((rows != 1 && rows != state->m) || (cols != 1 && cols != state->n))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "C of %lld x %lld does not broadcast to %lld x %lld", (long long)rows, (long long)cols,
            (long long)state->m, (long long)state->n);
    state->c_row = rows == 1 ? 0 : cols;
    state->c_col = cols == 1 ? 0 : 1;
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = check(call, err);
    if (status != SY_OK)
        return status;
    gemm_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    const sy_net_tensor *a = &call->in[0], *b = &call->in[1];
    bool turns_a = sy_net_attr_int(call->node, "transA", 0) != 0;
    bool turns_b = sy_net_attr_int(call->node, "transB", 0) != 0;
    *state = (gemm_state){.m = a->dim[turns_a],
        .k = a->dim[!turns_a],
        .n = b->dim[!turns_b],
        .a_row = turns_a ? 1 : a->dim[1],
        .a_col = turns_a ? a->dim[1] : 1,
        .b_row = turns_b ? 1 : b->dim[1],
        .b_col = turns_b ? b->dim[1] : 1,
        .alpha = sy_net_attr_float(call->node, "alpha", 1.0f),
        .beta = sy_net_attr_float(call->node, "beta", 1.0f)};
    if (b->dim[turns_b] != state->k)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "A has a depth of %lld, B of %lld",
            (long long)state->k, (long long)b->dim[turns_b]);
    call->out[0].dtype = a->dtype;
    call->out[0].rank = 2;
    call->out[0].dim[0] = state->m;
    call->out[0].dim[1] = state->n;
    return set_c(call, state, err);
}

static void offsets(const void *arg, int64_t batch, int64_t *out_a, int64_t *out_c) {
    (void)arg;
    (void)batch;
    *out_a = *out_c = 0;
}

static void gather(const void *arg, const sy_net_part *part, void *panel) {
    const gemm_job *job = arg;
    const gemm_state *state = job->state;
    for (int p = 0; p < part->depth; p++) {
        const float *from =
            (const float *)job->b->data + (part->p + p) * state->b_row + part->j * state->b_col;
        float *to = (float *)panel + p * SY_NET_TILE_COLS;
        for (int j = 0; j < part->cols; j++)
            to[j] = from[j * state->b_col];
    }
}

/* alpha and C on rows of f32 products. */
static void scale_rows(void *arg, int64_t begin, int64_t end) {
    const gemm_job *job = arg;
    const gemm_state *state = job->state;
    for (int64_t i = begin; i < end; i++) {
        float *y = (float *)job->y->data + i * state->n;
        for (int64_t j = 0; state->alpha != 1.0f && j < state->n; j++)
            y[j] *= state->alpha;
        const float *c = job->c != NULL ? (const float *)job->c->data + i * state->c_row : NULL;
        for (int64_t j = 0; c != NULL && j < state->n; j++)
            y[j] += state->beta * c[j * state->c_col];
    }
}

/* Rows of any type, in f64. */
static void run_any(void *arg, int64_t begin, int64_t end) {
    const gemm_job *job = arg;
    const gemm_state *state = job->state;
    for (int64_t i = begin; i < end; i++)
        for (int64_t j = 0; j < state->n; j++) {
            double sum = 0;
            for (int64_t p = 0; p < state->k; p++)
                sum += sy_net_get(job->a, i * state->a_row + p * state->a_col) *
                       sy_net_get(job->b, p * state->b_row + j * state->b_col);
            sum *= (double)state->alpha;
            if (job->c != NULL)
                sum += (double)state->beta * sy_net_get(job->c, i * state->c_row + j * state->c_col);
            sy_net_set(job->y, i * state->n + j, sy_net_posts_value(job->posts, i, j, sum));
        }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const gemm_state *state = call->state;
    sy_net_posts posts;
    sy_status status = sy_net_posts_set(call, SY_NET_POST_MATRIX, NULL, &posts, err);
    if (status != SY_OK)
        return status;
    gemm_job job = {
        .state = state, .a = &call->in[0], .b = &call->in[1], .y = &call->out[0], .posts = &posts};
    if (sy_net_call_has(call, 2) && state->beta != 0.0f)
        job.c = &call->in[2];
    if (call->in[0].dtype != SY_F32) {
        sy_team_for(call->team, state->m, state->n * 64, run_any, &job);
        return SY_OK;
    }
    sy_net_product product = {.batch = 1,
        .m = state->m,
        .n = state->n,
        .k = state->k,
        .a_row = state->a_row,
        .a_col = state->a_col,
        .c_row = state->n,
        .c_col = 1,
        .a = call->in[0].data,
        .c = call->out[0].data,
        .at = offsets,
        .gather = gather,
        .arg = &job};
    sy_net_product_f32(&product, call->team);
    if (state->alpha != 1.0f || job.c != NULL)
        sy_team_for(call->team, state->m, state->n, scale_rows, &job);
    sy_net_posts_run(&posts, call->team);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Gemm", "", 7, 0, SY_NET_OP_POSTS, 2, 3, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_gemm = {row, sizeof row / sizeof row[0]};
