/* f64 product by register tiles of 4 rows x 4 columns, sums kept in the order of k. */
#include "bench/check/multiply.h"

#include <string.h>

typedef double lanes __attribute__((vector_size(2 * sizeof(double)), may_alias));

enum { TILE_ROWS = 4, LANES = 2, HALVES = CHECK_PANEL / LANES };

static lanes load(const double *from) {
    lanes value;
    memcpy(&value, from, sizeof value);
    return value;
}

static void add_to(double *to, lanes value) {
    lanes sum = load(to) + value;
    memcpy(to, &sum, sizeof sum);
}

/* `rows` is a constant at each call, so that the sums stay in registers. */
static inline __attribute__((always_inline)) void multiply_tile(
    int rows, int64_t depth, const double *a, int64_t lda, const double *panel, double *z, int64_t ldz) {
    lanes sum[TILE_ROWS][HALVES] = {{{0}}};
    for (int64_t k = 0; k < depth; k++) {
        lanes left = load(panel + k * CHECK_PANEL), right = load(panel + k * CHECK_PANEL + LANES);
        for (int i = 0; i < rows; i++) {
            double factor = a[i * lda + k];
            lanes both = {factor, factor};
            sum[i][0] += both * left;
            sum[i][1] += both * right;
        }
    }
    for (int i = 0; i < rows; i++) {
        add_to(z + i * ldz, sum[i][0]);
        add_to(z + i * ldz + LANES, sum[i][1]);
    }
}

void check_multiply(
    int64_t rows, int64_t cols, int64_t depth, const double *a, int64_t lda, const double *y, double *z) {
    int64_t ldz = check_padded(cols);
    for (int64_t col = 0; col < cols; col += CHECK_PANEL) {
        const double *panel = y + col * depth;
        int64_t row = 0;
        for (; row + TILE_ROWS <= rows; row += TILE_ROWS)
            multiply_tile(TILE_ROWS, depth, a + row * lda, lda, panel, z + row * ldz + col, ldz);
        for (; row < rows; row++)
            multiply_tile(1, depth, a + row * lda, lda, panel, z + row * ldz + col, ldz);
    }
}

double check_dot(int64_t count, const double *a, const double *b) {
    lanes sum[TILE_ROWS] = {{0}};
    int64_t i = 0;
    for (; i + TILE_ROWS * LANES <= count; i += TILE_ROWS * LANES)
        for (int part = 0; part < TILE_ROWS; part++)
            sum[part] += load(a + i + part * LANES) * load(b + i + part * LANES);
    double rest = 0.0;
    for (; i < count; i++)
        rest += a[i] * b[i];
    lanes total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    return total[0] + total[1] + rest;
}
