/* Writing a flat graph node by node: extents inferred, nodes of constants computed at once. */
#ifndef RUNTIME_MODEL_PASSES_WRITER_H
#define RUNTIME_MODEL_PASSES_WRITER_H

#include "runtime/model/ops/op.h"

/** No network's folded constants together take more bytes than this. */
#define SY_NET_FOLDED_BYTES_MAX (INT64_C(4) << 30)

/** Nor more FLOP of products and convolutions to compute: a file of a few bytes may ask for days. */
#define SY_NET_FOLDED_FLOP_MAX 2e11

/**
 * graph         that is written; what is made lies in its arena.
 * steps         nodes met and rounds of loops begun so far; at most SY_NET_MAX_UNROLLED.
 * folded_bytes, folded_flop  of constants made so far.
 * in, out       room for the tensors of a call, SY_NET_MAX_PORTS each.
 */
typedef struct sy_net_writer {
    sy_net_graph *graph;
    const sy_team *team;
    uint32_t steps;
    int64_t folded_bytes;
    double folded_flop;
    sy_net_tensor *in, *out;
} sy_net_writer;

/** Zeroed but for graph and team; the room is the host's until sy_net_writer_close(). SY_OUT_OF_MEMORY. */
sy_status sy_net_writer_open(sy_net_writer *writer, sy_net_graph *graph, const sy_team *team, sy_error *err);
void sy_net_writer_close(sy_net_writer *writer);

/** One more step. SY_UNSUPPORTED: too many, with `name`. */
sy_status sy_net_writer_step(sy_net_writer *writer, const char *name, sy_error *err);

/**
 * Append a node like `model` under `name` with the inputs `in` (model->n_in values of the written graph) or,
 * if all of them are constants, its outputs as constants. out_name: names of the outputs, NULL: none.
 * out: model->n_out indexes, SY_NET_NONE where model->out is (which it may be); new values.
 *
 * Errors  as specialise.h; each names the node.
 */
sy_status sy_net_writer_node(sy_net_writer *writer, const sy_net_node *model, const char *name,
    const uint32_t *in, const char *const *out_name, uint32_t *out, sy_error *err);

/** Append a constant: `tensor`, its data borrowed. */
sy_status sy_net_writer_constant(
    sy_net_writer *writer, const char *name, const sy_net_tensor *tensor, uint32_t *out_index, sy_error *err);

/** Append a constant of one number: a scalar (rank 0) or a list (rank 1) of type `dtype`. */
sy_status sy_net_writer_number(
    sy_net_writer *writer, uint32_t dtype, uint32_t rank, int64_t number, uint32_t *out_index, sy_error *err);

#endif
