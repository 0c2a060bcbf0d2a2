/* A convolution and what follows it as a graph of operations of cuDNN's backend interface. */
#ifndef BACKENDS_CUDA_FAMILY_GRAPH_OPERATIONS_H
#define BACKENDS_CUDA_FAMILY_GRAPH_OPERATIONS_H

#include "backends/cuda_family/dnn_api.h"
#include "backends/cuda_family/stack.h"
#include "runtime/card/convolution.h"

#define CF_GRAPH_DESCRIPTORS_MAX 40u
#define CF_GRAPH_OPERANDS_MAX 8u

/** The alignment of operands that graphs are made for where nothing else is known. */
#define CF_GRAPH_ALIGNMENT 16u

/**
 * The graph. `code` is the first failure, 0 if there was none, and `what` was to be done then. `operand`:
 * indices of the task's tensors that take part; in the library, tensor i has the id i + 1.
 */
typedef struct cf_graph {
    const cf_dnn_api *api;
    const cf_dnn_row *row;
    void *handle;
    void *owned[CF_GRAPH_DESCRIPTORS_MAX];
    uint32_t owned_count, operand[CF_GRAPH_OPERANDS_MAX], operand_count, virtual_count, alignment;
    void *operations;
    int code;
    const char *what;
} cf_graph;

/**
 * Make the graph of `conv`, read from `task`. `graph` has api, row, handle and alignment (a power of two of
 * bytes that divides all addresses), zeros otherwise. Returns graph->code; free it in any case.
 */
int cf_graph_make(cf_graph *graph, const sy_card_convolution *conv, const sy_task *task);
void cf_graph_free(cf_graph *graph);

#endif
