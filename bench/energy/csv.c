/* A meter by the log that something else writes: read after the fact, aligned by UTC. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench/energy/csv_log.h"
#include "bench/energy/csv_spec.h"
#include "bench/energy/rows.h"
#include "bench/energy/sources.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define NAME "csv"

/* So many lines tell with how many digits a log is written. */
enum { LOOKED_AT = 64 };

typedef struct csv_meter {
    sy_energy_meter base;
    sy_energy_csv_spec spec;
    sy_energy_csv_log log;
} csv_meter;

static void sleep_ns(uint64_t ns) {
    const struct timespec span = {.tv_nsec = (long)(ns % 1000000000), .tv_sec = (time_t)(ns / 1000000000)};
    nanosleep(&span, NULL);
}

static sy_status collect(sy_energy_meter *base, uint64_t begin_utc_ns, uint64_t end_utc_ns,
    int64_t utc_minus_clock_ns, sy_energy_trace *trace, sy_error *err) {
    csv_meter *meter = (csv_meter *)base;
    return sy_energy_csv_log_collect(&meter->log, begin_utc_ns, end_utc_ns, utc_minus_clock_ns, trace, err);
}

static void close_meter(sy_energy_meter *base) {
    csv_meter *meter = (csv_meter *)base;
    sy_energy_csv_log_close(&meter->log);
    sy_mem_free(meter);
}

static sy_status create(const char *text, csv_meter **out_meter, sy_error *err) {
    csv_meter *meter = *out_meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for log %s", text);
    meter->base = (sy_energy_meter){.collect = collect, .close = close_meter};
    sy_status status = sy_energy_csv_spec_parse(text, &meter->spec, err);
    if (status == SY_OK)
        status = sy_energy_csv_log_open(meter->spec.path, meter->spec.column, sleep_ns, &meter->log, err);
    if (status != SY_OK) {
        sy_mem_free(meter);
        *out_meter = NULL;
    }
    return status;
}

static void fill_facts(const csv_meter *meter, sy_energy_found *row) {
    const sy_energy_csv_format *format = &meter->log.format;
    row->facts.kind = format->kind;
    if (format->kind == SY_ENERGY_POWER_INSTANT && meter->spec.window_ns > 0)
        row->facts.kind = SY_ENERGY_POWER_AVERAGE;
    row->facts.scope = meter->spec.scope;
    row->facts.gain = meter->spec.gain;
    row->facts.window_ns = meter->spec.window_ns;
    snprintf(row->facts.detail, sizeof row->facts.detail, "column %s of %.80s, aligned by UTC",
        format->column, meter->spec.path);
}

/* The step of a log is its last digit; a log without one good line is none. */
static void look(csv_meter *meter, sy_energy_found *row) {
    sy_error why = SY_ERROR_INIT, first_bad = SY_ERROR_INIT;
    sy_status status = SY_OK;
    int decimals = -1;
    for (int i = 0; i < LOOKED_AT && (status == SY_OK || status == SY_INVALID_ARGUMENT); i++) {
        sy_energy_csv_reading reading;
        status = sy_energy_csv_log_next(&meter->log, &reading, &why);
        if (status == SY_OK && reading.decimals > decimals)
            decimals = reading.decimals;
        if (status == SY_INVALID_ARGUMENT && first_bad.text[0] == '\0')
            first_bad = why;
    }
    if (decimals >= 0)
        row->facts.resolution = meter->log.format.scale * pow(10, -decimals);
    if (status == SY_REFUSED || status == SY_IO)
        sy_energy_row_judge(row, SY_IO, why.text, "");
    else if (decimals < 0 && first_bad.text[0] != '\0')
        sy_energy_row_judge(row, SY_IO, first_bad.text, "");
}

/* A row for a log that cannot be opened, as the user named it. */
static sy_status append_failed(
    const char *spec, sy_status state, const char *reason, sy_energy_list *list, sy_error *err) {
    sy_energy_csv_spec parts;
    sy_energy_csv_spec_parse(spec, &parts, NULL);
    sy_energy_found row = sy_energy_row(NAME, sy_energy_csv_spec_file(&parts));
    sy_energy_row_judge(&row, state, reason, "");
    row.facts.scope = parts.scope;
    sy_status status = sy_energy_rows_append(list, &row, err);
    if (status == SY_OK)
        snprintf(list->found[list->count - 1].spec, sizeof row.spec, NAME ":%.250s", spec);
    return status;
}

static sy_status append_log(csv_meter *meter, const char *spec, sy_energy_list *list, sy_error *err) {
    char what[300];
    snprintf(what, sizeof what, "%s:%s", sy_energy_csv_spec_file(&meter->spec), meter->log.format.column);
    sy_energy_found row = sy_energy_row(NAME, what);
    fill_facts(meter, &row);
    look(meter, &row);
    sy_status status = sy_energy_rows_append(list, &row, err);
    if (status == SY_OK)
        snprintf(list->found[list->count - 1].spec, sizeof row.spec, NAME ":%.250s", spec);
    return status;
}

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    csv_meter *meter;
    sy_error why = SY_ERROR_INIT;
    sy_energy_csv_spec parts;
    (void)places;
    sy_status status = sy_energy_csv_spec_parse(spec, &parts, err);
    if (status != SY_OK)
        return status;
    status = create(spec, &meter, &why);
    if (status == SY_OUT_OF_MEMORY)
        return sy_error_set(err, status, "%s", why.text);
    if (status != SY_OK)
        return append_failed(spec, status, why.text, list, err);
    status = append_log(meter, spec, list, err);
    close_meter(&meter->base);
    return status;
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    csv_meter *meter = NULL;
    (void)places;
    *out_meter = NULL;
    if (strncmp(found->spec, NAME ":", sizeof NAME) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "\"%s\" is not of the form csv:FILE", found->spec);
    sy_status status = create(found->spec + sizeof NAME, &meter, err);
    if (status == SY_OK)
        *out_meter = &meter->base;
    return status;
}

const sy_energy_source sy_energy_csv = {
    .name = NAME,
    .form = "csv:FILE[;scope=wall][;gain=0.01][;window=1s][;column=NAME]",
    .help = "a meter's log that something else writes, with columns utc_s or utc, and power_w or energy_wh",
    .is_configured = true,
    .find = find,
    .open = open_meter,
};
