/* One visit: first launch, batch size, warm-up, then timed batches until the stopping rule says so. */
#include "bench/measure/sampler.h"

#include "bench/measure/batch.h"
#include "bench/measure/warmup.h"
#include "runtime/base/error.h"
#include <math.h>

enum { FIRST_LOOK = 10, GROWTH_LIMIT = 10, OVERHEAD_MULTIPLE = 100 };
static const uint64_t most_launches = UINT64_C(1) << 30;

/* Everything a visit needs to go on. */
typedef struct visit_state {
    sy_batcher batcher;
    const sy_sampler_config *config;
    const sy_sample_buffer *buffer;
    sy_visit *visit;
    uint64_t start_ns, wanted_batch_ns, max_launches;
    sy_error *err;
} visit_state;

sy_sampler_config sy_sampler_defaults(void) {
    return (sy_sampler_config){
        .batch_ns = 1000000,
        .clock_overhead_ns = 50.0,
        .unit = 1,
        .precision = 0.01,
        .min_batches = FIRST_LOOK,
        .max_batches = 2560,
        .min_timed_ns = 50000000,
        .limit_ns = UINT64_C(10000000000),
        .warm_up_limit_ns = UINT64_C(2000000000),
        .flat_limit = 0.01,
    };
}

const char *sy_stage_name(int stage) {
    static const char *const names[] = {"first run", "calibration", "warm-up", "timed run", "done"};
    return stage >= 0 && stage <= SY_STAGE_DONE ? names[stage] : "?";
}

const char *sy_stop_name(int stop) {
    static const char *const names[] = {"none", "precision", "batches", "time limit", "cancelled"};
    return stop >= 0 && stop <= SY_STOP_CANCELLED ? names[stop] : "?";
}

static sy_status check_arguments(const visit_state *state) {
    const sy_sampler_config *config = state->config;
    const sy_sample_buffer *buffer = state->buffer;
    if (buffer->capacity == 0 || buffer->host_ns == NULL || buffer->scratch == NULL)
        return sy_error_set(state->err, SY_INVALID_ARGUMENT, "no room for samples");
    if (!(config->precision >= 0.0) || !(config->flat_limit >= 0.0) || !(config->clock_overhead_ns >= 0.0))
        return sy_error_set(
            state->err, SY_INVALID_ARGUMENT, "precision, flat limit and clock overhead must not be negative");
    if (config->unit == 0 || config->unit > most_launches ||
        (config->max_launches > 0 && config->unit > config->max_launches))
        return sy_error_set(state->err, SY_INVALID_ARGUMENT,
            "launches go together by %llu, a batch may have %llu", (unsigned long long)config->unit,
            (unsigned long long)config->max_launches);
    if (config->max_batches == 0)
        return sy_error_set(state->err, SY_INVALID_ARGUMENT, "the most batches must be at least 1");
    return SY_OK;
}

/* Has the visit's time run out? Only between batches; the clock was read before, so a failure shows there. */
static sy_status check_limit(const visit_state *state, bool *out_is_over) {
    uint64_t elapsed_ns;
    sy_status status = sy_clock_elapsed(state->batcher.clock, state->start_ns, &elapsed_ns, state->err);
    *out_is_over = state->config->limit_ns > 0 && elapsed_ns >= state->config->limit_ns;
    return status;
}

static uint64_t in_units(const visit_state *state, uint64_t launches) {
    uint64_t rest = launches % state->config->unit;
    return rest > 0 ? launches + state->config->unit - rest : launches;
}

/* One whole batch, prepared and timed; cancellation is seen before it. */
static sy_status run_batch(visit_state *state, uint64_t launches, uint64_t *out_elapsed_ns) {
    *out_elapsed_ns = 0;
    if (sy_batcher_is_cancelled(&state->batcher)) {
        state->visit->stop = SY_STOP_CANCELLED;
        return SY_OK;
    }
    state->batcher.next = in_units(state, state->batcher.next);
    sy_status status = sy_batch_prepare(&state->batcher, launches, state->err);
    if (status == SY_OK)
        status = sy_batch_run(&state->batcher, launches, out_elapsed_ns, state->err);
    return status;
}

static bool is_cancelled(const visit_state *state) {
    return state->visit->stop == SY_STOP_CANCELLED;
}

static sy_status run_first(visit_state *state) {
    state->visit->launches = state->config->unit;
    return run_batch(state, 1, &state->visit->first_run_ns);
}

/* Launches that make a batch long enough, when one takes launch_ns. */
static uint64_t choose_launches(const visit_state *state, double launch_ns) {
    double wanted = ceil((double)state->wanted_batch_ns / launch_ns);
    if (!(wanted < (double)state->max_launches))
        return state->max_launches;
    return in_units(state, wanted < 1.0 ? 1 : (uint64_t)wanted);
}

/* Grow the batch from one launch, or one unit, until it is long enough; tenfold at most in a step, for the
 * first launches may be slow for their own reasons. */
static sy_status calibrate(visit_state *state) {
    sy_visit *visit = state->visit;
    bool is_over = false;
    for (;;) {
        uint64_t elapsed_ns;
        sy_status status = run_batch(state, visit->launches, &elapsed_ns);
        if (status == SY_OK && !is_cancelled(state))
            status = check_limit(state, &is_over);
        if (status != SY_OK || is_cancelled(state) || is_over)
            return status;
        if (elapsed_ns >= state->wanted_batch_ns || visit->launches >= state->max_launches)
            return SY_OK;
        uint64_t next = choose_launches(state, (double)elapsed_ns / (double)visit->launches);
        uint64_t most = visit->launches * GROWTH_LIMIT;
        next = next < most ? next : most;
        visit->launches = next > visit->launches ? next : visit->launches + state->config->unit;
    }
}

/* Until time or clock is flat; then choose the batch again from what a launch takes now. */
static sy_status warm_up(visit_state *state) {
    sy_visit *visit = state->visit;
    const sy_sampler_config *config = state->config;
    sy_warm_up watch = sy_warm_up_start(config->flat_limit);
    uint64_t limit_ns = config->warm_up_limit_ns, begin_ns;
    if (config->limit_ns > 0 && limit_ns > config->limit_ns / 4)
        limit_ns = config->limit_ns / 4;
    sy_status status = sy_clock_read(state->batcher.clock, &begin_ns, state->err);
    while (status == SY_OK && visit->warm_up_ns < limit_ns) {
        uint64_t elapsed_ns;
        double clock_mhz = NAN;
        status = run_batch(state, visit->launches, &elapsed_ns);
        if (status != SY_OK || is_cancelled(state))
            break;
        const sy_work *work = state->batcher.work;
        if (work->clock_mhz != NULL)
            status = work->clock_mhz(work->ctx, &clock_mhz, state->err);
        if (status == SY_OK)
            status = sy_clock_elapsed(state->batcher.clock, begin_ns, &visit->warm_up_ns, state->err);
        sy_warm_up_add(&watch, elapsed_ns, visit->launches, clock_mhz);
        visit->warm_up_flat = sy_warm_up_is_flat(&watch);
        if (visit->warm_up_flat && visit->warm_up_ns >= config->warm_up_min_ns)
            break;
    }
    double launch_ns = sy_warm_up_launch_ns(&watch);
    if (launch_ns > 0.0) {
        visit->launches = choose_launches(state, launch_ns);
        visit->is_short = launch_ns * (double)visit->launches < 0.99 * (double)state->wanted_batch_ns;
    }
    return status;
}

/* Keep one timed batch. */
static sy_status keep_sample(visit_state *state, uint64_t elapsed_ns) {
    sy_visit *visit = state->visit;
    const sy_sample_buffer *buffer = state->buffer;
    const sy_work *work = state->batcher.work;
    double launches = (double)visit->launches, device_ns = NAN;
    if (elapsed_ns == 0)
        return sy_error_set(state->err, SY_WRONG_RESULT, "a batch of %.0f launches took 0 ns", launches);
    if (buffer->device_ns != NULL) {
        sy_status status =
            work->device_ns != NULL ? work->device_ns(work->ctx, &device_ns, state->err) : SY_OK;
        if (status != SY_OK)
            return status;
        buffer->device_ns[visit->batches] = device_ns / launches;
    }
    buffer->host_ns[visit->batches++] = (double)elapsed_ns / launches;
    visit->timed_ns += elapsed_ns;
    return SY_OK;
}

/* Is this one of the few counts at which the precision is looked at (10, 20, 40, ...)? */
static bool is_look(size_t batches) {
    return batches % FIRST_LOOK == 0 && ((batches / FIRST_LOOK) & (batches / FIRST_LOOK - 1)) == 0;
}

static bool is_precise(const visit_state *state) {
    const sy_sampler_config *config = state->config;
    sy_visit *visit = state->visit;
    if (!(config->precision > 0.0) || !is_look(visit->batches) || visit->batches < config->min_batches ||
        visit->timed_ns < config->min_timed_ns)
        return false;
    if (config->is_alone && visit->batches < SY_SAMPLER_ALONE)
        return false;
    (void)sy_visit_summarise(state->buffer->host_ns, visit->batches, state->buffer->scratch, &visit->host);
    if (config->is_alone && !visit->host.is_resolved)
        return false;
    return sy_visit_precision(&visit->host) <= config->precision;
}

static sy_status run_timed(visit_state *state) {
    sy_visit *visit = state->visit;
    const sy_sampler_config *config = state->config;
    size_t most =
        config->max_batches < state->buffer->capacity ? config->max_batches : state->buffer->capacity;
    while (visit->stop == SY_STOP_NONE) {
        uint64_t elapsed_ns;
        bool is_over = false;
        sy_status status = run_batch(state, visit->launches, &elapsed_ns);
        if (status != SY_OK || is_cancelled(state))
            return status;
        status = keep_sample(state, elapsed_ns);
        if (status == SY_OK)
            status = check_limit(state, &is_over);
        if (status != SY_OK)
            return status;
        if (is_precise(state))
            visit->stop = SY_STOP_PRECISION;
        else if (visit->batches >= most)
            visit->stop = SY_STOP_BATCHES;
        else if (is_over)
            visit->stop = SY_STOP_TIME;
    }
    return SY_OK;
}

/* Summaries of what there is. Device times count only if no batch lacks one. */
static void summarise(visit_state *state) {
    const sy_sample_buffer *buffer = state->buffer;
    sy_visit *visit = state->visit;
    (void)sy_visit_summarise(buffer->host_ns, visit->batches, buffer->scratch, &visit->host);
    if (buffer->device_ns != NULL)
        (void)sy_visit_summarise(buffer->device_ns, visit->batches, buffer->scratch, &visit->device);
}

static void prepare_state(visit_state *state) {
    const sy_sampler_config *config = state->config;
    double least = OVERHEAD_MULTIPLE * config->clock_overhead_ns;
    state->wanted_batch_ns = config->batch_ns;
    if (least > (double)config->batch_ns)
        state->wanted_batch_ns = least < 1e18 ? (uint64_t)least : UINT64_C(1000000000000000000);
    state->max_launches = most_launches;
    if (config->max_launches > 0 && config->max_launches < most_launches)
        state->max_launches = config->max_launches;
    state->max_launches -= state->max_launches % config->unit;
}

sy_status sy_sampler_run(const sy_work *work, const sy_clock *clock, const sy_sampler_config *config,
    const sy_sample_buffer *buffer, sy_visit *out_visit, sy_error *err) {
    static sy_status (*const stages[SY_STAGE_DONE])(visit_state *) = {
        run_first, calibrate, warm_up, run_timed};
    *out_visit = (sy_visit){0};
    visit_state state = {.batcher = {.work = work, .clock = clock},
        .config = config,
        .buffer = buffer,
        .visit = out_visit,
        .err = err};
    sy_status status = sy_batcher_check(work, clock, err);
    if (status == SY_OK)
        status = check_arguments(&state);
    if (status != SY_OK)
        return status;
    prepare_state(&state);
    status = sy_clock_read(clock, &state.start_ns, err);
    while (status == SY_OK && out_visit->stage < SY_STAGE_DONE && !is_cancelled(&state)) {
        status = stages[out_visit->stage](&state);
        out_visit->stage += status == SY_OK && !is_cancelled(&state);
    }
    out_visit->launches_total = state.batcher.next;
    if (status != SY_OK)
        return sy_error_prefix(err, status, "%s", sy_stage_name(out_visit->stage));
    summarise(&state);
    return SY_OK;
}

size_t sy_samples_thin(const double *samples, size_t count, double *out_samples, size_t capacity) {
    size_t kept = count < capacity ? count : capacity;
    for (size_t i = 0; i < kept; i++) {
        /* i (count - 1) / (kept - 1), without a product that could overflow */
        size_t steps = kept > 1 ? kept - 1 : 1, whole = (count - 1) / steps, rest = (count - 1) % steps;
        out_samples[i] = samples[i * whole + i * rest / steps];
    }
    return kept;
}
