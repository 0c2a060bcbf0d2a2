/*
 * Direct depthwise convolution with the pixels of a row as vectors, for planes (NCHW), f32 sums. Each plane
 * of X is first copied with its padding, columns sorted by their remainder modulo the stride: then every tap
 * of consecutive pixels is one contiguous line.
 */
#include "kernels/conv/conv_depthwise.h"
#include "kernels/gemm/gemm_element.h"

#include <string.h>

enum { LANES = 16, SUMS = 1024 };

/* One plane of Y: its weights by tap, its epilogue, the first element of its plane of X, the copy of that. */
typedef struct plane_job {
    const sy_conv_plan *plan;
    const gemm_kernel *kernel;
    const conv_taps *taps;
    const void *x;
    int64_t first;
    gemm_finish finish;
    float weight[CONV_MAX_TAPS];
    float *copy, *sums;
    conv_planes_layout layout;
} plane_job;

conv_planes_layout conv_planes_lay_out(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t shift = (desc->s - 1) * desc->dilation[1] / desc->stride[1];
    conv_planes_layout layout = {
        .rows = (plan->p - 1) * desc->stride[0] + (desc->r - 1) * desc->dilation[0] + 1,
        .line = (plan->q + shift + LANES) / LANES * LANES};
    layout.pitch = layout.line * desc->stride[1];
    layout.band = desc->stride[0] == 1 && desc->stride[1] == 1 && layout.line < SUMS ? SUMS / layout.line : 1;
    layout.copy_floats = layout.rows * layout.pitch + 2 * LANES;
    layout.sums_floats = layout.band * layout.line + 4 * LANES;
    return layout;
}

/* Copy the plane's inner part; the padding around it is zero from the beginning and stays so. */
static void copy_plane(const plane_job *job) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t stride = desc->stride[1], pad = desc->pad[1];
    for (int64_t i = 0; i < job->layout.rows; i++) {
        const int64_t row = i - desc->pad[0];
        if (row < 0 || row >= desc->h)
            continue;
        for (int64_t phase = 0; phase < stride; phase++) {
            const int64_t low = phase < pad ? (pad - phase + stride - 1) / stride : 0;
            const int64_t end = (desc->w + pad - phase + stride - 1) / stride;
            const int64_t high = end < job->layout.line ? end : job->layout.line;
            if (high > low)
                gemm_load_f32(desc->dtype_x, job->x,
                    job->first + row * desc->x_stride[2] + (low * stride + phase - pad) * desc->x_stride[3],
                    stride * desc->x_stride[3], high - low,
                    job->copy + i * job->layout.pitch + phase * job->layout.line + low);
        }
    }
}

/* Rows [p, p + rows) of the plane of Y. */
static void run_band(const plane_job *job, int64_t p, int64_t rows) {
    const sy_conv_plan *plan = job->plan;
    const sy_conv_desc *desc = &plan->desc;
    const float *x[CONV_MAX_TAPS];
    int taps = 0;
    for (int64_t r = 0; r < desc->r; r++)
        for (int64_t s = 0; s < desc->s; s++) {
            const int64_t col = s * desc->dilation[1];
            x[taps++] = job->copy + (p * desc->stride[0] + r * desc->dilation[0]) * job->layout.pitch +
                        col % desc->stride[1] * job->layout.line + col / desc->stride[1];
        }
    const int64_t count = (rows - 1) * job->layout.line + plan->q;
    job->taps->line(taps, x, job->weight, (count + LANES - 1) / LANES * LANES, job->sums);
    for (int64_t i = 1; i < rows; i++)
        memmove(job->sums + i * plan->q, job->sums + i * job->layout.line, (size_t)plan->q * sizeof(float));
    const int64_t pixels = rows * plan->q;
    for (int64_t j = 0; j < pixels; j += job->kernel->cols) {
        const int cols = pixels - j < job->kernel->cols ? (int)(pixels - j) : job->kernel->cols;
        job->kernel->finish(&job->finish, job->sums + j, job->kernel->cols, 0, 1, p * plan->q + j, cols);
    }
}

void conv_planes_run(
    const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part, void *scratch) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t lanes = conv_depthwise_lanes(plan),
                  end = gemm_share(desc->n * desc->c, part + 1, plan->parts);
    plane_job job = {.plan = plan,
        .kernel = conv_kernel(desc),
        .taps = conv_taps_find(desc->isa),
        .x = args->x,
        .copy = scratch,
        .layout = conv_planes_lay_out(plan)};
    job.sums = job.copy + job.layout.copy_floats;
    memset(scratch, 0, plan->scratch_bytes);
    for (int64_t i = gemm_share(desc->n * desc->c, part, plan->parts); i < end; i++) {
        const int64_t image = i / desc->c, channel = i % desc->c;
        for (int64_t t = 0; t < desc->r * desc->s; t++)
            job.weight[t] = ((const float *)packed)[t * lanes + channel];
        job.first = image * desc->x_stride[0] + channel * desc->x_stride[1];
        conv_finish(plan, args, image, channel, &job.finish);
        copy_plane(&job);
        for (int64_t p = 0; p < plan->p; p += job.layout.band)
            run_band(&job, p, plan->p - p < job.layout.band ? plan->p - p : job.layout.band);
    }
}
