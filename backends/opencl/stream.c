/* Memory rates: read, triad and fill, over all of the device. */
#include <stdio.h>

#include "backends/opencl/family.h"
#include "runtime/base/error.h"

#define TRIAD_SCALE 3.0
#define FILL_VALUE 1.5

/* Processors take a stretch of whole pages a work-item, several an unit so that a late thread does not hold
 * up all. */
#define STRETCH_ELEMENTS 1024u
#define CPU_GROUPS_A_UNIT 4u
/* GPUs: enough loads in flight to cover the way to memory. */
#define GPU_LOCAL 256u
#define GPU_GROUPS_A_UNIT 8u
#define GPU_WIDTH 4u

/* A row a kind. */
static const struct {
    uint32_t kind, inputs;
    const char *kernel;
} rows[] = {{SY_STREAM_READ, 1, "stream_read"}, {SY_STREAM_TRIAD, 2, "stream_triad"},
    {SY_STREAM_FILL, 0, "stream_fill"}};

enum { ROWS = sizeof rows / sizeof rows[0] };

typedef struct shape {
    uint32_t width;
    bool is_grid;
    uint64_t local, groups;
} shape;

static bool is_dense_f32(const sy_tensor *tensor) {
    return !sy_task_tensor_is_absent(tensor) && tensor->dtype == SY_F32 && tensor->rank == 1 &&
           (tensor->layout == SY_LAYOUT_ANY ||
               (tensor->layout == SY_LAYOUT_STRIDED && (tensor->dim[0] <= 1 || tensor->stride[0] == 1)));
}

static sy_status check(const sy_task *task, size_t row, uint64_t elements, sy_error *err) {
    bool fits = task->n_in == rows[row].inputs && task->n_post == 0 && elements <= INT64_MAX / sizeof(float);
    for (uint32_t i = 0; fits && i < task->n_in + task->n_out; i++) {
        bool is_sums = rows[row].kind == SY_STREAM_READ && i == 1;
        fits = is_dense_f32(&task->tensor[i]) &&
               (is_sums ? task->tensor[i].dim[0] > 0 : (uint64_t)task->tensor[i].dim[0] == elements);
    }
    if (!fits)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "this stream wants %u dense f32 inputs and one output of bytes / 4 elements, read at least one "
            "sum",
            rows[row].inputs);
    return SY_OK;
}

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

/* A power of two that a group may have. */
static uint64_t local_items(const ocl_traits *traits) {
    uint64_t local = 1;
    while (local < GPU_LOCAL && local * 2 <= traits->max_work_group)
        local *= 2;
    return local;
}

/* sums: places for sums of groups; 0: there is no need of any. */
static shape plan(const ocl_traits *traits, uint64_t elements, uint64_t sums) {
    shape s = {.width = 1, .local = 1};
    uint64_t local = local_items(traits), pieces;
    s.is_grid = traits->kind == OCL_GPU && traits->local_bytes >= local * sizeof(float);
    if (s.is_grid) {
        s.width = GPU_WIDTH;
        s.local = local;
        s.groups = (uint64_t)traits->units * GPU_GROUPS_A_UNIT;
        pieces = elements / (local * s.width) + 1;
    } else {
        while (s.width < 16 && s.width * 2 <= traits->vector_f32)
            s.width *= 2;
        s.width = s.width < 2 ? 2 : s.width; /* there are no vectors of one */
        s.groups = (uint64_t)traits->units * CPU_GROUPS_A_UNIT;
        pieces = elements / STRETCH_ELEMENTS + 1;
    }
    s.groups = least(s.groups, pieces);
    if (sums > 0)
        s.groups = least(s.groups, sums);
    return s;
}

static void add_step(const sy_task *task, size_t row, const shape *s, uint64_t elements, ocl_recipe *recipe) {
    ocl_step *step = ocl_step_add(recipe, rows[row].kernel);
    ocl_step_groups(step, (const uint64_t[3]){s->groups, 1, 1}, (const uint64_t[3]){s->local, 1, 1});
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        ocl_arg_operand(step, i, SY_F32);
    ocl_arg_long(step, (int64_t)elements);
    if (rows[row].kind == SY_STREAM_READ)
        ocl_arg_long(step, sy_task_output(task, 0)->dim[0]);
    else
        ocl_arg_float(step, rows[row].kind == SY_STREAM_TRIAD ? TRIAD_SCALE : FILL_VALUE);
}

static sy_status cook(const ocl_request *request, ocl_recipe *recipe, sy_error *err) {
    const sy_task *task = request->task;
    uint64_t elements = task->attr.stream.bytes / sizeof(float);
    size_t row = 0;
    if (task->variant != 0)
        return sy_error_set(err, SY_UNAVAILABLE, "streams have no variants");
    while (row < ROWS && rows[row].kind != task->attr.stream.kind)
        row++;
    if (row == ROWS)
        return sy_error_set(err, SY_UNSUPPORTED, "unknown kind %u of stream", task->attr.stream.kind);
    sy_status status = check(task, row, elements, err);
    if (status != SY_OK)
        return status;
    bool is_read = rows[row].kind == SY_STREAM_READ;
    const shape s = plan(request->traits, elements, is_read ? (uint64_t)sy_task_output(task, 0)->dim[0] : 0);
    ocl_define(recipe, "#define KIND %u\n#define GRID %d\n#define LOCAL %u\n#define VW %u\n", rows[row].kind,
        s.is_grid, (uint32_t)s.local, s.width);
    ocl_source(recipe, "stream");
    add_step(task, row, &s, elements, recipe);
    recipe->flags |= SY_ALGO_DETERMINISTIC;
    snprintf(recipe->implementation, sizeof recipe->implementation, "float%u, %s", s.width,
        s.is_grid ? "side by side" : "stretches");
    return SY_OK;
}

const ocl_family ocl_stream = {.name = "stream", .ops = 1u << SY_OP_STREAM, .cook = cook};
