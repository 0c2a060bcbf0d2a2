/* What of an extension counts: nothing that was measured on, or with, something else than the records. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/compare/extension.h"
#include "bench/compare/say.h"
#include "runtime/base/error.h"

static bool is_same(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same_row(const sy_entry *a, const sy_entry *b) {
    return a->key == b->key && a->subject == b->subject && is_same(a->asked, b->asked);
}

/* Facts that an extension sets for itself. */
static bool is_free(const char *name) {
    return strcmp(name, "--rounds") == 0 || strcmp(name, "--threads") == 0;
}

/* The first fact that both know, of the machine or of these entries' device, and that differs; NULL: none. */
static const char *find_difference(const sy_intake *before, const sy_entry *old, const sy_intake *after,
    const sy_entry *now, sy_arena *arena) {
    const sy_intake_run_facts *was = &before->run[old->run], *is = &after->run[now->run];
    for (size_t i = 0; i < was->fact.count; i++)
        for (size_t j = 0; j < is->fact.count; j++) {
            const sy_run_fact *a = &was->fact.item[i], *b = &is->fact.item[j];
            bool is_mine = (a->device == NULL && b->device == NULL) ||
                           (is_same(a->device, old->device) && is_same(b->device, now->device));
            if (is_mine && strcmp(a->name, b->name) == 0 && !is_free(a->name) &&
                strcmp(a->value, b->value) != 0)
                return sy_say(arena, "%s was %s and is %s", a->name, a->value, b->value);
        }
    return NULL;
}

/* What one side of a row came to. */
typedef struct seen {
    size_t times, relatives;
    const sy_entry *failed, *timed;
} seen;

static seen look(const sy_intake *after, uint32_t side, const sy_entry *old) {
    seen found = {0};
    for (size_t i = 0; i < after->count; i++) {
        const sy_entry *entry = &after->entry[i];
        if (after->run[entry->run].side != side || entry->key != old->key)
            continue;
        found.relatives++;
        if (!entry->has_time)
            found.failed = entry;
        else if (is_same_row(entry, old)) {
            found.times++;
            found.timed = entry;
        }
    }
    return found;
}

/* Why a side of a row does not count; NULL: it does. */
static const char *judge(
    const sy_intake *before, const sy_intake *after, uint32_t side, const sy_entry *old, sy_arena *arena) {
    static const char *const names[] = {"BASE", "NEW"};
    const size_t wanted = 2u * SY_EXTENSION_BLOCKS;
    seen found = look(after, side, old);
    if (found.failed != NULL)
        return sy_say(arena, "%s had no result in the extension (%s%s%s)", names[side],
            sy_row_status_name(found.failed->status), found.failed->reason != NULL ? ": " : "",
            found.failed->reason != NULL ? found.failed->reason : "");
    if (found.times == 0 && found.relatives > 0)
        return sy_say(arena, "%s was another subject or algorithm in the extension", names[side]);
    if (found.times != wanted)
        return sy_say(arena, "%s was measured in %zu of %zu runs", names[side], found.times, wanted);
    if (old->card != NULL && found.timed->card != NULL && !is_same(old->card, found.timed->card))
        return sy_say(
            arena, "%s was another card: %s, in the extension %s", names[side], old->card, found.timed->card);
    const char *difference = find_difference(before, old, after, found.timed, arena);
    return difference != NULL
               ? sy_say(arena, "%s is not what was measured before: %s", names[side], difference)
               : NULL;
}

sy_status sy_extension_settle(sy_extension *extension, const sy_intake *before, const sy_intake *after,
    sy_arena *arena, sy_error *err) {
    extension->counted = 0;
    if (after->texts.failed)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "extension: no memory for its rows");
    for (size_t i = 0; i < extension->rows; i++) {
        sy_extension_row *row = &extension->row[i];
        if (row->batch == SIZE_MAX)
            continue;
        row->reason = judge(before, after, 0, &row->base, arena);
        if (row->reason == NULL)
            row->reason = judge(before, after, 1, &row->other, arena);
        extension->counted += row->reason == NULL;
    }
    return SY_OK;
}

static bool is_hash(const char *text, uint64_t value) {
    char hex[SY_ROW_ID_MAX];
    snprintf(hex, sizeof hex, "%016" PRIx64, value);
    return text != NULL && strcmp(text, hex) == 0;
}

bool sy_extension_takes(const sy_extension *extension, uint32_t side, const sy_row *row) {
    for (size_t i = 0; i < extension->rows; i++) {
        const sy_extension_row *each = &extension->row[i];
        const sy_entry *old = side == 0 ? &each->base : &each->other;
        if (each->reason == NULL && each->batch != SIZE_MAX && is_hash(row->key_hash, old->key) &&
            is_hash(row->subject_hash, old->subject) && is_same(row->request.algorithm, old->asked))
            return true;
    }
    return false;
}
