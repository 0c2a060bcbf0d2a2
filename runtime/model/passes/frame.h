/* A graph that is being written out: which value of it is which of the flat graph. */
#ifndef RUNTIME_MODEL_PASSES_FRAME_H
#define RUNTIME_MODEL_PASSES_FRAME_H

#include "runtime/model/passes/writer.h"

/** Graphs in graphs go no deeper. */
#define SY_NET_FRAMES_MAX 64u

/** Longest prefix of the names of inner nodes. */
#define SY_NET_PREFIX_MAX 160u

/**
 * map     for each value of `graph` its index in the written graph, SY_NET_NONE while it is not made.
 * name    values that have one, sorted by it; made when first asked for.
 * outer   the graph around, NULL for the network's own.
 * depth   graphs around.
 * prefix  "Loop 3/12/": before the names of nodes.
 */
typedef struct sy_net_frame {
    const sy_net_graph *graph;
    struct sy_net_frame *outer;
    uint32_t depth, n_name;
    uint32_t *map;
    struct sy_net_frame_name *name;
    char prefix[SY_NET_PREFIX_MAX];
} sy_net_frame;

/**
 * Begin on `graph`; what it captures has to be made already. Close it after an error as well.
 * Errors  SY_OUT_OF_MEMORY; SY_UNSUPPORTED: too deep; SY_INVALID_ARGUMENT: a capture that is nowhere.
 */
sy_status sy_net_frame_open(sy_net_writer *writer, const sy_net_graph *graph, sy_net_frame *outer,
    sy_net_frame *frame, sy_error *err);
void sy_net_frame_close(sy_net_frame *frame);

/** Set frame->prefix to that of `outer`, `name` and (round >= 0) its number; too long a one is cut. */
void sy_net_frame_enter(sy_net_frame *frame, const sy_net_frame *outer, const char *name, int64_t round);

/** The written value of `value`; constants are written when first asked for. SY_NET_NONE stays so.
 * Errors  SY_INVALID_ARGUMENT: it is used before it is made; SY_OUT_OF_MEMORY. */
sy_status sy_net_frame_value(
    sy_net_writer *writer, sy_net_frame *frame, uint32_t value, uint32_t *out_index, sy_error *err);

/** frame->prefix and `name`, in the arena (`name` itself without a prefix). SY_OUT_OF_MEMORY: NULL. */
const char *sy_net_frame_text(const sy_net_writer *writer, const sy_net_frame *frame, const char *name);

#endif
