/* Steps away from the cost model's plan, one choice at a time. */
#include "backends/cpu/conv_variants.h"

#include <stdio.h>

/* How many threads. */
enum { THREADS_SAME, THREADS_ONE, THREADS_ALL };

/* One step. path, walk: as in sy_conv_tuning; band, units, panels: times two to that power. */
typedef struct step {
    uint32_t path, walk;
    int band, units, panels, threads;
} step;

/* The most promising first: what does not fit a problem leaves its place to those behind. */
static const step steps[] = {{.path = SY_CONV_PATH_MATRIX}, {.path = SY_CONV_PATH_DIRECT},
    {.path = SY_CONV_PATH_DIRECT_PLANES}, {.path = SY_CONV_PATH_ROWS}, {.path = SY_CONV_PATH_COLS},
    {.band = -1}, {.band = 1}, {.walk = SY_CONV_WALK_STRIPS}, {.walk = SY_CONV_WALK_TILES}, {.units = -1},
    {.units = 1}, {.threads = THREADS_ONE}, {.threads = THREADS_ALL}, {.panels = -1}, {.panels = 1},
    {.band = 2}, {.band = -2}};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* Whether another way is worth a look: one that writes Y the way about it lies. */
static bool suits(uint32_t path, const sy_conv_plan *model) {
    const int64_t *y = model->desc.y_stride;
    const bool is_by_plane = path == SY_CONV_PATH_COLS || path == SY_CONV_PATH_DIRECT_PLANES;
    return model->path != SY_CONV_PATH_DEPTHWISE && model->path != SY_CONV_PATH_PLANES &&
           is_by_plane == (y[3] < y[1]);
}

/* A size times a power of two, at least 1; 0, the model's own, where that has none. */
static int64_t scale(int64_t size, int power) {
    if (power == 0 || size == 0)
        return 0;
    const int64_t scaled = power > 0 ? size << power : size >> -power;
    return scaled > 0 ? scaled : 1;
}

/* What a step means for a convolution; false if it has no meaning there. */
static bool take_step(const step *s, const sy_conv_plan *model, int threads, sy_conv_tuning *tuning) {
    const sy_conv_desc *desc = &model->desc;
    const int64_t depth = desc->c / desc->groups * desc->r * desc->s;
    const int64_t units = scale(model->block_units, s->units);
    if (s->path != 0 && !suits(s->path, model))
        return false;
    *tuning = (sy_conv_tuning){.path = s->path,
        .walk = s->walk,
        .parts = s->threads == THREADS_ONE   ? 1
                 : s->threads == THREADS_ALL ? threads
                                             : 0,
        .block_units = units < depth ? units : depth, /* no more than all of it */
        .panels = scale(model->block_panels, s->panels),
        .band_pixels = scale(model->band_p * model->band_q, s->band)};
    return true;
}

static bool is_same(const sy_conv_plan *a, const sy_conv_plan *b) {
    return a->path == b->path && a->walk == b->walk && a->parts == b->parts && a->parts_m == b->parts_m &&
           a->parts_n == b->parts_n && a->block_units == b->block_units && a->block_n == b->block_n &&
           a->block_panels == b->block_panels && a->band_p == b->band_p && a->band_q == b->band_q;
}

static void add_number(char *name, int *used, char letter, int64_t value) {
    if (value > 0)
        *used += snprintf(
            name + *used, SY_CPU_CONV_VARIANT_NAME_MAX - (size_t)*used, "/%c%lld", letter, (long long)value);
}

/* One or the other alone, so at most a way or a number of 19 digits. */
static void spell(const sy_conv_tuning *tuning, char name[SY_CPU_CONV_VARIANT_NAME_MAX]) {
    static const char *const paths[] = {"", [SY_CONV_PATH_ROWS] = "/rows", [SY_CONV_PATH_COLS] = "/cols",
        [SY_CONV_PATH_DEPTHWISE] = "/depthwise", [SY_CONV_PATH_PLANES] = "/depthwise-planes",
        [SY_CONV_PATH_DIRECT] = "/direct", [SY_CONV_PATH_DIRECT_PLANES] = "/planes",
        [SY_CONV_PATH_MATRIX] = "/matrix", [SY_CONV_PATH_FEW] = "/few"};
    static const char *const walks[] = {"", [SY_CONV_WALK_TILES] = "/tiles",
        [SY_CONV_WALK_STRIPS] = "/strips", [SY_CONV_WALK_LANES] = "/lanes"};
    int used = snprintf(name, SY_CPU_CONV_VARIANT_NAME_MAX, "%s%s", paths[tuning->path], walks[tuning->walk]);
    add_number(name, &used, 'u', tuning->block_units);
    add_number(name, &used, 'p', tuning->panels);
    add_number(name, &used, 'b', tuning->band_pixels);
    add_number(name, &used, 't', tuning->parts);
}

bool sy_cpu_conv_variant(const sy_conv_desc *desc, int threads, bool has_model, uint32_t number,
    sy_conv_tuning *out_tuning, char out_name[SY_CPU_CONV_VARIANT_NAME_MAX]) {
    sy_conv_plan plan[SY_CPU_CONV_VARIANTS_MAX + 1];
    sy_conv_desc tuned = *desc;
    uint32_t count = 0;
    tuned.tuning = (sy_conv_tuning){0};
    if (number == 0 || number > SY_CPU_CONV_VARIANTS_MAX ||
        sy_conv_plan_init(&tuned, threads, &plan[0]) != NULL || plan[0].steps == 0)
        return false;
    if (!has_model) {
        tuned.tuning.path = plan[0].path;
        count += sy_conv_plan_init(&tuned, threads, &plan[1]) == NULL ? 1 : 0;
    }
    for (int i = 0; i < STEPS && count < number; i++) {
        if (!take_step(&steps[i], &plan[0], threads, &tuned.tuning) ||
            sy_conv_plan_init(&tuned, threads, &plan[count + 1]) != NULL)
            continue;
        uint32_t same = 0;
        while (same <= count && !is_same(&plan[same], &plan[count + 1]))
            same++;
        count += same > count ? 1 : 0;
    }
    if (count < number)
        return false;
    *out_tuning = plan[number].desc.tuning;
    spell(out_tuning, out_name);
    return true;
}
