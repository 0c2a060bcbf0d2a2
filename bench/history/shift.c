/* The shift between two samples. */
#include "bench/history/shift.h"

#include <math.h>

#include "bench/stats/order.h"

sy_shift sy_shift_find(
    const double *before, size_t n_before, const double *after, size_t n_after, double *scratch) {
    if (n_before == 0 || n_after == 0)
        return (sy_shift){NAN, NAN, NAN};
    size_t m = n_before < SY_SHIFT_MOST ? n_before : SY_SHIFT_MOST;
    size_t n = n_after < SY_SHIFT_MOST ? n_after : SY_SHIFT_MOST;
    const double *from = before + (n_before - m);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            scratch[i * n + j] = after[j] - from[i];
    sy_sort_f64(scratch, m * n);
    double pairs = (double)(m * n);
    double rank = floor(pairs / 2 - 1.959964 * sqrt(pairs * (double)(m + n + 1) / 12));
    sy_shift shift = {.size = sy_quantile(scratch, m * n, 0.5), .low = -INFINITY, .high = INFINITY};
    if (rank >= 1) {
        shift.low = scratch[(size_t)rank - 1];
        shift.high = scratch[m * n - (size_t)rank];
    }
    return shift;
}
