/* Numbers as people read them. */
#include "bench/report/quantity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The last row whose divisor the value reaches; the first one otherwise. */
static sy_unit choose(const sy_unit *rows, size_t count, double largest) {
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (largest >= rows[i].divisor)
            best = i;
    return rows[best];
}

sy_unit sy_unit_flop_rate(double largest, bool is_integer) {
    static const sy_unit real[] = {{"GFLOP/s", 1e9}, {"TFLOP/s", 1e12}, {"PFLOP/s", 1e15}};
    static const sy_unit whole[] = {{"GOP/s", 1e9}, {"TOP/s", 1e12}, {"POP/s", 1e15}};
    return choose(is_integer ? whole : real, 3, largest);
}

sy_unit sy_unit_byte_rate(double largest) {
    static const sy_unit rows[] = {{"MB/s", 1e6}, {"GB/s", 1e9}};
    return choose(rows, 2, largest);
}

sy_unit sy_unit_time(double largest_ns) {
    static const sy_unit rows[] = {{"ns", 1.0}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    return choose(rows, 4, largest_ns);
}

sy_unit sy_unit_joule(double largest) {
    static const sy_unit rows[] = {
        {"nJ", 1e-9}, {"uJ", 1e-6}, {"mJ", 1e-3}, {"J", 1.0}, {"kJ", 1e3}, {"MJ", 1e6}};
    return choose(rows, 6, largest);
}

sy_unit sy_unit_watt(double largest) {
    static const sy_unit rows[] = {{"mW", 1e-3}, {"W", 1.0}, {"kW", 1e3}, {"MW", 1e6}};
    return choose(rows, 4, largest);
}

sy_unit sy_unit_flop_energy(double largest, bool is_integer) {
    static const sy_unit real[] = {{"MFLOP/J", 1e6}, {"GFLOP/J", 1e9}, {"TFLOP/J", 1e12}};
    static const sy_unit whole[] = {{"MOP/J", 1e6}, {"GOP/J", 1e9}, {"TOP/J", 1e12}};
    return choose(is_integer ? whole : real, 3, largest);
}

sy_unit sy_unit_byte_energy(double largest) {
    static const sy_unit rows[] = {{"kB/J", 1e3}, {"MB/J", 1e6}, {"GB/J", 1e9}};
    return choose(rows, 3, largest);
}

/* Digits with a group separator every three from the right; `text` has digits only. */
static void group_digits(const char *text, const char *separator, sy_cell *out) {
    size_t length = strlen(text), used = 0;
    for (size_t i = 0; i < length && used + 4 < sizeof out->text; i++) {
        bool is_start = i > 0 && (length - i) % 3 == 0 && text[i - 1] != '-';
        if (is_start && length > 3)
            used += (size_t)snprintf(out->text + used, sizeof out->text - used, "%s", separator);
        out->text[used++] = text[i];
    }
    out->text[used] = '\0';
}

/* The C library writes the user's decimal point; ours is always '.'. */
static void force_point(char *text) {
    for (char *next = text; *next != '\0'; next++)
        if (*next == ',')
            *next = '.';
}

/* Digits before the point once the value is rounded: 9.999 has two in "10.0". Zero and less: leading zeros.
 */
static int digits_before(double value, int significant) {
    char text[40];
    const char *exponent;
    /* The C library rounds: "9.99e+00" or "1.00e+01". */
    snprintf(text, sizeof text, "%.*e", significant - 1, value);
    exponent = strchr(text, 'e');
    return value != 0.0 && exponent != NULL ? (int)strtol(exponent + 1, NULL, 10) + 1 : 1;
}

sy_cell sy_print_number(double value, double precision, const sy_report_style *style) {
    return sy_print_digits(value, isfinite(precision) && precision < 0.005 ? 4 : 3, style);
}

sy_cell sy_print_digits(double value, int significant, const sy_report_style *style) {
    sy_cell cell = {"n/a"};
    char digits[64];
    if (!isfinite(value))
        return cell;
    int before = digits_before(value, significant);
    if (fabs(value) >= 1e18 || (value != 0.0 && before < -3)) {
        snprintf(cell.text, sizeof cell.text, "%.*g", significant, value);
        force_point(cell.text);
        return cell;
    }
    if (before >= significant) {
        double unit = pow(10.0, before - significant);
        snprintf(digits, sizeof digits, "%.0f", round(value / unit) * unit);
        group_digits(digits, style->utf8 ? "\u202f" : " ", &cell);
        return cell;
    }
    int decimals = significant - (before > 0 ? before : before < 0 ? before : 0);
    snprintf(cell.text, sizeof cell.text, "%.*f", decimals, value);
    force_point(cell.text);
    return cell;
}

sy_cell sy_print_precision(double precision, const sy_report_style *style) {
    sy_cell cell = {""};
    if (!isfinite(precision))
        return cell;
    /* Rounded up: an interval is never shown narrower than it is. */
    double percent = precision * 100.0;
    int decimals = percent >= 9.95 ? 0 : percent >= 0.095 || percent == 0.0 ? 1 : 2;
    double unit = pow(10.0, -decimals);
    double shown = fabs(ceil(percent / unit - 1e-9) * unit);
    snprintf(cell.text, sizeof cell.text, "%s%.*f %%", style->utf8 ? "\u00b1" : "+/-", decimals, shown);
    force_point(cell.text);
    return cell;
}

sy_cell sy_print_percent(double fraction) {
    sy_cell cell = {"n/a"};
    if (!isfinite(fraction))
        return cell;
    snprintf(cell.text, sizeof cell.text, "%.*f %%", fraction < 0.0995 ? 1 : 0, fraction * 100.0);
    force_point(cell.text);
    return cell;
}

sy_cell sy_print_duration(double ns) {
    sy_cell cell = {""};
    if (!isfinite(ns) || ns < 0.0)
        return cell;
    double seconds = ns / 1e9;
    double whole = round(seconds);
    if (seconds < 9.95)
        snprintf(cell.text, sizeof cell.text, "%.1f s", seconds);
    else if (whole < 60.0)
        snprintf(cell.text, sizeof cell.text, "%.0f s", whole);
    else if (whole < 3600.0)
        snprintf(cell.text, sizeof cell.text, "%.0f min %02.0f s", floor(whole / 60.0), fmod(whole, 60.0));
    else
        snprintf(cell.text, sizeof cell.text, "%.0f h %02.0f min", floor(whole / 3600.0),
            floor(fmod(whole, 3600.0) / 60.0));
    force_point(cell.text);
    return cell;
}

double sy_precision_of(double value, const double interval[2]) {
    return (interval[1] - interval[0]) / 2.0 / value;
}
