/* Direct convolution into planes with pixels as lanes: copies of rows, taps, bands. */
#include "kernels/conv/conv_lanes.h"
#include "kernels/gemm/gemm_element.h"
#include "kernels/gemm/gemm_problem.h"

#include <string.h>

/* Where lanes pay, measured on Zen 3: over a deeper sum turning costs less than they do; column strides that
 * are worth taking apart; lanes of which most are used; bytes of the lines under a window, which pass through
 * L1. */
enum { MOST_UNITS = 160, MOST_STRIDE = 4, LEAST_PIXELS = 12, WINDOW_BYTES = 80 << 10 };

/* Output rows of a band at most, bytes of a copy that stay in L2, pixels whose sums are finished in L1. */
enum { MOST_ROWS = 16, COPY_BYTES = 192 << 10, PIECE = 64 };

typedef struct span {
    int64_t begin, end;
} span;

/* How a band is copied, in floats: line (row, channel, phase) holds every stride-th column of padding, image,
 * padding. */
typedef struct lines {
    int64_t channels, phases, line, row, rows;
    span inside[MOST_STRIDE]; /* by phase: places of a line that lie in the image */
} lines;

static int64_t ceil_div(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

static span find_inside(const conv_shape *shape, int64_t phase, int64_t line) {
    const int64_t stride = shape->stride[1], before = shape->pad[1] - phase, reach = before + shape->w;
    const int64_t first = before > 0 ? ceil_div(before, stride) : 0;
    const int64_t last = reach > 0 ? ceil_div(reach, stride) : 0, begin = first < line ? first : line;
    return (span){begin, last < begin ? begin : last < line ? last : line};
}

static lines lay_lines(const sy_conv_plan *plan, const conv_shape *shape) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t last = (desc->s - 1) * desc->dilation[1], stride = shape->stride[1];
    lines all = {.channels = desc->c / desc->groups, .phases = last < stride ? last + 1 : stride};
    all.line = ceil_div(ceil_div(shape->q, GEMM_LANES) * GEMM_LANES + last / stride, GEMM_LANES) * GEMM_LANES;
    for (int64_t f = 0; f < all.phases; f++)
        all.inside[f] = find_inside(shape, f, all.line);
    all.row = all.channels * all.phases * all.line;
    all.rows = (plan->band_p - 1) * shape->stride[0] + (desc->r - 1) * desc->dilation[0] + 1;
    return all;
}

bool conv_lanes_can(const sy_conv_plan *plan, const conv_shape *shape) {
    const sy_conv_desc *desc = &plan->desc;
    if (plan->path != SY_CONV_PATH_DIRECT_PLANES || !shape->open->lanes || desc->s < 2 ||
        conv_depth(desc) > MOST_UNITS || shape->stride[1] > MOST_STRIDE || shape->q < LEAST_PIXELS)
        return false;
    return desc->r * lay_lines(plan, shape).row <= WINDOW_BYTES / (int64_t)sizeof(float);
}

const char *conv_lanes_lay_out(sy_conv_plan *plan, const conv_shape *shape, int parts) {
    const int64_t wanted = plan->desc.tuning.band_pixels;
    plan->band_p = 1;
    const lines one = lay_lines(plan, shape);
    size_t row_bytes;
    if (!gemm_bytes(one.channels * one.phases, one.line, sizeof(float), &row_bytes) ||
        !gemm_bytes((int64_t)row_bytes, one.rows, 1, &plan->copy_bytes))
        return "a band of the image exceeds the address space";
    const int64_t fit =
        (COPY_BYTES - (int64_t)plan->copy_bytes) / ((int64_t)row_bytes * shape->stride[0]) + 1;
    plan->band_p = wanted > 0 ? wanted / shape->q : fit < MOST_ROWS ? fit : MOST_ROWS;
    plan->band_p = plan->band_p < 1 ? 1 : plan->band_p;
    plan->band_p = ceil_div(shape->p, ceil_div(shape->p, plan->band_p));
    plan->band_q = shape->q;
    plan->walk = SY_CONV_WALK_LANES;
    plan->bands = ceil_div(shape->p, plan->band_p) * shape->n * plan->desc.groups;
    const int64_t items = plan->bands * gemm_panel_count(conv_channels(&plan->desc), shape->open->cols);
    plan->parts = parts < items ? parts : (int32_t)items;
    if (!gemm_bytes((int64_t)row_bytes, lay_lines(plan, shape).rows, 1, &plan->copy_bytes))
        return "a band of the image exceeds the address space";
    plan->copy_bytes = (plan->copy_bytes + 63) / 64 * 64;
    plan->list_bytes = ((size_t)conv_depth(&plan->desc) * sizeof(int64_t) + 63) / 64 * 64;
    plan->scratch_bytes =
        plan->copy_bytes + plan->list_bytes + (size_t)(PIECE * shape->open->cols) * sizeof(float);
    return NULL;
}

/* One part at work on rows [p, p_end) of an image and group. */
typedef struct worker {
    const sy_conv_plan *plan;
    const conv_shape *shape;
    const sy_conv_args *args;
    lines lines;
    gemm_finish finish;
    bool is_stored;
    int64_t image, group, p, p_end;
    float *copy, *sums;
    int64_t *offset;
} worker;

/* Places [begin, end) of the lines of all phases; first: where the row begins. */
static void copy_phases(const worker *job, int64_t first, span places, float *out) {
    const conv_shape *shape = job->shape;
    const uint32_t dtype = job->plan->desc.dtype_x;
    const int64_t stride = shape->stride[1], line = job->lines.line, count = places.end - places.begin;
    const int64_t from = first + (places.begin * stride - shape->pad[1]) * shape->x_col;
    out += places.begin;
    if (count <= 0)
        return;
    if (dtype == SY_ELEMENT_F32 && shape->x_col == 1) {
        shape->open->part((const float *)job->args->x + from, stride, job->lines.phases, count, out, line);
        return;
    }
    for (int64_t f = 0; f < job->lines.phases; f++, out += line)
        gemm_load_panel(
            &shape->open->a, dtype, job->args->x, from + f * shape->x_col, stride * shape->x_col, count, out);
}

/* A few places of the line of one phase. */
static void copy_end(const worker *job, int64_t first, int64_t phase, span places, float *out) {
    const conv_shape *shape = job->shape;
    const uint32_t dtype = job->plan->desc.dtype_x;
    for (int64_t i = places.begin; i < places.end; i++) {
        const int64_t from = first + (i * shape->stride[1] + phase - shape->pad[1]) * shape->x_col;
        if (dtype == SY_ELEMENT_F32)
            out[i] = ((const float *)job->args->x)[from];
        else
            gemm_load_panel(&shape->open->a, dtype, job->args->x, from, 1, 1, out + i);
    }
}

/* Row `row` of a channel: all phases together where all of them are inside the image, their ends one by one.
 */
static void copy_row(const worker *job, int64_t row, int64_t channel, float *out) {
    const conv_shape *shape = job->shape;
    const lines *all = &job->lines;
    const int64_t image = job->image * shape->x_image + row * shape->x_row;
    const int64_t first = image + (job->group * all->channels + channel) * job->plan->desc.x_stride[1];
    const int64_t low = all->inside[0].begin, last = all->inside[all->phases - 1].end;
    const int64_t high = last > low ? last : low;
    copy_phases(job, first, (span){low, high}, out);
    for (int64_t f = 0; f < all->phases; f++, out += all->line) {
        const span in = all->inside[f];
        copy_end(job, first, f, (span){in.begin, low < in.end ? low : in.end}, out);
        copy_end(job, first, f, (span){high > in.begin ? high : in.begin, in.end}, out);
    }
}

/* The rows that the band reads, inside the image. */
static void copy_band(const worker *job) {
    const conv_shape *shape = job->shape;
    const lines *all = &job->lines;
    const int64_t top = job->p * shape->stride[0] - shape->pad[0];
    const int64_t rows = all->rows - (job->plan->band_p - (job->p_end - job->p)) * shape->stride[0];
    for (int64_t c = 0; c < all->channels; c++)
        for (int64_t i = top < 0 ? -top : 0; i < rows && top + i < shape->h; i++)
            copy_row(job, top + i, c, job->copy + i * all->row + c * all->phases * all->line);
}

/* Where the units of the depth lie, from the first line of an output row on. */
static void list_offsets(const worker *job) {
    const sy_conv_desc *desc = &job->plan->desc;
    const lines *all = &job->lines;
    const int64_t stride = job->shape->stride[1];
    int64_t *out = job->offset;
    for (int64_t r = 0; r < desc->r; r++)
        for (int64_t s = 0; s < desc->s; s++)
            for (int64_t c = 0; c < all->channels; c++) {
                const int64_t col = s * desc->dilation[1];
                *out++ = r * desc->dilation[0] * all->row + (c * all->phases + col % stride) * all->line +
                         col / stride;
            }
}

/* Pixels of one row and panel through the epilogue, some at a time. */
static void finish_row(
    const worker *job, gemm_lanes lanes, int64_t p, int64_t channel, int count, const float *b) {
    const gemm_open *open = job->shape->open;
    const int64_t q = job->shape->q;
    lanes.c = job->sums;
    lanes.c_step = PIECE;
    for (int64_t i = 0; i < q; i += PIECE, lanes.x += PIECE) {
        lanes.count = q - i < PIECE ? q - i : PIECE;
        open->lanes(&lanes, count, b);
        for (int64_t j = 0; j < lanes.count; j += open->cols) {
            const int64_t left = lanes.count - j;
            open->finish(&job->finish, job->sums + j, PIECE, channel, count, p * q + i + j,
                left < open->cols ? (int)left : open->cols);
        }
    }
}

/* Output row p of panel j: the taps whose rows lie in the image. */
static void run_row(const worker *job, int64_t p, int64_t j, const unsigned char *packed) {
    const sy_conv_desc *desc = &job->plan->desc;
    const conv_shape *shape = job->shape;
    const int64_t cols = shape->open->cols, left = conv_channels(desc) - j * cols;
    const int64_t depth = conv_depth(desc), tap = depth / desc->r, top = p * shape->stride[0] - shape->pad[0];
    int64_t begin = 0, end = desc->r;
    while (begin < end && top + begin * desc->dilation[0] < 0)
        begin++;
    while (end > begin && top + (end - 1) * desc->dilation[0] >= shape->h)
        end--;
    const float *b = (const float *)(const void *)packed + (j * depth + begin * tap) * cols;
    gemm_lanes lanes = {.count = shape->q,
        .x = job->copy + (p - job->p) * shape->stride[0] * job->lines.row,
        .units = (end - begin) * tap,
        .offset = job->offset + begin * tap};
    const int count = (int)(left < cols ? left : cols);
    if (!job->is_stored) {
        finish_row(job, lanes, p, j * cols, count, b);
        return;
    }
    lanes.c_step = desc->y_stride[1];
    lanes.ahead = shape->y_row;
    lanes.c = (float *)job->finish.out + j * cols * lanes.c_step + p * shape->y_row;
    shape->open->lanes(&lanes, count, b);
}

static void enter_band(worker *job, int64_t index) {
    const conv_shape *shape = job->shape;
    const int64_t bands = ceil_div(shape->p, job->plan->band_p),
                  end = (index % bands + 1) * job->plan->band_p;
    job->image = index / bands % shape->n;
    job->group = index / bands / shape->n;
    job->p = index % bands * job->plan->band_p;
    job->p_end = end < shape->p ? end : shape->p;
    conv_finish(job->plan, job->args, job->image, job->group, &job->finish);
    copy_band(job);
}

void conv_lanes_run(const sy_conv_plan *plan, const conv_shape *shape, const sy_conv_args *args,
    const void *packed, int part, void *scratch) {
    const sy_conv_desc *desc = &plan->desc;
    worker job = {.plan = plan,
        .shape = shape,
        .args = args,
        .lines = lay_lines(plan, shape),
        .is_stored = desc->n_post == 0 && desc->dtype_y == SY_ELEMENT_F32 && desc->y_stride[3] == 1,
        .copy = scratch,
        .offset = (int64_t *)(void *)((unsigned char *)scratch + plan->copy_bytes)};
    job.sums = (float *)(void *)((unsigned char *)scratch + plan->copy_bytes + plan->list_bytes);
    list_offsets(&job);
    memset(job.copy, 0, plan->copy_bytes); /* the ends of lines stay so */
    const int64_t units = gemm_panel_count(conv_channels(desc), shape->open->cols);
    const int64_t items = plan->bands * units, end = gemm_share(items, part + 1, plan->parts);
    for (int64_t item = gemm_share(items, part, plan->parts), panels; item < end; item += panels) {
        const int64_t panel = item % units;
        panels = units - panel < end - item ? units - panel : end - item;
        enter_band(&job, item / units);
        const unsigned char *weights = (const unsigned char *)packed + (size_t)job.group * plan->group_bytes;
        for (int64_t p = job.p; p < job.p_end; p++)
            for (int64_t j = panel; j < panel + panels; j++)
                run_row(&job, p, j, weights);
    }
}
