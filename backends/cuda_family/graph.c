/*
 * Convolutions by cuDNN's backend interface: a graph of the convolution and what follows it, engines that its
 * heuristics propose, the first of them as the candidate and the others as its variants. Epilogues are done
 * in f32 inside of the kernel.
 */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/family.h"
#include "backends/cuda_family/graph_choice.h"
#include "backends/cuda_family/graph_numbers.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* How much larger than that of direct sums the error of FFT and of Winograd's tiles may be; the library gives
 * no figure. Those of F(4x4,3x3), and of tiles beyond it. */
static const double INDIRECT_BOUND_FACTOR = 32.0, LARGE_TILE_BOUND_FACTOR = 512.0;

/* Tensor cores do not sum products of f8 in f32: lt.c has what was measured of them. */
static const double F8_BOUND_FACTOR = 256.0;

enum { WAYS = 4 };

/* What was answered last for a way: lists ask once a candidate. Guarded by the device's lock. */
struct cf_graph_memo {
    struct {
        bool is_made;
        sy_task task;
        sy_status status;
        sy_error error;
        cf_graph_choices choices;
    } of[WAYS];
};

typedef struct prepared {
    sy_card_convolution conv;
    cf_graph graph;
    void *plan;
} prepared;

/* plan: of operands that are less aligned than the plan is made for, NULL otherwise. */
typedef struct bound {
    void *pack, *plan;
} bound;

static bool is_tf32(const sy_card_way *way) {
    return (way->setting & CF_WAY_TF32) != 0;
}

/* Tensor cores read channels; multiply-adds of f32 and f64 were 1.1 to 1.7 times as fast channels first on an
 * H100. */
static bool is_nhwc(const sy_card_way *way, const sy_task *task) {
    uint32_t dtype = task->tensor[0].dtype;
    bool is_first = is_tf32(way) || (dtype != SY_F32 && dtype != SY_F64);
    return ((way->setting & CF_WAY_OTHER_LAYOUT) != 0) != is_first;
}

static bool has_interface(const cf_dnn_api *api) {
    return api->BackendCreateDescriptor != NULL && api->BackendDestroyDescriptor != NULL &&
           api->BackendFinalize != NULL && api->BackendSetAttribute != NULL &&
           api->BackendGetAttribute != NULL && api->BackendExecute != NULL;
}

/* A library that is not there, or has no such interface, is told of by the way of descriptors. */
static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    const cf_libraries *libraries = cf_libraries_of(device);
    if (task->op != SY_OP_CONV || libraries->stack->dnn == NULL || libraries->stack->dnn->is_miopen ||
        libraries->dnn_status != SY_OK || !has_interface(&libraries->dnn))
        return false;
    if (is_tf32(way) && !(task->tensor[0].dtype == SY_F32 && sy_math_allows(task->math, SY_MATH_TF32)))
        return false;
    return (way->setting & CF_WAY_OTHER_LAYOUT) == 0 || sy_card_convolution_may_be(task, is_nhwc(way, task));
}

/* "what: the library's last words: words (code)" */
static sy_status fail(sy_device *device, int code, const char *what, sy_error *err) {
    const cf_dnn_api *api = &cf_libraries_of(device)->dnn;
    char last[256] = "", text[320];
    if (api->GetLastErrorString != NULL)
        api->GetLastErrorString(last, sizeof last - 1);
    for (char *at = last; *at != '\0'; at++)
        if (*at == '\n' || *at == '\r')
            *at = ' ';
    snprintf(text, sizeof text, "%s%s%s", what, last[0] != '\0' ? ": " : "", last);
    return sy_card_code_error(device, cf_code(CF_CODE_DNN, code), err, text);
}

static sy_status check(const cf_dnn_row *row, const sy_task *task, sy_error *err) {
    const sy_tensor *y = sy_task_output(task, 0);
    uint32_t x = task->tensor[0].dtype, w = task->tensor[1].dtype;
    uint32_t acc = x == SY_F64 ? SY_F64 : x == SY_S8 ? SY_S32 : SY_F32;
    bool is_pair = x == w && (x == SY_F64 || x == SY_F32 || x == SY_F16 || x == SY_BF16 || x == SY_S8);
    is_pair = is_pair || ((x == SY_F8E4M3 || x == SY_F8E5M2) && (w == SY_F8E4M3 || w == SY_F8E5M2));
    if (!is_pair || task->acc_dtype != acc || row->dtype[x] == CF_NONE || row->dtype[w] == CF_NONE ||
        row->dtype[acc] == CF_NONE || row->dtype[y->dtype] == CF_NONE)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: no convolution of %s and %s into %s summed in %s",
            row->library.option, sy_dtype_name(x), sy_dtype_name(w), sy_dtype_name(y->dtype),
            sy_dtype_name(task->acc_dtype));
    for (uint32_t i = 0; i < y->rank; i++)
        if (y->dim[i] == 0)
            return sy_error_set(err, SY_UNSUPPORTED, "%s: an extent of 0", row->library.option);
    for (uint32_t i = 0; i < task->tensor[0].rank; i++)
        if (task->tensor[0].dim[i] == 0)
            return sy_error_set(err, SY_UNSUPPORTED, "%s: an extent of 0", row->library.option);
    return SY_OK;
}

static sy_status read(
    const sy_card_way *way, sy_device *device, const sy_task *task, prepared *out, sy_error *err) {
    const cf_dnn_row *row = cf_libraries_of(device)->stack->dnn;
    sy_status status = check(row, task, err);
    if (status == SY_OK)
        status = sy_card_convolution_read(task, &out->conv, err);
    /* One of several images of one pixel, or of one channel, may lie in both orders. */
    if (status == SY_OK && out->conv.is_nhwc != is_nhwc(way, task) &&
        !sy_card_convolution_may_be(task, is_nhwc(way, task)))
        status = sy_error_set(err, SY_UNSUPPORTED, "%s: images lie in the other order", row->library.option);
    out->conv.is_nhwc = is_nhwc(way, task);
    return status;
}

static void prepare(const sy_device *device, uint32_t alignment, cf_graph *out_graph) {
    *out_graph = (cf_graph){.api = &cf_libraries_of(device)->dnn,
        .row = cf_libraries_of(device)->stack->dnn,
        .handle = cf_device_of(device)->dnn,
        .alignment = alignment};
}

/* The graph and engines for it. Both are to be freed in any case. The lock is held: the handle is for one
 * thread. */
static sy_status ask(const sy_card_way *way, sy_device *device, const sy_task *task, prepared *made,
    cf_graph_choices *out_choices, sy_error *err) {
    *out_choices = (cf_graph_choices){.count = 0};
    if (cf_graph_make(&made->graph, &made->conv, task) != 0 ||
        cf_graph_ask(&made->graph, made->conv.x_dtype == SY_F32, is_tf32(way), out_choices) != 0)
        return fail(device, made->graph.code, made->graph.what, err);
    if (out_choices->count > 0)
        return SY_OK;
    bool is_f32 = made->conv.x_dtype == SY_F32;
    return sy_error_set(err, SY_UNSUPPORTED, "%s: no engine for this%s%s", made->graph.row->library.option,
        !is_f32        ? ""
        : is_tf32(way) ? " on tensor cores"
                       : " that leaves f32 as it is",
        sy_card_epilogue_is_empty(&made->conv.epilogue) ? "" : " (most epilogues are compiled by NVRTC)");
}

static sy_status answer(const sy_card_way *way, sy_device *device, const sy_task *wanted,
    cf_graph_choices *out_choices, sy_error *err) {
    prepared made = {.plan = NULL};
    prepare(device, CF_GRAPH_ALIGNMENT, &made.graph);
    sy_status status = read(way, device, wanted, &made, err);
    if (status != SY_OK)
        return status;
    status = ask(way, device, wanted, &made, out_choices, err);
    cf_graph_choices_free(&made.graph, out_choices);
    cf_graph_free(&made.graph);
    return status;
}

/* As answer(), from what is remembered if it is the same question. */
static sy_status recall(const sy_card_way *way, sy_device *device, const sy_task *wanted,
    const cf_graph_choices **out_choices, sy_error *err) {
    cf_device *own = cf_device_of(device);
    uint32_t at = (is_tf32(way) ? 1u : 0u) + ((way->setting & CF_WAY_OTHER_LAYOUT) == 0 ? 0u : 2u);
    if (own->graphs == NULL)
        own->graphs = sy_mem_calloc(1, sizeof *own->graphs);
    if (own->graphs == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    if (!own->graphs->of[at].is_made || memcmp(&own->graphs->of[at].task, wanted, sizeof *wanted) != 0) {
        own->graphs->of[at].is_made = true;
        own->graphs->of[at].task = *wanted;
        own->graphs->of[at].error = SY_ERROR_INIT;
        own->graphs->of[at].choices.count = 0;
        own->graphs->of[at].status =
            answer(way, device, wanted, &own->graphs->of[at].choices, &own->graphs->of[at].error);
    }
    sy_status status = own->graphs->of[at].status;
    *out_choices = &own->graphs->of[at].choices;
    return status == SY_OK
               ? SY_OK
               : sy_error_set(err, status, "%s", sy_error_text(&own->graphs->of[at].error, status));
}

void cf_graph_memo_free(cf_graph_memo *memo) {
    sy_mem_free(memo);
}

static void name_offer(const sy_card_way *way, const sy_task *task, const char *library, uint32_t index,
    sy_card_offer *out_offer) {
    const char *order = is_nhwc(way, task) ? "nhwc" : "nchw", *math = is_tf32(way) ? "/tf32" : "";
    if (index == 0)
        snprintf(out_offer->name, sizeof out_offer->name, "%s-graph/%s%s", library, order, math);
    else
        snprintf(out_offer->name, sizeof out_offer->name, "%s-graph/%s%s/%u", library, order, math, index);
}

static double bound_factor(const cf_graph_choice *choice, uint32_t dtype) {
    const uint32_t large = 1u << CF_GRAPH_WINOGRAD_6X6 | 1u << CF_GRAPH_WINOGRAD_13X13;
    double factor = dtype == SY_F8E4M3 || dtype == SY_F8E5M2 ? F8_BOUND_FACTOR : 1.0;
    if (!cf_graph_is_indirect(choice))
        return factor;
    return factor * ((choice->notes & large) != 0 ? LARGE_TILE_BOUND_FACTOR : INDIRECT_BOUND_FACTOR);
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    const char *library = cf_libraries_of(device)->stack->dnn->library.option;
    const cf_graph_choices *choices = NULL;
    sy_task wanted = *task;
    name_offer(way, task, library, index, out_offer);
    sy_status status = sy_card_convolution_want(&wanted, is_nhwc(way, task), out_offer->layout, err);
    if (status == SY_OK)
        status = recall(way, device, &wanted, &choices, err);
    if (status != SY_OK)
        return index > 0 ? SY_UNAVAILABLE : status;
    if (index >= choices->count)
        return sy_error_set(err, SY_UNAVAILABLE, "no engine %u, there are %u", index, choices->count);
    const cf_graph_choice *choice = &choices->at[index];
    bool is_compiled = (choice->behavior & 1u << CF_GRAPH_RUNTIME_COMPILATION) != 0;
    snprintf(out_offer->implementation, sizeof out_offer->implementation, "engine %lld%s",
        (long long)choice->engine, is_compiled ? ", compiled when planned" : "");
    out_offer->flags = ((choice->notes & 1u << CF_GRAPH_NONDETERMINISTIC) == 0 ? SY_ALGO_DETERMINISTIC : 0u) |
                       (index > 0 ? SY_ALGO_VARIANT : 0u);
    out_offer->math = is_tf32(way) ? SY_MATH_TF32 : SY_MATH_STRICT;
    out_offer->bound_factor = bound_factor(choice, task->tensor[0].dtype);
    out_offer->workspace_bytes = choice->workspace_bytes;
    return SY_OK;
}

static sy_status plan_choice(sy_plan *plan, prepared *made, uint32_t index, sy_error *err) {
    cf_graph_choices choices;
    sy_status status = ask(plan->way, plan->device, &plan->task, made, &choices, err);
    if (status == SY_OK && index >= choices.count)
        status = sy_error_set(err, SY_UNAVAILABLE, "no engine %u, there are %u", index, choices.count);
    if (status == SY_OK) {
        int code = cf_graph_plan(&made->graph, &choices.at[index], &made->plan, &plan->workspace_bytes);
        if (code != 0)
            status = fail(plan->device, code, "making an engine executable", err);
    }
    cf_graph_choices_free(&made->graph, &choices);
    return status;
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    uint64_t start = sy_clock_raw_ns();
    prepared *made = sy_mem_calloc(1, sizeof *made);
    plan->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    prepare(plan->device, CF_GRAPH_ALIGNMENT, &made->graph);
    sy_status status = read(plan->way, plan->device, &plan->task, made, err);
    if (status != SY_OK)
        return status;
    pthread_mutex_lock(&plan->device->lock);
    status = plan_choice(plan, made, index, err);
    pthread_mutex_unlock(&plan->device->lock);
    plan->compile_ns = sy_clock_raw_ns() - start;
    return status;
}

static void destroy(const cf_graph *graph, void *desc) {
    if (desc != NULL)
        (void)graph->api->BackendDestroyDescriptor(desc);
}

static void plan_free(sy_plan *plan) {
    prepared *made = plan->own;
    destroy(&made->graph, made->plan);
    cf_graph_free(&made->graph);
    sy_mem_free(made);
}

static void bind_free(sy_binding *binding) {
    const prepared *from = binding->plan->own;
    bound *made = binding->own;
    destroy(&from->graph, made->pack);
    destroy(&from->graph, made->plan);
    sy_mem_free(made);
}

/* The largest power of two up to that of plans which divides every address. */
static uint32_t alignment_of(const cf_graph *graph, void *const *address) {
    uintptr_t all = CF_GRAPH_ALIGNMENT;
    for (uint32_t i = 0; i < graph->operand_count; i++)
        all |= (uintptr_t)address[graph->operand[i]];
    return (uint32_t)(all & (~all + 1));
}

/* The first engine that takes operands which are less aligned, in the workspace that there is. The lock is
 * held. */
static sy_status plan_again(const sy_binding *binding, uint32_t alignment, void **out_plan, sy_error *err) {
    const sy_plan *plan = binding->plan;
    const prepared *from = plan->own;
    prepared made = {.conv = from->conv};
    cf_graph_choices choices;
    uint64_t wanted = 0;
    int code = 0;
    prepare(plan->device, alignment, &made.graph);
    sy_status status = ask(plan->way, plan->device, &plan->task, &made, &choices, err);
    for (uint32_t i = 0; status == SY_OK && i < choices.count && *out_plan == NULL; i++) {
        code = cf_graph_plan(&made.graph, &choices.at[i], out_plan, &wanted);
        if (code == 0 && wanted <= plan->workspace_bytes)
            continue;
        destroy(&made.graph, *out_plan);
        *out_plan = NULL;
    }
    if (status == SY_OK && *out_plan == NULL)
        status = sy_error_set(err, SY_UNSUPPORTED,
            "no engine for operands that are aligned to %u bytes, less than the %u that were planned for",
            alignment, CF_GRAPH_ALIGNMENT);
    cf_graph_choices_free(&made.graph, &choices);
    cf_graph_free(&made.graph);
    return status;
}

static int make_pack(const cf_graph *graph, void *const *address, void *workspace, void **out_pack) {
    const cf_dnn_api *api = graph->api;
    int64_t id[CF_GRAPH_OPERANDS_MAX], count = graph->operand_count;
    void *pointer[CF_GRAPH_OPERANDS_MAX];
    for (uint32_t i = 0; i < graph->operand_count; i++) {
        id[i] = (int64_t)graph->operand[i] + 1;
        pointer[i] = address[graph->operand[i]];
    }
    int code = api->BackendCreateDescriptor(CF_GRAPH_PACK, out_pack);
    if (code == 0)
        code = api->BackendSetAttribute(*out_pack, CF_GRAPH_PACK_IDS, CF_GRAPH_IS_S64, count, id);
    if (code == 0)
        code =
            api->BackendSetAttribute(*out_pack, CF_GRAPH_PACK_ADDRESSES, CF_GRAPH_IS_ADDRESS, count, pointer);
    if (code == 0)
        code =
            api->BackendSetAttribute(*out_pack, CF_GRAPH_PACK_WORKSPACE, CF_GRAPH_IS_ADDRESS, 1, &workspace);
    return code == 0 ? api->BackendFinalize(*out_pack) : code;
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    sy_device *device = binding->plan->device;
    const prepared *from = binding->plan->own;
    bound *made = sy_mem_calloc(1, sizeof *made);
    binding->own = made;
    if (made == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    uint32_t alignment = alignment_of(&from->graph, address);
    sy_status status = SY_OK;
    if (alignment < CF_GRAPH_ALIGNMENT) {
        pthread_mutex_lock(&device->lock);
        status = plan_again(binding, alignment, &made->plan, err);
        pthread_mutex_unlock(&device->lock);
    }
    if (status != SY_OK)
        return status;
    int code = make_pack(&from->graph, address, workspace, &made->pack);
    return code == 0 ? SY_OK : fail(device, code, "tying addresses", err);
}

static int run(sy_binding *binding) {
    sy_device *device = binding->plan->device;
    const prepared *from = binding->plan->own;
    const bound *b = binding->own;
    pthread_mutex_lock(&device->lock);
    int code = cf_dnn_stream_set(device, binding->queue->stream);
    if (code == 0)
        code = from->graph.api->BackendExecute(
            from->graph.handle, b->plan != NULL ? b->plan : from->plan, b->pack);
    pthread_mutex_unlock(&device->lock);
    return cf_code(CF_CODE_DNN, code);
}

#define CF_GRAPH_WAY(which)                                                                                  \
    {                                                                                                        \
        .name = "graph", .setting = (which), .is_capturable = true, .does = does, .offer = offer,            \
        .plan = plan, .plan_free = plan_free, .bind = bind, .bind_free = bind_free, .run = run               \
    }

const sy_card_way cf_way_graph = CF_GRAPH_WAY(0);
const sy_card_way cf_way_graph_tf32 = CF_GRAPH_WAY(CF_WAY_TF32);
const sy_card_way cf_way_graph_other = CF_GRAPH_WAY(CF_WAY_OTHER_LAYOUT);
const sy_card_way cf_way_graph_other_tf32 = CF_GRAPH_WAY(CF_WAY_OTHER_LAYOUT | CF_WAY_TF32);
