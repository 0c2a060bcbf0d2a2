/* Errors relative to a tensor's scale. */
#include "bench/tensor/nearness.h"

#include <math.h>
#include <stddef.h>

#include "bench/tensor/element.h"
#include "steelyard/model.h"

enum { PIECE = 512 };

/* Calls with pieces of both sides as f64. */
typedef void visit_piece(void *ctx, uint64_t first, const double *a, const double *b, size_t count);

static void walk(
    uint32_t dtype, const void *a, const void *b, uint64_t count, visit_piece *visit, void *ctx) {
    double left[PIECE], right[PIECE];
    size_t size = sy_net_dtype_size(dtype);
    for (uint64_t at = 0; size > 0 && at < count; at += PIECE) {
        size_t some = count - at < PIECE ? (size_t)(count - at) : PIECE;
        sy_element_to_f64(dtype, (const char *)a + at * size, some, left);
        sy_element_to_f64(dtype, (const char *)b + at * size, some, right);
        visit(ctx, at, left, right, some);
    }
}

typedef struct scale {
    double squares, largest;
    uint64_t count;
} scale;

static void add_scale(void *ctx, uint64_t first, const double *a, const double *b, size_t count) {
    scale *s = ctx;
    (void)first;
    (void)a;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(b[i]))
            continue;
        s->squares += b[i] * b[i];
        s->largest = fmax(s->largest, fabs(b[i]));
        s->count++;
    }
}

typedef struct worst {
    double scale;
    sy_nearness found;
} worst;

static double difference(double a, double b, double by) {
    bool is_same = a == b || (isnan(a) && isnan(b));
    if (is_same)
        return 0.0;
    if (!isfinite(a) || !isfinite(b))
        return INFINITY;
    return fabs(a - b) / by;
}

static void find_worst(void *ctx, uint64_t first, const double *a, const double *b, size_t count) {
    worst *w = ctx;
    for (size_t i = 0; i < count; i++) {
        double error = difference(a[i], b[i], w->scale);
        if (error > w->found.error)
            w->found = (sy_nearness){.error = error, .wrong = a[i], .right = b[i], .at = first + i};
    }
}

sy_nearness sy_nearness_of(uint32_t dtype, const void *result, const void *reference, uint64_t count) {
    scale s = {0};
    worst w = {.scale = 1.0};
    if (sy_element_is_float(dtype)) {
        walk(dtype, result, reference, count, add_scale, &s);
        double root = s.count > 0 ? sqrt(s.squares / (double)s.count) : 0.0;
        w.scale = fmax(fmax(root, 0.1 * s.largest), 1e-30);
    }
    walk(dtype, result, reference, count, find_worst, &w);
    return w.found;
}
