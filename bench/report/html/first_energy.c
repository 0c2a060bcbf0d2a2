/* Page one: energy, burst against sustained, cost. */
#include <math.h>
#include <stdio.h>

#include "bench/report/html/first.h"
#include "bench/report/html/scope.h"

/* Watt and work a joule of one scope of a device, or why there is none. */
static void put_energy(sy_html_page *page, size_t device, const char *scope) {
    sy_html_joules sum = sy_html_joules_of(page, device, scope);
    sy_html_row_begin(page);
    sy_html_cell_short(page, device);
    sy_html_cell_text(page, scope);
    if (sum.rows == 0) {
        sy_html_put(page, "<td colspan=\"2\">");
        sy_html_put_word(page, "not measured");
        sy_html_put(page, ": <small>");
        sy_html_put_text(page, sum.reason);
        sy_html_put(page, "</small></td>");
    } else {
        sy_unit unit = sy_unit_flop_energy(sum.per_joule, false);
        sy_html_put(page, "<td class=\"n\">");
        sy_html_put_text(page, sy_print_digits(sum.per_joule / unit.divisor, 3, &sy_html_style).text);
        sy_html_put(page, " <span class=\"u\">");
        sy_html_put_text(page, unit.name);
        sy_html_put(page, "</span><br>");
        sy_html_put_doubt(page, sum.u_random, sum.u_systematic);
        sy_html_put(page, "</td>");
        sy_unit watt = sy_unit_watt(sum.watt);
        sy_html_cell_rate(page, sum.watt, NAN, watt);
    }
    sy_html_row_end(page);
}

void sy_html_first_energy(sy_html_page *page) {
    sy_html_point(page, 7, "Energy", "Work a joule, gross, with both uncertainties (95 %)", false);
    sy_html_head(page, "Device");
    sy_html_head(page, "Measured at");
    sy_html_head_number(page, "Energy efficiency");
    sy_html_head_number(page, "Mean power");
    sy_html_heads_end(page);
    for (size_t i = 0; i < sy_html_first_devices(page); i++) {
        size_t device = page->first->device[i];
        sy_html_scopes scopes = sy_html_scopes_of(page, device);
        for (size_t j = 0; j < scopes.count; j++)
            put_energy(page, device, scopes.scope[j]);
        if (scopes.count > 0)
            continue;
        sy_html_row_begin(page);
        sy_html_cell_short(page, device);
        sy_html_put(page, "<td colspan=\"3\">");
        sy_html_put_word(page, "not measured");
        sy_html_put(page, ": <small>");
        sy_html_put_text(page, sy_html_no_joules(page, device));
        sy_html_put(page, "</small></td>");
        sy_html_row_end(page);
    }
    sy_html_table_end(page);
    sy_html_note(page, "Joules of different scopes are never divided by each other.");
    sy_html_point_end(page);
}

/* The row of a device that held its rate worst. NULL: none was kept up. */
static const sy_html_row *worst(const sy_html_page *page, size_t device) {
    const sy_html_row *found = NULL;
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        if (row->device == device && row->sustain != NULL &&
            (found == NULL || row->sustain->sustained_of_burst < found->sustain->sustained_of_burst))
            found = row;
    }
    return found;
}

void sy_html_first_sustained(sy_html_page *page) {
    sy_html_point(page, 8, "Burst against sustained", "The row that held its rate worst", false);
    sy_html_head(page, "Device");
    sy_html_head_number(page, "Kept up for");
    sy_html_head_number(page, "Sustained of burst");
    sy_html_head_number(page, "Throttled after");
    sy_html_heads_end(page);
    for (size_t i = 0; i < sy_html_first_devices(page); i++) {
        size_t device = page->first->device[i];
        const sy_html_row *row = worst(page, device);
        sy_html_row_begin(page);
        sy_html_cell_short(page, device);
        if (row == NULL) {
            sy_html_put(page, "<td colspan=\"3\">");
            sy_html_put_word(page, "not measured");
            sy_html_put(page, "</td>");
        } else {
            const sy_row_sustain *sustain = row->sustain;
            sy_html_cell_number(page, sustain->seconds, sy_print_duration(sustain->seconds * 1e9).text);
            sy_html_cell_percent(page, sustain->sustained_of_burst);
            sy_html_cell_number(page, sustain->throttle_s, sy_print_duration(sustain->throttle_s * 1e9).text);
        }
        sy_html_row_end(page);
    }
    sy_html_table_end(page);
    sy_html_point_end(page);
}

/* Joules for 10^18 FLOP, by the widest scope that has them; NaN. */
static double joule_per_exaflop(const sy_html_page *page, size_t device, const char **out_scope) {
    sy_html_scopes scopes = sy_html_scopes_of(page, device);
    double found = NAN;
    *out_scope = NULL;
    for (size_t i = 0; i < scopes.count; i++) {
        sy_html_joules sum = sy_html_joules_of(page, device, scopes.scope[i]);
        if (sum.rows == 0 || (isfinite(found) && 1e18 / sum.per_joule < found))
            continue;
        found = 1e18 / sum.per_joule;
        *out_scope = scopes.scope[i];
    }
    return found;
}

/* Whether every device of page one has a time on a line. */
static bool is_shared(const sy_html_page *page, const sy_html_line *line) {
    for (size_t i = 0; i < page->first->count; i++)
        if (isnan(line->cell[page->first->device[i]].ns))
            return false;
    return true;
}

/* Sum of work over sum of times, of what is counted in FLOP and all devices have. */
static double rate_of(const sy_html_page *page, size_t device) {
    double amount = 0.0, seconds = 0.0;
    for (size_t i = 0; i < page->works.lines; i++) {
        const sy_html_line *line = &page->works.line[i];
        const sy_html_cell *cell = &line->cell[device];
        if (line->first->is_memory || !is_shared(page, line) || cell->row->flop == SY_NO_COUNT)
            continue;
        amount += (double)cell->row->flop;
        seconds += cell->ns * 1e-9;
    }
    return seconds > 0.0 ? amount / seconds : NAN;
}

static void put_source(sy_html_page *page, const char *source) {
    sy_html_put(page, source != NULL ? " (" : " ");
    if (source != NULL)
        sy_html_put_text(page, source);
    sy_html_put(page, source != NULL ? ") " : "");
}

void sy_html_cost_figures(sy_html_page *page) {
    const sy_html_request *request = page->request;
    const char *currency = request->currency != NULL ? request->currency : "";
    sy_html_put(page, "<p class=\"note\">");
    if (isfinite(request->electricity)) {
        sy_html_say(page, "Electricity {1} {2} a kWh.",
            sy_print_digits(request->electricity, 4, &sy_html_style).text, currency, NULL);
        put_source(page, request->electricity_source);
    }
    if (isfinite(request->carbon)) {
        sy_html_say(
            page, "Carbon {1} g CO2 a kWh.", sy_print_digits(request->carbon, 4, &sy_html_style).text, NULL);
        put_source(page, request->carbon_source);
    }
    sy_html_put_word(page, "The device alone: no cooling, no host, no staff; whole use assumed.");
    sy_html_put(page, "</p>\n");
}

static void put_cost(sy_html_page *page, size_t device) {
    const char *scope;
    double price = sy_html_price_of(page, device), rate = rate_of(page, device);
    double kwh = joule_per_exaflop(page, device, &scope) / 3.6e6;
    sy_html_row_begin(page);
    sy_html_cell_short(page, device);
    sy_html_cell_number(page, price, sy_print_digits(price, 4, &sy_html_style).text);
    sy_html_cell_number(
        page, rate / 1e9 / price, sy_print_digits(rate / 1e9 / price, 3, &sy_html_style).text);
    sy_html_cell_number(page, kwh * page->request->electricity,
        sy_print_digits(kwh * page->request->electricity, 3, &sy_html_style).text);
    sy_html_cell_number(page, kwh * page->request->carbon,
        sy_print_digits(kwh * page->request->carbon, 3, &sy_html_style).text);
    sy_html_cell_text(page, scope);
    sy_html_row_end(page);
}

void sy_html_first_cost(sy_html_page *page) {
    const sy_html_request *request = page->request;
    bool has_figures = request->price != NULL || isfinite(request->electricity) || isfinite(request->carbon);
    const char *about = has_figures ? "From the figures given and the measured rate and energy" : NULL;
    sy_html_point(page, 9, "Cost from your own figures", about, has_figures);
    if (!has_figures) {
        sy_html_paragraph(page,
            "No figures were given. Write the page with --price DEVICE=NUMBER, --electricity "
            "NUMBER (a kWh) and --carbon GRAMS (a kWh), or --region NAME, to have them here.");
        sy_html_point_end(page);
        return;
    }
    sy_html_head(page, "Device");
    sy_html_head_number(page, "Price");
    sy_html_head_number(page, "GFLOP/s for each unit of money");
    sy_html_head_number(page, "Electricity for 10^18 FLOP");
    sy_html_head_number(page, "g CO2 for 10^18 FLOP");
    sy_html_head(page, "Energy measured at");
    sy_html_heads_end(page);
    for (size_t i = 0; i < sy_html_first_devices(page); i++)
        put_cost(page, page->first->device[i]);
    sy_html_table_end(page);
    sy_html_cost_figures(page);
    sy_html_point_end(page);
}
