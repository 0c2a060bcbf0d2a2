/*
 * The interpolation points of the transforms and the matrices that follow from them. Internal.
 *
 * F(2x2,3x3): 0, 1, -1, infinity. F(4x4,3x3): 0, +-a, +-b, infinity with a = 11/16, b = 23/16. Among
 * multiples of 1/16 these have the least error of the widest output (winograd_error.c has the measure: 2.4
 * times the random error of a direct sum, against 10.5 for the usual 0, +-1, +-2), and every constant of the
 * transforms of images is exact in f32.
 */
#ifndef KERNELS_WINOGRAD_WINOGRAD_POINTS_H
#define KERNELS_WINOGRAD_WINOGRAD_POINTS_H

#define WINOGRAD_A 0.6875f
#define WINOGRAD_B 1.4375f
#define WINOGRAD_A2 (WINOGRAD_A * WINOGRAD_A)
#define WINOGRAD_B2 (WINOGRAD_B * WINOGRAD_B)
#define WINOGRAD_A3 (WINOGRAD_A * WINOGRAD_A2)
#define WINOGRAD_B3 (WINOGRAD_B * WINOGRAD_B2)

/** The three matrices of one tile in f64; rows beyond tile + 2 (of a: beyond tile) are zero. Constant. */
typedef struct winograd_matrices {
    double a[4][6], b[6][6], g[6][3];
} winograd_matrices;

/** The matrices of tile 2 or 4: Y = A^T [(G g G^T) * (B^T d B)] A; `a` is A^T, `b` is B^T. */
const winograd_matrices *winograd_matrices_of(int tile);

#endif
