/* Every field of every row as comma-separated values that a spreadsheet may open. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/report/export/facts.h"

/* Scopes have columns of their own, the same in every file; what is none of them goes under "other". */
static const char *const scopes[] = {"die", "package", "memory", "card", "board", "node", "wall"};
enum { SCOPES = sizeof scopes / sizeof scopes[0] };

static const char *const energy_names[] = {"scope", "source", "joule_per_run", "joule_net_per_run", "watt",
    "flop_per_joule", "byte_per_joule", "u_random", "u_systematic", "valid", "reasons"};
enum { ENERGY_NAMES = sizeof energy_names / sizeof energy_names[0], ENERGY_NUMBERS = 7 };

/* Quoted where RFC 4180 wants it; a quote mark in front where a spreadsheet would see a formula. */
static void write_text(sy_text *out, const char *text) {
    sy_text clean = {0};
    sy_export_clean(&clean, text);
    const char *next = clean.data != NULL ? clean.data : "";
    /* Some spreadsheets drop spaces before they look for a formula. */
    bool is_formula = next[strspn(next, " ")] != '\0' && strchr("=+-@", next[strspn(next, " ")]) != NULL;
    bool was_tab = text != NULL && (text[0] == '\t' || text[0] == '\r');
    bool is_quoted = strpbrk(next, ",\"") != NULL;
    sy_text_append(out, "\"", is_quoted ? 1 : 0);
    sy_text_append(out, "'", is_formula || was_tab ? 1 : 0);
    for (size_t bytes; *next != '\0'; next += bytes) {
        bytes = strcspn(next, "\"");
        bytes += next[bytes] == '"';
        sy_text_append(out, next, bytes);
        sy_text_append(out, "\"", next[bytes - 1] == '"' ? 1 : 0);
    }
    sy_text_append(out, "\"", is_quoted ? 1 : 0);
    out->failed = out->failed || clean.failed;
    sy_text_release(&clean);
}

static void write_number(sy_text *out, double value) {
    if (isfinite(value))
        sy_export_number(out, value);
}

static void write_names(const sy_field_table *table, const char *prefix, sy_text *out, bool *is_first) {
    for (size_t i = 0; i < table->count; i++) {
        const sy_field *field = &table->field[i];
        sy_text name = {0};
        sy_text_printf(&name, "%s%s%s", prefix, prefix[0] != '\0' ? "." : "", field->name);
        const char *comma = *is_first ? "" : ",";
        if (name.failed)
            out->failed = true;
        else if (field->kind == SY_FIELD_GROUP)
            write_names(field->table, name.data, out, is_first);
        else if (field->kind == SY_FIELD_PAIR)
            sy_text_printf(out, "%s%s.low,%s.high", comma, name.data, name.data);
        else if (field->kind == SY_FIELD_LIST)
            sy_text_printf(out, "%s%s.count", comma, name.data);
        else
            sy_text_printf(out, "%s%s", comma, name.data);
        *is_first = *is_first && field->kind == SY_FIELD_GROUP;
        sy_text_release(&name);
    }
}

static void write_texts(sy_text *out, const sy_text_list *list) {
    sy_text joined = {0};
    for (size_t i = 0; i < list->count; i++)
        sy_text_printf(&joined, "%s%s", i > 0 ? "; " : "", list->item[i]);
    write_text(out, joined.data);
    out->failed = out->failed || joined.failed;
    sy_text_release(&joined);
}

/* A list's numbers with spaces between: no spreadsheet takes that for one number. */
static void write_numbers(sy_text *out, const sy_f64_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        sy_text_append(out, " ", i > 0 ? 1 : 0);
        write_number(out, list->item[i]);
    }
}

static void write_count(sy_text *out, uint64_t count) {
    if (count != SY_NO_COUNT)
        sy_text_printf(out, "%" PRIu64, count);
}

static const char *word_of(const sy_field *field, const void *value) {
    if (field->kind == SY_FIELD_TRI) {
        sy_tri tri = *(const sy_tri *)value;
        return tri == SY_TRI_YES ? "true" : tri == SY_TRI_NO ? "false" : NULL;
    }
    uint32_t number = *(const uint32_t *)value;
    return number < field->n_names ? field->names[number] : NULL;
}

static void write_value(const sy_field *field, const void *value, sy_text *out) {
    const double *number = value;
    sy_text_list list;
    switch (field->kind) {
    case SY_FIELD_F64: write_number(out, *number); break;
    case SY_FIELD_PAIR:
        write_number(out, number[0]);
        sy_text_append(out, ",", 1);
        write_number(out, number[1]);
        break;
    case SY_FIELD_COUNT: write_count(out, *(const uint64_t *)value); break;
    case SY_FIELD_TEXT: write_text(out, *(const char *const *)value); break;
    case SY_FIELD_TEXTS: write_texts(out, value); break;
    case SY_FIELD_F64S: write_numbers(out, value); break;
    case SY_FIELD_LIST:
        memcpy(&list, value, sizeof list);
        write_count(out, list.count);
        break;
    default: write_text(out, word_of(field, value)); break;
    }
}

static void write_fields(const sy_field_table *table, const void *object, sy_text *out, bool *is_first) {
    for (size_t i = 0; i < table->count; i++) {
        const sy_field *field = &table->field[i];
        const void *value = (const char *)object + field->offset;
        if (field->kind == SY_FIELD_GROUP) {
            write_fields(field->table, value, out, is_first);
            continue;
        }
        sy_text_append(out, ",", *is_first ? 0 : 1);
        write_value(field, value, out);
        *is_first = false;
    }
}

static bool is_scope(const char *scope, size_t place) {
    if (scope == NULL)
        return false;
    if (place < SCOPES)
        return strcmp(scope, scopes[place]) == 0;
    for (size_t i = 0; i < SCOPES; i++)
        if (strcmp(scope, scopes[i]) == 0)
            return false;
    return true;
}

/* A row's entry for a place: the one that may be shown, else the first. */
static const sy_row_energy *entry_of(const sy_row *row, size_t place, bool *out_shown) {
    const sy_row_energy *first = NULL;
    *out_shown = true;
    for (size_t i = 0; i < row->energy.count; i++) {
        if (!is_scope(row->energy.item[i].scope, place))
            continue;
        if (sy_export_energy(row, i) != NULL)
            return &row->energy.item[i];
        first = first == NULL ? &row->energy.item[i] : first;
    }
    *out_shown = false;
    return first;
}

/* Numbers that are not valid are left out: a spreadsheet would add them up. The reasons stand beside. */
static void write_entry(const sy_row_energy *entry, bool is_shown, sy_text *out) {
    const double numbers[ENERGY_NUMBERS] = {entry->joule_per_run, entry->joule_net_per_run, entry->watt,
        entry->flop_per_joule, entry->byte_per_joule, entry->u_random, entry->u_systematic};
    sy_text_append(out, ",", 1);
    write_text(out, entry->scope);
    sy_text_append(out, ",", 1);
    write_text(out, entry->source);
    for (size_t i = 0; i < ENERGY_NUMBERS; i++) {
        sy_text_append(out, ",", 1);
        write_number(out, is_shown ? numbers[i] : NAN);
    }
    sy_export_put(out, is_shown ? ",true," : ",false,");
    write_texts(out, &entry->reasons);
}

static void begin(sy_export *export) {
    bool is_first = true;
    sy_text *out = &export->out.text;
    sy_export_put(out, "run_id,");
    write_names(&sy_row_fields, "", out, &is_first);
    for (size_t i = 0; i <= SCOPES; i++)
        for (size_t j = 0; j < ENERGY_NAMES; j++)
            sy_text_printf(out, ",energy.%s.%s", i < SCOPES ? scopes[i] : "other", energy_names[j]);
    sy_export_put(out, "\n");
}

static void write(sy_export *export, const sy_row *row) {
    bool is_first = true;
    sy_text *out = &export->out.text;
    write_text(out, export->run_id);
    sy_export_put(out, ",");
    write_fields(&sy_row_fields, row, out, &is_first);
    for (size_t i = 0; i <= SCOPES; i++) {
        bool is_shown = false;
        const sy_row_energy *entry = entry_of(row, i, &is_shown);
        if (entry != NULL)
            write_entry(entry, is_shown, out);
        else
            sy_export_put(out, ",,,,,,,,,,,");
    }
    sy_export_put(out, "\n");
}

static void end(sy_export *export) {
    (void)export;
}

const sy_export_writer sy_export_csv = {.begin = begin, .row = write, .end = end};
