/* The figure before it is drawn: what is refused, what is in the files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/report/charts/layout.h"
#include "figures.h"
#include "runtime/base/seam.h"

static sy_figure made;

static void expect_refusal(sy_chart_kind kind, sy_status expected, const char *word) {
    sy_layout layout;
    sy_error error = SY_ERROR_INIT;
    assert_int_equal(sy_layout_make(kind, &made.chart, &layout, &error), expected);
    assert_non_null(strstr(error.text, word));
    sy_layout_release(&layout);
}

static void what_cannot_be_a_figure_is_refused(void **state) {
    static const char *const ids[] = {
        NULL, "", "1a", "a b", "A", "a\"", "abcdefghijklmnopqrstuvwxyz0123456789"};
    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        figure_make(SY_CHART_ENERGY, &made);
        made.chart.id = ids[i];
        expect_refusal(SY_CHART_ENERGY, SY_INVALID_ARGUMENT, "id");
    }
    figure_make(SY_CHART_ENERGY, &made);
    expect_refusal(SY_CHART_KINDS, SY_INVALID_ARGUMENT, "kind");
    made.series[1].is_simulated = true;
    expect_refusal(SY_CHART_ENERGY, SY_INVALID_ARGUMENT, "simulated and real");
    made.series[0].is_simulated = true;
    made.chart.mark = "";
    expect_refusal(SY_CHART_ENERGY, SY_INVALID_ARGUMENT, "words that say so");
    figure_make(SY_CHART_ENERGY, &made);
    made.series[1].colour = 8;
    expect_refusal(SY_CHART_ENERGY, SY_INVALID_ARGUMENT, "colour 8");
    figure_make(SY_CHART_ROOFLINE, &made);
    made.ceiling[2].series = 2;
    expect_refusal(SY_CHART_ROOFLINE, SY_INVALID_ARGUMENT, "ceiling 2");
    made.chart.ceiling_count = SY_CHART_CEILINGS_MAX + 1;
    expect_refusal(SY_CHART_ROOFLINE, SY_UNSUPPORTED, "17 ceilings");
}

static void what_does_not_fit_is_unsupported(void **state) {
    static sy_chart_series many[SY_CHART_SERIES_MAX + 1];
    static char labels[SY_CHART_LABELS_MAX + 1][8];
    (void)state;
    figure_make(SY_CHART_ENERGY, &made);
    made.chart.series = many;
    made.chart.series_count = SY_CHART_SERIES_MAX + 1;
    expect_refusal(SY_CHART_ENERGY, SY_UNSUPPORTED, "9 devices");
    figure_make(SY_CHART_ENERGY, &made);
    for (size_t i = 0; i <= SY_CHART_LABELS_MAX; i++) {
        labels[i][0] = (char)('a' + i / 10);
        labels[i][1] = (char)('0' + i % 10);
        made.point[0][i] = made.point[0][0];
        made.point[0][i].label = labels[i];
    }
    made.chart.series_count = 1;
    made.series[0].count = SY_CHART_LABELS_MAX + 1;
    expect_refusal(SY_CHART_ENERGY, SY_UNSUPPORTED, "60 workloads");
    made.series[0].count = SY_CHART_POINTS_MAX + 1;
    expect_refusal(SY_CHART_ENERGY, SY_UNSUPPORTED, "points");
    made.series[0].count = 0;
    expect_refusal(SY_CHART_ENERGY, SY_UNSUPPORTED, "nothing to draw");
    made.chart.series_count = 0;
    expect_refusal(SY_CHART_ENERGY, SY_UNSUPPORTED, "nothing to draw");
}

static void numbers_that_no_scale_holds_are_left_out(void **state) {
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e300, 1e-300, -1e61};
    sy_layout layout;
    (void)state;
    for (sy_chart_kind kind = 0; kind < SY_CHART_KINDS; kind++) {
        figure_make(kind, &made);
        size_t points = made.series[0].count + made.series[1].count;
        for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
            made.point[0][2].y = odd[i];
            made.point[0][1].low = made.point[0][1].inner_high = odd[i];
            assert_int_equal(sy_layout_make(kind, &made.chart, &layout, NULL), SY_OK);
            assert_int_equal(layout.point_count, points - 1);
            assert_true(isfinite(layout.x.low) && isfinite(layout.x.high) && layout.x.low < layout.x.high);
            assert_true(isfinite(layout.y.low) && isfinite(layout.y.high) && layout.y.low < layout.y.high);
            assert_null(strstr(layout.by_series[0][SY_LAYOUT_POINTS].data, "NaN"));
            assert_null(strstr(layout.of_figure[SY_LAYOUT_FRAME].data, "NaN"));
            sy_layout_release(&layout);
        }
    }
}

static void zero_and_negative_values_are_drawn_on_a_linear_axis(void **state) {
    sy_layout layout;
    (void)state;
    figure_make(SY_CHART_ENERGY, &made);
    made.point[0][0].y = -2e9;
    made.point[0][1].y = 0.0;
    assert_int_equal(sy_layout_make(SY_CHART_ENERGY, &made.chart, &layout, NULL), SY_OK);
    assert_false(layout.x.is_logarithmic);
    assert_true(layout.x.low < -2e9 && layout.point_count == 10);
    sy_layout_release(&layout);
    for (size_t i = 0; i < 5; i++)
        made.point[0][i].y = made.point[0][i].low = made.point[0][i].high = 0.0;
    made.chart.series_count = 1;
    assert_int_equal(sy_layout_make(SY_CHART_ENERGY, &made.chart, &layout, NULL), SY_OK);
    assert_true(layout.x.low == 0.0 && layout.x.high == 1.0);
    sy_layout_release(&layout);
}

static void far_apart_values_make_a_logarithmic_axis(void **state) {
    sy_layout layout;
    (void)state;
    figure_make(SY_CHART_THROUGHPUT, &made);
    made.point[0][0].low = -1.0; /* an interval may reach below zero, its axis does not */
    assert_int_equal(sy_layout_make(SY_CHART_THROUGHPUT, &made.chart, &layout, NULL), SY_OK);
    assert_true(layout.x.is_logarithmic && layout.x.low > 0.0);
    assert_null(strstr(layout.by_series[0][SY_LAYOUT_SPANS].data, "-"));
    sy_layout_release(&layout);
}

static void equal_labels_share_a_line(void **state) {
    sy_layout layout;
    char other[] = "resnet50 f16";
    (void)state;
    figure_make(SY_CHART_ENERGY, &made);
    made.point[1][2].label = other;
    made.point[1][3].label = NULL;
    assert_int_equal(sy_layout_make(SY_CHART_ENERGY, &made.chart, &layout, NULL), SY_OK);
    assert_int_equal(layout.label_count, 6);
    assert_string_equal(layout.label[2], other);
    assert_string_equal(layout.label[5], "");
    assert_int_equal(sy_layout_label(&layout, "resnet50 f16"), 2);
    assert_int_equal(sy_layout_label(&layout, "no such"), 6);
    assert_true(sy_layout_line(&layout, 2, 1) > sy_layout_line(&layout, 2, 0));
    assert_true(sy_layout_line(&layout, 3, 0) > sy_layout_line(&layout, 2, 1));
    sy_layout_release(&layout);
}

static void points_on_each_other_are_drawn_once(void **state) {
    sy_layout layout;
    (void)state;
    figure_make(SY_CHART_ROOFLINE, &made);
    for (size_t i = 1; i < 400; i++)
        made.point[0][i] = made.point[0][0];
    made.point[0][7].x = 0.0;
    made.chart.series_count = 1;
    made.chart.ceiling_count = 1;
    assert_int_equal(sy_layout_make(SY_CHART_ROOFLINE, &made.chart, &layout, NULL), SY_OK);
    assert_int_equal(layout.drawn_count, 1);
    assert_int_equal(layout.point_count, 399);
    sy_layout_release(&layout);
}

static void so_many_points_stay_a_drawing_of_some_size(void **state) {
    static sy_chart_point many[100000];
    sy_layout layout;
    (void)state;
    figure_make(SY_CHART_ROOFLINE, &made);
    for (size_t i = 0; i < 100000; i++) {
        many[i] = made.point[0][0];
        many[i].x = pow(10.0, (double)(i % 317) / 100.0);
        many[i].y = pow(10.0, (double)(i % 311) / 100.0);
    }
    made.series[0].point = many;
    made.series[0].count = 100000;
    made.chart.series_count = 1;
    made.chart.ceiling_count = 0;
    assert_int_equal(sy_layout_make(SY_CHART_ROOFLINE, &made.chart, &layout, NULL), SY_OK);
    assert_int_equal(layout.point_count, 100000);
    assert_in_range(layout.drawn_count, 1000, 9000);
    sy_layout_release(&layout);
}

static void a_roof_climbs_and_then_is_level(void **state) {
    sy_layout layout;
    double number[8];
    (void)state;
    figure_make(SY_CHART_ROOFLINE, &made);
    made.ceiling[1].work_per_s = NAN;
    made.ceiling[2].work_per_s = NAN;
    assert_int_equal(sy_layout_make(SY_CHART_ROOFLINE, &made.chart, &layout, NULL), SY_OK);
    char *next = layout.of_ceiling[0].data;
    for (size_t i = 0; i < 8; i++)
        number[i] = strtod(next, &next);
    assert_true(fabs(number[1] / (number[0] * 1.5e12) - 1.0) < 1e-9);
    assert_true(fabs(number[2] / 200.0 - 1.0) < 1e-9 && fabs(number[3] / 3e14 - 1.0) < 1e-9);
    assert_true(number[5] == 3e14 && number[7] == 3e14 && number[6] == layout.x.high);
    assert_true(layout.of_ceiling[1].length > 0);     /* the slope alone */
    assert_int_equal(layout.of_ceiling[2].length, 0); /* nothing known */
    sy_layout_release(&layout);
}

static void files_hold_numbers_and_placeholders_alone(void **state) {
    static const char hostile[] = "`rm -rf x`\"; system('x') $(y) <script>";
    sy_layout layout;
    (void)state;
    for (sy_chart_kind kind = 0; kind < SY_CHART_KINDS; kind++) {
        figure_make(kind, &made);
        made.chart.title = made.chart.alternative = made.chart.x_name = made.chart.y_name = made.chart.mark =
            hostile;
        for (size_t i = 0; i < 2; i++) {
            made.series[i].name = made.ceiling[i].label = hostile;
            for (size_t j = 0; j < made.series[i].count; j++)
                made.point[i][j].label = made.point[i][j].note = hostile;
        }
        assert_int_equal(sy_layout_make(kind, &made.chart, &layout, NULL), SY_OK);
        for (size_t i = 0; i < SY_LAYOUT_OF_FIGURE; i++) {
            const sy_text *text = &layout.of_figure[i];
            assert_int_equal(text->length,
                text->length > 0 ? strspn(text->data, "0123456789.+-e \n\"@T%pnmkMGTPE\xc2\xb5") : 0);
        }
        for (size_t i = 0; i < 2 * SY_LAYOUT_BY_SERIES; i++) {
            const sy_text *text = &layout.by_series[i / SY_LAYOUT_BY_SERIES][i % SY_LAYOUT_BY_SERIES];
            assert_int_equal(text->length, text->length > 0 ? strspn(text->data, "0123456789.+-e \n") : 0);
        }
        sy_layout_release(&layout);
    }
}

/* What stands at a tick is a format to gnuplot: a percent sign is doubled. */
static void shares_are_marked_in_percent(void **state) {
    (void)state;
    for (int is_share = 0; is_share < 2; is_share++) {
        sy_layout layout;
        figure_make(SY_CHART_SUSTAINED, &made);
        made.chart.is_share = is_share == 1;
        assert_int_equal(sy_layout_make(SY_CHART_SUSTAINED, &made.chart, &layout, NULL), SY_OK);
        bool is_marked = strstr(layout.of_figure[SY_LAYOUT_Y_TICKS].data, " %%\"") != NULL;
        assert_int_equal(is_marked, is_share);
        assert_null(strstr(layout.of_figure[SY_LAYOUT_X_TICKS].data, "%"));
        sy_layout_release(&layout);
    }
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    for (sy_chart_kind kind = SY_CHART_EFFICIENCY; kind <= SY_CHART_ROOFLINE; kind++) {
        bool has_ended = false;
        figure_make(kind, &made);
        for (uint64_t k = 1; !has_ended; k++) {
            sy_layout layout;
            sy_seam_arm(SY_SEAM_ALLOC, k);
            sy_status status = sy_layout_make(kind, &made.chart, &layout, NULL);
            has_ended = sy_seam_disarm() < k;
            assert_int_equal(status, has_ended ? SY_OK : SY_OUT_OF_MEMORY);
            sy_layout_release(&layout);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_a_figure_is_refused),
        cmocka_unit_test(what_does_not_fit_is_unsupported),
        cmocka_unit_test(numbers_that_no_scale_holds_are_left_out),
        cmocka_unit_test(zero_and_negative_values_are_drawn_on_a_linear_axis),
        cmocka_unit_test(far_apart_values_make_a_logarithmic_axis),
        cmocka_unit_test(equal_labels_share_a_line),
        cmocka_unit_test(points_on_each_other_are_drawn_once),
        cmocka_unit_test(so_many_points_stay_a_drawing_of_some_size),
        cmocka_unit_test(a_roof_climbs_and_then_is_level),
        cmocka_unit_test(files_hold_numbers_and_placeholders_alone),
        cmocka_unit_test(shares_are_marked_in_percent),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
