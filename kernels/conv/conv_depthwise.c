/*
 * Direct depthwise convolution with channels as vectors: strips of neighbouring pixels of a row. Bytes go
 * through f32 without loss (conv_taps.h). Planes are turned to channels side by side (conv_rows.c), and their
 * sums back.
 */
#include "kernels/conv/conv_depthwise.h"

#include "kernels/gemm/gemm_element.h"

#include <string.h>

enum { MAX_COLUMNS = CONV_STRIP * CONV_MAX_TAPS, MAX_COLS = 32 };

/* Floats of sums that wait for their epilogue together; of a block of planes that stays in L2; of an image
 * that does not stay there. */
enum { SUMS_FLOATS = 4096, PLANES_FLOATS = 48 << 10, FAR_FLOATS = 1 << 18 };

/* What taps outside the image read. */
static const _Alignas(64) float zeros[CONV_DEPTHWISE_BLOCK];

/* One part at work on rows of Y; channels `rows.channel` and so on. sums: of rows from `first` on. */
typedef struct worker {
    const sy_conv_plan *plan;
    const sy_conv_args *args;
    const gemm_kernel *kernel;
    const conv_taps *taps;
    const float *weights;
    gemm_finish finish;
    bool is_stored, is_by_plane; /* is_stored: sums are results, and Y is dense along vectors */
    conv_rows rows;
    int64_t p, first, waiting;
    float *sums;
} worker;

int64_t conv_depthwise_lanes(const sy_conv_plan *plan) {
    const int64_t cols = conv_kernel(&plan->desc)->cols;
    return (plan->desc.c + cols - 1) / cols * cols;
}

void conv_depthwise_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed) {
    const sy_conv_desc *desc = &plan->desc;
    const bool is_f64 = conv_kernel(desc)->sum == SY_ELEMENT_F64;
    const int64_t lanes = conv_depthwise_lanes(plan), taps = desc->r * desc->s,
                  end = gemm_share(taps, part + 1, parts);
    const size_t element = is_f64 ? sizeof(double) : sizeof(float);
    for (int64_t t = gemm_share(taps, part, parts); t < end; t++) {
        const int64_t first = t / desc->s * desc->w_stride[2] + t % desc->s * desc->w_stride[3];
        unsigned char *to = (unsigned char *)packed + (size_t)(t * lanes) * element;
        if (is_f64)
            gemm_load_f64(desc->dtype_w, w, first, desc->w_stride[0], desc->c, (double *)(void *)to);
        else
            gemm_load_f32(desc->dtype_w, w, first, desc->w_stride[0], desc->c, (float *)(void *)to);
        memset(to + (size_t)desc->c * element, 0, (size_t)(lanes - desc->c) * element);
    }
}

int64_t conv_depthwise_block(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t lanes = conv_depthwise_lanes(plan), cols = conv_kernel(desc)->cols;
    int64_t block = CONV_DEPTHWISE_BLOCK;
    if (conv_is_by_plane(plan->path)) {
        const int64_t plane = desc->h * desc->w, fit = plane > 0 ? PLANES_FLOATS / plane / cols * cols : cols;
        block = fit < cols ? cols : fit < block ? fit : block;
    }
    return lanes < block ? lanes : block;
}

/* Rows of Y that wait together, where sums are turned back to planes. */
static int64_t waiting_rows(const sy_conv_plan *plan) {
    const int64_t row = plan->q * conv_depthwise_block(plan);
    return row < SUMS_FLOATS ? SUMS_FLOATS / row : 1;
}

static bool sums_floats(const sy_conv_plan *plan, size_t *out_floats) {
    const int64_t block = conv_depthwise_block(plan);
    *out_floats = (size_t)(SUMS_FLOATS + CONV_STRIP * block);
    return !conv_is_by_plane(plan->path) || gemm_bytes(waiting_rows(plan), plan->q, block, out_floats);
}

bool conv_depthwise_scratch(const sy_conv_plan *plan, size_t *out_bytes) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t block = conv_depthwise_block(plan);
    size_t sums, ring = 0;
    *out_bytes = 0;
    if (conv_kernel(desc)->sum == SY_ELEMENT_F64)
        return true;
    if (!sums_floats(plan, &sums) ||
        (!conv_rows_in_place(desc) && !gemm_bytes(conv_rows_count(plan, block), desc->w, block, &ring)))
        return false;
    if (sums > SIZE_MAX / 16 || ring > SIZE_MAX / 16)
        return false;
    *out_bytes = ((sums + ring) * sizeof(float) + 63) / 64 * 64;
    return true;
}

/* Addresses of the columns of a strip from pixel q on, for the tap rows inside the image. */
static void list_columns(const worker *job, int64_t q, conv_strip *strip, const float **out_x) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t columns = (strip->pixels - 1) * strip->stride + strip->cols;
    const int64_t first = job->p * desc->stride[0] - desc->pad[0];
    strip->rows = 0;
    for (int64_t r = 0; r < desc->r; r++) {
        const int64_t row = first + r * desc->dilation[0];
        int64_t step, col = q * desc->stride[1] - desc->pad[1];
        if (row < 0 || row >= desc->h)
            continue;
        const float *line = conv_rows_at(&job->rows, row, &step);
        strip->x_step = strip->pixels * desc->stride[1] * step;
        if (strip->rows++ == 0)
            strip->w = job->weights + r * strip->w_row + job->rows.channel;
        for (int64_t j = 0; j < columns; j++, col += desc->dilation[1])
            *out_x++ = col >= 0 && col < desc->w ? line + col * step : zeros;
    }
}

/* Sums of bytes are whole numbers: as s32 from here on. */
static void make_s32(const worker *job, int64_t pixels) {
    for (int64_t i = 0; i < pixels; i++)
        for (int64_t c = 0; c < job->rows.channels; c++) {
            float *at = &job->sums[i * job->rows.ld + c];
            const int32_t sum = (int32_t)*at;
            memcpy(at, &sum, sizeof(sum));
        }
}

/* The epilogue of some pixels of a row, a tile of channels at a time. */
static void finish_pixels(const worker *job, int64_t row, int64_t pixels) {
    const int64_t cols = job->kernel->cols;
    if (job->kernel->sum == SY_ELEMENT_S32)
        make_s32(job, pixels);
    for (int64_t c = 0; c < job->rows.channels; c += cols) {
        const int64_t left = job->rows.channels - c;
        job->kernel->finish(&job->finish, job->sums + c, job->rows.ld, row, (int)pixels,
            job->rows.channel + c, (int)(left < cols ? left : cols));
    }
}

/* The epilogue of the rows that wait, turned: tiles of channels by pixels. */
static void finish_planes(worker *job) {
    const sy_conv_plan *plan = job->plan;
    const int64_t cols = job->kernel->cols, ld = job->rows.ld, pixels = job->waiting * plan->q;
    _Alignas(64) float turned[MAX_COLS * MAX_COLS];
    if (pixels == 0)
        return;
    job->waiting = 0;
    if (job->is_stored) {
        const int64_t *y = plan->desc.y_stride;
        float *to = (float *)job->finish.out + job->rows.channel * y[1] + job->first * y[2];
        job->taps->turn(job->sums, ld, pixels, job->rows.channels, to, y[1]);
        return;
    }
    if (job->kernel->sum == SY_ELEMENT_S32)
        make_s32(job, pixels);
    for (int64_t c = 0; c < job->rows.channels; c += cols) {
        const int64_t high = job->rows.channels - c < cols ? job->rows.channels - c : cols;
        for (int64_t i = 0; i < pixels; i += cols) {
            const int64_t width = pixels - i < cols ? pixels - i : cols;
            job->taps->turn(job->sums + i * ld + c, ld, width, high, turned, cols);
            job->kernel->finish(&job->finish, turned, cols, job->rows.channel + c, (int)high,
                job->first * plan->q + i, (int)width);
        }
    }
}

/* Strips of a row of Y: their heights differ by at most one, the taller come first. */
typedef struct strips {
    int64_t count, low, taller;
} strips;

static int64_t strip_pixels(const strips *all, int64_t i) {
    return i < all->taller ? all->low + 1 : all->low;
}

static int64_t strip_begin(const strips *all, int64_t i) {
    return i * all->low + (i < all->taller ? i : all->taller);
}

/* Whether all columns of strip i lie inside the image. */
static bool is_inside(const sy_conv_desc *desc, const strips *all, int64_t i) {
    const int64_t first = strip_begin(all, i) * desc->stride[1] - desc->pad[1];
    const int64_t last =
        first + (strip_pixels(all, i) - 1) * desc->stride[1] + (desc->s - 1) * desc->dilation[1];
    return first >= 0 && last < desc->w;
}

/* How many strips from i on are like it, so that one list of addresses serves them all. */
static int64_t alike(const worker *job, const strips *all, int64_t i) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t pixels = strip_pixels(all, i), fit = SUMS_FLOATS / (pixels * job->rows.ld);
    const bool is_free = job->is_stored || job->is_by_plane;
    int64_t count = 1;
    if (!is_inside(desc, all, i))
        return 1;
    while (i + count < all->count && (is_free || count < fit) && strip_pixels(all, i + count) == pixels &&
           is_inside(desc, all, i + count))
        count++;
    return count;
}

/* Some strips of equal height from pixel q on. */
static void run_strips(const worker *job, int64_t q, conv_strip *strip, const float **x) {
    const sy_conv_plan *plan = job->plan;
    const int64_t *y = plan->desc.y_stride;
    strip->ld = job->is_stored && !job->is_by_plane ? y[3] : job->rows.ld;
    strip->sums = job->sums;
    if (job->is_by_plane)
        strip->sums = job->sums + ((job->p - job->first) * plan->q + q) * job->rows.ld;
    else if (job->is_stored)
        strip->sums =
            (float *)job->finish.out + job->rows.image * y[0] + job->p * y[2] + q * y[3] + job->rows.channel;
    list_columns(job, q, strip, x);
    job->taps->strip(strip);
    if (!job->is_stored && !job->is_by_plane)
        finish_pixels(job, (job->rows.image * plan->p + job->p) * plan->q + q, strip->count * strip->pixels);
}

/* Windows with gaps go pixel by pixel. */
static void run_row(worker *job) {
    const sy_conv_plan *plan = job->plan;
    const sy_conv_desc *desc = &plan->desc;
    const float *x[MAX_COLUMNS];
    const int most = desc->dilation[1] == 1 && desc->stride[1] <= desc->s ? CONV_STRIP : 1;
    const int64_t lanes = conv_depthwise_lanes(plan), down = job->p * desc->stride[0] - desc->pad[0];
    const bool is_far = job->rows.is_in_place && desc->h * desc->x_stride[2] >= FAR_FLOATS;
    strips all = {.count = gemm_panel_count(plan->q, most)};
    all.low = plan->q / all.count;
    all.taller = plan->q % all.count;
    conv_strip strip = {.cols = desc->s,
        .stride = desc->stride[1],
        .channels = job->rows.channels,
        .x = x,
        .w_row = desc->s * lanes,
        .w_col = lanes,
        .w = job->weights,
        .ahead = is_far ? desc->stride[0] * desc->x_stride[2] : 0};
    conv_rows_fill(&job->rows, down, down + (desc->r - 1) * desc->dilation[0] + 1);
    for (int64_t i = 0; i < all.count; i += strip.count) {
        strip.pixels = strip_pixels(&all, i);
        strip.count = alike(job, &all, i);
        run_strips(job, strip_begin(&all, i), &strip, x);
    }
}

/* Item: a row of Y, of a block of channels, of an image; rows innermost. */
static void enter_row(worker *job, int64_t item, bool is_begin) {
    const sy_conv_plan *plan = job->plan;
    const int64_t block = job->rows.ld, blocks = (plan->desc.c + block - 1) / block;
    job->p = item % plan->p;
    if (job->p != 0 && !is_begin) {
        if (job->waiting == 0)
            job->first = job->p;
        return;
    }
    const int64_t channel = item / plan->p % blocks * block, left = plan->desc.c - channel;
    job->rows.image = item / plan->p / blocks;
    job->rows.channel = channel;
    job->rows.channels = left < block ? left : block;
    job->rows.next = 0;
    job->first = job->p;
    conv_finish(plan, job->args, job->is_by_plane ? job->rows.image : 0, 0, &job->finish);
}

void conv_depthwise_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t block = conv_depthwise_block(plan), blocks = (desc->c + block - 1) / block;
    const int64_t items = desc->n * blocks * plan->p, begin = gemm_share(items, part, plan->parts);
    const int64_t end = gemm_share(items, part + 1, plan->parts), most = waiting_rows(plan);
    size_t sums = 0;
    sums_floats(plan, &sums);
    worker job = {.plan = plan,
        .args = args,
        .kernel = conv_kernel(desc),
        .taps = conv_taps_find(desc->isa),
        .weights = packed,
        .is_by_plane = conv_is_by_plane(plan->path),
        .sums = scratch};
    job.is_stored = desc->n_post == 0 && desc->dtype_y == SY_ELEMENT_F32 &&
                    job.kernel->sum == SY_ELEMENT_F32 && desc->y_stride[job.is_by_plane ? 3 : 1] == 1;
    job.rows = (conv_rows){.plan = plan,
        .x = args->x,
        .ring = job.sums + sums,
        .is_in_place = conv_rows_in_place(desc),
        .rows = conv_rows_count(plan, block),
        .ld = block};
    for (int64_t i = begin; i < end; i++) {
        enter_row(&job, i, i == begin);
        run_row(&job);
        job.waiting += job.is_by_plane;
        if (job.waiting == most || job.p + 1 == plan->p || i + 1 == end)
            finish_planes(&job);
    }
}
