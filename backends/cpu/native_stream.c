/* Memory rates: each thread reads or writes its own share, the one whose pages it touched first. */
#include "backends/cpu/share.h"
#include "backends/cpu/work.h"
#include "kernels/probe/probe.h"
#include "runtime/base/error.h"

/* Shares end at pages, as those of the first touch do. */
#define SHARE_ELEMENTS 1024u
#define TRIAD_SCALE 3.0f
#define FILL_VALUE 1.5f

typedef struct state {
    const sy_probe_stream *stream;
    uint64_t elements, sums;
    int parts;
    uint32_t kind;
} state;

static const struct {
    uint32_t kind, inputs;
} kinds[] = {{SY_STREAM_READ, 1}, {SY_STREAM_TRIAD, 2}, {SY_STREAM_FILL, 0}};

static bool is_dense_f32(const sy_tensor *tensor) {
    return !sy_task_tensor_is_absent(tensor) && tensor->dtype == SY_F32 && tensor->rank == 1 &&
           (tensor->dim[0] <= 1 || tensor->layout == SY_LAYOUT_ANY ||
               (tensor->layout == SY_LAYOUT_STRIDED && tensor->stride[0] == 1));
}

static sy_status prepare(
    sy_device *device, const sy_task *task, void *plan_state, uint64_t *out_workspace_bytes, sy_error *err) {
    state *s = plan_state;
    uint32_t kind = task->attr.stream.kind, row = 0;
    while (row < 3 && kinds[row].kind != kind)
        row++;
    if (row == 3)
        return sy_error_set(err, SY_UNSUPPORTED, "cpu: unknown kind %u of stream", kind);
    uint64_t elements = task->attr.stream.bytes / sizeof(float);
    bool fits = task->n_in == kinds[row].inputs && task->n_post == 0;
    for (uint32_t i = 0; fits && i < task->n_in + task->n_out; i++) {
        bool is_sums = kind == SY_STREAM_READ && i == 1;
        fits = is_dense_f32(&task->tensor[i]) &&
               (is_sums ? task->tensor[i].dim[0] > 0 : (uint64_t)task->tensor[i].dim[0] == elements);
    }
    if (!fits)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: this stream wants %u dense f32 inputs and one output of bytes / 4 elements, read at least "
            "one sum",
            kinds[row].inputs);
    uint64_t shares = elements / SHARE_ELEMENTS + 1;
    int threads = sy_cpu_pool_threads(device->pool);
    *s = (state){.stream = sy_probe_stream_find(device->backend->isa.features),
        .elements = elements,
        .sums = (uint64_t)sy_task_output(task, 0)->dim[0],
        .parts = shares < (uint64_t)threads ? (int)shares : threads,
        .kind = kind};
    *out_workspace_bytes = kind == SY_STREAM_READ ? (uint64_t)s->parts * SY_CPU_ALIGNMENT : 0;
    return SY_OK;
}

static sy_status offer(sy_device *device, const sy_task *task, sy_algorithm *out_algorithm, sy_error *err) {
    state s;
    return prepare(device, task, &s, &out_algorithm->workspace_bytes, err);
}

/* Where a part leaves its sum: on a cache line of its own. */
static float *sum_of_part(const sy_binding *binding, int part) {
    return (float *)(void *)(binding->workspace + (size_t)part * SY_CPU_ALIGNMENT);
}

static void run_part(void *arg, int64_t step, int part) {
    (void)step;
    const sy_binding *binding = arg;
    const state *s = (const void *)binding->plan->state;
    sy_cpu_share share = sy_cpu_share_of(s->elements, SHARE_ELEMENTS, part, s->parts);
    size_t count = share.end - share.begin;
    float *first = (float *)(void *)binding->operand[0] + share.begin;
    if (s->kind == SY_STREAM_FILL)
        s->stream->fill(first, FILL_VALUE, count);
    else if (s->kind == SY_STREAM_READ)
        *sum_of_part(binding, part) = s->stream->read(first, count);
    else
        s->stream->triad((float *)(void *)binding->operand[2] + share.begin, first,
            (float *)(void *)binding->operand[1] + share.begin, TRIAD_SCALE, count);
}

/* Sum i takes the parts i, i + sums, ...; sums without a part are 0. */
static void collect_sums(const sy_binding *binding, const state *s) {
    float *sum = (float *)(void *)binding->operand[1];
    for (uint64_t i = 0; i < s->sums; i++)
        sum[i] = 0.0f;
    for (int part = 0; part < s->parts; part++)
        sum[(uint64_t)part % s->sums] += *sum_of_part(binding, part);
}

static void run(sy_binding *binding) {
    const state *s = (const void *)binding->plan->state;
    if (s->elements > 0)
        sy_cpu_pool_run(binding->pool, run_part, binding, 1, s->parts);
    if (s->kind == SY_STREAM_READ && s->elements > 0)
        collect_sums(binding, s);
}

const sy_cpu_algorithm sy_cpu_native_stream = {
    .name = "native",
    .op = SY_OP_STREAM,
    .flags = SY_ALGO_DETERMINISTIC,
    .plan_bytes = sizeof(state),
    .offer = offer,
    .prepare = prepare,
    .run = run,
};
