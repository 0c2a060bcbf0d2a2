/* The DNN library: descriptors and convolution, in the shape that cuDNN gave them. */
#ifndef TESTS_VENDOR_SIM_CUDA_FAMILY_DNN_H
#define TESTS_VENDOR_SIM_CUDA_FAMILY_DNN_H

#include "tests/vendor_sim/cuda_family/gemm.h"

#define DNN_HANDLE "dnn"
#define DNN_TENSOR "dnn_tensor"
#define DNN_FILTER "dnn_filter"
#define DNN_CONV "dnn_conv"
#define DNN_ACTIVATION "dnn_activation"
#define DNN_ALGORITHMS 8

enum { DNN_ACTIVATION_RELU = 1, DNN_ACTIVATION_IDENTITY = 5 };
enum { DNN_FIRST = 0, DNN_LAST = 1, DNN_OTHER = 2 }; /* where the channels are */

/** N, C, H, W whatever the layout. dtype SY_DTYPE_NONE: not set yet. */
typedef struct dnn_tensor {
    uint32_t dtype;
    int64_t dim[4], stride[4];
    float scale;
} dnn_tensor;

/** dim K, C of a group, R, S. */
typedef struct dnn_filter {
    uint32_t dtype, layout;
    int64_t dim[4];
} dnn_filter;

typedef struct dnn_conv {
    bool is_set, flips;
    int64_t pad[2], stride[2], dilation[2], groups;
    uint32_t compute; /* an element type */
    int math;
} dnn_conv;

typedef struct dnn_activation {
    bool is_set;
    int mode;
} dnn_activation;

typedef struct dnn_handle {
    int device;
    void *stream;
} dnn_handle;

/** A convolution as it is described. */
typedef struct dnn_problem {
    const dnn_tensor *x, *y;
    const dnn_filter *w;
    const dnn_conv *conv;
} dnn_problem;

/** The four descriptors; false if one is none. */
bool dnn_problem_of(void *x, void *w, void *conv, void *y, dnn_problem *out);
/** Strides of N, C, H, W for channels first or last. */
void dnn_strides(uint32_t layout, const int64_t dim[4], int64_t out_stride[4]);
/** Whether a tensor lies so (one with extents of 1 may lie in several ways). */
bool dnn_lies(const dnn_tensor *tensor, uint32_t layout);
/** Extents of the output. */
bool dnn_output(const dnn_tensor *x, const dnn_filter *w, const dnn_conv *conv, int64_t out_dim[4]);
/** Whether the library can do it: everything but addresses and scalars into `out`. */
verdict dnn_check(const dnn_problem *problem, sim_conv *out);
/** The same for one algorithm, and the workspace that it wants. */
verdict dnn_check_algorithm(const dnn_problem *problem, int algorithm, uint64_t *out_workspace);
/** Queue of a handle, on the right device. */
verdict dnn_queue_of(const dnn_handle *handle, family_queue *out_queue);
/** Bytes that a tensor of a convolution covers; find them on the device. */
bool dnn_find(int device, const void *address, const int64_t dim[4], sim_tensor *tensor);

#endif
