/*
 * Meters that answer JSON over HTTP, seen from a source: it says which answers to look at and where in them
 * the numbers are; finding, opening and reading follow from that.
 */
#ifndef STEELYARD_ENERGY_WEB_H
#define STEELYARD_ENERGY_WEB_H

#include <jansson.h>

#include "bench/energy/net/http.h"
#include "bench/energy/net/spec.h"
#include "bench/energy/source.h"

#define SY_WEB_ROWS_MAX 64u
#define SY_WEB_PATH_MAX 200u

typedef struct sy_web sy_web;
typedef struct sy_web_rows sy_web_rows;

/**
 * One number of a device.
 *
 * part     what tells it from the device's others: "power". is_part: as in sy_energy_found.
 * path     of the GET. pointer: keys and indices from the top, separated by '/': "meters/0/power".
 * valid    pointer to something that must not be false; "": nothing.
 * scale    from the number's unit to J or W.
 */
typedef struct sy_web_row {
    sy_energy_facts facts;
    char part[40], path[SY_WEB_PATH_MAX], pointer[96], valid[96];
    double scale;
    bool is_part;
} sy_web_row;

/**
 * A kind of device.
 *
 * scheme    if the user gives none; NULL: he has to. keys: options, ended by NULL; `timeout`, `cafile` and
 *           `insecure` among them are looked after here.
 * has_digest   may authenticate by digest. is_secret_over_tls: a password is never sent without TLS.
 * discover  Add a row for each number there is. Errors: of sy_web_get(); SY_UNAVAILABLE: it measures nothing.
 */
typedef struct sy_web_source {
    const char *name, *form, *scheme;
    const char *const *keys;
    uint32_t scope;
    bool has_digest, is_secret_over_tls;
    sy_status (*discover)(sy_web *web, sy_web_rows *rows, sy_error *err);
} sy_web_source;

/** A connection: what a source's discover() is given. name: HOST[:PORT]. */
struct sy_web {
    const sy_web_source *source;
    sy_net_spec spec;
    char name[144];
    sy_http *http;
};

/** What discover() found; at most SY_WEB_ROWS_MAX. */
struct sy_web_rows {
    sy_web_row *row;
    size_t count;
};

/** sy_energy_source.find and .open by a kind of device. */
sy_status sy_web_find(const sy_web_source *source, const sy_energy_places *places, const char *spec,
    sy_energy_list *list, sy_error *err);
sy_status sy_web_open(const sy_web_source *source, const sy_energy_places *places,
    const sy_energy_found *found, sy_energy_meter **out_meter, sy_error *err);

/**
 * GET a JSON object or array; json_decref() it. *out_root is NULL on error.
 * Errors: of sy_http_get(); SY_INVALID_ARGUMENT: it answers something else.
 */
sy_status sy_web_get(sy_web *web, const char *path, json_t **out_root, sy_error *err);

/** What a pointer leads to; NULL if there is nothing. Borrowed. */
json_t *sy_web_at(json_t *root, const char *pointer);

/** A number at a pointer. SY_INVALID_ARGUMENT: nothing there, or not a number; the text says which. */
sy_status sy_web_number(
    const char *meter, json_t *root, const char *pointer, double *out_value, sy_error *err);

/** Add a row; names it. SY_OVERFLOW: too many; SY_INVALID_ARGUMENT: there is one of that name;
 * SY_OUT_OF_MEMORY. */
sy_status sy_web_add(sy_web *web, sy_web_rows *rows, const sy_web_row *row, sy_error *err);

/** A row of `kind` for a number; the caller adds to it what it knows. */
void sy_web_row_set(
    sy_web_row *row, const sy_web *web, uint32_t kind, const char *part, const char *path, double scale);

/** snprintf() that cuts: for the texts of a row. */
__attribute__((format(printf, 3, 4))) void sy_web_print(
    char *out_text, size_t capacity, const char *format, ...);

#endif
