/* Meters to JSON and back. */
#include "bench/worker/energy_wire.h"

#include <math.h>
#include <stdio.h>

#include "bench/worker/protocol.h"
#include "runtime/base/error.h"

static json_t *integer_field(uint64_t value) {
    return json_integer(value <= INT64_MAX ? (json_int_t)value : 0);
}

json_t *sy_energy_to_wire(const sy_energy_found *found) {
    const sy_energy_facts *facts = &found->facts;
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:i,s:o,s:o,s:b}", "name",
        sy_protocol_string(facts->name, sizeof facts->name), "detail",
        sy_protocol_string(facts->detail, sizeof facts->detail), "kind", integer_field(facts->kind), "scope",
        integer_field(facts->scope), "resolution", sy_protocol_number(facts->resolution), "gain",
        sy_protocol_number(facts->gain), "offset_w", sy_protocol_number(facts->offset_w), "update_period_ns",
        integer_field(facts->update_period_ns), "window_ns", integer_field(facts->window_ns), "least_poll_ns",
        integer_field(facts->least_poll_ns), "spec", sy_protocol_string(found->spec, sizeof found->spec),
        "index", integer_field(found->index), "state", (int)found->state, "reason",
        sy_protocol_string(found->reason, sizeof found->reason), "fix",
        sy_protocol_string(found->fix, sizeof found->fix), "is_part", found->is_part);
}

static void take_text(const json_t *object, const char *name, char *out_text, size_t room) {
    snprintf(out_text, room, "%s", sy_protocol_text(object, name, ""));
}

/* 0 stands for what does not fit: no kind, scope or number of a meter is that large. */
static uint32_t take_u32(const json_t *object, const char *name) {
    uint64_t value = sy_protocol_u64(object, name, 0);
    return value <= UINT32_MAX ? (uint32_t)value : 0;
}

static sy_status take_state(const json_t *object) {
    uint64_t value = sy_protocol_u64(object, "state", UINT64_MAX);
    bool exists = value <= INT32_MAX && sy_status_name((sy_status)value) != sy_status_name(-1);
    return exists ? (sy_status)value : SY_INTERNAL;
}

void sy_energy_from_wire(const json_t *object, sy_energy_found *out_found) {
    *out_found = (sy_energy_found){.index = take_u32(object, "index"),
        .state = take_state(object),
        .is_part = sy_protocol_bool(object, "is_part", false)};
    sy_energy_facts *facts = &out_found->facts;
    facts->kind = take_u32(object, "kind");
    facts->scope = take_u32(object, "scope");
    facts->resolution = sy_protocol_f64(object, "resolution", NAN);
    facts->gain = sy_protocol_f64(object, "gain", NAN);
    facts->offset_w = sy_protocol_f64(object, "offset_w", NAN);
    facts->update_period_ns = sy_protocol_u64(object, "update_period_ns", 0);
    facts->window_ns = sy_protocol_u64(object, "window_ns", 0);
    facts->least_poll_ns = sy_protocol_u64(object, "least_poll_ns", 0);
    take_text(object, "name", facts->name, sizeof facts->name);
    take_text(object, "detail", facts->detail, sizeof facts->detail);
    take_text(object, "spec", out_found->spec, sizeof out_found->spec);
    take_text(object, "reason", out_found->reason, sizeof out_found->reason);
    take_text(object, "fix", out_found->fix, sizeof out_found->fix);
}

json_t *sy_energy_list_to_wire(const sy_energy_list *list) {
    json_t *array = json_array();
    for (size_t i = 0; array != NULL && i < list->count; i++) {
        if (json_array_append_new(array, sy_energy_to_wire(&list->found[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

sy_status sy_energy_list_from_wire(const json_t *array, sy_energy_list *list, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < json_array_size(array); i++) {
        const json_t *object = json_array_get(array, i);
        sy_energy_found found;
        if (!json_is_object(object))
            continue;
        sy_energy_from_wire(object, &found);
        status = sy_energy_list_append(list, &found, err);
    }
    return status;
}
