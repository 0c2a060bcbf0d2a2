/* The calls of gemm.h that compute: packing constant B, one share of one step, batches. */
#include "kernels/gemm/gemm.h"

#include "kernels/gemm/gemm_problem.h"

void sy_gemm_weights_pack(const sy_gemm_plan *plan, const void *b, int part, int parts, void *packed) {
    const sy_gemm_args args = {.b = b};
    gemm_problem problem;
    gemm_problem_init(plan, &args, &problem);
    const int64_t units = gemm_panel_count(problem.n, problem.kernel->cols);
    gemm_pack_columns(problem.kernel, &problem.b, problem.n, problem.k, problem.zero_a,
        gemm_share(units, part, parts), gemm_share(units, part + 1, parts), packed);
}

/* Share of packing the chunk that begins at column `begin`: its panels lie from the begin of the workspace
 * on. */
static void pack_chunk(const sy_gemm_plan *plan, const gemm_problem *problem, int64_t begin, int64_t end,
    int part, void *packed) {
    const int64_t units = gemm_panel_count(end - begin, problem->kernel->cols);
    gemm_matrix b = problem->b;
    b.base = (const unsigned char *)b.base + (size_t)(begin * b.lane_stride) * sy_element_bytes(b.dtype);
    gemm_pack_columns(problem->kernel, &b, end - begin, problem->k, problem->zero_a,
        gemm_share(units, part, plan->parts), gemm_share(units, part + 1, plan->parts), packed);
}

/* Narrow work to the share of a part in the columns [begin, end). */
static void take_share(const sy_gemm_plan *plan, const gemm_problem *problem, int64_t begin, int64_t end,
    int part, gemm_work *work) {
    const gemm_kernel *kernel = problem->kernel;
    const int64_t panels = gemm_panel_count(problem->m, kernel->rows);
    const int64_t units = gemm_panel_count(end - begin, kernel->cols);
    const int64_t part_m = part / plan->parts_n, part_n = part % plan->parts_n;
    const int64_t last = begin + gemm_share(units, part_n + 1, plan->parts_n) * kernel->cols;
    work->panel_begin = gemm_share(panels, part_m, plan->parts_m);
    work->panel_end = gemm_share(panels, part_m + 1, plan->parts_m);
    work->col_begin = begin + gemm_share(units, part_n, plan->parts_n) * kernel->cols;
    work->col_end = last < end ? last : end;
}

/* Share of the product with columns [begin, end), whose packed panels lie at `packed`. */
static void multiply_chunk(const sy_gemm_plan *plan, const gemm_problem *problem, int64_t begin, int64_t end,
    int part, const void *packed, void *scratch) {
    gemm_work work = gemm_problem_work(plan, problem, packed, scratch);
    work.b.packed_lane = begin;
    take_share(plan, problem, begin, end, part, &work);
    gemm_work_run(&work);
}

/* A share of packing all of A. */
static void pack_rows(
    const sy_gemm_plan *plan, const gemm_problem *problem, int part, unsigned char *packed) {
    const gemm_kernel *kernel = problem->kernel;
    const int64_t panels = gemm_panel_count(problem->m, kernel->rows);
    const int64_t units = gemm_form_units(&kernel->a, problem->k),
                  end = gemm_share(panels, part + 1, plan->parts);
    for (int64_t i = gemm_share(panels, part, plan->parts); i < end; i++) {
        const int64_t row = gemm_panel_row(problem->m, kernel->rows, i);
        const int rows = (int)(gemm_panel_row(problem->m, kernel->rows, i + 1) - row);
        gemm_pack_panel(
            &kernel->a, &problem->a, row, rows, 0, problem->k, rows, packed + row * units * kernel->a.unit);
    }
}

/* Packing A, if it is packed; then a share of rows and columns whose thread packs what it needs of B. */
static void fused_step(const sy_gemm_plan *plan, const gemm_problem *problem, int64_t step, int part,
    unsigned char *packed, void *scratch) {
    if (!plan->is_bare && step == 0) {
        pack_rows(plan, problem, part, packed);
        return;
    }
    gemm_work work = gemm_problem_work(plan, problem, NULL, scratch);
    if (!plan->is_bare)
        work.a.packed = packed;
    take_share(plan, problem, 0, problem->n, part, &work);
    gemm_work_run(&work);
}

/* A step of a product in slices, the packing of B counted as step -1 of it. */
static void slices_step(const sy_gemm_plan *plan, const gemm_problem *problem, int64_t step, int part,
    const void *packed, unsigned char *sums, void *scratch) {
    if (step == 0)
        gemm_slices_multiply(plan, problem, part, packed, sums, scratch);
    else
        gemm_slices_finish(plan, problem, part, sums, scratch);
}

void sy_gemm_step(const sy_gemm_plan *plan, const sy_gemm_args *args, int64_t step, int part) {
    gemm_problem problem;
    gemm_problem_init(plan, args, &problem);
    unsigned char *shared = args->workspace, *sums = shared + plan->shared_bytes;
    unsigned char *scratch = sums + plan->sums_bytes + (size_t)part * plan->scratch_bytes;
    const bool is_const = (plan->desc.flags & SY_GEMM_B_CONST) != 0;
    const void *packed = is_const ? args->b : shared;
    if (plan->path == SY_GEMM_PATH_AXPY || plan->path == SY_GEMM_PATH_DOT) {
        gemm_few_run(plan, &problem, part, scratch);
        return;
    }
    if (plan->path == SY_GEMM_PATH_FUSED) {
        fused_step(plan, &problem, step, part, shared, scratch);
        return;
    }
    const int64_t begin = is_const ? 0 : step / 2 * plan->chunk_n;
    const int64_t end = problem.n - begin < plan->chunk_n ? problem.n : begin + plan->chunk_n;
    if (!is_const && step == 0)
        pack_chunk(plan, &problem, begin, end, part, shared);
    else if (plan->slices > 1)
        slices_step(plan, &problem, is_const ? step : step - 1, part, packed, sums, scratch);
    else if (!is_const && step % 2 == 0)
        pack_chunk(plan, &problem, begin, end, part, shared);
    else
        multiply_chunk(plan, &problem, begin, end, part, packed, scratch);
}

void sy_gemm_run(const sy_gemm_plan *plan, const sy_gemm_args *args) {
    for (int64_t step = 0; step < plan->steps; step++)
        for (int part = 0; part < plan->parts; part++)
            sy_gemm_step(plan, args, step, part);
}

static const void *advance(const void *base, uint32_t dtype, int64_t elements) {
    return base ? (const unsigned char *)base + elements * (int64_t)sy_element_bytes(dtype) : NULL;
}

sy_gemm_args sy_gemm_batch_args(
    const sy_gemm_plan *plan, const sy_gemm_args *args, const sy_gemm_batch *batch, int64_t index) {
    const sy_gemm_desc *desc = &plan->desc;
    const bool is_const = (desc->flags & SY_GEMM_B_CONST) != 0;
    sy_gemm_args member = *args;
    member.a = advance(args->a, desc->dtype_a, batch->a * index);
    member.b = advance(args->b, is_const ? SY_ELEMENT_U8 : desc->dtype_b, batch->b * index);
    member.c = advance(args->c, desc->dtype_c, batch->c * index);
    if (args->d)
        member.d = (unsigned char *)args->d + batch->d * index * (int64_t)sy_element_bytes(desc->dtype_d);
    for (uint32_t i = 0; i < desc->n_post; i++)
        member.post_operand[i] = advance(args->post_operand[i], desc->post[i].dtype, batch->post[i] * index);
    return member;
}
