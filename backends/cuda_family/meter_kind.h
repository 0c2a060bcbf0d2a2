/* What a management library's file gives to meter.c, and what it finds in a meter. */
#ifndef BACKENDS_CUDA_FAMILY_METER_KIND_H
#define BACKENDS_CUDA_FAMILY_METER_KIND_H

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "backends/cuda_family/meter.h"
#include "backends/cuda_family/meter_pci.h"
#include "runtime/base/dynlib.h"

#define CF_METER_ROWS_MAX 24

/** An opened library. `api` are its functions, a struct of the kind's own, which may keep more in it. */
typedef struct cf_meter_library {
    struct cf_meter_library *next;
    const cf_meter_kind *kind;
    sy_host host;
    sy_dynlib file;
    void *api;
    pthread_mutex_t lock; /* held around every call of the functions below */
    sy_status status;     /* why it cannot be used, and in words */
    sy_error reason;
} cf_meter_library;

typedef struct cf_meter_row cf_meter_row;

/** A card. `card`, `part`, `index`, `traits` and `resolution` are the kind's. */
struct cf_meter {
    cf_meter_library *library;
    cf_pci pci;
    void *card, *part[2];
    uint32_t index, traits;
    double resolution; /* of the sensor that has NaN for its own */
    uint32_t row_count;
    const cf_meter_row *row[CF_METER_ROWS_MAX]; /* those that could be read at the beginning */
};

typedef sy_status cf_meter_read_fn(
    cf_meter *meter, const cf_meter_row *row, double *out_value, sy_error *err);

/**
 * A sensor that a library may have. `read` gives the value in the sensor's unit; `function` (offset in the
 * api's struct), `scale` and the two arguments are for it.
 */
struct cf_meter_row {
    sy_sensor sensor;
    cf_meter_read_fn *read;
    size_t function;
    double scale;
    uint32_t a, b;
    bool is_zero_absent; /* a library that cannot measure it answers 0 */
};

/**
 * A kind. start() initialises the library, find() finds meter->pci and sets the kind's fields of the meter,
 * forget() (optional) gives up what find() took, version() (optional) writes "" if the library does not tell,
 * declare() (optional) fills in what is known of a row's sensor on this card and not in the table.
 */
struct cf_meter_kind {
    const char *name, *vendor;
    const char *const *names, *const *folders; /* as in sy_dynlib_search */
    const char *hint;                          /* what helps if it is not there */
    const sy_dynlib_symbol *symbols;
    size_t symbol_count, api_bytes;
    const cf_meter_row *rows;
    size_t row_count;
    sy_status (*start)(cf_meter_library *library, sy_error *err);
    void (*stop)(cf_meter_library *library);
    void (*version)(cf_meter_library *library, char *out_text, size_t capacity);
    sy_status (*find)(cf_meter *meter, sy_error *err);
    void (*forget)(cf_meter *meter);
    void (*identify)(cf_meter *meter, cf_meter_identity *out_identity);
    void (*declare)(const cf_meter *meter, sy_sensor *sensor);
};

/**
 * The fields of a row's sensor, for initialisers: unknown are NaN and 0. The first argument of each row's
 * initialiser is one of these.
 */
#define CF_SENSOR(kind_, unit_, scope_, resolution_, window_, name_)                                         \
    {                                                                                                        \
        .kind = (kind_), .unit = (unit_), .scope = (scope_), .resolution = (resolution_),                    \
        .gain_uncertainty = NAN, .wrap = NAN, .window_ns = (window_), .name = name_                          \
    }

/** Open and start a library of `kind`; the outcome is in it. `folder`: NULL, or looked in first. NULL: no
 * memory. */
cf_meter_library *cf_meter_library_open(const cf_meter_kind *kind, const sy_host *host, const char *folder);

/** Shut it down and free it; NULL is fine. */
void cf_meter_library_close(cf_meter_library *library);

/** A failed call: "<kind> <address>: <what>: <words> (<code>)", with the code apart too. */
sy_status cf_meter_fail(const cf_meter *meter, sy_status status, int32_t code, const char *what,
    const char *words, sy_error *err);

/** A library that does not start, with what helps; one that has `count` cards and none at the address. */
sy_status cf_meter_fail_start(
    const cf_meter_library *library, int32_t code, const char *words, sy_error *err);
sy_status cf_meter_fail_unknown_card(const cf_meter *meter, uint32_t count, sy_error *err);

/** A sensor without a function in this library; one that has no value at the moment. */
sy_status cf_meter_fail_absent(const cf_meter_row *row, sy_error *err);
sy_status cf_meter_fail_empty(const char *what, sy_error *err);

/** This process' part in a list of process ids, see cf_meter_identity. */
int32_t cf_meter_count_others(const uint32_t *pids, uint32_t count);

#endif
