/* From problem to launch: the table of algorithms, plans and bindings. */
#ifndef BACKENDS_CPU_WORK_H
#define BACKENDS_CPU_WORK_H

#include "backends/cpu/device.h"
#include "kernels/gemm/gemm.h"
#include "runtime/task/task.h"
#include "steelyard/backend.h"

/** The work table. Algorithms come in the order of the rows in work.c, then variants. An id is the number
 * of a row, from 1, in its low 8 bits, and the number of the variant above. */
extern const sy_work_api sy_cpu_work_api;

/**
 * One way to do one op: a row, kept in the file that implements it.
 *
 * has_variants  offer and prepare go by task->variant. Of a variant, offer fills the name too, and answers
 *               SY_UNAVAILABLE past the last one; the list is the same for offer and prepare.
 * plan_bytes, binding_bytes  of its own state behind a plan and a binding (zeroed before use).
 * offer         Can it be done? Fills layout[] (set to the problem's own before), flop_ratio, bound_factor,
 *               more flags, and workspace_bytes. Layouts may still be SY_LAYOUT_ANY. Errors: SY_UNSUPPORTED
 *               with the reason.
 * prepare       Fill the plan's state for a problem whose layouts are resolved, and out_workspace_bytes.
 * drop          (optional) Free what the state owns, after a prepare() that succeeded.
 * bind          (optional) Fill the binding's state; operands are checked. Errors: SY_INVALID_ARGUMENT.
 * unbind        (optional) Free what the state owns, after a bind() that succeeded.
 * run           The work. No allocation; a failure goes into the queue, for its next sync.
 */
typedef struct sy_cpu_algorithm {
    const char *name;
    uint32_t op, flags;
    bool has_variants;
    size_t plan_bytes, binding_bytes;
    sy_status (*offer)(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err);
    sy_status (*prepare)(
        sy_device *device, const sy_task *task, void *state, uint64_t *out_workspace_bytes, sy_error *err);
    void (*drop)(void *state);
    sy_status (*bind)(sy_binding *binding, sy_error *err);
    void (*unbind)(sy_binding *binding);
    void (*run)(sy_binding *binding);
} sy_cpu_algorithm;

/** A prepared problem; `state` is its algorithm's. */
struct sy_plan {
    sy_device *device;
    const sy_cpu_algorithm *algorithm;
    sy_task task;
    uint64_t workspace_bytes;
    _Alignas(64) unsigned char state[];
};

/** A plan with addresses, NULL for absent operands; `state` is the algorithm's. */
struct sy_binding {
    void (*run)(sy_binding *binding);
    const sy_plan *plan;
    sy_queue *queue;
    sy_cpu_pool *pool;
    unsigned char *operand[SY_MAX_TENSORS];
    unsigned char *workspace;
    _Alignas(64) unsigned char state[];
};

/** Bytes that a checked tensor takes on the device, private layouts included. Errors: SY_INVALID_ARGUMENT:
 * an unresolved or unknown layout; SY_OVERFLOW. */
sy_status sy_cpu_layout_bytes(sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err);

/** Operands of a binding as the product kernels want them: A B C from the first three tensors, D the output,
 * posts as `post_tensor` says. */
void sy_cpu_product_args(
    const sy_binding *binding, const uint32_t post_tensor[SY_MAX_POSTS], sy_gemm_args *out_args);

/* The rows, each in the file of its name. */
extern const sy_cpu_algorithm sy_cpu_native_gemm, sy_cpu_native_conv, sy_cpu_native_winograd4,
    sy_cpu_native_winograd2, sy_cpu_native_stream, sy_cpu_native_peak, sy_cpu_native_reorder,
    sy_cpu_openblas_gemm, sy_cpu_openblas_conv, sy_cpu_blis_gemm, sy_cpu_onednn_gemm, sy_cpu_onednn_conv,
    sy_cpu_onednn_reorder, sy_cpu_reference_gemm, sy_cpu_reference_conv;

#endif
