/* Products as devices sum them, slowly: for tests of the check and its self-test. */
#include "bench/check/honest.h"

#include "bench/check/rows.h"
#include "kernels/reference/post.h"
#include "runtime/base/checked.h"
#include "runtime/base/convert.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 64, LANES = 16, GROUP = 4 };

bool check_honest_allows(const check_product *product, uint32_t order) {
    const sy_spec *spec = product->request->spec;
    if (spec->dtype_acc == SY_S32)
        return order == CHECK_ORDER_SEQUENTIAL;
    bool is_narrow = spec->dtype_a != SY_F32 && spec->dtype_a != SY_F64;
    return order != CHECK_ORDER_TRUNCATED || (is_narrow && spec->dtype_acc == SY_F32);
}

/* `value` cut to f32, towards zero. */
static double cut(double value) {
    float near = (float)value;
    return fabs((double)near) > fabs(value) ? (double)nextafterf(near, 0.0f) : (double)near;
}

static double round_to(uint32_t dtype, double value) {
    return dtype == SY_F32 ? (double)(float)value : dtype == SY_F64 ? value : sy_convert_round(dtype, value);
}

static double sum_in_order(uint32_t acc, const double *a, const double *b, int64_t count, int64_t step) {
    double sum = 0.0;
    for (int64_t k = 0; k < count; k += step)
        sum = round_to(acc, sum + round_to(acc == SY_F16 ? SY_F32 : acc, a[k] * b[k]));
    return sum;
}

static double sum_blocked(uint32_t acc, const double *a, const double *b, int64_t count) {
    double sum = 0.0;
    for (int64_t k = 0; k < count; k += BLOCK)
        sum = round_to(acc, sum + sum_in_order(acc, a + k, b + k, count - k < BLOCK ? count - k : BLOCK, 1));
    return sum;
}

static double sum_lanes(uint32_t acc, const double *a, const double *b, int64_t count) {
    double lane[LANES] = {0};
    for (int64_t i = 0; i < LANES && i < count; i++)
        lane[i] = sum_in_order(acc, a + i, b + i, count - i, LANES);
    for (int64_t width = LANES / 2; width > 0; width /= 2)
        for (int64_t i = 0; i < width; i++)
            lane[i] = round_to(acc, lane[i] + lane[i + width]);
    return lane[0];
}

static double sum_cut(const double *a, const double *b, int64_t count) {
    double sum = 0.0;
    for (int64_t k = 0; k < count; k += GROUP) {
        double group = sum;
        for (int64_t i = k; i < k + GROUP && i < count; i++)
            group += a[i] * b[i];
        sum = cut(group);
    }
    return sum;
}

static double sum_products(
    const check_product *product, uint32_t order, const double *a, const double *b, int64_t count) {
    uint32_t acc = product->storage.problem.acc_dtype;
    if (acc == SY_S32)
        acc = SY_F64; /* exact */
    switch (order) {
    case CHECK_ORDER_BLOCKED: return sum_blocked(acc, a, b, count);
    case CHECK_ORDER_LANES: return sum_lanes(acc, a, b, count);
    case CHECK_ORDER_TRUNCATED: return sum_cut(a, b, count);
    default: return sum_in_order(acc, a, b, count, 1);
    }
}

/* Inputs of f32 under a lower math keep 11 or 12 significand bits. */
static void lower(const check_product *product, double *values, int64_t count) {
    uint32_t math = product->request->math;
    if (product->request->spec->dtype_a != SY_F32 || (math != SY_MATH_TF32 && math != SY_MATH_HF32))
        return;
    double split = math == SY_MATH_TF32 ? 0x1p42 + 1.0 : 0x1p41 + 1.0; /* Dekker's: keeps 53 - 42 bits */
    for (int64_t i = 0; i < count; i++) {
        double high = split * values[i];
        values[i] = high - (high - values[i]);
    }
}

static double post_operand(
    const check_product *product, uint32_t kind, int64_t block, int64_t row, int64_t col) {
    int64_t channel = product->is_conv ? block % product->groups * product->cols + col : col;
    int64_t line = product->is_conv ? block / product->groups : row;
    const check_index one = {.item = &col, .count = 1};
    double value = 0.0;
    if (kind == SY_POST_BIAS)
        return check_product_vector(product, product->bias, channel);
    if (kind == SY_POST_SCALE_COL)
        return check_product_vector(product, product->scale_col, channel);
    if (kind == SY_POST_SCALE_ROW)
        return check_product_vector(product, product->scale_row, line);
    if (kind == SY_POST_ADD)
        check_product_like_output(product, product->residual, block, row, &one, &value);
    return value;
}

/* Scalars and posts in f32 (f64 for f64 sums, exact for s32 results). */
static double finish(const check_product *product, int64_t block, int64_t row, int64_t col, double sum) {
    const sy_problem *problem = &product->storage.problem;
    uint32_t type =
        problem->acc_dtype == SY_F64 || product->request->spec->dtype_c == SY_S32 ? SY_F64 : SY_F32;
    const check_index one = {.item = &col, .count = 1};
    double value = round_to(type, product->alpha * sum), added = 0.0;
    if (product->beta != 0.0) {
        check_product_like_output(product, product->accumulate, block, row, &one, &added);
        value = round_to(type, value + round_to(type, product->beta * added));
    }
    for (uint32_t p = 0; p < problem->n_post; p++) {
        const sy_post *post = &problem->post[p];
        const sy_reference_post step = {.kind = post->kind, .a = (double)post->a, .b = (double)post->b};
        double operand = post_operand(product, post->kind, block, row, col);
        value = round_to(type, sy_reference_post_value(&step, value, operand));
    }
    return value;
}

/* All columns of one block, each `depth` values. */
static void load_right(const check_product *product, int64_t block, double *out_values) {
    for (int64_t col = 0; col < product->cols; col++)
        check_product_b_column(product, block, col, 0, product->depth, out_values + col * product->depth);
    lower(product, out_values, product->cols * product->depth);
}

/* All rows of one block, each `depth` values. */
static void load_left(const check_product *product, check_rows *rows, int64_t block, double *out_values) {
    rows->block = block;
    for (int64_t k = 0; k < product->depth; k += rows->count_k) {
        check_rows_seek(rows, k);
        for (int64_t row = 0; row < product->rows; row++)
            check_rows_read(rows, row, out_values + row * product->depth + k);
    }
    lower(product, out_values, product->rows * product->depth);
}

static void run_block(const check_product *product, const check_honest *how, int64_t block,
    const double *left, const double *right, char *output) {
    uint32_t dtype = product->request->spec->dtype_c;
    int64_t count = product->depth - how->skip_last;
    for (int64_t row = 0; row < product->rows; row++)
        for (int64_t col = 0; col < product->cols; col++) {
            int64_t stride, first = check_product_place(product, block, row, &stride);
            double sum = sum_products(product, how->order, left + row * product->depth,
                right + col * product->depth, count > 0 ? count : 0);
            double value = finish(product, block, row, col, sum) * (1.0 + how->excess);
            sy_convert_from_f64(
                dtype, &value, 1, output + (size_t)(first + col * stride) * sy_dtype_size(dtype));
        }
}

sy_status check_honest_run(
    const check_product *product, const check_honest *how, void *out_output, sy_error *err) {
    check_rows rows;
    sy_status status = check_rows_open(product, &rows, err);
    if (status != SY_OK)
        return status;
    uint64_t lines = (uint64_t)(product->rows + product->cols) + 1, bytes;
    double *base = NULL;
    if (sy_mul_u64(lines, (uint64_t)product->depth + 1, &bytes) && sy_mul_u64(bytes, sizeof(double), &bytes))
        base = sy_mem_alloc(bytes);
    if (base == NULL) {
        check_rows_close(&rows);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a simulated result");
    }
    double *right = base + product->rows * product->depth;
    for (int64_t block = 0; block < product->blocks; block++) {
        load_left(product, &rows, block, base);
        load_right(product, block, right);
        run_block(product, how, block, base, right, out_output);
    }
    sy_mem_free(base);
    check_rows_close(&rows);
    return SY_OK;
}
