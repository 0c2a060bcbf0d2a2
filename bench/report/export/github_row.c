/* A value of github-action-benchmark as a row. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/record/key.h"
#include "bench/report/export/facts.h"
#include "bench/report/export/github_read.h"

/* ns in a unit of time; 0: it is none. "us" may have a Greek letter. */
static double ns_of(const char *unit) {
    static const struct {
        const char *name;
        double ns;
    } rows[] = {{"ns", 1}, {"us", 1e3}, {"\xc2\xb5s", 1e3}, {"\xce\xbcs", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    for (size_t i = 0; unit != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        size_t bytes = strlen(rows[i].name);
        if (strncmp(unit, rows[i].name, bytes) == 0 && (unit[bytes] == '\0' || unit[bytes] == '/'))
            return rows[i].ns;
    }
    return 0.0;
}

static bool set_value(const sy_github_point *point, sy_row *row) {
    double ns = ns_of(point->unit);
    if (!(point->value > 0.0))
        return false;
    if (ns > 0.0) {
        double low = (point->value - point->half) * ns;
        row->time.headline = SY_HEADLINE_HOST;
        row->time.host.median_ns = point->value * ns;
        row->time.host.ci95_ns[0] = low < 0.0 ? 0.0 : low;
        row->time.host.ci95_ns[1] = (point->value + point->half) * ns;
    } else if (point->unit != NULL &&
               (strcmp(point->unit, "FLOP/s") == 0 || strcmp(point->unit, "OP/s") == 0))
        row->rate.flop_per_s = point->value;
    else if (point->unit != NULL && strcmp(point->unit, "byte/s") == 0)
        row->rate.byte_per_s = point->value;
    else
        return false;
    return true;
}

/* "WORK on DEVICE [SIMULATED]: WHAT", as far as it is of that form. */
static void set_names(const char *name, sy_github_row *out) {
    const char *end = strrchr(name, ':'), *on = NULL;
    const char *mark = strstr(name, SY_EXPORT_SIMULATED);
    end = end != NULL && end[1] == ' ' ? end : name + strlen(name);
    for (const char *at = name; (at = strstr(at, " on ")) != NULL && at < end; at++)
        on = at;
    size_t bytes = on != NULL ? (size_t)(on - name) : (size_t)(end - name);
    snprintf(out->problem, sizeof out->problem, "%.*s", (int)(bytes < 500 ? bytes : 500), name);
    const char *stop = mark != NULL && mark < end ? mark : end;
    bytes = on != NULL && stop > on + 4 ? (size_t)(stop - on - 4) : 0;
    snprintf(
        out->device, sizeof out->device, "%.*s", (int)(bytes < 250 ? bytes : 250), on != NULL ? on + 4 : "");
    out->row.subject.simulated = mark != NULL ? SY_TRI_YES : SY_TRI_NO;
}

bool sy_github_row_of(const sy_github_point *point, sy_github_row *out_row) {
    sy_row *row = &out_row->row;
    *out_row = (sy_github_row){.run_id = ""};
    sy_row_init(row);
    row->status = SY_ROW_OK;
    if (!set_value(point, row))
        return false;
    set_names(point->name, out_row);
    row->key.problem = out_row->problem;
    row->request.device = out_row->device[0] != '\0' ? out_row->device : "unknown";
    row->subject.device.id = row->request.device;
    row->origin.suite = point->suite;
    sy_key_hash(row, out_row->key_hash);
    sy_subject_hash(row, out_row->subject_hash);
    row->key_hash = out_row->key_hash;
    row->subject_hash = out_row->subject_hash;
    bool is_dated = point->date_ms >= 0.0 && point->date_ms < 1e15;
    snprintf(out_row->run_id, sizeof out_row->run_id, "%.40s%s%.0f",
        point->commit != NULL ? point->commit : "", is_dated && point->commit != NULL ? "-" : "",
        is_dated ? point->date_ms : 0.0);
    snprintf(out_row->id, sizeof out_row->id, "%016" PRIx64, sy_line_key(point->name, strlen(point->name)));
    row->id = out_row->id;
    return true;
}
