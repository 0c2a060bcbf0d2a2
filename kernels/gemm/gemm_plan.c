/* Choice of the way, block sizes, split over threads and memory of a product. Nothing is computed here. */
#include "kernels/gemm/gemm_problem.h"

/* Bytes of packed dynamic B in flight: a chunk should stay in the last-level cache between packing and use.
 */
#define CHUNK_BYTES (8 << 20)

/* FLOP below which one more thread costs more in waiting than it takes over. */
#define PART_FLOP 200000.0

static const char *check_desc(const sy_gemm_desc *desc, int parts) {
    if (parts < 1)
        return "no threads";
    if (desc->m < 0 || desc->n < 0 || desc->k < 0)
        return "negative extent";
    if (desc->m > INT32_MAX || desc->n > INT32_MAX || desc->k > INT32_MAX)
        return "an extent exceeds 2147483647";
    for (int i = 0; i < 2; i++)
        if (desc->a_stride[i] < 0 || desc->b_stride[i] < 0 || desc->d_stride[i] < 0 || desc->c_stride[i] < 0)
            return "negative stride";
    const uint32_t sum = gemm_sum_type(desc->dtype_a, desc->dtype_b);
    const char *why = gemm_check_finish(sum, desc->dtype_d, desc->n_post, desc->post);
    if (why)
        return why;
    if (desc->beta != 0 && gemm_check_finish(sum, desc->dtype_c, 0, NULL))
        return "type of C does not fit the type of the sums";
    return gemm_kernel_find(desc->isa, sum) ? NULL : "no kernels for this instruction set in this build";
}

/* The ways without packing need B in the type of the sums, and contiguous one way or the other. */
static uint32_t few_rows_path(const gemm_problem *problem) {
    if (problem->m > GEMM_FEW_ROWS || !problem->kernel->axpy || problem->b.dtype != problem->kernel->sum)
        return 0;
    if (problem->b.depth_stride == 1)
        return GEMM_PATH_DOT;
    return problem->b.lane_stride == 1 ? GEMM_PATH_AXPY : 0;
}

static void choose_path(sy_gemm_plan *plan) {
    gemm_problem problem;
    plan->path = GEMM_PATH_PANELS;
    if (plan->desc.flags & SY_GEMM_B_CONST)
        return;
    plan->is_swapped = plan->desc.n < plan->desc.m;
    gemm_problem_init(plan, NULL, &problem);
    const uint32_t few = few_rows_path(&problem);
    if (few)
        plan->path = few;
    else
        plan->is_swapped = false;
}

static int useful_parts(const gemm_problem *problem, int parts) {
    const double flop = 2.0 * (double)problem->m * (double)problem->n * (double)problem->k;
    const double useful = 1 + flop / PART_FLOP;
    return useful < parts ? (int)useful : parts;
}

static int64_t units_of(const gemm_problem *problem, int64_t cols) {
    return (cols + problem->kernel->cols - 1) / problem->kernel->cols;
}

static void lay_out_few(sy_gemm_plan *plan, const gemm_problem *problem, int parts) {
    const int64_t units = units_of(problem, problem->n);
    plan->parts = units < parts ? (int32_t)units : parts;
    plan->parts_m = 1;
    plan->parts_n = plan->parts;
    plan->steps = 1;
    plan->scratch_bytes = gemm_few_scratch(problem);
}

static const char *lay_out_panels(sy_gemm_plan *plan, const gemm_problem *problem, int parts) {
    const gemm_kernel *kernel = problem->kernel;
    const bool is_const = (plan->desc.flags & SY_GEMM_B_CONST) != 0;
    const int64_t width = kernel->cols, units = units_of(problem, problem->n);
    size_t whole, unit_bytes;
    if (!gemm_bytes(units * width, problem->k, kernel->panel_element, &whole) ||
        !gemm_bytes(width, problem->k, kernel->panel_element, &unit_bytes))
        return "packed B exceeds the address space";
    int64_t chunk_units = units;
    if (!is_const && whole > 2 * CHUNK_BYTES) {
        const int64_t fit = (int64_t)(CHUNK_BYTES / unit_bytes), least = 4 * (int64_t)parts;
        const int64_t chosen = fit > least ? fit : least;
        chunk_units = chosen < units ? chosen : units;
    }
    plan->chunk_n = chunk_units * width;
    gemm_work_split(gemm_panel_count(problem->m, kernel->rows), chunk_units, kernel->rows, kernel->cols,
        parts, &plan->parts_m, &plan->parts_n);
    plan->parts = plan->parts_m * plan->parts_n;
    const gemm_blocking blocking =
        gemm_work_blocking(kernel, problem->m, plan->chunk_n, problem->k, true, problem->is_direct);
    plan->block_k = blocking.block_k;
    plan->block_n = blocking.block_n;
    plan->block_panels = blocking.block_panels;
    plan->scratch_bytes = gemm_work_scratch(&blocking, false, true);
    plan->steps = is_const ? 1 : 2 * ((units + chunk_units - 1) / chunk_units);
    plan->weights_bytes = is_const ? whole : 0;
    plan->shared_bytes = is_const ? 0 : ((size_t)chunk_units * unit_bytes + 63) / 64 * 64;
    return NULL;
}

const char *sy_gemm_plan_init(const sy_gemm_desc *desc, int parts, sy_gemm_plan *out_plan) {
    *out_plan = (sy_gemm_plan){0};
    const char *why = check_desc(desc, parts);
    if (why)
        return why;
    sy_gemm_plan plan = {.desc = *desc, .parts = 1, .parts_m = 1, .parts_n = 1};
    gemm_problem problem;
    choose_path(&plan);
    gemm_problem_init(&plan, NULL, &problem);
    if (desc->m > 0 && desc->n > 0) {
        const int useful = useful_parts(&problem, parts);
        if (plan.path == GEMM_PATH_PANELS)
            why = lay_out_panels(&plan, &problem, useful);
        else
            lay_out_few(&plan, &problem, useful);
    } else if (desc->flags & SY_GEMM_B_CONST) {
        const int64_t whole_n = units_of(&problem, problem.n) * problem.kernel->cols;
        if (!gemm_bytes(whole_n, problem.k, problem.kernel->panel_element, &plan.weights_bytes))
            why = "packed B exceeds the address space";
    }
    if (!why && __builtin_mul_overflow((size_t)plan.parts, plan.scratch_bytes, &plan.workspace_bytes))
        why = "workspace exceeds the address space";
    if (why)
        return why;
    plan.workspace_bytes += plan.shared_bytes;
    *out_plan = plan;
    return NULL;
}
