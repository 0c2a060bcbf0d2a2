/* Every row of a gate. */
#include <math.h>

#include "bench/compare/judging.h"
#include "bench/compare/row_ratio.h"
#include "bench/compare/say.h"

static const sy_group *base_of(const sy_judging *state, size_t line) {
    return state->comparison->join->line[line].cell[0];
}

static bool has_result(const sy_group *group) {
    return group != NULL && group->runs > 0;
}

static bool may_be_missing(const sy_judging *state, const sy_entry *entry) {
    if (state->options->allow_missing == NULL)
        return false;
    if (regexec(&state->allowed, entry->problem, 0, NULL, 0) == 0)
        return true;
    for (size_t i = 0; i < entry->place.count; i++)
        if (entry->place.item[i].name != NULL &&
            regexec(&state->allowed, entry->place.item[i].name, 0, NULL, 0) == 0)
            return true;
    return false;
}

const char *sy_judging_name(const sy_judging *state, size_t line) {
    const sy_entry *shown = base_of(state, line)->shown;
    const char *name = shown->place.count > 0 ? shown->place.item[0].name : NULL;
    const char *device = shown->device != NULL ? shown->device : "?";
    return sy_say(state->arena, "%s on %s", name != NULL ? name : shown->problem, device);
}

static const sy_ratio *ratio_of(const sy_judging *state, const sy_gated_row *row) {
    return sy_comparison_ratio(state->comparison, row->line, row->column, row->quantity);
}

/* The least threshold that a row can have. */
static double least_of(sy_judging *state, const sy_gated_row *row, double noise) {
    if (row->quantity == SY_QUANTITY_PRECISION)
        return expm1(sy_precision_limit(ratio_of(state, row)->typical_error));
    return !isnan(noise) ? 3.0 * noise : row->is_noise_known ? 0.0 : SY_GATE_UNKNOWN_NOISE;
}

static sy_gated_row *add_row(sy_judging *state, size_t line, size_t column, int quantity) {
    const sy_entry *shown = base_of(state, line)->shown;
    sy_gated_row *row = &state->row[state->out->rows++];
    double asked = state->options->threshold[quantity];
    bool is_timed = quantity == SY_QUANTITY_TIME || quantity == SY_QUANTITY_THROUGHPUT;
    double noise =
        is_timed ? sy_noise_total(sy_noise_of(state->options->noise, shown->key, shown->subject)) : NAN;
    *row = (sy_gated_row){
        .line = line, .column = column, .quantity = quantity, .before = -1, .p = NAN, .q = NAN};
    row->is_noise_known = !isnan(noise) || quantity == SY_QUANTITY_PRECISION;
    row->threshold = fmax(asked, least_of(state, row, noise));
    row->is_coarse = row->threshold > asked * (1.0 + 1e-9);
    return row;
}

static void set_outcome(sy_gated_row *row, int outcome, const char *reason) {
    row->outcome = outcome;
    row->reason = reason;
}

static void judge_precision(sy_judging *state, sy_gated_row *row, const sy_ratio *ratio) {
    bool is_within = ratio->log_cost < log1p(row->threshold) * (1.0 - 1e-9) && ratio->reason == NULL;
    if (ratio->verdict == SY_VERDICT_SLOWER && !is_within)
        set_outcome(row, SY_GATED_REGRESSED,
            ratio->reason != NULL ? ratio->reason
                                  : sy_say(state->arena, "error over bound %.3g -> %.3g, threshold %.3g %%",
                                        ratio->base, ratio->value, 100.0 * row->threshold));
    else if (ratio->verdict == SY_VERDICT_INCONCLUSIVE)
        set_outcome(row, isnan(ratio->base) && isnan(ratio->value) ? SY_GATED_SKIPPED : SY_GATED_UNDECIDED,
            ratio->reason);
}

/* What a ratio cannot be judged for; NULL: it can. Unstable rows and single rounds are inconclusive without
 * p. */
static const char *why_undecided(const sy_ratio *ratio) {
    if (ratio->verdict == SY_VERDICT_NOT_COMPARABLE || isnan(ratio->p))
        return ratio->reason != NULL ? ratio->reason : "no interval";
    return NULL;
}

/* "8.3 % worse (5.1 to 11.6)": always as a cost; and what the clocks have to do with it. */
static const char *describe(const sy_judging *state, const sy_ratio *ratio, double threshold) {
    double half = sy_ratio_quantile(0.975, ratio->freedom) * ratio->error;
    char clock[128];
    bool is_said = sy_ratio_clock_say(ratio, clock, sizeof clock);
    return sy_say(state->arena, "cost %+.2f %% (95 %%: %+.2f to %+.2f), threshold %.3g %%%s%s",
        100.0 * expm1(ratio->log_cost), 100.0 * expm1(ratio->log_cost - half),
        100.0 * expm1(ratio->log_cost + half), 100.0 * threshold, is_said ? "; " : "", clock);
}

/* After the correction: p and q are there. */
static void decide(sy_judging *state, sy_gated_row *row, const sy_ratio *ratio) {
    double limit = sy_judging_log(row->quantity, row->threshold);
    double upper = ratio->log_cost + sy_ratio_quantile(0.95, ratio->freedom) * ratio->error;
    if (ratio->log_cost > limit && row->q <= SY_GATE_DISCOVERY)
        set_outcome(row, SY_GATED_REGRESSED, describe(state, ratio, row->threshold));
    else if (!(upper <= limit))
        set_outcome(row, SY_GATED_UNDECIDED, describe(state, ratio, row->threshold));
    row->is_suspected =
        row->outcome == SY_GATED_UNDECIDED && ratio->log_cost > limit && row->p <= SY_GATE_SUSPICION;
}

/*
 * p of "no worse than half the threshold". Accusing takes more than passing: none is accused for being quiet
 * by luck (the typical error counts if it is larger), and where nothing is known of how single runs differ,
 * they are taken to differ by as much as the threshold for unknown noise allows for.
 */
static double doubt_of(const sy_gated_row *row, const sy_ratio *ratio) {
    double apart = ratio->log_cost - sy_judging_log(row->quantity, 0.5 * row->threshold);
    double variance = fmax(ratio->error * ratio->error, ratio->typical_error * ratio->typical_error);
    bool is_single = ratio->spread == SY_SPREAD_ROUNDS || ratio->spread == SY_SPREAD_PROCESSES;
    double run = SY_GATE_UNKNOWN_NOISE / 3.0;
    double assumed = is_single && !row->is_noise_known ? 2.0 * run * run : 0.0;
    if (!(variance + assumed > 0.0))
        return apart > 0.0 ? 0.0 : 1.0;
    double part = variance / (variance + assumed); /* of the variance that is estimated */
    double freedom = part > 0.0 ? ratio->freedom / (part * part) : INFINITY;
    return sy_ratio_tail(apart / sqrt(variance + assumed), freedom);
}

/* What is decided before the correction, and p where it is not. */
static void begin_row(sy_judging *state, sy_gated_row *row, const sy_ratio *ratio) {
    const char *reason = why_undecided(ratio);
    bool is_asked_in_vain = row->quantity == SY_QUANTITY_ENERGY && isnan(ratio->base);
    if (row->quantity == SY_QUANTITY_PRECISION)
        judge_precision(state, row, ratio);
    else if (is_asked_in_vain || (ratio->verdict != SY_VERDICT_NOT_COMPARABLE && !ratio->is_gateable))
        set_outcome(row, SY_GATED_SKIPPED, ratio->reason);
    else if (reason != NULL)
        set_outcome(row, SY_GATED_UNDECIDED, reason);
    else
        row->p = doubt_of(row, ratio);
}

static void correct_rows(sy_judging *state, sy_gated_row *row, size_t count) {
    double *p = sy_arena_array(state->arena, count, sizeof *p);
    double *q = sy_arena_array(state->arena, count, sizeof *q);
    sy_ranked_p *scratch = sy_arena_array(state->arena, count, sizeof *scratch);
    state->failed = state->failed || p == NULL || q == NULL || scratch == NULL;
    if (state->failed)
        return;
    for (size_t i = 0; i < count; i++)
        p[i] = row[i].p;
    sy_false_discovery(p, count, scratch, q);
    for (size_t i = 0; i < count; i++) {
        row[i].q = q[i];
        if (!isnan(row[i].p))
            decide(state, &row[i], ratio_of(state, &row[i]));
    }
}

/* Rows of one column and quantity; those without a result on one side are not here. */
static void judge_quantity(sy_judging *state, size_t column, int quantity, size_t lost) {
    const sy_join *join = state->comparison->join;
    size_t first = state->out->rows, decided = lost;
    for (size_t line = 0; line < join->lines; line++)
        if (has_result(base_of(state, line)) && has_result(join->line[line].cell[column])) {
            sy_gated_row *row = add_row(state, line, column, quantity);
            begin_row(state, row, ratio_of(state, row));
        }
    correct_rows(state, &state->row[first], state->out->rows - first);
    for (size_t i = first; i < state->out->rows; i++)
        decided += state->row[i].outcome == SY_GATED_PASS || state->row[i].outcome == SY_GATED_REGRESSED;
    state->is_idle[quantity] = state->is_idle[quantity] || decided == 0;
}

static const char *why_lost(sy_judging *state, const sy_group *other) {
    if (other == NULL)
        return "missing";
    const char *reason = other->shown->reason;
    return sy_say(state->arena, "%s%s%s", sy_row_status_name(other->status), reason != NULL ? ": " : "",
        reason != NULL ? reason : "");
}

/* Rows of one column that NEW lost; how many, and how many of BASE's rows NEW has at all. */
static size_t find_lost(sy_judging *state, size_t column, int quantity) {
    const sy_join *join = state->comparison->join;
    size_t lost = 0, base_rows = 0, joined = 0;
    for (size_t line = 0; line < join->lines; line++) {
        const sy_group *base = base_of(state, line), *other = join->line[line].cell[column];
        if (!has_result(base))
            continue;
        bool is_lost = !has_result(other), is_allowed = is_lost && may_be_missing(state, base->shown);
        base_rows += !is_allowed;
        joined += other != NULL && !is_allowed;
        if (!is_lost)
            continue;
        sy_gated_row *row = add_row(state, line, column, quantity);
        row->is_coarse = false;
        set_outcome(row, is_allowed ? SY_GATED_SKIPPED : SY_GATED_LOST, why_lost(state, other));
        lost += !is_allowed;
    }
    state->out->base_rows += base_rows;
    state->out->joined += joined;
    if ((double)joined < SY_GATE_LEAST_JOINED * (double)base_rows || base_rows == 0) {
        state->is_stuck = true;
        sy_judging_add(state, SY_REASON_UNDECIDED,
            sy_say(state->arena, "%zu of %zu rows of BASE joined, at least %.0f %% are needed", joined,
                base_rows, 100.0 * SY_GATE_LEAST_JOINED));
    }
    return lost;
}

static void count_rows(sy_judging *state) {
    sy_gate *gate = state->out;
    for (size_t i = 0; i < gate->rows; i++) {
        const sy_gated_row *row = &state->row[i];
        bool is_gated = row->outcome != SY_GATED_SKIPPED;
        gate->gated += is_gated;
        gate->regressed += row->outcome == SY_GATED_REGRESSED;
        gate->lost += row->outcome == SY_GATED_LOST;
        gate->undecided += row->outcome == SY_GATED_UNDECIDED;
        gate->suspected += row->is_suspected;
        gate->coarse += is_gated && row->is_coarse;
    }
    gate->decided = gate->gated - gate->undecided;
}

static void add_reasons(sy_judging *state) {
    int suspicion = state->options->allow_inconclusive >= 1.0 ? SY_REASON_NOTE : SY_REASON_UNDECIDED;
    for (size_t i = 0; i < state->out->rows; i++) {
        const sy_gated_row *row = &state->row[i];
        const char *quantity = sy_quantity_name(row->quantity);
        if (row->outcome == SY_GATED_LOST)
            sy_judging_add_row(state, sy_judging_kind(state, SY_FAIL_MISSING), row, row->reason);
        if (row->is_suspected)
            sy_judging_add_row(state, suspicion, row,
                sy_say(state->arena, "suspected, not certain: %s %s", quantity, row->reason));
        if (row->outcome == SY_GATED_REGRESSED)
            sy_judging_add_row(state, sy_judging_kind(state, SY_FAIL_REGRESSION), row,
                sy_say(state->arena, "%s %s", quantity, row->reason));
    }
}

void sy_judging_rows(sy_judging *state) {
    int first = 0;
    while (isnan(state->options->threshold[first]))
        first++;
    for (size_t column = 1; column < state->comparison->join->columns; column++) {
        size_t lost = find_lost(state, column, first);
        for (int quantity = first; quantity < (int)SY_QUANTITY_COUNT; quantity++)
            if (!isnan(state->options->threshold[quantity]))
                judge_quantity(state, column, quantity, lost);
    }
    count_rows(state);
    add_reasons(state);
}
