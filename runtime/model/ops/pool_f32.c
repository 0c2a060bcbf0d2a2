/* Pools of f32 by the kernels for lines (kernels/nn/nn_pool.h). */
#include <math.h>

#include "kernels/nn/nn_pool.h"
#include "runtime/model/ops/pool.h"

/* Lines handed to a kernel at once; columns of an image that are worked on at once. */
enum { MANY = 64, WIDE = 2048 };

typedef struct pool_job {
    const sy_net_pool_state *state;
    const sy_net_window *window;
    const nn_pool_kernels *kernels;
    const float *x;
    float *y;
    sy_net_image in, out;
    bool is_max;
    float nothing;         /* what padding counts as */
    int64_t inner, beyond; /* columns inner .. beyond - 1 have all taps of their row in a mean */
} pool_job;

/* Lines that gather until MANY are there, or all. Never cleared: there are many of these. */
typedef struct pool_lines {
    const float *line[MANY];
    nn_pool_job job;
} pool_lines;

static void start(pool_lines *lines, int64_t stride, int64_t count, float *out) {
    lines->job = (nn_pool_job){.line = lines->line, .stride = stride, .count = count, .out = out};
}

static void flush(const pool_job *pool, pool_lines *lines, float factor) {
    lines->job.factor = factor;
    (pool->is_max ? pool->kernels->max_lines : pool->kernels->sum_lines)(&lines->job);
    lines->job.onto = true;
    lines->job.lines = 0;
}

static void add(const pool_job *pool, pool_lines *lines, const float *line) {
    if (lines->job.lines == MANY)
        flush(pool, lines, 1.0f);
    lines->line[lines->job.lines++] = line;
}

/* The last lines; none at all: nothing. */
static void finish(const pool_job *pool, pool_lines *lines, float factor) {
    if (lines->job.lines > 0)
        flush(pool, lines, factor);
    else
        for (int64_t i = 0; i < lines->job.count; i++)
            lines->job.out[i] = pool->nothing;
}

/* Taps of means along the first two axes. */
static double count_outer(const pool_job *pool, int64_t z, int64_t y) {
    return pool->is_max
               ? 1
               : (double)sy_net_pool_count(pool->state, 0, z) * (double)sy_net_pool_count(pool->state, 1, y);
}

/* What sums of column `w` are multiplied by. */
static float factor_at(const pool_job *pool, double outer, int64_t w) {
    if (pool->is_max)
        return 1.0f;
    bool is_inner = w >= pool->inner && w < pool->beyond;
    int64_t taps = is_inner ? pool->window->kernel[2] : sy_net_pool_count(pool->state, 2, w);
    double divisor = outer * (double)taps;
    return divisor > 0 ? (float)(1 / divisor) : 0.0f;
}

/* Taps along each axis that hit the image, and where the first tap would lie. */
typedef struct pool_hits {
    int64_t first[SY_NET_SPATIAL], last[SY_NET_SPATIAL], begin[SY_NET_SPATIAL];
} pool_hits;

static void set_hits(const pool_job *pool, uint32_t axis, int64_t at, pool_hits *hits) {
    hits->last[axis] = sy_net_window_taps(pool->window, axis, at, &hits->first[axis]);
    hits->begin[axis] = at * pool->window->stride[axis] - pool->window->lo[axis];
}

static int64_t hit_at(const pool_job *pool, const pool_hits *hits, uint32_t axis, int64_t tap) {
    return (hits->begin[axis] + tap * pool->window->dilation[axis]) * pool->in.step[axis];
}

/* One pixel of channels. */
static void run_pixel(
    const pool_job *pool, const float *image, const pool_hits *hits, float factor, float *to) {
    pool_lines lines;
    start(&lines, 1, pool->in.c, to);
    for (int64_t z = hits->first[0]; z < hits->last[0]; z++)
        for (int64_t y = hits->first[1]; y < hits->last[1]; y++)
            for (int64_t w = hits->first[2]; w < hits->last[2]; w++)
                add(pool, &lines,
                    image + hit_at(pool, hits, 0, z) + hit_at(pool, hits, 1, y) + hit_at(pool, hits, 2, w));
    finish(pool, &lines, factor);
}

/* Rows of pixels: row `index` of all images and depths. */
static void run_last(void *arg, int64_t begin, int64_t end) {
    const pool_job *pool = arg;
    for (int64_t index = begin; index < end; index++) {
        int64_t y = index % pool->out.dim[1], rest = index / pool->out.dim[1];
        int64_t z = rest % pool->out.dim[0], n = rest / pool->out.dim[0];
        double outer = count_outer(pool, z, y);
        float *to = pool->y + n * pool->out.n_step + z * pool->out.step[0] + y * pool->out.step[1];
        pool_hits hits;
        set_hits(pool, 0, z, &hits);
        set_hits(pool, 1, y, &hits);
        for (int64_t w = 0; w < pool->out.dim[2]; w++) {
            set_hits(pool, 2, w, &hits);
            run_pixel(pool, pool->x + n * pool->in.n_step, &hits, factor_at(pool, outer, w),
                to + w * pool->out.step[2]);
        }
    }
}

/* Columns x .. x + count - 1 of the rows under the window made one; outside the image there is nothing. */
static void fold_rows(
    const pool_job *pool, const float *plane, const pool_hits *hits, int64_t x, int64_t count, float *to) {
    int64_t from = x < 0 ? 0 : x, end = x + count < pool->in.dim[2] ? x + count : pool->in.dim[2];
    from = from < x + count ? from : x + count;
    end = end > from ? end : from;
    for (int64_t i = x; i < from; i++)
        to[i - x] = pool->nothing;
    for (int64_t i = end; i < x + count; i++)
        to[i - x] = pool->nothing;
    if (end == from)
        return;
    pool_lines lines;
    start(&lines, 1, end - from, to + (from - x));
    for (int64_t z = hits->first[0]; z < hits->last[0]; z++)
        for (int64_t y = hits->first[1]; y < hits->last[1]; y++)
            add(pool, &lines, plane + hit_at(pool, hits, 0, z) + hit_at(pool, hits, 1, y) + from);
    finish(pool, &lines, 1.0f);
}

/* Output columns w .. end - 1 of one row of a plane, which folded rows `row` (from input column `x`) make. */
static void fold_columns(
    const pool_job *pool, const float *row, int64_t x, double outer, int64_t w, int64_t end, float *to) {
    const sy_net_window *window = pool->window;
    while (w < end) {
        bool is_inner = w >= pool->inner && w < pool->beyond;
        int64_t next = pool->is_max ? end : is_inner ? pool->beyond : w + 1;
        next = next < end ? next : end;
        const float *from = row + (w * window->stride[2] - window->lo[2] - x);
        pool_lines lines;
        start(&lines, window->stride[2], next - w, to + w);
        for (int64_t t = 0; t < window->kernel[2]; t++)
            add(pool, &lines, from + t * window->dilation[2]);
        finish(pool, &lines, factor_at(pool, outer, w));
        w = next;
    }
}

/* One row of a plane, a stretch of columns at a time. */
static void run_row(const pool_job *pool, const float *plane, int64_t z, int64_t y, float *to) {
    const sy_net_window *window = pool->window;
    _Alignas(64) float row[WIDE];
    int64_t span = sy_net_window_span(window, 2), columns = (WIDE - span) / window->stride[2] + 1;
    double outer = count_outer(pool, z, y);
    pool_hits hits;
    set_hits(pool, 0, z, &hits);
    set_hits(pool, 1, y, &hits);
    for (int64_t w = 0; w < pool->out.dim[2]; w += columns) {
        int64_t end = pool->out.dim[2] - w < columns ? pool->out.dim[2] : w + columns;
        int64_t x = w * window->stride[2] - window->lo[2];
        fold_rows(pool, plane, &hits, x, (end - 1 - w) * window->stride[2] + span, row);
        fold_columns(pool, row, x, outer, w, end, to);
    }
}

/* Rows of planes: row `index` of all channels and depths. */
static void run_packed(void *arg, int64_t begin, int64_t end) {
    const pool_job *pool = arg;
    for (int64_t index = begin; index < end; index++) {
        int64_t y = index % pool->out.dim[1], rest = index / pool->out.dim[1];
        const float *plane = pool->x + rest / pool->out.dim[0] * pool->in.c_step;
        run_row(pool, plane, rest % pool->out.dim[0], y, pool->y + index * pool->out.dim[2]);
    }
}

/* Columns in the middle of an image, where means have all taps of a row. */
static void set_inner(pool_job *pool) {
    const int64_t kernel = pool->window->kernel[2], columns = pool->out.dim[2];
    while (pool->inner < columns && sy_net_pool_count(pool->state, 2, pool->inner) != kernel)
        pool->inner++;
    pool->beyond = columns;
    while (pool->beyond > pool->inner && sy_net_pool_count(pool->state, 2, pool->beyond - 1) != kernel)
        pool->beyond--;
}

bool sy_net_pool_f32(const sy_net_call *call, const sy_net_pool_state *state) {
    const sy_net_tensor *x = &call->in[0];
    pool_job pool = {.state = state, .window = &state->window, .x = x->data, .y = call->out[0].data};
    if (!x->is_last && sy_net_window_span(&state->window, 2) > WIDE)
        return false;
    pool.kernels = nn_pool_table(call->team != NULL ? call->team->isa : 0);
    pool.in = sy_net_image_of(x);
    pool.out = sy_net_image_of(&call->out[0]);
    pool.is_max = state->kind == SY_NET_POOL_MAX;
    if (!pool.is_max)
        set_inner(&pool);
    pool.nothing = pool.is_max ? -INFINITY : 0.0f;
    int64_t rows = pool.out.n * pool.out.dim[0] * pool.out.dim[1];
    int64_t taps = state->window.kernel[1] + state->window.kernel[2];
    taps = taps < MANY ? taps : MANY;
    if (x->is_last)
        sy_team_for(call->team, rows, pool.out.dim[2] * pool.out.c * taps, run_last, &pool);
    else
        sy_team_for(call->team, rows * pool.out.c, pool.out.dim[2] * taps, run_packed, &pool);
    return true;
}
