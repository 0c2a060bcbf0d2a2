/* A load without a pause and the window in it, on a virtual clock: where the edges are, what is counted, and
 * every way to fail. */
#include "bench/measure/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "marks.h"

enum { MARKS_MAX = 64 };

/* A window being measured, and what it said of itself on the way. */
typedef struct trial {
    marked_device m;
    sy_work work;
    sy_clock clock;
    sy_window_config config;
    sy_window_mark marks[MARKS_MAX];
    sy_window window;
    uint64_t edge[4], edges, polls, last_poll_ns;
    bool is_poll_late;
} trial;

static void note_edge(void *ctx, uint64_t now_ns) {
    trial *t = ctx;
    if (t->edges < 4)
        t->edge[t->edges] = now_ns;
    t->edges++;
}

static void note_poll(void *ctx, uint64_t now_ns) {
    trial *t = ctx;
    t->is_poll_late |= now_ns < t->last_poll_ns;
    t->last_poll_ns = now_ns;
    t->polls++;
}

/* 20 us a launch, chunks of 1 ms, a window of 100 ms after 50 and before 30. */
static void set_up(trial *t) {
    memset(t, 0, sizeof *t);
    t->m = (marked_device){.device = {.now_ns = 1000, .launch_ns = 20000}, .call_ns = 500};
    t->work = marked_work(&t->m);
    t->clock = device_clock(&t->m.device);
    t->config = (sy_window_config){.load_ns = 50000000,
        .window_ns = 100000000,
        .tail_ns = 30000000,
        .chunk_ns = 1000000,
        .unit = 1,
        .cycle = 1,
        .ctx = t,
        .poll = note_poll,
        .edge = note_edge};
    t->window = (sy_window){.mark = t->marks, .mark_capacity = MARKS_MAX};
}

static sy_status measure(trial *t, sy_error *err) {
    return sy_window_run(&t->work, &t->clock, &t->config, &t->window, err);
}

static void expect_good(trial *t) {
    sy_error err = SY_ERROR_INIT;
    sy_status status = measure(t, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
    assert_false(t->m.device.is_out_of_order);
    assert_false(t->m.wrong);
    assert_false(t->m.is_resumed_wrong);
    assert_false(t->is_poll_late);
    assert_int_equal(t->m.device.prepares, 1);
    assert_int_equal(t->m.device.prepared_first, 0);
    assert_int_equal(t->edges, 2);
    assert_int_equal(t->edge[0], t->window.begin_ns);
    assert_int_equal(t->edge[1], t->window.end_ns);
    assert_int_equal(t->last_poll_ns, t->window.load_end_ns);
    assert_true(t->window.begin_ns - t->window.load_begin_ns >= t->config.load_ns);
    assert_true(t->window.end_ns - t->window.begin_ns >= t->config.window_ns);
    assert_true(t->window.load_end_ns - t->window.end_ns >= t->config.tail_ns);
    assert_int_equal(t->window.first + t->window.last_launches, t->m.device.launches);
}

static void the_window_has_the_launches_that_were_done_in_it(void **state) {
    (void)state;
    trial t;
    set_up(&t);
    expect_good(&t);
    assert_int_equal(t.window.launches * 20000, t.window.end_ns - t.window.begin_ns); /* to the launch */
    assert_in_range(t.window.end_ns - t.window.begin_ns, 100000000, 102000000);
    assert_in_range(t.window.begin_ns - t.window.load_begin_ns, 50000000, 52000000);
    assert_in_range(t.window.load_end_ns - t.window.end_ns, 30000000, 33000000);
    assert_in_range(t.window.chunk_ns, 500000, 2000000);
}

static void the_device_never_waits(void **state) {
    (void)state;
    trial t;
    set_up(&t);
    expect_good(&t);
    assert_int_equal(t.m.idle_ns, 0);
    assert_true(t.m.most_ahead >= t.window.last_launches + 1); /* a second chunk behind the one in hand */
    assert_int_equal(t.m.device.syncs, 2);                     /* after prepare, and at the end */
    assert_int_equal(t.m.done, t.m.device.launches);
    assert_int_equal(t.m.resumes, t.polls);
}

static void without_marks_sync_stands_for_them(void **state) {
    (void)state;
    trial t;
    set_up(&t);
    t.work.mark = NULL;
    t.work.reach = NULL;
    expect_good(&t);
    assert_int_equal(t.m.device.syncs, t.polls + 2);
    assert_true(t.window.launches * 20000 <= t.window.end_ns - t.window.begin_ns); /* a call's time a chunk */
}

static void what_need_not_be_there_need_not(void **state) {
    (void)state;
    trial t;
    set_up(&t);
    t.work.resume = NULL;
    t.work.prepare = NULL;
    t.work.is_cancelled = NULL;
    t.config.poll = t.config.edge = NULL;
    t.m.resumed = UINT64_MAX; /* nobody says how many come */
    assert_int_equal(measure(&t, NULL), SY_OK);
    assert_int_equal(t.m.device.prepares, 0);
    assert_int_equal(t.window.launches * 20000, t.window.end_ns - t.window.begin_ns);
}

static void chunks_are_whole_units(void **state) {
    (void)state;
    for (uint64_t unit = 1; unit <= 300; unit = 2 * unit + 1) { /* 255: longer than a chunk should be */
        trial t;
        set_up(&t);
        t.config.unit = unit;
        expect_good(&t);
        assert_int_equal(t.m.device.prepared_count, unit);
        assert_int_equal(t.window.first % unit, 0);
        assert_int_equal(t.window.last_launches % unit, 0);
        assert_int_equal(t.window.launches % unit, 0);
    }
}

static void the_window_has_whole_cycles(void **state) {
    (void)state;
    static const uint64_t cycles[] = {2, 3, 7, 24, 49, 100, 997};
    for (size_t i = 0; i < sizeof cycles / sizeof cycles[0]; i++) {
        trial t;
        set_up(&t);
        t.config.cycle = cycles[i];
        expect_good(&t);
        assert_true(t.window.launches > 0);
        assert_int_equal(t.window.launches % cycles[i], 0);
        uint64_t before = (t.window.begin_ns - 1000) / 20000; /* the first call's time is no launch's */
        assert_int_equal(before % cycles[i], 0);
        assert_in_range(t.window.chunk_ns, 1, 2000000); /* though a cycle be longer */
    }
}

static void chunks_follow_the_pace(void **state) {
    (void)state;
    static const uint64_t changed[] = {1000, 400000};
    for (size_t i = 0; i < 2; i++) {
        trial t;
        set_up(&t);
        t.m.call_ns = 100;
        t.m.change_at = 1000;
        t.m.changed_ns = changed[i];
        expect_good(&t);
        assert_in_range(t.window.chunk_ns, 400000, 2000000);
        assert_int_equal(t.window.launches * changed[i], t.window.end_ns - t.window.begin_ns);
    }
}

/* A launch that is longer than a chunk, and than the load: one at a time. */
static void long_launches_are_chunks(void **state) {
    (void)state;
    trial t;
    set_up(&t);
    t.m.device.launch_ns = 70000000;
    expect_good(&t);
    assert_int_equal(t.window.last_launches, 1);
    assert_int_equal(t.window.launches, 2);
    assert_int_equal(t.window.chunk_ns, 70000000);
}

static void nothing_but_a_window(void **state) {
    (void)state;
    trial t;
    set_up(&t);
    t.config.load_ns = t.config.tail_ns = 0;
    t.config.window_ns = 1;
    expect_good(&t);
    assert_true(t.window.launches > 0);
    assert_int_equal(t.window.launches * 20000, t.window.end_ns - t.window.begin_ns);
}

/* Every mark is where the launches were at that time, and they are evenly apart however often they thin. */
static void marks_thin_out(void **state) {
    (void)state;
    for (size_t capacity = 2; capacity <= MARKS_MAX; capacity *= 2) {
        trial t;
        set_up(&t);
        t.window.mark_capacity = capacity;
        expect_good(&t);
        assert_int_equal(t.window.mark_capacity, capacity);
        assert_in_range(t.window.mark_count, capacity / 2, capacity);
        assert_int_equal((t.polls - 1) / t.window.mark_stride + 1, t.window.mark_count);
        assert_true(t.window.mark_stride == 1 || t.window.mark_stride % 2 == 0);
        uint64_t first_call_ns = t.window.mark[0].at_ns - t.window.mark[0].launches * 20000;
        for (size_t i = 0; i < t.window.mark_count; i++) {
            const sy_window_mark *mark = &t.window.mark[i];
            assert_int_equal(mark->at_ns, first_call_ns + mark->launches * 20000);
            assert_true(i == 0 || mark->launches > t.window.mark[i - 1].launches);
        }
    }
}

static void all_marks_are_kept_while_there_is_room(void **state) {
    (void)state;
    trial t;
    set_up(&t);
    t.config.chunk_ns = 10000000;
    expect_good(&t);
    assert_int_equal(t.window.mark_stride, 1);
    assert_int_equal(t.window.mark_count, t.polls);
    assert_int_equal(t.window.mark[t.window.mark_count - 1].at_ns, t.window.load_end_ns);
    assert_int_equal(t.window.mark[t.window.mark_count - 1].launches, t.m.device.launches);
}

/* A short load, so that every call in turn can fail. */
static void set_up_short(trial *t) {
    set_up(t);
    t->config.load_ns = t->config.window_ns = t->config.tail_ns = 2000000;
    t->m.device.launch_ns = 500000;
}

static void every_call_may_fail(void **state) {
    (void)state;
    for (int has_marks = 0; has_marks < 2; has_marks++) {
        trial t;
        set_up_short(&t);
        t.work.mark = has_marks != 0 ? t.work.mark : NULL;
        t.work.reach = has_marks != 0 ? t.work.reach : NULL;
        expect_good(&t);
        uint64_t calls = t.m.device.calls;
        assert_true(calls > 20);
        for (uint64_t k = 1; k <= calls; k++) {
            sy_error err = SY_ERROR_INIT;
            set_up_short(&t);
            t.work.mark = has_marks != 0 ? t.work.mark : NULL;
            t.work.reach = has_marks != 0 ? t.work.reach : NULL;
            t.m.device.fail_at = k;
            assert_int_equal(measure(&t, &err), SY_LOST);
            assert_int_equal(t.m.device.calls, k); /* nothing after it */
            assert_non_null(strstr(err.text, "energy window: "));
            assert_non_null(strstr(err.text, " failed"));
        }
    }
}

static void a_clock_that_fails_or_goes_back_is_told(void **state) {
    (void)state;
    trial t;
    set_up_short(&t);
    expect_good(&t);
    uint64_t reads = t.m.device.reads;
    for (uint64_t k = 1; k <= reads; k++) {
        sy_error err = SY_ERROR_INIT;
        set_up_short(&t);
        t.m.device.dead_at = k;
        assert_int_equal(measure(&t, &err), SY_INTERNAL);
        assert_non_null(strstr(err.text, "energy window: the clock could not be read"));
        if (k == 1)
            continue; /* there is nothing to go back from */
        set_up_short(&t);
        t.m.device.back_at = k;
        assert_int_equal(measure(&t, &err), SY_INTERNAL);
        assert_string_equal(err.text, "energy window: the clock went back");
    }
}

/* Half a window is none. */
static void cancelled_at_any_time(void **state) {
    (void)state;
    trial t;
    set_up_short(&t);
    expect_good(&t);
    uint64_t asked = t.m.device.asked;
    assert_true(asked > 5);
    for (uint64_t k = 1; k <= asked; k++) {
        sy_error err = SY_ERROR_INIT;
        set_up_short(&t);
        t.m.device.cancel_at = k;
        sy_status status = measure(&t, &err);
        assert_int_equal(t.m.done, t.m.device.launches); /* what was enqueued is waited for */
        if (k == asked) {                                /* all of it was under way */
            assert_int_equal(status, SY_OK);
            continue;
        }
        assert_int_equal(status, SY_REFUSED);
        assert_string_equal(err.text, "energy window: cancelled");
    }
}

static void a_clock_that_stands_gives_no_window(void **state) {
    (void)state;
    trial t;
    sy_error err = SY_ERROR_INIT;
    set_up(&t);
    t.config.load_ns = t.config.window_ns = t.config.tail_ns = 0;
    t.m.device.launch_ns = t.m.call_ns = 0;
    assert_int_equal(measure(&t, &err), SY_WRONG_RESULT);
    assert_string_equal(err.text, "energy window: the window has no time");
}

static void expect_refused(trial *t) {
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(measure(t, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(strncmp(err.text, "energy window: ", 15), 0);
    assert_int_equal(t->m.device.calls, 0);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    trial t;
    for (int i = 0; i < 9; i++) {
        set_up(&t);
        switch (i) {
        case 0: t.config.unit = 0; break;
        case 1: t.config.cycle = 0; break;
        case 2: t.window.mark_capacity = 0; break;
        case 3: t.window.mark_capacity = 1; break;
        case 4: t.window.mark_capacity = 7; break;
        case 5: t.work.mark = NULL; break;
        case 6: t.work.reach = NULL; break;
        case 7: t.work.launch = NULL; break;
        default: t.clock.now_ns = NULL; break;
        }
        expect_refused(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_has_the_launches_that_were_done_in_it),
        cmocka_unit_test(the_device_never_waits),
        cmocka_unit_test(without_marks_sync_stands_for_them),
        cmocka_unit_test(what_need_not_be_there_need_not),
        cmocka_unit_test(chunks_are_whole_units),
        cmocka_unit_test(the_window_has_whole_cycles),
        cmocka_unit_test(chunks_follow_the_pace),
        cmocka_unit_test(long_launches_are_chunks),
        cmocka_unit_test(nothing_but_a_window),
        cmocka_unit_test(marks_thin_out),
        cmocka_unit_test(all_marks_are_kept_while_there_is_room),
        cmocka_unit_test(every_call_may_fail),
        cmocka_unit_test(a_clock_that_fails_or_goes_back_is_told),
        cmocka_unit_test(cancelled_at_any_time),
        cmocka_unit_test(a_clock_that_stands_gives_no_window),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
