/* What the files of this folder know of an open history. */
#ifndef STEELYARD_BENCH_HISTORY_INSIDE_H
#define STEELYARD_BENCH_HISTORY_INSIDE_H

#include <string.h>

#include "bench/history/database.h"
#include "bench/history/history.h"

struct sy_history {
    sy_database database;
};

/** Whether a hash of bench/record/row.h came about: it is all zeros where there was no memory for it. */
static inline bool sy_hash_is_made(const char *hash) {
    return strspn(hash, "0") < SY_ROW_ID_MAX - 1;
}

#endif
