/* A build without charts. */
#include "bench/report/charts/chart.h"

#include "runtime/base/error.h"

static sy_status none(const sy_chart *chart, sy_error *err) {
    return sy_error_set(err, SY_UNAVAILABLE, "no chart of %zu series: this build draws none", chart->count);
}

sy_status sy_chart_throughput(const sy_chart *chart, sy_text *out_svg, sy_error *err) {
    (void)out_svg;
    return none(chart, err);
}

sy_status sy_chart_energy(const sy_chart *chart, sy_text *out_svg, sy_error *err) {
    (void)out_svg;
    return none(chart, err);
}

sy_status sy_chart_latency(const sy_chart *chart, sy_text *out_svg, sy_error *err) {
    (void)out_svg;
    return none(chart, err);
}

sy_status sy_chart_roofline(const sy_chart *chart, sy_text *out_svg, sy_error *err) {
    (void)out_svg;
    return none(chart, err);
}
