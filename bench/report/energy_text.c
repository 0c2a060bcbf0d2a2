/* Energy in words. */
#include "bench/report/energy_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/energy_entry.h"
#include "bench/report/problem_text.h"

/* Standard uncertainties become 95 % ones. */
#define COVERAGE 2.0

enum { DIGITS_UNKNOWN = 2, DIGITS_MOST = 4, DIGITS_NO_GAIN = 3 };

static int exponent_of(double value) {
    return (int)floor(log10(fabs(value)));
}

/* Digits down to the first one of the uncertainty. */
static int digits_of(double value, sy_energy_doubt doubt) {
    bool has_gain = isfinite(doubt.systematic);
    double relative = COVERAGE * (has_gain ? hypot(doubt.random, doubt.systematic) : doubt.random);
    int most = has_gain ? DIGITS_MOST : DIGITS_NO_GAIN;
    if (!isfinite(relative))
        return DIGITS_UNKNOWN;
    if (relative <= 0.0 || value == 0.0)
        return most;
    int digits = relative < 1.0 ? exponent_of(value) - exponent_of(value * relative) + 1 : 1;
    return digits < 1 ? 1 : digits > most ? most : digits;
}

sy_cell sy_print_doubted(double value, sy_energy_doubt doubt, const sy_report_style *style) {
    return sy_print_digits(value, isfinite(value) ? digits_of(value, doubt) : 1, style);
}

/* "6%", rounded up; "?" if it is not known. */
static sy_cell print_gain(double systematic) {
    double percent = COVERAGE * systematic * 100.0, unit = percent >= 1.0 ? 1.0 : 0.1;
    sy_cell cell = {"?"};
    if (isfinite(percent))
        snprintf(
            cell.text, sizeof cell.text, "%.*f%%", unit < 1.0 ? 1 : 0, ceil(percent / unit - 1e-9) * unit);
    return cell;
}

sy_cell sy_print_doubt(sy_energy_doubt doubt, bool is_short, const sy_report_style *style) {
    sy_cell random = sy_print_precision(COVERAGE * doubt.random, style), cell;
    sy_cell gain = sy_print_precision(COVERAGE * doubt.systematic, style);
    bool has_gain = gain.text[0] != '\0';
    if (random.text[0] == '\0')
        snprintf(random.text, sizeof random.text, "%s? %%", style->utf8 ? "\u00b1" : "+/-");
    if (is_short)
        snprintf(cell.text, sizeof cell.text, "%.*s%% g%.60s", (int)strcspn(random.text, " "), random.text,
            print_gain(doubt.systematic).text);
    else
        snprintf(cell.text, sizeof cell.text, "%.60s random, %.60s%s", random.text, gain.text,
            has_gain ? " gain" : "gain unknown");
    return cell;
}

const char *sy_energy_doubt_note(const sy_report_style *style) {
    return style->utf8
               ? "energy: \u00b1 95 % of the random part; g: 95 % of the meter's gain, ? if it is not known"
               : "energy: +/- 95 % of the random part; g: 95 % of the meter's gain, ? if it is not known";
}

sy_cell sy_print_reasons(const sy_text_list *reasons, const sy_report_style *style) {
    sy_cell cell = {"not valid"};
    for (size_t i = 0; i < reasons->count; i++) {
        size_t used = strlen(cell.text);
        snprintf(cell.text + used, sizeof cell.text - used, "%s%.80s", i > 0 ? ", " : ": ", reasons->item[i]);
    }
    /* Names of reasons are words joined by underscores. */
    for (char *next = cell.text; *next != '\0'; next++)
        if (*next == '_')
            *next = ' ';
    return sy_print_clean(cell.text, style->utf8);
}

/* "; 350 to 250 W (card)". */
static void add_powers(const sy_row_sustain *sustain, const sy_report_style *style, sy_cell *to) {
    size_t used = strlen(to->text);
    const sy_energy_doubt unknown = {NAN, NAN};
    if (!isfinite(sustain->watt_burst) || !isfinite(sustain->watt_sustained) || sustain->scope == NULL)
        return;
    sy_unit unit = sy_unit_watt(fmax(sustain->watt_burst, sustain->watt_sustained));
    sy_cell from = sy_print_doubted(sustain->watt_burst / unit.divisor, unknown, style);
    sy_cell until = sy_print_doubted(sustain->watt_sustained / unit.divisor, unknown, style);
    snprintf(to->text + used, sizeof to->text - used, "; %.30s to %.30s %s (%.20s)", from.text, until.text,
        unit.name, sustain->scope);
}

sy_cell sy_print_sustain(const sy_row_sustain *sustain, const sy_report_style *style) {
    sy_cell cell = {""};
    if (!isfinite(sustain->sustained_of_burst))
        return cell;
    snprintf(cell.text, sizeof cell.text, "sustained %.2f of burst, ", sustain->sustained_of_burst);
    size_t used = strlen(cell.text);
    if (isfinite(sustain->throttle_s))
        snprintf(cell.text + used, sizeof cell.text - used, "throttled after %.1f s (%.20s)",
            sustain->throttle_s, sustain->throttle_how != NULL ? sustain->throttle_how : "?");
    else if (isfinite(sustain->seconds))
        snprintf(cell.text + used, sizeof cell.text - used, "no throttling in %.0f s", sustain->seconds);
    else
        snprintf(cell.text + used, sizeof cell.text - used, "no throttling seen");
    add_powers(sustain, style, &cell);
    return sy_print_clean(cell.text, style->utf8);
}

/* "; 1.2 GFLOP/J", of a row that computes, else its bytes. */
static void add_efficiency(const sy_row *row, const sy_row_energy *energy, sy_energy_doubt doubt,
    const sy_report_style *style, sy_text *out) {
    sy_cell dtype = sy_problem_dtype(row->key.problem != NULL ? row->key.problem : "");
    bool is_work = isfinite(energy->flop_per_joule) && energy->flop_per_joule > 0.0;
    double value = is_work ? energy->flop_per_joule : energy->byte_per_joule;
    if (!isfinite(value) || value <= 0.0)
        return;
    sy_unit unit =
        is_work ? sy_unit_flop_energy(value, sy_dtype_is_integer(dtype.text)) : sy_unit_byte_energy(value);
    sy_text_printf(out, ", %s %s", sy_print_doubted(value / unit.divisor, doubt, style).text, unit.name);
}

static void add_numbers(
    const sy_row *row, const sy_row_energy *energy, const sy_report_style *style, sy_text *out) {
    const sy_energy_doubt doubt = {energy->u_random, energy->u_systematic};
    sy_unit joule = sy_unit_joule(energy->joule_per_run), watt = sy_unit_watt(energy->watt);
    sy_text_printf(out, "%s %s/run",
        sy_print_doubted(energy->joule_per_run / joule.divisor, doubt, style).text, joule.name);
    sy_text_printf(
        out, ", %s %s", sy_print_doubted(energy->watt / watt.divisor, doubt, style).text, watt.name);
    add_efficiency(row, energy, doubt, style, out);
    sy_text_printf(out, " %s", sy_print_doubt(doubt, false, style).text);
    if (!isfinite(energy->joule_net_per_run) || !isfinite(energy->u_net))
        return;
    const sy_energy_doubt net = {energy->u_net, NAN};
    joule = sy_unit_joule(fabs(energy->joule_net_per_run));
    sy_text_printf(out, "; net %s %s/run %s",
        sy_print_doubted(energy->joule_net_per_run / joule.divisor, net, style).text, joule.name,
        sy_print_precision(COVERAGE * fabs(energy->u_net), style).text);
}

void sy_print_energy(const sy_row *row, const sy_row_energy *energy, uint32_t columns,
    const sy_report_style *style, sy_text *out) {
    sy_text line = {0};
    sy_cell source = sy_print_clean(energy->source, style->utf8);
    sy_text_printf(&line, "energy of the %s: ", sy_print_clean(energy->scope, style->utf8).text);
    if (sy_energy_is_shown(row, energy))
        add_numbers(row, energy, style, &line);
    else
        sy_text_printf(&line, "%s", sy_energy_why_not(row, energy, style).text);
    sy_text_printf(&line, " (%s)", source.text);
    for (size_t i = 0; i < energy->notes.count; i++)
        sy_text_printf(&line, "; %s", sy_print_clean(energy->notes.item[i], style->utf8).text);
    if (line.failed)
        out->failed = true;
    else
        sy_print_wrapped(out, line.data, columns);
    sy_text_release(&line);
}
