/* The family "clblast": which products the library can do, and how they are told to it. */
#include "backends/opencl/clblast.h"

#include "backends/opencl/contraction.h"
#include "runtime/base/error.h"

static sy_status check_types(const ocl_traits *traits, const sy_task *task, sy_error *err) {
    const sy_tensor *a = &task->tensor[0], *b = &task->tensor[1], *d = sy_task_output(task, 0);
    if (a->dtype != b->dtype || a->dtype != d->dtype ||
        (a->dtype != SY_F32 && a->dtype != SY_F64 && a->dtype != SY_F16))
        return sy_error_set(err, SY_UNSUPPORTED, "f32, f64 or f16 throughout, not %s x %s to %s",
            sy_dtype_name(a->dtype), sy_dtype_name(b->dtype), sy_dtype_name(d->dtype));
    if (task->acc_dtype != a->dtype)
        return sy_error_set(err, SY_UNSUPPORTED, "products of %s are summed in %s, not in %s",
            sy_dtype_name(a->dtype), sy_dtype_name(a->dtype), sy_dtype_name(task->acc_dtype));
    if ((a->dtype == SY_F16 && !traits->fp16) || (a->dtype == SY_F64 && !traits->fp64))
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s: the device has no arithmetic in it", sy_dtype_name(a->dtype));
    return SY_OK;
}

static sy_status check_extents(const sy_task *task, sy_error *err) {
    const sy_tensor *a = &task->tensor[0], *b = &task->tensor[1], *c = &task->tensor[2],
                    *d = sy_task_output(task, 0);
    bool reads_c = task->attr.gemm.beta != 0.0;
    const int64_t dim_b[] = {a->dim[0], a->dim[2], b->dim[2]}, dim_d[] = {a->dim[0], a->dim[1], b->dim[2]};
    if (!ocl_has_dims(a, a->dim, 3) || !ocl_has_dims(b, dim_b, 3) || !ocl_has_dims(d, dim_d, 3) ||
        (reads_c && !ocl_has_dims(c, dim_d, 3)))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "gemm wants A[batch,m,k], B[batch,k,n], %sD[batch,m,n]",
            reads_c ? "C[batch,m,n] and " : "");
    if (sy_task_tensor_elements(a) == 0 || sy_task_tensor_elements(b) == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "m, n, k and batch must be at least 1");
    bool same = !reads_c || c->dtype == d->dtype;
    for (uint32_t i = 0; same && reads_c && i < 3; i++)
        same = c->stride[i] == d->stride[i] || d->dim[i] == 1;
    if (!same)
        return sy_error_set(err, SY_UNSUPPORTED, "C must be of the type and strides of the result");
    if (task->n_post > 0)
        return sy_error_set(err, SY_UNSUPPORTED, "nothing can follow the sums");
    return SY_OK;
}

static size_t at_least(int64_t lead, int64_t least) {
    return (size_t)(lead > least ? lead : least);
}

/* Row-major with rows at least as far apart as they are long, or the same of its transpose. */
static bool read_matrix(
    const sy_tensor *tensor, uint32_t index, bool may_be_transposed, ocl_clblast_matrix *out) {
    const int64_t *dim = tensor->dim, *stride = tensor->stride;
    bool rows = (stride[2] == 1 || dim[2] == 1) && (stride[1] >= dim[2] || dim[1] == 1);
    bool columns =
        may_be_transposed && (stride[1] == 1 || dim[1] == 1) && (stride[2] >= dim[1] || dim[2] == 1);
    *out = (ocl_clblast_matrix){.tensor = index,
        .transpose = rows ? OCL_CLBLAST_AS_IS : OCL_CLBLAST_TRANSPOSED,
        .lead = rows ? at_least(dim[1] == 1 ? 0 : stride[1], dim[2])
                     : at_least(dim[2] == 1 ? 0 : stride[2], dim[1]),
        .stride = (size_t)stride[0]};
    return rows || columns;
}

sy_status ocl_clblast_read(
    const ocl_traits *traits, const sy_task *task, ocl_clblast_product *out_product, sy_error *err) {
    sy_task settled = *task;
    sy_task_settle(&settled);
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (!sy_task_tensor_is_absent(&settled.tensor[i]) && settled.tensor[i].layout != SY_LAYOUT_STRIDED)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "tensor %u is not strided", i);
    sy_status status = check_types(traits, &settled, err);
    if (status == SY_OK)
        status = check_extents(&settled, err);
    if (status != SY_OK)
        return status;
    const sy_tensor *a = &settled.tensor[0], *b = &settled.tensor[1], *d = sy_task_output(&settled, 0);
    *out_product = (ocl_clblast_product){.dtype = a->dtype,
        .m = (size_t)a->dim[1],
        .n = (size_t)b->dim[2],
        .k = (size_t)a->dim[2],
        .batch = (size_t)a->dim[0],
        .alpha = task->attr.gemm.alpha,
        .beta = task->attr.gemm.beta};
    if (!read_matrix(a, 0, true, &out_product->a) || !read_matrix(b, 1, true, &out_product->b) ||
        !read_matrix(d, task->n_in, false, &out_product->d))
        return sy_error_set(err, SY_UNSUPPORTED,
            "A and B must be row-major or transposed, the result row-major, rows not overlapping");
    return SY_OK;
}

static sy_status cook(const ocl_request *request, ocl_recipe *recipe, sy_error *err) {
    ocl_clblast_product product;
    if (request->task->variant != 0)
        return sy_error_set(err, SY_UNAVAILABLE, "clblast has no variants");
    sy_status status = ocl_clblast_read(request->traits, request->task, &product, err);
    if (status != SY_OK)
        return status;
    recipe->peer = &ocl_clblast_peer;
    recipe->flags |= product.beta != 0.0 ? SY_ALGO_IN_PLACE_C : 0u;
    return SY_OK;
}

const ocl_family ocl_clblast_family = {.name = "clblast", .ops = 1u << SY_OP_GEMM, .cook = cook};
