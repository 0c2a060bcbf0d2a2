/* Reorder: any strided layout to any other of the same type, and strided weights to panels. */
#include "backends/opencl/contraction.h"
#include "backends/opencl/family.h"
#include "backends/opencl/panels.h"
#include "runtime/base/error.h"

/* Extents that are left once those that lie in a row in both layouts are joined. */
#define WALK_RANK 4u

/* Processors: a work-item copies 32 rows (a line of the cache for each) of 1024 columns; where both layouts
 * have the same neighbours the row is copied at once. */
#define CPU_ROWS 32u
#define CPU_COLUMNS 1024u
#define CPU_TILE 32u
#define CPU_DEPTH 64u

/* GPUs: squares that are turned in local memory. */
#define GPU_EDGE 32u
#define GPU_LINES 8u
#define GPU_LOCAL 64u

/** A copy as nested loops: outer, middle, rows, columns. Strides in elements. */
typedef struct walk {
    int64_t dim[WALK_RANK], from[WALK_RANK], to[WALK_RANK];
} walk;

enum { OUTER, MIDDLE, ROWS, COLUMNS };

/* Dimensions longer than 1, those that lie furthest apart in the target first; those that lie in a row in
 * both layouts are joined. Returns how many are left. */
static uint32_t join_dimensions(const sy_tensor *source, const sy_tensor *target, walk *out) {
    uint32_t order[SY_MAX_RANK], count = 0, left = 0;
    for (uint32_t i = 0; i < target->rank; i++) {
        uint32_t at = count;
        if (target->dim[i] == 1)
            continue;
        for (; at > 0 && target->stride[order[at - 1]] < target->stride[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
        count++;
    }
    int64_t dim[SY_MAX_RANK], from[SY_MAX_RANK], to[SY_MAX_RANK];
    for (uint32_t i = 0; i < count; i++) {
        int64_t extent = target->dim[order[i]], f = source->stride[order[i]], t = target->stride[order[i]];
        bool joins = left > 0 && from[left - 1] == f * extent && to[left - 1] == t * extent;
        uint32_t at = joins ? left - 1 : left++;
        dim[at] = joins ? dim[at] * extent : extent;
        from[at] = f;
        to[at] = t;
    }
    for (uint32_t i = 0; left <= WALK_RANK && i < left; i++) {
        uint32_t at = WALK_RANK - left + i;
        out->dim[at] = dim[i];
        out->from[at] = from[i];
        out->to[at] = to[i];
    }
    return left;
}

/* Rows become the dimension that lies closest in the source, of those that are not columns. */
static void choose_rows(walk *w) {
    uint32_t best = ROWS;
    for (uint32_t i = 0; i < ROWS; i++)
        if (w->dim[i] > 1 && (w->dim[best] == 1 || w->from[i] < w->from[best]))
            best = i;
    const walk old = *w;
    for (uint32_t i = best; i < ROWS; i++) {
        w->dim[i] = old.dim[i + 1];
        w->from[i] = old.from[i + 1];
        w->to[i] = old.to[i + 1];
    }
    w->dim[ROWS] = old.dim[best];
    w->from[ROWS] = old.from[best];
    w->to[ROWS] = old.to[best];
}

static sy_status plan_walk(const sy_tensor *source, const sy_tensor *target, walk *out, sy_error *err) {
    *out = (walk){.dim = {1, 1, 1, 1}};
    uint32_t left = join_dimensions(source, target, out);
    if (left > WALK_RANK)
        return sy_error_set(err, SY_UNSUPPORTED,
            "a reorder of %u dimensions that cannot be joined; at most %u are done here", left, WALK_RANK);
    choose_rows(out);
    return SY_OK;
}

static sy_status check_pair(const sy_tensor *source, const sy_tensor *target, sy_error *err) {
    bool same =
        !sy_task_tensor_is_absent(source) && source->rank == target->rank && source->dtype == target->dtype;
    for (uint32_t i = 0; same && i < target->rank; i++)
        same = source->dim[i] == target->dim[i];
    if (!same)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "reorder wants two tensors of the same extents and dtype");
    if (sy_layout_is_private(source->layout))
        return sy_error_set(
            err, SY_UNSUPPORTED, "panels are not turned back into tensors; keep the original");
    return SY_OK;
}

static uint64_t parts(uint64_t whole, uint64_t part) {
    return whole / part + (whole % part != 0);
}

/* The unsigned integers that elements are moved as, and that count what a kernel counts: at most `most`. */
static void define_types(ocl_recipe *recipe, const sy_tensor *tensor, uint64_t most) {
    static const char *const type[9] = {[1] = "uchar", [2] = "ushort", [4] = "uint", [8] = "ulong"};
    ocl_define(recipe, "#define ELEMENT %s\n#define INDEX %s\n", type[sy_dtype_size(tensor->dtype)],
        most < INT32_MAX ? "uint" : "ulong");
}

static void walk_args(ocl_step *step, const walk *w, uint32_t dtype) {
    ocl_arg_operand(step, 0, dtype);
    ocl_arg_operand(step, 1, dtype);
    const int64_t *const values[] = {w->dim, w->from, w->to};
    for (int i = 0; i < 3; i++)
        for (uint32_t j = 0; j < WALK_RANK; j++)
            ocl_arg_long(step, values[i][j]);
}

/* Where columns lie far apart in the source, but rows close, and there is enough of both. */
static bool is_transposition(const ocl_traits *traits, const walk *w, size_t element) {
    return traits->kind == OCL_GPU && traits->max_work_group >= GPU_EDGE * GPU_LINES &&
           traits->local_bytes >= GPU_EDGE * (GPU_EDGE + 1) * element && w->dim[ROWS] >= 8 &&
           w->dim[COLUMNS] >= 8 && w->from[ROWS] > 0 && w->from[ROWS] < w->from[COLUMNS];
}

static void cook_transposition(const walk *w, const sy_tensor *target, ocl_recipe *recipe) {
    uint64_t squares = parts((uint64_t)w->dim[ROWS], GPU_EDGE) * parts((uint64_t)w->dim[COLUMNS], GPU_EDGE) *
                       (uint64_t)w->dim[OUTER] * (uint64_t)w->dim[MIDDLE];
    ocl_define(recipe, "#define TRANSPOSE\n#define EDGE %u\n#define LINES %u\n", GPU_EDGE, GPU_LINES);
    define_types(recipe, target, squares);
    ocl_step *step = ocl_step_add(recipe, "reorder_transpose");
    ocl_step_groups(step, (const uint64_t[3]){squares, 1, 1}, (const uint64_t[3]){GPU_EDGE, GPU_LINES, 1});
    walk_args(step, w, target->dtype);
}

static uint64_t local_items(const ocl_traits *traits) {
    if (traits->kind != OCL_GPU)
        return 1;
    return traits->max_work_group < GPU_LOCAL ? traits->max_work_group : GPU_LOCAL;
}

static void cook_copy(const ocl_traits *traits, const walk *w, const sy_tensor *target, ocl_recipe *recipe) {
    bool is_gpu = traits->kind == OCL_GPU, is_row = w->from[COLUMNS] == 1 && w->to[COLUMNS] == 1;
    uint32_t rows = is_gpu ? 1 : CPU_ROWS, columns = is_gpu ? 1 : CPU_COLUMNS;
    uint64_t local = local_items(traits);
    uint64_t blocks = parts((uint64_t)w->dim[ROWS], rows) * parts((uint64_t)w->dim[COLUMNS], columns) *
                      (uint64_t)w->dim[OUTER] * (uint64_t)w->dim[MIDDLE];
    ocl_define(recipe, "#define COPY\n#define ROWS %u\n#define COLUMNS %u\n#define TILE %u\n", rows, columns,
        is_row || is_gpu ? columns : CPU_TILE);
    ocl_define(recipe, "#define FROM_COLUMN_IS_1 %d\n#define TO_COLUMN_IS_1 %d\n", w->from[COLUMNS] == 1,
        w->to[COLUMNS] == 1);
    define_types(recipe, target, blocks + local);
    ocl_step *step = ocl_step_add(recipe, "reorder_copy");
    ocl_step_groups(step, (const uint64_t[3]){parts(blocks, local), 1, 1}, (const uint64_t[3]){local, 1, 1});
    walk_args(step, w, target->dtype);
}

/* Strides of weights by (member, line, channel, h, w). */
static void panel_strides(
    const ocl_panels *panels, const ocl_panels_extent *e, const sy_tensor *source, int64_t out[5]) {
    bool is_matrix = panels->groups == 0;
    out[0] = is_matrix ? source->stride[0] : (int64_t)e->lines * source->stride[0];
    out[1] = source->stride[is_matrix ? 2 : 0];
    out[2] = source->stride[1];
    out[3] = !is_matrix && source->rank == 4 ? source->stride[2] : 0;
    out[4] = is_matrix ? 0 : source->stride[source->rank - 1];
}

static sy_status cook_panels(
    const ocl_traits *traits, const sy_task *task, ocl_recipe *recipe, sy_error *err) {
    const sy_tensor *source = &task->tensor[0], *target = &task->tensor[1];
    ocl_panels panels;
    ocl_panels_extent e;
    bool is_gpu = traits->kind == OCL_GPU;
    if (!ocl_panels_read(target->layout, &panels))
        return sy_error_set(err, SY_UNSUPPORTED, "layout 0x%x is no layout of this backend", target->layout);
    sy_status status = ocl_panels_extent_of(&panels, target, &e, err);
    if (status != SY_OK)
        return status;
    if (e.elements >= (uint64_t)SY_TASK_TENSOR_BYTES_MAX / 8)
        return sy_error_set(err, SY_UNSUPPORTED, "more than 2^57 elements in panels");
    uint32_t lanes = is_gpu ? 1 : panels.width, depth = is_gpu ? 1 : CPU_DEPTH;
    uint64_t local = local_items(traits);
    uint64_t blocks = parts(panels.width, lanes) * parts(e.depth, depth) * e.panels * e.members;
    ocl_define(recipe,
        "#define PANELS\n#define WIDTH %u\n#define LANES %u\n#define DEPTH %u\n#define PLAIN %d\n#define "
        "ORDER %u\n",
        panels.width, lanes, depth, e.height * e.width_taps == 1, panels.order);
    define_types(recipe, target, blocks + local);
    ocl_step *step = ocl_step_add(recipe, "reorder_panels");
    ocl_step_groups(step, (const uint64_t[3]){parts(blocks, local), 1, 1}, (const uint64_t[3]){local, 1, 1});
    ocl_arg_operand(step, 0, source->dtype);
    ocl_arg_operand(step, 1, source->dtype);
    const uint64_t extents[] = {
        e.members, e.panels, e.lines, e.depth, e.channels, e.height * e.width_taps, e.width_taps};
    for (size_t i = 0; i < sizeof extents / sizeof extents[0]; i++)
        ocl_arg_long(step, (int64_t)extents[i]);
    int64_t stride[5];
    panel_strides(&panels, &e, source, stride);
    for (int i = 0; i < 5; i++)
        ocl_arg_long(step, stride[i]);
    return SY_OK;
}

static sy_status cook(const ocl_request *request, ocl_recipe *recipe, sy_error *err) {
    sy_task task = *request->task;
    const sy_tensor *source = &task.tensor[0], *target = &task.tensor[1];
    walk w;
    if (task.variant != 0)
        return sy_error_set(err, SY_UNAVAILABLE, "reorder has no variants");
    sy_task_settle(&task);
    sy_status status = check_pair(source, target, err);
    if (status != SY_OK)
        return status;
    ocl_source(recipe, "reorder");
    recipe->flags |= SY_ALGO_DETERMINISTIC;
    if (sy_layout_is_private(target->layout))
        return cook_panels(request->traits, &task, recipe, err);
    status = plan_walk(source, target, &w, err);
    if (status != SY_OK)
        return status;
    if (is_transposition(request->traits, &w, sy_dtype_size(target->dtype)))
        cook_transposition(&w, target, recipe);
    else
        cook_copy(request->traits, &w, target, recipe);
    return SY_OK;
}

const ocl_family ocl_reorder = {.name = "reorder", .ops = 1u << SY_OP_REORDER, .cook = cook};
