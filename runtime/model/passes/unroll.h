/* Writing a graph out into the flat one: nodes as they are, If by its branch, Loop round by round. */
#ifndef RUNTIME_MODEL_PASSES_UNROLL_H
#define RUNTIME_MODEL_PASSES_UNROLL_H

#include "runtime/model/passes/frame.h"

/**
 * All nodes of frame->graph, whose inputs are in frame->map; afterwards its values are.
 * Errors  as specialise.h.
 */
sy_status sy_net_write_graph(sy_net_writer *writer, sy_net_frame *frame, sy_error *err);

/**
 * Write a Loop out; what it makes is put into frame->map. Errors: SY_UNSUPPORTED: a trip count or condition
 * that is not constant; as specialise.h.
 */
sy_status sy_net_write_loop(
    sy_net_writer *writer, sy_net_frame *frame, const sy_net_node *node, sy_error *err);

/** As sy_net_write_loop() for a Scan (opset 9 on): one round for each slice of its inputs. */
sy_status sy_net_write_scan(
    sy_net_writer *writer, sy_net_frame *frame, const sy_net_node *node, sy_error *err);

/** The graph of attribute `name`. SY_INVALID_ARGUMENT: it is missing, or its counts are not the wanted ones.
 */
sy_status sy_net_inner_graph(const sy_net_node *node, const char *name, uint32_t n_input, uint32_t n_output,
    const sy_net_graph **out_graph, sy_error *err);

/** A constant of one number, `what` of a node. SY_UNSUPPORTED: not constant; SY_INVALID_ARGUMENT: not one
 * number. */
sy_status sy_net_decided(const sy_net_writer *writer, const sy_net_node *node, uint32_t value,
    const char *what, int64_t *out_number, sy_error *err);

#endif
