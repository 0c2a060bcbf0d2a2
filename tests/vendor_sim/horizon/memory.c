#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/horizon/bpu.h"

enum { LINE = 64, PAGE = 4096, CANARY = 64, GARBAGE = 0xA5, MARK = 0x5C };

/* address: what the program has, the processor's cache; seen: it as of the last flush; view: the BPU's side,
 * the same memory if it is not cached. */
typedef struct allocation {
    struct allocation *next;
    unsigned char *address, *seen, *view;
    uint64_t physical, bytes;
    int users;
} allocation;

static allocation *allocations;

static uint64_t taken(void) {
    uint64_t bytes = 0;
    for (const allocation *each = allocations; each != NULL; each = each->next)
        bytes += each->bytes;
    return bytes;
}

static unsigned char *pages(uint64_t bytes) {
    unsigned char *memory = aligned_alloc(PAGE, (bytes + CANARY + PAGE - 1) / PAGE * PAGE);
    if (memory == NULL)
        sim_die("the host has no memory");
    memset(memory, GARBAGE, bytes);
    memset(memory + bytes, MARK, CANARY);
    return memory;
}

int32_t bpu_memory_make(hbSysMem *memory, uint64_t bytes, bool is_cached) {
    uint64_t most = (uint64_t)sim_number(SIM_NO_DEVICE, "memory", 256 << 20), used = taken();
    if (memory == NULL || bytes == 0)
        return HZ_WRONG_MEMORY;
    if (bytes > most || used > most - bytes)
        return HZ_NO_MEMORY;
    allocation *one = calloc(1, sizeof *one);
    if (one == NULL)
        sim_die("the host has no memory");
    one->bytes = bytes;
    one->address = pages(bytes);
    one->view = is_cached ? pages(bytes) : one->address;
    one->seen = is_cached ? pages(bytes) : one->address;
    int64_t *next = sim_slot("physical");
    one->physical = UINT64_C(0x80000000) + (uint64_t)*next;
    *next += (int64_t)((bytes + 2 * PAGE - 1) / PAGE * PAGE);
    one->next = allocations;
    allocations = one;
    memory->phyAddr = one->physical;
    memory->virAddr = one->address;
    memory->memSize = (hz_memory_size)bytes;
    sim_made(HZ_MEMORY);
    return 0;
}

/* The allocation that those bytes lie in, with the physical address that it has. */
static allocation *find(const hbSysMem *memory, uint64_t bytes) {
    const unsigned char *address = memory->virAddr;
    for (allocation *each = allocations; each != NULL; each = each->next) {
        uint64_t offset = (uint64_t)(address - each->address);
        if (address >= each->address && offset <= each->bytes && bytes <= each->bytes - offset &&
            memory->phyAddr == each->physical + offset)
            return each;
    }
    return NULL;
}

static void free_pages(allocation *one) {
    for (int i = 0; i < CANARY; i++)
        if (one->address[one->bytes + (uint64_t)i] != MARK || one->view[one->bytes + (uint64_t)i] != MARK) {
            sim_misuse("write_beyond_allocation");
            break;
        }
    if (one->view != one->address) {
        free(one->view);
        free(one->seen);
    }
    free(one->address);
    free(one);
}

int32_t bpu_memory_free(hbSysMem *memory) {
    allocation *one = memory != NULL ? find(memory, 0) : NULL;
    if (one == NULL || one->address != memory->virAddr) {
        sim_misuse("free_of_nothing");
        return HZ_WRONG_MEMORY;
    }
    if (one->users > 0) {
        sim_misuse("freed_in_use");
        sim_device_sync(0);
    }
    allocation **link = &allocations;
    while (*link != one)
        link = &(*link)->next;
    *link = one->next;
    free_pages(one);
    sim_gone(HZ_MEMORY);
    return 0;
}

static void clean(allocation *one, uint64_t from, uint64_t to) {
    for (uint64_t at = from / LINE * LINE; at < to; at += LINE) {
        uint64_t bytes = one->bytes - at < LINE ? one->bytes - at : LINE;
        if (memcmp(one->address + at, one->seen + at, bytes) == 0)
            continue;
        memcpy(one->view + at, one->address + at, bytes);
        memcpy(one->seen + at, one->address + at, bytes);
    }
}

int32_t bpu_memory_flush(const hbSysMem *memory, int32_t flag) {
    allocation *one = memory != NULL ? find(memory, memory->memSize) : NULL;
    if (one == NULL || (flag != HB_SYS_MEM_CACHE_INVALIDATE && flag != HB_SYS_MEM_CACHE_CLEAN)) {
        sim_misuse("flush_of_nothing");
        return HZ_WRONG_MEMORY;
    }
    if (one->view == one->address)
        return 0;
    uint64_t from = (uint64_t)((unsigned char *)memory->virAddr - one->address);
    clean(one, from, from + memory->memSize);
    if (flag == HB_SYS_MEM_CACHE_INVALIDATE) {
        memcpy(one->address + from, one->view + from, memory->memSize);
        memcpy(one->seen + from, one->view + from, memory->memSize);
    }
    return 0;
}

unsigned char *bpu_memory_view(const hbSysMem *memory, uint64_t bytes) {
    allocation *one = find(memory, bytes);
    if (one == NULL) {
        sim_misuse("memory_not_there");
        return NULL;
    }
    one->users++;
    return one->view + ((unsigned char *)memory->virAddr - one->address);
}

void bpu_memory_done(const unsigned char *view) {
    for (allocation *each = allocations; each != NULL; each = each->next)
        if (view >= each->view && view < each->view + each->bytes)
            each->users--;
}
