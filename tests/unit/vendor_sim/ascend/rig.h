/* The simulated libraries of Ascend opened for a test, and short words for what every test does. */
#ifndef TESTS_UNIT_VENDOR_SIM_ASCEND_RIG_H
#define TESTS_UNIT_VENDOR_SIM_ASCEND_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/vendor_sim/ascend/aclnn.h"
#include "tests/vendor_sim/common/world.h"

/* Functions that the tests call, found by name. */
#define RIG_OPERATORS(X)                                                                                     \
    X(aclnnMatmul)                                                                                           \
    X(aclnnMm)                                                                                               \
    X(aclnnBatchMatMul)                                                                                      \
    X(aclnnAddmm)                                                                                            \
    X(aclnnGemm)                                                                                             \
    X(aclnnQuantMatmul)                                                                                      \
    X(aclnnQuantMatmulV3)                                                                                    \
    X(aclnnQuantMatmulV4)                                                                                    \
    X(aclnnTransQuantParamV2)                                                                                \
    X(aclnnTransMatmulWeight)                                                                                \
    X(aclnnConvolution)                                                                                      \
    X(aclnnAdd)                                                                                              \
    X(aclnnMul)                                                                                              \
    X(aclnnRelu)                                                                                             \
    X(aclnnInplaceRelu)                                                                                      \
    X(aclnnCast)                                                                                             \
    X(aclnnInplaceCopy)                                                                                      \
    X(aclnnSoftmax)                                                                                          \
    X(aclnnLayerNorm)

#define RIG_FUNCTIONS(X)                                                                                     \
    X(sim_configure)                                                                                         \
    X(sim_fail)                                                                                              \
    X(sim_fail_async)                                                                                        \
    X(sim_disarm)                                                                                            \
    X(sim_alive)                                                                                             \
    X(sim_alive_total)                                                                                       \
    X(sim_misuses)                                                                                           \
    X(sim_misuses_total)                                                                                     \
    X(aclInit)                                                                                               \
    X(aclFinalize)                                                                                           \
    X(aclrtGetVersion)                                                                                       \
    X(aclGetRecentErrMsg)                                                                                    \
    X(aclrtGetDeviceCount)                                                                                   \
    X(aclrtSetDevice)                                                                                        \
    X(aclrtGetDevice)                                                                                        \
    X(aclrtResetDevice)                                                                                      \
    X(aclrtSynchronizeDevice)                                                                                \
    X(aclrtGetRunMode)                                                                                       \
    X(aclrtGetSocName)                                                                                       \
    X(aclrtGetMemInfo)                                                                                       \
    X(aclrtGetDeviceUtilizationRate)                                                                         \
    X(aclGetDeviceCapability)                                                                                \
    X(aclGetCannAttribute)                                                                                   \
    X(aclrtSetSysParamOpt)                                                                                   \
    X(aclrtCreateContext)                                                                                    \
    X(aclrtSetCurrentContext)                                                                                \
    X(aclrtGetCurrentContext)                                                                                \
    X(aclrtDestroyContext)                                                                                   \
    X(aclrtCreateStream)                                                                                     \
    X(aclrtCreateStreamWithConfig)                                                                           \
    X(aclrtDestroyStream)                                                                                    \
    X(aclrtSynchronizeStream)                                                                                \
    X(aclrtSynchronizeStreamWithTimeout)                                                                     \
    X(aclrtStreamQuery)                                                                                      \
    X(aclrtStreamWaitEvent)                                                                                  \
    X(aclrtCreateEvent)                                                                                      \
    X(aclrtCreateEventWithFlag)                                                                              \
    X(aclrtCreateEventExWithFlag)                                                                            \
    X(aclrtDestroyEvent)                                                                                     \
    X(aclrtRecordEvent)                                                                                      \
    X(aclrtResetEvent)                                                                                       \
    X(aclrtSynchronizeEvent)                                                                                 \
    X(aclrtQueryEvent)                                                                                       \
    X(aclrtQueryEventStatus)                                                                                 \
    X(aclrtEventElapsedTime)                                                                                 \
    X(aclrtEventGetTimestamp)                                                                                \
    X(aclrtMalloc)                                                                                           \
    X(aclrtFree)                                                                                             \
    X(aclrtMallocHost)                                                                                       \
    X(aclrtFreeHost)                                                                                         \
    X(aclrtMemcpy)                                                                                           \
    X(aclrtMemcpyAsync)                                                                                      \
    X(aclrtMemset)                                                                                           \
    X(aclrtMemsetAsync)                                                                                      \
    X(aclCreateTensor)                                                                                       \
    X(aclDestroyTensor)                                                                                      \
    X(aclCreateScalar)                                                                                       \
    X(aclDestroyScalar)                                                                                      \
    X(aclCreateIntArray)                                                                                     \
    X(aclDestroyIntArray)                                                                                    \
    X(aclSetAclOpExecutorRepeatable)                                                                         \
    X(aclDestroyAclOpExecutor)                                                                               \
    X(aclSetInputTensorAddr)                                                                                 \
    X(aclSetOutputTensorAddr)                                                                                \
    X(aclnnCalculateMatmulWeightSizeV2)                                                                      \
    RIG_OPERATORS(X)

#define RIG_FIELD(name) __typeof__(name) *name;
#define RIG_FIELDS_OF_OPERATOR(name) __typeof__(name##GetWorkspaceSize) *name##GetWorkspaceSize;

typedef struct rig_api {
    RIG_FUNCTIONS(RIG_FIELD)
    RIG_OPERATORS(RIG_FIELDS_OF_OPERATOR)
} rig_api;

/** The functions of CANN 8, once rig_open() was called. */
extern rig_api api;

/** A library of the simulation: "ascend/libdcmi.so". Ends the test if there is none. */
void *rig_library(const char *file);
/** A symbol of a library; NULL if it has none. */
void *rig_symbol(void *library, const char *name);

/** Begin a world with these settings, initialise, set device 0, make a stream. */
void rig_open(const char *settings);
extern aclrtStream rig_stream;
/** End it: nothing may be left, and nothing was done wrong but what rig_expect_misuse() named. */
void rig_close(void);
/** One misuse of that name, and no other, was counted since the last time. */
void rig_expect_misuse(const char *name);

/** Device memory with a copy of these bytes (NULL: any), and back; freed by rig_close(). */
void *rig_memory(const void *bytes, size_t count);
void rig_read(void *to, const void *memory, size_t count);

/** A tensor of packed rows, in memory of its own with these elements (NULL: any); destroyed by rig_close().
 */
aclTensor *rig_tensor(int type, uint32_t rank, const int64_t *dim, const void *elements);
/** Its memory. */
void *rig_memory_of(const aclTensor *tensor);
/** The same elements as a view, of a format. */
aclTensor *rig_view(
    aclTensor *tensor, uint32_t rank, const int64_t *dim, const int64_t *stride, int64_t offset, int format);
/** Elements of a tensor of that many bytes. */
void rig_elements(void *to, const aclTensor *tensor, size_t bytes);

/** An array of integers; destroyed by rig_close(). */
aclIntArray *rig_ints(uint64_t count, const int64_t *values);

/** Phase two with a workspace of its own, and a wait: what either says. */
int rig_run(__typeof__(aclnnMatmul) *phase_two, uint64_t workspace_bytes, aclOpExecutor *executor);

#define RIG_DIMS(...)                                                                                        \
    (const int64_t[]) {                                                                                      \
        __VA_ARGS__                                                                                          \
    }

#endif
