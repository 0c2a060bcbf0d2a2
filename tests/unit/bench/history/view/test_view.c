/* A history as text: what is told, and that nothing hostile gets through; when memory runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "bench/history/view/view.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/history/past.h"

typedef sy_status view(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err);

static const sy_view_wish everything = {.quantity = SY_HISTORY_TIME, .last = 200, .smallest = 0.01};

static sy_text see(sy_history *history, view *show, const char *what, uint32_t form, bool utf8) {
    sy_view_wish wish = everything;
    sy_view_form how = {.form = form, .style = {.utf8 = utf8}};
    sy_error err = SY_ERROR_INIT;
    sy_text out = {0};
    wish.what = what;
    if (show(history, &wish, &how, &out, &err) != SY_OK)
        fail_msg("%s", err.text);
    return out;
}

static void expect(sy_history *history, view *show, const char *what, const char *says) {
    sy_text out = see(history, show, what, SY_GRID_TEXT, false);
    if (strstr(out.data, says) == NULL)
        fail_msg("no \"%s\" in:\n%s", says, out.data);
    sy_text_release(&out);
}

/* 24 runs: from the 13th on 10 % slower, by another driver and commit. */
static sy_history *make(const past *where) {
    sy_history *history = past_open(where);
    sy_random random;
    sy_random_seed(&random, 7, 0);
    FILE *file = fopen(where->record, "w");
    assert_non_null(file);
    for (int i = 0; i < 24; i++) {
        double level = (i < 12 ? 1000 : 1100) * exp(0.005 * sy_random_normal(&random));
        past_write_environment(file, i, "lab", i < 12 ? "550" : "560", i < 12 ? "aaa" : "bbb");
        past_write_row(file, &(past_row){.run = i, .median_ns = level});
        past_write_row(file, &(past_row){.run = i, .problem = 1, .is_simulated = true, .joule = 2});
    }
    fclose(file);
    sy_history_added added;
    assert_int_equal(sy_history_add(history, where->record, &added, NULL), SY_OK);
    return history;
}

static void what_is_told(void **state) {
    sy_history *history = make(*state);
    expect(history, sy_view_list, NULL, "run-0023-made-up");
    expect(history, sy_view_show, "run-0023", "program  0.1.0  commit bbb");
    expect(history, sy_view_show, "run-0023", "SIM Card");
    expect(history, sy_view_trend, "gemm:m=64", "24 runs, 2026-01-01 to 2026-01-24");
    expect(history, sy_view_trend, "gemm:m=65", "SIMULATED gemm m=65 n=64 k=64 bf16 on cuda Card, tiles;");
    expect(history, sy_view_changes, NULL, "2026-01-13  slower +");
    expect(history, sy_view_changes, NULL, "with commit aaa -> bbb; driver 550 -> 560");
    expect(
        history, sy_view_changes, NULL, "since run run-0012-made-up, commit bbb; 12 runs before, 12 since");
    expect(history, sy_view_changes, NULL, "Olshen et al. 2004");
    sy_text out = see(history, sy_view_changes, NULL, SY_GRID_CSV, false);
    assert_non_null(strstr(out.data, ",commit aaa -> bbb; driver 550 -> 560,1."));
    sy_text_release(&out);
    out = see(history, sy_view_trend, "gemm:m=64", SY_GRID_JSONL, false);
    assert_non_null(strstr(out.data, "\"setup\":\"driver=550;kernel=6.1;libblas=12.0\""));
    sy_text_release(&out);
    sy_history_close(history);
}

static void nothing_hostile_gets_through(void **state) {
    static view *const views[] = {sy_view_list, sy_view_show, sy_view_trend, sy_view_changes};
    static const char *const whats[] = {NULL, "run-0000", "gemm:m=64", NULL};
    const past *where = *state;
    sy_history *history = past_open(where);
    FILE *file = fopen(where->record, "w");
    assert_non_null(file);
    for (int i = 0; i < 20; i++) {
        past_write_environment(
            file, i, "\\u001b]0;x\\u0007", i < 10 ? "\\u001b[31m" : "\\u009b2J", "\\u202e");
        past_write_row(file, &(past_row){.run = i,
                                 .median_ns = i < 10 ? 100 + i : 300 + i,
                                 .name = "\\u001b[2J\\r",
                                 .card = "\\u001b[1m",
                                 .library = "=cmd\\u001b[0m"});
    }
    fclose(file);
    sy_history_added added;
    assert_int_equal(sy_history_add(history, where->record, &added, NULL), SY_OK);
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        for (uint32_t form = SY_GRID_TEXT; form <= SY_GRID_JSONL; form++) {
            sy_text out = see(history, views[i], whats[i], form, form % 2 == 0);
            for (size_t at = 0; at < out.length; at++)
                assert_true((unsigned char)out.data[at] >= 0x20 || out.data[at] == '\n');
            if (form == SY_GRID_TEXT) {
                assert_null(strstr(out.data, "\xe2\x80\xae"));
                assert_null(strstr(out.data, "\xc2\x9b"));
            }
            sy_text_release(&out);
        }
    }
    sy_history_close(history);
}

static void memory_that_runs_out(void **state) {
    static view *const views[] = {sy_view_list, sy_view_show, sy_view_trend, sy_view_changes};
    static const char *const whats[] = {NULL, "run-0000", "gemm:m=64", NULL};
    sy_history *history = make(*state);
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        unsigned failures = 0;
        for (uint64_t k = 1; k < 40; k++) {
            sy_view_wish wish = everything;
            sy_view_form form = {.form = k % 2 == 0 ? SY_GRID_TEXT : SY_GRID_JSON};
            sy_error err = SY_ERROR_INIT;
            sy_text out = {0};
            wish.what = whats[i];
            sy_seam_arm(SY_SEAM_ALLOC, k);
            sy_status status = views[i](history, &wish, &form, &out, &err);
            bool is_seen = sy_seam_disarm() >= k;
            assert_int_equal(status, is_seen ? SY_OUT_OF_MEMORY : SY_OK);
            failures += is_seen;
            sy_text_release(&out);
        }
        assert_true(failures > 1);
    }
    sy_history_close(history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_told, past_begin, past_end),
        cmocka_unit_test_setup_teardown(nothing_hostile_gets_through, past_begin, past_end),
        cmocka_unit_test_setup_teardown(memory_that_runs_out, past_begin, past_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
