/*
 * What the simulated libcnrt.so exports, as far as the interface facts say: CNRT 6.14, or 6.0.2 where
 * CNRT_SIM_6_0 is defined. Numbers and orders are the vendor's; see the README for which of them are
 * uncertain.
 */
#ifndef TESTS_VENDOR_SIM_CAMBRICON_CNRT_API_H
#define TESTS_VENDOR_SIM_CAMBRICON_CNRT_API_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

typedef int32_t cnrtRet_t;
typedef struct cnrtQueue *cnrtQueue_t;
typedef struct cnrtNotifier *cnrtNotifier_t;
typedef void (*cnrtHostFn_t)(void *);

enum {
    cnrtSuccess = 0,
    cnrtErrorNotReady = 1,
    cnrtErrorInit = 100002,
    cnrtErrorNoDevice = 100004,
    cnrtErrorDeviceInvalid = 100005,
    cnrtErrorArgsInvalid = 100006,
    cnrtErrorSys = 100007,
    cnrtErrorSysNoMem = 100010,
    cnrtErrorInvalidResourceHandle = 100014,
    cnrtErrorIllegalState = 100015,
    cnrtErrorNotSupport = 100050,
    cnrtErrorOpsNotPermitted = 100051,
    cnrtErrorQueue = 100060,
    cnrtErrorNoMem = 100100,
    cnrtErrorAssert = 100128,
    cnrtErrorKernelTrap = 100132,
    cnrtErrorKernelUserTrap = 100133,
    cnrtErrorNotFound = 100301,
    cnrtErrorInvalidKernel = 100302,
    cnrtErrorUnsupportedKernelVersion = 100303,
    cnrtErrorNoKernel = 101312,
    cnrtErrorNoModule = 101315,
    cnrtErrorSetOnActiveProcess = 632002,
    cnrtErrorDevice = 632006,
    cnrtErrorNoAttribute = 632009,
    cnrtErrorMemcpyDirectionInvalid = 632013,
    cnrtErrorBusy = 632014,
    cnrtErrorCndrvFuncCall = 632015,
    cnrtErrorCndevFuncCall = 632017,
    cnrtErrorNoCnrtContext = 632019,
    cnrtErrorCndrvFuncNotFound = 632020,
    cnrtErrorUnknown = 999991
};

/* Directions of copies. */
enum {
    cnrtMemcpyHostToDev = 0,
    cnrtMemcpyDevToDev = 1,
    cnrtMemcpyDevToHost = 2,
    cnrtMemcpyHostToHost = 3,
    cnrtMemcpyPeerToPeer = 4,
    cnrtMemcpyNoDirection = 5
};

/* Flags of notifiers. */
enum { CNRT_NOTIFIER_DISABLE_TIMING = 0x2, CNRT_NOTIFIER_DISABLE_TIMING_ALL = 0x4 };

/* Attributes of devices. */
enum {
    cnrtAttrComputeCapabilityMajor = 1,
    cnrtAttrComputeCapabilityMinor = 2,
    cnrtAttrSparse = 3,
    cnrtAttrFp16 = 4,
    cnrtAttrInt4 = 5,
    cnrtAttrInt8 = 6,
    cnrtAttrBf16 = 7,
    cnrtAttrTf32 = 8,
    cnrtAttrClusterCount = 0x205,
    cnrtAttrCoresPerCluster = 0x206,
    cnrtAttrIsaVersion = 0x20a,
    cnrtAttrL2Bytes = 0x301,
    cnrtAttrNramBytes = 0x302,
    cnrtAttrFreeMemoryMb = 0x312,
    cnrtAttrEcc = 0x401,
    cnrtAttrCoreClockKhz = 0x402,
    cnrtAttrMemoryClockKhz = 0x403,
    cnrtAttrBusWidthBits = 0x404,
    cnrtAttrMemoryMb = 0x405,
    cnrtAttrPciBus = 0x406,
    cnrtAttrPciDevice = 0x407,
    cnrtAttrPciDomain = 0x408
};

/* The third layout of the properties, 584 bytes; the first is the name alone. */
typedef struct cnrtDeviceProperties {
    char name[256];
    int32_t total_mb, max_dim[3], core_khz, memory_khz, gap_280, major, minor, gap_292;
    int32_t pci_bus, pci_device, pci_domain, gap_308[7], has_bf16, has_tf32, gap_344[7];
    int32_t clusters, cores_per_cluster, gap_380[3], isa, gap_396[11];
    char uuid[16];
    uint64_t total_bytes;
    int32_t reserved[30];
} cnrtDeviceProperties;
_Static_assert(sizeof(cnrtDeviceProperties) == 584, "size of the properties");
_Static_assert(offsetof(cnrtDeviceProperties, pci_bus) == 296, "place of the PCI bus");
_Static_assert(offsetof(cnrtDeviceProperties, has_bf16) == 336, "place of bf16");
_Static_assert(offsetof(cnrtDeviceProperties, clusters) == 372, "place of the clusters");
_Static_assert(offsetof(cnrtDeviceProperties, isa) == 392, "place of the ISA");
_Static_assert(offsetof(cnrtDeviceProperties, uuid) == 440, "place of the UUID");
_Static_assert(offsetof(cnrtDeviceProperties, total_bytes) == 456, "place of the memory");

cnrtRet_t cnrtGetLibVersion(int *major, int *minor, int *patch);
const char *cnrtGetErrorStr(cnrtRet_t code);
const char *cnrtGetErrorName(cnrtRet_t code);
cnrtRet_t cnrtGetLastError(void);

cnrtRet_t cnrtGetDeviceCount(unsigned int *count);
cnrtRet_t cnrtSetDevice(int device);
cnrtRet_t cnrtGetDevice(int *device);
cnrtRet_t cnrtSyncDevice(void);
cnrtRet_t cnrtDeviceReset(void);
cnrtRet_t cnrtDeviceGetAttribute(int *value, int attribute, int device);
cnrtRet_t cnrtDeviceGetPCIBusId(char *text, int length, int device);
cnrtRet_t cnrtDeviceGetByPCIBusId(int *device, const char *text);
cnrtRet_t cnrtGetDeviceProperties(void *properties, int device);
#ifndef CNRT_SIM_6_0
cnrtRet_t cnrtGetDeviceProperties_V2(void *properties, int device);
cnrtRet_t cnrtGetDeviceProperties_V3(void *properties, int device);
#endif

cnrtRet_t cnrtMalloc(void **memory, size_t bytes);
cnrtRet_t cnrtFree(void *memory);
cnrtRet_t cnrtHostMalloc(void **memory, size_t bytes);
cnrtRet_t cnrtFreeHost(void *memory);
cnrtRet_t cnrtMemGetInfo(size_t *free_bytes, size_t *total_bytes);
cnrtRet_t cnrtMemcpy(void *to, void *from, size_t bytes, int direction);
cnrtRet_t cnrtMemcpyAsync(void *to, void *from, size_t bytes, cnrtQueue_t queue, int direction);
#ifndef CNRT_SIM_6_0
cnrtRet_t cnrtMemcpyAsync_V2(void *to, void *from, size_t bytes, cnrtQueue_t queue, int direction);
cnrtRet_t cnrtMemcpyAsync_V3(void *to, void *from, size_t bytes, cnrtQueue_t queue, int direction);
#endif
cnrtRet_t cnrtMemset(void *memory, int byte, size_t bytes);
cnrtRet_t cnrtMemsetAsync(void *memory, int byte, size_t bytes, cnrtQueue_t queue);

cnrtRet_t cnrtQueueCreate(cnrtQueue_t *queue);
cnrtRet_t cnrtQueueCreateWithPriority(cnrtQueue_t *queue, unsigned int flags, int priority);
cnrtRet_t cnrtQueueDestroy(cnrtQueue_t queue);
cnrtRet_t cnrtQueueSync(cnrtQueue_t queue);
cnrtRet_t cnrtQueueQuery(cnrtQueue_t queue);
cnrtRet_t cnrtQueueWaitNotifier(cnrtNotifier_t notifier, cnrtQueue_t queue, unsigned int flags);
cnrtRet_t cnrtInvokeHostFunc(cnrtQueue_t queue, cnrtHostFn_t function, void *context);

cnrtRet_t cnrtNotifierCreate(cnrtNotifier_t *notifier);
cnrtRet_t cnrtNotifierCreateWithFlags(cnrtNotifier_t *notifier, unsigned int flags);
cnrtRet_t cnrtNotifierDestroy(cnrtNotifier_t notifier);
cnrtRet_t cnrtPlaceNotifier(cnrtNotifier_t notifier, cnrtQueue_t queue);
cnrtRet_t cnrtQueryNotifier(cnrtNotifier_t notifier);
cnrtRet_t cnrtWaitNotifier(cnrtNotifier_t notifier);
cnrtRet_t cnrtNotifierElapsedTime(cnrtNotifier_t start, cnrtNotifier_t end, float *milliseconds);
#ifndef CNRT_SIM_6_0
cnrtRet_t cnrtNotifierDuration(cnrtNotifier_t start, cnrtNotifier_t end, float *microseconds);
#endif

#pragma GCC visibility pop

#endif
