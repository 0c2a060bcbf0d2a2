/* How a rate held, where marks or readings are few, none, or out of order. */
#include "tests/unit/bench/run/made_up_load.h"

#include "runtime/base/seam.h"

static void meters_that_say_nothing_are_passed_over(void **state) {
    (void)state;
    work(flat, 0.0);
    for (int i = 0; i < 4; i++)
        read_by(i == 3 ? SY_ENERGY_POWER_INSTANT
                       : (uint32_t[]){SY_ENERGY_POWER_INSTANT, SY_ENERGY_CLOCK, SY_ENERGY_TEMPERATURE}[i],
            250.0, flat, 0.0);
    w.trace[0].count = 1;
    w.trace[1].count = w.trace[2].count = 0;
    const sy_row_sustain *s = summarise();
    assert_string_equal(s->source, "device:3");
    assert_true(isnan(s->temp_c_end));
    expect_no_throttle(s);
    w.told.trace_count = 0; /* fewer traces than meters */
    s = summarise();
    assert_true(s->source == NULL && isnan(s->watt_burst));
}

static void too_few_marks_give_no_figures(void **state) {
    (void)state;
    for (size_t count = 0; count <= 5; count++) {
        work(flat, 0.0);
        for (size_t i = 0; i < count; i++)
            w.mark[i] = (sy_window_mark){at_ns(6.0 * (double)(i + 1)), 6000 * (i + 1)};
        w.told.mark_count = count;
        const sy_row_sustain *s = summarise();
        NEAR(s->seconds, 30.0, 1e-6);
        assert_int_equal(isnan(s->burst_run_per_s) != 0, count < 5);
        assert_int_equal(isnan(s->sustained_run_per_s) != 0, count < 5);
        expect_no_throttle(s);
        if (count == 5) /* none begins in the last fifth */
            NEAR(s->sustained_run_per_s, 1000.0, 1e-6);
    }
}

/* Of what a worker tells, times may be anything. */
static void marks_out_of_order_are_passed_over(void **state) {
    (void)state;
    work(step_at_12, 0.0);
    w.mark[100].at_ns = w.mark[50].at_ns;     /* back in time */
    w.mark[200].at_ns = w.mark[201].at_ns;    /* two at one time */
    w.mark[300].at_ns = UINT64_C(5);          /* before the load */
    w.mark[400].launches = 3;                 /* fewer than before */
    w.mark[0] = (sy_window_mark){.at_ns = 1}; /* first of all */
    const sy_row_sustain *s = summarise();
    expect_throttle(s, 12.0, "rate", 1e-6);
    NEAR(s->sustained_of_burst, 0.7, 1e-3);
    NEAR(s->steady_s, 12.0, 0.1);
    for (size_t i = 0; i < MARKS; i++)
        w.mark[i].at_ns = BEGIN_NS + 9;
    s = summarise();
    assert_true(isnan(s->burst_run_per_s) && isnan(s->sustained_of_burst));
    for (size_t i = 0; i < MARKS; i++)
        w.mark[i].at_ns = at_ns(SECONDS) - i;
    assert_true(isnan(summarise()->burst_run_per_s));
}

static void readings_out_of_order_are_passed_over(void **state) {
    (void)state;
    work(flat, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, step_at_12, 0.0);
    w.reading[0][60].end_ns = 1;
    w.reading[0][61].end_ns = w.reading[0][59].end_ns;
    expect_throttle(summarise(), 12.0, "clock", READ_S + 1e-6);
    for (size_t i = 0; i < READINGS; i++)
        w.reading[0][i].end_ns = BEGIN_NS + 1;
    expect_no_throttle(summarise());
}

/* Nothing was launched at all: no share of nothing. */
static void no_work_is_no_burst(void **state) {
    (void)state;
    work(flat, 0.0);
    for (size_t i = 0; i < MARKS; i++)
        w.mark[i].launches = 0;
    const sy_row_sustain *s = summarise();
    assert_true(s->burst_run_per_s == 0.0 && isnan(s->sustained_of_burst));
    expect_no_throttle(s);
}

static void without_memory_there_are_no_figures(void **state) {
    (void)state;
    work(flat, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, step_at_12, 0.0);
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    const sy_row_sustain *s = summarise();
    sy_seam_disarm();
    assert_true(isnan(s->burst_run_per_s));
    NEAR(s->seconds, 30.0, 1e-6);
    expect_no_throttle(s);
    sy_seam_arm(SY_SEAM_ALLOC, 2); /* the clock's */
    s = summarise();
    sy_seam_disarm();
    NEAR(s->sustained_of_burst, 1.0, 1e-9);
    expect_no_throttle(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meters_that_say_nothing_are_passed_over),
        cmocka_unit_test(too_few_marks_give_no_figures),
        cmocka_unit_test(marks_out_of_order_are_passed_over),
        cmocka_unit_test(readings_out_of_order_are_passed_over),
        cmocka_unit_test(no_work_is_no_burst),
        cmocka_unit_test(without_memory_there_are_no_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
