/* Load without a pause, and a window in the midst of it whose launches are counted: what energy is measured
 * over. */
#ifndef STEELYARD_MEASURE_WINDOW_H
#define STEELYARD_MEASURE_WINDOW_H

#include <stddef.h>

#include "bench/measure/clock.h"
#include "bench/measure/work.h"

/** How far the work was at a time. launches: done since the load began. */
typedef struct sy_window_mark {
    uint64_t at_ns, launches;
} sy_window_mark;

/**
 * What to do.
 *
 * load_ns    least time of load before the window; tail_ns: of load after it.
 * window_ns  least length of the window.
 * chunk_ns   what is enqueued at a time; two chunks are under way. Also how often `poll` is called.
 * unit       chunks have a multiple of so many launches (1).
 * cycle      the window begins and ends where the launches' number is a multiple of it (1).
 * ctx, poll  called between chunks with the time; NULL: nobody wants to know.
 * edge       called at once at either edge of the window; NULL likewise.
 */
typedef struct sy_window_config {
    uint64_t load_ns, window_ns, tail_ns, chunk_ns, unit, cycle;
    void *ctx;
    void (*poll)(void *ctx, uint64_t now_ns);
    void (*edge)(void *ctx, uint64_t now_ns);
} sy_window_config;

/**
 * What happened. Times are of the clock that was given.
 *
 * load_begin_ns, load_end_ns   the load, from the first launch to the last that was done.
 * begin_ns, end_ns, launches   the window, and the launches that were done in it.
 * first, last_launches         index of the first launch of the last chunk, and how many it has.
 * chunk_ns      time of the last chunk within the window.
 * mark          the caller's array of mark_capacity (at least 2, even); when it is full every second one is
 *               dropped and from then on so many fewer are taken. mark_stride: chunks a mark.
 */
typedef struct sy_window {
    uint64_t load_begin_ns, begin_ns, end_ns, load_end_ns, launches;
    uint64_t first, last_launches, chunk_ns;
    sy_window_mark *mark;
    size_t mark_count, mark_capacity, mark_stride;
} sy_window;

/**
 * Run it. out_window->mark and mark_capacity are set by the caller. Launch indices start at 0; prepare is
 * called once, for the first launch.
 *
 * Errors   as sy_sampler_run(), with "energy window" before the text; SY_INVALID_ARGUMENT also: a unit or
 * cycle of 0, no room for marks, one of `mark` and `reach` without the other; SY_WRONG_RESULT: the window has
 * no time; SY_REFUSED: cancelled before the tail was over, and then there is no window.
 */
sy_status sy_window_run(const sy_work *work, const sy_clock *clock, const sy_window_config *config,
    sy_window *out_window, sy_error *err);

#endif
