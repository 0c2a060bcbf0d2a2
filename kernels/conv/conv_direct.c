/* Direct convolution by open tiles: one part's bands, stretches of depth, panels of output channels. */
#include "kernels/conv/conv_lanes.h"
#include "kernels/conv/conv_worker.h"

#include <string.h>

/* Bytes of weights that stay in L1 beside the image; panels that take a line of pixels by turns; pixels of a
 * line that is a strip. */
enum { WEIGHT_BYTES = 16 << 10, MOST_PASSES = 8, LEAST_STRIP = 4 };

static size_t round_up(size_t bytes) {
    return (bytes + 63) / 64 * 64;
}

/* Sums of panel j, of all pixels of the band or of the one tile. */
static float *panel_sums(const conv_worker *job, int64_t j) {
    return (float *)job->sums + (job->is_single ? 0 : (j - job->panel) * job->pixels * job->open->cols);
}

/* The epilogue of a tile: stretches of rows whose pixels follow one another. */
static void finish_tile(const conv_worker *job, const conv_tile *tile, float *sums, int64_t j) {
    const conv_band *band = &job->band;
    const int64_t width = band->q_end - band->q, q = job->shape.q;
    const int64_t first = (band->image * job->shape.p + band->p) * q + band->q;
    for (int i = 0; i < tile->rows;) {
        int rows = 1;
        while (i + rows < tile->rows && tile->pixel[i + rows] == tile->pixel[i] + rows &&
               (width == q || tile->pixel[i + rows] % width != 0))
            rows++;
        const int64_t pixel = first + tile->pixel[i] / width * q + tile->pixel[i] % width;
        job->open->finish(&job->finish, sums + tile->sum[i], job->open->cols, pixel, rows,
            j * job->open->cols, conv_panel_cols(job, j));
        i += rows;
    }
}

/* Sixteen or so pixels at a time turned, so that pixels are columns. */
static void finish_plane(const conv_worker *job, int64_t j) {
    const conv_band *band = &job->band;
    const int cols = job->open->cols, channels = conv_panel_cols(job, j);
    const int64_t width = band->q_end - band->q, q = job->shape.q;
    const int64_t line = width == q ? job->pixels : width;
    const float *sums = panel_sums(job, j);
    _Alignas(64) float turned[64 * 64];
    for (int64_t i = 0; i < job->pixels;) {
        const int64_t left = line - i % line;
        const int count = left < cols ? (int)left : cols;
        job->open->turn(sums + i * cols, cols, count, channels, turned, cols);
        job->open->finish(&job->finish, turned, cols, j * cols, channels,
            (band->p + i / width) * q + band->q + i % width, count);
        i += count;
    }
}

static conv_pass begin_pass(const conv_worker *job, int64_t index, int64_t j) {
    const int width = job->open->cols;
    const int64_t depth = job->plan->desc.r * job->plan->desc.s * job->shape.units;
    conv_pass one = {.stretch = conv_stretch_at(job->plan, &job->shape, index),
        .j = j,
        .cols = conv_panel_cols(job, j),
        .b = job->packed + j * width * depth * job->open->b.unit,
        .sums = panel_sums(job, j),
        .is_first = index == 0,
        .is_last = index + 1 == job->stretches};
    one.is_stored = job->is_stored && (one.cols == width || 2 * one.cols == width);
    if (one.is_stored)
        one.sums = (float *)job->finish.out + j * width;
    one.is_ended = job->has_ending && one.is_last && one.cols % job->open->end_cols == 0;
    if (one.is_ended) {
        one.ending = job->ending;
        one.ending.out += j * width;
        one.ending.bias = one.ending.bias ? one.ending.bias + j * width : NULL;
        one.ending.add = one.ending.add ? one.ending.add + j * width : NULL;
    }
    return one;
}

/* The weights that a pass is followed by: the same stretch of the next panel, or the next stretch of the
 * first. */
static void set_next(const conv_worker *job, int64_t index, conv_pass *one) {
    const conv_shape *shape = &job->shape;
    const int64_t window = job->plan->desc.s, depth = job->plan->desc.r * window * shape->units;
    const int64_t row_bytes = job->open->cols * job->open->b.unit;
    const bool is_same = one->j + 1 < job->panel + job->panels, is_end = !is_same && one->is_last;
    const conv_stretch stretch = conv_stretch_at(job->plan, shape, is_same || is_end ? index : index + 1);
    const int64_t tap = shape->is_merged ? window * shape->units : shape->units;
    const int64_t count = shape->is_merged ? tap : stretch.count;
    one->next =
        job->packed +
        ((is_same ? one->j + 1 : job->panel) * depth + stretch.begin * tap + stretch.unit) * row_bytes;
    one->next_bytes = is_end ? 0 : (stretch.end - stretch.begin) * count * row_bytes;
}

/* Fetch part `i` of `parts` of what comes next: a few lines a tile, which does not wait for them. */
static inline void fetch_next(const conv_pass *one, int64_t i, int64_t parts) {
    const int64_t lines = (one->next_bytes + 63) / 64, each = lines / parts + 1;
    for (int64_t line = i * each; line < lines && line < (i + 1) * each; line++)
        gemm_fetch(one->next + line * 64, 0);
}

/* All tiles of the band. */
static void run_tiles(const conv_worker *job, const conv_pass *one) {
    for (int64_t t = 0; t < job->tiles; t++) {
        const conv_tile *tile = &job->tile[t];
        const gemm_open_end end = {.ending = one->ending, .row = tile->y};
        fetch_next(one, t, job->tiles);
        job->open->tile(tile->rows, one->cols, tile->runs, tile->run, one->b, one->sums,
            one->is_stored ? tile->y : tile->sum, !one->is_first, one->is_ended ? &end : NULL);
        if (one->is_last && !one->is_stored && !one->is_ended && !job->is_by_plane)
            finish_tile(job, tile, one->sums, one->j);
    }
}

/* All tiles of a band that is a line of pixels with one tap: addresses follow from the place, none is listed.
 */
static void run_line(const conv_worker *job, const conv_pass *one) {
    const gemm_open *open = job->open;
    const conv_band *band = &job->band;
    const int64_t count = gemm_panel_count(job->pixels, open->rows);
    const int64_t low = job->pixels / count, taller = job->pixels % count;
    const unsigned char *x =
        band->x + (band->q - band->col) * band->col_bytes + one->stretch.unit * open->a.unit;
    const int64_t y_step = one->is_stored ? job->shape.y_col : open->cols;
    const int64_t keep = one->is_stored ? band->q : 0;
    const bool is_waiting = !one->is_stored && one->is_last && !one->is_ended;
    int64_t memory[(sizeof(gemm_open_run) + GEMM_OPEN_MAX_ROWS * sizeof(void *)) / sizeof(int64_t)];
    int64_t row[GEMM_OPEN_MAX_ROWS], y[GEMM_OPEN_MAX_ROWS];
    const gemm_open_end end = {.ending = one->ending, .row = y};
    gemm_open_run *run = (gemm_open_run *)(void *)memory;
    run->count = one->stretch.count;
    run->b = one->stretch.unit;
    for (int64_t t = 0, q = 0; t < count; t++) {
        const int rows = (int)(t < taller ? low + 1 : low);
        const int64_t first = keep + (job->is_single && !one->is_stored ? 0 : q);
        for (int i = 0; i < rows; i++, x += band->col_bytes) {
            run->a[i] = x;
            row[i] = (first + i) * y_step;
            y[i] = (band->q + q + i) * job->shape.y_col;
        }
        fetch_next(one, t, count);
        if (is_waiting)
            gemm_finish_fetch(&job->finish, band->q + q, rows, one->j * open->cols);
        open->tile(
            rows, one->cols, 1, run, one->b, one->sums, row, !one->is_first, one->is_ended ? &end : NULL);
        if (is_waiting)
            open->finish(&job->finish, (float *)one->sums + row[0], open->cols, band->q + q, rows,
                one->j * open->cols, one->cols);
        q += rows;
    }
}

/* Panels of a stretch that stay in L1 together go line by line. */
static void run_strips(const conv_worker *job, int64_t index) {
    const conv_stretch stretch = conv_stretch_at(job->plan, &job->shape, index);
    const int64_t width = job->open->cols * job->open->b.unit, taps = stretch.end - stretch.begin;
    const int64_t fit = WEIGHT_BYTES / (taps * stretch.count * width);
    const int64_t group = !job->is_single || job->is_by_plane || fit < 1 ? 1
                          : fit < MOST_PASSES                            ? fit
                                                                         : MOST_PASSES;
    const int64_t end = job->panel + job->panels;
    for (int64_t j = job->panel; j < end;) {
        conv_pass passes[MOST_PASSES];
        int count = 0;
        for (; j < end && count < group; j++)
            passes[count++] = begin_pass(job, index, j);
        conv_strip_run(job, passes, count);
        if (passes[0].is_last && job->is_by_plane)
            finish_plane(job, passes[0].j);
    }
}

/* Strips have one sum an element, tiles of a few rows more: these do not wait for one another. */
static bool is_long_line(const conv_worker *job) {
    return job->shape.is_line && job->open->strip && job->pixels >= LEAST_STRIP;
}

static void run_panels(conv_worker *job) {
    const bool is_strip = is_long_line(job);
    for (int64_t i = 0; i < job->stretches; i++) {
        if (job->is_strip) {
            run_strips(job, i);
            continue;
        }
        if (!job->shape.is_line)
            conv_band_list(job->plan, &job->shape, &job->band, conv_stretch_at(job->plan, &job->shape, i),
                job->tile, job->tiles, job->list);
        for (int64_t j = job->panel; j < job->panel + job->panels; j++) {
            conv_pass one = begin_pass(job, i, j);
            set_next(job, i, &one);
            (is_strip ? conv_strip_line : job->shape.is_line ? run_line : run_tiles)(job, &one);
            if (one.is_last && job->is_by_plane)
                finish_plane(job, j);
        }
    }
}

/* Band `index` of the image and group: its place, its input, its tiles. */
static void enter_band(conv_worker *job, int64_t index) {
    const sy_conv_plan *plan = job->plan;
    const conv_shape *shape = &job->shape;
    const int64_t across = (shape->q + plan->band_q - 1) / plan->band_q;
    const int64_t down = (shape->p + plan->band_p - 1) / plan->band_p, bands = across * down;
    conv_band *band = &job->band;
    band->image = index / bands % shape->n;
    band->group = index / bands / shape->n;
    band->p = index % bands / across * plan->band_p;
    band->q = index % across * plan->band_q;
    band->p_end = band->p + plan->band_p < shape->p ? band->p + plan->band_p : shape->p;
    band->q_end = band->q + plan->band_q < shape->q ? band->q + plan->band_q : shape->q;
    job->pixels = (band->p_end - band->p) * (band->q_end - band->q);
    conv_finish(plan, job->args, job->is_by_plane ? band->image : 0, band->group, &job->finish);
    job->has_ending =
        job->open->end_cols > 0 && !job->is_by_plane && gemm_ending_read(&job->finish, &job->ending);
    conv_band_copy(plan, shape, job->args->x, band, job->copy);
    if (shape->is_line)
        return;
    job->regions = conv_band_regions(plan, shape, band, job->region);
    job->is_strip = shape->is_strip;
    for (int i = 0; i < job->regions; i++)
        job->is_strip = job->is_strip && job->region[i].is_exact;
    if (job->is_strip)
        return;
    job->tiles = conv_band_tiles(shape, band, job->region, job->regions, job->tile);
    for (int64_t t = 0; t < job->tiles; t++)
        for (int i = 0; i < job->tile[t].rows; i++)
            job->tile[t].sum[i] =
                (job->is_single && !job->is_by_plane ? i : job->tile[t].pixel[i]) * job->open->cols;
}

static conv_worker begin(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, void *scratch) {
    const sy_conv_desc *desc = &plan->desc;
    conv_worker job = {.plan = plan,
        .args = args,
        .packed = packed,
        .open = conv_open(desc),
        .is_by_plane = conv_is_by_plane(plan->path)};
    conv_shape_init(plan, &job.shape);
    job.stretches = conv_stretch_count(plan, &job.shape);
    job.is_single = job.stretches == 1;
    job.is_stored =
        !job.is_by_plane && desc->n_post == 0 && desc->dtype_y == job.open->sum && desc->y_stride[1] == 1;
    job.tile = scratch;
    job.list = (unsigned char *)scratch +
               round_up((size_t)conv_band_most_tiles(plan, &job.shape) * sizeof(conv_tile));
    job.copy = job.list + plan->list_bytes;
    job.sums = job.copy + plan->copy_bytes;
    return job;
}

void conv_direct_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch) {
    conv_worker job = begin(plan, args, NULL, scratch);
    if (job.shape.is_lanes) {
        conv_lanes_run(plan, &job.shape, args, packed, part, scratch);
        return;
    }
    const int64_t units = gemm_panel_count(conv_channels(&plan->desc), job.open->cols);
    const int64_t items = plan->bands * units, end = gemm_share(items, part + 1, plan->parts);
    int64_t entered = -1;
    for (int64_t item = gemm_share(items, part, plan->parts); item < end; item += job.panels) {
        if (item / units != entered) {
            entered = item / units;
            enter_band(&job, entered);
            job.packed = (const unsigned char *)packed + (size_t)job.band.group * plan->group_bytes;
        }
        job.panel = item % units;
        job.panels = units - job.panel < end - item ? units - job.panel : end - item;
        job.panels = job.panels < plan->block_panels ? job.panels : plan->block_panels;
        run_panels(&job);
    }
}
