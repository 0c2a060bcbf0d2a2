#include "runtime/model/ops/pool_lines.h"

void sy_net_pool_start(sy_net_pool_lines *lines, int64_t stride, int64_t count, float *out) {
    lines->job = (nn_pool_job){.line = lines->line, .stride = stride, .count = count, .out = out};
}

static void flush(const sy_net_pool_job *pool, sy_net_pool_lines *lines, float factor) {
    lines->job.factor = factor;
    (pool->is_max ? pool->kernels->max_lines : pool->kernels->sum_lines)(&lines->job);
    lines->job.onto = true;
    lines->job.lines = 0;
}

void sy_net_pool_add(const sy_net_pool_job *pool, sy_net_pool_lines *lines, const float *line) {
    if (lines->job.lines == SY_NET_POOL_MANY)
        flush(pool, lines, 1.0f);
    lines->line[lines->job.lines++] = line;
}

void sy_net_pool_finish(const sy_net_pool_job *pool, sy_net_pool_lines *lines, float factor) {
    if (lines->job.lines > 0)
        flush(pool, lines, factor);
    else
        for (int64_t i = 0; i < lines->job.count; i++)
            lines->job.out[i] = pool->nothing;
}

double sy_net_pool_outer(const sy_net_pool_job *pool, int64_t z, int64_t y) {
    return pool->is_max
               ? 1
               : (double)sy_net_pool_count(pool->state, 0, z) * (double)sy_net_pool_count(pool->state, 1, y);
}

float sy_net_pool_factor(const sy_net_pool_job *pool, double outer, int64_t w) {
    if (pool->is_max)
        return 1.0f;
    bool is_inner = w >= pool->inner && w < pool->beyond;
    int64_t taps = is_inner ? pool->window->kernel[2] : sy_net_pool_count(pool->state, 2, w);
    double divisor = outer * (double)taps;
    return divisor > 0 ? (float)(1 / divisor) : 0.0f;
}

void sy_net_pool_hit(const sy_net_pool_job *pool, uint32_t axis, int64_t at, sy_net_pool_hits *hits) {
    hits->last[axis] = sy_net_window_taps(pool->window, axis, at, &hits->first[axis]);
    hits->begin[axis] = at * pool->window->stride[axis] - pool->window->lo[axis];
}
