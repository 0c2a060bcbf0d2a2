/* Working out rows and columns of one block in f64, piece by piece, and comparing them. */
#ifndef STEELYARD_CHECK_PASS_H
#define STEELYARD_CHECK_PASS_H

#include "bench/check/tally.h"

/**
 * One pass over rows x columns of one block. image_sign as in check_rows. Memory: bounded by about 100 MiB
 * whatever the problem is, beyond one image's channels.
 */
typedef struct check_pass {
    const check_product *product;
    const check_noise *noise;
    int64_t block;
    const double *image_sign;
    check_index rows;
    check_columns *columns;
} check_pass;

/** Add to `tally`. SY_OUT_OF_MEMORY. */
sy_status check_pass_run(const check_pass *pass, check_tally *tally, sy_error *err);

#endif
