/* What a row says of energy, as tables of fields, and whether it agrees with itself. */
#include "bench/record/energy_row.h"

#include <math.h>

#include "runtime/base/error.h"

#define TEXT(label) SY_TEXT_FIELD(sy_row_energy, #label, label)
#define F64(label) SY_F64_FIELD(sy_row_energy, #label, label, 0.0)
#define SIGNED(label) SY_F64_FIELD(sy_row_energy, #label, label, -INFINITY)

static const sy_field energy_rows[] = {
    TEXT(source),
    TEXT(detail),
    TEXT(kind),
    TEXT(scope),
    F64(joule_per_run),
    SIGNED(joule_net_per_run),
    F64(watt),
    F64(watt_peak),
    F64(watt_idle),
    F64(window_ns),
    SY_COUNT_FIELD(sy_row_energy, "runs", runs),
    F64(run_per_s),
    F64(rate_of_median),
    F64(flop_per_joule),
    F64(byte_per_joule),
    F64(u_systematic),
    F64(u_random),
    F64(u_edge),
    F64(u_quantum),
    F64(u_sampling),
    F64(u_net),
    F64(gain),
    F64(resolution),
    F64(update_period_ms),
    SY_TRI_FIELD(sy_row_energy, "period_measured", period_measured),
    F64(averaging_ms),
    TEXT(idle_kind),
    SIGNED(idle_drift_w),
    F64(needed_window_ns),
    F64(sampler_cpu),
    SY_COUNT_FIELD(sy_row_energy, "readings", readings),
    SY_TRI_FIELD(sy_row_energy, "valid", valid),
    SY_TEXTS_FIELD(sy_row_energy, "reasons", reasons),
    SY_TEXTS_FIELD(sy_row_energy, "notes", notes),
};
const sy_field_table sy_row_energy_fields = SY_FIELD_TABLE(energy_rows, sy_row_energy);

#define HELD_TEXT(label) SY_TEXT_FIELD(sy_row_sustain, #label, label)
#define HELD(label) SY_F64_FIELD(sy_row_sustain, #label, label, 0.0)

static const sy_field sustain_rows[] = {
    HELD(seconds),
    HELD(burst_run_per_s),
    HELD(sustained_run_per_s),
    HELD(sustained_of_burst),
    HELD(steady_s),
    HELD(throttle_s),
    HELD_TEXT(throttle_how),
    HELD_TEXT(source),
    HELD_TEXT(scope),
    HELD(watt_burst),
    HELD(watt_sustained),
    SY_F64_FIELD(sy_row_sustain, "temp_c_end", temp_c_end, -273.15),
    HELD_TEXT(series),
};
const sy_field_table sy_row_sustain_fields = SY_FIELD_TABLE(sustain_rows, sy_row_sustain);

void sy_row_energy_init(sy_row_energy *out_energy) {
    *out_energy = (sy_row_energy){0};
    sy_fields_clear(&sy_row_energy_fields, out_energy);
}

void sy_row_sustain_init(sy_row_sustain *out_sustain) {
    *out_sustain = (sy_row_sustain){0};
    sy_fields_clear(&sy_row_sustain_fields, out_sustain);
}

/* What is not there agrees with everything. */
static bool is_same(double a, double b) {
    return isnan(a) || isnan(b) || fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

static double number_of(uint64_t count) {
    return count != SY_NO_COUNT ? (double)count : NAN;
}

static bool is_amount(double value) {
    return isfinite(value) && value >= 0.0;
}

static const char *find_gap(const sy_row_energy *energy) {
    bool is_judged = energy->valid != SY_TRI_UNKNOWN, is_valid = energy->valid == SY_TRI_YES;
    if (energy->source == NULL || energy->scope == NULL)
        return "it names no source or no scope";
    if (!is_judged)
        return "it does not say whether it is valid";
    if (is_valid != (energy->reasons.count == 0))
        return is_valid ? "it is valid, and has reasons why not" : "it is not valid, for no reason";
    if (is_valid &&
        !(is_amount(energy->joule_per_run) && is_amount(energy->watt) && is_amount(energy->u_random)))
        return "it is valid, and lacks joule_per_run, watt or u_random";
    return NULL;
}

sy_status sy_row_energy_check(const sy_row_energy *energy, uint64_t flop, uint64_t byte, sy_error *err) {
    const struct {
        const char *left_name, *right_name;
        double left, right;
    } sides[] = {
        {"joule_per_run x run_per_s", "watt", energy->joule_per_run * energy->run_per_s, energy->watt},
        {"run_per_s", "runs / window_ns", energy->run_per_s,
            number_of(energy->runs) / (energy->window_ns * 1e-9)},
        {"flop_per_joule x joule_per_run", "flop", energy->flop_per_joule * energy->joule_per_run,
            number_of(flop)},
        {"byte_per_joule x joule_per_run", "byte", energy->byte_per_joule * energy->joule_per_run,
            number_of(byte)},
    };
    const char *source = energy->source != NULL ? energy->source : "?", *gap = find_gap(energy);
    if (gap != NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "energy of %s: %s", source, gap);
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++)
        if (!is_same(sides[i].left, sides[i].right))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "energy of %s: %s is %.15g, and %s is %.15g",
                source, sides[i].left_name, sides[i].left, sides[i].right_name, sides[i].right);
    return SY_OK;
}
