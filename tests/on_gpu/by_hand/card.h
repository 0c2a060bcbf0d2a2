/* The card: memory filled with what our own runs compute on, and the time of launches by events. */
#ifndef STEELYARD_BY_HAND_CARD_H
#define STEELYARD_BY_HAND_CARD_H

#include "tests/on_gpu/by_hand/library.h"
#include "tests/on_gpu/by_hand/power.h"
#include "tests/on_gpu/by_hand/problem.h"

enum { WORKSPACE_BYTES = 32 << 20 };

typedef struct card {
    library lib;
    meter meter;
    cudaStream_t stream;
    cudaEvent_t begin, end;
    cublasLtHandle_t lt;
    void *workspace;
    int64_t cache_bytes;
    char pci[32];
    bool is_lost; /* a call failed that would fail again: nothing more is tried */
    char reason[256];
} card;

/** Open device 0. False with a reason. */
bool card_open(card *c);

/** Print one JSON line with name, clocks, driver, libraries and their paths. */
void card_describe(const card *c);

/** True if a runtime call succeeded; else keeps its words in `reason`. */
bool card_ok(card *c, cudaError_t status, const char *call);

/** Device memory of `bytes`, filled with values of a type, uniform in [-1, 1] (s8: all of its range). NULL
 * with a reason. */
void *card_filled(card *c, size_t bytes, type t);
void card_free(card *c, void *memory);

/**
 * Sets of an operand that is to come from memory: three times the last-level cache together, as in our own
 * runs with `--cache weights`, at most 4096 sets and 16 GiB.
 */
int64_t card_sets(const card *c, size_t bytes);

/* One launch on the card's stream; `index` counts launches, for sets to rotate. False: it failed. */
typedef bool launch_fn(void *ctx, int64_t index);

typedef struct timed {
    double ns, min_ns,
        graph_ns; /* median and least of a launch; the same launches replayed as a graph, 0: not done */
    int batches;
    int64_t launches; /* of a batch */
    unsigned sm_mhz, power_mw, mem_mhz;
} timed;

/** A short measurement, to rank candidates. */
bool card_rank(card *c, launch_fn *launch, void *ctx, double *out_ns);

/** Warm until steady, then measure; for short launches also as a graph. */
bool card_measure(card *c, launch_fn *launch, void *ctx, timed *out);

/** Print the fields of a result, without braces. */
void card_print(const timed *t);

#endif
