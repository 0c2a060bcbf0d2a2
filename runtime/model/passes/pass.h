/*
 * Passes: each rewrites a specialised graph in place and keeps what it computes (to rounding). One file a
 * pass; the list and its order are in passes.c.
 *
 * Constants that a pass makes lie in the graph's arena. What is named in graph->output keeps its value index,
 * type and extents through all passes, and so does graph->input.
 */
#ifndef RUNTIME_MODEL_PASSES_PASS_H
#define RUNTIME_MODEL_PASSES_PASS_H

#include "runtime/model/ops/op.h"

/**
 * What a pass may go by.
 *
 * may_channels_last  the device computes convolutions channels last.
 * may_quantise       the device computes products of bytes: QLinearConv and QLinearMatMul are made of what is
 *                    written as f32 between bytes.
 * may_join           all nodes run in one memory: parts of a whole (SY_NET_PART) are written where they lie
 *                    in it.
 * has_bf16           products and convolutions are wanted in bf16.
 * is_work            whether a product is of a form that the device computes, of any type; with `ctx`. NULL:
 *                    all are.
 */
typedef struct sy_net_pass_options {
    const sy_team *team;
    bool may_channels_last, may_quantise, may_join, has_bf16;
    bool (*is_work)(void *ctx, const sy_net_graph *graph, const sy_net_node *node);
    void *ctx;
} sy_net_pass_options;

struct sy_net_edit; /* edit.h */

/**
 * A pass.
 *
 * rewrite  counts rewrites in edit->changes. Errors: SY_OUT_OF_MEMORY; the graph may be half
 *          rewritten then and is good for nothing but to be released.
 * is_final  runs once, after all others have found nothing more to do: layouts, on which no other pass works.
 */
typedef struct sy_net_pass {
    const char *name;
    sy_status (*rewrite)(struct sy_net_edit *edit, sy_error *err);
    bool is_final;
} sy_net_pass;

/** Pass `index` in the order in which they run; NULL past the end. */
const sy_net_pass *sy_net_pass_at(size_t index);

/** One pass, once. *out_changes: rewrites made, 0 when there was nothing to do. Errors: SY_OUT_OF_MEMORY;
 * SY_INTERNAL: the pass made a cycle. */
sy_status sy_net_pass_run(const sy_net_pass *pass, sy_net_graph *graph, const sy_net_pass_options *options,
    uint32_t *out_changes, sy_error *err);

/** All passes in their order, again and again while they find something (at most SY_NET_MAX_ROUNDS times),
 * then those that are final. Errors: as sy_net_pass_run(). */
#define SY_NET_MAX_ROUNDS 8u
sy_status sy_net_passes_run(sy_net_graph *graph, const sy_net_pass_options *options, sy_error *err);

#endif
