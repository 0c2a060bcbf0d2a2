/*
 * The way of convolutions: ConvolutionForward, channels last. A bias of f32 is the call's own; other posts
 * follow in calls of theirs.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "backends/cambricon/convolution.h"
#include "backends/cambricon/posts.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

typedef struct prepared {
    sy_card_convolution conv;
    cambricon_convolution made;
    cambricon_posts posts;
} prepared;

typedef struct bound {
    void *address[SY_MAX_TENSORS], *bias, *y, *workspace;
} bound;

static bool is_tf32(const sy_card_way *way) {
    return (way->setting & CAMBRICON_WAY_TF32) != 0;
}

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    bool may_be = task->tensor[0].dtype == SY_F32 && sy_math_allows(task->math, SY_MATH_TF32) &&
                  cambricon_device_of(device)->has_tf32 == CAMBRICON_YES;
    return task->op == SY_OP_CONV && (!is_tf32(way) || may_be);
}

static sy_status check_types(const sy_device *device, const sy_task *task, sy_error *err) {
    uint32_t x = task->tensor[0].dtype, w = task->tensor[1].dtype, y = sy_task_output(task, 0)->dtype;
    bool is_s8 = x == SY_S8 && w == SY_S8;
    if (is_s8 && y != SY_F32)
        return sy_error_set(err, SY_UNSUPPORTED,
            "no convolutions of s8 into %s: CNNL has results in f32 for them at most, which are scaled in "
            "calls "
            "of their own",
            sy_dtype_name(y));
    sy_status status = cambricon_check_type(device, x, err);
    if (status == SY_OK && (w != x || (!is_s8 && y != x) || task->acc_dtype != (is_s8 ? SY_S32 : SY_F32)))
        status = sy_error_set(err, SY_UNSUPPORTED, "no convolutions of %s and %s into %s summed in %s",
            sy_dtype_name(x), sy_dtype_name(w), sy_dtype_name(y), sy_dtype_name(task->acc_dtype));
    return status;
}

static sy_status check_sizes(const sy_card_convolution *conv, sy_error *err) {
    const int64_t numbers[] = {conv->pad_lo[0], conv->pad_lo[1], conv->pad_hi[0], conv->pad_hi[1],
        conv->stride[0], conv->stride[1], conv->dilation[0], conv->dilation[1], conv->groups};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i] > INT_MAX || numbers[i] < 0)
            return sy_error_set(
                err, SY_UNSUPPORTED, "a padding, step or group of %lld", (long long)numbers[i]);
    if (conv->n == 0 || conv->c == 0 || conv->k == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "an extent of 0");
    return SY_OK;
}

/* f32 is left alone where that can be said and shows, or where the card has no tf32. */
static sy_status check_trial(
    const sy_card_way *way, sy_device *device, uint32_t dtype, int *out_algo, sy_error *err) {
    const cambricon_finding *finding;
    cambricon_fact has_tf32 = cambricon_device_of(device)->has_tf32;
    bool is_switched = cambricon_libraries_of(device)->cnnl.SetConvolutionDescriptorAllowTF32 != NULL;
    sy_status status =
        cambricon_try(device, dtype == SY_S8 ? CAMBRICON_CONV_S8 : CAMBRICON_CONV_F32, &finding, err);
    if (status != SY_OK)
        return status;
    *out_algo = finding->number;
    if (dtype != SY_F32 || is_tf32(way) || has_tf32 == CAMBRICON_NO || (is_switched && !finding->is_rounded))
        return SY_OK;
    if (finding->is_rounded)
        return sy_error_set(err, SY_UNSUPPORTED, "tried on the card: f32 is rounded to tf32 though %s%s",
            is_switched ? "that is switched off"
                        : "nobody allowed it: this CNNL has no switch for convolutions",
            has_tf32 == CAMBRICON_YES ? " (math=tf32 takes it)" : "");
    return sy_error_set(err, SY_UNSUPPORTED,
        "whether f32 is rounded to tf32 is unknown: this CNNL has no switch for convolutions, and the card "
        "%s",
        has_tf32 == CAMBRICON_YES ? "has tf32 (math=tf32 takes it)" : "may have tf32");
}

/* Extents of the operands are held against each other by reading; the bias by its own step, or here. */
static bool is_own_bias(const sy_task *task, const sy_card_convolution *conv) {
    uint32_t index = conv->epilogue.bias;
    if (index == SY_NO_OPERAND || conv->y_dtype != SY_F32)
        return false;
    const sy_tensor *bias = &task->tensor[index];
    return bias->dtype == SY_F32 && bias->rank == 1 && bias->dim[0] == conv->k &&
           (conv->k <= 1 || bias->stride[0] == 1);
}

static sy_status read(const sy_card_way *way, sy_device *device, const sy_task *task, prepared *out,
    int *out_algo, sy_error *err) {
    sy_status status = cambricon_cnnl_has(cambricon_libraries_of(device), CAMBRICON_CONV, err);
    if (status == SY_OK)
        status = check_types(device, task, err);
    if (status == SY_OK)
        status = sy_card_convolution_read(task, &out->conv, err);
    if (status == SY_OK && !out->conv.is_nhwc && !sy_card_convolution_may_be(task, true))
        status = sy_error_set(err, SY_UNSUPPORTED, "CNNL takes images channels last alone");
    if (status == SY_OK)
        status = check_sizes(&out->conv, err);
    return status == SY_OK ? check_trial(way, device, out->conv.x_dtype, out_algo, err) : status;
}

static sy_status make(
    const sy_card_way *way, sy_device *device, const sy_task *task, int algo, prepared *out, sy_error *err) {
    const sy_card_convolution *conv = &out->conv;
    const cambricon_shape result = {CAMBRICON_ARRAY, conv->y_dtype, 4, {conv->n, conv->p, conv->q, conv->k}};
    sy_card_convolution own = *conv;
    sy_card_epilogue rest = conv->epilogue;
    if (is_own_bias(task, conv))
        rest.bias = SY_NO_OPERAND;
    else
        own.epilogue.bias = SY_NO_OPERAND;
    sy_status status = cambricon_convolution_make(device, &own, is_tf32(way), algo, &out->made, err);
    return status == SY_OK ? cambricon_posts_make(device, task, &rest, &result, 0, 3, &out->posts, err)
                           : status;
}

static sy_status prepare(
    const sy_card_way *way, sy_device *device, const sy_task *task, prepared *out, sy_error *err) {
    int algo = CAMBRICON_NO_ALGO;
    cambricon_ask_begin(device);
    sy_status status = read(way, device, task, out, &algo, err);
    if (status == SY_OK)
        status = make(way, device, task, algo, out, err);
    cambricon_ask_end(device);
    return status;
}

static void drop(const sy_device *device, prepared *p) {
    cambricon_posts_free(device, &p->posts);
    cambricon_convolution_free(device, &p->made);
}

static uint64_t workspace_of(const prepared *p) {
    return p->made.workspace_bytes > p->posts.workspace_bytes ? p->made.workspace_bytes
                                                              : p->posts.workspace_bytes;
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    const char *name = is_tf32(way) ? "cnnl/conv/tf32" : "cnnl/conv";
    prepared p;
    sy_task wanted = *task;
    if (index > 0)
        return SY_UNAVAILABLE;
    memset(&p, 0, sizeof p);
    snprintf(out_offer->name, sizeof out_offer->name, "%s", name);
    sy_status status = sy_card_convolution_want(&wanted, true, out_offer->layout, err);
    if (status == SY_OK) {
        status = prepare(way, device, &wanted, &p, err);
        snprintf(out_offer->name, sizeof out_offer->name, "%s%s", name, p.posts.suffix);
        snprintf(out_offer->implementation, sizeof out_offer->implementation, "algorithm %d", p.made.algo);
        out_offer->workspace_bytes = workspace_of(&p);
        out_offer->math = is_tf32(way) ? SY_MATH_TF32 : SY_MATH_STRICT;
        out_offer->flags = SY_ALGO_DETERMINISTIC;
        drop(device, &p);
    }
    return status;
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    prepared *made = sy_mem_calloc(1, sizeof *made);
    plan->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    if (index > 0)
        return SY_UNAVAILABLE;
    sy_status status = prepare(plan->way, plan->device, &plan->task, made, err);
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
    made->y = address[task->n_in];
    made->bias = from->made.bias != NULL ? address[from->conv.epilogue.bias] : NULL;
    made->workspace = workspace;
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
        code = cambricon_convolution_run(
            device, handle, &p->made, b->address[0], b->address[1], b->bias, b->y, b->workspace);
    if (code == 0)
        code = cambricon_posts_run(device, handle, &p->posts, b->address, b->y, b->workspace);
    return cambricon_run_end(device, binding->queue->stream, code);
}

#define CONV_WAY(which)                                                                                      \
    {                                                                                                        \
        .name = "cnnl/conv", .setting = (which), .does = does, .offer = offer, .plan = plan,                 \
        .plan_free = plan_free, .bind = bind, .bind_free = bind_free, .run = run                             \
    }

const sy_card_way cambricon_way_conv = CONV_WAY(0);
const sy_card_way cambricon_way_conv_tf32 = CONV_WAY(CAMBRICON_WAY_TF32);
