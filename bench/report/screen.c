/* The grid of the summary. */
#include "bench/report/screen.h"

#include <stdio.h>

#include "runtime/base/seam.h"

enum { GAP = 2, COLUMN_LEAST = 15, LABEL_MOST = 44, UNIT_MOST = 12 };

/* Widths of the parts of a grid. */
typedef struct widths {
    uint32_t label, unit, column[SY_SCREEN_COLUMNS_MAX], number[SY_SCREEN_COLUMNS_MAX];
    size_t columns;
} widths;

sy_screen_line *sy_screen_add(sy_screen *screen, const char *label, const char *unit, uint32_t rank) {
    if (screen->count == screen->capacity) {
        size_t capacity = screen->capacity > 0 ? 2 * screen->capacity : 8;
        sy_screen_line *line = sy_mem_realloc(screen->line, capacity * sizeof *line);
        if (line == NULL) {
            screen->failed = true;
            return NULL;
        }
        screen->line = line;
        screen->capacity = capacity;
    }
    sy_screen_line *line = &screen->line[screen->count++];
    *line = (sy_screen_line){.rank = rank};
    snprintf(line->label.text, sizeof line->label.text, "%s", label);
    snprintf(line->unit.text, sizeof line->unit.text, "%s", unit);
    return line;
}

void sy_screen_release(sy_screen *screen) {
    sy_mem_free(screen->line);
    *screen = (sy_screen){0};
}

static uint32_t larger(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* Columns of a value cell: the number, right-aligned to its column, a space and the precision. */
static uint32_t value_width(const sy_screen_cell *cell, uint32_t number) {
    uint32_t precision = sy_print_width(cell->precision.text);
    return number + (precision > 0 ? 1 + precision : 0);
}

static void measure_column(const sy_screen *screen, size_t column, widths *out) {
    uint32_t width = sy_print_width(screen->heading[column].text), number = 0;
    for (size_t i = 0; i < screen->count; i++)
        number = larger(number, sy_print_width(screen->line[i].cell[column].number.text));
    for (size_t i = 0; i < screen->count; i++) {
        const sy_screen_cell *cell = &screen->line[i].cell[column];
        bool is_text = cell->number.text[0] == '\0';
        width = larger(width, is_text ? sy_print_width(cell->text.text) : value_width(cell, number));
    }
    out->number[column] = number;
    out->column[column] = width;
}

/* Widths of label and unit; the label of a line without a unit reaches into the unit's place. */
static void measure_labels(const sy_screen *screen, uint32_t width, widths *out) {
    uint32_t alone = 0;
    for (size_t i = 0; i < screen->count; i++) {
        const sy_screen_line *line = &screen->line[i];
        uint32_t label = sy_print_width(line->label.text), unit = sy_print_width(line->unit.text);
        alone = unit == 0 ? larger(alone, label) : alone;
        out->label = unit > 0 ? larger(out->label, label) : out->label;
        out->unit = larger(out->unit, unit);
    }
    uint32_t beside = out->unit > 0 ? out->unit + 2 : 0;
    out->unit = smaller(out->unit, UNIT_MOST);
    out->label = alone > beside ? larger(out->label, alone - beside) : out->label;
    out->label = smaller(out->label, smaller(LABEL_MOST, width * 2 / 5));
}

static widths measure(const sy_screen *screen, uint32_t width) {
    widths found = {0};
    measure_labels(screen, width, &found);
    uint32_t used = found.label + 2 + found.unit;
    uint32_t fits = width > used ? (width - used) / (COLUMN_LEAST + GAP) : 0;
    found.columns = smaller((uint32_t)screen->columns, larger(fits, 1));
    if (found.columns == 0)
        return found;
    uint32_t most = width > used ? (width - used) / (uint32_t)found.columns : COLUMN_LEAST + GAP;
    for (size_t i = 0; i < found.columns; i++) {
        measure_column(screen, i, &found);
        found.column[i] = smaller(larger(found.column[i], COLUMN_LEAST), most > GAP ? most - GAP : 1);
    }
    return found;
}

size_t sy_screen_fitting(const sy_screen *screen, uint32_t width) {
    return measure(screen, width).columns;
}

/* Spaces at a line's end are not written: they are kept back until something follows. */
typedef struct cursor {
    sy_text *out;
    uint32_t owed;
} cursor;

static void put(cursor *at, const char *text, uint32_t width) {
    uint32_t taken = smaller(sy_print_width(text), width);
    if (taken > 0) {
        sy_print_spaces(at->out, at->owed);
        at->owed = 0;
        sy_print_cut(at->out, text, width);
    }
    at->owed += width - taken;
}

static void put_cell(
    cursor *at, const sy_report_style *style, const sy_screen_cell *cell, uint32_t width, uint32_t number) {
    if (cell->number.text[0] == '\0') {
        sy_print_spaces(at->out, at->owed);
        at->owed = 0;
        if (cell->is_bad)
            sy_print_look(at->out, style, SY_LOOK_BAD);
        put(at, cell->text.text, width);
        if (cell->is_bad)
            sy_print_look(at->out, style, SY_LOOK_PLAIN);
        return;
    }
    uint32_t pad = number - smaller(number, sy_print_width(cell->number.text));
    at->owed += pad;
    put(at, cell->number.text, smaller(number - pad, width - smaller(pad, width)));
    uint32_t left = width - smaller(width, number);
    if (left > 1 && cell->precision.text[0] != '\0') {
        at->owed++;
        put(at, cell->precision.text, left - 1);
    } else
        at->owed += left;
}

static void write_line(
    const sy_screen_line *line, const widths *found, const sy_report_style *style, sy_text *out) {
    cursor at = {.out = out};
    if (line->unit.text[0] == '\0')
        put(&at, line->label.text, found->label + 2 + found->unit);
    else {
        put(&at, line->label.text, found->label);
        at.owed += 2;
        put(&at, line->unit.text, found->unit);
    }
    for (size_t i = 0; i < found->columns; i++) {
        at.owed += GAP;
        put_cell(&at, style, &line->cell[i], found->column[i], found->number[i]);
    }
    sy_text_append(out, "\n", 1);
}

static void write_heading(
    const sy_screen *screen, const widths *found, const sy_report_style *style, sy_text *out) {
    cursor at = {.out = out, .owed = found->label + 2 + found->unit};
    sy_print_look(out, style, SY_LOOK_STRONG);
    for (size_t i = 0; i < found->columns; i++) {
        at.owed += GAP;
        put(&at, screen->heading[i].text, found->column[i]);
    }
    sy_print_look(out, style, SY_LOOK_PLAIN);
    sy_text_append(out, "\n", 1);
}

/* Take out the last line of a rank; false if there is none. */
static bool drop_last(sy_screen *screen, uint32_t rank) {
    for (size_t i = screen->count; i-- > 0;) {
        if (screen->line[i].rank != rank)
            continue;
        for (size_t j = i + 1; j < screen->count; j++)
            screen->line[j - 1] = screen->line[j];
        screen->count--;
        return true;
    }
    return false;
}

void sy_screen_write(sy_screen *screen, const sy_report_style *style, uint32_t width, uint32_t most,
    sy_text *out, size_t *out_left_out, size_t *out_columns) {
    size_t before = screen->count;
    for (uint32_t rank = SY_RANK_EXTRA; rank > SY_RANK_MAIN; rank--)
        while (screen->count + 1 > most && drop_last(screen, rank))
            continue;
    while (screen->count > 0 && screen->count + 1 > most)
        screen->count--;
    *out_left_out = before - screen->count;
    widths found = measure(screen, width);
    *out_columns = found.columns;
    write_heading(screen, &found, style, out);
    for (size_t i = 0; i < screen->count; i++)
        write_line(&screen->line[i], &found, style, out);
}
