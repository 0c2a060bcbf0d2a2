/*
 * Lines of the summary: energy. Each line is one piece of work and one scope: passes of models, as measured
 * or as added up, and of what is no pass, or has no joules as one, the heaviest row that was measured.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/energy_entry.h"
#include "bench/report/problem_text.h"
#include "bench/report/summary_lines.h"
#include "bench/report/work.h"
#include "bench/totals/item.h"

/* What one column has to show on a line. */
typedef struct shown {
    bool is_there, is_shown;
    double joule, watt, per_joule;
    sy_energy_doubt doubt;
    sy_cell why_not;
} shown;

/* A line: what every column has. is_work: per_joule is of flop, else of bytes. */
typedef struct energy_line {
    const char *scope, *unit; /* "run", "step", "pass" */
    sy_cell label;
    bool is_work, is_integer, is_bound, is_mix;
    shown column[SY_SCREEN_COLUMNS_MAX];
} energy_line;

/* Room for a cell's uncertainty decides on its form: the grid's label, unit and gaps take about this. */
enum { BESIDE_CELLS = 44, NUMBER_ROOM = 8, LONG_FORM = 28, WIDTH = 100, LABEL_MOST = 44, SHORT_LABEL = 20 };

/* A window's rate that differs more from the samples' is told. */
#define RATE_MAY_DIFFER 0.03

static uint32_t width_of(const sy_summary *summary) {
    return summary->style->columns > 0 ? summary->style->columns : WIDTH;
}

static bool is_short_form(const sy_summary *summary) {
    uint32_t columns = summary->columns.count > 0 ? (uint32_t)summary->columns.count : 1;
    return width_of(summary) < BESIDE_CELLS + columns * (NUMBER_ROOM + LONG_FORM);
}

/* One of the numbers of a line, in the cells of a row of the grid. */
static void add_numbers(sy_summary *summary, const energy_line *from, const char *label, sy_unit unit,
    const char *per, size_t offset, uint32_t rank) {
    char name[40];
    snprintf(
        name, sizeof name, "%s%s%s%s", unit.name, per[0] != '\0' ? "/" : "", per, from->is_bound ? "*" : "");
    sy_screen_line *line = sy_screen_add(&summary->screen, label, name, rank);
    bool is_short = is_short_form(summary), is_joule = offset == offsetof(shown, joule);
    for (size_t i = 0; line != NULL && i < summary->columns.count; i++) {
        const shown *each = &from->column[i];
        double value;
        memcpy(&value, (const char *)each + offset, sizeof value);
        if (!each->is_shown || !isfinite(value)) {
            /* The reason stands once, beside the joules. */
            line->cell[i].text = each->is_there && is_joule ? each->why_not : (sy_cell){"-"};
            line->cell[i].is_bad = each->is_there && !each->is_shown && is_joule;
            continue;
        }
        line->cell[i].number = sy_print_doubted(value / unit.divisor, each->doubt, summary->style);
        line->cell[i].precision = sy_print_doubt(each->doubt, is_short, summary->style);
        summary->marks.has_gain = summary->marks.has_gain || is_short;
    }
}

static double largest_of(const sy_summary *summary, const energy_line *from, size_t offset) {
    double largest = 0.0, value;
    for (size_t i = 0; i < summary->columns.count; i++) {
        memcpy(&value, (const char *)&from->column[i] + offset, sizeof value);
        if (from->column[i].is_shown && isfinite(value))
            largest = fmax(largest, value);
    }
    return largest;
}

/* "large.4096, card": a long name loses its middle, but the scope always stands there, for a label's room is
 * two fifths of the screen. In a short form numbers need the room more than names. */
static bool print_label(const sy_summary *summary, const energy_line *from, sy_text *out) {
    sy_cell scope = sy_print_clean(from->scope, summary->style->utf8), suffix;
    uint32_t most = width_of(summary) * 2 / 5;
    snprintf(suffix.text, sizeof suffix.text, ", %.20s%s", scope.text, from->is_mix ? " mix" : "");
    most = (most < LABEL_MOST ? most : LABEL_MOST) - sy_print_width(suffix.text);
    most = is_short_form(summary) && most > SHORT_LABEL ? SHORT_LABEL : most;
    if (sy_print_width(from->label.text) > most)
        sy_print_cut_middle(out, from->label.text, most);
    else
        sy_text_printf(out, "%s", from->label.text);
    sy_text_printf(out, "%s", suffix.text);
    return !out->failed;
}

/* Joules, and below them watts and efficiency: the first to go, but for the efficiency of the first work. */
static void add_lines(sy_summary *summary, const energy_line *from) {
    bool is_leading = !summary->marks.has_energy;
    summary->marks.has_energy = true;
    char label[64];
    double joule = largest_of(summary, from, offsetof(shown, joule));
    double watt = largest_of(summary, from, offsetof(shown, watt));
    double per_joule = largest_of(summary, from, offsetof(shown, per_joule));
    sy_cell scope = sy_print_clean(from->scope, summary->style->utf8);
    sy_text name = {0};
    if (print_label(summary, from, &name))
        add_numbers(summary, from, name.data, sy_unit_joule(joule > 0.0 ? joule : 1.0), from->unit,
            offsetof(shown, joule), SY_RANK_DETAIL);
    else
        summary->screen.failed = true;
    sy_text_release(&name);
    snprintf(label, sizeof label, "  power, %.30s", scope.text);
    if (watt > 0.0)
        add_numbers(summary, from, label, sy_unit_watt(watt), "", offsetof(shown, watt), SY_RANK_EXTRA);
    snprintf(label, sizeof label, "  efficiency, %.30s", scope.text);
    if (per_joule > 0.0)
        add_numbers(summary, from, label,
            from->is_work ? sy_unit_flop_energy(per_joule, from->is_integer) : sy_unit_byte_energy(per_joule),
            "", offsetof(shown, per_joule), is_leading ? SY_RANK_DETAIL : SY_RANK_EXTRA);
}

static shown show_total(const sy_total *total, const char *scope, bool is_mix, const sy_report_style *style) {
    const sy_total_energy *entry = total != NULL ? sy_total_energy_of_scope(total, scope, is_mix) : NULL;
    if (entry == NULL)
        return (shown){0};
    return (shown){.is_there = true,
        .is_shown = sy_total_energy_is_shown(entry),
        .joule = entry->joule_per_pass,
        .watt = entry->watt,
        .per_joule = entry->flop_per_joule,
        .doubt = {entry->u_random, entry->u_systematic},
        .why_not = sy_print_reasons(&entry->reasons, style)};
}

/* The line of a total: measured as a mix, or added up from its rows. False if no column has anything to show:
 * a sum that lacks rows is then silent, for their own lines say more. */
static bool add_total(sy_summary *summary, const sy_total *total, const char *scope, bool is_mix) {
    bool is_decode = total->phase != NULL && strcmp(total->phase, "decode") == 0, is_any = false;
    energy_line line = {
        .scope = scope, .unit = is_decode ? "step" : "pass", .is_work = true, .is_bound = true};
    line.label = sy_summary_total_label(summary, total);
    line.is_mix = is_mix;
    line.is_integer = sy_dtype_is_integer(total->dtype != NULL ? total->dtype : "");
    for (size_t i = 0; i < summary->columns.count; i++) {
        line.column[i] = show_total(sy_summary_find_total(summary, total, i), scope, is_mix, summary->style);
        is_any = is_any || line.column[i].is_shown || (is_mix && line.column[i].is_there);
    }
    if (is_any)
        add_lines(summary, &line);
    return is_any;
}

/* Whether a row is of a total's model, phase and count. */
static bool is_of_total(const sy_row *row, const sy_total *total) {
    sy_item item;
    return row->origin.name != NULL && total->model != NULL &&
           sy_item_parse(row->origin.name, row->origin.phase, &item) &&
           strlen(total->model) == item.model_bytes &&
           memcmp(total->model, item.name, item.model_bytes) == 0 && total->tokens == item.tokens &&
           (total->phase == NULL || strcmp(total->phase, item.phase) == 0);
}

/* Which rows a line is of: those of a total, else of a kind of work. */
typedef struct choice {
    const sy_total *total;
    uint32_t kind;
} choice;

static bool is_chosen(const sy_report *report, const choice *of, const sy_row *row) {
    return of->total != NULL ? is_of_total(row, of->total) : sy_work_kind(report, row) == of->kind;
}

static double weight_of(const sy_row *row) {
    double median_ns;
    sy_row_headline(row, &median_ns, NULL);
    return isfinite(median_ns)
               ? median_ns * (row->origin.count != SY_NO_COUNT ? (double)row->origin.count : 1.0)
               : 0.0;
}

static bool is_same_problem(const sy_row *a, const sy_row *b) {
    return a->key_hash != NULL && b->key_hash != NULL && strcmp(a->key_hash, b->key_hash) == 0;
}

/* The heaviest row with an entry of the scope. */
static const sy_row *find_heaviest(const sy_summary *summary, const choice *of, const char *scope) {
    const sy_report *report = summary->report;
    const sy_row *found = NULL;
    for (size_t i = 0; i < report->n_rows; i++) {
        const sy_row *row = &report->rows[i];
        bool is_in_column = false;
        if (row->energy.count == 0 || sy_energy_of_scope(row, scope) == NULL || !is_chosen(report, of, row))
            continue;
        for (size_t j = 0; j < summary->columns.count; j++)
            is_in_column = is_in_column || sy_column_has(&summary->columns.column[j], row->request.device,
                                               row->request.algorithm);
        if (is_in_column && (found == NULL || weight_of(row) > weight_of(found)))
            found = row;
    }
    return found;
}

static shown show_row(const sy_row *row, const char *scope, bool is_work, const sy_report_style *style) {
    const sy_row_energy *entry = sy_energy_of_scope(row, scope);
    if (entry == NULL)
        return (shown){0};
    return (shown){.is_there = true,
        .is_shown = sy_energy_is_shown(row, entry),
        .joule = entry->joule_per_run,
        .watt = entry->watt,
        .per_joule = is_work ? entry->flop_per_joule : entry->byte_per_joule,
        .doubt = {entry->u_random, entry->u_systematic},
        .why_not = sy_energy_why_not(row, entry, style)};
}

static void add_heaviest(sy_summary *summary, const choice *of, const char *scope) {
    const sy_row *heaviest = find_heaviest(summary, of, scope);
    if (heaviest == NULL)
        return;
    sy_cell dtype = sy_problem_dtype(heaviest->key.problem != NULL ? heaviest->key.problem : "");
    energy_line line = {.scope = scope, .unit = "run", .label = sy_row_label(heaviest, summary->style->utf8)};
    line.is_work = heaviest->rate.flop != SY_NO_COUNT && heaviest->rate.flop > 0;
    line.is_integer = sy_dtype_is_integer(dtype.text);
    for (size_t i = 0; i < summary->report->n_rows; i++) {
        const sy_row *row = &summary->report->rows[i];
        for (size_t j = 0; j < summary->columns.count && is_same_problem(row, heaviest); j++)
            if (!line.column[j].is_shown &&
                sy_column_has(&summary->columns.column[j], row->request.device, row->request.algorithm))
                line.column[j] = show_row(row, scope, line.is_work, summary->style);
    }
    add_lines(summary, &line);
}

/* Why a column has no energy at all. */
static void add_reasons(sy_summary *summary) {
    const char *reason[SY_SCREEN_COLUMNS_MAX] = {NULL};
    bool has_energy[SY_SCREEN_COLUMNS_MAX] = {false}, is_shown = false;
    for (size_t i = 0; i < summary->report->n_rows; i++) {
        const sy_row *row = &summary->report->rows[i];
        for (size_t j = 0; j < summary->columns.count; j++) {
            if (!sy_column_has(&summary->columns.column[j], row->request.device, row->request.algorithm))
                continue;
            has_energy[j] = has_energy[j] || row->energy.count > 0;
            reason[j] = reason[j] == NULL ? row->energy_reason : reason[j];
        }
    }
    for (size_t i = 0; i < summary->report->totals.count; i++) {
        const sy_total *total = &summary->report->totals.item[i];
        for (size_t j = 0; j < summary->columns.count; j++)
            if (sy_column_has(&summary->columns.column[j], total->device, total->algorithm))
                has_energy[j] = has_energy[j] || total->mix.count > 0;
    }
    for (size_t j = 0; j < summary->columns.count; j++)
        is_shown =
            is_shown || (!has_energy[j] && reason[j] != NULL && strcmp(reason[j], "not asked for") != 0);
    sy_screen_line *line = is_shown ? sy_screen_add(&summary->screen, "energy", "", SY_RANK_DETAIL) : NULL;
    for (size_t j = 0; line != NULL && j < summary->columns.count; j++)
        line->cell[j].text = sy_print_clean(has_energy[j]       ? "above"
                                            : reason[j] != NULL ? reason[j]
                                                                : "-",
            summary->style->utf8);
}

/* The first entry of a scope in a column; *out_row is its row. */
static const sy_row_energy *first_entry(
    const sy_summary *summary, const char *scope, size_t column, const sy_row **out_row) {
    const sy_column *of = &summary->columns.column[column];
    for (size_t i = 0; i < summary->report->n_rows; i++) {
        const sy_row *row = &summary->report->rows[i];
        const sy_row_energy *entry = row->energy.count > 0 ? sy_energy_of_scope(row, scope) : NULL;
        *out_row = row;
        if (entry != NULL && sy_column_has(of, row->request.device, row->request.algorithm))
            return entry;
    }
    return NULL;
}

/* Whether anything of a scope has numbers that may be shown. */
static bool has_numbers(const sy_report *report, const char *scope) {
    for (size_t i = 0; i < report->n_rows; i++) {
        const sy_row *row = &report->rows[i];
        const sy_row_energy *entry = row->energy.count > 0 ? sy_energy_of_scope(row, scope) : NULL;
        if (entry != NULL && sy_energy_is_shown(row, entry))
            return true;
    }
    for (size_t i = 0; i < report->totals.count; i++) {
        const sy_total_energy *mix = sy_total_energy_of_scope(&report->totals.item[i], scope, true);
        const sy_total_energy *sum = sy_total_energy_of_scope(&report->totals.item[i], scope, false);
        if ((mix != NULL && sy_total_energy_is_shown(mix)) || (sum != NULL && sy_total_energy_is_shown(sum)))
            return true;
    }
    return false;
}

/* A scope without any number: one line with the first reason of each column. */
static void add_silent_scope(sy_summary *summary, const char *scope) {
    char label[40];
    snprintf(label, sizeof label, "energy, %.20s", sy_print_clean(scope, summary->style->utf8).text);
    sy_screen_line *line = sy_screen_add(&summary->screen, label, "", SY_RANK_DETAIL);
    for (size_t i = 0; line != NULL && i < summary->columns.count; i++) {
        const sy_row *row = NULL;
        const sy_row_energy *entry = first_entry(summary, scope, i, &row);
        line->cell[i].text = entry != NULL ? sy_energy_why_not(row, entry, summary->style) : (sy_cell){"-"};
        line->cell[i].is_bad = entry != NULL;
    }
}

static void add_scope(sy_summary *summary, const char *scope) {
    static const uint32_t kinds[] = {SY_WORK_LARGE_GEMM, SY_WORK_GEMM, SY_WORK_CONV, SY_WORK_MEMORY};
    const sy_total_list *totals = &summary->report->totals;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        add_heaviest(summary, &(choice){.kind = kinds[i]}, scope);
    for (size_t i = 0; i < totals->count; i++) {
        const sy_total *total = &totals->item[i];
        if (!sy_summary_begins_total(summary, i))
            continue;
        bool has_mix = add_total(summary, total, scope, true);
        if (!has_mix && !add_total(summary, total, scope, false))
            add_heaviest(summary, &(choice){.total = total}, scope);
    }
}

void sy_summary_add_energy(sy_summary *summary) {
    sy_scopes scopes;
    sy_scopes_find(summary->report, &scopes);
    for (size_t i = 0; i < scopes.count; i++)
        if (has_numbers(summary->report, scopes.scope[i]))
            add_scope(summary, scopes.scope[i]);
        else
            add_silent_scope(summary, scopes.scope[i]);
    add_reasons(summary);
}

sy_cell sy_summary_rate_note(const sy_report *report) {
    sy_cell note = {""};
    double most = RATE_MAY_DIFFER;
    size_t count = 0;
    for (size_t i = 0; i < report->n_rows; i++) {
        const sy_row *row = &report->rows[i];
        for (size_t j = 0; j < row->energy.count; j++) {
            double differs = fabs(row->energy.item[j].rate_of_median - 1.0);
            if (!(differs > RATE_MAY_DIFFER) || !sy_energy_is_shown(row, &row->energy.item[j]))
                continue;
            most = fmax(most, differs);
            count++;
            break; /* the other meters of a row saw the same window */
        }
    }
    if (count > 0)
        snprintf(note.text, sizeof note.text,
            "energy: in %zu row%s the window ran at another rate than the samples, by up to %.20s", count,
            count == 1 ? "" : "s", sy_print_percent(most).text);
    return note;
}
