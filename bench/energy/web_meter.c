/* Finding, opening and reading a device's numbers. */
#include "bench/energy/web_meter.h"

#include <stdio.h>
#include <string.h>

#include "bench/energy/answer.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

typedef struct web_meter {
    sy_energy_meter base;
    sy_web web;
    sy_web_row row;
    sy_answer_counter counter;
} web_meter;

static const char *fix_for(const sy_web *web, sy_status status) {
    if (web->http != NULL)
        return sy_http_fix(web->http);
    return status == SY_UNAVAILABLE ? "install libcurl (Debian: apt-get install libcurl4)"
           : status == SY_REFUSED   ? "see to the file of --energy-credentials"
                                    : "";
}

static sy_status append_failed(const sy_web *web, const char *spec, sy_status status, const sy_error *failure,
    sy_energy_list *list, sy_error *err) {
    sy_energy_found found = {0};
    sy_answer_failed(
        &found, web->source->name, web->name, web->source->scope, status, failure, fix_for(web, status));
    sy_status made = sy_answer_spec(&found, web->source->name, spec, err);
    return made == SY_OK ? sy_energy_list_append(list, &found, err) : made;
}

static sy_status append_rows(
    const sy_web *web, const char *spec, const sy_web_rows *rows, sy_energy_list *list, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < rows->count; i++) {
        sy_energy_found found = {
            .facts = rows->row[i].facts, .index = (uint32_t)i, .is_part = rows->row[i].is_part};
        status = sy_answer_spec(&found, web->source->name, spec, err);
        if (status == SY_OK)
            status = sy_energy_list_append(list, &found, err);
    }
    return status;
}

sy_status sy_web_find(const sy_web_source *source, const sy_energy_places *places, const char *spec,
    sy_energy_list *list, sy_error *err) {
    sy_web web;
    sy_web_rows rows = {0};
    sy_error failure = SY_ERROR_INIT;
    sy_status status = sy_web_connect(source, places->credentials, spec, &web, &failure);
    if (status == SY_INVALID_ARGUMENT && web.name[0] == '\0')
        return sy_error_set(err, status, "%s", failure.text);
    if (status == SY_OK)
        status = source->discover(&web, &rows, &failure);
    if (status == SY_OK && rows.count == 0)
        status = sy_error_set(&failure, SY_UNAVAILABLE, "%s: answers, but measures no power", web.name);
    if (status == SY_OUT_OF_MEMORY)
        sy_error_set(err, status, "%s", failure.text);
    else if (status == SY_OK)
        status = append_rows(&web, spec, &rows, list, err);
    else
        status = append_failed(&web, spec, status, &failure, list, err);
    sy_mem_free(rows.row);
    sy_http_close(web.http);
    return status;
}

static sy_status read_row(web_meter *meter, double *out_value, sy_error *err) {
    const sy_web_row *row = &meter->row;
    const char *name = row->facts.name;
    json_t *root = NULL;
    double value = 0.0;
    sy_status status = sy_web_get(&meter->web, row->path, &root, err);
    if (status == SY_OK && row->valid[0] != '\0' && json_is_false(sy_web_at(root, row->valid)))
        status =
            sy_error_set(err, SY_INVALID_ARGUMENT, "%s: says itself that its reading is not valid", name);
    if (status == SY_OK)
        status = sy_web_number(name, root, row->pointer, &value, err);
    json_decref(root);
    if (status != SY_OK)
        return status;
    if (row->facts.kind == SY_ENERGY_COUNTER)
        return sy_answer_count(&meter->counter, name, value * row->scale, out_value, err);
    *out_value = value * row->scale;
    return sy_answer_power(name, *out_value, err);
}

static sy_status read_meter(sy_energy_meter *base, double *out_value, sy_error *err) {
    sy_status status = read_row((web_meter *)base, out_value, err);
    /* What was permitted and no longer is will not come back by itself. */
    return status == SY_REFUSED ? SY_UNAVAILABLE : status == SY_OVERFLOW ? SY_IO : status;
}

static void close_meter(sy_energy_meter *base) {
    web_meter *meter = (web_meter *)base;
    sy_http_close(meter->web.http);
    sy_mem_free(meter);
}

static sy_status choose_row(web_meter *meter, const char *name, sy_error *err) {
    sy_web_rows rows = {0};
    sy_status status = meter->web.source->discover(&meter->web, &rows, err);
    size_t i = 0;
    while (status == SY_OK && i < rows.count && strcmp(rows.row[i].facts.name, name) != 0)
        i++;
    if (status == SY_OK && i == rows.count)
        status = sy_error_set(err, SY_UNAVAILABLE, "%s: no longer there", name);
    if (status == SY_OK)
        meter->row = rows.row[i];
    sy_mem_free(rows.row);
    return status;
}

sy_status sy_web_open(const sy_web_source *source, const sy_energy_places *places,
    const sy_energy_found *found, sy_energy_meter **out_meter, sy_error *err) {
    const char *colon = strchr(found->spec, ':');
    double first = 0.0;
    *out_meter = NULL;
    web_meter *meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a meter");
    sy_status status =
        sy_web_connect(source, places->credentials, colon != NULL ? colon + 1 : NULL, &meter->web, err);
    if (status == SY_OK)
        status = choose_row(meter, found->facts.name, err);
    if (status == SY_OK)
        status = read_row(meter, &first, err);
    meter->base = (sy_energy_meter){.read = read_meter, .close = close_meter};
    if (status != SY_OK)
        close_meter(&meter->base);
    else
        *out_meter = &meter->base;
    return status;
}
