/* Pools of f32 by the kernels for lines: the choice of the way, and images with channels last. */
#include <math.h>

#include "runtime/model/ops/pool_lines.h"

/* Taps of a window that are taken all at once; of more, rows first, columns then. So too where columns that
 * are taken are not neighbours, which is slow, unless there are two of a row. */
enum { FEW = 16 };

static bool has_few_taps(const sy_net_window *window) {
    const int64_t *kernel = window->kernel;
    if (kernel[0] > FEW || kernel[1] > FEW || kernel[2] > FEW || sy_net_window_size(window) > FEW)
        return false;
    return window->stride[2] == 1 || kernel[2] <= 2;
}

/* One pixel of channels. */
static void run_pixel(
    const sy_net_pool_job *pool, const float *image, const sy_net_pool_hits *hits, float factor, float *to) {
    sy_net_pool_lines lines;
    sy_net_pool_start(&lines, 1, pool->in.c, to);
    for (int64_t z = hits->first[0]; z < hits->last[0]; z++)
        for (int64_t y = hits->first[1]; y < hits->last[1]; y++)
            for (int64_t w = hits->first[2]; w < hits->last[2]; w++)
                sy_net_pool_add(pool, &lines,
                    image + sy_net_pool_tap(pool, hits, 0, z) + sy_net_pool_tap(pool, hits, 1, y) +
                        sy_net_pool_tap(pool, hits, 2, w));
    sy_net_pool_finish(pool, &lines, factor);
}

/* Rows of pixels: row `index` of all images and depths. */
static void run_last(void *arg, int64_t begin, int64_t end) {
    const sy_net_pool_job *pool = arg;
    for (int64_t index = begin; index < end; index++) {
        int64_t y = index % pool->out.dim[1], rest = index / pool->out.dim[1];
        int64_t z = rest % pool->out.dim[0], n = rest / pool->out.dim[0];
        double outer = sy_net_pool_outer(pool, z, y);
        float *to = pool->y + n * pool->out.n_step + z * pool->out.step[0] + y * pool->out.step[1];
        sy_net_pool_hits hits;
        sy_net_pool_hit(pool, 0, z, &hits);
        sy_net_pool_hit(pool, 1, y, &hits);
        for (int64_t w = 0; w < pool->out.dim[2]; w++) {
            sy_net_pool_hit(pool, 2, w, &hits);
            run_pixel(pool, pool->x + n * pool->in.n_step, &hits, sy_net_pool_factor(pool, outer, w),
                to + w * pool->out.step[2]);
        }
    }
}

/* Columns in the middle of an image, where means have all taps of a row. */
static void set_inner(sy_net_pool_job *pool) {
    const int64_t kernel = pool->window->kernel[2], columns = pool->out.dim[2];
    while (pool->inner < columns && sy_net_pool_count(pool->state, 2, pool->inner) != kernel)
        pool->inner++;
    pool->beyond = columns;
    while (pool->beyond > pool->inner && sy_net_pool_count(pool->state, 2, pool->beyond - 1) != kernel)
        pool->beyond--;
}

/* Output positions whose taps all hit the image. */
static void set_full(sy_net_pool_job *pool, uint32_t axis) {
    const sy_net_window *window = pool->window;
    int64_t room = window->in[axis] + window->lo[axis] - sy_net_window_span(window, axis);
    int64_t first = window->lo[axis] / window->stride[axis] + (window->lo[axis] % window->stride[axis] != 0);
    int64_t end = room < 0 ? 0 : room / window->stride[axis] + 1;
    pool->first[axis] = first < window->out[axis] ? first : window->out[axis];
    pool->end[axis] = end < window->out[axis] ? end : window->out[axis];
}

bool sy_net_pool_f32(const sy_net_call *call, const sy_net_pool_state *state) {
    const sy_net_tensor *x = &call->in[0];
    const sy_net_window *window = &state->window;
    sy_net_pool_job pool = {.state = state, .window = window, .x = x->data, .y = call->out[0].data};
    bool is_small = has_few_taps(window);
    if (!x->is_last && !is_small && sy_net_window_span(window, 2) > SY_NET_POOL_WIDE)
        return false;
    pool.kernels = nn_pool_table(call->team != NULL ? call->team->isa : 0);
    pool.in = sy_net_image_of(x);
    pool.out = sy_net_image_of(&call->out[0]);
    pool.is_max = state->kind == SY_NET_POOL_MAX;
    if (!pool.is_max)
        set_inner(&pool);
    for (uint32_t axis = 0; axis < SY_NET_SPATIAL; axis++)
        set_full(&pool, axis);
    pool.nothing = pool.is_max ? -INFINITY : 0.0f;
    int64_t depths = pool.out.n * pool.out.dim[0], cost = pool.out.dim[2] * 4;
    if (x->is_last)
        sy_team_for(call->team, depths * pool.out.dim[1], cost * pool.out.c, run_last, &pool);
    else if (is_small)
        sy_team_for(call->team, depths * pool.out.c, cost * pool.out.dim[1], sy_net_pool_by_planes, &pool);
    else
        sy_team_for(call->team, depths * pool.out.c * pool.out.dim[1], cost, sy_net_pool_by_rows, &pool);
    return true;
}
