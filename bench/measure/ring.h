/* How many copies of each operand a measurement needs, so that caches are as hot or cold as promised. */
#ifndef STEELYARD_MEASURE_RING_H
#define STEELYARD_MEASURE_RING_H

#include "steelyard/status.h"
#include <stdbool.h>

/*
 * What the last-level cache holds at a launch.
 * HOT: everything that fits. One set of inputs, two output slots.
 * WEIGHTS: weights rotate through more than the cache, activations stay warm: a layer inside a model.
 * COLD: weights, activations and outputs all rotate.
 */
enum { SY_CACHE_HOT = 0, SY_CACHE_WEIGHTS = 1, SY_CACHE_COLD = 2 };

/** Name as in a key: "hot", "weights", "cold". Static; "?" for another number. */
const char *sy_cache_name(int cache);

/** Number of a name, -1 if unknown. */
int sy_cache_parse(const char *name);

/** Rotating sets hold at least this many times the last-level cache together. */
enum { SY_RING_CACHE_MULTIPLE = 3, SY_RING_MAX_SETS = 4096 };

/**
 * What is to be laid out.
 *
 * weights_bytes, activation_bytes, output_bytes   one set of each class, as stored on the device (0: none).
 * cache_bytes     the last-level cache, > 0.
 * memory_bytes    what all sets together may take.
 * reads_output    beta != 0: one output slot per launch of a batch, `launches` of them if they fit.
 */
typedef struct sy_ring_request {
    int cache;
    uint64_t weights_bytes, activation_bytes, output_bytes, cache_bytes, memory_bytes;
    bool reads_output;
    uint64_t launches;
} sy_ring_request;

/**
 * The layout. Launch i uses set i % X of class X; launches repeat their operands after `period` launches at
 * the latest (the largest count of the three), which is the number of bindings to make:
 * binding b = i % period uses set b % X of class X.
 *
 * weights, activations, outputs   sets of each class; >= 1 (a class of 0 bytes has 1); outputs >= 2.
 * total_bytes     of all sets.
 * rotating_bytes  of the classes that rotate under `cache`.
 * is_partial      COLD or WEIGHTS, and 3 x cache could not be reached within the memory or SY_RING_MAX_SETS:
 *                 the row says `cold_partial`.
 * max_launches    most launches of a batch (reads_output: the output slots); 0: no limit.
 */
typedef struct sy_ring {
    uint64_t weights, activations, outputs, period;
    uint64_t total_bytes, rotating_bytes, max_launches;
    bool is_partial;
} sy_ring;

/**
 * Work out the ring.
 * Errors   SY_OUT_OF_MEMORY: not even one set and two outputs fit; needed and given bytes are in `err` (a
 *          row's `unsupported`). SY_OVERFLOW: the sizes exceed 64 bits. SY_INVALID_ARGUMENT: unknown cache
 *          mode, no cache size, everything of 0 bytes. *out_ring is all 0 then.
 */
sy_status sy_ring_plan(const sy_ring_request *request, sy_ring *out_ring, sy_error *err);

#endif
