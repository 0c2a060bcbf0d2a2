/* Sources for tests. */
#include "tests/unit/bench/energy/made_up.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"

made_up_meters made_up;

void made_up_clear(void) {
    made_up = (made_up_meters){0};
}

sy_energy_found *made_up_add(const char *name, uint32_t kind, uint32_t scope) {
    sy_energy_found *found = &made_up.found[made_up.count++];
    *found = (sy_energy_found){.facts = {.kind = kind, .scope = scope, .resolution = NAN, .gain = NAN}};
    snprintf(found->facts.name, sizeof found->facts.name, "%s", name);
    snprintf(found->spec, sizeof found->spec, "%.*s", (int)strcspn(name, ":"), name);
    return found;
}

static sy_status find(const char *source, const char *spec, sy_energy_list *list, sy_error *err) {
    size_t used = strlen(made_up.asked), bytes = strlen(source);
    snprintf(made_up.asked + used, sizeof made_up.asked - used, "%s%s%s\n", source, spec != NULL ? ":" : "",
        spec != NULL ? spec : "");
    if (made_up.status != SY_OK)
        return sy_error_set(err, made_up.status, "%s: made to fail", source);
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < made_up.count; i++)
        if (strcspn(made_up.found[i].facts.name, ":") == bytes &&
            strncmp(made_up.found[i].facts.name, source, bytes) == 0)
            status = sy_energy_list_append(list, &made_up.found[i], err);
    return status;
}

#define SOURCE(source, form_text, configured)                                                                \
    static sy_status find_##source(                                                                          \
        const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {             \
        (void)places;                                                                                        \
        return find(#source, spec, list, err);                                                               \
    }                                                                                                        \
    static const sy_energy_source source = {.name = #source,                                                 \
        .form = form_text,                                                                                   \
        .help = "made up",                                                                                   \
        .is_configured = configured,                                                                         \
        .find = find_##source};

SOURCE(device, "device", false)
SOURCE(powercap, "powercap", false)
SOURCE(hwmon, "hwmon", false)
SOURCE(shelly, "shelly:HOST", true)
SOURCE(csv, "csv:FILE", true)
SOURCE(ipmi, "ipmi[:HOST]", true)

const sy_energy_source *const sy_energy_sources[] = {&device, &powercap, &hwmon, &shelly, &csv, &ipmi, NULL};
