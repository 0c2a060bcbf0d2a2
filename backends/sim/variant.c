/* The settings that tuning may find: square tiles of the output, each good for some shapes. */
#include <stdio.h>

#include "backends/sim/sim.h"

static const uint32_t tiles[] = {16, 32, 64, 128};
enum { TILES = sizeof tiles / sizeof tiles[0] };

/* Time of endlessly large tiles over that of the ordinary algorithm, and what a tile's borders cost. */
static const double LARGE_TILES = 0.75, BORDER = 8.0;

uint32_t sim_variant_tile(uint32_t op, uint32_t index) {
    bool is_product = op == SY_OP_GEMM || op == SY_OP_CONV;
    return is_product && index < TILES ? tiles[index] : 0;
}

uint64_t sim_variant_id(uint32_t tile) {
    return SIM_ALGORITHM_ID + ((uint64_t)tile << 8);
}

bool sim_variant_of_id(uint32_t op, uint64_t id, uint32_t *out_tile) {
    *out_tile = 0;
    for (uint32_t i = 0; sim_variant_tile(op, i) != 0; i++)
        if (sim_variant_id(sim_variant_tile(op, i)) == id)
            *out_tile = sim_variant_tile(op, i);
    return *out_tile != 0 || id == SIM_ALGORITHM_ID;
}

/* What is computed over what is wanted, when `extent` is done in whole tiles. */
static double padding(int64_t extent, uint32_t tile) {
    int64_t whole = (extent + tile - 1) / tile * tile;
    return extent > 0 ? (double)whole / (double)extent : 1.0;
}

double sim_variant_factor(const sy_plan *plan) {
    const int64_t *dim = plan->tensor[plan->n_in].dim;
    if (plan->tile == 0)
        return 1.0;
    bool is_conv = plan->op == SY_OP_CONV;
    double borders = 1.0 + BORDER / plan->tile;
    return LARGE_TILES * borders * padding(dim[1], plan->tile) *
           padding(is_conv ? dim[2] * dim[3] : dim[2], plan->tile);
}
