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

/**
 * One argument of the primitive: its number, the tensor it comes from, how the caller has it (NULL: the
 * layout is open) and how the primitive takes it. Where the two differ, `reorder` converts in the run, by way
 * of the workspace from `offset` on; weights that were prepared before are open. Owns its handles.
 */
typedef struct sy_onednn_slot {
    int index;
    uint32_t tensor;
    sy_onednn_md *given, *md;
    sy_onednn_primitive *reorder;
    uint64_t offset;
} sy_onednn_slot;

#define SY_ONEDNN_SLOTS_MAX SY_MAX_TENSORS

/**
 * A way to say the same to oneDNN, which has fast code for some and its reference for others.
 *
 * scales_rows, scales_columns  scales of rows are the source's, of columns the weights'; else they are posts.
 * frees_images                 images of a convolution are laid out anew inside the run.
 */
typedef struct sy_onednn_way {
    bool scales_rows, scales_columns, frees_images;
} sy_onednn_way;

/**
 * A plan's state. Owns all handles but `onednn`. The first three slots are source, weights and output.
 *
 * copy       C -> D in the run, if beta is not 0 and they are not the same memory.
 * workspace  scratchpad first, then the operands that are reordered.
 */
typedef struct sy_onednn_work {
    const sy_cpu_onednn *onednn;
    sy_onednn_way way;
    sy_onednn_pd *pd;
    sy_onednn_primitive *primitive, *copy;
    sy_onednn_md *scratchpad, *c;
    sy_onednn_slot slot[SY_ONEDNN_SLOTS_MAX];
    uint32_t slots;
    uint64_t workspace_bytes;
} sy_onednn_work;

/** Slots of the operands that every problem has. */
enum { SY_ONEDNN_SRC, SY_ONEDNN_WEIGHTS, SY_ONEDNN_DST, SY_ONEDNN_OPERANDS };

/** Choose an implementation and the layouts; compiles nothing. Errors: SY_UNSUPPORTED with the reason;
 * SY_OUT_OF_MEMORY; of sy_cpu_onednn_get(). On any error *out_work is empty. */
sy_status sy_onednn_work_choose(sy_device *device, const sy_task *task, const sy_onednn_shape *shape,
    sy_onednn_work *out_work, sy_error *err);

/** Make the primitives. Slow. Errors: SY_OUT_OF_MEMORY, SY_INTERNAL; the work is still to be released. */
sy_status sy_onednn_work_compile(sy_onednn_work *work, sy_error *err);

/** Whether a slot's operand as given is not what the primitive takes. */
bool sy_onednn_reorders(const sy_onednn_work *work, const sy_onednn_slot *slot);

/** What the library calls the implementation it chose ("brg_matmul:avx2"), "" if it does not tell. */
const char *sy_onednn_implementation(const sy_onednn_work *work);

/** Free what it owns; leaves it empty. */
void sy_onednn_work_release(sy_onednn_work *work);

/**
 * The attribute of a primitive with alpha, beta and the posts of a task, and the slots of their operands in
 * `work` (whose bias descriptor is returned borrowed from its slot, NULL without one). Errors:
 * SY_UNSUPPORTED: a post that oneDNN has not.
 */
sy_status sy_onednn_posts_make(const sy_task *task, const sy_onednn_shape *shape, sy_onednn_work *work,
    sy_onednn_attr **out_attr, const sy_onednn_md **out_bias, sy_error *err);

/**
 * Put the layouts that the work wants in place of what the problem left open, in the host's terms: channels
 * last or first where it is that, else a number of the library's own. Errors: SY_OUT_OF_MEMORY.
 */
sy_status sy_onednn_layouts_answer(sy_onednn_work *work, sy_cpu_onednn *onednn, const sy_task *task,
    const sy_onednn_shape *shape, uint32_t *out_layout, sy_error *err);

/** Whether the private layouts of a task are those that the work wants; if not, SY_INVALID_ARGUMENT. */
sy_status sy_onednn_layouts_check(
    const sy_onednn_work *work, sy_cpu_onednn *onednn, const sy_task *task, sy_error *err);

/** Make a descriptor for a view. Errors: SY_UNSUPPORTED: no such type; SY_OUT_OF_MEMORY. */
sy_status sy_onednn_md_make(const sy_cpu_onednn *onednn, uint32_t dtype, const sy_onednn_view *view,
    bool is_any, sy_onednn_md **out_md, sy_error *err);

/** Add a slot; `is_any`: oneDNN lays the operand out. Errors: SY_OUT_OF_MEMORY, SY_UNSUPPORTED. */
sy_status sy_onednn_slot_add(sy_onednn_work *work, int index, uint32_t tensor, const sy_task *task,
    const sy_onednn_view *view, bool is_any, sy_error *err);

/* The steps of a row, the same for all ops but for their shape. */
sy_status sy_onednn_offer(sy_device *device, const sy_task *task, sy_onednn_shape_fn *read_shape,
    sy_algorithm *out_algorithm, sy_error *err);
sy_status sy_onednn_prepare(sy_device *device, const sy_task *task, sy_onednn_shape_fn *read_shape,
    void *state, uint64_t *out_workspace_bytes, sy_error *err);
void sy_onednn_drop(void *state);

/** State of a binding: memory objects over its operands, and a stream. */
typedef struct sy_onednn_bound {
    sy_onednn_stream *stream;
    sy_onednn_arg arg[SY_ONEDNN_SLOTS_MAX + 1], copy[2], reorder[SY_ONEDNN_SLOTS_MAX][2];
    int args;
    bool copies;
} sy_onednn_bound;

sy_status sy_onednn_bind(sy_binding *binding, sy_error *err);
void sy_onednn_unbind(sy_binding *binding);
void sy_onednn_run(sy_binding *binding);

#endif
