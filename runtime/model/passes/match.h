/* Questions about nodes and constants that patterns ask. Pure. */
#ifndef RUNTIME_MODEL_PASSES_MATCH_H
#define RUNTIME_MODEL_PASSES_MATCH_H

#include "runtime/model/ops/op.h"

/** Whether a node is operator `name` of the default domain, or of domain "steelyard". */
bool sy_net_node_is(const sy_net_node *node, const char *name);
bool sy_net_node_is_ours(const sy_net_node *node, const char *name);

/** Whether a node is a product of matrices whose last dimension are its columns: MatMul, or a Product that is
 * not turned when it is written. */
bool sy_net_node_is_product(const sy_net_node *node);

/** Input `port`, SY_NET_NONE if the node has fewer or it is left out. */
uint32_t sy_net_node_in(const sy_net_node *node, uint32_t port);

/** Whether a type is one of real numbers: f64, f32, f16, bf16. */
bool sy_net_is_real(uint32_t dtype);

/** The tensor of a constant; NULL for what is none, SY_NET_NONE included. */
const sy_net_tensor *sy_net_constant(const sy_net_graph *graph, uint32_t value);

/** Whether a value is a constant of one element, which goes to *out_number. */
bool sy_net_scalar(const sy_net_graph *graph, uint32_t value, double *out_number);

/** Whether a value is a constant of one element near `number` (to 1 in 1000: constants of formulas are
 * written with few digits, and none that are told apart here are so near). */
bool sy_net_scalar_is(const sy_net_graph *graph, uint32_t value, double number);

/** Whether two values have one type and the same known extents. */
bool sy_net_values_alike(const sy_net_graph *graph, uint32_t a, uint32_t b);

/**
 * Whether constant `c`, broadcast against a tensor of rank `rank`, varies along `axis` alone, where the
 * tensor has `extent` entries. It then counts 1 or `extent` elements.
 */
bool sy_net_varies_along(const sy_net_tensor *c, uint32_t rank, uint32_t axis, int64_t extent);

/** Element `index` of what sy_net_varies_along() said yes to. */
double sy_net_along(const sy_net_tensor *c, int64_t index);

/**
 * For an operator of two inputs: one of them is a constant of one element near `number`; *out_other is the
 * other one.
 */
bool sy_net_other_than(
    const sy_net_graph *graph, const sy_net_node *node, double number, uint32_t *out_other);

/** The axes that a node reduces over or moves by (attribute `axes`, or constant input `port`), made
 * non-negative for `rank`; false if they are not there or beyond. At most SY_NET_MAX_RANK. */
bool sy_net_axes(const sy_net_graph *graph, const sy_net_node *node, uint32_t port, uint32_t rank,
    uint32_t axis[SY_NET_MAX_RANK], uint32_t *out_count);

#endif
