/* Meters of several sources in one list, each once. */
#include "bench/energy/find.h"

#include <string.h>

#include "runtime/base/error.h"

static const char device_source[] = "device";

bool sy_energy_is_of_device(const sy_energy_found *found) {
    const char *name = found->facts.name;
    const size_t bytes = sizeof device_source - 1;
    return strncmp(name, device_source, bytes) == 0 && (name[bytes] == ':' || name[bytes] == '\0');
}

static bool has_name(const sy_energy_list *list, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(list->found[i].facts.name, name) == 0)
            return true;
    return false;
}

/* Close up over those from `first` on that are there before: asked for by two ways, or answered twice. */
static void drop_repeated(sy_energy_list *list, size_t first) {
    size_t kept = first;
    for (size_t i = first; i < list->count; i++)
        if (!has_name(list, kept, list->found[i].facts.name))
            list->found[kept++] = list->found[i];
    list->count = kept;
}

static sy_status ask(const sy_energy_places *places, const sy_energy_source *source, const char *rest,
    sy_energy_list *list, sy_error *err) {
    size_t before = list->count;
    sy_status status = source->find(places, rest, list, err);
    drop_repeated(list, before);
    return status;
}

sy_status sy_energy_find_unasked(
    const sy_energy_places *places, uint32_t whose, sy_energy_list *list, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && sy_energy_sources[i] != NULL; i++) {
        const sy_energy_source *source = sy_energy_sources[i];
        bool is_device = strcmp(source->name, device_source) == 0;
        if (!source->is_configured && (whose & (is_device ? SY_ENERGY_OF_DEVICE : SY_ENERGY_OF_MACHINE)) != 0)
            status = ask(places, source, NULL, list, err);
    }
    return status;
}

sy_status sy_energy_find_named(
    const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    const sy_energy_source *source = sy_energy_source_of(spec);
    const char *colon = strchr(spec, ':');
    if (source == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "energy: no source '%s'", spec);
    return ask(places, source, colon != NULL ? colon + 1 : NULL, list, err);
}
