/* How much largest errors differ by chance: outputs are drawn, and a largest value of few varies more than of
 * many. What the rows of a column show of it widens the limit. To accuse, it is taken from rows that became
 * better, and the other way round: a change that all rows have, however differently, is then no spread. */
#include <math.h>

#include "bench/compare/row_ratio.h"
#include "bench/stats/order.h"

/* Rows on a side from which a spread is taken; a deviation of a normal law over the median of its absolute
 * value. */
enum { ROWS_LEAST = 3 };
static const double deviation_of_median = 1.4826;

static sy_ratio *ratio_of(const sy_comparison *comparison, size_t line, size_t column) {
    return (sy_ratio *)(uintptr_t)sy_comparison_ratio(comparison, line, column, SY_QUANTITY_PRECISION);
}

/* What is judged by its errors has no reason; the math and the check are judged by themselves. */
static bool is_by_error(const sy_ratio *ratio) {
    return ratio->reason == NULL && isfinite(ratio->log_cost);
}

/* Of the rows that are not on the other side; 0: too few. sign: +1 of those with larger errors, -1 of the
 * others. */
static double spread_of(const sy_comparison *comparison, size_t column, double sign, double *scratch) {
    size_t count = 0;
    for (size_t line = 0; line < comparison->join->lines; line++) {
        const sy_ratio *ratio = ratio_of(comparison, line, column);
        if (is_by_error(ratio) && sign * ratio->log_cost >= 0.0)
            scratch[count++] = fabs(ratio->log_cost);
    }
    if (count < ROWS_LEAST)
        return 0.0;
    sy_sort_f64(scratch, count);
    return deviation_of_median * sy_quantile(scratch, count, 0.5);
}

void sy_precision_widen(const sy_comparison *comparison, size_t column, double *scratch) {
    double better = spread_of(comparison, column, -1.0, scratch);
    double worse = spread_of(comparison, column, 1.0, scratch);
    for (size_t line = 0; line < comparison->join->lines; line++) {
        sy_ratio *ratio = ratio_of(comparison, line, column);
        if (!is_by_error(ratio))
            continue;
        ratio->typical_error = better;
        ratio->verdict = sy_precision_judge(ratio->log_cost, ratio->log_cost > 0.0 ? better : worse);
    }
}
