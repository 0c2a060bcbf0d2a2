/*
 * Products by GemmEx and GemmStridedBatchedEx. Libraries are column-major: a row-major D = A B is their
 * D' = B' A', so that our B comes first, and n is their m. C is D: with beta the two are one span.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/compute.h"
#include "backends/cuda_family/family.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* A product with all numbers as the library wants them. */
typedef struct launch {
    int op[2], m, n, k, type[3], ld[3], batch, compute, algo; /* of our B, our A, our D */
    int64_t stride[3];
    cf_scalar alpha, beta;
    uint32_t scale_type;
    void *address[3];
} launch;

static const cf_blas *blas_of(const sy_card_way *way, const sy_device *device) {
    return &cf_libraries_of(device)->blas[way->setting & CF_WAY_OTHER];
}

/* The numbers that this library goes by, which may have been probed. */
static const cf_numbers *numbers_of(const sy_card_way *way, const sy_device *device) {
    return &cf_device_of(device)->numbers[way->setting & CF_WAY_OTHER];
}

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    const cf_numbers *numbers = numbers_of(way, device);
    if (task->op != SY_OP_GEMM || numbers->row == NULL)
        return false;
    /* Where a data type is the compute type, there is none that means tf32. */
    return (way->setting & CF_WAY_TF32) == 0 ||
           (!numbers->is_type && cf_compute_may_be_tf32(numbers->row, task));
}

static sy_status check_types(const cf_blas_row *row, const sy_card_product *product, sy_error *err) {
    uint32_t a = product->a.dtype, b = product->b.dtype, d = product->d.dtype;
    const int *type = row->dtype;
    if (a == SY_F8E4M3 || a == SY_F8E5M2 || a == SY_U8 || a != b || type[a] == CF_NONE || type[d] == CF_NONE)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: no products of %s and %s", row->library.option,
            sy_dtype_name(a), sy_dtype_name(b));
    bool is_known = d == a || (d == SY_F32 && (a == SY_F16 || a == SY_BF16));
    if (a == SY_S8 ? d != SY_S32 : !is_known)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: products of %s have no results in %s",
            row->library.option, sy_dtype_name(a), sy_dtype_name(d));
    return SY_OK;
}

/* The fast path for bytes reads words: everything must be a multiple of four. */
static sy_status check_bytes(const cf_blas *blas, const sy_card_product *product, sy_error *err) {
    if (product->a.dtype != SY_S8 ||
        (product->a.ld % 4 == 0 && product->b.ld % 4 == 0 && product->d.ld % 4 == 0))
        return SY_OK;
    return sy_error_set(err, SY_UNSUPPORTED,
        "%s: s8 wants leading dimensions that are multiples of 4, these are %lld, %lld and %lld",
        blas->row->library.option, (long long)product->a.ld, (long long)product->b.ld,
        (long long)product->d.ld);
}

static sy_status check_sizes(const sy_card_product *product, sy_error *err) {
    const int64_t all[] = {
        product->m, product->n, product->k, product->batch, product->a.ld, product->b.ld, product->d.ld};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] > INT_MAX)
            return sy_error_set(
                err, SY_UNSUPPORTED, "%lld is more than a 32-bit extent holds", (long long)all[i]);
    return SY_OK;
}

static sy_status check(
    const cf_blas *blas, const cf_numbers *numbers, const sy_card_product *product, sy_error *err) {
    if (blas->status != SY_OK)
        return sy_error_set(err, SY_UNSUPPORTED, "%s", sy_error_text(&blas->reason, blas->status));
    if (numbers->status != SY_OK)
        return sy_error_set(err, SY_UNSUPPORTED, "%s", sy_error_text(&numbers->reason, numbers->status));
    if (!sy_card_epilogue_is_empty(&product->epilogue))
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s: a product alone, without an epilogue", blas->row->library.option);
    if (product->has_c && (product->c.ld != product->d.ld || product->c.dtype != product->d.dtype ||
                              product->c.batch_stride != product->d.batch_stride))
        return sy_error_set(err, SY_UNSUPPORTED, "%s: C and D must lie alike", blas->row->library.option);
    if (product->batch > 1 && blas->api.GemmStridedBatchedEx == NULL &&
        blas->api.gemm_strided_batched_ex == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: no strided batches", blas->row->library.option);
    sy_status status = check_types(numbers->row, product, err);
    if (status == SY_OK)
        status = check_bytes(blas, product, err);
    return status == SY_OK ? check_sizes(product, err) : status;
}

static sy_status choose(
    const sy_card_way *way, sy_device *device, const sy_task *task, cf_compute *out, sy_error *err) {
    const cf_numbers *numbers = numbers_of(way, device);
    bool is_tf32 = (way->setting & CF_WAY_TF32) != 0;
    if (numbers->is_f32_rounded && !is_tf32 && task->tensor[0].dtype == SY_F32)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: f32 is rounded to tf32 here whatever is asked for",
            numbers->row->library.option);
    uint32_t in = task->tensor[0].dtype;
    bool is_refused = in == SY_F16 && task->acc_dtype == SY_F16 ? numbers->is_f16_sum_refused
                                                                : (numbers->refused & SY_DTYPE_BIT(in)) != 0;
    if (is_refused)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s: this version refused a product of %s summed in %s when it was tried",
            numbers->row->library.option, sy_dtype_name(in), sy_dtype_name(task->acc_dtype));
    return cf_compute_choose(numbers->row, numbers->is_type, task, is_tf32, out, err);
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    const cf_blas *blas = blas_of(way, device);
    sy_card_product product;
    cf_compute compute;
    sy_task settled = *task;
    if (index > 0)
        return SY_UNAVAILABLE;
    snprintf(out_offer->name, sizeof out_offer->name, "%s%s", blas->row->library.option,
        (way->setting & CF_WAY_TF32) != 0 ? "/tf32" : "");
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (out_offer->layout[i] == SY_LAYOUT_ANY)
            out_offer->layout[i] = SY_LAYOUT_STRIDED;
    sy_status status = choose(way, device, task, &compute, err);
    if (status != SY_OK)
        return status;
    sy_task_settle(&settled);
    status = sy_card_product_read(&settled, &product, err);
    out_offer->math = compute.math;
    out_offer->flags = (numbers_of(way, device)->row->has_atomics ? 0u : SY_ALGO_DETERMINISTIC) |
                       (product.has_c ? SY_ALGO_IN_PLACE_C : 0u);
    return status == SY_OK ? check(blas, numbers_of(way, device), &product, err) : status;
}

static void put_launch(
    const cf_blas_row *row, const sy_card_product *product, const cf_compute *compute, launch *out) {
    *out = (launch){.op = {product->b.is_transposed ? row->op_t : row->op_n,
                        product->a.is_transposed ? row->op_t : row->op_n},
        .m = (int)product->n,
        .n = (int)product->m,
        .k = (int)product->k,
        .type = {row->dtype[product->b.dtype], row->dtype[product->a.dtype], row->dtype[product->d.dtype]},
        .ld = {(int)product->b.ld, (int)product->a.ld, (int)product->d.ld},
        .stride = {product->b.batch_stride, product->a.batch_stride, product->d.batch_stride},
        .batch = (int)product->batch,
        .compute = compute->number,
        .scale_type = compute->scale_type,
        .algo = row->algo};
    cf_scalar_set(&out->alpha, product->alpha);
    cf_scalar_set(&out->beta, product->beta);
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    const cf_blas *blas = blas_of(plan->way, plan->device);
    sy_card_product product;
    cf_compute compute;
    if (index > 0)
        return SY_UNAVAILABLE;
    sy_status status = choose(plan->way, plan->device, &plan->task, &compute, err);
    if (status == SY_OK)
        status = sy_card_product_read(&plan->task, &product, err);
    if (status == SY_OK)
        status = check(blas, numbers_of(plan->way, plan->device), &product, err);
    if (status != SY_OK)
        return status;
    plan->own = sy_mem_alloc(sizeof(launch));
    if (plan->own == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    put_launch(numbers_of(plan->way, plan->device)->row, &product, &compute, plan->own);
    return SY_OK;
}

static void plan_free(sy_plan *plan) {
    sy_mem_free(plan->own);
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    uint32_t output = binding->plan->task.n_in;
    (void)workspace;
    launch *bound = sy_mem_alloc(sizeof *bound);
    binding->own = bound;
    if (bound == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    *bound = *(const launch *)binding->plan->own;
    bound->address[0] = address[1];
    bound->address[1] = address[0];
    bound->address[2] = address[output];
    if (bound->beta.f64 != 0.0 && address[2] != address[output])
        return sy_error_set(err, SY_INVALID_ARGUMENT, "with beta C and D must be the same span");
    return SY_OK;
}

static void bind_free(sy_binding *binding) {
    sy_mem_free(binding->own);
}

static int run_rocblas(const cf_blas_api *api, void *handle, const launch *l) {
    const void *alpha = cf_scalar_of(&l->alpha, l->scale_type), *beta = cf_scalar_of(&l->beta, l->scale_type);
    if (l->batch > 1)
        return api->gemm_strided_batched_ex(handle, l->op[0], l->op[1], l->m, l->n, l->k, alpha,
            l->address[0], l->type[0], l->ld[0], l->stride[0], l->address[1], l->type[1], l->ld[1],
            l->stride[1], beta, l->address[2], l->type[2], l->ld[2], l->stride[2], l->address[2], l->type[2],
            l->ld[2], l->stride[2], l->batch, l->compute, l->algo, 0, 0);
    return api->gemm_ex(handle, l->op[0], l->op[1], l->m, l->n, l->k, alpha, l->address[0], l->type[0],
        l->ld[0], l->address[1], l->type[1], l->ld[1], beta, l->address[2], l->type[2], l->ld[2],
        l->address[2], l->type[2], l->ld[2], l->compute, l->algo, 0, 0);
}

static int run_cublas(const cf_blas_api *api, void *handle, const launch *l) {
    const void *alpha = cf_scalar_of(&l->alpha, l->scale_type), *beta = cf_scalar_of(&l->beta, l->scale_type);
    if (l->batch > 1)
        return api->GemmStridedBatchedEx(handle, l->op[0], l->op[1], l->m, l->n, l->k, alpha, l->address[0],
            l->type[0], l->ld[0], l->stride[0], l->address[1], l->type[1], l->ld[1], l->stride[1], beta,
            l->address[2], l->type[2], l->ld[2], l->stride[2], l->batch, l->compute, l->algo);
    return api->GemmEx(handle, l->op[0], l->op[1], l->m, l->n, l->k, alpha, l->address[0], l->type[0],
        l->ld[0], l->address[1], l->type[1], l->ld[1], beta, l->address[2], l->type[2], l->ld[2], l->compute,
        l->algo);
}

static int run(sy_binding *binding) {
    const sy_plan *plan = binding->plan;
    const cf_blas *blas = blas_of(plan->way, plan->device);
    const launch *bound = binding->own;
    void *handle = cf_device_of(plan->device)->blas[plan->way->setting & CF_WAY_OTHER];
    if (bound->m == 0 || bound->n == 0 || bound->batch == 0)
        return 0;
    pthread_mutex_lock(&plan->device->lock);
    int code = cf_blas_stream_set(plan->device, plan->way->setting & CF_WAY_OTHER, binding->queue->stream);
    if (code == 0)
        code = blas->row->is_rocblas ? run_rocblas(&blas->api, handle, bound)
                                     : run_cublas(&blas->api, handle, bound);
    pthread_mutex_unlock(&plan->device->lock);
    return cf_code(cf_blas_code(plan->way->setting & CF_WAY_OTHER), code);
}

#define CF_BLAS_WAY(which)                                                                                   \
    {                                                                                                        \
        .name = "blas", .setting = (which), .is_capturable = true, .does = does, .offer = offer,             \
        .plan = plan, .plan_free = plan_free, .bind = bind, .bind_free = bind_free, .run = run               \
    }

const sy_card_way cf_way_blas = CF_BLAS_WAY(0);
const sy_card_way cf_way_blas_tf32 = CF_BLAS_WAY(CF_WAY_TF32);
const sy_card_way cf_way_blas_other = CF_BLAS_WAY(CF_WAY_OTHER);
