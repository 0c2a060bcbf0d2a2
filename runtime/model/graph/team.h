/* Threads and instruction set that an operator on the host may use. */
#ifndef RUNTIME_MODEL_GRAPH_TEAM_H
#define RUNTIME_MODEL_GRAPH_TEAM_H

#include <stdbool.h>
#include <stdint.h>

/** Items begin .. end - 1 of a loop. */
typedef void sy_team_fn(void *arg, int64_t begin, int64_t end);

/**
 * threads   that may work at once, >= 1.
 * isa       SY_ISA_* of kernels/gemm/gemm_types.h that the processor has.
 * parallel  call fn for shares of 0 .. count - 1, all of them, and return when all are done; NULL: no
 * threads.
 */
typedef struct sy_team {
    int threads;
    uint32_t isa;
    void (*parallel)(void *ctx, int64_t count, sy_team_fn *fn, void *arg);
    void *ctx;
} sy_team;

/**
 * fn over 0 .. count - 1 in shares; on one thread if count items of `item_cost` each (about: elements moved
 * or FLOP) are not worth a second one. count <= 0: nothing. `team` may be NULL: this thread alone.
 */
void sy_team_for(const sy_team *team, int64_t count, int64_t item_cost, sy_team_fn *fn, void *arg);

#endif
