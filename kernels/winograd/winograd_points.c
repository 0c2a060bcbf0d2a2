/* The matrices of the transforms, written out from the points. */
#include "kernels/winograd/winograd_points.h"

#define A ((double)WINOGRAD_A)
#define B ((double)WINOGRAD_B)
#define A2 (A * A)
#define B2 (B * B)
#define AT_A (2 * A2 * (A2 - B2)) /* M'(a) = M'(-a), M(x) = x (x^2 - a^2) (x^2 - b^2) */
#define AT_B (2 * B2 * (B2 - A2))

static const winograd_matrices tile2 = {
    .a = {{1, 1, 1, 0}, {0, 1, -1, 1}},
    .b = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, -1, 0, 1}},
    .g = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}},
};

static const winograd_matrices tile4 = {
    .a = {{1, 1, 1, 1, 1, 0}, {0, A, -A, B, -B, 0}, {0, A2, A2, B2, B2, 0},
        {0, A *A2, -A *A2, B *B2, -B *B2, 1}},
    .b = {{A2 * B2, 0, -A2 - B2, 0, 1, 0}, {0, -A *B2, -B2, A, 1, 0}, {0, A *B2, -B2, -A, 1, 0},
        {0, -B *A2, -A2, B, 1, 0}, {0, B *A2, -A2, -B, 1, 0}, {0, A2 *B2, 0, -A2 - B2, 0, 1}},
    .g = {{1 / (A2 * B2), 0, 0}, {1 / AT_A, A / AT_A, A2 / AT_A}, {1 / AT_A, -A / AT_A, A2 / AT_A},
        {1 / AT_B, B / AT_B, B2 / AT_B}, {1 / AT_B, -B / AT_B, B2 / AT_B}, {0, 0, 1}},
};

const winograd_matrices *winograd_matrices_of(int tile) {
    return tile == 4 ? &tile4 : &tile2;
}
