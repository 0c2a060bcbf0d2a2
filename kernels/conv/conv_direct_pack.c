/* Weights of direct convolution as panels of output channels, tap by tap. */
#include "kernels/conv/conv_direct.h"

/* Panel `panel` of a group whose weights begin at element `first`. */
static void pack_panel(
    const sy_conv_plan *plan, const void *w, int64_t first, int64_t panel, unsigned char *out) {
    const sy_conv_desc *desc = &plan->desc;
    const gemm_open *open = conv_open(desc);
    const int64_t channels = conv_channels(desc), left = channels - panel * open->cols;
    const int64_t depth = desc->c / desc->groups, bytes = open->cols * open->b.unit;
    const int64_t step = gemm_form_units(&open->b, depth) * bytes;
    for (int64_t r = 0; r < desc->r; r++)
        for (int64_t s = 0; s < desc->s; s++, out += step) {
            const int64_t at = first + r * desc->w_stride[2] + s * desc->w_stride[3];
            const gemm_matrix tap = {
                .base = (const unsigned char *)w + at * (int64_t)sy_element_bytes(desc->dtype_w),
                .dtype = desc->dtype_w,
                .lane_stride = desc->w_stride[0],
                .depth_stride = desc->w_stride[1]};
            gemm_pack_panel(&open->b, &tap, panel * open->cols, left < open->cols ? (int)left : open->cols, 0,
                depth, open->cols, out);
        }
}

void conv_direct_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed) {
    const sy_conv_desc *desc = &plan->desc;
    const gemm_open *open = conv_open(desc);
    const int64_t channels = conv_channels(desc), panels = gemm_panel_count(channels, open->cols);
    const int64_t depth = desc->r * desc->s * gemm_form_units(&open->b, desc->c / desc->groups);
    const int64_t end = gemm_share(panels * desc->groups, part + 1, parts);
    for (int64_t i = gemm_share(panels * desc->groups, part, parts); i < end; i++) {
        const int64_t group = i / panels, panel = i % panels;
        unsigned char *out = (unsigned char *)packed + (size_t)group * plan->group_bytes;
        pack_panel(plan, w, group * channels * desc->w_stride[0], panel,
            out + panel * depth * open->cols * open->b.unit);
    }
}
