#include "tests/vendor_sim/common/count.h"

#include <stdio.h>
#include <string.h>

const sim_count *sim_count_find(const sim_counts *counts, const char *name) {
    for (int i = 0; i < counts->used; i++)
        if (strcmp(counts->count[i].name, name) == 0)
            return &counts->count[i];
    return NULL;
}

sim_count *sim_count_of(sim_counts *counts, const char *name) {
    for (int i = 0; i < counts->used; i++)
        if (strcmp(counts->count[i].name, name) == 0)
            return &counts->count[i];
    if (counts->used == SIM_COUNTS_MAX)
        sim_die("more than %d names to count", SIM_COUNTS_MAX);
    sim_count *count = &counts->count[counts->used++];
    *count = (sim_count){.alive = 0};
    snprintf(count->name, sizeof count->name, "%s", name);
    return count;
}
