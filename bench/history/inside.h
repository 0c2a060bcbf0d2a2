/* What the files of this folder know of an open history. */
#ifndef STEELYARD_BENCH_HISTORY_INSIDE_H
#define STEELYARD_BENCH_HISTORY_INSIDE_H

#include "bench/history/database.h"
#include "bench/history/history.h"

struct sy_history {
    sy_database database;
};

#endif
