/* Takes the four backends of style.h from query to result, as the host does it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/dispatch/dispatch.h"
#include "runtime/registry/table.h"
#include "tests/unit/runtime/abi/style.h"

enum { RUNS = 3 };

/* All that the way makes, in the order it is made. */
typedef struct whole_way {
    style_seen seen;
    sy_host host;
    sy_table table;
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    sy_problem_storage storage;
    sy_algorithm algorithm;
    uint32_t image_layout;
    sy_plan *plan;
    sy_buffer *operand[SY_MAX_TENSORS], *workspace;
    sy_span spans[SY_MAX_TENSORS], workspace_span;
    sy_binding *binding;
} whole_way;

static void open_way(whole_way *way, sy_backend_query_fn *query) {
    *way = (whole_way){.host = {.size = sizeof way->host}};
    way->host.ctx = &way->seen;
    const sy_backend_api *api = query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL);
    assert_non_null(api);
    assert_null(query(SY_ABI_MAJOR + 1, 0, NULL));
    assert_int_equal(sy_table_take(api, &way->table, NULL), SY_OK);
    assert_int_equal(way->table.api.create(&way->host, &way->backend, NULL), SY_OK);
    assert_int_equal(way->table.device.open(way->backend, 0, "", &way->device, NULL), SY_OK);
    assert_int_equal(way->table.device.thread_enter(way->device, NULL), SY_OK);
    assert_int_equal(way->table.queue.create(way->device, &way->queue, NULL), SY_OK);
}

static void choose(whole_way *way, const char *problem, const char *expected) {
    sy_candidates candidates;
    sy_spec spec;
    uint32_t index;
    assert_int_equal(sy_spec_parse(problem, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &way->storage, NULL), SY_OK);
    assert_int_equal(
        sy_dispatch_candidates(&way->table.api, way->device, &way->storage.problem, &candidates, NULL),
        SY_OK);
    assert_int_equal(sy_dispatch_choose(&candidates, "auto", &index, NULL), SY_OK);
    way->algorithm = candidates.candidate[index].algorithm;
    assert_string_equal(way->algorithm.name, expected);
    assert_int_equal(sy_dispatch_resolve(&way->storage, &way->algorithm, &way->image_layout, NULL), SY_OK);
}

static void allocate(whole_way *way) {
    uint32_t count = way->storage.problem.n_in + way->storage.problem.n_out;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t bytes;
        assert_int_equal(
            sy_dispatch_tensor_bytes(&way->table.api, way->device, &way->storage.tensor[i], &bytes, NULL),
            SY_OK);
        if (bytes == 0)
            continue;
        assert_int_equal(
            way->table.memory.alloc(way->device, SY_MEMORY_DEVICE, bytes, &way->operand[i], NULL), SY_OK);
        assert_null(way->table.memory.host_ptr(way->operand[i]));
        way->spans[i] = (sy_span){.buffer = way->operand[i], .bytes = bytes};
    }
}

static void bind(whole_way *way) {
    const sy_work_api *work = &way->table.work;
    uint64_t bytes;
    assert_int_equal(
        work->plan_create(way->device, &way->storage.problem, way->algorithm.id, &way->plan, NULL), SY_OK);
    assert_int_equal(work->plan_workspace(way->plan, &bytes, NULL), SY_OK);
    if (bytes > 0) {
        assert_int_equal(
            way->table.memory.alloc(way->device, SY_MEMORY_DEVICE, bytes, &way->workspace, NULL), SY_OK);
        way->workspace_span = (sy_span){.buffer = way->workspace, .bytes = bytes};
    }
    uint32_t count = way->storage.problem.n_in + way->storage.problem.n_out;
    assert_int_equal(work->binding_create(
                         way->plan, way->queue, way->spans, count, way->workspace_span, &way->binding, NULL),
        SY_OK);
}

/* Inputs in, launches between two timer marks if there are timers, outputs out. Returns device time, 0
 * without. */
static double run_all(whole_way *way) {
    const sy_queue_api *queue = &way->table.queue;
    unsigned char host[64] = {0};
    sy_timer *timer = NULL;
    double ns = 0.0, resolution = 0.0;
    sy_span outside = {.bytes = sizeof host}, inside = {.buffer = way->operand[0], .bytes = sizeof host};
    assert_int_equal(way->table.memory.import(way->device, host, sizeof host, &outside.buffer, NULL), SY_OK);
    assert_int_equal(way->table.memory.copy(way->queue, inside, outside, NULL), SY_OK);
    assert_int_equal(way->table.memory.fill(way->queue, inside, 0xff, NULL), SY_OK);
    if (queue->timer_create != NULL) {
        assert_int_equal(queue->timer_create(way->queue, &timer, NULL), SY_OK);
        assert_int_equal(queue->timer_start(timer, NULL), SY_OK);
    }
    for (int i = 0; i < RUNS; i++)
        assert_int_equal(way->table.work.run(way->binding), SY_OK);
    if (timer != NULL)
        assert_int_equal(queue->timer_stop(timer, NULL), SY_OK);
    assert_int_equal(queue->sync(way->queue, UINT64_MAX, NULL), SY_OK);
    if (timer != NULL) {
        assert_int_equal(queue->timer_read(timer, &ns, &resolution, NULL), SY_OK);
        assert_true(resolution > 0.0);
        queue->timer_destroy(timer);
    }
    assert_int_equal(way->table.memory.copy(way->queue, outside, inside, NULL), SY_OK);
    assert_int_equal(queue->sync(way->queue, UINT64_MAX, NULL), SY_OK);
    way->table.memory.free(outside.buffer);
    return ns;
}

/* Everything back; the vendor must have seen no violation, and nothing may be left. */
static void close_way(whole_way *way) {
    way->table.work.binding_destroy(way->binding);
    way->table.memory.free(way->workspace);
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        way->table.memory.free(way->operand[i]);
    way->table.work.plan_destroy(way->plan);
    way->table.queue.destroy(way->queue);
    way->table.device.thread_leave(way->device);
    way->table.device.close(way->device);
    way->table.api.destroy(way->backend);
    assert_int_equal(way->seen.violations, 0);
    assert_int_equal(way->seen.entered, 0);
    assert_int_equal(way->seen.living, 0);
}

static void streams_events_and_graphs(void **state) {
    whole_way way;
    sy_graph *graph = NULL;
    sy_event *event = NULL;
    sy_queue *second = NULL;
    uint32_t is_done = 0;
    (void)state;
    open_way(&way, style_cuda_query);
    const sy_queue_api *queue = &way.table.queue;
    const sy_work_api *work = &way.table.work;
    choose(&way, "gemm:m=8,n=8,k=8", "pedantic"); /* tf32 is more than strict allows */
    allocate(&way);
    bind(&way);
    assert_true(run_all(&way) == RUNS * 2000.0);
    assert_int_equal(work->capture_begin(way.queue, NULL), SY_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(work->run(way.binding), SY_OK);
    assert_int_equal(work->capture_end(way.queue, &graph, NULL), SY_OK);
    assert_int_equal(way.seen.launches, RUNS);
    assert_int_equal(work->graph_run(graph), SY_OK);
    assert_int_equal(work->graph_run(graph), SY_OK);
    assert_int_equal(way.seen.launches, RUNS + 8);
    assert_int_equal(way.seen.replays, 8);
    work->graph_destroy(graph);
    assert_int_equal(queue->create(way.device, &second, NULL), SY_OK);
    assert_int_equal(queue->event_create(way.device, &event, NULL), SY_OK);
    assert_int_equal(queue->event_record(event, way.queue, NULL), SY_OK);
    assert_int_equal(queue->event_wait(second, event, NULL), SY_OK);
    assert_int_equal(queue->event_query(event, &is_done, NULL), SY_OK);
    assert_int_equal(is_done, 1);
    queue->event_destroy(event);
    queue->destroy(second);
    close_way(&way);
}

static void executors_with_baked_addresses(void **state) {
    whole_way way;
    sy_binding *other = NULL;
    (void)state;
    open_way(&way, style_cann_query);
    assert_null(way.table.queue.timer_create); /* optional groups are absent as a whole */
    assert_null(way.table.queue.event_create);
    assert_null(way.table.work.capture_begin);
    choose(&way, "gemm:m=8,n=8,k=8", "matmul");
    allocate(&way);
    bind(&way);
    /* A second set of operands is a second executor over the same workspace. */
    sy_span rotated[4] = {way.spans[0], way.spans[1], way.spans[2], way.spans[3]};
    rotated[0].offset = 64;
    assert_int_equal(
        way.table.work.binding_create(way.plan, way.queue, rotated, 4, way.workspace_span, &other, NULL),
        SY_OK);
    run_all(&way);
    assert_int_equal(way.table.work.run(other), SY_OK);
    assert_int_equal(way.table.queue.sync(way.queue, 0, NULL), SY_TIMEOUT);
    assert_int_equal(way.table.queue.sync(way.queue, UINT64_MAX, NULL), SY_OK);
    assert_int_equal(way.seen.launches, RUNS + 1);
    way.table.work.binding_destroy(other);
    close_way(&way);
}

static void descriptors_and_channels_last(void **state) {
    whole_way way;
    (void)state;
    open_way(&way, style_cnnl_query);
    choose(&way, "conv2d:n=1,c=8,h=6,w=6,k=4,r=3,s=3", "nhwc");
    assert_int_equal(way.image_layout, SY_IMAGE_NHWC);
    allocate(&way);
    bind(&way);
    run_all(&way);
    assert_int_equal(way.seen.launches, RUNS);
    close_way(&way);
}

static void given_planar_images_are_refused(void **state) {
    whole_way way;
    sy_candidates candidates;
    sy_spec spec;
    (void)state;
    open_way(&way, style_cnnl_query);
    assert_int_equal(
        sy_spec_parse("conv2d:n=1,c=8,h=6,w=6,k=4,r=3,s=3,layout=nchw", NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &way.storage, NULL), SY_OK);
    assert_int_equal(
        sy_dispatch_candidates(&way.table.api, way.device, &way.storage.problem, &candidates, NULL), SY_OK);
    assert_int_equal(candidates.candidate[0].status, SY_UNSUPPORTED);
    assert_string_equal(candidates.candidate[0].reason, "images must be channels last");
    way.table.queue.destroy(way.queue);
    way.table.device.thread_leave(way.device);
    way.table.device.close(way.device);
    way.table.api.destroy(way.backend);
    assert_int_equal(way.seen.living, 0);
}

static void kernels_and_profiles(void **state) {
    whole_way way;
    (void)state;
    open_way(&way, style_opencl_query);
    choose(&way, "gemm:m=8,n=8,k=8", "tiled");
    assert_true((way.storage.tensor[1].layout & SY_LAYOUT_PRIVATE) != 0);
    allocate(&way);
    assert_int_equal(way.spans[1].bytes, 8 * 64 * 4);
    bind(&way);
    assert_true(run_all(&way) == RUNS * 3000.0);
    sy_tensor plain = way.storage.tensor[1];
    plain.layout = SY_LAYOUT_STRIDED;
    plain.stride[0] = 64, plain.stride[1] = 8, plain.stride[2] = 1;
    assert_int_equal(sy_dispatch_reorder(&way.table.api, way.device, way.queue, &plain, way.spans[0],
                         &way.storage.tensor[1], way.spans[1], NULL),
        SY_OK);
    assert_int_equal(way.seen.launches, RUNS + 1);
    close_way(&way);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_events_and_graphs),
        cmocka_unit_test(executors_with_baked_addresses),
        cmocka_unit_test(descriptors_and_channels_last),
        cmocka_unit_test(given_planar_images_are_refused),
        cmocka_unit_test(kernels_and_profiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
