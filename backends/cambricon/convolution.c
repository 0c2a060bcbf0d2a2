/* Objects of convolutions. */
#include "backends/cambricon/convolution.h"

#include "backends/cambricon/tensor.h"
#include "backends/cambricon/words.h"
#include "runtime/base/error.h"

static int make_image(const cambricon_libraries *libraries, uint32_t dtype, int64_t n, int64_t h, int64_t w,
    int64_t c, void **out_desc) {
    cambricon_shape shape = {.layout = CAMBRICON_NHWC, .dtype = dtype, .rank = 4, .dim = {n, h, w, c}};
    return cambricon_tensor_make(libraries, &shape, out_desc);
}

static int make_tensors(
    const cambricon_libraries *libraries, const sy_card_convolution *conv, cambricon_convolution *made) {
    bool is_half = conv->x_dtype == SY_F16 || conv->x_dtype == SY_BF16;
    int code = make_image(libraries, conv->x_dtype, conv->n, conv->h, conv->w, conv->c, &made->x);
    if (code == 0)
        code =
            make_image(libraries, conv->w_dtype, conv->k, conv->r, conv->s, conv->c / conv->groups, &made->w);
    if (code == 0)
        code = make_image(libraries, conv->y_dtype, conv->n, conv->p, conv->q, conv->k, &made->y);
    if (code == 0 && is_half)
        code = cambricon_tensor_sum_f32(libraries, made->y);
    if (code == 0 && conv->epilogue.bias != SY_NO_OPERAND) {
        cambricon_shape bias = {
            .layout = CAMBRICON_ARRAY, .dtype = conv->y_dtype, .rank = 1, .dim = {conv->k}};
        code = cambricon_tensor_make(libraries, &bias, &made->bias);
    }
    return code;
}

/* Other types than f32 must not be allowed tf32. */
static int make_desc(const cambricon_cnnl *api, const sy_card_convolution *conv, bool may_be_tf32,
    cambricon_convolution *made) {
    const int pad[4] = {
        (int)conv->pad_lo[0], (int)conv->pad_hi[0], (int)conv->pad_lo[1], (int)conv->pad_hi[1]};
    const int stride[2] = {(int)conv->stride[0], (int)conv->stride[1]};
    const int dilation[2] = {(int)conv->dilation[0], (int)conv->dilation[1]};
    int status = api->CreateConvolutionDescriptor(&made->desc);
    if (status == 0)
        status = api->SetConvolutionDescriptor(
            made->desc, 4, pad, stride, dilation, (int)conv->groups, cambricon_dtype(SY_F32));
    if (status == 0 && api->SetConvolutionDescriptorAllowTF32 != NULL)
        status = api->SetConvolutionDescriptorAllowTF32(made->desc, may_be_tf32 && conv->x_dtype == SY_F32);
    return cambricon_cnnl_code(status);
}

/* 1.x names an algorithm itself, for its one preference. */
static int own_algorithm(sy_device *device, const cambricon_convolution *made, int fallback) {
    const cambricon_cnnl *api = &cambricon_libraries_of(device)->cnnl;
    int algo = fallback;
    if (api->GetConvolutionForwardAlgorithm == NULL ||
        api->GetConvolutionForwardAlgorithm(cambricon_device_of(device)->asker, made->desc, made->x, made->w,
            made->y, CAMBRICON_FASTEST, &algo) != 0)
        return fallback;
    return algo;
}

sy_status cambricon_convolution_make(sy_device *device, const sy_card_convolution *conv, bool may_be_tf32,
    int algo, cambricon_convolution *out_made, sy_error *err) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    *out_made = (cambricon_convolution){0};
    int code = make_tensors(libraries, conv, out_made);
    if (code == 0)
        code = make_desc(&libraries->cnnl, conv, may_be_tf32, out_made);
    if (code != 0)
        return sy_card_code_error(device, code, err, "describing the convolution");
    out_made->algo = own_algorithm(device, out_made, algo);
    if (out_made->algo == CAMBRICON_NO_ALGO)
        return sy_error_set(err, SY_UNSUPPORTED, "CNNL names no algorithm for this convolution");
    code = cambricon_cnnl_code(libraries->cnnl.GetConvolutionForwardWorkspaceSize(
        cambricon_device_of(device)->asker, out_made->x, out_made->w, out_made->y, out_made->bias,
        out_made->desc, out_made->algo, &out_made->workspace_bytes));
    return code == 0 ? SY_OK : sy_card_code_error(device, code, err, "CNNL's workspace for the convolution");
}

void cambricon_convolution_free(const sy_device *device, cambricon_convolution *made) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    cambricon_tensor_free(libraries, made->x);
    cambricon_tensor_free(libraries, made->w);
    cambricon_tensor_free(libraries, made->y);
    cambricon_tensor_free(libraries, made->bias);
    if (made->desc != NULL)
        (void)libraries->cnnl.DestroyConvolutionDescriptor(made->desc);
    *made = (cambricon_convolution){0};
}

int cambricon_convolution_run(const sy_device *device, void *handle, const cambricon_convolution *made,
    const void *x, const void *w, const void *bias, void *y, void *workspace) {
    const cambricon_convolution *m = made;
    return cambricon_cnnl_code(
        cambricon_libraries_of(device)->cnnl.ConvolutionForward(handle, m->desc, m->algo, NULL, m->x, x, m->w,
            w, m->bias, m->bias != NULL ? bias : NULL, workspace, m->workspace_bytes, NULL, m->y, y));
}
