/* Page one: headline, what was compared, the verdict, coverage. */
#include "bench/report/html/first.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/html/verdict.h"

void sy_html_point(
    sy_html_page *page, unsigned number, const char *english, const char *about, bool is_wide) {
    sy_text_printf(&page->out,
        "<section%s aria-labelledby=\"p%u\"><h2 id=\"p%u\"><span class=\"no\">%u</span> ",
        is_wide ? " class=\"full\"" : "", number, number, number);
    sy_html_put_word(page, english);
    if (about != NULL) {
        sy_html_put(page, " <small aria-hidden=\"true\">");
        sy_html_put_word(page, about);
        sy_html_put(page, "</small>");
    }
    sy_html_put(page, "</h2>\n");
    if (about != NULL)
        sy_html_table(page, about, false);
}

void sy_html_point_end(sy_html_page *page) {
    sy_html_put(page, "</section>\n");
}

void sy_html_first_more(sy_html_page *page, size_t shown, size_t of, const char *english) {
    if (of <= shown)
        return;
    sy_html_put(page, "<p class=\"note\">");
    sy_html_say(page, english, sy_html_count(of - shown).text, NULL);
    sy_html_put(page, "</p>\n");
}

size_t sy_html_first_devices(const sy_html_page *page) {
    return page->first->count < SY_FIRST_DEVICES ? page->first->count : SY_FIRST_DEVICES;
}

/* First and last day of all runs, as in the records ("2026-11-20"). */
static void put_days(sy_html_page *page) {
    const char *first = NULL, *last = NULL;
    for (size_t i = 0; i < page->model->runs; i++) {
        const sy_html_run *run = &page->model->run[i];
        if (run->time_utc != NULL && (first == NULL || strcmp(run->time_utc, first) < 0))
            first = run->time_utc;
        if (run->last_utc != NULL && (last == NULL || strcmp(run->last_utc, last) > 0))
            last = run->last_utc;
    }
    char days[64];
    snprintf(days, sizeof days, "%.10s", first != NULL ? first : "?");
    if (last != NULL && first != NULL && strncmp(first, last, 10) != 0)
        snprintf(days + strlen(days), sizeof days - strlen(days), " \u2013 %.10s", last);
    sy_html_put_text(page, days);
}

static void put_headline(sy_html_page *page) {
    size_t shown = sy_html_first_devices(page);
    sy_html_put(page, "<header><p class=\"brand\">Steelyard</p>\n<h1>");
    for (size_t i = 0; i < shown; i++) {
        sy_html_put(page, i > 0 ? " \u00b7 " : "");
        sy_html_put_text(page, page->model->device[page->first->device[i]].label);
    }
    sy_html_put(page, "</h1>\n<p class=\"meta\">");
    sy_html_say(page,
        sy_html_has_networks(page->model)
            ? "Matrix work and networks: time, energy, precision. {1} rows in {2} runs, measured"
            : "Matrix work: time, energy, precision. {1} rows in {2} runs, measured",
        sy_html_count(page->model->rows).text, sy_html_count(page->model->runs).text, NULL);
    sy_html_put(page, " ");
    put_days(page);
    sy_html_put(page, ". ");
    sy_html_say(page, "Written by steelyard {1}.", page->request->version, NULL);
    sy_html_put(page, "</p></header>\n");
    if (page->first->is_simulated)
        sy_html_mark(page, page->first);
}

enum { CARDS_MOST = 32 };

/* Cards of a kind: how many different ones the rows of a device are from; SY_NO_COUNT: not known. */
static uint64_t count_cards(const sy_html_page *page, size_t device) {
    const char *card[CARDS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < page->model->rows && count < CARDS_MOST; i++) {
        const char *own = page->model->intake.entry[i].card;
        size_t at = 0;
        if (page->model->row[i].device != device || own == NULL)
            continue;
        /* Texts of an intake are kept once. */
        while (at < count && card[at] != own)
            at++;
        if (at == count)
            card[count++] = own;
    }
    return count > 0 ? count : SY_NO_COUNT;
}

static const sy_html_run *run_of(const sy_html_page *page, size_t device) {
    for (size_t i = 0; i < page->model->rows; i++)
        if (page->model->row[i].device == device)
            return &page->model->run[page->model->row[i].run];
    return NULL;
}

static void put_host(sy_html_page *page, const sy_html_run *run) {
    sy_html_put(page, "<td>");
    if (run != NULL && run->environment.host.name != NULL) {
        sy_html_put_text(page, run->environment.host.name);
        sy_html_put(page, ", ");
    }
    sy_html_put_text(page, run != NULL ? run->environment.cpu.model : NULL);
    if (run != NULL && run->environment.host.os != NULL) {
        sy_html_put(page, "<br><small>");
        sy_html_put_text(page, run->environment.host.os);
        sy_html_put(page, "</small>");
    }
    sy_html_put(page, "</td>");
}

void sy_html_first_subjects(sy_html_page *page) {
    sy_html_point(page, 1, "What was compared", "Devices, hosts and drivers", true);
    sy_html_head(page, "Device");
    sy_html_head(page, "Exact variant");
    sy_html_head_number(page, "Cards");
    sy_html_head(page, "Scope");
    sy_html_head(page, "Host");
    sy_html_head(page, "Driver");
    sy_html_head(page, "Date");
    sy_html_heads_end(page);
    for (size_t i = 0; i < sy_html_first_devices(page); i++) {
        size_t number = page->first->device[i];
        const sy_html_device *device = &page->model->device[number];
        const sy_html_run *run = run_of(page, number);
        char day[16];
        snprintf(day, sizeof day, "%.10s", run != NULL && run->time_utc != NULL ? run->time_utc : "");
        sy_html_row_begin(page);
        sy_html_cell_device(page, number);
        sy_html_cell_text(page, device->name);
        sy_html_cell_count(page, count_cards(page, number));
        sy_html_cell_text(page, device->scope);
        put_host(page, run);
        sy_html_cell_text(page, device->fact != NULL ? device->fact->driver : NULL);
        sy_html_cell_text(page, day);
        sy_html_row_end(page);
    }
    sy_html_table_end(page);
    sy_html_first_more(page, SY_FIRST_DEVICES, page->first->count, "And {1} more devices, below.");
    sy_html_point_end(page);
}

/* The device that is furthest ahead of the reference; SIZE_MAX if nothing is shared. */
static size_t furthest(const sy_html_page *page, sy_html_ratio *out_ratio) {
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < page->first->count; i++) {
        size_t device = page->first->device[i];
        sy_html_ratio ratio = sy_html_speed_of(page, NULL, device, page->first->reference);
        if (device == page->first->reference || ratio.rows == 0)
            continue;
        if (best == SIZE_MAX || ratio.ratio > out_ratio->ratio) {
            best = device;
            *out_ratio = ratio;
        }
    }
    return best;
}

static void say_alone(sy_html_page *page) {
    const sy_html_device *device = &page->model->device[page->first->reference];
    sy_html_put(page, "<p>");
    sy_html_say(page, "{1} has a result for {2} of {3} rows; there is nothing to set it against.",
        device->label, sy_html_count(device->timed).text, sy_html_count(device->rows).text, NULL);
    sy_html_put(page, "</p>\n<p>");
    size_t unstable = 0;
    for (size_t i = 0; i < page->model->rows; i++)
        unstable += page->model->row[i].device == page->first->reference &&
                            page->model->row[i].status == SY_ROW_UNSTABLE
                        ? 1
                        : 0;
    sy_html_say(page, "{1} of these are unstable: their intervals are not to be trusted.",
        sy_html_count(unstable).text, NULL);
    sy_html_put(page, "</p>\n");
}

static void say_against(sy_html_page *page, size_t best, const sy_html_ratio *ratio) {
    /* Said from the faster one's side: "1.6 times as fast" is read more easily than "0.61 times". */
    bool is_ahead = ratio->ratio >= 1.0;
    sy_html_ratio said = *ratio;
    if (!is_ahead) {
        said.ratio = 1.0 / ratio->ratio;
        said.low = 1.0 / ratio->high;
        said.high = 1.0 / ratio->low;
    }
    const char *fast = page->model->device[is_ahead ? best : page->first->reference].label;
    const char *slow = page->model->device[is_ahead ? page->first->reference : best].label;
    const sy_html_standing *standing = sy_html_standing_of(page, page->first->reference);
    size_t column = standing->column[best];
    size_t undecided = standing->undecided[column], rows = undecided + standing->decided[column];
    bool is_decided = ratio->verdict != SY_VERDICT_INCONCLUSIVE && 2 * undecided <= rows;
    sy_html_put(page, "<p>");
    sy_html_say(page,
        is_decided
            ? "{1} is {2} times as fast as {3} (95 % interval {4}), over the {5} of {6} rows that both have."
            : "Not decided: {1} was seen {2} times as fast as {3} (95 % interval {4}), over the {5} of {6} "
              "rows "
              "that both have.",
        fast, sy_html_ratio_text(said.ratio).text, slow, sy_html_interval_text(&said).text,
        sy_html_count(said.rows).text, sy_html_count(said.of).text, NULL);
    sy_html_put(page, "</p>\n<p>");
    sy_html_say(page,
        "Undecided are {1} of {2} rows: their interval holds both faster and slower, or rests on too few "
        "rounds.",
        sy_html_count(undecided).text, sy_html_count(rows).text, NULL);
    sy_html_put(page, "</p>\n");
}

void sy_html_first_verdict(sy_html_page *page) {
    sy_html_ratio ratio = {.ratio = NAN};
    sy_html_point(page, 2, "Verdict", NULL, true);
    size_t best = furthest(page, &ratio);
    sy_html_put(page, "<div class=\"verdict\">");
    if (best == SIZE_MAX)
        say_alone(page);
    else
        say_against(page, best, &ratio);
    sy_html_put(page, "</div>");
    if (best != SIZE_MAX)
        sy_html_note(page,
            "Observed ratio of these two installations; unit-to-unit, room and driver variation "
            "not included. Geometric mean, all workloads alike.");
    sy_html_point_end(page);
}

/* Rows of a device by status. */
static void tally(
    const sy_html_page *page, size_t device, size_t out_counts[SY_ROW_STATUS_COUNT], size_t *out_verified) {
    memset(out_counts, 0, SY_ROW_STATUS_COUNT * sizeof *out_counts);
    *out_verified = 0;
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        if (row->device != device)
            continue;
        out_counts[row->status < SY_ROW_STATUS_COUNT ? row->status : 0]++;
        *out_verified += row->is_verified ? 1 : 0;
    }
}

void sy_html_first_coverage(sy_html_page *page) {
    sy_html_point(page, 3, "Coverage", "Rows with a result, before any speed", true);
    sy_html_head(page, "Device");
    sy_html_head_number(page, "Rows with a result");
    sy_html_head_number(page, "Verified");
    sy_html_head_number(page, "Unstable");
    sy_html_head_number(page, "Wrong or suspect");
    sy_html_head_number(page, "Unsupported");
    sy_html_head_number(page, "Error or timeout");
    sy_html_head_number(page, "Not run");
    sy_html_heads_end(page);
    for (size_t i = 0; i < sy_html_first_devices(page); i++) {
        size_t count[SY_ROW_STATUS_COUNT], verified, number = page->first->device[i];
        const sy_html_device *device = &page->model->device[number];
        tally(page, number, count, &verified);
        sy_html_row_begin(page);
        sy_html_cell_short(page, number);
        sy_html_cell_of(page, device->timed, device->rows);
        sy_html_cell_of(page, verified, device->timed);
        sy_html_cell_count(page, count[SY_ROW_UNSTABLE]);
        sy_html_cell_count(page, count[SY_ROW_WRONG] + count[SY_ROW_SUSPECT]);
        sy_html_cell_count(page, count[SY_ROW_UNSUPPORTED]);
        sy_html_cell_count(page, count[SY_ROW_ERROR] + count[SY_ROW_TIMEOUT]);
        sy_html_cell_count(page, count[SY_ROW_SKIPPED] + count[SY_ROW_UNAVAILABLE]);
        sy_html_row_end(page);
    }
    sy_html_table_end(page);
    sy_html_point_end(page);
}

void sy_html_first(sy_html_page *page) {
    put_headline(page);
    sy_html_put(page, "<div class=\"first\">\n");
    sy_html_first_subjects(page);
    sy_html_first_verdict(page);
    sy_html_first_coverage(page);
    sy_html_first_speed(page);
    sy_html_first_rated(page);
    sy_html_first_precision(page);
    sy_html_first_energy(page);
    sy_html_first_sustained(page);
    sy_html_first_cost(page);
    sy_html_first_limits(page);
    sy_html_put(page, "</div>\n");
    sy_html_flush(page, false);
}
