/* Asking for all meters, and telling of them as JSON. */
#include "bench/verbs/meters.h"

#include <stdio.h>
#include <string.h>

#include "bench/energy/find.h"
#include "bench/run/meters.h"
#include "bench/verbs/meter_text.h"
#include "bench/worker/energy_wire.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* A source that fails is told of; the others are still listed. */
static void gather_machine(const sy_target_places *places, sy_meters *meters) {
    sy_error error = SY_ERROR_INIT;
    const sy_energy_places where = {.sysroot = places->sysroot};
    sy_status status = sy_energy_find_unasked(&where, SY_ENERGY_OF_MACHINE, &meters->machine, &error);
    if (status != SY_OK)
        snprintf(meters->machine_reason, sizeof meters->machine_reason, "%s", sy_error_text(&error, status));
}

sy_status sy_meters_gather(
    const sy_target_places *places, const sy_targets *targets, sy_meters *out_meters, sy_error *err) {
    *out_meters = (sy_meters){0};
    if (targets->count > 0)
        out_meters->device = sy_mem_calloc(targets->count, sizeof *out_meters->device);
    if (targets->count > 0 && out_meters->device == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the meters of %zu devices", targets->count);
    out_meters->count = targets->count;
    out_meters->has_detail = places->config->verbose > 0;
    gather_machine(places, out_meters);
    for (size_t i = 0; i < targets->count; i++) {
        sy_device_meters *device = &out_meters->device[i];
        sy_error error = SY_ERROR_INIT;
        if (targets->target[i].status != SY_OK)
            continue;
        sy_status status = sy_meters_look(places, &targets->target[i], &device->list, &error);
        if (status != SY_OK)
            snprintf(device->reason, sizeof device->reason, "%s", sy_error_text(&error, status));
    }
    return SY_OK;
}

void sy_meters_release(sy_meters *meters) {
    for (size_t i = 0; i < meters->count; i++)
        sy_energy_list_release(&meters->device[i].list);
    sy_mem_free(meters->device);
    sy_energy_list_release(&meters->machine);
    *meters = (sy_meters){0};
}

static void set_word(json_t *object, const char *name, const char *word, bool is_known) {
    json_object_set_new(object, name, is_known ? json_string(word) : json_null());
}

static void clear_unknown(json_t *object) {
    static const char *const names[] = {
        "detail", "update_period_ns", "window_ns", "least_poll_ns", "reason", "fix"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const json_t *field = json_object_get(object, names[i]);
        bool is_empty = json_is_string(field) && json_string_length(field) == 0;
        if (is_empty || (json_is_integer(field) && json_integer_value(field) == 0))
            json_object_set_new(object, names[i], json_null());
    }
}

static json_t *meter_object(const sy_energy_found *found) {
    const sy_energy_facts *facts = &found->facts;
    json_t *object = sy_energy_to_wire(found);
    set_word(object, "kind", sy_energy_kind_name(facts->kind), facts->kind != 0);
    set_word(object, "scope", sy_energy_scope_name(facts->scope), facts->scope != SY_ENERGY_SCOPE_UNKNOWN);
    set_word(object, "state", sy_meter_state(found->state), true);
    json_object_del(object, "index");
    clear_unknown(object);
    return object;
}

static void add_objects(json_t *array, const sy_energy_list *list) {
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, meter_object(&list->found[i]));
}

static bool is_processor(const sy_target *target) {
    return target->status == SY_OK && (target->info.flags & SY_DEVICE_HOST_PROCESSOR) != 0;
}

json_t *sy_meters_json(const sy_meters *meters, const sy_targets *targets, size_t index) {
    json_t *array = json_array();
    size_t first = 0;
    while (first < targets->count && !is_processor(&targets->target[first]))
        first++;
    add_objects(array, &meters->device[index].list);
    if (first == index)
        add_objects(array, &meters->machine);
    return array;
}

void sy_meters_print_device(const sy_meters *meters, size_t index) {
    const sy_device_meters *device = &meters->device[index];
    char text[SY_METER_TEXT_MAX];
    for (size_t i = 0; i < device->list.count; i++) {
        sy_meter_describe(&device->list.found[i], meters->has_detail, text);
        printf("%14s meter %s\n", "", text);
    }
    if (device->reason[0] != '\0')
        printf("%14s meters not known: %s\n", "", device->reason);
    else if (device->list.count == 0)
        printf("%14s no meter of its own\n", "");
}

/* What the network or a file would offer. */
static void print_nameable(void) {
    bool is_first = true;
    for (size_t i = 0; sy_energy_sources[i] != NULL; i++) {
        if (!sy_energy_sources[i]->is_configured)
            continue;
        printf("%s%s", is_first ? "  to be named after --energy: " : ", ", sy_energy_sources[i]->form);
        is_first = false;
    }
    printf("%s", is_first ? "" : "\n");
}

void sy_meters_print_machine(const sy_meters *meters) {
    char text[SY_METER_TEXT_MAX];
    if (sy_energy_sources[0] != NULL)
        printf("meters of this machine\n");
    for (size_t i = 0; i < meters->machine.count; i++) {
        sy_meter_describe(&meters->machine.found[i], meters->has_detail, text);
        printf("  %s\n", text);
    }
    if (meters->machine_reason[0] != '\0')
        printf("  not all are known: %s\n", meters->machine_reason);
    print_nameable();
}
