/* What the files of this folder know of an open history. */
#ifndef STEELYARD_BENCH_HISTORY_INSIDE_H
#define STEELYARD_BENCH_HISTORY_INSIDE_H

#include <string.h>

#include "bench/history/database.h"
#include "bench/history/history.h"

/* noise_series, noise_points: statements of sy_history_noise_of(), prepared when it is first called: a gate
 * asks for each of many rows. */
struct sy_history {
    sy_database database;
    sy_query noise_series, noise_points;
};

/** Whether a hash of bench/record/row.h came about: it is all zeros where there was no memory for it. */
static inline bool sy_hash_is_made(const char *hash) {
    return strspn(hash, "0") < SY_ROW_ID_MAX - 1;
}

#endif
