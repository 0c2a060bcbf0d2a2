/* Behind the opaque names of steelyard/model.h: a compiled network as steps, and an instance of it. */
#ifndef RUNTIME_MODEL_EXEC_EXEC_H
#define RUNTIME_MODEL_EXEC_EXEC_H

#include <stdatomic.h>

#include "runtime/facade/facade.h"
#include "runtime/model/exec/network.h"
#include "runtime/model/ops/op.h"

/* Where the memory of a value is. On a device whose memory is the host's there is only the first. */
enum { SY_SPACE_DEVICE = 0, SY_SPACE_HOST = 1 };
#define SY_SPACES 2u

/**
 * A node as a problem on the device.
 *
 * value     the graph's value of each tensor; SY_NET_NONE: absent, or `made`: a constant that lowering made
 *           (its data in the graph's arena, NULL: none).
 * constant  what a constant tensor is on the device, in the layout that the plan wants; owned unless
 *           is_shared. is_in_place: it is the graph's own memory.
 * given     as the graph has it: the source that a constant is converted from.
 */
typedef struct sy_exec_work {
    sy_problem_storage storage;
    sy_tensor given[SY_MAX_TENSORS];
    uint32_t value[SY_MAX_TENSORS];
    sy_net_tensor made[SY_MAX_TENSORS];
    sy_algorithm algorithm;
    sy_plan *plan;
    uint64_t workspace_bytes;
    sy_span constant[SY_MAX_TENSORS];
    bool is_shared[SY_MAX_TENSORS], is_in_place[SY_MAX_TENSORS];
} sy_exec_work;

enum { SY_STEP_WORK = 1, SY_STEP_HOST = 2, SY_STEP_COPY = 3 };

/** One node of the compiled graph at its turn. `work` of SY_STEP_WORK alone. */
typedef struct sy_exec_step {
    uint32_t kind, node;
    sy_exec_work *work;
    double flop;
    uint64_t bytes;
} sy_exec_step;

/**
 * space, offset  of each value of the graph: where it begins in the memory of its space. Constants have none.
 * side           contexts of the spaces; the second is the first where there is one space only.
 * scratch_bytes  most that a host step wants. workspace_bytes: most that a work wants.
 */
struct sy_compiled {
    const sy_network *network;
    sy_net_arena arena;
    sy_net_graph *graph;
    sy_context *side[SY_SPACES];
    bool owns_host, is_unified;
    uint32_t n_step, n_work;
    sy_exec_step *step;
    sy_exec_work **work; /* of each node before copies were put in: what has to be released */
    uint32_t *space;
    uint64_t *offset;
    uint64_t space_bytes[SY_SPACES];
    uint64_t scratch_bytes, workspace_bytes, weight_bytes;
    double flop;
    uint32_t isa;
    const char **port_name;   /* inputs, then outputs, as in the file */
    atomic_bool has_instance; /* one that has the contexts' own queues */
};

/** Team of a queue of a host processor; `team` points into it. */
typedef struct sy_exec_team {
    sy_team team;
    const sy_queue_api *api;
    sy_queue *queue;
} sy_exec_team;

/** A step with addresses. */
typedef struct sy_exec_bound {
    sy_binding *binding;
    sy_net_call call;
    sy_span from, to; /* of a copy */
} sy_exec_bound;

struct sy_instance {
    sy_compiled *compiled;
    sy_net_arena arena;
    sy_queue *queue[SY_SPACES];
    bool owns_queue[SY_SPACES], is_first;
    sy_buffer *memory[SY_SPACES],
        *host_seen;                    /* host_seen: the host's space, imported by the device for copies */
    unsigned char *address[SY_SPACES]; /* NULL if the host cannot read it */
    sy_buffer *workspace;
    void *scratch;
    sy_exec_team workers;
    sy_exec_bound *bound;
    sy_instance_times times;
    uint64_t *step_begin_ns, *step_ns;
    bool is_profiled;
    bool is_copying; /* the device may still read the host's space */
};

/** The team of a queue on a host processor of `threads` threads; threads = 1 or no host_for: none. */
void sy_exec_team_init(sy_context *context, sy_queue *queue, uint32_t isa, sy_exec_team *out_team);

/** A node in terms of a problem for the device, layouts as the graph has them. SY_UNSUPPORTED: it is none, or
 * of a form that problems do not have. */
sy_status sy_exec_lower(
    const sy_net_graph *graph, const sy_net_node *node, uint32_t math, sy_exec_work *out_work, sy_error *err);

/**
 * Choose an algorithm for a lowered node and make its plan. SY_UNSUPPORTED: the device has none.
 * `math`: the widest rounding allowed; `may_winograd`: a bound_factor above 1 is.
 */
sy_status sy_exec_work_prepare(
    sy_compiled *compiled, sy_exec_work *work, uint32_t math, bool may_winograd, sy_error *err);

/** Bring a work's constants to the device; what another step has already is shared. */
sy_status sy_exec_work_constants(sy_compiled *compiled, uint32_t step, sy_error *err);

/** Bring the constants of all works to the device, the largest first. Memory of the compiled arena that held
 * them is freed when nothing else reads it: values in question have no `data` then. */
sy_status sy_exec_constants(sy_compiled *compiled, sy_error *err);

void sy_exec_work_release(sy_compiled *compiled, sy_exec_work *work);

/** Which side each node of the graph is on (SY_SPACE_*), works prepared (NULL for host nodes); arrays of the
 * compiled arena. */
sy_status sy_exec_place(sy_compiled *compiled, const sy_compile_options *options, uint32_t **out_side,
    sy_exec_work ***out_work, sy_error *err);

/** Put copies where a value is made on one side and used on the other, and say the space of every value. The
 * arrays of sy_exec_place() are renewed to fit the graph. */
sy_status sy_exec_copies(sy_compiled *compiled, uint32_t **side, sy_exec_work ***work, sy_error *err);

/** Strides of a tensor, elements, an extent each. */
void sy_exec_strides(const sy_net_tensor *tensor, int64_t stride[SY_NET_MAX_RANK]);

/** Whether convolutions of the device are offered channels last first, asked by a usual one. */
bool sy_exec_likes_channels_last(sy_compiled *compiled);

/** Whether the device computes usual products and convolutions of that type of problems ("bf16"). */
bool sy_exec_has_products(sy_compiled *compiled, const char *dtype);

/** Whether a node is of a form that problems have, as sy_net_pass_options.is_work; `ctx` is not used. */
bool sy_exec_is_work(void *ctx, const sy_net_graph *graph, const sy_net_node *node);

/** Fill a call with the tensors of a node into `port` (n_in + n_out entries), data of constants alone. */
void sy_exec_call_init(
    const sy_compiled *compiled, const sy_net_node *node, sy_net_tensor *port, sy_net_call *out_call);

/** Give its tensors their addresses in an instance. */
void sy_exec_call_address(const sy_instance *instance, const sy_net_node *node, sy_net_call *call);

/** Bytes from the first to the last element of a tensor in memory, pitch included. */
uint64_t sy_exec_extent_bytes(const sy_net_tensor *tensor);

/** Whether a node is a copy between the sides. */
bool sy_exec_is_copy(const sy_net_node *node);

#endif
