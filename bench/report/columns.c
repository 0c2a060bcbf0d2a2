/* The columns of the summary. */
#include "bench/report/columns.h"

#include <stdio.h>
#include <string.h>

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_auto(const char *algorithm) {
    return algorithm == NULL || strcmp(algorithm, "auto") == 0;
}

bool sy_column_has(const sy_column *column, const char *device, const char *algorithm) {
    bool is_same =
        same_text(column->algorithm, algorithm) || (is_auto(column->algorithm) && is_auto(algorithm));
    return same_text(column->device, device) && is_same;
}

static bool is_known(const sy_columns *columns, const sy_row *row) {
    for (size_t i = 0; i < columns->count; i++)
        if (sy_column_has(&columns->column[i], row->request.device, row->request.algorithm))
            return true;
    return false;
}

/* Take out columns of a named algorithm on a device that has one of `auto`. */
static void prefer_auto(sy_columns *columns) {
    size_t kept = 0;
    for (size_t i = 0; i < columns->count; i++) {
        const sy_column *each = &columns->column[i];
        bool has_auto = false;
        for (size_t j = 0; j < columns->count; j++)
            has_auto = has_auto || (is_auto(columns->column[j].algorithm) &&
                                       same_text(columns->column[j].device, each->device));
        if (is_auto(each->algorithm) || !has_auto)
            columns->column[kept++] = *each;
    }
    columns->count = kept;
}

void sy_columns_find(const sy_row *rows, size_t count, sy_columns *out_columns) {
    *out_columns = (sy_columns){0};
    const sy_row *last = NULL;
    for (size_t i = 0; i < count; i++) {
        const sy_row *row = &rows[i];
        bool is_last = last != NULL && same_text(last->request.device, row->request.device) &&
                       same_text(last->request.algorithm, row->request.algorithm);
        if (is_last || is_known(out_columns, row))
            continue;
        last = row;
        if (out_columns->count == SY_SCREEN_COLUMNS_MAX) {
            out_columns->more++;
            continue;
        }
        out_columns->column[out_columns->count++] = (sy_column){.device = row->request.device,
            .algorithm = row->request.algorithm,
            .row = row,
            .is_simulated = row->subject.simulated == SY_TRI_YES};
    }
    prefer_auto(out_columns);
}

/* The device's label or name from the environment, else the rows' name. */
static const char *name_of(const sy_report *report, const sy_column *column) {
    const sy_environment *environment = report->environment;
    for (size_t i = 0; environment != NULL && i < environment->devices.count; i++) {
        const sy_device_fact *device = &environment->devices.item[i];
        if (!same_text(device->id, column->device))
            continue;
        return device->label != NULL ? device->label : device->name;
    }
    return column->row->subject.device.name;
}

sy_cell sy_column_heading(const sy_report *report, const sy_column *column, bool utf8) {
    sy_cell device = sy_print_clean(column->device, utf8);
    sy_cell name = sy_print_clean(name_of(report, column), utf8);
    sy_cell algorithm = sy_print_clean(is_auto(column->algorithm) ? "" : column->algorithm, utf8);
    sy_cell heading;
    /* What tells columns apart comes first: a long name is cut at its end. */
    snprintf(heading.text, sizeof heading.text, "%s%.60s%s%.40s%s%.120s",
        column->is_simulated ? "SIMULATED " : "", device.text, algorithm.text[0] != '\0' ? " " : "",
        algorithm.text, name.text[0] != '\0' ? " " : "", name.text);
    return heading;
}
