/* Products of floats. */
#include "tests/vendor_sim/ascend/product.h"

#include <stdlib.h>

#include "tests/vendor_sim/common/settings.h"

/* Places of tensors in a plan. */
enum { A = 0, B = 1, OUT = 2, C = 3 };

/* What an operator takes, besides its tensors. */
typedef struct limits {
    uint32_t least, most; /* dimensions */
    bool wants_nz;
} limits;

static int run(const as_plan *plan, char *const *view) {
    as_product product = {.a = plan->tensor[A],
        .b = plan->tensor[B],
        .d = plan->tensor[OUT],
        .a_data = view[A],
        .b_data = view[B],
        .d_data = view[OUT],
        .alpha = plan->number[0],
        .beta = plan->number[1],
        .rounding = plan->rounding};
    char *packed = NULL;
    if (product.b.format == ACL_FORMAT_FRACTAL_NZ) {
        packed = as_nz_unpack(&product.b, view[B]);
        if (packed == NULL)
            return -1;
        product.b_data = packed;
    }
    if (product.beta != 0) {
        product.c = plan->tensor[C];
        product.c_data = view[C];
    }
    as_product_shape(&product);
    int code = as_product_run(&product);
    free(packed);
    return code;
}

/* The type of two types: that of both, or f32. */
static int promoted(int one, int other) {
    return one == other ? one : ACL_FLOAT;
}

static int check_types(as_plan *plan, int8_t cube_math) {
    const as_tensor *a = &plan->tensor[A], *b = &plan->tensor[B], *out = &plan->tensor[OUT];
    int both = promoted(a->type, b->type);
    int code =
        as_cube(plan, a->type == b->type || a->type == ACL_FLOAT ? a->type : b->type, cube_math, false);
    if (code != ACLNN_SUCCESS)
        return code;
    if (!as_type_is_float(a->type) || !as_type_is_float(b->type))
        return as_refuse("types %d and %d", a->type, b->type);
    bool is_widened = out->type == ACL_FLOAT && as_is_on("wide_out", as_cann() >= 9);
    return out->type == both || is_widened ? ACLNN_SUCCESS
                                           : as_refuse("type %d of the output is not %d", out->type, both);
}

static int check_formats(const as_plan *plan, const limits *of) {
    int b_format = plan->tensor[B].format;
    bool takes_nz = of->wants_nz || as_is_on("nz_in_matmul", true);
    if (plan->tensor[A].format != ACL_FORMAT_ND || plan->tensor[OUT].format != ACL_FORMAT_ND ||
        (b_format != ACL_FORMAT_ND && !(b_format == ACL_FORMAT_FRACTAL_NZ && takes_nz)))
        return as_refuse("formats %d, %d, %d", plan->tensor[A].format, b_format, plan->tensor[OUT].format);
    if (of->wants_nz && b_format != ACL_FORMAT_FRACTAL_NZ)
        return as_refuse("the second matrix is not FRACTAL_NZ");
    if (b_format == ACL_FORMAT_FRACTAL_NZ && !as_tensor_is_packed(&plan->tensor[B]))
        return as_refuse("a view of FRACTAL_NZ");
    return ACLNN_SUCCESS;
}

static int check_ranks(const as_plan *plan, const limits *of) {
    for (uint32_t i = A; i <= OUT; i++) {
        uint32_t rank = plan->tensor[i].rank;
        bool may_be_none = i == OUT && of->least == 1;
        if ((rank < of->least && !may_be_none) || rank > of->most)
            return as_refuse("tensor %u has %u dimensions", i, rank);
    }
    return ACLNN_SUCCESS;
}

static int plan_product(as_plan *plan, const limits *of, int8_t cube_math) {
    int code = check_types(plan, cube_math);
    if (code == ACLNN_SUCCESS)
        code = check_formats(plan, of);
    if (code == ACLNN_SUCCESS)
        code = check_ranks(plan, of);
    if (code == ACLNN_SUCCESS)
        code = as_check_views(plan, true);
    if (code != ACLNN_SUCCESS)
        return code;
    as_product product = {.a = plan->tensor[A], .b = plan->tensor[B], .d = plan->tensor[OUT]};
    const char *wrong = as_product_shape(&product);
    if (wrong != NULL)
        return as_refuse("%s", wrong);
    plan->flop = as_product_flop(&product);
    plan->run = run;
    return ACLNN_SUCCESS;
}

/* d = a b. */
static int plan_plain(as_plan *plan, int code, const aclTensor *a, const aclTensor *b, aclTensor *out,
    const limits *of, int8_t cube_math) {
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(plan, a, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(plan, b, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(plan, out, true, false);
    plan->number[0] = 1;
    return as_plan_end(plan, code == ACLNN_SUCCESS ? plan_product(plan, of, cube_math) : code);
}

aclnnStatus aclnnMatmulGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out,
    int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnMatmul", workspace_bytes, executor);
    return plan_plain(&plan, code, self, mat2, out, &(limits){1, 6, false}, cube_math);
}

aclnnStatus aclnnMmGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out,
    int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnMm", workspace_bytes, executor);
    return plan_plain(&plan, code, self, mat2, out, &(limits){2, 2, false}, cube_math);
}

aclnnStatus aclnnBatchMatMulGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out,
    int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnBatchMatMul", workspace_bytes, executor);
    return plan_plain(&plan, code, self, mat2, out, &(limits){3, 3, false}, cube_math);
}

aclnnStatus aclnnMatmulWeightNzGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out,
    int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnMatmulWeightNz", workspace_bytes, executor);
    return plan_plain(&plan, code, self, mat2, out, &(limits){2, 6, true}, cube_math);
}

aclnnStatus aclnnBatchMatMulWeightNzGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2,
    aclTensor *out, int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnBatchMatMulWeightNz", workspace_bytes, executor);
    return plan_plain(&plan, code, self, mat2, out, &(limits){3, 3, true}, cube_math);
}

/* c is of the output's shape, or repeated to it. */
static int plan_with_addend(as_plan *plan, const aclTensor *a, const aclTensor *b, aclTensor *out,
    const aclTensor *c, int8_t cube_math) {
    int code = as_plan_add(plan, a, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(plan, b, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(plan, out, true, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(plan, c, false, false);
    return code == ACLNN_SUCCESS ? plan_product(plan, &(limits){2, 2, false}, cube_math) : code;
}

static int check_addend(const as_plan *plan) {
    const as_tensor *c = &plan->tensor[C], *out = &plan->tensor[OUT];
    if (c->rank > 2 || !as_type_is_float(c->type))
        return as_refuse("what is added has %u dimensions, type %d", c->rank, c->type);
    for (uint32_t i = 0; i < c->rank; i++)
        if (c->dim[i] != 1 && c->dim[i] != out->dim[2 - c->rank + i])
            return as_refuse("what is added does not go with the output");
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnAddmmGetWorkspaceSize(const aclTensor *self, const aclTensor *mat1, const aclTensor *mat2,
    const aclScalar *beta, const aclScalar *alpha, aclTensor *out, int8_t cube_math,
    uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnAddmm", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS)
        code = as_plan_scalar(alpha, &plan.number[0]);
    if (code == ACLNN_SUCCESS)
        code = as_plan_scalar(beta, &plan.number[1]);
    if (code == ACLNN_SUCCESS)
        code = plan_with_addend(&plan, mat1, mat2, out, self, cube_math);
    return as_plan_end(&plan, code == ACLNN_SUCCESS ? check_addend(&plan) : code);
}

aclnnStatus aclnnGemmGetWorkspaceSize(const aclTensor *a, const aclTensor *b, const aclTensor *c, float alpha,
    float beta, int64_t trans_a, int64_t trans_b, aclTensor *out, int8_t cube_math, uint64_t *workspace_bytes,
    aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnGemm", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS && (trans_a & ~INT64_C(1)) + (trans_b & ~INT64_C(1)) != 0)
        code = as_refuse("transA %lld, transB %lld", (long long)trans_a, (long long)trans_b);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, a, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, b, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, out, true, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, c, false, false);
    if (code != ACLNN_SUCCESS)
        return as_plan_end(&plan, code);
    if (trans_a != 0)
        as_transpose(&plan.tensor[A]);
    if (trans_b != 0)
        as_transpose(&plan.tensor[B]);
    plan.number[0] = (double)alpha;
    plan.number[1] = (double)beta;
    code = plan_product(&plan, &(limits){2, 2, false}, cube_math);
    return as_plan_end(&plan, code == ACLNN_SUCCESS ? check_addend(&plan) : code);
}

AS_PHASE_TWO(aclnnMatmul) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnMm) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnBatchMatMul) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnMatmulWeightNz) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnBatchMatMulWeightNz) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnAddmm) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnGemm) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
