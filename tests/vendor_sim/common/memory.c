#include "tests/vendor_sim/common/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#define PAGE 4096u
#define CANARY_BYTES 64u
#define CANARY 0x5C
#define GARBAGE 0xA5
#define GARBAGE_BYTES_MAX (UINT64_C(16) << 20) /* more would take its time, and the host's memory */

static struct {
    sim_allocation *allocation;
    size_t used, capacity;
    uint64_t taken[SIM_DEVICES_MAX];
} memory;

uint64_t sim_memory_total_bytes(int device) {
    return (uint64_t)sim_number(device, "memory", INT64_C(1) << 30);
}

/* A world with less memory may begin only when nothing is taken. */
uint64_t sim_memory_free_bytes(int device) {
    uint64_t total = sim_memory_total_bytes(device);
    return total > memory.taken[device] ? total - memory.taken[device] : 0;
}

static void *pages(uint64_t bytes, int protection) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *address = mmap(NULL, bytes, protection, flags, -1, 0);
    return address == MAP_FAILED ? NULL : address;
}

/* Of the device's address: with a page behind, so that two allocations never touch. */
static uint64_t reserved_bytes(uint64_t bytes) {
    return (bytes + PAGE - 1) / PAGE * PAGE + PAGE;
}

static void *add(int device, uint64_t bytes) {
    if (memory.used == memory.capacity) {
        size_t capacity = memory.capacity == 0 ? 64 : memory.capacity * 2;
        sim_allocation *larger = realloc(memory.allocation, capacity * sizeof *larger);
        if (larger == NULL)
            return NULL;
        memory.allocation = larger;
        memory.capacity = capacity;
    }
    char *view = pages(bytes + CANARY_BYTES, PROT_READ | PROT_WRITE);
    if (view == NULL)
        return NULL;
    char *address = device < 0 ? view : pages(reserved_bytes(bytes), PROT_NONE);
    if (address == NULL) {
        munmap(view, bytes + CANARY_BYTES);
        return NULL;
    }
    memset(view, GARBAGE, bytes < GARBAGE_BYTES_MAX ? bytes : GARBAGE_BYTES_MAX);
    memset(view + bytes, CANARY, CANARY_BYTES);
    memory.allocation[memory.used++] = (sim_allocation){address, view, bytes, device};
    sim_made(device < 0 ? "pinned" : "memory");
    return address;
}

void *sim_memory_alloc(int device, uint64_t bytes) {
    if (bytes == 0 || bytes > sim_memory_free_bytes(device))
        return NULL;
    void *address = add(device, bytes);
    if (address != NULL)
        memory.taken[device] += bytes;
    return address;
}

void *sim_memory_alloc_pinned(uint64_t bytes) {
    return bytes == 0 || bytes > UINT64_MAX / 2 ? NULL : add(-1, bytes);
}

static void release(size_t index) {
    sim_allocation one = memory.allocation[index];
    for (size_t i = 0; i < CANARY_BYTES; i++)
        if (one.view[one.bytes + i] != CANARY) {
            sim_misuse("write_beyond_allocation");
            break;
        }
    munmap(one.view, one.bytes + CANARY_BYTES);
    if (one.device >= 0) {
        munmap(one.address, reserved_bytes(one.bytes));
        memory.taken[one.device] -= one.bytes;
    }
    sim_gone(one.device < 0 ? "pinned" : "memory");
    memory.allocation[index] = memory.allocation[--memory.used];
}

bool sim_memory_free(void *address, bool is_pinned) {
    for (size_t i = 0; i < memory.used; i++) {
        const sim_allocation *one = &memory.allocation[i];
        if (one->address == address && (one->device < 0) == is_pinned) {
            release(i);
            return true;
        }
    }
    sim_misuse("free_of_nothing");
    return false;
}

bool sim_memory_find(const void *address, uint64_t bytes, sim_allocation *out_allocation) {
    for (size_t i = 0; i < memory.used; i++) {
        const sim_allocation *one = &memory.allocation[i];
        uint64_t offset = (uint64_t)(uintptr_t)address - (uint64_t)(uintptr_t)one->address;
        if (offset < one->bytes && bytes <= one->bytes - offset) {
            *out_allocation = *one;
            return true;
        }
    }
    return false;
}

void *sim_memory_view(int device, const void *address, uint64_t bytes) {
    sim_allocation one;
    if (!sim_memory_find(address, bytes, &one) || one.device < 0 || (device >= 0 && one.device != device))
        return NULL;
    return one.view + ((const char *)address - one.address);
}

__attribute__((destructor)) static void end(void) {
    free(memory.allocation);
    memory.allocation = NULL;
    memory.used = memory.capacity = 0;
}
