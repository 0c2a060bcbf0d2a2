/* Depthwise convolution in f64: plain loops, any layout. */
#include "kernels/conv/conv_depthwise.h"

#include "kernels/gemm/gemm_element.h"

#include <string.h>

enum { MAX_COLS = 32 };

/* A row of Y and up to a tile of channels. */
typedef struct row_job {
    const sy_conv_plan *plan;
    const void *x, *weights;
    gemm_finish finish;
    int64_t image, p, channel, channels;
} row_job;

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

void conv_depthwise_run_f64(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part) {
    const sy_conv_desc *desc = &plan->desc;
    row_job job = {.plan = plan, .x = args->x, .weights = packed};
    const int64_t cols = conv_kernel(desc)->cols, blocks = gemm_panel_count(desc->c, (int)cols);
    const int64_t items = desc->n * plan->p * blocks, end = gemm_share(items, part + 1, plan->parts);
    conv_finish(plan, args, 0, 0, &job.finish);
    for (int64_t i = gemm_share(items, part, plan->parts); i < end; i++) {
        job.image = i / blocks / plan->p;
        job.p = i / blocks % plan->p;
        job.channel = i % blocks * cols;
        job.channels = desc->c - job.channel < cols ? desc->c - job.channel : cols;
        for (int64_t q = 0; q < plan->q; q++) {
            double sums[MAX_COLS];
            sum_f64(&job, q, sums);
            gemm_finish_f64(&job.finish, sums, MAX_COLS, (job.image * plan->p + job.p) * plan->q + q, 1,
                job.channel, (int)job.channels);
        }
    }
}
