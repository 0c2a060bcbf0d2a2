/*
 * Elements of any numeric type in one of four forms, a chunk at a time, so that an operator is written once a
 * form: f32 for it and the narrower floating types, f64, and 64-bit integers for all others. Going back,
 * floating types are rounded to nearest even, integers keep their low bits (what arithmetic modulo 2^n asks
 * for) and bool is 0 or 1.
 */
#ifndef RUNTIME_MODEL_OPS_CHUNK_H
#define RUNTIME_MODEL_OPS_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "steelyard/model.h"

enum { SY_OPS_F32, SY_OPS_F64, SY_OPS_S64, SY_OPS_U64 };

/** Most elements of a chunk. */
#define SY_OPS_CHUNK 512

typedef union sy_ops_chunk {
    float f32[SY_OPS_CHUNK];
    double f64[SY_OPS_CHUNK];
    int64_t s64[SY_OPS_CHUNK];
    uint64_t u64[SY_OPS_CHUNK];
} sy_ops_chunk;

/** Sets of types: SY_OPS_TYPE(SY_F32) | ... */
#define SY_OPS_TYPE(dtype) (UINT32_C(1) << ((dtype) < 64 ? (dtype) : (dtype)-64 + 16))
#define SY_OPS_FLOATS (SY_OPS_TYPE(SY_F32) | SY_OPS_TYPE(SY_F64) | SY_OPS_TYPE(SY_F16) | SY_OPS_TYPE(SY_BF16))
#define SY_OPS_F8 (SY_OPS_TYPE(SY_F8E4M3) | SY_OPS_TYPE(SY_F8E5M2))
#define SY_OPS_SIGNED (SY_OPS_TYPE(SY_S8) | SY_OPS_TYPE(SY_S16) | SY_OPS_TYPE(SY_S32) | SY_OPS_TYPE(SY_S64))
#define SY_OPS_UNSIGNED (SY_OPS_TYPE(SY_U8) | SY_OPS_TYPE(SY_U16) | SY_OPS_TYPE(SY_U32) | SY_OPS_TYPE(SY_U64))
#define SY_OPS_BOOL SY_OPS_TYPE(SY_BOOL)
#define SY_OPS_NUMBERS (SY_OPS_FLOATS | SY_OPS_SIGNED | SY_OPS_UNSIGNED)

/** Whether a type (any number) is in a set. */
bool sy_ops_is_in(uint32_t dtype, uint32_t set);

/** The form that holds all values of a type. */
uint32_t sy_ops_form(uint32_t dtype);

/** Smallest and largest value of an integer type, as an integer of 64 bits each (u64: out_high is all ones).
 */
void sy_ops_range(uint32_t dtype, int64_t *out_low, uint64_t *out_high);

/** Elements first, first + step, ... (count <= SY_OPS_CHUNK) of `data` into the form of their type. */
void sy_ops_load(
    uint32_t dtype, const void *data, int64_t first, int64_t step, int64_t count, sy_ops_chunk *out);

/** The way back: from the form of `dtype`. */
void sy_ops_store(
    uint32_t dtype, const sy_ops_chunk *in, int64_t first, int64_t step, int64_t count, void *data);

/** As sy_ops_load() into f64, whatever the type (64-bit integers are rounded). */
void sy_ops_load_f64(
    uint32_t dtype, const void *data, int64_t first, int64_t step, int64_t count, double *out);

/** f64 to any type: floating types rounded once, integers to nearest even and saturated (NaN: 0). */
void sy_ops_store_f64(
    uint32_t dtype, const double *in, int64_t first, int64_t step, int64_t count, void *data);

#endif
