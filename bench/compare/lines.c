/* Groups on lines: for every column three passes, from the strictest meeting to the mildest. */
#include "bench/compare/lines.h"

#include "bench/compare/mix.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

enum { PASS_SAME = 0, PASS_SUBJECT = 1, PASS_ASKED = 2, PASSES = 3 };

typedef struct lining {
    const sy_placed_groups *groups;
    size_t columns, lines;
    bool is_across;
    sy_arena *arena;
    const sy_group ***cell; /* of every line */
    const char **note;
    uint32_t *next;  /* 1 + the next line with the same key in this pass */
    bool *is_placed; /* of every group */
    sy_text text;
} lining;

/* What two groups must share in a pass; 0: this group takes no part in it. */
static uint64_t key_of(const lining *state, const sy_group *group, int pass) {
    const sy_entry *shown = group->shown;
    if (state->is_across)
        return pass == PASS_SAME ? sy_mix(shown->key, PASSES) : 0;
    if (pass == PASS_ASKED)
        return sy_mix_text(sy_mix(shown->key, (uint64_t)pass), shown->asked);
    if (shown->subject == 0)
        return 0;
    uint64_t key = sy_mix(sy_mix(shown->key, (uint64_t)pass), shown->subject);
    return pass == PASS_SAME ? sy_mix_text(key, shown->asked) : key;
}

static bool may_be(const char *a, const char *b) {
    return a == NULL || b == NULL || a == b;
}

/* Whether two groups with the same question may be the same subject, as far as both know. */
static bool is_compatible(const sy_entry *a, const sy_entry *b) {
    bool threads = a->threads == SY_NO_COUNT || b->threads == SY_NO_COUNT || a->threads == b->threads;
    return threads && a->is_simulated == b->is_simulated && may_be(a->device_name, b->device_name) &&
           may_be(a->vendor, b->vendor) && may_be(a->scope, b->scope) && may_be(a->backend, b->backend);
}

static const sy_group *first_of(const lining *state, size_t line) {
    for (size_t c = 0; c < state->columns; c++)
        if (state->cell[line][c] != NULL)
            return state->cell[line][c];
    return NULL;
}

/* Lines that still lack `column`, by key; chains in the order of the lines. False without memory. */
static bool index_lines(lining *state, size_t column, int pass, sy_ids *out_heads) {
    for (size_t line = state->lines; line-- > 0;) {
        uint64_t key = state->cell[line][column] == NULL ? key_of(state, first_of(state, line), pass) : 0;
        if (key == 0)
            continue;
        state->next[line] = sy_ids_get(out_heads, key);
        if (!sy_ids_set(out_heads, key, (uint32_t)line + 1))
            return false;
    }
    return true;
}

static const char *text_or_none(const char *text) {
    return text != NULL ? text : "none";
}

/* What a reader has to know of two that were joined though they are not quite the same. */
static const char *note_of(lining *state, const sy_entry *base, const sy_entry *other, int pass) {
    sy_text_clear(&state->text);
    if (pass == PASS_SUBJECT)
        sy_text_printf(
            &state->text, "asked for %s -> %s", text_or_none(base->asked), text_or_none(other->asked));
    else if (pass == PASS_ASKED && base->algorithm != NULL && other->algorithm != NULL &&
             base->algorithm != other->algorithm)
        sy_text_printf(&state->text, "algorithm %s -> %s", base->algorithm, other->algorithm);
    else
        return NULL;
    return state->text.failed ? NULL : sy_arena_text(state->arena, state->text.data);
}

static bool take_line(lining *state, size_t line, sy_placed_group *placed, int pass) {
    const sy_group *first = first_of(state, line);
    if (pass == PASS_ASKED && !is_compatible(first->shown, placed->group.shown))
        return false;
    const char *note = note_of(state, first->shown, placed->group.shown, pass);
    if (note != NULL)
        state->note[line] = note;
    state->cell[line][placed->column] = &placed->group;
    return true;
}

static bool run_pass(lining *state, size_t column, int pass) {
    sy_ids heads = {0};
    bool is_done = index_lines(state, column, pass, &heads);
    for (size_t i = 0; i < state->groups->count && is_done; i++) {
        sy_placed_group *placed = &state->groups->item[i];
        if (placed->column != column || state->is_placed[i])
            continue;
        uint64_t key = key_of(state, &placed->group, pass);
        uint32_t at = key != 0 ? sy_ids_get(&heads, key) : 0;
        for (; at != 0 && !state->is_placed[i]; at = state->next[at - 1])
            if (state->cell[at - 1][column] == NULL)
                state->is_placed[i] = take_line(state, at - 1, placed, pass);
    }
    sy_ids_release(&heads);
    return is_done;
}

static bool add_rest(lining *state, size_t column) {
    for (size_t i = 0; i < state->groups->count; i++) {
        sy_placed_group *placed = &state->groups->item[i];
        if (placed->column != column || state->is_placed[i])
            continue;
        const sy_group **cell = sy_arena_array(state->arena, state->columns, sizeof *cell);
        if (cell == NULL)
            return false;
        cell[column] = &placed->group;
        state->cell[state->lines++] = cell;
    }
    return true;
}

static bool place_column(lining *state, size_t column) {
    bool is_done = true;
    for (int pass = PASS_SAME; pass < (state->is_across ? 1 : PASSES) && is_done && column > 0; pass++)
        is_done = run_pass(state, column, pass);
    return is_done && add_rest(state, column);
}

static bool begin(lining *state) {
    size_t count = state->groups->count;
    state->cell = sy_arena_array(state->arena, count, sizeof *state->cell);
    state->note = sy_arena_array(state->arena, count, sizeof *state->note);
    state->next = sy_arena_array(state->arena, count, sizeof *state->next);
    state->is_placed = sy_arena_array(state->arena, count, sizeof *state->is_placed);
    return state->cell != NULL && state->note != NULL && state->next != NULL && state->is_placed != NULL;
}

sy_status sy_lines_make(const sy_placed_groups *groups, size_t columns, bool is_across, sy_arena *arena,
    sy_join *out_join, sy_error *err) {
    lining state = {.groups = groups, .columns = columns, .is_across = is_across, .arena = arena};
    bool is_done = begin(&state);
    for (size_t column = 0; column < columns && is_done; column++)
        is_done = place_column(&state, column);
    sy_line_up *line = is_done ? sy_arena_array(arena, state.lines, sizeof *line) : NULL;
    is_done = line != NULL && !state.text.failed;
    sy_text_release(&state.text);
    if (!is_done)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "compare: no memory to join %zu rows", groups->count);
    for (size_t i = 0; i < state.lines; i++)
        line[i] = (sy_line_up){.cell = state.cell[i], .note = state.note[i]};
    out_join->line = line;
    out_join->lines = state.lines;
    return SY_OK;
}
