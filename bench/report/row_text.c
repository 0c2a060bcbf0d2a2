/* One row in full, a line a field; and finding the row that is meant. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/energy_text.h"
#include "runtime/base/error.h"

/* Where fields go: groups are parted by an empty line. */
typedef struct writing {
    const sy_report_style *style;
    sy_text *out;
    char group[64];
} writing;

enum { NAME_WIDTH = 32, WIDTH = 100 };

static void write_name(writing *to, const char *name) {
    char group[64];
    snprintf(group, sizeof group, "%.*s", (int)strcspn(name, "."), name);
    if (to->group[0] != '\0' && strcmp(group, to->group) != 0)
        sy_text_append(to->out, "\n", 1);
    memcpy(to->group, group, sizeof group);
    sy_print_padded(to->out, name, NAME_WIDTH, false);
    sy_text_append(to->out, " ", 1);
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), bytes = strlen(end);
    return length >= bytes && strcmp(text + length - bytes, end) == 0;
}

/* A number as it is, and once more in a unit that is easy to read. */
static void write_number(writing *to, const char *name, double value) {
    char exact[40];
    sy_text_from_f64(value, exact, sizeof exact);
    sy_text_printf(to->out, "%s", exact);
    sy_unit unit = {NULL, 1.0};
    if (ends_with(name, "_ns") && value >= 1e3)
        unit = sy_unit_time(value);
    else if (ends_with(name, "flop_per_s"))
        unit = sy_unit_flop_rate(value, false);
    else if (ends_with(name, "byte_per_s"))
        unit = sy_unit_byte_rate(value);
    if (unit.name == NULL)
        return;
    sy_cell number = sy_print_number(value / unit.divisor, 0.0, to->style);
    sy_text_printf(to->out, "  (%s %s)", number.text, unit.name);
}

static void write_text(writing *to, const char *text) {
    /* Whole, not cut to a cell: piece by piece. */
    char piece[128];
    size_t left = strlen(text);
    while (left > 0) {
        size_t bytes = left < sizeof piece - 1 ? left : sizeof piece - 1;
        while (bytes > 1 && bytes < left && ((unsigned char)text[bytes] & 0xc0) == 0x80)
            bytes--;
        memcpy(piece, text, bytes);
        piece[bytes] = '\0';
        sy_cell clean = sy_print_clean(piece, to->style->utf8);
        sy_text_append(to->out, clean.text, strlen(clean.text));
        text += bytes;
        left -= bytes;
    }
}

static void write_field(void *ctx, const char *name, const sy_field *field, const void *value);

static void write_texts(writing *to, const sy_text_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        sy_text_append(to->out, ", ", i > 0 ? 2 : 0);
        write_text(to, list->item[i] != NULL ? list->item[i] : "");
    }
}

static void write_numbers(writing *to, const sy_f64_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        char text[40];
        sy_text_from_f64(list->item[i], text, sizeof text);
        /* Lines of eight, indented under the value. */
        if (i > 0)
            sy_text_printf(to->out, i % 8 == 0 ? "\n%*s" : " ", i % 8 == 0 ? NAME_WIDTH + 1 : 0, "");
        sy_text_printf(to->out, "%s", text);
    }
}

/* Items of a list one after the other: "time.by_round[1].median_ns". */
typedef struct item_writing {
    writing *to;
    const char *name;
    size_t index;
} item_writing;

static void write_item_field(void *ctx, const char *name, const sy_field *field, const void *value) {
    const item_writing *item = ctx;
    char full[192];
    snprintf(full, sizeof full, "%.90s[%zu].%.60s", item->name, item->index, name);
    write_field(item->to, full, field, value);
}

static void write_list(writing *to, const char *name, const sy_field *field, const void *value) {
    sy_text_list list; /* any list begins like this */
    memcpy(&list, value, sizeof list);
    for (size_t i = 0; i < list.count; i++) {
        item_writing item = {.to = to, .name = name, .index = i};
        const char *object = (const char *)list.item + i * field->table->bytes;
        sy_fields_walk(field->table, object, write_item_field, &item);
    }
}

static void write_value(writing *to, const char *name, const sy_field *field, const void *value) {
    const double *number = value;
    switch (field->kind) {
    case SY_FIELD_TEXT: write_text(to, *(const char *const *)value); break;
    case SY_FIELD_F64: write_number(to, name, *number); break;
    case SY_FIELD_COUNT: sy_text_printf(to->out, "%" PRIu64, *(const uint64_t *)value); break;
    case SY_FIELD_TRI:
        sy_text_printf(to->out, "%s", *(const sy_tri *)value == SY_TRI_YES ? "yes" : "no");
        break;
    case SY_FIELD_NAME: sy_text_printf(to->out, "%s", field->names[*(const uint32_t *)value]); break;
    case SY_FIELD_PAIR:
        write_number(to, name, number[0]);
        sy_text_append(to->out, " to ", 4);
        write_number(to, name, number[1]);
        break;
    case SY_FIELD_TEXTS: write_texts(to, value); break;
    default: write_numbers(to, value); break;
    }
}

static void write_field(void *ctx, const char *name, const sy_field *field, const void *value) {
    writing *to = ctx;
    if (field->kind == SY_FIELD_LIST) {
        write_list(to, name, field, value);
        return;
    }
    write_name(to, name);
    write_value(to, name, field, value);
    sy_text_append(to->out, "\n", 1);
}

/* What the fields of energy say, in words. */
static void write_energy(const sy_row *row, const sy_report_style *style, sy_text *out) {
    uint32_t columns = style->columns > 0 ? style->columns : WIDTH;
    sy_cell sustain = sy_print_sustain(&row->sustain, style);
    if (row->energy.count > 0 || sustain.text[0] != '\0')
        sy_text_append(out, "\n", 1);
    if (row->energy.count > 0 && row->subject.simulated == SY_TRI_YES)
        sy_text_printf(out, "SIMULATED: the joules of a model, of no device\n");
    for (size_t i = 0; i < row->energy.count; i++)
        sy_print_energy(row, &row->energy.item[i], columns, style, out);
    if (sustain.text[0] != '\0')
        sy_print_wrapped(out, sustain.text, columns);
}

sy_status sy_report_row(const sy_row *row, const sy_report_style *style, sy_text *out, sy_error *err) {
    writing to = {.style = style, .out = out};
    sy_fields_walk(&sy_row_fields, row, write_field, &to);
    write_energy(row, style, out);
    return out->failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a row") : SY_OK;
}

enum { ID_LEAST = 4 };

static bool is_meant(const sy_row *row, const char *what) {
    bool is_id = strlen(what) >= ID_LEAST && row->id != NULL && strncmp(row->id, what, strlen(what)) == 0;
    return is_id || (row->origin.name != NULL && strcmp(row->origin.name, what) == 0);
}

sy_status sy_report_find(
    const sy_row *rows, size_t count, const char *what, const sy_row **out_row, sy_error *err) {
    uint64_t number;
    *out_row = NULL;
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_meant(&rows[i], what))
            continue;
        *out_row = &rows[i];
        found++;
    }
    /* A number of the table, unless it is the beginning of an id. */
    if (found == 0 && sy_text_to_u64(what, &number) && number >= 1 && number <= count) {
        *out_row = &rows[number - 1];
        return SY_OK;
    }
    if (found == 1)
        return SY_OK;
    *out_row = NULL;
    return found == 0 ? sy_error_set(err, SY_INVALID_ARGUMENT,
                            "no row '%.80s': give its number from 1 to %zu, id or name", what, count)
                      : sy_error_set(err, SY_INVALID_ARGUMENT,
                            "%zu rows are called '%.80s': give the number of one", found, what);
}
