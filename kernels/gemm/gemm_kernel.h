/* One row of the table of choices: the register tile for some element types on some instruction sets, the
 * panels it reads, and its block sizes. Internal. */
#ifndef KERNELS_GEMM_GEMM_KERNEL_H
#define KERNELS_GEMM_GEMM_KERNEL_H

#include "kernels/gemm/gemm_finish.h"
#include "kernels/gemm/gemm_form.h"

/* Most rows of a gemm_pair_fn. */
enum { GEMM_PAIR_ROWS = 3 };

/**
 * C (+)= A B on one tile: `rows` x `cols` of C, row stride ldc, in the sum type. a: `units` columns of `rows`
 * units of kernel->a; b: `units` rows of kernel->cols units of kernel->b. 1 <= rows <= kernel->rows, 1 <=
 * cols <= kernel->cols. Writes C within rows x cols only. No units: stores zeros (or leaves C alone when
 * accumulating). next: an address from which a little is fetched with each unit (gemm_fetch()), so that it
 * has come when it is read after this tile.
 */
typedef void (*gemm_tile_fn)(int rows, int cols, int64_t units, const void *a, const void *b,
    const void *next, void *c, int64_t ldc, bool accumulate);

/**
 * C = A B on one tile without packed A: row i of A is k contiguous elements at a + i * lda; row p of B is
 * kernel->cols elements at b + p * ldb, all readable; element types are those of the sums. rows, cols, c, ldc
 * as for a tile.
 */
typedef void (*gemm_bare_fn)(int rows, int cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, const void *next, void *c, int64_t ldc, bool accumulate);

/**
 * As gemm_bare_fn, rows <= GEMM_PAIR_ROWS, over two whole panels b and b + b_step elements; the second's tile
 * of C lies c_step elements behind the first's.
 */
typedef void (*gemm_pair_fn)(int rows, int64_t k, const void *a, int64_t lda, const void *b, int64_t b_step,
    void *c, int64_t ldc, int64_t c_step, bool accumulate);

/** sum[i][j] += sum over p of a[p][i] * b[p][j], i < rows <= 8, j < n: a dense k x rows, row strides ldb,
 * ld_sum. */
typedef void (*gemm_axpy_fn)(
    int rows, int64_t n, int64_t k, const void *a, const void *b, int64_t ldb, void *sum, int64_t ld_sum);

/** sum[i][j] = sum over p of a[i][p] * b[j][p], i < rows, j < cols; lines contiguous, strides lda, ldb,
 * ld_sum. */
typedef void (*gemm_dot_fn)(int rows, int64_t cols, int64_t k, const void *a, int64_t lda, const void *b,
    int64_t ldb, void *sum, int64_t ld_sum);

/**
 * One row of the table.
 *
 * level, needs   instruction set: SY_ISA_* level, and the bits that must be there besides.
 * sum            SY_ELEMENT_F32, F64 or S32: the type of sums and tiles.
 * a_types, b_types  element types taken, as bits 1 << SY_ELEMENT_*.
 * is_for_const   for a B that is packed beforehand only (its packing is slow, or its panels are narrower).
 * a, b           what panels are made of; both have the same group and header.
 * rows, cols     of the largest tile.
 * block_units    depth of a block: a panel of B of that depth stays in L1 while A's panels pass.
 * block_panels   A panels of a block, so that they fill about half of L2.
 * block_n        columns whose sums a thread keeps at once, a multiple of `cols`.
 * bare, pair, axpy, dot  NULL where the ways without packing are not there.
 */
typedef struct gemm_kernel {
    const char *name;
    uint32_t level, needs, sum, a_types, b_types;
    bool is_for_const;
    gemm_form a, b;
    int rows, cols;
    int64_t block_units, block_panels, block_n;
    gemm_tile_fn tile;
    gemm_bare_fn bare;
    gemm_pair_fn pair;
    gemm_axpy_fn axpy;
    gemm_dot_fn dot;
    gemm_finish_fn finish;
} gemm_kernel;

/** Row `index` of the table, NULL past the end. For tests and lists. */
const gemm_kernel *gemm_kernel_at(size_t index);

/** The best row for these element types, NULL if this build has none. is_const: B is packed beforehand. */
const gemm_kernel *gemm_kernel_choose(uint32_t isa, uint32_t dtype_a, uint32_t dtype_b, bool is_const);

/** The row whose panels are plain elements of one depth each, for a sum type: what convolutions gather into.
 */
const gemm_kernel *gemm_kernel_find(uint32_t isa, uint32_t sum);

/** Type of the sums of products of two element types; 0 if they do not go together. */
uint32_t gemm_sum_type(uint32_t dtype_a, uint32_t dtype_b);

#endif
