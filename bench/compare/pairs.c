/* The join of pairs: side a is the base, each kind of side b a column. */
#include <string.h>

#include "bench/compare/lines.h"
#include "bench/compare/mix.h"
#include "runtime/base/error.h"

typedef struct pairing {
    const sy_intake *intake;
    sy_join_column *column;
    size_t *column_of;
    size_t columns, room, left_out;
    bool is_simulated, is_whole;
} pairing;

static bool is_same_ask(const sy_entry *a, const sy_entry *b) {
    return a->device == b->device && a->asked == b->asked;
}

/* Real pairs, where there are some. */
static bool find_kind(pairing *state) {
    bool has_any = false;
    state->is_simulated = true;
    for (size_t i = 0; i < state->intake->count; i++) {
        const sy_entry *entry = &state->intake->entry[i];
        has_any = has_any || entry->pair_side != '\0';
        state->is_simulated = state->is_simulated && (entry->pair_side == '\0' || entry->is_simulated);
    }
    return has_any;
}

/* The column of a row of side b; SIZE_MAX without memory. */
static size_t find_column(pairing *state, const sy_entry *entry, sy_arena *arena) {
    for (size_t i = 1; i < state->columns; i++)
        if (is_same_ask(state->column[i].shown, entry))
            return i;
    if (state->columns == state->room) {
        sy_join_column *larger = sy_arena_array(arena, 2 * state->room, sizeof *larger);
        if (larger == NULL)
            return SIZE_MAX;
        memcpy(larger, state->column, state->columns * sizeof *larger);
        state->column = larger;
        state->room *= 2;
    }
    state->column[state->columns] = (sy_join_column){.shown = entry,
        .device = entry->device,
        .device_name = entry->device_name,
        .asked = entry->asked,
        .is_simulated = entry->is_simulated};
    return state->columns++;
}

/* Which column each row is in; another side a than the first is SY_INVALID_ARGUMENT. */
static sy_status place_rows(pairing *state, sy_arena *arena, sy_error *err) {
    for (size_t i = 0; i < state->intake->count; i++) {
        const sy_entry *entry = &state->intake->entry[i];
        state->column_of[i] = SY_NO_COLUMN;
        if (entry->pair_side == '\0')
            continue;
        if (entry->is_simulated != state->is_simulated) {
            state->left_out++;
            continue;
        }
        const sy_entry *base = state->column[0].shown;
        if (entry->pair_side == 'a' && base != NULL && !is_same_ask(base, entry))
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "compare --by pair: side a is %s by %s and %s by %s; pairs of one side a are compared at a "
                "time",
                base->device, base->asked, entry->device, entry->asked);
        if (entry->pair_side == 'a' && base == NULL)
            state->column[0] = (sy_join_column){.shown = entry,
                .device = entry->device,
                .device_name = entry->device_name,
                .asked = entry->asked,
                .is_simulated = entry->is_simulated};
        state->column_of[i] = entry->pair_side == 'a' ? 0 : find_column(state, entry, arena);
        if (state->column_of[i] == SIZE_MAX)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory for its columns");
    }
    return SY_OK;
}

sy_status sy_join_pairs(
    const sy_intake *intake, sy_arena *arena, sy_join *out_join, size_t *out_left_out, sy_error *err) {
    enum { ROOM = 4 };
    sy_placed_groups groups;
    pairing state = {.intake = intake, .columns = 1, .room = ROOM};
    *out_join = (sy_join){.is_across = true, .is_paired = true};
    if (!find_kind(&state))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "compare --by pair: no row is a side of a pair; run --pair A,B measures them");
    state.column = sy_arena_array(arena, ROOM, sizeof *state.column);
    state.column_of = sy_arena_array(arena, intake->count, sizeof *state.column_of);
    if (state.column == NULL || state.column_of == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory for %zu rows", intake->count);
    sy_status status = place_rows(&state, arena, err);
    if (status == SY_OK && (state.column[0].shown == NULL || state.columns < 2))
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "compare --by pair: there is no row of side %c",
            state.columns < 2 ? 'b' : 'a');
    if (status == SY_OK)
        status = sy_groups_make(intake, state.column_of, true, arena, &groups, err);
    for (size_t i = 0; status == SY_OK && i < groups.count; i++)
        state.column[groups.item[i].column].groups++;
    out_join->column = state.column;
    out_join->columns = state.columns;
    *out_left_out = state.left_out;
    if (status == SY_OK)
        status = sy_lines_make(&groups, state.columns, true, arena, out_join, err);
    return status == SY_OK ? sy_unjoined_find(arena, out_join, err) : status;
}
