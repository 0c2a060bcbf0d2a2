/*
 * From readings to joules, with what is not known of them. Pure. Method: counters by difference, interpolated
 * at the edges between readings that both lie in steady load; powers by the trapezoid over the midpoints of
 * the readings, shifted back by half the averaging window. Uncertainties are standard ones (one sigma), in J.
 */
#ifndef STEELYARD_ENERGY_INTEGRATE_H
#define STEELYARD_ENERGY_INTEGRATE_H

#include "bench/energy/source.h"
#include "bench/energy/trace.h"

/* Why a result is not valid; bits. Names by sy_energy_reason_name(). */
enum {
    SY_ENERGY_TOO_FEW = 1 << 0,   /* "too_few_readings" */
    SY_ENERGY_GAP = 1 << 1,       /* "gap": readings are missing within the window */
    SY_ENERGY_SHORT = 1 << 2,     /* "window_too_short": for the precision that was asked for */
    SY_ENERGY_STUCK = 1 << 3,     /* "stuck": the value never changed though it should have */
    SY_ENERGY_ALIAS = 1 << 4,     /* "alias": the sensor and the load are in step */
    SY_ENERGY_RESET = 1 << 5,     /* "reset": the counter went back */
    SY_ENERGY_GONE = 1 << 6,      /* "gone": the meter vanished */
    SY_ENERGY_DISAGREES = 1 << 7, /* "disagrees": with another meter of the same scope */
    SY_ENERGY_UNSTEADY = 1 << 8,  /* "unsteady": the load around the window was not steady */
    SY_ENERGY_IDLE_DRIFT = 1 << 9 /* "idle_drift": idle power before and after differ (concerns net alone) */
};
#define SY_ENERGY_REASON_COUNT 10u

/** Name of one bit, as in a record; NULL if it is none. Static. */
const char *sy_energy_reason_name(uint32_t bit);

/**
 * The window.
 *
 * begin_ns, end_ns  of the clock of the readings: what was launched in between is what joules are divided by.
 * load_begin_ns, load_end_ns  the same load ran from here to there, window included.
 * load_period_ns    after which the load repeats itself (a launch, or a batch with its pause); 0: unknown, or
 *                   known not to show in the power. A power that repeats in step with the sensor cannot be
 *                   told from a constant one: it is SY_ENERGY_ALIAS though the readings be flat, so do not
 *                   give a period for a queue without gaps whose launches are all alike.
 */
typedef struct sy_energy_window {
    uint64_t begin_ns, end_ns, load_begin_ns, load_end_ns, load_period_ns;
} sy_energy_window;

/**
 * What came out. NaN: cannot be said.
 *
 * joule, watt, watt_peak   energy in the window, its mean power, the highest power that was read (for a
 *                   counter: over one update period or longer).
 * u_edge_j          of the window's edges within an update of the sensor.
 * u_quantum_j       of the step of the readings.
 * u_sampling_j      of a power that moves between readings.
 * u_random_j        all of these together; repeats average it.
 * u_systematic_j    of gain and offset; NaN: the gain is not known. Repeats do not help.
 * update_period_ns  measured; as declared where it could not be (is_period_measured false); 0: unknown.
 * needed_window_ns  length at which edge and quantum would be under the precision; 0: they are; UINT64_MAX:
 *                   none would do (the step of a constant power does not average out).
 * reasons           SY_ENERGY_* bits; 0: valid.
 */
typedef struct sy_energy_result {
    double joule, watt, watt_peak;
    double u_edge_j, u_quantum_j, u_sampling_j, u_random_j, u_systematic_j;
    uint64_t update_period_ns, needed_window_ns;
    uint32_t reasons;
    bool is_period_measured;
} sy_energy_result;

/**
 * Integrate one meter over one window. precision: relative, 0.05 = 5 %; 0: any length will do.
 *
 * Readings that are no number or not later than the one before them are left out. A meter of another kind, an
 * empty window, or too few readings: NaN, 0 and SY_ENERGY_TOO_FEW. An offset that is not known counts as 0.
 */
void sy_energy_integrate(const sy_energy_facts *facts, const sy_energy_trace *trace,
    const sy_energy_window *window, double precision, sy_energy_result *out_result);

#endif
