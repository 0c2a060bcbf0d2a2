/*
 * Direct depthwise convolution over planes, pixels of a row as vectors: bands of X are copied with their
 * padding and split by the stride along w (conv_lines.h), so that no tap minds borders or strides. Bytes go
 * through f32 without loss (conv_taps.h).
 */
#include "kernels/conv/conv_depthwise.h"

#include "kernels/gemm/gemm_element.h"

#include <string.h>

/* Floats of a band's lines that stay in L1 with the sums; rows of Y of a band are a multiple of GROUP. */
enum { LINES_FLOATS = 4096, GROUP = 4, MAX_COLS = 32, MOST_PHASES = 8 };

/* One part at work on planes, `group` at a time. spread, lines: their shape; filled_p, filled_rows: the rows
 * that lines above and below the image were last cleared for; line: a row of X on its way to f32. */
typedef struct worker {
    const sy_conv_plan *plan;
    const sy_conv_args *args;
    const gemm_kernel *kernel;
    const conv_taps *taps;
    const float *weights;
    conv_spread spread;
    conv_lines lines;
    bool is_stored, is_in_place, is_far;
    int64_t group, filled_p, filled_rows;
    float *x, *sums, *line;
} worker;

static int64_t reach(const sy_conv_desc *desc, int side) {
    return ((side ? desc->s : desc->r) - 1) * desc->dilation[side] + 1;
}

/* Floats of a phase, phases of a line. */
static int64_t phase_floats(const sy_conv_plan *plan) {
    const int64_t lanes = conv_taps_find(plan->desc.isa)->lanes, width = plan->q < lanes ? lanes : plan->q;
    return (width + (reach(&plan->desc, 1) - 1) / plan->desc.stride[1] + 7) / 8 * 8;
}

static int64_t phases(const sy_conv_desc *desc) {
    const int64_t stride = desc->stride[1];
    return stride <= 2 || stride < reach(desc, 1) ? stride : reach(desc, 1);
}

static int64_t line_floats(const sy_conv_plan *plan) {
    return phases(&plan->desc) * phase_floats(plan);
}

/* Rows of Y of a band, and lines of X under it. */
static int64_t band_rows(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t lines = LINES_FLOATS / line_floats(plan) - reach(desc, 0);
    const int64_t rows = lines < 0 ? 1 : lines / desc->stride[0] + 1;
    return rows >= plan->p ? plan->p : rows > GROUP ? rows / GROUP * GROUP : rows;
}

static int64_t band_lines(const sy_conv_plan *plan, int64_t rows) {
    return (rows - 1) * plan->desc.stride[0] + reach(&plan->desc, 0);
}

/* Planes of X whose lines lie together: those written first have left the core's store queue by the time that
 * they are read, at other places than they were written. */
static int64_t group_planes(const sy_conv_plan *plan) {
    const int64_t most = band_rows(plan), lines = band_lines(plan, most);
    return most < plan->p || 2 * lines > LINES_FLOATS / line_floats(plan)
               ? 1
               : LINES_FLOATS / line_floats(plan) / lines;
}

/* Lines of a group of planes, and one more, since taps of the last vector reach over the end of a line. */
static int64_t group_lines(const sy_conv_plan *plan) {
    return group_planes(plan) * band_lines(plan, band_rows(plan)) + 1;
}

bool conv_planes_can(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    return desc->x_stride[3] < desc->x_stride[1] && phases(desc) <= MOST_PHASES &&
           reach(desc, 0) <= desc->h && reach(desc, 1) <= desc->w;
}

/* Floats of the sums of `rows` rows of a plane: whole tiles, since the epilogue uses them up. */
static int64_t plane_floats(const sy_conv_plan *plan, int64_t rows) {
    return (rows * plan->q + MAX_COLS - 1) / MAX_COLS * MAX_COLS;
}

static size_t sums_floats(const sy_conv_plan *plan) {
    return (size_t)(group_planes(plan) * plane_floats(plan, band_rows(plan)));
}

bool conv_planes_scratch(const sy_conv_plan *plan, size_t *out_bytes) {
    const int64_t lines = group_lines(plan);
    size_t x, line;
    if (!gemm_bytes(lines, line_floats(plan), sizeof(float), &x) ||
        !gemm_bytes(plan->desc.w, 1, sizeof(float), &line))
        return false;
    *out_bytes = (x + line + sums_floats(plan) * sizeof(float) + 63) / 64 * 64;
    return true;
}

void conv_planes_pack(const sy_conv_plan *plan, const void *w, int part, int parts, float *packed) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t *stride = desc->w_stride;
    const int64_t end = gemm_share(desc->c, part + 1, parts);
    for (int64_t c = gemm_share(desc->c, part, parts); c < end; c++)
        for (int64_t r = 0; r < desc->r; r++)
            gemm_load_f32(desc->dtype_w, w, c * stride[0] + r * stride[2], stride[3], desc->s,
                packed + (c * desc->r + r) * desc->s);
}

/* `count` rows of X of some planes from element `first` on, to the lines at `out`. */
static void spread_rows(worker *job, int64_t first, int64_t planes, int64_t count, float *out) {
    const sy_conv_desc *desc = &job->plan->desc;
    const conv_spread *spread = &job->spread;
    if (job->is_in_place) {
        job->taps->spread(spread, (const float *)job->args->x + first, planes, count, out);
        return;
    }
    for (int64_t i = 0; i < planes; i++)
        for (int64_t j = 0; j < count; j++) {
            conv_rows_load(desc->dtype_x, job->args->x, first + i * spread->in_plane + j * spread->in_row,
                desc->x_stride[3], spread->count, job->line);
            job->taps->spread(spread, job->line, 1, 1, out + i * spread->out_plane + j * spread->out_row);
        }
}

/* Clear lines [first, end) of all planes of a group. */
static void clear_lines(const worker *job, int64_t first, int64_t end) {
    const int64_t line = job->spread.out_row;
    for (int64_t i = 0; i < job->group && end > first; i++)
        memset(job->x + i * job->spread.out_plane + first * line, 0,
            (size_t)((end - first) * line) * sizeof(float));
}

/* The lines under rows [p, p + rows) of some planes of Y; first: element of X where these begin. Rows above
 * and below the image are zeros. */
static void fill_lines(worker *job, int64_t first, int64_t planes, int64_t p, int64_t rows) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t lines = band_lines(job->plan, rows), top = p * desc->stride[0] - desc->pad[0];
    const int64_t above = top >= 0 ? 0 : -top < lines ? -top : lines, left = desc->h - top;
    const int64_t end = left >= lines ? lines : left < above ? above : left, line = job->spread.out_row;
    job->spread.out_plane = lines * line;
    if (p != job->filled_p || rows != job->filled_rows) {
        clear_lines(job, 0, above);
        clear_lines(job, end, lines);
    }
    job->filled_p = p;
    job->filled_rows = rows;
    if (end > above)
        spread_rows(
            job, first + (top + above) * desc->x_stride[2], planes, end - above, job->x + above * line);
}

/* The epilogue of rows from p on: tiles of neighbouring pixels, as if these were rows of a matrix. */
static void finish_band(
    const worker *job, int64_t image, int64_t channel, int64_t p, int64_t pixels, float *sums) {
    const int64_t cols = job->kernel->cols, first = p * job->plan->q, whole = pixels / cols;
    gemm_finish finish;
    conv_finish(job->plan, job->args, image, channel, &finish);
    finish.d.row[0] = cols * finish.d.col;
    for (uint32_t i = 0; i < finish.n_post; i++)
        finish.operand[i].row[0] = cols * finish.operand[i].col;
    if (job->kernel->sum == SY_ELEMENT_S32)
        conv_depthwise_s32(sums, pixels);
    if (whole > 0)
        job->kernel->finish(&finish, sums, cols, 0, (int)whole, first, (int)cols);
    if (whole * cols < pixels)
        job->kernel->finish(
            &finish, sums + whole * cols, cols, whole, 1, first, (int)(pixels - whole * cols));
}

/* Rows [p, p + rows) of some planes of Y of one image. */
static void run_band(worker *job, int64_t plane, int64_t planes, int64_t p, int64_t rows) {
    const sy_conv_plan *plan = job->plan;
    const sy_conv_desc *desc = &plan->desc;
    const int64_t *y = desc->y_stride, image = plane / desc->c, channel = plane % desc->c;
    conv_lines *lines = &job->lines;
    const int64_t first = image * desc->x_stride[0] + channel * desc->x_stride[1];
    fill_lines(job, first, planes, p, rows);
    lines->planes = planes;
    lines->x_plane = job->spread.out_plane;
    lines->high = rows;
    lines->w = job->weights + channel * desc->r * desc->s;
    lines->y_plane = job->is_stored ? y[1] : plane_floats(plan, rows);
    if (job->is_stored)
        lines->y = (float *)job->args->y + image * y[0] + channel * y[1] + p * y[2];
    if (job->is_far) {
        const int64_t next =
            rows < plan->p ? rows * desc->stride[0] * desc->x_stride[2] : planes * desc->x_stride[1];
        lines->ahead = (const float *)job->args->x + first + p * desc->stride[0] * desc->x_stride[2] + next;
    }
    job->taps->lines(lines);
    for (int64_t i = 0; i < planes && !job->is_stored; i++)
        finish_band(job, image, channel + i, p, rows * plan->q, job->sums + i * lines->y_plane);
}

static void init_lines(worker *job) {
    const sy_conv_plan *plan = job->plan;
    const sy_conv_desc *desc = &plan->desc;
    const int64_t phase = phase_floats(plan), line = line_floats(plan);
    const int64_t used = (plan->q - 1) * desc->stride[1] + reach(desc, 1) - desc->pad[1];
    job->spread = (conv_spread){.count = used < 0         ? 0
                                         : used < desc->w ? used
                                                          : desc->w,
        .stride = desc->stride[1],
        .phases = phases(desc),
        .pad = desc->pad[1],
        .phase = phase,
        .in_row = desc->x_stride[2],
        .in_plane = desc->x_stride[1],
        .out_row = line};
    job->lines = (conv_lines){.width = plan->q,
        .rows = desc->r,
        .cols = desc->s,
        .stride = {desc->stride[0], desc->stride[1]},
        .dilation = {desc->dilation[0], desc->dilation[1]},
        .x = job->x,
        .x_row = line,
        .phase = phase,
        .ahead_row = desc->x_stride[2],
        .ahead_plane = desc->x_stride[1],
        .y = job->sums,
        .y_row = plan->q};
}

/* Item: a row of Y, of a plane; rows innermost. */
void conv_planes_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t items = desc->n * desc->c * plan->p, end = gemm_share(items, part + 1, plan->parts);
    const int64_t most = band_rows(plan);
    const int64_t floats = group_lines(plan) * line_floats(plan);
    worker job = {.plan = plan,
        .args = args,
        .kernel = conv_kernel(desc),
        .taps = conv_taps_find(desc->isa),
        .weights = packed,
        .is_in_place = desc->dtype_x == SY_ELEMENT_F32 && desc->x_stride[3] == 1,
        .group = group_planes(plan),
        .filled_p = -1,
        .x = scratch};
    job.is_stored = desc->n_post == 0 && desc->dtype_y == SY_ELEMENT_F32 &&
                    job.kernel->sum == SY_ELEMENT_F32 && desc->y_stride[3] == 1;
    job.is_far =
        job.is_in_place && desc->n * desc->c * (desc->h * desc->w + plan->p * plan->q) >= CONV_FAR_FLOATS;
    job.sums = job.x + floats;
    job.line = job.sums + sums_floats(plan);
    init_lines(&job);
    memset(job.x, 0, (size_t)floats * sizeof(float));
    for (int64_t i = gemm_share(items, part, plan->parts), rows, planes; i < end; i += rows * planes) {
        const int64_t p = i % plan->p, plane = i / plan->p, whole = p == 0 ? (end - i) / plan->p : 0;
        rows = plan->p - p < most ? plan->p - p : most;
        rows = end - i < rows ? end - i : rows;
        planes = desc->c - plane % desc->c < job.group ? desc->c - plane % desc->c : job.group;
        planes = whole < 1 ? 1 : whole < planes ? whole : planes;
        run_band(&job, plane, planes, p, rows);
    }
}
