/* Choice of the way, block sizes, split over threads and memory of a product. Nothing is computed here. */
#include "kernels/gemm/gemm_problem.h"

/* Bytes of packed dynamic B in flight: a chunk should stay in the last-level cache between packing and use.
 */
#define CHUNK_BYTES (8 << 20)

/*
 * Limits of the ways, measured on Zen 3. Reading A where it lies saves packing it, which pays unless many
 * columns use it. Reading B where it lies pays when few panels of A do. B of FUSED_BYTES or less is packed in
 * no time; a larger one by its user only when a few panels use it.
 */
#define BARE_COLS 768
#define L1_SET_BYTES 4096u
#define L1_SET_ROWS 4u
#define BARE_PANELS 4
#define BARE_BYTES 65536.0
#define FUSED_PANELS 16
#define FUSED_BYTES 524288.0

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
    return gemm_kernel_choose(desc->isa, desc->dtype_a, desc->dtype_b, false)
               ? NULL
               : "no kernels for this instruction set in this build";
}

/* The ways for few rows need B in the type of the sums, and contiguous one way or the other. */
static uint32_t few_rows_path(const gemm_problem *problem) {
    const gemm_kernel *kernel = problem->kernel;
    if (problem->m > GEMM_FEW_ROWS || !kernel->axpy || problem->b.dtype != kernel->sum)
        return 0;
    if (problem->b.depth_stride == 1)
        return SY_GEMM_PATH_DOT;
    return problem->b.lane_stride == 1 ? SY_GEMM_PATH_AXPY : 0;
}

/* Whether A can be read where it lies, and whether it would not pay to pack it. */
static bool can_be_bare(const gemm_problem *problem) {
    return problem->kernel->bare && problem->a.dtype == problem->kernel->sum && problem->a.depth_stride == 1;
}

/* Whether a thread had better pack what it needs of dynamic B itself: when few panels of A use it, or little
 * of it is packed more than once. */
static bool is_fused(const gemm_problem *problem) {
    const gemm_kernel *kernel = problem->kernel;
    const double bytes = (double)problem->n * (double)problem->k * kernel->b.unit;
    const int64_t most = bytes <= FUSED_BYTES ? kernel->block_panels : FUSED_PANELS;
    return kernel->b.header == 0 && gemm_panel_count(problem->m, kernel->rows) <= most;
}

static uint32_t choose_path(sy_gemm_plan *plan) {
    const uint32_t wanted = plan->desc.tuning.path;
    gemm_problem problem;
    if (plan->desc.flags & SY_GEMM_B_CONST)
        return SY_GEMM_PATH_PANELS;
    if (wanted == 0 || wanted == SY_GEMM_PATH_AXPY || wanted == SY_GEMM_PATH_DOT) {
        plan->is_swapped = plan->desc.n < plan->desc.m;
        gemm_problem_init(plan, NULL, &problem);
        const uint32_t few = few_rows_path(&problem);
        if (few)
            return few;
    }
    plan->is_swapped = false;
    gemm_problem_init(plan, NULL, &problem);
    if (wanted == SY_GEMM_PATH_PANELS || (wanted == SY_GEMM_PATH_FUSED && problem.kernel->b.header == 0))
        return wanted;
    return is_fused(&problem) ? SY_GEMM_PATH_FUSED : SY_GEMM_PATH_PANELS;
}

/*
 * Whether rows of A as they lie would fight for places in L1: lines whose distance is a multiple of
 * L1_SET_BYTES share one set, and a tile reads all its rows at once beside two lines of B. A pitch of 12 KiB
 * made tiles of 14 rows run at two thirds of their speed on Zen 4.
 */
static bool rows_collide(const gemm_problem *problem) {
    const gemm_kernel *kernel = problem->kernel;
    const uint64_t pitch = (uint64_t)problem->a.lane_stride * (uint64_t)kernel->a.unit % L1_SET_BYTES;
    const uint64_t step = pitch == 0 ? L1_SET_BYTES : pitch & -pitch, places = L1_SET_BYTES / step;
    const int64_t rows = problem->m < kernel->rows ? problem->m : kernel->rows;
    return (uint64_t)rows > L1_SET_ROWS * places;
}

/* Whether A, and B with it, stay unpacked. */
static void choose_bare(sy_gemm_plan *plan, const gemm_problem *problem) {
    const uint32_t wanted = plan->desc.tuning.a_form;
    if (plan->path == SY_GEMM_PATH_AXPY || plan->path == SY_GEMM_PATH_DOT)
        return;
    const bool is_worth_it = problem->n <= BARE_COLS && !rows_collide(problem);
    plan->is_bare =
        can_be_bare(problem) && (wanted != 0 ? wanted == 2 : is_worth_it || problem->m <= GEMM_PAIR_ROWS);
    const bool is_open = problem->b.dtype == problem->kernel->sum && problem->b.lane_stride == 1;
    const double bytes = (double)problem->n * (double)problem->k * problem->kernel->b.unit;
    plan->is_b_bare = plan->is_bare && plan->path == SY_GEMM_PATH_FUSED && is_open && bytes <= BARE_BYTES &&
                      gemm_panel_count(problem->m, problem->kernel->rows) <= BARE_PANELS;
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

/* Columns of dynamic B that are packed and used up before the next. */
static int64_t chunk_of(const sy_gemm_plan *plan, int64_t units, size_t whole, size_t unit_bytes, int parts) {
    if ((plan->desc.flags & SY_GEMM_B_CONST) || plan->slices > 1 || whole <= 2 * CHUNK_BYTES)
        return units;
    const int64_t fit = (int64_t)(CHUNK_BYTES / unit_bytes), least = 4 * (int64_t)parts;
    const int64_t chosen = fit > least ? fit : least;
    return chosen < units ? chosen : units;
}

/* Threads over rows and columns, or over slices of the depth. */
static void split_threads(sy_gemm_plan *plan, const gemm_problem *problem, int64_t units, int parts) {
    const gemm_kernel *kernel = problem->kernel;
    const sy_gemm_tuning *tuning = &plan->desc.tuning;
    if (plan->slices > 1) {
        plan->parts = plan->slices < parts ? plan->slices : parts;
        return;
    }
    if (tuning->parts_m > 0) {
        plan->parts_m = tuning->parts_m;
        plan->parts_n = tuning->parts_n;
    } else {
        gemm_work_split(gemm_panel_count(problem->m, kernel->rows), units, kernel->rows, kernel->cols, parts,
            &plan->parts_m, &plan->parts_n);
    }
    plan->parts = plan->parts_m * plan->parts_n;
}

/* Block sizes as the model, or else the tuner, has them. */
static void choose_blocks(sy_gemm_plan *plan, const gemm_problem *problem) {
    const sy_gemm_tuning *tuning = &plan->desc.tuning;
    const int64_t cols = problem->kernel->cols;
    const bool is_direct = problem->is_direct || plan->slices > 1;
    const bool is_fused = plan->path == SY_GEMM_PATH_FUSED;
    gemm_blocking blocking =
        gemm_work_blocking(problem->kernel, problem->m, plan->chunk_n, problem->k, !is_fused, is_direct);
    if (tuning->block_units > 0)
        blocking.block_units = tuning->block_units;
    if (tuning->block_panels > 0)
        blocking.block_panels = tuning->block_panels;
    if (tuning->block_n > 0)
        blocking.block_n = tuning->block_n / cols * cols;
    plan->block_units = blocking.block_units;
    plan->block_n = blocking.block_n;
    plan->block_panels = blocking.block_panels;
    plan->scratch_bytes = gemm_work_scratch(&blocking, is_fused || plan->is_bare, !is_fused);
    const size_t tile = (size_t)(problem->kernel->rows * cols) * sizeof(double);
    if (plan->slices > 1 && plan->scratch_bytes < tile)
        plan->scratch_bytes = tile;
}

/* A packed whole at first unless it is bare, then shares of rows and columns. */
static const char *lay_out_fused(sy_gemm_plan *plan, const gemm_problem *problem, int parts) {
    const gemm_kernel *kernel = problem->kernel;
    const int64_t units = units_of(problem, problem->n), depth = gemm_form_units(&kernel->a, problem->k);
    if (!gemm_bytes(problem->m, depth, kernel->a.unit, &plan->shared_bytes))
        return "packed A exceeds the address space";
    plan->shared_bytes = plan->is_bare ? 0 : (plan->shared_bytes + 63) / 64 * 64;
    plan->chunk_n = units * kernel->cols;
    split_threads(plan, problem, units, parts);
    choose_blocks(plan, problem);
    plan->steps = plan->is_bare ? 1 : 2;
    return NULL;
}

static const char *lay_out_panels(sy_gemm_plan *plan, const gemm_problem *problem, int parts) {
    const gemm_kernel *kernel = problem->kernel;
    const bool is_const = (plan->desc.flags & SY_GEMM_B_CONST) != 0;
    const int64_t width = kernel->cols, units = units_of(problem, problem->n);
    const int64_t depth = gemm_form_units(&kernel->b, problem->k);
    size_t whole, unit_bytes;
    if (!gemm_bytes(units * width, depth, kernel->b.unit, &whole) ||
        !gemm_bytes(width, depth, kernel->b.unit, &unit_bytes))
        return "packed B exceeds the address space";
    plan->slices = plan->desc.tuning.slices > 0 ? plan->desc.tuning.slices : gemm_slices_choose(problem);
    if (plan->slices > 1 && !gemm_slices_bytes(problem, plan->slices, &plan->sums_bytes))
        return "sums of the slices exceed the address space";
    const int64_t chunk_units = chunk_of(plan, units, whole, unit_bytes, parts);
    plan->chunk_n = chunk_units * width;
    split_threads(plan, problem, chunk_units, parts);
    choose_blocks(plan, problem);
    const int64_t chunks = (units + chunk_units - 1) / chunk_units;
    plan->steps = chunks * ((is_const ? 0 : 1) + (plan->slices > 1 ? 2 : 1));
    plan->weights_bytes = is_const ? whole : 0;
    plan->shared_bytes = is_const ? 0 : ((size_t)chunk_units * unit_bytes + 63) / 64 * 64;
    return NULL;
}

/* Whether a tuner's choices can be followed; those left at 0 always can. */
static const char *check_tuning(const sy_gemm_plan *plan, const gemm_problem *problem, int parts) {
    const sy_gemm_tuning *tuning = &plan->desc.tuning;
    const gemm_kernel *kernel = problem->kernel;
    const int64_t depth = gemm_form_units(&kernel->b, problem->k);
    const int64_t panels = gemm_panel_count(problem->m, kernel->rows);
    if ((tuning->path != 0 && tuning->path != plan->path) || tuning->a_form > 2 ||
        (tuning->a_form == 2 && !can_be_bare(problem)))
        return "tuning: this way does not fit the operands";
    if (tuning->parts_m < 0 || tuning->parts_n < 0 || tuning->slices < 0 || tuning->block_units < 0 ||
        tuning->block_panels < 0 || tuning->block_n < 0)
        return "tuning: negative number";
    if ((tuning->parts_m == 0) != (tuning->parts_n == 0) || tuning->parts_m > panels ||
        tuning->parts_n > units_of(problem, problem->n) || (int64_t)tuning->parts_m * tuning->parts_n > parts)
        return "tuning: more shares than threads, rows or columns";
    if (tuning->slices > 1 && (kernel->b.header != 0 || tuning->slices > depth || tuning->slices > 64))
        return "tuning: the depth cannot be cut in so many slices";
    if (tuning->block_units > 0 && (kernel->b.header != 0 || tuning->block_units > depth))
        return "tuning: blocks deeper than the product, or where depth is not cut";
    if (tuning->block_panels > panels)
        return "tuning: blocks of more panels than there are";
    return tuning->block_n > 0 && (tuning->block_n < kernel->cols || tuning->block_n > INT32_MAX)
               ? "tuning: blocks narrower than a tile"
               : NULL;
}

/* Size of constant B in panels, the same whatever the way. */
static const char *set_weights(sy_gemm_plan *plan, const gemm_problem *problem) {
    const int64_t whole_n = units_of(problem, problem->n) * problem->kernel->cols;
    const gemm_form *form = &problem->kernel->b;
    if ((plan->desc.flags & SY_GEMM_B_CONST) &&
        !gemm_bytes(whole_n, gemm_form_units(form, problem->k), form->unit, &plan->weights_bytes))
        return "packed B exceeds the address space";
    return NULL;
}

/* Everything behind the choice of the way. */
static const char *lay_out(sy_gemm_plan *plan, int parts) {
    const sy_gemm_desc *desc = &plan->desc;
    gemm_problem problem;
    gemm_problem_init(plan, NULL, &problem);
    if (desc->m > 0 && desc->n > 0) {
        const char *why = check_tuning(plan, &problem, parts);
        if (why)
            return why;
        choose_bare(plan, &problem);
        const int wanted = desc->tuning.parts_m > 0 ? parts : useful_parts(&problem, parts);
        if (plan->path == SY_GEMM_PATH_PANELS)
            return lay_out_panels(plan, &problem, wanted);
        if (plan->path == SY_GEMM_PATH_FUSED)
            return lay_out_fused(plan, &problem, wanted);
        lay_out_few(plan, &problem, wanted);
        return NULL;
    }
    return set_weights(plan, &problem);
}

const char *sy_gemm_plan_init(const sy_gemm_desc *desc, int parts, sy_gemm_plan *out_plan) {
    *out_plan = (sy_gemm_plan){0};
    const char *why = check_desc(desc, parts);
    if (why)
        return why;
    sy_gemm_plan plan = {.desc = *desc, .parts = 1, .parts_m = 1, .parts_n = 1, .slices = 1};
    plan.path = choose_path(&plan);
    why = lay_out(&plan, parts);
    if (!why && (__builtin_mul_overflow((size_t)plan.parts, plan.scratch_bytes, &plan.workspace_bytes) ||
                    __builtin_add_overflow(
                        plan.workspace_bytes, plan.shared_bytes + plan.sums_bytes, &plan.workspace_bytes)))
        why = "workspace exceeds the address space";
    if (why)
        return why;
    *out_plan = plan;
    return NULL;
}
