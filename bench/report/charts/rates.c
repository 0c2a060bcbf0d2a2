/* Launches counted over time, as rates. */
#include <math.h>

#include "bench/report/charts/charts.h"

size_t sy_chart_rates(const double *t_s, const double *launch, size_t count, double work_per_launch,
    size_t bins, sy_chart_point *out_point) {
    size_t made = 0, from = 0;
    double whole_s = count > 1 ? t_s[count - 1] - t_s[0] : 0.0, low = INFINITY, high = 0.0;
    for (size_t i = 1; i < count && bins > 0 && whole_s > 0.0; i++) {
        double step_s = t_s[i] - t_s[i - 1], spent_s = t_s[i] - t_s[from];
        if (step_s > 0.0) {
            double rate = (launch[i] - launch[i - 1]) / step_s * work_per_launch;
            low = fmin(low, rate);
            high = fmax(high, rate);
        }
        /* A bin ends with the step that fills it, so a step longer than a bin is a bin of its own. */
        bool is_last = i + 1 == count;
        if (spent_s <= 0.0 || (spent_s < whole_s / (double)bins * (1.0 - 1e-9) && !is_last) || made == bins)
            continue;
        out_point[made++] = (sy_chart_point){.x = (t_s[from] + t_s[i]) / 2.0,
            .y = (launch[i] - launch[from]) / spent_s * work_per_launch,
            .low = low,
            .high = high,
            .inner_low = NAN,
            .inner_high = NAN};
        from = i;
        low = INFINITY;
        high = 0.0;
    }
    return made;
}
