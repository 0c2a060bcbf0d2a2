/* Rounds, their order, the budget; then energy, and rows that are final. */
#include "bench/run/block.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/run/order.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

/* How long a device is brought to load, and after how much idling it is done again. */
static const uint64_t LOAD_NS = UINT64_C(3000000000);
static const uint64_t IDLE_NS = UINT64_C(1000000000);

/* Least sampling time that a budget leaves to a visit. */
static const uint64_t LEAST_VISIT_NS = UINT64_C(100000000);

static const sy_config *config_of(const sy_block *b) {
    return b->schedule->shared.config;
}

static uint64_t budget_left_ns(const sy_schedule *schedule) {
    uint64_t budget_ns = schedule->shared.config->budget_ns;
    uint64_t spent_ns = sy_clock_raw_ns() - schedule->start_ns;
    if (budget_ns == 0)
        return UINT64_MAX;
    return spent_ns < budget_ns ? budget_ns - spent_ns : 0;
}

/* What is left for rounds, at most half of it kept for energy. */
static uint64_t rounds_left_ns(const sy_block *b) {
    uint64_t left_ns = budget_left_ns(b->schedule);
    if (left_ns == UINT64_MAX)
        return left_ns;
    return left_ns - (b->energy_ns < left_ns / 2 ? b->energy_ns : left_ns / 2);
}

static uint64_t visit_limit_ns(const sy_block *b, size_t rows_left) {
    uint64_t rounds = config_of(b)->rounds;
    uint64_t limit_ns = config_of(b)->max_time_ns / rounds;
    uint64_t left_ns = rounds_left_ns(b);
    if (left_ns != UINT64_MAX && rows_left > 0 && left_ns / rows_left < limit_ns)
        limit_ns = left_ns / rows_left;
    return limit_ns < LEAST_VISIT_NS ? LEAST_VISIT_NS : limit_ns;
}

static sy_status visit(sy_block *b, size_t index, uint64_t round, size_t place, sy_error *err) {
    uint64_t now_ns = sy_clock_raw_ns();
    bool idle = b->last_visit_ns == 0 || now_ns - b->last_visit_ns > IDLE_NS;
    size_t rows_left = b->count > place ? (b->count - place) * b->visits_each : 1;
    sy_visit_order order = {.round = round,
        .place = place,
        .load_ns = idle ? LOAD_NS : 0,
        .limit_ns = visit_limit_ns(b, rows_left),
        .precision = config_of(b)->precision,
        .launch = config_of(b)->launch,
        .is_single = config_of(b)->rounds == 1};
    if (order.load_ns > order.limit_ns)
        order.load_ns = order.limit_ns;
    sy_progress_visit(b->schedule->progress, b->state[index].work, b->target->id, round);
    sy_status status = sy_visit_row(&b->schedule->shared, b->target, &b->state[index], &order, err);
    b->last_visit_ns = sy_clock_raw_ns();
    if (status == SY_UNAVAILABLE)
        b->device_gone = true;
    return status == SY_UNAVAILABLE ? SY_OK : status;
}

static void choose_order(sy_block *b, uint64_t round) {
    if (config_of(b)->budget_ns == 0)
        sy_order_shuffle(&b->random, b->order, b->count);
    else if (round > 0)
        sy_order_by_width(b->state, b->order, b->count);
}

/* The ceiling is asked again before a row is called suspect: it may have been measured in a bad moment. */
static sy_status confirm_ceiling(sy_block *b, const sy_row *row, const sy_work_row *work, sy_error *err) {
    bool exceeds = row->rate.of_ceiling > SY_CEILING_SLACK && work->flop > 0;
    if (!exceeds || b->device_gone || !sy_worker_alive(b->target->worker))
        return SY_OK;
    sy_status status = sy_ceiling_confirm(b->schedule, b->target_index, &work->spec, err);
    if (status == SY_UNAVAILABLE)
        b->device_gone = true;
    return status == SY_UNAVAILABLE ? SY_OK : status;
}

static sy_status write_row(sy_block *b, size_t index, sy_row_texts *texts, sy_error *err) {
    sy_schedule *schedule = b->schedule;
    sy_row_state *state = &b->state[index];
    const sy_config *config = schedule->shared.config;
    const sy_ceilings *ceilings = &schedule->ceilings[b->target_index];
    sy_row row;
    sy_row_state_finish(state, b->target, config, ceilings, texts, &row);
    sy_status status = confirm_ceiling(b, &row, state->work, err);
    if (status != SY_OK)
        return status;
    sy_row_state_finish(state, b->target, config, ceilings, texts, &row);
    row.seq = (uint64_t)(state->work - schedule->list->row);
    status = schedule->record != NULL ? sy_record_row(schedule->record, &row, err) : SY_OK;
    if (status == SY_OK)
        status = sy_row_list_append(&schedule->rows, &row, err);
    sy_progress_row(schedule->progress, &row);
    return status;
}

/* A row that could be final already (it ended) is written at once; the others wait for their rounds. */
static sy_status finish_row(sy_block *b, size_t index, sy_error *err) {
    sy_row_state *state = &b->state[index];
    if (state->written)
        return SY_OK;
    sy_row_texts *texts = sy_mem_alloc(sizeof *texts);
    if (texts == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a row");
    sy_status status = write_row(b, index, texts, err);
    state->written = status == SY_OK;
    sy_mem_free(texts);
    return status;
}

sy_status sy_block_visit(sy_block *b, size_t index, uint64_t round, size_t place) {
    if (b->state[index].done || b->device_gone)
        return SY_OK;
    sy_status status = visit(b, index, round, place, &b->gone);
    return status == SY_OK && b->state[index].done ? finish_row(b, index, &b->gone) : status;
}

bool sy_block_has_time(const sy_block *b, uint64_t round) {
    uint64_t left_ns = budget_left_ns(b->schedule);
    return left_ns > 0 && (round == 0 || left_ns >= b->energy_ns);
}

static sy_status run_round(sy_block *b, uint64_t round) {
    sy_status status = SY_OK;
    choose_order(b, round);
    for (size_t place = 0; status == SY_OK && place < b->count; place++) {
        bool is_due = !b->state[b->order[place]].done && !b->device_gone;
        if (is_due && !sy_block_has_time(b, round))
            return SY_OK;
        status = sy_block_visit(b, b->order[place], round, place);
    }
    return status;
}

static sy_weigh weigh_of(const sy_block *b) {
    return (sy_weigh){
        .shared = &b->schedule->shared, .target = b->target, .kit = &b->schedule->kits[b->target_index]};
}

/* Windows of energy, and the idle behind them. What a budget has no time for says so. */
static sy_status weigh_rows(sy_block *b, sy_error *err) {
    const sy_weigh weigh = weigh_of(b);
    size_t waiting = sy_weigh_waiting(b->state, b->count);
    sy_status status = SY_OK;
    if (waiting == 0 || b->device_gone)
        return SY_OK;
    for (size_t i = 0; status == SY_OK && i < b->count; i++) {
        sy_row_state *state = &b->state[i];
        double each_s = sy_weigh_estimate_s(weigh.kit, config_of(b), 1);
        if (state->weighed.is_wanted && 1e-9 * (double)budget_left_ns(b->schedule) < each_s)
            snprintf(state->weighed.reason, sizeof state->weighed.reason, "budget");
        else
            status = sy_weigh_row(&weigh, state, err);
    }
    return status == SY_OK ? sy_weigh_end(&weigh, b->state, b->count, err) : status;
}

/* Rows that are kept up for long: last, for they leave the device hot. */
static sy_status sustain_rows(sy_block *b, sy_error *err) {
    const sy_weigh weigh = weigh_of(b);
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && !b->device_gone && i < b->count; i++) {
        sy_row_state *state = &b->state[i];
        bool is_wanted = b->schedule->sustained[state->work - b->schedule->list->row];
        if (is_wanted && state->status == 0 && state->visits > 0)
            status = sy_weigh_sustain(&weigh, state, &b->schedule->series, err);
    }
    return status;
}

/* Whether a row has more to come when its rounds are over. */
static bool is_waiting(const sy_block *b, const sy_row_state *state) {
    bool is_kept_up = b->schedule->sustained[state->work - b->schedule->list->row];
    return sy_weigh_waiting(state, 1) > 0 || (is_kept_up && state->status == 0 && state->visits > 0);
}

/*
 * Rows that never had a visit say why; the others are published with the rounds they had. Those that wait for
 * a window of energy come last; interrupted, nobody waits any more.
 */
static sy_status finish_rest(sy_block *b, bool interrupted, bool are_waiting, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < b->count; i++) {
        sy_row_state *state = &b->state[i];
        if (!are_waiting && !interrupted && is_waiting(b, state))
            continue;
        if (interrupted && !state->done && state->visits < state->rounds)
            continue;
        if (!state->done && b->device_gone && state->visits < state->rounds)
            sy_row_state_end(state, SY_ROW_UNAVAILABLE, "%s", b->target->reason);
        else if (!state->done && state->visits == 0)
            sy_row_state_end(state, SY_ROW_SKIPPED, "budget");
        status = finish_row(b, i, err);
    }
    return status;
}

static sy_status finish_block(sy_block *b, bool interrupted, sy_error *err) {
    if (!interrupted)
        sy_weigh_replace(b->state, b->count);
    sy_status status = finish_rest(b, interrupted, false, err);
    if (status != SY_OK)
        return status;
    if (!interrupted)
        status = weigh_rows(b, err);
    if (status == SY_OK && !interrupted)
        status = sustain_rows(b, err);
    if (status == SY_UNAVAILABLE) {
        b->device_gone = true;
        status = SY_OK;
    }
    sy_error late = SY_ERROR_INIT;
    sy_status finished = finish_rest(b, status == SY_REFUSED, true, &late);
    if (status == SY_OK && finished != SY_OK)
        sy_error_set(err, finished, "%s", sy_error_text(&late, finished));
    return status != SY_OK ? status : finished;
}

/* Energy never takes more than half of a budget: of one that is too short for idle and a window, nothing. */
static void drop_energy(sy_block *b) {
    for (size_t i = 0; i < b->count; i++) {
        sy_weighed *weighed = &b->state[i].weighed;
        if (weighed->is_wanted)
            snprintf(weighed->reason, sizeof weighed->reason, "budget");
        weighed->is_wanted = false;
    }
}

/* Before the first window of a device its idle is read: nothing has warmed it yet. */
sy_status sy_block_begin(sy_block *b) {
    const sy_weigh weigh = weigh_of(b);
    size_t wanted = 0;
    sy_weigh_mark(&weigh, b->schedule->list, b->schedule->weighed, b->state, b->count);
    if (budget_left_ns(b->schedule) / 2 < (uint64_t)(1e9 * sy_weigh_estimate_s(weigh.kit, config_of(b), 1)))
        drop_energy(b);
    for (size_t i = 0; i < b->count; i++)
        wanted += b->state[i].weighed.is_wanted;
    if (wanted == 0 || b->device_gone)
        return SY_OK;
    b->energy_ns = (uint64_t)(1e9 * sy_weigh_estimate_s(weigh.kit, config_of(b), wanted));
    sy_status status = weigh.kit->has_idle ? SY_OK : sy_weigh_idle(&weigh, &b->gone);
    b->device_gone = status == SY_UNAVAILABLE;
    return b->device_gone ? SY_OK : status;
}

sy_status sy_block_end(sy_block *b, sy_status status, sy_error *err) {
    if (b->device_gone && b->gone.text[0] != '\0') /* else it was gone before, with its reason */
        snprintf(b->target->reason, sizeof b->target->reason, "%s", b->gone.text);
    if (status != SY_OK)
        sy_error_set(err, status, "%s", sy_error_text(&b->gone, status));
    sy_error late = SY_ERROR_INIT;
    sy_status finished = finish_block(b, status == SY_REFUSED, &late);
    if (status == SY_OK && finished != SY_OK)
        sy_error_set(err, finished, "%s", sy_error_text(&late, finished));
    return status != SY_OK ? status : finished;
}

sy_status sy_block_run(sy_block *b, sy_error *err) {
    sy_status status = sy_block_begin(b);
    for (uint64_t round = 0; status == SY_OK && round < config_of(b)->rounds; round++)
        status = run_round(b, round);
    return sy_block_end(b, status, err);
}

sy_status sy_block_open(sy_block *b, const size_t *rows, size_t count, sy_error *err) {
    sy_schedule *schedule = b->schedule;
    sy_status status = SY_OK;
    b->gone = SY_ERROR_INIT;
    b->target = &schedule->targets->target[b->target_index];
    b->state = sy_mem_calloc(count, sizeof *b->state);
    b->order = sy_mem_calloc(count, sizeof *b->order);
    if (b->state == NULL || b->order == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu rows", count);
    for (; status == SY_OK && b->count < count; b->count++) {
        b->order[b->count] = b->count;
        status = sy_row_state_init(
            &b->state[b->count], &schedule->list->row[rows[b->count]], schedule->shared.config->rounds, err);
    }
    sy_random_seed(&b->random, schedule->shared.config->seed, rows[0]);
    b->device_gone = b->target->status != SY_OK || b->target->worker == NULL;
    return status;
}

void sy_block_close(sy_block *b) {
    for (size_t i = 0; b->state != NULL && i < b->count; i++)
        sy_row_state_release(&b->state[i]);
    sy_mem_free(b->state);
    sy_mem_free(b->order);
}
