/* Which series a word means, and their runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "bench/history/runs.h"
#include "bench/history/series.h"
#include "tests/unit/bench/history/past.h"

static size_t count_series(sy_history *history, const char *what, const char *quantity) {
    sy_series_list list;
    sy_error err = SY_ERROR_INIT;
    if (sy_history_series(history, what, quantity, &list, &err) != SY_OK)
        return 0;
    size_t count = list.count;
    sy_series_list_release(&list);
    return count;
}

static void words_that_mean_a_series(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    sy_series_list list;
    sy_error err = SY_ERROR_INIT;
    char problem[256], row[17];
    past_add_row(history, where, &(past_row){.problem = 0, .name = "a.b"});
    past_add_row(history, where, &(past_row){.problem = 1, .name = "a:c", .joule = 3});
    past_add_row(history, where, &(past_row){.run = 1, .problem = 1, .name = "other", .card = "pci:2"});
    past_problem(1, problem);
    assert_int_equal(count_series(history, problem, "time"), 2);
    assert_int_equal(count_series(history, "gemm:", "time"), 3);
    assert_int_equal(count_series(history, "gemm:k=64,m=64", "time"), 1);
    assert_int_equal(count_series(history, "gemm:dtype=bf16", "time"), 3);
    assert_int_equal(count_series(history, "gemm:dtype=bf1", "time"), 0);
    assert_int_equal(count_series(history, "gemm:m=6", "time"), 0);
    assert_int_equal(count_series(history, "conv2d:m=64", "time"), 0);
    assert_int_equal(count_series(history, "a.b", "time"), 1);
    assert_int_equal(count_series(history, "a:c", "time"), 2);
    assert_int_equal(count_series(history, "other", "time"), 2);
    assert_int_equal(count_series(history, "layer", "time"), 0);
    assert_int_equal(count_series(history, NULL, "time"), 3);
    assert_int_equal(count_series(history, NULL, "energy"), 1);
    assert_int_equal(count_series(history, "a.b", "energy"), 0);
    snprintf(row, sizeof row, "%016x", 0xab0001);
    assert_int_equal(count_series(history, row, "time"), 2);
    assert_int_equal(sy_history_series(history, "a.b", "time", &list, &err), SY_OK);
    char key[17];
    snprintf(key, sizeof key, "%.6s", list.item[0].key_hash);
    assert_string_equal(list.item[0].card, "pci:1");
    assert_string_equal(list.item[0].source, "host");
    assert_false(list.item[0].is_simulated);
    sy_series_list_release(&list);
    assert_int_equal(count_series(history, key, "time"), 1);
    key[3] = '\0';
    assert_int_equal(count_series(history, key, "time"), 0);
    assert_int_equal(sy_history_series(history, "x\x1b[31m", "time", &list, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "no problem, name, key or row 'x?[31m'"));
    sy_history_close(history);
}

static void a_run_is_the_geometric_mean_of_its_rows(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    sy_series_list list;
    sy_point_list points;
    sy_text setup = {0};
    /* Added in another order than they were measured. */
    past_add_row(history, where, &(past_row){.run = 2, .median_ns = 9, .library = "13.0"});
    past_add_row(history, where, &(past_row){.run = 1, .median_ns = 4});
    past_add_row(history, where, &(past_row){.run = 1, .median_ns = 16, .id = "00000000000000ff"});
    past_add_row(history, where,
        &(past_row){.run = 1, .median_ns = 5, .id = "00000000000000fe", .host_clock = "device"});
    past_add_row(history, where, &(past_row){.run = 0, .median_ns = 2});
    assert_int_equal(sy_history_series(history, NULL, "time", &list, NULL), SY_OK);
    assert_int_equal(list.count, 2); /* clocks do not mix */
    int64_t series = list.item[strcmp(list.item[0].source, "host") == 0 ? 0 : 1].number;
    assert_int_equal(sy_history_points(history, series, 10, &points, NULL), SY_OK);
    assert_int_equal(points.count, 3);
    assert_float_equal(points.item[0].value, 2, 1e-9);
    assert_float_equal(points.item[0].high, 2.02, 1e-9);
    assert_float_equal(points.item[1].value, 8, 1e-9);
    assert_int_equal(points.item[1].rows, 2);
    assert_true(isnan(points.item[1].low));
    assert_string_equal(points.item[2].run_id, "run-0002-made-up");
    assert_int_equal(sy_history_setup(history, points.item[2].setup, &setup, NULL), SY_OK);
    assert_string_equal(setup.data, "libblas=13.0\n");
    sy_text_release(&setup);
    sy_point_list_release(&points);
    assert_int_equal(sy_history_points(history, series, 2, &points, NULL), SY_OK);
    assert_int_equal(points.count, 2);
    assert_float_equal(points.item[0].value, 8, 1e-9);
    sy_point_list_release(&points);
    sy_series_list_release(&list);
    sy_history_close(history);
}

/* What the visits see, joined. */
static bool note_run(void *ctx, const sy_history_run *run) {
    char *seen = ctx;
    snprintf(seen + strlen(seen), 200 - strlen(seen), "%s %d/%d %d;", run->run_id, (int)run->with_time,
        (int)run->rows, (int)run->simulated);
    return true;
}

static bool note_row(void *ctx, const sy_history_row *row) {
    char *seen = ctx;
    snprintf(seen + strlen(seen), 200 - strlen(seen), "%s %s %g;", row->row_id + 10,
        sy_row_status_name(row->status), row->median_ns);
    return true;
}

static void runs_and_their_rows(void **state) {
    const past *where = *state;
    sy_history *history = past_open(where);
    sy_error err = SY_ERROR_INIT;
    char seen[200] = "";
    int64_t number = 0;
    past_add_row(history, where, &(past_row){.run = 12});
    past_add_row(history, where, &(past_row){.run = 1, .problem = 3, .is_simulated = true});
    past_add_row(history, where, &(past_row){.run = 1, .problem = 2, .status = "timeout"});
    assert_int_equal(sy_history_runs(history, 5, note_run, seen, &err), SY_OK);
    assert_string_equal(seen, "run-0001-made-up 1/2 0;run-0012-made-up 1/1 1;");
    seen[0] = '\0';
    assert_int_equal(sy_history_runs(history, 1, note_run, seen, &err), SY_OK);
    assert_string_equal(seen, "run-0012-made-up 1/1 1;");
    seen[0] = '\0';
    assert_int_equal(sy_history_find_run(history, "run-0001", &number, &err), SY_OK);
    assert_int_equal(sy_history_rows(history, number, note_row, seen, &err), SY_OK);
    assert_string_equal(seen, "ab0002 timeout nan;ab0003 ok 1000;");
    assert_int_equal(sy_history_find_run(history, "run-00", &number, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "more than one"));
    assert_int_equal(sy_history_find_run(history, "run-01%", &number, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "no run"));
    assert_int_equal(sy_history_find_run(history, "run-_01", &number, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_history_find_run(history, "RUN-0001", &number, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_history_find_run(history, "run", &number, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "at least 4"));
    sy_history_close(history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_that_mean_a_series, past_begin, past_end),
        cmocka_unit_test_setup_teardown(a_run_is_the_geometric_mean_of_its_rows, past_begin, past_end),
        cmocka_unit_test_setup_teardown(runs_and_their_rows, past_begin, past_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
