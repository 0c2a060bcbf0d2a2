/* Functions of MIOpen that are unlike cuDNN's, as prototypes of our own. In some of them the weights come
 * first, in others the images. */
#ifndef BACKENDS_CUDA_FAMILY_MIOPEN_API_H
#define BACKENDS_CUDA_FAMILY_MIOPEN_API_H

#include <stddef.h>
#include <stdint.h>

typedef struct cf_miopen_api {
    int (*GetVersion)(size_t *major, size_t *minor, size_t *patch);
    int (*Set4dTensorDescriptor)(void *desc, int dtype, int n, int c, int h, int w); /* NCHW */
    int (*SetNdTensorDescriptorWithLayout)(void *desc, int dtype, int layout, const int *dims, int rank);
    int (*InitConvolutionDescriptor)(void *desc, int mode, int pad_h, int pad_w, int stride_h, int stride_w,
        int dilation_h, int dilation_w);
    int (*ConvolutionForwardGetSolution)(
        void *handle, void *w, void *x, void *conv, void *y, size_t wanted, size_t *count, void *solutions);
    int (*ConvolutionForwardCompileSolution)(
        void *handle, void *w, void *x, void *conv, void *y, uint64_t solution);
    int (*ConvolutionForwardImmediate)(void *handle, void *w_desc, const void *w, void *x_desc, const void *x,
        void *conv, void *y_desc, void *y, void *workspace, size_t workspace_bytes, uint64_t solution);
} cf_miopen_api;

/** What ConvolutionForwardGetSolution writes. */
typedef struct cf_miopen_solution {
    float ms;
    size_t workspace_bytes;
    uint64_t id;
    int algo;
} cf_miopen_solution;
_Static_assert(sizeof(cf_miopen_solution) == 32, "as in miopenConvSolution_t");

#endif
