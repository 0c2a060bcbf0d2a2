/* Where operands and results of a product are, for gemm and for convolution. */
#include "bench/check/product.h"

#include "runtime/base/convert.h"
#include "runtime/base/error.h"

#include <stdio.h>
#include <string.h>

static uint32_t find_role(const sy_problem_storage *storage, uint32_t role) {
    for (uint32_t i = 0; i < storage->problem.n_in; i++)
        if (storage->role[i] == role && (storage->tensor[i].flags & SY_TENSOR_ABSENT) == 0)
            return i;
    return SY_NO_OPERAND;
}

static bool all_linear(const sy_problem *problem) {
    for (uint32_t i = 0; i < problem->n_post; i++) {
        uint32_t kind = problem->post[i].kind;
        if (kind != SY_POST_BIAS && kind != SY_POST_SCALE_ROW && kind != SY_POST_SCALE_COL)
            return false;
        if (kind == SY_POST_BIAS && problem->n_post > 1)
            return false; /* a bias that is scaled is not what a signed sum of columns expects */
    }
    return true;
}

static void shape_gemm(check_product *product) {
    const sy_spec_gemm *gemm = &product->request->spec->u.gemm;
    product->blocks = gemm->batch;
    product->rows = gemm->m;
    product->cols = gemm->n;
    product->depth = gemm->k;
    product->groups = 1;
    product->alpha = gemm->alpha;
    product->beta = gemm->beta;
}

static sy_status shape_conv(check_product *product, sy_error *err) {
    const sy_spec_conv *conv = &product->request->spec->u.conv;
    product->is_conv = true;
    product->groups = conv->groups;
    product->blocks = conv->n * conv->groups;
    product->cols = conv->k / conv->groups;
    product->depth = conv->c / conv->groups * conv->r * conv->s;
    product->alpha = 1.0;
    sy_status status = sy_spec_conv_output(conv, &product->p, &product->q, err);
    product->rows = product->p * product->q;
    return status;
}

sy_status check_product_init(const sy_check_request *request, check_product *out_product, sy_error *err) {
    check_product *product = out_product;
    memset(product, 0, sizeof *product);
    product->request = request;
    uint32_t op = request->spec->op;
    if (op != SY_SPEC_GEMM && op != SY_SPEC_CONV2D)
        return sy_error_set(err, SY_UNSUPPORTED, "%s has no product to check", sy_spec_op_name(op));
    sy_status status = sy_spec_problem(request->spec, &product->storage, err);
    if (status != SY_OK)
        return status;
    const sy_problem_storage *storage = &product->storage;
    product->out_index = storage->problem.n_in;
    product->accumulate = find_role(storage, SY_ROLE_ACCUMULATE);
    product->bias = find_role(storage, SY_ROLE_BIAS);
    product->residual = find_role(storage, SY_ROLE_RESIDUAL);
    product->scale_row = find_role(storage, SY_ROLE_SCALE_ROW);
    product->scale_col = find_role(storage, SY_ROLE_SCALE_COL);
    product->is_linear = all_linear(&storage->problem);
    if (op == SY_SPEC_CONV2D)
        return shape_conv(product, err);
    shape_gemm(product);
    return SY_OK;
}

double check_product_flop(const check_product *product) {
    return 2.0 * (double)product->blocks * (double)product->rows * (double)product->cols *
           (double)product->depth;
}

static void read_operand(const check_product *product, uint32_t tensor_index, int64_t first, int64_t stride,
    int64_t count, double *out_values) {
    const sy_check_request *request = product->request;
    sy_data_gather_f64(request->block, &product->storage, request->key, tensor_index,
        request->set[tensor_index], (uint64_t)first, (uint64_t)stride, (uint64_t)count, out_values);
}

void check_product_a_row(
    const check_product *product, int64_t block, int64_t row, int64_t k, int64_t count, double *out_values) {
    int64_t first = (block * product->rows + row) * product->depth + k;
    read_operand(product, 0, first, 1, count, out_values);
}

void check_product_image_line(
    const check_product *product, int64_t image, int64_t channel, int64_t y, double *out_values) {
    const sy_spec_conv *conv = &product->request->spec->u.conv;
    int64_t first = ((image * conv->c + channel) * conv->h + y) * conv->w;
    read_operand(product, 0, first, 1, conv->w, out_values);
}

void check_product_b_row(
    const check_product *product, int64_t block, int64_t k, int64_t col, int64_t count, double *out_values) {
    int64_t first = (block * product->depth + k) * product->cols + col;
    read_operand(product, 1, first, 1, count, out_values);
}

void check_product_b_column(
    const check_product *product, int64_t block, int64_t col, int64_t k, int64_t count, double *out_values) {
    if (product->is_conv) {
        int64_t channel = block % product->groups * product->cols + col;
        read_operand(product, 1, channel * product->depth + k, 1, count, out_values);
        return;
    }
    int64_t first = (block * product->depth + k) * product->cols + col;
    read_operand(product, 1, first, product->cols, count, out_values);
}

int64_t check_product_place(const check_product *product, int64_t block, int64_t row, int64_t *out_stride) {
    if (!product->is_conv) {
        *out_stride = 1;
        return (block * product->rows + row) * product->cols;
    }
    *out_stride = product->rows; /* blocks are (image, group): their channels follow each other */
    return block * product->cols * product->rows + row;
}

void check_product_like_output(const check_product *product, uint32_t tensor_index, int64_t block,
    int64_t row, const check_index *columns, double *out_values) {
    int64_t stride;
    int64_t first = check_product_place(product, block, row, &stride);
    if (columns->item == NULL) {
        first += columns->first * stride;
        read_operand(product, tensor_index, first, stride, columns->count, out_values);
        return;
    }
    for (int64_t i = 0; i < columns->count; i++)
        read_operand(product, tensor_index, first + columns->item[i] * stride, 1, 1, out_values + i);
}

void check_product_output(const check_product *product, int64_t block, int64_t row,
    const check_index *columns, double *out_values) {
    int64_t stride;
    int64_t first = check_product_place(product, block, row, &stride);
    uint32_t dtype = product->request->spec->dtype_c;
    size_t size = sy_dtype_size(dtype);
    const char *output = product->request->output;
    if (columns->item == NULL) {
        first += columns->first * stride;
        sy_convert_to_f64_strided(
            dtype, output + (size_t)first * size, stride, (uint64_t)columns->count, out_values);
        return;
    }
    for (int64_t i = 0; i < columns->count; i++) {
        int64_t element = first + columns->item[i] * stride;
        sy_convert_to_f64(dtype, output + (size_t)element * size, 1, out_values + i);
    }
}

double check_product_vector(const check_product *product, uint32_t tensor_index, int64_t element) {
    double value;
    read_operand(product, tensor_index, element, 1, 1, &value);
    return value;
}

void check_product_name(
    const check_product *product, int64_t block, int64_t row, int64_t col, char *out_text, size_t capacity) {
    if (!product->is_conv) {
        snprintf(out_text, capacity, "c[%lld, %lld, %lld]", (long long)block, (long long)row, (long long)col);
        return;
    }
    int64_t channel = block % product->groups * product->cols + col;
    snprintf(out_text, capacity, "y[%lld, %lld, %lld, %lld]", (long long)(block / product->groups),
        (long long)channel, (long long)(row / product->q), (long long)(row % product->q));
}
