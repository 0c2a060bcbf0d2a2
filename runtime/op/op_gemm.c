/* gemm: C[m,n] = alpha op(A)[m,k] op(B)[k,n] + beta C, row-major, `batch` of them. */
#include <math.h>

#include "runtime/base/error.h"
#include "runtime/op/op.h"
#include "runtime/op/storage.h"

#define AT(member) offsetof(sy_spec, u.gemm.member)

static const sy_op_field fields[] = {
    {.key = "m", .kind = SY_FIELD_INT, .offset = AT(m), .least = 1},
    {.key = "n", .kind = SY_FIELD_INT, .offset = AT(n), .least = 1},
    {.key = "k", .kind = SY_FIELD_INT, .offset = AT(k), .least = 0},
    {.key = "batch",
        .kind = SY_FIELD_INT,
        .offset = AT(batch),
        .least = 1,
        .silent = SY_SILENT_TEXT,
        .fallback = "1"},
    {.key = "ta", .kind = SY_FIELD_FLAG, .offset = AT(ta), .silent = SY_SILENT_TEXT, .fallback = "0"},
    {.key = "tb", .kind = SY_FIELD_FLAG, .offset = AT(tb), .silent = SY_SILENT_TEXT, .fallback = "0"},
    {.key = "alpha", .kind = SY_FIELD_REAL, .offset = AT(alpha), .silent = SY_SILENT_TEXT, .fallback = "1"},
    {.key = "beta", .kind = SY_FIELD_REAL, .offset = AT(beta), .silent = SY_SILENT_TEXT, .fallback = "0"},
    {.key = "epilogue",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_spec, epilogue),
        .silent = SY_SILENT_TEXT,
        .fallback = "none",
        .name = sy_spec_epilogue_name,
        .first = SY_EPILOGUE_NONE,
        .last = SY_EPILOGUE_DEQUANT},
    {.key = "dtype", .kind = SY_FIELD_DTYPES, .silent = SY_SILENT_DTYPE},
    {.key = "math",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_spec, math),
        .silent = SY_SILENT_MATH,
        .name = sy_math_name,
        .first = SY_MATH_STRICT,
        .last = SY_MATH_ANY},
    {.key = "weights",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_spec, weights),
        .silent = SY_SILENT_WEIGHTS,
        .name = sy_spec_weights_name,
        .first = SY_WEIGHTS_CONST,
        .last = SY_WEIGHTS_DYNAMIC},
};

/* Integers know alpha = 1 and beta = 0 or 1 alone; scalars of the others must fit the type they act in. */
static sy_status validate(const sy_spec *spec, sy_error *err) {
    const sy_spec_gemm *gemm = &spec->u.gemm;
    if (spec->dtype_acc == SY_S32) {
        if (gemm->alpha != 1.0)
            return sy_error_set(err, SY_UNSUPPORTED, "gemm: alpha must be 1 for integer sums");
        if (gemm->beta != 0.0 && (gemm->beta != 1.0 || spec->epilogue == SY_EPILOGUE_DEQUANT))
            return sy_error_set(err, SY_UNSUPPORTED, "gemm: beta must be 0%s for integer sums",
                spec->epilogue == SY_EPILOGUE_DEQUANT ? "" : " or 1");
    }
    double largest = sy_dtype_largest(spec->dtype_acc);
    if (fabs(gemm->alpha) > largest || fabs(gemm->beta) > largest)
        return sy_error_set(err, SY_OVERFLOW,
            "gemm: alpha and beta must be within the range of the sums' type %s",
            sy_dtype_name(spec->dtype_acc));
    return SY_OK;
}

static sy_status count_flop(const sy_spec *spec, uint64_t *out_flop, sy_error *err) {
    const sy_spec_gemm *gemm = &spec->u.gemm;
    const int64_t factor[] = {2, gemm->m, gemm->n, gemm->k, gemm->batch};
    return sy_op_product("gemm", "2 m n k batch FLOP", factor, 5, out_flop, err);
}

/* Let the two inner dims of a packed rank-3 tensor lie in memory the other way round. */
static void transpose(sy_tensor *tensor) {
    tensor->stride[1] = 1;
    tensor->stride[2] = tensor->dim[1] > 1 ? tensor->dim[1] : 1;
}

static void make_problem(const sy_spec *spec, sy_problem_storage *storage) {
    const sy_spec_gemm *gemm = &spec->u.gemm;
    const int64_t dim_a[] = {gemm->batch, gemm->m, gemm->k};
    const int64_t dim_b[] = {gemm->batch, gemm->k, gemm->n};
    const int64_t dim_d[] = {gemm->batch, gemm->m, gemm->n};
    sy_tensor *a = sy_storage_add(storage, SY_ROLE_ACTIVATION, spec->dtype_a, 3, dim_a);
    if (gemm->ta != 0)
        transpose(a);
    sy_tensor *b = sy_storage_add(storage, SY_ROLE_WEIGHT, spec->dtype_b, 3, dim_b);
    if (gemm->tb != 0)
        transpose(b);
    b->flags |= spec->weights == SY_WEIGHTS_CONST ? SY_TENSOR_CONST : 0;
    if (gemm->beta != 0.0)
        sy_storage_add(storage, SY_ROLE_ACCUMULATE, spec->dtype_c, 3, dim_d);
    else
        sy_storage_add_absent(storage);
    sy_problem_storage output = {0};
    sy_storage_add(&output, SY_ROLE_OUTPUT, spec->dtype_c, 3, dim_d);
    sy_storage_add_epilogue(storage, spec, &output.tensor[0], gemm->m, gemm->n);
    sy_storage_add(storage, SY_ROLE_OUTPUT, spec->dtype_c, 3, dim_d);
    storage->attr.gemm = (sy_gemm_attr){.size = sizeof(sy_gemm_attr),
        .trans_a = gemm->ta,
        .trans_b = gemm->tb,
        .alpha = gemm->alpha,
        .beta = gemm->beta};
    sy_storage_finish(storage, SY_OP_GEMM, spec);
}

const sy_op_row sy_op_gemm = {
    .op = SY_SPEC_GEMM,
    .name = "gemm",
    .field = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .validate = validate,
    .flop = count_flop,
    .problem = make_problem,
};
