/*
 * Products with descriptors: candidates are the heuristic's answers, the first of them as the algorithm and
 * the others as its variants. Bias, relu, gelu by tanh and a residual (as C) are done inside.
 */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/lt_product.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* The alignment that buffers have, and that the library takes for granted if it is told nothing. */
enum { FULL_ALIGNMENT = 256 };

/*
 * Tensor cores that take f8 do not sum in f32, whatever the compute type says: products of an instruction are
 * aligned to the largest and cut after about 14 bits. Errors of 15 times the deviation that sums in f32 have
 * were measured on an H100 at k = 1024, without "fast accumulation", which is worse still.
 */
static const double F8_BOUND_FACTOR = 256.0;

static bool is_f8(uint32_t dtype) {
    return dtype == SY_F8E4M3 || dtype == SY_F8E5M2;
}

typedef struct prepared {
    sy_card_product product;
    cf_compute compute;
    cf_lt_answer answer;
    uint32_t index; /* of the heuristic's answers */
    cf_scalar alpha, beta;
    cf_lt_objects objects; /* for bindings that have no bias and the full alignment */
} prepared;

typedef struct bound {
    cf_lt_objects own;            /* where the plan's will not do */
    const cf_lt_objects *objects; /* the plan's, or these */
    cf_lt_answer answer;
    void *address[4]; /* in Lt's order: our B, A, C or residual or D, D */
    void *workspace;
} bound;

static bool is_tf32(const sy_card_way *way) {
    return (way->setting & CF_WAY_TF32) != 0;
}

static bool is_turned(const sy_card_way *way) {
    return (way->setting & CF_WAY_TURNED) != 0;
}

/* Weights that may be prepared, are not dense along k already, and of a type that does not want that anyway.
 */
static bool may_be_turned(const sy_task *task) {
    const sy_tensor *b = &task->tensor[1];
    bool is_dense = b->layout == SY_LAYOUT_STRIDED && b->stride[1] == 1;
    return (b->flags & SY_TENSOR_CONST) != 0 && b->rank == 3 && b->dim[1] > 1 && b->dim[2] > 1 && !is_dense &&
           !cf_lt_wants_dense_k(b->dtype);
}

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    const cf_stack *stack = cf_libraries_of(device)->stack;
    return task->op == SY_OP_GEMM && stack->lt != NULL &&
           (!is_tf32(way) || cf_compute_may_be_tf32(stack->lt->numbers, task)) &&
           (!is_turned(way) || may_be_turned(task));
}

static sy_status read(
    const sy_card_way *way, sy_device *device, const sy_task *task, prepared *out, sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    if (libraries->lt_status != SY_OK)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s", sy_error_text(&libraries->lt_reason, libraries->lt_status));
    sy_status status =
        cf_compute_choose(libraries->stack->lt->numbers, false, task, is_tf32(way), &out->compute, err);
    if (status == SY_OK)
        status = sy_card_product_read(task, &out->product, err);
    return status == SY_OK ? cf_lt_check(device, &out->product, err) : status;
}

/* Constant weights of narrow types are turned over once, outside of what is timed. */
static void want_layouts(const sy_card_way *way, sy_task *task, uint32_t *layout) {
    sy_tensor *b = &task->tensor[1];
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (layout[i] == SY_LAYOUT_ANY)
            layout[i] = SY_LAYOUT_STRIDED;
    sy_task_settle(task);
    bool is_dense = b->rank == 3 && b->layout == SY_LAYOUT_STRIDED && b->stride[1] == 1 && b->dim[2] > 1;
    bool is_narrow = cf_lt_wants_dense_k(b->dtype) && (b->flags & SY_TENSOR_CONST) != 0 && b->rank == 3;
    if ((is_narrow && !is_dense) || is_turned(way))
        layout[1] = b->layout = SY_CARD_LAYOUT_TRANSPOSED;
}

/* Fills the answer, and the objects that it was asked with. */
static sy_status ask(sy_device *device, prepared *plan, sy_error *err) {
    /* Any address will do: kernels are chosen by whether there is a bias, and it must not be NULL. */
    const void *bias = plan->product.epilogue.bias != SY_NO_OPERAND ? (const void *)FULL_ALIGNMENT : NULL;
    sy_status status =
        cf_lt_objects_make(device, &plan->product, &plan->compute, bias, FULL_ALIGNMENT, &plan->objects, err);
    return status == SY_OK ? cf_lt_ask(device, &plan->objects, plan->index, &plan->answer, err) : status;
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    const char *name = cf_libraries_of(device)->stack->lt->library.option;
    const char *math = is_tf32(way) ? "/tf32" : "", *turned = is_turned(way) ? "/turned" : "";
    prepared plan = {.index = index};
    sy_task wanted = *task;
    if (index == 0)
        snprintf(out_offer->name, sizeof out_offer->name, "%s%s%s", name, turned, math);
    else
        snprintf(out_offer->name, sizeof out_offer->name, "%s%s%s/%u", name, turned, math, index);
    want_layouts(way, &wanted, out_offer->layout);
    out_offer->flags = SY_ALGO_DETERMINISTIC | (index > 0 ? SY_ALGO_VARIANT : 0u);
    sy_status status = read(way, device, &wanted, &plan, err);
    if (status == SY_OK)
        status = ask(device, &plan, err);
    cf_lt_objects_free(device, &plan.objects);
    if (status != SY_OK)
        return index > 0 ? SY_UNAVAILABLE : status;
    out_offer->math = plan.compute.math;
    out_offer->bound_factor = is_f8(plan.product.a.dtype) ? F8_BOUND_FACTOR : 1.0;
    out_offer->workspace_bytes = plan.answer.workspace_bytes;
    memcpy(out_offer->implementation, plan.answer.implementation, sizeof out_offer->implementation);
    return SY_OK;
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    prepared *made = sy_mem_calloc(1, sizeof *made);
    plan->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    made->index = index;
    sy_status status = read(plan->way, plan->device, &plan->task, made, err);
    if (status == SY_OK)
        status = ask(plan->device, made, err);
    /* A residual is C with a factor of one. */
    bool has_residual = made->product.epilogue.residual != SY_NO_OPERAND;
    cf_scalar_set(&made->alpha, made->product.alpha);
    cf_scalar_set(&made->beta, has_residual ? 1.0 : made->product.beta);
    plan->workspace_bytes = made->answer.workspace_bytes;
    return status;
}

static void plan_free(sy_plan *plan) {
    prepared *made = plan->own;
    cf_lt_objects_free(plan->device, &made->objects);
    sy_mem_free(made);
}

static void bind_free(sy_binding *binding) {
    bound *made = binding->own;
    cf_lt_objects_free(binding->plan->device, &made->own);
    sy_mem_free(made);
}

/* The largest power of two up to the full one that divides every address. */
static uint32_t alignment_of(const bound *made, const void *bias) {
    uintptr_t all = FULL_ALIGNMENT | (uintptr_t)bias;
    for (uint32_t i = 0; i < 4; i++)
        all |= (uintptr_t)made->address[i];
    return (uint32_t)(all & (~all + 1));
}

static sy_status tie(sy_binding *binding, void *const *address, bound *made, sy_error *err) {
    sy_device *device = binding->plan->device;
    const prepared *from = binding->plan->own;
    const sy_card_epilogue *epilogue = &from->product.epilogue;
    const void *bias = epilogue->bias != SY_NO_OPERAND ? address[epilogue->bias] : NULL;
    made->address[0] = address[1];
    made->address[1] = address[0];
    made->address[3] = address[binding->plan->task.n_in];
    made->address[2] = epilogue->residual != SY_NO_OPERAND ? address[epilogue->residual]
                       : from->product.has_c               ? address[2]
                                                           : made->address[3];
    uint32_t alignment = alignment_of(made, bias);
    if (bias == NULL && alignment >= FULL_ALIGNMENT)
        return SY_OK;
    made->objects = &made->own;
    sy_status status =
        cf_lt_objects_make(device, &from->product, &from->compute, bias, alignment, &made->own, err);
    if (status != SY_OK || alignment >= FULL_ALIGNMENT)
        return status;
    /* Less aligned than was planned for: the same question again. */
    return cf_lt_ask(device, &made->own, from->index, &made->answer, err);
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    const prepared *from = binding->plan->own;
    bound *made = sy_mem_calloc(1, sizeof *made);
    binding->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    made->objects = &from->objects;
    made->answer = from->answer;
    made->workspace = workspace;
    sy_status status = tie(binding, address, made, err);
    if (status == SY_OK && made->answer.workspace_bytes > from->answer.workspace_bytes)
        return sy_error_set(err, SY_UNSUPPORTED,
            "operands that are less aligned than %d bytes want a larger workspace than was planned",
            FULL_ALIGNMENT);
    return status == SY_UNAVAILABLE ? SY_UNSUPPORTED : status;
}

static int run(sy_binding *binding) {
    const sy_device *device = binding->plan->device;
    const prepared *from = binding->plan->own;
    const bound *b = binding->own;
    const uint32_t scale = from->compute.scale_type;
    int code = cf_libraries_of(device)->lt.Matmul(cf_device_of(device)->lt, b->objects->desc,
        cf_scalar_of(&from->alpha, scale), b->address[0], b->objects->layout[0], b->address[1],
        b->objects->layout[1], cf_scalar_of(&from->beta, scale), b->address[2], b->objects->layout[2],
        b->address[3], b->objects->layout[3], b->answer.algo, b->workspace, from->answer.workspace_bytes,
        binding->queue->stream);
    return cf_code(CF_CODE_LT, code);
}

#define CF_LT_WAY(which)                                                                                     \
    {                                                                                                        \
        .name = "lt", .setting = (which), .is_capturable = true, .does = does, .offer = offer, .plan = plan, \
        .plan_free = plan_free, .bind = bind, .bind_free = bind_free, .run = run                             \
    }

const sy_card_way cf_way_lt = CF_LT_WAY(0);
const sy_card_way cf_way_lt_tf32 = CF_LT_WAY(CF_WAY_TF32);
const sy_card_way cf_way_lt_turned = CF_LT_WAY(CF_WAY_TURNED);
const sy_card_way cf_way_lt_turned_tf32 = CF_LT_WAY(CF_WAY_TURNED | CF_WAY_TF32);
