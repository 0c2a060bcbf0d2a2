/* Page one: what the page does not show, suspect rows, how to check it. */
#include <string.h>

#include "bench/report/html/first.h"

enum { SUSPECTS = 3 };

static void put_suspects(sy_html_page *page) {
    size_t shown = 0, count = 0;
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        bool is_bad = row->status == SY_ROW_SUSPECT || row->status == SY_ROW_WRONG;
        if (!is_bad || page->model->device[row->device].is_simulated != page->first->is_simulated)
            continue;
        count++;
        if (shown == SUSPECTS)
            continue;
        shown++;
        sy_html_put(page, "<li><strong class=\"bad\">");
        sy_html_put_word(page, sy_row_status_name(row->status));
        sy_html_put(page, "</strong> ");
        sy_html_put_text(page, row->label);
        sy_html_put(page, ", ");
        sy_html_put_text(page, page->model->device[row->device].label);
        sy_html_put(page, ": ");
        sy_html_put_text(page, row->reason);
        sy_html_put(page, "</li>\n");
    }
    if (count > shown) {
        sy_html_put(page, "<li>");
        sy_html_say(
            page, "and {1} more suspect or wrong rows, below", sy_html_count(count - shown).text, NULL);
        sy_html_put(page, "</li>\n");
    }
    if (count == 0) {
        sy_html_put(page, "<li>");
        sy_html_put_word(page, "No row is wrong or suspect.");
        sy_html_put(page, "</li>\n");
    }
}

static void put_item(sy_html_page *page, const char *english) {
    sy_html_put(page, "<li>");
    sy_html_put_word(page, english);
    sy_html_put(page, "</li>\n");
}

/* Algorithms that were chosen for being fast: by samples that are not on this page. */
static void put_chosen(sy_html_page *page) {
    uint64_t rows = 0, least = UINT64_MAX, most = 0;
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        if (row->explored == SY_NO_COUNT ||
            page->model->device[row->device].is_simulated != page->first->is_simulated)
            continue;
        rows++;
        least = row->explored < least ? row->explored : least;
        most = row->explored > most ? row->explored : most;
    }
    if (rows == 0)
        return;
    sy_html_put(page, "<li>");
    sy_html_say(page,
        "{1} rows took the fastest of {2} to {3} candidates that a search had compared; their times were "
        "measured afresh after it.",
        sy_html_count(rows).text, sy_html_count(least).text, sy_html_count(most).text, NULL);
    sy_html_put(page, "</li>\n");
}

void sy_html_first_limits(sy_html_page *page) {
    sy_html_point(page, 10, "What this does not show", NULL, true);
    sy_html_put(page, "<ul>\n");
    put_item(page,
        sy_html_has_networks(page->model)
            ? "Matrix work and networks alone: no whole application, no training, no communication between "
              "devices, no sparsity; a service under load only where a row's scenario is server."
            : "Matrix work alone: no whole application, no training, no communication between devices, no "
              "service under load, no sparsity.");
    put_item(page,
        "One card of each kind unless said above: cards of a kind differ, and so do rooms, drivers and "
        "versions. Whether these runs were chosen among others cannot be seen here.");
    put_chosen(page);
    put_suspects(page);
    if (page->simulated.count > 0 && page->real.count > 0)
        put_item(page, "Simulated devices are kept apart, at the end of each section below.");
    sy_html_put(page, "</ul>\n<p class=\"note\">");
    sy_html_put_word(page, "Check it yourself:");
    sy_html_put(page, "</p>\n<pre class=\"command\">");
    for (size_t i = 0; i < page->request->n_files && i < 3; i++) {
        sy_html_put(page, i > 0 ? "\nsteelyard show " : "steelyard show ");
        const char *slash = strrchr(page->request->files[i], '/');
        sy_html_put_text(page, slash != NULL ? slash + 1 : page->request->files[i]);
    }
    sy_html_put(page, "</pre>\n");
    sy_html_point_end(page);
}
