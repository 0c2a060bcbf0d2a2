/* Totals and ceilings as tables of fields. */
#include "bench/record/total.h"

#define TEXT(label, path) SY_TEXT_FIELD(sy_total, label, path)
#define COUNT(label, path) SY_COUNT_FIELD(sy_total, label, path)
#define F64(label, path) SY_F64_FIELD(sy_total, label, path, 0.0)

static const sy_field share_rows[] = {
    SY_TEXT_FIELD(sy_total_share, "layer", layer),
    SY_F64_FIELD(sy_total_share, "ns", ns, 0.0),
    SY_F64_FIELD(sy_total_share, "fraction", fraction, 0.0),
};
static const sy_field_table share_fields = SY_FIELD_TABLE(share_rows, sy_total_share);

static const sy_field energy_rows[] = {
    SY_TEXT_FIELD(sy_total_energy, "source", source),
    SY_TEXT_FIELD(sy_total_energy, "scope", scope),
    SY_F64_FIELD(sy_total_energy, "joule_per_pass", joule_per_pass, 0.0),
    SY_F64_FIELD(sy_total_energy, "watt", watt, 0.0),
    SY_F64_FIELD(sy_total_energy, "flop_per_joule", flop_per_joule, 0.0),
    SY_F64_FIELD(sy_total_energy, "u_random", u_random, 0.0),
    SY_F64_FIELD(sy_total_energy, "u_systematic", u_systematic, 0.0),
    SY_TRI_FIELD(sy_total_energy, "valid", valid),
    SY_TEXTS_FIELD(sy_total_energy, "reasons", reasons),
};
const sy_field_table sy_total_energy_fields = SY_FIELD_TABLE(energy_rows, sy_total_energy);

static const sy_field total_rows[] = {
    TEXT("device", device),
    TEXT("device_name", device_name),
    TEXT("algorithm", algorithm),
    COUNT("process", process),
    TEXT("model", model),
    TEXT("phase", phase),
    COUNT("tokens", tokens),
    COUNT("images", images),
    TEXT("dtype", dtype),
    TEXT("math", math),
    TEXT("data", data),
    TEXT("cache", cache),
    TEXT("ops", ops),
    COUNT("rows", rows),
    COUNT("unstable", unstable),
    COUNT("flop", flop),
    F64("ns", ns),
    SY_PAIR_FIELD(sy_total, "ci95_ns", ci95_ns, 0.0),
    F64("per_s", per_s),
    TEXT("unit", unit),
    F64("flop_per_s", flop_per_s),
    SY_TEXTS_FIELD(sy_total, "missing", missing),
    SY_LIST_FIELD(sy_total, "share", share, share_fields),
    SY_LIST_FIELD(sy_total, "energy", energy, sy_total_energy_fields),
    SY_LIST_FIELD(sy_total, "mix", mix, sy_total_energy_fields),
    TEXT("energy_reason", energy_reason),
    SY_TRI_FIELD(sy_total, "simulated", simulated),
};
const sy_field_table sy_total_fields = SY_FIELD_TABLE(total_rows, sy_total);

static const sy_field peak_rows[] = {
    SY_TEXT_FIELD(sy_peak, "device", device),
    SY_TEXT_FIELD(sy_peak, "device_name", device_name),
    SY_TEXT_FIELD(sy_peak, "physical_id", physical_id),
    SY_TEXT_FIELD(sy_peak, "name", name),
    SY_TEXT_FIELD(sy_peak, "dtype", dtype),
    SY_COUNT_FIELD(sy_peak, "byte", byte),
    SY_COUNT_FIELD(sy_peak, "threads", threads),
    SY_F64_FIELD(sy_peak, "value", value, 0.0),
    SY_PAIR_FIELD(sy_peak, "ci95", ci95, 0.0),
    SY_TEXT_FIELD(sy_peak, "unit", unit),
    SY_TEXT_FIELD(sy_peak, "method", method),
    SY_TEXT_FIELD(sy_peak, "source", source),
    SY_TEXT_FIELD(sy_peak, "reason", reason),
    SY_TRI_FIELD(sy_peak, "simulated", simulated),
};
const sy_field_table sy_peak_fields = SY_FIELD_TABLE(peak_rows, sy_peak);

void sy_total_init(sy_total *out_total) {
    *out_total = (sy_total){0};
    sy_fields_clear(&sy_total_fields, out_total);
}

void sy_total_energy_init(sy_total_energy *out_energy) {
    *out_energy = (sy_total_energy){0};
    sy_fields_clear(&sy_total_energy_fields, out_energy);
}

void sy_peak_init(sy_peak *out_peak) {
    *out_peak = (sy_peak){0};
    sy_fields_clear(&sy_peak_fields, out_peak);
}
