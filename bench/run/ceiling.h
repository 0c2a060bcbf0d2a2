/* The ceilings of a device that rows are set against: arithmetic by type, memory by reading. */
#ifndef STEELYARD_RUN_CEILING_H
#define STEELYARD_RUN_CEILING_H

#include "steelyard/spec.h"
#include "steelyard/types.h"

/**
 * Ceilings of one device; NaN where none was measured. All by microkernel: FMA and dot-product chains, a read
 * stream.
 *
 * flop_per_s[dtype]  by input type. byte_per_s: of memory.
 */
typedef struct sy_ceilings {
    double flop_per_s[SY_DTYPE_COUNT];
    double byte_per_s;
} sy_ceilings;

/** A row whose rate is more than this times its ceiling is suspect. */
#define SY_CEILING_SLACK 1.02

/** Nothing is known. */
void sy_ceilings_init(sy_ceilings *out_ceilings);

/**
 * The problem whose rate is the arithmetic ceiling for rows of `spec`, with `flop` FLOP a launch; false if
 * there is none (copies, streams). Narrow floats whose arithmetic a CPU does in f32 are set against their own
 * type's ceiling where there is one.
 */
bool sy_ceiling_problem(const sy_spec *spec, uint64_t flop, char *out_text, size_t capacity);

/** The problem whose rate is the memory ceiling. */
void sy_ceiling_memory_problem(uint64_t cache_bytes, char *out_text, size_t capacity);

/** Fractions of a rate: of the arithmetic ceiling, and of the roofline min(ceiling, intensity x memory). NaN:
 * unknown. */
void sy_ceiling_fractions(const sy_ceilings *ceilings, const sy_spec *spec, uint64_t flop, uint64_t byte,
    double seconds, double *out_of_ceiling, double *out_of_roofline);

#endif
