/* What cost models assume of a graphics card beyond its traits: numbers that no driver tells. */
#ifndef BACKENDS_OPENCL_CARD_H
#define BACKENDS_OPENCL_CARD_H

#include "backends/opencl/traits.h"

/**
 * A card, by its vendor or as most are.
 *
 * units          parts that each have local memory and run whole work-groups: the driver's compute units, or
 *                several of them together.
 * lanes          multiply-adds a cycle of a unit, in f32.
 * registers      of 32 bits a lane; registers_most: that a work-item is estimated to have when it begins to
 *                spill (what is uniform lies elsewhere on some).
 * items, groups  work-items a lane and work-groups that a unit holds at a time.
 * latency        cycles from a load of memory to its use.
 * local_rate, cache_rate, memory_rate  bytes a cycle of a unit: local memory, outer caches, its share of
 *                memory.
 * launch         cycles that a second kernel costs.
 *
 * Sources: the vendors' descriptions of their architectures (NVIDIA Ampere and Hopper, AMD RDNA and CDNA,
 * Intel Xe, Arm Valhall, Qualcomm Adreno's OpenCL guide), rounded; latencies and rates are those of none in
 * particular.
 */
typedef struct ocl_card {
    double units, lanes, registers, registers_most, items, groups;
    double latency, local_rate, cache_rate, memory_rate, launch;
} ocl_card;

/** Of a device that is no processor; also harmless for one. */
ocl_card ocl_card_of(const ocl_traits *traits);

#endif
