/* Counters by name. */
#ifndef TESTS_VENDOR_SIM_COMMON_COUNT_H
#define TESTS_VENDOR_SIM_COMMON_COUNT_H

#include <stdint.h>

#include "tests/vendor_sim/common/world.h"

#define SIM_COUNTS_MAX 512

typedef struct sim_count {
    char name[SIM_NAME_MAX];
    int64_t alive, made;
} sim_count;

/** In order of appearance. */
typedef struct sim_counts {
    int used;
    sim_count count[SIM_COUNTS_MAX];
} sim_counts;

/** The counter of that name, made if there is none. */
sim_count *sim_count_of(sim_counts *counts, const char *name);
/** The same, NULL if there is none. */
const sim_count *sim_count_find(const sim_counts *counts, const char *name);

#endif
