/* Sensors through the backend's table: what they declare, and reading them from a second thread. */
#include "tests/unit/backends/sim/world.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

/* Index of the sensor of a kind, -1 if there is none. */
static int find(world *w, uint32_t kind, sy_sensor *out_sensor) {
    for (uint32_t i = 0;; i++) {
        *out_sensor = (sy_sensor){.size = sizeof *out_sensor};
        if (w->api->sensor->describe(w->device, i, out_sensor, NULL) != SY_OK)
            return -1;
        if (out_sensor->kind == kind)
            return (int)i;
    }
}

static double value_of(world *w, uint32_t kind) {
    sy_sensor sensor;
    double value = NAN;
    int index = find(w, kind, &sensor);
    assert_true(index >= 0);
    assert_int_equal(w->api->sensor->read(w->device, (uint32_t)index, &value, NULL), SY_OK);
    return value;
}

static void sensors_are_described_and_read(void **state) {
    (void)state;
    world w = open_world("idle_w=25");
    sy_sensor sensor = {.size = sizeof sensor};
    double value = NAN;
    uint32_t count = 0;
    for (; w.api->sensor->describe(w.device, count, &sensor, NULL) == SY_OK; count++) {
        assert_int_equal(w.api->sensor->read(w.device, count, &value, NULL), SY_OK);
        assert_true(isfinite(value) && sensor.name[0] != '\0' && sensor.unit != 0 && isnan(sensor.wrap));
        assert_int_equal(sensor.scope, SY_SCOPE_CARD);
        assert_true(sensor.kind != SY_SENSOR_POWER_INSTANT || value == 25.0);
    }
    assert_int_equal(count, 6);
    sy_error error = SY_ERROR_INIT;
    assert_int_equal(w.api->sensor->describe(w.device, count, &sensor, &error), SY_UNAVAILABLE);
    assert_string_equal(error.text, "sim: 6 sensors");
    assert_int_equal(w.api->sensor->read(w.device, count, &value, NULL), SY_UNAVAILABLE);
    close_world(&w);
}

static void what_is_declared_is_what_was_asked_for(void **state) {
    (void)state;
    world w =
        open_world("power_period=100ms,power_window=2s,energy_period=50ms,energy_step=0.25,energy_wrap=1000,"
                   "gain=1.2,gain_u=0.05");
    sy_sensor sensor;
    assert_true(find(&w, SY_SENSOR_POWER_INSTANT, &sensor) >= 0);
    assert_true(sensor.update_period_ns == 100000000 && sensor.window_ns == 0 && isnan(sensor.wrap));
    assert_true(sensor.gain_uncertainty == 0.05 && sensor.resolution == 0.001);
    assert_true(find(&w, SY_SENSOR_POWER_AVERAGE, &sensor) >= 0);
    assert_true(sensor.update_period_ns == 100000000 && sensor.window_ns == 2000000000);
    assert_true(sensor.gain_uncertainty == 0.05);
    assert_true(find(&w, SY_SENSOR_ENERGY, &sensor) >= 0);
    assert_true(sensor.update_period_ns == 50000000 && sensor.resolution == 0.25 && sensor.wrap == 1000.0);
    assert_true(sensor.gain_uncertainty == 0.05 && sensor.window_ns == 0);
    close_world(&w);
    w = open_world("power_window=0");
    assert_int_equal(find(&w, SY_SENSOR_POWER_AVERAGE, &sensor), -1);
    double value;
    assert_int_equal(w.api->sensor->read(w.device, 5, &value, NULL), SY_UNAVAILABLE);
    close_world(&w);
}

/* A product bound for launching. */
typedef struct product {
    sy_buffer *x;
    sy_plan *plan;
    sy_binding *binding;
} product;

static product make_product(world *w, const char *text) {
    product p = {.x = device_memory(w, 1 << 20), .plan = plan_of(w, text)};
    p.binding = bind(w, p.plan,
        (sy_span[]){span_of(p.x, 0, 4096), span_of(p.x, 4096, 4096), {0}, span_of(p.x, 8192, 4096)}, 4);
    return p;
}

static void drop_product(world *w, product *p) {
    w->api->work->binding_destroy(p->binding);
    w->api->work->plan_destroy(p->plan);
    w->api->memory->free(p->x);
}

/* The truth of the README's table: joules of a launch are its power times its time. */
static void joules_of_launches_are_as_the_readme_says(void **state) {
    (void)state;
    enum { LAUNCHES = 1000 };
    world w = open_world("peak=1G,bw=1T,launch=0,idle_w=50,busy_w=300,memory_w=200");
    product p = make_product(&w, "gemm:m=64,n=64,k=64,dtype=f32"); /* 0.524288 ms each */
    double before_j = value_of(&w, SY_SENSOR_ENERGY);
    for (int i = 0; i < LAUNCHES; i++)
        assert_int_equal(w.api->work->run(p.binding), SY_OK);
    assert_true(value_of(&w, SY_SENSOR_ENERGY) - before_j < 1.0); /* most of it lies ahead */
    assert_int_equal(w.api->queue->sync(w.queue, UINT64_MAX, NULL), SY_OK);
    w.api->device->clock_advance(w.device, 20000000);
    double drawn_j = value_of(&w, SY_SENSOR_ENERGY) - before_j;
    double wanted_j = LAUNCHES * 300.0 * 524288e-9;
    if (drawn_j < wanted_j - 0.01 || drawn_j > wanted_j + 0.04 * 50.0)
        fail_msg("%g J drawn, %g J worked", drawn_j, wanted_j);
    assert_int_equal(w.api->memory->fill(w.queue, (sy_span){p.x, 0, 1 << 20}, 0, NULL), SY_OK);
    drop_product(&w, &p);
    close_world(&w);
}

static void memory_bound_work_draws_memory_power(void **state) {
    (void)state;
    world w = open_world("peak=1T,bw=1M,launch=0,idle_w=50,busy_w=300,memory_w=200,power_period=1ms");
    product p = make_product(&w, "gemm:m=64,n=64,k=64,dtype=f32"); /* 49 ms each */
    assert_int_equal(w.api->work->run(p.binding), SY_OK);
    w.api->device->clock_advance(w.device, 10000000);
    assert_true(fabs(value_of(&w, SY_SENSOR_POWER_INSTANT) - 200.0) < 1e-9);
    w.api->device->clock_advance(w.device, 100000000);
    assert_true(value_of(&w, SY_SENSOR_POWER_INSTANT) == 50.0);
    assert_int_equal(w.api->memory->fill(w.queue, (sy_span){p.x, 0, 1 << 20}, 0, NULL), SY_OK);
    w.api->device->clock_advance(w.device, 10000000);
    assert_true(fabs(value_of(&w, SY_SENSOR_POWER_INSTANT) - 200.0) < 1e-9);
    drop_product(&w, &p);
    close_world(&w);
}

static void sensors_that_are_gone_say_why(void **state) {
    (void)state;
    world w = open_world("sensor_fault=gone,sensor_fault_at=1s");
    sy_error error = SY_ERROR_INIT;
    double value = -1.0;
    assert_int_equal(w.api->sensor->read(w.device, 1, &value, NULL), SY_OK);
    w.api->device->clock_advance(w.device, 1000000000);
    value = -1.0;
    assert_int_equal(w.api->sensor->read(w.device, 1, &value, &error), SY_UNAVAILABLE);
    assert_string_equal(error.text, "sim: sensor 'energy' does not answer, as sensor_fault asks");
    assert_true(value == -1.0);
    close_world(&w);
}

/* A second thread that reads all the time. */
typedef struct reader {
    world *w;
    atomic_bool is_over;
    atomic_int reads;
    bool is_wrong;
} reader;

static void *read_on(void *ctx) {
    reader *r = ctx;
    double before_j = 0.0, value = 0.0;
    while (!atomic_load(&r->is_over))
        for (uint32_t i = 0; i < 6; i++) {
            bool is_read = r->w->api->sensor->read(r->w->device, i, &value, NULL) == SY_OK;
            r->is_wrong = r->is_wrong || !is_read || !isfinite(value) || (i == 1 && value < before_j);
            before_j = i == 1 ? value : before_j;
            atomic_fetch_add(&r->reads, 1);
        }
    return NULL;
}

static void a_second_thread_may_read_while_work_is_launched(void **state) {
    (void)state;
    world w = open_world("launch=10us,jitter=0.1");
    product p = make_product(&w, "gemm:m=64,n=64,k=64,dtype=f32");
    reader r = {.w = &w};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, read_on, &r), 0);
    for (int i = 0; i < 20000 || atomic_load(&r.reads) < 100; i++) {
        w.api->work->run(p.binding);
        w.api->queue->sync(w.queue, UINT64_MAX, NULL);
    }
    atomic_store(&r.is_over, true);
    pthread_join(thread, NULL);
    assert_false(r.is_wrong);
    assert_true(value_of(&w, SY_SENSOR_ENERGY) > 0.0);
    drop_product(&w, &p);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sensors_are_described_and_read),
        cmocka_unit_test(what_is_declared_is_what_was_asked_for),
        cmocka_unit_test(joules_of_launches_are_as_the_readme_says),
        cmocka_unit_test(memory_bound_work_draws_memory_power),
        cmocka_unit_test(sensors_that_are_gone_say_why),
        cmocka_unit_test(a_second_thread_may_read_while_work_is_launched)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
