/* The join across devices: a column a subject, without the algorithm that each row happened to take. */
#include <string.h>

#include "bench/compare/lines.h"
#include "bench/compare/mix.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

typedef struct crossing {
    const sy_intake *intake;
    const sy_across *across;
    sy_join_column *column;
    size_t columns, base;
    size_t *column_of;
    sy_ids places; /* 1 + column, by subject */
} crossing;

static uint64_t subject_of(const sy_entry *entry, bool by_card) {
    uint64_t key = sy_mix(entry->is_simulated, entry->threads);
    key = sy_mix_text(sy_mix_text(key, entry->backend), entry->device_name);
    key = sy_mix_text(sy_mix_text(key, entry->vendor), entry->scope);
    return by_card ? sy_mix_text(key, entry->card) : key;
}

static bool is_asked(const crossing *state, const sy_entry *entry) {
    const char *wanted = state->across->algorithm != NULL ? state->across->algorithm : "auto";
    return entry->asked != NULL && strcmp(entry->asked, wanted) == 0;
}

static sy_join_column column_from(const sy_entry *entry) {
    return (sy_join_column){.shown = entry,
        .device = entry->device,
        .device_name = entry->device_name,
        .asked = entry->asked,
        .is_simulated = entry->is_simulated};
}

/* Number the subjects; rows that were not asked for have none. False without memory. */
static bool number_subjects(crossing *state) {
    for (size_t i = 0; i < state->intake->count; i++) {
        const sy_entry *entry = &state->intake->entry[i];
        state->column_of[i] = SY_NO_COLUMN;
        if (!is_asked(state, entry))
            continue;
        uint64_t key = subject_of(entry, state->across->by_card);
        uint32_t place = sy_ids_get(&state->places, key);
        if (place == 0) {
            place = (uint32_t)++state->columns;
            if (!sy_ids_set(&state->places, key, place))
                return false;
        }
        state->column_of[i] = place - 1;
    }
    return true;
}

static void fill_columns(crossing *state) {
    for (size_t i = 0; i < state->intake->count; i++) {
        size_t at = state->column_of[i];
        if (at != SY_NO_COLUMN && state->column[at].shown == NULL)
            state->column[at] = column_from(&state->intake->entry[i]);
    }
}

/* How well a column is named by `base`: 2 exactly, 1 by the beginning of its name, 0 not. */
static int match_of(const sy_join_column *column, const char *base) {
    const char *name = column->device_name != NULL ? column->device_name : "";
    const char *device = column->device != NULL ? column->device : "";
    if (strcmp(device, base) == 0 || strcmp(name, base) == 0)
        return 2;
    return base[0] != '\0' && strncmp(name, base, strlen(base)) == 0;
}

static sy_status name_columns(const crossing *state, const char *problem, sy_error *err) {
    sy_text list = {0};
    for (size_t i = 0; i < state->columns; i++) {
        const sy_join_column *column = &state->column[i];
        sy_text_printf(&list, "%s%s (%s)", i > 0 ? ", " : "", column->device != NULL ? column->device : "?",
            column->device_name != NULL ? column->device_name : "no name");
    }
    sy_status status = sy_error_set(err, SY_INVALID_ARGUMENT, "compare: %s %s; there are: %s", problem,
        state->across->base, list.data != NULL ? list.data : "none");
    sy_text_release(&list);
    return status;
}

static sy_status find_base(crossing *state, sy_error *err) {
    int best = 0;
    size_t equally = 0;
    state->base = 0;
    if (state->across->base == NULL)
        return SY_OK;
    for (size_t i = 0; i < state->columns; i++) {
        int match = match_of(&state->column[i], state->across->base);
        equally = match > best ? 1 : equally + (match == best && match > 0);
        state->base = match > best ? i : state->base;
        best = match > best ? match : best;
    }
    if (best == 0)
        return name_columns(state, "no device is", err);
    return equally == 1 ? SY_OK : name_columns(state, "several devices are", err);
}

/* Columns in their final order: the base first, those that may not meet it gone. */
static void order_columns(crossing *state, size_t *out_place, sy_join_column *out_columns) {
    bool is_simulated = state->column[state->base].is_simulated;
    size_t count = 1;
    for (size_t i = 0; i < state->columns; i++) {
        bool is_refused = state->column[i].is_simulated != is_simulated;
        out_place[i] = i == state->base ? 0 : is_refused ? SY_NO_COLUMN : count++;
        if (out_place[i] != SY_NO_COLUMN)
            out_columns[out_place[i]] = state->column[i];
    }
    state->columns = count;
}

/* Move every row to its final column; rows of refused devices go to column 0 of *out_refused. */
static void move_rows(crossing *state, const size_t *place, size_t *out_refused) {
    for (size_t i = 0; i < state->intake->count; i++) {
        size_t before = state->column_of[i];
        bool is_asked_for = before != SY_NO_COLUMN;
        state->column_of[i] = is_asked_for ? place[before] : SY_NO_COLUMN;
        out_refused[i] = is_asked_for && state->column_of[i] == SY_NO_COLUMN ? 0 : SY_NO_COLUMN;
    }
}

static sy_status add_refused(
    const crossing *state, const size_t *refused, sy_arena *arena, sy_join *join, sy_error *err) {
    sy_placed_groups groups;
    sy_status status = sy_groups_make(state->intake, refused, false, arena, &groups, err);
    if (status != SY_OK || groups.count == 0)
        return status;
    size_t room = join->unjoined_count + groups.count;
    sy_unjoined *item = sy_arena_array(arena, room, sizeof *item);
    if (item == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory to list %zu rows", room);
    if (join->unjoined_count > 0)
        memcpy(item, join->unjoined, join->unjoined_count * sizeof *item);
    for (size_t i = 0; i < groups.count; i++)
        item[join->unjoined_count++] = (sy_unjoined){
            .column = SY_NO_COLUMN, .group = &groups.item[i].group, .reason = "simulated never meets real"};
    join->unjoined = item;
    return SY_OK;
}

static sy_status join_columns(crossing *state, sy_arena *arena, sy_join *join, sy_error *err) {
    sy_placed_groups groups;
    size_t *place = sy_arena_array(arena, state->columns, sizeof *place);
    size_t *refused = sy_arena_array(arena, state->intake->count, sizeof *refused);
    sy_join_column *columns = sy_arena_array(arena, state->columns, sizeof *columns);
    if (place == NULL || refused == NULL || columns == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory for %zu rows", state->intake->count);
    order_columns(state, place, columns);
    move_rows(state, place, refused);
    sy_status status = sy_groups_make(state->intake, state->column_of, true, arena, &groups, err);
    for (size_t i = 0; i < groups.count && status == SY_OK; i++)
        columns[groups.item[i].column].groups++;
    join->column = columns;
    join->columns = state->columns;
    if (status == SY_OK)
        status = sy_lines_make(&groups, state->columns, true, arena, join, err);
    if (status == SY_OK)
        status = sy_unjoined_find(arena, join, err);
    if (status == SY_OK)
        status = add_refused(state, refused, arena, join, err);
    if (status == SY_OK && join->columns < 2)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "compare: no other device may be compared with %s",
            columns[0].device != NULL ? columns[0].device : "itself");
    return status;
}

sy_status sy_join_across(
    const sy_intake *intake, const sy_across *across, sy_arena *arena, sy_join *out_join, sy_error *err) {
    crossing state = {.intake = intake, .across = across};
    *out_join = (sy_join){.is_across = true};
    state.column_of = sy_arena_array(arena, intake->count, sizeof *state.column_of);
    bool is_done = state.column_of != NULL && number_subjects(&state);
    sy_ids_release(&state.places);
    state.column = is_done ? sy_arena_array(arena, state.columns, sizeof *state.column) : NULL;
    if (state.column == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory for %zu rows", intake->count);
    if (state.columns == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "compare: no row was asked for with algorithm %s",
            across->algorithm != NULL ? across->algorithm : "auto");
    fill_columns(&state);
    sy_status status = find_base(&state, err);
    return status == SY_OK ? join_columns(&state, arena, out_join, err) : status;
}
