/* Reading a file of reference data. */
#include "bench/catalogue/document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status read_all(int fd, const char *path, sy_text *out_text, sy_error *err) {
    char block[16384];
    for (;;) {
        ssize_t got = sy_file_read(fd, block, sizeof block);
        if (got < 0)
            return sy_error_io(err, "%s", path);
        if (got == 0)
            return SY_OK;
        if (!sy_text_append(out_text, block, (size_t)got))
            return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no memory to read it", path);
        if (out_text->length > SY_DOCUMENT_MAX)
            return sy_error_set(err, SY_OVERFLOW, "%s: larger than 16 MiB", path);
    }
}

/* The first folder that has the file; document->path says which. */
static sy_status open_file(
    sy_document *document, const sy_reference_places *places, const char *file, int *out_fd, sy_error *err) {
    for (size_t i = 0; i < places->count; i++) {
        const char *folder = places->folder[i];
        if (folder == NULL || folder[0] == '\0')
            continue;
        int bytes = snprintf(document->path, sizeof document->path, "%s/%s", folder, file);
        if (bytes < 0 || (size_t)bytes >= sizeof document->path)
            return sy_error_set(err, SY_OVERFLOW, "%s: the path is too long", file);
        *out_fd = sy_file_open(document->path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
        if (*out_fd >= 0)
            return SY_OK;
        if (errno != ENOENT && errno != ENOTDIR)
            return sy_error_io(err, "%s", document->path);
    }
    return sy_error_set(err, SY_UNAVAILABLE,
        "no folder has %s: it is installed to share/steelyard/reference, "
        "STEELYARD_REFERENCE names another folder",
        file);
}

/* Names go to terminals. */
static bool is_clean(const json_t *json) {
    const char *key;
    json_t *value;
    size_t index;
    bool good = true;
    if (json_is_string(json))
        return sy_word_is_clean(json_string_value(json), json_string_length(json));
    json_array_foreach(json, index, value) good = good && is_clean(value);
    json_object_foreach((json_t *)(uintptr_t)json, key, value) good = good && is_clean(value);
    return good;
}

static sy_status parse(
    sy_document *document, const sy_text *text, const sy_document_form *form, sy_error *err) {
    json_error_t why;
    document->json =
        json_loadb(text->data != NULL ? text->data : "", text->length, JSON_REJECT_DUPLICATES, &why);
    if (document->json == NULL && json_error_code(&why) == json_error_out_of_memory)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to parse it");
    if (document->json == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "line %d: %s", why.line, why.text);
    const char *schema = json_string_value(json_object_get(document->json, "schema"));
    if (schema == NULL || strcmp(schema, form->schema) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "the schema is %s, wanted is %s",
            sy_word_quote(schema).text, form->schema);
    if (!is_clean(document->json))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a text in it has control characters");
    return SY_OK;
}

static sy_status make_items(sy_document *document, const char *list, size_t bytes, void **out_items,
    size_t *out_count, sy_error *err) {
    const json_t *array = json_object_get(document->json, list);
    *out_count = json_array_size(array);
    if (*out_count == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s must be a list that is not empty", list);
    *out_items = sy_arena_array(&document->arena, *out_count, bytes);
    return *out_items != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %s", list);
}

static sy_status read_sources(sy_document *document, sy_error *err) {
    void *items = NULL;
    size_t count = 0;
    sy_status status = make_items(document, "sources", sizeof(sy_figure_source), &items, &count, err);
    sy_figure_source *source = items;
    for (size_t i = 0; status == SY_OK && i < count; i++) {
        const json_t *json = json_array_get(json_object_get(document->json, "sources"), i);
        status = sy_fields_read(&sy_figure_source_fields, json, &document->arena, &source[i], err);
        if (status == SY_OK && (source[i].id == NULL || source[i].kind == NULL || source[i].title == NULL))
            status = sy_error_set(err, SY_INVALID_ARGUMENT, "it must have id, kind and title");
        const sy_figure_sources before = {.item = source, .count = i};
        if (status == SY_OK && sy_figure_source_find(&before, source[i].id) != NULL)
            status = sy_error_set(
                err, SY_INVALID_ARGUMENT, "the id %s is there twice", sy_word_quote(source[i].id).text);
        if (status != SY_OK)
            return sy_error_prefix(err, status, "sources[%zu]", i);
    }
    document->sources = (sy_figure_sources){.item = source, .count = count};
    return status;
}

static const sy_reference_head *head_of(const void *items, const sy_field_table *table, size_t index) {
    return (const void *)((const char *)items + index * table->bytes);
}

static sy_status read_entry(
    const sy_document_form *form, sy_document *document, void *items, size_t index, sy_error *err) {
    const json_t *json = json_array_get(json_object_get(document->json, form->list), index);
    void *entry = (char *)items + index * form->table->bytes;
    sy_status status = sy_fields_read(form->table, json, &document->arena, entry, err);
    if (status != SY_OK)
        return status;
    const sy_reference_head *head = entry;
    if (head->id == NULL || head->name == NULL || head->id[0] == '\0' || head->name[0] == '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT, "it must have an id and a name");
    for (size_t i = 0; i < index; i++)
        if (strcmp(head_of(items, form->table, i)->id, head->id) == 0)
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "the id %s is there twice", sy_word_quote(head->id).text);
    status = sy_figures_check(form->table, entry, &document->sources, err);
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, "%s", sy_word_quote(head->id).text);
}

static sy_status read_entries(
    sy_document *document, const sy_document_form *form, void **out_items, size_t *out_count, sy_error *err) {
    sy_status status = read_sources(document, err);
    if (status == SY_OK)
        status = make_items(document, form->list, form->table->bytes, out_items, out_count, err);
    for (size_t i = 0; status == SY_OK && i < *out_count; i++) {
        status = read_entry(form, document, *out_items, i, err);
        if (status != SY_OK)
            sy_error_prefix(err, status, "%s[%zu]", form->list, i);
    }
    document->retrieved = json_string_value(json_object_get(document->json, "retrieved"));
    return status;
}

sy_status sy_document_read(sy_document *document, const sy_reference_places *places,
    const sy_document_form *form, void **out_items, size_t *out_count, sy_error *err) {
    int fd = -1;
    sy_text text = {0};
    *out_items = NULL;
    *out_count = 0;
    sy_status status = open_file(document, places, form->file, &fd, err);
    if (status != SY_OK)
        return status;
    status = read_all(fd, document->path, &text, err);
    sy_file_close(fd);
    if (status == SY_OK) {
        status = parse(document, &text, form, err);
        if (status == SY_OK)
            status = read_entries(document, form, out_items, out_count, err);
        if (status != SY_OK)
            sy_error_prefix(err, status, "%s", document->path);
    }
    sy_text_release(&text);
    return status;
}

void sy_document_release(sy_document *document) {
    json_decref(document->json);
    sy_arena_release(&document->arena);
    memset(document, 0, sizeof *document);
}
