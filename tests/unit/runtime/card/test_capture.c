/* Recording launches on a made-up runtime: who may, what is recorded, what becomes of failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/card/card.h"
#include "steelyard/spec.h"

enum { FAULT = 7, NO_MEMORY = 2 };

/* What the made-up runtime does and was asked; in the tests' hands. */
typedef struct card {
    const char *lacks;
    int begin_code, end_code, launch_code, graph_code, run_code;
    int launches, recorded, graphs, streams;
    bool is_capturing;
} card;

static sy_status judge(void *stack, int code) {
    (void)stack;
    return code == NO_MEMORY ? SY_OUT_OF_MEMORY : SY_INTERNAL;
}
static int code_text(void *stack, int code, char *out_text, size_t capacity) {
    (void)stack;
    snprintf(out_text, capacity, "code (%d)", code);
    return code;
}
static int select_device(void *stack, int ordinal) {
    (void)stack;
    return ordinal;
}
static int stream_create(void *stack, void **out_stream) {
    card *c = stack;
    c->streams++;
    *out_stream = c;
    return 0;
}
static int stream_destroy(void *stack, void *stream) {
    card *c = stack;
    c->streams--;
    return stream == c ? 0 : FAULT;
}
static int stream_sync(void *stack, void *stream) {
    const card *c = stack;
    return stream == c && !c->is_capturing ? 0 : FAULT;
}
static const char *capture_lacks(void *stack) {
    const card *c = stack;
    return c->lacks;
}
static int capture_begin(void *stack, void *stream) {
    card *c = stack;
    c->is_capturing = c->begin_code == 0 && stream == c;
    c->recorded = 0;
    return c->begin_code;
}
static int capture_end(void *stack, void *stream, void **out_graph) {
    card *c = stack;
    assert_true(c->is_capturing && stream == c);
    c->is_capturing = false;
    if (c->end_code != 0)
        return c->end_code;
    c->graphs++;
    *out_graph = &c->recorded;
    return 0;
}
static int graph_run(void *stack, void *graph, void *stream) {
    card *c = stack;
    assert_true(graph == &c->recorded && stream == c);
    c->launches += c->graph_code == 0 ? c->recorded : 0;
    return c->graph_code;
}
static int graph_destroy(void *stack, void *graph) {
    card *c = stack;
    assert_ptr_equal(graph, &c->recorded);
    c->graphs--;
    return 0;
}

static const sy_card_runtime recording = {.judge = judge,
    .code_text = code_text,
    .select = select_device,
    .stream_create = stream_create,
    .stream_destroy = stream_destroy,
    .stream_sync = stream_sync,
    .capture_lacks = capture_lacks,
    .capture_begin = capture_begin,
    .capture_end = capture_end,
    .graph_run = graph_run,
    .graph_destroy = graph_destroy};
static const sy_card_runtime plain = {.judge = judge,
    .code_text = code_text,
    .select = select_device,
    .stream_create = stream_create,
    .stream_destroy = stream_destroy,
    .stream_sync = stream_sync};

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    (void)way;
    (void)device;
    return task->op == SY_OP_GEMM;
}
static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    (void)device;
    (void)task;
    (void)err;
    if (index > 0)
        return SY_UNAVAILABLE;
    *out_offer = (sy_card_offer){.flags = SY_ALGO_DETERMINISTIC, .math = SY_MATH_STRICT};
    snprintf(out_offer->name, sizeof out_offer->name, "%s", way->name);
    return SY_OK;
}
static int run(sy_binding *binding) {
    card *c = binding->plan->device->stack;
    if (c->launch_code != 0)
        return c->launch_code;
    *(c->is_capturing ? &c->recorded : &c->launches) += 1;
    return 0;
}

static const sy_card_way capturable = {
    .name = "capturable", .is_capturable = true, .does = does, .offer = offer, .run = run};
static const sy_card_way other = {.name = "other", .does = does, .offer = offer, .run = run};
static const sy_card_way *const ways[] = {&capturable, &other, NULL};

static card the_card;

static sy_status open_stack(sy_backend *backend, sy_error *err) {
    (void)err;
    backend->stack = &the_card;
    return SY_OK;
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
    info->base_align = 64;
    return SY_OK;
}
static sy_status device_open(sy_device *device, const char *params, sy_error *err) {
    (void)device;
    (void)params;
    (void)err;
    return SY_OK;
}
static void device_close(sy_device *device) {
    (void)device;
}

#define MODEL(name_, runtime_)                                                                               \
    {                                                                                                        \
        .name = name_, .runtime = &(runtime_), .open = open_stack, .close = close_stack, .count = count,     \
        .describe = describe, .device_open = device_open, .device_close = device_close, .ways = ways         \
    }
static const sy_card_model recording_model = MODEL("made", recording);
static const sy_card_model plain_model = MODEL("plain", plain);

/* A device with a queue; its binding is made by hand: what operands are is not asked here. */
typedef struct rig {
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    sy_plan plan;
    sy_binding binding;
} rig;

static void begin(rig *r, const sy_card_model *model) {
    const sy_host host = {.size = sizeof host};
    the_card = (card){0};
    memset(r, 0, sizeof *r);
    assert_int_equal(sy_card_create(model, &host, &r->backend, NULL), SY_OK);
    assert_int_equal(sy_card_device_api.open(r->backend, 0, "", &r->device, NULL), SY_OK);
    assert_int_equal(sy_card_queue_api.create(r->device, &r->queue, NULL), SY_OK);
    r->plan = (sy_plan){.device = r->device, .way = &capturable, .references = 2};
    r->binding = (sy_binding){.plan = &r->plan, .queue = r->queue};
}

static void end(rig *r) {
    sy_card_queue_api.destroy(r->queue);
    sy_card_device_api.close(r->device);
    sy_card_destroy(r->backend);
    assert_int_equal(the_card.graphs, 0);
    assert_int_equal(the_card.streams, 0);
}

static const sy_work_api *const work = &sy_card_work_capture_api;

static uint32_t flags_of(rig *r, uint32_t index) {
    sy_spec spec;
    sy_problem_storage storage;
    sy_algorithm algorithm = {.size = sizeof algorithm};
    assert_int_equal(sy_spec_parse("gemm:m=4,n=4,k=4", NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
    assert_int_equal(work->algorithm(r->device, &storage.problem, index, &algorithm, NULL), SY_OK);
    return algorithm.flags;
}

static void offers_say_which_may_be_recorded(void **state) {
    (void)state;
    rig r;
    begin(&r, &recording_model);
    assert_int_equal(flags_of(&r, 0), SY_ALGO_DETERMINISTIC | SY_ALGO_CAPTURABLE);
    assert_int_equal(flags_of(&r, 1), SY_ALGO_DETERMINISTIC);
    end(&r);
    begin(&r, &recording_model);
    the_card.lacks = "it is too old";
    assert_int_equal(flags_of(&r, 0), SY_ALGO_DETERMINISTIC);
    end(&r);
    begin(&r, &plain_model);
    assert_int_equal(flags_of(&r, 0), SY_ALGO_DETERMINISTIC);
    end(&r);
}

static void the_plain_table_has_no_recording(void **state) {
    (void)state;
    assert_null(sy_card_work_api.capture_begin);
    assert_null(sy_card_work_api.capture_end);
    assert_null(sy_card_work_api.graph_run);
    assert_null(sy_card_work_api.graph_destroy);
    assert_ptr_equal(sy_card_work_api.run, work->run);
    assert_ptr_equal(sy_card_work_api.plan_compile, work->plan_compile);
}

static void launches_are_recorded_and_replayed(void **state) {
    (void)state;
    rig r;
    sy_graph *graph = NULL;
    begin(&r, &recording_model);
    assert_int_equal(work->capture_begin(r.queue, NULL), SY_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(work->run(&r.binding), SY_OK);
    assert_int_equal(the_card.launches, 0);
    assert_int_equal(work->capture_end(r.queue, &graph, NULL), SY_OK);
    assert_int_equal(work->graph_run(graph), SY_OK);
    assert_int_equal(work->graph_run(graph), SY_OK);
    assert_int_equal(the_card.launches, 6);
    assert_int_equal(work->run(&r.binding), SY_OK);
    assert_int_equal(the_card.launches, 7);
    work->graph_destroy(graph);
    work->graph_destroy(NULL);
    end(&r);
}

static void who_cannot_says_why(void **state) {
    (void)state;
    rig r;
    sy_graph *graph = NULL;
    sy_error err = SY_ERROR_INIT;
    begin(&r, &recording_model);
    the_card.lacks = "it is too old";
    assert_int_equal(work->capture_begin(r.queue, &err), SY_UNSUPPORTED);
    assert_string_equal(err.text, "made:0: no recording of launches: it is too old");
    end(&r);
    begin(&r, &plain_model);
    assert_int_equal(work->capture_begin(r.queue, &err), SY_UNSUPPORTED);
    assert_string_equal(err.text, "plain:0: no recording of launches: its runtime has no recording");
    assert_int_equal(work->capture_end(r.queue, &graph, &err), SY_INVALID_ARGUMENT);
    assert_null(graph);
    end(&r);
}

static void order_is_minded(void **state) {
    (void)state;
    rig r;
    sy_graph *graph = NULL;
    sy_error err = SY_ERROR_INIT;
    begin(&r, &recording_model);
    assert_int_equal(work->capture_end(r.queue, &graph, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "made:0: no launches are being recorded");
    assert_int_equal(work->capture_begin(r.queue, NULL), SY_OK);
    assert_int_equal(work->capture_begin(r.queue, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "made:0: launches of this queue are recorded already");
    assert_int_equal(work->capture_end(r.queue, &graph, NULL), SY_OK);
    sy_graph *none = graph;
    assert_int_equal(work->capture_end(r.queue, &none, NULL), SY_INVALID_ARGUMENT);
    assert_null(none);
    work->graph_destroy(graph);
    end(&r);
}

/* The launch's failure is the end's, and no sync's. */
static void a_failed_launch_is_told_by_the_end(void **state) {
    (void)state;
    rig r;
    sy_graph *graph = NULL;
    sy_error err = SY_ERROR_INIT;
    begin(&r, &recording_model);
    for (int spoilt = 0; spoilt < 2; spoilt++) {
        assert_int_equal(work->capture_begin(r.queue, NULL), SY_OK);
        the_card.launch_code = FAULT;
        the_card.end_code = spoilt ? 901 : 0; /* some runtimes make a graph of what did come */
        assert_int_equal(work->run(&r.binding), SY_INTERNAL);
        assert_int_equal(work->capture_end(r.queue, &graph, &err), SY_INTERNAL);
        assert_string_equal(err.text, "while recording: made:0: capturable: code (7)");
        assert_int_equal(err.vendor_code, FAULT);
        assert_null(graph);
        assert_int_equal(the_card.graphs, 0);
        the_card.launch_code = 0;
        assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, NULL), SY_OK);
        assert_int_equal(work->run(&r.binding), SY_OK);
    }
    end(&r);
}

static void the_vendors_failures_are_told(void **state) {
    (void)state;
    rig r;
    sy_graph *graph = NULL;
    sy_error err = SY_ERROR_INIT;
    begin(&r, &recording_model);
    the_card.begin_code = FAULT;
    assert_int_equal(work->capture_begin(r.queue, &err), SY_INTERNAL);
    assert_string_equal(err.text, "made:0: beginning to record launches: code (7)");
    assert_int_equal(work->capture_end(r.queue, &graph, NULL), SY_INVALID_ARGUMENT);
    the_card.begin_code = 0;
    the_card.end_code = NO_MEMORY;
    assert_int_equal(work->capture_begin(r.queue, NULL), SY_OK);
    assert_int_equal(work->capture_end(r.queue, &graph, &err), SY_OUT_OF_MEMORY);
    assert_string_equal(err.text, "made:0: recording launches: code (2)");
    the_card.end_code = 0;
    assert_int_equal(work->capture_begin(r.queue, NULL), SY_OK);
    assert_int_equal(work->capture_end(r.queue, &graph, NULL), SY_OK);
    the_card.graph_code = FAULT;
    assert_int_equal(work->graph_run(graph), SY_INTERNAL);
    assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, &err), SY_INTERNAL);
    assert_string_equal(err.text, "made:0: replaying recorded launches: code (7)");
    work->graph_destroy(graph);
    end(&r);
}

/* What failed before stays for the next sync to tell. */
static void a_failure_before_is_not_lost(void **state) {
    (void)state;
    rig r;
    sy_error err = SY_ERROR_INIT;
    begin(&r, &recording_model);
    the_card.launch_code = FAULT;
    assert_int_equal(work->run(&r.binding), SY_INTERNAL);
    assert_int_equal(work->capture_begin(r.queue, &err), SY_INTERNAL);
    assert_string_equal(err.text, "before recording: made:0: capturable: code (7)");
    assert_false(the_card.is_capturing);
    assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, &err), SY_INTERNAL);
    assert_int_equal(work->capture_begin(r.queue, NULL), SY_OK);
    end(&r); /* with a recording that nobody ended */
    assert_false(the_card.is_capturing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_say_which_may_be_recorded),
        cmocka_unit_test(the_plain_table_has_no_recording),
        cmocka_unit_test(launches_are_recorded_and_replayed),
        cmocka_unit_test(who_cannot_says_why),
        cmocka_unit_test(order_is_minded),
        cmocka_unit_test(a_failed_launch_is_told_by_the_end),
        cmocka_unit_test(the_vendors_failures_are_told),
        cmocka_unit_test(a_failure_before_is_not_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
