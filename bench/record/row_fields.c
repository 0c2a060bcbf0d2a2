/* A row as a table of fields. */
#include <math.h>

#include "bench/record/row.h"

#define TEXT(label, path) SY_TEXT_FIELD(sy_row, label, path)
#define COUNT(label, path) SY_COUNT_FIELD(sy_row, label, path)
#define F64(label, path) SY_F64_FIELD(sy_row, label, path, 0.0)
#define SIGNED(label, path, lowest) SY_F64_FIELD(sy_row, label, path, lowest)
#define TRI(label, path) SY_TRI_FIELD(sy_row, label, path)
#define NEEDED(label, path)                                                                                  \
    { .name = label, .kind = SY_FIELD_TEXT, .offset = offsetof(sy_row, path), .is_needed = true }

#define NEEDED_GROUP(label, of)                                                                              \
    { .name = label, .kind = SY_FIELD_GROUP, .is_needed = true, .table = &(of) }

#define SY_ROW_NAME(constant, number, name) [number] = name,
static const char *const status_names[] = {NULL, SY_ROW_STATUS_LIST(SY_ROW_NAME)};
#undef SY_ROW_NAME
static const char *const headline_names[] = {NULL, "host", "device"};
static const char *const interval_names[] = {NULL, "within_run", "between_rounds"};
static const char *const checked_names[] = {NULL, "ok", "weak", "wrong", "overflow", "off", "nothing"};

_Static_assert(SY_INTERVAL_WITHIN_RUN == 1 && SY_INTERVAL_BETWEEN_ROUNDS == 2, "interval_names is by number");

#define LOWEST_CELSIUS (-273.15)

static const sy_field request_rows[] = {
    NEEDED("device", request.device),
    TEXT("algorithm", request.algorithm),
};
static const sy_field_table request_fields = SY_FIELD_TABLE(request_rows, sy_row);

static const sy_field key_rows[] = {
    NEEDED("problem", key.problem),
    TEXT("data", key.data),
    TEXT("cache", key.cache),
    TEXT("launch", key.launch),
    TEXT("sha256", model.sha256),
    TEXT("inputs", model.inputs),
    TEXT("scenario", model.scenario),
    TEXT("load", model.load),
    TEXT("dtype", model.dtype),
};
static const sy_field_table key_fields = SY_FIELD_TABLE(key_rows, sy_row);

static const sy_field pair_rows[] = {
    TEXT("id", pair.id),
    COUNT("block", pair.block),
    TEXT("side", pair.side),
};
static const sy_field_table pair_fields = SY_FIELD_TABLE(pair_rows, sy_row);

static const sy_field origin_rows[] = {
    SY_TEXT_FIELD(sy_row_origin, "suite", suite),
    SY_TEXT_FIELD(sy_row_origin, "suite_sha256", suite_sha256),
    SY_TEXT_FIELD(sy_row_origin, "name", name),
    SY_TEXT_FIELD(sy_row_origin, "phase", phase),
    SY_COUNT_FIELD(sy_row_origin, "count", count),
    SY_COUNT_FIELD(sy_row_origin, "context", context),
    SY_TRI_FIELD(sy_row_origin, "verified", verified),
};
static const sy_field_table origin_fields = SY_FIELD_TABLE(origin_rows, sy_row_origin);

static const sy_field device_rows[] = {
    SY_TEXT_FIELD(sy_row_device, "id", id),
    SY_TEXT_FIELD(sy_row_device, "name", name),
    SY_TEXT_FIELD(sy_row_device, "vendor", vendor),
    SY_TEXT_FIELD(sy_row_device, "physical_id", physical_id),
    SY_TEXT_FIELD(sy_row_device, "scope", scope),
};
static const sy_field_table device_fields = SY_FIELD_TABLE(device_rows, sy_row_device);

static const sy_field config_rows[] = {COUNT("threads", subject.config.threads),
    TRI("tuned", subject.config.tuned), COUNT("explored", subject.config.explored)};
static const sy_field_table config_fields = SY_FIELD_TABLE(config_rows, sy_row);

static const sy_field subject_rows[] = {
    TEXT("backend", subject.backend),
    TEXT("algorithm", subject.algorithm),
    SY_GROUP_FIELD("device", offsetof(sy_row, subject.device), device_fields),
    SY_GROUP_FIELD("config", 0, config_fields),
    TEXT("implementation", subject.implementation),
    TEXT("layout_used", subject.layout_used),
    SY_LIST_FIELD(sy_row, "libraries", subject.libraries, sy_library_fields),
    F64("prepare_ns", subject.prepare_ns),
    COUNT("prepare_byte", subject.prepare_byte),
    COUNT("workspace_byte", subject.workspace_byte),
    F64("flop_ratio", subject.flop_ratio),
    TRI("deterministic", subject.deterministic),
    TRI("simulated", subject.simulated),
};
static const sy_field_table subject_fields = SY_FIELD_TABLE(subject_rows, sy_row);

static const sy_field one_time_rows[] = {
    SY_F64_FIELD(sy_row_time, "median_ns", median_ns, 0.0),
    SY_PAIR_FIELD(sy_row_time, "ci95_ns", ci95_ns, 0.0),
    SY_F64_FIELD(sy_row_time, "mean_ns", mean_ns, 0.0),
    SY_F64_FIELD(sy_row_time, "min_ns", min_ns, 0.0),
    SY_F64_FIELD(sy_row_time, "p90_ns", p90_ns, 0.0),
    SY_F64_FIELD(sy_row_time, "p99_ns", p99_ns, 0.0),
    SY_F64_FIELD(sy_row_time, "resolution_ns", resolution_ns, 0.0),
};
static const sy_field_table one_time_fields = SY_FIELD_TABLE(one_time_rows, sy_row_time);

static const sy_field round_rows[] = {
    SY_COUNT_FIELD(sy_row_round, "round", round),
    SY_COUNT_FIELD(sy_row_round, "order", order),
    SY_F64_FIELD(sy_row_round, "median_ns", median_ns, 0.0),
    SY_PAIR_FIELD(sy_row_round, "ci95_ns", ci95_ns, 0.0),
    SY_COUNT_FIELD(sy_row_round, "samples", samples),
    SY_COUNT_FIELD(sy_row_round, "batch", batch),
    SY_F64_FIELD(sy_row_round, "warm_ns", warm_ns, 0.0),
    SY_F64_FIELD(sy_row_round, "clock_mhz", clock_mhz, 0.0),
    SY_F64_FIELD(sy_row_round, "temp_c", temp_c, LOWEST_CELSIUS),
    SY_F64_FIELD(sy_row_round, "autocorrelation", autocorrelation, -1.0),
};
static const sy_field_table round_fields = SY_FIELD_TABLE(round_rows, sy_row_round);

static const sy_field time_rows[] = {
    SY_NAME_FIELD(sy_row, "headline", time.headline, headline_names),
    SY_GROUP_FIELD("host", offsetof(sy_row, time.host), one_time_fields),
    SY_GROUP_FIELD("device", offsetof(sy_row, time.device), one_time_fields),
    TRI("device_believed", time.device_believed),
    TEXT("device_reason", time.device_reason),
    COUNT("batch", time.batch),
    COUNT("rounds", time.rounds),
    SY_NAME_FIELD(sy_row, "interval_kind", time.interval_kind, interval_names),
    COUNT("samples", time.samples),
    SIGNED("autocorrelation", time.autocorrelation, -1.0),
    F64("plan_ns", time.plan_ns),
    F64("compile_ns", time.compile_ns),
    F64("first_run_ns", time.first_run_ns),
    F64("clock_overhead_ns", time.clock_overhead_ns),
    SY_LIST_FIELD(sy_row, "by_round", time.by_round, round_fields),
    SY_F64S_FIELD(sy_row, "samples_ns", time.samples_ns, 0.0),
};
static const sy_field_table time_fields = SY_FIELD_TABLE(time_rows, sy_row);

static const sy_field rate_rows[] = {
    COUNT("flop", rate.flop),
    F64("flop_per_s", rate.flop_per_s),
    COUNT("byte", rate.byte),
    F64("byte_per_s", rate.byte_per_s),
    F64("of_datasheet", rate.of_datasheet),
    TEXT("datasheet_confidence", rate.datasheet_confidence),
    F64("of_ceiling", rate.of_ceiling),
    F64("of_roofline", rate.of_roofline),
    TEXT("ceiling_method", rate.ceiling_method),
};
static const sy_field_table rate_fields = SY_FIELD_TABLE(rate_rows, sy_row);

static const sy_field ring_rows[] = {
    COUNT("sets", ring.sets),
    COUNT("byte", ring.byte),
    COUNT("cache_byte", ring.cache_byte),
    TEXT("cache_source", ring.cache_source),
    TRI("partial", ring.partial),
};
static const sy_field_table ring_fields = SY_FIELD_TABLE(ring_rows, sy_row);

static const sy_field check_rows[] = {
    SY_NAME_FIELD(sy_row, "status", check.status, checked_names),
    TEXT("method", check.method),
    F64("max_error", check.max_error),
    F64("bound", check.bound),
    TRI("verified", check.verified),
    TEXT("smallest_fault", check.smallest_fault),
    TEXT("math", check.math),
    TEXT("reason", check.reason),
};
static const sy_field_table check_fields = SY_FIELD_TABLE(check_rows, sy_row);

static const sy_field mhz_rows[] = {
    F64("min", conditions.clock_mhz.min),
    F64("mean", conditions.clock_mhz.mean),
    F64("max", conditions.clock_mhz.max),
};
static const sy_field_table mhz_fields = SY_FIELD_TABLE(mhz_rows, sy_row);

static const sy_field condition_rows[] = {
    SY_GROUP_FIELD("clock_mhz", 0, mhz_fields),
    SIGNED("temp_c", conditions.temp_c, LOWEST_CELSIUS),
    SY_TEXTS_FIELD(sy_row, "throttle", conditions.throttle),
    F64("power_cap_w", conditions.power_cap_w),
    F64("power_cap_default_w", conditions.power_cap_default_w),
    TRI("shared", conditions.shared),
    F64("gap_ms", conditions.gap_ms),
};
static const sy_field_table condition_fields = SY_FIELD_TABLE(condition_rows, sy_row);

static const sy_field path_rows[] = {
    COUNT("reorders", path.reorders),
    COUNT("host_bytes", path.host_bytes),
    TEXT("fallback", path.fallback),
    TEXT("launch", path.launch),
    TRI("emulated", path.emulated),
    TRI("in_process", path.in_process),
};
static const sy_field_table path_fields = SY_FIELD_TABLE(path_rows, sy_row);

static const sy_field place_rows[] = {
    NEEDED("id", id),
    COUNT("seq", seq),
    COUNT("process", process),
    COUNT("round", round),
    SY_GROUP_FIELD("request", 0, request_fields),
    SY_GROUP_FIELD("pair", 0, pair_fields),
};
static const sy_field_table place_fields = SY_FIELD_TABLE(place_rows, sy_row);

static const sy_field row_rows[] = {
    NEEDED_GROUP("row", place_fields),
    NEEDED_GROUP("key", key_fields),
    NEEDED("key_hash", key_hash),
    SY_GROUP_FIELD("origin", offsetof(sy_row, origin), origin_fields),
    SY_LIST_FIELD(sy_row, "also", also, origin_fields),
    SY_GROUP_FIELD("subject", 0, subject_fields),
    TEXT("subject_hash", subject_hash),
    {.name = "status",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_row, status),
        .is_needed = true,
        .names = status_names,
        .n_names = SY_ROW_STATUS_COUNT},
    TEXT("reason", reason),
    SY_GROUP_FIELD("time", 0, time_fields),
    SY_GROUP_FIELD("rate", 0, rate_fields),
    SY_LIST_FIELD(sy_row, "energy", energy, sy_row_energy_fields),
    TEXT("energy_reason", energy_reason),
    SY_GROUP_FIELD("sustain", offsetof(sy_row, sustain), sy_row_sustain_fields),
    SY_GROUP_FIELD("ring", 0, ring_fields),
    SY_GROUP_FIELD("check", 0, check_fields),
    SY_GROUP_FIELD("conditions", 0, condition_fields),
    SY_GROUP_FIELD("path", 0, path_fields),
    SY_GROUP_FIELD("model", offsetof(sy_row, model), sy_row_model_fields),
};
const sy_field_table sy_row_fields = SY_FIELD_TABLE(row_rows, sy_row);

const char *sy_row_status_name(uint32_t status) {
    return status > 0 && status < SY_ROW_STATUS_COUNT ? status_names[status] : "?";
}

const char *sy_row_checked_name(uint32_t checked) {
    return checked > 0 && checked < sizeof checked_names / sizeof checked_names[0] ? checked_names[checked]
                                                                                   : "?";
}
