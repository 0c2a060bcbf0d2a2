/*
 * One pass of a model under meters: its layers launched in turn, each as often as a pass has it, in one
 * window. What adding up the layers' joules cannot see (clocks and temperatures of the whole) is in it.
 */
#ifndef STEELYARD_RUN_MIX_H
#define STEELYARD_RUN_MIX_H

#include "bench/fields/arena.h"
#include "bench/plan/worklist.h"
#include "bench/record/total.h"
#include "bench/run/weigh.h"

/** What was measured of the total that it belongs to. */
typedef struct sy_mix {
    const sy_total *total;
    sy_total_energies energy;
} sy_mix;

/** Mixes of a run. Zero-initialise; sy_mixes_release(). */
typedef struct sy_mixes {
    sy_mix *mix;
    size_t count;
    sy_arena arena;
} sy_mixes;

/** The rows of a run so far, and every name of its suites (sy_totals_request). until_ns: host clock by which
 * a window has to be over, 0: whenever. Borrowed. */
typedef struct sy_mix_source {
    const sy_worklist *list;
    const sy_row_list *rows;
    const char *const *names;
    size_t n_names;
    uint64_t until_ns;
} sy_mix_source;

/**
 * Measure one of every model and phase that is complete on the device, and whose pass fits the longest window
 * three times. One that cannot be measured is left out, and a line on stderr
 * says why. Errors as sy_visit_row(); SY_OUT_OF_MEMORY.
 */
sy_status sy_mixes_measure(
    const sy_weigh *weigh, const sy_mix_source *source, sy_mixes *mixes, sy_error *err);

/** Give a total its mix, if there is one. */
void sy_mixes_apply(const sy_mixes *mixes, sy_total *total);

/** Free; zeroes. */
void sy_mixes_release(sy_mixes *mixes);

#endif
