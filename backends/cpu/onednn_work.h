/*
 * A problem planned on oneDNN: its primitive, what it is called with, and what has to be done inside the run
 * because the interface of the library wants it so (weights reordered, C copied to D).
 */
#ifndef BACKENDS_CPU_ONEDNN_WORK_H
#define BACKENDS_CPU_ONEDNN_WORK_H

#include "backends/cpu/onednn.h"
#include "backends/cpu/onednn_shape.h"
#include "backends/cpu/work.h"

/** Alignment of the parts of the workspace, bytes. */
#define SY_ONEDNN_ALIGNMENT 64u

/** One argument of the primitive: its number, the tensor it comes from, how that lies. Owns `md`. */
typedef struct sy_onednn_slot {
    int index;
    uint32_t tensor;
    sy_onednn_md *md;
} sy_onednn_slot;

#define SY_ONEDNN_SLOTS_MAX SY_MAX_TENSORS

/**
 * A plan's state. Owns all handles but `onednn`.
 *
 * given         descriptors of the three operands as the caller has them; NULL where the layout is open.
 * wanted        of oneDNN, as the primitive's descriptor answers.
 * reorder       weights as given -> as wanted, in the run; NULL if they are the same or prepared before.
 * copy          C -> D in the run, if beta is not 0 and they are not the same memory.
 * workspace     scratchpad first, then the reordered weights from `weights_offset` on.
 */
typedef struct sy_onednn_work {
    const sy_cpu_onednn *onednn;
    sy_onednn_pd *pd;
    sy_onednn_primitive *primitive, *reorder, *copy;
    sy_onednn_md *given[3], *wanted[3], *scratchpad, *c;
    sy_onednn_slot slot[SY_ONEDNN_SLOTS_MAX];
    uint32_t slots, output;
    uint64_t weights_offset, workspace_bytes;
} sy_onednn_work;

/** Operands in the order of `given` and `wanted`. */
enum { SY_ONEDNN_SRC, SY_ONEDNN_WEIGHTS, SY_ONEDNN_DST };

/** Choose an implementation and the layouts; compiles nothing. Errors: SY_UNSUPPORTED with the reason;
 * SY_OUT_OF_MEMORY; of sy_cpu_onednn_get(). On any error *out_work is empty. */
sy_status sy_onednn_work_choose(sy_device *device, const sy_cpu_task *task, const sy_onednn_shape *shape,
    sy_onednn_work *out_work, sy_error *err);

/** Make the primitives. Slow. Errors: SY_OUT_OF_MEMORY, SY_INTERNAL; the work is still to be released. */
sy_status sy_onednn_work_compile(sy_onednn_work *work, sy_error *err);

/** Whether the weights as given are not what it wants. */
bool sy_onednn_reorders(const sy_onednn_work *work);

/** What the library calls the implementation it chose ("brg_matmul:avx2"), "" if it does not tell. */
const char *sy_onednn_implementation(const sy_onednn_work *work);

/** Free what it owns; leaves it empty. */
void sy_onednn_work_release(sy_onednn_work *work);

/**
 * The attribute of a primitive with alpha, beta and the posts of a task, and the slots of their operands in
 * `work` (whose bias descriptor is returned borrowed from its slot, NULL without one). Errors:
 * SY_UNSUPPORTED: a post that oneDNN has not.
 */
sy_status sy_onednn_posts_make(const sy_cpu_task *task, const sy_onednn_shape *shape, sy_onednn_work *work,
    sy_onednn_attr **out_attr, const sy_onednn_md **out_bias, sy_error *err);

/**
 * Put the layouts that the work wants in place of what the problem left open, in the host's terms: channels
 * last or first where it is that, else a number of the library's own. Errors: SY_OUT_OF_MEMORY.
 */
sy_status sy_onednn_layouts_answer(sy_onednn_work *work, sy_cpu_onednn *onednn, const sy_cpu_task *task,
    const sy_onednn_shape *shape, uint32_t *out_layout, sy_error *err);

/** Whether the private layouts of a task are those that the work wants; if not, SY_INVALID_ARGUMENT. */
sy_status sy_onednn_layouts_check(
    const sy_onednn_work *work, sy_cpu_onednn *onednn, const sy_cpu_task *task, sy_error *err);

/** Make a descriptor for a view. Errors: SY_UNSUPPORTED: no such type; SY_OUT_OF_MEMORY. */
sy_status sy_onednn_md_make(const sy_cpu_onednn *onednn, uint32_t dtype, const sy_onednn_view *view,
    bool is_any, sy_onednn_md **out_md, sy_error *err);

/** Add a slot with a strided operand. Errors: SY_OUT_OF_MEMORY, SY_UNSUPPORTED. */
sy_status sy_onednn_slot_add(sy_onednn_work *work, int index, uint32_t tensor, const sy_cpu_task *task,
    const sy_onednn_view *view, sy_error *err);

/* The steps of a row, the same for all ops but for their shape. */
sy_status sy_onednn_offer(sy_device *device, const sy_cpu_task *task, sy_onednn_shape_fn *read_shape,
    sy_algorithm *out_algorithm, sy_error *err);
sy_status sy_onednn_prepare(sy_device *device, const sy_cpu_task *task, sy_onednn_shape_fn *read_shape,
    void *state, uint64_t *out_workspace_bytes, sy_error *err);
void sy_onednn_drop(void *state);

/** State of a binding: memory objects over its operands, and a stream. */
typedef struct sy_onednn_bound {
    sy_onednn_stream *stream;
    sy_onednn_arg arg[SY_ONEDNN_SLOTS_MAX + 1], reorder[2], copy[2];
    int args;
    bool copies;
} sy_onednn_bound;

sy_status sy_onednn_bind(sy_binding *binding, sy_error *err);
void sy_onednn_unbind(sy_binding *binding);
void sy_onednn_run(sy_binding *binding);

#endif
