/* A world in which instances take as long as they are told and time passes only when somebody waits. */
#ifndef TESTS_TRAFFIC_WORLD_H
#define TESTS_TRAFFIC_WORLD_H

#include "bench/traffic/traffic.h"

enum { WORLD_INSTANCES = 16, WORLD_RUNS = 65536 };

/**
 * run_ns, sample_ns  a run takes run_ns + samples x sample_ns; a tenth of it each way is copying.
 * repeated_ns        if not 0, what a run takes whose set was the one before on that instance.
 * work               every run as it was given, with the time; is_cancelled_at: 0: never, else after so many.
 */
typedef struct world {
    uint64_t now_ns, run_ns, sample_ns, repeated_ns, last_set[WORLD_INSTANCES];
    uint64_t is_cancelled_at, fails_at;
    bool busy[WORLD_INSTANCES];
    sy_traffic_done done[WORLD_INSTANCES];
    sy_traffic_work work[WORLD_RUNS];
    uint64_t given_ns[WORLD_RUNS];
    uint64_t runs, most_busy;
} world;

/** Functions on `w`, which begins at its now_ns. */
sy_traffic_world world_of(world *w);

/** Settings of a phase: a scenario with one instance, batch 1, one sample a query, 4 sets, seed 1. */
sy_traffic_settings world_settings(uint32_t scenario);

#endif
