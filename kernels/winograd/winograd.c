/* One share of one step: blocks of tiles, transformed, multiplied, transformed back. */
#include "kernels/winograd/winograd_work.h"

/* Sums of panels [panel, panel + panels) at one point, over the whole depth. */
static void multiply_point(
    const winograd_block *block, int point, const float *weights, int64_t panel, int64_t panels) {
    const sy_winograd_plan *plan = block->plan;
    const winograd_kernel *kernel = block->kernel;
    const int64_t ld = plan->block_panels * kernel->cols, lanes = kernel->lanes;
    const int64_t weights_plane = plan->depth * kernel->cols;
    const float *tiles = block->tiles + point * winograd_tiles_plane(plan);
    float *sums = block->sums + point * winograd_sums_plane(plan, kernel);
    for (int64_t i = 0; i < panels; i++) {
        const float *b = weights + ((panel + i) * winograd_points(plan) + point) * weights_plane;
        for (int64_t c = 0; c < plan->depth; c += kernel->block_c) {
            const int64_t deep = plan->depth - c < kernel->block_c ? plan->depth - c : kernel->block_c;
            for (int64_t row = 0; row < block->count; row += kernel->rows) {
                const int rows = block->count - row < kernel->rows ? (int)(block->count - row) : kernel->rows;
                kernel->product(rows, deep / lanes, tiles + row * plan->depth + c * rows,
                    b + c * kernel->cols, sums + row * ld + i * kernel->cols, ld, c > 0);
            }
        }
    }
}

static void run_block(
    const winograd_block *block, const float *weights, int64_t panel_begin, int64_t panel_end) {
    const sy_winograd_plan *plan = block->plan;
    winograd_load(block);
    for (int64_t panel = panel_begin; panel < panel_end; panel += plan->block_panels) {
        const int64_t left = panel_end - panel,
                      panels = left < plan->block_panels ? left : plan->block_panels;
        for (int point = 0; point < winograd_points(plan); point++)
            multiply_point(block, point, weights, panel, panels);
        winograd_store(block, panel, panels);
    }
}

/* The part's tiles and panels of one group, in blocks as even as they go. */
static void run_group(const sy_winograd_plan *plan, winograd_block *block, const float *weights, int part) {
    const sy_conv_desc *desc = &plan->conv.desc;
    const int64_t rows = block->kernel->rows, tiles = desc->n * plan->tiles_h * plan->tiles_w;
    const int64_t units = gemm_panel_count(tiles, block->kernel->rows);
    const int64_t panels = gemm_panel_count(conv_channels(desc), block->kernel->cols);
    const int64_t by_tiles = part / plan->parts_panels, by_panels = part % plan->parts_panels;
    const int64_t begin = gemm_share(units, by_tiles, plan->parts_tiles);
    const int64_t count = gemm_share(units, by_tiles + 1, plan->parts_tiles) - begin;
    const int64_t blocks = gemm_panel_count(count * rows, (int)plan->block_tiles);
    for (int64_t i = 0; i < blocks; i++) {
        const int64_t last = (begin + gemm_share(count, i + 1, blocks)) * rows;
        block->first = (begin + gemm_share(count, i, blocks)) * rows;
        block->count = (last < tiles ? last : tiles) - block->first;
        run_block(block, weights, gemm_share(panels, by_panels, plan->parts_panels),
            gemm_share(panels, by_panels + 1, plan->parts_panels));
    }
}

static void run_part(const sy_winograd_plan *plan, const sy_conv_args *args, const void *packed, int part) {
    const sy_conv_desc *desc = &plan->conv.desc;
    unsigned char *scratch =
        (unsigned char *)args->workspace + plan->shared_bytes + (size_t)part * plan->scratch_bytes;
    winograd_block block = {.plan = plan,
        .kernel = winograd_kernel_find(desc->isa),
        .gemm = gemm_kernel_find(desc->isa, SY_ELEMENT_F32),
        .args = args,
        .tiles = (float *)(void *)scratch,
        .sums = (float *)(void *)(scratch + plan->tiles_bytes),
        .line = (float *)(void *)(scratch + plan->tiles_bytes + plan->sums_bytes)};
    if (!winograd_is_in_place(desc))
        block.patch = (float *)(void *)(scratch + plan->tiles_bytes + plan->sums_bytes + plan->line_bytes);
    for (int64_t group = 0; group < desc->groups; group++) {
        block.group = group;
        block.x = (const float *)args->x + group * (desc->c / desc->groups) * desc->x_stride[1];
        run_group(plan, &block,
            (const float *)(const void *)((const unsigned char *)packed + (size_t)group * plan->group_bytes),
            part);
    }
}

void sy_winograd_step(const sy_winograd_plan *plan, const sy_conv_args *args, int64_t step, int part) {
    const bool is_const = (plan->conv.desc.flags & SY_CONV_W_CONST) != 0;
    if (!is_const && step == 0)
        sy_winograd_weights_pack(plan, args->w, part, plan->conv.parts, args->workspace);
    else
        run_part(plan, args, is_const ? args->w : args->workspace, part);
}

void sy_winograd_run(const sy_winograd_plan *plan, const sy_conv_args *args) {
    for (int64_t step = 0; step < plan->conv.steps; step++)
        for (int part = 0; part < plan->conv.parts; part++)
            sy_winograd_step(plan, args, step, part);
}
