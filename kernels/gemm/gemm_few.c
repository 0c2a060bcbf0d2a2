/* Products of few rows without packing B: reading it costs more than multiplying, so it is read once, where
 * it lies. */
#include "kernels/gemm/gemm_problem.h"

#include <string.h>

/* Sums that the AXPY way keeps at once: 16 KiB, half of a small L1. */
enum { SUMS_BYTES = 16384 };

static size_t round_up(size_t bytes) {
    return (bytes + 63) / 64 * 64;
}

/* Columns of one strip: as many as SUMS_BYTES holds, whole tiles. */
static int64_t strip_cols(const gemm_problem *problem) {
    const int64_t fit = SUMS_BYTES / problem->kernel->a.unit / problem->m;
    return fit / problem->kernel->cols * problem->kernel->cols;
}

size_t gemm_few_scratch(const gemm_problem *problem) {
    const size_t element = (size_t)problem->kernel->a.unit;
    return round_up((size_t)problem->m * (size_t)problem->k * element) +
           round_up((size_t)(problem->m * strip_cols(problem)) * element);
}

/* The strip's sums by rows of B; a is packed k x m. */
static void sum_by_rows(
    const gemm_problem *problem, const void *a, int64_t col, int64_t cols, int64_t ld, void *sums) {
    const gemm_kernel *kernel = problem->kernel;
    const unsigned char *b = problem->b.base;
    for (int64_t i = 0; i < problem->m; i++)
        memset((unsigned char *)sums + i * ld * kernel->a.unit, 0, (size_t)(cols * kernel->a.unit));
    kernel->axpy(
        (int)problem->m, cols, problem->k, a, b + col * kernel->a.unit, problem->b.depth_stride, sums, ld);
}

/* The strip's sums by columns of B; a is packed m x k. */
static void sum_by_columns(
    const gemm_problem *problem, const void *a, int64_t col, int64_t cols, int64_t ld, void *sums) {
    const gemm_kernel *kernel = problem->kernel;
    const unsigned char *b = problem->b.base;
    const int64_t step = problem->b.lane_stride * kernel->a.unit;
    kernel->dot(
        (int)problem->m, cols, problem->k, a, problem->k, b + col * step, problem->b.lane_stride, sums, ld);
}

/* A in the order of the way: depth by rows for AXPY, row after row for DOT. */
static void pack_rows(const sy_gemm_plan *plan, const gemm_problem *problem, unsigned char *out) {
    if (plan->path == SY_GEMM_PATH_AXPY) {
        gemm_pack_panel(
            &problem->kernel->a, &problem->a, 0, (int)problem->m, 0, problem->k, (int)problem->m, out);
        return;
    }
    const int64_t row_bytes = problem->k * problem->kernel->a.unit;
    for (int64_t i = 0; i < problem->m; i++)
        gemm_pack_panel(&problem->kernel->a, &problem->a, i, 1, 0, problem->k, 1, out + i * row_bytes);
}

void gemm_few_run(const sy_gemm_plan *plan, const gemm_problem *problem, int part, void *scratch) {
    const gemm_kernel *kernel = problem->kernel;
    const int64_t units = gemm_panel_count(problem->n, kernel->cols), ld = strip_cols(problem);
    const int64_t last = gemm_share(units, part + 1, plan->parts_n) * kernel->cols;
    const int64_t end = last < problem->n ? last : problem->n;
    unsigned char *a = scratch;
    unsigned char *sums = a + round_up((size_t)problem->m * (size_t)problem->k * (size_t)kernel->a.unit);
    pack_rows(plan, problem, a);
    for (int64_t col = gemm_share(units, part, plan->parts_n) * kernel->cols; col < end; col += ld) {
        const int64_t cols = end - col < ld ? end - col : ld;
        const bool is_by_rows = plan->path == SY_GEMM_PATH_AXPY;
        if (problem->is_direct) {
            unsigned char *d = (unsigned char *)problem->finish.out + col * kernel->a.unit;
            (is_by_rows ? sum_by_rows : sum_by_columns)(problem, a, col, cols, problem->finish.d.row[0], d);
            continue;
        }
        (is_by_rows ? sum_by_rows : sum_by_columns)(problem, a, col, cols, ld, sums);
        for (int64_t j = 0; j < cols; j += kernel->cols) {
            const int width = cols - j < kernel->cols ? (int)(cols - j) : kernel->cols;
            kernel->finish(
                &problem->finish, sums + j * kernel->a.unit, ld, 0, (int)problem->m, col + j, width);
        }
    }
}
