/* Differences of setups. */
#include "bench/history/view/difference.h"

#include <string.h>

/* A line: its name up to '=', its value up to the end. */
typedef struct fact {
    const char *name, *value;
    size_t name_bytes, value_bytes;
} fact;

static bool next_fact(const char **at, fact *out) {
    const char *line = *at;
    if (line == NULL || *line == '\0')
        return false;
    size_t bytes = strcspn(line, "\n");
    const char *equals = memchr(line, '=', bytes);
    size_t name = equals != NULL ? (size_t)(equals - line) : bytes;
    size_t begin = equals != NULL ? name + 1 : bytes;
    *out = (fact){.name = line, .name_bytes = name, .value = line + begin, .value_bytes = bytes - begin};
    *at = line + bytes + (line[bytes] == '\n');
    return true;
}

/* The n-th line of that name: a program may have two libraries of one name. */
static bool find_fact(const char *lines, const fact *wanted, size_t n, fact *out) {
    while (next_fact(&lines, out)) {
        bool is_it =
            out->name_bytes == wanted->name_bytes && memcmp(out->name, wanted->name, wanted->name_bytes) == 0;
        if (is_it && n-- == 0)
            return true;
    }
    return false;
}

/* How many lines before `to` have the name. */
static size_t count_before(const char *lines, const fact *to) {
    fact one;
    size_t count = 0;
    while (next_fact(&lines, &one) && one.name != to->name)
        count += one.name_bytes == to->name_bytes && memcmp(one.name, to->name, to->name_bytes) == 0;
    return count;
}

static void write_difference(sy_text *out, const fact *name, const fact *before, const fact *after) {
    static const fact none = {.value = "none", .value_bytes = 4};
    const fact *from = before != NULL ? before : &none, *to = after != NULL ? after : &none;
    if (before != NULL && after != NULL && from->value_bytes == to->value_bytes &&
        memcmp(from->value, to->value, to->value_bytes) == 0)
        return;
    sy_text_append(out, "; ", out->length > 0 ? 2 : 0);
    sy_text_append(out, name->name, name->name_bytes);
    sy_text_append(out, " ", 1);
    sy_text_append(out, from->value, from->value_bytes);
    sy_text_append(out, " -> ", 4);
    sy_text_append(out, to->value, to->value_bytes);
}

void sy_setup_difference(sy_text *out, const char *before, const char *after) {
    fact one, other;
    for (const char *at = before; next_fact(&at, &one);) {
        bool is_there = find_fact(after, &one, count_before(before, &one), &other);
        write_difference(out, &one, &one, is_there ? &other : NULL);
    }
    for (const char *at = after; next_fact(&at, &one);)
        if (!find_fact(before, &one, count_before(after, &one), &other))
            write_difference(out, &one, NULL, &one);
}

void sy_fact_difference(sy_text *out, const char *name, const char *before, const char *after) {
    const char *from = before != NULL ? before : "none", *to = after != NULL ? after : "none";
    if (strcmp(from, to) != 0)
        sy_text_printf(out, "%s%s %s -> %s", out->length > 0 ? "; " : "", name, from, to);
}
