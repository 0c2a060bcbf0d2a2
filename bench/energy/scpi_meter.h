/* A Yokogawa WT300 and its commands: what is asked, set, and set back. */
#ifndef STEELYARD_ENERGY_SCPI_METER_H
#define STEELYARD_ENERGY_SCPI_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/energy/net/line_client.h"
#include "bench/energy/net/spec.h"
#include "steelyard/status.h"

enum { SY_WT_SETTINGS_MAX = 6, SY_WT_POWER_ITEM = 255, SY_WT_ENERGY_ITEM = 254 };

/** A setting that was changed, and what it was. */
typedef struct sy_wt_setting {
    char command[40], before[40];
} sy_wt_setting;

/**
 * A connection. element: "1" to "3", or "SIGMA". model: printable. is_integrating: the integrator was started
 * by us.
 */
typedef struct sy_wt {
    sy_line_client client;
    sy_net_spec spec;
    char element[8], model[24];
    sy_wt_setting setting[SY_WT_SETTINGS_MAX];
    size_t setting_count;
    bool is_integrating;
} sy_wt;

/** Get ready by a spec; connects to nothing. SY_INVALID_ARGUMENT: not of the form. */
sy_status sy_wt_set(sy_wt *meter, const char *spec, sy_error *err);

/**
 * Connect, see that it is a WT, and have it answer numbers as text. sy_wt_end() it, also after an error.
 * Errors: of sy_line_client_ask(); SY_INVALID_ARGUMENT: something else answers there, or it does not take a
 * setting.
 */
sy_status sy_wt_begin(sy_wt *meter, sy_error *err);

/** Ask; a header before the answer, which it gives or not by a setting of its own, is removed. */
sy_status sy_wt_ask(sy_wt *meter, const char *command, char *out_answer, size_t capacity, sy_error *err);

/** Have `command` be `value`, and remember what it was if that is another. SY_INVALID_ARGUMENT: not taken. */
sy_status sy_wt_change(sy_wt *meter, const char *command, const char *value, sy_error *err);

/** Have an item of the answers be a function ("P", "WH") of the element. Errors as sy_wt_change(). */
sy_status sy_wt_choose(sy_wt *meter, int item, const char *function, sy_error *err);

/** The number of an item; out_text, of at least 64 characters, as it was written. SY_INVALID_ARGUMENT: none.
 */
sy_status sy_wt_value(sy_wt *meter, int item, double *out_value, char *out_text, sy_error *err);

/** A number; NaN if it answers none. Errors: those of the connection alone. */
sy_status sy_wt_number(sy_wt *meter, const char *command, double *out_value, sy_error *err);

/**
 * Start the integrator from zero, without a limit of time; one that runs already is left as it is, and is not
 * stopped by sy_wt_end(). Errors as sy_wt_change(); SY_REFUSED: it does not start.
 */
sy_status sy_wt_integrate(sy_wt *meter, sy_error *err);

/** Whether the integrator runs: SY_UNAVAILABLE if it does not any more. */
sy_status sy_wt_integrates(sy_wt *meter, sy_error *err);

/** Stop what was started, set back what was changed, close. */
void sy_wt_end(sy_wt *meter);

#endif
