/* Comparisons as texts: what is said, in which order, how wide, and that no name does harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "bench/report/compare.h"
#include "bench/report/compare_cells.h"
#include "bench/report/compare_grid.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/compare/rows.h"

/* Two files of made-up rows, compared. */
typedef struct made {
    sy_intake intake;
    sy_arena arena;
    uint32_t run[2];
    sy_join join;
    sy_comparison comparison;
    sy_mean_list means[SY_QUANTITY_COUNT];
    sy_conditions conditions;
    sy_gate gate;
    const sy_rank *ranks;
    sy_compare_report report;
} made;

static const char *const files[] = {"base.jsonl", "new.jsonl"};

static rows_spec noisy(unsigned n, double ns, double noise) {
    rows_spec row = rows_plain(n);
    row.rounds = 5;
    for (int i = 0; i < 5; i++)
        row.round_ns[i] = ns * (1.0 + noise * (i - 2));
    return row;
}

static made begin(void) {
    made it = {0};
    it.run[0] = rows_run(&it.intake, 0, "one", NULL);
    it.run[1] = rows_run(&it.intake, 1, "two", NULL);
    return it;
}

static void take(made *it, unsigned n, double before, double after) {
    rows_spec base = noisy(n, before, 0.001), other = noisy(n, after, 0.001);
    rows_take(&it->intake, it->run[0], &base);
    rows_take(&it->intake, it->run[1], &other);
}

static void finish(made *it, bool is_across, const char *gated) {
    sy_error err = SY_ERROR_INIT;
    const sy_across across = {0};
    const sy_comparison_options options = {.delta = 0.02};
    sy_gate_options gate;
    assert_int_equal(is_across ? sy_join_across(&it->intake, &across, &it->arena, &it->join, &err)
                               : sy_join_over_time(&it->intake, 2, &it->arena, &it->join, &err),
        SY_OK);
    assert_int_equal(sy_comparison_make(&it->join, &options, &it->arena, &it->comparison, &err), SY_OK);
    for (int q = 0; q < (int)SY_QUANTITY_COUNT; q++)
        if (q != SY_QUANTITY_PRECISION)
            assert_int_equal(sy_means_compute(&it->comparison, q, &it->arena, &it->means[q], &err), SY_OK);
    assert_int_equal(
        sy_conditions_compare(&it->intake, &it->join, 1, &it->arena, &it->conditions, &err), SY_OK);
    if (is_across)
        assert_int_equal(sy_rank_columns(&it->comparison, &it->arena, &it->ranks, &err), SY_OK);
    sy_gate_options_init(&gate);
    if (gated != NULL) {
        assert_int_equal(sy_gate_parse(gated, &gate, &err), SY_OK);
        assert_int_equal(
            sy_gate_judge(&it->comparison, &it->conditions, &gate, &it->arena, &it->gate, &err), SY_OK);
    }
    it->report = (sy_compare_report){.comparison = &it->comparison,
        .means = it->means,
        .conditions = &it->conditions,
        .ranks = it->ranks,
        .gate = gated != NULL ? &it->gate : NULL,
        .gate_text = gated,
        .file = is_across ? NULL : files,
        .has_devices = sy_compare_has_devices(&it->join)};
}

static void release(made *it) {
    sy_arena_release(&it->arena);
    sy_intake_release(&it->intake);
}

static const sy_report_style plain = {.columns = 100};

static sy_text screen_of(const made *it, const sy_report_style *style) {
    sy_text text = {0};
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_compare_text(&it->report, style, &text, &err), SY_OK);
    return text;
}

static void has(const sy_text *text, const char *part) {
    if (strstr(text->data, part) == NULL)
        fail_msg("no '%s' in:\n%s", part, text->data);
}

static void has_not(const sy_text *text, const char *part) {
    if (strstr(text->data, part) != NULL)
        fail_msg("'%s' in:\n%s", part, text->data);
}

static void what_changed_comes_worst_first(void **state) {
    (void)state;
    made it = begin();
    for (unsigned n = 0; n < 20; n++)
        take(&it, n, 1000, n == 3 ? 1100 : n == 7 ? 1200 : n == 9 ? 900 : 1000);
    finish(&it, false, NULL);
    sy_text text = screen_of(&it, &plain);
    has(&text, "steelyard compare  base.jsonl -> new.jsonl: 20 of 20 rows joined\n");
    has(&text, "20 of 20 rows");
    has(&text, "rows that changed, worst first: 3\n");
    const char *worst = strstr(text.data, "1.200"), *second = strstr(text.data, "1.100"),
               *better = strstr(text.data, "0.900");
    assert_true(worst != NULL && second > worst && better > second);
    has(&text, "1.000 -> 1.200 us");
    has(&text, "slower");
    has(&text, "faster");
    has_not(&text, "gate ");
    has_not(&text, "SIMULATED");
    sy_text_release(&text);
    release(&it);
}

static void few_rows_are_all_shown_and_many_when_asked(void **state) {
    (void)state;
    made it = begin();
    for (unsigned n = 0; n < 12; n++)
        take(&it, n, 1000, 1000);
    finish(&it, false, NULL);
    sy_text text = screen_of(&it, &plain);
    has_not(&text, "rows, worst first");
    sy_text_release(&text);
    it.report.all = true;
    text = screen_of(&it, &plain);
    has(&text, "rows, worst first: 12\n");
    sy_text_release(&text);
    release(&it);
}

static void long_lists_end_with_how_many_more(void **state) {
    (void)state;
    made it = begin();
    for (unsigned n = 0; n < 30; n++)
        take(&it, n, 1000, 1500);
    finish(&it, false, "time:5%");
    sy_text text = screen_of(&it, &plain);
    has(&text, "rows that changed, worst first: 30\n");
    has(&text, "  and 20 more: -v\n");
    has(&text, "gate time:5%: FAILED; 30 of 30 rows decided, 30 regressed, 0 lost");
    sy_text_release(&text);
    release(&it);
}

static void what_is_undecided_says_what_it_would_take(void **state) {
    (void)state;
    made it = begin();
    for (unsigned n = 0; n < 12; n++) {
        rows_spec base = noisy(n, 1000, 0.05), other = noisy(n, 1010, 0.05);
        rows_take(&it.intake, it.run[0], &base);
        rows_take(&it.intake, it.run[1], &other);
    }
    finish(&it, false, NULL);
    sy_text text = screen_of(&it, &plain);
    has(&text, "rows without a verdict: 12\n");
    has(&text, "would have seen ");
    has(&text, "more rounds would settle it");
    sy_text_release(&text);
    release(&it);
}

static void a_lost_row_is_named_with_its_reason(void **state) {
    (void)state;
    made it = begin();
    for (unsigned n = 0; n < 19; n++)
        take(&it, n, 1000, 1000);
    rows_spec base = noisy(19, 1000, 0.001), other = rows_plain(19);
    other.status = SY_ROW_ERROR;
    other.rounds = 0;
    other.reason = "worker died";
    rows_take(&it.intake, it.run[0], &base);
    rows_take(&it.intake, it.run[1], &other);
    finish(&it, false, "time:5%");
    sy_text text = screen_of(&it, &plain);
    has(&text, "gate time:5%: FAILED; 20 of 20 rows decided, 0 regressed, 1 lost");
    has(&text, ": error: worker died\n");
    sy_text_release(&text);
    release(&it);
}

static void what_does_not_join_says_why(void **state) {
    (void)state;
    made it = begin();
    take(&it, 0, 1000, 1000);
    rows_spec alone = noisy(5, 1000, 0.001);
    rows_take(&it.intake, it.run[0], &alone);
    finish(&it, false, "time:5%");
    sy_text text = screen_of(&it, &plain);
    has(&text, "not joined: 1\n");
    has(&text, "  only in base.jsonl: ");
    has(&text, "NOT DECIDED");
    sy_text_release(&text);
    release(&it);
}

static void devices_are_ranked_on_common_rows(void **state) {
    (void)state;
    made it = begin();
    for (unsigned n = 0; n < 4; n++) {
        rows_spec one = noisy(n, 1000, 0.001), two = noisy(n, 500, 0.001);
        one.device = one.device_name = "slow one";
        two.device = two.device_name = "fast one";
        rows_take(&it.intake, it.run[0], &one);
        if (n != 3)
            rows_take(&it.intake, it.run[0], &two);
    }
    finish(&it, true, NULL);
    sy_text text = screen_of(&it, &plain);
    has(&text, "ranking on the 3 rows that all have");
    has(&text, "1  fast one fast one  2.000");
    has(&text, "has 3 of 4 rows\n");
    has(&text, "has 4 of 4 rows, base\n");
    has(&text, "speed, each over the base: above 1 is faster");
    has(&text, "3 of 4 rows  faster\n");
    sy_text_release(&text);
    release(&it);
}

/* The widest line in columns. */
static uint32_t widest(const sy_text *text) {
    uint32_t most = 0;
    char line[1024];
    for (const char *at = text->data; *at != '\0';) {
        size_t bytes = strcspn(at, "\n");
        assert_true(bytes < sizeof line);
        memcpy(line, at, bytes);
        line[bytes] = '\0';
        most = sy_print_width(line) > most ? sy_print_width(line) : most;
        at += bytes + (at[bytes] == '\n');
    }
    return most;
}

static void lines_fit_the_screen(void **state) {
    (void)state;
    made it = begin();
    for (unsigned n = 0; n < 12; n++) {
        rows_spec base = noisy(n, 1000, 0.05), other = noisy(n, 1100, 0.05);
        base.name = other.name =
            "a name of a layer that is much longer than any screen is wide, as they are in models";
        rows_take(&it.intake, it.run[0], &base);
        rows_take(&it.intake, it.run[1], &other);
    }
    finish(&it, false, "time:5%");
    static const uint32_t widths[] = {80, 100, 120};
    for (size_t i = 0; i < 3; i++) {
        const sy_report_style style = {.columns = widths[i], .utf8 = i == 2};
        sy_text text = screen_of(&it, &style);
        assert_true(widest(&text) <= widths[i]);
        sy_text_release(&text);
    }
    release(&it);
}

typedef sy_status write_form(const sy_compare_report *report, sy_text *out, sy_error *err);

static sy_text form_of(const made *it, write_form *write) {
    sy_text text = {0};
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(write(&it->report, &text, &err), SY_OK);
    return text;
}

static void clocks_are_in_every_form(void **state) {
    made it = begin();
    sy_text text = {0}, markdown = {0}, csv = {0}, json = {0};
    const sy_report_style style = {.columns = 100};
    (void)state;
    rows_spec base = noisy(0, 1000, 0.001), other = noisy(0, 1100, 0.001);
    base.clock_mhz = 1410;
    other.clock_mhz = 1290;
    rows_take(&it.intake, it.run[0], &base);
    rows_take(&it.intake, it.run[1], &other);
    take(&it, 1, 1000, 1000);
    finish(&it, false, "time:5%");
    static const char said[] = "clock 1410 -> 1290 MHz explains up to +9.3 % of +10.0 %";
    assert_int_equal(sy_compare_text(&it.report, &style, &text, NULL), SY_OK);
    has(&text, said);
    assert_int_equal(sy_compare_markdown(&it.report, &markdown, NULL), SY_OK);
    has(&markdown, "clock 1410 -&gt; 1290 MHz explains up to +9.3 % of +10.0 %");
    assert_int_equal(sy_compare_csv(&it.report, &csv, NULL), SY_OK);
    has(&csv, ",base_clock_mhz,clock_mhz,clock_ratio\n");
    has(&csv, ",1410,1290,1.09302");
    has(&csv, ",,,\n");
    assert_int_equal(sy_compare_json(&it.report, &json, NULL), SY_OK);
    has(&json, "\"base_clock_mhz\":1410,\"clock_mhz\":1290,\"clock_ratio\":1.09302");
    sy_text_release(&text);
    sy_text_release(&markdown);
    sy_text_release(&csv);
    sy_text_release(&json);
    release(&it);
}

static void junit_has_a_case_each_ratio_and_one_for_the_gate(void **state) {
    made it = begin();
    sy_text text = {0};
    (void)state;
    take(&it, 0, 1000, 1100);
    take(&it, 1, 1000, 1000);
    finish(&it, false, "time:5%");
    assert_int_equal(sy_compare_junit(&it.report, &text, NULL), SY_OK);
    has(&text, "<testsuites name=\"steelyard compare\" tests=\"3\" failures=\"2\" errors=\"0\">");
    has(&text,
        "<testcase name=\"layer0 f32 time\" classname=\"steelyard.compare.new.jsonl\" time=\"0.000001100\">");
    has(&text, "<failure message=\"cost +10.00 %");
    has(&text, "\" type=\"regressed\"/>");
    has(&text, "<testcase name=\"time:5%\" classname=\"steelyard.compare.gate\"><failure message=\"");
    has(&text, "<system-out>fails: layer0: time cost");
    sy_text_clear(&text);
    it.report.gate = NULL;
    assert_int_equal(sy_compare_junit(&it.report, &text, NULL), SY_OK);
    has(&text, " tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">");
    has(&text, "<failure message=\"ratio 1.100 [1.09");
    has(&text, "type=\"slower\"/>");
    sy_text_release(&text);
    release(&it);
}

static void hostile_names_stay_names(void **state) {
    (void)state;
    made it = begin();
    static const char name[] = "=1|<script>\033[31m\"`@me\n,";
    rows_spec base = noisy(0, 1000, 0.001), other = noisy(0, 1500, 0.001);
    base.name = other.name = name;
    rows_take(&it.intake, it.run[0], &base);
    rows_take(&it.intake, it.run[1], &other);
    finish(&it, false, "time:5%");
    sy_text screen = screen_of(&it, &plain), markdown = form_of(&it, sy_compare_markdown);
    sy_text csv = form_of(&it, sy_compare_csv), json = form_of(&it, sy_compare_json);
    has_not(&screen, "\033");
    has_not(&markdown, "<script");
    has_not(&markdown, "@me");
    has(&markdown, "\\|&lt;script&gt;");
    has(&csv, "\"'=1|<script> [31m\"\"`@me ,\"");
    json_t *read = json_loads(json.data, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(read);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(json_object_get(read, "rows"), 0), "name")), name);
    json_decref(read);
    sy_text_release(&screen);
    sy_text_release(&markdown);
    sy_text_release(&csv);
    sy_text_release(&json);
    release(&it);
}

static void lines_of_json_are_objects_with_a_kind(void **state) {
    (void)state;
    made it = begin();
    take(&it, 0, 1000, 1500);
    finish(&it, false, "time:5%");
    sy_text lines = form_of(&it, sy_compare_jsonl);
    size_t count = 0, gates = 0;
    for (char *line = strtok(lines.data, "\n"); line != NULL; line = strtok(NULL, "\n"), count++) {
        json_t *read = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        assert_string_equal(json_string_value(json_object_get(read, "schema")), SY_COMPARE_SCHEMA);
        const char *kind = json_string_value(json_object_get(read, "kind"));
        assert_non_null(kind);
        if (strcmp(kind, "gate") == 0) {
            gates++;
            assert_string_equal(json_string_value(json_object_get(read, "outcome")), "failed");
            assert_int_equal(json_integer_value(json_object_get(read, "exit_status")), 1);
        }
        json_decref(read);
    }
    assert_true(count > 5);
    assert_int_equal(gates, 1);
    sy_text_release(&lines);
    release(&it);
}

static void cells_say_what_is_not_known(void **state) {
    (void)state;
    assert_string_equal(sy_compare_ratio(NAN).text, "n/a");
    assert_string_equal(sy_compare_ratio(1.11249).text, "1.112");
    assert_string_equal(sy_compare_ratio(123.456).text, "123.5");
    assert_string_equal(sy_compare_interval(NAN, 1.0).text, "");
    assert_string_equal(sy_compare_interval(0.5, INFINITY).text, "[0.500, inf]");
    assert_string_equal(sy_compare_percent(NAN).text, "");
    assert_string_equal(sy_compare_percent(0.041).text, "4.1 %");
    assert_string_equal(sy_compare_percent(0.25).text, "25 %");
    assert_string_equal(sy_compare_verdict(SY_QUANTITY_ENERGY, SY_VERDICT_SLOWER).text, "more energy");
    assert_string_equal(
        sy_compare_verdict(SY_QUANTITY_PRECISION, SY_VERDICT_FASTER).text, "better precision");
    assert_string_equal(sy_compare_verdict(SY_QUANTITY_TIME, SY_VERDICT_SAME).text, "same");
    assert_string_equal(sy_compare_verdict(SY_QUANTITY_ENERGY, SY_VERDICT_SAME).text, "same in energy");
}

static void files_of_one_name_keep_their_folders(void **state) {
    (void)state;
    made it = begin();
    take(&it, 0, 1000, 1000);
    finish(&it, false, NULL);
    static const char *const same[] = {"a/run.jsonl", "b/run.jsonl"}, *const other[] = {
                                                                          "a/x.jsonl", "b/y.jsonl"};
    it.report.file = same;
    assert_string_equal(sy_compare_column(&it.report, 1, false).text, "b/run.jsonl");
    it.report.file = other;
    assert_string_equal(sy_compare_column(&it.report, 1, false).text, "y.jsonl");
    it.report.is_simulated = true;
    assert_string_equal(sy_compare_column(&it.report, 0, false).text, "SIMULATED x.jsonl");
    release(&it);
}

static void without_memory_it_says_so(void **state) {
    (void)state;
    made it = begin();
    for (unsigned n = 0; n < 12; n++)
        take(&it, n, 1000, 1500);
    finish(&it, false, "time:5%");
    write_form *const forms[] = {
        sy_compare_json, sy_compare_jsonl, sy_compare_csv, sy_compare_markdown, sy_compare_junit};
    for (size_t i = 0; i < 6; i++)
        for (uint64_t k = 1; k < 4; k++) {
            sy_text text = {0};
            sy_error err = SY_ERROR_INIT;
            sy_seam_arm(SY_SEAM_ALLOC, k);
            sy_status status =
                i < 5 ? forms[i](&it.report, &text, &err) : sy_compare_text(&it.report, &plain, &text, &err);
            sy_seam_disarm();
            assert_int_equal(status, SY_OUT_OF_MEMORY);
            sy_text_release(&text);
        }
    release(&it);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changed_comes_worst_first),
        cmocka_unit_test(few_rows_are_all_shown_and_many_when_asked),
        cmocka_unit_test(long_lists_end_with_how_many_more),
        cmocka_unit_test(what_is_undecided_says_what_it_would_take),
        cmocka_unit_test(a_lost_row_is_named_with_its_reason),
        cmocka_unit_test(what_does_not_join_says_why),
        cmocka_unit_test(devices_are_ranked_on_common_rows),
        cmocka_unit_test(lines_fit_the_screen),
        cmocka_unit_test(clocks_are_in_every_form),
        cmocka_unit_test(junit_has_a_case_each_ratio_and_one_for_the_gate),
        cmocka_unit_test(hostile_names_stay_names),
        cmocka_unit_test(lines_of_json_are_objects_with_a_kind),
        cmocka_unit_test(cells_say_what_is_not_known),
        cmocka_unit_test(files_of_one_name_keep_their_folders),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
