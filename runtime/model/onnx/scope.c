#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/onnx/limits.h"
#include "runtime/model/onnx/reader.h"

const char *sy_reader_text(const char *text) {
    return text != NULL ? text : "";
}

sy_status sy_reader_no_memory(const sy_reader *reader) {
    return sy_error_set(reader->err, SY_OUT_OF_MEMORY, "no memory for the graph");
}

bool sy_reader_has_room(const sy_reader *reader) {
    return reader->err != NULL && strlen(reader->err->text) < sizeof reader->err->text / 2;
}

sy_status sy_reader_spend(sy_reader *reader, uint64_t bytes) {
    if (reader->calls == 0)
        return SY_OK; /* bounded by the file */
    reader->call_bytes += bytes;
    if (reader->call_bytes > SY_ONNX_MAX_CALL_BYTES)
        return sy_error_set(reader->err, SY_OVERFLOW,
            "calls of functions make more than %llu bytes of copies",
            (unsigned long long)SY_ONNX_MAX_CALL_BYTES);
    return SY_OK;
}

sy_status sy_reader_keep(sy_reader *reader, const char *text, const char **out_copy) {
    size_t length = strlen(sy_reader_text(text));
    sy_status status = sy_reader_spend(reader, length);
    if (status != SY_OK)
        return status;
    *out_copy = sy_net_arena_text(reader->arena, text, length);
    return *out_copy != NULL ? SY_OK : sy_reader_no_memory(reader);
}

void *sy_reader_append(sy_reader *reader, void *array, uint32_t count, uint32_t *room, size_t bytes) {
    if (count < *room)
        return array;
    uint32_t wanted = *room == 0 ? 16 : *room * 2;
    void *fresh = sy_net_arena_array(&reader->scratch, wanted, bytes);
    if (fresh == NULL)
        return NULL;
    if (count > 0)
        memcpy(fresh, array, count * bytes);
    *room = wanted;
    return fresh;
}

/* The name that a value of this scope has in the graph. */
static sy_status full_name(
    sy_reader *reader, const sy_scope *scope, const char *name, const char **out_name) {
    size_t prefix = strlen(scope->prefix), length = strlen(name);
    if (prefix == 0)
        return sy_reader_keep(reader, name, out_name);
    sy_status status = sy_reader_spend(reader, prefix + length);
    char *text = status == SY_OK ? sy_net_arena_alloc(reader->arena, prefix + length + 1) : NULL;
    if (status == SY_OK && text == NULL)
        return sy_reader_no_memory(reader);
    if (status == SY_OK) {
        memcpy(text, scope->prefix, prefix);
        memcpy(text + prefix, name, length);
    }
    *out_name = text;
    return status;
}

static sy_status add_name(sy_reader *reader, sy_scope *scope, const char *name, uint32_t value) {
    uint32_t other = 0;
    if (sy_names_find(&scope->names, name, &other))
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "two values are called '%s'", name);
    return sy_names_add(&scope->names, name, value) ? SY_OK : sy_reader_no_memory(reader);
}

sy_status sy_scope_declare(sy_reader *reader, sy_scope *scope, const char *name, uint32_t *out_value) {
    const char *full = "";
    if (reader->n_value++ == SY_ONNX_MAX_NAMES)
        return sy_error_set(reader->err, SY_OVERFLOW, "more than %u values", SY_ONNX_MAX_NAMES);
    sy_status status = name[0] != '\0' ? full_name(reader, scope, name, &full) : SY_OK;
    if (status == SY_OK)
        status = sy_net_value_add(scope->graph, full, out_value, reader->err);
    if (status != SY_OK || name[0] == '\0')
        return status;
    status = add_name(reader, scope->owner, full, *out_value);
    /* In a body its own name too; a message's text lives as long as the reader. */
    return status == SY_OK && scope->owner != scope ? add_name(reader, scope, name, *out_value) : status;
}

/* A value of the graph around becomes one of this graph. */
static sy_status capture(
    sy_reader *reader, sy_scope *scope, const char *name, uint32_t outer, uint32_t *out_value) {
    sy_net_graph *graph = scope->graph;
    uint32_t room = scope->capture_room;
    sy_net_capture *list = sy_reader_append(reader, graph->capture, graph->n_capture, &room, sizeof *list);
    uint32_t *indexes =
        sy_reader_append(reader, scope->outer, graph->n_capture, &scope->capture_room, sizeof *indexes);
    if (list == NULL || indexes == NULL)
        return sy_reader_no_memory(reader);
    graph->capture = list;
    scope->outer = indexes;
    sy_status status = sy_scope_declare(reader, scope, name, out_value);
    if (status != SY_OK)
        return status;
    list[graph->n_capture] = (sy_net_capture){*out_value, scope->around->graph->value[outer].name};
    indexes[graph->n_capture++] = outer;
    return SY_OK;
}

/* *out_is_found false: nobody knows the name. Graphs lie within each other as deep as messages do, at most.
 */
static sy_status look_up(
    sy_reader *reader, sy_scope *scope, const char *name, uint32_t *out_value, bool *out_is_found) {
    uint32_t outer = SY_NET_NONE;
    *out_is_found = sy_names_find(&scope->names, name, out_value);
    if (*out_is_found || scope->around == NULL)
        return SY_OK;
    sy_status status = look_up(reader, scope->around, name, &outer, out_is_found);
    if (status != SY_OK || !*out_is_found)
        return status;
    if (outer != SY_NET_NONE)
        return capture(reader, scope, name, outer, out_value);
    *out_value = SY_NET_NONE;
    return SY_OK;
}

sy_status sy_scope_find(sy_reader *reader, sy_scope *scope, const char *name, uint32_t *out_value) {
    bool is_found = false;
    *out_value = SY_NET_NONE;
    if (name[0] == '\0')
        return SY_OK;
    sy_status status = look_up(reader, scope, name, out_value, &is_found);
    if (status == SY_OK && !is_found)
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "'%s' is read, and nothing makes it", name);
    return status;
}

sy_status sy_scope_note_edge(sy_reader *reader, sy_scope *scope, uint32_t node, uint32_t value) {
    sy_scope *owner = scope->owner;
    sy_onnx_edge *edge =
        sy_reader_append(reader, owner->edge, owner->n_edge, &owner->edge_room, sizeof *edge);
    if (edge == NULL)
        return sy_reader_no_memory(reader);
    owner->edge = edge;
    edge[owner->n_edge++] = (sy_onnx_edge){node, value};
    return SY_OK;
}

sy_status sy_scope_opset(
    const sy_reader *reader, const sy_scope *scope, const char *domain, uint32_t *out_opset) {
    for (size_t i = 0; i < scope->n_import; i++) {
        const char *other = sy_reader_text(scope->import[i]->domain);
        int64_t version = scope->import[i]->version;
        if (strcmp(strcmp(other, "ai.onnx") == 0 ? "" : other, domain) != 0)
            continue;
        if (version < 1 || version > INT32_MAX)
            return sy_error_set(
                reader->err, SY_INVALID_ARGUMENT, "opset %lld of domain '%s'", (long long)version, domain);
        if (domain[0] == '\0' && version > SY_ONNX_NEWEST_OPSET)
            return sy_error_set(reader->err, SY_UNSUPPORTED, "opset %lld; the newest that is known is %d",
                (long long)version, SY_ONNX_NEWEST_OPSET);
        *out_opset = (uint32_t)version;
        return SY_OK;
    }
    if (domain[0] == '\0')
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "no opset of the default domain is imported");
    *out_opset = 1; /* files that leave out other domains are common */
    return SY_OK;
}
