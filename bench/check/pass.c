/* Sums over k in stretches, for a batch of rows at a time, so that memory stays bounded. */
#include "bench/check/pass.h"

#include "bench/check/multiply.h"
#include "bench/check/rows.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#include <math.h>
#include <string.h>

enum { TAIL = 4, BAND = 64, SUMS_AT_ONCE = 1 << 21, PACKED_AT_ONCE = 1 << 18 };

/* Buffers of a pass, cut out of one allocation. */
typedef struct workspace {
    int64_t batch, padded;
    double *base, *sum, *tail, *packed, *left, *norm_row, *norm_col2, *bias, *scale, *scratch;
} workspace;

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

/* Lay the buffers out; with base NULL only their size is counted. False if it does not fit. */
static bool lay_out(const check_pass *pass, int64_t stretch, double *base, workspace *space, uint64_t *size) {
    const check_product *product = pass->product;
    int64_t per_column = pass->columns->width == 0 ? pass->columns->count : product->cols;
    const struct {
        double **at;
        int64_t rows, cols;
    } part[] = {{&space->sum, space->batch, space->padded}, {&space->tail, space->batch, space->padded},
        {&space->packed, stretch, space->padded}, {&space->left, BAND, stretch},
        {&space->norm_row, space->batch, 1}, {&space->norm_col2, space->padded, 1},
        {&space->bias, per_column, 1}, {&space->scale, per_column, 1},
        {&space->scratch, 4, product->cols + space->padded}};
    uint64_t total = 0;
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        uint64_t count;
        if (base != NULL)
            *part[i].at = base + total;
        if (!sy_mul_u64((uint64_t)part[i].rows, (uint64_t)part[i].cols, &count) ||
            !sy_add_u64(total, count, &total))
            return false;
    }
    return sy_mul_u64(total, sizeof(double), size);
}

static sy_status open_workspace(const check_pass *pass, int64_t stretch, workspace *space, sy_error *err) {
    *space = (workspace){.padded = check_padded(pass->columns->count)};
    space->batch = clamp(SUMS_AT_ONCE / (space->padded > 0 ? space->padded : 1), BAND, pass->rows.count);
    uint64_t size = 0;
    if (lay_out(pass, stretch, NULL, space, &size))
        space->base = sy_mem_alloc(size);
    if (space->base == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to check a result: %llu bytes wanted",
            (unsigned long long)size);
    lay_out(pass, stretch, space->base, space, &size);
    memset(space->norm_col2, 0, (size_t)space->padded * sizeof(double));
    return SY_OK;
}

/* What belongs to columns: bias and scale, of those looked at or of all. */
static void load_vectors(const check_pass *pass, workspace *space) {
    const check_product *product = pass->product;
    bool is_single = pass->columns->width == 0;
    int64_t count = is_single ? pass->columns->count : product->cols;
    int64_t channel = product->is_conv ? pass->block % product->groups * product->cols : 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t col = channel + (is_single ? check_index_at(&pass->columns->single, i) : i);
        space->bias[i] =
            product->bias != SY_NO_OPERAND ? check_product_vector(product, product->bias, col) : 0;
        space->scale[i] =
            product->scale_col != SY_NO_OPERAND ? check_product_vector(product, product->scale_col, col) : 1;
    }
}

/* Products of the last TAIL of k that lie in this stretch. */
static void add_tail(
    const check_pass *pass, const check_rows *rows, workspace *space, int64_t at, int64_t count) {
    int64_t first = pass->product->depth - TAIL - rows->first_k;
    for (int64_t k = first > 0 ? first : 0; k < rows->count_k; k++)
        for (int64_t row = 0; row < count; row++) {
            double factor = space->left[row * rows->count_k + k];
            double *to = space->tail + (at + row) * space->padded;
            for (int64_t col = 0; col < space->padded; col++)
                to[col] += factor * space->packed[check_packed(rows->count_k, k, col)];
        }
}

/* Rows first to first + count - 1 of the pass over one stretch of k. */
static void add_stretch(
    const check_pass *pass, const check_rows *rows, workspace *space, int64_t first, int64_t count) {
    for (int64_t at = 0; at < count; at += BAND) {
        int64_t band = count - at < BAND ? count - at : BAND;
        for (int64_t i = 0; i < band; i++) {
            double *to = space->left + i * rows->count_k;
            check_rows_read(rows, check_index_at(&pass->rows, first + at + i), to);
            space->norm_row[at + i] += check_dot(rows->count_k, to, to);
        }
        check_multiply(band, pass->columns->count, rows->count_k, space->left, rows->count_k, space->packed,
            space->sum + at * space->padded);
        if (pass->columns->width == 0)
            add_tail(pass, rows, space, at, band);
    }
}

static double row_scale(const check_product *product, int64_t block, int64_t row) {
    if (product->scale_row == SY_NO_OPERAND)
        return 1.0;
    return check_product_vector(
        product, product->scale_row, product->is_conv ? block / product->groups : row);
}

/* A signed sum of images can be small by chance where the images are not: at least half the mean square. */
static void lift_norms(workspace *space, int64_t count) {
    double mean = 0.0;
    for (int64_t i = 0; i < count; i++)
        mean += space->norm_row[i] / (double)count;
    for (int64_t i = 0; i < count; i++)
        space->norm_row[i] = fmax(space->norm_row[i], 0.5 * mean);
}

static void judge(
    const check_pass *pass, workspace *space, int64_t first, int64_t count, check_tally *tally) {
    if (pass->image_sign != NULL)
        lift_norms(space, count);
    for (int64_t i = 0; i < count; i++) {
        check_row row = {.product = pass->product,
            .noise = pass->noise,
            .columns = pass->columns,
            .image_sign = pass->image_sign,
            .block = pass->block,
            .row = check_index_at(&pass->rows, first + i),
            .sum = space->sum + i * space->padded,
            .tail = space->tail + i * space->padded,
            .norm_col2 = space->norm_col2,
            .bias = space->bias,
            .scale = space->scale,
            .norm_row = sqrt(space->norm_row[i]),
            .scratch = space->scratch};
        row.row_scale = row_scale(pass->product, pass->block, row.row);
        if (pass->columns->width == 0)
            check_tally_single(tally, &row);
        else
            check_tally_sums(tally, &row);
    }
}

sy_status check_pass_run(const check_pass *pass, check_tally *tally, sy_error *err) {
    check_rows rows;
    workspace space;
    sy_status status = check_rows_open(pass->product, &rows, err);
    if (status != SY_OK)
        return status;
    if (!pass->product->is_conv) /* so that a stretch of many columns stays in the cache */
        rows.stretch = clamp(PACKED_AT_ONCE / (pass->columns->count + 1), 16, rows.stretch);
    status = open_workspace(pass, rows.stretch, &space, err);
    if (status != SY_OK)
        goto close_rows;
    rows.block = pass->block;
    rows.image_sign = pass->image_sign;
    load_vectors(pass, &space);
    for (int64_t first = 0; first < pass->rows.count; first += space.batch) {
        int64_t left = pass->rows.count - first, count = left < space.batch ? left : space.batch;
        memset(space.sum, 0, (size_t)(count * space.padded) * sizeof(double));
        memset(space.tail, 0, (size_t)(count * space.padded) * sizeof(double));
        memset(space.norm_row, 0, (size_t)count * sizeof(double));
        for (int64_t k = 0; k < pass->product->depth; k += rows.count_k) {
            check_rows_seek(&rows, k);
            check_columns_load(pass->product, pass->columns, pass->block, k, rows.count_k, space.packed,
                first == 0 ? space.norm_col2 : NULL);
            add_stretch(pass, &rows, &space, first, count);
        }
        judge(pass, &space, first, count, tally);
    }
    sy_mem_free(space.base);
close_rows:
    check_rows_close(&rows);
    return status;
}
