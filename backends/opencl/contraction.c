/* From a checked task to a contraction: matrix products; what is common to both. */
#include "backends/opencl/contraction.h"

#include "backends/opencl/element.h"
#include "backends/opencl/panels.h"
#include "runtime/base/error.h"

/* Extents and their products are ints in kernels. */
#define EXTENT_MAX INT64_C(0x7fffffff)

bool ocl_has_dims(const sy_tensor *tensor, const int64_t *dim, uint32_t rank) {
    bool same = !sy_task_tensor_is_absent(tensor) && tensor->rank == rank;
    for (uint32_t i = 0; same && i < rank; i++)
        same = tensor->dim[i] == dim[i];
    return same;
}

sy_status ocl_check_sizes(const int64_t *size, uint32_t count, sy_error *err) {
    for (uint32_t i = 0; i < count; i++)
        if (size[i] > EXTENT_MAX)
            return sy_error_set(
                err, SY_UNSUPPORTED, "an extent of %lld, at most 2^31 - 1 is done here", (long long)size[i]);
    return SY_OK;
}

/* What products of these types are summed in here, SY_DTYPE_NONE if they are not multiplied. */
static uint32_t sums_of(uint32_t left, uint32_t right) {
    bool both_double = left == SY_F64 && right == SY_F64;
    bool none_double = left != SY_F64 && right != SY_F64;
    bool both_float = sy_dtype_is_float(left) && sy_dtype_is_float(right);
    bool both_bytes = (left == SY_S8 || left == SY_U8) && (right == SY_S8 || right == SY_U8);
    if (both_double)
        return SY_F64;
    return both_float && none_double ? (uint32_t)SY_F32
           : both_bytes              ? (uint32_t)SY_S32
                                     : (uint32_t)SY_DTYPE_NONE;
}

static sy_status check_result(const ocl_contraction *c, sy_error *err) {
    bool is_whole = c->d.dtype == SY_S32;
    if ((c->acc_dtype == SY_F64) != (c->d.dtype == SY_F64) ||
        (c->has_c && c->acc_dtype == SY_F64 && c->c.dtype != SY_F64))
        return sy_error_set(err, SY_UNSUPPORTED, "sums in %s with results in %s", sy_dtype_name(c->acc_dtype),
            sy_dtype_name(c->d.dtype));
    if (is_whole && (c->acc_dtype != SY_S32 || c->n_post > 0 || c->has_c || c->alpha != 1.0))
        return sy_error_set(err, SY_UNSUPPORTED, "results in s32 are plain sums of 8-bit products here");
    return SY_OK;
}

static sy_status check_types(const ocl_traits *traits, const ocl_contraction *c, sy_error *err) {
    uint32_t dtype[4 + SY_MAX_POSTS] = {c->left.dtype, c->right.dtype, c->d.dtype}, count = 3;
    if (c->has_c)
        dtype[count++] = c->c.dtype;
    for (uint32_t i = 0; i < c->n_post; i++)
        if (c->post[i].operand.tensor != SY_NO_OPERAND)
            dtype[count++] = c->post[i].operand.dtype;
    for (uint32_t i = 0; i < count; i++) {
        sy_status status = ocl_element_check(traits, dtype[i], err);
        if (status != SY_OK)
            return status;
    }
    for (uint32_t i = 3; i < count; i++)
        if (dtype[i] == SY_F64 && c->acc_dtype != SY_F64)
            return sy_error_set(
                err, SY_UNSUPPORTED, "an f64 operand beside sums in %s", sy_dtype_name(c->acc_dtype));
    uint32_t sums = sums_of(c->left.dtype, c->right.dtype);
    if (sums != c->acc_dtype)
        return sy_error_set(err, SY_UNSUPPORTED, "products of %s and %s are not summed in %s here",
            sy_dtype_name(c->left.dtype), sy_dtype_name(c->right.dtype), sy_dtype_name(c->acc_dtype));
    return check_result(c, err);
}

/* Strides of a post's operand over (row, column, outer batch): a matrix like the output, or a vector. */
static sy_status read_post(const sy_task *task, uint32_t index, ocl_contraction *c, sy_error *err) {
    const sy_post *from = &task->post[index];
    ocl_post *post = &c->post[index];
    bool has_operand = from->kind == SY_POST_BIAS || from->kind == SY_POST_ADD ||
                       from->kind == SY_POST_SCALE_ROW || from->kind == SY_POST_SCALE_COL;
    *post = (ocl_post){.kind = from->kind, .a = from->a, .b = from->b, .operand = {.tensor = SY_NO_OPERAND}};
    if (!has_operand)
        return SY_OK;
    const sy_tensor *operand = &task->tensor[from->operand];
    const int64_t dim[] = {c->outer, c->rows, c->cols};
    bool is_row = from->kind == SY_POST_SCALE_ROW, is_matrix = from->kind == SY_POST_ADD;
    if (is_matrix ? !ocl_has_dims(operand, dim, 3) : !ocl_has_dims(operand, is_row ? &dim[1] : &dim[2], 1))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "the operand of post %u does not have the output's extents", index);
    post->operand = (ocl_matrix){.dtype = operand->dtype, .tensor = from->operand};
    if (is_matrix) {
        post->operand.outer_stride = operand->stride[0];
        post->operand.row_stride = operand->stride[1];
        post->operand.col_stride = operand->stride[2];
    } else if (is_row) {
        post->operand.row_stride = operand->stride[0];
    } else {
        post->operand.col_stride = operand->stride[0];
    }
    return SY_OK;
}

static ocl_matrix matrix_of(const sy_task *task, uint32_t tensor) {
    const sy_tensor *t = &task->tensor[tensor];
    return (ocl_matrix){.dtype = t->dtype,
        .tensor = tensor,
        .outer_stride = t->stride[0],
        .row_stride = t->stride[1],
        .col_stride = t->stride[2]};
}

static sy_status check_product(const sy_task *task, sy_error *err) {
    const sy_tensor *a = &task->tensor[0], *b = &task->tensor[1], *c = &task->tensor[2],
                    *d = sy_task_output(task, 0);
    const int64_t dim_b[] = {a->dim[0], a->dim[2], b->dim[2]}, dim_d[] = {a->dim[0], a->dim[1], b->dim[2]};
    bool reads_c = task->attr.gemm.beta != 0.0;
    if (!ocl_has_dims(a, a->dim, 3) || !ocl_has_dims(b, dim_b, 3) || !ocl_has_dims(d, dim_d, 3) ||
        (reads_c && !ocl_has_dims(c, dim_d, 3)))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "gemm wants A[batch,m,k], B[batch,k,n], %sD[batch,m,n]",
            reads_c ? "C[batch,m,n] and " : "");
    const int64_t size[] = {a->dim[0], a->dim[1], a->dim[2], b->dim[2]};
    return ocl_check_sizes(size, 4, err);
}

static sy_status read_product(const sy_task *task, ocl_contraction *c, sy_error *err) {
    sy_status status = check_product(task, err);
    if (status != SY_OK)
        return status;
    const sy_tensor *a = &task->tensor[0], *b = &task->tensor[1];
    c->outer = a->dim[0], c->inner = 1;
    c->rows = a->dim[1], c->cols = b->dim[2], c->depth = a->dim[2];
    c->alpha = task->attr.gemm.alpha, c->beta = task->attr.gemm.beta;
    c->has_c = c->beta != 0.0;
    c->left = (ocl_side){.dtype = a->dtype,
        .tensor = 0,
        .line_stride = a->stride[1],
        .depth_stride = a->stride[2],
        .outer_stride = a->stride[0]};
    c->right = (ocl_side){.dtype = b->dtype,
        .tensor = 1,
        .line_stride = b->stride[2],
        .depth_stride = b->stride[1],
        .outer_stride = b->stride[0]};
    c->d = matrix_of(task, task->n_in);
    if (c->has_c)
        c->c = matrix_of(task, 2);
    for (uint32_t i = 0; status == SY_OK && i < task->n_post; i++)
        status = read_post(task, i, c, err);
    return status;
}

static sy_status check_layouts(const sy_task *task, sy_error *err) {
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (!sy_task_tensor_is_absent(&task->tensor[i]) && task->tensor[i].layout != SY_LAYOUT_STRIDED &&
            i != 1)
            return sy_error_set(err, SY_UNSUPPORTED, "tensor %u is not strided", i);
    return SY_OK;
}

sy_status ocl_contraction_read(
    const ocl_traits *traits, const sy_task *task, ocl_contraction *out_contraction, sy_error *err) {
    sy_task settled = *task;
    *out_contraction = (ocl_contraction){.acc_dtype = task->acc_dtype, .n_post = task->n_post, .alpha = 1.0};
    sy_task_settle(&settled);
    sy_status status = check_layouts(&settled, err);
    if (status == SY_OK)
        status = task->op == SY_OP_CONV ? ocl_contraction_read_conv(&settled, out_contraction, err)
                                        : read_product(&settled, out_contraction, err);
    if (status == SY_OK && sy_layout_is_private(task->tensor[1].layout))
        status = ocl_contraction_take_panels(&settled, out_contraction, err);
    return status == SY_OK ? check_types(traits, out_contraction, err) : status;
}
