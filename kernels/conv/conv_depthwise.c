/*
 * Direct depthwise convolution with channels as vectors: blocks of pixels of neighbouring rows. Bytes go
 * through f32 without loss (conv_taps.h).
 */
#include "kernels/conv/conv_depthwise.h"

#include "kernels/gemm/gemm_element.h"

#include <string.h>

/* Floats of sums that wait for their epilogue together; least pixels of a block. */
enum { SUMS_FLOATS = 4096, LEAST_PIXELS = 8 };

/* What is not in the image. */
static const _Alignas(64) float zeros[CONV_DEPTHWISE_BLOCK];

/* One part at work on rows of Y: `high` from p on; channels `rows.channel` and so on. is_stored: sums are
 * results, if has_ending after `ending`, and Y is dense along channels. */
typedef struct worker {
    const sy_conv_plan *plan;
    const sy_conv_args *args;
    const gemm_kernel *kernel;
    const conv_taps *taps;
    const float *weights;
    gemm_finish finish;
    gemm_ending ending;
    bool is_stored, has_ending;
    conv_rows rows;
    int64_t p, high, most, waiting;
    float *sums;
} worker;

int64_t conv_depthwise_lanes(const sy_conv_plan *plan) {
    const int64_t cols = conv_kernel(&plan->desc)->cols;
    return (plan->desc.c + cols - 1) / cols * cols;
}

/* A tap of a run of channels, filled up with zeros. */
static void load_weights(const sy_conv_plan *plan, const void *w, int64_t tap, int64_t channel, int64_t count,
    int64_t lanes, void *out) {
    const sy_conv_desc *desc = &plan->desc;
    const bool is_f64 = conv_kernel(desc)->sum == SY_ELEMENT_F64;
    const int64_t *stride = desc->w_stride;
    const int64_t first = channel * stride[0] + tap / desc->s * stride[2] + tap % desc->s * stride[3];
    const size_t element = is_f64 ? sizeof(double) : sizeof(float);
    if (is_f64)
        gemm_load_f64(desc->dtype_w, w, first, stride[0], count, out);
    else
        gemm_load_f32(desc->dtype_w, w, first, stride[0], count, out);
    memset((unsigned char *)out + (size_t)count * element, 0, (size_t)(lanes - count) * element);
}

/* First channel of vector `v`: the last begins where it still fits. */
static int64_t vector_channel(int64_t channels, int64_t lanes, int64_t v) {
    return v * lanes + lanes <= channels ? v * lanes : channels > lanes ? channels - lanes : 0;
}

static void pack_vectors(const sy_conv_plan *plan, const void *w, int part, int parts, float *packed) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t lanes = conv_taps_find(desc->isa)->lanes, taps = desc->r * desc->s;
    const int64_t vectors = (desc->c + lanes - 1) / lanes, end = gemm_share(vectors, part + 1, parts);
    for (int64_t v = gemm_share(vectors, part, parts); v < end; v++)
        for (int64_t t = 0; t < taps; t++)
            load_weights(plan, w, t, vector_channel(desc->c, lanes, v), desc->c < lanes ? desc->c : lanes,
                lanes, packed + (v * taps + t) * lanes);
}

void conv_depthwise_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t lanes = conv_depthwise_lanes(plan), taps = desc->r * desc->s;
    const int64_t end = gemm_share(taps, part + 1, parts);
    if (plan->path == SY_CONV_PATH_PLANES) {
        conv_planes_pack(plan, w, part, parts, packed);
        return;
    }
    if (conv_kernel(desc)->sum != SY_ELEMENT_F64) {
        pack_vectors(plan, w, part, parts, packed);
        return;
    }
    for (int64_t t = gemm_share(taps, part, parts); t < end; t++)
        load_weights(plan, w, t, 0, desc->c, lanes, (double *)packed + t * lanes);
}

/* Weights of the channels from `channel` on, the first of a vector unless fewer than a vector follow. */
static const float *find_weights(const worker *job, int64_t channel) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t lanes = job->taps->lanes, v = channel / lanes;
    return job->weights + v * desc->r * desc->s * lanes + (channel - vector_channel(desc->c, lanes, v));
}

int64_t conv_depthwise_high(const sy_conv_desc *desc) {
    const bool is_dilated = desc->dilation[0] > 1 || desc->dilation[1] > 1;
    return conv_block_high(desc->r, desc->s, desc->stride, is_dilated);
}

static int64_t channels_block(const sy_conv_plan *plan) {
    const int64_t lanes = conv_depthwise_lanes(plan);
    return lanes < CONV_DEPTHWISE_BLOCK ? lanes : CONV_DEPTHWISE_BLOCK;
}

/* Pixels of a row whose sums wait together, for blocks of `block` channels. */
static int64_t waiting_pixels(int64_t block) {
    const int64_t fit = SUMS_FLOATS / (CONV_BLOCK_ROWS * block);
    return fit < LEAST_PIXELS ? LEAST_PIXELS : fit;
}

static size_t sums_floats(int64_t block) {
    return (size_t)(CONV_BLOCK_ROWS * waiting_pixels(block) * block);
}

bool conv_depthwise_scratch(const sy_conv_plan *plan, size_t *out_bytes) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t block = channels_block(plan);
    size_t ring = 0;
    *out_bytes = 0;
    if (conv_kernel(desc)->sum == SY_ELEMENT_F64)
        return true;
    if (!conv_rows_in_place(desc) && !gemm_bytes(conv_rows_count(plan, block), desc->w, block, &ring))
        return false;
    if (ring > SIZE_MAX / 16)
        return false;
    *out_bytes = ((sums_floats(block) + ring) * sizeof(float) + 63) / 64 * 64;
    return true;
}

void conv_depthwise_s32(float *sums, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        const int32_t sum = (int32_t)sums[i];
        memcpy(&sums[i], &sum, sizeof(sum));
    }
}

/* The epilogue of some pixels of a row, a tile of channels at a time. */
static void finish_pixels(const worker *job, float *sums, int64_t row, int64_t pixels) {
    const int64_t cols = job->kernel->cols;
    if (job->kernel->sum == SY_ELEMENT_S32)
        for (int64_t i = 0; i < pixels; i++)
            conv_depthwise_s32(sums + i * job->rows.ld, job->rows.channels);
    for (int64_t c = 0; c < job->rows.channels; c += cols) {
        const int64_t left = job->rows.channels - c;
        job->kernel->finish(&job->finish, sums + c, job->rows.ld, row, (int)pixels, job->rows.channel + c,
            (int)(left < cols ? left : cols));
    }
}

/* Addresses of the rows of X under the block; the distance of columns in *out_step. */
static void list_lines(worker *job, const float **out_lines, int64_t *out_step) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t first = job->p * desc->stride[0] - desc->pad[0], dilation = desc->dilation[0];
    const int64_t count = (job->high - 1) * desc->stride[0] + desc->r;
    conv_rows_fill(&job->rows, first, first + (count - 1) * dilation + 1);
    *out_step = 0;
    for (int64_t i = 0; i < count; i++) {
        const int64_t row = first + i * dilation;
        out_lines[i] = row < 0 || row >= desc->h ? NULL : conv_rows_at(&job->rows, row, out_step);
    }
}

/* Blocks of pixels through memory for their sums. */
static void run_waiting(const worker *job, conv_block *block) {
    const sy_conv_plan *plan = job->plan;
    const int64_t most = job->waiting;
    block->sums = job->sums;
    block->ld = job->rows.ld;
    for (int64_t q = 0; q < plan->q; q += most) {
        const int64_t left = plan->q - q, pixels = left < most ? left : most;
        block->begin = q;
        block->end = q + pixels;
        block->sums_row = pixels * block->ld;
        job->taps->block(block);
        for (int64_t i = 0; i < job->high; i++)
            finish_pixels(job, job->sums + i * block->sums_row,
                (job->rows.image * plan->p + job->p + i) * plan->q + q, pixels);
    }
}

static void run_rows(worker *job) {
    const sy_conv_plan *plan = job->plan;
    const sy_conv_desc *desc = &plan->desc;
    const int64_t *y = desc->y_stride;
    const int64_t floats = desc->n * desc->c * (desc->h * desc->w + plan->p * plan->q);
    const bool is_far = job->rows.is_in_place && floats >= CONV_FAR_FLOATS;
    const float *lines[CONV_MAX_LINES];
    conv_block block = {.high = job->high,
        .end = plan->q,
        .channels = job->rows.channels,
        .rows = desc->r,
        .cols = desc->s,
        .stride = {desc->stride[0], desc->stride[1]},
        .dilation = desc->dilation[1],
        .pad = desc->pad[1],
        .width = desc->w,
        .x = lines,
        .zeros = zeros,
        .w = find_weights(job, job->rows.channel),
        .sums_row = y[2],
        .ld = y[3],
        .ahead = is_far ? job->high * desc->stride[0] * desc->x_stride[2] : 0};
    gemm_ending ending = job->ending;
    list_lines(job, lines, &block.x_col);
    if (job->has_ending) {
        ending.bias = ending.bias ? ending.bias + job->rows.channel : NULL;
        block.ending = &ending;
    }
    if (!job->is_stored) {
        run_waiting(job, &block);
        return;
    }
    block.sums = (float *)job->finish.out + job->rows.image * y[0] + job->p * y[2] + job->rows.channel;
    job->taps->block(&block);
}

/* Item: a row of Y, of a block of channels, of an image; rows innermost. */
static void enter_row(worker *job, int64_t item, int64_t end) {
    const sy_conv_plan *plan = job->plan;
    const int64_t block = job->rows.ld, blocks = (plan->desc.c + block - 1) / block;
    const int64_t channel = item / plan->p % blocks * block, left = plan->desc.c - channel;
    const int64_t image = item / plan->p / blocks, most = job->most;
    job->p = item % plan->p;
    job->high = plan->p - job->p < most ? plan->p - job->p : most;
    if (end - item < job->high)
        job->high = end - item;
    if (channel != job->rows.channel || image != job->rows.image)
        job->rows.next = 0;
    job->rows.image = image;
    job->rows.channel = channel;
    job->rows.channels = left < block ? left : block;
}

/* Whether register kernels can end the sums. Some channels are computed twice, so nothing may be added that
 * could be Y itself. */
static bool can_end(worker *job) {
    const int64_t channels = job->plan->desc.c, last = channels % job->rows.ld;
    const int64_t least = last > 0 ? last : job->rows.ld;
    return job->kernel->sum == SY_ELEMENT_F32 && (channels < least ? channels : least) >= job->taps->lanes &&
           gemm_ending_read(&job->finish, &job->ending) && !job->ending.add;
}

void conv_depthwise_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t block = channels_block(plan), blocks = (desc->c + block - 1) / block;
    const int64_t items = desc->n * blocks * plan->p, end = gemm_share(items, part + 1, plan->parts);
    worker job = {.plan = plan,
        .args = args,
        .kernel = conv_kernel(desc),
        .taps = conv_taps_find(desc->isa),
        .most = conv_depthwise_high(desc),
        .waiting = waiting_pixels(block),
        .weights = packed,
        .sums = scratch};
    job.rows = (conv_rows){.plan = plan,
        .x = args->x,
        .ring = job.sums + sums_floats(block),
        .is_in_place = conv_rows_in_place(desc),
        .rows = conv_rows_count(plan, block),
        .ld = block};
    conv_finish(plan, args, 0, 0, &job.finish);
    job.has_ending = desc->n_post > 0 && can_end(&job);
    job.is_stored = job.has_ending || (desc->n_post == 0 && desc->dtype_y == SY_ELEMENT_F32 &&
                                          job.kernel->sum == SY_ELEMENT_F32 && desc->y_stride[1] == 1);
    for (int64_t i = gemm_share(items, part, plan->parts); i < end; i += job.high) {
        enter_row(&job, i, end);
        run_rows(&job);
    }
}
