/* Products of s8, and what becomes of their sums. */
#include "tests/vendor_sim/ascend/product.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/ascend/scale.h"
#include "tests/vendor_sim/common/settings.h"

/* Places of tensors in a plan. ROW_SCALE is of x1, SCALE of x2. */
enum { X1 = 0, X2 = 1, SCALE = 2, OFFSET = 3, ROW_SCALE = 4, BIAS = 5, OUT = 6, TENSORS = 7 };

/* number[0]: the scale where there is no tensor of it; integer[0]: s32 is scaled, too. */
static double finished(const as_plan *plan, char *const *view, double sum, int64_t row, int64_t column) {
    const as_tensor *out = &plan->tensor[OUT];
    double scale = plan->number[0], offset = 0;
    if (view[BIAS] != NULL)
        sum += as_element_get(
            plan->tensor[BIAS].type, view[BIAS] + column * (int64_t)as_type_bytes(plan->tensor[BIAS].type));
    if (view[SCALE] != NULL)
        scale = as_scale_at(&plan->tensor[SCALE], view[SCALE], column, &offset);
    if (view[OFFSET] != NULL)
        offset = as_scale_at(&plan->tensor[OFFSET], view[OFFSET], column, NULL);
    if (view[ROW_SCALE] != NULL)
        scale *= as_scale_at(&plan->tensor[ROW_SCALE], view[ROW_SCALE], row, NULL);
    if (out->type == ACL_INT32 && plan->integer[0] == 0)
        return sum;
    return sum * scale + (out->type == ACL_INT8 ? offset : 0);
}

static void finish(const as_plan *plan, char *const *view, const double *sums) {
    const as_tensor *out = &plan->tensor[OUT];
    int64_t index[AS_RANK_MAX] = {0};
    do {
        double value = finished(plan, view, *sums++, index[out->rank - 2], index[out->rank - 1]);
        as_element_set(out->type, view[OUT] + as_tensor_at(out, out->rank, index), value);
    } while (as_next(out->rank, out->dim, index));
}

static as_product product_of(const as_plan *plan) {
    as_product product = {.a = plan->tensor[X1], .b = plan->tensor[X2], .d = plan->tensor[OUT], .alpha = 1};
    product.d.type = ACL_DOUBLE;
    int64_t stride = 1;
    for (uint32_t i = product.d.rank; i-- > 0; stride *= product.d.dim[i])
        product.d.stride[i] = stride;
    return product;
}

static int run(const as_plan *plan, char *const *view) {
    as_product product = product_of(plan);
    size_t count = (size_t)as_tensor_elements(&product.d);
    double *sums = calloc(count + 1, sizeof *sums);
    char *packed = product.b.format == ACL_FORMAT_FRACTAL_NZ ? as_nz_unpack(&product.b, view[X2]) : NULL;
    bool is_ok = sums != NULL && (packed != NULL || plan->tensor[X2].format != ACL_FORMAT_FRACTAL_NZ);
    product.a_data = view[X1];
    product.b_data = packed != NULL ? packed : view[X2];
    product.d_data = (char *)sums;
    as_product_shape(&product);
    if (is_ok && as_product_run(&product) == 0 && count > 0)
        finish(plan, view, sums);
    free(packed);
    free(sums);
    return is_ok ? 0 : -1;
}

static bool is_given(const as_plan *plan, uint32_t i) {
    return plan->handle[i] != NULL;
}

/* A vector of 1 or of `count` elements. */
static int check_vector(const as_plan *plan, uint32_t i, int64_t count, const char *name) {
    const as_tensor *tensor = &plan->tensor[i];
    bool is_ok =
        !is_given(plan, i) || (tensor->rank == 1 && (tensor->dim[0] == 1 || tensor->dim[0] == count) &&
                                  as_tensor_is_packed(tensor));
    return is_ok ? ACLNN_SUCCESS : as_refuse("%s is not [1] or [%lld]", name, (long long)count);
}

/* What goes together: the type of the scale and of the output. */
static int check_output(const as_plan *plan) {
    int out = plan->tensor[OUT].type, scale = is_given(plan, SCALE) ? plan->tensor[SCALE].type : ACL_UINT64;
    bool is_packed = scale == ACL_UINT64 || scale == ACL_INT64;
    bool is_big = as_soc_has_f32(plan->device);
    bool is_ok = is_packed && !is_given(plan, ROW_SCALE) && (out == ACL_FLOAT16 || out == ACL_INT8);
    if (is_big && is_given(plan, ROW_SCALE))
        is_ok = scale == ACL_FLOAT && (out == ACL_FLOAT16 || out == ACL_BF16);
    else if (is_big && (scale == ACL_FLOAT || scale == ACL_BF16))
        is_ok = out == ACL_INT32 || out == ACL_BF16;
    return is_ok ? ACLNN_SUCCESS
                 : as_refuse("a scale of type %d and an output of type %d on %s", scale, out,
                       as_soc_name(plan->device));
}

static int check_inputs(const as_plan *plan) {
    const as_tensor *x1 = &plan->tensor[X1], *x2 = &plan->tensor[X2];
    if (as_soc_family(plan->device) == AS_310B)
        return as_refuse("not on %s", as_soc_name(plan->device));
    if (as_soc_family(plan->device) == AS_910A && !as_is_on("quant_910a", false))
        return as_refuse("not on %s", as_soc_name(plan->device));
    if (x1->type != ACL_INT8 || x2->type != ACL_INT8)
        return as_refuse("types %d and %d", x1->type, x2->type);
    if (x1->rank < 2 || x1->rank > 6 || x2->rank < 2 || x2->rank > 6)
        return as_refuse("matrices of %u and %u dimensions", x1->rank, x2->rank);
    if (x1->format != ACL_FORMAT_ND || (x2->format != ACL_FORMAT_ND && x2->format != ACL_FORMAT_FRACTAL_NZ))
        return as_refuse("formats %d and %d", x1->format, x2->format);
    if (x1->dim[x1->rank - 1] > 65535 || x2->dim[x2->rank - 1] > 65535)
        return as_refuse("an inner dimension is more than 65535");
    return ACLNN_SUCCESS;
}

static int plan_quant(as_plan *plan, bool swaps_x1, bool swaps_x2) {
    int code = check_inputs(plan);
    if (code == ACLNN_SUCCESS)
        code = check_output(plan);
    if (code == ACLNN_SUCCESS)
        code = as_check_views(plan, true);
    if (code != ACLNN_SUCCESS)
        return code;
    if (swaps_x1)
        as_transpose(&plan->tensor[X1]);
    if (swaps_x2 && plan->tensor[X2].format == ACL_FORMAT_FRACTAL_NZ)
        return as_refuse("FRACTAL_NZ the other way round");
    if (swaps_x2)
        as_transpose(&plan->tensor[X2]);
    as_product product = product_of(plan);
    const char *wrong = as_product_shape(&product);
    if (wrong != NULL)
        return as_refuse("%s", wrong);
    plan->flop = as_product_flop(&product);
    plan->run = run;
    plan->integer[0] = as_is_word("s32_scale", "ignored", "applied");
    bool is_s32_bias = !is_given(plan, BIAS) || plan->tensor[BIAS].type == ACL_INT32;
    if (!is_s32_bias || (is_given(plan, BIAS) && plan->tensor[BIAS].dim[0] != product.n))
        return as_refuse("bias is not s32 of [%lld]", (long long)product.n);
    code = check_vector(plan, SCALE, product.n, "scale");
    if (code == ACLNN_SUCCESS)
        code = check_vector(plan, OFFSET, product.n, "offset");
    if (code == ACLNN_SUCCESS)
        code = check_vector(plan, BIAS, product.n, "bias");
    return code == ACLNN_SUCCESS ? check_vector(plan, ROW_SCALE, product.m, "the scale of rows") : code;
}

/* Tensors in the order of the places. */
static int add_all(as_plan *plan, const aclTensor *const *tensors, bool needs_scale) {
    int code = ACLNN_SUCCESS;
    for (uint32_t i = 0; i < TENSORS && code == ACLNN_SUCCESS; i++) {
        bool is_needed = i == X1 || i == X2 || i == OUT || (i == SCALE && needs_scale);
        code = as_plan_add(plan, tensors[i], i == OUT, !is_needed);
    }
    return code;
}

aclnnStatus aclnnQuantMatmulGetWorkspaceSize(const aclTensor *x1, const aclTensor *x2, const aclTensor *bias,
    float scale, aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnQuantMatmul", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS)
        code = add_all(&plan, (const aclTensor *[]){x1, x2, NULL, NULL, NULL, bias, out}, false);
    plan.number[0] = (double)scale;
    return as_plan_end(&plan, code == ACLNN_SUCCESS ? plan_quant(&plan, false, false) : code);
}

aclnnStatus aclnnQuantMatmulV3GetWorkspaceSize(const aclTensor *x1, const aclTensor *x2,
    const aclTensor *scale, const aclTensor *offset, const aclTensor *bias, bool transpose_x1,
    bool transpose_x2, const aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnQuantMatmulV3", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS)
        code = add_all(&plan, (const aclTensor *[]){x1, x2, scale, offset, NULL, bias, out}, true);
    return as_plan_end(&plan, code == ACLNN_SUCCESS ? plan_quant(&plan, transpose_x1, transpose_x2) : code);
}

aclnnStatus aclnnQuantMatmulV4GetWorkspaceSize(const aclTensor *x1, const aclTensor *x2,
    const aclTensor *scale, const aclTensor *offset, const aclTensor *row_scale, const aclTensor *bias,
    bool transpose_x1, bool transpose_x2, const aclTensor *out, uint64_t *workspace_bytes,
    aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnQuantMatmulV4", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS)
        code = add_all(&plan, (const aclTensor *[]){x1, x2, scale, offset, row_scale, bias, out}, true);
    return as_plan_end(&plan, code == ACLNN_SUCCESS ? plan_quant(&plan, transpose_x1, transpose_x2) : code);
}

aclnnStatus aclnnQuantMatmulV5GetWorkspaceSize(const aclTensor *x1, const aclTensor *x2,
    const aclTensor *x1_scale, const aclTensor *x2_scale, const aclTensor *y_scale,
    const aclTensor *x1_offset, const aclTensor *x2_offset, const aclTensor *y_offset, const aclTensor *bias,
    bool transpose_x1, bool transpose_x2, int64_t group, aclTensor *out, uint64_t *workspace_bytes,
    aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnQuantMatmulV5", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS && (y_scale != NULL || x1_offset != NULL || y_offset != NULL || group != 0))
        code = as_refuse("yScale, x1Offset, yOffset or groupSize");
    if (code == ACLNN_SUCCESS)
        code = add_all(&plan, (const aclTensor *[]){x1, x2, x2_scale, x2_offset, x1_scale, bias, out}, true);
    return as_plan_end(&plan, code == ACLNN_SUCCESS ? plan_quant(&plan, transpose_x1, transpose_x2) : code);
}

AS_PHASE_TWO(aclnnQuantMatmul) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnQuantMatmulV3) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnQuantMatmulV4) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnQuantMatmulV5) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
