/* Bencher Metric Format: an object of benchmarks, each an object of measures with value and bounds.
 * Source: bencher.dev, reference "Bencher Metric Format". */
#include <math.h>

#include "bench/report/export/json.h"

/* A measure with its bounds, where it has any: not below zero, and around the value. */
static void write_measure(
    sy_text *out, bool *is_first, const char *name, double value, const double bounds[2]) {
    sy_text_printf(out, "%s\"%s\":{\"value\":", *is_first ? "" : ",", name);
    sy_export_number(out, value);
    if (isfinite(bounds[0]) && isfinite(bounds[1])) {
        sy_export_member_number(out, "lower_value", fmin(fmax(bounds[0], 0.0), value));
        sy_export_member_number(out, "upper_value", fmax(bounds[1], value));
    }
    sy_export_put(out, "}");
    *is_first = false;
}

/* A rate at the two ends of the time's interval; the longer time is the lower rate. */
static void write_rate(
    sy_text *out, bool *is_first, const char *name, double rate, double ns, const double ci[2]) {
    const double bounds[2] = {rate * ns / ci[1], rate * ns / ci[0]};
    if (isfinite(rate))
        write_measure(out, is_first, name, rate, bounds);
}

static void write_energy(sy_text *out, bool *is_first, const sy_row *row) {
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *entry = sy_export_energy(row, i);
        if (entry == NULL)
            continue;
        /* One sigma to an interval of 95 %, as the times have. */
        double half = 1.96 * entry->u_random * entry->joule_per_run;
        const double bounds[2] = {entry->joule_per_run - half, entry->joule_per_run + half};
        sy_text name = {0};
        sy_text_printf(&name, "joule-per-run-%s", sy_export_scope(entry->scope).text);
        if (name.failed)
            out->failed = true;
        else
            write_measure(out, is_first, name.data, entry->joule_per_run, bounds);
        sy_text_release(&name);
    }
}

static void begin(sy_export *export) {
    sy_export_put(&export->out.text, "{");
}

static void write(sy_export *export, const sy_row *row) {
    sy_text *out = &export->out.text;
    double ci95_ns[2], ns = sy_export_time(row, ci95_ns);
    bool is_first = true;
    /* The format has no place for a benchmark without a value. */
    if (!isfinite(ns))
        return;
    sy_export_put(out, export->entries++ > 0 ? ",\n" : "\n");
    sy_export_quote(out, sy_export_once(export, row).text);
    sy_export_put(out, ":{");
    write_measure(out, &is_first, "latency", ns, ci95_ns);
    write_rate(out, &is_first, "flop-per-second", sy_export_flop_per_s(row), ns, ci95_ns);
    write_rate(out, &is_first, "byte-per-second", sy_export_byte_per_s(row), ns, ci95_ns);
    write_energy(out, &is_first, row);
    sy_export_put(out, "}");
}

static void end(sy_export *export) {
    sy_export_put(&export->out.text, "\n}\n");
}

const sy_export_writer sy_export_bmf = {.begin = begin, .row = write, .end = end};
