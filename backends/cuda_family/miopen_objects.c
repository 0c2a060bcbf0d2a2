/* MIOpen's descriptors, and what it has for them. */
#include <string.h>

#include "backends/cuda_family/miopen.h"
#include "runtime/base/error.h"

enum { ALGO_FFT = 2, ALGO_WINOGRAD = 3 };

/* No library's code: a function that is not there. */
#define NO_FUNCTION INT32_MIN

const char *cf_miopen_algo_name(int algo) {
    static const char *const names[] = {"gemm", "direct", "fft", "winograd", "algo", "implicit_gemm"};
    return algo >= 0 && (size_t)algo < sizeof names / sizeof names[0] ? names[algo] : "algo";
}

bool cf_miopen_is_indirect(int algo) {
    return algo == ALGO_FFT || algo == ALGO_WINOGRAD;
}

static int make_tensor(
    const cf_libraries *libraries, uint32_t dtype, bool is_nhwc, const int dim[4], void **out_desc) {
    const cf_dnn_row *row = libraries->stack->dnn;
    const cf_miopen_api *api = &libraries->miopen;
    int code = libraries->dnn.CreateTensorDescriptor(out_desc);
    if (code != 0)
        return code;
    if (!is_nhwc)
        return api->Set4dTensorDescriptor(*out_desc, row->dtype[dtype], dim[0], dim[1], dim[2], dim[3]);
    return api->SetNdTensorDescriptorWithLayout != NULL
               ? api->SetNdTensorDescriptorWithLayout(*out_desc, row->dtype[dtype], row->nhwc, dim, 4)
               : NO_FUNCTION;
}

static int make_conv(const cf_libraries *libraries, const sy_card_convolution *conv, void **out_desc) {
    int code = libraries->dnn.CreateConvolutionDescriptor(out_desc);
    if (code == 0)
        code = libraries->miopen.InitConvolutionDescriptor(*out_desc,
            libraries->stack->dnn->cross_correlation, (int)conv->pad_lo[0], (int)conv->pad_lo[1],
            (int)conv->stride[0], (int)conv->stride[1], (int)conv->dilation[0], (int)conv->dilation[1]);
    if (code != 0 || conv->groups == 1)
        return code;
    return libraries->dnn.SetConvolutionGroupCount != NULL
               ? libraries->dnn.SetConvolutionGroupCount(*out_desc, (int)conv->groups)
               : NO_FUNCTION;
}

sy_status cf_miopen_objects_make(
    sy_device *device, const sy_card_convolution *conv, cf_miopen_objects *out_objects, sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    const int x[4] = {(int)conv->n, (int)conv->c, (int)conv->h, (int)conv->w};
    const int w[4] = {(int)conv->k, (int)(conv->c / conv->groups), (int)conv->r, (int)conv->s};
    const int y[4] = {(int)conv->n, (int)conv->k, (int)conv->p, (int)conv->q};
    *out_objects = (cf_miopen_objects){0};
    int code = make_tensor(libraries, conv->x_dtype, conv->is_nhwc, x, &out_objects->x);
    if (code == 0)
        code = make_tensor(libraries, conv->w_dtype, conv->is_nhwc, w, &out_objects->w);
    if (code == 0)
        code = make_tensor(libraries, conv->y_dtype, conv->is_nhwc, y, &out_objects->y);
    if (code == 0)
        code = make_conv(libraries, conv, &out_objects->conv);
    if (code == NO_FUNCTION)
        return sy_error_set(err, SY_UNSUPPORTED, "miopen: this version lacks a function that describes %s",
            conv->is_nhwc ? "images with channels last" : "groups");
    return code == 0
               ? SY_OK
               : sy_card_code_error(device, cf_code(CF_CODE_DNN, code), err, "describing the convolution");
}

void cf_miopen_objects_free(sy_device *device, cf_miopen_objects *objects) {
    const cf_dnn_api *api = &cf_libraries_of(device)->dnn;
    void *const tensors[] = {objects->x, objects->w, objects->y};
    for (size_t i = 0; i < sizeof tensors / sizeof tensors[0]; i++)
        if (tensors[i] != NULL)
            (void)api->DestroyTensorDescriptor(tensors[i]);
    if (objects->conv != NULL)
        (void)api->DestroyConvolutionDescriptor(objects->conv);
    *objects = (cf_miopen_objects){0};
}

sy_status cf_miopen_solutions(sy_device *device, const cf_miopen_objects *objects,
    cf_miopen_solution out_solutions[CF_MIOPEN_SOLUTIONS], uint32_t *out_count, sy_error *err) {
    cf_miopen_solution all[CF_MIOPEN_SOLUTIONS];
    size_t count = 0;
    memset(all, 0, sizeof all);
    *out_count = 0;
    int code = cf_libraries_of(device)->miopen.ConvolutionForwardGetSolution(cf_device_of(device)->dnn,
        objects->w, objects->x, objects->conv, objects->y, CF_MIOPEN_SOLUTIONS, &count, all);
    if (code != 0)
        return sy_card_code_error(device, cf_code(CF_CODE_DNN, code), err, "asking for solutions");
    for (int indirect = 0; indirect < 2; indirect++)
        for (size_t i = 0; i < count && i < CF_MIOPEN_SOLUTIONS; i++)
            if (cf_miopen_is_indirect(all[i].algo) == (indirect == 1))
                out_solutions[(*out_count)++] = all[i];
    return *out_count > 0 ? SY_OK : sy_error_set(err, SY_UNSUPPORTED, "the library has no solution for this");
}
