/*
 * What passes share while they rewrite a graph: who uses a value, and steps that keep the graph whole.
 *
 * A pass begins an edit, visits nodes by index (in their order, so that what makes a value is visited before
 * what reads it), and ends it. Patterns are matched backwards, from the last node to what it reads: the last
 * node is turned into what the pattern comes to, and what nobody reads any more goes as dead code. Indexes of
 * nodes hold until the end; pointers to nodes and values until one is added.
 */
#ifndef RUNTIME_MODEL_PASSES_EDIT_H
#define RUNTIME_MODEL_PASSES_EDIT_H

#include "runtime/model/passes/match.h"
#include "runtime/model/passes/pass.h"

/**
 * An edit under way.
 *
 * scratch  memory until the end of the edit.
 * n_use    by value: how often it is read (inputs of nodes, outputs of the graph).
 * alias    by value: the value that is read instead; itself if none.
 * changes  rewrites so far; counted by the pass.
 */
typedef struct sy_net_edit {
    sy_net_graph *graph;
    const sy_net_pass_options *options;
    sy_net_arena scratch;
    uint32_t *n_use, *alias;
    uint32_t room, changes;
} sy_net_edit;

/** SY_OUT_OF_MEMORY, with its text. */
sy_status sy_net_edit_no_memory(sy_error *err);

/** Start. SY_OUT_OF_MEMORY: nothing is to be ended. */
sy_status sy_net_edit_begin(
    sy_net_edit *edit, sy_net_graph *graph, const sy_net_pass_options *options, sy_error *err);

/**
 * Drop removed nodes, put the rest into an order in which every value is made before it is read (the order
 * they have, as far as possible), set the producers, free what the edit used. Always to be called; `status`
 * is what the pass came to, returned if it is an error. Errors: SY_OUT_OF_MEMORY; SY_INTERNAL: a cycle.
 */
sy_status sy_net_edit_end(sy_net_edit *edit, sy_status status, uint32_t *out_changes, sy_error *err);

/** Node `index` with aliases resolved in its inputs; NULL if it was removed. */
sy_net_node *sy_net_edit_node(sy_net_edit *edit, uint32_t index);

/** The node that makes a value, with *out_index (may be NULL); NULL for inputs, constants, SY_NET_NONE. */
sy_net_node *sy_net_edit_maker(sy_net_edit *edit, uint32_t value, uint32_t *out_index);

/** The maker if it is operator `name` of the default domain; else NULL. */
sy_net_node *sy_net_edit_made_by(sy_net_edit *edit, uint32_t value, const char *name, uint32_t *out_index);

/** Whether one node reads the value once, and the caller of the network does not. */
bool sy_net_edit_is_private(const sy_net_edit *edit, uint32_t value);

/** Whether nobody reads outputs of the node beyond the first. */
bool sy_net_edit_is_single(const sy_net_edit *edit, const sy_net_node *node);

/** Take a node out; what it made is made by nobody. */
void sy_net_edit_remove(sy_net_edit *edit, uint32_t index);

/**
 * Node `index` makes of input `value` the same again as its output 0: remove it, readers take `value`. False,
 * and nothing is done, if the output is one of the graph and the input has to be kept as well.
 */
bool sy_net_edit_bypass(sy_net_edit *edit, uint32_t index, uint32_t value);

/**
 * Node `last` is computed by node `first` from now on, which the caller has prepared for it: `first` moves to
 * the place of `last` and makes its output 0. The output of `first` has to be private, read by `last`.
 */
void sy_net_edit_absorb(sy_net_edit *edit, uint32_t first, uint32_t last);

/** Append to what follows node `index` in place; an operand becomes its last input. There has to be room for
 * one more. infer() is not called. SY_OUT_OF_MEMORY. */
sy_status sy_net_edit_post(sy_net_edit *edit, uint32_t index, const sy_net_post *post, sy_error *err);

/** What a node is to become; `post` and name stay. n_out: how many of its outputs do, 0 as 1. */
typedef struct sy_net_edit_form {
    const sy_net_op *op;
    uint32_t opset, n_in, n_attr;
    const uint32_t *in;
    const sy_net_attr *attr;
    uint32_t n_out;
} sy_net_edit_form;

/**
 * Turn node `index` into another operator that makes the same outputs: inputs and attributes are copied,
 * infer() is called. Errors: SY_OUT_OF_MEMORY, infer()'s; the node is as before then.
 */
sy_status sy_net_edit_turn(sy_net_edit *edit, uint32_t index, const sy_net_edit_form *form, sy_error *err);

/** A node added: operator, inputs and attributes of `form`, one output. As sy_net_edit_turn() otherwise. */
sy_status sy_net_edit_add(sy_net_edit *edit, const char *name, const sy_net_edit_form *form, uint32_t output,
    uint32_t *out_index, sy_error *err);

/** Input `port` of a node reads another value from now on. infer() is not called. */
void sy_net_edit_set_input(sy_net_edit *edit, uint32_t index, uint32_t port, uint32_t value);

/** infer() of a node: its state, extents of its outputs. */
sy_status sy_net_edit_infer(sy_net_edit *edit, uint32_t index, sy_error *err);

/** A value without a producer yet, of the type and extents of `like`, without data. */
sy_status sy_net_edit_value(sy_net_edit *edit, const sy_net_tensor *like, uint32_t *out_value, sy_error *err);

/** Free the memory of a constant that nothing reads any more, if it is the arena's and large: it has no data
 * then. */
void sy_net_edit_let_go(sy_net_edit *edit, uint32_t value);

/** A constant of zeros, which the caller fills. */
sy_status sy_net_edit_constant(
    sy_net_edit *edit, uint32_t dtype, uint32_t rank, const int64_t *dim, uint32_t *out_value, sy_error *err);

/** A constant vector of whole numbers (s64). */
sy_status sy_net_edit_ints(
    sy_net_edit *edit, const int64_t *number, uint32_t count, uint32_t *out_value, sy_error *err);

#endif
