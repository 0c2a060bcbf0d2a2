/* Cells of a comparison. */
#include "bench/report/compare_cells.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/problem_text.h"
#include "bench/report/quantity.h"

int sy_compare_main(const sy_compare_report *report) {
    const sy_join *join = report->comparison->join;
    return join->is_across && !join->is_paired ? SY_QUANTITY_THROUGHPUT : SY_QUANTITY_TIME;
}

const char *sy_compare_meaning(const sy_compare_report *report) {
    if (report->comparison->join->is_paired)
        return "time, b over a, from blocks A B B A: above 1 is slower";
    return report->comparison->join->is_across ? "speed, each over the base: above 1 is faster"
                                               : "time, new over base: above 1 is slower";
}

/* The last part of a path, if the files are told apart by it. */
static const char *file_name(const sy_compare_report *report, size_t column) {
    const char *path = report->file[column], *slash = strrchr(path, '/');
    const char *name = slash != NULL && slash[1] != '\0' ? slash + 1 : path;
    for (size_t i = 0; i < report->comparison->join->columns; i++) {
        const char *other = strrchr(report->file[i], '/');
        if (i != column && strcmp(other != NULL ? other + 1 : report->file[i], name) == 0)
            return path;
    }
    return name;
}

sy_cell sy_compare_column(const sy_compare_report *report, size_t column, bool utf8) {
    const sy_join_column *of = &report->comparison->join->column[column];
    sy_cell name, made;
    if (report->file != NULL) {
        name = sy_print_clean(file_name(report, column), utf8);
        snprintf(
            made.text, sizeof made.text, "%s%.200s", report->is_simulated ? "SIMULATED " : "", name.text);
        return made;
    }
    if (report->comparison->join->is_paired) {
        sy_cell asked = sy_print_clean(of->asked, utf8);
        snprintf(made.text, sizeof made.text, "%s%c: %.80s by %.80s", of->is_simulated ? "SIMULATED " : "",
            column == 0 ? 'a' : 'b', sy_print_clean(of->device, utf8).text, asked.text);
        return made;
    }
    name = sy_print_clean(of->device_name != NULL ? of->device_name : "", utf8);
    snprintf(made.text, sizeof made.text, "%s%.80s%s%.120s", of->is_simulated ? "SIMULATED " : "",
        sy_print_clean(of->device, utf8).text, name.text[0] != '\0' ? " " : "", name.text);
    return made;
}

bool sy_compare_has_devices(const sy_join *join) {
    for (size_t column = 0; column < join->columns && !join->is_across; column++) {
        const char *first = NULL;
        for (size_t i = 0; i < join->lines; i++) {
            const sy_group *group = join->line[i].cell[column];
            const char *device = group != NULL ? group->shown->device : NULL;
            if (first != NULL && device != NULL && strcmp(first, device) != 0)
                return true;
            first = first != NULL ? first : device;
        }
    }
    return false;
}

static void add(sy_cell *cell, const char *before, const char *text, bool utf8) {
    size_t used = strlen(cell->text);
    snprintf(cell->text + used, sizeof cell->text - used, "%s%.60s", before, sy_print_clean(text, utf8).text);
}

static sy_cell label_of(const sy_entry *entry, bool with_device, bool is_across, bool utf8) {
    const char *name = entry->place.count > 0 ? entry->place.item[0].name : NULL;
    sy_cell label;
    if (name != NULL && name[0] != '\0')
        label = sy_print_clean(name, utf8);
    else
        label = sy_print_clean(sy_problem_short(entry->problem != NULL ? entry->problem : "?").text, utf8);
    label.text[sizeof label.text - 80] = '\0';
    if (with_device && entry->device != NULL)
        add(&label, " on ", entry->device, utf8);
    if (!is_across && entry->asked != NULL && strcmp(entry->asked, "auto") != 0)
        add(&label, " by ", entry->asked, utf8);
    return label;
}

const sy_entry *sy_compare_entry(const sy_compare_report *report, size_t line) {
    const sy_join *join = report->comparison->join;
    for (size_t column = 0; column < join->columns; column++)
        if (join->line[line].cell[column] != NULL)
            return join->line[line].cell[column]->shown;
    return NULL;
}

sy_cell sy_compare_group(const sy_compare_report *report, const sy_group *group, bool utf8) {
    bool is_across = report->comparison->join->is_across;
    return label_of(group->shown, is_across || report->has_devices, is_across, utf8);
}

sy_cell sy_compare_label(const sy_compare_report *report, size_t line, bool utf8) {
    bool is_across = report->comparison->join->is_across;
    return label_of(sy_compare_entry(report, line), report->has_devices, is_across, utf8);
}

/* A unit and what a number of the quantity is multiplied by to be in its base. */
static sy_unit unit_of(const sy_entry *entry, int quantity, double largest, double *out_factor) {
    static const sy_unit none = {"", 1.0}, launches = {"/s", 1.0};
    *out_factor = 1.0;
    switch (quantity) {
    case SY_QUANTITY_TIME: return sy_unit_time(largest);
    case SY_QUANTITY_ENERGY: return sy_unit_joule(largest);
    case SY_QUANTITY_PRECISION: return none;
    default: break;
    }
    bool has_flop = entry->flop != SY_NO_COUNT && entry->flop > 0;
    bool has_byte = entry->byte != SY_NO_COUNT && entry->byte > 0;
    if (!has_flop && !has_byte)
        return launches;
    *out_factor = has_flop ? (double)entry->flop : (double)entry->byte;
    bool is_integer = entry->dtype != NULL && sy_dtype_is_integer(entry->dtype);
    return has_flop ? sy_unit_flop_rate(largest * *out_factor, is_integer)
                    : sy_unit_byte_rate(largest * *out_factor);
}

sy_cell sy_compare_amounts(const sy_compare_report *report, size_t line, int quantity, const sy_ratio *ratio,
    const sy_report_style *style) {
    static const double precision = 0.001;
    sy_cell made = {""};
    double factor = 1.0, largest = fmax(ratio->base, ratio->value);
    if (isnan(ratio->base) || isnan(ratio->value))
        return made;
    sy_unit unit = unit_of(sy_compare_entry(report, line), quantity, largest, &factor);
    sy_cell base = sy_print_number(ratio->base * factor / unit.divisor, precision, style);
    sy_cell value = sy_print_number(ratio->value * factor / unit.divisor, precision, style);
    snprintf(made.text, sizeof made.text, "%.40s %s %.40s%s%s", base.text, style->utf8 ? "\u2192" : "->",
        value.text, unit.name[0] != '\0' ? " " : "", unit.name);
    return made;
}

sy_cell sy_compare_ratio(double ratio) {
    sy_cell cell = {"n/a"};
    if (isfinite(ratio))
        snprintf(cell.text, sizeof cell.text, ratio < 9.9995 ? "%.3f" : ratio < 1e4 ? "%.4g" : "%.3g", ratio);
    return cell;
}

sy_cell sy_compare_interval(double low, double high) {
    sy_cell cell = {""};
    if (!isnan(low) && !isnan(high))
        snprintf(cell.text, sizeof cell.text, "[%.24s, %.24s]", sy_compare_ratio(low).text,
            isinf(high) ? "inf" : sy_compare_ratio(high).text);
    return cell;
}

sy_cell sy_compare_percent(double fraction) {
    sy_cell cell = {""};
    if (isfinite(fraction))
        snprintf(
            cell.text, sizeof cell.text, fabs(fraction) < 0.0995 ? "%.1f %%" : "%.0f %%", 100.0 * fraction);
    return cell;
}

sy_cell sy_compare_verdict(int quantity, int verdict) {
    static const char *const changed[SY_QUANTITY_COUNT][2] = {
        [SY_QUANTITY_ENERGY] = {"less energy", "more energy"},
        [SY_QUANTITY_PRECISION] = {"better precision", "worse precision"}};
    bool is_changed = verdict == SY_VERDICT_FASTER || verdict == SY_VERDICT_SLOWER;
    bool has_words = quantity == SY_QUANTITY_ENERGY || quantity == SY_QUANTITY_PRECISION;
    sy_cell cell;
    if (is_changed && has_words)
        snprintf(cell.text, sizeof cell.text, "%s", changed[quantity][verdict == SY_VERDICT_SLOWER]);
    else
        snprintf(cell.text, sizeof cell.text, "%s%s%s", sy_verdict_name(verdict), has_words ? " in " : "",
            has_words ? sy_quantity_name(quantity) : "");
    return cell;
}

int sy_compare_judge(const sy_compare_report *report, const sy_mean *mean) {
    if (isnan(mean->ratio))
        return SY_VERDICT_NOT_COMPARABLE;
    if (mean->quantity == SY_QUANTITY_THROUGHPUT)
        return sy_ratio_judge(-log(mean->high), -log(mean->low), report->comparison->delta);
    return sy_ratio_judge(log(mean->low), log(mean->high), report->comparison->delta);
}

sy_cell sy_compare_set(const sy_mean *mean, bool utf8) {
    if (mean->suite == NULL)
        return (sy_cell){"all rows"};
    sy_cell set = sy_print_clean(mean->suite[0] != '\0' ? mean->suite : "problems", utf8);
    set.text[100] = '\0';
    if (mean->dtype != NULL && mean->dtype[0] != '\0')
        add(&set, " ", sy_dtype_short(mean->dtype).text, utf8);
    if (mean->phase != NULL && mean->phase[0] != '\0')
        add(&set, " ", mean->phase, utf8);
    return set;
}

bool sy_compare_is_brief(const sy_compare_report *report, const sy_mean *mean) {
    bool is_main = mean->quantity == sy_compare_main(report);
    return mean->phase == NULL && (is_main || (mean->quantity == SY_QUANTITY_ENERGY && mean->rows > 0));
}

static const char *unit_of_spread(int spread, size_t count) {
    static const char *const names[][2] = {[SY_SPREAD_ROUNDS] = {"round", "rounds"},
        [SY_SPREAD_PROCESSES] = {"process", "processes"},
        [SY_SPREAD_RUNS] = {"run", "runs"},
        [SY_SPREAD_BLOCKS] = {"block", "blocks"}};
    if (spread < SY_SPREAD_ROUNDS || spread == SY_SPREAD_DECLARED)
        return NULL;
    return names[spread][count != 1];
}

static void add_note(sy_cell *note, const char *text) {
    size_t used = strlen(note->text);
    snprintf(note->text + used, sizeof note->text - used, "%s%s", used > 0 ? "; " : "", text);
}

sy_cell sy_compare_note(const sy_compare_report *report, size_t line, int quantity, const sy_ratio *ratio) {
    const char *joined = report->comparison->join->line[line].note;
    sy_cell note = {""}, effect = sy_compare_percent(ratio->detectable);
    char text[120];
    if (ratio->reason != NULL)
        add_note(&note, ratio->reason);
    if (joined != NULL && quantity == sy_compare_main(report))
        add_note(&note, joined);
    if (sy_ratio_clock_say(ratio, text, sizeof text))
        add_note(&note, text);
    if (ratio->verdict != SY_VERDICT_INCONCLUSIVE)
        return note;
    if (effect.text[0] != '\0') {
        snprintf(text, sizeof text, "would have seen %.20s", effect.text);
        add_note(&note, text);
    }
    const char *unit = unit_of_spread(ratio->spread, ratio->more_rounds);
    if (ratio->more_rounds > 0 && ratio->more_rounds != SIZE_MAX && unit != NULL) {
        snprintf(text, sizeof text, "%zu more %s would settle it", ratio->more_rounds, unit);
        add_note(&note, text);
    }
    return note;
}

size_t sy_compare_base_lines(const sy_compare_report *report) {
    const sy_join *join = report->comparison->join;
    size_t count = 0;
    for (size_t i = 0; i < join->lines; i++)
        count += join->line[i].cell[0] != NULL;
    return count;
}

size_t sy_compare_joined(const sy_compare_report *report, size_t column) {
    const sy_join *join = report->comparison->join;
    size_t count = 0;
    for (size_t i = 0; i < join->lines; i++)
        count += join->line[i].cell[0] != NULL && join->line[i].cell[column] != NULL;
    return count;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

sy_cell sy_compare_basis(const sy_compare_report *report, size_t column) {
    sy_ratio least = {.base_runs = SIZE_MAX, .runs = SIZE_MAX, .base_cards = SIZE_MAX, .cards = SIZE_MAX};
    size_t rounds = SIZE_MAX;
    char basis[80];
    sy_cell made = {""};
    for (size_t i = 0; i < report->comparison->join->lines; i++) {
        const sy_ratio *one = sy_comparison_ratio(report->comparison, i, column, SY_QUANTITY_TIME);
        if (isnan(one->ratio))
            continue;
        least.base_runs = smaller(least.base_runs, one->base_runs);
        least.runs = smaller(least.runs, one->runs);
        least.base_cards = smaller(least.base_cards, one->base_cards);
        least.cards = smaller(least.cards, one->cards);
        rounds = smaller(rounds, smaller(one->base_rounds, one->rounds));
    }
    if (rounds == SIZE_MAX)
        return made;
    sy_ratio_basis(&least, basis, sizeof basis);
    snprintf(made.text, sizeof made.text, "%zu round%s of %.60s", rounds, rounds == 1 ? "" : "s", basis);
    return made;
}

const char *sy_compare_outcome(const sy_gate *gate) {
    return gate->status == SY_GATE_PASSED   ? "passed"
           : gate->status == SY_GATE_FAILED ? "FAILED"
                                            : "NOT DECIDED";
}

sy_cell sy_compare_reason(const sy_compare_report *report, const sy_gate_reason *reason, bool utf8) {
    sy_cell made;
    if (reason->row == NULL)
        return sy_print_clean(reason->text, utf8);
    snprintf(made.text, sizeof made.text, "%.110s: %.140s",
        sy_compare_label(report, reason->row->line, utf8).text, sy_print_clean(reason->what, utf8).text);
    return made;
}
