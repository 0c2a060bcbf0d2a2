/* Values beside rows: the matrix work of one pass of a model added up, and the ceilings of a device. */
#ifndef STEELYARD_BENCH_RECORD_TOTAL_H
#define STEELYARD_BENCH_RECORD_TOTAL_H

#include "bench/environment/environment.h"

/** Share of one layer in a total: ns of all its launches in one pass, and their fraction of the whole. In
 * memory alone: a row of the layer, and how often a pass has it; NULL and 0 in a total that was read. */
typedef struct sy_total_share {
    const char *layer;
    double ns, fraction;
    const struct sy_row *row;
    uint64_t count;
} sy_total_share;

/**
 * Energy of one pass of a model by one meter: added up from its rows, or measured as one mix. Not known is
 * absent, as in sy_row_energy. Begin with sy_total_energy_init().
 *
 * source, scope   as in sy_row_energy.
 * joule_per_pass  gross; flop_per_joule: of the matrix work. watt: mean over the pass.
 * u_random, u_systematic  relative standard uncertainties of joule_per_pass; no u_systematic: the gain is not
 *                 known.
 * valid           no: `reasons` say why; a sum has no number then, a mix keeps it.
 */
typedef struct sy_total_energy {
    const char *source, *scope;
    double joule_per_pass, watt, flop_per_joule, u_random, u_systematic;
    sy_tri valid;
    sy_text_list reasons;
} sy_total_energy;

/** Entries, one a meter. */
typedef struct sy_total_energies {
    const sy_total_energy *item;
    size_t count;
} sy_total_energies;

/**
 * Sum over count x median of one model, phase and token count on one device: matrix work only, a bound.
 *
 * tokens      a pass (T), or SY_NO_COUNT for a network; images: batch of a network's convolutions, or
 *             SY_NO_COUNT.
 * ns, ci95_ns of one pass. NaN if a row is missing; then `missing` names those.
 * per_s       tokens or images a second as `unit` says ("tokens/s", "images/s", "passes/s" for networks over
 *             sequences); NaN if ns is.
 * dtype, math as in the problems' strings; "mixed" if the layers differ.
 * ops         what it is made of: "gemm", "conv2d", "gemm+conv2d".
 * energy      sum over count x joule_per_run, one entry for every meter that any of the rows has, or
 *             energy_reason: why there is none.
 * mix         measured: the layers launched in turn, each as often as a pass has it. Filled by whoever
 *             measured it, never by adding up.
 * rows        that belong to it, present or not; unstable: those whose interval is not to be trusted.
 */
typedef struct sy_total {
    const char *device, *device_name, *algorithm, *model, *phase, *dtype, *math, *data, *cache, *unit, *ops;
    uint64_t process, tokens, images, rows, unstable, flop;
    double ns, ci95_ns[2], per_s, flop_per_s;
    sy_text_list missing;
    struct {
        const sy_total_share *item;
        size_t count;
    } share;
    sy_total_energies energy, mix;
    const char *energy_reason;
    sy_tri simulated;
} sy_total;

/**
 * One ceiling of a device: name ("fma", "dot", "triad", "cache", "copy h2d"), its type and where it applies,
 * value in `unit` ("flop/s", "byte/s") with its interval, and how it was found.
 */
typedef struct sy_peak {
    const char *device, *device_name, *physical_id, *name, *dtype, *unit, *method, *source, *reason;
    double value, ci95[2];
    uint64_t byte, threads;
    sy_tri simulated;
} sy_peak;

/** The fields as they are written to a record. */
extern const sy_field_table sy_total_fields;
extern const sy_field_table sy_total_energy_fields;
extern const sy_field_table sy_peak_fields;

/** Every field absent. */
void sy_total_init(sy_total *out_total);
void sy_total_energy_init(sy_total_energy *out_energy);
void sy_peak_init(sy_peak *out_peak);

#endif
