/* Functions of DNN libraries: cuDNN's call shape, its backend interface, and MIOpen's own shape. */
#ifndef BACKENDS_CUDA_FAMILY_DNN_API_H
#define BACKENDS_CUDA_FAMILY_DNN_API_H

#include <stddef.h>
#include <stdint.h>

typedef struct cf_dnn_api {
    int (*Create)(void **handle);
    int (*Destroy)(void *handle);
    int (*SetStream)(void *handle, void *stream);
    size_t (*GetVersion)(void);
    const char *(*GetErrorString)(int code);
    void (*GetLastErrorString)(char *text, size_t capacity); /* of the thread's last failure */
    int (*CreateTensorDescriptor)(void **desc);
    int (*DestroyTensorDescriptor)(void *desc);
    int (*SetTensor4dDescriptor)(void *desc, int format, int dtype, int n, int c, int h, int w);
    /* The same by arrays, which is all that some have; strides NULL: dense in the order of the dims. */
    int (*SetTensorNdDescriptor)(void *desc, int dtype, int rank, const int *dims, const int *strides);
    int (*SetFilterNdDescriptor)(void *desc, int dtype, int format, int rank, const int *dims);
    int (*SetFilterNdDescriptorWithScale)(
        void *desc, int dtype, int format, int rank, const int *dims, float scale);
    int (*SetConvolutionNdDescriptor)(
        void *desc, int rank, const int *pad, const int *stride, const int *dilation, int mode, int compute);
    int (*CreateFilterDescriptor)(void **desc);
    int (*DestroyFilterDescriptor)(void *desc);
    int (*SetFilter4dDescriptor)(void *desc, int dtype, int format, int k, int c, int r, int s);
    int (*CreateConvolutionDescriptor)(void **desc);
    int (*DestroyConvolutionDescriptor)(void *desc);
    int (*SetConvolution2dDescriptor)(void *desc, int pad_h, int pad_w, int stride_h, int stride_w,
        int dilation_h, int dilation_w, int mode, int compute);
    int (*SetConvolutionMathType)(void *desc, int math);
    int (*SetConvolutionGroupCount)(void *desc, int groups);
    int (*GetConvolutionForwardAlgorithm_v7)(
        void *handle, void *x, void *w, void *conv, void *y, int wanted, int *count, void *results);
    int (*GetConvolutionForwardWorkspaceSize)(
        void *handle, void *x, void *w, void *conv, void *y, int algo, size_t *bytes);
    int (*ConvolutionForward)(void *handle, const void *alpha, void *x_desc, const void *x, void *w_desc,
        const void *w, void *conv, int algo, void *workspace, size_t workspace_bytes, const void *beta,
        void *y_desc, void *y);
    int (*CreateActivationDescriptor)(void **desc);
    int (*DestroyActivationDescriptor)(void *desc);
    int (*SetActivationDescriptor)(void *desc, int mode, int nan_propagation, double coefficient);
    int (*ConvolutionBiasActivationForward)(void *handle, const void *alpha1, void *x_desc, const void *x,
        void *w_desc, const void *w, void *conv, int algo, void *workspace, size_t workspace_bytes,
        const void *alpha2, void *z_desc, const void *z, void *bias_desc, const void *bias, void *activation,
        void *y_desc, void *y);
    /* cuDNN's backend interface */
    int (*BackendCreateDescriptor)(int type, void **desc);
    int (*BackendDestroyDescriptor)(void *desc);
    int (*BackendFinalize)(void *desc);
    int (*BackendSetAttribute)(void *desc, int name, int type, int64_t count, const void *values);
    int (*BackendGetAttribute)(void *desc, int name, int type, int64_t wanted, int64_t *count, void *values);
    int (*BackendExecute)(void *handle, void *plan, void *pack);
} cf_dnn_api;

/** A result of GetConvolutionForwardAlgorithm_v7: 48 bytes. */
typedef struct cf_dnn_choice {
    int algo, status;
    float ms;
    size_t workspace_bytes;
    int determinism, math, reserved[3];
} cf_dnn_choice;
_Static_assert(sizeof(cf_dnn_choice) == 48, "as in cudnnConvolutionFwdAlgoPerf_t");

#endif
