/* Results of a window become entries of a record: every field, and what a reader is told beside them. */
#include "bench/run/weighed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"

enum { METERS = SY_ENERGY_METERS_MAX };

/* 2000 runs of 1000 FLOP and 64 bytes in 2 s; meter 0 says 600 J. */
typedef struct rig {
    sy_energy_found found[METERS];
    sy_energy_kit kit;
    sy_weighed_meter meter[METERS];
    sy_weighed weighed;
    sy_weighed_texts texts;
} rig;

static const uint64_t FLOP = 1000, BYTE = 64;
static const double MEDIAN_NS = 1e6;

static sy_energy_result result_of(double joule, double length_s) {
    return (sy_energy_result){.joule = joule,
        .watt = joule / length_s,
        .watt_peak = 1.2 * joule / length_s,
        .u_edge_j = 0.003 * joule,
        .u_quantum_j = 0.0,
        .u_sampling_j = 0.004 * joule,
        .u_random_j = 0.005 * joule,
        .u_systematic_j = 0.02 * joule,
        .update_period_ns = 20000000,
        .is_period_measured = true};
}

static void begin(rig *r) {
    memset(r, 0, sizeof *r);
    for (size_t i = 0; i < METERS; i++) {
        sy_energy_facts *facts = &r->found[i].facts;
        *facts = (sy_energy_facts){.kind = SY_ENERGY_POWER_AVERAGE,
            .scope = SY_ENERGY_SCOPE_CARD,
            .resolution = 0.5,
            .gain = 0.02,
            .window_ns = 1000000000,
            .detail = "a made up card"};
        snprintf(facts->name, sizeof facts->name, "device:power %zu", i);
        r->meter[i] = (sy_weighed_meter){.result = result_of(600, 2),
            .idle_before = result_of(200, 2),
            .idle_after = result_of(200, 2),
            .idle_before_s = 2,
            .idle_after_s = 2,
            .readings = 40 + i};
    }
    r->kit.meters = (sy_energy_list){.found = r->found, .count = 1, .capacity = METERS};
    r->weighed = (sy_weighed){.kit = &r->kit,
        .is_wanted = true,
        .has_idle = true,
        .meter = r->meter,
        .runs = 2000,
        .window_ns = 2e9,
        .sampler_cpu = 0.01};
}

static size_t fill(rig *r, double median_ns) {
    memset(&r->texts, 0xa5, sizeof r->texts); /* nothing is relied on */
    size_t count = sy_weighed_entries(&r->weighed, FLOP, BYTE, median_ns, &r->texts);
    for (size_t i = 0; i < count; i++) {
        sy_error err = SY_ERROR_INIT;
        if (sy_row_energy_check(&r->texts.entry[i], FLOP, BYTE, &err) != SY_OK)
            fail_msg("%s", err.text);
    }
    return count;
}

static const sy_row_energy *only(rig *r) {
    assert_int_equal(fill(r, MEDIAN_NS), 1);
    return &r->texts.entry[0];
}

static void expect_near(double got, double wanted) {
    if (!(fabs(got - wanted) <= 1e-12 * fabs(wanted)))
        fail_msg("%.17g, not %.17g", got, wanted);
}

static void expect_texts(const sy_text_list *list, size_t count, const char *first) {
    assert_int_equal(list->count, count);
    if (count > 0)
        assert_string_equal(list->item[0], first);
}

static void what_the_meter_is(void **state) {
    (void)state;
    rig r;
    begin(&r);
    const sy_row_energy *entry = only(&r);
    assert_string_equal(entry->source, "device:power 0");
    assert_string_equal(entry->detail, "a made up card");
    assert_string_equal(entry->kind, "average power");
    assert_string_equal(entry->scope, "card");
    expect_near(entry->gain, 0.02);
    expect_near(entry->resolution, 0.5);
    expect_near(entry->averaging_ms, 1000);
    expect_near(entry->update_period_ms, 20);
    assert_int_equal(entry->period_measured, SY_TRI_YES);
    r.found[0].facts.detail[0] = '\0';
    r.found[0].facts.kind = SY_ENERGY_COUNTER;
    r.found[0].facts.scope = SY_ENERGY_SCOPE_UNKNOWN;
    r.found[0].facts.gain = NAN;
    r.meter[0].result.is_period_measured = false;
    entry = only(&r);
    assert_null(entry->detail);
    assert_string_equal(entry->kind, "counter");
    assert_string_equal(entry->scope, "unknown");
    assert_true(isnan(entry->gain) && isnan(entry->averaging_ms));
    assert_int_equal(entry->period_measured, SY_TRI_NO);
    r.meter[0].result.update_period_ns = 0;
    entry = only(&r);
    assert_true(isnan(entry->update_period_ms));
    assert_int_equal(entry->period_measured, SY_TRI_UNKNOWN);
}

static void what_the_window_was(void **state) {
    (void)state;
    rig r;
    begin(&r);
    const sy_row_energy *entry = only(&r);
    expect_near(entry->window_ns, 2e9);
    assert_int_equal(entry->runs, 2000);
    expect_near(entry->run_per_s, 1000);
    expect_near(entry->rate_of_median, 1);
    expect_near(entry->sampler_cpu, 0.01);
    assert_int_equal(entry->readings, 40);
    assert_true(isnan(entry->needed_window_ns));
    assert_int_equal(fill(&r, (double)NAN), 1);
    assert_true(isnan(r.texts.entry[0].rate_of_median));
    assert_int_equal(r.texts.entry[0].notes.count, 0);
}

static void joules_and_their_uncertainty(void **state) {
    (void)state;
    rig r;
    begin(&r);
    const sy_row_energy *entry = only(&r);
    expect_near(entry->joule_per_run, 0.3);
    expect_near(entry->watt, 300);
    expect_near(entry->watt_peak, 360);
    expect_near(entry->flop_per_joule, 1000 / 0.3);
    expect_near(entry->byte_per_joule, 64 / 0.3);
    expect_near(entry->u_edge, 0.003);
    assert_true(entry->u_quantum == 0.0);
    expect_near(entry->u_sampling, 0.004);
    expect_near(entry->u_random, 0.005);
    expect_near(entry->u_systematic, 0.02);
    assert_int_equal(entry->valid, SY_TRI_YES);
    assert_int_equal(entry->reasons.count + entry->notes.count, 0);
}

/* Whatever the numbers are. */
static void watts_are_the_product(void **state) {
    (void)state;
    rig r;
    begin(&r);
    for (uint64_t runs = 1; runs < 100000; runs = 3 * runs + 1) {
        r.weighed.runs = runs;
        r.weighed.window_ns = 1e9 + 17.0 * (double)runs;
        r.meter[0].result.joule = 123.4567 + (double)runs / 3;
        const sy_row_energy *entry = only(&r);
        assert_true(entry->joule_per_run * entry->run_per_s == entry->watt);
    }
}

static void net_is_without_idle(void **state) {
    (void)state;
    rig r;
    begin(&r);
    const sy_row_energy *entry = only(&r);
    expect_near(entry->watt_idle, 100);
    expect_near(entry->joule_net_per_run, 0.2); /* 600 J - 100 W x 2 s over 2000 */
    assert_true(entry->idle_drift_w == 0.0);
    assert_string_equal(entry->idle_kind, "context open, before and after");
    expect_near(entry->u_net, hypot(3, hypot(1, 1) / 2) / 400);
    r.weighed.has_idle = false;
    entry = only(&r);
    assert_true(isnan(entry->joule_net_per_run) && isnan(entry->watt_idle) && isnan(entry->u_net));
    assert_null(entry->idle_kind);
    expect_near(entry->joule_per_run, 0.3);
}

/* Idle that was read once, or never. */
static void one_idle_is_enough(void **state) {
    (void)state;
    rig r;
    begin(&r);
    r.meter[0].idle_after = (sy_energy_result){.joule = NAN, .watt = NAN, .u_random_j = NAN};
    const sy_row_energy *entry = only(&r);
    expect_near(entry->joule_net_per_run, 0.2);
    assert_true(isnan(entry->idle_drift_w));
    r.meter[0].idle_before = r.meter[0].idle_after;
    entry = only(&r);
    assert_true(isnan(entry->joule_net_per_run) && isnan(entry->watt_idle));
    assert_int_equal(entry->valid, SY_TRI_YES); /* gross is none the worse */
}

static void a_net_that_is_low_is_noted(void **state) {
    (void)state;
    rig r;
    begin(&r);
    r.meter[0].idle_before = r.meter[0].idle_after = result_of(510, 2);
    const sy_row_energy *entry = only(&r);
    expect_texts(&entry->notes, 1, "net is low: 15 % of gross");
    assert_int_equal(entry->valid, SY_TRI_YES);
    r.meter[0].idle_before = r.meter[0].idle_after = result_of(630, 2);
    entry = only(&r);
    expect_texts(&entry->notes, 1, "net is low: -5 % of gross");
    assert_true(entry->joule_net_per_run < 0 && entry->u_net > 0);
}

static void a_drift_of_idle_is_noted(void **state) {
    (void)state;
    rig r;
    begin(&r);
    r.meter[0].idle_after = result_of(300, 2);
    const sy_row_energy *entry = only(&r);
    expect_near(entry->idle_drift_w, 50);
    expect_texts(&entry->notes, 1, "idle_drift: idle power changed by +50.0 W");
    assert_int_equal(entry->valid, SY_TRI_YES); /* it concerns net alone */
    assert_int_equal(entry->reasons.count, 0);
}

static void a_rate_that_differs_is_noted(void **state) {
    (void)state;
    rig r;
    begin(&r);
    assert_int_equal(fill(&r, 0.9e6), 1);
    expect_near(r.texts.entry[0].rate_of_median, 0.9);
    expect_texts(&r.texts.entry[0].notes, 1, "rate differs from the median by -10.0 %");
    assert_int_equal(fill(&r, 1.029e6), 1);
    assert_int_equal(r.texts.entry[0].notes.count, 0);
    assert_int_equal(fill(&r, 1.031e6), 1);
    expect_texts(&r.texts.entry[0].notes, 1, "rate differs from the median by +3.1 %");
}

static void reasons_have_names(void **state) {
    (void)state;
    rig r;
    begin(&r);
    for (uint32_t bit = 0; bit < SY_ENERGY_REASON_COUNT; bit++) {
        r.meter[0].result.reasons = UINT32_C(1) << bit;
        const sy_row_energy *entry = only(&r);
        assert_int_equal(entry->valid, SY_TRI_NO);
        expect_texts(&entry->reasons, 1, sy_energy_reason_name(UINT32_C(1) << bit));
        expect_near(entry->joule_per_run, 0.3); /* kept for whoever looks into it */
    }
    r.meter[0].result.reasons = (UINT32_C(1) << SY_ENERGY_REASON_COUNT) - 1;
    expect_texts(&only(&r)->reasons, SY_ENERGY_REASON_COUNT, "too_few_readings");
}

static void a_window_that_is_too_short_says_what_it_needs(void **state) {
    (void)state;
    rig r;
    begin(&r);
    r.meter[0].result.reasons = SY_ENERGY_SHORT;
    r.meter[0].result.needed_window_ns = 70000000000;
    expect_near(only(&r)->needed_window_ns, 7e10);
    r.meter[0].result.needed_window_ns = UINT64_MAX; /* none would do */
    assert_true(isnan(only(&r)->needed_window_ns));
}

static void why_readings_failed_is_noted(void **state) {
    (void)state;
    rig r;
    begin(&r);
    snprintf(r.meter[0].failure, sizeof r.meter[0].failure, "no answer");
    assert_int_equal(only(&r)->notes.count, 0); /* one of many is of no importance */
    r.meter[0].result.reasons = SY_ENERGY_GONE;
    expect_texts(&only(&r)->notes, 1, "reading failed: no answer");
}

static void what_says_nothing_is_not_valid(void **state) {
    (void)state;
    rig r;
    begin(&r);
    r.meter[0].result = (sy_energy_result){.joule = NAN, .watt = NAN, .u_random_j = NAN};
    const sy_row_energy *entry = only(&r);
    assert_true(isnan(entry->joule_per_run) && isnan(entry->watt) && isnan(entry->joule_net_per_run));
    assert_int_equal(entry->valid, SY_TRI_NO);
    expect_texts(&entry->reasons, 1, "too_few_readings");
    begin(&r);
    r.weighed.runs = 0;
    entry = only(&r);
    assert_true(isnan(entry->joule_per_run));
    assert_int_equal(entry->valid, SY_TRI_NO);
    begin(&r);
    r.meter[0].result = result_of(0, 2); /* no energy for work: it does not see it */
    entry = only(&r);
    assert_int_equal(entry->valid, SY_TRI_NO);
    expect_texts(&entry->reasons, 1, "stuck");
    assert_true(isnan(entry->u_random) && isnan(entry->flop_per_joule));
}

static void work_without_arithmetic_has_none_per_joule(void **state) {
    (void)state;
    rig r;
    begin(&r);
    assert_int_equal(sy_weighed_entries(&r.weighed, 0, BYTE, MEDIAN_NS, &r.texts), 1);
    assert_true(isnan(r.texts.entry[0].flop_per_joule));
    expect_near(r.texts.entry[0].byte_per_joule, 64 / 0.3);
    assert_int_equal(sy_weighed_entries(&r.weighed, FLOP, 0, MEDIAN_NS, &r.texts), 1);
    assert_true(isnan(r.texts.entry[0].byte_per_joule));
}

/* All at once: none of the notes is lost. */
static void every_note_has_room(void **state) {
    (void)state;
    rig r;
    begin(&r);
    r.meter[0].result = result_of(208, 2);
    r.meter[0].idle_after = result_of(205, 2);
    r.meter[0].idle_after.u_random_j = r.meter[0].idle_before.u_random_j = 0.0;
    r.meter[0].result.reasons = SY_ENERGY_DISAGREES;
    memset(r.meter[0].disagreement, 'd', sizeof r.meter[0].disagreement - 1);
    snprintf(r.meter[0].failure, sizeof r.meter[0].failure, "no answer");
    assert_int_equal(fill(&r, 2e6), 1);
    const sy_text_list *notes = &r.texts.entry[0].notes;
    assert_string_equal(notes->item[4], "reading failed: no answer");
    expect_texts(notes, 5, "rate differs from the median by +100.0 %");
    assert_non_null(strstr(notes->item[1], "net is low"));
    assert_non_null(strstr(notes->item[2], "idle_drift"));
    assert_string_equal(notes->item[3], r.meter[0].disagreement);
    expect_texts(&r.texts.entry[0].reasons, 1, "disagrees");
}

static void only_energy_has_entries(void **state) {
    (void)state;
    rig r;
    begin(&r);
    r.kit.meters.count = 5;
    r.found[0].facts.kind = SY_ENERGY_TEMPERATURE;
    r.found[2].facts.kind = SY_ENERGY_CLOCK;
    r.found[3].facts.kind = SY_ENERGY_THROTTLE;
    assert_int_equal(fill(&r, MEDIAN_NS), 2);
    assert_string_equal(r.texts.entry[0].source, "device:power 1");
    assert_string_equal(r.texts.entry[1].source, "device:power 4");
    assert_int_equal(r.texts.entry[1].readings, 44);
}

static void all_that_fit_a_kit(void **state) {
    (void)state;
    rig r;
    begin(&r);
    r.kit.meters.count = METERS;
    assert_int_equal(fill(&r, 2e6), METERS);
    for (size_t i = 0; i < METERS; i++) {
        assert_string_equal(r.texts.entry[i].source, r.found[i].facts.name);
        expect_texts(&r.texts.entry[i].notes, 1, "rate differs from the median by +100.0 %");
    }
}

static void no_window_no_entries(void **state) {
    (void)state;
    rig r;
    begin(&r);
    r.weighed.kit = NULL;
    assert_int_equal(fill(&r, MEDIAN_NS), 0);
    r.weighed.meter = sy_mem_calloc(1, sizeof *r.weighed.meter);
    sy_weighed_release(&r.weighed);
    assert_null(r.weighed.meter);
    sy_weighed_release(&r.weighed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_meter_is),
        cmocka_unit_test(what_the_window_was),
        cmocka_unit_test(joules_and_their_uncertainty),
        cmocka_unit_test(watts_are_the_product),
        cmocka_unit_test(net_is_without_idle),
        cmocka_unit_test(one_idle_is_enough),
        cmocka_unit_test(a_net_that_is_low_is_noted),
        cmocka_unit_test(a_drift_of_idle_is_noted),
        cmocka_unit_test(a_rate_that_differs_is_noted),
        cmocka_unit_test(reasons_have_names),
        cmocka_unit_test(a_window_that_is_too_short_says_what_it_needs),
        cmocka_unit_test(why_readings_failed_is_noted),
        cmocka_unit_test(what_says_nothing_is_not_valid),
        cmocka_unit_test(work_without_arithmetic_has_none_per_joule),
        cmocka_unit_test(every_note_has_room),
        cmocka_unit_test(only_energy_has_entries),
        cmocka_unit_test(all_that_fit_a_kit),
        cmocka_unit_test(no_window_no_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
