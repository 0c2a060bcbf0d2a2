/* The matrix work of one pass of a model, added up from its rows. */
#ifndef STEELYARD_BENCH_TOTALS_TOTALS_H
#define STEELYARD_BENCH_TOTALS_TOTALS_H

#include "bench/record/load.h"

/**
 * What is added up.
 *
 * rows    in any order; only those with a name, a count and a model take part.
 * names   of every problem of the suites as loaded, before any filter: a total lacks those that were not
 *         asked for too. NULL: the rows are all there is.
 */
typedef struct sy_totals_request {
    const sy_row *rows;
    size_t n_rows;
    const char *const *names;
    size_t n_names;
} sy_totals_request;

/**
 * One total for every device, algorithm asked for, data, cache mode, model, phase and token count, in the
 * order of the rows. A layer measured in several types gives as many totals; rows of one layer and type
 * (repeated processes, several runs) are taken together: mean of the medians, hull of the intervals.
 *
 * A group makes a total if it counts tokens, or if it has convolutions, all with the same n, and its products
 * have a phase (a network; a collection of unrelated shapes is not a model).
 *
 * Interval   sum over count x row's interval: as if all rows erred the same way at once. The rows share the
 *            clock, the temperature and the rounds, so that adding in quadrature would promise too much; the
 *            standard deviation of a sum is never above the sum of standard deviations.
 * Owns       everything in *out_totals lives in `arena` or belongs to the rows and names.
 * Errors     SY_OUT_OF_MEMORY.
 */
sy_status sy_totals_compute(
    const sy_totals_request *request, sy_arena *arena, sy_total_list *out_totals, sy_error *err);

#endif
