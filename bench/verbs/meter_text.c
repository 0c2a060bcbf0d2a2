/* A meter's facts as words. */
#include "bench/verbs/meter_text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/print.h"

const char *sy_meter_state(sy_status state) {
    switch (state) {
    case SY_OK: return "ready";
    case SY_REFUSED: return "not permitted";
    default: return sy_status_name(state);
    }
}

__attribute__((format(printf, 2, 3))) static void append(
    char text[SY_METER_TEXT_MAX], const char *format, ...) {
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, SY_METER_TEXT_MAX - used, format, arguments);
    va_end(arguments);
}

static void append_time(char text[SY_METER_TEXT_MAX], const char *label, uint64_t time_ns) {
    bool is_long = time_ns >= UINT64_C(1000000000);
    if (time_ns > 0)
        append(text, ", %s %.4g %s", label, (double)time_ns / (is_long ? 1e9 : 1e6), is_long ? "s" : "ms");
}

static void append_facts(const sy_energy_found *found, char text[SY_METER_TEXT_MAX]) {
    const sy_energy_facts *facts = &found->facts;
    append(text, "%s", sy_energy_kind_name(facts->kind));
    if (sy_energy_is_energy(facts->kind) || facts->scope != SY_ENERGY_SCOPE_UNKNOWN)
        append(text, ", %s%s", facts->scope == SY_ENERGY_SCOPE_UNKNOWN ? "scope " : "",
            sy_energy_scope_name(facts->scope));
    append_time(text, "every", facts->update_period_ns);
    append_time(text, "mean over", facts->window_ns);
    if (sy_energy_is_energy(facts->kind) && isnan(facts->gain))
        append(text, ", gain not known");
    else if (sy_energy_is_energy(facts->kind))
        append(text, ", gain to %.3g %%", 100.0 * facts->gain);
    if (found->is_part)
        append(text, ", part of another");
}

static void append_clean(char text[SY_METER_TEXT_MAX], const char *before, const char *words) {
    if (words[0] != '\0')
        append(text, "%s%s", before, sy_print_clean(words, true).text);
}

void sy_meter_describe(const sy_energy_found *found, bool has_detail, char out_text[SY_METER_TEXT_MAX]) {
    const char *joint = ": ";
    out_text[0] = '\0';
    append_clean(out_text, "", found->facts.name);
    if (found->facts.kind != 0) {
        append(out_text, "%s", joint);
        append_facts(found, out_text);
        joint = "; ";
    }
    if (has_detail && found->facts.detail[0] != '\0') {
        append_clean(out_text, joint, found->facts.detail);
        joint = "; ";
    }
    if (found->state == SY_OK)
        return;
    append(out_text, "%s%s", joint, sy_meter_state(found->state));
    append_clean(out_text, ": ", found->reason);
    append_clean(out_text, "; to have it: ", found->fix);
}
