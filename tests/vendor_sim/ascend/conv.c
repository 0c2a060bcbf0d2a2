/* Convolutions of images. */
#include "tests/vendor_sim/ascend/product.h"

#include <string.h>

#include "tests/vendor_sim/common/arithmetic.h"
#include "tests/vendor_sim/common/settings.h"

/* Places of tensors, and of integers, in a plan. */
enum { INPUT = 0, WEIGHT = 1, BIAS = 2, OUTPUT = 3 };
enum { STRIDE = 0, DILATION = 2, TOP = 4, BOTTOM = 5, LEFT = 6, RIGHT = 7, GROUPS = 8 };

static sim_tensor operand(const as_plan *plan, char *const *view, uint32_t i) {
    const as_tensor *tensor = &plan->tensor[i];
    sim_tensor operand = {.data = view[i], .dtype = as_type_common(tensor->type)};
    memcpy(operand.stride, tensor->stride, sizeof operand.stride);
    return operand;
}

static sim_conv conv_of(const as_plan *plan) {
    const int64_t *x = plan->tensor[INPUT].dim, *w = plan->tensor[WEIGHT].dim, *y = plan->tensor[OUTPUT].dim;
    const int64_t *number = plan->integer;
    return (sim_conv){.n = x[0],
        .c = x[1],
        .h = x[2],
        .w = x[3],
        .k = w[0],
        .r = w[2],
        .s = w[3],
        .p = y[2],
        .q = y[3],
        .stride = {number[STRIDE], number[STRIDE + 1]},
        .dilation = {number[DILATION], number[DILATION + 1]},
        .pad = {number[TOP], number[LEFT]},
        .groups = number[GROUPS],
        .alpha = 1,
        .rounding = plan->rounding};
}

static int run(const as_plan *plan, char *const *view) {
    sim_conv conv = conv_of(plan);
    if (as_tensor_elements(&plan->tensor[OUTPUT]) == 0)
        return 0;
    conv.x = operand(plan, view, INPUT);
    conv.filter = operand(plan, view, WEIGHT);
    conv.y = operand(plan, view, OUTPUT);
    if (view[BIAS] != NULL)
        conv.bias = operand(plan, view, BIAS);
    return sim_conv_run(&conv);
}

static int read_pair(const aclIntArray *array, const char *name, int64_t least, int64_t most, int64_t *out) {
    const as_ints *ints = NULL;
    int code = as_plan_ints(array, 2, 2, &ints);
    for (int i = 0; code == ACLNN_SUCCESS && i < 2; i++) {
        out[i] = ints->value[i];
        if (out[i] < least || out[i] > most)
            code = as_refuse("%s of %lld", name, (long long)out[i]);
    }
    return code;
}

/* Four values are newer; which is which the setting says. */
static int read_padding(as_plan *plan, const aclIntArray *array) {
    const as_ints *ints = NULL;
    int code = as_plan_ints(array, 2, as_is_on("pad4", as_cann() >= 9) ? 4 : 2, &ints);
    if (code != ACLNN_SUCCESS)
        return code;
    if (ints->count == 3)
        return as_refuse("3 values of padding");
    int64_t pad[4] = {ints->value[0], ints->value[0], ints->value[1], ints->value[1]};
    bool is_left_first = as_is_word("pad4_order", "tblr", "lrtb");
    for (int i = 0; i < 4; i++) {
        if (ints->count == 4)
            pad[i] = ints->value[is_left_first ? (i + 2) % 4 : i];
        if (pad[i] < 0 || pad[i] > 255)
            return as_refuse("padding of %lld", (long long)pad[i]);
    }
    memcpy(plan->integer + TOP, pad, sizeof pad);
    return ACLNN_SUCCESS;
}

static int check_layouts(const as_plan *plan) {
    for (uint32_t i = INPUT; i <= OUTPUT; i++) {
        const as_tensor *tensor = &plan->tensor[i];
        if (i != BIAS && (tensor->format != ACL_FORMAT_NCHW || tensor->rank != 4))
            return as_refuse("tensor %u has format %d and %u dimensions", i, tensor->format, tensor->rank);
        if (plan->handle[i] != NULL && tensor->type != plan->tensor[INPUT].type)
            return as_refuse("tensor %u has type %d", i, tensor->type);
    }
    const as_tensor *bias = &plan->tensor[BIAS];
    bool is_vector = bias->rank == 1 && bias->dim[0] == plan->tensor[WEIGHT].dim[0];
    return plan->handle[BIAS] == NULL || (is_vector && bias->format == ACL_FORMAT_ND)
               ? ACLNN_SUCCESS
               : as_refuse("bias is not a vector of output channels");
}

static int64_t output_of(const as_plan *plan, int axis) {
    const int64_t *number = plan->integer;
    int64_t pads = axis == 0 ? number[TOP] + number[BOTTOM] : number[LEFT] + number[RIGHT];
    int64_t taps = (plan->tensor[WEIGHT].dim[2 + axis] - 1) * number[DILATION + axis] + 1;
    int64_t room = plan->tensor[INPUT].dim[2 + axis] + pads - taps;
    return room < 0 ? -1 : room / number[STRIDE + axis] + 1;
}

static int check_shapes(const as_plan *plan) {
    const int64_t *x = plan->tensor[INPUT].dim, *w = plan->tensor[WEIGHT].dim;
    int64_t groups = plan->integer[GROUPS];
    if (groups < 1 || groups > 65535 || w[1] * groups != x[1] || w[0] % groups != 0)
        return as_refuse(
            "%lld groups of %lld channels, %lld in all", (long long)groups, (long long)w[1], (long long)x[1]);
    if (w[2] < 1 || w[2] > 255 || w[3] < 1 || w[3] > 255)
        return as_refuse("a kernel of %lld x %lld", (long long)w[2], (long long)w[3]);
    int64_t wanted[4] = {x[0], w[0], output_of(plan, 0), output_of(plan, 1)};
    return as_tensor_has_shape(&plan->tensor[OUTPUT], 4, wanted)
               ? ACLNN_SUCCESS
               : as_refuse("the output is not %lld x %lld x %lld x %lld", (long long)wanted[0],
                     (long long)wanted[1], (long long)wanted[2], (long long)wanted[3]);
}

static int plan_conv(as_plan *plan, int8_t cube_math) {
    int code = as_cube(plan, plan->tensor[INPUT].type, cube_math, true);
    if (code == ACLNN_SUCCESS)
        code = check_layouts(plan);
    if (code == ACLNN_SUCCESS)
        code = check_shapes(plan);
    if (code == ACLNN_SUCCESS)
        code = as_check_views(plan, false);
    if (code != ACLNN_SUCCESS)
        return code;
    sim_conv conv = conv_of(plan);
    plan->flop = sim_conv_flop(&conv);
    plan->run = run;
    return ACLNN_SUCCESS;
}

static int read_numbers(as_plan *plan, const aclIntArray *stride, const aclIntArray *padding,
    const aclIntArray *dilation, const aclIntArray *output_padding) {
    int64_t unused[2];
    int code = read_pair(stride, "stride", 1, INT32_MAX, plan->integer + STRIDE);
    if (code == ACLNN_SUCCESS)
        code = read_padding(plan, padding);
    if (code == ACLNN_SUCCESS)
        code = read_pair(dilation, "dilation", 1, INT32_MAX, plan->integer + DILATION);
    return code == ACLNN_SUCCESS ? read_pair(output_padding, "outputPadding", 0, 255, unused) : code;
}

aclnnStatus aclnnConvolutionGetWorkspaceSize(const aclTensor *input, const aclTensor *weight,
    const aclTensor *bias, const aclIntArray *stride, const aclIntArray *padding, const aclIntArray *dilation,
    bool transposed, const aclIntArray *output_padding, int64_t groups, aclTensor *output, int8_t cube_math,
    uint64_t *workspace_bytes, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnConvolution", workspace_bytes, executor);
    if (code == ACLNN_SUCCESS && transposed)
        code = as_refuse("transposed is not simulated");
    plan.integer[GROUPS] = groups;
    if (code == ACLNN_SUCCESS)
        code = read_numbers(&plan, stride, padding, dilation, output_padding);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, input, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, weight, false, false);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, bias, false, true);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, output, true, false);
    return as_plan_end(&plan, code == ACLNN_SUCCESS ? plan_conv(&plan, cube_math) : code);
}

AS_PHASE_TWO(aclnnConvolution) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
