/* All lines of a join: common variances first, then every ratio, then the correction over all rows. */
#include "bench/compare/comparison.h"

#include <math.h>
#include <stdio.h>

#include "bench/compare/noise.h"
#include "bench/compare/row_ratio.h"
#include "runtime/base/error.h"

static const double default_delta = 0.02;

typedef struct comparing {
    const sy_join *join;
    sy_comparison_options options;
    sy_arena *arena;
    sy_device_priors *priors;
    size_t devices;
    sy_comparison *out;
} comparing;

static const char *device_of(const sy_group *group) {
    return group->shown->device_name;
}

static size_t find_device(const comparing *state, const char *device_name) {
    size_t at = 0;
    while (at < state->devices && state->priors[at].device_name != device_name)
        at++;
    return at;
}

static const sy_group *cell_of(const comparing *state, size_t at) {
    return state->join->line[at / state->join->columns].cell[at % state->join->columns];
}

/* The devices there are, in room for as many as there are columns and names; false without memory. */
static bool list_devices(comparing *state) {
    size_t cells = state->join->lines * state->join->columns, room = 0;
    for (size_t i = 0; i < cells; i++) {
        const sy_group *group = cell_of(state, i);
        if (group == NULL || find_device(state, device_of(group)) < state->devices)
            continue;
        if (state->devices == room) {
            room = room > 0 ? 2 * room : 8;
            sy_device_priors *larger = sy_arena_array(state->arena, room, sizeof *larger);
            if (larger == NULL)
                return false;
            for (size_t d = 0; d < state->devices; d++)
                larger[d] = state->priors[d];
            state->priors = larger;
        }
        state->priors[state->devices++].device_name = device_of(group);
    }
    return true;
}

/* Variances of all stable rows of one device at one level. */
static void estimate_prior(comparing *state, sy_device_priors *device, int level, sy_variance *scratch) {
    size_t cells = state->join->lines * state->join->columns, count = 0;
    for (size_t i = 0; i < cells; i++) {
        sy_units units;
        const sy_group *group = cell_of(state, i);
        if (group == NULL || group->status != SY_ROW_OK || device_of(group) != device->device_name)
            continue;
        sy_units_of(group, &units);
        scratch[count++] = units.level[level].one;
    }
    device->level[level] = sy_prior_of(scratch, count);
}

static bool estimate_priors(comparing *state) {
    sy_variance *scratch =
        sy_arena_array(state->arena, state->join->lines * state->join->columns, sizeof *scratch);
    if (scratch == NULL || !list_devices(state))
        return false;
    for (size_t d = 0; d < state->devices; d++)
        for (int level = 0; level < SY_LEVEL_COUNT; level++)
            estimate_prior(state, &state->priors[d], level, scratch);
    return true;
}

static double between_of(const comparing *state, const sy_group *base) {
    double run = sy_noise_of(state->options.noise, base->shown->key, base->shown->subject).run;
    return isfinite(run) ? run * run : 0.0;
}

static void compare_cell(comparing *state, size_t line, size_t column, sy_ratio *out) {
    sy_row_pair pair = {.base = state->join->line[line].cell[0],
        .other = state->join->line[line].cell[column],
        .options = &state->options,
        .arena = state->arena};
    for (size_t q = 0; q < SY_QUANTITY_COUNT; q++)
        sy_ratio_init(&out[q]);
    const char *reason = sy_row_no_ratio(&pair);
    for (size_t q = 0; q < SY_QUANTITY_COUNT && reason != NULL; q++)
        out[q].reason = reason;
    if (reason != NULL)
        return;
    pair.base_priors = &state->priors[find_device(state, device_of(pair.base))];
    pair.other_priors = &state->priors[find_device(state, device_of(pair.other))];
    pair.is_same_host = pair.base->shown->host == pair.other->shown->host;
    pair.between = between_of(state, pair.base);
    if (state->join->is_paired)
        sy_row_paired_ratio(&pair, &out[SY_QUANTITY_TIME]);
    else
        sy_row_time_ratio(&pair, &out[SY_QUANTITY_TIME]);
    sy_row_throughput_ratio(&out[SY_QUANTITY_TIME], &out[SY_QUANTITY_THROUGHPUT]);
    sy_row_energy_ratio(&pair, &out[SY_QUANTITY_ENERGY]);
    sy_row_precision_ratio(&pair, &out[SY_QUANTITY_PRECISION]);
}

static sy_ratio *ratio_at(const comparing *state, size_t line, size_t column, size_t quantity) {
    size_t cell = line * (state->join->columns - 1) + column - 1;
    return &state->out->ratio[cell * SY_QUANTITY_COUNT + quantity];
}

/* With many rows some differ by chance: those that the correction does not confirm are not called. */
static void confirm(sy_ratio *ratio) {
    bool is_called = ratio->verdict == SY_VERDICT_FASTER || ratio->verdict == SY_VERDICT_SLOWER;
    if (!is_called || !(ratio->q > SY_FALSE_DISCOVERY))
        return;
    ratio->verdict = SY_VERDICT_INCONCLUSIVE;
    ratio->more_rounds = SIZE_MAX;
    if (ratio->reason == NULL)
        ratio->reason = "no longer certain when all rows are looked at together";
}

static bool correct(comparing *state) {
    size_t lines = state->join->lines;
    double *p = sy_arena_array(state->arena, lines, sizeof *p);
    double *q = sy_arena_array(state->arena, lines, sizeof *q);
    sy_ranked_p *scratch = sy_arena_array(state->arena, lines, sizeof *scratch);
    if (p == NULL || q == NULL || scratch == NULL)
        return false;
    for (size_t column = 1; column < state->join->columns; column++) {
        sy_precision_widen(state->out, column, p);
        for (size_t quantity = 0; quantity < SY_QUANTITY_COUNT; quantity++) {
            for (size_t line = 0; line < lines; line++)
                p[line] = ratio_at(state, line, column, quantity)->p;
            sy_false_discovery(p, lines, scratch, q);
            for (size_t line = 0; line < lines; line++) {
                ratio_at(state, line, column, quantity)->q = q[line];
                confirm(ratio_at(state, line, column, quantity));
            }
        }
    }
    return true;
}

sy_status sy_comparison_make(const sy_join *join, const sy_comparison_options *options, sy_arena *arena,
    sy_comparison *out, sy_error *err) {
    comparing state = {.join = join, .options = *options, .arena = arena, .out = out};
    *out = (sy_comparison){.join = join};
    if (!(options->delta >= 0.0 && options->delta < 1.0))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "compare: delta is %g, must be a fraction of at least 0 and below 1", options->delta);
    if (options->delta == 0.0)
        state.options.delta = default_delta;
    out->delta = state.options.delta;
    size_t cells = join->lines * (join->columns - 1);
    out->ratio = sy_arena_array(arena, cells, SY_QUANTITY_COUNT * sizeof *out->ratio);
    if (out->ratio == NULL || !estimate_priors(&state))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory for %zu ratios", cells);
    for (size_t line = 0; line < join->lines; line++)
        for (size_t column = 1; column < join->columns; column++)
            compare_cell(&state, line, column, ratio_at(&state, line, column, 0));
    return sy_runs_widen(out, arena) && correct(&state)
               ? SY_OK
               : sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory for %zu ratios", cells);
}

const sy_ratio *sy_comparison_ratio(
    const sy_comparison *comparison, size_t line, size_t column, int quantity) {
    size_t cell = line * (comparison->join->columns - 1) + column - 1;
    return &comparison->ratio[cell * SY_QUANTITY_COUNT + (size_t)quantity];
}

void sy_ratio_basis(const sy_ratio *ratio, char *out_text, size_t capacity) {
    size_t runs = ratio->base_runs < ratio->runs ? ratio->base_runs : ratio->runs;
    size_t cards = ratio->base_cards < ratio->cards ? ratio->base_cards : ratio->cards;
    snprintf(out_text, capacity, "%zu run%s, %zu card%s", runs, runs == 1 ? "" : "s", cards,
        cards == 1 ? "" : "s");
}
