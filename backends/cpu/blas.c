/* Products on BLAS libraries. */
#include "backends/cpu/blas.h"

#include <limits.h>

#include "runtime/base/error.h"

/* Below this a pass over D is done by the calling thread: the library's threads may still spin where ours
 * are. */
#define PARALLEL_PASS_BYTES (INT64_C(1) << 20)

/* A matrix of rows x columns with a stride of 1 in one direction; false if BLAS has no form for it. */
static bool read_matrix(
    const int64_t stride[2], int64_t rows, int64_t columns, sy_cpu_blas_matrix *out_matrix) {
    bool is_plain = (stride[1] == 1 || columns <= 1) && (stride[0] >= columns || rows <= 1);
    bool is_turned = (stride[0] == 1 || rows <= 1) && (stride[1] >= rows || columns <= 1);
    if (!is_plain && !is_turned)
        return false;
    int64_t width = is_plain ? columns : rows;
    bool is_single = (is_plain ? rows : columns) <= 1;
    int64_t lead = is_single ? width : is_plain ? stride[0] : stride[1];
    if (lead < 1)
        lead = 1;
    *out_matrix =
        (sy_cpu_blas_matrix){.trans = is_plain ? SY_BLAS_NO_TRANS : SY_BLAS_TRANS, .lead = (int)lead};
    return lead <= INT_MAX;
}

static sy_status check_types(
    const sy_cpu_blas_library *library, const sy_gemm_desc *desc, uint32_t acc_dtype, sy_error *err) {
    uint32_t a = desc->dtype_a;
    bool has_sums = desc->dtype_d == acc_dtype && desc->dtype_c == acc_dtype && desc->dtype_b == a;
    if (has_sums && (a == SY_F32 || a == SY_F64) && acc_dtype == a)
        return SY_OK;
    if (has_sums && a == SY_BF16 && acc_dtype == SY_F32 && library->call.sbgemm != NULL)
        return SY_OK;
    return sy_error_set(err, SY_UNSUPPORTED, "%s: has f32 and f64%s, this is %s x %s -> %s with sums in %s",
        library->name, library->call.sbgemm != NULL ? ", and bf16 into f32" : " alone", sy_dtype_name(a),
        sy_dtype_name(desc->dtype_b), sy_dtype_name(desc->dtype_d), sy_dtype_name(acc_dtype));
}

static sy_status read_matrices(sy_cpu_blas *blas, sy_error *err) {
    const sy_gemm_desc *desc = &blas->product.desc;
    if (desc->m > INT_MAX || desc->n > INT_MAX || desc->k > INT_MAX)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: an extent beyond 2^31", blas->library->name);
    if (!read_matrix(desc->a_stride, desc->m, desc->k, &blas->a) ||
        !read_matrix(desc->b_stride, desc->k, desc->n, &blas->b) ||
        !read_matrix(desc->d_stride, desc->m, desc->n, &blas->d) || blas->d.trans != SY_BLAS_NO_TRANS)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s: wants A and B dense along rows or columns, D along rows, leading dimensions below 2^31",
            blas->library->name);
    blas->m = (int)desc->m, blas->n = (int)desc->n, blas->k = (int)desc->k;
    return SY_OK;
}

/* A product with k = 0 and beta = 1 passes over D alone: posts on what is there, or a copy of C into it. */
static sy_status plan_pass(sy_cpu_blas *blas, bool is_copy, sy_gemm_plan *out_plan, sy_error *err) {
    sy_gemm_desc desc = blas->product.desc;
    int64_t bytes = desc.m * desc.n * (int64_t)sy_dtype_size(desc.dtype_d);
    desc.k = 0;
    desc.alpha = 0.0;
    desc.beta = 1.0;
    if (is_copy) {
        desc.n_post = 0;
    } else {
        desc.c_stride[0] = desc.d_stride[0];
        desc.c_stride[1] = desc.d_stride[1];
    }
    const char *why = sy_gemm_plan_init(&desc, bytes < PARALLEL_PASS_BYTES ? 1 : blas->threads, out_plan);
    if (why != NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "cpu: %s", why);
    if (out_plan->workspace_bytes > blas->workspace_bytes)
        blas->workspace_bytes = out_plan->workspace_bytes;
    return SY_OK;
}

static sy_status lay_out(sy_device *device, const sy_cpu_product *product, uint32_t acc_dtype,
    const sy_cpu_blas_library *library, sy_cpu_blas *out_blas, sy_error *err) {
    const sy_gemm_desc *desc = &product->desc;
    *out_blas = (sy_cpu_blas){.library = library,
        .product = *product,
        .threads = sy_cpu_pool_threads(device->pool),
        .has_pass = desc->n_post > 0,
        .reads_c = desc->beta != 0.0};
    sy_status status = SY_OK;
    if ((desc->flags & SY_GEMM_B_CONST) != 0)
        status =
            sy_error_set(err, SY_UNSUPPORTED, "%s: takes weights as they are, not packed", library->name);
    if (status == SY_OK)
        status = check_types(library, desc, acc_dtype, err);
    if (status == SY_OK)
        status = read_matrices(out_blas, err);
    if (status == SY_OK && out_blas->has_pass)
        status = plan_pass(out_blas, false, &out_blas->pass, err);
    if (status == SY_OK && out_blas->reads_c)
        status = plan_pass(out_blas, true, &out_blas->copy, err);
    return status;
}

static sy_status read_task(sy_device *device, const sy_task *task, int which, sy_cpu_blas_fn *read,
    sy_cpu_blas *out_blas, sy_error *err) {
    const sy_cpu_blas_library *library = NULL;
    sy_cpu_product product;
    sy_status status = read(device, task, &product, err);
    if (status == SY_OK)
        status = sy_cpu_blas_library_get(device, which, &library, err);
    return status == SY_OK ? lay_out(device, &product, task->acc_dtype, library, out_blas, err) : status;
}

sy_status sy_cpu_blas_offer(sy_device *device, const sy_task *task, int which, sy_cpu_blas_fn *read,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_task settled = *task;
    sy_cpu_blas blas;
    sy_task_settle(&settled);
    sy_cpu_images_want(task, out_algorithm->layout);
    sy_status status = read_task(device, &settled, which, read, &blas, err);
    if (status == SY_OK)
        out_algorithm->workspace_bytes = blas.workspace_bytes;
    return status;
}

sy_status sy_cpu_blas_prepare(sy_device *device, const sy_task *task, int which, sy_cpu_blas_fn *read,
    void *state, uint64_t *out_workspace_bytes, sy_error *err) {
    sy_cpu_blas *blas = state;
    sy_status status = read_task(device, task, which, read, blas, err);
    if (status != SY_OK)
        return status;
    *out_workspace_bytes = blas->workspace_bytes;
    sy_cpu_blas_library_start(blas->library, device);
    return SY_OK;
}

sy_status sy_cpu_blas_bind(sy_binding *binding, sy_error *err) {
    (void)err;
    const sy_cpu_blas *blas = (const void *)binding->plan->state;
    sy_cpu_product_args(binding, blas->product.post_tensor, (void *)binding->state);
    return SY_OK;
}

/* One row of A is a vector: y = B^T x, what a program that knows its m would call. */
static void call_gemv(const sy_cpu_blas *blas, const sy_gemm_args *args, double beta) {
    bool is_plain = blas->b.trans == SY_BLAS_NO_TRANS;
    int rows = is_plain ? blas->k : blas->n, columns = is_plain ? blas->n : blas->k;
    int trans = is_plain ? SY_BLAS_TRANS : SY_BLAS_NO_TRANS;
    int step = (int)(blas->k > 1 ? blas->product.desc.a_stride[1] : 1);
    double alpha = blas->product.desc.alpha;
    if (blas->product.desc.dtype_a == SY_F64)
        blas->library->call.dgemv(SY_BLAS_ROW_MAJOR, trans, rows, columns, alpha, args->b, blas->b.lead,
            args->a, step, beta, args->d, 1);
    else
        blas->library->call.sgemv(SY_BLAS_ROW_MAJOR, trans, rows, columns, (float)alpha, args->b,
            blas->b.lead, args->a, step, (float)beta, args->d, 1);
}

static void call_gemm(const sy_cpu_blas *blas, const sy_gemm_args *args, double beta) {
    const sy_cpu_blas_calls *call = &blas->library->call;
    double alpha = blas->product.desc.alpha;
    uint32_t dtype = blas->product.desc.dtype_a;
    if (dtype == SY_F64)
        call->dgemm(SY_BLAS_ROW_MAJOR, blas->a.trans, blas->b.trans, blas->m, blas->n, blas->k, alpha,
            args->a, blas->a.lead, args->b, blas->b.lead, beta, args->d, blas->d.lead);
    else if (dtype == SY_BF16)
        call->sbgemm(SY_BLAS_ROW_MAJOR, blas->a.trans, blas->b.trans, blas->m, blas->n, blas->k, (float)alpha,
            args->a, blas->a.lead, args->b, blas->b.lead, (float)beta, args->d, blas->d.lead);
    else
        call->sgemm(SY_BLAS_ROW_MAJOR, blas->a.trans, blas->b.trans, blas->m, blas->n, blas->k, (float)alpha,
            args->a, blas->a.lead, args->b, blas->b.lead, (float)beta, args->d, blas->d.lead);
}

typedef struct pass {
    const sy_gemm_plan *plan;
    const sy_gemm_args *args;
} pass;

static void pass_step(void *arg, int64_t step, int part) {
    const pass *p = arg;
    sy_gemm_step(p->plan, p->args, step, part);
}

static void run_pass(const sy_gemm_plan *plan, const sy_gemm_args *args, sy_cpu_pool *pool) {
    pass p = {.plan = plan, .args = args};
    if (plan->parts <= 1) /* the pool would bind the caller, between two calls of the library */
        sy_gemm_run(plan, args);
    else
        sy_cpu_pool_run(pool, pass_step, &p, plan->steps, plan->parts);
}

static void run_member(const sy_cpu_blas *blas, const sy_gemm_args *args, sy_cpu_pool *pool) {
    if (blas->reads_c && args->c != args->d)
        run_pass(&blas->copy, args, pool);
    if (blas->m == 1 && blas->k > 0 && blas->product.desc.dtype_a != SY_BF16)
        call_gemv(blas, args, blas->product.desc.beta);
    else
        call_gemm(blas, args, blas->product.desc.beta);
    if (!blas->has_pass)
        return;
    sy_gemm_args over_d = *args;
    over_d.c = args->d;
    run_pass(&blas->pass, &over_d, pool);
}

void sy_cpu_blas_run(sy_binding *binding) {
    const sy_cpu_blas *blas = (const void *)binding->plan->state;
    const sy_gemm_args *args = (const void *)binding->state;
    if (blas->m == 0 || blas->n == 0)
        return;
    sy_cpu_blas_library_enter(blas->library, binding->plan->device);
    sy_gemm_plan shape = {.desc = blas->product.desc};
    for (int64_t i = 0; i < blas->product.count; i++) {
        sy_gemm_args member = sy_gemm_batch_args(&shape, args, &blas->product.batch, i);
        run_member(blas, &member, binding->pool);
    }
}
