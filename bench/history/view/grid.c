/* Comma-separated values, one JSON array, or an object a line. */
#include "bench/history/view/grid.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/fields/fields.h"
#include "bench/fields/json_text.h"
#include "bench/report/csv_text.h"

static void write_csv(sy_text *out, uint32_t kind, const sy_grid_value *value) {
    if (kind == SY_COLUMN_TEXT && value->text != NULL)
        sy_csv_text(out, value->text);
    else if (kind == SY_COLUMN_NUMBER && isfinite(value->number))
        sy_json_f64(out, value->number);
    else if (kind == SY_COLUMN_COUNT && value->count != SY_NO_COUNT)
        sy_text_printf(out, "%" PRIu64, value->count);
    else if (kind == SY_COLUMN_YES)
        sy_text_printf(out, "%s", value->count != 0 ? "true" : "false");
}

static void write_json(sy_text *out, uint32_t kind, const sy_grid_value *value) {
    if (kind == SY_COLUMN_TEXT)
        sy_json_quote(out, value->text);
    else if (kind == SY_COLUMN_NUMBER)
        sy_json_f64(out, value->number);
    else if (kind == SY_COLUMN_YES)
        sy_text_printf(out, "%s", value->count != 0 ? "true" : "false");
    else if (value->count == SY_NO_COUNT)
        sy_text_printf(out, "null");
    else
        sy_text_printf(out, "%" PRIu64, value->count);
}

void sy_grid_begin(sy_grid *grid) {
    grid->rows = 0;
    if (grid->form == SY_GRID_JSON)
        sy_text_printf(grid->out, "[");
    for (size_t i = 0; grid->form == SY_GRID_CSV && i < grid->columns; i++)
        sy_text_printf(grid->out, "%s%s", grid->column[i].name, i + 1 < grid->columns ? "," : "\n");
}

static void write_csv_row(sy_grid *grid, const sy_grid_value *value) {
    for (size_t i = 0; i < grid->columns; i++) {
        write_csv(grid->out, grid->column[i].kind, &value[i]);
        sy_text_printf(grid->out, "%s", i + 1 < grid->columns ? "," : "\n");
    }
}

void sy_grid_row(sy_grid *grid, const sy_grid_value *value) {
    if (grid->form == SY_GRID_CSV) {
        write_csv_row(grid, value);
    } else {
        if (grid->form == SY_GRID_JSON)
            sy_text_printf(grid->out, "%s\n", grid->rows > 0 ? "," : "");
        for (size_t i = 0; i < grid->columns; i++) {
            sy_text_printf(grid->out, "%s\"%s\":", i > 0 ? "," : "{", grid->column[i].name);
            write_json(grid->out, grid->column[i].kind, &value[i]);
        }
        sy_text_printf(grid->out, grid->form == SY_GRID_JSONL ? "}\n" : "}");
    }
    grid->rows++;
}

void sy_grid_end(sy_grid *grid) {
    if (grid->form == SY_GRID_JSON)
        sy_text_printf(grid->out, "%s]\n", grid->rows > 0 ? "\n" : "");
}
