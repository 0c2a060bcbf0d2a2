/* From a row in progress to the row that is recorded. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/wish.h"
#include "bench/measure/sampler.h"
#include "bench/run/datasheet.h"
#include "bench/run/pair.h"
#include "bench/run/state.h"
#include "steelyard/backend.h"

static const char *scope_name(uint32_t scope) {
    static const char *const names[] = {NULL, "die", "card", "node", "package"};
    return scope < sizeof names / sizeof names[0] ? names[scope] : NULL;
}

static const char *text_or_null(const char *text) {
    return text[0] != '\0' ? text : NULL;
}

static sy_row_origin make_origin(sy_work_origin place) {
    return (sy_row_origin){.suite = place.suite->name,
        .suite_sha256 = place.suite->sha256[0] != '\0' ? place.suite->sha256 : NULL,
        .name = place.item->name,
        .phase = place.item->phase,
        .count = place.item->count,
        .context = place.item->context > 0 ? place.item->context : SY_NO_COUNT,
        .verified = sy_tri_of(place.item->verified)};
}

static void fill_identity(const sy_row_state *state, const sy_target *target, const sy_config *config,
    sy_row_texts *texts, sy_row *row) {
    const sy_work_row *work = state->work;
    row->id = work->id;
    row->process = work->process;
    row->request.device = target->id;
    row->request.algorithm = work->algorithm;
    row->key.problem = work->problem;
    row->key.data = sy_data_name(config->data);
    row->key.cache = sy_cache_name((int)config->cache);
    row->key.launch = sy_launch_name((int)config->launch);
    row->key_hash = work->key_hash;
    if (work->pair.side != NULL) {
        row->pair.id = work->pair.id;
        row->pair.side = work->pair.side;
        row->pair.block = state->visits / SY_PAIR_ROUNDS;
    }
    row->origin = make_origin(work->origin);
    for (size_t i = 0; i < work->also_count && i < SY_ROW_ALSO_MAX; i++)
        texts->also[i] = make_origin(work->also[i]);
    row->also.item = texts->also;
    row->also.count = work->also_count < SY_ROW_ALSO_MAX ? work->also_count : SY_ROW_ALSO_MAX;
}

static void fill_device(const sy_target *target, sy_row *row) {
    row->subject.backend = target->parsed.backend;
    row->subject.device.id = target->id;
    row->subject.device.name = text_or_null(target->info.name);
    row->subject.device.vendor = text_or_null(target->info.vendor);
    row->subject.device.physical_id = text_or_null(target->physical_id);
    row->subject.device.scope = scope_name(target->info.scope);
    row->subject.simulated = sy_tri_of(target->simulated);
    if ((target->info.flags & SY_DEVICE_HOST_PROCESSOR) != 0 && target->info.units > 0)
        row->subject.config.threads = target->info.units;
}

static void fill_libraries(const sy_target *target, sy_library_fact *room, sy_row *row) {
    for (size_t i = 0; i < target->library_count; i++)
        room[i] = (sy_library_fact){.name = target->library[i].name,
            .version = text_or_null(target->library[i].version),
            .path = text_or_null(target->library[i].path),
            .build_id = text_or_null(target->library[i].build_id)};
    row->subject.libraries.item = room;
    row->subject.libraries.count = target->library_count;
}

void sy_row_describe_target(const sy_target *target, sy_library_fact *room, sy_row *row) {
    fill_device(target, row);
    fill_libraries(target, room, row);
}

static void fill_subject(const sy_row_state *state, const sy_target *target, sy_row *row) {
    const sy_state_facts *facts = &state->facts;
    if (state->visits == 0)
        return;
    row->subject.algorithm = facts->algorithm;
    row->subject.implementation = text_or_null(facts->implementation);
    if (strcmp(state->work->algorithm, "auto") == 0)
        row->subject.config.tuned = sy_tri_of(facts->tuned);
    if (facts->tuned && facts->explored > 0)
        row->subject.config.explored = facts->explored;
    row->subject.layout_used = text_or_null(facts->layout_used);
    row->subject.flop_ratio = facts->flop_ratio;
    row->subject.prepare_ns = facts->prepare_byte > 0 ? facts->prepare_ns : NAN;
    row->subject.prepare_byte = facts->prepare_byte > 0 ? facts->prepare_byte : SY_NO_COUNT;
    row->subject.workspace_byte = facts->workspace_byte;
    row->subject.deterministic = sy_tri_of((facts->flags & SY_ALGO_DETERMINISTIC) != 0);
    row->ring.sets = facts->ring_sets;
    row->ring.byte = facts->ring_byte;
    row->ring.cache_byte = facts->cache_byte > 0 ? facts->cache_byte : SY_NO_COUNT;
    row->ring.cache_source = facts->cache_byte == 0          ? NULL
                             : facts->cache_assumed          ? "assumed"
                             : target->swept_cache_bytes > 0 ? "sweep"
                                                             : "device";
    row->ring.partial = sy_tri_of(facts->cache_partial);
    row->path.reorders = (facts->flags & SY_ALGO_REORDERS_INSIDE) != 0 ? 1 : 0;
    row->path.emulated = sy_tri_of((facts->flags & SY_ALGO_EMULATED) != 0);
    row->path.fallback = (facts->flags & SY_ALGO_ON_HOST) != 0 ? "host processor" : NULL;
    row->path.launch = text_or_null(facts->launch);
}

/* Figures over all batches of all visits; the tails come from the published percentiles' worst round. */
static void fill_clock(
    const sy_visit_stats *visits, size_t count, const sy_row_stats *stats, sy_row_time *out) {
    double mean = 0.0, total = 0.0;
    out->median_ns = stats->median_ns;
    out->ci95_ns[0] = stats->low_ns;
    out->ci95_ns[1] = stats->high_ns;
    out->min_ns = stats->min_ns;
    out->p90_ns = out->p99_ns = NAN;
    for (size_t i = 0; i < count; i++) {
        mean += visits[i].mean_ns * (double)visits[i].count;
        total += (double)visits[i].count;
        out->p90_ns = fmax(visits[i].p90_ns, out->p90_ns);
        out->p99_ns = fmax(visits[i].p99_ns, out->p99_ns);
    }
    out->mean_ns = total > 0.0 ? mean / total : NAN;
}

/* A ceiling is one of arithmetic done, which an algorithm may have less of than the direct count. */
static uint64_t arithmetic_of(const sy_row_state *state) {
    return (uint64_t)((double)state->work->flop * state->facts.flop_ratio + 0.5);
}

static void fill_time(const sy_row_state *state, const sy_target *target, const sy_row_stats *stats,
    sy_row_texts *texts, sy_row *row) {
    row->time.headline = SY_HEADLINE_HOST;
    row->time.interval_kind = (uint32_t)stats->interval_kind;
    fill_clock(state->host, state->visits, stats, &row->time.host);
    row->time.host.resolution_ns = target->clock_resolution_ns;
    row->time.batch = state->facts.launches;
    row->time.rounds = state->visits;
    row->time.samples = state->sample_count;
    row->time.plan_ns = state->facts.plan_ns;
    row->time.compile_ns = state->facts.compile_ns;
    row->time.first_run_ns = state->facts.first_run_ns;
    row->time.clock_overhead_ns = target->clock_overhead_ns;
    row->time.samples_ns.count =
        sy_samples_thin(state->samples, state->sample_count, texts->samples, SY_ROW_SAMPLES_MAX);
    row->time.samples_ns.item = texts->samples;
    row->time.by_round.item = state->round;
    row->time.by_round.count = state->visits;
    row->time.autocorrelation = state->round[0].autocorrelation;
}

/* The fraction of the arithmetic ceiling at which a launch of that time runs; NaN if there is none. */
static double fraction_of_ceiling(const sy_row_state *state, const sy_ceilings *ceiling, double median_ns) {
    double of_ceiling = NAN, of_roofline;
    const sy_work_row *work = state->work;
    if (ceiling != NULL && work->flop > 0)
        sy_ceiling_fractions(ceiling, &work->spec, arithmetic_of(state), work->byte, median_ns * 1e-9,
            &of_ceiling, &of_roofline);
    return of_ceiling;
}

/* The device's own time, and whether it is believed: it is beside the headline and nothing goes by it. */
static void fill_device_time(
    const sy_row_state *state, const sy_ceilings *ceiling, sy_row_texts *texts, sy_row *row) {
    sy_row_stats stats;
    sy_device_time compared = state->device_time;
    if (compared.batches == 0)
        return;
    compared.untold += state->sample_count - compared.batches; /* whole visits without a timer */
    compared.batches = state->sample_count;
    sy_row_summarise(state->device, state->visits, &stats);
    if (stats.rounds == state->visits)
        fill_clock(state->device, state->visits, &stats, &row->time.device);
    row->time.device.resolution_ns = state->device_resolution_ns > 0.0 ? state->device_resolution_ns : NAN;
    double median_ns = row->time.device.median_ns;
    bool is_believed = sy_device_time_believed(&compared, row->time.host.median_ns, median_ns,
        fraction_of_ceiling(state, ceiling, median_ns), texts->device_reason);
    row->time.device_believed = sy_tri_of(is_believed);
    row->time.device_reason = text_or_null(texts->device_reason);
}

static void fill_rate(
    const sy_row_state *state, const sy_target *target, const sy_ceilings *ceiling, sy_row *row) {
    const sy_work_row *work = state->work;
    double seconds = row->time.host.median_ns * 1e-9;
    row->rate.flop = work->flop;
    row->rate.byte = work->byte;
    if (work->flop > 0)
        row->rate.flop_per_s = (double)work->flop / seconds;
    if (work->byte > 0)
        row->rate.byte_per_s = (double)work->byte / seconds;
    row->rate.of_datasheet = sy_datasheet_fraction(target->datasheet, &work->spec, state->facts.math_id,
        arithmetic_of(state), seconds, &row->rate.datasheet_confidence);
    if (ceiling == NULL)
        return;
    sy_ceiling_fractions(ceiling, &work->spec, arithmetic_of(state), work->byte, seconds,
        &row->rate.of_ceiling, &row->rate.of_roofline);
    if (!isnan(row->rate.of_ceiling))
        row->rate.ceiling_method = "microkernel";
}

static void fill_check(const sy_row_state *state, const sy_config *config, sy_row *row) {
    const sy_check_result *check = &state->check;
    row->check.math = text_or_null(state->facts.math);
    if (config->check == SY_CHECK_OFF || state->check_count == 0) {
        row->check.status = config->check == SY_CHECK_OFF ? SY_CHECKED_OFF
                            : state->visits > 0           ? SY_CHECKED_NOTHING
                                                          : 0;
        return;
    }
    row->check.status = check->status == SY_WRONG_RESULT ? SY_CHECKED_WRONG
                        : check->status != SY_OK         ? SY_CHECKED_OVERFLOW
                        : check->verified                ? SY_CHECKED_OK
                                                         : SY_CHECKED_WEAK;
    row->check.method = text_or_null(check->method);
    row->check.smallest_fault = text_or_null(check->smallest_fault);
    row->check.reason = text_or_null(check->reason);
    row->check.max_error = check->max_error;
    row->check.bound = check->bound;
    row->check.verified = sy_tri_of(check->verified);
}

static void fill_conditions(const sy_row_state *state, sy_row *row) {
    row->conditions.temp_c = state->temp_c;
    row->conditions.gap_ms = state->gap_ms;
    if (state->clock_count == 0)
        return;
    row->conditions.clock_mhz.min = state->clock_min_mhz;
    row->conditions.clock_mhz.max = state->clock_max_mhz;
    row->conditions.clock_mhz.mean = state->clock_sum_mhz / (double)state->clock_count;
}

/* Stable or not; suspect if it is faster than the device can be. */
static void judge_row(
    const sy_row_state *state, const sy_row_stats *stats, sy_row_texts *texts, sy_row *row) {
    if (state->status != 0)
        return;
    row->status = stats->is_stable ? SY_ROW_OK : SY_ROW_UNSTABLE;
    snprintf(texts->reason, sizeof texts->reason, "%s", stats->is_stable ? "" : stats->reason);
    if (state->work->flop > 0 && row->rate.of_ceiling > SY_CEILING_SLACK) {
        row->status = SY_ROW_SUSPECT;
        snprintf(texts->reason, sizeof texts->reason,
            "%.0f %% of a ceiling that was measured twice: timing, FLOP count or elided work",
            100.0 * row->rate.of_ceiling);
    }
    row->reason = text_or_null(texts->reason);
}

/* A row without a time has no joules either; one that was not weighed says why. */
static void fill_energy(const sy_row_state *state, bool has_time, sy_row_texts *texts, sy_row *row) {
    const sy_weighed *weighed = &state->weighed;
    bool is_there = has_time && weighed->kit != NULL;
    row->energy.item = texts->weighed.entry;
    row->energy.count = is_there ? sy_weighed_entries(weighed, state->work->flop, state->work->byte,
                                       row->time.host.median_ns, &texts->weighed)
                                 : 0;
    if (is_there)
        row->conditions.throttle = sy_weighed_held_back(weighed, &texts->weighed);
    if (has_time && weighed->has_sustain)
        row->sustain = weighed->sustain;
    if (row->energy.count == 0)
        row->energy_reason = weighed->reason[0] != '\0' ? weighed->reason
                             : has_time                 ? "not asked for"
                                                        : "the row has no time";
}

void sy_row_state_finish(const sy_row_state *state, const sy_target *target, const sy_config *config,
    const sy_ceilings *ceiling, sy_row_texts *texts, sy_row *out_row) {
    sy_row_stats stats;
    sy_row_init(out_row);
    fill_identity(state, target, config, texts, out_row);
    sy_row_describe_target(target, texts->library, out_row);
    fill_subject(state, target, out_row);
    fill_check(state, config, out_row);
    fill_conditions(state, out_row);
    out_row->path.in_process = sy_tri_of(config->isolation == SY_ISOLATION_NONE);
    out_row->status = state->status;
    out_row->reason = text_or_null(state->reason);
    bool has_time = state->visits > 0 && (state->status == 0 || state->status == SY_ROW_SUSPECT);
    if (has_time) {
        sy_row_state_summary(state, &stats);
        fill_time(state, target, &stats, texts, out_row);
        fill_device_time(state, ceiling, texts, out_row);
        fill_rate(state, target, ceiling, out_row);
        judge_row(state, &stats, texts, out_row);
    }
    fill_energy(state, has_time, texts, out_row);
    sy_subject_hash(out_row, texts->subject_hash);
    out_row->subject_hash = texts->subject_hash;
}
