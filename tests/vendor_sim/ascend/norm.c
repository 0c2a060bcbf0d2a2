/* What is done row by row: Softmax and LayerNorm. */
#include "tests/vendor_sim/ascend/op.h"

#include <math.h>

/* Elements of a row: `count` of them, that far apart (bytes). */
typedef struct row {
    char *first;
    int64_t count, step;
    int type;
} row;

static double get(const row *of, int64_t i) {
    return as_element_get(of->type, of->first + i * of->step);
}

static void set(const row *of, int64_t i, double value) {
    as_element_set(of->type, of->first + i * of->step, value);
}

static void softmax(const row *from, const row *to) {
    double largest = -INFINITY, sum = 0;
    for (int64_t i = 0; i < from->count; i++)
        largest = fmax(largest, get(from, i));
    for (int64_t i = 0; i < from->count; i++)
        sum += exp(get(from, i) - largest);
    for (int64_t i = 0; i < from->count; i++)
        set(to, i, exp(get(from, i) - largest) / sum);
}

static row row_at(const as_plan *plan, char *const *view, uint32_t i, const int64_t *index, int64_t dim) {
    const as_tensor *tensor = &plan->tensor[i];
    return (row){view[i] + as_tensor_at(tensor, tensor->rank, index), tensor->dim[dim],
        tensor->stride[dim] * (int64_t)as_type_bytes(tensor->type), tensor->type};
}

static int run_softmax(const as_plan *plan, char *const *view) {
    const as_tensor *out = &plan->tensor[1];
    int64_t along = plan->integer[0], index[AS_RANK_MAX] = {0};
    if (as_tensor_elements(out) == 0)
        return 0;
    do {
        row from = row_at(plan, view, 0, index, along), to = row_at(plan, view, 1, index, along);
        if (index[along] == 0)
            softmax(&from, &to);
    } while (as_next(out->rank, out->dim, index));
    return 0;
}

static int check_float(const as_plan *plan) {
    for (uint32_t i = 0; i < plan->count; i++)
        if (plan->handle[i] != NULL &&
            (!as_type_is_float(plan->tensor[i].type) ||
                (plan->tensor[i].type == ACL_BF16 && !as_soc_has_bf16(plan->device))))
            return as_refuse("tensor %u has type %d", i, plan->tensor[i].type);
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnSoftmaxGetWorkspaceSize(
    const aclTensor *self, int64_t dim, aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnSoftmax", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, self, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, out, true, false);
    if (code == ACLNN_SUCCESS)
        code = check_float(&plan);
    int64_t rank = plan.tensor[0].rank;
    if (code == ACLNN_SUCCESS &&
        (dim < -rank || dim >= rank ||
            !as_tensor_has_shape(&plan.tensor[1], (uint32_t)rank, plan.tensor[0].dim)))
        code = as_refuse("dim %lld, or the output has another shape", (long long)dim);
    plan.integer[0] = dim < 0 ? dim + rank : dim;
    plan.run = run_softmax;
    return as_plan_end(&plan, code);
}

/* Places of tensors of LayerNorm. integer[0]: elements of a row. */
enum { INPUT = 0, WEIGHT = 1, BIAS = 2, OUT = 3, MEAN = 4, RSTD = 5 };

/* Packed: element `at` of a tensor. */
static row packed_row(const as_plan *plan, char *const *view, uint32_t i, int64_t at) {
    int64_t step = as_type_bytes(plan->tensor[i].type);
    char *first = view[i] != NULL ? view[i] + at * step : NULL;
    return (row){first, plan->integer[0], step, plan->tensor[i].type};
}

static void normalise(const as_plan *plan, char *const *view, int64_t number) {
    int64_t count = plan->integer[0];
    row from = packed_row(plan, view, INPUT, number * count),
        to = packed_row(plan, view, OUT, number * count);
    double mean = 0, variance = 0;
    for (int64_t i = 0; i < count; i++)
        mean += get(&from, i) / (double)count;
    for (int64_t i = 0; i < count; i++)
        variance += (get(&from, i) - mean) * (get(&from, i) - mean) / (double)count;
    double rstd = 1 / sqrt(variance + plan->number[0]);
    row weight = packed_row(plan, view, WEIGHT, 0), bias = packed_row(plan, view, BIAS, 0);
    for (int64_t i = 0; i < count; i++) {
        double value = (get(&from, i) - mean) * rstd;
        value *= view[WEIGHT] != NULL ? get(&weight, i) : 1;
        value += view[BIAS] != NULL ? get(&bias, i) : 0;
        set(&to, i, value);
    }
    row means = packed_row(plan, view, MEAN, 0), rstds = packed_row(plan, view, RSTD, 0);
    if (view[MEAN] != NULL)
        set(&means, number, mean);
    if (view[RSTD] != NULL)
        set(&rstds, number, rstd);
}

static int run_norm(const as_plan *plan, char *const *view) {
    int64_t all = as_tensor_elements(&plan->tensor[INPUT]);
    for (int64_t i = 0; plan->integer[0] > 0 && i < all / plan->integer[0]; i++)
        normalise(plan, view, i);
    return 0;
}

static int check_norm(as_plan *plan, const as_ints *shape) {
    const as_tensor *input = &plan->tensor[INPUT];
    int64_t count = 1;
    if (shape->count > input->rank || !as_tensor_has_shape(&plan->tensor[OUT], input->rank, input->dim))
        return as_refuse("the output, or what is normalised, is of another shape");
    for (uint64_t i = 0; i < shape->count; i++, count *= shape->value[i - 1])
        if (shape->value[i] != input->dim[input->rank - shape->count + i])
            return as_refuse("what is normalised is not the end of the input's shape");
    for (uint32_t i = 0; i < plan->count; i++) {
        int64_t elements = as_tensor_elements(&plan->tensor[i]), all = as_tensor_elements(input);
        bool is_of_row = i == WEIGHT || i == BIAS;
        int64_t wanted = is_of_row ? count : i == MEAN || i == RSTD ? all / (count > 0 ? count : 1) : all;
        if (plan->handle[i] != NULL && (elements != wanted || !as_tensor_is_packed(&plan->tensor[i])))
            return as_refuse("tensor %u has %lld elements, or gaps", i, (long long)elements);
    }
    plan->integer[0] = count;
    return check_float(plan);
}

aclnnStatus aclnnLayerNormGetWorkspaceSize(const aclTensor *input, const aclIntArray *shape,
    const aclTensor *weight, const aclTensor *bias, double epsilon, aclTensor *out, aclTensor *mean,
    aclTensor *rstd, uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    const as_ints *dims = NULL;
    const aclTensor *tensors[] = {input, weight, bias, out, mean, rstd};
    int code = as_plan_begin(&plan, __func__, "aclnnLayerNorm", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS)
        code = as_plan_ints(shape, 1, AS_RANK_MAX, &dims);
    for (uint32_t i = 0; i <= RSTD && code == ACLNN_SUCCESS; i++)
        code = as_plan_add(&plan, tensors[i], i >= OUT, i != INPUT && i != OUT);
    plan.number[0] = epsilon;
    plan.run = run_norm;
    return as_plan_end(&plan, code == ACLNN_SUCCESS ? check_norm(&plan, dims) : code);
}

AS_PHASE_TWO(aclnnSoftmax) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
AS_PHASE_TWO(aclnnLayerNorm) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
