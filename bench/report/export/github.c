/* Lists for github-action-benchmark's tools customSmallerIsBetter and customBiggerIsBetter: name, unit,
 * value, range, extra. Source: the action's README and its types. */
#include <math.h>
#include <stdio.h>

#include "bench/report/export/json.h"

/* One entry: a quantity of a row, with half of its interval's width. */
typedef struct quantity {
    const char *what, *unit;
    double value, half;
} quantity;

static void write_extra(sy_text *out, const sy_row *row) {
    sy_text text = {0};
    sy_text_printf(&text, "status %s", sy_row_status_name(row->status));
    if (row->time.rounds != SY_NO_COUNT)
        sy_text_printf(&text, ", %llu rounds", (unsigned long long)row->time.rounds);
    if (row->subject.device.name != NULL)
        sy_text_printf(&text, ", %.100s", row->subject.device.name);
    if (row->subject.algorithm != NULL)
        sy_text_printf(&text, ", algorithm %.100s", row->subject.algorithm);
    sy_export_member_text(out, "extra", text.data);
    out->failed = out->failed || text.failed;
    sy_text_release(&text);
}

static void write_entry(sy_export *export, const sy_row *row, const char *name, const quantity *of) {
    sy_text *out = &export->out.text;
    if (!isfinite(of->value))
        return;
    sy_export_put(out, export->entries++ > 0 ? ",\n{\"name\":" : "\n{\"name\":");
    sy_text full = {0};
    sy_text_printf(&full, "%s: %s", name, of->what);
    sy_export_quote(out, full.data);
    out->failed = out->failed || full.failed;
    sy_text_release(&full);
    sy_export_member_text(out, "unit", of->unit);
    sy_export_member_number(out, "value", of->value);
    if (isfinite(of->half)) {
        sy_export_put(out, ",\"range\":\"± ");
        sy_export_number(out, of->half);
        sy_export_put(out, "\"");
    }
    write_extra(out, row);
    sy_export_put(out, "}");
}

static void begin(sy_export *export) {
    sy_export_put(&export->out.text, "[");
}

static void write_smaller(sy_export *export, const sy_row *row) {
    double ci95_ns[2], ns = sy_export_time(row, ci95_ns);
    if (!isfinite(ns))
        return;
    sy_export_name name = sy_export_once(export, row);
    quantity of = {.what = "time", .unit = "ns", .value = ns, .half = (ci95_ns[1] - ci95_ns[0]) / 2};
    write_entry(export, row, name.text, &of);
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *entry = sy_export_energy(row, i);
        if (entry == NULL)
            continue;
        char what[80];
        snprintf(what, sizeof what, "joule_per_run{scope=%s}", sy_export_scope(entry->scope).text);
        of = (quantity){.what = what,
            .unit = "J",
            .value = entry->joule_per_run,
            .half = 1.96 * entry->u_random * entry->joule_per_run};
        write_entry(export, row, name.text, &of);
    }
}

static void write_bigger(sy_export *export, const sy_row *row) {
    double ci95_ns[2], ns = sy_export_time(row, ci95_ns);
    if (!isfinite(ns))
        return;
    sy_export_name name = sy_export_once(export, row);
    double relative = (ci95_ns[1] - ci95_ns[0]) / 2 / ns;
    quantity of = {.what = "rate", .unit = sy_export_work_unit(row), .value = sy_export_flop_per_s(row)};
    of.half = of.value * relative;
    write_entry(export, row, name.text, &of);
    of = (quantity){.what = "bandwidth", .unit = "byte/s", .value = sy_export_byte_per_s(row)};
    of.half = of.value * relative;
    write_entry(export, row, name.text, &of);
}

static void end(sy_export *export) {
    sy_export_put(&export->out.text, "\n]\n");
}

const sy_export_writer sy_export_github_smaller = {.begin = begin, .row = write_smaller, .end = end};
const sy_export_writer sy_export_github_bigger = {.begin = begin, .row = write_bigger, .end = end};
