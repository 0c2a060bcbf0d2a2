/* The toy's calls. */
#include "tests/unit/runtime/card/toy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/error.h"

toy_world toy;

static int call(void) {
    toy.calls++;
    return toy.fail_at > 0 && --toy.fail_at == 0 ? toy.fail_with : 0;
}

static sy_status judge(void *stack, int code) {
    (void)stack;
    return code == TOY_NO_MEMORY ? SY_OUT_OF_MEMORY : code == TOY_LOST ? SY_LOST : SY_INTERNAL;
}

static int code_text(void *stack, int code, char *out_text, size_t capacity) {
    (void)stack;
    snprintf(out_text, capacity, "toy says no (%d)", code);
    return code;
}

static int select_device(void *stack, int ordinal) {
    (void)stack;
    (void)ordinal;
    return call();
}

static int take(uint64_t bytes, void **out_address) {
    int code = call();
    *out_address = code == 0 ? malloc(bytes) : NULL;
    toy.memory += code == 0;
    return code;
}

static int alloc_device(void *stack, uint64_t bytes, void **out_address) {
    (void)stack;
    return bytes > (UINT64_C(1) << 40) ? TOY_NO_MEMORY : take(bytes, out_address);
}

static int give(void *stack, void *address) {
    (void)stack;
    free(address);
    toy.memory--;
    return 0;
}

static int memory_info(void *stack, uint64_t *out_free, uint64_t *out_total) {
    (void)stack;
    *out_free = 1000;
    *out_total = 4000;
    return 0;
}

static int copy(
    void *stack, void *to, const void *from, uint64_t bytes, sy_card_way_of_copy way, void *stream) {
    (void)stack;
    (void)way;
    (void)stream;
    memmove(to, from, bytes);
    return call();
}

static int fill(void *stack, void *address, uint8_t value, uint64_t bytes, void *stream) {
    (void)stack;
    (void)stream;
    memset(address, value, bytes);
    return call();
}

static int make(int *count, void **out_handle) {
    int code = call();
    *out_handle = code == 0 ? malloc(1) : NULL;
    *count += code == 0;
    return code;
}

static int stream_create(void *stack, void **out_stream) {
    (void)stack;
    return make(&toy.streams, out_stream);
}

static int stream_destroy(void *stack, void *stream) {
    (void)stack;
    free(stream);
    toy.streams--;
    return 0;
}

static int on_stream(void *stack, void *stream) {
    (void)stack;
    (void)stream;
    return call();
}

static int query(void *stack, void *handle) {
    (void)stack;
    (void)handle;
    return toy.query_not_ready-- > 0 ? SY_CARD_NOT_READY : call();
}

static int event_create(void *stack, bool is_timed, void **out_event) {
    (void)stack;
    (void)is_timed;
    return make(&toy.events, out_event);
}

static int event_destroy(void *stack, void *event) {
    (void)stack;
    free(event);
    toy.events--;
    return 0;
}

static int on_event(void *stack, void *a, void *b) {
    (void)stack;
    (void)a;
    (void)b;
    return call();
}

static int elapsed(void *stack, void *start, void *stop, double *out_ns) {
    *out_ns = 1234.0;
    (void)start;
    return query(stack, stop);
}

static const sy_card_runtime runtime = {.judge = judge,
    .code_text = code_text,
    .select = select_device,
    .alloc = alloc_device,
    .free = give,
    .pinned_alloc = alloc_device,
    .pinned_free = give,
    .memory_info = memory_info,
    .copy = copy,
    .fill = fill,
    .stream_create = stream_create,
    .stream_destroy = stream_destroy,
    .stream_sync = on_stream,
    .stream_query = query,
    .event_create = event_create,
    .event_destroy = event_destroy,
    .event_record = on_event,
    .event_wait = on_event,
    .event_query = query,
    .event_elapsed = elapsed,
    .timer_resolution_ns = 5.0,
    .no_host_memory = TOY_NO_MEMORY};

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    (void)way;
    (void)device;
    return task->op == SY_OP_GEMM;
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    (void)device;
    uint32_t period = toy.variants + 1;
    if (index >= toy.candidates * period)
        return index > 0 ? SY_UNAVAILABLE
                         : sy_error_set(err, SY_UNSUPPORTED, "the toy does not feel like it");
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        out_offer->layout[i] = SY_LAYOUT_STRIDED;
    out_offer->flags = index % period > 0 ? SY_ALGO_VARIANT : 0;
    out_offer->workspace_bytes = 64;
    snprintf(out_offer->name, sizeof out_offer->name, "%s/%u", way->name, index);
    return SY_OK;
}

static sy_status plan(sy_plan *made, uint32_t index, sy_error *err) {
    if (index >= toy.candidates * (toy.variants + 1))
        return SY_UNAVAILABLE;
    made->own = malloc(1);
    toy.plans++;
    made->workspace_bytes = 64;
    return toy.run_with == SY_CARD_NOT_READY ? sy_error_set(err, SY_UNSUPPORTED, "not this one") : SY_OK;
}

static void plan_free(sy_plan *made) {
    free(made->own);
    toy.plans--;
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    if (workspace == NULL || address[binding->plan->task.n_in] == NULL)
        return sy_error_set(err, SY_INTERNAL, "addresses are missing");
    binding->own = malloc(1);
    toy.bindings++;
    return SY_OK;
}

static void bind_free(sy_binding *binding) {
    free(binding->own);
    toy.bindings--;
}

static int run(sy_binding *binding) {
    (void)binding;
    toy.runs++;
    return toy.run_with;
}

static const sy_card_way way = {.name = "toy",
    .does = does,
    .offer = offer,
    .plan = plan,
    .plan_free = plan_free,
    .bind = bind,
    .bind_free = bind_free,
    .run = run};
static const sy_card_way *const ways[] = {&way, &sy_card_way_host, NULL};

static sy_status open_stack(sy_backend *backend, sy_error *err) {
    backend->stack = &toy;
    return toy.is_missing ? sy_error_set(err, SY_UNAVAILABLE, "toy: no toy here") : SY_OK;
}

static void close_stack(sy_backend *backend) {
    (void)backend;
}

static sy_status count(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    (void)backend;
    (void)err;
    *out_count = 1;
    return SY_OK;
}

static sy_status describe(sy_backend *backend, uint32_t index, sy_device_info *info, sy_error *err) {
    (void)backend;
    (void)index;
    (void)err;
    snprintf(info->name, sizeof info->name, "Toy");
    info->base_align = 16;
    return SY_OK;
}

static sy_status device_open(sy_device *device, const char *params, sy_error *err) {
    (void)device;
    return params[0] != '\0' ? sy_error_set(err, SY_INVALID_ARGUMENT, "toy: no parameters") : SY_OK;
}

static void device_close(sy_device *device) {
    (void)device;
}

const sy_card_model toy_model = {.name = "toy",
    .runtime = &runtime,
    .open = open_stack,
    .close = close_stack,
    .count = count,
    .describe = describe,
    .device_open = device_open,
    .device_close = device_close,
    .ways = ways};

sy_device *toy_begin(sy_backend **out_backend) {
    sy_device *device = NULL;
    toy = (toy_world){.candidates = 1};
    if (sy_card_create(&toy_model, NULL, out_backend, NULL) != SY_OK ||
        sy_card_device_api.open(*out_backend, 0, "", &device, NULL) != SY_OK)
        abort();
    return device;
}

void toy_end(sy_backend *backend, sy_device *device) {
    sy_card_device_api.close(device);
    sy_card_destroy(backend);
    if (toy.memory + toy.streams + toy.events + toy.plans + toy.bindings != 0) {
        fprintf(stderr, "alive: memory %d streams %d events %d plans %d bindings %d\n", toy.memory,
            toy.streams, toy.events, toy.plans, toy.bindings);
        abort();
    }
}
