/* Readings by threads while the device works: that they are taken, and that they end. Nothing here depends on
 * how soon. */
#include <pthread.h>

#include "tests/unit/bench/energy/sampler_rig.h"

static sy_status enter(void *ctx, sy_error *err) {
    rig *r = ctx;
    atomic_fetch_add(&r->entered, 1);
    return r->entry == SY_OK ? SY_OK : sy_error_set(err, r->entry, "the device lets nobody in");
}

static void leave(void *ctx) {
    atomic_fetch_add(&((rig *)ctx)->left, 1);
}

static void begin_threads(rig *r, size_t count) {
    begin(r, count);
    r->clock = sy_clock_host();
    r->sampling.is_inline = false;
    r->sampling.ctx = r;
    r->sampling.enter = enter;
    r->sampling.leave = leave;
    for (size_t i = 0; i < count; i++) {
        r->meter[i].now_ns = NULL;
        r->channel[i].interval_ns = MS;
    }
}

static void wait_for(const atomic_uint *count, unsigned wanted) {
    while (atomic_load(count) < wanted)
        pause_a_moment();
}

static void check_trace(const rig *r, size_t index) {
    const sy_energy_trace *trace = &r->channel[index].trace;
    assert_int_equal(trace->count + trace->failures, r->meter[index].reads);
    for (size_t i = 0; i < trace->count; i++) {
        assert_true(trace->reading[i].begin_ns <= trace->reading[i].end_ns);
        assert_true(i == 0 || trace->reading[i].begin_ns >= trace->reading[i - 1].end_ns);
        assert_true(i == 0 || trace->reading[i].value > trace->reading[i - 1].value);
    }
}

static void threads_read_until_they_are_stopped(void **state) {
    (void)state;
    rig r;
    begin_threads(&r, METERS);
    start(&r);
    for (size_t i = 0; i < METERS; i++)
        wait_for(&r.meter[i].reads, 20);
    sy_energy_sampler_poll(r.sampler, sy_clock_raw_ns()); /* nothing */
    assert_int_equal(sy_energy_sampler_due_ns(r.sampler), UINT64_MAX);
    uint64_t cost_ns = 0, begin_ns = sy_clock_raw_ns();
    sy_energy_sampler_stop(r.sampler, &cost_ns);
    assert_true(cost_ns > 0);
    assert_int_equal(r.entered, METERS);
    assert_int_equal(r.left, METERS);
    for (size_t i = 0; i < METERS; i++) {
        const sy_energy_trace *trace = &r.channel[i].trace;
        check_trace(&r, i);
        assert_int_equal(trace->failures, 0);
        assert_true(trace->reading[trace->count - 1].end_ns >= begin_ns); /* the end */
    }
    r.sampler = NULL;
    end(&r);
}

static void threads_see_edges(void **state) {
    (void)state;
    rig r;
    begin_threads(&r, 2);
    r.channel[0].interval_ns = r.channel[1].interval_ns = HOUR_NS;
    start(&r);
    for (unsigned edges = 0; edges < 5; edges++) {
        wait_for(&r.meter[0].reads, 1 + edges);
        wait_for(&r.meter[1].reads, 1 + edges);
        sy_energy_sampler_edge(r.sampler, 0);
    }
    wait_for(&r.meter[0].reads, 6);
    end(&r);
}

/* Far from the next reading; the edge comes too soon for the meter and is waited for. */
static void threads_wait_no_longer_than_they_have_to(void **state) {
    (void)state;
    rig r;
    begin_threads(&r, 2);
    r.channel[0].interval_ns = r.channel[1].interval_ns = HOUR_NS;
    r.found[0].facts.least_poll_ns = 20 * MS;
    r.found[1].facts.least_poll_ns = HOUR_NS;
    start(&r);
    wait_for(&r.meter[0].reads, 1);
    wait_for(&r.meter[1].reads, 1);
    sy_energy_sampler_edge(r.sampler, 0);
    wait_for(&r.meter[0].reads, 2);
    sy_energy_sampler_stop(r.sampler, NULL); /* not in an hour */
    const sy_energy_trace *trace = &r.channel[0].trace;
    for (size_t i = 1; i < trace->count; i++)
        assert_true(gap_ns(trace, i) >= 20 * MS);
    assert_int_equal(r.meter[1].reads, 1);
    r.sampler = NULL;
    end(&r);
}

static void a_meter_that_blocks_keeps_no_other_waiting(void **state) {
    (void)state;
    rig r;
    begin_threads(&r, 2);
    atomic_store(&r.meter[0].is_held, true);
    start(&r);
    while (!atomic_load(&r.meter[0].is_waiting))
        pause_a_moment();
    unsigned before = atomic_load(&r.meter[1].reads);
    sy_energy_sampler_edge(r.sampler, 0);
    wait_for(&r.meter[1].reads, before + 20);
    assert_int_equal(r.meter[0].reads, 1);
    atomic_store(&r.meter[0].is_held, false);
    wait_for(&r.meter[0].reads, 3);
    sy_energy_sampler_stop(r.sampler, NULL);
    check_trace(&r, 0);
    check_trace(&r, 1);
    r.sampler = NULL;
    end(&r);
}

static void a_thread_ends_with_its_meter(void **state) {
    (void)state;
    rig r;
    begin_threads(&r, 2);
    r.meter[0].fail_at = 2;
    r.meter[0].status = SY_UNAVAILABLE;
    r.meter[1].fail_at = 2;
    r.meter[1].keeps_failing = true;
    r.meter[1].status = SY_TIMEOUT;
    start(&r);
    wait_for(&r.left, 1);
    wait_for(&r.meter[1].reads, 10);
    sy_energy_sampler_stop(r.sampler, NULL);
    assert_int_equal(r.meter[0].reads, 2);
    assert_int_equal(r.channel[0].trace.status, SY_UNAVAILABLE);
    assert_int_equal(r.channel[1].trace.count, 1);
    assert_true(r.channel[1].trace.failures >= 9);
    assert_int_equal(r.left, 2);
    r.sampler = NULL;
    end(&r);
}

static void a_device_that_lets_nobody_in_is_told(void **state) {
    (void)state;
    rig r;
    begin_threads(&r, 2);
    r.entry = SY_LOST;
    start(&r);
    wait_for(&r.entered, 2);
    sy_energy_sampler_stop(r.sampler, NULL);
    assert_int_equal(r.left, 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(r.meter[i].reads, 0);
        assert_int_equal(r.channel[i].trace.failures, 1);
        assert_int_equal(r.channel[i].trace.status, SY_LOST);
        assert_string_equal(r.channel[i].trace.failure, "the device lets nobody in");
    }
    r.sampler = NULL;
    end(&r);
}

static unsigned threads_left = UINT32_MAX;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *ctx);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *ctx);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *ctx) {
    if (threads_left == 0)
        return 11;
    threads_left--;
    return __real_pthread_create(thread, how, run, ctx);
}

static void without_a_thread_all_is_undone(void **state) {
    (void)state;
    for (unsigned left = 0; left < METERS; left++) {
        rig r;
        sy_error err = SY_ERROR_INIT;
        begin_threads(&r, METERS);
        r.sampler = (sy_energy_sampler *)&r;
        threads_left = left;
        assert_int_equal(sy_energy_sampler_start(&r.sampling, &r.sampler, &err), SY_INTERNAL);
        threads_left = UINT32_MAX;
        assert_string_equal(err.text, "no thread to read device:power");
        assert_null(r.sampler);
        assert_int_equal(r.entered, left);
        assert_int_equal(r.left, left);
        assert_int_equal(r.meter[left].reads, 0);
        end(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_read_until_they_are_stopped),
        cmocka_unit_test(threads_see_edges),
        cmocka_unit_test(threads_wait_no_longer_than_they_have_to),
        cmocka_unit_test(a_meter_that_blocks_keeps_no_other_waiting),
        cmocka_unit_test(a_thread_ends_with_its_meter),
        cmocka_unit_test(a_device_that_lets_nobody_in_is_told),
        cmocka_unit_test(without_a_thread_all_is_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
