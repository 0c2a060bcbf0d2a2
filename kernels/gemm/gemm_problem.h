/* A product as the algorithms see it, after a possible exchange of A and B, and the ways to compute it.
 * Internal. */
#ifndef KERNELS_GEMM_GEMM_PROBLEM_H
#define KERNELS_GEMM_GEMM_PROBLEM_H

#include "kernels/gemm/gemm.h"
#include "kernels/gemm/gemm_work.h"

/* Most rows that the two ways without packing take. */
#define GEMM_FEW_ROWS 8

/** m x n x k with its operands; when is_swapped, D^T = B^T A^T. finish.post points into the plan. zero_a,
 * zero_b: gemm_form_zero() of the operands. */
typedef struct gemm_problem {
    const gemm_kernel *kernel;
    int64_t m, n, k;
    gemm_matrix a, b;
    gemm_finish finish;
    bool is_direct;
    int zero_a, zero_b;
} gemm_problem;

/** Fill *out_problem from a plan; args NULL leaves every address NULL. */
void gemm_problem_init(const sy_gemm_plan *plan, const sy_gemm_args *args, gemm_problem *out_problem);

/** The whole product as work over packed B; the caller narrows it to a share. Points into plan and problem.
 */
gemm_work gemm_problem_work(
    const sy_gemm_plan *plan, const gemm_problem *problem, const void *packed, void *scratch);

/** Shares of the depth for tiles x units of depth: more than one only where there is little else to share
 * out. Follows from the extents alone, so that results do not depend on the number of threads. */
int32_t gemm_slices_choose(const gemm_problem *problem);

/** Bytes of the sums of all slices. False on overflow. */
bool gemm_slices_bytes(const gemm_problem *problem, int32_t slices, size_t *out_bytes);

/** Share of the slices' sums into plan->sums_bytes at `sums`; `packed` is all of B in panels. */
void gemm_slices_multiply(const sy_gemm_plan *plan, const gemm_problem *problem, int part, const void *packed,
    void *sums, void *scratch);

/** Share of adding the slices up, in their order, and of the epilogue. scratch: one tile. */
void gemm_slices_finish(
    const sy_gemm_plan *plan, const gemm_problem *problem, int part, const void *sums, void *scratch);

/** Share `part` of a product by AXPY or DOT (plan->path); scratch: gemm_few_scratch() bytes. */
void gemm_few_run(const sy_gemm_plan *plan, const gemm_problem *problem, int part, void *scratch);

/** Bytes of scratch memory a part for AXPY and DOT. */
size_t gemm_few_scratch(const gemm_problem *problem);

/** NULL, or why these posts cannot follow a sum of type `sum` into `dtype_d`. Shared with conv. */
const char *gemm_check_finish(uint32_t sum, uint32_t dtype_d, uint32_t n_post, const sy_kernel_post *post);

/** a * b * c in *out_bytes; false on overflow. Factors >= 0. */
bool gemm_bytes(int64_t a, int64_t b, int64_t c, size_t *out_bytes);

#endif
