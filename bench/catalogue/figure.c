/* Figures as tables of fields, and whether they are whole. */
#include "bench/catalogue/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/words/words.h"
#include "runtime/base/error.h"

static const char *const confidence_names[] = {NULL, "official", "vendor", "press", "estimate"};

static const sy_field alternative_rows[] = {SY_F64_FIELD(sy_figure_alternative, "value", value, 0.0),
    SY_TEXTS_FIELD(sy_figure_alternative, "source", source),
    SY_TEXT_FIELD(sy_figure_alternative, "note", note)};
static const sy_field_table alternative_fields = SY_FIELD_TABLE(alternative_rows, sy_figure_alternative);

static const sy_field figure_rows[] = {SY_F64_FIELD(sy_figure, "value", value, 0.0),
    SY_COUNT_FIELD(sy_figure, "year", year), SY_TEXT_FIELD(sy_figure, "currency", currency),
    SY_TEXT_FIELD(sy_figure, "basis", basis),
    SY_NAME_FIELD(sy_figure, "confidence", confidence, confidence_names),
    SY_TEXTS_FIELD(sy_figure, "source", source), SY_TEXT_FIELD(sy_figure, "note", note),
    SY_LIST_FIELD(sy_figure, "alternatives", alternatives, alternative_fields)};
const sy_field_table sy_figure_fields = SY_FIELD_TABLE(figure_rows, sy_figure);

static const sy_field words_rows[] = {SY_TEXT_FIELD(sy_figure_words, "value", value),
    SY_NAME_FIELD(sy_figure_words, "confidence", confidence, confidence_names),
    SY_TEXTS_FIELD(sy_figure_words, "source", source), SY_TEXT_FIELD(sy_figure_words, "note", note)};
const sy_field_table sy_figure_words_fields = SY_FIELD_TABLE(words_rows, sy_figure_words);

static const sy_field source_rows[] = {SY_TEXT_FIELD(sy_figure_source, "id", id),
    SY_TEXT_FIELD(sy_figure_source, "kind", kind), SY_TEXT_FIELD(sy_figure_source, "title", title),
    SY_TEXT_FIELD(sy_figure_source, "where", where)};
const sy_field_table sy_figure_source_fields = SY_FIELD_TABLE(source_rows, sy_figure_source);

const char *sy_confidence_name(uint32_t confidence) {
    return confidence < sizeof confidence_names / sizeof confidence_names[0] ? confidence_names[confidence]
                                                                             : NULL;
}

const sy_figure_source *sy_figure_source_find(const sy_figure_sources *sources, const char *id) {
    for (size_t i = 0; i < sources->count; i++)
        if (sources->item[i].id != NULL && strcmp(sources->item[i].id, id) == 0)
            return &sources->item[i];
    return NULL;
}

static sy_status check_sources(
    const char *name, const sy_text_list *list, const sy_figure_sources *sources, sy_error *err) {
    for (size_t i = 0; i < list->count; i++)
        if (sy_figure_source_find(sources, list->item[i]) == NULL)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: no source %s in the list of sources", name,
                sy_word_quote(list->item[i]).text);
    return list->count > 0 ? SY_OK : sy_error_set(err, SY_INVALID_ARGUMENT, "%s has no source", name);
}

static sy_status check_one(const char *name, bool has_value, uint32_t confidence, const sy_text_list *source,
    const sy_figure_sources *sources, sy_error *err) {
    if (!has_value && confidence == 0 && source->count == 0)
        return SY_OK;
    if (!has_value)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s has a source, but no value", name);
    if (confidence == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s has no confidence", name);
    return check_sources(name, source, sources, err);
}

static sy_status check_figure(
    const char *name, const sy_figure *figure, const sy_figure_sources *sources, sy_error *err) {
    sy_status status =
        check_one(name, !isnan(figure->value), figure->confidence, &figure->source, sources, err);
    for (size_t i = 0; status == SY_OK && i < figure->alternatives.count; i++)
        status = check_sources(name, &figure->alternatives.item[i].source, sources, err);
    return status;
}

/* As sy_figures_check(), for what is below `parent` ("": the top). */
static sy_status check_below(const char *parent, const sy_field_table *table, const char *object,
    const sy_figure_sources *sources, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < table->count; i++) {
        const sy_field *field = &table->field[i];
        const void *at = object + field->offset;
        char name[128];
        snprintf(name, sizeof name, "%s%s%s", parent, parent[0] != '\0' ? "." : "", field->name);
        if (field->kind != SY_FIELD_GROUP)
            continue;
        if (field->table == &sy_figure_fields) {
            status = check_figure(name, at, sources, err);
        } else if (field->table == &sy_figure_words_fields) {
            const sy_figure_words *words = at;
            status = check_one(name, words->value != NULL, words->confidence, &words->source, sources, err);
        } else {
            status = check_below(name, field->table, at, sources, err);
        }
    }
    return status;
}

sy_status sy_figures_check(
    const sy_field_table *table, const void *object, const sy_figure_sources *sources, sy_error *err) {
    return check_below("", table, object, sources, err);
}

static bool has_text(const sy_text_list *list, const char *text) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i], text) == 0)
            return true;
    return false;
}

static bool figure_uses(const sy_figure *figure, const char *id) {
    bool is_used = has_text(&figure->source, id);
    for (size_t i = 0; i < figure->alternatives.count; i++)
        is_used = is_used || has_text(&figure->alternatives.item[i].source, id);
    return is_used;
}

bool sy_figures_use(const sy_field_table *table, const void *object, const char *id) {
    bool is_used = false;
    for (size_t i = 0; !is_used && i < table->count; i++) {
        const sy_field *field = &table->field[i];
        const void *at = (const char *)object + field->offset;
        if (field->kind != SY_FIELD_GROUP)
            continue;
        if (field->table == &sy_figure_fields)
            is_used = figure_uses(at, id);
        else if (field->table == &sy_figure_words_fields)
            is_used = has_text(&((const sy_figure_words *)at)->source, id);
        else
            is_used = sy_figures_use(field->table, at, id);
    }
    return is_used;
}
