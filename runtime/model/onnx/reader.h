/*
 * From the parsed messages of a model to its graph. One reader a file; its parts are read_graph.c,
 * read_node.c, read_attribute.c, read_function.c, read_value.c, and scope.c, which finds values by their
 * names.
 */
#ifndef RUNTIME_MODEL_ONNX_READER_H
#define RUNTIME_MODEL_ONNX_READER_H

#include "onnx.pb-c.h"
#include "runtime/model/graph/graph.h"
#include "runtime/model/onnx/missing.h"
#include "runtime/model/onnx/names.h"
#include "runtime/model/onnx/order.h"
#include "runtime/model/onnx/read_tensor.h"

/** Producer of a value that some node will make, but has not been read yet. */
#define SY_SCOPE_PROMISED (SY_NET_NONE - 1)

/**
 * A reader.
 *
 * arena    of the graph; scratch: of what is only needed while reading.
 * calls    functions that are being read within each other.
 * n_node, n_value, call_bytes  of all graphs, against the limits.
 */
typedef struct sy_reader {
    sy_net_arena *arena, scratch;
    sy_onnx_source source;
    const SyPb__Model *model;
    sy_missing missing;
    unsigned char key[SY_NAMES_KEY_BYTES];
    uint32_t calls, n_node, n_value;
    uint64_t call_bytes;
    sy_error *err;
} sy_reader;

/**
 * Names that nodes may use: of a graph, or of a function's body that becomes part of a graph.
 *
 * around    where names are looked for that are not here; NULL: nowhere.
 * owner     scope of `graph` itself: this one, or that of the graph which a body becomes part of.
 * prefix    of the names that a body's values get, "" in graphs.
 * import    opsets.
 * given     attributes of the call, for those of a body that refer to them.
 * outer     of each capture of the graph: the index of the value in the graph around.
 * edge      what nodes of the graph read through graphs of their own.
 */
typedef struct sy_scope {
    struct sy_scope *around, *owner;
    sy_net_graph *graph;
    sy_names names;
    const char *prefix;
    SyPb__Import **import;
    size_t n_import;
    const sy_net_attr *given;
    uint32_t n_given, capture_room, edge_room, n_edge;
    uint32_t *outer;
    sy_onnx_edge *edge;
} sy_scope;

/** "" for NULL. */
const char *sy_reader_text(const char *text);

/** A copy in the graph's arena. */
sy_status sy_reader_keep(sy_reader *reader, const char *text, const char **out_copy);

/** Account for `bytes` that are copied because a function is called. SY_OVERFLOW. */
sy_status sy_reader_spend(sy_reader *reader, uint64_t bytes);

/** Whether the error has room for a place before it: of graphs deep within graphs the innermost are told. */
bool sy_reader_has_room(const sy_reader *reader);

/** SY_OUT_OF_MEMORY with a text. */
sy_status sy_reader_no_memory(const sy_reader *reader);

/** Append an entry to an array of the scratch arena; NULL without memory. */
void *sy_reader_append(sy_reader *reader, void *array, uint32_t count, uint32_t *room, size_t bytes);

/** A new value under a name that the scope must not have yet ("": no name). */
sy_status sy_scope_declare(sy_reader *reader, sy_scope *scope, const char *name, uint32_t *out_value);

/** The value of a name, taken from the graphs around if it is there; SY_NET_NONE for an input of a function
 * that the call left out. SY_INVALID_ARGUMENT: there is none. */
sy_status sy_scope_find(sy_reader *reader, sy_scope *scope, const char *name, uint32_t *out_value);

/** Note that node `node` of the scope's graph reads `value` of it through a graph of its own. */
sy_status sy_scope_note_edge(sy_reader *reader, sy_scope *scope, uint32_t node, uint32_t value);

/** The imported opset of a domain; SY_INVALID_ARGUMENT if the default one is not imported. */
sy_status sy_scope_opset(
    const sy_reader *reader, const sy_scope *scope, const char *domain, uint32_t *out_opset);

/** A graph; around: NULL for the main one. `node`: the index that its node will have in the graph around. */
sy_status sy_reader_graph(
    sy_reader *reader, const SyPb__Graph *message, sy_scope *around, uint32_t node, sy_net_graph **out_graph);

/** Nodes into the scope's graph, those of called functions with them. */
sy_status sy_reader_nodes(sy_reader *reader, sy_scope *scope, SyPb__Node **message, size_t count);

/** Add a node whose ports and attributes are known; outputs that it leaves out get values of their own. */
sy_status sy_reader_add_node(sy_reader *reader, sy_scope *scope, sy_net_node *node);

/** Attributes of a node, in the arena. */
sy_status sy_reader_attributes(sy_reader *reader, sy_scope *scope, SyPb__Attribute **message, size_t count,
    const sy_net_attr **out_attr, uint32_t *out_count);

/** Type and extents of an input or output. */
sy_status sy_reader_type(sy_reader *reader, const SyPb__ValueInfo *message, sy_net_value *value);

/** The function that a node calls; NULL: it is an operator. */
const SyPb__Function *sy_reader_function(const sy_reader *reader, const SyPb__Node *message);

/** The body of a function in place of a node whose ports (values of the scope's graph) and attributes are
 * known. */
sy_status sy_reader_call(
    sy_reader *reader, sy_scope *scope, const SyPb__Function *function, const sy_net_node *node);

#endif
