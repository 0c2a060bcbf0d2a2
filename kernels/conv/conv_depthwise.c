/*
 * Direct depthwise convolution with channels as vectors: strips of neighbouring pixels of a row. Rows of X
 * that are not plain f32 channels are widened once, into a ring of as many rows as a window reaches over.
 * Integers go through f32 without loss (conv_taps.h); f64 has its own plain loop.
 */
#include "kernels/conv/conv_depthwise.h"

#include "kernels/gemm/gemm_element.h"

#include <string.h>

enum {
    MAX_COLS = 32,
    MAX_COLUMNS = CONV_STRIP * CONV_MAX_TAPS,
    BLOCK = CONV_DEPTHWISE_BLOCK,
    L1_FLOATS = 6144
};

/* What taps outside the image read. */
static const _Alignas(64) float zeros[BLOCK];

/* One part at work on a block of channels of a row of Y. */
typedef struct row_job {
    const sy_conv_plan *plan;
    const gemm_kernel *kernel;
    const void *x, *weights;
    gemm_finish finish;
    bool is_stored, is_in_place;
    int64_t image, p, channel, channels;
    float *sums, *ring;
    int64_t ring_row; /* first row of X that is not in the ring yet */
} row_job;

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

static int64_t reach(const sy_conv_desc *desc) {
    return (desc->r - 1) * desc->dilation[0] + 1;
}

static bool is_in_place(const sy_conv_desc *desc) {
    return desc->dtype_x == SY_ELEMENT_F32 && desc->x_stride[1] == 1;
}

/* Wide blocks: L1 would hold the rows of narrow ones, but then lines of memory are read in pieces, which is
 * slower. */
static int64_t block_channels(const sy_conv_plan *plan) {
    const int64_t lanes = conv_depthwise_lanes(plan);
    return lanes < BLOCK ? lanes : BLOCK;
}

/* Sums of at least one strip. */
static size_t sums_floats(const sy_conv_plan *plan) {
    return (size_t)(CONV_DEPTHWISE_SUMS + CONV_STRIP * block_channels(plan));
}

bool conv_depthwise_scratch(const sy_conv_plan *plan, size_t *out_bytes) {
    const sy_conv_desc *desc = &plan->desc;
    const size_t sums = sums_floats(plan) * sizeof(float);
    size_t ring = 0, row = 0;
    *out_bytes = 0;
    if (conv_kernel(desc)->sum == SY_ELEMENT_F64)
        return true;
    const int64_t rows = reach(desc) < desc->h ? reach(desc) : desc->h;
    if (!is_in_place(desc) && (!gemm_bytes(desc->w, block_channels(plan), sizeof(float), &row) ||
                                  __builtin_mul_overflow(row, (size_t)rows, &ring)))
        return false;
    *out_bytes = (sums + ring + 63) / 64 * 64;
    return ring <= SIZE_MAX / 4;
}

/* A run of channels of one pixel, widened. */
static void load_channels(const sy_conv_desc *desc, const void *x, int64_t first, int64_t count, float *out) {
    const int64_t stride = desc->x_stride[1];
    if (desc->dtype_x == SY_ELEMENT_S8)
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const int8_t *)x)[first + i * stride];
    else if (desc->dtype_x == SY_ELEMENT_U8)
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const uint8_t *)x)[first + i * stride];
    else
        gemm_load_f32(desc->dtype_x, x, first, stride, count, out);
}

static float *ring_at(const row_job *job, int64_t row) {
    const int64_t rows = reach(&job->plan->desc);
    return job->ring + row % rows * job->plan->desc.w * block_channels(job->plan);
}

/* Rows of X up to what row p of Y reads. */
static void fill_ring(row_job *job) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t first = job->p * desc->stride[0] - desc->pad[0], ld = block_channels(job->plan);
    const int64_t end = first + reach(desc) < desc->h ? first + reach(desc) : desc->h;
    int64_t row = job->ring_row > first ? job->ring_row : first;
    for (row = row < 0 ? 0 : row; row < end; row++) {
        const int64_t at =
            job->image * desc->x_stride[0] + job->channel * desc->x_stride[1] + row * desc->x_stride[2];
        for (int64_t col = 0; col < desc->w; col++)
            load_channels(
                desc, job->x, at + col * desc->x_stride[3], job->channels, ring_at(job, row) + col * ld);
    }
    job->ring_row = end > job->ring_row ? end : job->ring_row;
}

/* Row of X that tap row r reads, as floats of column 0; its column distance in *out_step. */
static const float *row_of_x(const row_job *job, int64_t row, int64_t *out_step) {
    const sy_conv_desc *desc = &job->plan->desc;
    if (!job->is_in_place) {
        *out_step = block_channels(job->plan);
        return ring_at(job, row);
    }
    *out_step = desc->x_stride[3];
    return (const float *)job->x + job->image * desc->x_stride[0] + job->channel + row * desc->x_stride[2];
}

/* Addresses of the columns of a strip from pixel q on, for the tap rows inside the image. */
static void list_columns(const row_job *job, int64_t q, conv_strip *strip, const float **out_x) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t columns = (strip->pixels - 1) * strip->stride + strip->cols;
    const int64_t first = job->p * desc->stride[0] - desc->pad[0];
    strip->rows = 0;
    for (int64_t r = 0; r < desc->r; r++) {
        const int64_t row = first + r * desc->dilation[0];
        int64_t step, col = q * desc->stride[1] - desc->pad[1];
        if (row < 0 || row >= desc->h)
            continue;
        const float *line = row_of_x(job, row, &step);
        if (strip->rows++ == 0)
            strip->w = (const float *)job->weights + r * strip->w_row + job->channel;
        for (int64_t j = 0; j < columns; j++, col += desc->dilation[1])
            *out_x++ = col >= 0 && col < desc->w ? line + col * step : zeros;
    }
}

/* The epilogue of some pixels of a row, a tile of channels at a time. */
static void finish_pixels(const row_job *job, int64_t row, int64_t pixels) {
    const int64_t cols = job->kernel->cols, ld = block_channels(job->plan);
    if (job->kernel->sum == SY_ELEMENT_S32)
        for (int64_t i = 0; i < pixels; i++)
            for (int64_t c = 0; c < job->channels; c++) {
                const int32_t sum = (int32_t)job->sums[i * ld + c];
                memcpy(&job->sums[i * ld + c], &sum, sizeof(sum));
            }
    for (int64_t c = 0; c < job->channels; c += cols) {
        const int64_t left = job->channels - c;
        job->kernel->finish(&job->finish, job->sums + c, ld, row, (int)pixels, job->channel + c,
            (int)(left < cols ? left : cols));
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
static int64_t alike(const row_job *job, const strips *all, int64_t i) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t pixels = strip_pixels(all, i);
    const int64_t fit = CONV_DEPTHWISE_SUMS / (pixels * block_channels(job->plan));
    int64_t count = 1;
    if (!is_inside(desc, all, i))
        return 1;
    while (i + count < all->count && (job->is_stored || count < fit) &&
           strip_pixels(all, i + count) == pixels && is_inside(desc, all, i + count))
        count++;
    return count;
}

/* Some strips of equal height from pixel q on. */
static void run_strips(const row_job *job, int64_t q, conv_strip *strip, const float **x) {
    const sy_conv_plan *plan = job->plan;
    const sy_conv_desc *desc = &plan->desc;
    const int64_t x_col = job->is_in_place ? desc->x_stride[3] : block_channels(plan);
    strip->x_step = strip->pixels * desc->stride[1] * x_col;
    strip->ld = job->is_stored ? desc->y_stride[3] : block_channels(plan);
    strip->sums = job->sums;
    if (job->is_stored)
        strip->sums = (float *)job->finish.out + job->image * desc->y_stride[0] + job->p * desc->y_stride[2] +
                      q * desc->y_stride[3] + job->channel;
    list_columns(job, q, strip, x);
    conv_taps_find(desc->isa)->strip(strip);
    if (!job->is_stored)
        finish_pixels(job, (job->image * plan->p + job->p) * plan->q + q, strip->count * strip->pixels);
}

/* Windows with gaps go pixel by pixel. */
static void run_row(row_job *job) {
    const sy_conv_plan *plan = job->plan;
    const sy_conv_desc *desc = &plan->desc;
    const float *x[MAX_COLUMNS];
    const int most = desc->dilation[1] == 1 && desc->stride[1] <= desc->s ? CONV_STRIP : 1;
    const int64_t lanes = conv_depthwise_lanes(plan);
    strips all = {.count = gemm_panel_count(plan->q, most)};
    all.low = plan->q / all.count;
    all.taller = plan->q % all.count;
    conv_strip strip = {.cols = desc->s,
        .stride = desc->stride[1],
        .channels = job->channels,
        .x = x,
        .w_row = desc->s * lanes,
        .w_col = lanes,
        .w = job->weights,
        .ahead = job->is_in_place ? desc->stride[0] * desc->x_stride[2] : 0};
    if (!job->is_in_place)
        fill_ring(job);
    for (int64_t i = 0; i < all.count; i += strip.count) {
        strip.pixels = strip_pixels(&all, i);
        strip.count = alike(job, &all, i);
        run_strips(job, strip_begin(&all, i), &strip, x);
    }
}

/* f64 sums of one pixel and up to a tile of channels. */
static void sum_f64(const row_job *job, int64_t q, double *sums) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t lanes = conv_depthwise_lanes(job->plan);
    double x[MAX_COLS];
    memset(sums, 0, sizeof(double) * MAX_COLS);
    for (int64_t t = 0; t < desc->r * desc->s; t++) {
        const int64_t row = job->p * desc->stride[0] - desc->pad[0] + t / desc->s * desc->dilation[0];
        const int64_t col = q * desc->stride[1] - desc->pad[1] + t % desc->s * desc->dilation[1];
        if (row < 0 || row >= desc->h || col < 0 || col >= desc->w)
            continue;
        const double *w = (const double *)job->weights + t * lanes + job->channel;
        gemm_load_f64(desc->dtype_x, job->x,
            job->image * desc->x_stride[0] + job->channel * desc->x_stride[1] + row * desc->x_stride[2] +
                col * desc->x_stride[3],
            desc->x_stride[1], job->channels, x);
        for (int64_t j = 0; j < job->channels; j++)
            sums[j] += x[j] * w[j];
    }
}

static void run_row_f64(const row_job *job) {
    const sy_conv_plan *plan = job->plan;
    row_job one = *job;
    for (int64_t c = 0; c < job->channels; c += job->kernel->cols) {
        const int64_t left = job->channels - c, cols = job->kernel->cols;
        one.channel = job->channel + c;
        one.channels = left < cols ? left : cols;
        for (int64_t q = 0; q < plan->q; q++) {
            double sums[MAX_COLS];
            sum_f64(&one, q, sums);
            gemm_finish_f64(&one.finish, sums, MAX_COLS, (one.image * plan->p + one.p) * plan->q + q, 1,
                one.channel, (int)one.channels);
        }
    }
}

void conv_depthwise_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch) {
    const sy_conv_desc *desc = &plan->desc;
    row_job job = {.plan = plan, .kernel = conv_kernel(desc), .x = args->x, .weights = packed};
    const int64_t width = block_channels(plan), blocks = (desc->c + width - 1) / width;
    const int64_t items = desc->n * blocks * plan->p, end = gemm_share(items, part + 1, plan->parts);
    conv_finish(plan, args, 0, 0, &job.finish);
    job.is_in_place = is_in_place(desc);
    job.is_stored = desc->n_post == 0 && desc->dtype_y == job.kernel->sum &&
                    desc->dtype_y == SY_ELEMENT_F32 && desc->y_stride[1] == 1;
    job.sums = scratch;
    job.ring = job.sums + sums_floats(plan);
    for (int64_t i = gemm_share(items, part, plan->parts); i < end; i++) {
        job.p = i % plan->p;
        job.image = i / plan->p / blocks;
        job.channel = i / plan->p % blocks * width;
        job.channels = desc->c - job.channel < width ? desc->c - job.channel : width;
        if (job.p == 0)
            job.ring_row = 0;
        if (job.kernel->sum == SY_ELEMENT_F64)
            run_row_f64(&job);
        else
            run_row(&job);
    }
}
