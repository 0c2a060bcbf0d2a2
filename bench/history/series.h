/* Series: one key on one subject, one card in one host, by one clock or meter, from run to run. */
#ifndef STEELYARD_BENCH_HISTORY_SERIES_H
#define STEELYARD_BENCH_HISTORY_SERIES_H

#include "bench/fields/arena.h"
#include "bench/history/history.h"
#include "runtime/base/text.h"

/** A series; texts belong to the list, NULL where not known. source: "host", "device"; scope and meter. */
typedef struct sy_series {
    int64_t number;
    const char *key_hash, *problem, *data, *cache, *launch;
    const char *backend, *algorithm, *device_name, *host, *card, *quantity, *source;
    uint64_t threads;
    bool is_simulated;
} sy_series;

/** Series in the order of problems. Zero-initialise; sy_series_list_release(). */
typedef struct sy_series_list {
    sy_series *item;
    size_t count, capacity;
    sy_arena arena;
} sy_series_list;

/**
 * The series of a quantity that `what` names: a problem, whole or in part ("gemm:m=512,n=4096" is every GEMM
 * with that m and n); a name that a row has in a suite; the beginning of a key (4 hex digits or more); the id
 * of a row. The first of these that there is. NULL: all series.
 *
 * Errors   SY_INVALID_ARGUMENT: there is none; SY_IO, SY_TIMEOUT, SY_INCOMPATIBLE, SY_OUT_OF_MEMORY.
 */
sy_status sy_history_series(
    sy_history *history, const char *what, const char *quantity, sy_series_list *out_list, sy_error *err);

/** Free and zero. */
void sy_series_list_release(sy_series_list *list);

/**
 * One run of a series.
 *
 * value  geometric mean of its rows; low, high: the 95 % interval of its only row, NaN for several. rows: how
 *        many.
 * setup  number of what it ran on, see sy_history_setup().
 */
typedef struct sy_point {
    const char *run_id, *time_utc, *version, *commit;
    double value, low, high;
    uint64_t rows;
    int64_t setup;
} sy_point;

/** Points, oldest first. Zero-initialise; sy_point_list_release(). */
typedef struct sy_point_list {
    sy_point *item;
    size_t count, capacity;
    sy_arena arena;
} sy_point_list;

/** The last runs of a series into an empty list. Errors as sy_history_series(). */
sy_status sy_history_points(
    sy_history *history, int64_t series, uint64_t last, sy_point_list *out_list, sy_error *err);

/** Noise between the runs of a list, as sy_history_noise_of() has it. Errors: SY_OUT_OF_MEMORY. */
sy_status sy_points_noise(const sy_point_list *points, sy_history_noise *out_noise, sy_error *err);

/** Free and zero. */
void sy_point_list_release(sy_point_list *list);

/** What a run ran on: lines "driver=550.54", "kernel=6.1", "libcublas=12.3", appended to `out`. */
sy_status sy_history_setup(sy_history *history, int64_t setup, sy_text *out, sy_error *err);

#endif
