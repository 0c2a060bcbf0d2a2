/* Noise from repeated runs of one build, and what follows from it for a threshold. */
#include "bench/compare/noise.h"

#include <math.h>
#include <stdlib.h>

#include "bench/compare/groups.h"
#include "bench/compare/units.h"
#include "bench/stats/law.h"
#include "bench/stats/order.h"
#include "runtime/base/error.h"

static int compare_rows(const void *left, const void *right) {
    const sy_noise_row *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->subject < b->subject ? -1 : a->subject > b->subject;
}

void sy_noise_sort(sy_noise *noise) {
    if (noise->count > 0)
        qsort(noise->row, noise->count, sizeof *noise->row, compare_rows);
}

sy_noise_row sy_noise_of(const sy_noise *noise, uint64_t key, uint64_t subject) {
    const sy_noise_row wanted = {.key = key, .subject = subject};
    if (noise == NULL)
        return (sy_noise_row){.key = key, .subject = subject, .round = NAN, .run = NAN};
    const sy_noise_row *found =
        noise->count > 0 ? bsearch(&wanted, noise->row, noise->count, sizeof wanted, compare_rows) : NULL;
    return found != NULL
               ? *found
               : (sy_noise_row){.key = key, .subject = subject, .round = noise->round, .run = noise->run};
}

double sy_noise_total(sy_noise_row row) {
    return sqrt(row.round * row.round + 2.0 * row.run * row.run);
}

/* What the means of runs differ by beyond what their rounds explain. */
static sy_noise_row noise_of(const sy_group *group, const sy_units *units, const sy_prior *priors) {
    const sy_unit_level *rounds = &units->level[SY_LEVEL_ROUNDS], *runs = &units->level[SY_LEVEL_RUNS];
    double round = sy_shrink(rounds->one, priors[SY_LEVEL_ROUNDS]).value;
    double run = sy_shrink(runs->one, priors[SY_LEVEL_RUNS]).value;
    double explained = isfinite(round) ? round * rounds->factor * (double)runs->n : 0.0;
    return (sy_noise_row){.key = group->shown->key,
        .subject = group->shown->subject,
        .round = isfinite(round) ? sqrt(round) : sqrt(run),
        .run = sqrt(fmax(0.0, run - explained)),
        .runs = runs->n};
}

typedef struct measuring {
    const sy_intake *intake;
    sy_arena *arena;
    sy_placed_groups groups;
    sy_units *units;
} measuring;

static void find_priors(const measuring *state, sy_variance *scratch, sy_prior out_priors[SY_LEVEL_COUNT]) {
    for (int level = 0; level < SY_LEVEL_COUNT; level++) {
        for (size_t i = 0; i < state->groups.count; i++)
            scratch[i] = state->units[i].level[level].one;
        out_priors[level] = sy_prior_of(scratch, state->groups.count);
    }
}

static double median_of(const sy_noise *noise, bool of_runs, double *scratch) {
    for (size_t i = 0; i < noise->count; i++)
        scratch[i] = of_runs ? noise->row[i].run : noise->row[i].round;
    sy_sort_f64(scratch, noise->count);
    return sy_quantile(scratch, noise->count, 0.5);
}

static bool fill_rows(measuring *state, sy_noise *out) {
    sy_prior priors[SY_LEVEL_COUNT];
    size_t count = state->groups.count;
    sy_variance *variance = sy_arena_array(state->arena, count, sizeof *variance);
    double *scratch = sy_arena_array(state->arena, count, sizeof *scratch);
    state->units = sy_arena_array(state->arena, count, sizeof *state->units);
    out->row = sy_arena_array(state->arena, count, sizeof *out->row);
    if (variance == NULL || scratch == NULL || state->units == NULL || out->row == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        sy_units_of(&state->groups.item[i].group, &state->units[i]);
    find_priors(state, variance, priors);
    for (size_t i = 0; i < count; i++) {
        const sy_group *group = &state->groups.item[i].group;
        if (state->units[i].level[SY_LEVEL_RUNS].one.freedom > 0.0)
            out->row[out->count++] = noise_of(group, &state->units[i], priors);
    }
    sy_noise_sort(out);
    out->round = median_of(out, false, scratch);
    out->run = median_of(out, true, scratch);
    return true;
}

/* The rows of two runs as two sides; the copies share everything with the intake. */
static bool take_pair(
    const sy_intake *intake, uint32_t first, uint32_t second, sy_arena *arena, sy_intake *out) {
    *out = *intake;
    out->entry = sy_arena_array(arena, intake->count, sizeof *out->entry);
    out->run = sy_arena_array(arena, intake->runs, sizeof *out->run);
    if (out->entry == NULL || out->run == NULL)
        return false;
    out->count = 0;
    for (size_t i = 0; i < intake->count; i++)
        if (intake->entry[i].run == first || intake->entry[i].run == second)
            out->entry[out->count++] = intake->entry[i];
    for (size_t i = 0; i < intake->runs; i++) {
        out->run[i] = intake->run[i];
        out->run[i].side = i == second;
    }
    return true;
}

/* Compare two runs as if one were new, and count what is called. */
static sy_status add_pair(
    const sy_intake *intake, const uint32_t runs[2], double delta, sy_noise *out, sy_error *err) {
    sy_arena arena = {0};
    sy_intake pair;
    sy_join join;
    sy_comparison comparison;
    const sy_comparison_options options = {.delta = delta};
    sy_status status = SY_OK;
    if (!take_pair(intake, runs[0], runs[1], &arena, &pair))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "calibrate: no memory for %zu rows", intake->count);
    if (status == SY_OK)
        status = sy_join_over_time(&pair, 2, &arena, &join, err);
    if (status == SY_OK)
        status = sy_comparison_make(&join, &options, &arena, &comparison, err);
    for (size_t line = 0; status == SY_OK && line < join.lines; line++) {
        const sy_ratio *ratio = sy_comparison_ratio(&comparison, line, 1, SY_QUANTITY_TIME);
        out->rows_compared += ratio->verdict != SY_VERDICT_NOT_COMPARABLE;
        out->alarms += ratio->verdict == SY_VERDICT_FASTER || ratio->verdict == SY_VERDICT_SLOWER;
    }
    out->compared += status == SY_OK;
    sy_arena_release(&arena);
    return status;
}

static sy_status count_alarms(const sy_intake *intake, double delta, sy_noise *out, sy_error *err) {
    sy_status status = SY_OK;
    uint32_t before = UINT32_MAX;
    for (uint32_t run = 0; run < intake->runs && status == SY_OK; run++) {
        if (intake->run[run].side != 0)
            continue;
        if (before != UINT32_MAX)
            status = add_pair(intake, (const uint32_t[2]){before, run}, delta, out, err);
        before = run;
    }
    out->false_alarm_rate = out->rows_compared > 0 ? (double)out->alarms / (double)out->rows_compared : NAN;
    return status;
}

static const char *common_name(const sy_placed_groups *groups) {
    const char *name = groups->count > 0 ? groups->item[0].group.shown->device_name : NULL;
    for (size_t i = 1; i < groups->count; i++)
        if (groups->item[i].group.shown->device_name != name)
            return NULL;
    return name;
}

sy_status sy_noise_measure(
    const sy_intake *intake, double delta, sy_arena *arena, sy_noise *out_noise, sy_error *err) {
    measuring state = {.intake = intake, .arena = arena};
    *out_noise = (sy_noise){0};
    size_t *column_of = sy_arena_array(arena, intake->count, sizeof *column_of);
    if (column_of == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "calibrate: no memory for %zu rows", intake->count);
    for (size_t i = 0; i < intake->count; i++)
        column_of[i] = intake->run[intake->entry[i].run].side == 0 ? 0 : SY_NO_COLUMN;
    sy_status status = sy_groups_make(intake, column_of, false, arena, &state.groups, err);
    if (status != SY_OK)
        return status;
    if (!fill_rows(&state, out_noise))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "calibrate: no memory for %zu rows", intake->count);
    if (out_noise->count == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "calibrate: no row was measured in two runs; repeat the same run at least twice");
    out_noise->device_name = common_name(&state.groups);
    return count_alarms(intake, delta, out_noise, err);
}

size_t sy_plan_rounds(double round_noise, double run_noise, double threshold) {
    double limit = log1p(threshold), run = isfinite(run_noise) ? run_noise * run_noise : 0.0;
    double normal = 2.0 * sy_normal_quantile(0.95);
    if (!(round_noise >= 0.0) || !(threshold > 0.0) || normal * sqrt(2.0 * run) >= limit)
        return 0;
    for (size_t rounds = 2; rounds <= SY_PLAN_ROUNDS_MAX; rounds++) {
        double error = sqrt(2.0 * (round_noise * round_noise / (double)rounds + run));
        double t = sy_ratio_quantile(0.95, 2.0 * (double)(rounds - 1));
        if ((t + sy_normal_quantile(0.95)) * error <= limit)
            return rounds;
    }
    return 0;
}
