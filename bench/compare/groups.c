/* Rows to groups: one pass to number them, one to fill them, then each is counted. */
#include "bench/compare/groups.h"

#include <stdlib.h>
#include <string.h>

#include "bench/compare/mix.h"
#include "runtime/base/error.h"

typedef struct grouping {
    const sy_intake *intake;
    const size_t *column_of;
    bool is_across;
    sy_ids places; /* 1 + number of the group, by key */
    uint32_t *group_of;
} grouping;

static uint64_t key_of(const grouping *state, size_t at) {
    const sy_entry *entry = &state->intake->entry[at];
    uint64_t key = sy_mix(entry->key, state->column_of[at]);
    return state->is_across ? key : sy_mix_text(sy_mix(key, entry->subject), entry->asked);
}

/* Number the groups; their columns and counts go into *out. False without memory. */
static bool number_groups(grouping *state, sy_placed_groups *out) {
    for (size_t i = 0; i < state->intake->count; i++) {
        if (state->column_of[i] == SY_NO_COLUMN)
            continue;
        uint64_t key = key_of(state, i);
        uint32_t place = sy_ids_get(&state->places, key);
        if (place == 0) {
            place = (uint32_t)out->count + 1;
            out->item[out->count++].column = state->column_of[i];
            if (!sy_ids_set(&state->places, key, place))
                return false;
        }
        state->group_of[i] = place - 1;
        out->item[place - 1].group.count++;
    }
    return true;
}

static int compare_texts(const char *a, const char *b) {
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int compare_entries(const void *left, const void *right) {
    const sy_entry *a = *(const sy_entry *const *)left, *b = *(const sy_entry *const *)right;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    int cards = compare_texts(a->card, b->card);
    if (cards != 0)
        return cards;
    if (a->process != b->process)
        return a->process < b->process ? -1 : 1;
    return a < b ? -1 : a > b;
}

static bool is_new_card(const sy_group *group, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (group->entry[i]->has_time && group->entry[i]->card == group->entry[at]->card)
            return false;
    return true;
}

static void count_group(sy_group *group) {
    const sy_entry *before = NULL;
    for (size_t i = 0; i < group->count; i++) {
        const sy_entry *entry = group->entry[i];
        if (!entry->has_time)
            continue;
        group->shown = group->shown != NULL ? group->shown : entry;
        if (entry->status == SY_ROW_UNSTABLE)
            group->status = SY_ROW_UNSTABLE;
        group->runs += before == NULL || before->run != entry->run || before->card != entry->card;
        group->cards += is_new_card(group, i);
        group->processes++;
        group->rounds += entry->rounds;
        before = entry;
    }
    group->shown = group->shown != NULL ? group->shown : group->entry[0];
    if (group->status == 0)
        group->status = group->shown->status;
}

static void fill_groups(const grouping *state, const sy_entry **entries, sy_placed_groups *out) {
    size_t used = 0;
    for (size_t i = 0; i < out->count; i++) {
        out->item[i].group.entry = &entries[used];
        used += out->item[i].group.count;
        out->item[i].group.count = 0;
    }
    for (size_t i = 0; i < state->intake->count; i++)
        if (state->column_of[i] != SY_NO_COLUMN) {
            sy_group *group = &out->item[state->group_of[i]].group;
            entries[(size_t)(group->entry - entries) + group->count++] = &state->intake->entry[i];
        }
    for (size_t i = 0; i < out->count; i++) {
        sy_group *group = &out->item[i].group;
        qsort(&entries[group->entry - entries], group->count, sizeof *entries, compare_entries);
        count_group(group);
    }
}

sy_status sy_groups_make(const sy_intake *intake, const size_t *column_of, bool is_across, sy_arena *arena,
    sy_placed_groups *out_groups, sy_error *err) {
    grouping state = {.intake = intake,
        .column_of = column_of,
        .is_across = is_across,
        .group_of = sy_arena_array(arena, intake->count, sizeof *state.group_of)};
    const sy_entry **entries = sy_arena_array(arena, intake->count, sizeof *entries);
    *out_groups = (sy_placed_groups){.item = sy_arena_array(arena, intake->count, sizeof *out_groups->item)};
    bool is_done = state.group_of != NULL && entries != NULL && out_groups->item != NULL &&
                   number_groups(&state, out_groups);
    sy_ids_release(&state.places);
    if (!is_done)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory to group %zu rows", intake->count);
    fill_groups(&state, entries, out_groups);
    return SY_OK;
}
