/* One walk over a group's rows, which come run by run and process by process. */
#include "bench/compare/units.h"

#include <math.h>

/* Mean and sum of squares about it, value by value (Welford, Technometrics 4, 1962). */
typedef struct gathered {
    double n, mean, squares;
} gathered;

static void gather(gathered *to, double value) {
    double apart = value - to->mean;
    to->n += 1.0;
    to->mean += apart / to->n;
    to->squares += apart * (value - to->mean);
}

typedef struct walk {
    gathered run, all;
    double inverse_rounds; /* sum over the processes of a run of 1 / rounds */
    double rounds_factor, processes_factor;
} walk;

static void pool(sy_unit_level *level, gathered within) {
    level->one.value += within.squares; /* a sum until the walk ends */
    level->one.freedom += within.n - 1.0;
    level->n += (size_t)within.n;
}

static void end_run(walk *state, sy_units *out) {
    if (state->run.n < 1.0)
        return;
    pool(&out->level[SY_LEVEL_PROCESSES], state->run);
    gather(&state->all, state->run.mean);
    state->processes_factor += 1.0 / state->run.n;
    state->rounds_factor += state->inverse_rounds / (state->run.n * state->run.n);
    state->run = (gathered){0};
    state->inverse_rounds = 0.0;
}

static void add_process(walk *state, const sy_entry *entry, sy_units *out) {
    gathered process = {0};
    for (size_t i = 0; i < entry->rounds; i++)
        gather(&process, log(entry->round_ns[i]));
    pool(&out->level[SY_LEVEL_ROUNDS], process);
    gather(&state->run, process.mean);
    state->inverse_rounds += 1.0 / process.n;
}

static void finish(const walk *state, sy_units *out) {
    double runs = state->all.n;
    out->mean = runs > 0.0 ? state->all.mean : NAN;
    pool(&out->level[SY_LEVEL_RUNS], state->all);
    out->level[SY_LEVEL_RUNS].factor = 1.0 / runs;
    out->level[SY_LEVEL_PROCESSES].factor = state->processes_factor / (runs * runs);
    out->level[SY_LEVEL_ROUNDS].factor = state->rounds_factor / (runs * runs);
    for (size_t i = 0; i < SY_LEVEL_COUNT; i++) {
        sy_variance *one = &out->level[i].one;
        one->freedom = fmax(one->freedom, 0.0);
        one->value = one->freedom > 0.0 ? one->value / one->freedom : NAN;
    }
}

void sy_units_of(const sy_group *group, sy_units *out_units) {
    walk state = {0};
    const sy_entry *before = NULL;
    *out_units = (sy_units){0};
    for (size_t i = 0; i < group->count; i++) {
        const sy_entry *entry = group->entry[i];
        if (!entry->has_time)
            continue;
        if (before != NULL && (before->run != entry->run || before->card != entry->card))
            end_run(&state, out_units);
        add_process(&state, entry, out_units);
        before = entry;
    }
    end_run(&state, out_units);
    finish(&state, out_units);
}

int sy_units_level(const sy_units *base, const sy_units *other) {
    for (int level = SY_LEVEL_RUNS; level > SY_LEVEL_ROUNDS; level--)
        if (base->level[level].one.freedom > 0.0 && other->level[level].one.freedom > 0.0)
            return level;
    return SY_LEVEL_ROUNDS;
}

sy_ratio_side sy_units_side(const sy_units *units, int level, sy_prior prior) {
    const sy_unit_level *at = &units->level[level];
    sy_variance one = sy_shrink(at->one, prior);
    return (sy_ratio_side){
        .mean = units->mean, .variance = one.value * at->factor, .freedom = one.freedom, .n = at->n};
}
