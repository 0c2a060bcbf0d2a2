/* What the graph interface answers, and the execution of plans. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/graph.h"

enum { NOTE_TENSOR_CORE = 0 };

static graph_descriptor *descriptor_of(void *handle, int type) {
    graph_descriptor *one = sim_handle_get(handle, GRAPH_KIND);
    return one != NULL && one->type == type ? one : NULL;
}

/* Into engine configurations that the caller made. */
static int results(const graph_descriptor *heuristic, int64_t wanted, int64_t *out_count, void *elements) {
    int64_t there = sim_number(SIM_NO_DEVICE, "graph_engines", 3);
    if (elements == NULL || wanted == 0) {
        *out_count = there;
        return 0;
    }
    *out_count = wanted < there ? wanted : there;
    for (int64_t i = 0; i < *out_count; i++) {
        void *handle;
        memcpy(&handle, (char *)elements + (size_t)i * sizeof handle, sizeof handle);
        graph_descriptor *config = descriptor_of(handle, GRAPH_CONFIG);
        if (config == NULL)
            return GRAPH_DESCRIPTOR_TYPE;
        config->node = heuristic->node;
        config->engine = (int)i;
        config->workspace = i < 2 ? 0 : (uint64_t)65536 << (i - 2);
        config->is_final = true;
    }
    return 0;
}

static int engine_of(const graph_descriptor *config, int64_t *out_count, void *elements) {
    void *handle;
    if (elements == NULL)
        return GRAPH_NULL;
    memcpy(&handle, elements, sizeof handle);
    graph_descriptor *engine = descriptor_of(handle, GRAPH_ENGINE);
    if (engine == NULL)
        return GRAPH_DESCRIPTOR_TYPE;
    engine->node = config->node;
    engine->engine = config->engine;
    engine->is_final = true;
    *out_count = 1;
    return 0;
}

static int tell_int64(int64_t value, int64_t *out_count, void *elements) {
    *out_count = 1;
    if (elements != NULL)
        memcpy(elements, &value, sizeof value);
    return 0;
}

/* Every type but f32 is what tensor units have; f32 only as tf32. */
static int notes(const graph_descriptor *engine, int64_t wanted, int64_t *out_count, void *elements) {
    bool has_note = engine->node.conv.x.dtype != SY_F32 || engine->engine == 0;
    int note = NOTE_TENSOR_CORE;
    *out_count = has_note;
    if (has_note && wanted > 0 && elements != NULL)
        memcpy(elements, &note, sizeof note);
    return 0;
}

static int answer(const graph_descriptor *one, int name, int64_t wanted, int64_t *out_count, void *elements) {
    switch (name) {
    case 202: return one->type == GRAPH_HEURISTIC ? results(one, wanted, out_count, elements) : GRAPH_INVALID;
    case 300: return one->type == GRAPH_CONFIG ? engine_of(one, out_count, elements) : GRAPH_INVALID;
    case 303:
        return one->type == GRAPH_CONFIG ? tell_int64((int64_t)one->workspace, out_count, elements)
                                         : GRAPH_INVALID;
    case 402:
        return one->type == GRAPH_PLAN ? tell_int64((int64_t)one->workspace, out_count, elements)
                                       : GRAPH_INVALID;
    case 1301:
        return one->type == GRAPH_ENGINE ? tell_int64(one->engine, out_count, elements) : GRAPH_INVALID;
    case 1303: return one->type == GRAPH_ENGINE ? notes(one, wanted, out_count, elements) : GRAPH_INVALID;
    default: return GRAPH_UNSUPPORTED;
    }
}

SIM_API int DNN(BackendGetAttribute)(
    void *descriptor, int name, int type, int64_t wanted, int64_t *out_count, void *elements) {
    static const struct {
        int name, type;
    } types[] = {{202, 15}, {300, 15}, {303, 3}, {402, 3}, {1301, 3}, {1303, 11}};
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    int64_t ignored;
    const graph_descriptor *one = sim_handle_get(descriptor, GRAPH_KIND);
    if (one == NULL || wanted < 0)
        return sim_leave(GRAPH_INVALID);
    if (!one->is_final)
        return sim_leave(GRAPH_NOT_FINALIZED);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].name == name && types[i].type != type)
            return sim_leave(GRAPH_ATTRIBUTE_TYPE);
    return sim_leave(answer(one, name, wanted, out_count != NULL ? out_count : &ignored, elements));
}

static const void *pointer_of(const graph_descriptor *pack, int64_t id) {
    int64_t count, one;
    const char *ids = graph_get(pack, 1000, &count), *pointers = graph_get(pack, 1001, &count);
    for (int64_t i = 0; i < count; i++) {
        memcpy(&one, ids + i * 8, sizeof one);
        const void *pointer;
        memcpy(&pointer, pointers + i * 8, sizeof pointer);
        if (one == id)
            return pointer;
    }
    return NULL;
}

static bool has_workspace(int device, const graph_descriptor *plan, const graph_descriptor *pack) {
    int64_t count;
    const void *bytes = graph_get(pack, 1003, &count), *workspace = NULL;
    void *view;
    if (bytes != NULL)
        memcpy(&workspace, bytes, sizeof workspace);
    return family_operand(device, workspace, plan->workspace, &view);
}

static bool find(int device, const graph_descriptor *pack, const graph_node *node, sim_conv *conv) {
    const int64_t x[4] = {conv->n, conv->c, conv->h, conv->w}, y[4] = {conv->n, conv->k, conv->p, conv->q};
    const int64_t w[4] = {conv->k, conv->c / conv->groups, conv->r, conv->s};
    bool is_there = dnn_find(device, pointer_of(pack, node->x_id), x, &conv->x) &&
                    dnn_find(device, pointer_of(pack, node->w_id), w, &conv->filter) &&
                    dnn_find(device, pointer_of(pack, node->y.id), y, &conv->y);
    if (conv->bias.dtype != SY_DTYPE_NONE)
        is_there = is_there && family_operand(device, pointer_of(pack, node->bias_id),
                                   (uint64_t)conv->k * sy_dtype_size(conv->bias.dtype), &conv->bias.data);
    if (conv->beta != 0)
        is_there = is_there && dnn_find(device, pointer_of(pack, node->z_id), y, &conv->z);
    return is_there;
}

SIM_API int DNN(BackendExecute)(void *handle, void *plan_handle, void *pack_handle) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    const dnn_handle *one = sim_handle_get(handle, DNN_HANDLE);
    const graph_descriptor *plan = descriptor_of(plan_handle, GRAPH_PLAN);
    const graph_descriptor *pack = descriptor_of(pack_handle, GRAPH_PACK);
    family_queue queue;
    if (one == NULL || plan == NULL || pack == NULL)
        return sim_leave(GRAPH_INVALID);
    if (!plan->is_final || !pack->is_final)
        return sim_leave(GRAPH_NOT_FINALIZED);
    if (dnn_queue_of(one, &queue) != VERDICT_OK)
        return sim_leave(status_of("dnn", VERDICT_EXECUTION));
    sim_conv conv = plan->node.conv;
    if (!has_workspace(one->device, plan, pack) || !find(one->device, pack, &plan->node, &conv))
        return sim_leave(GRAPH_INVALID);
    family_enqueue(&queue,
        &(sim_work){.run = sim_conv_run, .args = &conv, .bytes = sizeof conv, .flop = sim_conv_flop(&conv)});
    return sim_leave(0);
}
