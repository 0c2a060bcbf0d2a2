/* Weights transformed in f64 and rounded once, in panels as the products read them. */
#include "kernels/winograd/winograd_points.h"
#include "kernels/winograd/winograd_work.h"

enum { GROUP = 8, WINDOW = 3 }; /* output channels at a time */

/* G g G^T of one input channel for GROUP output channels: point i at out + i * plane. */
static void transform_weights(
    const winograd_matrices *matrices, int points, const double g[9][GROUP], float *out, int64_t plane) {
    double half[6][WINDOW][GROUP];
    for (int i = 0; i < points; i++)
        for (int s = 0; s < WINDOW; s++)
            for (int k = 0; k < GROUP; k++)
                half[i][s][k] = matrices->g[i][0] * g[s][k] + matrices->g[i][1] * g[3 + s][k] +
                                matrices->g[i][2] * g[6 + s][k];
    for (int i = 0; i < points; i++)
        for (int j = 0; j < points; j++) {
            float *to = out + (i * points + j) * plane;
            for (int k = 0; k < GROUP; k++)
                to[k] = (float)(matrices->g[j][0] * half[i][0][k] + matrices->g[j][1] * half[i][1][k] +
                                matrices->g[j][2] * half[i][2][k]);
        }
}

/* The windows of one input channel; output channels beyond the last are zero. */
static void read_windows(const sy_conv_desc *desc, const float *w, int64_t channels, double out_g[9][GROUP]) {
    for (int r = 0; r < WINDOW; r++)
        for (int s = 0; s < WINDOW; s++)
            for (int k = 0; k < GROUP; k++)
                out_g[r * WINDOW + s][k] =
                    k < channels
                        ? (double)w[k * desc->w_stride[0] + r * desc->w_stride[2] + s * desc->w_stride[3]]
                        : 0;
}

/* One panel of output channels: for each point, `depth` rows of kernel->cols. */
static void pack_panel(const sy_winograd_plan *plan, const winograd_kernel *kernel, const float *w,
    int64_t channels, float *out) {
    const sy_conv_desc *desc = &plan->conv.desc;
    const winograd_matrices *matrices = winograd_matrices_of(plan->tile);
    const int64_t depth = desc->c / desc->groups, plane = plan->depth * kernel->cols;
    for (int64_t c = 0; c < plan->depth; c++)
        for (int k = 0; k < kernel->cols; k += GROUP) {
            double g[9][GROUP] = {{0}};
            if (c < depth && k < channels)
                read_windows(desc, w + c * desc->w_stride[1] + k * desc->w_stride[0], channels - k, g);
            transform_weights(matrices, plan->tile + 2, g, out + c * kernel->cols + k, plane);
        }
}

void sy_winograd_weights_pack(
    const sy_winograd_plan *plan, const void *w, int part, int parts, void *packed) {
    const sy_conv_desc *desc = &plan->conv.desc;
    const winograd_kernel *kernel = winograd_kernel_find(desc->isa);
    const int64_t channels = conv_channels(desc), panels = gemm_panel_count(channels, kernel->cols);
    const int64_t panel_floats = winograd_points(plan) * plan->depth * kernel->cols;
    const int64_t end = gemm_share(panels * desc->groups, part + 1, parts);
    for (int64_t i = gemm_share(panels * desc->groups, part, parts); i < end; i++) {
        const int64_t first = i % panels * kernel->cols;
        const float *from = (const float *)w + (i / panels * channels + first) * desc->w_stride[0];
        pack_panel(plan, kernel, from, channels - first, (float *)packed + i * panel_floats);
    }
}
