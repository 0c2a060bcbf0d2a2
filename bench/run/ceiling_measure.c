/* Measuring the ceilings of a device through the same visits as any row. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/run/cache_sweep.h"
#include "bench/run/schedule.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Sampling time of one ceiling. */
static const uint64_t CEILING_NS = UINT64_C(1000000000);

/* Work of the first attempt at an arithmetic ceiling. */
static const uint64_t LEAST_FLOP = UINT64_C(100000000);

/* A row that is in no suite. */
static sy_status make_work(size_t target, const char *problem, const sy_suite *suite,
    const sy_suite_item *item, sy_work_row *out_work, sy_error *err) {
    *out_work = (sy_work_row){.target = target, .origin = {suite, item}};
    sy_status status = sy_spec_parse(problem, NULL, &out_work->spec, err);
    if (status == SY_OK)
        status = sy_spec_print(&out_work->spec, out_work->problem, sizeof out_work->problem, err);
    if (status == SY_OK)
        status = sy_spec_flop(&out_work->spec, &out_work->flop, err);
    if (status == SY_OK)
        status = sy_spec_bytes(&out_work->spec, &out_work->byte, err);
    strcpy(out_work->algorithm, "auto");
    sy_hash_key(out_work->problem, out_work->key_hash);
    return status;
}

/* The rate of the best batch: what the device can, not what it typically does while others use it too. */
static sy_status record_peak(sy_schedule *schedule, const sy_target *target, const sy_work_row *work,
    const sy_row_stats *stats, double amount, sy_error *err) {
    sy_peak peak;
    sy_peak_init(&peak);
    peak.device = target->id;
    peak.device_name = target->info.name;
    peak.physical_id = target->physical_id[0] != '\0' ? target->physical_id : NULL;
    bool is_flop = work->flop > 0;
    peak.name = is_flop ? "multiply-add" : "memory read";
    peak.dtype = is_flop ? sy_dtype_name(work->spec.dtype_a) : NULL;
    peak.unit = is_flop ? "flop/s" : "byte/s";
    peak.method = "microkernel, best batch";
    peak.source = work->problem;
    peak.value = amount / stats->min_ns * 1e9;
    peak.simulated = sy_tri_of(target->simulated);
    return sy_record_peak(schedule->record, &peak, err);
}

static sy_status take_rate(sy_schedule *schedule, const sy_target *target, const sy_row_state *state,
    double *out_rate, sy_error *err) {
    sy_row_stats stats;
    const sy_work_row *work = state->work;
    double amount = work->flop > 0 ? (double)work->flop * state->facts.flop_ratio : (double)work->byte;
    sy_row_state_summary(state, &stats);
    *out_rate = amount / stats.min_ns * 1e9;
    return schedule->record != NULL ? record_peak(schedule, target, work, &stats, amount, err) : SY_OK;
}

/* Rate of one problem on a device, NaN if it cannot be had. */
static sy_status measure_one(
    sy_schedule *schedule, size_t index, const char *problem, double *out_rate, sy_error *err) {
    sy_target *target = &schedule->targets->target[index];
    sy_visit_order order = {.load_ns = CEILING_NS / 4,
        .limit_ns = CEILING_NS,
        .precision = schedule->shared.config->precision,
        .is_single = true};
    sy_suite_item item = {.problem = (char *)(uintptr_t)problem, .count = 1};
    sy_suite suite = {.name = (char *)(uintptr_t) "ceiling"};
    sy_work_row work;
    sy_row_state state = {0};
    *out_rate = NAN;
    sy_status status = make_work(index, problem, &suite, &item, &work, err);
    if (status != SY_OK)
        return status == SY_UNSUPPORTED ? SY_OK : status;
    status = sy_row_state_init(&state, &work, 1, err);
    if (status == SY_OK)
        status = sy_visit_row(&schedule->shared, target, &state, &order, err);
    if (status == SY_OK && state.status == 0 && state.visits == 1)
        status = take_rate(schedule, target, &state, out_rate, err);
    sy_row_state_release(&state);
    return status;
}

/*
 * A launch must be long against its overhead and short against a time slice of the operating system, or no
 * batch is undisturbed: the work is raised until a launch takes so long.
 */
static sy_status measure_arithmetic(
    sy_schedule *schedule, size_t target, const sy_spec *spec, double *out_rate, sy_error *err) {
    static const double LAUNCH_S = 200e-6;
    sy_status status = SY_OK;
    double best = NAN;
    uint64_t flop = LEAST_FLOP;
    for (int step = 0; status == SY_OK && step < 4; step++, flop *= 64) {
        char problem[SY_SPEC_TEXT_MAX];
        double rate = NAN;
        sy_ceiling_problem(spec, flop, problem, sizeof problem);
        status = measure_one(schedule, target, problem, &rate, err);
        best = fmax(best, rate);
        if (isnan(rate) || (double)flop / rate > LAUNCH_S)
            break;
    }
    *out_rate = best;
    return status;
}

sy_status sy_ceiling_confirm(sy_schedule *schedule, size_t target, const sy_spec *spec, sy_error *err) {
    sy_ceilings *ceilings = &schedule->ceilings[target];
    double again = NAN;
    sy_status status = measure_arithmetic(schedule, target, spec, &again, err);
    ceilings->flop_per_s[spec->dtype_a] = fmax(ceilings->flop_per_s[spec->dtype_a], again);
    return status;
}

static bool has_arithmetic(const sy_work_row *row, size_t target) {
    return row->target == target && row->refused == SY_OK &&
           (row->spec.op == SY_SPEC_GEMM || row->spec.op == SY_SPEC_CONV2D);
}

static sy_status measure_types(sy_schedule *schedule, size_t target, sy_error *err) {
    sy_ceilings *ceilings = &schedule->ceilings[target];
    bool tried[SY_DTYPE_COUNT] = {false};
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < schedule->list->count; i++) {
        const sy_work_row *row = &schedule->list->row[i];
        if (!has_arithmetic(row, target) || tried[row->spec.dtype_a])
            continue;
        tried[row->spec.dtype_a] = true;
        status =
            measure_arithmetic(schedule, target, &row->spec, &ceilings->flop_per_s[row->spec.dtype_a], err);
    }
    return status;
}

/* Sizes of the sweep: 1 MiB to 1 GiB, and what of them fits. */
enum { SWEEP_FIRST_BIT = 20, SWEEP_SIZES = 11 };

static sy_status sweep_cache(sy_schedule *schedule, size_t index, sy_error *err) {
    sy_target *target = &schedule->targets->target[index];
    uint64_t bytes[SWEEP_SIZES];
    double rate[SWEEP_SIZES];
    sy_status status = SY_OK;
    for (size_t i = 0; i < SWEEP_SIZES; i++) {
        char problem[SY_SPEC_TEXT_MAX];
        bytes[i] = UINT64_C(1) << (SWEEP_FIRST_BIT + i);
        rate[i] = NAN;
        if (status != SY_OK || (target->info.free_bytes > 0 && bytes[i] > target->info.free_bytes / 4))
            continue;
        snprintf(problem, sizeof problem, "stream:bytes=%llu,kind=read", (unsigned long long)bytes[i]);
        status = measure_one(schedule, index, problem, &rate[i], err);
    }
    target->swept_cache_bytes = sy_cache_sweep_knee(bytes, rate, SWEEP_SIZES);
    return status;
}

sy_status sy_ceilings_measure(sy_schedule *schedule, size_t target, sy_error *err) {
    sy_target *device = &schedule->targets->target[target];
    sy_ceilings *ceilings = &schedule->ceilings[target];
    char problem[SY_SPEC_TEXT_MAX];
    sy_ceilings_init(ceilings);
    if (device->status != SY_OK || device->worker == NULL)
        return SY_OK;
    sy_status status = SY_OK;
    if (device->info.cache_bytes == 0)
        status = sweep_cache(schedule, target, err);
    if (status == SY_OK)
        status = measure_types(schedule, target, err);
    uint64_t cache_bytes =
        device->info.cache_bytes > 0 ? device->info.cache_bytes : device->swept_cache_bytes;
    sy_ceiling_memory_problem(cache_bytes, problem, sizeof problem);
    if (status == SY_OK)
        status = measure_one(schedule, target, problem, &ceilings->byte_per_s, err);
    if (status == SY_UNAVAILABLE) {
        device->status = SY_UNAVAILABLE;
        snprintf(device->reason, sizeof device->reason, "%s", sy_error_text(err, status));
        return SY_OK;
    }
    return status;
}
