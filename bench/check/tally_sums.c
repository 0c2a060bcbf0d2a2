/* Comparing signed sums of columns (Freivalds), over one image or a signed sum of images. */
#include "bench/check/multiply.h"
#include "bench/check/tally.h"

#include <math.h>
#include <string.h>

/* Values this far beyond their usual size count no more: a wild output must not widen its own bound. */
#define USUAL 8.0
/* Largest size of what is added: normal data are clipped there. */
#define ADDED_MOST 4.0

/* One row of the result, all columns: signed over images, less what is added to the
 * product; what is added; square sums. */
typedef struct row_values {
    double *value, *added, *square, *fetched;
    double images, sign_sum;
    bool has_added;
} row_values;

static void add_image(row_values *values, const double *fetched, int64_t cols, double sign, double clip) {
    for (int64_t col = 0; col < cols; col++) {
        double value = fetched[col], size = fabs(value);
        size = size <= clip ? size : clip;
        values->value[col] += sign * value;
        values->square[col] += size * size;
    }
}

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
        int64_t group = row->block % product->groups;
        int64_t block = row->image_sign != NULL ? image * product->groups + group : row->block;
        check_product_output(product, block, row->row, &all, values->fetched);
        values->sign_sum += sign;
        add_image(values, values->fetched, product->cols, sign, clip);
    }
}

/* Take away what was added to the product, and remember it. */
static void take_added(const check_row *row, row_values *values) {
    const check_product *product = row->product;
    const check_index all = {.count = product->cols};
    values->has_added = product->bias != SY_NO_OPERAND || product->beta != 0.0;
    if (!values->has_added)
        return;
    for (int64_t col = 0; col < product->cols; col++)
        values->added[col] = product->bias != SY_NO_OPERAND ? values->sign_sum * row->bias[col] : 0.0;
    if (product->beta != 0.0) {
        check_product_like_output(product, product->accumulate, row->block, row->row, &all, values->fetched);
        for (int64_t col = 0; col < product->cols; col++)
            values->added[col] += product->beta * values->fetched[col];
    }
    for (int64_t col = 0; col < product->cols; col++)
        values->value[col] -= values->added[col];
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

static double sum_bound(
    const check_row *row, const row_values *values, int64_t first, int64_t end, double norm2) {
    const check_product *product = row->product;
    double result2 = 0.0, added2 = 0.0, largest = 0.0;
    for (int64_t col = first; col < end; col++) {
        result2 += values->square[col];
        largest = values->square[col] > largest ? values->square[col] : largest;
    }
    if (values->has_added)
        added2 = check_dot(end - first, values->added + first, values->added + first);
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
    return check_noise_sum_bound(row->noise, &point, sqrt(largest));
}

/* One segment of columns: every vector has the same bound. */
static void note_segment(
    check_tally *tally, const check_row *row, const row_values *values, int64_t segment) {
    const check_product *product = row->product;
    const check_columns *columns = row->columns;
    int64_t first = segment * columns->width, end = check_columns_end(columns, segment, product->cols);
    check_place place = {.block = row->block, .row = row->row, .col = first, .is_sum = true};
    double bound = sum_bound(row, values, first, end, row->norm_col2[segment]);
    for (int64_t v = 0; v < columns->vectors; v++) {
        const double *sign = columns->sign + v * product->cols + first;
        double should = product->alpha * row->row_scale * row->sum[v * columns->segments + segment];
        check_tally_note(tally, &place, check_dot(end - first, sign, values->value + first), should, bound);
    }
    tally->sums += columns->vectors;
    tally->sum_bound = fmax(tally->sum_bound, bound);
}

void check_tally_sums(check_tally *tally, const check_row *row) {
    int64_t cols = row->product->cols;
    row_values values = {.value = row->scratch,
        .added = row->scratch + cols,
        .square = row->scratch + 2 * cols,
        .fetched = row->scratch + 3 * cols};
    fetch_images(row, row->noise->is_whole ? INFINITY : usual_size(row), &values);
    take_added(row, &values);
    for (int64_t segment = 0; segment < row->columns->segments; segment++)
        note_segment(tally, row, &values, segment);
}
