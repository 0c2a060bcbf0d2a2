/* A plain f64 matrix product, fast enough to check with. Internal to this folder. */
#ifndef STEELYARD_CHECK_MULTIPLY_H
#define STEELYARD_CHECK_MULTIPLY_H

#include <stdint.h>

/** Columns that lie together in a panel of the right operand. */
enum { CHECK_PANEL = 4 };

/** Columns rounded up to whole panels. */
static inline int64_t check_padded(int64_t cols) {
    return (cols + CHECK_PANEL - 1) / CHECK_PANEL * CHECK_PANEL;
}

/** Where element (k, col) of a packed right operand of `depth` rows lies. */
static inline int64_t check_packed(int64_t depth, int64_t k, int64_t col) {
    return (col / CHECK_PANEL * depth + k) * CHECK_PANEL + col % CHECK_PANEL;
}

/**
 * z += a y.
 *
 * a  rows x depth, row-major, rows lda apart;  y  depth x cols in panels, see check_packed(), padded columns
 * present;  z  rows x check_padded(cols), row-major. No overlap.
 */
void check_multiply(
    int64_t rows, int64_t cols, int64_t depth, const double *a, int64_t lda, const double *y, double *z);

/** Sum of a[i] b[i], in 8 interleaved sums. */
double check_dot(int64_t count, const double *a, const double *b);

#endif
