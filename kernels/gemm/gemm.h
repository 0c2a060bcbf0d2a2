/*
 * Matrix multiplication, D = post(alpha A B + beta C): the contract. Row and column strides are free, so a
 * transpose is a stride. Pure functions: no allocation, no threads, no CPU probing; the caller owns memory
 * and threads.
 *
 * How a caller with P threads uses it:
 *     why = sy_gemm_plan_init(&desc, P, &plan);         once, at plan time; why != NULL: the reason it cannot
 * be done sy_gemm_weights_pack(&plan, b, part, P, packed);  once, only with SY_GEMM_B_CONST; any split into
 * parts for (s = 0; s < plan.steps; s++)                  each run: in parallel for part in 0..plan.parts-1:
 * sy_gemm_step(&plan, &args, s, part); all threads meet here
 */
#ifndef KERNELS_GEMM_GEMM_H
#define KERNELS_GEMM_GEMM_H

#include "kernels/gemm/gemm_types.h"

/* Alignment in bytes that workspaces and packed weights should have (8 is enough to be right; less is
 * slower). */
#define SY_GEMM_ALIGNMENT 64u

/**
 * Choices that the plan makes by its cost model, each where it is 0; a tuner fills them in. What does not fit
 * the problem is refused with words, never bent.
 *
 * path              SY_GEMM_PATH_*.
 * a_form            1: A packed into panels; 2: read where it lies.
 * parts_m, parts_n  shares of rows and of columns, both or none; parts_m * parts_n <= the plan's threads.
 * slices            shares of the depth (k), whose sums are added in order afterwards; 1: none. Changes the
 *                   rounding.
 * block_units, block_panels, block_n  blocks of the loops, as in gemm_kernel.h; block_units changes the
 *                   rounding.
 */
typedef struct sy_gemm_tuning {
    uint32_t path, a_form;
    int32_t parts_m, parts_n, slices;
    int64_t block_units, block_panels, block_n;
} sy_gemm_tuning;

/*
 * The ways. PANELS: blocked, both operands packed, dynamic B by all threads together. FUSED: the same with
 * all of A packed first and dynamic B by the thread that uses it, a block at a time. AXPY, DOT: few rows, by
 * rows or by columns of B where it lies. BARE: A where it lies, and B too unless it is constant.
 */
enum { SY_GEMM_PATH_PANELS = 1, SY_GEMM_PATH_AXPY = 2, SY_GEMM_PATH_DOT = 3, SY_GEMM_PATH_FUSED = 4 };

/* Flags of sy_gemm_desc. */
enum { SY_GEMM_B_CONST = 1 /* args.b is what sy_gemm_weights_pack() made, not B itself */ };

/**
 * What is to be computed. Logical shapes: A m x k, B k x n, C and D m x n; extents >= 0; k = 0 gives
 * post(beta C).
 *
 * dtype_a, dtype_b  f64 with f64; any two of f32 f16 bf16 f8e4m3 f8e5m2 (sums in f32); any two of s8 u8 (sums
 *                   in s32, which wrap around).
 * dtype_d           f64 for f64 sums; f32 f16 bf16 f8e4m3 f8e5m2 for f32 sums; s32 s8 u8 f32 f16 bf16 for s32
 *                   sums.
 * dtype_c           read only if beta != 0: as dtype_d.
 * isa               SY_ISA_*: a level the CPU has.
 * x_stride          in elements: [0] from row to row, [1] from column to column; >= 0. D must not overlap
 *                   itself.
 * alpha, beta       beta == 0: C is not read. Everything else follows IEEE arithmetic (0 * NaN is NaN).
 */
typedef struct sy_gemm_desc {
    uint32_t dtype_a, dtype_b, dtype_c, dtype_d;
    uint32_t isa, flags;
    int64_t m, n, k;
    int64_t a_stride[2], b_stride[2], c_stride[2], d_stride[2];
    double alpha, beta;
    uint32_t n_post;
    sy_kernel_post post[SY_KERNEL_MAX_POSTS];
    sy_gemm_tuning tuning;
} sy_gemm_desc;

/**
 * A problem with its blocking and its split over threads; a plain value, copy it freely. Fields from `path`
 * on are the kernels' own.
 *
 * parts            threads that may work at once: the number asked for, or fewer when there is less work.
 * steps            barriers plus one; 0 if D is empty.
 * workspace_bytes  one block shared by all parts of a run, contents not kept between runs.
 * weights_bytes    size of constant B packed; 0 without SY_GEMM_B_CONST. Depends on desc alone, never on
 * parts.
 */
typedef struct sy_gemm_plan {
    sy_gemm_desc desc;
    int32_t parts;
    int64_t steps;
    size_t workspace_bytes, weights_bytes;
    uint32_t path;
    bool is_swapped, is_bare, is_b_bare;
    int32_t parts_m, parts_n, slices;
    int64_t block_units, block_n, chunk_n, block_panels;
    size_t shared_bytes, sums_bytes, scratch_bytes;
} sy_gemm_plan;

/**
 * Operands of one run. Each pointer is aligned to its element type; more is not needed.
 *
 * c             read only if beta != 0; may be d itself with the same strides.
 * d             written in full, padding between rows untouched; must not overlap any other operand but c and
 *               the operand of an ADD, which may be d itself with the same strides.
 * post_operand  one entry a post; NULL where the post has none.
 * workspace     plan.workspace_bytes, not shared with another run in flight. NULL if 0.
 */
typedef struct sy_gemm_args {
    const void *a, *b, *c;
    void *d;
    const void *post_operand[SY_KERNEL_MAX_POSTS];
    void *workspace;
} sy_gemm_args;

/** Distance in elements of each operand from one member of a batch to the next; 0 shares it. */
typedef struct sy_gemm_batch {
    int64_t a, b, c, d, post[SY_KERNEL_MAX_POSTS];
} sy_gemm_batch;

/**
 * Check `desc` and lay out the work for at most `parts` threads (>= 1). Pure and quick (about a microsecond).
 *
 * Result   NULL and *out_plan filled; or a static text saying what is not possible, *out_plan all zero.
 * Source   blocking: Goto & van de Geijn, ACM TOMS 34(3), 2008; Van Zee & van de Geijn (BLIS), ACM TOMS
 * 41(3), 2015.
 */
const char *sy_gemm_plan_init(const sy_gemm_desc *desc, int parts, sy_gemm_plan *out_plan);

/**
 * Pack share `part` of `parts` of constant B (strides of plan->desc) into `packed` (plan->weights_bytes). All
 * shares together make the whole; shares are disjoint, so they may run at once. The result serves every plan
 * whose desc has the same isa, dtype_a, dtype_b, n, k, whatever its m, alpha, beta, posts and parts.
 */
void sy_gemm_weights_pack(const sy_gemm_plan *plan, const void *b, int part, int parts, void *packed);

/**
 * Do share `part` (0 .. plan->parts-1) of step `step` (0 .. plan->steps-1). All shares of a step must be
 * finished before any of the next begins; shares of one step may run at once, in any order.
 *
 * Result   the same bits for any order, and for any number of parts.
 * Work     2 m n k FLOP over all.
 */
void sy_gemm_step(const sy_gemm_plan *plan, const sy_gemm_args *args, int64_t step, int part);

/** All steps and parts one after the other, on the calling thread. */
void sy_gemm_run(const sy_gemm_plan *plan, const sy_gemm_args *args);

/**
 * Operands of member `index` of a batch. Constant packed B moves by whole packed matrices: batch->b counts
 * bytes then (plan->weights_bytes or 0). The workspace stays; members in flight at once need one each.
 */
sy_gemm_args sy_gemm_batch_args(
    const sy_gemm_plan *plan, const sy_gemm_args *args, const sy_gemm_batch *batch, int64_t index);

#endif
