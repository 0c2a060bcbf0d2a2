/* Families of tests for changes, and what is left of their findings. */
#include "bench/history/changes.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench/history/arc.h"
#include "bench/history/shift.h"
#include "bench/history/split.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

/* A stretch of a series and what its test says. */
typedef struct stretch {
    size_t series, begin, end;
    sy_arc arc;
    double p;
} stretch;

/* Stretches; `failed` once there is no memory. */
typedef struct family {
    stretch *item;
    size_t count, capacity;
    bool failed;
} family;

typedef struct work {
    const sy_levels *series;
    int32_t *ranks, *sums;
    double *scratch, *pairs;
    sy_change_list *found;
    bool failed;
} work;

static void add_stretch(family *all, size_t series, size_t begin, size_t end) {
    if (end - begin < SY_ARC_SHORTEST || end - begin > SY_ARC_LONGEST || all->failed)
        return;
    if (all->count == all->capacity) {
        size_t capacity = all->capacity > 0 ? 2 * all->capacity : 64;
        stretch *item = sy_mem_realloc(all->item, capacity * sizeof *item);
        all->failed = item == NULL;
        if (all->failed)
            return;
        all->item = item;
        all->capacity = capacity;
    }
    all->item[all->count++] = (stretch){.series = series, .begin = begin, .end = end};
}

static void add_change(work *state, size_t series, size_t at, double p) {
    sy_change_list *found = state->found;
    if (state->failed)
        return;
    if (found->count == found->capacity) {
        size_t capacity = found->capacity > 0 ? 2 * found->capacity : 64;
        sy_change *item = sy_mem_realloc(found->item, capacity * sizeof *item);
        state->failed = item == NULL;
        if (state->failed)
            return;
        found->item = item;
        found->capacity = capacity;
    }
    found->item[found->count++] = (sy_change){.series = series, .at = at, .p = p};
}

static void test(work *state, stretch *one) {
    size_t count = one->end - one->begin;
    uint64_t seed = sy_random_mix(one->series * UINT64_C(1000003) + one->begin);
    sy_arc_ranks(state->series[one->series].value + one->begin, count, state->scratch, state->ranks);
    one->arc = sy_arc_find(state->ranks, count, state->sums);
    one->p = sy_arc_p(state->ranks, count, one->arc.z, seed, state->sums);
}

static int by_p(const void *a, const void *b) {
    const stretch *left = a, *right = b;
    if (left->p != right->p)
        return left->p < right->p ? -1 : 1;
    if (left->series != right->series)
        return left->series < right->series ? -1 : 1;
    return left->begin < right->begin ? -1 : left->begin > right->begin;
}

/* Benjamini & Hochberg: sorted by p, how many of the first are findings. */
static size_t count_findings(family *all, double rate) {
    size_t findings = 0;
    if (all->count > 0)
        qsort(all->item, all->count, sizeof *all->item, by_p);
    for (size_t i = 0; i < all->count; i++)
        if (all->item[i].p <= rate * (double)(i + 1) / (double)all->count)
            findings = i + 1;
    return findings;
}

/* The ends of a stretch's arc become changes, its parts the next family. */
static void divide(work *state, const stretch *one, family *next) {
    size_t begin = one->begin + one->arc.begin, end = one->begin + one->arc.end;
    if (begin > one->begin)
        add_change(state, one->series, begin, one->p);
    if (end < one->end)
        add_change(state, one->series, end, one->p);
    add_stretch(next, one->series, one->begin, begin);
    add_stretch(next, one->series, begin, end);
    add_stretch(next, one->series, end, one->end);
}

static void search(work *state, family *first, double rate) {
    family now = *first;
    while (now.count > 0 && !now.failed && !state->failed) {
        family next = {0};
        for (size_t i = 0; i < now.count; i++)
            test(state, &now.item[i]);
        size_t findings = count_findings(&now, rate);
        for (size_t i = 0; i < findings; i++)
            divide(state, &now.item[i], &next);
        sy_mem_free(now.item);
        now = next;
    }
    state->failed = state->failed || now.failed;
    sy_mem_free(now.item);
}

static int by_place(const void *a, const void *b) {
    const sy_change *left = a, *right = b;
    if (left->series != right->series)
        return left->series < right->series ? -1 : 1;
    return left->at < right->at ? -1 : left->at > right->at;
}

/* Move each change of a series to where its level really ends, between its neighbours. */
static void settle(const work *state, sy_change *change, size_t count) {
    const sy_levels *levels = &state->series[change[0].series];
    for (size_t i = 0; i < count; i++) {
        size_t begin = i > 0 ? change[i - 1].at : 0;
        size_t end = i + 1 < count ? change[i + 1].at : levels->count;
        change[i].at =
            begin + sy_split_find(levels->value + begin, end - begin, change[i].at - begin, state->scratch);
    }
}

/* Size of change `i` among the changes [0, count) of one series. */
static void measure(const work *state, sy_change *change, size_t count, size_t i) {
    const sy_levels *levels = &state->series[change[i].series];
    size_t begin = i > 0 ? change[i - 1].at : 0, at = change[i].at;
    size_t end = i + 1 < count ? change[i + 1].at : levels->count;
    sy_shift shift =
        sy_shift_find(levels->value + begin, at - begin, levels->value + at, end - at, state->pairs);
    change[i].before = at - begin;
    change[i].after = end - at;
    change[i].size = shift.size;
    change[i].low = shift.low;
    change[i].high = shift.high;
}

/* How much of a change there is for sure: what its interval leaves of it. */
static double certain(const sy_change *change) {
    return change->size > 0 ? change->low : -change->high;
}

/* Take out the weakest change of a series until all are changes; returns how many are left. */
static size_t prune(const work *state, sy_change *change, size_t count, double least) {
    while (count > 0) {
        size_t weakest = 0;
        settle(state, change, count);
        for (size_t i = 0; i < count; i++)
            measure(state, change, count, i);
        for (size_t i = 1; i < count; i++)
            weakest = fabs(change[i].size) < fabs(change[weakest].size) ? i : weakest;
        for (size_t i = 0; i < count; i++)
            weakest = certain(&change[i]) <= 0 && certain(&change[weakest]) > 0 ? i : weakest;
        if (certain(&change[weakest]) > 0 && fabs(change[weakest].size) >= least)
            return count;
        memmove(change + weakest, change + weakest + 1, (count - weakest - 1) * sizeof *change);
        count--;
    }
    return 0;
}

static void prune_all(work *state, double least) {
    sy_change_list *found = state->found;
    size_t kept = 0;
    if (found->count > 0)
        qsort(found->item, found->count, sizeof *found->item, by_place);
    for (size_t i = 0; i < found->count;) {
        size_t end = i;
        while (end < found->count && found->item[end].series == found->item[i].series)
            end++;
        size_t left = prune(state, found->item + i, end - i, least);
        memmove(found->item + kept, found->item + i, left * sizeof *found->item);
        kept += left;
        i = end;
    }
    found->count = kept;
}

static bool make_room(work *state, size_t count) {
    size_t longest = 0;
    for (size_t i = 0; i < count; i++)
        longest = state->series[i].count > longest ? state->series[i].count : longest;
    state->ranks = sy_mem_calloc(longest + 1, sizeof *state->ranks);
    state->scratch = sy_mem_calloc(longest + 1, sizeof *state->scratch);
    state->sums = sy_mem_calloc(longest + 1, sizeof *state->sums);
    state->pairs = sy_mem_calloc(SY_SHIFT_SCRATCH, sizeof *state->pairs);
    return state->ranks != NULL && state->sums != NULL && state->scratch != NULL && state->pairs != NULL;
}

sy_status sy_changes_find(const sy_levels *series, size_t count, double rate, double least,
    sy_change_list *out_list, sy_error *err) {
    work state = {.series = series, .found = out_list};
    family first = {0};
    *out_list = (sy_change_list){0};
    for (size_t i = 0; i < count; i++)
        add_stretch(&first, i, 0, series[i].count);
    out_list->tested = first.count;
    state.failed = first.failed || !make_room(&state, count);
    if (!state.failed) {
        search(&state, &first, rate);
        prune_all(&state, least);
    } else {
        sy_mem_free(first.item);
    }
    sy_mem_free(state.ranks);
    sy_mem_free(state.sums);
    sy_mem_free(state.scratch);
    sy_mem_free(state.pairs);
    if (!state.failed)
        return SY_OK;
    sy_change_list_release(out_list);
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to look for changes");
}

void sy_change_list_release(sy_change_list *list) {
    sy_mem_free(list->item);
    *list = (sy_change_list){0};
}
