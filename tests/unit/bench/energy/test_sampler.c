/* Readings while the device works, on a virtual clock: when they are taken. */
#include "tests/unit/bench/energy/sampler_rig.h"

/* Seconds of a test go by in steps of that. */
static const uint64_t STEP_NS = 100000;

static void pass(rig *r, uint64_t duration_ns) {
    for (uint64_t end_ns = r->now_ns + duration_ns; r->now_ns < end_ns;) {
        r->now_ns += STEP_NS;
        sy_energy_sampler_poll(r->sampler, r->now_ns);
    }
}

static uint64_t interval_of(uint32_t kind, uint64_t update_ns, uint64_t least_ns) {
    sy_energy_facts facts = {.kind = kind, .update_period_ns = update_ns, .least_poll_ns = least_ns};
    return sy_energy_interval_ns(&facts);
}

static void intervals_come_from_the_facts(void **state) {
    (void)state;
    assert_int_equal(interval_of(SY_ENERGY_COUNTER, 20 * MS, 0), 10 * MS);
    assert_int_equal(interval_of(SY_ENERGY_POWER_AVERAGE, 0, 0), 25 * MS);
    assert_int_equal(interval_of(SY_ENERGY_COUNTER, MS, 100 * MS), 100 * MS);
    assert_int_equal(interval_of(SY_ENERGY_POWER_INSTANT, 60000 * MS, 0), 1000 * MS);
    assert_int_equal(interval_of(SY_ENERGY_POWER_INSTANT, 60000 * MS, 5000 * MS), 5000 * MS);
    assert_int_equal(interval_of(SY_ENERGY_POWER_INSTANT, 1, 0), 1); /* not 0 */
    assert_int_equal(interval_of(SY_ENERGY_TEMPERATURE, MS, 0), 100 * MS);
    assert_int_equal(interval_of(SY_ENERGY_THROTTLE, 0, 0), 100 * MS);
    assert_int_equal(interval_of(SY_ENERGY_CLOCK, 0, 200 * MS), 200 * MS);
}

static void readings_vary_about_the_interval(void **state) {
    (void)state;
    rig r;
    begin(&r, 1);
    start(&r);
    const sy_energy_trace *trace = &r.channel[0].trace;
    assert_int_equal(trace->count, 1); /* at once */
    assert_int_equal(trace->reading[0].begin_ns, 5000);
    pass(&r, 2000 * MS);
    assert_in_range(trace->count, 180, 220);
    uint64_t least_ns = UINT64_MAX, most_ns = 0;
    for (size_t i = 1; i < trace->count; i++) {
        uint64_t gap = gap_ns(trace, i);
        assert_in_range(gap, 7500000, 12500000 + STEP_NS);
        least_ns = gap < least_ns ? gap : least_ns;
        most_ns = gap > most_ns ? gap : most_ns;
        assert_true(trace->reading[i].value > trace->reading[i - 1].value);
    }
    assert_true(least_ns < 8500000 && most_ns > 11500000);
    end(&r);
}

static void the_same_seed_gives_the_same_times(void **state) {
    (void)state;
    rig r[3];
    for (size_t i = 0; i < 3; i++) {
        begin(&r[i], 2);
        r[i].sampling.seed = i < 2 ? 3 : 4;
        start(&r[i]);
        pass(&r[i], 300 * MS);
    }
    size_t bytes = 20 * sizeof(sy_energy_reading);
    assert_memory_equal(r[0].channel[0].trace.reading, r[1].channel[0].trace.reading, bytes);
    assert_memory_not_equal(r[0].channel[0].trace.reading, r[2].channel[0].trace.reading, bytes);
    assert_memory_not_equal(r[0].channel[0].trace.reading, r[0].channel[1].trace.reading, bytes);
    for (size_t i = 0; i < 3; i++)
        end(&r[i]);
}

static void what_is_due_is_told(void **state) {
    (void)state;
    rig r;
    begin(&r, 2);
    r.found[1].facts.update_period_ns = 90 * MS;
    start(&r);
    for (int i = 0; i < 50; i++) {
        unsigned before = r.meter[0].reads + r.meter[1].reads;
        uint64_t due_ns = sy_energy_sampler_due_ns(r.sampler);
        assert_true(due_ns > r.now_ns);
        r.now_ns = due_ns - 1;
        sy_energy_sampler_poll(r.sampler, r.now_ns);
        assert_int_equal(r.meter[0].reads + r.meter[1].reads, before);
        r.now_ns = due_ns;
        sy_energy_sampler_poll(r.sampler, r.now_ns);
        assert_true(r.meter[0].reads + r.meter[1].reads > before);
    }
    assert_true(r.meter[0].reads > 3 * r.meter[1].reads);
    end(&r);
}

static void edges_are_read_at_once(void **state) {
    (void)state;
    rig r;
    begin(&r, 2);
    r.channel[1].interval_ns = HOUR_NS;
    start(&r);
    r.now_ns += 100;
    sy_energy_sampler_edge(r.sampler, r.now_ns);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(r.channel[i].trace.count, 2);
        assert_int_equal(r.channel[i].trace.reading[1].begin_ns, r.now_ns);
    }
    end(&r);
}

/* Edges too close to the reading before: none is lost, none comes too soon. */
static void least_poll_holds_at_edges_too(void **state) {
    (void)state;
    rig r;
    begin(&r, 1);
    r.found[0].facts.least_poll_ns = 30 * MS;
    r.channel[0].interval_ns = HOUR_NS;
    start(&r);
    const sy_energy_trace *trace = &r.channel[0].trace;
    for (int i = 0; i < 20; i++) {
        size_t before = trace->count;
        uint64_t last_ns = trace->reading[before - 1].end_ns;
        pass(&r, STEP_NS * (uint64_t)(1 + 17 * i));
        uint64_t edge_ns = r.now_ns;
        sy_energy_sampler_edge(r.sampler, edge_ns);
        sy_energy_sampler_edge(r.sampler, edge_ns);
        pass(&r, 31 * MS);
        assert_int_equal(trace->count, before + (edge_ns - last_ns >= 30 * MS ? 2 : 1));
        uint64_t wanted_ns = edge_ns > last_ns + 30 * MS ? edge_ns : last_ns + 30 * MS;
        assert_in_range(trace->reading[before].begin_ns, wanted_ns, wanted_ns + STEP_NS);
    }
    for (size_t i = 1; i < trace->count; i++)
        assert_true(gap_ns(trace, i) >= 30 * MS);
    end(&r);
}

/* Time that the meter takes passes between what is asked for and what is answered. */
static void stamps_are_around_the_reading(void **state) {
    (void)state;
    rig r;
    begin(&r, 1);
    r.meter[0].take_ns = 3 * MS;
    start(&r);
    uint64_t before_ns = r.now_ns;
    sy_energy_sampler_edge(r.sampler, before_ns);
    sy_energy_sampler_edge(r.sampler, before_ns); /* the time of the caller is behind: it is not read twice */
    pass(&r, 200 * MS);
    const sy_energy_trace *trace = &r.channel[0].trace;
    for (size_t i = 0; i < trace->count; i++) {
        assert_int_equal(trace->reading[i].end_ns - trace->reading[i].begin_ns, 3 * MS);
        assert_true(i == 0 || trace->reading[i].begin_ns >= trace->reading[i - 1].end_ns);
    }
    assert_int_equal(trace->cost_ns, 3 * MS * trace->count);
    end(&r);
}

static void a_reading_that_fails_is_noted_and_the_next_may_not(void **state) {
    (void)state;
    static const sy_status statuses[] = {SY_IO, SY_TIMEOUT, SY_INVALID_ARGUMENT, SY_INTERNAL};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        rig r;
        begin(&r, 2);
        r.meter[0].fail_at = 3;
        r.meter[0].status = statuses[i];
        start(&r);
        pass(&r, 300 * MS);
        const sy_energy_trace *trace = &r.channel[0].trace;
        assert_int_equal(trace->failures, 1);
        assert_int_equal(trace->status, statuses[i]);
        assert_string_equal(trace->failure, "reading 3 failed");
        assert_int_equal(trace->count, r.meter[0].reads - 1);
        assert_true(trace->count > 20);
        assert_int_equal(r.channel[1].trace.failures, 0);
        end(&r);
    }
}

static void a_meter_that_is_gone_is_left_alone(void **state) {
    (void)state;
    rig r;
    begin(&r, 2);
    r.meter[0].fail_at = 3;
    r.meter[0].keeps_failing = true;
    r.meter[0].status = SY_UNAVAILABLE;
    start(&r);
    pass(&r, 100 * MS);
    sy_energy_sampler_edge(r.sampler, r.now_ns);
    sy_energy_sampler_stop(r.sampler, NULL);
    assert_int_equal(r.meter[0].reads, 3);
    assert_int_equal(r.channel[0].trace.count, 2);
    assert_int_equal(r.channel[0].trace.failures, 1);
    assert_true(r.meter[1].reads > 5);
    r.sampler = NULL;
    end(&r);
}

static void what_cannot_be_read_is_left_alone(void **state) {
    (void)state;
    rig r;
    begin(&r, 2);
    r.channel[0].meter = NULL;
    r.meter[1].meter.read = NULL; /* a log */
    start(&r);
    assert_int_equal(sy_energy_sampler_due_ns(r.sampler), UINT64_MAX);
    pass(&r, 100 * MS);
    sy_energy_sampler_edge(r.sampler, r.now_ns);
    assert_int_equal(r.channel[0].trace.count + r.channel[1].trace.count, 0);
    end(&r);
    begin(&r, 0);
    start(&r);
    assert_int_equal(sy_energy_sampler_due_ns(r.sampler), UINT64_MAX);
    end(&r);
}

static void the_end_is_read_too(void **state) {
    (void)state;
    rig r;
    begin(&r, 2);
    r.found[1].facts.least_poll_ns = 500 * MS;
    r.channel[0].interval_ns = HOUR_NS;
    start(&r);
    r.now_ns += MS;
    uint64_t cost_ns = 1;
    sy_energy_sampler_stop(r.sampler, &cost_ns);
    assert_int_equal(cost_ns, 0); /* no threads */
    assert_int_equal(r.channel[0].trace.count, 2);
    assert_int_equal(r.channel[0].trace.reading[1].begin_ns, r.now_ns);
    assert_int_equal(r.channel[1].trace.count, 1); /* not so soon */
    r.sampler = NULL;
    end(&r);
    cost_ns = 1;
    sy_energy_sampler_stop(NULL, &cost_ns);
    assert_int_equal(cost_ns, 0);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    for (uint64_t k = 1; k <= 3; k++) {
        rig r;
        sy_error err = SY_ERROR_INIT;
        begin(&r, 1);
        r.channel[0].interval_ns = MS;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_energy_sampler_start(&r.sampling, &r.sampler, &err);
        sy_seam_disarm();
        if (k < 3) {
            assert_int_equal(status, SY_OUT_OF_MEMORY);
            assert_null(r.sampler);
            assert_int_equal(r.meter[0].reads, 0);
            continue;
        }
        assert_int_equal(status, SY_OK); /* a trace without memory ends there, and says so */
        pass(&r, 10 * MS);
        assert_int_equal(r.meter[0].reads, 1);
        assert_int_equal(r.channel[0].trace.count, 0);
        assert_int_equal(r.channel[0].trace.status, SY_OUT_OF_MEMORY);
        assert_int_equal(r.channel[0].trace.failures, 1);
        end(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_come_from_the_facts),
        cmocka_unit_test(readings_vary_about_the_interval),
        cmocka_unit_test(the_same_seed_gives_the_same_times),
        cmocka_unit_test(what_is_due_is_told),
        cmocka_unit_test(edges_are_read_at_once),
        cmocka_unit_test(least_poll_holds_at_edges_too),
        cmocka_unit_test(stamps_are_around_the_reading),
        cmocka_unit_test(a_reading_that_fails_is_noted_and_the_next_may_not),
        cmocka_unit_test(a_meter_that_is_gone_is_left_alone),
        cmocka_unit_test(what_cannot_be_read_is_left_alone),
        cmocka_unit_test(the_end_is_read_too),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
