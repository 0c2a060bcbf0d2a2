/* Reorder: any strided layout to any other of the same type, and strided weights into a packed form. */
#include <string.h>

#include "backends/cpu/share.h"
#include "backends/cpu/work.h"
#include "runtime/base/error.h"

/* Edge of the square in which two dimensions are exchanged: 32 x 32 elements of 8 bytes fill half an L1. */
#define TILE 32

/**
 * A copy between two strided layouts as four nested loops: `outer` (all other dimensions, flattened), rows,
 * columns. Columns are the dimension that is closest in the target, rows the one closest in the source.
 */
typedef struct walk {
    uint32_t rank; /* of the outer dimensions */
    int64_t dim[SY_MAX_RANK], from[SY_MAX_RANK], to[SY_MAX_RANK];
    int64_t rows, columns, row_from, row_to, column_from, column_to, outer;
} walk;

typedef struct state {
    bool is_packing;
    size_t element_bytes;
    walk walk;
    uint32_t op;
    int tile; /* of weights transformed for Winograd, else 0 */
    int64_t members, source_step_bytes, target_step_bytes;
    union {
        sy_gemm_plan gemm;
        sy_conv_plan conv;
        sy_winograd_plan winograd;
    } pack;
} state;

/* The dimension with the smallest stride among those longer than 1 that are left, -1 if none is. */
static int closest(const sy_tensor *tensor, uint32_t taken) {
    int best = -1;
    for (uint32_t i = 0; i < tensor->rank; i++)
        if ((taken >> i & 1u) == 0 && tensor->dim[i] > 1 &&
            (best < 0 || tensor->stride[i] < tensor->stride[best]))
            best = (int)i;
    return best;
}

static void plan_walk(const sy_tensor *source, const sy_tensor *target, walk *out_walk) {
    *out_walk = (walk){.rows = 1, .columns = 1, .outer = 1};
    uint32_t taken = 0;
    int column = closest(target, taken);
    if (column >= 0) {
        taken |= 1u << column;
        out_walk->columns = target->dim[column];
        out_walk->column_from = source->stride[column];
        out_walk->column_to = target->stride[column];
    }
    int row = closest(source, taken);
    if (row >= 0) {
        taken |= 1u << row;
        out_walk->rows = target->dim[row];
        out_walk->row_from = source->stride[row];
        out_walk->row_to = target->stride[row];
    }
    for (uint32_t i = 0; i < target->rank; i++) {
        if ((taken >> i & 1u) != 0)
            continue;
        out_walk->dim[out_walk->rank] = target->dim[i];
        out_walk->from[out_walk->rank] = source->stride[i];
        out_walk->to[out_walk->rank++] = target->stride[i];
        out_walk->outer *= target->dim[i];
    }
}

/* One tile; `bytes` is a constant at every call, so each size has its own loop. */
static inline void copy_tile(const walk *w, int64_t rows, int64_t columns, const unsigned char *source,
    unsigned char *target, int64_t bytes) {
    for (int64_t i = 0; i < rows; i++) {
        const unsigned char *from = source + i * w->row_from * bytes;
        unsigned char *to = target + i * w->row_to * bytes;
        for (int64_t j = 0; j < columns; j++)
            memcpy(to + j * w->column_to * bytes, from + j * w->column_from * bytes, (size_t)bytes);
    }
}

static void copy_tile_of(size_t bytes, const walk *w, int64_t rows, int64_t columns,
    const unsigned char *source, unsigned char *target) {
    switch (bytes) {
    case 1: copy_tile(w, rows, columns, source, target, 1); break;
    case 2: copy_tile(w, rows, columns, source, target, 2); break;
    case 4: copy_tile(w, rows, columns, source, target, 4); break;
    default: copy_tile(w, rows, columns, source, target, 8); break;
    }
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Rows of tiles are shared out; `index` counts them over all outer dimensions. */
static void copy_tile_row(const state *s, int64_t index, const unsigned char *source, unsigned char *target) {
    const walk *w = &s->walk;
    int64_t bytes = (int64_t)s->element_bytes, tile_rows = (w->rows + TILE - 1) / TILE;
    int64_t row = index % tile_rows * TILE, outer = index / tile_rows;
    source += row * w->row_from * bytes;
    target += row * w->row_to * bytes;
    for (uint32_t i = w->rank; i-- > 0; outer /= w->dim[i]) {
        source += outer % w->dim[i] * w->from[i] * bytes;
        target += outer % w->dim[i] * w->to[i] * bytes;
    }
    for (int64_t column = 0; column < w->columns; column += TILE)
        copy_tile_of(s->element_bytes, w, least(TILE, w->rows - row), least(TILE, w->columns - column),
            source + column * w->column_from * bytes, target + column * w->column_to * bytes);
}

static void copy_part(void *arg, int64_t step, int part) {
    (void)step;
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    uint64_t tile_rows = (uint64_t)((s->walk.rows + TILE - 1) / TILE * s->walk.outer);
    sy_cpu_share share = sy_cpu_share_of(tile_rows, 1, part, sy_cpu_pool_threads(binding->pool));
    for (uint64_t i = share.begin; i < share.end; i++)
        copy_tile_row(s, (int64_t)i, binding->operand[0], binding->operand[1]);
}

static void pack_part(void *arg, int64_t step, int part) {
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    int parts = sy_cpu_pool_threads(binding->pool);
    const unsigned char *source = binding->operand[0] + step * s->source_step_bytes;
    unsigned char *target = binding->operand[1] + step * s->target_step_bytes;
    if (s->op == SY_OP_GEMM)
        sy_gemm_weights_pack(&s->pack.gemm, source, part, parts, target);
    else if (s->tile != 0)
        sy_winograd_weights_pack(&s->pack.winograd, source, part, parts, target);
    else
        sy_conv_weights_pack(&s->pack.conv, source, part, parts, target);
}

static const char *plan_gemm_pack(const sy_tensor *source, sy_gemm_desc *desc, state *s) {
    desc->b_stride[0] = source->stride[1];
    desc->b_stride[1] = source->stride[2];
    s->members = source->dim[0];
    s->source_step_bytes = source->stride[0] * (int64_t)s->element_bytes;
    const char *why = sy_gemm_plan_init(desc, 1, &s->pack.gemm);
    s->target_step_bytes = (int64_t)s->pack.gemm.weights_bytes;
    return why;
}

static const char *plan_conv_pack(const sy_tensor *source, sy_conv_desc *desc, state *s) {
    bool is_flat = source->rank == 3;
    for (int i = 0; i < 2; i++)
        desc->w_stride[i] = source->stride[i];
    desc->w_stride[2] = source->stride[2]; /* one-dimensional: r is 1, any stride will do */
    desc->w_stride[3] = source->stride[is_flat ? 2 : 3];
    s->members = 1;
    return s->tile != 0 ? sy_winograd_plan_init(desc, s->tile, 1, &s->pack.winograd)
                        : sy_conv_plan_init(desc, 1, &s->pack.conv);
}

static sy_status plan_packing(sy_device *device, const sy_task *task, state *s, sy_error *err) {
    sy_cpu_packing packing;
    const sy_tensor *source = &task->tensor[0];
    sy_status status = sy_cpu_packed_find(&device->packed, &task->tensor[1], &packing, err);
    if (status != SY_OK)
        return status;
    s->is_packing = true;
    s->op = packing.op;
    s->tile = packing.tile;
    const char *why = packing.op == SY_OP_GEMM ? plan_gemm_pack(source, &packing.desc.gemm, s)
                                               : plan_conv_pack(source, &packing.desc.conv, s);
    return why != NULL ? sy_error_set(err, SY_UNSUPPORTED, "cpu: %s", why) : SY_OK;
}

static sy_status check_pair(const sy_tensor *source, const sy_tensor *target, sy_error *err) {
    bool same =
        !sy_task_tensor_is_absent(source) && source->rank == target->rank && source->dtype == target->dtype;
    for (uint32_t i = 0; same && i < target->rank; i++)
        same = source->dim[i] == target->dim[i];
    if (!same)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "cpu: reorder wants two tensors of the same extents and dtype");
    if (sy_layout_is_private(source->layout))
        return sy_error_set(
            err, SY_UNSUPPORTED, "cpu: packed weights are not unpacked again; keep the original");
    return SY_OK;
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *plan_state, uint64_t *out_workspace_bytes, sy_error *err) {
    state *s = plan_state;
    const sy_tensor *source = &task->tensor[0], *target = &task->tensor[1];
    *s = (state){.element_bytes = sy_dtype_size(target->dtype)};
    *out_workspace_bytes = 0;
    sy_status status = check_pair(source, target, err);
    if (status != SY_OK)
        return status;
    if (sy_layout_is_private(target->layout))
        return plan_packing(device, task, s, err);
    plan_walk(source, target, &s->walk);
    return SY_OK;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    sy_task settled = *task;
    state s;
    for (int i = 0; i < 2; i++)
        if (task->tensor[i].layout == SY_LAYOUT_ANY)
            settled.tensor[i].layout = SY_LAYOUT_STRIDED;
    return prepare(device, &settled, &s, &out_algorithm->workspace_bytes, err);
}

static void run(sy_binding *binding) {
    const state *s = (const void *)binding->plan->state;
    int threads = sy_cpu_pool_threads(binding->pool);
    if (s->is_packing && binding->operand[1] != NULL)
        sy_cpu_pool_run(binding->pool, pack_part, binding, s->members, threads);
    else if (binding->operand[1] != NULL)
        sy_cpu_pool_run(binding->pool, copy_part, binding, 1, threads);
}

const sy_cpu_algorithm sy_cpu_native_reorder = {
    .name = "native",
    .op = SY_OP_REORDER,
    .flags = SY_ALGO_DETERMINISTIC,
    .plan_bytes = sizeof(state),
    .offer = offer,
    .prepare = prepare,
    .run = run,
};
