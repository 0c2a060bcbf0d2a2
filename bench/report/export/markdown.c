/* A table for people: GitHub's Markdown. Names stand in code spans, where neither HTML nor links, mentions or
 * emoji are read. */
#include <math.h>
#include <string.h>

#include "bench/report/export/facts.h"
#include "bench/report/problem_text.h"
#include "bench/report/quantity.h"

static const sy_report_style plain = {.utf8 = true};

/* The two characters that could end a code span or a cell are replaced. */
static void write_code(sy_text *out, const char *text) {
    sy_cell cell = sy_print_clean(text, true);
    sy_export_put(out, cell.text[0] != '\0' ? "`" : "–");
    for (char *at = cell.text; *at != '\0'; at++) {
        if (*at == '|')
            sy_export_put(out, "¦");
        else
            sy_text_append(out, *at == '`' ? "'" : at, 1);
    }
    sy_export_put(out, cell.text[0] != '\0' ? "`" : "");
}

static void write_quantity(sy_text *out, double value, double precision, sy_unit unit) {
    if (!isfinite(value)) {
        sy_export_put(out, "–");
        return;
    }
    sy_text_printf(out, "%s %s", sy_print_number(value / unit.divisor, precision, &plain).text, unit.name);
    sy_cell doubt = sy_print_precision(precision, &plain);
    sy_text_printf(out, "%s%s", doubt.text[0] != '\0' ? " " : "", doubt.text);
}

static void write_rate(sy_text *out, const sy_row *row) {
    double flop_per_s = sy_export_flop_per_s(row), byte_per_s = sy_export_byte_per_s(row);
    bool is_integer =
        row->key.problem != NULL && sy_dtype_is_integer(sy_problem_dtype(row->key.problem).text);
    if (sy_row_model_is_there(&row->model) && isfinite(row->model.inference_per_s))
        write_quantity(out, row->model.inference_per_s, NAN, (sy_unit){"inferences/s", 1.0});
    else if (isfinite(flop_per_s))
        write_quantity(out, flop_per_s, NAN, sy_unit_flop_rate(flop_per_s, is_integer));
    else
        write_quantity(out, byte_per_s, NAN, sy_unit_byte_rate(byte_per_s));
}

static void write_energy(sy_text *out, const sy_row *row) {
    bool is_first = true;
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *entry = sy_export_energy(row, i);
        if (entry == NULL)
            continue;
        sy_export_put(out, is_first ? "" : "; ");
        write_code(out, entry->scope);
        sy_export_put(out, " ");
        write_quantity(out, entry->joule_per_run, entry->u_random, sy_unit_joule(entry->joule_per_run));
        is_first = false;
    }
    sy_export_put(out, is_first ? "–" : "");
}

static void begin(sy_export *export) {
    sy_export_put(&export->out.text,
        "### Steelyard\n\n"
        "| Work | Device | Time a launch, 95 % interval | Rate | Energy a launch, 1 sigma random | Status |\n"
        "|:--|:--|--:|--:|--:|:--|\n");
}

static void write_status(sy_text *out, const sy_row *row) {
    sy_export_name why = sy_export_why(row);
    sy_export_put(out, sy_row_status_name(row->status));
    const char *reason = why.text[0] != '\0' ? strstr(why.text, ": ") : NULL;
    if (reason != NULL) {
        sy_export_put(out, " ");
        write_code(out, reason + 2);
    } else if (row->status == SY_ROW_OK && why.text[0] != '\0')
        sy_export_put(out, ", no time that is believed");
}

static void write(sy_export *export, const sy_row *row) {
    sy_text *out = &export->out.text;
    double ci95_ns[2], ns = sy_export_time(row, ci95_ns);
    sy_cell dtype = sy_problem_dtype(row->key.problem != NULL ? row->key.problem : "");
    sy_export_put(out, "| ");
    write_code(out, sy_row_label(row, true).text);
    sy_export_put(out, dtype.text[0] != '\0' ? " " : "");
    if (dtype.text[0] != '\0')
        write_code(out, dtype.text);
    sy_export_put(out, " | ");
    write_code(out, row->request.device);
    if (sy_export_is_simulated(row))
        sy_export_put(out, " **SIMULATED**");
    sy_export_put(out, " | ");
    write_quantity(out, ns, sy_precision_of(ns, ci95_ns), sy_unit_time(ns));
    sy_export_put(out, " | ");
    write_rate(out, row);
    sy_export_put(out, " | ");
    write_energy(out, row);
    sy_export_put(out, " | ");
    write_status(out, row);
    sy_export_put(out, " |\n");
}

static void end(sy_export *export) {
    if (export->rows + export->dropped == 0)
        sy_export_put(&export->out.text, "\nNo rows.\n");
    if (export->dropped > 0)
        sy_text_printf(
            &export->out.text, "\n%llu more rows did not fit.\n", (unsigned long long)export->dropped);
    sy_export_put(&export->out.text, "\n");
}

const sy_export_writer sy_export_markdown = {.begin = begin, .row = write, .end = end};
