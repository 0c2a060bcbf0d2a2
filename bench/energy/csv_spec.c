/* The form of a log's name on the command line. */
#include "bench/energy/csv_spec.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/source.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

static sy_status set_scope(const char *value, sy_energy_csv_spec *spec, sy_error *err) {
    for (uint32_t scope = 1; scope < SY_ENERGY_SCOPE_COUNT; scope++)
        if (strcmp(value, sy_energy_scope_name(scope)) == 0) {
            spec->scope = scope;
            return SY_OK;
        }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "csv: scope \"%s\" is none of die, package, memory, card, board, node, wall", value);
}

static sy_status set_gain(const char *value, sy_energy_csv_spec *spec, sy_error *err) {
    if (sy_text_to_f64(value, &spec->gain) && spec->gain >= 0 && spec->gain < 1)
        return SY_OK;
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "csv: gain \"%s\" is no relative uncertainty from 0 to below 1, such as 0.01", value);
}

static sy_status set_window(const char *value, sy_energy_csv_spec *spec, sy_error *err) {
    double seconds = 0;
    if (!sy_text_to_seconds(value, &seconds) || !(seconds > 0) || seconds > 86400)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "csv: window \"%s\" is no time up to a day, such as 1s", value);
    spec->window_ns = (uint64_t)llround(seconds * 1e9);
    return SY_OK;
}

static sy_status set_column(const char *value, sy_energy_csv_spec *spec, sy_error *err) {
    if (value[0] == '\0' || strlen(value) >= sizeof spec->column)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "csv: column \"%s\" is empty or too long", value);
    snprintf(spec->column, sizeof spec->column, "%s", value);
    return SY_OK;
}

static const struct {
    const char *key;
    sy_status (*set)(const char *value, sy_energy_csv_spec *spec, sy_error *err);
} options[] = {{"scope=", set_scope}, {"gain=", set_gain}, {"window=", set_window}, {"column=", set_column}};
enum { OPTIONS = sizeof options / sizeof options[0] };

static sy_status set_option(const char *text, sy_energy_csv_spec *spec, sy_error *err) {
    for (size_t i = 0; i < OPTIONS; i++) {
        size_t length = strlen(options[i].key);
        if (strncmp(text, options[i].key, length) == 0)
            return options[i].set(text + length, spec, err);
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "csv: \"%s\" is none of scope=NAME, gain=NUMBER, window=TIME, column=NAME", text);
}

sy_status sy_energy_csv_spec_parse(const char *text, sy_energy_csv_spec *out_spec, sy_error *err) {
    char rest[256], *cursor = rest, *option;
    *out_spec = (sy_energy_csv_spec){.gain = NAN};
    if (text == NULL || text[0] == '\0' || text[0] == ';')
        return sy_error_set(err, SY_INVALID_ARGUMENT, "csv: no file named; write csv:FILE");
    if (strcspn(text, ";") >= sizeof out_spec->path || strlen(text) >= sizeof rest - sizeof "csv:")
        return sy_error_set(err, SY_INVALID_ARGUMENT, "csv: \"%.40s...\" is too long", text);
    snprintf(rest, sizeof rest, "%s", text);
    snprintf(out_spec->path, sizeof out_spec->path, "%.*s", (int)strcspn(text, ";"), text);
    strsep(&cursor, ";");
    sy_status status = SY_OK;
    while (status == SY_OK && (option = strsep(&cursor, ";")) != NULL)
        status = set_option(option, out_spec, err);
    return status;
}

const char *sy_energy_csv_spec_file(const sy_energy_csv_spec *spec) {
    const char *slash = strrchr(spec->path, '/');
    return slash != NULL ? slash + 1 : spec->path;
}
