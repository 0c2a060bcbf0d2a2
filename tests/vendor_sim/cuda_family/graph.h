/*
 * The graph interface of cuDNN 9: descriptors with numbered attributes, of a convolution, behind which a bias
 * and another tensor may be added and an activation may come, in this order or the first two the other way
 * round. Settings: graph_engines (3): engine 0 rounds f32 to tf32, 1 does not, from 2 on they want workspace;
 * graph_refuse=N: the plan of engine N cannot be made.
 */
#ifndef TESTS_VENDOR_SIM_CUDA_FAMILY_GRAPH_H
#define TESTS_VENDOR_SIM_CUDA_FAMILY_GRAPH_H

#include "tests/vendor_sim/cuda_family/dnn.h"

#define GRAPH_KIND "dnn_graph_descriptor"
#define GRAPH_ATTRIBUTES 10
#define GRAPH_BYTES 128 /* of one attribute */

enum {
    GRAPH_NULL = 2002,
    GRAPH_NOT_FINALIZED = 2004,
    GRAPH_ATTRIBUTE_TYPE = 2010,
    GRAPH_DESCRIPTOR_TYPE = 2012,
    GRAPH_INVALID = 2000,
    GRAPH_SHAPE = 2008,
    GRAPH_UNSUPPORTED = 3000
};

/* Types of descriptors. */
enum {
    GRAPH_POINTWISE = 0,
    GRAPH_CONVOLUTION = 1,
    GRAPH_ENGINE = 2,
    GRAPH_CONFIG = 3,
    GRAPH_HEURISTIC = 4,
    GRAPH_PLAN = 5,
    GRAPH_OPERATION = 10,
    GRAPH_POINTWISE_OPERATION = 13,
    GRAPH_GRAPH = 15,
    GRAPH_PACK = 16,
    GRAPH_TENSOR = 17
};

typedef struct graph_attribute {
    int name;
    int64_t count;
    char bytes[GRAPH_BYTES];
} graph_attribute;

/** A tensor of four dimensions. */
typedef struct graph_tensor {
    dnn_tensor tensor;
    int64_t id;
    bool is_virtual; /* not in memory */
} graph_tensor;

/** The convolution with all it needs; `conv` without addresses. Ids of bias and z count only if there is one
 * (conv.bias.dtype, conv.beta). compute: an element type. */
typedef struct graph_node {
    graph_tensor y;
    int64_t x_id, w_id, bias_id, z_id;
    uint32_t compute;
    sim_conv conv;
} graph_node;

/** node: of operations and of what is made of them. */
typedef struct graph_descriptor {
    int type, engine;
    bool is_final;
    graph_attribute attribute[GRAPH_ATTRIBUTES];
    int attributes;
    graph_node node;
    uint64_t workspace;
} graph_descriptor;

/** An attribute's elements, NULL if it is not set. */
const void *graph_get(const graph_descriptor *descriptor, int name, int64_t *out_count);
/** A finalized descriptor of that type behind attribute `name`; NULL if there is none. */
const graph_descriptor *graph_child(const graph_descriptor *descriptor, int name, int type);
/** All of a tensor's attributes; false: one is missing, or wrong. */
bool graph_tensor_of(const graph_descriptor *descriptor, graph_tensor *out);
/** Small ones; false: not set, or another number of them. */
bool graph_get_int32(const graph_descriptor *descriptor, int name, int *out);
bool graph_get_int64(const graph_descriptor *descriptor, int name, int64_t wanted, int64_t *out);
/** Check a pointwise descriptor, and the operation of one. */
int graph_finalize_pointwise(const graph_descriptor *descriptor);
int graph_finalize_step(const graph_descriptor *descriptor);
/** The operations of a graph as one node; 0, or the status. */
int graph_join(const graph_descriptor *graph, graph_node *out);
/** Check a descriptor that is complete; 0, or the status. */
int graph_finalize(graph_descriptor *descriptor);

#endif
