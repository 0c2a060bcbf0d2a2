/* Attributes of nodes: numbers, texts, tensors, graphs, and references to those of a call. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/onnx/reader.h"

/* AttributeProto.AttributeType beyond those of the graph. */
static const char *name_of_kind(int32_t kind) {
    static const char *const names[] = {"undefined", "FLOAT", "INT", "STRING", "TENSOR", "GRAPH", "FLOATS",
        "INTS", "STRINGS", "TENSORS", "GRAPHS", "SPARSE_TENSOR", "SPARSE_TENSORS", "TYPE_PROTO",
        "TYPE_PROTOS"};
    return kind >= 0 && kind < (int32_t)(sizeof names / sizeof names[0]) ? names[kind] : "unknown";
}

/* Files older than IR version 3 have no types: what is there tells. */
static int32_t kind_of(const SyPb__Attribute *message) {
    if (message->has_type && message->type != 0)
        return message->type;
    if (message->t != NULL)
        return SY_NET_TENSOR;
    if (message->g != NULL)
        return SY_NET_GRAPH;
    if (message->n_floats > 0)
        return SY_NET_FLOATS;
    if (message->n_ints > 0)
        return SY_NET_INTS;
    if (message->n_strings > 0)
        return SY_NET_TEXTS;
    if (message->has_f)
        return SY_NET_FLOAT;
    return message->has_s ? SY_NET_TEXT : SY_NET_INT;
}

/* `count` entries into the arena; never NULL but without memory. */
static sy_status keep_array(
    sy_reader *reader, const void *array, size_t count, size_t bytes, const void **out) {
    sy_status status = sy_reader_spend(reader, count * bytes);
    if (status != SY_OK)
        return status;
    void *copy = sy_net_arena_array(reader->arena, count, bytes);
    if (copy == NULL)
        return sy_reader_no_memory(reader);
    if (count > 0)
        memcpy(copy, array, count * bytes);
    *out = copy;
    return SY_OK;
}

static sy_status keep_texts(
    sy_reader *reader, const ProtobufCBinaryData *text, size_t count, const char *const **out_text) {
    const char **list = sy_net_arena_array(reader->arena, count, sizeof *list);
    if (list == NULL)
        return sy_reader_no_memory(reader);
    for (size_t i = 0; i < count; i++) {
        sy_status status = sy_reader_spend(reader, text[i].len);
        if (status != SY_OK)
            return status;
        list[i] = sy_net_arena_text(reader->arena, (const char *)text[i].data, text[i].len);
        if (list[i] == NULL)
            return sy_reader_no_memory(reader);
    }
    *out_text = list;
    return SY_OK;
}

static sy_status keep_tensor(
    sy_reader *reader, const SyPb__Tensor *message, const sy_net_tensor **out_tensor) {
    sy_net_tensor *tensor = sy_net_arena_alloc(reader->arena, sizeof *tensor);
    if (message == NULL)
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "has no tensor");
    if (tensor == NULL)
        return sy_reader_no_memory(reader);
    sy_status status = sy_onnx_read_tensor(&reader->source, message, tensor, reader->err);
    if (status == SY_OK)
        status = sy_reader_spend(reader, sy_net_bytes(tensor));
    *out_tensor = tensor;
    return status;
}

static sy_status keep_graph(
    sy_reader *reader, sy_scope *scope, const SyPb__Graph *message, const sy_net_graph **out_graph) {
    sy_net_graph *graph = NULL;
    if (message == NULL)
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "has no graph");
    sy_status status = sy_reader_graph(reader, message, scope, scope->graph->n_node, &graph);
    *out_graph = graph;
    return status;
}

static sy_status read_value(
    sy_reader *reader, sy_scope *scope, const SyPb__Attribute *message, sy_net_attr *out) {
    out->count = 1;
    switch (out->kind) {
    case SY_NET_FLOAT: return keep_array(reader, &message->f, 1, sizeof message->f, (const void **)&out->f);
    case SY_NET_INT: return keep_array(reader, &message->i, 1, sizeof message->i, (const void **)&out->i);
    case SY_NET_TEXT: return keep_texts(reader, &message->s, 1, &out->text);
    case SY_NET_TENSOR: return keep_tensor(reader, message->t, &out->tensor);
    case SY_NET_GRAPH: return keep_graph(reader, scope, message->g, &out->graph);
    case SY_NET_FLOATS:
        out->count = message->n_floats;
        return keep_array(
            reader, message->floats, out->count, sizeof *message->floats, (const void **)&out->f);
    case SY_NET_INTS:
        out->count = message->n_ints;
        return keep_array(reader, message->ints, out->count, sizeof *message->ints, (const void **)&out->i);
    case SY_NET_TEXTS:
        out->count = message->n_strings;
        return keep_texts(reader, message->strings, out->count, &out->text);
    default:
        return sy_error_set(
            reader->err, SY_UNSUPPORTED, "is of kind %s (%u)", name_of_kind((int32_t)out->kind), out->kind);
    }
}

/* One that stands for an attribute of the call; *out_is_there false: the call has none. */
static void refer(const sy_scope *scope, const char *wanted, sy_net_attr *out, bool *out_is_there) {
    const char *name = out->name;
    *out_is_there = false;
    for (uint32_t i = 0; i < scope->n_given; i++)
        if (strcmp(scope->given[i].name, wanted) == 0) {
            *out = scope->given[i];
            out->name = name;
            *out_is_there = true;
        }
}

static sy_status read_one(sy_reader *reader, sy_scope *scope, const SyPb__Attribute *message,
    sy_net_attr *out, bool *out_is_there) {
    const char *reference = sy_reader_text(message->ref_attr_name);
    *out = (sy_net_attr){.kind = (uint32_t)kind_of(message)};
    *out_is_there = true;
    sy_status status = sy_reader_keep(reader, message->name, &out->name);
    if (status != SY_OK)
        return status;
    if (reference[0] != '\0') {
        refer(scope, reference, out, out_is_there);
        return SY_OK;
    }
    status = read_value(reader, scope, message, out);
    if (status == SY_OK || !sy_reader_has_room(reader))
        return status;
    return sy_error_prefix(reader->err, status, "attribute '%s'", out->name);
}

sy_status sy_reader_attributes(sy_reader *reader, sy_scope *scope, SyPb__Attribute **message, size_t count,
    const sy_net_attr **out_attr, uint32_t *out_count) {
    sy_net_attr *attr = sy_net_arena_array(reader->arena, count, sizeof *attr);
    *out_attr = attr;
    *out_count = 0;
    if (attr == NULL)
        return sy_reader_no_memory(reader);
    sy_status status = sy_reader_spend(reader, count * sizeof *attr);
    for (size_t i = 0; i < count && status == SY_OK; i++) {
        bool is_there = false;
        status = read_one(reader, scope, message[i], &attr[*out_count], &is_there);
        *out_count += is_there ? 1 : 0;
    }
    return status;
}
