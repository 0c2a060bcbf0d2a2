/* Packing of matrices into panels, the form that register tiles read. Internal. */
#ifndef KERNELS_GEMM_GEMM_PACK_H
#define KERNELS_GEMM_GEMM_PACK_H

#include "kernels/gemm/gemm_kernel.h"

/**
 * A matrix as packing sees it: lanes (rows of A, columns of B) by depth (along k). Element (i, p) lies at
 * i * lane_stride + p * depth_stride elements from base.
 */
typedef struct gemm_matrix {
    const void *base;
    uint32_t dtype;
    int64_t lane_stride, depth_stride;
} gemm_matrix;

/*
 * How a matrix that lies by rows is packed into panels of columns: so many rows of so many panels at a time.
 * Whole panels one by one would touch a page for every row; many panels at once lie at distances that fall
 * into the same sets of a cache.
 */
enum { GEMM_PACK_ROWS = 16, GEMM_PACK_PANELS = 32 };

/**
 * `count` elements of depth of one panel, without its header: unit u of lane i holds elements
 * depth + u * group ... of lane + i, as the form has them; zeros beyond count in the last unit, and for
 * lanes <= i < width <= 64. `depth` is a multiple of the group.
 */
void gemm_pack_panel(const gemm_form *form, const gemm_matrix *matrix, int64_t lane, int lanes, int64_t depth,
    int64_t count, int width, void *out);

/**
 * `count` elements of depth of all panels of `lanes` lanes from `lane` on, each `width` wide (the last one
 * filled with zeros) and panel_step bytes after the one before; as gemm_pack_panel() otherwise, but in the
 * order in which the matrix lies in memory.
 */
void gemm_pack_panels(const gemm_form *form, const gemm_matrix *b, int64_t lane, int64_t lanes, int64_t depth,
    int64_t count, int width, int64_t panel_step, void *out);

/**
 * Fill the header of a panel whose `units` unit rows (header included) are complete: lane i gets
 * zero_other * (sum over its elements) + constant. Does nothing for a form without header or a panel without
 * units. The tile starts from the sum of both headers, so the constant zero_a * zero_b * k belongs to one of
 * them.
 */
void gemm_seal_panel(
    const gemm_form *form, int64_t units, int width, int zero_other, int32_t constant, void *panel);

/**
 * Panels [panel_begin, panel_end) of a B with n lanes and depth k for a kernel, each kernel->cols wide and k
 * deep, one after the other; panel 0 would lie at `out`. The last panel of B is filled up with zeros. zero_a:
 * gemm_form_zero() of A.
 */
void gemm_pack_columns(const gemm_kernel *kernel, const gemm_matrix *b, int64_t n, int64_t k, int zero_a,
    int64_t panel_begin, int64_t panel_end, void *out);

/** Number of panels of at most `height` rows that m rows make, and the first row of one; all heights differ
 * by at most 1. */
int64_t gemm_panel_count(int64_t m, int height);
int64_t gemm_panel_row(int64_t m, int height, int64_t panel);

#endif
