/* Costs of the ways to check, and the choice among them. */
#include "bench/check/plan.h"

#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

#include <math.h>
#include <stdio.h>

/* Rough costs on one core of 2020s make, two f64 at a time, in ns. */
#define FLOP_NS 0.08
#define ELEMENT_NS 60.0 /* judging one element */
#define INPUT_NS 1.5    /* making one input value again */
#define BLOCK_NS 2.0e4  /* beginning a block */
#define GATHER_NS 5.0   /* the same out of order */

/* What a check may take, in ns: of everything (full), of a part (sample). */
#define FULL_NS 2.0e8
#define SAMPLE_NS 4.0e7

#define LINE_INPUTS 6.4e7 /* values read for whole lines; more are thinned out */

#define MORE 3.0 /* how much dearer a check may be if that makes it see a stale tile */

enum { LINES_MOST = 8, LINE_BLOCKS_MOST = 4, VECTORS = 2, POINTS_WANTED = 8 };

static double budget_ns(const check_product *product) {
    const sy_check_request *request = product->request;
    if (request->budget_ns > 0)
        return (double)request->budget_ns;
    return request->level == SY_CHECK_SAMPLE ? SAMPLE_NS : FULL_NS;
}

/*
 * Widest sum in which a stale tile still shows: of 32 sums of 16 differences (deviation sqrt 2 of a value)
 * each fails to exceed 1.5 x its bound with at most 0.57, all of them with 1e-8.
 */
static double widest_sum(const check_product *product, const check_noise *noise) {
    if (noise->model.dtype_c == SY_S32)
        return INFINITY;
    sy_error_point point = SY_ERROR_POINT_INIT;
    double size = 1.0 / sqrt(fmax((double)product->depth, 1.0));
    point.a_norm = point.b_norm = 1.0;
    point.product = size;
    point.result = fabs(product->alpha) * size;
    sy_error_point_epilogue(product->request->spec, point.result, 1.0, 1.0, &point);
    point.post_magnitude *= size;
    double ratio = SY_ERROR_SIGMAS * sy_error_sigma(&noise->model, &point) / point.result;
    return 2.0 * CHECK_TILE * (0.53 / ratio) * (0.53 / ratio);
}

static void plan_sums(const check_product *product, const check_noise *noise, check_plan *plan) {
    double left = (double)product->rows * (double)product->depth, budget = budget_ns(product);
    int64_t images = product->blocks / product->groups;
    plan->joins_images = product->is_conv && images > 1 && product->scale_row == SY_NO_OPERAND &&
                         (left * INPUT_NS + BLOCK_NS) * (double)product->blocks > budget / 2.0;
    double blocks = (double)(plan->joins_images ? product->groups : product->blocks);
    double widest = widest_sum(product, noise) / (plan->joins_images ? (double)images : 1.0);
    double cheapest = 2.0 * VECTORS * left * blocks * (double)product->cols * FLOP_NS / budget;
    double width = ceil(fmax(fmax(widest, cheapest), CHECK_TILE));
    plan->vectors = VECTORS;
    plan->width = width < (double)product->cols ? (int64_t)width : product->cols;
    double step = ceil(left * blocks * INPUT_NS / budget);
    plan->row_step = (int64_t)fmin(fmax(step, 1.0), CHECK_TILE);
    double depth = (double)product->depth, cols = (double)product->cols, rows = (double)product->rows;
    plan->line_col_step = (int64_t)fmax(ceil(depth * cols / LINE_INPUTS), 1.0);
    plan->line_row_step = (int64_t)fmax(ceil(depth * rows / LINE_INPUTS), 1.0);
    double line_ns = (cols + rows) * (2.0 * depth * FLOP_NS + ELEMENT_NS);
    double lines_ns = budget / 2.0 - depth * (cols + rows) * INPUT_NS;
    plan->line_blocks = product->blocks < LINE_BLOCKS_MOST ? product->blocks : LINE_BLOCKS_MOST;
    plan->lines = (int64_t)fmin(fmax(lines_ns / line_ns / (double)plan->line_blocks, 3.0), LINES_MOST);
}

/* What a lattice costs, in ns: its points, and the inputs of their rows and columns. */
static double lattice_ns(const check_product *product, const check_plan *plan) {
    double depth = (double)product->depth, blocks = (double)product->blocks / (double)plan->block_step;
    double rows = (double)product->rows / (double)plan->row_step;
    double cols = (double)product->cols / (double)plan->col_step;
    double right_ns = plan->col_step > 1 && !product->is_conv ? GATHER_NS : INPUT_NS;
    return blocks *
           (rows * cols * (2.0 * depth * FLOP_NS + ELEMENT_NS) + depth * (rows * INPUT_NS + cols * right_ns));
}

/* Double one step and say what the lattice costs then; worse than all else where it cannot be doubled, or
 * where a tile would be missed while the other step could still take it. */
static double coarser_ns(const check_product *product, check_plan plan, bool along_rows) {
    int64_t *step = along_rows ? &plan.row_step : &plan.col_step;
    *step *= 2;
    if (*step > (along_rows ? product->rows : product->cols))
        return INFINITY;
    return lattice_ns(product, &plan) * (*step > CHECK_TILE ? 1e12 : 1.0);
}

/* Whether a lattice is cheap enough; points enough to meet a tile POINTS_WANTED times may cost MORE times it.
 */
static bool is_cheap(const check_product *product, const check_plan *plan, double budget) {
    bool is_dense = plan->row_step * plan->col_step * POINTS_WANTED <= CHECK_TILE * CHECK_TILE;
    bool may_cost_more = product->request->level == SY_CHECK_FULL && is_dense &&
                         plan->row_step * plan->col_step * POINTS_WANTED * 2 > CHECK_TILE * CHECK_TILE;
    return lattice_ns(product, plan) <= (may_cost_more ? MORE * budget : budget);
}

/* Coarsen by powers of two, where it saves most, until the cost is within the budget. */
static void plan_lattice(const check_product *product, check_plan *plan) {
    double begin_ns = (double)product->blocks * BLOCK_NS;
    if (product->request->level == SY_CHECK_SAMPLE)
        plan->block_step = (int64_t)ceil(2.0 * begin_ns / budget_ns(product));
    while (!is_cheap(product, plan, budget_ns(product))) {
        double rows_ns = coarser_ns(product, *plan, true), cols_ns = coarser_ns(product, *plan, false);
        bool rows_first = rows_ns < cols_ns || (rows_ns == cols_ns && plan->row_step <= plan->col_step);
        if (isinf(rows_ns) && isinf(cols_ns)) {
            if (2 * plan->block_step > product->blocks)
                return;
            plan->block_step *= 2;
        } else if (rows_first) {
            plan->row_step *= 2;
        } else {
            plan->col_step *= 2;
        }
    }
}

void check_plan_make(const check_product *product, const check_noise *noise, check_plan *out_plan) {
    *out_plan = (check_plan){.kind = CHECK_PLAN_FULL, .row_step = 1, .col_step = 1, .block_step = 1};
    double full_ns = lattice_ns(product, out_plan);
    if (full_ns <= budget_ns(product))
        return;
    bool few_rows = product->rows * product->blocks <= LINES_MOST; /* sums would cost as much */
    if (product->request->level == SY_CHECK_FULL && few_rows)
        return;
    if (product->is_linear && product->request->level == SY_CHECK_FULL) {
        out_plan->kind = CHECK_PLAN_SUMS;
        plan_sums(product, noise, out_plan);
        return;
    }
    out_plan->kind = CHECK_PLAN_LATTICE;
    plan_lattice(product, out_plan);
}

static sy_status allocate(int64_t count, int64_t **out_item, sy_error *err) {
    *out_item = sy_mem_alloc((size_t)count * sizeof **out_item);
    return *out_item != NULL ? SY_OK
                             : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to choose rows to check");
}

sy_status check_plan_lattice(
    int64_t count, int64_t step, uint64_t phase, check_index *out_index, sy_error *err) {
    *out_index = (check_index){.count = count};
    if (step == 1)
        return SY_OK;
    int64_t *item, used = 0;
    sy_status status = allocate(count / step + 3, &item, err);
    if (status != SY_OK)
        return status;
    int64_t at = (int64_t)(phase % (uint64_t)step);
    if (at > 0)
        item[used++] = 0;
    for (; at < count; at += step)
        item[used++] = at;
    if (item[used - 1] != count - 1)
        item[used++] = count - 1;
    *out_index = (check_index){.item = item, .count = used};
    return SY_OK;
}

/* Put `value` at its place among ascending ones, unless it is there. */
static int64_t insert(int64_t *item, int64_t used, int64_t value) {
    int64_t at = used;
    while (at > 0 && item[at - 1] > value)
        at--;
    if (at > 0 && item[at - 1] == value)
        return used;
    for (int64_t i = used; i > at; i--)
        item[i] = item[i - 1];
    item[at] = value;
    return used + 1;
}

sy_status check_plan_lines(
    int64_t count, int64_t wanted, uint64_t seed, check_index *out_index, sy_error *err) {
    *out_index = (check_index){.count = count};
    if (count <= wanted)
        return SY_OK;
    int64_t *item;
    sy_status status = allocate(wanted + 3, &item, err);
    if (status != SY_OK)
        return status;
    sy_random random;
    sy_random_seed(&random, seed, 0);
    int64_t tile = count < CHECK_TILE ? count : CHECK_TILE;
    int64_t used = insert(item, 0, 0);
    used = insert(item, used, count - 1);
    used = insert(item, used, count - 1 - (int64_t)sy_random_below(&random, (uint64_t)tile));
    for (int64_t i = used; i < wanted; i++) /* a value drawn twice counts once */
        used = insert(item, used, (int64_t)sy_random_below(&random, (uint64_t)count));
    *out_index = (check_index){.item = item, .count = used};
    return SY_OK;
}

void check_index_release(check_index *index) {
    sy_mem_free((void *)(uintptr_t)index->item); /* made here, const for all others */
    *index = (check_index){0};
}

void check_plan_name(const check_plan *plan, const check_product *product, char *out_text, size_t capacity) {
    if (plan->kind == CHECK_PLAN_FULL) {
        snprintf(out_text, capacity, "full");
        return;
    }
    if (plan->kind == CHECK_PLAN_LATTICE) {
        snprintf(out_text, capacity, "lattice of 1 in %lld x %lld%s",
            (long long)(plan->row_step * plan->block_step), (long long)plan->col_step,
            product->is_conv ? " (positions x channels)" : "");
        return;
    }
    snprintf(out_text, capacity, "%s %lld x %lld + %lld rows + %lld columns",
        product->is_conv ? "channel sums" : "freivalds", (long long)plan->vectors, (long long)plan->width,
        (long long)plan->lines, (long long)plan->lines);
}
