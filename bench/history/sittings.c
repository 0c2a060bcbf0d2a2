/* Environment lines of a file, by run and node. */
#include "bench/history/sittings.h"

#include <string.h>

#include "runtime/base/seam.h"

static bool is_same(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool is_of(const sy_sitting *sitting, const sy_record_line *line) {
    return is_same(sitting->run_id, line->run_id) && is_same(sitting->node, line->node);
}

static sy_sitting *append(sy_sittings *sittings, const sy_record_line *line) {
    if (sittings->count == sittings->capacity) {
        size_t capacity = sittings->capacity > 0 ? 2 * sittings->capacity : 4;
        sy_sitting *item = sy_mem_realloc(sittings->item, capacity * sizeof *item);
        if (item == NULL)
            return NULL;
        sittings->item = item;
        sittings->capacity = capacity;
    }
    sy_sitting *sitting = &sittings->item[sittings->count];
    *sitting = (sy_sitting){.run_id = sy_arena_text(&sittings->arena, line->run_id),
        .node = sy_arena_text(&sittings->arena, line->node)};
    if (sitting->run_id == NULL || (sitting->node == NULL && line->node != NULL))
        return NULL;
    sittings->last = sittings->count++;
    return sitting;
}

sy_sitting *sy_sittings_of(sy_sittings *sittings, const sy_record_line *line) {
    if (sittings->count > 0 && is_of(&sittings->item[sittings->last], line))
        return &sittings->item[sittings->last];
    for (size_t i = 0; i < sittings->count; i++) {
        if (is_of(&sittings->item[i], line)) {
            sittings->last = i;
            return &sittings->item[i];
        }
    }
    return append(sittings, line);
}

/* A copy; *ok becomes false without memory. */
static const char *copy(sy_sittings *sittings, const char *text, bool *ok) {
    const char *kept = sy_arena_text(&sittings->arena, text);
    *ok = *ok && (kept != NULL || text == NULL);
    return kept;
}

static const char *join(sy_sittings *sittings, const sy_text_list *words, bool *ok) {
    sy_text text = {0};
    for (size_t i = 0; i < words->count; i++)
        sy_text_printf(&text, "%s%s", i > 0 ? " " : "", words->item[i]);
    const char *kept = copy(sittings, text.data, ok);
    *ok = *ok && !text.failed;
    sy_text_release(&text);
    return kept;
}

static void note_devices(
    sy_sittings *sittings, sy_sitting *sitting, const sy_environment *environment, bool *ok) {
    size_t count = environment->devices.count;
    sitting->devices = 0;
    sitting->device = sy_arena_array(&sittings->arena, count > 0 ? count : 1, sizeof *sitting->device);
    *ok = *ok && sitting->device != NULL;
    for (size_t i = 0; *ok && i < count; i++) {
        const sy_device_fact *fact = &environment->devices.item[i];
        sitting->device[i].id = copy(sittings, fact->id, ok);
        sitting->device[i].driver = copy(sittings, fact->driver, ok);
        sitting->devices = i + 1;
    }
}

bool sy_sittings_note(sy_sittings *sittings, const sy_record_line *line) {
    const sy_environment *environment = &line->environment;
    sy_sitting *sitting = sy_sittings_of(sittings, line);
    bool ok = sitting != NULL;
    if (!ok)
        return false;
    sitting->host = copy(sittings, environment->host.name, &ok);
    sitting->os = copy(sittings, environment->host.os, &ok);
    sitting->kernel = copy(sittings, environment->host.kernel, &ok);
    sitting->version = copy(sittings, environment->build.version, &ok);
    sitting->commit = copy(sittings, environment->build.commit, &ok);
    sitting->command = join(sittings, &environment->command, &ok);
    note_devices(sittings, sitting, environment, &ok);
    return ok;
}

/* One line; what could be taken for the end of one is made harmless. */
static void add_fact(sy_text *out, const char *name, const char *value) {
    if (name == NULL || value == NULL)
        return;
    size_t begin = out->length;
    sy_text_printf(out, "%s=%s", name, value);
    for (size_t i = begin; i < out->length; i++)
        if ((unsigned char)out->data[i] < 0x20 || out->data[i] == 0x7f)
            out->data[i] = '?';
    sy_text_append(out, "\n", 1);
}

void sy_sitting_setup(const sy_sitting *sitting, const sy_row *row, sy_text *out) {
    const char *id = row->subject.device.id != NULL ? row->subject.device.id : row->request.device;
    for (size_t i = 0; i < sitting->devices; i++) {
        if (is_same(sitting->device[i].id, id)) {
            add_fact(out, "driver", sitting->device[i].driver);
            break;
        }
    }
    add_fact(out, "kernel", sitting->kernel);
    for (size_t i = 0; i < row->subject.libraries.count; i++)
        add_fact(out, row->subject.libraries.item[i].name, row->subject.libraries.item[i].version);
}

void sy_sittings_release(sy_sittings *sittings) {
    sy_mem_free(sittings->item);
    sy_arena_release(&sittings->arena);
    *sittings = (sy_sittings){0};
}
