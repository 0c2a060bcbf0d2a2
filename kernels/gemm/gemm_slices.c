/* Products with few tiles and a long depth: the depth is cut in slices, each with sums of its own, which are
 * then added in order. Without this one thread would do all of a 1 x 64 x 65536. */
#include "kernels/gemm/gemm_problem.h"

#include <string.h>

enum {
    MOST_SLICES = 8,
    ENOUGH_TILES = 16,  /* as many can be shared out as they are */
    LEAST_BYTES = 65536 /* of a panel of B in a slice: less is not worth another pass over the sums */
};

static int64_t row_sums(const gemm_problem *problem) {
    return gemm_panel_count(problem->n, problem->kernel->cols) * problem->kernel->cols;
}

int32_t gemm_slices_choose(const gemm_problem *problem) {
    const gemm_kernel *kernel = problem->kernel;
    const int64_t tiles =
        gemm_panel_count(problem->m, kernel->rows) * gemm_panel_count(problem->n, kernel->cols);
    if (kernel->b.header != 0 || tiles == 0 || tiles >= ENOUGH_TILES)
        return 1;
    const int64_t fit = gemm_form_units(&kernel->b, problem->k) * kernel->cols * kernel->b.unit / LEAST_BYTES;
    const int64_t wanted = ENOUGH_TILES / tiles < MOST_SLICES ? ENOUGH_TILES / tiles : MOST_SLICES;
    const int64_t slices = fit < wanted ? fit : wanted;
    return slices > 1 ? (int32_t)slices : 1;
}

bool gemm_slices_bytes(const gemm_problem *problem, int32_t slices, size_t *out_bytes) {
    const int64_t element = problem->kernel->sum == SY_ELEMENT_F64 ? 8 : 4;
    size_t each;
    if (!gemm_bytes(problem->m, row_sums(problem), element, &each) ||
        __builtin_mul_overflow(each, (size_t)slices, out_bytes) || *out_bytes > SIZE_MAX / 4)
        return false;
    *out_bytes = (*out_bytes + 63) / 64 * 64;
    return true;
}

/* Bytes from the sums of one slice to those of the next. */
static size_t slice_bytes(const gemm_problem *problem) {
    const size_t element = problem->kernel->sum == SY_ELEMENT_F64 ? 8 : 4;
    return (size_t)(problem->m * row_sums(problem)) * element;
}

void gemm_slices_multiply(const sy_gemm_plan *plan, const gemm_problem *problem, int part, const void *packed,
    void *sums, void *scratch) {
    const gemm_finish finish = {.d = {.row = {row_sums(problem)}, .col = 1}};
    gemm_work work = gemm_problem_work(plan, problem, packed, scratch);
    const int64_t units = work.unit_end;
    gemm_finish own = finish;
    work.blocking.is_direct = true;
    work.finish = &own;
    work.panel_end = gemm_panel_count(problem->m, problem->kernel->rows);
    work.col_end = row_sums(problem);
    for (int slice = part; slice < plan->slices; slice += plan->parts) {
        own.out = (unsigned char *)sums + (size_t)slice * slice_bytes(problem);
        work.unit_begin = gemm_share(units, slice, plan->slices);
        work.unit_end = gemm_share(units, slice + 1, plan->slices);
        gemm_work_run(&work);
    }
}

/* tile = the sum over slices of `rows` x kernel->cols sums that begin at `first`. */
static void add_slices(const sy_gemm_plan *plan, const gemm_problem *problem, int rows, int64_t first,
    const unsigned char *sums, void *tile) {
    const int64_t ld = row_sums(problem), cols = problem->kernel->cols;
    for (int slice = 0; slice < plan->slices; slice++, sums += slice_bytes(problem))
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < cols; j++) {
                const int64_t from = first + i * ld + j, to = i * cols + j;
                if (problem->kernel->sum == SY_ELEMENT_F32)
                    ((float *)tile)[to] =
                        (slice ? ((float *)tile)[to] : 0) + ((const float *)(const void *)sums)[from];
                else if (problem->kernel->sum == SY_ELEMENT_F64)
                    ((double *)tile)[to] =
                        (slice ? ((double *)tile)[to] : 0) + ((const double *)(const void *)sums)[from];
                else
                    ((uint32_t *)tile)[to] =
                        (slice ? ((uint32_t *)tile)[to] : 0) + ((const uint32_t *)(const void *)sums)[from];
            }
}

void gemm_slices_finish(
    const sy_gemm_plan *plan, const gemm_problem *problem, int part, const void *sums, void *scratch) {
    const gemm_kernel *kernel = problem->kernel;
    const int64_t panels = gemm_panel_count(problem->m, kernel->rows);
    const int64_t tiles = panels * gemm_panel_count(problem->n, kernel->cols);
    for (int64_t t = part; t < tiles; t += plan->parts) {
        const int64_t row = gemm_panel_row(problem->m, kernel->rows, t % panels),
                      col = t / panels * kernel->cols;
        const int rows = (int)(gemm_panel_row(problem->m, kernel->rows, t % panels + 1) - row);
        const int cols = problem->n - col < kernel->cols ? (int)(problem->n - col) : kernel->cols;
        add_slices(plan, problem, rows, row * row_sums(problem) + col, sums, scratch);
        kernel->finish(&problem->finish, scratch, kernel->cols, row, rows, col, cols);
    }
}
