/* Handles and descriptors of the DNN library. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/dnn.h"

static void *make(int *code, void **out_handle, const char *kind, size_t bytes) {
    void *object = NULL;
    if (*code == 0 && out_handle == NULL)
        *code = status_of("dnn", VERDICT_INVALID);
    if (*code == 0)
        *out_handle = sim_handle_make(kind, bytes, &object);
    return object;
}

static int destroy(int code, void *handle, const char *kind) {
    if (code == 0 && sim_handle_get(handle, kind) == NULL)
        code = status_of("dnn", VERDICT_INVALID);
    if (code == 0)
        sim_handle_destroy(handle);
    return sim_leave(code);
}

static int leave(int code, bool is_right) {
    return sim_leave(code == 0 && !is_right ? status_of("dnn", VERDICT_INVALID) : code);
}

SIM_API int DNN(Create)(void **out_handle) {
    int code = sim_enter(__func__);
    if (code == 0 && sim_devices() == 0)
        code = status_of("dnn", VERDICT_UNINITIALIZED);
    dnn_handle *handle = make(&code, out_handle, DNN_HANDLE, sizeof *handle);
    if (handle != NULL)
        handle->device = family_device();
    return sim_leave(code);
}

SIM_API int DNN(Destroy)(void *handle) {
    return destroy(sim_enter_apart(__func__), handle, DNN_HANDLE);
}

SIM_API int DNN(SetStream)(void *handle, void *stream) {
    int code = sim_enter(__func__);
    dnn_handle *one = code == 0 ? sim_handle_get(handle, DNN_HANDLE) : NULL;
    family_queue queue;
    bool is_right = one != NULL && family_queue_of(stream, &queue);
    if (is_right)
        one->stream = stream;
    return leave(code, is_right);
}

SIM_API size_t DNN(GetVersion)(void) {
    sim_enter_apart(__func__);
    sim_leave(0);
    return (size_t)family_number("dnn.version");
}

SIM_API const char *DNN(GetErrorString)(int code) {
    return code == 0 ? "success" : "a simulated failure";
}

#define OBJECT(name, kind, type)                                                                             \
    SIM_API int DNN(Create##name##Descriptor)(void **out_desc) {                                             \
        int code = sim_enter(__func__);                                                                      \
        make(&code, out_desc, kind, sizeof(type));                                                           \
        return sim_leave(code);                                                                              \
    }                                                                                                        \
    SIM_API int DNN(Destroy##name##Descriptor)(void *desc) {                                                 \
        return destroy(sim_enter_apart(__func__), desc, kind);                                               \
    }

OBJECT(Tensor, DNN_TENSOR, dnn_tensor)
OBJECT(Filter, DNN_FILTER, dnn_filter)
OBJECT(Convolution, DNN_CONV, dnn_conv)
OBJECT(Activation, DNN_ACTIVATION, dnn_activation)

/* DNN_OTHER: none of the row's formats. */
static uint32_t layout_of(int format) {
    if (format == family_number("dnn.nchw"))
        return DNN_FIRST;
    return format == family_number("dnn.nhwc") ? DNN_LAST : DNN_OTHER;
}

static int set_tensor(int code, void *desc, int dtype, const int64_t dim[4], const int64_t stride[4]) {
    dnn_tensor *tensor = code == 0 ? sim_handle_get(desc, DNN_TENSOR) : NULL;
    uint32_t known = code == 0 ? family_dtype("dnn", dtype) : SY_DTYPE_NONE;
    bool is_right = tensor != NULL && known != SY_DTYPE_NONE;
    for (int i = 0; i < 4; i++)
        is_right = is_right && dim[i] > 0 && stride[i] > 0;
    if (is_right) {
        *tensor = (dnn_tensor){.dtype = known, .scale = 1};
        memcpy(tensor->dim, dim, sizeof tensor->dim);
        memcpy(tensor->stride, stride, sizeof tensor->stride);
    }
    return leave(code, is_right);
}

SIM_API int DNN(SetTensor4dDescriptor)(void *desc, int format, int dtype, int n, int c, int h, int w) {
    int code = sim_enter(__func__);
    const int64_t dim[4] = {n, c, h, w};
    int64_t stride[4] = {0};
    uint32_t layout = code == 0 ? layout_of(format) : DNN_OTHER;
    if (layout != DNN_OTHER)
        dnn_strides(layout, dim, stride);
    return set_tensor(code, desc, dtype, dim, stride);
}

SIM_API int DNN(SetTensor4dDescriptorEx)(void *desc, int dtype, int n, int c, int h, int w, int n_stride,
    int c_stride, int h_stride, int w_stride) {
    const int64_t dim[4] = {n, c, h, w}, stride[4] = {n_stride, c_stride, h_stride, w_stride};
    return set_tensor(sim_enter(__func__), desc, dtype, dim, stride);
}

/* strides NULL: packed in the order of the dims. */
static int set_nd(int code, void *desc, int dtype, int rank, const int *dims, const int *strides) {
    int64_t dim[4] = {0}, stride[4] = {0};
    for (int i = 0; i < 4 && rank == 4 && dims != NULL; i++)
        dim[i] = dims[i];
    dnn_strides(DNN_FIRST, dim, stride);
    for (int i = 0; i < 4 && rank == 4 && strides != NULL; i++)
        stride[i] = strides[i];
    return set_tensor(code, desc, dtype, dim, stride);
}

SIM_API int DNN(SetTensorNdDescriptor)(void *desc, int dtype, int rank, const int *dims, const int *strides) {
    return set_nd(sim_enter(__func__), desc, dtype, rank, dims, strides);
}

static int set_filter(int code, void *desc, int dtype, int format, const int64_t dim[4]) {
    dnn_filter *filter = code == 0 ? sim_handle_get(desc, DNN_FILTER) : NULL;
    uint32_t known = code == 0 ? family_dtype("dnn", dtype) : SY_DTYPE_NONE;
    uint32_t layout = code == 0 ? layout_of(format) : DNN_OTHER;
    bool is_right = filter != NULL && known != SY_DTYPE_NONE && layout != DNN_OTHER;
    for (int i = 0; i < 4; i++)
        is_right = is_right && dim[i] > 0;
    if (is_right) {
        *filter = (dnn_filter){.dtype = known, .layout = layout};
        memcpy(filter->dim, dim, sizeof filter->dim);
    }
    return leave(code, is_right);
}

SIM_API int DNN(SetFilter4dDescriptor)(void *desc, int dtype, int format, int k, int c, int r, int s) {
    const int64_t dim[4] = {k, c, r, s};
    return set_filter(sim_enter(__func__), desc, dtype, format, dim);
}

static int set_filter_nd(int code, void *desc, int dtype, int format, int rank, const int *dims) {
    int64_t dim[4] = {0};
    for (int i = 0; i < 4 && rank == 4 && dims != NULL; i++)
        dim[i] = dims[i];
    return set_filter(code, desc, dtype, format, dim);
}

SIM_API int DNN(SetFilterNdDescriptor)(void *desc, int dtype, int format, int rank, const int *dims) {
    return set_filter_nd(sim_enter(__func__), desc, dtype, format, rank, dims);
}

#ifdef SIM_DNN_WITH_SCALE
SIM_API int DNN(SetTensorNdDescriptorWithScale)(
    void *desc, int format, int dtype, int rank, const int *dims, const int *strides, float scale) {
    int code = sim_enter(__func__);
    if (code == 0 && (layout_of(format) == DNN_OTHER || !(scale > 0)))
        return leave(code, false);
    return set_nd(code, desc, dtype, rank, dims, strides);
}

SIM_API int DNN(SetFilterNdDescriptorWithScale)(
    void *desc, int dtype, int format, int rank, const int *dims, float scale) {
    int code = sim_enter(__func__);
    return code == 0 && !(scale > 0) ? leave(code, false)
                                     : set_filter_nd(code, desc, dtype, format, rank, dims);
}
#endif

static int set_conv(int code, void *desc, const int pad[2], const int stride[2], const int dilation[2],
    int mode, int compute) {
    dnn_conv *conv = code == 0 ? sim_handle_get(desc, DNN_CONV) : NULL;
    uint32_t known = code == 0 ? family_dtype("dnn", compute) : SY_DTYPE_NONE;
    bool is_cross = code == 0 && mode == family_number("dnn.cross");
    bool flips = code == 0 && mode == family_number("dnn.convolution");
    bool is_right = conv != NULL && known != SY_DTYPE_NONE && (is_cross || flips);
    for (int i = 0; i < 2; i++)
        is_right = is_right && pad[i] >= 0 && stride[i] > 0 && dilation[i] > 0;
    if (is_right)
        *conv = (dnn_conv){.is_set = true,
            .flips = flips && family_number("dnn.flips") != 0,
            .pad = {pad[0], pad[1]},
            .stride = {stride[0], stride[1]},
            .dilation = {dilation[0], dilation[1]},
            .groups = 1,
            .compute = known};
    return leave(code, is_right);
}

SIM_API int DNN(SetConvolution2dDescriptor)(void *desc, int pad_h, int pad_w, int stride_h, int stride_w,
    int dilation_h, int dilation_w, int mode, int compute) {
    const int pad[2] = {pad_h, pad_w}, stride[2] = {stride_h, stride_w},
              dilation[2] = {dilation_h, dilation_w};
    return set_conv(sim_enter(__func__), desc, pad, stride, dilation, mode, compute);
}

SIM_API int DNN(SetConvolutionNdDescriptor)(
    void *desc, int rank, const int *pad, const int *stride, const int *dilation, int mode, int compute) {
    int code = sim_enter(__func__);
    bool is_right = rank == 2 && pad != NULL && stride != NULL && dilation != NULL;
    return is_right ? set_conv(code, desc, pad, stride, dilation, mode, compute) : leave(code, false);
}

SIM_API int DNN(SetConvolutionMathType)(void *desc, int math) {
    int code = sim_enter(__func__);
    dnn_conv *conv = code == 0 ? sim_handle_get(desc, DNN_CONV) : NULL;
    bool is_right = conv != NULL && family_has("dnn.math", math);
    if (is_right)
        conv->math = math;
    return leave(code, is_right);
}

SIM_API int DNN(SetConvolutionGroupCount)(void *desc, int groups) {
    int code = sim_enter(__func__);
    dnn_conv *conv = code == 0 ? sim_handle_get(desc, DNN_CONV) : NULL;
    bool is_right = conv != NULL && groups > 0;
    if (is_right)
        conv->groups = groups;
    return leave(code, is_right);
}

SIM_API int DNN(SetActivationDescriptor)(void *desc, int mode, int nan, double coefficient) {
    int code = sim_enter(__func__);
    dnn_activation *activation = code == 0 ? sim_handle_get(desc, DNN_ACTIVATION) : NULL;
    bool is_right =
        activation != NULL && mode >= 0 && mode <= 7 && (nan == 0 || nan == 1) && coefficient >= 0;
    if (is_right)
        *activation = (dnn_activation){true, mode};
    return leave(code, is_right);
}
