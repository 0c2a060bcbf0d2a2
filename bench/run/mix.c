/* Whole passes under meters. */
#include "bench/run/mix.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/measure/ring.h"
#include "bench/totals/totals.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

/* Passes that a window has to have room for. */
static const double LEAST_PASSES = 3.0;

/* One total under way: its layers as rows of the plan. */
typedef struct pass {
    const sy_weigh *weigh;
    const sy_total *total;
    const sy_work_row **row;
    uint64_t launches;
} pass;

static const sy_work_row *find_row(const sy_worklist *list, const char *id) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->row[i].id, id) == 0)
            return &list->row[i];
    return NULL;
}

/* All layers by the plan; false if one is not of this run. */
static bool find_rows(const sy_worklist *list, sy_arena *arena, pass *p) {
    p->row = sy_arena_array(arena, p->total->share.count, sizeof(*p->row));
    for (size_t i = 0; p->row != NULL && i < p->total->share.count; i++) {
        const sy_total_share *share = &p->total->share.item[i];
        p->row[i] = share->row != NULL ? find_row(list, share->row->id) : NULL;
        if (p->row[i] == NULL)
            return false;
        p->launches += share->count;
    }
    return p->row != NULL && p->total->share.count > 0;
}

/* Layers take turns, which keeps each one's operands as cold as a pass does: one set of each will do. NULL
 * without memory. */
static json_t *make_jobs(const pass *p) {
    const sy_config *config = p->weigh->shared->config;
    const sy_visit_order order = {.launch = SY_LAUNCH_DIRECT, .precision = config->precision};
    json_t *jobs = json_array();
    for (size_t i = 0; i < p->total->share.count; i++) {
        const sy_row_state state = {.work = p->row[i]};
        json_t *job = sy_visit_request(p->weigh->shared, p->weigh->target, &state, &order);
        if (job == NULL) {
            json_decref(jobs);
            return NULL;
        }
        json_object_set_new(job, "cache", json_integer(SY_CACHE_HOT));
        json_object_set_new(job, "launches", json_integer((json_int_t)p->total->share.item[i].count));
        json_array_append_new(jobs, job);
    }
    return jobs;
}

static int64_t limit_ms(const pass *p) {
    int64_t sum_ms = 0;
    for (size_t i = 0; i < p->total->share.count; i++) {
        const sy_row_state state = {.work = p->row[i]};
        sum_ms += sy_visit_limit_ms(&state);
    }
    return sum_ms + (int64_t)(3.0 * p->total->ns * 1e-6);
}

/* The output of one layer, drawn by chance, is checked as a row's is. */
static sy_status verify(const pass *p, const sy_energy_told *told, uint64_t seed, sy_error *err) {
    sy_row_state state;
    if (told->checked >= p->total->share.count)
        return sy_error_set(err, SY_INTERNAL, "the worker checked a job that there is not");
    sy_status status = sy_row_state_init(&state, p->row[told->checked], 1, err);
    if (status == SY_OK) {
        sy_row_state_take_facts(&state, told->reply);
        status = sy_verify_outputs(p->weigh->shared, p->weigh->target, &state, told->reply, seed, err);
    }
    if (status == SY_OK && state.status != 0)
        status = sy_error_set(err, SY_WRONG_RESULT, "%s", state.reason);
    sy_row_state_release(&state);
    return status;
}

static bool fill_reasons(uint32_t bits, sy_arena *arena, sy_text_list *out) {
    const char **names = sy_arena_array(arena, SY_ENERGY_REASON_COUNT, sizeof *names);
    if (names == NULL)
        return false;
    *out = (sy_text_list){.item = names};
    for (uint32_t i = 0; i < SY_ENERGY_REASON_COUNT; i++)
        if ((bits & (UINT32_C(1) << i)) != 0)
            names[out->count++] = sy_energy_reason_name(UINT32_C(1) << i);
    return true;
}

static bool fill_entry(
    const pass *p, const sy_energy_told *told, size_t index, sy_arena *arena, sy_total_energy *entry) {
    const sy_energy_facts *facts = &p->weigh->kit->meters.found[index].facts;
    sy_energy_window window = told->window;
    sy_energy_result result;
    window.load_period_ns = (uint64_t)p->total->ns;
    sy_energy_integrate(
        facts, &told->trace[index], &window, p->weigh->shared->config->energy_precision, &result);
    double passes = (double)told->launches / (double)p->launches;
    sy_total_energy_init(entry);
    entry->source = sy_arena_text(arena, facts->name);
    entry->scope = sy_energy_scope_name(facts->scope);
    entry->joule_per_pass = result.joule / passes;
    entry->watt = result.watt;
    if (p->total->flop != SY_NO_COUNT)
        entry->flop_per_joule = (double)p->total->flop / entry->joule_per_pass;
    entry->u_random = result.u_random_j / result.joule;
    entry->u_systematic = result.u_systematic_j / result.joule;
    entry->valid = sy_tri_of(result.reasons == 0);
    return entry->source != NULL && fill_reasons(result.reasons, arena, &entry->reasons);
}

static sy_status take_mix(const pass *p, const sy_energy_told *told, sy_mixes *mixes, sy_error *err) {
    const sy_energy_list *meters = &p->weigh->kit->meters;
    sy_total_energy *entries = sy_arena_array(&mixes->arena, meters->count, sizeof *entries);
    sy_mix *grown = sy_mem_realloc(mixes->mix, (mixes->count + 1) * sizeof *grown);
    size_t count = 0;
    if (grown != NULL)
        mixes->mix = grown;
    bool has_room = entries != NULL && grown != NULL;
    for (size_t i = 0; has_room && i < meters->count; i++)
        if (sy_energy_is_energy(meters->found[i].facts.kind))
            has_room = fill_entry(p, told, i, &mixes->arena, &entries[count++]);
    if (!has_room)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a mix");
    mixes->mix[mixes->count++] = (sy_mix){.total = p->total, .energy = {.item = entries, .count = count}};
    return SY_OK;
}

static sy_energy_lengths lengths_of(const pass *p) {
    sy_energy_lengths lengths = sy_weigh_lengths(p->weigh->kit, p->weigh->shared->config);
    if ((double)lengths.window_ns < LEAST_PASSES * p->total->ns)
        lengths.window_ns = (uint64_t)(LEAST_PASSES * p->total->ns);
    return lengths;
}

static bool is_in_time(const pass *p, uint64_t until_ns) {
    sy_energy_lengths lengths = lengths_of(p);
    uint64_t all_ns = lengths.load_ns + lengths.window_ns + lengths.tail_ns;
    return until_ns == 0 || sy_clock_raw_ns() + all_ns <= until_ns;
}

static sy_status measure_pass(const pass *p, sy_mixes *mixes, sy_error *err) {
    sy_error reason = SY_ERROR_INIT;
    sy_energy_told told = {0};
    sy_energy_call call = sy_energy_kit_call(p->weigh->kit, p->weigh->shared->places, p->weigh->target);
    sy_energy_lengths lengths = lengths_of(p);
    sy_status status = sy_energy_ask_window(&call, make_jobs(p), &lengths, limit_ms(p), &told, &reason);
    if (status == SY_OK)
        status = verify(p, &told, call.phase_seed, &reason);
    sy_status taken = status == SY_OK ? take_mix(p, &told, mixes, err) : SY_OK;
    sy_energy_told_release(&told);
    if (taken != SY_OK)
        return taken;
    if (status == SY_REFUSED && !sy_worker_alive(p->weigh->target->worker))
        return sy_error_set(err, SY_REFUSED, "interrupted");
    if (status != SY_OK)
        fprintf(stderr, "energy of a pass: %s: %s\n", p->total->model, sy_error_text(&reason, status));
    return sy_visit_recover(p->weigh->shared, p->weigh->target, NULL, status, err);
}

static bool is_measurable(const sy_weigh *weigh, const sy_total *total) {
    double longest_ns = (double)weigh->shared->config->energy_window_ns;
    return strcmp(total->device, weigh->target->id) == 0 && isfinite(total->ns) &&
           LEAST_PASSES * total->ns <= longest_ns;
}

sy_status sy_mixes_measure(
    const sy_weigh *weigh, const sy_mix_source *source, sy_mixes *mixes, sy_error *err) {
    sy_totals_request request = {.rows = source->rows->row,
        .n_rows = source->rows->count,
        .names = source->names,
        .n_names = source->n_names};
    sy_total_list totals = {0};
    if (!weigh->kit->has_energy || weigh->target->worker == NULL)
        return SY_OK;
    sy_status status = sy_totals_compute(&request, &mixes->arena, &totals, err);
    for (size_t i = 0; status == SY_OK && i < totals.count; i++) {
        pass p = {.weigh = weigh, .total = &totals.item[i]};
        if (is_measurable(weigh, p.total) && is_in_time(&p, source->until_ns) &&
            find_rows(source->list, &mixes->arena, &p))
            status = measure_pass(&p, mixes, err);
    }
    return status;
}

static bool is_same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same_total(const sy_total *a, const sy_total *b) {
    return is_same_text(a->device, b->device) && is_same_text(a->algorithm, b->algorithm) &&
           is_same_text(a->model, b->model) && is_same_text(a->phase, b->phase) && a->tokens == b->tokens &&
           a->images == b->images && is_same_text(a->dtype, b->dtype) && is_same_text(a->math, b->math);
}

void sy_mixes_apply(const sy_mixes *mixes, sy_total *total) {
    for (size_t i = 0; i < mixes->count; i++)
        if (is_same_total(mixes->mix[i].total, total))
            total->mix = mixes->mix[i].energy;
}

void sy_mixes_release(sy_mixes *mixes) {
    sy_mem_free(mixes->mix);
    sy_arena_release(&mixes->arena);
    *mixes = (sy_mixes){0};
}
