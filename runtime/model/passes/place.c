#include "runtime/model/passes/place.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/error.h"

#define MANY_ALIVE 16384u

/* Items in the order in which they are placed, and those that are, by offset. */
typedef struct place_work {
    sy_net_item **order, **placed;
    uint32_t count, n_placed, n_space,
        drop_at; /* drop_at: so many placed are looked through for ended ones */
    bool by_time;
} place_work;

static uint64_t round_up(uint64_t bytes) {
    return (bytes + SY_NET_PLACE_ALIGN - 1) / SY_NET_PLACE_ALIGN * SY_NET_PLACE_ALIGN;
}

static int compare_u64(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

/* Equal items keep the order they lie in. */
static int compare_sizes(const void *left, const void *right) {
    const sy_net_item *a = *(sy_net_item *const *)left, *b = *(sy_net_item *const *)right;
    int by_bytes = compare_u64(b->bytes, a->bytes), by_first = compare_u64(a->first, b->first);
    return by_bytes != 0 ? by_bytes : by_first != 0 ? by_first : (a > b) - (a < b);
}

static int compare_times(const void *left, const void *right) {
    const sy_net_item *a = *(sy_net_item *const *)left, *b = *(sy_net_item *const *)right;
    int by_bytes = compare_u64(b->bytes, a->bytes), by_first = compare_u64(a->first, b->first);
    return by_first != 0 ? by_first : by_bytes != 0 ? by_bytes : (a > b) - (a < b);
}

/* In order of time, what has ended before `now` is in nobody's way any more. Done when there are twice as
 * many as were left the last time. */
static void drop_ended(place_work *placing, uint32_t now) {
    uint32_t kept = 0;
    if (placing->n_placed < placing->drop_at)
        return;
    for (uint32_t i = 0; i < placing->n_placed; i++)
        if (placing->placed[i]->last >= now)
            placing->placed[kept++] = placing->placed[i];
    placing->n_placed = kept;
    placing->drop_at = 2 * kept + 64;
}

static bool is_in_the_way(const sy_net_item *a, const sy_net_item *b) {
    return a->space == b->space && a->first <= b->last && b->first <= a->last;
}

/* The smallest gap between those that live at once, else after them all. Among very many gaps are not looked
 * for: `peak` is after everything. */
static uint64_t find_gap(const place_work *placing, const sy_net_item *item, uint64_t peak) {
    if (placing->n_placed > MANY_ALIVE)
        return peak;
    uint64_t bytes = round_up(item->bytes), cursor = 0, best = 0, best_gap = UINT64_MAX;
    for (uint32_t i = 0; i < placing->n_placed; i++) {
        const sy_net_item *other = placing->placed[i];
        if (!is_in_the_way(item, other))
            continue;
        if (other->offset_bytes >= cursor + bytes && other->offset_bytes - cursor < best_gap) {
            best_gap = other->offset_bytes - cursor;
            best = cursor;
        }
        uint64_t end = other->offset_bytes + round_up(other->bytes);
        cursor = end > cursor ? end : cursor;
    }
    return best_gap == UINT64_MAX ? cursor : best;
}

static void insert(place_work *placing, sy_net_item *item) {
    uint32_t at = placing->n_placed++;
    while (at > 0 && placing->placed[at - 1]->offset_bytes > item->offset_bytes) {
        placing->placed[at] = placing->placed[at - 1];
        at--;
    }
    placing->placed[at] = item;
}

/* Offsets of all items; the sum of the peaks. */
static uint64_t place_all(place_work *placing, uint64_t *peak_bytes) {
    uint64_t sum = 0;
    placing->n_placed = placing->drop_at = 0;
    memset(peak_bytes, 0, placing->n_space * sizeof *peak_bytes);
    qsort(placing->order, placing->count, sizeof *placing->order,
        placing->by_time ? compare_times : compare_sizes);
    for (uint32_t i = 0; i < placing->count; i++) {
        sy_net_item *item = placing->order[i];
        if (placing->by_time)
            drop_ended(placing, item->first);
        uint64_t *peak = &peak_bytes[item->space];
        item->offset_bytes = find_gap(placing, item, *peak);
        insert(placing, item);
        uint64_t end = item->offset_bytes + round_up(item->bytes);
        sum += end > *peak ? end - *peak : 0;
        *peak = end > *peak ? end : *peak;
    }
    return sum;
}

sy_status sy_net_place(
    sy_net_item *item, uint32_t count, uint32_t n_space, uint64_t *peak_bytes, sy_error *err) {
    sy_net_arena arena = {0};
    place_work placing = {.count = count, .n_space = n_space, .by_time = true};
    placing.order = sy_net_arena_array(&arena, count, sizeof *placing.order);
    placing.placed = sy_net_arena_array(&arena, count, sizeof *placing.placed);
    if (placing.order == NULL || placing.placed == NULL) {
        sy_net_arena_release(&arena);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the places of %u values", count);
    }
    for (uint32_t i = 0; i < count; i++)
        placing.order[i] = &item[i];
    uint64_t by_time = place_all(&placing, peak_bytes);
    if (count <= SY_NET_PLACE_MANY) {
        placing.by_time = false;
        uint64_t by_size = place_all(&placing, peak_bytes);
        placing.by_time = true;
        if (by_time < by_size)
            place_all(&placing, peak_bytes);
    }
    sy_net_arena_release(&arena);
    return SY_OK;
}
