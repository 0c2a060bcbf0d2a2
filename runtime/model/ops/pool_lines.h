/* Pools of f32 as lines made one (kernels/nn/nn_pool.h): what both layouts share. */
#ifndef RUNTIME_MODEL_OPS_POOL_LINES_H
#define RUNTIME_MODEL_OPS_POOL_LINES_H

#include "kernels/nn/nn_pool.h"
#include "runtime/model/ops/pool.h"

/** Lines handed to a kernel at once; columns of an image that are worked on at once. */
enum { SY_NET_POOL_MANY = 64, SY_NET_POOL_WIDE = 2048 };

/**
 * A pool that runs.
 *
 * nothing        what padding counts as.
 * inner, beyond  columns inner .. beyond - 1 have all taps of their row in a mean.
 * first, end     output positions first .. end - 1 along each dimension whose taps all hit the image.
 */
typedef struct sy_net_pool_job {
    const sy_net_pool_state *state;
    const sy_net_window *window;
    const nn_pool_kernels *kernels;
    const float *x;
    float *y;
    sy_net_image in, out;
    bool is_max;
    float nothing;
    int64_t inner, beyond, first[SY_NET_SPATIAL], end[SY_NET_SPATIAL];
} sy_net_pool_job;

/** Lines that gather until SY_NET_POOL_MANY are there, or all. Never cleared: there are many of these. */
typedef struct sy_net_pool_lines {
    const float *line[SY_NET_POOL_MANY];
    nn_pool_job job;
} sy_net_pool_lines;

void sy_net_pool_start(sy_net_pool_lines *lines, int64_t stride, int64_t count, float *out);
void sy_net_pool_add(const sy_net_pool_job *pool, sy_net_pool_lines *lines, const float *line);

/** The last lines; sums are multiplied by `factor`. No line at all: nothing. */
void sy_net_pool_finish(const sy_net_pool_job *pool, sy_net_pool_lines *lines, float factor);

/** Taps of means along the first two dimensions at output z, y; what sums of column `w` are multiplied by. */
double sy_net_pool_outer(const sy_net_pool_job *pool, int64_t z, int64_t y);
float sy_net_pool_factor(const sy_net_pool_job *pool, double outer, int64_t w);

/** Taps along each dimension that hit the image, and where the first tap would lie. */
typedef struct sy_net_pool_hits {
    int64_t first[SY_NET_SPATIAL], last[SY_NET_SPATIAL], begin[SY_NET_SPATIAL];
} sy_net_pool_hits;

/** Those of dimension `axis` at output position `at`. */
void sy_net_pool_hit(const sy_net_pool_job *pool, uint32_t axis, int64_t at, sy_net_pool_hits *hits);

/** Elements from the image's first to tap `tap` of dimension `axis`. */
static inline int64_t sy_net_pool_tap(
    const sy_net_pool_job *pool, const sy_net_pool_hits *hits, uint32_t axis, int64_t tap) {
    return (hits->begin[axis] + tap * pool->window->dilation[axis]) * pool->in.step[axis];
}

/** Work of a team over a packed tensor; arg: sy_net_pool_job. By rows: row `index` of all channels and
 * depths, rows first, columns then. By planes: depth `index` of all channels, all taps at once: windows of
 * few taps. */
void sy_net_pool_by_rows(void *arg, int64_t begin, int64_t end);
void sy_net_pool_by_planes(void *arg, int64_t begin, int64_t end);

#endif
