/* Images with channels last that lie within each other. */
#ifndef RUNTIME_MODEL_PASSES_CHANNELS_H
#define RUNTIME_MODEL_PASSES_CHANNELS_H

#include "runtime/model/passes/edit.h"

/** Whether a node is operator `name` (Concat, Split) along the channels of images with channels last. */
bool sy_net_is_along_channels(const sy_net_graph *graph, const sy_net_node *node, const char *name);

/** Whether a value can become a part: nobody else's (no port of the graph, no part yet), channels last, made
 * by a node that writes with any pitch. */
bool sy_net_may_be_part(sy_net_edit *edit, uint32_t value);

/**
 * Whether a convolution would read and write the same memory, were `part` (with what lies in it) to lie in
 * the memory of `whole`: other channels of it, but devices refuse operands whose bytes are mixed with the
 * output's. True as well for networks of more than SY_NET_MANY_NODES, where this is not looked for.
 */
#define SY_NET_MANY_NODES 8192u
bool sy_net_would_meet(const sy_net_graph *graph, uint32_t part, uint32_t whole);

/** Make it one: channels from `offset` on of `whole`. Its pitch is set by sy_net_set_pitches(). */
void sy_net_make_part(sy_net_edit *edit, uint32_t value, uint32_t whole, int64_t offset);

/** Every part has the pitch of the outermost whole it lies in. */
void sy_net_set_pitches(sy_net_graph *graph);

#endif
