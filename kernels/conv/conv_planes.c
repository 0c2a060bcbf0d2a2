/* Direct depthwise convolution with the pixels of a row as vectors, for planes (NCHW), f32 sums. */
#include "kernels/conv/conv_depthwise.h"
#include "kernels/gemm/gemm_element.h"

#include <string.h>

/* Pixels at once: read in place, and by way of collected lines (strided, widened, near the sides). */
enum { IN_PLACE = 256, COLLECTED = 32, STEP = 16 };

/* One plane of Y: its taps' weights, its epilogue, the first element of its plane of X. */
typedef struct plane_job {
    const sy_conv_plan *plan;
    const gemm_kernel *kernel;
    const conv_taps *taps;
    const void *x;
    int64_t first;
    const float *weight;
    gemm_finish finish;
} plane_job;

/* Element of x at (row p of Y, tap r) column 0, or -1 if that row lies outside. */
static int64_t row_of(const plane_job *job, int64_t p, int64_t r) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t row = p * desc->stride[0] - desc->pad[0] + r * desc->dilation[0];
    return row < 0 || row >= desc->h ? -1 : job->first + row * desc->x_stride[2];
}

/* `count` values of tap s for pixels from q on, zero where they lie outside the row. */
static void collect(const plane_job *job, int64_t row, int64_t s, int64_t q, int64_t count, float *out) {
    const sy_conv_desc *desc = &job->plan->desc;
    const int64_t stride = desc->stride[1], col = q * stride - desc->pad[1] + s * desc->dilation[1];
    int64_t low = col < 0 ? (-col + stride - 1) / stride : 0;
    int64_t high = col < desc->w ? (desc->w - col + stride - 1) / stride : 0;
    high = high < count ? high : count;
    low = low < high ? low : high < 0 ? 0 : high;
    memset(out, 0, sizeof(float) * COLLECTED);
    if (high > low)
        gemm_load_f32(desc->dtype_x, job->x, row + (col + low * stride) * desc->x_stride[3],
            stride * desc->x_stride[3], high - low, out + low);
}

/* Pixels [q, q + count) of row p; in place: every tap inside, stride 1, f32, count a multiple of STEP. */
static void run_pixels(const plane_job *job, int64_t p, int64_t q, int64_t count, bool is_in_place) {
    const sy_conv_desc *desc = &job->plan->desc;
    _Alignas(64) float lines[CONV_MAX_TAPS * COLLECTED], sums[IN_PLACE];
    const float *x[CONV_MAX_TAPS];
    float w[CONV_MAX_TAPS];
    int taps = 0;
    for (int64_t r = 0; r < desc->r; r++) {
        const int64_t row = row_of(job, p, r);
        for (int64_t s = 0; row >= 0 && s < desc->s; s++, taps++) {
            w[taps] = job->weight[r * desc->s + s];
            x[taps] = lines + taps * COLLECTED;
            if (is_in_place)
                x[taps] = (const float *)job->x + row + q - desc->pad[1] + s * desc->dilation[1];
            else
                collect(job, row, s, q, count, lines + taps * COLLECTED);
        }
    }
    job->taps->line(taps, x, w, (count + STEP - 1) / STEP * STEP, sums);
    for (int64_t j = 0; j < count; j += job->kernel->cols) {
        const int cols = count - j < job->kernel->cols ? (int)(count - j) : job->kernel->cols;
        job->kernel->finish(&job->finish, sums + j, IN_PLACE, 0, 1, p * job->plan->q + q + j, cols);
    }
}

static void run_plane(const plane_job *job) {
    const sy_conv_plan *plan = job->plan;
    const sy_conv_desc *desc = &plan->desc;
    const bool is_dense = desc->dtype_x == SY_ELEMENT_F32 && desc->stride[1] == 1 && desc->x_stride[3] == 1;
    int64_t low, high;
    conv_interior(desc->w, desc->s, 1, desc->dilation[1], desc->pad[1], plan->q, &low, &high);
    for (int64_t p = 0; p < plan->p; p++)
        for (int64_t q = 0; q < plan->q;) {
            int64_t count = is_dense && q >= low ? (high - q) / STEP * STEP : 0;
            const bool is_in_place = count > 0;
            const int64_t left = is_dense && q < low ? low - q : plan->q - q;
            if (!is_in_place)
                count = left < COLLECTED ? left : COLLECTED;
            count = count < IN_PLACE ? count : IN_PLACE;
            run_pixels(job, p, q, count, is_in_place);
            q += count;
        }
}

void conv_planes_run(const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t lanes = conv_depthwise_lanes(plan),
                  end = gemm_share(desc->n * desc->c, part + 1, plan->parts);
    for (int64_t i = gemm_share(desc->n * desc->c, part, plan->parts); i < end; i++) {
        const int64_t image = i / desc->c, channel = i % desc->c;
        float weight[CONV_MAX_TAPS];
        for (int64_t t = 0; t < desc->r * desc->s; t++)
            weight[t] = ((const float *)packed)[t * lanes + channel];
        plane_job job = {.plan = plan,
            .kernel = conv_kernel(desc),
            .taps = conv_taps_find(desc->isa),
            .x = args->x,
            .first = image * desc->x_stride[0] + channel * desc->x_stride[1],
            .weight = weight};
        conv_finish(plan, args, image, channel, &job.finish);
        run_plane(&job);
    }
}
