/* Header and lines of a log. */
#include "bench/energy/csv_format.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bench/energy/source.h"
#include "bench/energy/utc.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

enum { CELL_BYTES = 64, COLUMNS_MAX = 256 };

static const struct {
    const char *name;
    uint32_t kind;
    double scale;
} units[] = {{"w", SY_ENERGY_POWER_INSTANT, 1}, {"watt", SY_ENERGY_POWER_INSTANT, 1},
    {"watts", SY_ENERGY_POWER_INSTANT, 1}, {"mw", SY_ENERGY_POWER_INSTANT, 1e-3},
    {"kw", SY_ENERGY_POWER_INSTANT, 1e3}, {"j", SY_ENERGY_COUNTER, 1}, {"joule", SY_ENERGY_COUNTER, 1},
    {"joules", SY_ENERGY_COUNTER, 1}, {"mj", SY_ENERGY_COUNTER, 1e-3}, {"kj", SY_ENERGY_COUNTER, 1e3},
    {"wh", SY_ENERGY_COUNTER, 3600}, {"mwh", SY_ENERGY_COUNTER, 3.6}, {"kwh", SY_ENERGY_COUNTER, 3.6e6}};
enum { UNITS = sizeof units / sizeof units[0] };

static const struct {
    const char *name;
    uint64_t ns;
} time_units[] = {
    {"", 1000000000}, {"utc", 1000000000}, {"s", 1000000000}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}};
enum { TIME_UNITS = sizeof time_units / sizeof time_units[0] };

static const char *const time_names[] = {"utc", "time", "timestamp", "datetime", "unix", "epoch"};
enum { TIME_NAMES = sizeof time_names / sizeof time_names[0] };

/* White space and quotes around a cell are not of it. */
static void trim(char *text) {
    size_t begin = strspn(text, " \t\r\""), length;
    memmove(text, text + begin, strlen(text + begin) + 1);
    length = strlen(text);
    while (length > 0 && strchr(" \t\r\"", text[length - 1]) != NULL)
        text[--length] = '\0';
}

/* Cell number `index`; false if the line ends before it or it is too long to be a time or a number. */
static bool get_cell(const char *line, char separator, size_t index, char *out_cell) {
    const char *end;
    for (;; line = end + 1, index--) {
        bool is_quoted = false;
        for (end = line; *end != '\0' && (is_quoted || *end != separator); end++)
            is_quoted ^= *end == '"';
        if (index == 0)
            break;
        if (*end == '\0')
            return false;
    }
    size_t length = (size_t)(end - line);
    if (length >= CELL_BYTES)
        return false;
    memcpy(out_cell, line, length);
    out_cell[length] = '\0';
    trim(out_cell);
    return true;
}

/* The unit in a name: what is in brackets at its end, or behind the last '_' or blank, or all of it. */
static void get_unit(const char *name, char *out_unit) {
    const char *begin = name, *mark;
    size_t length = strlen(name);
    bool is_bracketed = length > 0 && strchr(")]", name[length - 1]) != NULL;
    for (mark = name; *mark != '\0'; mark++)
        if (strchr(is_bracketed ? "([" : "_ ", *mark) != NULL)
            begin = mark + 1;
    length = strlen(begin) - (is_bracketed && begin > name ? 1 : 0);
    memcpy(out_unit, begin, length);
    out_unit[length] = '\0';
}

/* A capital M would be a million, which no unit here is. */
static bool match_value(const char *name, sy_energy_csv_format *format) {
    char unit[CELL_BYTES];
    get_unit(name, unit);
    if (unit[0] == 'M')
        return false;
    for (size_t i = 0; i < UNITS; i++) {
        if (strcasecmp(unit, units[i].name) != 0)
            continue;
        format->kind = units[i].kind;
        format->scale = units[i].scale;
        return true;
    }
    return false;
}

static bool match_time(const char *name, sy_energy_csv_format *format) {
    for (size_t i = 0; i < TIME_NAMES; i++) {
        size_t length = strlen(time_names[i]);
        if (strncasecmp(name, time_names[i], length) != 0)
            continue;
        const char *unit = name + length + (name[length] == '_' ? 1 : 0);
        for (size_t j = 0; j < TIME_UNITS; j++)
            if (strcasecmp(unit, time_units[j].name) == 0) {
                format->time_unit_ns = time_units[j].ns;
                return true;
            }
    }
    return false;
}

static void find_columns(const char *line, const char *column, sy_energy_csv_format *format) {
    char name[CELL_BYTES];
    bool has_time = false, has_value = false;
    for (size_t i = 0; i < COLUMNS_MAX && get_cell(line, format->separator, i, name); i++) {
        if (!has_time && match_time(name, format)) {
            has_time = true;
            format->time = i;
        } else if (!has_value && (column[0] == '\0' || strcasecmp(column, name) == 0) &&
                   match_value(name, format)) {
            has_value = true;
            format->value = i;
            snprintf(format->column, sizeof format->column, "%.47s", name);
        }
    }
}

sy_status sy_energy_csv_header(
    const char *line, const char *column, sy_energy_csv_format *out_format, sy_error *err) {
    size_t first = strcspn(line, ",;\t");
    *out_format = (sy_energy_csv_format){.separator = line[first] != '\0' ? line[first] : ','};
    find_columns(line, column, out_format);
    if (out_format->time_unit_ns == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "no column of time in \"%.80s\": call it utc_s (seconds since 1970) or utc (ISO 8601)", line);
    if (out_format->scale > 0)
        return SY_OK;
    if (column[0] != '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "no column \"%s\" with a unit at its end, such as power_w or energy_wh, in \"%.80s\"", column,
            line);
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "no column of power or energy in \"%.80s\": its name ends in a unit, such as power_w or energy_wh",
        line);
}

static int count_decimals(const char *number) {
    const char *point = strchr(number, '.');
    return point != NULL && strpbrk(number, "eE") == NULL ? (int)strspn(point + 1, "0123456789") : 0;
}

sy_status sy_energy_csv_line(
    const sy_energy_csv_format *format, const char *line, sy_energy_csv_reading *out_reading, sy_error *err) {
    char cell[CELL_BYTES];
    *out_reading = (sy_energy_csv_reading){0};
    if (!get_cell(line, format->separator, format->time, cell))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no time in column %zu", format->time + 1);
    sy_status status = sy_energy_utc_parse(cell, format->time_unit_ns, &out_reading->utc_ns, err);
    if (status != SY_OK)
        return status;
    if (!get_cell(line, format->separator, format->value, cell))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "no %s in column %zu", format->column, format->value + 1);
    bool is_counter = format->kind == SY_ENERGY_COUNTER;
    if (!sy_text_to_f64(cell, &out_reading->value) || (is_counter && out_reading->value < 0))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s is \"%s\", which is no %s", format->column, cell,
            is_counter ? "count" : "number");
    out_reading->value *= format->scale;
    out_reading->decimals = count_decimals(cell);
    return SY_OK;
}
