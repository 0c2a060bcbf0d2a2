/* How many copies of each operand a measurement needs. */
#include "bench/measure/ring.h"

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

static const char *const cache_names[] = {"hot", "weights", "cold"};
enum { CACHE_COUNT = sizeof cache_names / sizeof *cache_names, LEAST_OUTPUTS = 2 };

const char *sy_cache_name(int cache) {
    return cache >= 0 && cache < CACHE_COUNT ? cache_names[cache] : "?";
}

int sy_cache_parse(const char *name) {
    for (int cache = 0; cache < CACHE_COUNT; cache++)
        if (name != NULL && strcmp(name, cache_names[cache]) == 0)
            return cache;
    return -1;
}

static uint64_t least_of(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static uint64_t most_of(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* Bytes of a layout; false on overflow. */
static bool sum_bytes(const sy_ring_request *request, const sy_ring *ring, uint64_t *out_bytes) {
    uint64_t weights, activations, outputs, sum;
    return sy_mul_u64(ring->weights, request->weights_bytes, &weights) &&
           sy_mul_u64(ring->activations, request->activation_bytes, &activations) &&
           sy_mul_u64(ring->outputs, request->output_bytes, &outputs) &&
           sy_add_u64(weights, activations, &sum) && sy_add_u64(sum, outputs, out_bytes);
}

/* Sets of `set_bytes` each that make up `wanted_bytes`, within what `free_bytes` allows beyond the first;
 * at least one. */
static uint64_t count_sets(uint64_t set_bytes, uint64_t wanted_bytes, uint64_t free_bytes) {
    if (set_bytes == 0)
        return 1;
    uint64_t wanted = wanted_bytes / set_bytes + (wanted_bytes % set_bytes != 0);
    uint64_t possible = free_bytes / set_bytes; /* at most 2^64 - 1: one more cannot wrap below */
    possible = least_of(possible, SY_RING_MAX_SETS - 1) + 1;
    return most_of(1, least_of(wanted, possible));
}

/* Bytes of one set of everything that rotates under a cache mode (the caller made sure that they add up). */
static uint64_t rotating_set(const sy_ring_request *request) {
    switch (request->cache) {
    case SY_CACHE_WEIGHTS: return request->weights_bytes;
    case SY_CACHE_COLD: return request->weights_bytes + request->activation_bytes + request->output_bytes;
    default: return 0;
    }
}

static sy_status check_request(const sy_ring_request *request, sy_error *err) {
    if (request->cache < 0 || request->cache >= CACHE_COUNT)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "cache mode %d is not hot, weights or cold", request->cache);
    if (request->cache_bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "the size of the last-level cache is 0");
    if (request->weights_bytes == 0 && request->activation_bytes == 0 && request->output_bytes == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no operand has any bytes");
    return SY_OK;
}

/* One set of inputs and two outputs must fit, whatever the mode. */
static sy_status start_least(const sy_ring_request *request, sy_ring *ring, sy_error *err) {
    *ring = (sy_ring){.weights = 1, .activations = 1, .outputs = LEAST_OUTPUTS};
    uint64_t wanted;
    if (!sum_bytes(request, ring, &ring->total_bytes) ||
        !sy_mul_u64(request->cache_bytes, SY_RING_CACHE_MULTIPLE, &wanted))
        return sy_error_set(err, SY_OVERFLOW, "operand or cache sizes exceed 64 bits");
    if (ring->total_bytes > request->memory_bytes)
        return sy_error_set(err, SY_OUT_OF_MEMORY,
            "one set of inputs and two outputs need %" PRIu64 " bytes, %" PRIu64 " are free",
            ring->total_bytes, request->memory_bytes);
    return SY_OK;
}

/* Rotate what the mode wants rotated, as far as the memory goes. */
static void add_sets(const sy_ring_request *request, sy_ring *ring) {
    uint64_t wanted = request->cache_bytes * SY_RING_CACHE_MULTIPLE, set = rotating_set(request);
    /* COLD: the second output slot is part of the second set. */
    uint64_t first = request->cache == SY_CACHE_COLD ? set : ring->total_bytes;
    uint64_t free_bytes = request->memory_bytes - first;
    uint64_t sets = count_sets(set, wanted, free_bytes);
    if (set == 0)
        return;
    ring->weights = request->weights_bytes > 0 ? sets : 1;
    if (request->cache == SY_CACHE_COLD) {
        ring->activations = request->activation_bytes > 0 ? sets : 1;
        ring->outputs = request->output_bytes > 0 ? most_of(sets, LEAST_OUTPUTS) : LEAST_OUTPUTS;
    }
    ring->rotating_bytes = sets * set;
    ring->is_partial = ring->rotating_bytes < wanted;
}

/* beta != 0: a slot for each launch of a batch, or as many as fit; they limit the batch. */
static void add_slots(const sy_ring_request *request, sy_ring *ring) {
    uint64_t left = request->memory_bytes - ring->total_bytes;
    uint64_t room = request->output_bytes > 0 ? left / request->output_bytes : SY_RING_MAX_SETS;
    uint64_t slots = least_of(
        least_of(request->launches, SY_RING_MAX_SETS), ring->outputs + least_of(room, SY_RING_MAX_SETS));
    ring->outputs = most_of(ring->outputs, slots);
    ring->max_launches = ring->outputs;
}

sy_status sy_ring_plan(const sy_ring_request *request, sy_ring *out_ring, sy_error *err) {
    *out_ring = (sy_ring){0};
    sy_ring ring;
    sy_status status = check_request(request, err);
    if (status == SY_OK)
        status = start_least(request, &ring, err);
    if (status != SY_OK)
        return status;
    add_sets(request, &ring);
    (void)sum_bytes(request, &ring, &ring.total_bytes); /* within the memory: cannot overflow */
    if (request->reads_output)
        add_slots(request, &ring);
    (void)sum_bytes(request, &ring, &ring.total_bytes);
    ring.period = most_of(ring.weights, most_of(ring.activations, ring.outputs));
    *out_ring = ring;
    return SY_OK;
}
