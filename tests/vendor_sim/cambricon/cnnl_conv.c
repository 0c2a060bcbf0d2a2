/* libcnnl.so: convolutions. */
#include <string.h>

#include "tests/vendor_sim/cambricon/cnnl.h"
#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#ifdef CNNL_SIM_1
enum { HAS_S8 = 1 };
#else
enum { HAS_S8 = 0 };
#endif

/* tf32: 0, 1, or -1 as long as nobody said. compute 0: the library's, where none can be told. */
typedef struct convolution {
    bool is_set;
    int32_t pad[4], stride[2], dilation[2], groups, compute, tf32;
} convolution;

cnnlStatus_t cnnlCreateConvolutionDescriptor(cnnlConvolutionDescriptor_t *desc) {
    return cnnl_create(__func__, CNNL_CONV, sizeof(convolution), desc);
}

cnnlStatus_t cnnlDestroyConvolutionDescriptor(cnnlConvolutionDescriptor_t desc) {
    return cnnl_destroy(__func__, CNNL_CONV, desc);
}

static bool is_right(int count, const int pad[], const int stride[], const int dilation[], int groups) {
    if (count != 4 || pad == NULL || stride == NULL || dilation == NULL || groups < 1)
        return false;
    for (int i = 0; i < 4; i++)
        if (pad[i] < 0)
            return false;
    return stride[0] > 0 && stride[1] > 0 && dilation[0] > 0 && dilation[1] > 0;
}

static cnnlStatus_t set(const char *function, cnnlConvolutionDescriptor_t desc, int count, const int pad[],
    const int stride[], const int dilation[], int groups, int32_t compute) {
    cnnlStatus_t status = cnnl_enter(function);
    convolution *conv = status == CNNL_STATUS_SUCCESS ? cnnl_get(desc, CNNL_CONV) : NULL;
    if (status == CNNL_STATUS_SUCCESS && (conv == NULL || !is_right(count, pad, stride, dilation, groups)))
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS) {
        int32_t tf32 = conv->is_set ? conv->tf32 : -1;
        *conv = (convolution){.is_set = true, .groups = groups, .compute = compute, .tf32 = tf32};
        memcpy(conv->pad, pad, sizeof conv->pad);
        memcpy(conv->stride, stride, sizeof conv->stride);
        memcpy(conv->dilation, dilation, sizeof conv->dilation);
    }
    return cnnl_leave(status);
}

#ifdef CNNL_SIM_EARLY
cnnlStatus_t cnnlSetConvolutionDescriptor(cnnlConvolutionDescriptor_t desc, int count, const int pad[],
    const int stride[], const int dilation[], int groups) {
    return set(__func__, desc, count, pad, stride, dilation, groups, 0);
}
#else
cnnlStatus_t cnnlSetConvolutionDescriptor(cnnlConvolutionDescriptor_t desc, int count, const int pad[],
    const int stride[], const int dilation[], int groups, cnnlDataType_t compute) {
    return set(__func__, desc, count, pad, stride, dilation, groups, compute > 0 ? compute : -1);
}

cnnlStatus_t cnnlSetConvolutionDescriptorAllowTF32(cnnlConvolutionDescriptor_t desc, int allow) {
    cnnlStatus_t status = cnnl_enter(__func__);
    convolution *conv = status == CNNL_STATUS_SUCCESS ? cnnl_get(desc, CNNL_CONV) : NULL;
    if (status == CNNL_STATUS_SUCCESS && (conv == NULL || !conv->is_set))
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        conv->tf32 = allow != 0;
    return cnnl_leave(status);
}
#endif

/* Dims and strides in the order n, c, h, w, whatever the layout. */
static void in_order(const cnnl_tensor *tensor, int64_t dim[4], int64_t stride[4]) {
    static const int nhwc[4] = {0, 3, 1, 2}, nchw[4] = {0, 1, 2, 3}, hwcn[4] = {3, 2, 0, 1};
    const int *order = tensor->layout == CNNL_LAYOUT_NHWC ? nhwc : nchw;
    order = tensor->layout == CNNL_LAYOUT_HWCN ? hwcn : order;
    for (int i = 0; i < 4; i++) {
        dim[i] = tensor->dim[order[i]];
        stride[i] = tensor->stride[order[i]];
    }
}

/* NCHW is refused with the code of the setting `nchw`; 0: it is done. Filters may be HWCN if they are of one
 * channel each. */
static cnnlStatus_t check_layout(const cnnl_tensor *tensor, bool may_be_hwcn) {
    if (tensor->count != 4)
        return CNNL_STATUS_BAD_PARAM;
    if (tensor->layout == CNNL_LAYOUT_NCHW)
        return (cnnlStatus_t)sim_number(SIM_NO_DEVICE, "nchw", CNNL_STATUS_BAD_PARAM);
    bool is_known = tensor->layout == CNNL_LAYOUT_NHWC || (may_be_hwcn && tensor->layout == CNNL_LAYOUT_HWCN);
    return is_known && cnnl_is_dense(tensor) ? CNNL_STATUS_SUCCESS : CNNL_STATUS_BAD_PARAM;
}

static cnnlStatus_t check_types(int device, const convolution *desc, const cnnl_tensor *x,
    const cnnl_tensor *w, const cnnl_tensor *y, sim_conv *conv) {
    cnnlStatus_t status = cnnl_type(device, x->dtype, &conv->x.dtype);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_type(device, w->dtype, &conv->filter.dtype);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_type(device, y->dtype, &conv->y.dtype);
    if (status != CNNL_STATUS_SUCCESS)
        return status;
    uint32_t from = conv->x.dtype, to = conv->y.dtype;
    bool is_float = from == SY_F32 || from == SY_F16 || from == SY_BF16;
    bool is_s8 = from == SY_S8 && (to == SY_F16 || to == SY_F32) && sim_number(device, "s8", HAS_S8) != 0;
    bool is_bf16_refused = from == SY_BF16 && sim_number(device, "bf16_conv", 1) == 0;
    if (!cnnl_is_quantized(x) || !cnnl_is_quantized(w))
        return CNNL_STATUS_BAD_PARAM;
    if (from != conv->filter.dtype || !(is_float ? to == from : is_s8) || is_bf16_refused)
        return CNNL_STATUS_NOT_SUPPORTED;
    int32_t compute = desc->compute;
    bool is_compute_right =
        compute == 0 || compute == CNNL_DTYPE_FLOAT || (compute == x->dtype && from == SY_F16);
    bool is_tf32_of_others = desc->tf32 == 1 && from != SY_F32 && sim_number(device, "tf32_strict", 1) != 0;
    return is_compute_right && !is_tf32_of_others ? CNNL_STATUS_SUCCESS : CNNL_STATUS_BAD_PARAM;
}

static bool is_extent_right(const convolution *desc, const sim_conv *conv) {
    int64_t tall = conv->h + desc->pad[0] + desc->pad[1] - desc->dilation[0] * (conv->r - 1) - 1;
    int64_t wide = conv->w + desc->pad[2] + desc->pad[3] - desc->dilation[1] * (conv->s - 1) - 1;
    return tall >= 0 && wide >= 0 && conv->p == tall / desc->stride[0] + 1 &&
           conv->q == wide / desc->stride[1] + 1;
}

static cnnlStatus_t shape(const convolution *desc, const cnnl_tensor *x, const cnnl_tensor *w,
    const cnnl_tensor *y, sim_conv *conv) {
    int64_t x_dim[4], w_dim[4], y_dim[4];
    in_order(x, x_dim, conv->x.stride);
    in_order(w, w_dim, conv->filter.stride);
    in_order(y, y_dim, conv->y.stride);
    conv->n = x_dim[0];
    conv->c = x_dim[1];
    conv->h = x_dim[2];
    conv->w = x_dim[3];
    conv->k = w_dim[0];
    conv->r = w_dim[2];
    conv->s = w_dim[3];
    conv->p = y_dim[2];
    conv->q = y_dim[3];
    conv->groups = desc->groups;
    for (int i = 0; i < 2; i++) {
        conv->stride[i] = desc->stride[i];
        conv->dilation[i] = desc->dilation[i];
        conv->pad[i] = desc->pad[2 * i];
    }
    bool is_alike = y_dim[0] == conv->n && y_dim[1] == conv->k && conv->c % conv->groups == 0 &&
                    conv->k % conv->groups == 0 && w_dim[1] == conv->c / conv->groups;
    return is_alike && is_extent_right(desc, conv) ? CNNL_STATUS_SUCCESS : CNNL_STATUS_BAD_PARAM;
}

/* Everything but pointers. */
static cnnlStatus_t check(int device, const convolution *desc, const cnnl_tensor *x, const cnnl_tensor *w,
    const cnnl_tensor *y, sim_conv *out_conv) {
    memset(out_conv, 0, sizeof *out_conv);
    if (desc == NULL || !desc->is_set || x == NULL || w == NULL || y == NULL)
        return CNNL_STATUS_BAD_PARAM;
    cnnlStatus_t status = check_layout(x, false);
    if (status == CNNL_STATUS_SUCCESS)
        status = check_layout(w, w->dim[2] == 1);
    if (status == CNNL_STATUS_SUCCESS)
        status = check_layout(y, false);
    if (status == CNNL_STATUS_SUCCESS)
        status = shape(desc, x, w, y, out_conv);
    return status == CNNL_STATUS_SUCCESS ? check_types(device, desc, x, w, y, out_conv) : status;
}

/* The number of the one algorithm; another is refused with the code of the setting `wrong_number`. */
static cnnlStatus_t check_number(int32_t number, const char *key, int64_t right) {
    if (number == sim_number(SIM_NO_DEVICE, key, right))
        return CNNL_STATUS_SUCCESS;
    return (cnnlStatus_t)sim_number(SIM_NO_DEVICE, "wrong_number", CNNL_STATUS_BAD_PARAM);
}

enum { ALGO = 1, PREFERENCE = 0 };

#ifdef CNNL_SIM_1
cnnlStatus_t cnnlGetConvolutionForwardAlgorithm(cnnlHandle_t handle, cnnlConvolutionDescriptor_t desc,
    cnnlTensorDescriptor_t x, cnnlTensorDescriptor_t w, cnnlTensorDescriptor_t y, int32_t preference,
    int32_t *algo) {
    cnnl_handle *context;
    sim_conv conv;
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status == CNNL_STATUS_SUCCESS && algo == NULL)
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        status = check_number(preference, "conv_preference", PREFERENCE);
    if (status == CNNL_STATUS_SUCCESS)
        status = check(context->device, cnnl_get(desc, CNNL_CONV), cnnl_described(x), cnnl_described(w),
            cnnl_described(y), &conv);
    if (status == CNNL_STATUS_SUCCESS)
        *algo = (int32_t)sim_number(SIM_NO_DEVICE, "conv_algo", ALGO);
    return cnnl_leave(status);
}
#endif

cnnlStatus_t cnnlGetConvolutionForwardWorkspaceSize(cnnlHandle_t handle, cnnlTensorDescriptor_t x,
    cnnlTensorDescriptor_t w, cnnlTensorDescriptor_t y, cnnlTensorDescriptor_t bias,
    cnnlConvolutionDescriptor_t desc, int32_t algo, size_t *bytes) {
    cnnl_handle *context;
    sim_conv conv;
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status == CNNL_STATUS_SUCCESS && (bytes == NULL || (bias != NULL && cnnl_described(bias) == NULL)))
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        status = check_number(algo, "conv_algo", ALGO);
    if (status == CNNL_STATUS_SUCCESS)
        status = check(context->device, cnnl_get(desc, CNNL_CONV), cnnl_described(x), cnnl_described(w),
            cnnl_described(y), &conv);
    if (status == CNNL_STATUS_SUCCESS)
        *bytes = cnnl_workspace(context->device, 0);
    return cnnl_leave(status);
}

/* The bias: both, a descriptor and a pointer, or none. */
static cnnlStatus_t add_bias(
    int device, cnnlTensorDescriptor_t desc, const void *bias, const cnnl_tensor *y, sim_conv *conv) {
    if (desc == NULL && bias == NULL)
        return CNNL_STATUS_SUCCESS;
    const cnnl_tensor *tensor = cnnl_described(desc);
    bool is_right = tensor != NULL && tensor->layout == CNNL_LAYOUT_ARRAY && tensor->count == 1 &&
                    tensor->dim[0] == conv->k && tensor->dtype == y->dtype;
    conv->bias.dtype = conv->y.dtype;
    conv->bias.stride[0] = 1;
    return is_right ? cnnl_view(device, tensor, bias, &conv->bias.data) : CNNL_STATUS_BAD_PARAM;
}

typedef struct operands {
    const cnnl_tensor *x, *w, *y;
    const void *x_data, *w_data, *alpha, *beta;
    void *y_data;
} operands;

static cnnlStatus_t find_views(int device, const operands *all, sim_conv *conv) {
    cnnlStatus_t status = cnnl_view(device, all->x, all->x_data, &conv->x.data);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_view(device, all->w, all->w_data, &conv->filter.data);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_view(device, all->y, all->y_data, &conv->y.data);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_factor_or(all->alpha, 1, &conv->alpha);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_factor_or(all->beta, 0, &conv->beta);
    conv->alpha *= conv->x.dtype == SY_S8 ? cnnl_unit(all->x) * cnnl_unit(all->w) : 1;
    conv->z = conv->y;
    return status;
}

static cnnlStatus_t enqueue(const cnnl_handle *handle, const convolution *desc, sim_conv *conv) {
    int device = handle->device;
    bool is_allowed = desc->tf32 < 0 ? sim_number(device, "tf32_default", 1) != 0 : desc->tf32 != 0;
    bool rounds = conv->x.dtype == SY_F32 && is_allowed && mlu_fact(device, "tf32") != 0;
    conv->rounding = rounds ? SIM_ROUND_TF32 : SIM_ROUND_NONE;
    return cnnl_enqueue(handle, &(sim_work){.run = sim_conv_run,
                                    .args = conv,
                                    .bytes = sizeof *conv,
                                    .flop = sim_conv_flop(conv),
                                    .moved = sim_conv_moved(conv)});
}

cnnlStatus_t cnnlConvolutionForward(cnnlHandle_t handle, cnnlConvolutionDescriptor_t desc, int32_t algo,
    const void *alpha, cnnlTensorDescriptor_t x_desc, const void *x, cnnlTensorDescriptor_t w_desc,
    const void *w, cnnlTensorDescriptor_t bias_desc, const void *bias, void *workspace,
    size_t workspace_bytes, const void *beta, cnnlTensorDescriptor_t y_desc, void *y) {
    cnnl_handle *context;
    sim_conv conv;
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status != CNNL_STATUS_SUCCESS)
        return cnnl_leave(status);
    int device = context->device;
    const convolution *one = cnnl_get(desc, CNNL_CONV);
    operands all = {
        cnnl_described(x_desc), cnnl_described(w_desc), cnnl_described(y_desc), x, w, alpha, beta, y};
    status = check_number(algo, "conv_algo", ALGO);
    if (status == CNNL_STATUS_SUCCESS)
        status = check(device, one, all.x, all.w, all.y, &conv);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_check_workspace(device, workspace, workspace_bytes, cnnl_workspace(device, 0));
    if (status == CNNL_STATUS_SUCCESS)
        status = find_views(device, &all, &conv);
    if (status == CNNL_STATUS_SUCCESS)
        status = add_bias(device, bias_desc, bias, all.y, &conv);
    if (status == CNNL_STATUS_SUCCESS)
        status = enqueue(context, one, &conv);
    return cnnl_leave(status);
}
