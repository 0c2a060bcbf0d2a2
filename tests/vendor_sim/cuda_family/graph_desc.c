/* Descriptors of the graph interface, and their attributes. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/graph.h"

enum {
    TYPE_HANDLE = 0,
    TYPE_DATA = 1,
    TYPE_BOOL = 2,
    TYPE_INT64 = 3,
    TYPE_FLOAT = 4,
    TYPE_DOUBLE = 5,
    TYPE_POINTER = 6,
    TYPE_MODE = 7,
    TYPE_HEURISTIC = 8,
    TYPE_NOTE = 11,
    TYPE_DESCRIPTOR = 15,
    TYPE_POINTWISE = 14
};

/* also: another type that is taken; -1: none. */
typedef struct known {
    int descriptor, name, type, also, most;
} known;

static const known settable[] = {{GRAPH_POINTWISE, 0, TYPE_POINTWISE, -1, 1},
    {GRAPH_POINTWISE, 1, TYPE_DATA, -1, 1}, {GRAPH_POINTWISE, 3, TYPE_FLOAT, TYPE_DOUBLE, 1},
    {GRAPH_POINTWISE_OPERATION, 750, TYPE_DESCRIPTOR, -1, 1},
    {GRAPH_POINTWISE_OPERATION, 751, TYPE_DESCRIPTOR, -1, 1},
    {GRAPH_POINTWISE_OPERATION, 752, TYPE_DESCRIPTOR, -1, 1},
    {GRAPH_POINTWISE_OPERATION, 753, TYPE_DESCRIPTOR, -1, 1},
    {GRAPH_POINTWISE_OPERATION, 754, TYPE_FLOAT, TYPE_DOUBLE, 1},
    {GRAPH_POINTWISE_OPERATION, 755, TYPE_FLOAT, TYPE_DOUBLE, 1}, {GRAPH_TENSOR, 900, TYPE_INT64, -1, 1},
    {GRAPH_TENSOR, 901, TYPE_DATA, -1, 1}, {GRAPH_TENSOR, 902, TYPE_INT64, -1, 8},
    {GRAPH_TENSOR, 903, TYPE_INT64, -1, 8}, {GRAPH_TENSOR, 906, TYPE_INT64, -1, 1},
    {GRAPH_TENSOR, 907, TYPE_BOOL, -1, 1}, {GRAPH_CONVOLUTION, 100, TYPE_DATA, -1, 1},
    {GRAPH_CONVOLUTION, 101, TYPE_MODE, -1, 1}, {GRAPH_CONVOLUTION, 102, TYPE_INT64, -1, 8},
    {GRAPH_CONVOLUTION, 103, TYPE_INT64, -1, 8}, {GRAPH_CONVOLUTION, 104, TYPE_INT64, -1, 8},
    {GRAPH_CONVOLUTION, 105, TYPE_INT64, -1, 8}, {GRAPH_CONVOLUTION, 106, TYPE_INT64, -1, 1},
    {GRAPH_OPERATION, 700, TYPE_FLOAT, TYPE_DOUBLE, 1}, {GRAPH_OPERATION, 701, TYPE_FLOAT, TYPE_DOUBLE, 1},
    {GRAPH_OPERATION, 702, TYPE_DESCRIPTOR, -1, 1}, {GRAPH_OPERATION, 703, TYPE_DESCRIPTOR, -1, 1},
    {GRAPH_OPERATION, 704, TYPE_DESCRIPTOR, -1, 1}, {GRAPH_OPERATION, 705, TYPE_DESCRIPTOR, -1, 1},
    {GRAPH_GRAPH, 800, TYPE_HANDLE, -1, 1}, {GRAPH_GRAPH, 801, TYPE_DESCRIPTOR, -1, 8},
    {GRAPH_HEURISTIC, 200, TYPE_HEURISTIC, -1, 1}, {GRAPH_HEURISTIC, 201, TYPE_DESCRIPTOR, -1, 1},
    {GRAPH_PLAN, 400, TYPE_HANDLE, -1, 1}, {GRAPH_PLAN, 401, TYPE_DESCRIPTOR, -1, 1},
    {GRAPH_PACK, 1000, TYPE_INT64, -1, 16}, {GRAPH_PACK, 1001, TYPE_POINTER, -1, 16},
    {GRAPH_PACK, 1003, TYPE_POINTER, -1, 1}};

static size_t bytes_of(int type) {
    switch (type) {
    case TYPE_DATA:
    case TYPE_FLOAT:
    case TYPE_MODE:
    case TYPE_HEURISTIC:
    case TYPE_POINTWISE:
    case TYPE_NOTE: return 4;
    case TYPE_BOOL: return 1;
    default: return 8;
    }
}

const void *graph_get(const graph_descriptor *descriptor, int name, int64_t *out_count) {
    for (int i = 0; i < descriptor->attributes; i++)
        if (descriptor->attribute[i].name == name) {
            *out_count = descriptor->attribute[i].count;
            return descriptor->attribute[i].bytes;
        }
    *out_count = 0;
    return NULL;
}

const graph_descriptor *graph_child(const graph_descriptor *descriptor, int name, int type) {
    int64_t count;
    const void *bytes = graph_get(descriptor, name, &count);
    void *handle;
    if (bytes == NULL || count != 1)
        return NULL;
    memcpy(&handle, bytes, sizeof handle);
    const graph_descriptor *child = sim_handle_get(handle, GRAPH_KIND);
    return child != NULL && child->type == type && child->is_final ? child : NULL;
}

static bool is_known_type(int type) {
    return (type >= GRAPH_POINTWISE && type <= GRAPH_PLAN) || type == GRAPH_OPERATION ||
           type == GRAPH_POINTWISE_OPERATION || (type >= GRAPH_GRAPH && type <= GRAPH_TENSOR);
}

SIM_API int DNN(BackendCreateDescriptor)(int type, void **out_descriptor) {
    int code = sim_enter(__func__);
    if (code == 0 && out_descriptor == NULL)
        code = GRAPH_NULL;
    if (code == 0 && !is_known_type(type))
        code = GRAPH_UNSUPPORTED;
    if (code == 0) {
        void *object;
        *out_descriptor = sim_handle_make(GRAPH_KIND, sizeof(graph_descriptor), &object);
        *(graph_descriptor *)object = (graph_descriptor){.type = type};
    }
    return sim_leave(code);
}

SIM_API int DNN(BackendDestroyDescriptor)(void *descriptor) {
    int code = sim_enter_apart(__func__);
    if (code == 0 && sim_handle_get(descriptor, GRAPH_KIND) == NULL)
        code = GRAPH_INVALID;
    if (code == 0)
        sim_handle_destroy(descriptor);
    return sim_leave(code);
}

static int set(graph_descriptor *one, int name, int type, int64_t count, const void *elements) {
    const known *found = NULL;
    for (size_t i = 0; i < sizeof settable / sizeof settable[0]; i++)
        if (settable[i].descriptor == one->type && settable[i].name == name)
            found = &settable[i];
    if (found == NULL)
        return GRAPH_INVALID;
    if (type != found->type && type != found->also)
        return GRAPH_ATTRIBUTE_TYPE;
    if (elements == NULL)
        return GRAPH_NULL;
    if (count < 1 || count > found->most)
        return GRAPH_INVALID;
    int at = 0;
    while (at < one->attributes && one->attribute[at].name != name)
        at++;
    one->attributes += at == one->attributes;
    one->attribute[at] = (graph_attribute){.name = name, .count = count};
    memcpy(one->attribute[at].bytes, elements, (size_t)count * bytes_of(type));
    if (type == TYPE_DOUBLE) { /* kept as float: 1 and 0 are all that is ever said */
        double value;
        memcpy(&value, elements, sizeof value);
        float single = (float)value;
        memcpy(one->attribute[at].bytes, &single, sizeof single);
    }
    return 0;
}

SIM_API int DNN(BackendSetAttribute)(
    void *descriptor, int name, int type, int64_t count, const void *elements) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    graph_descriptor *one = sim_handle_get(descriptor, GRAPH_KIND);
    if (one == NULL || one->is_final)
        return sim_leave(GRAPH_INVALID);
    return sim_leave(set(one, name, type, count, elements));
}

SIM_API int DNN(BackendFinalize)(void *descriptor) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    graph_descriptor *one = sim_handle_get(descriptor, GRAPH_KIND);
    if (one == NULL || one->is_final)
        return sim_leave(GRAPH_INVALID);
    code = graph_finalize(one);
    one->is_final = code == 0;
    return sim_leave(code);
}
