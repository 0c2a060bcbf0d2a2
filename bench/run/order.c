/* By chance, or by need. */
#include "bench/run/order.h"

#include <math.h>
#include <stdlib.h>

#include "runtime/base/seam.h"

void sy_order_shuffle(sy_random *random, size_t *order, size_t count) {
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)sy_random_below(random, i);
        size_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

/* Half-width of a row's interval. */
static double width_of(const sy_row_state *state) {
    sy_row_stats stats;
    sy_row_state_summary(state, &stats);
    double precision = sy_row_precision(&stats);
    return isnan(precision) ? INFINITY : precision;
}

/* A row's place and how wide its interval is. */
typedef struct ranked {
    double width;
    size_t index;
} ranked;

static int wider_first(const void *a, const void *b) {
    const ranked *left = a, *right = b;
    if (left->width != right->width)
        return left->width > right->width ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

void sy_order_by_width(const sy_row_state *states, size_t *order, size_t count) {
    ranked *list = sy_mem_calloc(count, sizeof *list);
    if (list == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        list[i] = (ranked){.width = width_of(&states[i]), .index = i};
    qsort(list, count, sizeof *list, wider_first);
    for (size_t i = 0; i < count; i++)
        order[i] = list[i].index;
    sy_mem_free(list);
}
