/* A small problem that the device can solve, for checks that need one and do not care which. */
#ifndef STEELYARD_CONFORM_SMALL_H
#define STEELYARD_CONFORM_SMALL_H

#include "bench/conform/kit.h"

/** A prepared job of a small product and all it borrows. Zero: none. */
typedef struct conform_small {
    sy_job job;
    sy_job_request request;
    char text[128], algorithm[64];
    bool is_open;
} conform_small;

/**
 * Find and prepare a product of about `extent` in each dimension, of the first type that some algorithm
 * takes, by the first algorithm that has all of `flags` (SY_ALGO_*; 0: the ordinary choice). NULL: there is
 * none, and the check is a skip with the last reason, or a failure where it would not be prepared. Close it
 * with conform_small_close().
 */
conform_small *conform_small_open(conform_kit *kit, int extent, uint32_t flags);
void conform_small_close(conform_small *small);

/** Enqueue one launch. False: the check has failed. */
bool conform_small_run(conform_kit *kit, const conform_small *small);

/** Poison the output. False: the check has failed. */
bool conform_small_poison(conform_kit *kit, const conform_small *small);

/** Whether the output is right; else the check fails. */
bool conform_small_check(conform_kit *kit, conform_small *small, const char *what);

#endif
