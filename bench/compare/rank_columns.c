/* Columns in the order of their speed on the rows that all of them have. */
#include <math.h>
#include <stdlib.h>

#include "bench/compare/mean_sum.h"
#include "bench/compare/means.h"
#include "runtime/base/error.h"

/* A column with the mean of its logs. */
typedef struct runner {
    sy_rank rank;
    sy_mean_sum sum;
    sy_mean_log mean;
} runner;

static bool has_time(const sy_group *group) {
    return group != NULL && group->runs > 0;
}

static bool is_common(const sy_comparison *comparison, size_t line) {
    for (size_t column = 1; column < comparison->join->columns; column++)
        if (!sy_mean_takes(sy_comparison_ratio(comparison, line, column, SY_QUANTITY_TIME)))
            return false;
    return true;
}

static void add_line(const sy_comparison *comparison, size_t line, runner *runners) {
    const sy_join *join = comparison->join;
    bool is_in_all = is_common(comparison, line), is_in_any = false;
    for (size_t column = 0; column < join->columns; column++) {
        bool is_there = has_time(join->line[line].cell[column]);
        is_in_any = is_in_any || is_there;
        runners[column].rank.rows += is_there;
        runners[column].rank.common += is_in_all;
        if (is_in_all && column > 0)
            sy_mean_add(
                &runners[column].sum, sy_comparison_ratio(comparison, line, column, SY_QUANTITY_TIME));
    }
    for (size_t column = 0; column < join->columns; column++)
        runners[column].rank.of += is_in_any;
}

static void finish(runner *each) {
    each->mean = sy_mean_of(&each->sum);
    if (each->rank.column == 0 && each->rank.common > 0)
        each->mean = (sy_mean_log){.log_cost = 0.0, .error = 0.0, .freedom = INFINITY};
    double half =
        isnan(each->mean.error) ? NAN : sy_ratio_quantile(0.975, each->mean.freedom) * each->mean.error;
    each->rank.speed = exp(-each->mean.log_cost);
    each->rank.low = exp(-each->mean.log_cost - half);
    each->rank.high = exp(-each->mean.log_cost + half);
}

static int compare_runners(const void *left, const void *right) {
    const runner *a = left, *b = right;
    if (a->rank.speed != b->rank.speed && !isnan(a->rank.speed) && !isnan(b->rank.speed))
        return a->rank.speed > b->rank.speed ? -1 : 1;
    return a->rank.column < b->rank.column ? -1 : 1;
}

static bool is_tied(const runner *before, const runner *each) {
    double error = hypot(before->mean.error, each->mean.error);
    double freedom = fmin(before->mean.freedom, each->mean.freedom);
    double apart = each->mean.log_cost - before->mean.log_cost;
    if (isnan(error) || isnan(apart))
        return true;
    return !(apart > sy_ratio_quantile(0.975, freedom) * error);
}

sy_status sy_rank_columns(
    const sy_comparison *comparison, sy_arena *arena, const sy_rank **out_ranks, sy_error *err) {
    size_t columns = comparison->join->columns;
    runner *runners = sy_arena_array(arena, columns, sizeof *runners);
    sy_rank *ranks = sy_arena_array(arena, columns, sizeof *ranks);
    *out_ranks = ranks;
    if (runners == NULL || ranks == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "ranking: no memory for %zu columns", columns);
    for (size_t line = 0; line < comparison->join->lines; line++)
        add_line(comparison, line, runners);
    for (size_t column = 0; column < columns; column++) {
        runners[column].rank.column = column;
        finish(&runners[column]);
    }
    qsort(runners, columns, sizeof *runners, compare_runners);
    for (size_t i = 0; i < columns; i++) {
        ranks[i] = runners[i].rank;
        ranks[i].is_tied = i > 0 && is_tied(&runners[i - 1], &runners[i]);
    }
    return SY_OK;
}
