/* Every scalar field of every row as comma-separated values. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/fields/json_text.h"
#include "bench/report/csv_text.h"
#include "bench/report/energy_entry.h"
#include "runtime/base/error.h"

static void write_number(sy_text *out, double value) {
    if (isfinite(value))
        sy_json_f64(out, value);
}

static bool is_scalar(const sy_field *field) {
    return field->kind != SY_FIELD_TEXTS && field->kind != SY_FIELD_F64S && field->kind != SY_FIELD_LIST;
}

static void write_heading(const sy_field_table *table, const char *prefix, sy_text *out, bool *is_first) {
    for (size_t i = 0; i < table->count; i++) {
        const sy_field *field = &table->field[i];
        sy_text name = {0};
        sy_text_printf(&name, "%s%s%s", prefix, prefix[0] != '\0' ? "." : "", field->name);
        if (name.failed)
            out->failed = true;
        else if (field->kind == SY_FIELD_GROUP)
            write_heading(field->table, name.data, out, is_first);
        else if (is_scalar(field)) {
            const char *comma = *is_first ? "" : ",";
            if (field->kind == SY_FIELD_PAIR)
                sy_text_printf(out, "%s%s.low,%s.high", comma, name.data, name.data);
            else
                sy_text_printf(out, "%s%s", comma, name.data);
            *is_first = false;
        }
        sy_text_release(&name);
    }
}

static void write_value(const sy_field *field, const void *value, sy_text *out) {
    const double *number = value;
    const char *text = NULL;
    switch (field->kind) {
    case SY_FIELD_F64: write_number(out, *number); return;
    case SY_FIELD_PAIR:
        write_number(out, number[0]);
        sy_text_append(out, ",", 1);
        write_number(out, number[1]);
        return;
    case SY_FIELD_COUNT:
        if (*(const uint64_t *)value != SY_NO_COUNT)
            sy_text_printf(out, "%" PRIu64, *(const uint64_t *)value);
        return;
    case SY_FIELD_TEXT: text = *(const char *const *)value; break;
    case SY_FIELD_TRI:
        text = *(const sy_tri *)value == SY_TRI_YES  ? "true"
               : *(const sy_tri *)value == SY_TRI_NO ? "false"
                                                     : NULL;
        break;
    default:
        text = *(const uint32_t *)value < field->n_names ? field->names[*(const uint32_t *)value] : NULL;
        break;
    }
    sy_csv_text(out, text != NULL ? text : "");
}

static void write_row(const sy_field_table *table, const void *object, sy_text *out, bool *is_first) {
    for (size_t i = 0; i < table->count; i++) {
        const sy_field *field = &table->field[i];
        const void *value = (const char *)object + field->offset;
        if (field->kind == SY_FIELD_GROUP)
            write_row(field->table, value, out, is_first);
        else if (is_scalar(field)) {
            sy_text_append(out, ",", *is_first ? 0 : 1);
            write_value(field, value, out);
            *is_first = false;
        }
    }
}

/* What a scope has columns for: "energy.card.joule_per_run". */
static const char *const energy_names[] = {"source", "joule_per_run", "joule_net_per_run", "watt",
    "flop_per_joule", "byte_per_joule", "u_random", "u_systematic", "valid", "reasons"};

enum { ENERGY_NAMES = sizeof energy_names / sizeof energy_names[0], ENERGY_NUMBERS = 7 };

static void write_energy_heading(const sy_scopes *scopes, sy_text *out) {
    for (size_t i = 0; i < scopes->count; i++)
        for (size_t j = 0; j < ENERGY_NAMES; j++) {
            char name[128];
            snprintf(name, sizeof name, "energy.%.60s.%s", scopes->scope[i], energy_names[j]);
            sy_text_append(out, ",", 1);
            sy_csv_text(out, name);
        }
}

/* Numbers that are not valid are left out: a spreadsheet would add them up. The reasons stand beside. */
static void write_entry(const sy_row *row, const sy_row_energy *entry, sy_text *out) {
    bool is_shown = sy_energy_is_shown(row, entry);
    const double numbers[ENERGY_NUMBERS] = {entry->joule_per_run, entry->joule_net_per_run, entry->watt,
        entry->flop_per_joule, entry->byte_per_joule, entry->u_random, entry->u_systematic};
    sy_text reasons = {0};
    for (size_t i = 0; i < entry->reasons.count; i++)
        sy_text_printf(&reasons, "%s%s", i > 0 ? " " : "", entry->reasons.item[i]);
    sy_text_append(out, ",", 1);
    sy_csv_text(out, entry->source != NULL ? entry->source : "");
    for (size_t i = 0; i < ENERGY_NUMBERS; i++) {
        sy_text_append(out, ",", 1);
        write_number(out, is_shown ? numbers[i] : NAN);
    }
    sy_text_printf(out, ",%s,", is_shown ? "true" : "false");
    sy_csv_text(out, reasons.data != NULL ? reasons.data : "");
    out->failed = out->failed || reasons.failed;
    sy_text_release(&reasons);
}

static void write_energy(const sy_row *row, const sy_scopes *scopes, sy_text *out) {
    for (size_t i = 0; i < scopes->count; i++) {
        const sy_row_energy *entry = sy_energy_of_scope(row, scopes->scope[i]);
        if (entry != NULL)
            write_entry(row, entry, out);
        for (size_t j = 0; entry == NULL && j < ENERGY_NAMES; j++)
            sy_text_append(out, ",", 1);
    }
}

sy_status sy_report_csv(const sy_report *report, sy_text *out, sy_error *err) {
    bool is_first = true;
    sy_scopes scopes;
    sy_scopes_find(report, &scopes);
    write_heading(&sy_row_fields, "", out, &is_first);
    write_energy_heading(&scopes, out);
    sy_text_append(out, "\n", 1);
    for (size_t i = 0; i < report->n_rows; i++) {
        is_first = true;
        write_row(&sy_row_fields, &report->rows[i], out, &is_first);
        write_energy(&report->rows[i], &scopes, out);
        sy_text_append(out, "\n", 1);
    }
    return out->failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the values") : SY_OK;
}
