/* Made-up charts. */
#include "figures.h"

#include <math.h>

static const char *const workloads[] = {"ernie-4.5-0.3b prefill t512 bf16", "ernie-4.5-0.3b decode t8 bf16",
    "resnet50 f16",
    "qwen3-8b prefill t2048 bf16 with a name that goes on and on and does not end soon enough",
    "大语言模型 解码 bf16"};
static const sy_chart_point nothing = SY_CHART_POINT_INIT;

static sy_chart_point at_label(const char *label, double y, double share) {
    sy_chart_point point = nothing;
    point.label = label;
    point.y = y;
    point.low = y * (1.0 - share);
    point.high = y * (1.0 + share);
    return point;
}

static void by_label(sy_figure *figure, double first, double ratio) {
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 5; j++)
            figure->point[i][j] = at_label(workloads[j],
                first * pow(ratio, (double)(j % 3)) * (i == 0 ? 1.0 : 1.7), 0.02 + 0.05 * (double)j);
        figure->series[i].count = 5;
    }
}

static void latency(sy_figure *figure) {
    by_label(figure, 1e-3, 0.2);
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 5; j++) {
            sy_chart_point *point = &figure->point[i][j];
            point->high = point->y * (1.3 + 0.3 * (double)j);
            point->inner_low = point->y * 0.96;
            point->inner_high = point->y * 1.1;
        }
    figure->chart.y_name = "s";
}

static void efficiency(sy_figure *figure) {
    by_label(figure, 0.75, 0.6);
    for (size_t j = 0; j < 5; j++) {
        figure->point[1][j] = at_label(workloads[j], 0.4 * figure->point[0][j].y, 0.02);
        figure->point[1][j].note = "rated: press release";
    }
    figure->series[0].name = "Card A, of the measured ceiling";
    figure->series[1].name = "Card A, of the data sheet";
    figure->series[1].is_hollow = true;
    figure->series[1].colour = 0;
    figure->chart.y_name = "of what it is compared with";
}

static void roofline(sy_figure *figure) {
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 400; j++) {
            double x = pow(10.0, -1.0 + 4.0 * (double)((j * 37) % 400) / 400.0);
            double roof = fmin(i == 0 ? 3e14 : 9e13, x * (i == 0 ? 1.5e12 : 8e11));
            figure->point[i][j] = nothing;
            figure->point[i][j].x = x;
            figure->point[i][j].y = roof * (0.35 + 0.6 * (double)((j * 53) % 100) / 100.0);
        }
        figure->series[i].count = 400;
    }
    figure->ceiling[0] = (sy_chart_ceiling){"bf16 gemm 8192, best of 5; copy 1 GiB", 0, 3e14, 1.5e12};
    figure->ceiling[1] = (sy_chart_ceiling){"bf16 gemm 4096, best of 5; copy 1 GiB", 1, 9e13, 8e11};
    figure->ceiling[2] = (sy_chart_ceiling){"f32 gemm 4096, best of 5", 1, 7.5e13, NAN};
    figure->chart.ceiling_count = 3;
    figure->chart.x_name = "arithmetic intensity, FLOP a byte";
}

static void sustained(sy_figure *figure) {
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 120; j++) {
            double y = (i == 0 ? 2e14 : 8e13) * (1.0 - 0.15 * (1.0 - exp(-(double)j / 20.0)));
            y *= 1.0 + 0.01 * sin((double)j);
            figure->point[i][j] = at_label(NULL, y, 0.03);
            figure->point[i][j].x = (double)j * 2.5;
        }
        figure->series[i].count = 120;
        figure->ceiling[i] =
            (sy_chart_ceiling){i == 0 ? "Card A, burst" : "Card B, burst", i, i == 0 ? 2e14 : 8e13, NAN};
    }
    figure->chart.ceiling_count = 2;
    figure->chart.x_name = "time since the load began, s";
}

void figure_make(sy_chart_kind kind, sy_figure *out_figure) {
    *out_figure = (sy_figure){.chart = {.id = "fig1",
                                  .title = "A figure",
                                  .alternative = "What it shows.",
                                  .x_name = "x",
                                  .y_name = "FLOP/s",
                                  .mark = "SIMULATED",
                                  .series = out_figure->series,
                                  .series_count = 2,
                                  .ceiling = out_figure->ceiling}};
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = {"Card A (4 x)", "Card B", "Card C"};
        out_figure->series[i] =
            (sy_chart_series){.name = names[i], .point = out_figure->point[i], .colour = (unsigned)i};
    }
    switch (kind) {
    case SY_CHART_LATENCY: latency(out_figure); break;
    case SY_CHART_EFFICIENCY: efficiency(out_figure); break;
    case SY_CHART_ROOFLINE: roofline(out_figure); break;
    case SY_CHART_SUSTAINED: sustained(out_figure); break;
    case SY_CHART_ENERGY: by_label(out_figure, 2e9, 1.6); break;
    default: by_label(out_figure, 3e12, 9.0);
    }
}
