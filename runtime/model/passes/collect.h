/* What the rounds of a loop make, piece by piece, and joining the pieces along a new dimension. */
#ifndef RUNTIME_MODEL_PASSES_COLLECT_H
#define RUNTIME_MODEL_PASSES_COLLECT_H

#include "runtime/model/passes/writer.h"

/** Values of the written graph: `n_scan` a round, one round after the other. Zero-initialise it. */
typedef struct sy_net_collection {
    uint32_t *value;
    size_t count, room;
} sy_net_collection;

/** SY_OUT_OF_MEMORY. */
sy_status sy_net_collection_add(sy_net_collection *collection, uint32_t value, sy_error *err);
void sy_net_collection_release(sy_net_collection *collection);

/**
 * How to join: pieces get a new dimension `axis` (negative: from the end of the result), last round first if
 * is_reversed. model: type and extents of a piece where there are no rounds (unknown ones are 1).
 */
typedef struct sy_net_joint {
    int64_t axis;
    bool is_reversed;
    const sy_net_tensor *model;
} sy_net_joint;

/**
 * Column `column` of `n_scan` as one tensor [rounds, ...]: nodes that are called `name`. Without rounds it is
 * empty; its first extent is 0 then.
 * Errors  SY_INVALID_ARGUMENT: pieces that differ, no type; SY_OUT_OF_MEMORY (also if `name` is NULL).
 */
sy_status sy_net_collection_join(sy_net_writer *writer, sy_net_collection *collection, uint32_t n_scan,
    uint32_t column, const sy_net_joint *joint, const char *name, uint32_t *out_index, sy_error *err);

#endif
