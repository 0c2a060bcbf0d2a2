/*
 * Open tiles: register kernels that read the left operand where it lies, element by element, instead of from
 * a packed panel, and their table. A row of the tile is a list of addresses, one for each run of consecutive
 * depth, so that the taps of a convolution, strides, padding (the address of zeros) and plain unpacked
 * matrices are all the same to the kernel. Internal.
 */
#ifndef KERNELS_GEMM_GEMM_OPEN_H
#define KERNELS_GEMM_GEMM_OPEN_H

#include "kernels/gemm/gemm_ending.h"
#include "kernels/gemm/gemm_form.h"
#include "kernels/gemm/gemm_lanes.h"
#include "kernels/gemm/gemm_strip.h"

/* Most rows of any open tile. */
#define GEMM_OPEN_MAX_ROWS 12

/**
 * A run of depth: `count` units (of gemm_form.h) along which every row is contiguous.
 *
 * b    where the run begins in the panel of B, in unit rows.
 * a    one address a row of the tile: its first unit of the run. Runs of a list lie
 *      gemm_open_run_bytes(rows) apart.
 */
typedef struct gemm_open_run {
    int64_t count, b;
    const void *a[];
} gemm_open_run;

/** An epilogue for a tile: row i of the result goes to ending.out + row[i]. */
typedef struct gemm_open_end {
    gemm_ending ending;
    const int64_t *row;
} gemm_open_end;

/**
 * C (+)= A B on one tile, over all runs of a list in order.
 *
 * rows   1 .. gemm_open.rows.
 * cols   1 .. gemm_open.cols that are wanted.
 * b      a panel: unit rows of gemm_open.cols units.
 * c      row i of the tile lies at c + row[i] elements; written over the full width, or, if cols is no more
 * than half, over half of it. Result f32: one chain of multiply-adds an element for more than three rows, two
 * or four (by units of each run) else. s32: exact, wraps around. No runs: zeros (or C as it is when
 * accumulating).
 * end    NULL, or what is done with the sums: nothing is written to C then, which is read if accumulating,
 * and just `cols` columns to the end's places. cols is then a multiple of gemm_open.end_cols.
 */
typedef void (*gemm_open_fn)(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end);

/** out[j * out_step + i] = in[i * in_step + j], i < rows, j < cols: elements of four bytes, turned. */
typedef void (*gemm_turn_fn)(
    const void *in, int64_t in_step, int64_t rows, int64_t cols, void *out, int64_t out_step);

/**
 * One row of the table.
 *
 * level, needs, sum, a_types, b_types  as in gemm_kernel.h.
 * a, b        the units that rows and panels are made of; no headers. Operands of another type or layout are
 *             copied so beforehand.
 * rows, cols  of the largest tile.
 * end_cols    columns of tiles with an end come in multiples of this; 0: tiles have none.
 * block       unit rows of a panel of B that stay in L1 while rows pass.
 * strip       the tile over rows at one step; NULL where there is none.
 * lanes       the tile turned about, and `part` to take lines apart for it; NULL where there is none.
 * turn        for elements of four bytes.
 * finish      the epilogue for tiles of `cols` columns.
 */
typedef struct gemm_open {
    uint32_t level, needs, sum, a_types, b_types;
    gemm_form a, b;
    int rows, cols, end_cols;
    int64_t block;
    gemm_open_fn tile;
    gemm_strip_fn strip;
    gemm_lanes_fn lanes;
    gemm_part_fn part;
    gemm_turn_fn turn;
    gemm_finish_fn finish;
} gemm_open;

/** Row `index` of the table, NULL past the end. For tests and lists. */
const gemm_open *gemm_open_at(size_t index);

/** The best row for these element types, NULL if this build has none. */
const gemm_open *gemm_open_choose(uint32_t isa, uint32_t dtype_a, uint32_t dtype_b);

/** Distance of the runs of a tile of `rows` rows. */
static inline size_t gemm_open_run_bytes(int rows) {
    return sizeof(gemm_open_run) + (size_t)rows * sizeof(void *);
}

/* By file: gemm_open_<isa>.c. */
void gemm_open_f32_4x8_generic(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end);
void gemm_open_f32_6x16_avx2(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end);
void gemm_open_s32_pairs_6x16_avx2(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end);
void gemm_open_f32_12x32_avx512(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end);
void gemm_open_f32_6x16_neon(int rows, int cols, int64_t runs, const gemm_open_run *run, const void *b,
    void *c, const int64_t *row, bool accumulate, const gemm_open_end *end);
void gemm_turn_4_generic(
    const void *in, int64_t in_step, int64_t rows, int64_t cols, void *out, int64_t out_step);
void gemm_turn_4_avx2(
    const void *in, int64_t in_step, int64_t rows, int64_t cols, void *out, int64_t out_step);

#endif
