/* Energy by suite: joules keep their scope, and scopes never meet. */
#include <math.h>

#include "bench/report/html/figure.h"
#include "bench/report/html/reference.h"
#include "bench/report/html/scope.h"
#include "bench/report/html/sections.h"
#include "bench/report/html/verdict.h"

static void put_efficiency(sy_html_page *page, const sy_html_work *work, const sy_html_joules *sum) {
    char number[40];
    sy_unit unit =
        work->is_memory ? sy_unit_byte_energy(sum->per_joule) : sy_unit_flop_energy(sum->per_joule, false);
    sy_text_from_f64(sum->per_joule, number, sizeof number);
    sy_text_printf(&page->out, "<td class=\"n\" data-v=\"%s\">", number);
    sy_html_put_text(page, sy_print_digits(sum->per_joule / unit.divisor, 3, &sy_html_style).text);
    sy_html_put(page, " <span class=\"u\">");
    sy_html_put_text(page, unit.name);
    sy_html_put(page, "</span>");
    sy_html_put_doubt(page, sum->u_random, sum->u_systematic);
    sy_html_put(page, "</td>");
}

static void put_row(sy_html_page *page, const sy_html_work *work, size_t device, const char *scope) {
    sy_html_joules sum = sy_html_add_joules(&page->works, work, device, scope);
    sy_html_row_begin(page);
    sy_html_cell_work(page, work);
    sy_html_cell_text(page, page->model->device[device].label);
    sy_html_cell_text(page, scope);
    if (sum.rows == 0) {
        sy_html_put(page, "<td colspan=\"5\">");
        sy_html_put_word(page, "not measured");
        sy_html_put(page, ": <small>");
        sy_html_put_text(page, sum.reason);
        sy_html_put(page, "</small></td>");
    } else {
        sy_unit unit = sy_unit_joule(sum.joule);
        put_efficiency(page, work, &sum);
        sy_html_cell_rate(page, sum.joule, NAN, unit);
        sy_html_cell_percent(page, sum.net / sum.joule);
        sy_html_cell_rate(page, sum.watt, NAN, sy_unit_watt(sum.watt));
        sy_html_cell_of(page, sum.rows, work->lines);
    }
    sy_html_row_end(page);
}

static void write_absolute(sy_html_page *page, const sy_html_set *set) {
    sy_html_table(page, "Energy of one launch of each row, added up", true);
    sy_html_head(page, "Workload");
    sy_html_head(page, "Device");
    sy_html_head(page, "Measured at");
    sy_html_head_number(page, "Energy efficiency");
    sy_html_head_number(page, "Gross energy");
    sy_html_head_number(page, "Net of gross");
    sy_html_head_number(page, "Mean power");
    sy_html_head_number(page, "Rows");
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->works.works; i++)
        for (size_t j = 0; j < set->count; j++) {
            sy_html_scopes scopes = sy_html_scopes_of(page, set->device[j]);
            for (size_t k = 0; k < scopes.count; k++)
                put_row(page, &page->works.work[i], set->device[j], scopes.scope[k]);
        }
    sy_html_table_end(page);
}

static void put_relative(
    sy_html_page *page, const sy_html_work *work, const sy_html_set *set, size_t reference) {
    sy_html_row_begin(page);
    sy_html_cell_work(page, work);
    for (size_t i = 0; i < set->count; i++) {
        if (set->device[i] == reference)
            continue;
        sy_html_ratio ratio = sy_html_energy_of(page, work, set->device[i], reference);
        sy_html_cell_ratio(page, &ratio);
        sy_html_cell_of(page, ratio.rows, ratio.of);
    }
    sy_html_row_end(page);
}

static void write_relative(sy_html_page *page, const sy_html_set *set, size_t reference) {
    sy_html_table(page,
        "Joules of the same work as a multiple; below 1 takes less. Only the same scope, and known scales",
        true);
    sy_html_head(page, "Workload");
    for (size_t i = 0; i < set->count; i++) {
        if (set->device[i] == reference)
            continue;
        sy_html_head_device(page, set->device[i]);
        sy_html_head_number(page, "Rows");
    }
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->works.works; i++)
        if (sy_html_work_has(&page->works, &page->works.work[i], set))
            put_relative(page, &page->works.work[i], set, reference);
    sy_html_table_end(page);
}

static bool has_energy(const sy_html_page *page, const sy_html_set *set) {
    for (size_t i = 0; i < set->count; i++)
        if (sy_html_scopes_of(page, set->device[i]).count > 0)
            return true;
    return false;
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    if (!has_energy(page, set)) {
        sy_html_put(page, "<p>");
        sy_html_put_word(page, "No energy was measured.");
        sy_html_put(page, " <small>");
        sy_html_put_text(page, sy_html_no_joules(page, set->device[0]));
        sy_html_put(page, "</small></p>\n");
        return;
    }
    sy_html_figure_energy(page, set);
    write_absolute(page, set);
    sy_html_references(page, set, false, write_relative);
}

void sy_html_section_energy(sy_html_page *page) {
    sy_html_each_set(page, write_set);
}
