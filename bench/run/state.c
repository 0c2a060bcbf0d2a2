/* A row in progress: taking visits and checks. */
#include "bench/run/state.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

sy_status sy_row_state_init(sy_row_state *state, const sy_work_row *work, size_t rounds, sy_error *err) {
    *state = (sy_row_state){.work = work,
        .rounds = rounds,
        .clock_min_mhz = INFINITY,
        .clock_max_mhz = -INFINITY,
        .temp_c = NAN,
        .device_resolution_ns = NAN,
        .gap_ms = NAN,
        .facts.compile_ns = NAN};
    state->host = sy_mem_calloc(rounds, sizeof *state->host);
    state->device = sy_mem_calloc(rounds, sizeof *state->device);
    state->round = sy_mem_calloc(rounds, sizeof *state->round);
    if (state->host == NULL || state->device == NULL || state->round == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu rounds", rounds);
    if (work->refused != SY_OK)
        sy_row_state_end(state, SY_ROW_UNSUPPORTED, "%s", work->reason);
    return SY_OK;
}

void sy_row_state_release(sy_row_state *state) {
    sy_mem_free(state->host);
    sy_mem_free(state->device);
    sy_mem_free(state->round);
    sy_mem_free(state->samples);
    sy_weighed_release(&state->weighed);
    *state = (sy_row_state){0};
}

void sy_row_state_end(sy_row_state *state, uint32_t status, const char *format, ...) {
    if (state->status != 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(state->reason, sizeof state->reason, format, arguments);
    va_end(arguments);
    state->status = status;
    state->done = true;
}

static void take_text(const json_t *reply, const char *name, char *out_text, size_t capacity) {
    snprintf(out_text, capacity, "%s", sy_protocol_text(reply, name, ""));
}

static void take_facts(sy_state_facts *facts, const json_t *reply) {
    take_text(reply, "algorithm", facts->algorithm, sizeof facts->algorithm);
    take_text(reply, "implementation", facts->implementation, sizeof facts->implementation);
    take_text(reply, "layout_used", facts->layout_used, sizeof facts->layout_used);
    take_text(reply, "math", facts->math, sizeof facts->math);
    take_text(reply, "launch", facts->launch, sizeof facts->launch);
    facts->math_id = (uint32_t)sy_protocol_u64(reply, "math_id", SY_MATH_UNKNOWN);
    facts->flags = (uint32_t)sy_protocol_u64(reply, "flags", 0);
    facts->flop_ratio = sy_protocol_f64(reply, "flop_ratio", 1.0);
    facts->bound_factor = sy_protocol_f64(reply, "bound_factor", 1.0);
    facts->plan_ns = sy_protocol_f64(reply, "plan_ns", NAN);
    facts->prepare_ns = sy_protocol_f64(reply, "prepare_ns", NAN);
    facts->first_run_ns = sy_protocol_f64(reply, "first_run_ns", NAN);
    facts->workspace_byte = sy_protocol_u64(reply, "workspace_bytes", 0);
    facts->prepare_byte = sy_protocol_u64(reply, "prepare_bytes", 0);
    facts->launches = sy_protocol_u64(reply, "launches", 0);
    uint64_t weights = sy_protocol_u64(reply, "ring_weights", 1);
    uint64_t activations = sy_protocol_u64(reply, "ring_activations", 1);
    facts->ring_sets = weights > activations ? weights : activations;
    facts->ring_byte = sy_protocol_u64(reply, "rotating_bytes", 0);
    facts->cache_byte = sy_protocol_u64(reply, "cache_bytes", 0);
    facts->cache_partial = sy_protocol_bool(reply, "cache_partial", false);
    facts->cache_assumed = sy_protocol_bool(reply, "cache_bytes_assumed", false);
    facts->tuned = sy_protocol_bool(reply, "tuned", false);
    facts->warm_up_flat = sy_protocol_bool(reply, "warm_up_flat", false);
}

void sy_row_state_take_facts(sy_row_state *state, const json_t *reply) {
    take_facts(&state->facts, reply);
}

static void take_conditions(sy_row_state *state, const json_t *reply, sy_row_round *round) {
    static const char *const names[] = {"clock_mhz_before", "clock_mhz_after"};
    for (size_t i = 0; i < 2; i++) {
        double mhz = sy_protocol_f64(reply, names[i], NAN);
        if (isnan(mhz))
            continue;
        state->clock_min_mhz = fmin(state->clock_min_mhz, mhz);
        state->clock_max_mhz = fmax(state->clock_max_mhz, mhz);
        state->clock_sum_mhz += mhz;
        state->clock_count++;
        round->clock_mhz = mhz;
    }
    round->temp_c = sy_protocol_f64(reply, "temperature_c", NAN);
    if (!isnan(round->temp_c))
        state->temp_c = round->temp_c;
    double gap_ms = sy_protocol_f64(reply, "gap_ms", NAN);
    if (isnan(state->gap_ms) || gap_ms > state->gap_ms)
        state->gap_ms = gap_ms;
}

/* Numbers of a list after `values`; false if one is missing. */
static bool read_numbers(const json_t *list, double *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_number(item))
            return false;
        values[i] = json_number_value(item);
    }
    return true;
}

/* Room for `count` samples and what their summary needs besides. */
static sy_status allocate(size_t count, double **out_values, sy_error *err) {
    *out_values = sy_mem_calloc(count + sy_visit_scratch(count), sizeof **out_values);
    return *out_values != NULL ? SY_OK
                               : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu samples", count);
}

/* The host's samples and their summary. */
static sy_status take_host_times(
    const json_t *list, double **out_values, sy_visit_stats *out_stats, sy_error *err) {
    size_t count = json_array_size(list);
    double *values = NULL;
    *out_values = NULL;
    if (count == 0)
        return sy_error_set(err, SY_INTERNAL, "the worker sent no samples");
    sy_status status = allocate(count, &values, err);
    if (status != SY_OK)
        return status;
    if (!read_numbers(list, values, count) || !sy_visit_summarise(values, count, values + count, out_stats)) {
        sy_mem_free(values);
        return sy_error_set(err, SY_INTERNAL, "the worker's samples are not all positive numbers");
    }
    *out_values = values;
    return SY_OK;
}

/*
 * The device's samples beside the host's: what the timer told is no more than a claim, so that no number is
 * wrong enough to end the row. A summary needs a time of every batch.
 */
static sy_status take_device_times(sy_row_state *state, const json_t *reply, const double *host, size_t count,
    sy_visit_stats *out_stats, sy_error *err) {
    const json_t *list = json_object_get(reply, "device_samples_ns");
    double *values = NULL;
    *out_stats = (sy_visit_stats){0};
    if (json_array_size(list) == 0)
        return SY_OK;
    if (json_array_size(list) != count)
        return sy_error_set(err, SY_INTERNAL, "the worker sent %zu device times beside %zu samples",
            json_array_size(list), count);
    sy_status status = allocate(count, &values, err);
    if (status != SY_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        values[i] = json_is_number(item) ? json_number_value(item) : NAN;
    }
    state->device_resolution_ns = sy_protocol_f64(reply, "device_resolution_ns", 0.0);
    sy_device_time_compare(&state->device_time, host, values, count, sy_protocol_u64(reply, "launches", 0),
        state->device_resolution_ns);
    (void)sy_visit_summarise(values, count, values + count, out_stats);
    sy_mem_free(values);
    return SY_OK;
}

static sy_status keep_samples(sy_row_state *state, const double *values, size_t count, sy_error *err) {
    double *grown = sy_mem_realloc(state->samples, (state->sample_count + count) * sizeof *grown);
    if (grown == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu samples", count);
    memcpy(grown + state->sample_count, values, count * sizeof *values);
    state->samples = grown;
    state->sample_count += count;
    return SY_OK;
}

static void fill_round(sy_row_round *round, const sy_visit_stats *stats, const json_t *reply) {
    round->samples = stats->count;
    round->batch = sy_protocol_u64(reply, "launches", 0);
    round->median_ns = stats->median_ns;
    round->ci95_ns[0] = stats->low_ns;
    round->ci95_ns[1] = stats->high_ns;
    round->warm_ns = sy_protocol_f64(reply, "warm_up_ns", 0.0) + sy_protocol_f64(reply, "load_ns", 0.0);
    round->autocorrelation = stats->lag1;
}

sy_status sy_row_state_take(
    sy_row_state *state, const json_t *reply, uint64_t round, uint64_t order, sy_error *err) {
    double *host = NULL;
    sy_visit_stats stats, device_stats;
    sy_row_round facts = {.round = round, .order = order, .clock_mhz = NAN};
    if (state->visits == state->rounds)
        return sy_error_set(err, SY_INTERNAL, "more visits than rounds");
    sy_status status = take_host_times(json_object_get(reply, "samples_ns"), &host, &stats, err);
    if (status == SY_OK)
        status = take_device_times(state, reply, host, stats.count, &device_stats, err);
    if (status == SY_OK)
        status = keep_samples(state, host, stats.count, err);
    if (status == SY_OK) {
        if (state->visits == 0)
            take_facts(&state->facts, reply);
        if (isnan(state->facts.compile_ns))
            state->facts.compile_ns = sy_protocol_f64(reply, "compile_ns", NAN);
        take_conditions(state, reply, &facts);
        fill_round(&facts, &stats, reply);
        state->host[state->visits] = stats;
        state->device[state->visits] = device_stats;
        state->round[state->visits++] = facts;
    }
    sy_mem_free(host);
    return status;
}

/* How bad an outcome is: wrong over overflow over not verified over verified. */
static int badness(const sy_check_result *result) {
    if (result->status == SY_WRONG_RESULT)
        return 3;
    if (result->status != SY_OK)
        return 2;
    return result->verified ? 0 : 1;
}

void sy_row_state_take_check(sy_row_state *state, const sy_check_result *result) {
    int before = state->check_count > 0 ? badness(&state->check) : -1, now = badness(result);
    bool worse = now > before || (now == before && result->max_error * state->check.bound >
                                                       state->check.max_error * result->bound);
    if (worse)
        state->check = *result;
    state->check_count++;
    if (result->status == SY_WRONG_RESULT)
        sy_row_state_end(state, SY_ROW_WRONG, "%s", result->reason);
    else if (result->status != SY_OK)
        sy_row_state_end(state, SY_ROW_ERROR, "overflow: %s", result->reason);
}

void sy_row_state_summary(const sy_row_state *state, sy_row_stats *out_stats) {
    sy_row_summarise(state->host, state->visits, out_stats);
}
