/* Sets of rows and their means, in three walks: everything, suite and type, suite and type and phase. */
#include "bench/compare/means.h"

#include <math.h>
#include <string.h>

#include "bench/compare/mean_sum.h"
#include "bench/compare/mix.h"
#include "runtime/base/error.h"

enum { BY_ALL = 0, BY_SUITE = 1, BY_PHASE = 2, LEVELS = 3 };

/* One set: what each column adds up to, over all its rows and over the common ones. */
typedef struct set {
    const char *suite, *dtype, *phase;
    size_t of, last_line; /* last_line: 1 + the line that was added last: a row counts once */
    sy_mean_sum *all, *common;
} set;

typedef struct adding {
    const sy_comparison *comparison;
    int quantity;
    sy_arena *arena;
    set *sets;
    size_t count, capacity;
    sy_ids places; /* 1 + number of the set, by key */
} adding;

static bool make_room(adding *state) {
    if (state->count < state->capacity)
        return true;
    size_t capacity = state->capacity > 0 ? 2 * state->capacity : 64;
    set *larger = sy_arena_array(state->arena, capacity, sizeof *larger);
    if (larger == NULL)
        return false;
    if (state->count > 0)
        memcpy(larger, state->sets, state->count * sizeof *larger);
    state->sets = larger;
    state->capacity = capacity;
    return true;
}

/* The set of that name, made if it is new; NULL without memory. */
static set *find_set(adding *state, const set *wanted, int level) {
    uint64_t key = sy_mix_text(sy_mix((uint64_t)level, LEVELS), wanted->suite);
    key = sy_mix_text(sy_mix_text(key, wanted->dtype), wanted->phase);
    uint32_t place = sy_ids_get(&state->places, key);
    if (place > 0)
        return &state->sets[place - 1];
    size_t columns = state->comparison->join->columns;
    if (!make_room(state) || !sy_ids_set(&state->places, key, (uint32_t)state->count + 1))
        return NULL;
    set *made = &state->sets[state->count];
    *made = *wanted;
    made->all = sy_arena_array(state->arena, columns, sizeof *made->all);
    made->common = sy_arena_array(state->arena, columns, sizeof *made->common);
    if (made->all == NULL || made->common == NULL)
        return NULL;
    state->count++;
    return made;
}

static bool is_common(const adding *state, size_t line) {
    for (size_t column = 1; column < state->comparison->join->columns; column++)
        if (!sy_mean_takes(sy_comparison_ratio(state->comparison, line, column, state->quantity)))
            return false;
    return true;
}

static void add_line(const adding *state, set *to, size_t line, bool is_in_all) {
    if (to->last_line == line + 1)
        return;
    to->last_line = line + 1;
    to->of++;
    for (size_t column = 1; column < state->comparison->join->columns; column++) {
        const sy_ratio *ratio = sy_comparison_ratio(state->comparison, line, column, state->quantity);
        if (sy_mean_takes(ratio))
            sy_mean_add(&to->all[column], ratio);
        if (is_in_all)
            sy_mean_add(&to->common[column], ratio);
    }
}

/* A text that stands for "none" in a set's name must be one pointer. */
static const char none[] = "";

static set name_of(const sy_entry *shown, const sy_entry_place *place, int level) {
    const char *suite = place != NULL && place->suite != NULL ? place->suite : none;
    const char *phase = place != NULL && place->phase != NULL ? place->phase : none;
    return (set){.suite = level >= BY_SUITE ? suite : NULL,
        .dtype = level >= BY_SUITE ? shown->dtype != NULL ? shown->dtype : none : NULL,
        .phase = level >= BY_PHASE ? phase : NULL};
}

static bool walk(adding *state, int level) {
    const sy_join *join = state->comparison->join;
    for (size_t line = 0; line < join->lines; line++) {
        const sy_group *base = join->line[line].cell[0];
        if (base == NULL || base->runs == 0)
            continue;
        const sy_entry *shown = base->shown;
        size_t places = level == BY_ALL || shown->place.count == 0 ? 1 : shown->place.count;
        bool is_in_all = is_common(state, line);
        for (size_t i = 0; i < places; i++) {
            set wanted = name_of(shown, shown->place.count > 0 ? &shown->place.item[i] : NULL, level);
            set *to = find_set(state, &wanted, level);
            if (to == NULL)
                return false;
            add_line(state, to, line, is_in_all);
        }
    }
    return true;
}

/* A mean as a ratio with its interval; throughput is turned round. */
static void fill_ratio(sy_mean_log mean, int quantity, double *ratio, double *low, double *high) {
    double sign = quantity == SY_QUANTITY_THROUGHPUT ? -1.0 : 1.0;
    double half = isnan(mean.error) ? NAN : sy_ratio_quantile(0.975, mean.freedom) * mean.error;
    *ratio = exp(sign * mean.log_cost);
    *low = exp(sign * mean.log_cost - half);
    *high = exp(sign * mean.log_cost + half);
}

static sy_mean mean_of(const adding *state, const set *from, size_t column) {
    sy_mean_log all = sy_mean_of(&from->all[column]);
    sy_mean mean = {.suite = from->suite,
        .dtype = from->dtype,
        .phase = from->phase,
        .column = column,
        .quantity = state->quantity,
        .rows = from->all[column].rows,
        .of = from->of,
        .common = from->common[column].rows,
        .log_cost = all.log_cost,
        .error = all.error,
        .freedom = all.freedom};
    fill_ratio(all, state->quantity, &mean.ratio, &mean.low, &mean.high);
    fill_ratio(sy_mean_of(&from->common[column]), state->quantity, &mean.common_ratio, &mean.common_low,
        &mean.common_high);
    return mean;
}

static bool fill_list(adding *state, sy_mean_list *out) {
    size_t columns = state->comparison->join->columns;
    sy_mean *item = sy_arena_array(state->arena, state->count * (columns - 1), sizeof *item);
    if (item == NULL)
        return false;
    for (size_t i = 0; i < state->count; i++)
        for (size_t column = 1; column < columns; column++)
            item[out->count++] = mean_of(state, &state->sets[i], column);
    out->item = item;
    return true;
}

sy_status sy_means_compute(
    const sy_comparison *comparison, int quantity, sy_arena *arena, sy_mean_list *out_means, sy_error *err) {
    adding state = {.comparison = comparison, .quantity = quantity, .arena = arena};
    *out_means = (sy_mean_list){0};
    if (quantity < SY_QUANTITY_TIME || quantity > SY_QUANTITY_ENERGY)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "means: there are none of %s, only of time, throughput "
            "and energy",
            sy_quantity_name(quantity));
    bool is_done = true;
    for (int level = BY_ALL; level < LEVELS && is_done; level++)
        is_done = walk(&state, level);
    is_done = is_done && fill_list(&state, out_means);
    sy_ids_release(&state.places);
    return is_done ? SY_OK
                   : sy_error_set(err, SY_OUT_OF_MEMORY, "means: no memory for %zu sets", state.count);
}
