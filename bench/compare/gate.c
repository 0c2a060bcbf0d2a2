/* The end of a gate: reasons gathered, put in order, and turned into a status. */
#include "bench/compare/gate.h"

#include <math.h>
#include <string.h>

#include "bench/compare/judging.h"
#include "bench/compare/say.h"
#include "runtime/base/error.h"

static void add(sy_judging *state, sy_gate_reason reason) {
    if (state->out->reasons == state->reason_room) {
        size_t room = state->reason_room > 0 ? 2 * state->reason_room : 32;
        sy_gate_reason *larger = sy_arena_array(state->arena, room, sizeof *larger);
        state->failed = state->failed || larger == NULL;
        if (larger == NULL)
            return;
        if (state->out->reasons > 0)
            memcpy(larger, state->reason, state->out->reasons * sizeof *larger);
        state->reason = larger;
        state->reason_room = room;
    }
    state->reason[state->out->reasons++] = reason;
}

void sy_judging_add(sy_judging *state, int kind, const char *text) {
    add(state, (sy_gate_reason){.text = text, .kind = kind});
}

void sy_judging_add_row(sy_judging *state, int kind, const sy_gated_row *row, const char *what) {
    const char *text = sy_say(state->arena, "%s: %s", sy_judging_name(state, row->line), what);
    add(state, (sy_gate_reason){.text = text, .what = what, .kind = kind, .row = row});
}

int sy_judging_kind(const sy_judging *state, unsigned fail_on) {
    return (state->options->fail_on & fail_on) != 0 ? SY_REASON_FAILURE : SY_REASON_NOTE;
}

double sy_judging_log(int quantity, double threshold) {
    return quantity == SY_QUANTITY_THROUGHPUT ? -log1p(-fmin(threshold, 0.999)) : log1p(threshold);
}

static bool is_all_allowed(const sy_judging *state) {
    return state->options->allow_inconclusive >= 1.0;
}

static const char *list_fields(sy_judging *state, const sy_conditions *conditions) {
    const char *list = NULL;
    for (size_t i = 0; i < conditions->count; i++) {
        const sy_condition *each = &conditions->item[i];
        if (each->kind != SY_CONDITION_INCONCLUSIVE)
            continue;
        const char *one = sy_say(state->arena, "%s %s -> %s", each->field, each->base, each->other);
        list = list == NULL ? one : sy_say(state->arena, "%s, %s", list, one);
    }
    return list;
}

static void judge_conditions(sy_judging *state) {
    for (size_t c = 0; state->conditions != NULL && c + 1 < state->comparison->join->columns; c++) {
        const sy_conditions *conditions = &state->conditions[c];
        if (conditions->statement != NULL)
            sy_judging_add(state, SY_REASON_NOTE, conditions->statement);
        if (conditions->inconclusive > 0)
            sy_judging_add(state, is_all_allowed(state) ? SY_REASON_NOTE : SY_REASON_UNDECIDED,
                sy_say(state->arena, "conditions differ: %s", list_fields(state, conditions)));
    }
}

static bool has_failed_mean(const sy_judging *state, int quantity) {
    for (size_t i = 0; i < state->out->means; i++)
        if (state->out->mean[i].mean.quantity == quantity && state->out->mean[i].is_failed)
            return true;
    return false;
}

/* A mean that failed is a decision even where no single row is certain. */
static void judge_idle(sy_judging *state) {
    for (int quantity = 0; quantity < (int)SY_QUANTITY_COUNT; quantity++) {
        bool is_failed = sy_judging_kind(state, SY_FAIL_REGRESSION) == SY_REASON_FAILURE &&
                         has_failed_mean(state, quantity);
        if (!state->is_idle[quantity] || is_failed)
            continue;
        state->is_stuck = true;
        sy_judging_add(state, SY_REASON_UNDECIDED,
            sy_say(state->arena, "nothing was decided in %s", sy_quantity_name(quantity)));
    }
}

static void judge_share(sy_judging *state) {
    const sy_gate *gate = state->out;
    double allowed = state->options->allow_inconclusive * (double)gate->gated;
    bool is_too_many = (double)gate->undecided > allowed + 1e-9 && !is_all_allowed(state);
    state->out->is_share_kept = !is_too_many;
    if (gate->undecided == 0)
        return;
    sy_judging_add(state, is_too_many ? SY_REASON_UNDECIDED : SY_REASON_NOTE,
        sy_say(state->arena, "%zu of %zu gated rows are undecided, allowed are %.3g %%", gate->undecided,
            gate->gated, 100.0 * state->options->allow_inconclusive));
}

static void add_notes(sy_judging *state) {
    const sy_gate *gate = state->out;
    size_t unknown = 0;
    for (size_t i = 0; i < gate->rows; i++)
        unknown += !state->row[i].is_noise_known && state->row[i].outcome < SY_GATED_LOST;
    if (gate->coarse > 0)
        sy_judging_add(state, SY_REASON_NOTE,
            sy_say(state->arena,
                "%zu of %zu gated rows are coarse: noise puts their threshold above what was asked",
                gate->coarse, gate->gated));
    if (unknown > 0)
        sy_judging_add(state, SY_REASON_NOTE,
            sy_say(state->arena,
                "noise is not known for %zu of %zu gated rows: their threshold is at least %.3g %%", unknown,
                gate->gated, 100.0 * SY_GATE_UNKNOWN_NOISE));
}

/* Failures first, then what is undecided, then notes; each in the order in which it was found. */
static bool order_reasons(sy_judging *state, size_t counts[3]) {
    sy_gate_reason *ordered = sy_arena_array(state->arena, state->out->reasons, sizeof *ordered);
    size_t used = 0;
    if (ordered == NULL)
        return false;
    for (int kind = SY_REASON_FAILURE; kind <= SY_REASON_NOTE; kind++)
        for (size_t i = 0; i < state->out->reasons; i++)
            if (state->reason[i].kind == kind) {
                ordered[used++] = state->reason[i];
                counts[kind]++;
            }
    state->out->reason = ordered;
    return true;
}

static int status_of(const sy_judging *state, const size_t counts[3]) {
    if (state->is_stuck)
        return SY_GATE_UNDECIDED;
    if (counts[SY_REASON_FAILURE] > 0)
        return SY_GATE_FAILED;
    if (counts[SY_REASON_UNDECIDED] == 0)
        return SY_GATE_PASSED;
    return (state->options->fail_on & SY_FAIL_INCONCLUSIVE) != 0 ? SY_GATE_FAILED : SY_GATE_UNDECIDED;
}

static sy_status judge(sy_judging *state, sy_error *err) {
    size_t counts[3] = {0};
    sy_judging_rows(state);
    sy_status status = sy_judging_means(state, err);
    if (status != SY_OK)
        return status;
    judge_idle(state);
    judge_share(state);
    judge_conditions(state);
    add_notes(state);
    sy_judging_extension(state);
    state->out->row = state->row;
    if (state->failed || !order_reasons(state, counts))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "gate: no memory for its reasons");
    state->out->status = status_of(state, counts);
    return SY_OK;
}

sy_status sy_gate_judge(const sy_comparison *comparison, const sy_conditions *conditions,
    const sy_gate_options *options, sy_arena *arena, sy_gate *out_gate, sy_error *err) {
    sy_judging state = {.comparison = comparison,
        .conditions = conditions,
        .options = options,
        .arena = arena,
        .out = out_gate};
    size_t gated = 0;
    *out_gate = (sy_gate){.extension = options->extension,
        .extension_failure = options->extension_failure,
        .fail_on = options->fail_on,
        .is_all_allowed = options->allow_inconclusive >= 1.0};
    for (size_t i = 0; i < SY_QUANTITY_COUNT; i++)
        gated += isnan(options->threshold[i]) ? 0 : 1;
    if (gated == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "gate: nothing to gate; ask for one, as time:5%%");
    const char *regex = options->allow_missing;
    if (regex != NULL && regcomp(&state.allowed, regex, REG_EXTENDED | REG_NOSUB) != 0)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "--allow-missing: \"%s\" is no regular expression", regex);
    size_t cells = comparison->join->lines * (comparison->join->columns - 1);
    state.row = sy_arena_array(arena, cells, gated * sizeof *state.row);
    sy_status status = state.row != NULL
                           ? judge(&state, err)
                           : sy_error_set(err, SY_OUT_OF_MEMORY, "gate: no memory for %zu rows", cells);
    if (regex != NULL)
        regfree(&state.allowed);
    return status;
}
