/* One element of any type as f64 and back: for the reference, where speed does not matter. */
#ifndef BACKENDS_CPU_ELEMENT_H
#define BACKENDS_CPU_ELEMENT_H

#include <stdbool.h>
#include <stdint.h>

/** Element `index` of an array of `dtype` (SY_F64 ... SY_S32), exactly. */
double sy_cpu_element_load(uint32_t dtype, const void *array, int64_t index);

/**
 * Store `value` as element `index`: floating-point types rounded once, to nearest even, integers likewise and
 * saturated (NaN becomes 0). `wraps`: an s32 holds whole numbers modulo 2^32 instead, as sums of products do.
 */
void sy_cpu_element_store(uint32_t dtype, bool wraps, double value, void *array, int64_t index);

#endif
