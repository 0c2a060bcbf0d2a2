/* Price, electricity and carbon, from the reader's own figures. */
#include <math.h>

#include "bench/report/html/scope.h"
#include "bench/report/html/sections.h"

/* Money, joules and grams for a workload's amount of work on one device at one scope. */
static void put_row(sy_html_page *page, const sy_html_work *work, size_t device, const char *scope) {
    sy_html_sum sum = sy_html_add_up(page->model, &page->works, work, device, NULL);
    sy_html_joules joules = sy_html_add_joules(&page->works, work, device, scope);
    double price = sy_html_price_of(page, device), kwh = 1e18 / joules.per_joule / 3.6e6;
    double money = kwh * page->request->electricity, grams = kwh * page->request->carbon;
    if (sum.timed == 0)
        return;
    sy_html_row_begin(page);
    sy_html_cell_work(page, work);
    sy_html_cell_text(page, page->model->device[device].label);
    sy_html_cell_number(
        page, sum.rate / 1e9 / price, sy_print_digits(sum.rate / 1e9 / price, 3, &sy_html_style).text);
    sy_html_cell_number(page, kwh, sy_print_digits(kwh, 3, &sy_html_style).text);
    sy_html_cell_number(page, money, sy_print_digits(money, 3, &sy_html_style).text);
    sy_html_cell_number(page, grams, sy_print_digits(grams, 3, &sy_html_style).text);
    sy_html_cell_text(page, scope);
    sy_html_row_end(page);
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    sy_html_table(page, "Work for each unit of money, and what 10^18 FLOP take", true);
    sy_html_head(page, "Workload");
    sy_html_head(page, "Device");
    sy_html_head_number(page, "GFLOP/s for each unit of money");
    sy_html_head_number(page, "kWh");
    sy_html_head_number(page, "Electricity cost");
    sy_html_head_number(page, "g CO2");
    sy_html_head(page, "Energy measured at");
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->works.works; i++)
        for (size_t j = 0; !page->works.work[i].is_memory && j < set->count; j++) {
            sy_html_scopes scopes = sy_html_scopes_of(page, set->device[j]);
            for (size_t k = 0; k < scopes.count; k++)
                put_row(page, &page->works.work[i], set->device[j], scopes.scope[k]);
            if (scopes.count == 0)
                put_row(page, &page->works.work[i], set->device[j], NULL);
        }
    sy_html_table_end(page);
}

void sy_html_section_cost(sy_html_page *page) {
    const sy_html_request *request = page->request;
    if (request->price == NULL && !isfinite(request->electricity) && !isfinite(request->carbon)) {
        sy_html_paragraph(page,
            "No figures were given. Write the page with --price DEVICE=NUMBER, --electricity "
            "NUMBER (a kWh) and --carbon GRAMS (a kWh), or --region NAME, to have them here.");
        return;
    }
    sy_html_each_set(page, write_set);
    sy_html_cost_figures(page);
}
