/*
 * Functions of Neuware's libraries, as prototypes of our own: handles and descriptors are void pointers,
 * enumerations int. Fields are named as the functions are, without cnrt and cnnl. A field is NULL if the
 * library has no such function under any of its names.
 */
#ifndef BACKENDS_CAMBRICON_API_H
#define BACKENDS_CAMBRICON_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** CNRT 6: the runtime. */
typedef struct cambricon_cnrt {
    int (*GetLibVersion)(int *major, int *minor, int *patch);
    const char *(*GetErrorStr)(int code);
    int (*GetLastError)(void);
    int (*GetDeviceCount)(unsigned *count);
    int (*SetDevice)(int device); /* of this thread */
    int (*GetDevice)(int *device);
    int (*DeviceGetAttribute)(int *value, int attribute, int device);
    int (*DeviceGetPCIBusId)(char *text, int capacity, int device);
    int (*GetDeviceProperties)(void *properties, int device); /* writes 256 bytes, 584, or other: see below */
    int (*Malloc)(void **address, size_t bytes);
    int (*Free)(void *address);
    int (*HostMalloc)(void **address, size_t bytes);
    int (*FreeHost)(void *address);
    int (*MemGetInfo)(size_t *free_bytes, size_t *total_bytes); /* of this thread's device */
    int (*MemcpyAsync)(void *to, void *from, size_t bytes, void *queue, int direction);
    int (*MemsetAsync)(void *address, int value, size_t bytes, void *queue);
    int (*QueueCreate)(void **queue);
    int (*QueueDestroy)(void *queue);
    int (*QueueSync)(void *queue);
    int (*QueueQuery)(void *queue);
    int (*QueueWaitNotifier)(void *notifier, void *queue, unsigned flags);
    int (*NotifierCreate)(void **notifier);
    int (*NotifierCreateWithFlags)(void **notifier, unsigned flags);
    int (*NotifierDestroy)(void *notifier);
    int (*PlaceNotifier)(void *notifier, void *queue);
    int (*QueryNotifier)(void *notifier);
    int (*NotifierDuration)(void *start, void *end, float *us);    /* by the card's clock */
    int (*NotifierElapsedTime)(void *start, void *end, float *ms); /* by the software's */
} cambricon_cnrt;

/** Room for GetDeviceProperties, which every version begins with the name. */
enum { CAMBRICON_PROPERTIES_BYTES = 4096, CAMBRICON_NAME_BYTES = 256 };

/** Attributes of devices. One that the library does not know yet gives CAMBRICON_NO_ATTRIBUTE. */
enum {
    CAMBRICON_HAS_F16 = 4,
    CAMBRICON_HAS_S8 = 6,
    CAMBRICON_HAS_BF16 = 7,
    CAMBRICON_HAS_TF32 = 8,
    CAMBRICON_CLUSTERS = 0x205,
    CAMBRICON_CORES_PER_CLUSTER = 0x206,
    CAMBRICON_ISA = 0x20a,
    CAMBRICON_L2_BYTES = 0x301
};

/** CNNL: the operators. Codes of their own. Factors are floats of the host, whatever the operands are. */
typedef struct cambricon_cnnl {
    void (*GetLibVersion)(int *major, int *minor, int *patch);
    const char *(*GetErrorString)(int status);
    int (*Create)(void **handle); /* of this thread's device */
    int (*Destroy)(void *handle);
    int (*SetQueue)(void *handle, void *queue);
    int (*CreateTensorDescriptor)(void **desc);
    int (*DestroyTensorDescriptor)(void *desc);
    int (*SetTensorDescriptor)(void *desc, int layout, int dtype, int rank, const int *dims);
    int (*SetTensorDescriptor_v2)(void *desc, int layout, int dtype, int rank, const int64_t *dims);
    /* of 1.x alone: the type of sums, and what a 1 of int8 is worth */
    int (*SetTensorDescriptorOnchipDataType)(void *desc, int dtype);
    int (*SetTensorDescriptorPositionAndScale)(void *desc, int position, float scale);

    /* Products; the names of creators and of what is batched are others in 1.x. */
    int (*CreateMatMulDescriptor)(void **desc);
    int (*DestroyMatMulDescriptor)(void *desc);
    int (*SetMatMulDescAttr)(void *desc, int attribute, const void *value, size_t bytes);
    int (*CreateMatMulAlgo)(void **algo);
    int (*DestroyMatMulAlgo)(void *algo);
    int (*CreateMatMulHeuristicResult)(void **result);
    int (*DestroyMatMulHeuristicResult)(void *result);
    int (*GetMatMulAlgoHeuristic)(void *handle, void *desc, void *a, void *b, void *c, void *d, void *prefer,
        int requested, void **results, int *returned);
    int (*GetMatMulHeuristicResult)(void *result, void *algo, size_t *workspace_bytes);
    int (*MatMul_v2)(void *handle, void *desc, void *algo, const void *alpha, void *a_desc, const void *a,
        void *b_desc, const void *b, const void *beta, void *c_desc, void *c, void *workspace,
        size_t workspace_bytes, void *d_desc, void *d);
    int (*GetBatchMatMulExAlgoHeuristic)(void *handle, void *desc, void *a, void *b, void *c, void *prefer,
        int requested, void **results, int *returned);
    int (*GetBatchMatMulExHeuristicResult)(void *result, void *algo, size_t *workspace_bytes);
    int (*BatchMatMulEx)(void *handle, void *desc, void *algo, const void *alpha, void *a_desc, const void *a,
        void *b_desc, const void *b, const void *beta, void *c_desc, void *c, void *workspace,
        size_t workspace_bytes);

    /* Convolutions. The oldest SetConvolutionDescriptor has no compute type: one argument too many, which
     * nobody reads. */
    int (*CreateConvolutionDescriptor)(void **desc);
    int (*DestroyConvolutionDescriptor)(void *desc);
    int (*SetConvolutionDescriptor)(void *desc, int rank, const int *pad, const int *stride,
        const int *dilation, int groups, int compute);
    int (*SetConvolutionDescriptorAllowTF32)(void *desc, int allow);
    int (*GetConvolutionForwardAlgorithm)(
        void *handle, void *desc, void *x, void *w, void *y, int preference, int *algo);
    int (*GetConvolutionForwardWorkspaceSize)(
        void *handle, void *x, void *w, void *y, void *bias, void *desc, int algo, size_t *bytes);
    int (*ConvolutionForward)(void *handle, void *desc, int algo, const void *alpha, void *x_desc,
        const void *x, void *w_desc, const void *w, void *bias_desc, const void *bias, void *workspace,
        size_t workspace_bytes, const void *beta, void *y_desc, void *y);

    /* What works element by element. Of the two workspace questions a library has one. */
    int (*CreateOpTensorDescriptor)(void **desc);
    int (*DestroyOpTensorDescriptor)(void *desc);
    int (*SetOpTensorDescriptor)(void *desc, int operation, int compute, int nan);
    int (*GetOpTensorWorkspaceSize_v2)(void *handle, void *desc, const void *alpha1, void *a_desc,
        const void *a, const void *alpha2, void *b_desc, const void *b, const void *beta, void *c_desc,
        void *c, size_t *bytes);
    int (*GetOpTensorWorkspaceSize_v3)(void *handle, const void *alpha1, void *a_desc, const void *alpha2,
        void *b_desc, const void *beta, void *c_desc, size_t *bytes);
    int (*OpTensor)(void *handle, void *desc, const void *alpha1, void *a_desc, const void *a,
        const void *alpha2, void *b_desc, const void *b, void *workspace, size_t workspace_bytes,
        const void *beta, void *c_desc, void *c);
    int (*CreateActivationDescriptor)(void **desc);
    int (*DestroyActivationDescriptor)(void *desc);
    int (*SetActivationDescriptor_v5)(void *desc, int mode, int prefer, int nan, float coefficient,
        int sliced_dim, float gamma, float scale, bool is_result);
    int (*SetActivationDescriptor_v6)(void *desc, int mode, int prefer, int nan, float coefficient,
        int sliced_dim, float gamma, float scale, bool is_result, bool is_approximate);
    int (*ActivationForward)(void *handle, void *desc, const void *alpha, void *x_desc, const void *x,
        const void *beta, void *y_desc, void *y);
} cambricon_cnnl;

/** Numbers of CNNL that are public. */
enum { CAMBRICON_NHWC = 1, CAMBRICON_ARRAY = 4 };
enum { CAMBRICON_PROPAGATE_NAN = 1, CAMBRICON_HIGH_PRECISION = 1, CAMBRICON_FASTEST = 0 };
enum {
    CAMBRICON_COMPUTE_TYPE = 0,
    CAMBRICON_TRANS_A = 3,
    CAMBRICON_TRANS_B = 4,
    CAMBRICON_ALLOW_TF32 = 10,
    CAMBRICON_USE_BETA = 11
};

#endif
