/* A row kept up for minutes, and its samples in a file. */
#include <stdio.h>

#include "bench/run/sustain.h"
#include "bench/run/weigh.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static const char *unit_of(uint32_t kind) {
    static const char *const units[] = {NULL, "J", "W", "W", "C", "Hz", "bits"};
    return kind < sizeof units / sizeof units[0] ? units[kind] : NULL;
}

static double since_s(const sy_energy_told *told, uint64_t at_ns) {
    return 1e-9 * (double)(int64_t)(at_ns - told->window.load_begin_ns);
}

/* Times in the first half of the room, values in the second. One that goes back in time has no place in a
 * file: false then. */
static bool put(double *room, size_t most, size_t count, double at_s, double value) {
    if (count > 0 && at_s < room[count - 1])
        return false;
    room[count] = at_s;
    room[most + count] = value;
    return true;
}

static sy_status append_meter(const sy_weigh_series *series, const sy_row_state *state,
    const sy_energy_found *found, const sy_energy_told *told, size_t index, double *room, sy_error *err) {
    const sy_energy_trace *trace = &told->trace[index];
    size_t count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const sy_energy_reading *reading = &trace->reading[i];
        double at_s = since_s(told, reading->begin_ns + (reading->end_ns - reading->begin_ns) / 2);
        count += put(room, trace->count, count, at_s, reading->value);
    }
    if (count == 0)
        return SY_OK;
    sy_series line = {.kind = SY_SERIES_SAMPLES,
        .row = state->work->id,
        .part = "sustain",
        .source = found->facts.name,
        .unit = unit_of(found->facts.kind),
        .t_s = {room, count},
        .value = {room + trace->count, count}};
    return sy_series_append(series->file, &line, err);
}

static sy_status append_work(const sy_weigh_series *series, const sy_row_state *state,
    const sy_energy_told *told, double *room, sy_error *err) {
    size_t count = 0;
    for (size_t i = 0; i < told->mark_count; i++)
        count += put(room, told->mark_count, count, since_s(told, told->mark[i].at_ns),
            (double)told->mark[i].launches);
    if (count == 0)
        return SY_OK;
    sy_series line = {.kind = SY_SERIES_WORK,
        .row = state->work->id,
        .part = "sustain",
        .t_s = {room, count},
        .value = {room + told->mark_count, count}};
    return sy_series_append(series->file, &line, err);
}

static sy_status append_all(const sy_weigh *weigh, const sy_weigh_series *series, const sy_row_state *state,
    const sy_energy_told *told, sy_error *err) {
    size_t most = told->mark_count;
    for (size_t i = 0; i < told->trace_count; i++)
        most = told->trace[i].count > most ? told->trace[i].count : most;
    if (series->file == NULL || most == 0)
        return SY_OK;
    double *room = sy_mem_calloc(2 * most, sizeof *room);
    if (room == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu samples", most);
    sy_status status = append_work(series, state, told, room, err);
    for (size_t i = 0; status == SY_OK && i < told->trace_count; i++)
        status = append_meter(series, state, &weigh->kit->meters.found[i], told, i, room, err);
    sy_mem_free(room);
    return status;
}

static sy_status keep_up(const sy_weigh *weigh, sy_row_state *state, sy_energy_told *told, sy_error *err) {
    const sy_config *config = weigh->shared->config;
    const sy_visit_order order = {.launch = config->launch, .precision = config->precision};
    const sy_energy_lengths lengths = {.window_ns = config->sustain_ns};
    sy_target_disconnect(weigh->target);
    if (weigh->target->wedged)
        return sy_error_set(
            err, SY_UNAVAILABLE, "device %s is wedged: its worker cannot be ended", weigh->target->id);
    sy_status status = sy_target_connect(weigh->shared->places, weigh->target, err);
    if (status != SY_OK)
        return status;
    sy_energy_call call = sy_energy_kit_call(weigh->kit, weigh->shared->places, weigh->target);
    json_t *job = sy_visit_request(weigh->shared, weigh->target, state, &order);
    status =
        sy_energy_ask_window(&call, json_pack("[o]", job), &lengths, sy_visit_limit_ms(state), told, err);
    if (status == SY_OK)
        status = sy_verify_outputs(weigh->shared, weigh->target, state, told->reply, call.phase_seed, err);
    return status;
}

sy_status sy_weigh_sustain(
    const sy_weigh *weigh, sy_row_state *state, const sy_weigh_series *series, sy_error *err) {
    sy_error reason = SY_ERROR_INIT;
    sy_energy_told told = {0};
    sy_status written = SY_OK, status = keep_up(weigh, state, &told, &reason);
    if (status == SY_OK && state->status == 0) {
        sy_sustain_summarise(&weigh->kit->meters, &told, &state->weighed.sustain);
        state->weighed.sustain.series = series->file != NULL ? series->name : NULL;
        state->weighed.has_sustain = true;
        written = append_all(weigh, series, state, &told, err);
    }
    sy_energy_told_release(&told);
    if (written != SY_OK)
        return written;
    if (status == SY_REFUSED && !sy_worker_alive(weigh->target->worker))
        return sy_error_set(err, SY_REFUSED, "interrupted");
    if (status != SY_OK)
        fprintf(stderr, "sustain: %s: %s\n", state->work->problem, sy_error_text(&reason, status));
    return sy_visit_recover(weigh->shared, weigh->target, state, status, err);
}
