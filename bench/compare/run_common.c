/* What a whole run has in common: its temperature, its clock, its neighbours. Rows of one run share it, so
 * that it does not average out over rows; with several runs a side it shows, as what the run's rows have in
 * common. */
#include <math.h>

#include "bench/compare/row_ratio.h"

/* Lines from which something in common can be told from what each has alone. */
enum { LINES_LEAST = 5 };

/* Sums over lines of a run's deviation from its line's mean. */
typedef struct run_sum {
    double apart;
    size_t lines;
} run_sum;

typedef struct gathering {
    const sy_comparison *comparison;
    size_t column, runs;
    run_sum *sum;  /* of each run */
    double *mean;  /* of the runs of one line, in logs */
    uint32_t *run; /* which they are */
} gathering;

static const sy_ratio *time_of(const gathering *state, size_t line) {
    return sy_comparison_ratio(state->comparison, line, state->column, SY_QUANTITY_TIME);
}

static double log_of(const sy_entry *entry) {
    double sum = 0.0;
    for (uint32_t i = 0; i < entry->rounds; i++)
        sum += log(entry->round_ns[i]);
    return sum / entry->rounds;
}

/* Means of a group's runs into state->mean; how many. Entries of one run follow each other. */
static size_t split_runs(gathering *state, const sy_group *group) {
    size_t count = 0, entries = 0;
    for (size_t i = 0; i < group->count; i++) {
        const sy_entry *entry = group->entry[i];
        if (!entry->has_time)
            continue;
        if (count == 0 || state->run[count - 1] != entry->run) {
            state->run[count] = entry->run;
            state->mean[count++] = 0.0;
            entries = 0;
        }
        entries++;
        state->mean[count - 1] += (log_of(entry) - state->mean[count - 1]) / (double)entries;
    }
    return count;
}

static void add_line(gathering *state, const sy_group *group) {
    size_t count = split_runs(state, group);
    double mean = 0.0;
    for (size_t i = 0; i < count; i++)
        mean += state->mean[i] / (double)count;
    for (size_t i = 0; count > 1 && i < count; i++) {
        state->sum[state->run[i]].apart += state->mean[i] - mean;
        state->sum[state->run[i]].lines++;
    }
}

/* Variance of the mean over the runs of one side, with its freedom; freedom 0: it does not show. */
static sy_variance find_common(gathering *state, size_t side) {
    const sy_join *join = state->comparison->join;
    size_t lines = 0, runs = 0;
    double squares = 0.0;
    for (size_t run = 0; run < state->runs; run++)
        state->sum[run] = (run_sum){0};
    for (size_t line = 0; line < join->lines; line++)
        if (time_of(state, line)->spread == SY_SPREAD_RUNS) {
            add_line(state, join->line[line].cell[side]);
            lines++;
        }
    for (size_t run = 0; run < state->runs; run++)
        if (state->sum[run].lines > 0) {
            double apart = state->sum[run].apart / (double)state->sum[run].lines;
            squares += apart * apart;
            runs++;
        }
    if (lines < LINES_LEAST || runs < 2)
        return (sy_variance){0};
    return (sy_variance){.value = squares / (double)(runs - 1) / (double)runs, .freedom = (double)(runs - 1)};
}

static void set_common(gathering *state, sy_variance base, sy_variance other) {
    double variance = base.value + other.value;
    double parts = base.value * base.value / base.freedom + other.value * other.value / other.freedom;
    for (size_t line = 0; line < state->comparison->join->lines; line++)
        for (int quantity = SY_QUANTITY_TIME; quantity <= SY_QUANTITY_THROUGHPUT; quantity++) {
            sy_ratio *ratio =
                (sy_ratio *)(uintptr_t)sy_comparison_ratio(state->comparison, line, state->column, quantity);
            if (ratio->spread != SY_SPREAD_RUNS)
                continue;
            ratio->common_error = sqrt(variance);
            ratio->common_freedom = parts > 0.0 ? variance * variance / parts : INFINITY;
        }
}

static size_t count_runs(const sy_join *join) {
    size_t runs = 0;
    for (size_t i = 0; i < join->lines * join->columns; i++) {
        const sy_group *group = join->line[i / join->columns].cell[i % join->columns];
        for (size_t e = 0; group != NULL && e < group->count; e++)
            runs = group->entry[e]->run >= runs ? (size_t)group->entry[e]->run + 1 : runs;
    }
    return runs;
}

bool sy_runs_widen(const sy_comparison *comparison, sy_arena *arena) {
    gathering state = {.comparison = comparison, .runs = count_runs(comparison->join)};
    if (comparison->join->is_paired)
        return true;
    state.sum = sy_arena_array(arena, state.runs + 1, sizeof *state.sum);
    state.mean = sy_arena_array(arena, state.runs + 1, sizeof *state.mean);
    state.run = sy_arena_array(arena, state.runs + 1, sizeof *state.run);
    if (state.sum == NULL || state.mean == NULL || state.run == NULL)
        return false;
    for (state.column = 1; state.column < comparison->join->columns; state.column++) {
        sy_variance base = find_common(&state, 0), other = find_common(&state, state.column);
        if (base.freedom > 0.0 && other.freedom > 0.0)
            set_common(&state, base, other);
    }
    return true;
}
