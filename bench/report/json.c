/* A result as JSON: lines of the record, or one document. */
#include <string.h>

#include "bench/fields/json_text.h"
#include "bench/record/line.h"
#include "bench/report/report.h"
#include "runtime/base/error.h"

static sy_status finish(const sy_text *out, sy_error *err) {
    return out->failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the JSON text") : SY_OK;
}

sy_status sy_report_jsonl(const sy_report *report, sy_text *out, sy_error *err) {
    for (size_t i = 0; i < report->n_rows; i++) {
        sy_record_line line = {
            .kind = sy_line_kind_of(&report->rows[i]), .rank = SY_NO_COUNT, .row = report->rows[i]};
        line.run_id = report->run_id != NULL ? report->run_id : "";
        sy_line_write(&line, out);
    }
    return finish(out, err);
}

/* `"name":[{...},...]` of `count` structs. */
static void write_list(
    const char *name, const sy_field_table *table, const void *items, size_t count, sy_text *out) {
    sy_text_printf(out, ",\n\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        sy_text_append(out, i > 0 ? ",\n{" : "\n{", i > 0 ? 3 : 2);
        sy_fields_write(table, (const char *)items + i * table->bytes, false, out);
        sy_text_append(out, "}", 1);
    }
    sy_text_append(out, "]", 1);
}

sy_status sy_report_json(const sy_report *report, sy_text *out, sy_error *err) {
    sy_text_printf(out, "{\"schema\":\"%s\",\n\"run_id\":", SY_RECORD_SCHEMA);
    sy_json_quote(out, report->run_id);
    sy_text_printf(out, ",\n\"environment\":{");
    if (report->environment != NULL)
        sy_fields_write(&sy_environment_fields, report->environment, false, out);
    sy_text_append(out, "}", 1);
    write_list("rows", &sy_row_fields, report->rows, report->n_rows, out);
    write_list("totals", &sy_total_fields, report->totals.item, report->totals.count, out);
    write_list("peaks", &sy_peak_fields, report->peaks.item, report->peaks.count, out);
    sy_text_append(out, "}\n", 2);
    return finish(out, err);
}
