/*
 * What a row says of energy, one entry a meter, and of how long the rate was held. Plain values; texts and
 * lists are borrowed as in sy_row. Not known is absent: NULL, NaN, SY_NO_COUNT, SY_TRI_UNKNOWN, an empty
 * list; never 0. Always begin with sy_row_energy_init(), sy_row_sustain_init(): zeros would be values.
 */
#ifndef STEELYARD_BENCH_RECORD_ENERGY_ROW_H
#define STEELYARD_BENCH_RECORD_ENERGY_ROW_H

#include "bench/fields/fields.h"
#include "steelyard/status.h"

/**
 * What one meter said of one row, in a window of its own: launches without gaps, from which all numbers here
 * come. joule_per_run x run_per_s is watt to the last bits; the row's rate, measured apart, may differ a
 * little (rate_of_median).
 *
 * The meter
 * source            its name, unique in a run ("powercap:package-0"); detail: what it is, in words.
 * kind              "counter", "average power", "instant power".
 * scope             what one number of it covers: "die", "package", "memory", "card", "board", "node",
 *                   "wall"; "unknown".
 * gain              relative standard uncertainty of its scale, as declared; absent: not known.
 * resolution        smallest step of a reading: J of a counter, W of a power.
 * update_period_ms  how often its value changes; period_measured: yes if that was seen here, no if it is as
 *                   declared. averaging_ms over which a reading of an average power is the mean.
 *
 * The window
 * window_ns         its length; runs: launches in it; run_per_s: runs / window.
 * readings          of the meter within it.
 * needed_window_ns  length at which the precision that was asked for would be reached; absent: it is.
 * sampler_cpu       what reading the meter cost, as a fraction of one core.
 * rate_of_median    run_per_s x the row's median time: 1 if the window ran as fast as the samples.
 *
 * What came out
 * joule_per_run  gross. joule_net_per_run: without what the device takes when idle; may be negative.
 * watt           mean power in the window; watt_peak: the highest that was read.
 * watt_idle      mean of the idle power before and after; idle_kind: which idle ("context open, before and
 *                after"); idle_drift_w: after minus before.
 * flop_per_joule, byte_per_joule  the row's flop and byte / joule_per_run.
 *
 * Uncertainty, relative standard ones (one sigma, 0.01 = 1 %), of joule_per_run unless said
 * u_systematic  of gain and offset: repeats do not help. Absent: the gain is not known.
 * u_random      all that repeats would average. Its parts: u_edge (the window's edges within an update of the
 *               meter), u_quantum (the step of its readings), u_sampling (a power that moves between
 *               readings).
 * u_net         of joule_net_per_run, idle included, without u_systematic.
 *
 * Judgement
 * valid  no: `reasons` say why ("alias", "too_few_readings"), and the numbers are kept for whoever looks into
 *        it, but shown nowhere as a result.
 * notes  what a reader has to know, valid or not: "rate differs from the median by 4 %".
 */
typedef struct sy_row_energy {
    const char *source, *detail, *kind, *scope, *idle_kind;
    double gain, resolution, update_period_ms, averaging_ms;
    double window_ns, run_per_s, needed_window_ns, sampler_cpu, rate_of_median;
    double joule_per_run, joule_net_per_run, watt, watt_peak, watt_idle, idle_drift_w;
    double flop_per_joule, byte_per_joule;
    double u_systematic, u_random, u_edge, u_quantum, u_sampling, u_net;
    uint64_t runs, readings;
    sy_tri period_measured, valid;
    sy_text_list reasons, notes;
} sy_row_energy;

/**
 * The same work kept up for a long time.
 *
 * seconds             how long. series: name of the file with the samples, beside the record (its last part
 *                     alone).
 * burst_run_per_s     rate of the first seconds; sustained_run_per_s: of the steady end;
 *                     sustained_of_burst: their ratio.
 * steady_s            time from the start until the rate no longer moved; absent: it never settled.
 * throttle_s          time from the start at which the device was first seen to hold back; absent: never.
 * throttle_how        by what it was seen: "rate", "clock", "flag".
 * watt_burst, watt_sustained  mean power in the same two stretches, from the meter `source` of `scope`.
 * temp_c_end          at the end.
 */
typedef struct sy_row_sustain {
    const char *throttle_how, *source, *scope, *series;
    double seconds, burst_run_per_s, sustained_run_per_s, sustained_of_burst, steady_s, throttle_s;
    double watt_burst, watt_sustained, temp_c_end;
} sy_row_sustain;

/** The fields as they are written to a record. */
extern const sy_field_table sy_row_energy_fields;
extern const sy_field_table sy_row_sustain_fields;

/** Every field absent. */
void sy_row_energy_init(sy_row_energy *out_energy);
void sy_row_sustain_init(sy_row_sustain *out_sustain);

/**
 * Whether an entry agrees with itself: source and scope are named, `valid` is said, reasons stand beside a no
 * and nowhere else, a valid one has joule_per_run, watt and u_random, all above or at 0; and within 1e-12,
 * where both sides are there: joule_per_run x run_per_s = watt, run_per_s = runs / window_ns,
 * flop_per_joule x joule_per_run = flop, byte_per_joule x joule_per_run = byte.
 *
 * flop, byte  of the row; SY_NO_COUNT: not known.
 * Errors      SY_INVALID_ARGUMENT: it does not; the text says what differs.
 */
sy_status sy_row_energy_check(const sy_row_energy *energy, uint64_t flop, uint64_t byte, sy_error *err);

#endif
