/* The sampler on a virtual clock: batch size, warm-up, stopping points, cancellation, errors at every call.
 */
#include "bench/measure/sampler.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "device.h"
#include "tests/support/near.h"

enum { CAPACITY = 400 };

static double host_ns[CAPACITY], device_ns[CAPACITY], scratch[3 * CAPACITY];
static const sy_sample_buffer buffer = {
    .capacity = CAPACITY, .host_ns = host_ns, .device_ns = device_ns, .scratch = scratch};

/* A launch of 10 us, no noise at all. */
static test_device steady_device(void) {
    return (test_device){
        .now_ns = 1000000000, .launch_ns = 9000, .sync_ns = 1000, .prepare_ns = 500, .device_share = 0.5};
}

static sy_status run(
    test_device *device, const sy_sampler_config *config, sy_visit *out_visit, sy_error *err) {
    const sy_work work = device_work(device);
    const sy_clock clock = device_clock(device);
    return sy_sampler_run(&work, &clock, config, &buffer, out_visit, err);
}

static void steady_work_stops_at_the_first_allowed_look(void **state) {
    (void)state;
    test_device device = steady_device();
    sy_sampler_config config = sy_sampler_defaults();
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_int_equal(SY_STAGE_DONE, visit.stage);
    assert_int_equal(SY_STOP_PRECISION, visit.stop);
    assert_int_equal(80, visit.batches); /* 40 batches of 1 ms are under 50 ms */
    assert_int_equal(10000, visit.first_run_ns);
    assert_in_range(visit.launches, 111, 112); /* 9 us each and 1 us once make 1 ms */
    assert_true(visit.warm_up_flat && !visit.is_short);
    assert_int_equal(device.launches, visit.launches_total);
    assert_false(device.is_out_of_order);
    assert_int_equal(visit.launches, device.prepared_count);
    assert_int_equal(visit.launches_total - visit.launches, device.prepared_first);
    double launch_ns = 9000.0 + 1000.0 / (double)visit.launches;
    assert_near(launch_ns, visit.host.median_ns, 1e-6);
    assert_near(launch_ns * (double)visit.launches * 80.0, (double)visit.timed_ns, 1.0);
    assert_int_equal(80, visit.device.count);
    assert_near(0.5 * launch_ns, visit.device.median_ns, 1e-6);
}

static void looks_are_at_10_20_40_80(void **state) {
    (void)state;
    static const struct {
        uint64_t min_timed_ns;
        size_t min_batches, batches;
        bool is_alone;
    } cases[] = {{0, 1, 10, false}, {10500000, 1, 20, false}, {0, 21, 40, false}, {0, 1, 40, true},
        {100000000, 1, 160, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_device device = steady_device();
        sy_sampler_config config = sy_sampler_defaults();
        config.min_timed_ns = cases[i].min_timed_ns;
        config.min_batches = cases[i].min_batches;
        config.is_alone = cases[i].is_alone;
        sy_visit visit;
        assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
        assert_int_equal(SY_STOP_PRECISION, visit.stop);
        assert_int_equal(cases[i].batches, visit.batches);
    }
}

static void unreached_precision_ends_with_the_batches(void **state) {
    (void)state;
    test_device device = steady_device();
    device.ripple_ns = 200000; /* batches alternate by 20 % */
    sy_sampler_config config = sy_sampler_defaults();
    config.max_batches = 333;
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_int_equal(SY_STOP_BATCHES, visit.stop);
    assert_int_equal(333, visit.batches);
    assert_true(sy_visit_precision(&visit.host) > 0.01);
    config.max_batches = 100000; /* the buffer is smaller */
    device = steady_device();
    config.precision = 0.0;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_int_equal(CAPACITY, visit.batches);
}

static void slow_work_is_launched_once_a_batch(void **state) {
    (void)state;
    test_device device = steady_device();
    device.launch_ns = 3000000000;
    sy_sampler_config config = sy_sampler_defaults();
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_int_equal(1, visit.launches);
    assert_int_equal(SY_STOP_TIME, visit.stop);
    assert_int_equal(1, visit.batches); /* first, calibration and warm-up took 9 of 10 s */
    assert_int_equal(4, visit.launches_total);
    assert_false(visit.warm_up_flat);
    assert_int_equal(1, visit.host.count);
    assert_false(visit.host.has_interval);
}

static void one_batch_is_measured_whatever_the_limit(void **state) {
    (void)state;
    test_device device = steady_device();
    sy_sampler_config config = sy_sampler_defaults();
    config.limit_ns = 1;
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_int_equal(SY_STOP_TIME, visit.stop);
    assert_int_equal(1, visit.batches);
    assert_int_equal(SY_STAGE_DONE, visit.stage);
}

static void batches_are_long_against_the_clock(void **state) {
    (void)state;
    test_device device = steady_device();
    sy_sampler_config config = sy_sampler_defaults();
    config.clock_overhead_ns = 50000.0; /* 100 times that is 5 ms */
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_in_range(visit.launches, 555, 556);
}

static void slots_limit_the_batch(void **state) {
    (void)state;
    test_device device = steady_device();
    sy_sampler_config config = sy_sampler_defaults();
    config.max_launches = 7;
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_int_equal(7, visit.launches);
    assert_int_equal(7, device.longest_batch);
    assert_true(visit.is_short);
}

/* Growth is tenfold at most, so a first launch that seems free does not make a batch of hours. */
/* Batches of a device whose launches go together: how many did not begin and end at a unit. */
typedef struct unit_device {
    test_device device;
    uint64_t unit, odd;
} unit_device;

static sy_status prepare_unit(void *ctx, uint64_t first, uint64_t launches, sy_error *err) {
    unit_device *own = ctx;
    bool is_whole = first % own->unit == 0 && launches % own->unit == 0;
    own->odd += own->device.prepares > 0 && !is_whole ? 1 : 0;
    assert_true(first >= own->device.next_index && first - own->device.next_index < own->unit);
    own->device.next_index = first;
    return device_prepare(&own->device, first, launches, err);
}

static void launches_go_together_by_units(void **state) {
    (void)state;
    static const struct {
        uint64_t unit, max_launches, launches;
    } rows[] = {{7, 0, 112}, {50, 0, 150}, {300, 0, 300}, {16, 16, 16}, {6, 20, 18}, {1, 9, 9}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unit_device own = {.device = steady_device(), .unit = rows[i].unit};
        sy_sampler_config config = sy_sampler_defaults();
        config.unit = rows[i].unit;
        config.max_launches = rows[i].max_launches;
        sy_work work = device_work(&own.device);
        const sy_clock clock = device_clock(&own.device);
        work.prepare = prepare_unit;
        sy_visit visit;
        assert_int_equal(SY_OK, sy_sampler_run(&work, &clock, &config, &buffer, &visit, NULL));
        assert_int_equal(rows[i].launches, visit.launches);
        assert_int_equal(0, own.odd);
        assert_int_equal(10000, visit.first_run_ns); /* of one launch */
        assert_false(own.device.is_out_of_order);
        assert_int_equal(visit.launches_total, own.device.next_index);
    }
}

static void free_launches_do_not_run_away(void **state) {
    (void)state;
    test_device device = steady_device();
    device.launch_ns = 100;
    device.sync_ns = 0;
    sy_sampler_config config = sy_sampler_defaults();
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_int_equal(10000, visit.launches);
    assert_int_equal(10000, device.longest_batch);
}

static void launches_that_take_no_time_are_refused(void **state) {
    (void)state;
    test_device device = {.now_ns = 5};
    sy_sampler_config config = sy_sampler_defaults();
    config.max_launches = 64;
    config.warm_up_limit_ns = 0;
    sy_visit visit;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(SY_WRONG_RESULT, run(&device, &config, &visit, &err));
    assert_string_equal("timed run: a batch of 64 launches took 0 ns", err.text);
    assert_int_equal(SY_STAGE_TIMED, visit.stage);
}

static void warm_up_waits_until_flat(void **state) {
    (void)state;
    test_device device = steady_device();
    device.cold_ns = 9000;
    device.cold_launches = 8000; /* twice as slow at first; gets faster for about 110 ms */
    sy_sampler_config config = sy_sampler_defaults();
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_true(visit.warm_up_flat);
    assert_true(visit.warm_up_ns >= 90000000);
    assert_in_range(visit.launches, 111, 112); /* chosen again when warm */
    assert_false(visit.host.is_drifting);
    device = steady_device();
    config.warm_up_min_ns = 700000000;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_in_range(visit.warm_up_ns, 700000000, 710000000);
}

static void warm_up_has_a_limit(void **state) {
    (void)state;
    test_device device = steady_device();
    sy_sampler_config config = sy_sampler_defaults();
    config.flat_limit = 0.0;
    device.ripple_ns = 100000;
    config.batch_ns = 5500000; /* one batch a window: they alternate, halves agree; never with 0 allowed */
    config.warm_up_limit_ns = 30000000;
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_in_range(visit.warm_up_ns, 30000000, 40000000);
    assert_false(visit.warm_up_flat);
}

static void cancellation_ends_every_stage(void **state) {
    (void)state;
    sy_sampler_config config = sy_sampler_defaults();
    int stages = 0;
    for (uint64_t at = 1; at <= 200; at += at < 12 ? 1 : 17) {
        test_device device = steady_device();
        device.cancel_at = at;
        sy_visit visit;
        assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
        if (visit.stage == SY_STAGE_DONE)
            continue;
        assert_int_equal(SY_STOP_CANCELLED, visit.stop);
        assert_int_equal(at, device.asked);
        assert_int_equal(visit.batches, visit.host.count);
        stages |= 1 << visit.stage;
    }
    assert_int_equal(0xf, stages);
}

/* Fail the k-th call of the work, for every k until a visit gets through. */
static void an_error_at_any_call_is_handed_on(void **state) {
    (void)state;
    sy_sampler_config config = sy_sampler_defaults();
    config.batch_ns = 20000;
    config.min_timed_ns = 0;
    config.warm_up_limit_ns = 100000;
    int stages = 0;
    for (uint64_t k = 1;; k++) {
        test_device device = steady_device();
        device.fail_at = k;
        sy_visit visit;
        sy_error err = SY_ERROR_INIT;
        sy_status status = run(&device, &config, &visit, &err);
        if (status == SY_OK) {
            assert_true(device.calls < k);
            break;
        }
        assert_int_equal(SY_LOST, status);
        assert_int_equal(k, device.calls); /* nothing is called after an error */
        assert_memory_equal(err.text, sy_stage_name(visit.stage), strlen(sy_stage_name(visit.stage)));
        assert_non_null(strstr(err.text, "failed"));
        assert_int_equal(device.launches, visit.launches_total);
        stages |= 1 << visit.stage;
    }
    assert_int_equal(0xf, stages);
}

static void a_bad_clock_at_any_reading_is_refused(void **state) {
    (void)state;
    sy_sampler_config config = sy_sampler_defaults();
    config.batch_ns = 20000;
    config.min_timed_ns = 0;
    config.warm_up_limit_ns = 100000;
    for (uint64_t k = 1; k < 1000; k++) {
        for (int is_dead = 0; is_dead <= 1; is_dead++) {
            test_device device = steady_device();
            device.dead_at = is_dead ? k : 0;
            device.back_at = is_dead ? 0 : k;
            sy_visit visit;
            sy_error err = SY_ERROR_INIT;
            sy_status status = run(&device, &config, &visit, &err);
            if (device.reads < k) {
                assert_int_equal(SY_OK, status);
                return;
            }
            if (is_dead)
                assert_int_equal(SY_INTERNAL, status);
            /* A reading that starts an interval may be too early: the interval is then absurdly long, and
             * the visit's own time runs out; any other is refused. */
            if (status != SY_OK)
                assert_non_null(strstr(err.text, is_dead ? "could not be read" : "went back"));
        }
    }
    fail();
}

static void device_time_needs_every_batch(void **state) {
    (void)state;
    test_device device = steady_device();
    device.device_share = 0.0;
    sy_sampler_config config = sy_sampler_defaults();
    sy_visit visit;
    assert_int_equal(SY_OK, run(&device, &config, &visit, NULL));
    assert_int_equal(80, visit.host.count);
    assert_int_equal(0, visit.device.count);
    assert_true(isnan(device_ns[0]));
    const sy_clock clock = device_clock(&device);
    sy_work work = device_work(&device);
    work.device_ns = NULL;
    work.prepare = NULL;
    work.is_cancelled = NULL;
    sy_sample_buffer host_only = buffer;
    host_only.device_ns = NULL;
    assert_int_equal(SY_OK, sy_sampler_run(&work, &clock, &config, &host_only, &visit, NULL));
    assert_int_equal(80, visit.batches);
    assert_int_equal(0, visit.device.count);
}

static void bad_arguments_are_refused(void **state) {
    (void)state;
    test_device device = steady_device();
    const sy_clock clock = device_clock(&device), no_clock = {0};
    const sy_work work = device_work(&device), no_work = {0};
    const sy_sampler_config good = sy_sampler_defaults();
    const sy_sample_buffer no_room = {0};
    sy_visit visit;
    assert_int_equal(SY_INVALID_ARGUMENT, sy_sampler_run(&no_work, &clock, &good, &buffer, &visit, NULL));
    assert_int_equal(SY_INVALID_ARGUMENT, sy_sampler_run(&work, &no_clock, &good, &buffer, &visit, NULL));
    assert_int_equal(SY_INVALID_ARGUMENT, sy_sampler_run(&work, &clock, &good, &no_room, &visit, NULL));
    for (int i = 0; i < 8; i++) {
        sy_sampler_config bad = good;
        if (i == 0)
            bad.precision = -0.01;
        if (i == 1)
            bad.precision = NAN;
        if (i == 2)
            bad.flat_limit = -1.0;
        if (i == 3)
            bad.max_batches = 0;
        if (i == 4)
            bad.clock_overhead_ns = NAN;
        if (i == 5)
            bad.unit = 0;
        if (i == 6)
            bad.unit = UINT64_MAX;
        if (i == 7) {
            bad.unit = 5;
            bad.max_launches = 4;
        }
        assert_int_equal(SY_INVALID_ARGUMENT, run(&device, &bad, &visit, NULL));
    }
    assert_int_equal(0, device.calls);
}

static void thinning_keeps_order_and_ends(void **state) {
    (void)state;
    double all[1000], few[256];
    for (int i = 0; i < 1000; i++)
        all[i] = i;
    assert_int_equal(256, sy_samples_thin(all, 1000, few, 256));
    assert_near(0, few[0], 0.0);
    assert_near(999, few[255], 0.0);
    for (int i = 1; i < 256; i++)
        assert_true(few[i] - few[i - 1] >= 3.0 && few[i] - few[i - 1] <= 4.0);
    assert_int_equal(10, sy_samples_thin(all, 10, few, 256));
    assert_near(9, few[9], 0.0);
    assert_int_equal(1, sy_samples_thin(all, 1000, few, 1));
    assert_near(0, few[0], 0.0);
    assert_int_equal(0, sy_samples_thin(all, 0, few, 256));
    assert_int_equal(0, sy_samples_thin(all, 10, few, 0));
}

static void names_are_there(void **state) {
    (void)state;
    assert_string_equal("first run", sy_stage_name(SY_STAGE_FIRST_RUN));
    assert_string_equal("done", sy_stage_name(SY_STAGE_DONE));
    assert_string_equal("?", sy_stage_name(5));
    assert_string_equal("?", sy_stage_name(-1));
    assert_string_equal("precision", sy_stop_name(SY_STOP_PRECISION));
    assert_string_equal("cancelled", sy_stop_name(SY_STOP_CANCELLED));
    assert_string_equal("?", sy_stop_name(5));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_work_stops_at_the_first_allowed_look),
        cmocka_unit_test(looks_are_at_10_20_40_80),
        cmocka_unit_test(unreached_precision_ends_with_the_batches),
        cmocka_unit_test(slow_work_is_launched_once_a_batch),
        cmocka_unit_test(one_batch_is_measured_whatever_the_limit),
        cmocka_unit_test(batches_are_long_against_the_clock),
        cmocka_unit_test(slots_limit_the_batch),
        cmocka_unit_test(launches_go_together_by_units),
        cmocka_unit_test(free_launches_do_not_run_away),
        cmocka_unit_test(launches_that_take_no_time_are_refused),
        cmocka_unit_test(warm_up_waits_until_flat),
        cmocka_unit_test(warm_up_has_a_limit),
        cmocka_unit_test(cancellation_ends_every_stage),
        cmocka_unit_test(an_error_at_any_call_is_handed_on),
        cmocka_unit_test(a_bad_clock_at_any_reading_is_refused),
        cmocka_unit_test(device_time_needs_every_batch),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(thinning_keeps_order_and_ends),
        cmocka_unit_test(names_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
