/* MatMul: stacks of matrices. */
#include <string.h>

#include "runtime/model/ops/batch.h"
#include "runtime/model/ops/check.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/post.h"
#include "runtime/model/ops/product.h"

typedef struct matmul_job {
    const sy_net_batch *batch;
    const sy_net_tensor *a, *b;
    sy_net_tensor *y;
    const sy_net_posts *posts;
} matmul_job;

static bool is_integer(uint32_t dtype) {
    return dtype == SY_S32 || dtype == SY_S64 || dtype == SY_U32 || dtype == SY_U64;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    uint32_t dtype = call->in[0].dtype;
    if (!sy_net_is_float(dtype) && !is_integer(dtype))
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "input 0 is %s", sy_net_dtype_name(dtype));
    if (call->in[1].dtype != dtype)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 0 is %s, input 1 is %s",
            sy_net_dtype_name(dtype), sy_net_dtype_name(call->in[1].dtype));
    sy_net_batch *batch = sy_net_call_state(call, sizeof *batch, err);
    if (batch == NULL)
        return SY_OUT_OF_MEMORY;
    call->out[0].dtype = dtype;
    return sy_net_batch_infer(call, 0, 1, batch, err);
}

static void offsets(const void *arg, int64_t index, int64_t *out_a, int64_t *out_c) {
    const sy_net_batch *batch = ((const matmul_job *)arg)->batch;
    *out_a = sy_net_batch_a(batch, index) * batch->m * batch->k;
    *out_c = index * batch->m * batch->n;
}

static void gather(const void *arg, const sy_net_part *part, void *panel) {
    const matmul_job *job = arg;
    int64_t n = job->batch->n, first = sy_net_batch_b(job->batch, part->batch) * job->batch->k * n;
    for (int p = 0; p < part->depth; p++)
        memcpy((float *)panel + p * SY_NET_TILE_COLS,
            (const float *)job->b->data + first + (part->p + p) * n + part->j,
            (size_t)part->cols * sizeof(float));
}

/* One element of integers, which wrap around, and of floating point in f64. */
static void sum_one(const matmul_job *job, int64_t a, int64_t b, int64_t to, int64_t row, int64_t column) {
    int64_t n = job->batch->n;
    if (is_integer(job->y->dtype)) {
        uint64_t sum = 0;
        for (int64_t p = 0; p < job->batch->k; p++)
            sum += (uint64_t)sy_net_get_int(job->a, a + p) * (uint64_t)sy_net_get_int(job->b, b + p * n);
        if (sy_net_dtype_size(job->y->dtype) == 8)
            ((uint64_t *)job->y->data)[to] = sum;
        else
            ((uint32_t *)job->y->data)[to] = (uint32_t)sum;
        return;
    }
    double sum = 0;
    for (int64_t p = 0; p < job->batch->k; p++)
        sum += sy_net_get(job->a, a + p) * sy_net_get(job->b, b + p * n);
    sy_net_set(job->y, to, sy_net_posts_value(job->posts, row, column, sum));
}

/* Lines of a post are those of the last dimension: of a result without it there is but one. */
static void run_any(void *arg, int64_t begin, int64_t end) {
    const matmul_job *job = arg;
    const sy_net_batch *batch = job->batch;
    for (int64_t row = begin; row < end; row++) {
        int64_t index = row / batch->m, i = row % batch->m;
        int64_t a = (sy_net_batch_a(batch, index) * batch->m + i) * batch->k;
        int64_t b = sy_net_batch_b(batch, index) * batch->k * batch->n;
        for (int64_t j = 0; j < batch->n; j++) {
            int64_t to = row * batch->n + j;
            sum_one(job, a, b + j, to, to / job->posts->width, to % job->posts->width);
        }
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const sy_net_batch *batch = call->state;
    sy_net_posts posts;
    sy_status status = sy_net_posts_set(call, SY_NET_POST_MATRIX, NULL, &posts, err);
    if (status != SY_OK)
        return status;
    matmul_job job = {batch, &call->in[0], &call->in[1], &call->out[0], &posts};
    if (call->in[0].dtype != SY_F32) {
        sy_team_for(call->team, batch->count * batch->m, batch->n * 64, run_any, &job);
        return SY_OK;
    }
    sy_net_product product = {.batch = batch->count,
        .m = batch->m,
        .n = batch->n,
        .k = batch->k,
        .a_row = batch->k,
        .a_col = 1,
        .c_row = batch->n,
        .c_col = 1,
        .a = call->in[0].data,
        .c = call->out[0].data,
        .at = offsets,
        .gather = gather,
        .arg = &job};
    sy_net_product_f32(&product, call->team);
    sy_net_posts_run(&posts, call->team);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"MatMul", "", 1, 0, SY_NET_OP_POSTS, 2, 2, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_matmul = {row, sizeof row / sizeof row[0]};
