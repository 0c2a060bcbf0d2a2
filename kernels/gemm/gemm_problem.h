/* A product as the algorithms see it, after a possible exchange of A and B, and the ways to compute it.
 * Internal. */
#ifndef KERNELS_GEMM_GEMM_PROBLEM_H
#define KERNELS_GEMM_GEMM_PROBLEM_H

#include "kernels/gemm/gemm.h"
#include "kernels/gemm/gemm_work.h"

/* The ways: blocked with panels; few rows by rows of B where it lies; few rows by columns of B where it lies.
 */
enum { GEMM_PATH_PANELS = 1, GEMM_PATH_AXPY = 2, GEMM_PATH_DOT = 3 };

/* Most rows that the two ways without packing take. */
#define GEMM_FEW_ROWS 8

/** m x n x k with its operands; when is_swapped, D^T = B^T A^T. finish.post points into the plan. */
typedef struct gemm_problem {
    const gemm_kernel *kernel;
    int64_t m, n, k;
    gemm_matrix a, b;
    gemm_finish finish;
    bool is_direct;
} gemm_problem;

/** Fill *out_problem from a plan; args NULL leaves every address NULL. */
void gemm_problem_init(const sy_gemm_plan *plan, const sy_gemm_args *args, gemm_problem *out_problem);

/** Share `part` of a product by AXPY or DOT (plan->path); scratch: gemm_few_scratch() bytes. */
void gemm_few_run(const sy_gemm_plan *plan, const gemm_problem *problem, int part, void *scratch);

/** Bytes of scratch memory a part for AXPY and DOT. */
size_t gemm_few_scratch(const gemm_problem *problem);

/** NULL, or why these posts cannot follow a sum of type `sum` into `dtype_d`. Shared with conv. */
const char *gemm_check_finish(uint32_t sum, uint32_t dtype_d, uint32_t n_post, const sy_kernel_post *post);

/** a * b * c in *out_bytes; false on overflow. Factors >= 0. */
bool gemm_bytes(int64_t a, int64_t b, int64_t c, size_t *out_bytes);

#endif
