/* libcnnl.so: what is done element by element: transposes, sums, activations. */
#include <math.h>
#include <string.h>

#include "tests/vendor_sim/cambricon/cnnl.h"
#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/settings.h"

/* Element i of `count` of an operation; value b is 0 where there is one operand. */
typedef double pointwise_function(const double *parameter, double a, double b, double old);

/* Operands over the dims of the result: strides of 0 repeat. operand[0] is written, and read as `old`. */
typedef struct pointwise {
    pointwise_function *function;
    double parameter[4];
    int count;
    int64_t dim[CNNL_DIM_MAX];
    struct {
        char *data;
        uint32_t type;
        int64_t stride[CNNL_DIM_MAX];
    } operand[3];
} pointwise;

static double read_at(const pointwise *all, int operand, int64_t at) {
    uint32_t type = all->operand[operand].type;
    const char *data = all->operand[operand].data;
    return data != NULL ? sim_element_get(type, data + at * (int64_t)sy_dtype_size(type)) : 0;
}

static int run(void *args) {
    const pointwise *all = args;
    int64_t total = 1;
    for (int i = 0; i < all->count; i++)
        total *= all->dim[i];
    for (int64_t index = 0; index < total; index++) {
        int64_t at[3] = {0, 0, 0}, rest = index;
        for (int i = all->count - 1; i >= 0; rest /= all->dim[i--])
            for (int operand = 0; operand < 3; operand++)
                at[operand] += rest % all->dim[i] * all->operand[operand].stride[i];
        double value = all->function(
            all->parameter, read_at(all, 1, at[1]), read_at(all, 2, at[2]), read_at(all, 0, at[0]));
        uint32_t type = all->operand[0].type;
        sim_element_set(type, all->operand[0].data + at[0] * (int64_t)sy_dtype_size(type), value);
    }
    return 0;
}

/* An operand, its dims taken in the order of `permute` (NULL: as they are); 1 is repeated. */
static cnnlStatus_t add_operand(int device, pointwise *all, int operand, const cnnl_tensor *tensor,
    const void *pointer, const int *permute) {
    void *view = NULL;
    if (tensor == NULL || tensor->count != all->count)
        return CNNL_STATUS_BAD_PARAM;
    for (int i = 0; i < all->count; i++) {
        int from = permute != NULL ? permute[i] : i;
        if (tensor->dim[from] != all->dim[i] && (tensor->dim[from] != 1 || operand == 0 || permute != NULL))
            return CNNL_STATUS_BAD_PARAM;
        all->operand[operand].stride[i] = tensor->dim[from] == 1 ? 0 : tensor->stride[from];
    }
    cnnlStatus_t status = cnnl_view(device, tensor, pointer, &view);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_type(device, tensor->dtype, &all->operand[operand].type);
    all->operand[operand].data = view;
    return status;
}

static cnnlStatus_t begin(int device, pointwise *all, const cnnl_tensor *result, void *pointer) {
    if (result == NULL)
        return CNNL_STATUS_BAD_PARAM;
    all->count = result->count;
    memcpy(all->dim, result->dim, sizeof all->dim);
    return add_operand(device, all, 0, result, pointer, NULL);
}

static cnnlStatus_t enqueue(const cnnl_handle *handle, const pointwise *all, int operands) {
    double moved = 0;
    for (int operand = 0; operand < operands; operand++) {
        double bytes = (double)sy_dtype_size(all->operand[operand].type);
        for (int i = 0; i < all->count; i++)
            bytes *= (double)all->dim[i];
        moved += bytes;
    }
    return cnnl_enqueue(handle, &(sim_work){.run = run, .args = all, .bytes = sizeof *all, .moved = moved});
}

/* Transposes. */

typedef struct transpose {
    int count, permute[CNNL_DIM_MAX];
} transpose;

cnnlStatus_t cnnlCreateTransposeDescriptor(cnnlTransposeDescriptor_t *desc) {
    return cnnl_create(__func__, CNNL_TRANSPOSE, sizeof(transpose), desc);
}

cnnlStatus_t cnnlDestroyTransposeDescriptor(cnnlTransposeDescriptor_t desc) {
    return cnnl_destroy(__func__, CNNL_TRANSPOSE, desc);
}

static bool is_permutation(int count, const int permute[]) {
    unsigned int seen = 0;
    if (count < 1 || count > CNNL_DIM_MAX || permute == NULL)
        return false;
    for (int i = 0; i < count; i++)
        seen |= permute[i] >= 0 && permute[i] < count ? 1u << permute[i] : 0;
    return seen == (1u << count) - 1;
}

cnnlStatus_t cnnlSetTransposeDescriptor(cnnlTransposeDescriptor_t handle, int count, const int permute[]) {
    cnnlStatus_t status = cnnl_enter(__func__);
    transpose *desc = status == CNNL_STATUS_SUCCESS ? cnnl_get(handle, CNNL_TRANSPOSE) : NULL;
    if (status == CNNL_STATUS_SUCCESS && (desc == NULL || !is_permutation(count, permute)))
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS) {
        desc->count = count;
        memcpy(desc->permute, permute, (size_t)count * sizeof *permute);
    }
    return cnnl_leave(status);
}

cnnlStatus_t cnnlGetTransposeWorkspaceSize(
    cnnlHandle_t handle, cnnlTensorDescriptor_t x, cnnlTransposeDescriptor_t handle_of_desc, size_t *bytes) {
    cnnl_handle *context;
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status == CNNL_STATUS_SUCCESS &&
        (cnnl_described(x) == NULL || cnnl_get(handle_of_desc, CNNL_TRANSPOSE) == NULL || bytes == NULL))
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        *bytes = cnnl_workspace(context->device, 0);
    return cnnl_leave(status);
}

static double just_a(const double *parameter, double a, double b, double old) {
    (void)parameter;
    (void)b;
    (void)old;
    return a;
}

cnnlStatus_t cnnlTranspose_v2(cnnlHandle_t handle, cnnlTransposeDescriptor_t handle_of_desc,
    cnnlTensorDescriptor_t x_desc, const void *x, cnnlTensorDescriptor_t y_desc, void *y, void *workspace,
    size_t workspace_bytes) {
    cnnl_handle *context;
    pointwise all = {.function = just_a};
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status != CNNL_STATUS_SUCCESS)
        return cnnl_leave(status);
    int device = context->device;
    const transpose *desc = cnnl_get(handle_of_desc, CNNL_TRANSPOSE);
    const cnnl_tensor *from = cnnl_described(x_desc), *to = cnnl_described(y_desc);
    bool is_right =
        desc != NULL && from != NULL && to != NULL && from->dtype == to->dtype && from->count == desc->count;
    status = is_right ? begin(device, &all, to, y) : CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        status = add_operand(device, &all, 1, from, x, desc->permute);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_check_workspace(device, workspace, workspace_bytes, cnnl_workspace(device, 0));
    if (status == CNNL_STATUS_SUCCESS)
        status = enqueue(context, &all, 2);
    return cnnl_leave(status);
}

/* Sums, differences and products of two tensors. */

typedef struct op_tensor {
    bool is_set;
    int32_t operation;
} op_tensor;

/* alpha1, alpha2, beta. */
static double add(const double *parameter, double a, double b, double old) {
    return parameter[0] * a + parameter[1] * b + (parameter[2] != 0 ? parameter[2] * old : 0);
}

static double subtract(const double *parameter, double a, double b, double old) {
    return parameter[0] * a - parameter[1] * b + (parameter[2] != 0 ? parameter[2] * old : 0);
}

static double multiply(const double *parameter, double a, double b, double old) {
    return parameter[0] * a * parameter[1] * b + (parameter[2] != 0 ? parameter[2] * old : 0);
}

static pointwise_function *function_of(int32_t operation) {
    if (operation == sim_number(SIM_NO_DEVICE, "op_add", 0))
        return add;
    if (operation == sim_number(SIM_NO_DEVICE, "op_sub", 1))
        return subtract;
    return operation == sim_number(SIM_NO_DEVICE, "op_mul", 2) ? multiply : NULL;
}

cnnlStatus_t cnnlCreateOpTensorDescriptor(cnnlOpTensorDescriptor_t *desc) {
    return cnnl_create(__func__, CNNL_OP_TENSOR, sizeof(op_tensor), desc);
}

cnnlStatus_t cnnlDestroyOpTensorDescriptor(cnnlOpTensorDescriptor_t desc) {
    return cnnl_destroy(__func__, CNNL_OP_TENSOR, desc);
}

cnnlStatus_t cnnlSetOpTensorDescriptor(
    cnnlOpTensorDescriptor_t handle, int32_t operation, cnnlDataType_t compute, int32_t nan) {
    cnnlStatus_t status = cnnl_enter(__func__);
    op_tensor *desc = status == CNNL_STATUS_SUCCESS ? cnnl_get(handle, CNNL_OP_TENSOR) : NULL;
    bool is_right = desc != NULL && function_of(operation) != NULL && compute > 0 && (nan == 0 || nan == 1);
    if (status == CNNL_STATUS_SUCCESS && !is_right)
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        *desc = (op_tensor){.is_set = true, .operation = operation};
    return cnnl_leave(status);
}

static cnnlStatus_t tell_workspace(const char *function, cnnlHandle_t handle, cnnlTensorDescriptor_t a,
    cnnlTensorDescriptor_t b, cnnlTensorDescriptor_t c, size_t *bytes) {
    cnnl_handle *context;
    cnnlStatus_t status = cnnl_enter_on(function, handle, &context);
    if (status == CNNL_STATUS_SUCCESS && (cnnl_described(a) == NULL || cnnl_described(b) == NULL ||
                                             cnnl_described(c) == NULL || bytes == NULL))
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        *bytes = cnnl_workspace(context->device, 0);
    return cnnl_leave(status);
}

#ifdef CNNL_SIM_1
cnnlStatus_t cnnlGetOpTensorWorkspaceSize_v2(cnnlHandle_t handle, cnnlOpTensorDescriptor_t desc,
    const void *alpha1, cnnlTensorDescriptor_t a_desc, const void *a, const void *alpha2,
    cnnlTensorDescriptor_t b_desc, const void *b, const void *beta, cnnlTensorDescriptor_t c_desc, void *c,
    size_t *bytes) {
    (void)desc, (void)alpha1, (void)alpha2, (void)beta, (void)a, (void)b, (void)c;
    return tell_workspace(__func__, handle, a_desc, b_desc, c_desc, bytes);
}
#else
cnnlStatus_t cnnlGetOpTensorWorkspaceSize_v3(cnnlHandle_t handle, const void *alpha1,
    cnnlTensorDescriptor_t a_desc, const void *alpha2, cnnlTensorDescriptor_t b_desc, const void *beta,
    cnnlTensorDescriptor_t c_desc, size_t *bytes) {
    (void)alpha1, (void)alpha2, (void)beta;
    return tell_workspace(__func__, handle, a_desc, b_desc, c_desc, bytes);
}
#endif

cnnlStatus_t cnnlOpTensor(cnnlHandle_t handle, cnnlOpTensorDescriptor_t handle_of_desc, const void *alpha1,
    cnnlTensorDescriptor_t a_desc, const void *a, const void *alpha2, cnnlTensorDescriptor_t b_desc,
    const void *b, void *workspace, size_t workspace_bytes, const void *beta, cnnlTensorDescriptor_t c_desc,
    void *c) {
    cnnl_handle *context;
    pointwise all = {.count = 0};
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status != CNNL_STATUS_SUCCESS)
        return cnnl_leave(status);
    int device = context->device;
    const op_tensor *desc = cnnl_get(handle_of_desc, CNNL_OP_TENSOR);
    bool is_right = desc != NULL && desc->is_set;
    all.function = is_right ? function_of(desc->operation) : NULL;
    status = is_right ? cnnl_factor(alpha1, &all.parameter[0]) : CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_factor(alpha2, &all.parameter[1]);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_factor(beta, &all.parameter[2]);
    if (status == CNNL_STATUS_SUCCESS)
        status = begin(device, &all, cnnl_described(c_desc), c);
    if (status == CNNL_STATUS_SUCCESS)
        status = add_operand(device, &all, 1, cnnl_described(a_desc), a, NULL);
    if (status == CNNL_STATUS_SUCCESS)
        status = add_operand(device, &all, 2, cnnl_described(b_desc), b, NULL);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_check_workspace(device, workspace, workspace_bytes, cnnl_workspace(device, 0));
    return cnnl_leave(status == CNNL_STATUS_SUCCESS ? enqueue(context, &all, 3) : status);
}

/* Activations: RELU by the number of the setting `relu`, other numbers below 8 are something else. */

typedef struct activation {
    bool is_set;
    int32_t mode;
} activation;

enum { RELU = 1, MODES = 8 };

static double relu(const double *parameter, double a, double b, double old) {
    (void)parameter;
    (void)b;
    (void)old;
    return a < 0 ? 0 : a;
}

static double sigmoid(const double *parameter, double a, double b, double old) {
    (void)parameter;
    (void)b;
    (void)old;
    return 1 / (1 + exp(-a));
}

cnnlStatus_t cnnlCreateActivationDescriptor(cnnlActivationDescriptor_t *desc) {
    return cnnl_create(__func__, CNNL_ACTIVATION, sizeof(activation), desc);
}

cnnlStatus_t cnnlDestroyActivationDescriptor(cnnlActivationDescriptor_t desc) {
    return cnnl_destroy(__func__, CNNL_ACTIVATION, desc);
}

static cnnlStatus_t set_activation(const char *function, cnnlActivationDescriptor_t handle, int32_t mode) {
    cnnlStatus_t status = cnnl_enter(function);
    activation *desc = status == CNNL_STATUS_SUCCESS ? cnnl_get(handle, CNNL_ACTIVATION) : NULL;
    if (status == CNNL_STATUS_SUCCESS && (desc == NULL || mode < 0 || mode >= MODES))
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        *desc = (activation){.is_set = true, .mode = mode};
    return cnnl_leave(status);
}

#ifdef CNNL_SIM_1
cnnlStatus_t cnnlSetActivationDescriptor_v5(cnnlActivationDescriptor_t desc, int32_t mode, int32_t prefer,
    int32_t nan, float coefficient, int sliced_dim, float gamma, float scale, bool is_result) {
    (void)prefer, (void)nan, (void)coefficient, (void)sliced_dim, (void)gamma, (void)scale, (void)is_result;
    return set_activation(__func__, desc, mode);
}
#else
cnnlStatus_t cnnlSetActivationDescriptor_v6(cnnlActivationDescriptor_t desc, int32_t mode, int32_t prefer,
    int32_t nan, float coefficient, int sliced_dim, float gamma, float scale, bool is_result,
    bool is_approximate) {
    (void)prefer, (void)nan, (void)coefficient, (void)sliced_dim, (void)gamma, (void)scale, (void)is_result;
    (void)is_approximate;
    return set_activation(__func__, desc, mode);
}
#endif

cnnlStatus_t cnnlActivationForward(cnnlHandle_t handle, cnnlActivationDescriptor_t handle_of_desc,
    const void *alpha, cnnlTensorDescriptor_t x_desc, const void *x, const void *beta,
    cnnlTensorDescriptor_t y_desc, void *y) {
    cnnl_handle *context;
    pointwise all = {.count = 0};
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status != CNNL_STATUS_SUCCESS)
        return cnnl_leave(status);
    const activation *desc = cnnl_get(handle_of_desc, CNNL_ACTIVATION);
    bool is_right = desc != NULL && desc->is_set && alpha == NULL && beta == NULL;
    all.function = is_right && desc->mode == sim_number(SIM_NO_DEVICE, "relu", RELU) ? relu : sigmoid;
    status = is_right ? begin(context->device, &all, cnnl_described(y_desc), y) : CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        status = add_operand(context->device, &all, 1, cnnl_described(x_desc), x, NULL);
    if (status == CNNL_STATUS_SUCCESS)
        status = enqueue(context, &all, 2);
    return cnnl_leave(status);
}
