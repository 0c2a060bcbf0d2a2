/* Single columns and signed sums of columns of the right operand. */
#include "bench/check/columns.h"

#include "bench/check/multiply.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

#include <string.h>

enum { PIECE = 2048, ROWS = 8 };

static sy_status allocate(double **out_values, int64_t count, sy_error *err) {
    *out_values = sy_mem_alloc((size_t)(count > 0 ? count : 1) * sizeof(double));
    return *out_values != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to check columns");
}

static int64_t larger(int64_t a, int64_t b) {
    return a > b ? a : b;
}

sy_status check_columns_single(
    const check_product *product, check_index single, check_columns *out_columns, sy_error *err) {
    *out_columns = (check_columns){.single = single, .count = single.count};
    return allocate(&out_columns->scratch, larger(ROWS * single.count, product->depth), err);
}

static void draw_signs(const check_product *product, int64_t block, uint64_t seed, check_columns *columns) {
    sy_random random;
    sy_random_seed(&random, seed, (uint64_t)block);
    int64_t channel = product->is_conv ? block % product->groups * product->cols : 0;
    for (int64_t i = 0; i < columns->vectors * product->cols; i++) {
        columns->sign[i] = (sy_random_next(&random) >> 63) != 0 ? 1.0 : -1.0;
        double scale = 1.0;
        if (product->scale_col != SY_NO_OPERAND)
            scale = check_product_vector(product, product->scale_col, channel + i % product->cols);
        columns->factor[i] = columns->sign[i] * scale;
    }
}

sy_status check_columns_sums(const check_product *product, int64_t block, int64_t width, int64_t vectors,
    uint64_t seed, check_columns *out_columns, sy_error *err) {
    int64_t segments = (product->cols + width - 1) / width;
    *out_columns = (check_columns){
        .width = width, .vectors = vectors, .segments = segments, .count = vectors * segments};
    sy_status status = allocate(&out_columns->scratch, larger(PIECE, product->depth), err);
    if (status == SY_OK)
        status = allocate(&out_columns->factor, vectors * product->cols, err);
    if (status == SY_OK)
        status = allocate(&out_columns->square, PIECE, err);
    if (status == SY_OK)
        status = allocate(&out_columns->sign, vectors * product->cols, err);
    if (status != SY_OK) {
        check_columns_close(out_columns);
        return status;
    }
    draw_signs(product, block, seed, out_columns);
    return SY_OK;
}

void check_columns_close(check_columns *columns) {
    sy_mem_free(columns->scratch);
    sy_mem_free(columns->factor);
    sy_mem_free(columns->sign);
    sy_mem_free(columns->square);
    *columns = (check_columns){0};
}

int64_t check_columns_end(const check_columns *columns, int64_t segment, int64_t cols) {
    int64_t end = (segment + 1) * columns->width;
    return end < cols ? end : cols;
}

/* One column's stretch goes into packed column `to`, times `factor`; square sums beside it. */
static void add_column(
    const double *values, int64_t depth, double factor, int64_t to, double *packed, double *norm2) {
    double *at = packed + check_packed(depth, 0, to);
    double square = 0.0;
    for (int64_t k = 0; k < depth; k++) {
        double value = factor * values[k];
        at[k * CHECK_PANEL] += value;
        square += value * value;
    }
    if (norm2 != NULL)
        norm2[to] += square;
}

static void load_by_column(const check_product *product, check_columns *columns, int64_t block, int64_t k,
    int64_t depth, double *out_packed, double *norm2) {
    int64_t cols = columns->width == 0 ? columns->count : product->cols;
    for (int64_t i = 0; i < cols; i++) {
        int64_t col = columns->width == 0 ? check_index_at(&columns->single, i) : i;
        check_product_b_column(product, block, col, k, depth, columns->scratch);
        if (columns->width == 0) {
            add_column(columns->scratch, depth, 1.0, i, out_packed, norm2);
            continue;
        }
        for (int64_t v = 0; v < columns->vectors; v++)
            add_column(columns->scratch, depth, columns->factor[v * product->cols + col],
                v * columns->segments + col / columns->width, out_packed, norm2);
    }
}

/* Square sum of a piece of a row with its scales; signs do not matter to it. */
static double square_piece(
    const check_product *product, check_columns *columns, int64_t first, int64_t count) {
    const double *factor = columns->factor + first, *values = columns->scratch;
    if (product->scale_col == SY_NO_OPERAND)
        return check_dot(count, values, values);
    for (int64_t i = 0; i < count; i++)
        columns->square[i] = factor[i] * factor[i] * values[i];
    return check_dot(count, columns->square, values);
}

/* One row's part in every segment, by pieces that stay in the cache. */
static void sum_row(const check_product *product, check_columns *columns, int64_t block, int64_t first_k,
    int64_t k, int64_t depth, double *out_packed, double *norm2) {
    for (int64_t s = 0; s < columns->segments; s++) {
        int64_t first = s * columns->width, end = check_columns_end(columns, s, product->cols);
        for (int64_t at = first; at < end; at += PIECE) {
            int64_t count = end - at < PIECE ? end - at : PIECE;
            check_product_b_row(product, block, first_k + k, at, count, columns->scratch);
            double square = norm2 != NULL ? square_piece(product, columns, at, count) : 0.0;
            for (int64_t v = 0; v < columns->vectors; v++) {
                int64_t to = v * columns->segments + s;
                const double *factor = columns->factor + v * product->cols + at;
                out_packed[check_packed(depth, k, to)] += check_dot(count, factor, columns->scratch);
                if (norm2 != NULL)
                    norm2[to] += square;
            }
        }
    }
}

/* ROWS rows of single columns, a panel of all of them at a time: what is written then lies together. */
static void spread_rows(
    const check_columns *columns, int64_t k, int64_t rows, int64_t depth, double *out_packed) {
    for (int64_t col = 0; col < columns->count; col += CHECK_PANEL) {
        int64_t left = columns->count - col, width = left < CHECK_PANEL ? left : CHECK_PANEL;
        double *to = out_packed + check_packed(depth, k, col);
        for (int64_t row = 0; row < rows; row++)
            for (int64_t i = 0; i < width; i++)
                to[row * CHECK_PANEL + i] = columns->scratch[row * columns->count + col + i];
    }
}

static void load_rows(const check_product *product, check_columns *columns, int64_t block, int64_t k,
    int64_t depth, double *out_packed, double *norm2) {
    for (int64_t at = 0; at < depth; at += ROWS) {
        int64_t rows = depth - at < ROWS ? depth - at : ROWS;
        for (int64_t row = 0; row < rows; row++) {
            double *to = columns->scratch + row * columns->count;
            check_product_b_row(product, block, k + at + row, columns->single.first, columns->count, to);
            for (int64_t col = 0; norm2 != NULL && col < columns->count; col++)
                norm2[col] += to[col] * to[col];
        }
        spread_rows(columns, at, rows, depth, out_packed);
    }
}

void check_columns_load(const check_product *product, check_columns *columns, int64_t block, int64_t k,
    int64_t depth, double *out_packed, double *norm2) {
    memset(out_packed, 0, (size_t)(check_padded(columns->count) * depth) * sizeof(double));
    bool by_column = product->is_conv || (columns->width == 0 && columns->single.item != NULL);
    if (by_column) {
        load_by_column(product, columns, block, k, depth, out_packed, norm2);
        return;
    }
    if (columns->width == 0) {
        load_rows(product, columns, block, k, depth, out_packed, norm2);
        return;
    }
    for (int64_t i = 0; i < depth; i++)
        sum_row(product, columns, block, k, i, depth, out_packed, norm2);
}
