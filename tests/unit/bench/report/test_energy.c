/* Energy as a user sees it: scope and doubt beside every number, reasons where there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <string.h>

#include "bench/report/energy_text.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/report/made_up.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const sy_report_style wide = {.columns = 100, .lines = 60}, narrow = {.columns = 80, .lines = 60};

static void assert_has(const sy_text *text, const char *wanted) {
    if (strstr(text->data, wanted) == NULL)
        fail_msg("'%s' is not in\n%s", wanted, text->data);
}

static void assert_lacks(const sy_text *text, const char *unwanted) {
    if (strstr(text->data, unwanted) != NULL)
        fail_msg("'%s' is in\n%s", unwanted, text->data);
}

static void the_first_screen_of_one_device(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_metered, 1);
    sy_text text = made_up_text(sy_report_summary, &result.report, wide);
    assert_has(&text, "large.4096, card            mJ/run        374 +/-0.8 % random, gain unknown\n"
                      "  power, card               W             350 +/-0.8 % random, gain unknown\n"
                      "  efficiency, card          GFLOP/J       368 +/-0.8 % random, gain unknown\n");
    assert_has(&text, "memory.triad, card          mJ/run        123 +/-0.8 % random, gain unknown\n");
    assert_has(&text, "  efficiency, card          GB/J         26.2 +/-0.8 % random, gain unknown\n");
    assert_has(&text, "decode qwen3-8b T=8, card   mJ/step*      643 +/-0.5 % random, gain unknown\n");
    assert_has(&text, "prefill qwen3-8b 512, card  J/pass*      7.75 +/-0.6 % random, gain unknown\n");
    assert_lacks(&text, "node");
    assert_lacks(&text, "energy: ");
    assert_lacks(&text, "needs root");
    sy_text_release(&text);
    made_up_release(&result);
}

/* Three devices: one meter, two meters, none. Scopes never share a line, and what is not valid has no number.
 */
static void scopes_stand_on_lines_of_their_own(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_metered, MADE_UP_METERED);
    sy_text text = made_up_text(sy_report_summary, &result.report, wide);
    assert_has(&text, "SIMULATED sim:0");
    assert_has(&text, "large.4096, card");
    assert_has(&text, "large.4096, node");
    assert_has(&text, "350 +/-0.8% g?");
    assert_has(&text, "900 +/-0.8% g6%");
    assert_has(&text, "energy: +/- 95 % of the random part; g: 95 % of the meter's gain");
    const char *line = strstr(text.data, "layer1.0.conv2, node");
    assert_non_null(line);
    assert_int_equal(strncmp(line + 20, "  J/run ", 8), 0);
    assert_non_null(strstr(line, "not valid: alias"));
    assert_true(strcspn(line, "\n") > 40 && strstr(line, "not valid") < line + strcspn(line, "\n"));
    assert_has(&text, "\nenergy ");
    assert_has(&text, "no counter: needs ");
    sy_text_release(&text);
    made_up_release(&result);
}

static size_t widest_of(const sy_text *text) {
    size_t widest = 0;
    char line[2048];
    for (const char *next = text->data; *next != '\0'; next += strcspn(next, "\n") + 1) {
        size_t bytes = strcspn(next, "\n");
        assert_true(bytes < sizeof line && (bytes == 0 || next[bytes - 1] != ' '));
        memcpy(line, next, bytes);
        line[bytes] = '\0';
        widest = sy_print_width(line) > widest ? sy_print_width(line) : widest;
    }
    return widest;
}

static size_t lines_of(const sy_text *text) {
    size_t count = 0;
    for (const char *next = text->data; *next != '\0'; next++)
        count += *next == '\n';
    return count;
}

static void it_fits_every_screen(void **state) {
    (void)state;
    static const uint32_t widths[] = {60, 80, 100, 120, 132};
    for (size_t count = 1; count <= MADE_UP_METERED; count++)
        for (size_t i = 0; i < COUNT(widths); i++) {
            made_up result = {0};
            made_up_run(&result, made_up_metered, count);
            sy_report_style style = {.utf8 = i % 2 == 0, .columns = widths[i]};
            sy_text text = made_up_text(sy_report_summary, &result.report, style);
            assert_in_range(widest_of(&text), 40, widths[i] > 80 ? widths[i] : 80);
            assert_in_range(lines_of(&text), 10, 25);
            assert_has(&text, "rows ok"); /* energy never pushes out what is more */
            sy_text_release(&text);
            text = made_up_text(sy_report_table, &result.report, style);
            assert_in_range(widest_of(&text), 40, widths[i] > 70 ? widths[i] : 70);
            sy_text_release(&text);
            made_up_release(&result);
        }
}

/* With few lines the joules and one efficiency stay the longest. */
static void watts_go_before_joules(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_metered, 1);
    sy_text text =
        made_up_text(sy_report_summary, &result.report, (sy_report_style){.columns = 100, .lines = 20});
    assert_has(&text, "large.4096, card");
    assert_has(&text, "decode qwen3-8b T=8, card");
    assert_has(&text, "GFLOP/J  ");
    assert_lacks(&text, "power, card");
    sy_text_release(&text);
    made_up_release(&result);
}

static void the_table_has_one_scope(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_metered, MADE_UP_METERED);
    sy_text text = made_up_text(sy_report_table, &result.report, (sy_report_style){.columns = 130});
    assert_has(&text, "energy/run, card");
    assert_has(&text, "46.9 mJ +/-0.8% g?");
    assert_lacks(&text, "node");
    assert_lacks(&text, "g6%");
    sy_text_release(&text);
    /* The node alone: rows that are not valid say so. */
    for (size_t i = 0; i < result.rows.count; i++) {
        sy_row *row = &result.rows.row[i];
        row->energy.item += row->energy.count > 1;
        row->energy.count = row->energy.count > 1;
    }
    text = made_up_text(sy_report_table, &result.report, (sy_report_style){.columns = 140});
    assert_has(&text, "energy/run, node");
    assert_has(&text, "not valid: alias, windo");
    assert_lacks(&text, "card");
    sy_text_release(&text);
    made_up_release(&result);
}

/* All rows on one simulated device: the column that says so is never left out. */
static void a_narrow_table_marks_simulated_rows(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, &made_up_metered[1], 1);
    sy_text text = made_up_text(sy_report_table, &result.report, (sy_report_style){.columns = 60});
    assert_has(&text, "SIM sim:0");
    sy_text_release(&text);
    made_up_release(&result);
}

static void a_row_is_told_in_words(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, &made_up_metered[1], 1);
    sy_row *row = &result.rows.row[0];
    sy_text text = {0};
    row->sustain = (sy_row_sustain){.sustained_of_burst = 0.71, .throttle_s = 12.0, .throttle_how = "clock"};
    row->sustain.seconds = 30.0;
    const sy_report_style style = {.columns = 120};
    assert_int_equal(sy_report_row(row, &style, &text, NULL), SY_OK);
    assert_has(&text, "energy[1].scope                  node\n");
    assert_has(&text, "SIMULATED: the joules of a model, of no device\n");
    assert_has(&text, "energy of the card: 250 mJ/run, 350 W, 68.7 GFLOP/J +/-0.8 % random, gain unknown; "
                      "net 30 mJ/run +/-10 %\n"
                      "  (device:energy); net is low: 12 % of gross\n");
    assert_has(
        &text, "energy of the node: 640 mJ/run, 900 W, 27 GFLOP/J +/-0.8 % random, +/-6.0 % gain; net ");
    assert_has(&text, "sustained 0.71 of burst, throttled after 12.0 s (clock)");
    sy_text_clear(&text);
    assert_int_equal(sy_report_row(&result.rows.row[8], &style, &text, NULL), SY_OK);
    assert_has(&text, "energy of the node: not valid: alias, window too short (redfish:power); net is low");
    sy_text_release(&text);
    made_up_release(&result);
}

/* A long name is cut in its middle: the scope is never what goes. */
static void the_scope_is_never_cut(void **state) {
    (void)state;
    static const uint32_t widths[] = {60, 80, 100, 120};
    for (size_t i = 0; i < COUNT(widths); i++) {
        made_up result = {0};
        made_up_run(&result, &made_up_metered[1], 1);
        result.rows.row[1].origin.name = "a-name-without-end-that-goes-on-and-on-and-on-until-it-ends.4096";
        const sy_report_style style = {.columns = widths[i], .lines = 60};
        sy_text text = made_up_text(sy_report_summary, &result.report, style);
        assert_has(&text, "ends.4096, card ");
        assert_has(&text, "ends.4096, node ");
        assert_lacks(&text, "on-and-on-and-on-until-it");
        sy_text_release(&text);
        made_up_release(&result);
    }
}

static void a_scope_without_numbers_has_one_line(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, &made_up_metered[1], 1);
    static const char *const reasons[] = {"stuck"};
    for (size_t i = 0; i < result.rows.count; i++) {
        sy_row_energy *node = (sy_row_energy *)(uintptr_t)&result.rows.row[i].energy.item[1];
        node->valid = SY_TRI_NO;
        node->reasons = (sy_text_list){.item = reasons, .count = 1};
    }
    for (size_t i = 0; i < result.report.totals.count; i++)
        ((sy_total *)(uintptr_t)&result.report.totals.item[i])->energy.count = 1;
    sy_text text = made_up_text(sy_report_summary, &result.report, wide);
    assert_has(&text, "\nenergy, node ");
    assert_has(&text, " not valid: stuck\n");
    assert_lacks(&text, "4096, node");
    assert_has(&text, "4096, card");
    sy_text_release(&text);
    made_up_release(&result);
}

static void what_disagrees_is_not_shown(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_metered, 1);
    sy_row_energy entry = result.rows.row[1].energy.item[0];
    entry.watt *= 1.1;
    result.rows.row[1].energy.item = &entry;
    sy_text text = made_up_text(sy_report_summary, &result.report, wide);
    assert_has(&text, "not valid: its numbers disagree");
    assert_lacks(&text, "374 +/-");
    sy_text_release(&text);
    entry.watt /= 1.1;
    result.rows.row[1].status = SY_ROW_WRONG;
    text = made_up_text(sy_report_summary, &result.report, wide);
    assert_lacks(&text, "374 +/-");
    sy_text_release(&text);
    sy_text_clear(&text);
    assert_int_equal(sy_report_row(&result.rows.row[1], &wide, &text, NULL), SY_OK);
    assert_has(&text, "energy of the card: not valid: wrong (device:energy)");
    sy_text_release(&text);
    made_up_release(&result);
}

static void sustained_rows_have_a_line(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, &made_up_metered[1], 1);
    for (size_t i = 0; i < 5; i++) {
        result.rows.row[i].sustain.sustained_of_burst = 0.71;
        result.rows.row[i].sustain.throttle_s = 12.0;
        result.rows.row[i].sustain.throttle_how = "clock";
    }
    sy_text text = made_up_text(sy_report_summary, &result.report, wide);
    assert_has(
        &text, "SIMULATED large.2048 on sim:0 sustained 0.71 of burst, throttled after 12.0 s (clock)\n");
    assert_has(&text, "and 2 more that were kept up\n");
    sy_text_release(&text);
    made_up_release(&result);
}

static void another_rate_is_told(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, &made_up_metered[1], 1);
    sy_text text = made_up_text(sy_report_summary, &result.report, wide);
    assert_lacks(&text, "another rate");
    sy_text_release(&text);
    ((sy_row_energy *)(uintptr_t)result.rows.row[2].energy.item)[1].rate_of_median = 0.93;
    text = made_up_text(sy_report_summary, &result.report, wide);
    assert_has(&text, "energy: in 1 row the window ran at another rate than the samples, by up to 7.0 %\n");
    sy_text_release(&text);
    made_up_release(&result);
}

/* A mix that was measured comes before a sum, and no line has both. */
static void a_measured_mix_comes_first(void **state) {
    (void)state;
    static const char *const reasons[] = {"gap"};
    made_up result = {0};
    made_up_run(&result, made_up_metered, 2);
    sy_total_energy mix;
    sy_total_energy_init(&mix);
    mix.source = "device:energy";
    mix.scope = "card";
    mix.joule_per_pass = 0.777;
    mix.watt = 360.0;
    mix.u_random = 0.004;
    mix.valid = SY_TRI_YES;
    sy_total *total = (sy_total *)(uintptr_t)&result.report.totals.item[0];
    total->mix = (sy_total_energies){.item = &mix, .count = 1};
    sy_text text = made_up_text(sy_report_summary, &result.report, wide);
    assert_has(&text, "decode qwen3-8b T=8, card mix");
    assert_has(&text, "777 +/-0.8% g?");
    assert_lacks(&text, "decode qwen3-8b T=8, card  ");
    assert_has(&text, "decode qwen3-8b T=8, node");
    sy_text_release(&text);
    mix.valid = SY_TRI_NO;
    mix.reasons = (sy_text_list){.item = reasons, .count = 1};
    text = made_up_text(sy_report_summary, &result.report, wide);
    assert_has(&text, "decode qwen3-8b T=8, card mix");
    assert_has(&text, "not valid: gap");
    assert_lacks(&text, "777 +/-");
    sy_text_release(&text);
    made_up_release(&result);
}

/* Where a pass has no joules, its heaviest row stands for it. */
static void a_pass_with_gaps_shows_its_heaviest_row(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_metered, 1);
    for (size_t i = 0; i < result.report.totals.count; i++) {
        sy_total *total = (sy_total *)(uintptr_t)&result.report.totals.item[i];
        total->energy.count = 0;
    }
    sy_text text = made_up_text(sy_report_summary, &result.report, wide);
    assert_has(&text, "qwen3-8b.decode.t8.gate_up, card");
    assert_has(&text, "qwen3-8b.prefill.t512.down, card");
    assert_lacks(&text, "decode qwen3-8b T=8, card");
    assert_lacks(&text, "t8.qkv, card");
    sy_text_release(&text);
    made_up_release(&result);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    made_up result = {0};
    made_up_run(&result, made_up_metered, MADE_UP_METERED);
    result.rows.row[0].sustain.sustained_of_burst = 0.5;
    for (size_t i = 0; i < 4; i++) {
        sy_status status = SY_OUT_OF_MEMORY;
        uint64_t k = 0;
        while (status != SY_OK && ++k < 2000) {
            sy_text text = {0};
            sy_seam_arm(SY_SEAM_ALLOC, k);
            status = i == 0   ? sy_report_summary(&result.report, &narrow, &text, NULL)
                     : i == 1 ? sy_report_table(&result.report, &narrow, &text, NULL)
                     : i == 2 ? sy_report_csv(&result.report, &text, NULL)
                              : sy_report_row(&result.rows.row[1], &narrow, &text, NULL);
            sy_seam_disarm();
            sy_text_release(&text);
        }
        assert_true(k > 2 && k < 2000);
    }
    made_up_release(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_screen_of_one_device),
        cmocka_unit_test(scopes_stand_on_lines_of_their_own),
        cmocka_unit_test(it_fits_every_screen),
        cmocka_unit_test(watts_go_before_joules),
        cmocka_unit_test(the_table_has_one_scope),
        cmocka_unit_test(a_narrow_table_marks_simulated_rows),
        cmocka_unit_test(a_row_is_told_in_words),
        cmocka_unit_test(the_scope_is_never_cut),
        cmocka_unit_test(a_scope_without_numbers_has_one_line),
        cmocka_unit_test(what_disagrees_is_not_shown),
        cmocka_unit_test(sustained_rows_have_a_line),
        cmocka_unit_test(another_rate_is_told),
        cmocka_unit_test(a_measured_mix_comes_first),
        cmocka_unit_test(a_pass_with_gaps_shows_its_heaviest_row),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
