/* Products of matrices, by the arithmetic that all cards share. */
#include "tests/vendor_sim/ascend/product.h"

#include <stddef.h>
#include <string.h>

#include "tests/vendor_sim/common/arithmetic.h"

/* Rows and columns of an operand, and their strides; of a vector, too. */
typedef struct sides {
    int64_t rows, columns, row_stride, column_stride;
} sides;

static sides sides_of(const as_tensor *tensor, bool is_right) {
    uint32_t rank = tensor->rank;
    if (rank == 1 && is_right)
        return (sides){tensor->dim[0], 1, tensor->stride[0], 1};
    if (rank == 1)
        return (sides){1, tensor->dim[0], 1, tensor->stride[0]};
    return (sides){
        tensor->dim[rank - 2], tensor->dim[rank - 1], tensor->stride[rank - 2], tensor->stride[rank - 1]};
}

static uint32_t batch_rank_of(const as_tensor *tensor) {
    return tensor->rank > 2 ? tensor->rank - 2 : 0;
}

/* The batch of both; false if they do not go together. */
static bool find_batch(as_product *product) {
    uint32_t a_rank = batch_rank_of(&product->a), b_rank = batch_rank_of(&product->b);
    uint32_t rank = a_rank > b_rank ? a_rank : b_rank;
    product->batch_rank = rank;
    for (uint32_t i = 0; i < rank; i++) {
        int64_t a = i + a_rank >= rank ? product->a.dim[i + a_rank - rank] : 1;
        int64_t b = i + b_rank >= rank ? product->b.dim[i + b_rank - rank] : 1;
        if (a != b && a != 1 && b != 1)
            return false;
        product->batch[i] = a != 1 ? a : b;
    }
    return true;
}

const char *as_product_shape(as_product *product) {
    if (product->a.rank == 0 || product->b.rank == 0)
        return "a matrix without dimensions";
    sides a = sides_of(&product->a, false), b = sides_of(&product->b, true);
    if (a.columns != b.rows)
        return "columns of the first are not rows of the second";
    if (!find_batch(product))
        return "the dimensions before do not go together";
    product->m = a.rows;
    product->n = b.columns;
    product->k = a.columns;
    int64_t dim[AS_RANK_MAX];
    uint32_t rank = product->batch_rank;
    memcpy(dim, product->batch, sizeof dim);
    if (product->a.rank > 1)
        dim[rank++] = product->m;
    if (product->b.rank > 1)
        dim[rank++] = product->n;
    return as_tensor_has_shape(&product->d, rank, dim) ? NULL : "the output has another shape";
}

double as_product_flop(const as_product *product) {
    double flop = 2 * (double)product->m * (double)product->n * (double)product->k;
    for (uint32_t i = 0; i < product->batch_rank; i++)
        flop *= (double)product->batch[i];
    return flop;
}

static char *slice(const as_product *product, const as_tensor *tensor, char *data, const int64_t *index) {
    uint32_t own = batch_rank_of(tensor);
    int64_t at = 0;
    for (uint32_t i = 0; i < own; i++)
        if (tensor->dim[i] != 1)
            at += index[product->batch_rank - own + i] * tensor->stride[i];
    return data + at * (int64_t)as_type_bytes(tensor->type);
}

static sim_tensor operand(const as_tensor *tensor, char *data, bool is_right) {
    sides of = sides_of(tensor, is_right);
    return (sim_tensor){data, as_type_common(tensor->type), {0, of.row_stride, of.column_stride, 0}, NULL};
}

/* Of a product with a vector, too: then d has one of the two. */
static sim_tensor output(const as_product *product, char *data) {
    const as_tensor *d = &product->d;
    sim_tensor tensor = {data, as_type_common(d->type), {0, 0, 0, 0}, NULL};
    uint32_t rank = product->batch_rank;
    if (product->a.rank > 1)
        tensor.stride[1] = d->stride[rank++];
    if (product->b.rank > 1)
        tensor.stride[2] = d->stride[rank];
    return tensor;
}

static sim_tensor addend(const as_product *product) {
    const as_tensor *c = &product->c;
    sim_tensor tensor = {product->c_data, as_type_common(c->type), {0, 0, 0, 0}, NULL};
    if (c->rank > 0 && c->dim[c->rank - 1] != 1)
        tensor.stride[2] = c->stride[c->rank - 1];
    if (c->rank > 1 && c->dim[c->rank - 2] != 1)
        tensor.stride[1] = c->stride[c->rank - 2];
    return tensor;
}

int as_product_run(as_product *product) {
    int64_t index[AS_RANK_MAX] = {0};
    if (as_tensor_elements(&product->d) == 0)
        return 0;
    int code;
    do {
        char *d = product->d_data;
        for (uint32_t i = 0; i < product->batch_rank; i++)
            d += index[i] * product->d.stride[i] * (int64_t)as_type_bytes(product->d.type);
        sim_gemm gemm = {.batch = 1, .m = product->m, .n = product->n, .k = product->k};
        gemm.a = operand(&product->a, slice(product, &product->a, product->a_data, index), false);
        gemm.b = operand(&product->b, slice(product, &product->b, product->b_data, index), true);
        gemm.d = output(product, d);
        gemm.alpha = product->alpha;
        gemm.beta = product->beta;
        gemm.rounding = product->rounding;
        if (product->beta != 0)
            gemm.c = addend(product);
        code = sim_gemm_run(&gemm);
    } while (code == 0 && as_next(product->batch_rank, product->batch, index));
    return code;
}

void as_transpose(as_tensor *tensor) {
    if (tensor->rank < 2)
        return;
    int64_t *dim = tensor->dim + tensor->rank - 2, *stride = tensor->stride + tensor->rank - 2;
    int64_t rows = dim[0], row_stride = stride[0];
    dim[0] = dim[1];
    stride[0] = stride[1];
    dim[1] = rows;
    stride[1] = row_stride;
}
