/*
 * Memory of the devices. An address of a device can be computed with, and handed over, but neither read nor
 * written by the host: nothing lies there. The simulation has the bytes elsewhere, at the `view`. Behind each
 * allocation lie bytes that are checked when it is freed: misuse "write_beyond_allocation".
 */
#ifndef TESTS_VENDOR_SIM_COMMON_MEMORY_H
#define TESTS_VENDOR_SIM_COMMON_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/** device: -1 for pinned host memory, whose address is its view. */
typedef struct sim_allocation {
    char *address, *view;
    uint64_t bytes;
    int device;
} sim_allocation;

/** Pages of a device; NULL if its `memory` (bytes, 1G by default) does not have them. Filled with 0xA5. */
void *sim_memory_alloc(int device, uint64_t bytes);
/** Pinned host memory; NULL if the host has none. */
void *sim_memory_alloc_pinned(uint64_t bytes);

/**
 * Free what one of the two gave. is_pinned: which one it must be of. False, and misuse "free_of_nothing": it
 * is no beginning of such an allocation. The caller waits for the device before (sim_device_sync()).
 */
bool sim_memory_free(void *address, bool is_pinned);

/** The allocation that [address, address + bytes) lies in as a whole; false if there is none. */
bool sim_memory_find(const void *address, uint64_t bytes, sim_allocation *out_allocation);

/** Where the simulation has the bytes of that range; NULL unless it is memory of that device (-1: of any). */
void *sim_memory_view(int device, const void *address, uint64_t bytes);

/** Bytes of a device that are not taken, and all. */
uint64_t sim_memory_free_bytes(int device);
uint64_t sim_memory_total_bytes(int device);

#pragma GCC visibility pop
#endif
