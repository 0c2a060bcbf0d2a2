/* A list of rows with aligned cells. */
#include "bench/report/compare_grid.h"

#include <string.h>

enum { GAP = 2, LABEL_LEAST = 16, NOTE_INDENT = 4 };

/* Widths of the cells; used: of a whole row without its note. */
typedef struct layout {
    uint32_t width[SY_COMPARE_CELLS], used;
} layout;

static layout measure(const sy_compare_grid *grid) {
    layout found = {.used = grid->indent};
    for (size_t i = 0; i < grid->count; i++) {
        sy_compare_grid_row row = {0};
        grid->make(grid->ctx, i, &row);
        for (size_t c = 0; c < SY_COMPARE_CELLS; c++) {
            uint32_t width = sy_print_width(row.cell[c].text);
            found.width[c] = width > found.width[c] ? width : found.width[c];
        }
    }
    for (size_t c = 0; c < SY_COMPARE_CELLS; c++)
        found.used += found.width[c] > 0 ? found.width[c] + GAP : 0;
    found.used -= found.used > grid->indent ? GAP : 0;
    uint32_t over = found.used > grid->width ? found.used - grid->width : 0;
    uint32_t spare = found.width[0] > LABEL_LEAST ? found.width[0] - LABEL_LEAST : 0;
    uint32_t cut = over < spare ? over : spare;
    found.width[0] -= cut;
    found.used -= cut;
    return found;
}

/* Cells up to the last one that is not empty: no spaces at the end of a line. */
static size_t count_cells(const sy_compare_grid_row *row, bool has_note) {
    size_t count = SY_COMPARE_CELLS;
    while (!has_note && count > 1 && row->cell[count - 1].text[0] == '\0')
        count--;
    return count;
}

static void write_cell(const sy_compare_grid *grid, const layout *of, const sy_compare_grid_row *row,
    size_t c, bool is_last, sy_text *out) {
    const char *text = row->cell[c].text;
    if (c == 0 && sy_print_width(text) > of->width[0])
        sy_print_cut_middle(out, text, of->width[0]);
    else if (is_last && !grid->is_right[c])
        sy_print_cut(out, text, of->width[c]);
    else
        sy_print_padded(out, text, of->width[c], grid->is_right[c]);
}

static void write_note(const sy_compare_grid *grid, const char *note, sy_text *out) {
    sy_text wrapped = {0};
    uint32_t indent = grid->indent + NOTE_INDENT;
    sy_print_wrapped(&wrapped, note, grid->width > indent + LABEL_LEAST ? grid->width - indent : LABEL_LEAST);
    bool is_start = true;
    for (size_t i = 0; i < wrapped.length; i++) {
        if (is_start)
            sy_print_spaces(out, indent);
        sy_text_append(out, wrapped.data + i, 1);
        is_start = wrapped.data[i] == '\n';
    }
    out->failed = out->failed || wrapped.failed;
    sy_text_release(&wrapped);
}

static void write_row(const sy_compare_grid *grid, const layout *of, const sy_compare_grid_row *row,
    const sy_report_style *style, sy_text *out) {
    uint32_t note = sy_print_width(row->note.text);
    bool fits = note > 0 && of->used + GAP + note <= grid->width;
    size_t cells = count_cells(row, fits);
    sy_print_spaces(out, grid->indent);
    if (row->look != SY_LOOK_PLAIN)
        sy_print_look(out, style, row->look);
    bool is_first = true;
    for (size_t c = 0; c < cells; c++) {
        if (of->width[c] == 0)
            continue;
        sy_print_spaces(out, is_first ? 0 : GAP);
        write_cell(grid, of, row, c, c + 1 == cells && !fits, out);
        is_first = false;
    }
    if (row->look != SY_LOOK_PLAIN)
        sy_print_look(out, style, SY_LOOK_PLAIN);
    if (fits) {
        sy_print_spaces(out, GAP);
        sy_text_append(out, row->note.text, strlen(row->note.text));
    }
    sy_text_append(out, "\n", 1);
    if (note > 0 && !fits)
        write_note(grid, row->note.text, out);
}

void sy_compare_grid_write(const sy_compare_grid *grid, const sy_report_style *style, sy_text *out) {
    layout found = measure(grid);
    for (size_t i = 0; i < grid->count; i++) {
        sy_compare_grid_row row = {0};
        grid->make(grid->ctx, i, &row);
        write_row(grid, &found, &row, style, out);
    }
}
