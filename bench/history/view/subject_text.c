/* Series in words. */
#include "bench/history/view/subject_text.h"

#include <inttypes.h>
#include <string.h>

#include "bench/history/history.h"
#include "bench/report/problem_text.h"

static bool is_energy(const sy_series *series) {
    return strcmp(series->quantity, SY_HISTORY_ENERGY) == 0;
}

/* Settings of the key that are not the usual ones. */
static void add_unusual(sy_text *out, const char *text, const char *usual, bool utf8) {
    if (text != NULL && strcmp(text, usual) != 0)
        sy_text_printf(out, " %s", sy_print_clean(text, utf8).text);
}

void sy_series_describe(sy_text *out, const sy_series *series, const sy_report_style *style) {
    bool utf8 = style->utf8;
    sy_cell problem = sy_problem_short(series->problem), dtype = sy_problem_dtype(series->problem);
    sy_text_printf(out, "%s%s %s", series->is_simulated ? "SIMULATED " : "",
        sy_print_clean(problem.text, utf8).text, sy_print_clean(dtype.text, utf8).text);
    add_unusual(out, series->data, "uniform", utf8);
    add_unusual(out, series->cache, "weights", utf8);
    add_unusual(out, series->launch, "direct", utf8);
    sy_text_printf(out, " on %s %s, %s", sy_print_clean(series->backend, utf8).text,
        sy_print_clean(series->device_name, utf8).text, sy_print_clean(series->algorithm, utf8).text);
    if (series->threads != SY_NO_COUNT)
        sy_text_printf(out, ", %" PRIu64 " threads", series->threads);
    sy_text_printf(out, "; host %s, card %s, %s %s", sy_print_clean(series->host, utf8).text,
        sy_print_clean(series->card, utf8).text, sy_print_clean(series->source, utf8).text,
        is_energy(series) ? "meter" : "clock");
}

sy_cell sy_day_text(const char *time_utc) {
    sy_cell day = sy_print_clean(time_utc, false);
    day.text[10] = '\0';
    return day;
}

sy_unit sy_series_unit(const sy_series *series, double largest) {
    return is_energy(series) ? sy_unit_joule(largest) : sy_unit_time(largest);
}
