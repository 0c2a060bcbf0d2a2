/* Why there is no meter, in one line: what was named and failed first, then the sources by what keeps them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/choose.h"
#include "bench/energy/find.h"

/* Where a source stands as a whole. */
enum { STANDS_REFUSED, STANDS_SILENT, STANDS_EMPTY, STANDS_ABSENT, STANDS_COUNT };

__attribute__((format(printf, 2, 3))) static void append(
    char why[SY_ENERGY_WHY_MAX], const char *format, ...) {
    size_t used = strlen(why);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why + used, SY_ENERGY_WHY_MAX - used, format, arguments);
    va_end(arguments);
}

static bool has_energy(const sy_energy_list *chosen) {
    for (size_t i = 0; i < chosen->count; i++)
        if (sy_energy_is_energy(chosen->found[i].facts.kind))
            return true;
    return false;
}

/* A spec that none of the chosen meters answers to, with the first reason there is. */
static void explain_spec(const sy_energy_list *found, const sy_energy_list *chosen, const char *spec,
    char why[SY_ENERGY_WHY_MAX]) {
    const sy_energy_found *first = NULL;
    for (size_t i = 0; i < chosen->count; i++)
        if (sy_energy_spec_means(spec, &chosen->found[i]))
            return;
    for (size_t i = 0; first == NULL && i < found->count; i++)
        if (sy_energy_spec_means(spec, &found->found[i]) && found->found[i].state != SY_OK)
            first = &found->found[i];
    append(why, "%s%s: %s", why[0] != '\0' ? "; " : "", spec,
        first == NULL              ? "no such meter"
        : first->reason[0] != '\0' ? first->reason
                                   : sy_status_name(first->state));
    if (first != NULL && first->fix[0] != '\0')
        append(why, " (%s)", first->fix);
}

/* The most hopeful of the source's meters: one that could be permitted before one that is not there. */
static int stand_of(const sy_energy_list *found, const sy_energy_source *source) {
    int stands = STANDS_ABSENT;
    for (size_t i = 0; i < found->count; i++) {
        const sy_energy_found *each = &found->found[i];
        int its = each->state == SY_REFUSED       ? STANDS_REFUSED
                  : each->state == SY_OK          ? STANDS_EMPTY
                  : each->state == SY_UNAVAILABLE ? STANDS_ABSENT
                                                  : STANDS_SILENT;
        if (sy_energy_source_of(each->facts.name) == source && its < stands)
            stands = its;
    }
    return stands;
}

static bool is_in(const sy_energy_list *found, const sy_energy_source *source) {
    for (size_t i = 0; i < found->count; i++)
        if (sy_energy_source_of(found->found[i].facts.name) == source)
            return true;
    return false;
}

static void explain_sources(
    const sy_energy_list *found, const sy_energy_subject *subject, char why[SY_ENERGY_WHY_MAX]) {
    static const char *const before[STANDS_COUNT] = {
        "not permitted: ", "no answer: ", "nothing fitting: ", "none: "};
    append(why, "no meter");
    bool has_one = false;
    for (int stands = 0; stands < STANDS_COUNT; stands++) {
        bool is_first = true;
        for (size_t i = 0; sy_energy_sources[i] != NULL; i++) {
            const sy_energy_source *source = sy_energy_sources[i];
            bool is_asked = !source->is_configured && is_in(found, source) &&
                            (!subject->is_simulated || strcmp(source->name, "device") == 0);
            if (!is_asked || stand_of(found, source) != stands)
                continue;
            append(why, "%s%s%s", is_first ? (has_one ? "; " : ": ") : ", ", is_first ? before[stands] : "",
                source->name);
            is_first = false;
            has_one = true;
        }
    }
    append(why, "; see steelyard devices");
}

void sy_energy_explain(const sy_energy_list *found, const sy_energy_wish *wish,
    const sy_energy_subject *subject, const sy_energy_list *chosen, char out_why[SY_ENERGY_WHY_MAX]) {
    out_why[0] = '\0';
    if (wish->is_off) {
        append(out_why, "not asked for");
        return;
    }
    for (size_t i = 0; i < wish->spec_count; i++)
        explain_spec(found, chosen, wish->spec[i], out_why);
    if (!has_energy(chosen) && out_why[0] == '\0')
        explain_sources(found, subject, out_why);
}
