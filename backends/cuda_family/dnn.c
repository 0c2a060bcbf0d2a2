/*
 * Convolutions by descriptors, as cuDNN had them first and as four other stacks have them: the algorithms
 * that the library names, the first of them as the candidate, the others as its variants.
 */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/compute.h"
#include "backends/cuda_family/dnn_check.h"
#include "backends/cuda_family/dnn_objects.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* How much larger than that of direct sums the error of FFT and Winograd may be; libraries give no figure.
 * That of F(4x4,3x3), the largest tile in use. */
static const double INDIRECT_BOUND_FACTOR = 32.0;

typedef struct prepared {
    sy_card_convolution conv;
    cf_dnn_objects objects;
    cf_dnn_choice choice;
    cf_scalar one, zero;
    uint32_t scale_type;
} prepared;

typedef struct bound {
    void *x, *w, *y, *bias, *workspace;
} bound;

static bool is_tf32(const sy_card_way *way) {
    return (way->setting & CF_WAY_TF32) != 0;
}

/* Tensor cores read channels; plain multiply-adds have their fastest kernels channels first. */
static bool is_nhwc(const sy_card_way *way, const sy_task *task) {
    uint32_t dtype = task->tensor[0].dtype;
    bool is_first = is_tf32(way) || (dtype != SY_F32 && dtype != SY_F64);
    return ((way->setting & CF_WAY_OTHER_LAYOUT) != 0) != is_first;
}

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    const cf_dnn_row *row = cf_libraries_of(device)->stack->dnn;
    if (task->op != SY_OP_CONV || row == NULL || row->is_miopen)
        return false;
    if (is_tf32(way) &&
        !(row->has_tf32 && task->tensor[0].dtype == SY_F32 && sy_math_allows(task->math, SY_MATH_TF32)))
        return false;
    /* Where the images are fixed, one of the two orders has nothing to say, and the first says so. */
    return (way->setting & CF_WAY_OTHER_LAYOUT) == 0 || sy_card_convolution_may_be(task, is_nhwc(way, task));
}

static sy_status check_epilogue(
    const cf_dnn_api *api, const sy_card_convolution *conv, const char *name, sy_error *err) {
    const sy_card_epilogue *epilogue = &conv->epilogue;
    if (sy_card_epilogue_is_empty(epilogue))
        return SY_OK;
    bool is_plain = epilogue->bias != SY_NO_OPERAND && epilogue->residual == SY_NO_OPERAND &&
                    epilogue->scale_row == SY_NO_OPERAND && epilogue->scale_column == SY_NO_OPERAND;
    bool is_relu = epilogue->activation == SY_CARD_RELU || epilogue->activation == SY_CARD_NO_ACTIVATION;
    if (!is_plain || !is_relu || api->ConvolutionBiasActivationForward == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: this call fuses a bias, and a relu behind it", name);
    if (conv->x_dtype != SY_F32 && conv->x_dtype != SY_F64)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: this call wants the bias in %s, it is in f32", name,
            sy_dtype_name(conv->x_dtype));
    return SY_OK;
}

static sy_status read(
    const sy_card_way *way, sy_device *device, const sy_task *task, prepared *out, sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    const cf_dnn_row *row = libraries->stack->dnn;
    const char *name = row->library.option;
    if (libraries->dnn_status != SY_OK)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s", sy_error_text(&libraries->dnn_reason, libraries->dnn_status));
    if (libraries->dnn.ConvolutionForward == NULL || libraries->dnn.GetConvolutionForwardAlgorithm_v7 == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "%s has no convolution by descriptors", name);
    const cf_device *own = cf_device_of(device);
    if (own->dnn_status != SY_OK)
        return sy_error_set(err, SY_UNSUPPORTED, "%s", sy_error_text(&own->dnn_reason, own->dnn_status));
    sy_status status = cf_dnn_check_types(row, task, err);
    if (status == SY_OK)
        status = sy_card_convolution_read(task, &out->conv, err);
    if (status == SY_OK && out->conv.is_nhwc != is_nhwc(way, task) &&
        !sy_card_convolution_may_be(task, is_nhwc(way, task)))
        status = sy_error_set(err, SY_UNSUPPORTED, "%s: images lie in the other order", name);
    if (status == SY_OK)
        status = cf_dnn_check_sizes(&out->conv, name, err);
    out->conv.is_nhwc = is_nhwc(way, task);
    out->scale_type = task->acc_dtype;
    return status == SY_OK ? check_epilogue(&libraries->dnn, &out->conv, name, err) : status;
}

/* Choice `index` of the algorithms; the objects stay with `made`. */
static sy_status choose(
    const sy_card_way *way, sy_device *device, uint32_t index, prepared *made, sy_error *err) {
    cf_dnn_choice choices[CF_DNN_CHOICES];
    uint32_t count = 0;
    sy_status status = cf_dnn_objects_make(device, &made->conv, is_tf32(way), &made->objects, err);
    if (status == SY_OK)
        status = cf_dnn_choices(device, &made->objects, choices, &count, err);
    if (status == SY_OK && index >= count)
        status = sy_error_set(err, SY_UNAVAILABLE, "no algorithm %u, there are %u", index, count);
    if (status == SY_OK)
        made->choice = choices[index];
    return status;
}

static void name_offer(const sy_card_way *way, const char *name, const prepared *made, uint32_t index,
    sy_card_offer *out_offer) {
    const char *order = made->conv.is_nhwc ? "nhwc" : "nchw", *math = is_tf32(way) ? "/tf32" : "";
    if (index == 0)
        snprintf(out_offer->name, sizeof out_offer->name, "%s/%s%s", name, order, math);
    else
        snprintf(out_offer->name, sizeof out_offer->name, "%s/%s%s/%s", name, order, math,
            cf_dnn_algo_name(made->choice.algo));
    snprintf(out_offer->implementation, sizeof out_offer->implementation, "%s",
        cf_dnn_algo_name(made->choice.algo));
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    const char *name = cf_libraries_of(device)->stack->dnn->library.option;
    prepared made = {.conv.is_nhwc = is_nhwc(way, task)};
    sy_task wanted = *task;
    name_offer(way, name, &made, 0, out_offer);
    sy_status status = sy_card_convolution_want(&wanted, made.conv.is_nhwc, out_offer->layout, err);
    if (status == SY_OK)
        status = read(way, device, &wanted, &made, err);
    if (status == SY_OK) {
        status = choose(way, device, index, &made, err);
        cf_dnn_objects_free(device, &made.objects);
    }
    if (status != SY_OK)
        return index > 0 ? SY_UNAVAILABLE : status;
    name_offer(way, name, &made, index, out_offer);
    out_offer->flags =
        (made.choice.determinism == 1 ? SY_ALGO_DETERMINISTIC : 0u) | (index > 0 ? SY_ALGO_VARIANT : 0u);
    out_offer->math = is_tf32(way) ? SY_MATH_TF32 : SY_MATH_STRICT;
    out_offer->bound_factor = cf_dnn_is_indirect(made.choice.algo) ? INDIRECT_BOUND_FACTOR : 1.0;
    out_offer->workspace_bytes = made.choice.workspace_bytes;
    return SY_OK;
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    prepared *made = sy_mem_calloc(1, sizeof *made);
    plan->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    sy_status status = read(plan->way, plan->device, &plan->task, made, err);
    if (status == SY_OK)
        status = choose(plan->way, plan->device, index, made, err);
    cf_scalar_set(&made->one, 1.0);
    cf_scalar_set(&made->zero, 0.0);
    plan->workspace_bytes = made->choice.workspace_bytes;
    return status;
}

static void plan_free(sy_plan *plan) {
    prepared *made = plan->own;
    cf_dnn_objects_free(plan->device, &made->objects);
    sy_mem_free(made);
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    const prepared *from = binding->plan->own;
    bound *made = sy_mem_alloc(sizeof *made);
    binding->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    uint32_t bias = from->conv.epilogue.bias;
    *made = (bound){.x = address[0],
        .w = address[1],
        .y = address[binding->plan->task.n_in],
        .bias = bias != SY_NO_OPERAND ? address[bias] : NULL,
        .workspace = workspace};
    return SY_OK;
}

static void bind_free(sy_binding *binding) {
    sy_mem_free(binding->own);
}

static int launch(const cf_dnn_api *api, void *handle, const prepared *p, const bound *b) {
    const void *one = cf_scalar_of(&p->one, p->scale_type), *zero = cf_scalar_of(&p->zero, p->scale_type);
    const cf_dnn_objects *o = &p->objects;
    if (o->activation == NULL)
        return api->ConvolutionForward(handle, one, o->x, b->x, o->w, b->w, o->conv, p->choice.algo,
            b->workspace, p->choice.workspace_bytes, zero, o->y, b->y);
    /* z has a factor of zero: its place is given, nothing of it is taken. */
    return api->ConvolutionBiasActivationForward(handle, one, o->x, b->x, o->w, b->w, o->conv, p->choice.algo,
        b->workspace, p->choice.workspace_bytes, zero, o->y, b->y, o->bias, b->bias, o->activation, o->y,
        b->y);
}

static int run(sy_binding *binding) {
    sy_device *device = binding->plan->device;
    pthread_mutex_lock(&device->lock);
    int code = cf_dnn_stream_set(device, binding->queue->stream);
    if (code == 0)
        code = launch(
            &cf_libraries_of(device)->dnn, cf_device_of(device)->dnn, binding->plan->own, binding->own);
    pthread_mutex_unlock(&device->lock);
    return cf_code(CF_CODE_DNN, code);
}

#define CF_DNN_WAY(which)                                                                                    \
    {                                                                                                        \
        .name = "dnn", .setting = (which), .does = does, .offer = offer, .plan = plan,                       \
        .plan_free = plan_free, .bind = bind, .bind_free = bind_free, .run = run                             \
    }

const sy_card_way cf_way_dnn = CF_DNN_WAY(0);
const sy_card_way cf_way_dnn_tf32 = CF_DNN_WAY(CF_WAY_TF32);
const sy_card_way cf_way_dnn_other = CF_DNN_WAY(CF_WAY_OTHER_LAYOUT);
const sy_card_way cf_way_dnn_other_tf32 = CF_DNN_WAY(CF_WAY_OTHER_LAYOUT | CF_WAY_TF32);
