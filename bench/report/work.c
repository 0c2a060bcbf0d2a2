/* Rows of one kind of work on one device, put together. */
#include "bench/report/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/problem_text.h"
#include "bench/totals/item.h"
#include "runtime/base/text.h"

static bool begins_with(const char *text, const char *begin) {
    return strncmp(text, begin, strlen(begin)) == 0;
}

static bool is_in_total(const sy_report *report, const sy_row *row) {
    sy_item item;
    if (row->origin.name == NULL || !sy_item_parse(row->origin.name, row->origin.phase, &item))
        return false;
    for (size_t i = 0; i < report->totals.count; i++) {
        const sy_total *total = &report->totals.item[i];
        if (total->model != NULL && strlen(total->model) == item.model_bytes &&
            memcmp(total->model, item.name, item.model_bytes) == 0 && total->tokens == item.tokens)
            return true;
    }
    return false;
}

static bool is_large(const char *problem) {
    static const char *const fields[] = {"m=", "n=", "k="};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        char value[32];
        uint64_t extent;
        if (!sy_problem_field(problem, fields[i], value, sizeof value) || !sy_text_to_u64(value, &extent) ||
            extent < 1024)
            return false;
    }
    return true;
}

uint32_t sy_work_kind(const sy_report *report, const sy_row *row) {
    const char *problem = row->key.problem;
    if (problem == NULL)
        return SY_WORK_NONE;
    if (begins_with(problem, "stream:") || begins_with(problem, "copy:"))
        return SY_WORK_MEMORY;
    bool is_gemm = begins_with(problem, "gemm:");
    if ((!is_gemm && !begins_with(problem, "conv2d:")) || is_in_total(report, row))
        return SY_WORK_NONE;
    return !is_gemm ? SY_WORK_CONV : is_large(problem) ? SY_WORK_LARGE_GEMM : SY_WORK_GEMM;
}

/* Sums on the way to a sy_work_sum. */
typedef struct sums {
    double flop, ns, low_ns, high_ns, ceiling_ns, datasheet_ns;
} sums;

static const char *common_text(const char *so_far, const char *text, bool is_first) {
    if (is_first)
        return text;
    bool is_same = so_far == text || (so_far != NULL && text != NULL && strcmp(so_far, text) == 0);
    return is_same ? so_far : "mixed";
}

static void add_row(const sy_row *row, sums *to, sy_work_sum *out) {
    double median_ns, ci95_ns[2];
    bool is_first = out->rows == out->missing;
    out->rows++;
    if (!sy_row_has_time(row) || row->rate.flop == SY_NO_COUNT) {
        out->missing++;
        return;
    }
    sy_row_headline(row, &median_ns, ci95_ns);
    out->unstable += row->status == SY_ROW_UNSTABLE;
    to->flop += (double)row->rate.flop;
    to->ns += median_ns;
    to->low_ns += ci95_ns[0];
    to->high_ns += ci95_ns[1];
    to->ceiling_ns += median_ns * row->rate.of_ceiling;
    to->datasheet_ns += median_ns * row->rate.of_datasheet;
    out->method = common_text(out->method, row->rate.ceiling_method, is_first);
    out->confidence = common_text(out->confidence, row->rate.datasheet_confidence, is_first);
}

sy_work_sum sy_work_add_up(
    const sy_report *report, const sy_column *column, uint32_t kind, const char *dtype) {
    sy_work_sum sum = {.flop_per_s = NAN, .precision = NAN, .of_ceiling = NAN, .of_datasheet = NAN};
    sums all = {0};
    for (size_t i = 0; i < report->n_rows; i++) {
        const sy_row *row = &report->rows[i];
        if (!sy_column_has(column, row->request.device, row->request.algorithm) ||
            sy_work_kind(report, row) != kind)
            continue;
        sy_cell type = sy_problem_dtype(row->key.problem);
        if (dtype != NULL && strcmp(type.text, dtype) != 0)
            continue;
        sum.is_integer = sy_dtype_is_integer(type.text);
        add_row(row, &all, &sum);
    }
    if (sum.rows == 0 || sum.missing > 0)
        return sum;
    sum.flop_per_s = all.flop / all.ns * 1e9;
    sum.precision = (all.high_ns - all.low_ns) / 2.0 / all.ns;
    sum.of_ceiling = all.ceiling_ns / all.ns;
    sum.of_datasheet = all.datasheet_ns / all.ns;
    return sum;
}

double sy_work_byte_rate(
    const sy_report *report, const sy_column *column, const char *op, const char *kind, size_t *out_rows) {
    double rate = NAN;
    uint64_t largest = 0;
    *out_rows = 0;
    for (size_t i = 0; i < report->n_rows; i++) {
        const sy_row *row = &report->rows[i];
        char value[32];
        if (row->key.problem == NULL || !begins_with(row->key.problem, op) ||
            !sy_column_has(column, row->request.device, row->request.algorithm) ||
            !sy_problem_field(row->key.problem, "kind=", value, sizeof value) || strcmp(value, kind) != 0)
            continue;
        ++*out_rows;
        bool is_larger = row->rate.byte != SY_NO_COUNT && row->rate.byte >= largest;
        if (!sy_row_has_time(row) || !is_larger)
            continue;
        largest = row->rate.byte;
        rate = row->rate.byte_per_s;
    }
    return rate;
}
