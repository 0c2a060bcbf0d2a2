/* From tensors to matrices with leading dimensions. */
#include "runtime/card/product.h"

#include "runtime/base/error.h"
#include "runtime/card/card.h"

static bool has_dims(const sy_tensor *tensor, int64_t batch, int64_t rows, int64_t columns) {
    return !sy_task_tensor_is_absent(tensor) && tensor->rank == 3 && tensor->dim[0] == batch &&
           tensor->dim[1] == rows && tensor->dim[2] == columns;
}

static int64_t at_least(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* A dimension of extent 1 is never stepped over: its stride says nothing. */
static sy_status read_matrix(const sy_tensor *tensor, uint32_t index, sy_card_matrix *out, sy_error *err) {
    int64_t rows = tensor->dim[1], columns = tensor->dim[2];
    *out = (sy_card_matrix){.dtype = tensor->dtype, .rows = rows, .columns = columns};
    if (tensor->layout == SY_CARD_LAYOUT_TRANSPOSED) {
        out->is_transposed = true;
        out->ld = at_least(rows, 1);
        out->batch_stride = rows * columns;
        return SY_OK;
    }
    if (tensor->layout != SY_LAYOUT_STRIDED)
        return sy_error_set(err, SY_UNSUPPORTED, "tensor %u: no layout 0x%x here", index, tensor->layout);
    int64_t row_step = rows > 1 ? tensor->stride[1] : columns > 1 ? tensor->stride[2] * columns : columns;
    int64_t column_step = columns > 1 ? tensor->stride[2] : rows > 1 ? tensor->stride[1] * rows : rows;
    bool is_row_major = (columns <= 1 || tensor->stride[2] == 1) && row_step >= at_least(columns, 1);
    bool is_column_major = (rows <= 1 || tensor->stride[1] == 1) && column_step >= at_least(rows, 1);
    if (rows > 0 && columns > 0 && !is_row_major && !is_column_major)
        return sy_error_set(err, SY_UNSUPPORTED,
            "tensor %u: strides %lld and %lld are no matrix with a dense dimension", index,
            (long long)tensor->stride[1], (long long)tensor->stride[2]);
    out->is_transposed = !is_row_major && is_column_major;
    out->ld = out->is_transposed ? at_least(column_step, at_least(rows, 1))
                                 : at_least(row_step, at_least(columns, 1));
    out->batch_stride = tensor->dim[0] > 1 ? tensor->stride[0] : 0;
    return SY_OK;
}

static sy_card_activation activation_of(uint32_t kind) {
    switch (kind) {
    case SY_POST_RELU: return SY_CARD_RELU;
    case SY_POST_GELU_ERF: return SY_CARD_GELU_ERF;
    case SY_POST_GELU_TANH: return SY_CARD_GELU_TANH;
    case SY_POST_SILU: return SY_CARD_SILU;
    default: return SY_CARD_NO_ACTIVATION;
    }
}

/* The place of a post's operand in the epilogue; NULL if it has none. */
static uint32_t *operand_of(sy_card_epilogue *epilogue, uint32_t kind) {
    switch (kind) {
    case SY_POST_BIAS: return &epilogue->bias;
    case SY_POST_ADD: return &epilogue->residual;
    case SY_POST_SCALE_ROW: return &epilogue->scale_row;
    case SY_POST_SCALE_COL: return &epilogue->scale_column;
    default: return NULL;
    }
}

sy_status sy_card_epilogue_read(const sy_task *task, sy_card_epilogue *out_epilogue, sy_error *err) {
    *out_epilogue = (sy_card_epilogue){.bias = SY_NO_OPERAND,
        .residual = SY_NO_OPERAND,
        .scale_row = SY_NO_OPERAND,
        .scale_column = SY_NO_OPERAND};
    for (uint32_t i = 0; i < task->n_post; i++) {
        const sy_post *post = &task->post[i];
        uint32_t *operand = operand_of(out_epilogue, post->kind);
        sy_card_activation activation = activation_of(post->kind);
        bool is_known = operand != NULL || activation != SY_CARD_NO_ACTIVATION;
        bool is_late = out_epilogue->activation != SY_CARD_NO_ACTIVATION ||
                       (operand != NULL && *operand != SY_NO_OPERAND) ||
                       (post->kind == SY_POST_BIAS && out_epilogue->residual != SY_NO_OPERAND);
        if (!is_known || is_late)
            return sy_error_set(
                err, SY_UNSUPPORTED, "post %u of kind %u is none that libraries fuse there", i, post->kind);
        if (operand != NULL)
            *operand = post->operand;
        else
            out_epilogue->activation = activation;
    }
    return SY_OK;
}

bool sy_card_epilogue_is_empty(const sy_card_epilogue *epilogue) {
    return epilogue->bias == SY_NO_OPERAND && epilogue->residual == SY_NO_OPERAND &&
           epilogue->scale_row == SY_NO_OPERAND && epilogue->scale_column == SY_NO_OPERAND &&
           epilogue->activation == SY_CARD_NO_ACTIVATION;
}

static sy_status check_dims(const sy_task *task, const sy_card_product *product, sy_error *err) {
    const sy_tensor *a = &task->tensor[0], *b = &task->tensor[1], *c = &task->tensor[2];
    int64_t batch = product->batch, m = product->m, n = product->n, k = product->k;
    if (!has_dims(a, batch, m, k) || !has_dims(b, batch, k, n) ||
        !has_dims(sy_task_output(task, 0), batch, m, n) || (product->has_c && !has_dims(c, batch, m, n)))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "gemm wants A[batch,m,k], B[batch,k,n], %sD[batch,m,n]",
            product->has_c ? "C[batch,m,n] and " : "");
    return SY_OK;
}

sy_status sy_card_product_read(const sy_task *task, sy_card_product *out_product, sy_error *err) {
    const sy_tensor *a = &task->tensor[0], *b = &task->tensor[1];
    sy_card_product product = {.batch = a->dim[0],
        .m = a->dim[1],
        .n = b->dim[2],
        .k = a->dim[2],
        .alpha = task->attr.gemm.alpha,
        .beta = task->attr.gemm.beta,
        .has_c = task->attr.gemm.beta != 0.0};
    sy_status status = check_dims(task, &product, err);
    if (status == SY_OK)
        status = read_matrix(a, 0, &product.a, err);
    if (status == SY_OK)
        status = read_matrix(b, 1, &product.b, err);
    if (status == SY_OK)
        status = read_matrix(sy_task_output(task, 0), task->n_in, &product.d, err);
    product.c = product.d;
    if (status == SY_OK && product.has_c)
        status = read_matrix(&task->tensor[2], 2, &product.c, err);
    if (status == SY_OK && (product.d.is_transposed || product.c.is_transposed))
        status = sy_error_set(err, SY_UNSUPPORTED, "an output that lies transposed");
    if (status == SY_OK)
        status = sy_card_epilogue_read(task, &product.epilogue, err);
    *out_product = product;
    return status;
}
