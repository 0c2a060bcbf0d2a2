/* Every row: the first ones as a table, all of them as data for the script. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/html/escape.h"
#include "bench/report/html/sections.h"
#include "runtime/base/seam.h"

enum { STATIC_ROWS = 500 };

/* The algorithm, and of how many it was the best where it was chosen for that. Kept in the model. */
static const char *algorithm_of(sy_html_page *page, const sy_html_row *row) {
    const char *pattern = sy_html_word(&page->language, "best of {1}"), *place = strstr(pattern, "{1}");
    char text[160];
    if (row->algorithm == NULL || row->explored == SY_NO_COUNT || place == NULL)
        return row->algorithm;
    snprintf(text, sizeof text, "%.80s (%.*s%" PRIu64 "%.20s)", row->algorithm, (int)(place - pattern),
        pattern, row->explored, place + 3);
    return sy_intern_text(&page->model->texts, text);
}

static void put_row(sy_html_page *page, size_t number) {
    const sy_html_row *row = &page->model->row[number];
    const sy_html_meter *meter = sy_html_meter_of(row, NULL);
    double rate = row->is_memory ? row->byte_per_s : row->flop_per_s;
    double joule = meter != NULL ? meter->joule : NAN;
    sy_html_row_begin(page);
    sy_html_cell_count(page, number + 1);
    sy_html_cell_device(page, row->device);
    sy_html_cell_text(page, row->label);
    sy_html_cell_text(page, row->dtype);
    sy_html_cell_text(page, algorithm_of(page, row));
    sy_html_cell_word(page, sy_row_status_name(row->status));
    sy_html_cell_rate(
        page, row->median_ns, sy_precision_of(row->median_ns, row->ci95_ns), sy_unit_time(row->median_ns));
    sy_html_cell_rate(
        page, rate, NAN, row->is_memory ? sy_unit_byte_rate(rate) : sy_unit_flop_rate(rate, false));
    sy_html_cell_rate(page, joule, NAN, sy_unit_joule(joule));
    sy_html_cell_text(page, row->reason);
    sy_html_row_end(page);
}

void sy_html_section_rows(sy_html_page *page) {
    size_t shown = page->model->rows < STATIC_ROWS ? page->model->rows : STATIC_ROWS;
    sy_html_put(page, "<div id=\"all-rows\" hidden></div>\n<div id=\"first-rows\">\n");
    if (shown < page->model->rows) {
        sy_html_put(page, "<p class=\"note\">");
        sy_html_say(page, "The first {1} of {2} rows; with JavaScript all of them.",
            sy_html_count(shown).text, sy_html_count(page->model->rows).text, NULL);
        sy_html_put(page, "</p>\n");
    }
    sy_html_table(page, "Rows", false);
    sy_html_head_number(page, "No.");
    sy_html_head(page, "Device");
    sy_html_head(page, "Row");
    sy_html_head(page, "Type");
    sy_html_head(page, "Algorithm");
    sy_html_head(page, "Status");
    sy_html_head_number(page, "Time");
    sy_html_head_number(page, "Rate");
    sy_html_head_number(page, "Energy of a launch");
    sy_html_head(page, "Reason");
    sy_html_heads_end(page);
    for (size_t i = 0; i < shown; i++)
        put_row(page, i);
    sy_html_table_end(page);
    sy_html_put(page, "</div>\n");
}

/* Texts of the data, each once: a number in the order in which they are met. */
typedef struct table {
    sy_html_page *page;
    sy_ids places;
    const char **text;
    size_t count, capacity;
} table;

static void put_reference(table *texts, const char *text) {
    sy_text *out = &texts->page->out;
    uint64_t key = (uint64_t)(uintptr_t)text;
    if (text == NULL) {
        sy_text_append(out, ",0", 2);
        return;
    }
    uint32_t place = sy_ids_get(&texts->places, key);
    if (place == 0) {
        const char **grown = sy_html_grow(texts->text, texts->count, &texts->capacity, sizeof *texts->text);
        texts->text = grown != NULL ? grown : texts->text;
        if (grown == NULL || !sy_ids_set(&texts->places, key, (uint32_t)texts->count + 1)) {
            out->failed = true;
            return;
        }
        texts->text[texts->count++] = text;
        place = (uint32_t)texts->count;
    }
    sy_text_printf(out, ",%" PRIu32, place);
}

/* A number with six digits, or nothing between its commas' null: 0 stands for null where 0 cannot be. */
static void put_number(sy_html_page *page, double value) {
    if (isfinite(value))
        sy_text_printf(&page->out, ",%.6g", value);
    else
        sy_text_append(&page->out, ",null", 5);
}

static void put_data_row(table *texts, size_t number) {
    sy_html_page *page = texts->page;
    const sy_html_row *row = &page->model->row[number];
    const sy_html_meter *meter = sy_html_meter_of(row, NULL);
    sy_text_printf(&page->out, "%s[%" PRIu32 ",%" PRIu32, number > 0 ? ",\n" : "", row->device, row->status);
    put_reference(texts, row->label);
    put_reference(texts, row->suite);
    put_reference(texts, row->dtype);
    put_reference(texts, algorithm_of(page, row));
    put_reference(texts, row->reason);
    put_number(page, row->median_ns);
    put_number(page, row->ci95_ns[0]);
    put_number(page, row->ci95_ns[1]);
    put_number(page, row->is_memory ? row->byte_per_s : row->flop_per_s);
    put_number(page, meter != NULL ? meter->joule : NAN);
    put_reference(texts, meter != NULL ? meter->scope : NULL);
    put_number(page, row->of_ceiling);
    sy_text_printf(&page->out, ",%d,%d]", row->is_memory ? 1 : 0, row->is_verified ? 1 : 0);
    sy_html_flush(page, false);
}

static void put_string(sy_html_page *page, const char *before, const char *text) {
    sy_html_put(page, before);
    sy_html_escape_json(&page->out, text);
}

/* The words the script shows, in the page's language. */
static void put_words(sy_html_page *page) {
    static const char *const words[] = {"Filter rows by any text", "All devices", "All statuses",
        "rows shown", "No.", "Device", "Row", "Type", "Algorithm", "Status", "Time", "Rate",
        "Energy of a launch", "Reason", "SIMULATED", "Problem", "Suite", "95 % interval",
        "Of measured ceiling", "Verified", "yes", "no", "Samples, ns a launch", "Close", "Measured at",
        "Rows"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        put_string(page, i > 0 ? "," : "\"words\":{", words[i]);
        put_string(page, ":", sy_html_word(&page->language, words[i]));
    }
    sy_html_put(page, "}");
}

static void put_names(sy_html_page *page) {
    sy_html_put(page, ",\n\"devices\":[");
    for (size_t i = 0; i < page->model->devices; i++) {
        put_string(page, i > 0 ? ",[" : "[", page->model->device[i].label);
        sy_html_put(page, page->model->device[i].is_simulated ? ",1]" : ",0]");
    }
    sy_html_put(page, "],\n\"statuses\":[\"?\"");
    for (uint32_t i = 1; i < SY_ROW_STATUS_COUNT; i++)
        put_string(page, ",", sy_html_word(&page->language, sy_row_status_name(i)));
    sy_html_put(page, "]");
}

/* Problem and samples, a line a row: a place of their own, so that the script reads them only when a row is
 * opened or looked for. */
static void put_samples(sy_html_page *page) {
    sy_html_put(page, "<script type=\"text/plain\" id=\"more\">\n");
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        sy_html_escape_json(&page->out, row->problem);
        sy_html_put(page, "\t");
        if (row->samples_bytes > 0)
            sy_text_append(&page->out, page->model->samples.data + row->samples_at, row->samples_bytes);
        sy_html_put(page, "\n");
        sy_html_flush(page, false);
    }
    sy_html_put(page, "</script>\n");
}

void sy_html_put_rows_data(sy_html_page *page) {
    table texts = {.page = page};
    sy_html_put(page, "<script type=\"application/json\" id=\"data\">{");
    put_words(page);
    put_names(page);
    sy_html_put(page, ",\n\"rows\":[\n");
    for (size_t i = 0; i < page->model->rows; i++)
        put_data_row(&texts, i);
    sy_html_put(page, "],\n\"texts\":[null");
    for (size_t i = 0; i < texts.count; i++) {
        put_string(page, ",\n", texts.text[i]);
        sy_html_flush(page, false);
    }
    sy_html_put(page, "]}</script>\n");
    put_samples(page);
    sy_mem_free(texts.text);
    sy_ids_release(&texts.places);
}
