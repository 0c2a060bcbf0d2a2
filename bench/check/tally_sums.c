/* Comparing signed sums of columns (Freivalds), over one image or a signed sum of images. */
#include "bench/check/tally.h"

#include <math.h>
#include <string.h>

/* Values this far beyond their usual size count no more: a wild output must not widen its own bound. */
#define USUAL 8.0
/* Largest size of what is added: normal data are clipped there. */
#define ADDED_MOST 4.0

/* One row of the result, all columns: signed over images, what is added to the product, square sums. */
typedef struct row_values {
    double *value, *added, *square, *fetched;
    double images, sign_sum;
} row_values;

static void fetch_images(const check_row *row, double clip, row_values *values) {
    const check_product *product = row->product;
    const check_index all = {.count = product->cols};
    int64_t images = row->image_sign != NULL ? product->blocks / product->groups : 1;
    memset(values->value, 0, (size_t)product->cols * sizeof(double));
    memset(values->square, 0, (size_t)product->cols * sizeof(double));
    values->images = (double)images;
    values->sign_sum = 0.0;
    for (int64_t image = 0; image < images; image++) {
        double sign = row->image_sign != NULL ? row->image_sign[image] : 1.0;
        int64_t block =
            row->image_sign != NULL ? image * product->groups + row->block % product->groups : row->block;
        check_product_output(product, block, row->row, &all, values->fetched);
        values->sign_sum += sign;
        for (int64_t col = 0; col < product->cols; col++) {
            double value = values->fetched[col], size = fabs(value) <= clip ? fabs(value) : clip;
            values->value[col] += sign * value;
            values->square[col] += size * size;
        }
    }
}

static void fetch_added(const check_row *row, row_values *values) {
    const check_product *product = row->product;
    const check_index all = {.count = product->cols};
    for (int64_t col = 0; col < product->cols; col++)
        values->added[col] = product->bias != SY_NO_OPERAND ? values->sign_sum * row->bias[col] : 0.0;
    if (product->beta == 0.0)
        return;
    check_product_like_output(product, product->accumulate, row->block, row->row, &all, values->fetched);
    for (int64_t col = 0; col < product->cols; col++)
        values->added[col] += product->beta * values->fetched[col];
}

/* Usual size of the largest single element of a row. */
static double usual_size(const check_row *row) {
    const check_product *product = row->product;
    double columns_norm2 = 0.0;
    for (int64_t s = 0; s < row->columns->segments; s++)
        columns_norm2 += row->norm_col2[s];
    double depth = product->depth > 0 ? (double)product->depth : 1.0;
    double mean2 = columns_norm2 / depth / (double)product->cols;
    double added = product->bias != SY_NO_OPERAND ? ADDED_MOST : 0.0;
    double size = fabs(product->alpha * row->row_scale) * row->norm_row * sqrt(mean2);
    return USUAL * size + added + ADDED_MOST * fabs(product->beta);
}

static double sum_bound(const check_row *row, const row_values *values, int64_t first, int64_t end,
    double norm2, double largest) {
    const check_product *product = row->product;
    double result2 = 0.0, added2 = 0.0;
    for (int64_t col = first; col < end; col++) {
        result2 += values->square[col];
        added2 += values->added[col] * values->added[col];
    }
    sy_error_point point = SY_ERROR_POINT_INIT;
    point.a_norm = row->norm_row;
    point.b_norm = sqrt(norm2);
    point.result = sqrt(result2);
    point.product = row->norm_row * point.b_norm / sqrt(fmax((double)product->depth, 1.0));
    point.accumulate = product->beta != 0.0 ? sqrt(added2) / fabs(product->beta) : 0.0;
    point.count = (double)(end - first) * values->images;
    bool is_scaled = product->scale_col != SY_NO_OPERAND;
    sy_error_point_epilogue(product->request->spec, is_scaled ? point.product : point.result,
        is_scaled ? row->row_scale : sqrt(added2), 1.0, &point);
    return check_noise_sum_bound(row->noise, &point, largest);
}

void check_tally_sums(check_tally *tally, const check_row *row) {
    const check_product *product = row->product;
    const check_columns *columns = row->columns;
    row_values values = {.value = row->scratch,
        .added = row->scratch + product->cols,
        .square = row->scratch + 2 * product->cols,
        .fetched = row->scratch + 3 * product->cols};
    double clip = usual_size(row);
    fetch_images(row, clip, &values);
    fetch_added(row, &values);
    for (int64_t v = 0; v < columns->count; v++) {
        int64_t segment = v % columns->segments, first = segment * columns->width;
        int64_t end = check_columns_end(columns, segment, product->cols);
        const double *sign = columns->sign + v / columns->segments * product->cols;
        double sum = 0.0, largest = 0.0;
        for (int64_t col = first; col < end; col++) {
            sum += sign[col] * (values.value[col] - values.added[col]);
            largest = fmax(largest, values.square[col]);
        }
        double bound = sum_bound(row, &values, first, end, row->norm_col2[v], sqrt(largest));
        check_place place = {.block = row->block, .row = row->row, .col = first, .is_sum = true};
        double should = product->alpha * row->row_scale * row->sum[v];
        check_tally_note(tally, &place, sum, should, bound);
        tally->sums++;
        tally->sum_bound = fmax(tally->sum_bound, bound);
    }
}
