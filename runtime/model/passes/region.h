/* Which nodes work on images with channels last. */
#ifndef RUNTIME_MODEL_PASSES_REGION_H
#define RUNTIME_MODEL_PASSES_REGION_H

#include "runtime/model/passes/edit.h"

/**
 * What a node of a region has channels last: nothing (it is outside); all its images; its input alone (a
 * Transpose to N H W C, which then is a view); its output alone (a Transpose from N H W C).
 */
enum { SY_NET_OUTSIDE = 0, SY_NET_INSIDE = 1, SY_NET_LEAVES = 2, SY_NET_ENTERS = 3 };

/**
 * The role of each node (edit->graph->n_node entries, in the edit's scratch). A region is what hangs together
 * by images (tensors of rank 4), of nodes that can work channels last, with a convolution in it. What cannot
 * stays outside. SY_OUT_OF_MEMORY.
 */
sy_status sy_net_region(sy_net_edit *edit, uint8_t **out_role, sy_error *err);

/** Whether input or output `port` of a node with that role is an image that has channels last. */
bool sy_net_region_in(const sy_net_graph *graph, const sy_net_node *node, uint8_t role, uint32_t port);
bool sy_net_region_out(const sy_net_graph *graph, const sy_net_node *node, uint8_t role, uint32_t port);

#endif
