/* Pools over packed planes with windows of few taps: all taps of many pixels at once, edges a pixel at a
 * time. */
#include "runtime/model/ops/pool_lines.h"

/* One depth of one channel. */
typedef struct pool_plane {
    const sy_net_pool_job *pool;
    const float *from;
    float *to;
    int64_t z;
    sy_net_pool_hits hits; /* of z, then of what is being worked on */
} pool_plane;

/* Row y's inner columns, and as many rows below it as `rows` says, which lie one behind the other: columns
 * between them are written too. */
static void run_inner(pool_plane *plane, int64_t y, int64_t rows) {
    const sy_net_pool_job *pool = plane->pool;
    const sy_net_window *window = pool->window;
    sy_net_pool_hits *hits = &plane->hits;
    int64_t first = pool->first[2], width = pool->out.dim[2];
    sy_net_pool_lines lines;
    sy_net_pool_hit(pool, 1, y, hits);
    sy_net_pool_start(
        &lines, window->stride[2], (rows - 1) * width + pool->end[2] - first, plane->to + y * width + first);
    const float *from = plane->from + first * window->stride[2] - window->lo[2];
    for (int64_t z = hits->first[0]; z < hits->last[0]; z++)
        for (int64_t t = hits->first[1]; t < hits->last[1]; t++)
            for (int64_t w = 0; w < window->kernel[2]; w++)
                sy_net_pool_add(pool, &lines,
                    from + sy_net_pool_tap(pool, hits, 0, z) + sy_net_pool_tap(pool, hits, 1, t) +
                        w * window->dilation[2]);
    sy_net_pool_finish(pool, &lines, sy_net_pool_factor(pool, sy_net_pool_outer(pool, plane->z, y), first));
}

/* `count` taps of one row, a dilation apart, onto a value. */
static inline float edge_row(bool is_max, const float *line, int64_t count, int64_t dilation, float value) {
    for (int64_t w = 0; w < count; w++) {
        float x = line[w * dilation], greater = x > value ? x : value; /* no branch that depends on data */
        value = !is_max ? value + x : x != x ? x : greater;
    }
    return value;
}

/* A pixel at the edge; its hits are set. */
static float edge_value(const pool_plane *plane) {
    const sy_net_pool_job *pool = plane->pool;
    const sy_net_pool_hits *hits = &plane->hits;
    const int64_t dilation = pool->window->dilation[2], down = pool->window->dilation[1] * pool->in.step[1];
    const int64_t count = hits->last[2] - hits->first[2], rows = hits->last[1] - hits->first[1];
    const float *from = plane->from + hits->begin[2] + hits->first[2] * dilation +
                        sy_net_pool_tap(pool, hits, 1, hits->first[1]);
    float value = pool->nothing;
    for (int64_t z = hits->first[0]; z < hits->last[0] && count > 0; z++) {
        const float *line = from + sy_net_pool_tap(pool, hits, 0, z);
        for (int64_t y = 0; y < rows; y++)
            value = edge_row(pool->is_max, line + y * down, count, dilation, value);
    }
    return value;
}

/* Columns begin .. end - 1 of all rows. */
static void run_edges(pool_plane *plane, int64_t begin, int64_t end) {
    const sy_net_pool_job *pool = plane->pool;
    for (int64_t w = begin; w < end; w++) {
        sy_net_pool_hit(pool, 2, w, &plane->hits);
        for (int64_t y = 0; y < pool->out.dim[1]; y++) {
            sy_net_pool_hit(pool, 1, y, &plane->hits);
            float value = edge_value(plane);
            if (!pool->is_max)
                value *= sy_net_pool_factor(pool, sy_net_pool_outer(pool, plane->z, y), w);
            plane->to[y * pool->out.dim[2] + w] = value;
        }
    }
}

static void run_plane(pool_plane *plane) {
    const sy_net_pool_job *pool = plane->pool;
    bool is_flat =
        pool->window->stride[1] == 1 && pool->window->stride[2] == 1 && pool->out.dim[2] == pool->in.dim[2];
    int64_t y = 0, columns = pool->out.dim[2];
    int64_t first = pool->first[2], end = pool->end[2];
    sy_net_pool_hit(pool, 0, plane->z, &plane->hits);
    while (y < pool->out.dim[1] && first < end) {
        int64_t rows = is_flat && y == pool->first[1] && y < pool->end[1] ? pool->end[1] - y : 1;
        run_inner(plane, y, rows);
        y += rows;
    }
    run_edges(plane, 0, first);
    run_edges(plane, first < end ? end : first, columns);
}

void sy_net_pool_by_planes(void *arg, int64_t begin, int64_t end) {
    const sy_net_pool_job *pool = arg;
    for (int64_t index = begin; index < end; index++) {
        pool_plane plane = {.pool = pool, .z = index % pool->out.dim[0]};
        plane.from = pool->x + index / pool->out.dim[0] * pool->in.c_step;
        plane.to = pool->y + index * pool->out.dim[1] * pool->out.dim[2];
        run_plane(&plane);
    }
}
