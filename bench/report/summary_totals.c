/* Lines of the summary: totals of models. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/problem_text.h"
#include "bench/report/quantity.h"
#include "bench/report/summary_lines.h"

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Whether two totals are the same work on different subjects: what one line shows. */
static bool same_work(const sy_total *a, const sy_total *b) {
    return same_text(a->model, b->model) && same_text(a->phase, b->phase) && a->tokens == b->tokens &&
           a->images == b->images && same_text(a->dtype, b->dtype) && same_text(a->math, b->math) &&
           same_text(a->data, b->data) && same_text(a->cache, b->cache);
}

const sy_total *sy_summary_find_total(const sy_summary *summary, const sy_total *like, size_t column) {
    const sy_total_list *totals = &summary->report->totals;
    const sy_total *found = NULL;
    for (size_t i = 0; i < totals->count; i++) {
        const sy_total *each = &totals->item[i];
        /* The last one: a resumed run writes its totals again. */
        if (same_work(each, like) &&
            sy_column_has(&summary->columns.column[column], each->device, each->algorithm))
            found = each;
    }
    return found;
}

static bool is_shown_before(const sy_total_list *totals, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (same_work(&totals->item[i], &totals->item[index]))
            return true;
    return false;
}

bool sy_summary_begins_total(const sy_summary *summary, size_t index) {
    const sy_total_list *totals = &summary->report->totals;
    bool is_in_column = false;
    for (size_t j = 0; j < summary->columns.count; j++)
        is_in_column = is_in_column || sy_summary_find_total(summary, &totals->item[index], j) != NULL;
    return is_in_column && !is_shown_before(totals, index);
}

/* Whether the same model, phase and count comes in several types: the label then has to say which. */
static bool has_other_dtype(const sy_total_list *totals, const sy_total *total) {
    for (size_t i = 0; i < totals->count; i++) {
        sy_total like = totals->item[i];
        like.dtype = total->dtype;
        like.math = total->math;
        if (same_work(&like, total) && !same_work(&totals->item[i], total))
            return true;
    }
    return false;
}

sy_cell sy_summary_total_label(const sy_summary *summary, const sy_total *total) {
    sy_cell model = sy_print_clean(total->model, summary->style->utf8), label;
    const char *phase = total->phase != NULL ? total->phase : "";
    bool is_decode = strcmp(phase, "decode") == 0, is_prefill = strcmp(phase, "prefill") == 0;
    bool has_dtype = has_other_dtype(&summary->report->totals, total) && total->dtype != NULL;
    sy_cell dtype = sy_dtype_short(has_dtype ? total->dtype : "");
    if (is_decode || is_prefill)
        snprintf(label.text, sizeof label.text, "%s %.120s %s%" PRIu64, phase, model.text,
            is_decode ? "T=" : "", total->tokens);
    else if (total->images != SY_NO_COUNT)
        snprintf(label.text, sizeof label.text, "%.120s%s b=%" PRIu64, model.text,
            same_text(total->ops, "conv2d") ? " convs" : "", total->images);
    else
        snprintf(label.text, sizeof label.text, "%.120s", model.text);
    size_t used = strlen(label.text);
    snprintf(label.text + used, sizeof label.text - used, "%s%.60s", has_dtype ? " " : "", dtype.text);
    return sy_print_clean(label.text, summary->style->utf8);
}

static void fill_cell(
    sy_summary *summary, const sy_total *total, double value, bool has_precision, sy_screen_cell *out) {
    if (total == NULL) {
        snprintf(out->text.text, sizeof out->text.text, "-");
        return;
    }
    if (!isfinite(total->ns)) {
        snprintf(out->text.text, sizeof out->text.text, "n/a: %zu of %" PRIu64 " rows", total->missing.count,
            total->rows);
        out->is_bad = true;
        summary->marks.has_missing = true;
        return;
    }
    double precision = sy_precision_of(total->ns, total->ci95_ns);
    out->number = sy_print_number(value, precision, summary->style);
    if (!has_precision)
        return;
    out->precision = sy_print_precision(precision, summary->style);
    summary->marks.has_precision = summary->marks.has_precision || isfinite(precision);
    if (total->unstable == SY_NO_COUNT || total->unstable == 0)
        return;
    size_t used = strlen(out->precision.text);
    snprintf(out->precision.text + used, sizeof out->precision.text - used, "?");
    summary->marks.has_unstable = true;
}

/* Time of one decode step, in a unit that suits the slowest column. */
static void add_step(sy_summary *summary, const sy_total *total, const char *label) {
    double largest_ns = 0.0;
    char unit_name[24];
    for (size_t i = 0; i < summary->columns.count; i++) {
        const sy_total *each = sy_summary_find_total(summary, total, i);
        if (each != NULL && isfinite(each->ns))
            largest_ns = fmax(largest_ns, each->ns);
    }
    /* Milliseconds are what people compare; only what is far away from them gets another unit. */
    sy_unit unit = largest_ns > 0.0 && largest_ns < 1e5 ? sy_unit_time(largest_ns) : sy_unit_time(1e6);
    snprintf(unit_name, sizeof unit_name, "%s/step*", unit.name);
    sy_screen_line *line = sy_screen_add(&summary->screen, label, unit_name, SY_RANK_MAIN);
    for (size_t i = 0; line != NULL && i < summary->columns.count; i++) {
        const sy_total *each = sy_summary_find_total(summary, total, i);
        fill_cell(summary, each, each != NULL ? each->ns / unit.divisor : NAN, true, &line->cell[i]);
    }
}

static void add_rate(sy_summary *summary, const sy_total *total, const char *label, bool is_detail) {
    char unit[24];
    const char *name = same_text(total->unit, "tokens/s") ? "tok/s"
                       : total->unit != NULL              ? total->unit
                                                          : "1/s";
    sy_cell clean = sy_print_clean(name, summary->style->utf8);
    snprintf(unit, sizeof unit, "%.20s*", clean.text);
    sy_screen_line *line =
        sy_screen_add(&summary->screen, label, unit, is_detail ? SY_RANK_DETAIL : SY_RANK_MAIN);
    for (size_t i = 0; line != NULL && i < summary->columns.count; i++) {
        const sy_total *each = sy_summary_find_total(summary, total, i);
        bool is_repeated = is_detail && each != NULL && !isfinite(each->ns);
        fill_cell(
            summary, is_repeated ? NULL : each, each != NULL ? each->per_s : NAN, !is_detail, &line->cell[i]);
    }
}

void sy_summary_add_totals(sy_summary *summary) {
    const sy_total_list *totals = &summary->report->totals;
    for (size_t i = 0; i < totals->count; i++) {
        const sy_total *total = &totals->item[i];
        bool is_decode = same_text(total->phase, "decode");
        if (!sy_summary_begins_total(summary, i))
            continue;
        sy_cell label = sy_summary_total_label(summary, total);
        summary->marks.has_star = true;
        if (is_decode)
            add_step(summary, total, label.text);
        add_rate(summary, total, is_decode ? "  at most" : label.text, is_decode);
    }
}
