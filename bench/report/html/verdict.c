/* Ratios looked up and written. */
#include "bench/report/html/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/problem_text.h"

const sy_html_standing *sy_html_standing_of(const sy_html_page *page, size_t reference) {
    for (size_t i = 0; i < page->verdicts->count; i++)
        if (page->verdicts->standing[i].reference == reference)
            return &page->verdicts->standing[i];
    return NULL;
}

/* Whether two texts are equal; `none` stands for an absent one. */
static bool is_text(const char *text, const char *wanted, const char *none) {
    return strcmp(text, wanted != NULL && strcmp(wanted, none) != 0 ? wanted : "") == 0;
}

/* Whether a mean is that of a workload (suite, phase and type); NULL: of everything. */
static bool is_of(const sy_mean *mean, const sy_html_work *work) {
    if (work == NULL)
        return mean->suite == NULL;
    if (mean->suite == NULL || mean->phase == NULL || mean->dtype == NULL)
        return false;
    return is_text(mean->suite, work->suite, "-") && is_text(mean->phase, work->phase, "") &&
           is_text(sy_dtype_short(mean->dtype).text, work->is_memory ? NULL : work->dtype, "");
}

/* The verdict of a mean is on its cost: what is more throughput is less time. */
static int judge(const sy_html_ratio *ratio, bool is_cost) {
    double low = is_cost ? log(ratio->low) : -log(ratio->high);
    double high = is_cost ? log(ratio->high) : -log(ratio->low);
    return sy_ratio_judge(low, high, SY_HTML_SAME_WITHIN);
}

static sy_html_ratio find(
    const sy_html_page *page, const sy_html_work *work, size_t device, size_t reference, bool is_energy) {
    sy_html_ratio ratio = {.ratio = NAN, .low = NAN, .high = NAN, .verdict = SY_VERDICT_NOT_COMPARABLE};
    const sy_html_standing *standing = sy_html_standing_of(page, reference);
    size_t column = standing != NULL ? standing->column[device] : SY_NO_COLUMN;
    const sy_mean_list *means = standing == NULL ? NULL : is_energy ? &standing->energy : &standing->speed;
    for (size_t i = 0; column != SY_NO_COLUMN && i < means->count; i++) {
        const sy_mean *mean = &means->item[i];
        if (mean->column != column || !is_of(mean, work))
            continue;
        ratio = (sy_html_ratio){.ratio = mean->ratio,
            .low = mean->low,
            .high = mean->high,
            .rows = mean->rows,
            .of = mean->of,
            .verdict = SY_VERDICT_NOT_COMPARABLE};
        if (mean->rows > 0)
            ratio.verdict = judge(&ratio, is_energy);
        break;
    }
    if (column != SY_NO_COLUMN)
        ratio.undecided = standing->undecided[column];
    return ratio;
}

sy_html_ratio sy_html_speed_of(
    const sy_html_page *page, const sy_html_work *work, size_t device, size_t reference) {
    return find(page, work, device, reference, false);
}

sy_html_ratio sy_html_energy_of(
    const sy_html_page *page, const sy_html_work *work, size_t device, size_t reference) {
    return find(page, work, device, reference, true);
}

sy_cell sy_html_ratio_text(double ratio) {
    return sy_print_digits(ratio, 3, &sy_html_style);
}

sy_cell sy_html_interval_text(const sy_html_ratio *ratio) {
    sy_cell cell = {""};
    if (isfinite(ratio->low) && isfinite(ratio->high))
        snprintf(cell.text, sizeof cell.text, "%.100s\u2013%.100s", sy_html_ratio_text(ratio->low).text,
            sy_html_ratio_text(ratio->high).text);
    return cell;
}

void sy_html_cell_ratio(sy_html_page *page, const sy_html_ratio *ratio) {
    char number[40];
    if (!isfinite(ratio->ratio)) {
        sy_html_cell_number(page, NAN, NULL);
        return;
    }
    sy_text_from_f64(ratio->ratio, number, sizeof number);
    sy_text_printf(&page->out, "<td class=\"n\" data-v=\"%s\">", number);
    sy_html_put_text(page, sy_html_ratio_text(ratio->ratio).text);
    sy_html_put(page, "\u00d7 <small>");
    sy_html_put_text(page, sy_html_interval_text(ratio).text);
    sy_html_put(page, "</small></td>");
}

void sy_html_cell_verdict(sy_html_page *page, const sy_html_ratio *ratio) {
    bool is_good = ratio->verdict == SY_VERDICT_FASTER, is_bad = ratio->verdict == SY_VERDICT_SLOWER;
    sy_html_put(page, is_good ? "<td class=\"good\">" : is_bad ? "<td class=\"bad\">" : "<td>");
    sy_html_put_word(page, sy_verdict_name(ratio->verdict));
    sy_html_put(page, " <small>");
    sy_html_say(
        page, "{1} of {2} rows", sy_html_count(ratio->rows).text, sy_html_count(ratio->of).text, NULL);
    sy_html_put(page, "</small></td>");
}
