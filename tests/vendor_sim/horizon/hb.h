/*
 * Horizon's interface as the simulation exports it. HZ_FORM is the generation of a library: 0 the first (RDK
 * X3: no strides), 1 hbDNN as of J5 and RDK X5, 2 hbDNN with UCP.
 */
#ifndef TESTS_VENDOR_SIM_HORIZON_HB_H
#define TESTS_VENDOR_SIM_HORIZON_HB_H

#include <stdint.h>

#ifndef HZ_FORM
#define HZ_FORM 1
#endif

#if HZ_FORM == 2
#define HZ_RANK 10
#define HZ_MEMORIES 1
typedef uint64_t hz_memory_size;
typedef int64_t hz_byte_size;
typedef int32_t hz_zero_point;
#else
#define HZ_RANK 8
#define HZ_MEMORIES 4
typedef uint32_t hz_memory_size;
typedef int32_t hz_byte_size;
typedef int8_t hz_zero_point;
#endif

typedef struct hbSysMem {
    uint64_t phyAddr;
    void *virAddr;
    hz_memory_size memSize;
} hbSysMem;

enum { HB_SYS_MEM_CACHE_INVALIDATE = 1, HB_SYS_MEM_CACHE_CLEAN = 2 };

typedef struct hbDNNTensorShape {
    int32_t dimensionSize[HZ_RANK], numDimensions;
} hbDNNTensorShape;

typedef struct hbDNNQuantiShift {
    int32_t shiftLen;
    uint8_t *shiftData;
} hbDNNQuantiShift;

typedef struct hbDNNQuantiScale {
    int32_t scaleLen;
    float *scaleData;
    int32_t zeroPointLen;
    hz_zero_point *zeroPointData;
} hbDNNQuantiScale;

typedef struct hbDNNTensorProperties {
    hbDNNTensorShape validShape;
#if HZ_FORM != 2
    hbDNNTensorShape alignedShape;
    int32_t tensorLayout;
#endif
    int32_t tensorType;
#if HZ_FORM != 2
    hbDNNQuantiShift shift;
#endif
    hbDNNQuantiScale scale;
    int32_t quantiType, quantizeAxis;
    hz_byte_size alignedByteSize;
#if HZ_FORM != 0
    hz_byte_size stride[HZ_RANK];
#endif
} hbDNNTensorProperties;

typedef struct hbDNNTensor {
    hbSysMem sysMem[HZ_MEMORIES];
    hbDNNTensorProperties properties;
} hbDNNTensor;

typedef struct hbDNNInferCtrlParam {
    int32_t bpuCoreId, dspCoreId, priority, more;
    int64_t customId;
    int32_t reserved1, reserved2;
} hbDNNInferCtrlParam;

typedef struct hbUCPSchedParam {
    int32_t priority;
    int64_t customId;
    uint64_t backend;
    uint32_t deviceId;
} hbUCPSchedParam;

#define HB_UCP_BPU_CORE_ANY (UINT64_C(1) << 7)

/* Codes: of UCP, and of what there was before it. */
#if HZ_FORM == 2
enum {
    HZ_INVALID_ARGUMENT = -100001,
    HZ_TOO_MANY_TASKS = -200001,
    HZ_TIMEOUT = -200002,
    HZ_RUN_FAILED = -200003,
    HZ_NO_TASK = -200004,
    HZ_NO_MEMORY = -400001,
    HZ_WRONG_MEMORY = -400005,
    HZ_NO_FILE = -500001,
    HZ_NO_MODEL = -600002,
    HZ_OTHER_CHIP = -600004,
    HZ_NO_PACK = HZ_INVALID_ARGUMENT,
    HZ_NO_HANDLE = HZ_INVALID_ARGUMENT
};
#else
enum {
    HZ_INVALID_ARGUMENT = -6000001,
    HZ_NO_MODEL = -6000002,
    HZ_NO_PACK = -6000004,
    HZ_NO_HANDLE = -6000005,
    HZ_NO_FILE = -6000006,
    HZ_TIMEOUT = -6000008,
    HZ_TOO_MANY_TASKS = -6000009,
    HZ_NO_TASK = -6000011,
    HZ_RUN_FAILED = -6000012,
    HZ_OTHER_CHIP = -6000014,
    HZ_WRONG_MEMORY = -6000129,
    HZ_NO_MEMORY = -6000130
};
#endif

#pragma GCC visibility push(default)

const char *hbDNNGetVersion(void);
const char *hbDNNGetErrorDesc(int32_t code);
int32_t hbDNNInitializeFromFiles(void **pack, const char **paths, int32_t count);
int32_t hbDNNInitializeFromDDR(void **pack, const void **bytes, int32_t *lengths, int32_t count);
int32_t hbDNNRelease(void *pack);
int32_t hbDNNGetModelNameList(const char ***names, int32_t *count, void *pack);
int32_t hbDNNGetModelHandle(void **model, void *pack, const char *name);
int32_t hbDNNGetInputCount(int32_t *count, void *model);
int32_t hbDNNGetOutputCount(int32_t *count, void *model);
int32_t hbDNNGetInputName(const char **name, void *model, int32_t index);
int32_t hbDNNGetOutputName(const char **name, void *model, int32_t index);
int32_t hbDNNGetInputTensorProperties(hbDNNTensorProperties *properties, void *model, int32_t index);
int32_t hbDNNGetOutputTensorProperties(hbDNNTensorProperties *properties, void *model, int32_t index);

#if HZ_FORM == 2
int32_t hbDNNInferV2(void **task, hbDNNTensor *output, const hbDNNTensor *input, void *model);
const char *hbUCPGetErrorDesc(int32_t code);
int32_t hbUCPMalloc(hbSysMem *memory, uint64_t bytes, int32_t device);
int32_t hbUCPMallocCached(hbSysMem *memory, uint64_t bytes, int32_t device);
int32_t hbUCPMemFlush(const hbSysMem *memory, int32_t flag);
int32_t hbUCPFree(hbSysMem *memory);
int32_t hbUCPSubmitTask(void *task, hbUCPSchedParam *param);
int32_t hbUCPWaitTaskDone(void *task, int32_t limit_ms);
int32_t hbUCPReleaseTask(void *task);
#else
int32_t hbDNNInfer(
    void **task, hbDNNTensor **output, const hbDNNTensor *input, void *model, hbDNNInferCtrlParam *param);
int32_t hbDNNWaitTaskDone(void *task, int32_t limit_ms);
int32_t hbDNNReleaseTask(void *task);
int32_t hbSysAllocMem(hbSysMem *memory, uint32_t bytes);
int32_t hbSysAllocCachedMem(hbSysMem *memory, uint32_t bytes);
int32_t hbSysFlushMem(hbSysMem *memory, int32_t flag);
int32_t hbSysFreeMem(hbSysMem *memory);
#endif

#pragma GCC visibility pop

#endif
