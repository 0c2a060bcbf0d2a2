/*
 * A network as a graph: values (tensors), nodes (operators), attributes. What the importer makes, what passes
 * rewrite, what the executor reads. Plain data; everything belongs to the graph's arena and goes with it.
 *
 * Threads. A graph that nobody changes may be read by any number of threads.
 */
#ifndef RUNTIME_MODEL_GRAPH_GRAPH_H
#define RUNTIME_MODEL_GRAPH_GRAPH_H

#include "runtime/model/graph/arena.h"
#include "runtime/model/graph/tensor.h"
#include "steelyard/problem.h"

/** Index of "no value": an optional input that is left out. */
#define SY_NET_NONE UINT32_MAX

/** Flags of a value. */
enum {
    SY_NET_INPUT = 1,  /* given by the caller of the network */
    SY_NET_OUTPUT = 2, /* read by the caller */
    SY_NET_CONST = 4,  /* tensor.data is its value, packed row-major, never written to (is_last only where a
                          pass has put it so); aligned to its elements but in graphs of the importer */
    SY_NET_PART = 8,   /* lies in the memory of value `whole` */
};

/**
 * A tensor of the graph.
 *
 * name         as in the file; "" for one that has none. Unique among named ones.
 * tensor       type and extents as far as known; data if SY_NET_CONST.
 * dim_name     symbol of an extent ("batch"), NULL if it has none; inputs and outputs only, else NULL.
 * producer     node that makes it, SY_NET_NONE for inputs and constants.
 * whole        SY_NET_PART only: the value, itself no part of this one, whose memory holds this one from
 *              element `offset` on, pixel by pixel: both are is_last, of one type and pitch, and the channels
 *              of this one are the `whole`'s from `offset` on. Who makes a part writes it there.
 */
typedef struct sy_net_value {
    const char *name;
    uint32_t flags, producer;
    sy_net_tensor tensor;
    const char **dim_name;
    uint32_t whole;
    int64_t offset;
} sy_net_value;

/** Kinds of attributes; numbers of AttributeProto.AttributeType. */
enum {
    SY_NET_FLOAT = 1,
    SY_NET_INT = 2,
    SY_NET_TEXT = 3,
    SY_NET_TENSOR = 4,
    SY_NET_GRAPH = 5,
    SY_NET_FLOATS = 6,
    SY_NET_INTS = 7,
    SY_NET_TEXTS = 8,
};

/**
 * An attribute. `count` entries of the array that goes with `kind`: one for FLOAT, INT, TEXT, TENSOR, GRAPH.
 * Texts end in 0; a text may hold a 0 itself and is then cut there.
 */
typedef struct sy_net_attr {
    const char *name;
    uint32_t kind;
    size_t count;
    const float *f;
    const int64_t *i;
    const char *const *text;
    const sy_net_tensor *tensor;
    const struct sy_net_graph *graph;
} sy_net_attr;

/**
 * What follows a product in place, as sy_post; `value` is the operand in the graph, SY_NET_NONE if none. The
 * operand is also an input of the node, after all that the operator knows (from op->max_in on; inputs of the
 * operator that are left out before it are SY_NET_NONE), so that run() meets its data.
 */
typedef struct sy_net_post {
    uint32_t kind, value; /* SY_POST_* */
    float a, b;
} sy_net_post;

/**
 * An operator. Inputs and outputs are indexes of values, SY_NET_NONE where left out.
 *
 * op      its row in the table of operators (runtime/model/ops/op.h).
 * opset   version of its domain in the file.
 * name    as in the file, or made ("Conv 12"): never "".
 * state   the operator's own: what its infer() made of the attributes. NULL before.
 * post    applied to output 0, in order, before it is rounded; only nodes with SY_NET_OP_POSTS have any.
 */
typedef struct sy_net_node {
    const struct sy_net_op *op;
    const char *name;
    uint32_t opset, n_in, n_out, n_attr, n_post;
    uint32_t *in, *out;
    const sy_net_attr *attr;
    sy_net_post post[SY_MAX_POSTS];
    const void *state;
} sy_net_node;

/** An inner value of a sub-graph (a branch, a loop's body) that is one of the graph around it. */
typedef struct sy_net_capture {
    uint32_t inner;   /* value of the sub-graph */
    const char *name; /* of the outer value, in the nearest graph around that has it */
} sy_net_capture;

/**
 * A graph: nodes in an order in which every value is made before it is used.
 *
 * input, output  indexes of values in the file's order. Constants (initialisers) are no inputs, even where
 *                the file lists them as such.
 */
typedef struct sy_net_graph {
    sy_net_arena *arena; /* of the whole network; sub-graphs share it */
    const char *name;
    uint32_t n_value, n_node, n_input, n_output, n_capture;
    uint32_t value_room, node_room;
    sy_net_value *value;
    sy_net_node *node;
    uint32_t *input, *output;
    sy_net_capture *capture;
} sy_net_graph;

/** Append an empty value or node; *out_index may be NULL for the node. SY_OUT_OF_MEMORY. Pointers into the
 * array that grows become invalid. */
sy_status sy_net_value_add(sy_net_graph *graph, const char *name, uint32_t *out_index, sy_error *err);
sy_status sy_net_node_add(sy_net_graph *graph, sy_net_node **out_node, sy_error *err);

/** The attribute of that name, NULL if the node has none. */
const sy_net_attr *sy_net_attr_find(const sy_net_node *node, const char *name);

/** Its one number or text, `otherwise` if it is absent or of another kind. */
int64_t sy_net_attr_int(const sy_net_node *node, const char *name, int64_t otherwise);
float sy_net_attr_float(const sy_net_node *node, const char *name, float otherwise);
const char *sy_net_attr_text(const sy_net_node *node, const char *name, const char *otherwise);

/** Its list of integers: *out_count of them, NULL if it is absent or of another kind. */
const int64_t *sy_net_attr_ints(const sy_net_node *node, const char *name, size_t *out_count);

#endif
