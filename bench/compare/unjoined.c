/* What met nothing: its nearest relative in the other column, and in what they differ. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/lines.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

enum { PAIRS_MAX = 2000000, LEAST_CANDIDATES = 8, DIFFERENCES_MAX = 64 };

/* Groups that two columns do not share. */
typedef struct side {
    const sy_group **group;
    size_t count;
} side;

typedef struct finding {
    sy_arena *arena;
    sy_unjoined *item;
    size_t count;
    sy_difference difference[DIFFERENCES_MAX]; /* of the one at hand */
    sy_text text;
} finding;

/* One field of a problem's string: "k=8". */
typedef struct token {
    const char *text;
    size_t bytes, name_bytes;
} token;

/* The token after `from` (after the colon at first); bytes 0 at the end. */
static token next_token(const char **from) {
    token found = {.text = *from, .bytes = strcspn(*from, ",")};
    found.name_bytes = strcspn(*from, "=,");
    *from += found.bytes + ((*from)[found.bytes] == ',');
    return found;
}

static const char *fields_of(const char *problem) {
    const char *colon = strchr(problem, ':');
    return colon != NULL ? colon + 1 : problem + strlen(problem);
}

/* Fields beside the problem, as texts that are kept once. */
enum { FIELDS = 11 };
static const char *const field_names[FIELDS] = {"data", "cache", "launch", "asked for", "algorithm",
    "backend", "device name", "vendor", "scope", "simulated", "threads"};

static const char *field_of(const sy_entry *entry, size_t field) {
    const char *const texts[] = {entry->data, entry->cache, entry->launch, entry->asked, entry->algorithm,
        entry->backend, entry->device_name, entry->vendor, entry->scope, entry->is_simulated ? "yes" : "no"};
    return field < FIELDS - 1 ? texts[field] : NULL;
}

static bool is_equal_field(const sy_entry *a, const sy_entry *b, size_t field) {
    return field == FIELDS - 1 ? a->threads == b->threads : field_of(a, field) == field_of(b, field);
}

static bool is_equal_token(token a, token b) {
    return a.bytes == b.bytes && memcmp(a.text, b.text, a.bytes) == 0;
}

/* How many fields are equal; -1 for another operation: nothing is near then. Across devices the subject's own
 * fields are meant to differ and do not count. */
static int likeness(const sy_entry *a, const sy_entry *b, bool is_across) {
    int equal = 0;
    if (a->op != b->op)
        return -1;
    const char *from_a = fields_of(a->problem), *from_b = fields_of(b->problem);
    while (*from_a != '\0' && *from_b != '\0')
        equal += is_equal_token(next_token(&from_a), next_token(&from_b));
    for (size_t field = 0; field < (is_across ? 3u : FIELDS); field++)
        equal += is_equal_field(a, b, field);
    return equal;
}

static void add_difference(
    finding *state, sy_unjoined *to, const char *field, const char *base, const char *other) {
    if (to->differences == DIFFERENCES_MAX)
        return;
    sy_difference *added = &state->difference[to->differences++];
    *added = (sy_difference){
        .field = field, .base = base != NULL ? base : "absent", .other = other != NULL ? other : "absent"};
    sy_text_printf(&state->text, "%s%s (%s, there %s)", to->differences > 1 ? ", " : "", field, added->base,
        added->other);
}

static const char *keep(finding *state, const char *text, size_t bytes) {
    char *copy = sy_arena_alloc(state->arena, bytes + 1);
    if (copy != NULL)
        memcpy(copy, text, bytes);
    else
        state->text.failed = true;
    return copy;
}

static const char *value_of(finding *state, token each) {
    size_t skipped = each.name_bytes + (each.name_bytes < each.bytes);
    return keep(state, each.text + skipped, each.bytes - skipped);
}

static void list_problem(finding *state, sy_unjoined *to) {
    const char *a = fields_of(to->group->shown->problem), *b = fields_of(to->nearest->shown->problem);
    while (*a != '\0' && *b != '\0' && !state->text.failed) {
        token base = next_token(&a), other = next_token(&b);
        if (!is_equal_token(base, other))
            add_difference(state, to, keep(state, base.text, base.name_bytes), value_of(state, base),
                value_of(state, other));
    }
}

static void list_rest(finding *state, sy_unjoined *to, bool is_across) {
    const sy_entry *base = to->group->shown, *other = to->nearest->shown;
    for (size_t field = 0; field < (is_across ? 3u : FIELDS - 1); field++)
        if (!is_equal_field(base, other, field))
            add_difference(state, to, field_names[field], field_of(base, field), field_of(other, field));
    if (!is_across && base->threads != other->threads) {
        char texts[2][24] = {"absent", "absent"};
        if (base->threads != SY_NO_COUNT)
            snprintf(texts[0], sizeof texts[0], "%" PRIu64, base->threads);
        if (other->threads != SY_NO_COUNT)
            snprintf(texts[1], sizeof texts[1], "%" PRIu64, other->threads);
        add_difference(state, to, field_names[FIELDS - 1], keep(state, texts[0], strlen(texts[0])),
            keep(state, texts[1], strlen(texts[1])));
    }
}

static void keep_differences(finding *state, sy_unjoined *to) {
    sy_difference *list = sy_arena_array(state->arena, to->differences, sizeof *list);
    state->text.failed = state->text.failed || list == NULL;
    if (list != NULL && to->differences > 0)
        memcpy(list, state->difference, to->differences * sizeof *list);
    to->difference = list;
}

/* Why it stands alone, with the list of differences. */
static void explain(finding *state, sy_unjoined *to, bool is_across) {
    if (to->nearest == NULL) {
        to->reason = "no such row, and none that is near and free";
        return;
    }
    sy_text_clear(&state->text);
    bool is_refused = to->group->shown->is_simulated != to->nearest->shown->is_simulated;
    sy_text_printf(&state->text, "no such row; the nearest differs in ");
    list_problem(state, to);
    list_rest(state, to, is_across);
    sy_text_printf(&state->text, "%s", is_refused ? ": simulated never meets real" : "");
    keep_differences(state, to);
    to->reason = state->text.failed ? NULL : keep(state, state->text.data, state->text.length);
}

/* The most alike of `limit` candidates around the same place of the order. */
static const sy_group *find_nearest(
    const sy_group *group, size_t place, const side *from, const side *in, size_t limit, bool is_across) {
    const sy_group *best = NULL;
    int best_likeness = -1;
    size_t middle = from->count > 0 ? place * in->count / from->count : 0;
    size_t first = middle > limit / 2 ? middle - limit / 2 : 0;
    if (first + limit > in->count)
        first = in->count > limit ? in->count - limit : 0;
    for (size_t i = first; i < in->count && i < first + limit; i++) {
        int like = likeness(group->shown, in->group[i]->shown, is_across);
        if (like > best_likeness) {
            best = in->group[i];
            best_likeness = like;
        }
    }
    return best;
}

static void add_all(
    finding *state, const side *from, const side *in, size_t column, size_t other, bool is_across) {
    size_t limit = from->count > 0 ? PAIRS_MAX / from->count : 0;
    limit = limit > LEAST_CANDIDATES ? limit : LEAST_CANDIDATES;
    for (size_t i = 0; i < from->count && !state->text.failed; i++) {
        sy_unjoined *to = &state->item[state->count++];
        *to = (sy_unjoined){.column = column, .other = other, .group = from->group[i]};
        to->nearest = find_nearest(to->group, i, from, in, limit, is_across);
        explain(state, to, is_across);
    }
}

static bool find_in_column(finding *state, const sy_join *join, size_t column) {
    side base = {.group = sy_arena_array(state->arena, join->lines, sizeof *base.group)};
    side other = {.group = sy_arena_array(state->arena, join->lines, sizeof *other.group)};
    if (base.group == NULL || other.group == NULL)
        return false;
    for (size_t line = 0; line < join->lines; line++) {
        const sy_group *const *cell = join->line[line].cell;
        if (cell[0] != NULL && cell[column] == NULL)
            base.group[base.count++] = cell[0];
        if (cell[0] == NULL && cell[column] != NULL)
            other.group[other.count++] = cell[column];
    }
    add_all(state, &base, &other, 0, column, join->is_across);
    add_all(state, &other, &base, column, 0, join->is_across);
    return !state->text.failed;
}

static size_t count_unjoined(const sy_join *join) {
    size_t count = 0;
    for (size_t line = 0; line < join->lines; line++)
        for (size_t column = 1; column < join->columns; column++)
            count += (join->line[line].cell[0] == NULL) != (join->line[line].cell[column] == NULL);
    return count;
}

sy_status sy_unjoined_find(sy_arena *arena, sy_join *join, sy_error *err) {
    size_t room = count_unjoined(join);
    finding state = {.arena = arena, .item = sy_arena_array(arena, room, sizeof *state.item)};
    bool is_done = state.item != NULL;
    for (size_t column = 1; column < join->columns && is_done; column++)
        is_done = find_in_column(&state, join, column);
    sy_text_release(&state.text);
    if (!is_done)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, "compare: no memory to list %zu rows that did not join", room);
    join->unjoined = state.item;
    join->unjoined_count = state.count;
    return SY_OK;
}
