/* Successive halving over the candidates of one problem. */
#include "bench/verbs/tune_search.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/verbs/tune_choice.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Rounds of the final comparison, and visits that a candidate can have at most: 64, 32 ... 2 are five
 * halvings and the first look. */
enum { FINAL_ROUNDS = 6, HALVINGS_MAX = 6, VISITS_MAX = HALVINGS_MAX + FINAL_ROUNDS };

/* Bounds of one visit: less says nothing, more is not needed. */
static const uint64_t LEAST_VISIT_NS = UINT64_C(20000000), MOST_VISIT_NS = UINT64_C(1000000000);

/* How long the device is brought to load before the first visit. */
static const uint64_t LOAD_NS = UINT64_C(100000000);

/* A search in progress. `order`: those still in it, `alive` of them. best_ns: of the visits so far.
 */
typedef struct search {
    sy_visit_shared shared;
    sy_config config; /* a copy whose check is set visit by visit */
    sy_target *target;
    const sy_tune_field *field;
    sy_work_row *work;
    sy_row_state *state;
    size_t order[SY_TUNE_CANDIDATES_MAX], alive;
    double best_ns[SY_TUNE_CANDIDATES_MAX];
    double final_ns[SY_TUNE_CANDIDATES_MAX][FINAL_ROUNDS];
    bool is_loaded;
    sy_tune_result *result;
} search;

sy_status sy_tune_ask(sy_target *target, const sy_work_row *work, sy_tune_field *out_field, sy_error *err) {
    json_t *reply = NULL;
    *out_field = (sy_tune_field){0};
    if (target->worker == NULL)
        return sy_error_set(err, SY_UNAVAILABLE, "%s", target->reason);
    sy_status status =
        sy_worker_call(target->worker, json_pack("{s:s,s:s}", "call", "candidates", "problem", work->problem),
            SY_TARGET_OPEN_LIMIT_MS, &reply, err);
    const json_t *list = json_object_get(reply, "candidates");
    bool has_own_choice = false;
    for (size_t i = 0; status == SY_OK && i < json_array_size(list); i++) {
        const json_t *candidate = json_array_get(list, i);
        if (!sy_protocol_bool(candidate, "tunable", false) || out_field->count == SY_TUNE_CANDIDATES_MAX)
            continue;
        has_own_choice = has_own_choice || !sy_protocol_bool(candidate, "on_request", false);
        if (has_own_choice) /* variants come behind: before an ordinary one there is nothing to vary */
            snprintf(out_field->name[out_field->count++], sizeof out_field->name[0], "%s",
                sy_protocol_text(candidate, "name", ""));
    }
    json_decref(reply);
    if (status == SY_OK && out_field->count == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "no algorithm of this device can be chosen for it");
    return status;
}

static void note_failure(search *s, size_t number) {
    sy_tune_result *result = s->result;
    uint32_t status = s->state[number].status;
    result->failed += status == SY_ROW_UNSUPPORTED || status == SY_ROW_UNAVAILABLE ? 0 : 1;
    if (result->failure[0] == '\0')
        snprintf(result->failure, sizeof result->failure, "%.63s: %.250s", s->field->name[number],
            s->state[number].reason);
}

/* One visit; *out_ns is its best batch, which averages over several launches, NaN if the candidate has
 * failed: what a setting can do, not what others on the machine leave of it. */
static sy_status visit(search *s, size_t number, uint64_t limit_ns, double *out_ns, sy_error *err) {
    sy_row_state *state = &s->state[number];
    *out_ns = NAN;
    if (state->done)
        return SY_OK;
    sy_visit_order order = {.round = state->visits,
        .place = number,
        .load_ns = s->is_loaded ? 0 : LOAD_NS,
        .limit_ns = limit_ns,
        .precision = s->config.precision / 2.0};
    s->is_loaded = true;
    sy_status status = sy_visit_row(&s->shared, s->target, state, &order, err);
    if (status == SY_REFUSED)
        return status;
    if (state->done)
        note_failure(s, number);
    else
        *out_ns = state->host[state->visits - 1].min_ns;
    return status;
}

static uint64_t clamp_ns(uint64_t limit_ns) {
    if (limit_ns < LEAST_VISIT_NS)
        return LEAST_VISIT_NS;
    return limit_ns < MOST_VISIT_NS ? limit_ns : MOST_VISIT_NS;
}

/* All that are left in turn, each new one checked; the faster half goes on. */
static sy_status run_stage(search *s, uint64_t stage_ns, sy_error *err) {
    uint64_t limit_ns = clamp_ns(stage_ns / s->alive);
    for (size_t i = 0; i < s->alive; i++) {
        size_t number = s->order[i];
        double ns = NAN;
        s->config.check = s->state[number].visits == 0 ? SY_CHECK_FULL : SY_CHECK_OFF;
        sy_status status = visit(s, number, limit_ns, &ns, err);
        if (status != SY_OK)
            return status;
        s->best_ns[number] = isnan(ns) ? NAN : fmin(s->best_ns[number], ns);
    }
    s->alive = sy_tune_halve(s->order, s->alive, s->best_ns, 0);
    return SY_OK;
}

/* 16 candidates are 4 stages: 16, 8, 4, and 3 with the cost model's choice. */
static size_t count_stages(size_t candidates) {
    size_t stages = 0;
    for (; candidates > 2; candidates = (candidates + 1) / 2)
        stages++;
    return stages > 0 ? stages : 1;
}

static bool has_failed(const search *s) {
    return s->state[0].done;
}

static sy_status halve(search *s, uint64_t time_ns, sy_error *err) {
    size_t stages = count_stages(s->alive);
    for (size_t i = 0; i < stages && i < HALVINGS_MAX; i++) {
        sy_status status = run_stage(s, time_ns / stages, err);
        if (status != SY_OK || has_failed(s) || s->alive < 2)
            return status;
    }
    s->alive = sy_tune_trim(s->order, s->alive, s->best_ns, 0);
    return SY_OK;
}

/* Rounds there and back again (ABC CBA ...), so that drift favours nobody. */
static sy_status compare_last(search *s, uint64_t time_ns, sy_error *err) {
    uint64_t limit_ns = clamp_ns(time_ns / FINAL_ROUNDS / s->alive);
    for (size_t round = 0; round < FINAL_ROUNDS; round++) {
        for (size_t i = 0; i < s->alive; i++) {
            size_t number = s->order[round % 2 == 0 ? i : s->alive - 1 - i];
            s->config.check = round == 0 ? SY_CHECK_FULL : SY_CHECK_OFF;
            sy_status status = visit(s, number, limit_ns, &s->final_ns[number][round], err);
            if (status != SY_OK || has_failed(s))
                return status;
        }
    }
    return SY_OK;
}

/* The largest gain over the cost model's choice that is beyond the noise. */
static void choose_winner(search *s) {
    sy_tune_result *result = s->result;
    for (size_t i = 0; i < s->alive; i++) {
        size_t number = s->order[i];
        double gain = NAN;
        if (number == 0 || !sy_tune_beats(s->final_ns[0], s->final_ns[number], FINAL_ROUNDS, &gain) ||
            gain <= result->gain)
            continue;
        result->gain = gain;
        snprintf(result->winner, sizeof result->winner, "%s", s->field->name[number]);
    }
}

/* Half of the time finds the last ones, half compares them. */
static sy_status run(search *s, uint64_t time_ns, sy_error *err) {
    sy_status status = SY_OK;
    if (s->alive > 1)
        status = halve(s, time_ns / 2, err);
    if (status == SY_OK && !has_failed(s) && s->alive > 1)
        status = compare_last(s, time_ns / 2, err);
    if (status == SY_OK && has_failed(s))
        return sy_error_set(err, SY_UNSUPPORTED, "%s", s->result->failure);
    if (status == SY_OK)
        choose_winner(s);
    return status;
}

static sy_status prepare(search *s, const sy_work_row *work, sy_error *err) {
    size_t count = s->field->count;
    s->work = sy_mem_calloc(count, sizeof *s->work);
    s->state = sy_mem_calloc(count, sizeof *s->state);
    if (s->work == NULL || s->state == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu candidates", count);
    for (size_t i = 0; i < count; i++) {
        s->order[i] = i;
        s->best_ns[i] = INFINITY;
        s->work[i] = *work;
        snprintf(s->work[i].algorithm, sizeof s->work[i].algorithm, "%s", s->field->name[i]);
        sy_status status = sy_row_state_init(&s->state[i], &s->work[i], VISITS_MAX, err);
        if (status != SY_OK)
            return status;
    }
    s->alive = count;
    return SY_OK;
}

sy_status sy_tune_search(const sy_visit_shared *shared, sy_target *target, const sy_work_row *work,
    const sy_tune_field *field, uint64_t time_ns, sy_tune_result *out_result, sy_error *err) {
    *out_result = (sy_tune_result){.gain = 1.0, .tried = field->count};
    snprintf(out_result->winner, sizeof out_result->winner, "%s", field->name[0]);
    search *s = sy_mem_calloc(1, sizeof *s);
    if (s == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a search");
    s->shared = *shared;
    s->config = *shared->config;
    s->shared.config = &s->config;
    s->shared.tuning = NULL;
    s->target = target;
    s->field = field;
    s->result = out_result;
    sy_status status = prepare(s, work, err);
    if (status == SY_OK)
        status = run(s, time_ns, err);
    for (size_t i = 0; s->state != NULL && i < field->count; i++)
        sy_row_state_release(&s->state[i]);
    sy_mem_free(s->state);
    sy_mem_free(s->work);
    sy_mem_free(s);
    return status;
}
