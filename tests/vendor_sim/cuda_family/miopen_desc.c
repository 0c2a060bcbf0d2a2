/* Handles and descriptors of MIOpen. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/miopen.h"

#define HANDLE DNN_HANDLE

static int leave(int code, bool is_right) {
    return sim_leave(code == 0 && !is_right ? status_of("dnn", VERDICT_INVALID) : code);
}

static void *make(int *code, void **out_handle, const char *kind, size_t bytes) {
    void *object = NULL;
    if (*code == 0 && out_handle == NULL)
        *code = status_of("dnn", VERDICT_INVALID);
    if (*code == 0)
        *out_handle = sim_handle_make(kind, bytes, &object);
    return object;
}

static int destroy(int code, void *handle, const char *kind) {
    bool is_right = code == 0 && sim_handle_get(handle, kind) != NULL;
    if (is_right)
        sim_handle_destroy(handle);
    return leave(code, is_right);
}

SIM_API int miopenCreate(void **out_handle) {
    int code = sim_enter(__func__);
    if (code == 0 && sim_devices() == 0)
        code = status_of("dnn", VERDICT_UNINITIALIZED);
    miopen_handle *handle = make(&code, out_handle, HANDLE, sizeof *handle);
    if (handle != NULL)
        handle->base.device = family_device();
    return sim_leave(code);
}

SIM_API int miopenDestroy(void *handle) {
    return destroy(sim_enter_apart(__func__), handle, HANDLE);
}

SIM_API int miopenSetStream(void *handle, void *stream) {
    int code = sim_enter(__func__);
    miopen_handle *one = code == 0 ? sim_handle_get(handle, HANDLE) : NULL;
    family_queue queue;
    bool is_right = one != NULL && family_queue_of(stream, &queue);
    if (is_right)
        one->base.stream = stream;
    return leave(code, is_right);
}

SIM_API const char *miopenGetErrorString(int code) {
    return code == 0 ? "miopenStatusSuccess" : "a simulated failure";
}

SIM_API int miopenGetVersion(size_t *out_major, size_t *out_minor, size_t *out_patch) {
    int code = sim_enter_apart(__func__);
    bool is_right = out_major != NULL && out_minor != NULL && out_patch != NULL;
    if (is_right) {
        *out_major = 3;
        *out_minor = 3;
        *out_patch = 0;
    }
    return leave(code, is_right);
}

SIM_API int miopenCreateTensorDescriptor(void **out_desc) {
    int code = sim_enter(__func__);
    make(&code, out_desc, DNN_TENSOR, sizeof(dnn_tensor));
    return sim_leave(code);
}

SIM_API int miopenDestroyTensorDescriptor(void *desc) {
    return destroy(sim_enter_apart(__func__), desc, DNN_TENSOR);
}

SIM_API int miopenCreateConvolutionDescriptor(void **out_desc) {
    int code = sim_enter(__func__);
    make(&code, out_desc, DNN_CONV, sizeof(dnn_conv));
    return sim_leave(code);
}

SIM_API int miopenDestroyConvolutionDescriptor(void *desc) {
    return destroy(sim_enter_apart(__func__), desc, DNN_CONV);
}

static int set(int code, void *desc, int type, const int64_t dim[4], const int64_t stride[4]) {
    dnn_tensor *tensor = code == 0 ? sim_handle_get(desc, DNN_TENSOR) : NULL;
    uint32_t dtype = code == 0 ? family_dtype("dnn", type) : SY_DTYPE_NONE;
    bool is_right = tensor != NULL && dtype != SY_DTYPE_NONE;
    for (int i = 0; i < 4; i++)
        is_right = is_right && dim[i] > 0 && stride[i] > 0;
    if (is_right) {
        *tensor = (dnn_tensor){.dtype = dtype, .scale = 1};
        memcpy(tensor->dim, dim, sizeof tensor->dim);
        memcpy(tensor->stride, stride, sizeof tensor->stride);
    }
    return leave(code, is_right);
}

SIM_API int miopenSet4dTensorDescriptor(void *desc, int type, int n, int c, int h, int w) {
    const int64_t dim[4] = {n, c, h, w};
    int64_t stride[4];
    dnn_strides(DNN_FIRST, dim, stride);
    return set(sim_enter(__func__), desc, type, dim, stride);
}

SIM_API int miopenSetNdTensorDescriptorWithLayout(
    void *desc, int type, int layout, const int *lens, int rank) {
    int code = sim_enter(__func__);
    int64_t dim[4] = {0}, stride[4] = {0};
    bool is_last = code == 0 && layout == family_number("dnn.nhwc");
    bool is_first = code == 0 && layout == family_number("dnn.nchw");
    for (int i = 0; i < 4 && lens != NULL && rank == 4 && (is_first || is_last); i++)
        dim[i] = lens[i];
    dnn_strides(is_last ? DNN_LAST : DNN_FIRST, dim, stride);
    return set(code, desc, type, dim, stride);
}

SIM_API int miopenSetTensorDescriptor(void *desc, int type, int rank, const int *lens, const int *strides) {
    int64_t dim[4] = {0}, stride[4] = {0};
    for (int i = 0; i < 4 && rank == 4 && lens != NULL; i++)
        dim[i] = lens[i];
    dnn_strides(DNN_FIRST, dim, stride);
    for (int i = 0; i < 4 && rank == 4 && strides != NULL; i++)
        stride[i] = strides[i];
    return set(sim_enter(__func__), desc, type, dim, stride);
}

SIM_API int miopenInitConvolutionDescriptor(
    void *desc, int mode, int pad_h, int pad_w, int stride_h, int stride_w, int dilation_h, int dilation_w) {
    int code = sim_enter(__func__);
    dnn_conv *conv = code == 0 ? sim_handle_get(desc, DNN_CONV) : NULL;
    bool is_right = conv != NULL && mode == family_number("dnn.cross") && pad_h >= 0 && pad_w >= 0 &&
                    stride_h > 0 && stride_w > 0 && dilation_h > 0 && dilation_w > 0;
    if (is_right)
        *conv = (dnn_conv){.is_set = true,
            .pad = {pad_h, pad_w},
            .stride = {stride_h, stride_w},
            .dilation = {dilation_h, dilation_w},
            .groups = 1};
    return leave(code, is_right);
}

SIM_API int miopenSetConvolutionGroupCount(void *desc, int groups) {
    int code = sim_enter(__func__);
    dnn_conv *conv = code == 0 ? sim_handle_get(desc, DNN_CONV) : NULL;
    bool is_right = conv != NULL && groups > 0;
    if (is_right)
        conv->groups = groups;
    return leave(code, is_right);
}

static uint64_t mix(uint64_t number, const void *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        number = (number ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
    return number;
}

bool miopen_problem_of(void *w, void *x, void *conv, void *y, miopen_problem *out) {
    const dnn_tensor *filter = sim_handle_get(w, DNN_TENSOR), *from = sim_handle_get(x, DNN_TENSOR);
    const dnn_tensor *to = sim_handle_get(y, DNN_TENSOR);
    const dnn_conv *one = sim_handle_get(conv, DNN_CONV);
    if (filter == NULL || from == NULL || to == NULL || one == NULL || filter->dtype == SY_DTYPE_NONE ||
        from->dtype == SY_DTYPE_NONE || to->dtype == SY_DTYPE_NONE || !one->is_set)
        return false;
    bool is_last = dnn_lies(filter, DNN_LAST) && dnn_lies(from, DNN_LAST) && dnn_lies(to, DNN_LAST);
    out->filter = (dnn_filter){.dtype = filter->dtype, .layout = is_last ? DNN_LAST : DNN_FIRST};
    memcpy(out->filter.dim, filter->dim, sizeof filter->dim);
    out->conv = *one;
    out->conv.compute = from->dtype == SY_S8 ? SY_S32 : from->dtype == SY_F64 ? SY_F64 : SY_F32;
    out->problem = (dnn_problem){from, to, &out->filter, &out->conv};
    const int64_t rest[9] = {one->pad[0], one->pad[1], one->stride[0], one->stride[1], one->dilation[0],
        one->dilation[1], one->groups, from->dtype, to->dtype};
    out->number =
        mix(mix(UINT64_C(0xcbf29ce484222325), from->dim, sizeof from->dim), filter->dim, sizeof filter->dim);
    out->number = mix(mix(out->number, from->stride, sizeof from->stride), rest, sizeof rest);
    return is_last || dnn_lies(filter, DNN_FIRST);
}

SIM_API int miopenGetConvolutionForwardOutputDim(
    void *conv_desc, void *x_desc, void *w_desc, int *n, int *c, int *h, int *w) {
    int code = sim_enter(__func__);
    miopen_problem problem;
    int64_t dim[4];
    bool is_right = code == 0 && miopen_problem_of(w_desc, x_desc, conv_desc, x_desc, &problem) &&
                    n != NULL && c != NULL && h != NULL && w != NULL &&
                    dnn_output(problem.problem.x, &problem.filter, &problem.conv, dim);
    if (is_right) {
        *n = (int)dim[0];
        *c = (int)dim[1];
        *h = (int)dim[2];
        *w = (int)dim[3];
    }
    return leave(code, is_right);
}
