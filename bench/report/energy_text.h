/*
 * Energy in words: numbers with no more digits than their uncertainty leaves, and what is not known of them.
 * Uncertainties come in as a record has them (relative, standard) and are shown for 95 %, twice that, as all
 * other intervals on the screen.
 */
#ifndef STEELYARD_BENCH_REPORT_ENERGY_TEXT_H
#define STEELYARD_BENCH_REPORT_ENERGY_TEXT_H

#include "bench/report/quantity.h"

/** How sure a number is: relative standard uncertainties; systematic NaN: the gain is not known. */
typedef struct sy_energy_doubt {
    double random, systematic;
} sy_energy_doubt;

/** A number of energy, whole with unit and divisor, and its doubt. */
sy_cell sy_print_doubted(double value, sy_energy_doubt doubt, const sy_report_style *style);

/** "±0.8 % random, gain unknown", "±0.8 % random, ±6.0 % gain"; short: "±0.8% g?", "±0.8% g6%". */
sy_cell sy_print_doubt(sy_energy_doubt doubt, bool is_short, const sy_report_style *style);

/** What the short form means, as a footnote. */
const char *sy_energy_doubt_note(const sy_report_style *style);

/** Reasons in one line, clean: "not valid: alias, window too short". */
sy_cell sy_print_reasons(const sy_text_list *reasons, const sy_report_style *style);

/** "sustained 0.71 of burst, throttled after 12.0 s (clock)", with the powers and their scope if they are
 * known; "" if the row has none. */
sy_cell sy_print_sustain(const sy_row_sustain *sustain, const sy_report_style *style);

/** One entry of a row in full, in lines that end in a newline and none of which is wider than `columns`. */
void sy_print_energy(const sy_row *row, const sy_row_energy *energy, uint32_t columns,
    const sy_report_style *style, sy_text *out);

#endif
