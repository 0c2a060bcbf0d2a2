/* Rows of a product's left operand, a stretch of k at a time: matrix rows, or windows of an image. */
#ifndef STEELYARD_CHECK_ROWS_H
#define STEELYARD_CHECK_ROWS_H

#include "bench/check/product.h"

/**
 * A reader. For a convolution it holds the padded channels of one image that the stretch needs, or of the
 * signed sum of all images of the batch.
 *
 * block       which block; with `image_sign`, its group alone counts
 * image_sign  NULL, or one factor an image: rows are then those of sum over images of sign x image
 */
typedef struct check_rows {
    const check_product *product;
    int64_t block;
    const double *image_sign;
    int64_t stretch, first_k, count_k;
    int64_t height, width;
    double *image, *line;
} check_rows;

/** A reader of stretches of about 512 (whole channels for a convolution). SY_OUT_OF_MEMORY. */
sy_status check_rows_open(const check_product *product, check_rows *out_rows, sy_error *err);
void check_rows_close(check_rows *rows);

/** Go to the stretch that begins at `first_k`; its length is in count_k. */
void check_rows_seek(check_rows *rows, int64_t first_k);

/** The stretch's `count_k` values of one row. */
void check_rows_read(const check_rows *rows, int64_t row, double *out_values);

#endif
