/* Rows made small, joined by key and put together by workload. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/html/work.h"

static const char problem[] = "gemm:m=8,n=8,k=8,batch=1,dtype=bf16:bf16:bf16:f32,math=strict,weights=const";

static sy_row made(const char *key, double median_ns) {
    sy_row row;
    sy_row_init(&row);
    row.key.problem = problem;
    row.key_hash = key;
    row.status = isfinite(median_ns) ? SY_ROW_OK : SY_ROW_ERROR;
    row.origin.suite = "square";
    row.rate.flop = 1000;
    if (isfinite(median_ns)) {
        row.time.headline = SY_HEADLINE_HOST;
        row.time.host.median_ns = median_ns;
        row.time.host.ci95_ns[0] = median_ns * 0.99;
        row.time.host.ci95_ns[1] = median_ns * 1.01;
    }
    return row;
}

/* Two devices; device 1 lacks a time for the second key. */
static void fill(sy_html_model *model, sy_html_row *rows, sy_html_device *devices) {
    const sy_row from[] = {made("0000000000000001", 100.0), made("0000000000000001", 300.0),
        made("0000000000000001", 200.0), made("0000000000000002", 100.0), made("0000000000000002", NAN)};
    const uint32_t device[] = {0, 0, 1, 0, 1};
    for (size_t i = 0; i < 5; i++) {
        rows[i] = (sy_html_row){.device = device[i]};
        assert_true(sy_html_row_copy(&from[i], model, &rows[i]));
    }
    model->row = rows;
    model->rows = 5;
    model->device = devices;
    model->devices = 2;
}

static void empty(sy_html_model *model) {
    model->row = NULL;
    model->device = NULL;
    sy_html_model_release(model);
}

static void test_repeats_are_one_cell(void **state) {
    sy_html_model model = {0};
    sy_html_row rows[5];
    sy_html_device devices[2] = {{.max_clock_mhz = NAN}, {.max_clock_mhz = NAN}};
    sy_html_works works;
    sy_error error = SY_ERROR_INIT;
    (void)state;
    fill(&model, rows, devices);
    assert_int_equal(sy_html_works_make(&model, &works, &error), SY_OK);
    assert_int_equal(works.works, 1);
    assert_int_equal(works.lines, 2);
    assert_true(works.line[0].cell[0].ns == 200.0);
    assert_true(works.line[0].cell[0].low == 99.0 && works.line[0].cell[0].high == 303.0);
    assert_int_equal(works.line[0].cell[0].count, 2);
    assert_true(isnan(works.line[1].cell[1].ns) && works.line[1].cell[1].row != NULL);
    empty(&model);
}

static void test_sums_over_all_and_over_common_rows(void **state) {
    sy_html_model model = {0};
    sy_html_row rows[5];
    sy_html_device devices[2] = {{.max_clock_mhz = NAN}, {.max_clock_mhz = NAN}};
    const size_t both[] = {0, 1};
    const sy_html_set set = {.device = both, .count = 2};
    sy_html_works works;
    sy_error error = SY_ERROR_INIT;
    (void)state;
    fill(&model, rows, devices);
    assert_int_equal(sy_html_works_make(&model, &works, &error), SY_OK);
    assert_int_equal(sy_html_common(&works, &works.work[0], &set), 1);
    sy_html_sum all = sy_html_add_up(&model, &works, &works.work[0], 0, NULL);
    assert_int_equal(all.timed, 2);
    assert_true(fabs(all.rate / (2000.0 / 300e-9) - 1.0) < 1e-12);
    sy_html_sum common = sy_html_add_up(&model, &works, &works.work[0], 0, &set);
    assert_int_equal(common.timed, 1);
    assert_true(fabs(common.rate / (1000.0 / 200e-9) - 1.0) < 1e-12);
    sy_html_sum lacking = sy_html_add_up(&model, &works, &works.work[0], 1, NULL);
    assert_int_equal(lacking.timed, 1);
    assert_int_equal(lacking.rows, 2);
    empty(&model);
}

/* Device 1 takes a network as a whole and counts nothing: the work is that of its key all the same. */
static void test_work_is_that_of_the_key(void **state) {
    sy_html_model model = {0};
    sy_html_row rows[5];
    sy_html_device devices[2] = {{.max_clock_mhz = NAN}, {.max_clock_mhz = NAN}};
    sy_html_works works;
    sy_error error = SY_ERROR_INIT;
    (void)state;
    fill(&model, rows, devices);
    rows[2].flop = SY_NO_COUNT;
    rows[4].flop = 0;
    assert_int_equal(sy_html_works_make(&model, &works, &error), SY_OK);
    assert_int_equal(works.line[0].flop, 1000);
    sy_html_sum sum = sy_html_add_up(&model, &works, &works.work[0], 1, NULL);
    assert_true(fabs(sum.rate / (1000.0 / 200e-9) - 1.0) < 1e-12);
    for (size_t i = 0; i < 5; i++)
        rows[i].flop = i % 2 == 0 ? SY_NO_COUNT : 0; /* nobody counts */
    assert_int_equal(sy_html_works_make(&model, &works, &error), SY_OK);
    assert_true(isnan(sy_html_add_up(&model, &works, &works.work[0], 0, NULL).rate));
    empty(&model);
}

static void test_samples_are_two_letters(void **state) {
    static const double samples[] = {100.0, 50.0, 150.0};
    sy_html_model model = {0};
    sy_html_row small = {.device = 0};
    sy_row row = made("0000000000000001", 100.0);
    (void)state;
    row.time.samples_ns.item = samples;
    row.time.samples_ns.count = 3;
    assert_true(sy_html_row_copy(&row, &model, &small));
    assert_int_equal(small.samples_bytes, strlen("-500000,500000,gAAA//"));
    assert_memory_equal(model.samples.data, "-500000,500000,gAAA//", small.samples_bytes);
    sy_html_model_release(&model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeats_are_one_cell),
        cmocka_unit_test(test_sums_over_all_and_over_common_rows),
        cmocka_unit_test(test_work_is_that_of_the_key),
        cmocka_unit_test(test_samples_are_two_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
