/*
 * Passes: each rewrites a specialised graph in place and keeps what it computes (to rounding). One file a
 * pass; the list and its order are in passes.c.
 */
#ifndef RUNTIME_MODEL_PASSES_PASS_H
#define RUNTIME_MODEL_PASSES_PASS_H

#include "runtime/model/ops/op.h"

/** What a pass may go by. */
typedef struct sy_net_pass_options {
    const sy_team *team;
    bool may_channels_last; /* the device computes convolutions channels last */
} sy_net_pass_options;

/**
 * A pass. *out_changes: rewrites made, 0 when there is nothing (more) to do.
 * Errors  SY_OUT_OF_MEMORY; the graph is as good as before then.
 */
typedef struct sy_net_pass {
    const char *name;
    sy_status (*run)(
        sy_net_graph *graph, const sy_net_pass_options *options, uint32_t *out_changes, sy_error *err);
} sy_net_pass;

/** Pass `index` in the order in which they run; NULL past the end. */
const sy_net_pass *sy_net_pass_at(size_t index);

/** All passes in their order. */
sy_status sy_net_passes_run(sy_net_graph *graph, const sy_net_pass_options *options, sy_error *err);

#endif
