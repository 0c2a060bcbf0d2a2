/* Texts without the names of host and user. */
#include "bench/environment/anonymize.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "runtime/base/text.h"

/* One name and what stands for it. */
typedef struct stand_in {
    const char *name, *instead;
    bool is_path;
} stand_in;

static bool is_word_byte(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || (unsigned char)byte >= 0x80;
}

/* Whether `name` stands at `place` as a word of its own, or, for a path, as a whole beginning of it. */
static bool stands_at(const char *text, const char *place, const stand_in *row) {
    size_t length = strlen(row->name);
    if (strncmp(place, row->name, length) != 0)
        return false;
    char before = place > text ? place[-1] : ' ', after = place[length];
    bool ends = !is_word_byte(after) && (row->is_path ? after != '-' && after != '.' : true);
    return ends && !is_word_byte(before) && !(row->is_path && before == '/');
}

static const stand_in *find_here(const stand_in *rows, size_t count, const char *text, const char *place) {
    for (size_t i = 0; i < count; i++)
        if (rows[i].name != NULL && rows[i].name[0] != '\0' && stands_at(text, place, &rows[i]))
            return &rows[i];
    return NULL;
}

static const char *unless(const char *name, const char *harmless) {
    return name != NULL && strcmp(name, harmless) != 0 ? name : NULL;
}

char *sy_names_leave_out(const sy_names *names, sy_arena *arena, const char *text) {
    const stand_in rows[] = {{unless(names->home, "/"), "~", true},
        {unless(names->host, "localhost"), "host", false}, {unless(names->user, "root"), "user", false}};
    sy_text out = {0};
    sy_text_append(&out, "", 0);
    for (const char *next = text; *next != '\0';) {
        const stand_in *row = find_here(rows, sizeof rows / sizeof rows[0], text, next);
        if (row != NULL)
            sy_text_append(&out, row->instead, strlen(row->instead));
        else
            sy_text_append(&out, next, 1);
        next += row != NULL ? strlen(row->name) : 1;
    }
    char *copy = out.failed ? NULL : sy_arena_text(arena, out.data);
    sy_text_release(&out);
    return copy;
}
