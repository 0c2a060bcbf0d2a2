/* NVML: its sensors. */
#include <string.h>

#include "backends/cuda_family/meter_nvml.h"
#include "runtime/base/error.h"

/* What NVML writes where it has no value, in any width. */
#define NO_VALUE_U32 0xFFFFFFFFu
#define NO_VALUE_U64 0xFFFFFFFFFFFFFFFFull

/* A function (card, unsigned *). */
sy_status cf_nvml_read_unsigned(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    int (*get)(void *card, unsigned *out_value) = NULL;
    unsigned value = NO_VALUE_U32;
    memcpy(&get, (const char *)meter->library->api + row->function, sizeof get);
    if (get == NULL)
        return cf_meter_fail_absent(row, err);
    int code = get(meter->card, &value);
    if (code != CF_NVML_OK)
        return cf_nvml_fail(meter, code, row->sensor.name, err);
    if (value == NO_VALUE_U32)
        return cf_meter_fail_empty(row->sensor.name, err);
    *out_value = (double)value * row->scale;
    return SY_OK;
}

/* The old call, only where fields do not tell more, under the name that fits what it gives. */
static sy_status read_usage(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    if (meter->traits != row->a)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: not what this card gives", row->sensor.name);
    return cf_nvml_read_unsigned(meter, row, out_value, err);
}

static sy_status read_energy(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const cf_nvml *api = meter->library->api;
    unsigned long long mj = NO_VALUE_U64;
    if (api->energy == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->energy(meter->card, &mj);
    if (code != CF_NVML_OK)
        return cf_nvml_fail(meter, code, row->sensor.name, err);
    if (mj == NO_VALUE_U64)
        return cf_meter_fail_empty(row->sensor.name, err);
    *out_value = (double)mj * row->scale;
    return SY_OK;
}

/* A field's value says itself which type it has. */
static double value_of(const cf_nvml_field *field) {
    switch (field->type) {
    case 0: return field->value.f64;
    case 1: return field->value.u32 == NO_VALUE_U32 ? NAN : (double)field->value.u32;
    case 2:
    case 3: return field->value.ull == NO_VALUE_U64 ? NAN : (double)field->value.ull;
    case 4: return (double)field->value.s64;
    case 5: return (double)field->value.s32;
    case 6: return (double)field->value.u16;
    default: return NAN;
    }
}

static sy_status ask_field(
    cf_meter *meter, unsigned id, unsigned scope, const char *what, double *out_value, sy_error *err) {
    const cf_nvml *api = meter->library->api;
    cf_nvml_field field = {.id = id, .scope = scope, .status = CF_NVML_NOT_SUPPORTED};
    if (api->fields == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: the library has no fields", what);
    int code = api->fields(meter->card, 1, &field);
    if (code == CF_NVML_OK)
        code = field.status;
    if (code != CF_NVML_OK)
        return cf_nvml_fail(meter, code, what, err);
    *out_value = value_of(&field);
    return isfinite(*out_value) ? SY_OK : cf_meter_fail_empty(what, err);
}

sy_status cf_nvml_read_field(cf_meter *meter, unsigned id, unsigned scope, double *out_value, sy_error *err) {
    return ask_field(meter, id, scope, "field", out_value, err);
}

static sy_status read_field(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    double value = NAN;
    sy_status status = ask_field(meter, row->a, row->b, row->sensor.name, &value, err);
    if (status == SY_OK)
        *out_value = value * row->scale;
    return status;
}

/* The call with a version, else the older one that newer headers call deprecated. */
sy_status cf_nvml_read_temperature(
    cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const cf_nvml *api = meter->library->api;
    cf_nvml_temperature now = {.version = (unsigned)sizeof now | 1u << 24};
    unsigned celsius = NO_VALUE_U32;
    int code =
        api->temperature_v != NULL ? api->temperature_v(meter->card, &now) : CF_NVML_FUNCTION_NOT_FOUND;
    if (code == CF_NVML_OK) {
        *out_value = (double)now.celsius;
        return SY_OK;
    }
    if (api->temperature == NULL)
        return api->temperature_v == NULL ? cf_meter_fail_absent(row, err)
                                          : cf_nvml_fail(meter, code, row->sensor.name, err);
    code = api->temperature(meter->card, 0, &celsius);
    if (code != CF_NVML_OK)
        return cf_nvml_fail(meter, code, row->sensor.name, err);
    if (celsius == NO_VALUE_U32)
        return cf_meter_fail_empty(row->sensor.name, err);
    *out_value = (double)celsius;
    return SY_OK;
}

sy_status cf_nvml_read_clock(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const cf_nvml *api = meter->library->api;
    unsigned mhz = NO_VALUE_U32;
    if (api->clock == NULL)
        return cf_meter_fail_absent(row, err);
    int code = api->clock(meter->card, (int)row->a, &mhz);
    if (code != CF_NVML_OK)
        return cf_nvml_fail(meter, code, row->sensor.name, err);
    if (mhz == NO_VALUE_U32)
        return cf_meter_fail_empty(row->sensor.name, err);
    *out_value = (double)mhz * row->scale;
    return SY_OK;
}

static sy_status read_reasons(cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err) {
    const cf_nvml *api = meter->library->api;
    unsigned long long bits = 0;
    int (*get)(void *card, unsigned long long *out_bits) =
        api->reasons != NULL ? api->reasons : api->reasons_old;
    if (get == NULL)
        return cf_meter_fail_absent(row, err);
    int code = get(meter->card, &bits);
    if (code != CF_NVML_OK)
        return cf_nvml_fail(meter, code, row->sensor.name, err);
    unsigned known = (unsigned)(bits & 0x1ffu);
    *out_value = (double)(known | (bits > 0x1ffu ? (unsigned)CF_THROTTLE_OTHER : 0u));
    return SY_OK;
}

#define SECOND 1000000000u
#define CARD SY_SCOPE_CARD
#define USAGE                                                                                                \
    .read = read_usage, .function = offsetof(cf_nvml, power_usage), .scale = 1e-3, .is_zero_absent = true
#define POWER(kind, scope, window, name) CF_SENSOR(kind, SY_UNIT_WATT, scope, 1e-3, window, name)

/*
 * The scope of a field: 0 the card, 1 the module that it shares with a processor, where nothing else may
 * answer.
 */
const cf_meter_row cf_nvml_rows[CF_NVML_ROW_COUNT] = {
    {CF_SENSOR(SY_SENSOR_ENERGY, SY_UNIT_JOULE, CARD, 1e-3, 0, "energy since the driver was loaded"),
        .read = read_energy, .scale = 1e-3, .is_zero_absent = true},
    {POWER(SY_SENSOR_POWER_INSTANT, CARD, 0, "power"), .read = read_field, .scale = 1e-3, .a = 186,
        .is_zero_absent = true},
    {POWER(SY_SENSOR_POWER_AVERAGE, CARD, SECOND, "power, mean of 1 s"), .read = read_field, .scale = 1e-3,
        .a = 185, .is_zero_absent = true},
    {POWER(SY_SENSOR_POWER_INSTANT, SY_SCOPE_PACKAGE, 0, "power of the module"), .read = read_field,
        .scale = 1e-3, .a = 186, .b = 1, .is_zero_absent = true},
    {POWER(SY_SENSOR_POWER_AVERAGE, SY_SCOPE_PACKAGE, SECOND, "power of the module, mean of 1 s"),
        .read = read_field, .scale = 1e-3, .a = 185, .b = 1, .is_zero_absent = true},
    {POWER(SY_SENSOR_POWER_INSTANT, CARD, 0, "power"), USAGE, .a = CF_NVML_USAGE_IS_INSTANT},
    {POWER(SY_SENSOR_POWER_AVERAGE, CARD, SECOND, "power, mean of 1 s"), USAGE,
        .a = CF_NVML_USAGE_IS_AVERAGE},
    {POWER(SY_SENSOR_POWER_AVERAGE, CARD, 0, "power, mean of an unknown time"), USAGE},
    {CF_SENSOR(SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, SY_SCOPE_DIE, 1, 0, "temperature"),
        .read = cf_nvml_read_temperature},
    {CF_SENSOR(SY_SENSOR_CLOCK, SY_UNIT_HERTZ, SY_SCOPE_DIE, 1e6, 0, "clock of the multiprocessors"),
        .read = cf_nvml_read_clock, .scale = 1e6, .a = 1},
    {CF_SENSOR(SY_SENSOR_CLOCK, SY_UNIT_HERTZ, CARD, 1e6, 0, "clock of the memory"),
        .read = cf_nvml_read_clock, .scale = 1e6, .a = 2},
    {CF_SENSOR(SY_SENSOR_THROTTLE, SY_UNIT_BITS, CARD, 1, 0, "why clocks are held down"),
        .read = read_reasons},
    {POWER(SY_SENSOR_POWER_CAP, CARD, 0, "power cap"), .read = cf_nvml_read_unsigned,
        .function = offsetof(cf_nvml, limit), .scale = 1e-3, .is_zero_absent = true},
    {POWER(SY_SENSOR_POWER_CAP_DEFAULT, CARD, 0, "power cap by default"), .read = cf_nvml_read_unsigned,
        .function = offsetof(cf_nvml, limit_default), .scale = 1e-3, .is_zero_absent = true},
};

/*
 * NVML tells neither how often values are renewed nor, of today's cards, how true they are. Renewed: every
 * 100 ms, all of them, as measured on an H100; the old call's instantaneous power is of cards before that.
 * True: within 5 % of the reading, as its documentation has it of Fermi and Kepler and as others found it of
 * later ones; limits of an even distribution, so the standard uncertainty is 5 % over the root of three.
 */
static const uint64_t RENEWED_NS = 100000000;
static const double GAIN = 0.05 / 1.7320508075688772;

void cf_nvml_declare(const cf_meter *meter, sy_sensor *sensor) {
    bool is_counter = sensor->kind == SY_SENSOR_ENERGY;
    bool is_power = sensor->kind == SY_SENSOR_POWER_AVERAGE || sensor->kind == SY_SENSOR_POWER_INSTANT;
    bool is_like_measured = (meter->traits & (CF_NVML_HAS_FIELDS | CF_NVML_USAGE_IS_AVERAGE)) != 0;
    if (is_counter || is_power)
        sensor->gain_uncertainty = GAIN;
    if (is_counter || (is_power && is_like_measured))
        sensor->update_period_ns = RENEWED_NS;
}
