/* Windows of energy of the rows of a device. */
#include "bench/run/weigh.h"

#include <math.h>
#include <stdio.h>

#include "bench/energy/cross.h"
#include "bench/energy/plan.h"
#include "bench/run/energy_pick.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Load before and after the window, beyond what sensors average over. */
static const uint64_t LOAD_NS = 1000000000, TAIL_NS = 100000000;

/* A window that turned out too short is lengthened by that much more than it should need, once. */
static const double MARGIN = 1.1;

static bool is_energy(const sy_energy_kit *kit, size_t index) {
    return sy_energy_is_energy(kit->meters.found[index].facts.kind);
}

static sy_energy_plan plan_meter(const sy_energy_kit *kit, const sy_config *config, size_t index) {
    sy_energy_need need = {.update_period_ns = sy_energy_kit_period_ns(kit, index),
        .longest_ns = config->energy_window_ns,
        .watt = kit->watt[index],
        .precision = config->energy_precision};
    sy_energy_plan plan;
    sy_energy_plan_window(&kit->meters.found[index].facts, &need, &plan);
    return plan;
}

/* The longest that a meter needs and that is allowed; one that needs more is told so, and keeps nobody
 * waiting. */
sy_energy_lengths sy_weigh_lengths(const sy_energy_kit *kit, const sy_config *config) {
    sy_energy_lengths lengths = {.load_ns = LOAD_NS, .tail_ns = TAIL_NS};
    bool is_cut = false;
    for (size_t i = 0; i < kit->meters.count; i++) {
        if (!is_energy(kit, i))
            continue;
        sy_energy_plan plan = plan_meter(kit, config, i);
        is_cut = is_cut || plan.is_cut;
        if (!plan.is_cut && plan.window_ns > lengths.window_ns)
            lengths.window_ns = plan.window_ns;
        if (LOAD_NS + plan.before_ns > lengths.load_ns)
            lengths.load_ns = LOAD_NS + plan.before_ns;
        if (plan.after_ns > lengths.tail_ns)
            lengths.tail_ns = plan.after_ns;
    }
    if (lengths.window_ns == 0)
        lengths.window_ns = is_cut ? config->energy_window_ns : LOAD_NS;
    return lengths;
}

double sy_weigh_estimate_s(const sy_energy_kit *kit, const sy_config *config, size_t rows) {
    sy_energy_lengths lengths = sy_weigh_lengths(kit, config);
    double each_s = 1e-9 * (double)(lengths.load_ns + lengths.window_ns + lengths.tail_ns) + 0.5;
    return (double)rows * each_s + 2.0 * (1e-9 * (double)sy_energy_kit_idle_ns(kit) + 1.0);
}

/* Where within an update of the slowest meter the window begins is left to chance. */
static uint64_t random_phase_ns(const sy_energy_kit *kit, uint64_t seed) {
    uint64_t longest_ns = 1;
    for (size_t i = 0; i < kit->meters.count; i++)
        if (is_energy(kit, i) && sy_energy_kit_period_ns(kit, i) > longest_ns)
            longest_ns = sy_energy_kit_period_ns(kit, i);
    return seed % longest_ns;
}

void sy_weigh_mark(
    const sy_weigh *weigh, const sy_worklist *list, const bool *wanted, sy_row_state *states, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sy_weighed *weighed = &states[i].weighed;
        const char *reason = weigh->kit->why;
        bool is_picked = wanted[states[i].work - list->row];
        weighed->is_wanted = is_picked && weigh->kit->has_energy;
        if (weigh->kit->has_energy)
            reason = is_picked ? "no window was measured"
                               : "not the heaviest of its kind (--energy all weighs every row)";
        else if (reason[0] == '\0')
            reason = "not asked for";
        snprintf(weighed->reason, sizeof weighed->reason, "%s", reason);
    }
}

static bool is_waiting(const sy_row_state *state) {
    return state->weighed.is_wanted && state->status == 0 && state->visits > 0 && !state->written;
}

static sy_row_state *find_stand_in(const sy_row_state *gone, sy_row_state *states, size_t count) {
    sy_row_state *best = NULL;
    for (size_t i = 0; i < count; i++) {
        sy_row_state *each = &states[i];
        bool has_time = each->status == 0 && each->visits > 0 && !each->written;
        if (!has_time || !sy_energy_is_same_kind(gone->work, each->work))
            continue;
        if (each->weighed.is_wanted)
            return NULL; /* the kind has its row */
        if (best == NULL || sy_energy_is_heavier(each->work, best->work))
            best = each;
    }
    return best;
}

void sy_weigh_replace(sy_row_state *states, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool is_gone = states[i].weighed.is_wanted && states[i].status != 0;
        sy_row_state *best = is_gone ? find_stand_in(&states[i], states, count) : NULL;
        if (best == NULL)
            continue;
        best->weighed.is_wanted = true;
        snprintf(best->weighed.reason, sizeof best->weighed.reason, "no window was measured");
    }
}

size_t sy_weigh_waiting(const sy_row_state *states, size_t count) {
    size_t waiting = 0;
    for (size_t i = 0; i < count; i++)
        waiting += is_waiting(&states[i]);
    return waiting;
}

static size_t count_readings(const sy_energy_trace *trace, const sy_energy_window *window) {
    size_t count = 0;
    for (size_t i = 0; i < trace->count; i++)
        count +=
            trace->reading[i].begin_ns >= window->begin_ns && trace->reading[i].begin_ns <= window->end_ns;
    return count;
}

/* Of one sensor, within the window. */
static uint64_t held_back(const sy_energy_trace *trace, const sy_energy_window *window) {
    uint64_t bits = 0;
    for (size_t i = 0; i < trace->count; i++)
        if (trace->reading[i].begin_ns >= window->begin_ns && trace->reading[i].end_ns <= window->end_ns &&
            trace->reading[i].value >= 0.0 && trace->reading[i].value < 0x1p64)
            bits |= (uint64_t)trace->reading[i].value;
    return bits;
}

static sy_status take_results(
    const sy_weigh *weigh, const sy_energy_told *told, sy_weighed *weighed, sy_error *err) {
    sy_energy_kit *kit = weigh->kit;
    double precision = weigh->shared->config->energy_precision;
    sy_mem_free(weighed->meter);
    weighed->meter = sy_mem_calloc(kit->meters.count, sizeof *weighed->meter);
    if (weighed->meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for meters");
    weighed->held_back = 0;
    for (size_t i = 0; i < kit->meters.count; i++) {
        sy_weighed_meter *meter = &weighed->meter[i];
        if (kit->meters.found[i].facts.kind == SY_ENERGY_THROTTLE)
            weighed->held_back |= held_back(&told->trace[i], &told->window);
        if (!is_energy(kit, i))
            continue;
        sy_energy_integrate(
            &kit->meters.found[i].facts, &told->trace[i], &told->window, precision, &meter->result);
        meter->idle_before = kit->idle[i];
        meter->idle_before_s = kit->idle_s;
        meter->readings = count_readings(&told->trace[i], &told->window);
        snprintf(meter->failure, sizeof meter->failure, "%.150s", told->trace[i].failure);
        if (meter->result.is_period_measured)
            kit->period_ns[i] = meter->result.update_period_ns;
        if (isfinite(meter->result.watt))
            kit->watt[i] = meter->result.watt;
    }
    weighed->kit = kit;
    weighed->runs = told->launches;
    weighed->window_ns = (double)(told->window.end_ns - told->window.begin_ns);
    weighed->sampler_cpu =
        (double)told->sampler_cost_ns / (double)(told->window.load_end_ns - told->window.load_begin_ns);
    return SY_OK;
}

/* Several of a source that are of one kind and scope stand side by side (sockets, rails, plugs): each has a
 * part, so none of them is to say what another meter says. */
static bool is_alone(const sy_energy_kit *kit, size_t index) {
    const sy_energy_facts *facts = &kit->meters.found[index].facts;
    for (size_t i = 0; i < kit->meters.count; i++) {
        const sy_energy_facts *other = &kit->meters.found[i].facts;
        if (i != index && other->kind == facts->kind && other->scope == facts->scope &&
            sy_energy_source_of(other->name) == sy_energy_source_of(facts->name))
            return false;
    }
    return true;
}

/* A disagreement says that one of them is wrong, not which. */
static void compare_pair(const sy_energy_kit *kit, sy_weighed *weighed, size_t i, size_t j) {
    sy_weighed_meter *a = &weighed->meter[i], *b = &weighed->meter[j];
    sy_energy_cross cross;
    uint32_t other_reasons = (a->result.reasons | b->result.reasons) & ~(uint32_t)SY_ENERGY_DISAGREES;
    if (!is_energy(kit, i) || !is_energy(kit, j) || other_reasons != 0)
        return;
    if (!is_alone(kit, i) || !is_alone(kit, j))
        return;
    sy_energy_cross_check((sy_energy_side){&kit->meters.found[i].facts, &a->result},
        (sy_energy_side){&kit->meters.found[j].facts, &b->result}, &cross);
    if (cross.verdict != SY_ENERGY_CROSS_DISAGREE)
        return;
    snprintf(a->disagreement, sizeof a->disagreement, "%.150s", cross.text);
    snprintf(b->disagreement, sizeof b->disagreement, "%.150s", cross.text);
    a->result.reasons |= SY_ENERGY_DISAGREES;
    b->result.reasons |= SY_ENERGY_DISAGREES;
}

static void compare_meters(const sy_energy_kit *kit, sy_weighed *weighed) {
    for (size_t i = 0; i < kit->meters.count; i++)
        for (size_t j = i + 1; j < kit->meters.count; j++)
            compare_pair(kit, weighed, i, j);
}

/* The length at which every meter that can be served within the limit is; 0: it is so already. */
static uint64_t longer_window_ns(const sy_weigh *weigh, const sy_weighed *weighed, uint64_t had_ns) {
    uint64_t longest_ns = 0, limit_ns = weigh->shared->config->energy_window_ns;
    for (size_t i = 0; i < weigh->kit->meters.count; i++) {
        double needed_ns = MARGIN * (double)weighed->meter[i].result.needed_window_ns;
        if (is_energy(weigh->kit, i) && needed_ns > (double)longest_ns && needed_ns <= (double)limit_ns)
            longest_ns = (uint64_t)needed_ns;
    }
    return longest_ns > had_ns ? longest_ns : 0;
}

static sy_status run_window(const sy_weigh *weigh, sy_row_state *state, uint64_t *window_ns, sy_error *err) {
    const sy_visit_order order = {
        .launch = weigh->shared->config->launch, .precision = weigh->shared->config->precision};
    sy_energy_lengths lengths = sy_weigh_lengths(weigh->kit, weigh->shared->config);
    sy_energy_call call = sy_energy_kit_call(weigh->kit, weigh->shared->places, weigh->target);
    sy_energy_told told = {0};
    if (*window_ns > 0)
        lengths.window_ns = *window_ns;
    lengths.load_ns += random_phase_ns(weigh->kit, call.phase_seed);
    json_t *job = sy_visit_request(weigh->shared, weigh->target, state, &order);
    json_t *jobs = json_pack("[o]", job);
    sy_status status = sy_energy_ask_window(&call, jobs, &lengths, sy_visit_limit_ms(state), &told, err);
    if (status == SY_OK)
        status = sy_verify_outputs(weigh->shared, weigh->target, state, told.reply, call.phase_seed, err);
    if (status == SY_OK && state->status == 0)
        status = take_results(weigh, &told, &state->weighed, err);
    *window_ns = 0;
    if (status == SY_OK && state->status == 0)
        *window_ns = longer_window_ns(weigh, &state->weighed, lengths.window_ns);
    sy_energy_told_release(&told);
    return status;
}

sy_status sy_weigh_row(const sy_weigh *weigh, sy_row_state *state, sy_error *err) {
    sy_error reason = SY_ERROR_INIT;
    uint64_t window_ns = 0;
    if (!is_waiting(state))
        return SY_OK;
    sy_status status = run_window(weigh, state, &window_ns, &reason);
    if (status == SY_OK && window_ns > 0)
        status = run_window(weigh, state, &window_ns, &reason);
    if (status == SY_OK && state->weighed.kit != NULL)
        compare_meters(weigh->kit, &state->weighed);
    if (status == SY_REFUSED && !sy_worker_alive(weigh->target->worker))
        return sy_error_set(err, SY_REFUSED, "interrupted");
    if (status == SY_OK && state->status == 0)
        return SY_OK;
    snprintf(state->weighed.reason, sizeof state->weighed.reason, "%.250s",
        status != SY_OK ? sy_error_text(&reason, status) : "the result in its window was wrong");
    state->weighed.kit = NULL;
    return sy_visit_recover(weigh->shared, weigh->target, state, status, err);
}

/* Means of one and the same value over unequal times differ by the rounding of their sums, and by no more. */
static bool is_one_value(double a, double b) {
    static const double ROUNDING = 1e-9;
    return fabs(a - b) <= ROUNDING * fabs(a);
}

/* A power that is under load exactly what it is without was not read anew. */
static bool is_stuck(const sy_energy_facts *facts, const sy_weighed_meter *meter) {
    return facts->kind != SY_ENERGY_COUNTER && sy_energy_is_energy(facts->kind) &&
           is_one_value(meter->result.watt, meter->idle_before.watt) &&
           is_one_value(meter->result.watt, meter->idle_after.watt);
}

static void take_idle_after(const sy_weigh *weigh, sy_weighed *weighed) {
    for (size_t j = 0; weighed->kit != NULL && j < weighed->kit->meters.count; j++) {
        weighed->meter[j].idle_after = weigh->kit->idle[j];
        weighed->meter[j].idle_after_s = weigh->kit->idle_s;
        if (is_stuck(&weighed->kit->meters.found[j].facts, &weighed->meter[j]))
            weighed->meter[j].result.reasons |= SY_ENERGY_STUCK;
    }
    weighed->has_idle = weighed->kit != NULL && weigh->kit->has_idle;
}

/* One window of a load of the caller's; *window_ns: 0, or of so long; then that of a longer one, if it is
 * needed. */
static sy_status run_load(const sy_weigh *weigh, const sy_weigh_load *load, uint64_t *window_ns,
    sy_weighed *weighed, sy_error *err) {
    sy_energy_lengths lengths = sy_weigh_lengths(weigh->kit, weigh->shared->config);
    sy_energy_call call = sy_energy_kit_call(weigh->kit, weigh->shared->places, weigh->target);
    sy_energy_told told = {0};
    if (*window_ns > 0)
        lengths.window_ns = *window_ns;
    lengths.load_ns += random_phase_ns(weigh->kit, call.phase_seed);
    sy_status status =
        sy_energy_ask_window(&call, load->make_jobs(load->ctx), &lengths, load->limit_ms, &told, err);
    if (status == SY_OK)
        status = take_results(weigh, &told, weighed, err);
    if (status == SY_OK) {
        weighed->runs *= load->runs_each;
        *window_ns = longer_window_ns(weigh, weighed, lengths.window_ns);
    }
    sy_energy_told_release(&told);
    return status;
}

sy_status sy_weigh_load_run(
    const sy_weigh *weigh, const sy_weigh_load *load, sy_weighed *weighed, sy_error *err) {
    uint64_t window_ns = 0;
    sy_status status = sy_energy_kit_idle(weigh->kit, weigh->shared->places, weigh->target, err);
    if (status == SY_OK)
        status = run_load(weigh, load, &window_ns, weighed, err);
    if (status == SY_OK && window_ns > 0)
        status = run_load(weigh, load, &window_ns, weighed, err);
    if (status == SY_OK) {
        compare_meters(weigh->kit, weighed);
        status = sy_energy_kit_idle(weigh->kit, weigh->shared->places, weigh->target, err);
    }
    if (status == SY_OK)
        take_idle_after(weigh, weighed);
    else
        weighed->kit = NULL;
    return status;
}

sy_status sy_weigh_idle(const sy_weigh *weigh, sy_error *err) {
    sy_error reason = SY_ERROR_INIT;
    if (!weigh->kit->has_energy || weigh->target->worker == NULL)
        return SY_OK;
    sy_status status = sy_energy_kit_idle(weigh->kit, weigh->shared->places, weigh->target, &reason);
    if (status == SY_REFUSED && !sy_worker_alive(weigh->target->worker))
        return sy_error_set(err, SY_REFUSED, "interrupted");
    return status == SY_OK ? SY_OK : sy_visit_recover(weigh->shared, weigh->target, NULL, status, err);
}

sy_status sy_weigh_end(const sy_weigh *weigh, sy_row_state *states, size_t count, sy_error *err) {
    size_t weighed_rows = 0;
    for (size_t i = 0; i < count; i++)
        weighed_rows += states[i].weighed.kit != NULL;
    sy_status status = weighed_rows > 0 ? sy_weigh_idle(weigh, err) : SY_OK;
    for (size_t i = 0; status == SY_OK && i < count; i++)
        take_idle_after(weigh, &states[i].weighed);
    return status;
}
