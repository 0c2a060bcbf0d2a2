/* The blocked loops: one thread's rectangle of one product, from panels or sources of panels. Internal. */
#ifndef KERNELS_GEMM_GEMM_WORK_H
#define KERNELS_GEMM_GEMM_WORK_H

#include "kernels/gemm/gemm_pack.h"

/** Packs a panel as gemm_pack_panel() does, from whatever `context` is. */
typedef void (*gemm_source_fn)(const void *context, const gemm_form *form, int64_t lane, int lanes,
    int64_t depth, int64_t count, int width, void *out);

/**
 * Where an operand comes from: `packed`, the whole of it in panels of full depth (A: by gemm_panel_row(), B:
 * kernel->cols wide from lane packed_lane on); or `bare`, a matrix to be read where it lies (A contiguous
 * along the depth; B, only with a bare A, along its lanes); or `matrix`, to be packed as that lies best (B
 * without header only); or else `pack`, panel by panel. zero_other and constant: for the headers of panels
 * that are packed here, as gemm_seal_panel() has them.
 */
typedef struct gemm_source {
    const void *packed;
    int64_t packed_lane;
    const gemm_matrix *bare, *matrix;
    gemm_source_fn pack;
    const void *context;
    int zero_other;
    int32_t constant;
} gemm_source;

/**
 * Block sizes of a product, and whether its sums go straight to D (no epilogue, D dense along columns, sum
 * type). units: unit rows of a panel (gemm_form_units()); block_units of them make a block, all of them where
 * panels have headers.
 */
typedef struct gemm_blocking {
    const gemm_kernel *kernel;
    int64_t m, k, units, block_units, block_n, block_panels;
    bool is_direct;
} gemm_blocking;

/**
 * One thread's share: A panels [panel_begin, panel_end), columns [col_begin, col_end), units of depth
 * [unit_begin, unit_end); col_begin is a multiple of kernel->cols. scratch: gemm_work_scratch() bytes.
 */
typedef struct gemm_work {
    gemm_blocking blocking;
    gemm_source a, b;
    const gemm_finish *finish;
    int64_t panel_begin, panel_end, col_begin, col_end, unit_begin, unit_end;
    void *scratch;
} gemm_work;

/** Block sizes for m x n x k over one column share, from the kernel's row of the table. */
gemm_blocking gemm_work_blocking(
    const gemm_kernel *kernel, int64_t m, int64_t n, int64_t k, bool is_b_packed, bool is_direct);

/** Bytes of a thread's scratch memory, a multiple of 64. has_a, has_b: that operand comes packed or bare (a
 * bare B needs memory all the same, for its last columns). */
size_t gemm_work_scratch(const gemm_blocking *blocking, bool has_a, bool has_b);

/** Compute the share. Same bits for each element whatever the share. */
void gemm_work_run(const gemm_work *work);

/** A source over a plain matrix, for gemm_source.pack with a gemm_matrix as context. */
void gemm_source_matrix(const void *context, const gemm_form *form, int64_t lane, int lanes, int64_t depth,
    int64_t count, int width, void *out);

/**
 * Split `parts` threads over panels x units of columns into *out_parts_m x *out_parts_n (product <= parts) so
 * that the largest share is smallest; among equals the one that reads least.
 */
void gemm_work_split(int64_t panels, int64_t units, int height, int width, int parts, int32_t *out_parts_m,
    int32_t *out_parts_n);

/** First of `count` items of share `part` of `parts`; the end of a share is the begin of the next. */
static inline int64_t gemm_share(int64_t count, int64_t part, int64_t parts) {
    return count / parts * part + (part < count % parts ? part : count % parts);
}

#endif
