/* A conversation with PTDaemon: from Hello to Stop. */
#ifndef STEELYARD_ENERGY_PTDAEMON_SESSION_H
#define STEELYARD_ENERGY_PTDAEMON_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/energy/net/line_client.h"
#include "bench/energy/net/spec.h"
#include "steelyard/status.h"

/** What it is told to sample by, and averages over. */
#define SY_PTD_INTERVAL_NS 1000000000u

/**
 * A conversation. model, ranges: for people, printable. volts, amps: "" (left as they are), "Auto" or a
 * number. before_*: what they were, "" if unknown; is_*_set: they were changed and are to be set back.
 */
typedef struct sy_ptd_session {
    sy_line_client client;
    sy_net_spec spec;
    char model[48], ranges[48];
    char volts[32], amps[32], before_volts[32], before_amps[32];
    bool is_volts_set, is_amps_set, is_started;
} sy_ptd_session;

/** Get ready by a spec; connects to nothing. SY_INVALID_ARGUMENT: not of the form. */
sy_status sy_ptd_set(sy_ptd_session *session, const char *spec, sy_error *err);

/**
 * Connect, see that it is a PTDaemon that measures power, set the ranges, and start a measurement of
 * unlimited length. sy_ptd_end() it, also after an error.
 *
 * Errors  of sy_line_client_ask(); SY_INVALID_ARGUMENT: something else answers there; SY_UNAVAILABLE: it
 *         measures no power; SY_REFUSED: it does not take a range, or does not start.
 */
sy_status sy_ptd_begin(sy_ptd_session *session, sy_error *err);

/** The last sample, W: by R*, since `Watts` is the mean from Go on. SY_TIMEOUT: there is none yet;
 * SY_INVALID_ARGUMENT: none that can be. */
sy_status sy_ptd_read(sy_ptd_session *session, double *out_watt, sy_error *err);

/** The same, waiting for the first one no longer than the timeout. */
sy_status sy_ptd_first(sy_ptd_session *session, double *out_watt, sy_error *err);

/** What the analyzer states of itself: relative, within; NaN if nothing (it does not while ranges are
 * automatic). */
sy_status sy_ptd_uncertainty(sy_ptd_session *session, double *out_limit, sy_error *err);

/** Stop what was started, set ranges back that were set, close. */
void sy_ptd_end(sy_ptd_session *session);

#endif
