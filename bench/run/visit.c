/* The parent's side of a visit. */
#include "bench/run/visit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"

/* Beyond the sampling itself: drivers that compile, operands that are filled, at rates that anything reaches.
 */
static const int64_t WATCHDOG_BASE_MS = 60000;
static const uint64_t WATCHDOG_BYTES_PER_MS = 50000;
static const uint64_t WATCHDOG_FLOP_PER_MS = 20000000;

/* Launches that a measurement may need beyond its lengths: it ends with whole ones, and more are under way.
 */
enum { LAUNCHES_AROUND = 8 };

/* Least time of a batch: several launches for most rows, so that a batch averages over the sets that take
 * turns. */
static const uint64_t BATCH_NS = 4000000;

static uint64_t key_number(const sy_row_state *state) {
    return strtoull(state->work->key_hash, NULL, 16);
}

static uint64_t visit_seed(const sy_visit_shared *shared, const sy_row_state *state, uint64_t round) {
    return sy_random_mix(shared->config->seed ^ sy_random_mix(key_number(state) + round));
}

/* How many outputs are looked at: one a visit, and under `sample` only in the first. */
static uint64_t output_slots(const sy_visit_shared *shared, const sy_visit_order *order) {
    if (shared->config->check == SY_CHECK_OFF)
        return 0;
    return shared->config->check == SY_CHECK_FULL || order->round == 0 ? 1 : 0;
}

/* What was found for this row's problem, NULL if it is not for the tuning cache to say. */
static const sy_tuning_entry *find_tuning(
    const sy_visit_shared *shared, const sy_target *target, const sy_row_state *state) {
    bool is_open = shared->tuning != NULL && strcmp(state->work->algorithm, "auto") == 0;
    return is_open ? sy_tuning_find(shared->tuning, &target->tuning, state->work->problem) : NULL;
}

/* Of how many a tuned algorithm was the best: its samples here are none of those that it was chosen by. */
static void take_choice(const sy_visit_shared *shared, const sy_target *target, sy_row_state *state) {
    const sy_tuning_entry *tuned = state->facts.tuned ? find_tuning(shared, target, state) : NULL;
    state->facts.explored = tuned != NULL ? tuned->tried : 0;
}

json_t *sy_visit_request(const sy_visit_shared *shared, const sy_target *target, const sy_row_state *state,
    const sy_visit_order *order) {
    const sy_config *config = shared->config;
    json_t *request = json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:f,s:I,s:I,s:b}", "call", "measure", "problem",
        state->work->problem, "algorithm", state->work->algorithm, "data", (json_int_t)config->data, "cache",
        (json_int_t)config->cache, "load_ns", (json_int_t)order->load_ns, "precision", order->precision,
        "limit_ns", (json_int_t)order->limit_ns, "output_slots", (json_int_t)output_slots(shared, order),
        "is_alone", order->is_single);
    if (request == NULL)
        return NULL;
    const sy_tuning_entry *tuned = find_tuning(shared, target, state);
    if (tuned != NULL)
        json_object_set_new(request, "tuned", json_string(tuned->algorithm));
    json_object_set_new(request, "launch", json_integer((json_int_t)order->launch));
    json_object_set_new(request, "batch_ns", json_integer((json_int_t)BATCH_NS));
    if (target->swept_cache_bytes > 0)
        json_object_set_new(request, "cache_bytes", json_integer((json_int_t)target->swept_cache_bytes));
    json_object_set_new(request, "seed", sy_protocol_from_hex(config->seed));
    json_object_set_new(request, "key", sy_protocol_from_hex(key_number(state)));
    json_object_set_new(request, "pick_seed", sy_protocol_from_hex(visit_seed(shared, state, order->round)));
    return request;
}

int64_t sy_visit_limit_ms(const sy_row_state *state) {
    double longest_ns = 0.0; /* launch that was seen */
    for (size_t i = 0; i < state->visits; i++)
        longest_ns = fmax(longest_ns, state->host[i].median_ns);
    return WATCHDOG_BASE_MS + (int64_t)(LAUNCHES_AROUND * longest_ns * 1e-6) +
           (int64_t)(state->work->byte / WATCHDOG_BYTES_PER_MS + state->work->flop / WATCHDOG_FLOP_PER_MS);
}

static int64_t watchdog_ms(const sy_row_state *state, const sy_visit_order *order) {
    uint64_t sampling_ms = 4 * (order->limit_ns + order->load_ns) / 1000000u;
    return sy_visit_limit_ms(state) + (int64_t)sampling_ms;
}

/* Put a failed measurement down as the row's end. */
static void end_row(sy_row_state *state, sy_status status, const char *text) {
    switch (status) {
    case SY_UNSUPPORTED:
    case SY_INVALID_ARGUMENT: sy_row_state_end(state, SY_ROW_UNSUPPORTED, "%s", text); break;
    case SY_OUT_OF_MEMORY: sy_row_state_end(state, SY_ROW_UNSUPPORTED, "out of memory: %s", text); break;
    case SY_UNAVAILABLE: sy_row_state_end(state, SY_ROW_UNAVAILABLE, "%s", text); break;
    case SY_TIMEOUT: sy_row_state_end(state, SY_ROW_TIMEOUT, "%s", text); break;
    default: sy_row_state_end(state, SY_ROW_ERROR, "%s", text); break;
    }
}

/* Whether the worker's state can be trusted after that outcome. */
static bool needs_new_worker(const sy_target *target, const sy_row_state *state) {
    return !sy_worker_alive(target->worker) || state->status == SY_ROW_ERROR ||
           state->status == SY_ROW_WRONG || state->status == SY_ROW_TIMEOUT ||
           state->status == SY_ROW_SUSPECT;
}

static sy_status replace_worker(const sy_visit_shared *shared, sy_target *target, sy_error *err) {
    sy_error reason = SY_ERROR_INIT;
    sy_target_disconnect(target);
    if (target->wedged)
        return sy_error_set(
            err, SY_UNAVAILABLE, "device %s is wedged: its worker cannot be ended", target->id);
    sy_status status = sy_target_connect(shared->places, target, &reason);
    if (status == SY_OK || status == SY_REFUSED)
        return status;
    return sy_error_set(
        err, SY_UNAVAILABLE, "device %s does not come back: %s", target->id, sy_error_text(&reason, status));
}

sy_status sy_visit_recover(const sy_visit_shared *shared, sy_target *target, const sy_row_state *state,
    sy_status status, sy_error *err) {
    bool is_harmless = status == SY_OK || status == SY_UNSUPPORTED || status == SY_UNAVAILABLE;
    bool is_bad = state != NULL && needs_new_worker(target, state);
    return !is_harmless || is_bad || !sy_worker_alive(target->worker) ? replace_worker(shared, target, err)
                                                                      : SY_OK;
}

sy_status sy_visit_row(const sy_visit_shared *shared, sy_target *target, sy_row_state *state,
    const sy_visit_order *order, sy_error *err) {
    sy_error reason = SY_ERROR_INIT;
    json_t *reply = NULL;
    sy_status status = sy_worker_call(target->worker, sy_visit_request(shared, target, state, order),
        watchdog_ms(state, order), &reply, &reason);
    if (status == SY_REFUSED && reply == NULL)
        return sy_error_set(err, SY_REFUSED, "interrupted");
    if (status == SY_OK)
        status = sy_row_state_take(state, reply, order->round, order->place, &reason);
    if (status == SY_OK)
        take_choice(shared, target, state);
    if (status == SY_OK)
        sy_target_take_libraries(target, reply);
    if (status == SY_OK)
        status =
            sy_verify_outputs(shared, target, state, reply, visit_seed(shared, state, order->round), &reason);
    if (status != SY_OK)
        end_row(state, status, sy_error_text(&reason, status));
    json_decref(reply);
    return needs_new_worker(target, state) ? replace_worker(shared, target, err) : SY_OK;
}
