/* Facts of runs and of rows, side by side. */
#include "bench/compare/conditions.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

enum { VALUES_MAX = 4 };

/* What each fact means when it differs; what is not listed is noted. */
static const struct {
    const char *name;
    int kind;
} kinds[] = {{"host", SY_CONDITION_INSTALLATION}, {"device", SY_CONDITION_INSTALLATION},
    {"CPU", SY_CONDITION_INSTALLATION}, {"virtualization", SY_CONDITION_INSTALLATION},
    {"clock governor", SY_CONDITION_INCONCLUSIVE}, {"clock driver", SY_CONDITION_INCONCLUSIVE},
    {"clock boost", SY_CONDITION_INCONCLUSIVE}, {"clock limit", SY_CONDITION_INCONCLUSIVE},
    {"SMT", SY_CONDITION_INCONCLUSIVE}, {"CPUs allowed", SY_CONDITION_INCONCLUSIVE},
    {"CPU quota", SY_CONDITION_INCONCLUSIVE}, {"power cap", SY_CONDITION_INCONCLUSIVE},
    {"threads", SY_CONDITION_INCONCLUSIVE}, {"--threads", SY_CONDITION_INCONCLUSIVE},
    {"--seed", SY_CONDITION_INCONCLUSIVE}, {"--isolation", SY_CONDITION_INCONCLUSIVE}};

static int kind_of(const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return kinds[i].kind;
    return SY_CONDITION_NOTED;
}

const char *sy_condition_name(int kind) {
#define NAME(constant, number, name) name,
    static const char *const names[] = {SY_CONDITION_LIST(NAME)};
#undef NAME
    return kind >= 0 && kind <= SY_CONDITION_INSTALLATION ? names[kind] : "?";
}

/* One field with the values that both sides were seen with; more: there were others. */
typedef struct field {
    const char *name;
    bool is_of_device;
    struct {
        const char *value[VALUES_MAX];
        size_t count;
        bool more;
    } side[2];
} field;

typedef struct gathering {
    const sy_intake *intake;
    sy_intern texts; /* of values that are made here */
    field *fields;
    size_t count, capacity;
    sy_arena *arena;
    bool *is_seen; /* of every run, of each side */
    bool failed;
} gathering;

static field *find_field(gathering *state, const char *name, bool is_of_device) {
    for (size_t i = 0; i < state->count; i++)
        if (strcmp(state->fields[i].name, name) == 0)
            return &state->fields[i];
    if (state->count == state->capacity) {
        size_t capacity = state->capacity > 0 ? 2 * state->capacity : 64;
        field *larger = sy_arena_array(state->arena, capacity, sizeof *larger);
        if (larger == NULL)
            return NULL;
        if (state->count > 0)
            memcpy(larger, state->fields, state->count * sizeof *larger);
        state->fields = larger;
        state->capacity = capacity;
    }
    state->fields[state->count] = (field){.name = name, .is_of_device = is_of_device};
    return &state->fields[state->count++];
}

static void add_value(gathering *state, const char *name, bool is_of_device, int side, const char *value) {
    field *to = value != NULL ? find_field(state, name, is_of_device) : NULL;
    state->failed = state->failed || (value != NULL && to == NULL);
    if (to == NULL)
        return;
    for (size_t i = 0; i < to->side[side].count; i++)
        if (strcmp(to->side[side].value[i], value) == 0)
            return;
    if (to->side[side].count < VALUES_MAX)
        to->side[side].value[to->side[side].count++] = value;
    else
        to->side[side].more = true;
}

/* Facts of a run: those of the machine once a side, those of a device for each that is used. */
static void add_run(gathering *state, const sy_entry *entry, int side) {
    const sy_intake_run_facts *run = &state->intake->run[entry->run];
    bool *is_seen = &state->is_seen[2 * entry->run + (size_t)side];
    for (size_t i = 0; i < run->fact.count; i++) {
        const sy_run_fact *fact = &run->fact.item[i];
        bool is_mine = fact->device == NULL ? !*is_seen : fact->device == entry->device;
        if (is_mine)
            add_value(state, fact->name, fact->device != NULL, side, fact->value);
    }
    *is_seen = true;
}

/* Facts of a row's device. */
static void add_device(gathering *state, const sy_entry *entry, int side) {
    char text[256];
    snprintf(text, sizeof text, "%s%s%s", entry->device_name != NULL ? entry->device_name : "?",
        entry->card != NULL ? " " : "", entry->card != NULL ? entry->card : "");
    add_value(state, "device", true, side, sy_intern_text(&state->texts, text));
    if (isfinite(entry->power_cap_w)) {
        snprintf(text, sizeof text, "%.6g W", entry->power_cap_w);
        add_value(state, "power cap", true, side, sy_intern_text(&state->texts, text));
    }
    if (entry->threads != SY_NO_COUNT) {
        snprintf(text, sizeof text, "%.0f", (double)entry->threads);
        add_value(state, "threads", true, side, sy_intern_text(&state->texts, text));
    }
}

/* What a row adds is the same for all that share these; looking at each anew would cost a text a row. */
static bool is_repeat(const sy_entry *entry, const sy_entry *before) {
    bool same_cap = entry->power_cap_w == (before != NULL ? before->power_cap_w : NAN) ||
                    (before != NULL && isnan(entry->power_cap_w) && isnan(before->power_cap_w));
    return before != NULL && same_cap && entry->run == before->run && entry->device == before->device &&
           entry->device_name == before->device_name && entry->card == before->card &&
           entry->threads == before->threads;
}

static void add_group(gathering *state, const sy_group *group, int side, const sy_entry **before) {
    for (size_t i = 0; i < group->count; i++) {
        const sy_entry *entry = group->entry[i];
        if (!is_repeat(entry, *before)) {
            add_run(state, entry, side);
            add_device(state, entry, side);
        }
        *before = entry;
    }
}

static bool has_value(const field *from, int side, const char *value) {
    for (size_t i = 0; i < from->side[side].count; i++)
        if (strcmp(from->side[side].value[i], value) == 0)
            return true;
    return false;
}

static bool is_different(const field *from) {
    if (from->side[0].count == 0 || from->side[1].count == 0)
        return false;
    if (from->side[0].count != from->side[1].count)
        return true;
    for (size_t i = 0; i < from->side[0].count; i++)
        if (!has_value(from, 1, from->side[0].value[i]))
            return true;
    return false;
}

static const char *values_of(gathering *state, const field *from, int side, sy_text *text) {
    sy_text_clear(text);
    for (size_t i = 0; i < from->side[side].count; i++)
        sy_text_printf(text, "%s%s", i > 0 ? " | " : "", from->side[side].value[i]);
    if (from->side[side].more)
        sy_text_printf(text, " | ...");
    const char *kept = text->failed ? NULL : sy_arena_text(state->arena, text->data);
    state->failed = state->failed || kept == NULL;
    return kept;
}

static bool list_differences(gathering *state, bool is_across, sy_conditions *out) {
    sy_text text = {0};
    sy_condition *item = sy_arena_array(state->arena, state->count, sizeof *item);
    for (size_t i = 0; item != NULL && i < state->count; i++) {
        const field *each = &state->fields[i];
        if (!is_different(each))
            continue;
        sy_condition *to = &item[out->count++];
        *to = (sy_condition){.field = sy_arena_text(state->arena, each->name),
            .base = values_of(state, each, 0, &text),
            .other = values_of(state, each, 1, &text),
            .kind = is_across && each->is_of_device ? SY_CONDITION_INSTALLATION : kind_of(each->name)};
        out->inconclusive += to->kind == SY_CONDITION_INCONCLUSIVE;
        out->installation += to->kind == SY_CONDITION_INSTALLATION;
        state->failed = state->failed || to->field == NULL;
    }
    sy_text_release(&text);
    out->item = item;
    if (out->installation > 0)
        out->statement = "observed ratio of these two installations; unit-to-unit, room and driver variation "
                         "not included";
    return item != NULL && !state->failed;
}

sy_status sy_conditions_compare(const sy_intake *intake, const sy_join *join, size_t column, sy_arena *arena,
    sy_conditions *out_conditions, sy_error *err) {
    gathering state = {.intake = intake, .arena = arena};
    const sy_entry *before[2] = {NULL, NULL};
    *out_conditions = (sy_conditions){0};
    state.is_seen = sy_arena_array(arena, 2 * intake->runs, sizeof *state.is_seen);
    state.failed = state.is_seen == NULL;
    for (size_t line = 0; line < join->lines && !state.failed; line++) {
        const sy_group *base = join->line[line].cell[0], *other = join->line[line].cell[column];
        if (base == NULL || other == NULL)
            continue;
        add_group(&state, base, 0, &before[0]);
        add_group(&state, other, 1, &before[1]);
    }
    bool is_done = !state.failed && list_differences(&state, join->is_across, out_conditions);
    is_done = is_done && !state.texts.failed;
    sy_intern_release(&state.texts);
    return is_done ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "conditions: no memory to list them");
}
