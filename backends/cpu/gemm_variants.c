/* Steps away from the cost model's plan, one or two choices at a time. */
#include "backends/cpu/gemm_variants.h"

#include <stdio.h>

/* How threads are shared out. */
enum { SPLIT_SAME, SPLIT_ROWS, SPLIT_COLS, SPLIT_BOTH, SPLIT_ONE };

/*
 * One step. path: SY_GEMM_PATH_* or 0; flips_a: A the other way round, packed or bare; units, panels, cols:
 * blocks times two to that power; slices of the depth: that many times the threads.
 */
typedef struct step {
    uint32_t path;
    bool flips_a;
    int units, panels, cols, split, slices;
} step;

/* The most promising first: what does not fit a problem leaves its place to those behind. */
static const step steps[] = {{.flips_a = true}, {.split = SPLIT_ROWS}, {.split = SPLIT_COLS},
    {.split = SPLIT_BOTH}, {.path = SY_GEMM_PATH_FUSED}, {.path = SY_GEMM_PATH_PANELS},
    {.path = SY_GEMM_PATH_AXPY}, {.path = SY_GEMM_PATH_DOT}, {.units = 1}, {.units = -1}, {.panels = 1},
    {.panels = -1}, {.cols = 1}, {.cols = -1}, {.slices = 1}, {.units = 1, .panels = -1},
    {.units = -1, .panels = 1}, {.flips_a = true, .split = SPLIT_COLS},
    {.flips_a = true, .split = SPLIT_ROWS}, {.flips_a = true, .units = 1}, {.flips_a = true, .units = -1},
    {.path = SY_GEMM_PATH_FUSED, .split = SPLIT_COLS}, {.path = SY_GEMM_PATH_PANELS, .split = SPLIT_ROWS},
    {.units = 2}, {.split = SPLIT_ONE}, {.slices = 2}};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* Cells of D above which sums of slices cost more memory than they can win. */
static const double SLICED_CELLS = 262144.0;

/* The largest number of rows' shares that divides the threads and is not more than their root. */
static int32_t even_share(int threads) {
    int32_t best = 1;
    for (int32_t i = 1; i * i <= threads; i++)
        if (threads % i == 0)
            best = i;
    return best;
}

static void set_split(int split, int threads, sy_gemm_tuning *tuning) {
    const int32_t even = even_share(threads);
    switch (split) {
    case SPLIT_ROWS: tuning->parts_m = threads; break;
    case SPLIT_COLS: tuning->parts_m = 1; break;
    case SPLIT_BOTH: tuning->parts_m = even; break;
    case SPLIT_ONE: tuning->parts_m = tuning->parts_n = 1; return;
    default: return;
    }
    tuning->parts_n = threads / tuning->parts_m;
}

/* A block size times a power of two, at least 1; 0, the model's own, where that has none. */
static int64_t scale(int64_t size, int power) {
    if (power == 0 || size == 0)
        return 0;
    const int64_t scaled = power > 0 ? size << power : size >> -power;
    return scaled > 0 ? scaled : 1;
}

static bool is_blocked(const sy_gemm_plan *plan) {
    return plan->path == SY_GEMM_PATH_PANELS || plan->path == SY_GEMM_PATH_FUSED;
}

/* What a step means for a product; false if it has no meaning there. */
static bool take_step(const step *s, const sy_gemm_plan *model, int threads, sy_gemm_tuning *tuning) {
    const bool changes_blocks = s->flips_a || s->units != 0 || s->panels != 0 || s->cols != 0;
    const bool changes_threads = s->split != SPLIT_SAME || s->slices != 0;
    *tuning = (sy_gemm_tuning){.path = s->path};
    if (s->path == model->path || ((changes_blocks || changes_threads) && !is_blocked(model)))
        return false;
    if (s->slices > 0 && (double)model->desc.m * (double)model->desc.n > SLICED_CELLS)
        return false;
    if ((changes_threads && threads == 1) || (s->cols > 0 && model->block_n >= model->desc.n))
        return false;
    if (s->flips_a)
        tuning->a_form = model->is_bare ? 1 : 2;
    tuning->block_units = scale(model->block_units, s->units);
    tuning->block_panels = scale(model->block_panels, s->panels);
    tuning->block_n = scale(model->block_n, s->cols);
    tuning->slices = s->slices * threads;
    set_split(s->split, threads, tuning);
    return true;
}

static bool is_same(const sy_gemm_plan *a, const sy_gemm_plan *b) {
    return a->path == b->path && a->is_bare == b->is_bare && a->is_b_bare == b->is_b_bare &&
           a->parts == b->parts && a->parts_m == b->parts_m && a->parts_n == b->parts_n &&
           a->slices == b->slices && a->block_units == b->block_units && a->block_n == b->block_n &&
           a->block_panels == b->block_panels;
}

static void add_number(char *name, int *used, char letter, int64_t value) {
    if (value > 0)
        *used += snprintf(
            name + *used, SY_CPU_GEMM_VARIANT_NAME_MAX - (size_t)*used, "/%c%lld", letter, (long long)value);
}

/* At most 7 + 7 + 3 x 12 bytes: a product has two blocks set at most, and either these or a split. */
static void spell(const sy_gemm_tuning *tuning, char name[SY_CPU_GEMM_VARIANT_NAME_MAX]) {
    static const char *const paths[] = {"", [SY_GEMM_PATH_PANELS] = "/panels", [SY_GEMM_PATH_AXPY] = "/axpy",
        [SY_GEMM_PATH_DOT] = "/dot", [SY_GEMM_PATH_FUSED] = "/fused"};
    static const char *const forms[] = {"", "/packed", "/bare"};
    int used =
        snprintf(name, SY_CPU_GEMM_VARIANT_NAME_MAX, "%s%s", paths[tuning->path], forms[tuning->a_form]);
    add_number(name, &used, 'u', tuning->block_units);
    add_number(name, &used, 'p', tuning->block_panels);
    add_number(name, &used, 'n', tuning->block_n);
    if (tuning->parts_m > 0)
        used += snprintf(name + used, SY_CPU_GEMM_VARIANT_NAME_MAX - (size_t)used, "/t%dx%d", tuning->parts_m,
            tuning->parts_n);
    add_number(name, &used, 's', tuning->slices);
}

bool sy_cpu_gemm_variant(const sy_gemm_desc *desc, int threads, uint32_t number, sy_gemm_tuning *out_tuning,
    char out_name[SY_CPU_GEMM_VARIANT_NAME_MAX]) {
    sy_gemm_plan plan[SY_CPU_GEMM_VARIANTS_MAX + 1];
    sy_gemm_desc tuned = *desc;
    uint32_t count = 0;
    tuned.tuning = (sy_gemm_tuning){0};
    if (number == 0 || number > SY_CPU_GEMM_VARIANTS_MAX ||
        sy_gemm_plan_init(&tuned, threads, &plan[0]) != NULL)
        return false;
    for (int i = 0; i < STEPS && count < number; i++) {
        if (!take_step(&steps[i], &plan[0], threads, &tuned.tuning) ||
            sy_gemm_plan_init(&tuned, threads, &plan[count + 1]) != NULL)
            continue;
        uint32_t same = 0;
        while (same <= count && !is_same(&plan[same], &plan[count + 1]))
            same++;
        count += same > count ? 1 : 0;
    }
    if (count < number)
        return false;
    *out_tuning = plan[number].desc.tuning;
    if (out_tuning->block_n > 0) /* in whole tiles */
        out_tuning->block_n = plan[number].block_n;
    spell(out_tuning, out_name);
    return true;
}
