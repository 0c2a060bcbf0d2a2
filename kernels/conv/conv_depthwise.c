/* Direct depthwise convolution with channels as vectors: pixels of a row in turn, taps outside the image left
 * out. */
#include "kernels/conv/conv_depthwise.h"

#include "kernels/gemm/gemm_element.h"

#include <string.h>

enum { MAX_COLS = 32, MAX_PIXELS = 16 };

/* One row of Y and one block of channels. */
typedef struct row_job {
    const sy_conv_plan *plan;
    const gemm_kernel *kernel;
    const void *x, *weights;
    gemm_finish finish;
    int64_t image, p, channel;
    int cols;
} row_job;

int64_t conv_depthwise_lanes(const sy_conv_plan *plan) {
    const int64_t cols = conv_kernel(&plan->desc)->cols;
    return (plan->desc.c + cols - 1) / cols * cols;
}

void conv_depthwise_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed) {
    const sy_conv_desc *desc = &plan->desc;
    const bool is_f32 = conv_kernel(desc)->sum == SY_ELEMENT_F32;
    const int64_t lanes = conv_depthwise_lanes(plan), taps = desc->r * desc->s,
                  end = gemm_share(taps, part + 1, parts);
    const size_t element = is_f32 ? sizeof(float) : sizeof(double);
    for (int64_t t = gemm_share(taps, part, parts); t < end; t++) {
        const int64_t first = t / desc->s * desc->w_stride[2] + t % desc->s * desc->w_stride[3];
        unsigned char *to = (unsigned char *)packed + (size_t)(t * lanes) * element;
        if (is_f32)
            gemm_load_f32(desc->dtype_w, w, first, desc->w_stride[0], desc->c, (float *)(void *)to);
        else
            gemm_load_f64(desc->dtype_w, w, first, desc->w_stride[0], desc->c, (double *)(void *)to);
        memset(to + (size_t)desc->c * element, 0, (size_t)(lanes - desc->c) * element);
    }
}

/* Taps of pixel q inside the image: their elements in x and rows in the weights. Returns how many. */
static int list_taps(const row_job *job, int64_t q, int64_t *out_x, int64_t *out_w) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t lanes = conv_depthwise_lanes(job->plan);
    int count = 0;
    for (int64_t r = 0; r < desc->r; r++) {
        const int64_t row = job->p * desc->stride[0] - desc->pad[0] + r * desc->dilation[0];
        if (row < 0 || row >= desc->h)
            continue;
        for (int64_t s = 0; s < desc->s; s++) {
            const int64_t col = q * desc->stride[1] - desc->pad[1] + s * desc->dilation[1];
            if (col < 0 || col >= desc->w)
                continue;
            out_x[count] = job->image * desc->x_stride[0] + job->channel * desc->x_stride[1] +
                           row * desc->x_stride[2] + col * desc->x_stride[3];
            out_w[count++] = (r * desc->s + s) * lanes + job->channel;
        }
    }
    return count;
}

/* f32 sums of `pixels` pixels from q on, all with the same taps; one pixel if x has to be widened or
 * collected. */
static void sum_f32(const row_job *job, int64_t q, int64_t pixels, float *sums) {
    const sy_conv_desc *desc = &job->plan->desc;
    int64_t x_at[CONV_MAX_TAPS], w_at[CONV_MAX_TAPS];
    const float *x[CONV_MAX_TAPS], *w[CONV_MAX_TAPS];
    float collected[CONV_MAX_TAPS * MAX_COLS];
    const bool is_in_place = desc->dtype_x == SY_ELEMENT_F32 && desc->x_stride[1] == 1;
    const int taps = list_taps(job, q, x_at, w_at);
    for (int t = 0; t < taps; t++) {
        w[t] = (const float *)job->weights + w_at[t];
        x[t] = is_in_place ? (const float *)job->x + x_at[t] : collected + t * MAX_COLS;
        if (!is_in_place)
            gemm_load_f32(
                desc->dtype_x, job->x, x_at[t], desc->x_stride[1], job->cols, collected + t * MAX_COLS);
    }
    conv_taps_find(desc->isa)->channels(
        taps, x, desc->stride[1] * desc->x_stride[3], w, pixels, job->cols, sums, MAX_COLS);
}

/* f64 sums of one pixel, for f64 and integers (whose sums are exact so). */
static void sum_f64(const row_job *job, int64_t q, double *sums) {
    const sy_conv_desc *desc = &job->plan->desc;
    int64_t x_at[CONV_MAX_TAPS], w_at[CONV_MAX_TAPS];
    double x[MAX_COLS];
    const int taps = list_taps(job, q, x_at, w_at);
    memset(sums, 0, sizeof(double) * MAX_COLS);
    for (int t = 0; t < taps; t++) {
        const double *w = (const double *)job->weights + w_at[t];
        gemm_load_f64(desc->dtype_x, job->x, x_at[t], desc->x_stride[1], job->cols, x);
        for (int j = 0; j < job->cols; j++)
            sums[j] += x[j] * w[j];
    }
}

/* The row: inner pixels in groups, those near the sides one by one. */
static void run_row(const row_job *job) {
    const sy_conv_plan *plan = job->plan;
    const sy_conv_desc *desc = &plan->desc;
    const bool is_f32 = job->kernel->sum == SY_ELEMENT_F32;
    const bool is_in_place = desc->dtype_x == SY_ELEMENT_F32 && desc->x_stride[1] == 1;
    const gemm_finish_fn finish = is_f32 ? job->kernel->finish : gemm_finish_f64;
    const int64_t first = (job->image * plan->p + job->p) * plan->q;
    int64_t low, high;
    conv_interior(desc->w, desc->s, desc->stride[1], desc->dilation[1], desc->pad[1], plan->q, &low, &high);
    for (int64_t q = 0; q < plan->q;) {
        _Alignas(64) float sums_f32[MAX_PIXELS * MAX_COLS];
        double sums_f64[MAX_COLS];
        int64_t pixels = is_in_place && q >= low && q < high ? high - q : 1;
        pixels = pixels < MAX_PIXELS ? pixels : MAX_PIXELS;
        if (is_f32)
            sum_f32(job, q, pixels, sums_f32);
        else
            sum_f64(job, q, sums_f64);
        finish(&job->finish, is_f32 ? (void *)sums_f32 : (void *)sums_f64, MAX_COLS, first + q, (int)pixels,
            job->channel, job->cols);
        q += pixels;
    }
}

void conv_depthwise_run(const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part) {
    const sy_conv_desc *desc = &plan->desc;
    row_job job = {.plan = plan, .kernel = conv_kernel(desc), .x = args->x, .weights = packed};
    const int64_t width = job.kernel->cols, blocks = gemm_panel_count(desc->c, job.kernel->cols);
    const int64_t rows = desc->n * plan->p, end = gemm_share(rows * blocks, part + 1, plan->parts);
    conv_finish(plan, args, 0, 0, &job.finish);
    for (int64_t i = gemm_share(rows * blocks, part, plan->parts); i < end; i++) {
        job.image = i / blocks / plan->p;
        job.p = i / blocks % plan->p;
        job.channel = i % blocks * width;
        job.cols = (int)(desc->c - job.channel < width ? desc->c - job.channel : width);
        run_row(&job);
    }
}
