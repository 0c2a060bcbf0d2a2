/* Checks, blocks, split over threads and memory. Nothing is computed here. */
#include "kernels/gemm/gemm_problem.h"
#include "kernels/winograd/winograd_work.h"

/* Channels below which a window says little about its tile; of blocks: least and most tiles, panels of
 * output channels whose sums are kept at once, and channels above which tiles are deep. */
enum { LEAST_CHANNELS = 8, LEAST_TILES = 48, MOST_TILES = 96, MOST_PANELS = 2, DEEP = 192 };

/* FLOP below which one more thread costs more in waiting than it takes over. */
#define PART_FLOP 200000.0

static const char *check_window(const sy_conv_desc *desc, int tile) {
    if (tile != 2 && tile != 4)
        return "tiles are 2 x 2 or 4 x 4";
    if (desc->dtype_x != SY_ELEMENT_F32 || desc->dtype_w != SY_ELEMENT_F32)
        return "Winograd takes f32 images and weights";
    if (desc->r != 3 || desc->s != 3 || desc->stride[0] != 1 || desc->stride[1] != 1 ||
        desc->dilation[0] != 1 || desc->dilation[1] != 1)
        return "Winograd takes windows of 3 x 3, stride and dilation 1";
    for (int i = 0; i < 4; i++)
        if (desc->pad[i] > 2)
            return "Winograd takes pads of at most 2";
    if (desc->c / desc->groups < LEAST_CHANNELS)
        return "Winograd takes at least 8 channels a group";
    const winograd_kernel *kernel = winograd_kernel_find(desc->isa);
    const bool is_there = kernel && kernel->cols == gemm_kernel_find(desc->isa, SY_ELEMENT_F32)->cols;
    return is_there ? NULL : "no Winograd kernels for this instruction set";
}

static bool is_by_plane(const sy_conv_plan *conv) {
    const int64_t *stride = conv->desc.y_stride;
    return (conv->p <= 1 || stride[2] == conv->q * stride[3]) && stride[3] < stride[1];
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* As many tiles as fit the block's memory, in whole panels; of deep ones as many as pay for reading weights
 * that no cache near the core can keep from one block to the next. */
static void choose_blocks(sy_winograd_plan *plan, const winograd_kernel *kernel, int64_t panels) {
    const int64_t tiles = plan->conv.desc.n * plan->tiles_h * plan->tiles_w;
    plan->block_panels = smaller(panels, MOST_PANELS);
    const int64_t each =
        winograd_points(plan) * (int64_t)sizeof(float) * (plan->depth + plan->block_panels * kernel->cols);
    int64_t count = kernel->block_bytes / each;
    count = plan->depth > DEEP ? MOST_TILES : count < LEAST_TILES ? LEAST_TILES : smaller(count, MOST_TILES);
    plan->block_tiles = gemm_panel_count(smaller(count, tiles), kernel->rows) * kernel->rows;
}

/* Threads over tiles as long as each has a whole block, since each transforms what it multiplies; else over
 * output channels too. */
static void split_parts(sy_winograd_plan *plan, int64_t units, int64_t panels, int parts) {
    int64_t best = INT64_MAX;
    for (int over = 1; over <= parts; over++) {
        const int64_t by_tiles = smaller(over, units), by_panels = smaller(parts / over, panels);
        const int64_t largest_units = (units + by_tiles - 1) / by_tiles;
        const int64_t largest_panels = (panels + by_panels - 1) / by_panels;
        const int64_t cost = largest_units * (8 * largest_panels + 1);
        if (cost > best || (cost == best && by_tiles * by_panels >= plan->parts_tiles * plan->parts_panels))
            continue;
        best = cost;
        plan->parts_tiles = (int32_t)by_tiles;
        plan->parts_panels = (int32_t)by_panels;
    }
    plan->conv.parts = plan->parts_tiles * plan->parts_panels;
}

static size_t round_up(size_t bytes) {
    return (bytes + 63) / 64 * 64;
}

static const char *lay_out_scratch(sy_winograd_plan *plan, const winograd_kernel *kernel) {
    const int64_t points = winograd_points(plan), tile = plan->tile, element = sizeof(float);
    const int64_t width = WINOGRAD_RUN * tile + 2;
    size_t patch = (size_t)((tile + 2) * width * WINOGRAD_PATCH_CHUNK * element);
    if (!gemm_bytes(points, winograd_tiles_plane(plan), element, &plan->tiles_bytes) ||
        !gemm_bytes(points, winograd_sums_plane(plan, kernel), element, &plan->sums_bytes))
        return "workspace exceeds the address space";
    plan->tiles_bytes = round_up(plan->tiles_bytes);
    plan->sums_bytes = round_up(plan->sums_bytes);
    plan->line_bytes = round_up((size_t)(tile * tile * WINOGRAD_RUN * kernel->cols * element));
    if (winograd_is_in_place(&plan->conv.desc))
        patch = 0;
    plan->scratch_bytes = plan->tiles_bytes + plan->sums_bytes + plan->line_bytes + round_up(patch);
    return NULL;
}

static const char *lay_out(sy_winograd_plan *plan, const winograd_kernel *kernel, int parts) {
    sy_conv_plan *conv = &plan->conv;
    const sy_conv_desc *desc = &conv->desc;
    const bool is_const = (desc->flags & SY_CONV_W_CONST) != 0;
    const int64_t panels = gemm_panel_count(conv_channels(desc), kernel->cols);
    size_t panel_bytes;
    if (!gemm_bytes(
            winograd_points(plan), plan->depth, kernel->cols * (int64_t)sizeof(float), &panel_bytes) ||
        __builtin_mul_overflow(panel_bytes, (size_t)panels, &plan->group_bytes) ||
        __builtin_mul_overflow(plan->group_bytes, (size_t)desc->groups, &conv->weights_bytes))
        return "packed weights exceed the address space";
    if (!is_const) {
        plan->shared_bytes = conv->steps ? conv->weights_bytes : 0;
        conv->weights_bytes = 0;
    }
    if (conv->steps == 0)
        return NULL;
    const double flop = 2.0 * (double)desc->n * (double)conv->p * (double)conv->q * (double)desc->k *
                        (double)conv_depth(desc);
    const double useful = 1 + flop / PART_FLOP;
    choose_blocks(plan, kernel, panels);
    split_parts(plan, gemm_panel_count(desc->n * plan->tiles_h * plan->tiles_w, kernel->rows), panels,
        useful < parts ? (int)useful : parts);
    const char *why = lay_out_scratch(plan, kernel);
    if (why)
        return why;
    if (__builtin_mul_overflow((size_t)conv->parts, plan->scratch_bytes, &conv->workspace_bytes) ||
        __builtin_add_overflow(conv->workspace_bytes, plan->shared_bytes, &conv->workspace_bytes))
        return "workspace exceeds the address space";
    return NULL;
}

const char *sy_winograd_plan_init(const sy_conv_desc *desc, int tile, int parts, sy_winograd_plan *out_plan) {
    sy_conv_plan checked;
    *out_plan = (sy_winograd_plan){0};
    const char *why = sy_conv_plan_init(desc, parts, &checked);
    if (!why)
        why = check_window(desc, tile);
    if (why)
        return why;
    const winograd_kernel *kernel = winograd_kernel_find(desc->isa);
    sy_winograd_plan plan = {.conv = {.desc = *desc, .parts = 1, .p = checked.p, .q = checked.q},
        .tile = tile,
        .tiles_h = (checked.p + tile - 1) / tile,
        .tiles_w = (checked.q + tile - 1) / tile,
        .depth = gemm_panel_count(desc->c / desc->groups, kernel->lanes) * kernel->lanes,
        .parts_tiles = 1,
        .parts_panels = 1};
    plan.conv.path = is_by_plane(&plan.conv) ? SY_CONV_PATH_COLS : SY_CONV_PATH_ROWS;
    const bool is_empty = desc->n == 0 || desc->k == 0 || checked.p == 0 || checked.q == 0;
    plan.conv.steps = is_empty ? 0 : (desc->flags & SY_CONV_W_CONST) != 0 ? 1 : 2;
    why = lay_out(&plan, kernel, parts);
    if (why)
        return why;
    *out_plan = plan;
    return NULL;
}

double sy_winograd_flop_ratio(const sy_winograd_plan *plan) {
    const sy_conv_desc *desc = &plan->conv.desc;
    const double outputs = (double)desc->n * (double)plan->conv.p * (double)plan->conv.q * (double)desc->k;
    if (outputs == 0)
        return 1;
    /* Operations of one line: 12 multiply-adds or 4 additions in, 12 or 4 out. */
    const double tile = plan->tile, line = plan->tile == 4 ? 24 : 4, depth = (double)(desc->c / desc->groups);
    const double tiles = (double)desc->n * (double)plan->tiles_h * (double)plan->tiles_w;
    const double products = 2 * winograd_points(plan) * depth * (double)desc->k;
    const double in = 2 * (tile + 2) * line * (double)desc->c;
    const double out = (2 * tile + 2) * line * (double)desc->k;
    return tiles * (products + in + out) / (outputs * 2 * 9 * depth);
}
