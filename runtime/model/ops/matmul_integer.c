/* MatMulInteger and QLinearMatMul: products of bytes with sums in s32. A is widened into scratch. */
#include "runtime/model/ops/batch.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/product.h"
#include "runtime/model/ops/quant.h"

/* Where inputs are; absent ones are UINT32_MAX. */
typedef struct matmul_ports {
    uint32_t a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero;
} matmul_ports;

static const matmul_ports integer_ports = {0, UINT32_MAX, 2, 1, UINT32_MAX, 3, UINT32_MAX, UINT32_MAX};
static const matmul_ports linear_ports = {0, 1, 2, 3, 4, 5, 6, 7};

typedef struct matmul_job {
    const sy_net_call *call;
    const matmul_ports *ports;
    const sy_net_batch *batch;
    int16_t *a;
    int32_t *sum;
} matmul_job;

/* One for all, one a row or column of a matrix, or one for each of the stack: counts of entries. */
static void row_counts(const sy_net_tensor *tensor, bool is_left, int64_t out_count[2]) {
    int64_t depth = is_left ? tensor->dim[tensor->rank - 1] : 0, all = sy_net_elements(tensor);
    if (!is_left)
        depth = tensor->rank > 1 ? tensor->dim[tensor->rank - 2] : tensor->dim[0];
    out_count[0] = !is_left ? (tensor->rank > 1 ? tensor->dim[tensor->rank - 1] : 1)
                            : (tensor->rank > 1 ? tensor->dim[tensor->rank - 2] : 1);
    out_count[1] = depth > 0 ? all / depth : out_count[0];
}

static sy_status check_side(
    const sy_net_call *call, uint32_t index, uint32_t scale, uint32_t zero, bool is_left, sy_error *err) {
    int64_t count[2];
    sy_status status = sy_net_quant_check(call, index, err);
    if (status == SY_OK && call->in[index].rank == 0)
        status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is a scalar, no matrix", index);
    if (status != SY_OK)
        return status;
    row_counts(&call->in[index], is_left, count);
    status = sy_net_quant_check_each(call, zero, call->in[index].dtype, count, 2, err);
    return status == SY_OK ? sy_net_quant_check_each(call, scale, 0, count, 2, err) : status;
}

static sy_status infer(sy_net_call *call, const matmul_ports *ports, uint32_t dtype, sy_error *err) {
    sy_status status = check_side(call, ports->a, ports->a_scale, ports->a_zero, true, err);
    if (status == SY_OK)
        status = check_side(call, ports->b, ports->b_scale, ports->b_zero, false, err);
    if (status != SY_OK)
        return status;
    sy_net_batch *batch = sy_net_call_state(call, sizeof *batch, err);
    if (batch == NULL)
        return SY_OUT_OF_MEMORY;
    call->out[0].dtype = dtype;
    return sy_net_batch_infer(call, ports->a, ports->b, batch, err);
}

static sy_status infer_integer(sy_net_call *call, sy_error *err) {
    return infer(call, &integer_ports, SY_S32, err);
}

static sy_status infer_linear(sy_net_call *call, sy_error *err) {
    const matmul_ports *ports = &linear_ports;
    int64_t count[2] = {0};
    sy_status status = sy_net_quant_check(call, ports->y_zero, err);
    if (status == SY_OK)
        status = infer(call, ports, call->in[ports->y_zero].dtype, err);
    if (status != SY_OK)
        return status;
    row_counts(&call->in[ports->a], true, count);
    status = sy_net_quant_check_each(call, ports->y_zero, call->out[0].dtype, count, 2, err);
    return status == SY_OK ? sy_net_quant_check_each(call, ports->y_scale, 0, count, 2, err) : status;
}

static size_t left_bytes(const sy_net_call *call, const matmul_ports *ports) {
    return sy_net_scratch_part((size_t)sy_net_elements(&call->in[ports->a]) * sizeof(int16_t));
}

static size_t scratch_integer(const sy_net_call *call) {
    return left_bytes(call, &integer_ports);
}

static size_t scratch_linear(const sy_net_call *call) {
    return left_bytes(call, &linear_ports) + (size_t)sy_net_elements(&call->out[0]) * sizeof(int32_t);
}

static void widen_rows(void *arg, int64_t begin, int64_t end) {
    const matmul_job *job = arg;
    int64_t k = job->batch->k;
    for (int64_t i = begin; i < end; i++)
        sy_net_quant_widen(&job->call->in[job->ports->a], i * k, k,
            sy_net_quant_zero(job->call, job->ports->a_zero, i), job->a + i * k);
}

static void offsets(const void *arg, int64_t index, int64_t *out_a, int64_t *out_c) {
    const sy_net_batch *batch = ((const matmul_job *)arg)->batch;
    *out_a = sy_net_batch_a(batch, index) * batch->m * batch->k;
    *out_c = index * batch->m * batch->n;
}

static void gather(const void *arg, const sy_net_part *part, void *panel) {
    const matmul_job *job = arg;
    const sy_net_tensor *b = &job->call->in[job->ports->b];
    int64_t n = job->batch->n, matrix = sy_net_batch_b(job->batch, part->batch);
    int32_t zero[SY_NET_TILE_COLS];
    for (int j = 0; j < part->cols; j++)
        zero[j] = sy_net_quant_zero(job->call, job->ports->b_zero, matrix * n + part->j + j);
    for (int p = 0; p < part->depth; p++) {
        int16_t *to = (int16_t *)panel + p * SY_NET_TILE_COLS;
        sy_net_quant_widen(b, (matrix * job->batch->k + part->p + p) * n + part->j, part->cols, 0, to);
        for (int j = 0; j < part->cols; j++)
            to[j] = (int16_t)(to[j] - zero[j]);
    }
}

static void run_sums(matmul_job *job) {
    const sy_net_batch *batch = job->call->state;
    const sy_net_call *call = job->call;
    job->batch = batch;
    job->a = call->scratch;
    int64_t rows = batch->k > 0 ? sy_net_elements(&call->in[job->ports->a]) / batch->k : 0;
    sy_team_for(call->team, rows, batch->k, widen_rows, job);
    sy_net_product product = {.batch = batch->count,
        .m = batch->m,
        .n = batch->n,
        .k = batch->k,
        .a_row = batch->k,
        .a_col = 1,
        .c_row = batch->n,
        .c_col = 1,
        .a = job->a,
        .c = job->sum,
        .at = offsets,
        .gather = gather,
        .arg = job};
    sy_net_product_s32(&product, call->team);
}

static sy_status run_integer(const sy_net_call *call, sy_error *err) {
    (void)err;
    matmul_job job = {.call = call, .ports = &integer_ports, .sum = call->out[0].data};
    run_sums(&job);
    return SY_OK;
}

/* Rows of the result, flat; scales of columns differ at most from matrix to matrix. */
static void narrow(void *arg, int64_t begin, int64_t end) {
    const matmul_job *job = arg;
    const sy_net_call *call = job->call;
    const matmul_ports *ports = job->ports;
    const sy_net_batch *batch = job->batch;
    for (int64_t row = begin; row < end; row++) {
        int64_t index = row / batch->m, first = row * batch->n;
        int64_t left = sy_net_batch_a(batch, index) * batch->m + row % batch->m;
        int64_t right = sy_net_batch_b(batch, index) * batch->n;
        float factor = sy_net_quant_scale(call, ports->a_scale, left);
        float divisor = sy_net_quant_scale(call, ports->y_scale, row);
        int32_t zero = sy_net_quant_zero(call, ports->y_zero, row);
        for (int64_t j = 0; j < batch->n; j++) {
            float scale = factor * sy_net_quant_scale(call, ports->b_scale, right + j) / divisor;
            sy_net_quant_narrow(job->sum + first + j, 1, scale, zero, &call->out[0], first + j, 1);
        }
    }
}

static sy_status run_linear(const sy_net_call *call, sy_error *err) {
    (void)err;
    matmul_job job = {.call = call, .ports = &linear_ports};
    job.sum = (int32_t *)((char *)call->scratch + left_bytes(call, &linear_ports));
    run_sums(&job);
    sy_team_for(call->team, job.batch->count * job.batch->m, job.batch->n * 16, narrow, &job);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"MatMulInteger", "", 10, 0, 0, 2, 4, 1, 1, infer_integer, scratch_integer, run_integer},
    {"QLinearMatMul", "", 10, 0, 0, 8, 8, 1, 1, infer_linear, scratch_linear, run_linear},
};
const sy_net_family sy_net_family_matmul_integer = {row, sizeof row / sizeof row[0]};
