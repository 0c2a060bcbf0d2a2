/*
 * Sums of products on the host: C (+)= A B in tiles, where B is what a callback gathers: a matrix as it lies,
 * or the pixels under a window. Plain loops that any processor runs; no allocation.
 */
#ifndef RUNTIME_MODEL_OPS_PRODUCT_H
#define RUNTIME_MODEL_OPS_PRODUCT_H

#include <stdint.h>

#include "runtime/model/graph/team.h"

/** Columns of B in a tile, and steps of depth that are gathered at once. */
enum { SY_NET_TILE_COLS = 32, SY_NET_TILE_DEPTH = 128 };

/** A part of B: `depth` rows from row p on, `cols` columns from column j on, of product `batch`. */
typedef struct sy_net_part {
    int64_t batch, p, j;
    int depth, cols;
} sy_net_part;

/** Write part `part` of B: row p at panel + (p - part->p) * SY_NET_TILE_COLS. Columns from part->cols on may
 * be anything. f32 products: float; integer products: int16_t. */
typedef void sy_net_gather_fn(const void *arg, const sy_net_part *part, void *panel);

/**
 * `batch` products of m x k by k x n.
 *
 * a        element (i, p) of product b: a + a_at(b) + i * a_row + p * a_col.
 * c        element (i, j): c + c_at(b) + i * c_row + j * c_col, written in full.
 * at       offsets of A and C of a product, in elements.
 * gather   B. `arg` goes to both callbacks.
 */
typedef struct sy_net_product {
    int64_t batch, m, n, k;
    int64_t a_row, a_col, c_row, c_col;
    const void *a;
    void *c;
    void (*at)(const void *arg, int64_t batch, int64_t *out_a, int64_t *out_c);
    sy_net_gather_fn *gather;
    const void *arg;
} sy_net_product;

/** f32. Sums go along the depth in order, in stretches of SY_NET_TILE_DEPTH. */
void sy_net_product_f32(const sy_net_product *product, const sy_team *team);

/** s16 products, s32 sums that wrap around. */
void sy_net_product_s32(const sy_net_product *product, const sy_team *team);

#endif
