/* Descriptors of convolutions, and the library's choice of algorithms. */
#include "backends/cuda_family/dnn_objects.h"

#include <string.h>

#include "runtime/base/error.h"

/* cuDNN's numbers of algorithms and activations; the libraries that follow it have the same. */
enum { ALGO_IMPLICIT_PRECOMP = 1, ALGO_FFT = 4, ALGO_WINOGRAD_NONFUSED = 7 };
/* No library's code. */
#define CF_DNN_NO_FUNCTION INT32_MIN

enum { ACTIVATION_RELU = 1, ACTIVATION_IDENTITY = 5, PROPAGATE_NAN = 1 };

const char *cf_dnn_algo_name(int algo) {
    static const char *const names[] = {"implicit_gemm", "implicit_precomp_gemm", "gemm", "direct", "fft",
        "fft_tiling", "winograd", "winograd_nonfused"};
    return algo >= 0 && (size_t)algo < sizeof names / sizeof names[0] ? names[algo] : "algo";
}

bool cf_dnn_is_indirect(int algo) {
    return algo >= ALGO_FFT && algo <= ALGO_WINOGRAD_NONFUSED;
}

static int set_image(const cf_dnn_api *api, void *desc, int format, int dtype, bool is_nhwc, int64_t n,
    int64_t c, int64_t h, int64_t w) {
    const int dim[4] = {(int)n, (int)c, (int)h, (int)w};
    const int nhwc[4] = {(int)(h * w * c), 1, (int)(w * c), (int)c};
    const int nchw[4] = {(int)(c * h * w), (int)(h * w), (int)w, 1};
    if (api->SetTensor4dDescriptor != NULL)
        return api->SetTensor4dDescriptor(desc, format, dtype, dim[0], dim[1], dim[2], dim[3]);
    return api->SetTensorNdDescriptor != NULL
               ? api->SetTensorNdDescriptor(desc, dtype, 4, dim, is_nhwc ? nhwc : nchw)
               : CF_DNN_NO_FUNCTION;
}

static int set_filter(const cf_dnn_api *api, void *desc, int dtype, int format, const int dim[4]) {
    if (api->SetFilter4dDescriptor != NULL)
        return api->SetFilter4dDescriptor(desc, dtype, format, dim[0], dim[1], dim[2], dim[3]);
    if (api->SetFilterNdDescriptor != NULL)
        return api->SetFilterNdDescriptor(desc, dtype, format, 4, dim);
    return api->SetFilterNdDescriptorWithScale != NULL
               ? api->SetFilterNdDescriptorWithScale(desc, dtype, format, 4, dim, 1.0f)
               : CF_DNN_NO_FUNCTION;
}

static int make_images(
    const cf_dnn_api *api, const cf_dnn_row *row, const sy_card_convolution *conv, cf_dnn_objects *objects) {
    int format = conv->is_nhwc ? row->nhwc : row->nchw;
    const int filter[4] = {(int)conv->k, (int)(conv->c / conv->groups), (int)conv->r, (int)conv->s};
    int code = api->CreateTensorDescriptor(&objects->x);
    if (code == 0)
        code = set_image(api, objects->x, format, row->dtype[conv->x_dtype], conv->is_nhwc, conv->n, conv->c,
            conv->h, conv->w);
    if (code == 0)
        code = api->CreateFilterDescriptor(&objects->w);
    if (code == 0)
        code = set_filter(api, objects->w, row->dtype[conv->w_dtype], format, filter);
    if (code == 0)
        code = api->CreateTensorDescriptor(&objects->y);
    if (code == 0)
        code = set_image(api, objects->y, format, row->dtype[conv->y_dtype], conv->is_nhwc, conv->n, conv->k,
            conv->p, conv->q);
    return code;
}

/* f32 is rounded to tf32 unless fused multiply-adds are asked for; other types have tensor cores or none. */
static int math_of(const cf_dnn_row *row, const sy_card_convolution *conv, bool is_tf32) {
    if (conv->x_dtype == SY_F32)
        return is_tf32 ? row->math_tensor : row->math_fma;
    return conv->x_dtype == SY_F64 ? row->math_default : row->math_tensor;
}

static int set_conv(
    const cf_dnn_api *api, void *desc, const sy_card_convolution *conv, int mode, int compute) {
    const int pad[2] = {(int)conv->pad_lo[0], (int)conv->pad_lo[1]};
    const int stride[2] = {(int)conv->stride[0], (int)conv->stride[1]};
    const int dilation[2] = {(int)conv->dilation[0], (int)conv->dilation[1]};
    if (api->SetConvolution2dDescriptor != NULL)
        return api->SetConvolution2dDescriptor(
            desc, pad[0], pad[1], stride[0], stride[1], dilation[0], dilation[1], mode, compute);
    return api->SetConvolutionNdDescriptor != NULL
               ? api->SetConvolutionNdDescriptor(desc, 2, pad, stride, dilation, mode, compute)
               : CF_DNN_NO_FUNCTION;
}

static int make_conv(const cf_dnn_api *api, const cf_dnn_row *row, const sy_card_convolution *conv, int mode,
    bool is_tf32, cf_dnn_objects *objects) {
    uint32_t compute = conv->x_dtype == SY_F64 ? SY_F64 : conv->x_dtype == SY_S8 ? SY_S32 : SY_F32;
    int math = math_of(row, conv, is_tf32);
    int code = api->CreateConvolutionDescriptor(&objects->conv);
    if (code == 0)
        code = set_conv(api, objects->conv, conv, mode, row->dtype[compute]);
    if (code == 0 && api->SetConvolutionMathType != NULL && math != CF_NONE)
        code = api->SetConvolutionMathType(objects->conv, math);
    if (code == 0 && conv->groups > 1)
        code = api->SetConvolutionGroupCount != NULL
                   ? api->SetConvolutionGroupCount(objects->conv, (int)conv->groups)
                   : CF_DNN_NO_FUNCTION;
    return code;
}

static int make_epilogue(
    const cf_dnn_api *api, const cf_dnn_row *row, const sy_card_convolution *conv, cf_dnn_objects *objects) {
    bool is_relu = conv->epilogue.activation == SY_CARD_RELU;
    uint32_t dtype = conv->x_dtype == SY_F64 ? SY_F64 : SY_F32;
    int code = 0;
    if (sy_card_epilogue_is_empty(&conv->epilogue))
        return 0;
    code = api->CreateTensorDescriptor(&objects->bias);
    if (code == 0)
        code = set_image(api, objects->bias, row->nchw, row->dtype[dtype], false, 1, conv->k, 1, 1);
    if (code == 0)
        code = api->CreateActivationDescriptor(&objects->activation);
    if (code == 0)
        code = api->SetActivationDescriptor(
            objects->activation, is_relu ? ACTIVATION_RELU : ACTIVATION_IDENTITY, PROPAGATE_NAN, 0.0);
    return code;
}

sy_status cf_dnn_objects_make(sy_device *device, const sy_card_convolution *conv, bool is_tf32,
    cf_dnn_objects *out_objects, sy_error *err) {
    const cf_dnn_api *api = &cf_libraries_of(device)->dnn;
    const cf_dnn_row *row = cf_libraries_of(device)->stack->dnn;
    *out_objects = (cf_dnn_objects){0};
    int code = make_images(api, row, conv, out_objects);
    if (code == 0)
        code = make_conv(api, row, conv, cf_device_of(device)->dnn_mode, is_tf32, out_objects);
    if (code == 0)
        code = make_epilogue(api, row, conv, out_objects);
    if (code == CF_DNN_NO_FUNCTION)
        return sy_error_set(err, SY_UNSUPPORTED, "%s: the library lacks a function that describes this%s",
            row->library.option, conv->groups > 1 ? " (groups)" : "");
    return code == 0
               ? SY_OK
               : sy_card_code_error(device, cf_code(CF_CODE_DNN, code), err, "describing the convolution");
}

void cf_dnn_objects_free(sy_device *device, cf_dnn_objects *objects) {
    const cf_dnn_api *api = &cf_libraries_of(device)->dnn;
    if (objects->x != NULL)
        (void)api->DestroyTensorDescriptor(objects->x);
    if (objects->y != NULL)
        (void)api->DestroyTensorDescriptor(objects->y);
    if (objects->bias != NULL)
        (void)api->DestroyTensorDescriptor(objects->bias);
    if (objects->w != NULL)
        (void)api->DestroyFilterDescriptor(objects->w);
    if (objects->conv != NULL)
        (void)api->DestroyConvolutionDescriptor(objects->conv);
    if (objects->activation != NULL)
        (void)api->DestroyActivationDescriptor(objects->activation);
    *objects = (cf_dnn_objects){0};
}

/* Without activation the fused call has one algorithm. The list may name one that the library then has no
 * workspace size for: it does not run. */
static bool is_usable(sy_device *device, const cf_dnn_objects *objects, cf_dnn_choice *choice) {
    const cf_dnn_api *api = &cf_libraries_of(device)->dnn;
    if (choice->status != 0 || (objects->activation != NULL && choice->algo != ALGO_IMPLICIT_PRECOMP))
        return false;
    return api->GetConvolutionForwardWorkspaceSize == NULL ||
           api->GetConvolutionForwardWorkspaceSize(cf_device_of(device)->dnn, objects->x, objects->w,
               objects->conv, objects->y, choice->algo, &choice->workspace_bytes) == 0;
}

/* The list names an algorithm again for each kind of arithmetic; the descriptor says which is meant. */
static bool is_listed(const cf_dnn_choice *choices, uint32_t count, int algo) {
    for (uint32_t i = 0; i < count; i++)
        if (choices[i].algo == algo)
            return true;
    return false;
}

sy_status cf_dnn_choices(sy_device *device, const cf_dnn_objects *objects, cf_dnn_choice *out_choices,
    uint32_t *out_count, sy_error *err) {
    cf_dnn_choice all[CF_DNN_CHOICES];
    int count = 0;
    memset(all, 0, sizeof all);
    *out_count = 0;
    int code = cf_libraries_of(device)->dnn.GetConvolutionForwardAlgorithm_v7(cf_device_of(device)->dnn,
        objects->x, objects->w, objects->conv, objects->y, (int)CF_DNN_CHOICES, &count, all);
    if (code != 0)
        return sy_card_code_error(device, cf_code(CF_CODE_DNN, code), err, "asking for algorithms");
    for (int indirect = 0; indirect < 2; indirect++)
        for (int i = 0; i < count && i < (int)CF_DNN_CHOICES; i++)
            if (cf_dnn_is_indirect(all[i].algo) == (indirect == 1) &&
                !is_listed(out_choices, *out_count, all[i].algo) && is_usable(device, objects, &all[i]))
                out_choices[(*out_count)++] = all[i];
    return *out_count > 0 ? SY_OK
                          : sy_error_set(err, SY_UNSUPPORTED, "the library has no algorithm for this");
}
