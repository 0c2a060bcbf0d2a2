/* `steelyard devices --catalogue NAME`: which entries, and as JSON. */
#include "bench/verbs/figures.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bench/words/words.h"
#include "runtime/base/error.h"

/* Near names that are listed in an error. */
#define NEAR_MAX 12u

/* What was asked for: entries that a name means, or every one. */
typedef struct request {
    const sy_catalogue *catalogue;
    sy_catalogue_match match;
    bool is_all;
} request;

static const sy_catalogue_device *asked(const request *from, size_t index) {
    if (from->is_all)
        return index < from->catalogue->count ? &from->catalogue->device[index] : NULL;
    size_t kept = from->match.count < SY_CATALOGUE_MATCHES_MAX ? from->match.count : SY_CATALOGUE_MATCHES_MAX;
    return index < kept ? from->match.device[index] : NULL;
}

static bool is_used(const request *from, const char *source) {
    for (size_t i = 0; asked(from, i) != NULL; i++)
        if (sy_figures_use(&sy_catalogue_device_fields, asked(from, i), source))
            return true;
    return false;
}

static sy_status print_json(const request *from, sy_error *err) {
    const sy_document *document = &from->catalogue->document;
    const json_t *all = json_object_get(document->json, "devices");
    json_t *devices = json_array(), *sources = json_array();
    json_t *object =
        json_pack("{s:s*,s:o,s:o}", "retrieved", document->retrieved, "devices", devices, "sources", sources);
    for (size_t i = 0; object != NULL && asked(from, i) != NULL; i++)
        json_array_append(devices, json_array_get(all, (size_t)(asked(from, i) - from->catalogue->device)));
    for (size_t i = 0; object != NULL && i < document->sources.count; i++)
        if (is_used(from, document->sources.item[i].id))
            json_array_append(sources, json_array_get(json_object_get(document->json, "sources"), i));
    bool good = object != NULL && json_dumpf(object, stdout, JSON_INDENT(2)) == 0;
    putchar('\n');
    json_decref(object);
    return good ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the JSON text");
}

static void print_text(const request *from) {
    char ambiguity[256];
    sy_catalogue_ambiguity(&from->match, ambiguity, sizeof ambiguity);
    if (ambiguity[0] != '\0')
        printf("%s\n\n", ambiguity);
    for (size_t i = 0; asked(from, i) != NULL; i++) {
        const sy_catalogue_device *device = asked(from, i);
        if (from->is_all)
            printf("%-18s %s\n", device->head.id, device->head.name);
        else
            sy_figures_print_text(from->catalogue, device);
    }
}

/* No entry is that: what has these letters in it, else what was probably meant. */
static sy_status refuse(const sy_catalogue *catalogue, const char *name, sy_error *err) {
    char near[400] = "";
    size_t at = 0, used = 0;
    const sy_catalogue_device *device = sy_catalogue_next_near(catalogue, name, &at);
    for (size_t i = 0; device != NULL && i < NEAR_MAX && used < sizeof near; i++) {
        used +=
            (size_t)snprintf(near + used, sizeof near - used, "%s%s", i == 0 ? "" : ", ", device->head.id);
        device = sy_catalogue_next_near(catalogue, name, &at);
    }
    const char *meant = sy_catalogue_suggest(catalogue, name);
    sy_quoted quoted = sy_word_quote(name);
    if (near[0] != '\0')
        return sy_error_set(err, SY_INVALID_ARGUMENT, "the catalogue has no %s; near: %s%s", quoted.text,
            near, device != NULL ? ", ..." : "");
    if (meant != NULL)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "the catalogue has no %s (did you mean '%s'?)", quoted.text, meant);
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "the catalogue has no %s: --catalogue all lists what it has", quoted.text);
}

int sy_figures_show(const sy_program *program) {
    sy_error error = SY_ERROR_INIT;
    sy_catalogue catalogue = {0};
    const char *name = program->config->catalogue;
    request from = {.catalogue = &catalogue, .is_all = strcmp(name, "all") == 0};
    sy_reference_places places = sy_program_reference(program);
    sy_status status = sy_catalogue_load(&places, &catalogue, &error);
    if (status == SY_OK && !from.is_all) {
        sy_catalogue_find(&catalogue, name, &from.match);
        if (from.match.count == 0)
            status = refuse(&catalogue, name, &error);
    }
    if (status == SY_OK && program->config->format == SY_FORMAT_JSON)
        status = print_json(&from, &error);
    else if (status == SY_OK)
        print_text(&from);
    int result = status == SY_OK ? SY_EXIT_FINE
                                 : sy_program_fail_input(status == SY_UNAVAILABLE ? SY_IO : status, &error);
    sy_catalogue_release(&catalogue);
    return result;
}
