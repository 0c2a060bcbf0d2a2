/*
 * How much larger the error of an output is than a direct sum's.
 *
 * Inputs and weights of zero mean and variance 1, roundings independent, each of relative variance u^2 / 3
 * (the model of a direct sum, runtime/op/error_model.h; for Winograd: Barabasz et al., section 3). In one
 * dimension the transformed input at point i has variance |b_i|^2 (b_i: row i of B^T), the weight |g_i|^2,
 * and output p takes the product times a_pi. A sum of C products of variance v, added up in order, errs with
 * variance u^2 / 3 * v C^2 / 2. So output p errs with u^2 / 6 * C^2 * lambda_p,    lambda_p = sum over i of
 * a_pi^2 |b_i|^2 |g_i|^2, and in two dimensions with lambda_p lambda_q. A direct sum of 9 C products has 81
 * C^2 in that place: the factor is lambda / 9 for the widest output.
 *
 * The transforms round too: the weight once, the image about twice in each of its two passes, the output the
 * same, 9 roundings of variance u^2 / 3 relative to a product, once for each of C: beside C^2 / 6 they are
 * 9 C / 3, a factor of 1 + 18 / C.
 *
 * A direct sum's error is measured by the norm of its own window. A window that padding has cut to a part of
 * its 9 pixels is smaller by the root of that part, while its tile errs as before.
 */
#include "kernels/winograd/winograd.h"
#include "kernels/winograd/winograd_points.h"

#include <math.h>

/* Tiles of 2 err less than direct sums; yet they are not exact where those are, on small integers, so that no
 * check may take them for one. */
#define LEAST_FACTOR 1.25

enum { POINTS = 6, WINDOW = 3 };

static double squares(const double *row, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += row[i] * row[i];
    return sum;
}

/* lambda of the widest output. */
static double widest(int tile) {
    const winograd_matrices *matrices = winograd_matrices_of(tile);
    double most = 0;
    for (int p = 0; p < tile; p++) {
        double lambda = 0;
        for (int i = 0; i < tile + 2; i++)
            lambda += matrices->a[p][i] * matrices->a[p][i] * squares(matrices->b[i], POINTS) *
                      squares(matrices->g[i], WINDOW);
        most = fmax(most, lambda);
    }
    return most;
}

/* Least share of a window's extent that padding leaves. */
static double least_left(int64_t before, int64_t after) {
    const int64_t pad = before > after ? before : after;
    return (double)(WINDOW - (pad < WINDOW - 1 ? pad : WINDOW - 1)) / WINDOW;
}

double sy_winograd_bound_factor(int tile, int64_t channels, const int64_t pad[4]) {
    const double transforms = 1 + 18 / fmax((double)channels, 1);
    const double window = least_left(pad[0], pad[2]) * least_left(pad[1], pad[3]);
    return fmax(LEAST_FACTOR, widest(tile) / (WINDOW * WINDOW) * sqrt(transforms / window));
}
