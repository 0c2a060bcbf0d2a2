/* Lines of the summary: GEMM, convolutions, memory, counts. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/problem_text.h"
#include "bench/report/quantity.h"
#include "bench/report/summary_lines.h"
#include "bench/report/work.h"

enum { DTYPES_MAX = 8 };

/* Short types of a kind's rows in the columns that are shown, in the order of the rows. */
static size_t find_dtypes(const sy_summary *summary, uint32_t kind, sy_cell out_dtypes[DTYPES_MAX]) {
    size_t count = 0;
    const sy_report *report = summary->report;
    for (size_t i = 0; i < report->n_rows && count < DTYPES_MAX; i++) {
        if (sy_work_kind(report, &report->rows[i]) != kind)
            continue;
        sy_cell dtype = sy_problem_dtype(report->rows[i].key.problem);
        size_t j = 0;
        while (j < count && strcmp(out_dtypes[j].text, dtype.text) != 0)
            j++;
        if (j == count)
            out_dtypes[count++] = dtype;
    }
    return count;
}

static void fill_missing(sy_summary *summary, size_t missing, size_t rows, sy_screen_cell *out) {
    snprintf(out->text.text, sizeof out->text.text, "n/a: %zu of %zu rows", missing, rows);
    out->is_bad = true;
    summary->marks.has_missing = true;
}

static void fill_rate(sy_summary *summary, const sy_work_sum *sum, double divisor, sy_screen_cell *out) {
    if (sum->rows == 0) {
        snprintf(out->text.text, sizeof out->text.text, "-");
        return;
    }
    if (sum->missing > 0) {
        fill_missing(summary, sum->missing, sum->rows, out);
        return;
    }
    out->number = sy_print_number(sum->flop_per_s / divisor, sum->precision, summary->style);
    out->precision = sy_print_precision(sum->precision, summary->style);
    summary->marks.has_precision = summary->marks.has_precision || isfinite(sum->precision);
    if (sum->unstable == 0)
        return;
    snprintf(out->precision.text + strlen(out->precision.text),
        sizeof out->precision.text - strlen(out->precision.text), "?");
    summary->marks.has_unstable = true;
}

/* "96 % / 89 % (press)": of ceiling, with its method unless all columns have the same, and of the data sheet
 * if anyone has one. */
static sy_cell print_fractions(const sy_work_sum *sum, bool has_sheet, bool is_common) {
    sy_cell cell = {"-"};
    if (sum->rows == 0 || sum->missing > 0)
        return cell;
    sy_cell ceiling = sy_print_percent(sum->of_ceiling), sheet = sy_print_percent(sum->of_datasheet);
    const char *own = sum->method != NULL && !is_common ? sum->method : "";
    snprintf(cell.text, sizeof cell.text, "%.20s%s%.40s%s", ceiling.text, own[0] != '\0' ? " (" : "", own,
        own[0] != '\0' ? ")" : "");
    if (!has_sheet)
        return cell;
    size_t used = strlen(cell.text);
    const char *confidence = sum->confidence != NULL && isfinite(sum->of_datasheet) ? sum->confidence : "";
    snprintf(cell.text + used, sizeof cell.text - used, " / %.20s%s%.40s%s", sheet.text,
        confidence[0] != '\0' ? " (" : "", confidence, confidence[0] != '\0' ? ")" : "");
    return cell;
}

/* The method that all columns with a ceiling share, NULL if they differ or there is none. */
static const char *common_method(const sy_work_sum *sums, size_t count) {
    const char *method = NULL;
    for (size_t i = 0; i < count; i++) {
        if (sums[i].method == NULL)
            continue;
        if (method != NULL && strcmp(method, sums[i].method) != 0)
            return NULL;
        method = sums[i].method;
    }
    return method;
}

static void add_fractions(sy_summary *summary, const sy_work_sum *sums) {
    size_t count = summary->columns.count;
    bool has_ceiling = false, has_sheet = false;
    char label[96];
    for (size_t i = 0; i < count; i++) {
        has_ceiling = has_ceiling || isfinite(sums[i].of_ceiling);
        has_sheet = has_sheet || isfinite(sums[i].of_datasheet);
    }
    if (!has_ceiling && !has_sheet)
        return;
    sy_cell method = sy_print_clean(common_method(sums, count), summary->style->utf8);
    snprintf(label, sizeof label, has_sheet ? "  of ceiling / data sheet" : "  of ceiling%s%.40s",
        method.text[0] != '\0' ? ", " : "", method.text);
    sy_screen_line *line = sy_screen_add(&summary->screen, label, "", SY_RANK_DETAIL);
    for (size_t i = 0; line != NULL && i < count; i++) {
        bool is_common = method.text[0] != '\0';
        sy_cell cell = print_fractions(&sums[i], has_sheet, is_common);
        line->cell[i].text = sy_print_clean(cell.text, summary->style->utf8);
    }
}

static void add_work_line(sy_summary *summary, uint32_t kind, const char *name, const char *dtype) {
    sy_work_sum sums[SY_SCREEN_COLUMNS_MAX];
    double largest = 0.0;
    bool has_rows = false, is_integer = false;
    for (size_t i = 0; i < summary->columns.count; i++) {
        sums[i] = sy_work_add_up(summary->report, &summary->columns.column[i], kind, dtype);
        largest = isfinite(sums[i].flop_per_s) ? fmax(largest, sums[i].flop_per_s) : largest;
        has_rows = has_rows || sums[i].rows > 0;
        is_integer = is_integer || sums[i].is_integer;
    }
    if (!has_rows)
        return;
    sy_unit unit = sy_unit_flop_rate(largest, is_integer);
    char label[SY_CELL_MAX + 64];
    snprintf(label, sizeof label, "%s%s%.*s", name, dtype != NULL ? " " : "", (int)SY_CELL_MAX - 1,
        dtype != NULL ? dtype : "");
    sy_cell clean = sy_print_clean(label, summary->style->utf8);
    sy_screen_line *line = sy_screen_add(&summary->screen, clean.text, unit.name, SY_RANK_MAIN);
    for (size_t i = 0; line != NULL && i < summary->columns.count; i++)
        fill_rate(summary, &sums[i], unit.divisor, &line->cell[i]);
    if (kind == SY_WORK_LARGE_GEMM)
        add_fractions(summary, sums);
}

void sy_summary_add_work(sy_summary *summary) {
    static const struct {
        uint32_t kind;
        const char *name;
    } rows[] = {
        {SY_WORK_LARGE_GEMM, "large GEMM"}, {SY_WORK_GEMM, "other GEMM"}, {SY_WORK_CONV, "convolutions"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_cell dtypes[DTYPES_MAX];
        size_t count = find_dtypes(summary, rows[i].kind, dtypes);
        for (size_t j = 0; j < count; j++)
            add_work_line(summary, rows[i].kind, rows[i].name, count > 1 ? dtypes[j].text : NULL);
    }
}

/* Kinds of memory work, in the order in which they are shown. */
static const struct {
    const char *op, *kind, *name;
} memory_rows[] = {{"stream:", "read", "read"}, {"stream:", "triad", "triad"}, {"stream:", "fill", "fill"},
    {"copy:", "h2d", "H2D"}, {"copy:", "d2h", "D2H"}, {"copy:", "d2d", "D2D"}, {"copy:", "p2p", "P2P"}};

enum { MEMORY_ROWS = sizeof memory_rows / sizeof memory_rows[0] };

void sy_summary_add_memory(sy_summary *summary) {
    double rate[MEMORY_ROWS][SY_SCREEN_COLUMNS_MAX], largest = 0.0;
    char label[96] = "memory";
    size_t shown[MEMORY_ROWS], count = 0;
    for (size_t i = 0; i < MEMORY_ROWS; i++) {
        size_t rows = 0, all = 0;
        for (size_t j = 0; j < summary->columns.count; j++, all += rows) {
            rate[i][j] = sy_work_byte_rate(
                summary->report, &summary->columns.column[j], memory_rows[i].op, memory_rows[i].kind, &rows);
            largest = isfinite(rate[i][j]) ? fmax(largest, rate[i][j]) : largest;
        }
        if (all == 0)
            continue;
        snprintf(label + strlen(label), sizeof label - strlen(label), "%s%s", count > 0 ? " / " : " ",
            memory_rows[i].name);
        shown[count++] = i;
    }
    if (count == 0)
        return;
    sy_unit unit = sy_unit_byte_rate(largest);
    sy_screen_line *line = sy_screen_add(&summary->screen, label, unit.name, SY_RANK_MAIN);
    for (size_t j = 0; line != NULL && j < summary->columns.count; j++)
        for (size_t i = 0; i < count; i++) {
            sy_cell number = sy_print_number(rate[shown[i]][j] / unit.divisor, NAN, summary->style);
            char *text = line->cell[j].text.text;
            snprintf(text + strlen(text), SY_CELL_MAX - strlen(text), "%s%.60s", i > 0 ? " / " : "",
                isfinite(rate[shown[i]][j]) ? number.text : "-");
        }
}

static void tally(
    const sy_report *report, const sy_column *column, uint64_t out_counts[SY_ROW_STATUS_COUNT]) {
    memset(out_counts, 0, SY_ROW_STATUS_COUNT * sizeof *out_counts);
    for (size_t i = 0; i < report->n_rows; i++) {
        const sy_row *row = &report->rows[i];
        bool is_valid = row->status > 0 && row->status < SY_ROW_STATUS_COUNT;
        if (is_valid && sy_column_has(column, row->request.device, row->request.algorithm))
            out_counts[row->status]++;
    }
}

/* One line of counts; statuses that nobody has are left out unless they are always shown. */
static void add_count_line(
    sy_summary *summary, const uint32_t *statuses, size_t count, bool are_always_shown) {
    uint64_t counts[SY_SCREEN_COLUMNS_MAX][SY_ROW_STATUS_COUNT];
    uint32_t shown[SY_ROW_STATUS_COUNT];
    size_t n_shown = 0;
    char label[96];
    for (size_t j = 0; j < summary->columns.count; j++)
        tally(summary->report, &summary->columns.column[j], counts[j]);
    for (size_t i = 0; i < count; i++) {
        bool has_any = are_always_shown;
        for (size_t j = 0; j < summary->columns.count; j++)
            has_any = has_any || counts[j][statuses[i]] > 0;
        if (has_any)
            shown[n_shown++] = statuses[i];
    }
    if (n_shown == 0)
        return;
    snprintf(label, sizeof label, "%s", are_always_shown ? "rows " : "     ");
    for (size_t i = 0; i < n_shown; i++)
        snprintf(label + strlen(label), sizeof label - strlen(label), "%s%s", i > 0 ? "/" : "",
            sy_row_status_name(shown[i]));
    sy_screen_line *line = sy_screen_add(&summary->screen, label, "", SY_RANK_MAIN);
    for (size_t j = 0; line != NULL && j < summary->columns.count; j++) {
        char *text = line->cell[j].text.text;
        for (size_t i = 0; i < n_shown; i++)
            snprintf(text + strlen(text), SY_CELL_MAX - strlen(text), "%s%" PRIu64, i > 0 ? "/" : "",
                counts[j][shown[i]]);
        line->cell[j].is_bad = counts[j][SY_ROW_WRONG] > 0 && are_always_shown;
    }
}

void sy_summary_add_counts(sy_summary *summary) {
    static const uint32_t main_statuses[] = {SY_ROW_OK, SY_ROW_UNSTABLE, SY_ROW_SUSPECT, SY_ROW_WRONG};
    static const uint32_t other_statuses[] = {
        SY_ROW_UNSUPPORTED, SY_ROW_UNAVAILABLE, SY_ROW_ERROR, SY_ROW_TIMEOUT, SY_ROW_SKIPPED};
    add_count_line(summary, main_statuses, 4, true);
    add_count_line(summary, other_statuses, 5, false);
}
