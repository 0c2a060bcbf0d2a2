/*
 * The way of products: MatMul_v2 and its batched sister, and what follows in calls of its own. Candidates are
 * the heuristic's answers, the first as the algorithm, the others as its variants. A residual is C.
 */
#include <stdio.h>
#include <string.h>

#include "backends/cambricon/posts.h"
#include "backends/cambricon/product.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

typedef struct prepared {
    sy_card_product product;
    cambricon_product made;
    cambricon_posts posts;
    uint32_t c; /* the tensor that beta multiplies, SY_NO_OPERAND for none */
} prepared;

typedef struct bound {
    void *address[SY_MAX_TENSORS], *c, *d, *workspace;
} bound;

static bool is_tf32(const sy_card_way *way) {
    return (way->setting & CAMBRICON_WAY_TF32) != 0;
}

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    bool may_be = task->tensor[0].dtype == SY_F32 && sy_math_allows(task->math, SY_MATH_TF32) &&
                  cambricon_device_of(device)->has_tf32 == CAMBRICON_YES;
    return task->op == SY_OP_GEMM && (!is_tf32(way) || may_be);
}

static sy_status check_types(
    const sy_device *device, const sy_task *task, const sy_card_product *product, sy_error *err) {
    uint32_t a = product->a.dtype, b = product->b.dtype, d = product->d.dtype;
    bool is_half = a == SY_F16 || a == SY_BF16, is_s8 = a == SY_S8;
    sy_status status = cambricon_check_type(device, a, err);
    if (status == SY_OK)
        status = cambricon_check_type(device, b, err);
    if (status != SY_OK)
        return status;
    if (a != b || task->acc_dtype != (is_s8 ? SY_S32 : SY_F32) || (product->has_c && product->c.dtype != d))
        return sy_error_set(err, SY_UNSUPPORTED, "no products of %s and %s summed in %s, or with another C",
            sy_dtype_name(a), sy_dtype_name(b), sy_dtype_name(task->acc_dtype));
    if (is_s8 && d != SY_S32 && d != SY_F32)
        return sy_error_set(err, SY_UNSUPPORTED,
            "products of s8 have results in f32, which are scaled in calls of their own; how CNNL would "
            "scale "
            "them into %s in one is not public",
            sy_dtype_name(d));
    if (!is_s8 && d != a && !(is_half && d == SY_F32))
        return sy_error_set(
            err, SY_UNSUPPORTED, "products of %s have no results in %s", sy_dtype_name(a), sy_dtype_name(d));
    return SY_OK;
}

/* A batch that is not stepped through is one matrix for all. */
static bool is_packed(const sy_card_product *product, const sy_card_matrix *matrix, bool may_repeat) {
    int64_t width = matrix->is_transposed ? matrix->rows : matrix->columns;
    bool is_step_right = product->batch <= 1 || matrix->batch_stride == matrix->rows * matrix->columns ||
                         (may_repeat && matrix->batch_stride == 0);
    return matrix->ld == width && is_step_right;
}

static sy_status check_places(const sy_card_product *product, sy_error *err) {
    if (product->m == 0 || product->n == 0 || product->k == 0 || product->batch == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "an extent of 0");
    if (!is_packed(product, &product->a, true) || !is_packed(product, &product->b, true) ||
        !is_packed(product, &product->d, false) ||
        (product->has_c && !is_packed(product, &product->c, false)))
        return sy_error_set(err, SY_UNSUPPORTED,
            "rows must lie packed: the numbers of CNNL's attributes for leading dimensions are not public");
    return SY_OK;
}

/* Whether the residual lies as the result, so that it can be C. */
static bool is_like_result(const sy_task *task, uint32_t index) {
    const sy_tensor *tensor = &task->tensor[index], *out = sy_task_output(task, 0);
    if (tensor->dtype != out->dtype || tensor->rank != out->rank || tensor->layout != out->layout)
        return false;
    for (uint32_t i = 0; i < out->rank; i++)
        if (tensor->dim[i] != out->dim[i] || (out->dim[i] > 1 && tensor->stride[i] != out->stride[i]))
            return false;
    return true;
}

/* One product adds one C, and a batched one only what its result was. */
static sy_status take_residual(const sy_task *task, prepared *p, sy_error *err) {
    sy_card_epilogue *epilogue = &p->product.epilogue;
    p->c = p->product.has_c ? 2 : SY_NO_OPERAND;
    if (epilogue->residual == SY_NO_OPERAND)
        return SY_OK;
    if (!is_like_result(task, epilogue->residual))
        return sy_error_set(err, SY_UNSUPPORTED, "the residual must lie as the result does, in its type");
    if (p->product.has_c || p->product.batch > 1)
        return SY_OK;
    p->c = epilogue->residual;
    p->product.has_c = true;
    p->product.beta = 1.0;
    epilogue->residual = SY_NO_OPERAND;
    return SY_OK;
}

/* What was tried of these types. */
static sy_status check_trial(
    const sy_card_way *way, sy_device *device, const sy_card_product *product, sy_error *err) {
    const cambricon_finding *finding;
    uint32_t a = product->a.dtype;
    cambricon_question question = a == SY_F16                  ? CAMBRICON_PRODUCT_F16
                                  : a != SY_S8                 ? CAMBRICON_PRODUCT_F32
                                  : product->d.dtype == SY_S32 ? CAMBRICON_PRODUCT_S8_S32
                                                               : CAMBRICON_PRODUCT_S8_F32;
    sy_status status = cambricon_try(device, CAMBRICON_PRODUCT_F32, &finding, err);
    if (status == SY_OK && a == SY_F32 && !is_tf32(way) && finding->is_rounded)
        return sy_error_set(err, SY_UNSUPPORTED,
            "tried on the card: f32 is rounded to tf32 though that is switched off (math=tf32 takes it)");
    if (status == SY_OK)
        status = cambricon_try(device, question, &finding, err);
    return status == SY_OK || a != SY_S8 ? status
                                         : sy_error_prefix(err, status, "CNNL has no products of s8 into %s",
                                               sy_dtype_name(product->d.dtype));
}

static sy_status read(
    const sy_card_way *way, sy_device *device, const sy_task *task, prepared *out, sy_error *err) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    sy_card_product *product = &out->product;
    sy_status status = cambricon_cnnl_has(libraries, CAMBRICON_MATMUL, err);
    if (status == SY_OK)
        status = sy_card_product_read(task, product, err);
    if (status == SY_OK)
        status = check_types(device, task, product, err);
    if (status == SY_OK)
        status = check_places(product, err);
    if (status == SY_OK && product->batch > 1)
        status = cambricon_cnnl_has(libraries, CAMBRICON_BATCH, err);
    if (status == SY_OK)
        status = take_residual(task, out, err);
    return status == SY_OK ? check_trial(way, device, product, err) : status;
}

static cambricon_shape result_of(const sy_card_product *product) {
    if (product->batch > 1)
        return (cambricon_shape){
            CAMBRICON_ARRAY, product->d.dtype, 3, {product->batch, product->m, product->n}};
    return (cambricon_shape){CAMBRICON_ARRAY, product->d.dtype, 2, {product->m, product->n}};
}

/* Read, describe and ask. What was made is to be freed in any case. */
static sy_status prepare(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    prepared *out, sy_error *err) {
    cambricon_ask_begin(device);
    sy_status status = read(way, device, task, out, err);
    if (status == SY_OK)
        status = cambricon_product_make(device, &out->product, is_tf32(way), index, &out->made, err);
    if (status == SY_OK) {
        const cambricon_shape result = result_of(&out->product);
        status = cambricon_posts_make(device, task, &out->product.epilogue, &result, result.rank - 2,
            result.rank - 1, &out->posts, err);
    }
    cambricon_ask_end(device);
    return status;
}

static void drop(const sy_device *device, prepared *p) {
    cambricon_posts_free(device, &p->posts);
    cambricon_product_free(device, &p->made);
}

static uint64_t workspace_of(const prepared *p) {
    return p->made.workspace_bytes > p->posts.workspace_bytes ? p->made.workspace_bytes
                                                              : p->posts.workspace_bytes;
}

static void put_name(
    const sy_card_way *way, const prepared *p, uint32_t index, char *out_name, size_t capacity) {
    const char *call = p->made.is_batched ? "cnnl/batch_matmul" : "cnnl/matmul";
    char variant[16] = "";
    if (index > 0)
        snprintf(variant, sizeof variant, "/%u", index);
    snprintf(out_name, capacity, "%s%s%s%s", call, is_tf32(way) ? "/tf32" : "", p->posts.suffix, variant);
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    prepared p;
    sy_task settled = *task;
    memset(&p, 0, sizeof p);
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (out_offer->layout[i] == SY_LAYOUT_ANY)
            out_offer->layout[i] = SY_LAYOUT_STRIDED;
    sy_task_settle(&settled);
    sy_status status = prepare(way, device, &settled, index, &p, err);
    put_name(way, &p, index, out_offer->name, sizeof out_offer->name);
    out_offer->workspace_bytes = workspace_of(&p);
    out_offer->math = is_tf32(way) ? SY_MATH_TF32 : SY_MATH_STRICT;
    out_offer->flags = SY_ALGO_DETERMINISTIC | (index > 0 ? SY_ALGO_VARIANT : 0u) |
                       (p.product.has_c && p.made.is_batched ? SY_ALGO_IN_PLACE_C : 0u);
    drop(device, &p);
    return status != SY_OK && index > 0 ? SY_UNAVAILABLE : status;
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    prepared *made = sy_mem_calloc(1, sizeof *made);
    plan->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    sy_status status = prepare(plan->way, plan->device, &plan->task, index, made, err);
    plan->workspace_bytes = workspace_of(made);
    return status;
}

static void plan_free(sy_plan *plan) {
    drop(plan->device, plan->own);
    sy_mem_free(plan->own);
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    const prepared *from = binding->plan->own;
    const sy_task *task = &binding->plan->task;
    bound *made = sy_mem_calloc(1, sizeof *made);
    binding->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    memcpy(made->address, address, sizeof *address * (task->n_in + task->n_out));
    made->workspace = workspace;
    made->d = address[task->n_in];
    made->c = from->c != SY_NO_OPERAND ? address[from->c] : made->d;
    if (from->made.is_batched && made->c != made->d)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "in a batch with beta C and D must be the same span");
    return SY_OK;
}

static void bind_free(sy_binding *binding) {
    sy_mem_free(binding->own);
}

static int run(sy_binding *binding) {
    sy_device *device = binding->plan->device;
    const prepared *p = binding->plan->own;
    const bound *b = binding->own;
    void *handle = cambricon_device_of(device)->handle;
    int code = cambricon_run_begin(device, binding->queue->stream);
    if (code == 0)
        code = cambricon_product_run(
            device, handle, &p->made, b->address[0], b->address[1], b->c, b->d, b->workspace);
    if (code == 0)
        code = cambricon_posts_run(device, handle, &p->posts, b->address, b->d, b->workspace);
    return cambricon_run_end(device, binding->queue->stream, code);
}

#define MATMUL_WAY(which)                                                                                    \
    {                                                                                                        \
        .name = "cnnl/matmul", .setting = (which), .does = does, .offer = offer, .plan = plan,               \
        .plan_free = plan_free, .bind = bind, .bind_free = bind_free, .run = run                             \
    }

const sy_card_way cambricon_way_matmul = MATMUL_WAY(0);
const sy_card_way cambricon_way_matmul_tf32 = MATMUL_WAY(CAMBRICON_WAY_TF32);
