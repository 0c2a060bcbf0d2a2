/* Direct convolution by strips: the pixels of a line of a region lie at one step and have the same taps. */
#include "kernels/conv/conv_worker.h"

/* Pixels whose sums are finished while they lie in L1. */
enum { FINISH_PIXELS = 96 };

/* Lines of a region, along its rows or its columns, and the taps they have in common. */
typedef struct lines {
    const conv_region *region;
    int64_t runs, first; /* bytes from the input of a pixel's tap (0, 0) to its first tap */
    bool is_down;
    gemm_strip_run run[CONV_MAX_RUNS];
} lines;

static int64_t ceil_div(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

/* Along the longer side, unless that makes more tiles. */
static bool is_down(const conv_region *region, int64_t rows) {
    const int64_t high = region->p_end - region->p, wide = region->q_end - region->q;
    return wide < high && wide * ceil_div(high, rows) < high * ceil_div(wide, rows);
}

/* A run of `count` units from tap (r, s) on. */
static void add_run(const conv_worker *job, int64_t r, int64_t s, int64_t count, lines *on) {
    const sy_conv_desc *desc = &job->plan->desc;
    const conv_band *band = &job->band;
    const int64_t at = r * desc->dilation[0] * band->row_bytes + s * desc->dilation[1] * band->col_bytes;
    if (on->runs == 0)
        on->first = at;
    on->run[on->runs++] = (gemm_strip_run){at - on->first, count, (r * desc->s + s) * job->shape.units};
}

/* The taps of the stretch that the region has inside. */
static void list_runs(
    const conv_worker *job, const conv_stretch *stretch, const conv_region *region, lines *out) {
    const int64_t units = job->shape.units, window = job->shape.is_merged ? 1 : job->plan->desc.s;
    out->region = region;
    out->is_down = is_down(region, job->open->rows);
    out->runs = 0;
    for (int64_t t = stretch->begin; t < stretch->end; t++) {
        const int64_t r = t / window, s = t % window;
        if (r < region->r_begin || r >= region->r_end || region->s_begin >= region->s_end)
            continue;
        if (window == 1)
            add_run(job, r, region->s_begin, (region->s_end - region->s_begin) * units, out);
        else if (s >= region->s_begin && s < region->s_end)
            add_run(job, r, s, units, out);
    }
}

static void finish_strip(
    const conv_worker *job, const conv_pass *one, const gemm_strip *strip, int64_t pixel, bool is_down) {
    const int64_t calls = is_down ? strip->count : 1;
    const int rows = is_down ? 1 : (int)strip->count;
    for (int64_t i = 0; i < calls; i++)
        job->open->finish(&job->finish, (float *)strip->c + i * strip->c_step, job->open->cols,
            pixel + i * job->shape.q, rows, one->j * job->open->cols, one->cols);
}

/* The ending of a pass for the pixel `y` elements into Y. */
static gemm_ending ending_at(const conv_pass *one, int64_t y) {
    gemm_ending ending = one->ending;
    if (one->is_ended) {
        ending.out += y;
        ending.add = ending.add ? ending.add + y : NULL;
    }
    return ending;
}

/* `count` pixels from (p, q) on, down or to the right. */
static void run_pixels(
    const conv_worker *job, const conv_pass *one, const lines *on, int64_t p, int64_t q, int64_t count) {
    const conv_shape *shape = &job->shape;
    const conv_band *band = &job->band;
    const int64_t row = p * shape->stride[0] - shape->pad[0] - band->row;
    const int64_t col = q * shape->stride[1] - shape->pad[1] - band->col;
    const int64_t width = band->q_end - band->q, cols = job->open->cols;
    const bool is_shared = job->is_single && !job->is_by_plane; /* one strip's sums at a time */
    const int64_t pixel = (p - band->p) * width + q - band->q;
    const int64_t y = band->image * shape->y_image + p * shape->y_row + q * shape->y_col;
    gemm_strip strip = {.count = count,
        .a = on->runs ? band->x + (row * band->row_bytes + col * band->col_bytes + on->first) : band->x,
        .a_step = on->is_down ? shape->stride[0] * band->row_bytes : shape->stride[1] * band->col_bytes,
        .runs = on->runs,
        .run = on->run,
        .c = (float *)one->sums + (is_shared ? 0 : pixel * cols),
        .c_step = on->is_down && !is_shared ? width * cols : cols};
    if (one->is_stored) {
        strip.c = (float *)one->sums + y;
        strip.c_step = on->is_down ? shape->y_row : shape->y_col;
    }
    const gemm_ending ending = ending_at(one, y);
    if (one->is_ended) {
        strip.end = &ending;
        strip.end_step = on->is_down ? shape->y_row : shape->y_col;
    }
    job->open->strip(&strip, one->cols, one->b, !one->is_first);
    if (one->is_last && !one->is_stored && !one->is_ended && !job->is_by_plane)
        finish_strip(job, one, &strip, (band->image * shape->p + p) * shape->q + q, on->is_down);
}

/* One line after the other, each for all passes. */
static void run_lines(const conv_worker *job, const conv_pass *passes, int count, const lines *on) {
    const conv_region *region = on->region;
    const int64_t high = region->p_end - region->p, wide = region->q_end - region->q;
    const int64_t across = on->is_down ? wide : high, length = on->is_down ? high : wide;
    const int64_t pieces = passes->is_stored || passes->is_ended ? 1 : ceil_div(length, FINISH_PIXELS);
    for (int64_t i = 0; i < across * pieces; i++) {
        const int64_t line = i / pieces, piece = i % pieces;
        const int64_t at = gemm_share(length, piece, pieces), end = gemm_share(length, piece + 1, pieces);
        const int64_t p = region->p + (on->is_down ? at : line), q = region->q + (on->is_down ? line : at);
        for (int j = 0; j < count; j++)
            run_pixels(job, &passes[j], on, p, q, end - at);
    }
}

void conv_strip_run(const conv_worker *job, const conv_pass *passes, int count) {
    for (int i = 0; i < job->regions; i++) {
        lines on;
        list_runs(job, &passes->stretch, &job->region[i], &on);
        run_lines(job, passes, count, &on);
    }
}

/* A stretch of pixels of a line, from pixel `q` of the band on. */
static void run_piece(const conv_worker *job, const conv_pass *one, const gemm_strip_run *run, int64_t q,
    int64_t count, int64_t part, int64_t parts) {
    const conv_band *band = &job->band;
    const int64_t cols = job->open->cols, pixel = band->q + q, y = pixel * job->shape.y_col;
    const gemm_ending ending = ending_at(one, y);
    float *sums = one->sums;
    const gemm_strip strip = {.count = count,
        .a = band->x + (pixel - band->col) * band->col_bytes,
        .a_step = band->col_bytes,
        .runs = 1,
        .run = run,
        .c = sums + (one->is_stored      ? y
                        : job->is_single ? 0
                                         : q * cols),
        .c_step = one->is_stored ? job->shape.y_col : cols,
        .end = one->is_ended ? &ending : NULL,
        .end_step = job->shape.y_col,
        .next = one->next + one->next_bytes / parts * part,
        .next_bytes = one->next_bytes / parts};
    job->open->strip(&strip, one->cols, one->b, !one->is_first);
    if (one->is_last && !one->is_stored && !one->is_ended)
        job->open->finish(&job->finish, strip.c, cols, pixel, (int)count, one->j * cols, one->cols);
}

void conv_strip_line(const conv_worker *job, const conv_pass *one) {
    const gemm_strip_run run = {one->stretch.unit * job->open->a.unit, one->stretch.count, one->stretch.unit};
    const bool is_whole = one->is_stored || one->is_ended || !one->is_last;
    const int64_t pieces = is_whole ? 1 : ceil_div(job->pixels, FINISH_PIXELS);
    for (int64_t i = 0; i < pieces; i++) {
        const int64_t q = gemm_share(job->pixels, i, pieces);
        run_piece(job, one, &run, q, gemm_share(job->pixels, i + 1, pieces) - q, i, pieces);
    }
}
