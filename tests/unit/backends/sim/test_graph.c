/* Launches recorded on the simulated device: what is computed, what it costs, what is refused. */
#include "tests/unit/backends/sim/world.h"

#include <math.h>

#include "runtime/base/seam.h"

/* y = a b of one element each, side by side. */
typedef struct product {
    sy_buffer *memory;
    sy_plan *plan;
    sy_binding *binding;
} product;

static product open_product(world *w) {
    product p = {.memory = device_memory(w, 3 * sizeof(float)), .plan = plan_of(w, "gemm:m=1,n=1,k=1")};
    const sy_span operands[] = {
        span_of(p.memory, 0, 1), span_of(p.memory, 1, 1), {0}, span_of(p.memory, 2, 1)};
    p.binding = bind(w, p.plan, operands, 4);
    return p;
}

static void close_product(world *w, product *p) {
    w->api->work->binding_destroy(p->binding);
    w->api->work->plan_destroy(p->plan);
    w->api->memory->free(p->memory);
}

static sy_graph *record(world *w, const product *p, int launches) {
    sy_graph *graph = NULL;
    assert_int_equal(w->api->work->capture_begin(w->queue, NULL), SY_OK);
    for (int i = 0; i < launches; i++)
        assert_int_equal(w->api->work->run(p->binding), SY_OK);
    assert_int_equal(w->api->work->capture_end(w->queue, &graph, NULL), SY_OK);
    assert_non_null(graph);
    return graph;
}

static void a_replay_takes_the_values_of_then(void **state) {
    (void)state;
    world w = open_world("");
    product p = open_product(&w);
    const float first[] = {3.0f, 4.0f, -1.0f}, second[] = {5.0f, 4.0f, -1.0f};
    put(&w, span_of(p.memory, 0, 3), first);
    sy_graph *graph = record(&w, &p, 2);
    assert_true(get_one(&w, p.memory, 2) == -1.0f);
    assert_int_equal(w.api->work->graph_run(graph), SY_OK);
    assert_true(get_one(&w, p.memory, 2) == 12.0f);
    put(&w, span_of(p.memory, 0, 3), second);
    assert_int_equal(w.api->work->graph_run(graph), SY_OK);
    assert_true(get_one(&w, p.memory, 2) == 20.0f);
    w.api->work->graph_destroy(graph);
    w.api->work->graph_destroy(NULL);
    close_product(&w, &p);
    close_world(&w);
}

static double busy_ns(const world *w) {
    return w->device->state.busy_total_ns;
}

/* The first launch of a graph costs what it does alone, those behind it a fifth of the overhead; so many that
 * the list of them grows. */
static void launches_within_cost_less(void **state) {
    (void)state;
    enum { LAUNCHES = 40 };
    world w = open_world("launch=10us");
    product p = open_product(&w);
    double begin_ns = busy_ns(&w);
    assert_int_equal(w.api->work->run(p.binding), SY_OK);
    double alone_ns = busy_ns(&w) - begin_ns;
    sy_graph *graph = record(&w, &p, LAUNCHES);
    begin_ns = busy_ns(&w);
    double host_ns = w.device->state.now_ns;
    assert_int_equal(w.api->work->graph_run(graph), SY_OK);
    assert_true(fabs(busy_ns(&w) - begin_ns - (LAUNCHES * alone_ns - (LAUNCHES - 1) * 0.8 * 10e3)) < 1e-3);
    assert_true(fabs(w.device->state.now_ns - host_ns - 200.0) < 1e-6);
    w.api->work->graph_destroy(graph);
    close_product(&w, &p);
    close_world(&w);
}

static void order_is_minded(void **state) {
    (void)state;
    world w = open_world("");
    product p = open_product(&w);
    sy_error err = SY_ERROR_INIT;
    sy_graph *graph = NULL;
    assert_int_equal(w.api->work->capture_end(w.queue, &graph, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "sim: no launches are being recorded");
    assert_int_equal(w.api->work->capture_begin(w.queue, NULL), SY_OK);
    assert_int_equal(w.api->work->capture_begin(w.queue, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "sim: launches of this queue are recorded already");
    close_product(&w, &p);
    close_world(&w); /* with a recording that nobody ended */
}

/* No memory for the record, or for a launch in it: told, and nothing stays behind. */
static void memory_runs_out(void **state) {
    (void)state;
    world w = open_world("");
    product p = open_product(&w);
    sy_error err = SY_ERROR_INIT;
    for (uint64_t nth = 1; nth <= 2; nth++) {
        sy_graph *graph = NULL;
        sy_seam_arm(SY_SEAM_ALLOC, nth);
        sy_status status = w.api->work->capture_begin(w.queue, &err);
        assert_int_equal(status, nth == 1 ? SY_OUT_OF_MEMORY : SY_OK);
        if (status == SY_OK) {
            assert_int_equal(w.api->work->run(p.binding), SY_OUT_OF_MEMORY);
            assert_int_equal(w.api->work->capture_end(w.queue, &graph, &err), SY_OUT_OF_MEMORY);
            assert_string_equal(err.text, "sim: no host memory for what was recorded");
        }
        sy_seam_disarm();
        assert_null(graph);
    }
    assert_int_equal(w.api->work->run(p.binding), SY_OK);
    close_product(&w, &p);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replay_takes_the_values_of_then),
        cmocka_unit_test(launches_within_cost_less),
        cmocka_unit_test(order_is_minded),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
