/*
 * OpenMetrics text: one family after the other, so all but the first wait in memory. What a row is stands in
 * steelyard_row_info; the samples have its id, name, device and whether it is simulated. Source: the
 * OpenMetrics specification 1.0; as node_exporter's collector reads the older text format, there are no
 * timestamps, and the information is a gauge: the older readers refuse the type "info".
 */
#include <math.h>
#include <string.h>

#include "bench/report/export/facts.h"
#include "bench/report/problem_text.h"

/* The families that wait, by their place in `part`. */
enum {
    TIME,
    TIME_LOW,
    TIME_HIGH,
    FLOP_RATE,
    BYTE_RATE,
    JOULE,
    JOULE_RANDOM,
    JOULE_SYSTEMATIC,
    WATT,
    FAMILIES
};
/* The labels of the row at hand are one more. */
enum { LABELS = FAMILIES };
_Static_assert((unsigned)LABELS < SY_EXPORT_PARTS, "each family has a part");

static const struct {
    const char *name, *unit, *help;
} families[FAMILIES] = {
    [TIME] = {"steelyard_launch_seconds", "seconds", "Median time of one launch."},
    [TIME_LOW] = {"steelyard_launch_ci95_low_seconds", "seconds",
        "Lower end of the 95 % interval of the median."},
    [TIME_HIGH] = {"steelyard_launch_ci95_high_seconds", "seconds",
        "Upper end of the 95 % interval of the median."},
    [FLOP_RATE] = {"steelyard_work_flop_per_second", "flop_per_second",
        "Direct count of operations over the median."},
    [BYTE_RATE] = {"steelyard_traffic_bytes_per_second", "bytes_per_second",
        "Compulsory bytes over the median."},
    [JOULE] = {"steelyard_energy_joule_per_run", "joule_per_run",
        "Gross energy of one launch, of the scope named."},
    [JOULE_RANDOM] = {"steelyard_energy_random_ratio", "ratio", "Relative standard uncertainty, random."},
    [JOULE_SYSTEMATIC] = {"steelyard_energy_systematic_ratio", "ratio",
        "Relative standard uncertainty, systematic."},
    [WATT] = {"steelyard_power_watts", "watts", "Mean power in the window of the energy."},
};

/* `,name="value"`, cleaned, with the three escapes of the format. The first label has no comma in front. */
static void write_label(sy_text *out, const char *name, const char *value) {
    sy_cell cell = sy_print_clean(value, true);
    sy_text_printf(out, "%s%s=\"", name[0] == 'r' && strcmp(name, "run") == 0 ? "" : ",", name);
    for (const char *at = cell.text; *at != '\0';) {
        size_t bytes = strcspn(at, "\\\"");
        sy_text_append(out, at, bytes);
        at += bytes;
        if (*at == '\0')
            break;
        sy_text_append(out, "\\", 1);
        sy_text_append(out, at++, 1);
    }
    sy_export_put(out, "\"");
}

/* What tells a row from all others, and the mark: the same in all families. */
static void set_labels(sy_export *export, const sy_row *row) {
    sy_text *out = &export->part[LABELS];
    sy_text_clear(out);
    write_label(out, "run", export->run_id);
    write_label(out, "id", row->id);
    write_label(out, "name", sy_row_label(row, true).text);
    write_label(out, "device", row->request.device);
    sy_export_put(out, sy_export_is_simulated(row) ? ",simulated=\"true\"" : ",simulated=\"false\"");
}

static void write_sample(sy_export *export, int family, const sy_row_energy *entry, double value) {
    sy_text *out = &export->part[family];
    if (!isfinite(value))
        return;
    sy_text_printf(out, "%s{", families[family].name);
    sy_text_append(out, export->part[LABELS].data, export->part[LABELS].length);
    if (entry != NULL) {
        write_label(out, "scope", entry->scope);
        write_label(out, "source", entry->source);
    }
    sy_export_put(out, "} ");
    sy_export_number(out, value);
    sy_export_put(out, "\n");
}

static void write_info(sy_export *export, const sy_row *row) {
    sy_text *out = &export->out.text;
    sy_export_put(out, "steelyard_row_info{");
    sy_text_append(out, export->part[LABELS].data, export->part[LABELS].length);
    write_label(out, "problem", row->key.problem);
    write_label(out, "data", row->key.data);
    write_label(out, "cache", row->key.cache);
    write_label(out, "backend", row->subject.backend);
    write_label(out, "algorithm", row->subject.algorithm);
    write_label(out, "device_name", row->subject.device.name);
    write_label(out, "status", sy_row_status_name(row->status));
    write_label(out, "reason", sy_export_why(row).text);
    sy_export_put(out, "} 1\n");
}

static void begin(sy_export *export) {
    sy_export_put(&export->out.text,
        "# TYPE steelyard_row_info gauge\n"
        "# HELP steelyard_row_info What a row is, its status, and why it has no time.\n");
}

static void write(sy_export *export, const sy_row *row) {
    double ci95_ns[2], ns = sy_export_time(row, ci95_ns);
    set_labels(export, row);
    if (export->part[LABELS].failed)
        return;
    write_info(export, row);
    write_sample(export, TIME, NULL, ns / 1e9);
    write_sample(export, TIME_LOW, NULL, ci95_ns[0] / 1e9);
    write_sample(export, TIME_HIGH, NULL, ci95_ns[1] / 1e9);
    write_sample(export, FLOP_RATE, NULL, sy_export_flop_per_s(row));
    write_sample(export, BYTE_RATE, NULL, sy_export_byte_per_s(row));
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *entry = sy_export_energy(row, i);
        if (entry == NULL)
            continue;
        write_sample(export, JOULE, entry, entry->joule_per_run);
        write_sample(export, JOULE_RANDOM, entry, entry->u_random);
        write_sample(export, JOULE_SYSTEMATIC, entry, entry->u_systematic);
        write_sample(export, WATT, entry, entry->watt);
    }
}

static void write_tally(sy_export *export) {
    sy_text *out = &export->out.text;
    sy_export_put(out, "# TYPE steelyard_rows gauge\n# HELP steelyard_rows Rows by status.\n");
    for (uint32_t simulated = 0; simulated < 2; simulated++)
        for (uint32_t status = 1; status < SY_ROW_STATUS_COUNT; status++)
            sy_text_printf(out, "steelyard_rows{status=\"%s\",simulated=\"%s\"} %llu\n",
                sy_row_status_name(status), simulated == 1 ? "true" : "false",
                (unsigned long long)export->tally[simulated][status]);
}

static void end(sy_export *export) {
    sy_text *out = &export->out.text;
    for (int i = 0; i < FAMILIES; i++) {
        if (export->part[i].length == 0)
            continue;
        sy_text_printf(out, "# TYPE %s gauge\n# UNIT %s %s\n# HELP %s %s\n", families[i].name,
            families[i].name, families[i].unit, families[i].name, families[i].help);
        sy_text_append(out, export->part[i].data, export->part[i].length);
        /* At the end memory counts more than how it is got. */
        sy_text_release(&export->part[i]);
    }
    write_tally(export);
    sy_export_put(out, "# EOF\n");
}

const sy_export_writer sy_export_openmetrics = {.begin = begin, .row = write, .end = end};
