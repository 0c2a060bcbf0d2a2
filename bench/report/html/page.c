/* Writing the page: words, cells, tables. */
#include "bench/report/html/page.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/html/escape.h"
#include "bench/report/problem_text.h"

enum { FLUSH_BYTES = 1 << 16, ARGUMENTS_MOST = 9 };

const sy_report_style sy_html_style = {.utf8 = true};

void sy_html_put(sy_html_page *page, const char *markup) {
    sy_text_append(&page->out, markup, strlen(markup));
}

void sy_html_put_text(sy_html_page *page, const char *text) {
    if (text == NULL || text[0] == '\0')
        sy_html_put(page, "<span class=\"na\">\u2013</span>");
    else
        sy_html_escape(&page->out, text);
}

void sy_html_put_word(sy_html_page *page, const char *english) {
    sy_html_escape(&page->out, sy_html_word(&page->language, english));
}

void sy_html_say(sy_html_page *page, const char *english, ...) {
    const char *argument[ARGUMENTS_MOST];
    size_t count = 0;
    va_list list;
    va_start(list, english);
    for (const char *next = va_arg(list, const char *); next != NULL; next = va_arg(list, const char *))
        if (count < ARGUMENTS_MOST)
            argument[count++] = next;
    va_end(list);
    for (const char *next = sy_html_word(&page->language, english); *next != '\0';) {
        size_t plain = strcspn(next, "{");
        sy_text piece = {0};
        sy_text_append(&piece, next, plain);
        if (piece.data != NULL)
            sy_html_escape(&page->out, piece.data);
        page->out.failed = page->out.failed || piece.failed;
        sy_text_release(&piece);
        next += plain;
        if (*next == '\0')
            break;
        size_t number = (size_t)(next[1] - '1');
        if (number < count && next[2] == '}')
            sy_html_escape(&page->out, argument[number]);
        next += next[1] != '\0' && next[2] == '}' ? 3 : 1;
    }
}

void sy_html_flush(sy_html_page *page, bool is_all) {
    if (page->out.failed || (page->out.length < FLUSH_BYTES && !is_all))
        return;
    if (!page->has_failed && page->out.length > 0)
        page->has_failed = !page->sink->write(page->sink->ctx, page->out.data, page->out.length);
    page->bytes += page->out.length;
    sy_text_clear(&page->out);
}

void sy_html_table(sy_html_page *page, const char *caption, bool is_sortable) {
    sy_html_put(page, "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"");
    sy_html_put_word(page, caption);
    sy_html_put(page, is_sortable ? "\"><table class=\"sortable\"><caption>" : "\"><table><caption>");
    sy_html_put_word(page, caption);
    sy_html_put(page, "</caption><thead><tr>");
}

void sy_html_head(sy_html_page *page, const char *english) {
    sy_html_put(page, "<th scope=\"col\">");
    sy_html_put_word(page, english);
    sy_html_put(page, "</th>");
}

void sy_html_head_number(sy_html_page *page, const char *english) {
    sy_html_put(page, "<th scope=\"col\" class=\"n\">");
    sy_html_put_word(page, english);
    sy_html_put(page, "</th>");
}

static void put_device(sy_html_page *page, size_t device) {
    const sy_html_device *of = &page->model->device[device];
    if (of->is_simulated) {
        sy_html_put(page, "<strong class=\"sim\">");
        sy_html_put_word(page, "SIMULATED");
        sy_html_put(page, "</strong> ");
    }
    sy_html_put_text(page, of->label);
}

void sy_html_head_device(sy_html_page *page, size_t device) {
    sy_html_put(page, "<th scope=\"col\" class=\"n\">");
    put_device(page, device);
    sy_html_put(page, "</th>");
}

void sy_html_heads_end(sy_html_page *page) {
    sy_html_put(page, "</tr></thead><tbody>\n");
}

void sy_html_table_end(sy_html_page *page) {
    sy_html_put(page, "</tbody></table></div>\n");
    sy_html_flush(page, false);
}

void sy_html_row_begin(sy_html_page *page) {
    sy_html_put(page, "<tr>");
}

void sy_html_row_end(sy_html_page *page) {
    sy_html_put(page, "</tr>\n");
    sy_html_flush(page, false);
}

void sy_html_cell_text(sy_html_page *page, const char *text) {
    sy_html_put(page, "<td>");
    sy_html_put_text(page, text);
    sy_html_put(page, "</td>");
}

void sy_html_cell_word(sy_html_page *page, const char *english) {
    sy_html_put(page, "<td>");
    sy_html_put_word(page, english);
    sy_html_put(page, "</td>");
}

void sy_html_cell_number(sy_html_page *page, double value, const char *text) {
    char number[40];
    if (!isfinite(value)) {
        sy_html_put(page, "<td class=\"n na\">\u2013</td>");
        return;
    }
    sy_text_from_f64(value, number, sizeof number);
    sy_text_printf(&page->out, "<td class=\"n\" data-v=\"%s\">", number);
    sy_html_put_text(page, text);
    sy_html_put(page, "</td>");
}

sy_cell sy_html_count(uint64_t count) {
    sy_cell cell;
    if (count == SY_NO_COUNT)
        return (sy_cell){"\u2013"};
    snprintf(cell.text, sizeof cell.text, "%" PRIu64, count);
    return cell;
}

void sy_html_cell_count(sy_html_page *page, uint64_t count) {
    sy_html_cell_number(page, count == SY_NO_COUNT ? NAN : (double)count, sy_html_count(count).text);
}

void sy_html_cell_of(sy_html_page *page, uint64_t count, uint64_t of) {
    sy_text_printf(&page->out, "<td class=\"n\" data-v=\"%" PRIu64 "\">", count);
    sy_html_say(page, "{1} of {2}", sy_html_count(count).text, sy_html_count(of).text, NULL);
    sy_html_put(page, "</td>");
}

void sy_html_cell_rate(sy_html_page *page, double value, double precision, sy_unit unit) {
    char number[40];
    if (!isfinite(value)) {
        sy_html_cell_number(page, value, NULL);
        return;
    }
    sy_text_from_f64(value, number, sizeof number);
    sy_text_printf(&page->out, "<td class=\"n\" data-v=\"%s\">", number);
    sy_html_put_text(page, sy_print_number(value / unit.divisor, precision, &sy_html_style).text);
    sy_html_put(page, " <span class=\"u\">");
    sy_html_put_text(page, unit.name);
    sy_html_put(page, "</span>");
    sy_cell spread = sy_print_precision(precision, &sy_html_style);
    if (spread.text[0] != '\0') {
        sy_html_put(page, " <small>");
        sy_html_put_text(page, spread.text);
        sy_html_put(page, "</small>");
    }
    sy_html_put(page, "</td>");
}

void sy_html_cell_percent(sy_html_page *page, double fraction) {
    sy_html_cell_number(page, fraction, sy_print_percent(fraction).text);
}

void sy_html_cell_device(sy_html_page *page, size_t device) {
    sy_html_put(page, "<th scope=\"row\">");
    put_device(page, device);
    sy_html_put(page, "</th>");
}

static void put_short(sy_html_page *page, size_t device) {
    const sy_html_device *of = &page->model->device[device];
    bool is_named = of->asked != NULL && strcmp(of->asked, "auto") != 0;
    if (of->is_simulated) {
        sy_html_put(page, "<strong class=\"sim\">");
        sy_html_put_word(page, "SIMULATED");
        sy_html_put(page, "</strong> ");
    }
    sy_html_put_text(page, of->id);
    if (is_named) {
        sy_html_put(page, " / ");
        sy_html_put_text(page, of->asked);
    }
}

void sy_html_cell_short(sy_html_page *page, size_t device) {
    sy_html_put(page, "<th scope=\"row\">");
    put_short(page, device);
    sy_html_put(page, "</th>");
}

void sy_html_head_short(sy_html_page *page, size_t device) {
    sy_html_put(page, "<th scope=\"col\" class=\"n\">");
    put_short(page, device);
    sy_html_put(page, "</th>");
}

void sy_html_cell_work(sy_html_page *page, const sy_html_work *work) {
    sy_html_put(page, "<th scope=\"row\">");
    sy_html_put_text(page, work->suite);
    if (work->phase != NULL) {
        sy_html_put(page, " ");
        sy_html_put_text(page, work->phase);
    }
    sy_html_put(page, " <span class=\"u\">");
    if (work->is_memory)
        sy_html_put_word(page, "memory");
    else
        sy_html_put_text(page, work->dtype);
    sy_html_put(page, "</span></th>");
}

void sy_html_section(sy_html_page *page, const char *anchor, const char *english) {
    sy_text_printf(
        &page->out, "<section id=\"%s\" aria-labelledby=\"h-%s\"><h2 id=\"h-%s\">", anchor, anchor, anchor);
    sy_html_put_word(page, english);
    sy_html_put(page, "</h2>\n");
}

void sy_html_section_end(sy_html_page *page) {
    sy_html_put(page, "</section>\n");
    sy_html_flush(page, false);
}

void sy_html_paragraph(sy_html_page *page, const char *english) {
    sy_html_put(page, "<p>");
    sy_html_put_word(page, english);
    sy_html_put(page, "</p>\n");
}

void sy_html_note(sy_html_page *page, const char *english) {
    sy_html_put(page, "<p class=\"note\">");
    sy_html_put_word(page, english);
    sy_html_put(page, "</p>\n");
}

void sy_html_mark(sy_html_page *page, const sy_html_set *set) {
    if (!set->is_simulated)
        return;
    sy_html_put(page, "<p class=\"simulated\" role=\"note\"><strong class=\"sim\">");
    sy_html_put_word(page, "SIMULATED");
    sy_html_put(page, "</strong> ");
    sy_html_put_word(
        page, "These numbers come from a model in software. They say nothing about any real device.");
    sy_html_put(page, "</p>\n");
}

sy_unit sy_html_rate_unit(const sy_html_page *page, const sy_html_work *work, const sy_html_set *set) {
    double largest = 0.0;
    for (size_t i = 0; i < set->count; i++) {
        sy_html_sum sum = sy_html_add_up(page->model, &page->works, work, set->device[i], NULL);
        largest = fmax(largest, sum.rate);
    }
    bool is_integer = work->dtype != NULL && sy_dtype_is_integer(work->dtype);
    return work->is_memory ? sy_unit_byte_rate(largest) : sy_unit_flop_rate(largest, is_integer);
}

void sy_html_each_set(sy_html_page *page, sy_html_writer *write) {
    if (page->real.count > 0)
        write(page, &page->real);
    if (page->simulated.count == 0)
        return;
    sy_html_put(page, "<div class=\"simulation\">");
    sy_html_mark(page, &page->simulated);
    write(page, &page->simulated);
    sy_html_put(page, "</div>\n");
}
