/* Names, and lists of meters. */
#include "bench/energy/source.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

const char *sy_energy_kind_name(uint32_t kind) {
    static const char *const names[] = {
        "?", "counter", "average power", "instant power", "temperature", "clock", "throttle"};
    return kind < sizeof names / sizeof names[0] ? names[kind] : "?";
}

const char *sy_energy_scope_name(uint32_t scope) {
    static const char *const names[SY_ENERGY_SCOPE_COUNT] = {
        "unknown", "die", "package", "memory", "card", "board", "node", "wall"};
    return scope < SY_ENERGY_SCOPE_COUNT ? names[scope] : "?";
}

bool sy_energy_is_energy(uint32_t kind) {
    return kind >= SY_ENERGY_COUNTER && kind <= SY_ENERGY_POWER_INSTANT;
}

sy_status sy_energy_list_append(sy_energy_list *list, const sy_energy_found *found, sy_error *err) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        sy_energy_found *grown = sy_mem_realloc(list->found, capacity * sizeof *grown);
        if (grown == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu meters", capacity);
        list->found = grown;
        list->capacity = capacity;
    }
    list->found[list->count++] = *found;
    return SY_OK;
}

void sy_energy_list_release(sy_energy_list *list) {
    sy_mem_free(list->found);
    *list = (sy_energy_list){0};
}

const sy_energy_source *sy_energy_source_of(const char *spec) {
    size_t length = strcspn(spec, ":");
    for (size_t i = 0; sy_energy_sources[i] != NULL; i++) {
        const char *name = sy_energy_sources[i]->name;
        if (strlen(name) == length && memcmp(name, spec, length) == 0)
            return sy_energy_sources[i];
    }
    return NULL;
}

sy_status sy_energy_open(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    const sy_energy_source *source = sy_energy_source_of(found->facts.name);
    *out_meter = NULL;
    if (source == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "energy: no source '%s'", found->facts.name);
    return source->open(places, found, out_meter, err);
}
