/* What the first use of an operator on tensors of a sort costs: kernels are compiled or loaded. */
#include "tests/vendor_sim/ascend/op.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

/* Hashes of what was used. */
static struct {
    uint64_t *hash;
    size_t used, capacity;
} seen;

static uint64_t mix(uint64_t hash, const void *data, size_t bytes) {
    const unsigned char *byte = data;
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t hash_of(const as_plan *plan, const char *when) {
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), plan->op, strlen(plan->op));
    hash = mix(hash, when, strlen(when));
    hash = mix(hash, &plan->device, sizeof plan->device);
    for (uint32_t i = 0; i < plan->count; i++) {
        hash = mix(hash, &plan->tensor[i].type, sizeof plan->tensor[i].type);
        hash = mix(hash, plan->tensor[i].dim, sizeof plan->tensor[i].dim);
    }
    return hash;
}

static bool remember(uint64_t hash) {
    int64_t *count = sim_slot("first_times"); /* 0: in a new world nothing was used */
    seen.used = (size_t)*count;
    for (size_t i = 0; i < seen.used; i++)
        if (seen.hash[i] == hash)
            return false;
    if (seen.used == seen.capacity) {
        size_t capacity = seen.capacity == 0 ? 64 : seen.capacity * 2;
        uint64_t *larger = realloc(seen.hash, capacity * sizeof *larger);
        if (larger == NULL)
            sim_die("the host has no memory");
        seen.hash = larger;
        seen.capacity = capacity;
    }
    seen.hash[seen.used++] = hash;
    ++*count;
    return true;
}

void as_first_time(const as_plan *plan, const char *when) {
    int64_t us = sim_number(plan->device, "jit_us", 0);
    if (us <= 0 || !as_is_word("jit_at", "plan", when) || !remember(hash_of(plan, when)))
        return;
    struct timespec time = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    nanosleep(&time, NULL);
}

__attribute__((destructor)) static void end(void) {
    free(seen.hash);
    seen.hash = NULL;
    seen.used = seen.capacity = 0;
}
