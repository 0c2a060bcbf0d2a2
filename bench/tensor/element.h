/* Elements of every type that a network has, to f64 and back. */
#ifndef STEELYARD_TENSOR_ELEMENT_H
#define STEELYARD_TENSOR_ELEMENT_H

#include <stdbool.h>
#include <stdint.h>

/** Whether it is one of floating point. */
bool sy_element_is_float(uint32_t dtype);

/** The least and the largest value of a whole type; of 64 bits what f64 holds exactly. */
void sy_element_range(uint32_t dtype, double *out_least, double *out_most);

/** `count` elements to f64 (64-bit integers rounded), and back: whole types round to nearest and saturate.
 * Nothing for types without elements. */
void sy_element_to_f64(uint32_t dtype, const void *source, uint64_t count, double *out_values);
void sy_element_from_f64(uint32_t dtype, const double *source, uint64_t count, void *out_elements);

#endif
