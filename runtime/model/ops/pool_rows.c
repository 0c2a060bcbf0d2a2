/* Pools over packed planes, a row at a time: rows under the window first, columns of what they made then. */
#include "runtime/model/ops/pool_lines.h"

/* Columns x .. x + count - 1 of the rows under the window made one; outside the image there is nothing. */
static void fold_rows(const sy_net_pool_job *pool, const float *plane, const sy_net_pool_hits *hits,
    int64_t x, int64_t count, float *to) {
    int64_t from = x < 0 ? 0 : x, end = x + count < pool->in.dim[2] ? x + count : pool->in.dim[2];
    from = from < x + count ? from : x + count;
    end = end > from ? end : from;
    for (int64_t i = x; i < from; i++)
        to[i - x] = pool->nothing;
    for (int64_t i = end; i < x + count; i++)
        to[i - x] = pool->nothing;
    if (end == from)
        return;
    sy_net_pool_lines lines;
    sy_net_pool_start(&lines, 1, end - from, to + (from - x));
    for (int64_t z = hits->first[0]; z < hits->last[0]; z++)
        for (int64_t y = hits->first[1]; y < hits->last[1]; y++)
            sy_net_pool_add(pool, &lines,
                plane + sy_net_pool_tap(pool, hits, 0, z) + sy_net_pool_tap(pool, hits, 1, y) + from);
    sy_net_pool_finish(pool, &lines, 1.0f);
}

/* Output columns w .. end - 1 of one row of a plane, which folded rows `row` (from input column `x`) make. */
static void fold_columns(const sy_net_pool_job *pool, const float *row, int64_t x, double outer, int64_t w,
    int64_t end, float *to) {
    const sy_net_window *window = pool->window;
    while (w < end) {
        bool is_inner = w >= pool->inner && w < pool->beyond;
        int64_t next = pool->is_max ? end : is_inner ? pool->beyond : w + 1;
        next = next < end ? next : end;
        const float *from = row + (w * window->stride[2] - window->lo[2] - x);
        sy_net_pool_lines lines;
        sy_net_pool_start(&lines, window->stride[2], next - w, to + w);
        for (int64_t t = 0; t < window->kernel[2]; t++)
            sy_net_pool_add(pool, &lines, from + t * window->dilation[2]);
        sy_net_pool_finish(pool, &lines, sy_net_pool_factor(pool, outer, w));
        w = next;
    }
}

/* One row of a plane, a stretch of columns at a time. */
static void run_row(const sy_net_pool_job *pool, const float *plane, int64_t z, int64_t y, float *to) {
    const sy_net_window *window = pool->window;
    _Alignas(64) float row[SY_NET_POOL_WIDE];
    int64_t span = sy_net_window_span(window, 2), columns = (SY_NET_POOL_WIDE - span) / window->stride[2] + 1;
    double outer = sy_net_pool_outer(pool, z, y);
    sy_net_pool_hits hits;
    sy_net_pool_hit(pool, 0, z, &hits);
    sy_net_pool_hit(pool, 1, y, &hits);
    for (int64_t w = 0; w < pool->out.dim[2]; w += columns) {
        int64_t end = pool->out.dim[2] - w < columns ? pool->out.dim[2] : w + columns;
        int64_t x = w * window->stride[2] - window->lo[2];
        fold_rows(pool, plane, &hits, x, (end - 1 - w) * window->stride[2] + span, row);
        fold_columns(pool, row, x, outer, w, end, to);
    }
}

void sy_net_pool_by_rows(void *arg, int64_t begin, int64_t end) {
    const sy_net_pool_job *pool = arg;
    for (int64_t index = begin; index < end; index++) {
        int64_t y = index % pool->out.dim[1], rest = index / pool->out.dim[1];
        const float *plane = pool->x + rest / pool->out.dim[0] * pool->in.c_step;
        run_row(pool, plane, rest % pool->out.dim[0], y, pool->y + index * pool->out.dim[2]);
    }
}
