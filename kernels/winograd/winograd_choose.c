/* Whether tiles pay, by a count of what a direct sum and each tile do, in FLOP at the rate of a direct sum.
 */
#include "kernels/winograd/winograd_work.h"

#include <math.h>

/*
 * What the parts of the work cost, measured on Zen 3 and kept round: products of tiles run at PRODUCT_RATE of
 * a direct sum; a transform takes so many FLOP a channel of a tile; each byte of transformed weights costs
 * BYTE_FLOP once a block, since no block has use for it again; transforming a weight at run time WEIGHT_FLOP.
 * A tile is taken if it saves a tenth at least.
 */
#define PRODUCT_RATE 0.92
#define LEAST_ROWS 5 /* as many rows a short panel of tiles takes the time of */
#define BYTE_FLOP 3.0
#define WEIGHT_FLOP 12000.0
#define GAIN 0.9

static double cost(const sy_winograd_plan *plan) {
    const sy_conv_desc *desc = &plan->conv.desc;
    const winograd_kernel *kernel = winograd_kernel_find(desc->isa);
    const double in = plan->tile == 4 ? 450 : 140, out = plan->tile == 4 ? 550 : 180;
    const int64_t tiles = desc->n * plan->tiles_h * plan->tiles_w;
    const int64_t units = gemm_panel_count(tiles, kernel->rows);
    const int64_t panels = gemm_panel_count(conv_channels(desc), kernel->cols);
    const double share_units = (double)((units + plan->parts_tiles - 1) / plan->parts_tiles);
    const double share_panels = (double)((panels + plan->parts_panels - 1) / plan->parts_panels);
    const double share_tiles = fmin(share_units * kernel->rows, (double)tiles),
                 share_k = share_panels * kernel->cols;
    const double depth = (double)plan->depth, points = winograd_points(plan);
    const double blocks = 1 + floor((share_tiles - 1) / (double)plan->block_tiles);
    const double rest = fmod(share_tiles, kernel->rows), least = fmin(LEAST_ROWS, kernel->rows);
    const double rows = share_tiles + (rest > 0 && rest < least ? least - rest : 0);
    const double products = 2 * points * rows * depth * share_k / PRODUCT_RATE;
    const double transforms = share_tiles * (in * depth + out * share_k);
    const double weights = blocks * points * depth * share_k * sizeof(float) * BYTE_FLOP;
    const double shared =
        (desc->flags & SY_CONV_W_CONST) != 0 ? 0 : WEIGHT_FLOP * depth * (double)desc->k / plan->conv.parts;
    return (double)desc->groups * (products + transforms + weights) + shared;
}

int sy_winograd_choose(const sy_conv_desc *desc, int parts) {
    sy_winograd_plan plan;
    double best = 0;
    int tile = 0;
    for (int candidate = 4; candidate >= 2; candidate -= 2) {
        if (sy_winograd_plan_init(desc, candidate, parts, &plan) || plan.conv.steps == 0)
            return 0;
        if (candidate == 4)
            best = GAIN * 18 * (double)desc->n * (double)plan.conv.p * (double)plan.conv.q * (double)desc->k *
                   (double)(desc->c / desc->groups) / parts;
        const double candidate_cost = cost(&plan);
        if (candidate_cost >= best)
            continue;
        best = candidate_cost;
        tile = candidate;
    }
    return tile;
}
