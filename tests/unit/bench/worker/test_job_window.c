/* Jobs under a load without a pause: all outputs are poisoned before and right afterwards, jobs take turns by
 * their counts, and every call may fail. */
#include "tests/unit/bench/worker/window_rig.h"

static void a_job_runs_and_is_right(void **state) {
    static const int caches[] = {SY_CACHE_HOT, SY_CACHE_WEIGHTS, SY_CACHE_COLD};
    (void)state;
    for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++) {
        rig r;
        rig_begin(&r);
        r.request[0].cache = caches[i];
        rig_add(&r, "gemm:m=6,n=5,k=7", 1);
        rig_run_well(&r);
        assert_int_equal(seen.poisoned, r.job[0].ring.outputs);
        assert_int_equal(seen.late, 0);
        assert_int_equal(seen.runs, r.window.first + r.window.last_launches);
        assert_int_equal(sy_job_written_count(&r.job[0]), r.job[0].ring.outputs);
        assert_int_equal(rig_check(&r, 0), SY_OK);
        assert_true(r.window.end_ns - r.window.begin_ns >= 2000000);
        rig_end(&r);
    }
}

/* Launches that do nothing leave the poison where it was. */
static void what_is_not_written_shows(void **state) {
    (void)state;
    rig r;
    rig_begin(&r);
    rig_add(&r, "gemm:m=6,n=5,k=7", 1);
    assert_int_equal(r.job[0].ring.outputs, 2);
    seen.is_lazy = true;
    rig_run_well(&r);
    assert_int_equal(rig_check(&r, 0), SY_WRONG_RESULT);
    rig_end(&r);
}

static void other_work_than_products(void **state) {
    static const char *const problems[] = {
        "conv2d:n=1,c=2,h=5,w=5,k=3,r=3,s=3,pad=1", "stream:bytes=4K,kind=triad", "gemm:m=4,n=4,k=4,beta=2"};
    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        rig r;
        rig_begin(&r);
        rig_add(&r, problems[i], 1);
        rig_run_well(&r);
        assert_int_equal(seen.poisoned, r.job[0].ring.outputs);
        assert_int_equal(rig_check(&r, 0), SY_OK);
        rig_end(&r);
    }
}

static void copies_too(void **state) {
    (void)state;
    char got[4096], wanted[4096];
    rig r;
    rig_begin(&r);
    rig_add(&r, "copy:bytes=4K,kind=h2d", 1);
    rig_run_well(&r);
    assert_int_equal(seen.poisoned, 1);
    assert_int_equal(seen.copies, r.window.first + r.window.last_launches);
    sy_job_copy_pattern(r.request[0].key, wanted, sizeof wanted);
    assert_int_equal(sy_job_read_output(&r.job[0], 0, got, NULL), SY_OK);
    assert_memory_equal(got, wanted, sizeof wanted);
    rig_end(&r);
}

/* C is added to again and again; one launch more, on C as it should be, is what is checked. */
static void results_in_place_are_checked_afterwards(void **state) {
    static const char *const problems[] = {
        "gemm:m=4,n=4,k=8,beta=1", "gemm:m=4,n=4,k=8,beta=-1", "gemm:m=4,n=4,k=8,beta=0.5"};
    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        rig r;
        rig_begin(&r);
        seen.flags = SY_ALGO_IN_PLACE_C;
        rig_add(&r, problems[i], 1);
        rig_run_well(&r);
        assert_int_equal(seen.poisoned + seen.late, 0);
        assert_int_equal(seen.copies, r.job[0].ring.outputs + 1);
        assert_int_equal(seen.runs, r.window.first + r.window.last_launches + 1);
        assert_int_equal(sy_job_written_count(&r.job[0]), 1);
        assert_int_equal(rig_check(&r, 0), SY_OK);
        rig_end(&r);
    }
}

static void expect_refused(rig *r, sy_status status, const char *says) {
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(rig_run(r, &err), status);
    if (strcmp(err.text, says) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(seen.runs + seen.poisoned + seen.made, 0);
    rig_end(r);
}

static void what_cannot_be_says_why(void **state) {
    (void)state;
    rig r;
    rig_begin(&r);
    seen.flags = SY_ALGO_IN_PLACE_C;
    rig_add(&r, "gemm:m=4,n=4,k=8,beta=2", 1);
    expect_refused(&r, SY_UNSUPPORTED,
        "C is its own input and grows without bound at beta = 2: no load without a pause");
    rig_begin(&r);
    seen.flags = SY_ALGO_IN_PLACE_C;
    rig_add(&r, "gemm:m=4,n=4,k=8", 1);
    rig_add(&r, "gemm:m=4,n=4,k=8,beta=-1.5", 1);
    expect_refused(&r, SY_UNSUPPORTED,
        "C is its own input and grows without bound at beta = -1.5: no load without a pause");
    rig_begin(&r);
    rig_add(&r, "gemm:m=4,n=4,k=8", 1);
    rig_add(&r, "gemm:m=4,n=4,k=7", 0);
    expect_refused(&r, SY_INVALID_ARGUMENT, "a problem with no launches");
    rig_begin(&r);
    r.request[1].launch = SY_LAUNCH_GRAPH;
    rig_add(&r, "gemm:m=4,n=4,k=8", 1);
    rig_add(&r, "gemm:m=4,n=4,k=7", 1);
    expect_refused(&r, SY_UNSUPPORTED, "launches of several problems are not recorded as one graph");
}

static void jobs_take_turns_by_their_counts(void **state) {
    static const uint64_t counts[] = {2, 1, 3};
    (void)state;
    rig r;
    rig_begin(&r);
    rig_add(&r, "gemm:m=6,n=5,k=7", counts[0]);
    rig_add(&r, "conv2d:n=1,c=2,h=5,w=5,k=3,r=3,s=3,pad=1", counts[1]);
    rig_add(&r, "stream:bytes=4K,kind=fill", counts[2]);
    rig_run_well(&r);
    assert_int_equal(r.window.launches % 6, 0);
    uint64_t outputs = 0, at = 0;
    for (size_t i = 0; i < 3; i++) {
        outputs += r.job[i].ring.outputs;
        assert_int_equal(rig_check(&r, i), SY_OK);
    }
    assert_int_equal(seen.poisoned, outputs);
    assert_true(seen.runs > 60);
    for (size_t turn = 0; at < seen.runs && at < ORDER_MAX; turn = (turn + 1) % 3)
        for (uint64_t i = 0; i < counts[turn] && at < seen.runs && at < ORDER_MAX; i++)
            assert_int_equal(seen.order[at++], turn);
    rig_end(&r);
}

static void graphs_are_replayed(void **state) {
    static const int caches[] = {SY_CACHE_HOT, SY_CACHE_COLD};
    (void)state;
    for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++) {
        rig r;
        rig_begin(&r);
        r.request[0].cache = caches[i];
        r.request[0].launch = SY_LAUNCH_GRAPH;
        rig_add(&r, "gemm:m=6,n=5,k=7", 1);
        assert_non_null(r.job[0].recorded);
        rig_run_well(&r);
        assert_int_equal(seen.runs, r.job[0].unit); /* the first chunk */
        assert_true(seen.replays > 4);
        assert_int_equal(seen.poisoned, r.job[0].ring.outputs);
        assert_int_equal(r.window.launches % r.job[0].unit, 0);
        assert_int_equal(r.window.first % r.job[0].unit, 0);
        assert_false(seen.destroyed_under_way);
        assert_int_equal(rig_check(&r, 0), SY_OK);
        rig_end(&r);
        assert_false(seen.destroyed_under_way);
    }
}

static void without_events_the_queue_is_waited_for(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        rig r;
        rig_begin(&r);
        if (i == 0)
            r.queue.event_create = NULL;
        else
            r.device.clock_advance = NULL; /* time that passes by waiting alone */
        rig_add(&r, "gemm:m=6,n=5,k=7", 1);
        rig_run_well(&r);
        assert_int_equal(seen.made, 0);
        assert_true(seen.syncs > 10);
        assert_int_equal(rig_check(&r, 0), SY_OK);
        rig_end(&r);
    }
}

static void the_queue_is_not_waited_for_with_events(void **state) {
    (void)state;
    rig r;
    rig_begin(&r);
    rig_add(&r, "gemm:m=6,n=5,k=7", 1);
    rig_run_well(&r);
    assert_int_equal(seen.made, 2);
    assert_int_equal(seen.syncs, 2); /* after the poison, and at the end */
    assert_true(seen.advanced > 0);
    rig_end(&r);
}

static void every_call_may_fail(void **state) {
    (void)state;
    rig r;
    rig_begin(&r);
    r.config.load_ns = r.config.window_ns = r.config.tail_ns = 100000;
    rig_add(&r, "gemm:m=6,n=5,k=7", 1);
    rig_run_well(&r);
    uint64_t calls = seen.calls;
    rig_end(&r);
    assert_true(calls > 20);
    for (uint64_t k = 1; k <= calls; k += k < 40 ? 1 : 7) {
        sy_error err = SY_ERROR_INIT;
        rig_begin(&r);
        r.config.load_ns = r.config.window_ns = r.config.tail_ns = 100000;
        rig_add(&r, "gemm:m=6,n=5,k=7", 1);
        seen.fail_at = k;
        assert_int_equal(rig_run(&r, &err), SY_LOST);
        assert_int_equal(seen.calls, k);
        assert_true(err.text[0] != '\0');
        assert_int_equal(seen.events, 0);
        rig_end(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_runs_and_is_right),
        cmocka_unit_test(what_is_not_written_shows),
        cmocka_unit_test(other_work_than_products),
        cmocka_unit_test(copies_too),
        cmocka_unit_test(results_in_place_are_checked_afterwards),
        cmocka_unit_test(what_cannot_be_says_why),
        cmocka_unit_test(jobs_take_turns_by_their_counts),
        cmocka_unit_test(graphs_are_replayed),
        cmocka_unit_test(without_events_the_queue_is_waited_for),
        cmocka_unit_test(the_queue_is_not_waited_for_with_events),
        cmocka_unit_test(every_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
