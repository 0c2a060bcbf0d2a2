/*
 * Operators of networks: a table of rows, one file a family. A row knows which inputs an operator takes, what
 * comes out of it (type and extents), and how to compute it on the host. Rows hold no state.
 */
#ifndef RUNTIME_MODEL_OPS_OP_H
#define RUNTIME_MODEL_OPS_OP_H

#include "runtime/model/graph/graph.h"
#include "runtime/model/graph/team.h"

/** Most inputs or outputs of a node that rows meet at once (Concat, Sum, Split ...: checked by the importer).
 */
#define SY_NET_MAX_PORTS 512u

/** Abilities of an operator. */
enum {
    SY_NET_OP_CHANNELS_LAST = 1, /* run() takes and gives images with is_last, pitch included; either all its
                                    tensors of rank 3 and more are is_last, or none is */
    SY_NET_OP_ELEMENTWISE = 2,   /* each output element depends on one element of each input (broadcast) */
    SY_NET_OP_IN_PLACE = 4,      /* output 0 may share memory with an input of the same type and shape */
    SY_NET_OP_POSTS = 8,         /* node->post is applied */
    SY_NET_OP_RANDOM = 16,       /* never folded */
    SY_NET_OP_VIEW = 32,    /* output 0 has the very bytes of input 0 in their order (Reshape, Identity) */
    SY_NET_OP_EXTENTS = 64, /* depends on the inputs' extents alone (Shape): run() reads no data */
    SY_NET_OP_KEPT =
        128, /* of constants, is computed only after passes had a look at it (DequantizeLinear) */
    SY_NET_OP_SPARSE = 256, /* any input may be left out (Loop); else the first min_in are there, and all of
                               an operator that takes SY_NET_MAX_PORTS: the importer sees to it */
};

/**
 * One call. `in` and `out` have node->n_in and node->n_out entries; those left out have dtype 0 and
 * data NULL, and a node may have fewer inputs than the operator knows: ask by sy_net_call_has().
 *
 * infer()  in: types and extents, data of constants; sets type, rank and extents of `out`, and data only
 *          where the value is an attribute's (Constant): borrowed from the node.
 * run()    everything known; writes out[i].data (packed, or is_last where asked) in full.
 * arena    infer() only: for *out_state (via sy_net_call_state) and nothing else.
 * scratch  run() only: what scratch_bytes() asked for, contents undefined, aligned to 64.
 */
typedef struct sy_net_call {
    const sy_net_node *node;
    const sy_net_tensor *in;
    sy_net_tensor *out;
    uint32_t n_in, n_out;
    const void *state; /* what infer() made */
    sy_net_arena *arena;
    const sy_team *team;
    void *scratch;
} sy_net_call;

/**
 * A row.
 *
 * domain         "" (ai.onnx), "com.microsoft", or "steelyard" for those that passes put in (internal.c).
 * since          the first opset this row is right for, until: the last one (0: to the newest known, 22).
 *                Several rows of one name must not overlap.
 * min_in ...     counts that a node may have.
 * infer          Errors, all naming what is wrong of which input: SY_INVALID_ARGUMENT: shapes or attributes
 *                that the operator forbids; SY_UNSUPPORTED: a type or form that is not done here;
 *                SY_UNAVAILABLE: a value that decides an extent is not known; SY_OVERFLOW; SY_OUT_OF_MEMORY.
 *                Results are checked by the caller with sy_net_tensor_check().
 * scratch_bytes  (optional) memory that run() wants, from shapes and state.
 * run            Errors: SY_INVALID_ARGUMENT for values out of range (an index in Gather). No allocation. May
 *                be called for any number of nodes at once.
 */
typedef struct sy_net_op {
    const char *name, *domain;
    uint32_t since, until, flags;
    uint32_t min_in, max_in, min_out, max_out;
    sy_status (*infer)(sy_net_call *call, sy_error *err);
    size_t (*scratch_bytes)(const sy_net_call *call);
    sy_status (*run)(const sy_net_call *call, sy_error *err);
} sy_net_op;

/** Rows of a family: `row` has `count` entries. */
typedef struct sy_net_family {
    const sy_net_op *row;
    size_t count;
} sy_net_family;

/** Domain of operators that only passes make: a file has none of them. */
#define SY_NET_OWN_DOMAIN "steelyard"

/** The row of an operator at an opset version; NULL if there is none. */
const sy_net_op *sy_net_op_find(const char *domain, const char *name, uint32_t opset);

/** Family `index` of the table; count 0 past the end. For listings and tests. */
sy_net_family sy_net_op_family(size_t index);

/* --- for the rows --- */

/** Whether input `index` is there. */
bool sy_net_call_has(const sy_net_call *call, uint32_t index);

/** State of `bytes` zeroed bytes from the arena, which becomes call->state; NULL with SY_OUT_OF_MEMORY in
 * err. */
void *sy_net_call_state(sy_net_call *call, size_t bytes, sy_error *err);

/**
 * The integers of input `index` (s32 or s64, rank 0 or 1), which decide extents: at most `room` of them into
 * `out`, *out_count tells.
 * Errors  SY_UNAVAILABLE: its values are not known; SY_INVALID_ARGUMENT: type, rank, or more than `room`.
 */
sy_status sy_net_call_ints(
    const sy_net_call *call, uint32_t index, int64_t *out, size_t room, size_t *out_count, sy_error *err);

/** An error text that begins with the node: "Conv 'layer1.0' (opset 13): ...". Returns `status`. */
__attribute__((format(printf, 4, 5))) sy_status sy_net_call_fail(
    const sy_net_call *call, sy_status status, sy_error *err, const char *format, ...);

/** `axis` (-rank .. rank-1) made non-negative. SY_INVALID_ARGUMENT beyond. */
sy_status sy_net_call_axis(
    const sy_net_call *call, int64_t axis, uint32_t rank, uint32_t *out_axis, sy_error *err);

/**
 * Extents of `a` and `b` broadcast against each other (ONNX's multidirectional rule) into rank and dim of
 * *out; the rest of it stays. Unknown extents stay unknown.
 * Errors  SY_INVALID_ARGUMENT: they do not fit.
 */
sy_status sy_net_call_broadcast(const sy_net_call *call, const sy_net_tensor *a, const sy_net_tensor *b,
    sy_net_tensor *out, sy_error *err);

#endif
