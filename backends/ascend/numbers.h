/* Numbers of CANN's enumerations: the same from CANN 7 on unless said. */
#ifndef BACKENDS_ASCEND_NUMBERS_H
#define BACKENDS_ASCEND_NUMBERS_H

/** Element types of tensors and scalars; there is no 5. */
enum {
    ACL_TYPE_NONE = -1,
    ACL_TYPE_F32 = 0,
    ACL_TYPE_F16 = 1,
    ACL_TYPE_S8 = 2,
    ACL_TYPE_S32 = 3,
    ACL_TYPE_U8 = 4,
    ACL_TYPE_S16 = 6,
    ACL_TYPE_U16 = 7,
    ACL_TYPE_U32 = 8,
    ACL_TYPE_S64 = 9,
    ACL_TYPE_U64 = 10,
    ACL_TYPE_F64 = 11,
    ACL_TYPE_BOOL = 12,
    ACL_TYPE_BF16 = 27
};

/** Orders of elements (formats); those that are not here are the chip's own. */
enum {
    ACL_ORDER_NCHW = 0,
    ACL_ORDER_NHWC = 1,
    ACL_ORDER_ND = 2,
    ACL_ORDER_HWCN = 16,
    ACL_ORDER_NDHWC = 27,
    ACL_ORDER_NCDHW = 30,
    ACL_ORDER_NCL = 47
};

/** What the cube may do to f32 (cubeMathType). */
enum { CUBE_KEEP = 0, CUBE_HF32 = 3, CUBE_F32_ADD = 4 };

enum { ACL_COPY_H2D = 1, ACL_COPY_D2H = 2, ACL_COPY_D2D = 3 };
enum { ACL_MALLOC_HUGE_FIRST = 0, ACL_MEMORY_DDR = 0, ACL_MEMORY_HBM = 1 };
enum { ACL_FLAG_EVENT_TIMED = 8, ACL_FLAGS_STREAM_FAST = 3 };

/** Done: 1 of aclrtQueryEventStatus(), but 0 of the older aclrtQueryEvent() and of aclrtStreamQuery(). */
enum { ACL_RECORDED = 1, ACL_OLD_EVENT_DONE = 0, ACL_STREAM_DONE = 0 };

/** aclGetDeviceCapability() and aclrtGetDeviceInfo(). */
enum { ACL_CAPABILITY_CORES = 0, ACL_CAPABILITY_L2 = 2, ACL_ATTRIBUTE_PHYSICAL_ID = 402 };

/** Codes that are more than a failure. */
enum {
    ACL_REPEATED_INIT = 100002,
    ACL_CONTEXT_NULL = 107002,
    ACL_BAD_ALLOC = 200000,
    ACL_API_UNSUPPORTED = 200001,
    ACL_FEATURE_UNSUPPORTED = 200006,
    ACL_RT_FEATURE_UNSUPPORTED = 207000,
    ACL_NO_MEMORY = 207001,
    ACL_NO_DEVICE = 207004,
    ACL_NO_EVENT = 207007,
    ACL_NO_STREAM = 207008,
    ACL_DEVICE_OOM = 207018,
    ACLNN_NULL = 161001,
    ACLNN_INVALID = 161002,
    ACLNN_NO_KERNEL = 561003,
    ACLNN_NO_OPP_PATH = 561107,
    ACLNN_NO_PACKAGE = 561112
};

#endif
