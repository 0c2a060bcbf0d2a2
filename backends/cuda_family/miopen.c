/*
 * Convolutions by MIOpen's immediate mode: a list of solutions, the first of them as the candidate and the
 * others as its variants; the one that is planned is compiled then. There is no search, which would run and
 * time kernels behind the plan's back.
 */
#include "backends/cuda_family/miopen.h"

#include <stdio.h>

#include "backends/cuda_family/dnn_check.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* As of cuDNN's: that of F(4x4,3x3). */
static const double INDIRECT_BOUND_FACTOR = 32.0;

typedef struct prepared {
    sy_card_convolution conv;
    cf_miopen_objects objects;
    cf_miopen_solution solution;
} prepared;

typedef struct bound {
    void *x, *w, *y, *workspace;
} bound;

/* Channels first is what it has most solutions for. */
static bool is_nhwc(const sy_card_way *way) {
    return (way->setting & CF_WAY_OTHER_LAYOUT) != 0;
}

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    const cf_dnn_row *row = cf_libraries_of(device)->stack->dnn;
    return task->op == SY_OP_CONV && row != NULL && row->is_miopen &&
           (!is_nhwc(way) || sy_card_convolution_may_be(task, true));
}

static sy_status read(
    const sy_card_way *way, sy_device *device, const sy_task *task, prepared *out, sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    const cf_dnn_row *row = libraries->stack->dnn;
    const char *name = row->library.option;
    if (libraries->dnn_status != SY_OK)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s", sy_error_text(&libraries->dnn_reason, libraries->dnn_status));
    sy_status status = cf_dnn_check_types(row, task, err);
    if (status == SY_OK)
        status = sy_card_convolution_read(task, &out->conv, err);
    if (status == SY_OK && out->conv.is_nhwc != is_nhwc(way) &&
        !sy_card_convolution_may_be(task, is_nhwc(way)))
        status = sy_error_set(err, SY_UNSUPPORTED, "%s: images lie in the other order", name);
    if (status == SY_OK)
        status = cf_dnn_check_sizes(&out->conv, name, err);
    out->conv.is_nhwc = is_nhwc(way);
    if (status == SY_OK && !sy_card_epilogue_is_empty(&out->conv.epilogue))
        status = sy_error_set(err, SY_UNSUPPORTED, "%s: a convolution alone, without an epilogue", name);
    return status;
}

static sy_status choose(sy_device *device, uint32_t index, prepared *made, sy_error *err) {
    cf_miopen_solution solutions[CF_MIOPEN_SOLUTIONS];
    uint32_t count = 0;
    sy_status status = cf_miopen_objects_make(device, &made->conv, &made->objects, err);
    if (status == SY_OK)
        status = cf_miopen_solutions(device, &made->objects, solutions, &count, err);
    if (status == SY_OK && index >= count)
        status = sy_error_set(err, SY_UNAVAILABLE, "no solution %u, there are %u", index, count);
    if (status == SY_OK)
        made->solution = solutions[index];
    return status;
}

static void name_offer(
    const sy_card_way *way, const prepared *made, uint32_t index, sy_card_offer *out_offer) {
    const char *order = is_nhwc(way) ? "nhwc" : "nchw", *algo = cf_miopen_algo_name(made->solution.algo);
    unsigned long long id = made->solution.id;
    if (index == 0)
        snprintf(out_offer->name, sizeof out_offer->name, "miopen/%s", order);
    else
        snprintf(out_offer->name, sizeof out_offer->name, "miopen/%s/%s/%llu", order, algo, id);
    snprintf(out_offer->implementation, sizeof out_offer->implementation, "%s, solution %llu", algo, id);
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    prepared made = {0};
    sy_task wanted = *task;
    name_offer(way, &made, 0, out_offer);
    out_offer->implementation[0] = '\0';
    sy_status status = sy_card_convolution_want(&wanted, is_nhwc(way), out_offer->layout, err);
    if (status == SY_OK)
        status = read(way, device, &wanted, &made, err);
    if (status == SY_OK) {
        status = choose(device, index, &made, err);
        cf_miopen_objects_free(device, &made.objects);
    }
    if (status != SY_OK)
        return index > 0 ? SY_UNAVAILABLE : status;
    name_offer(way, &made, index, out_offer);
    out_offer->flags = index > 0 ? SY_ALGO_VARIANT : 0u;
    out_offer->math = SY_MATH_STRICT;
    out_offer->bound_factor = cf_miopen_is_indirect(made.solution.algo) ? INDIRECT_BOUND_FACTOR : 1.0;
    out_offer->workspace_bytes = made.solution.workspace_bytes;
    return SY_OK;
}

static sy_status compile(sy_plan *plan, const prepared *made, sy_error *err) {
    const cf_miopen_objects *o = &made->objects;
    uint64_t start = sy_clock_raw_ns();
    pthread_mutex_lock(&plan->device->lock);
    int code = cf_libraries_of(plan->device)
                   ->miopen.ConvolutionForwardCompileSolution(
                       cf_device_of(plan->device)->dnn, o->w, o->x, o->conv, o->y, made->solution.id);
    pthread_mutex_unlock(&plan->device->lock);
    plan->compile_ns = sy_clock_raw_ns() - start;
    return code == 0
               ? SY_OK
               : sy_card_code_error(plan->device, cf_code(CF_CODE_DNN, code), err, "compiling the solution");
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    prepared *made = sy_mem_calloc(1, sizeof *made);
    plan->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    sy_status status = read(plan->way, plan->device, &plan->task, made, err);
    if (status == SY_OK)
        status = choose(plan->device, index, made, err);
    if (status == SY_OK)
        status = compile(plan, made, err);
    plan->workspace_bytes = made->solution.workspace_bytes;
    return status;
}

static void plan_free(sy_plan *plan) {
    prepared *made = plan->own;
    cf_miopen_objects_free(plan->device, &made->objects);
    sy_mem_free(made);
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    bound *made = sy_mem_alloc(sizeof *made);
    binding->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    *made = (bound){
        .x = address[0], .w = address[1], .y = address[binding->plan->task.n_in], .workspace = workspace};
    return SY_OK;
}

static void bind_free(sy_binding *binding) {
    sy_mem_free(binding->own);
}

static int run(sy_binding *binding) {
    sy_device *device = binding->plan->device;
    const prepared *p = binding->plan->own;
    const bound *b = binding->own;
    const cf_miopen_objects *o = &p->objects;
    pthread_mutex_lock(&device->lock);
    int code = cf_dnn_stream_set(device, binding->queue->stream);
    if (code == 0)
        code = cf_libraries_of(device)->miopen.ConvolutionForwardImmediate(cf_device_of(device)->dnn, o->w,
            b->w, o->x, b->x, o->conv, o->y, b->y, b->workspace, p->solution.workspace_bytes, p->solution.id);
    pthread_mutex_unlock(&device->lock);
    return cf_code(CF_CODE_DNN, code);
}

#define CF_MIOPEN_WAY(which)                                                                                 \
    {                                                                                                        \
        .name = "miopen", .setting = (which), .does = does, .offer = offer, .plan = plan,                    \
        .plan_free = plan_free, .bind = bind, .bind_free = bind_free, .run = run                             \
    }

const sy_card_way cf_way_miopen = CF_MIOPEN_WAY(0);
const sy_card_way cf_way_miopen_other = CF_MIOPEN_WAY(CF_WAY_OTHER_LAYOUT);
