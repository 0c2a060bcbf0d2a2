/* Names of functions, the newest first. What a function is called says which generation of the library it
 * is of; nothing is concluded from version numbers. */
#include "backends/cambricon/symbols.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Group of a function: those of CNNL, or these. */
enum { CORE = CAMBRICON_GROUPS, OPTIONAL };

typedef struct symbol {
    size_t offset;
    int group;
    const char *name[3]; /* of the same prototype */
} symbol;

#define CNRT(field, group, ...)                                                                              \
    {                                                                                                        \
        offsetof(cambricon_cnrt, field), group, {                                                            \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
    }
static const symbol cnrt_symbols[] = {
    CNRT(GetLibVersion, OPTIONAL, "cnrtGetLibVersion"),
    CNRT(GetErrorStr, OPTIONAL, "cnrtGetErrorStr"),
    CNRT(GetLastError, OPTIONAL, "cnrtGetLastError"),
    CNRT(GetDeviceCount, CORE, "cnrtGetDeviceCount"),
    CNRT(SetDevice, CORE, "cnrtSetDevice"),
    CNRT(GetDevice, OPTIONAL, "cnrtGetDevice"),
    CNRT(DeviceGetAttribute, OPTIONAL, "cnrtDeviceGetAttribute"),
    CNRT(DeviceGetPCIBusId, OPTIONAL, "cnrtDeviceGetPCIBusId"),
    CNRT(GetDeviceProperties, OPTIONAL, "cnrtGetDeviceProperties", "cnrtGetDeviceProperties_V3"),
    CNRT(Malloc, CORE, "cnrtMalloc"),
    CNRT(Free, CORE, "cnrtFree"),
    CNRT(HostMalloc, CORE, "cnrtHostMalloc"),
    CNRT(FreeHost, CORE, "cnrtFreeHost"),
    CNRT(MemGetInfo, OPTIONAL, "cnrtMemGetInfo"),
    CNRT(MemcpyAsync, CORE, "cnrtMemcpyAsync_V2", "cnrtMemcpyAsync_V3", "cnrtMemcpyAsync"),
    CNRT(MemsetAsync, CORE, "cnrtMemsetAsync"),
    CNRT(QueueCreate, CORE, "cnrtQueueCreate"),
    CNRT(QueueDestroy, CORE, "cnrtQueueDestroy"),
    CNRT(QueueSync, CORE, "cnrtQueueSync"),
    CNRT(QueueQuery, CORE, "cnrtQueueQuery"),
    CNRT(QueueWaitNotifier, OPTIONAL, "cnrtQueueWaitNotifier"),
    CNRT(NotifierCreate, CORE, "cnrtNotifierCreate"),
    CNRT(NotifierCreateWithFlags, OPTIONAL, "cnrtNotifierCreateWithFlags"),
    CNRT(NotifierDestroy, CORE, "cnrtNotifierDestroy"),
    CNRT(PlaceNotifier, CORE, "cnrtPlaceNotifier"),
    CNRT(QueryNotifier, CORE, "cnrtQueryNotifier"),
    CNRT(NotifierDuration, OPTIONAL, "cnrtNotifierDuration"),
    CNRT(NotifierElapsedTime, CORE, "cnrtNotifierElapsedTime"),
};

#define CNNL(field, group, ...)                                                                              \
    {                                                                                                        \
        offsetof(cambricon_cnnl, field), group, {                                                            \
            __VA_ARGS__                                                                                      \
        }                                                                                                    \
    }
static const symbol cnnl_symbols[] = {
    CNNL(GetLibVersion, OPTIONAL, "cnnlGetLibVersion"),
    CNNL(GetErrorString, OPTIONAL, "cnnlGetErrorString"),
    CNNL(Create, CORE, "cnnlCreate"),
    CNNL(Destroy, CORE, "cnnlDestroy"),
    CNNL(SetQueue, CORE, "cnnlSetQueue"),
    CNNL(CreateTensorDescriptor, CORE, "cnnlCreateTensorDescriptor"),
    CNNL(DestroyTensorDescriptor, CORE, "cnnlDestroyTensorDescriptor"),
    CNNL(SetTensorDescriptor, CORE, "cnnlSetTensorDescriptor"),
    CNNL(SetTensorDescriptor_v2, OPTIONAL, "cnnlSetTensorDescriptor_v2"),
    CNNL(SetTensorDescriptorOnchipDataType, OPTIONAL, "cnnlSetTensorDescriptorOnchipDataType"),
    CNNL(SetTensorDescriptorPositionAndScale, OPTIONAL, "cnnlSetTensorDescriptorPositionAndScale"),
    CNNL(CreateMatMulDescriptor, CAMBRICON_MATMUL, "cnnlCreateMatMulDescriptor", "cnnlMatMulDescCreate"),
    CNNL(DestroyMatMulDescriptor, CAMBRICON_MATMUL, "cnnlDestroyMatMulDescriptor", "cnnlMatMulDescDestroy"),
    CNNL(SetMatMulDescAttr, CAMBRICON_MATMUL, "cnnlSetMatMulDescAttr"),
    CNNL(CreateMatMulAlgo, CAMBRICON_MATMUL, "cnnlCreateMatMulAlgo", "cnnlMatMulAlgoCreate"),
    CNNL(DestroyMatMulAlgo, CAMBRICON_MATMUL, "cnnlDestroyMatMulAlgo", "cnnlMatMulAlgoDestroy"),
    CNNL(CreateMatMulHeuristicResult, CAMBRICON_MATMUL, "cnnlCreateMatMulHeuristicResult"),
    CNNL(DestroyMatMulHeuristicResult, CAMBRICON_MATMUL, "cnnlDestroyMatMulHeuristicResult"),
    CNNL(GetMatMulAlgoHeuristic, CAMBRICON_MATMUL, "cnnlGetMatMulAlgoHeuristic"),
    CNNL(GetMatMulHeuristicResult, CAMBRICON_MATMUL, "cnnlGetMatMulHeuristicResult"),
    CNNL(MatMul_v2, CAMBRICON_MATMUL, "cnnlMatMul_v2"),
    CNNL(GetBatchMatMulExAlgoHeuristic, CAMBRICON_BATCH, "cnnlGetBatchMatMulExAlgoHeuristic",
        "cnnlGetBatchMatMulAlgoHeuristic"),
    CNNL(GetBatchMatMulExHeuristicResult, CAMBRICON_BATCH, "cnnlGetBatchMatMulExHeuristicResult",
        "cnnlGetBatchMatMulHeuristicResult"),
    CNNL(BatchMatMulEx, CAMBRICON_BATCH, "cnnlBatchMatMulEx", "cnnlBatchMatMulBCast_v2"),
    CNNL(CreateConvolutionDescriptor, CAMBRICON_CONV, "cnnlCreateConvolutionDescriptor"),
    CNNL(DestroyConvolutionDescriptor, CAMBRICON_CONV, "cnnlDestroyConvolutionDescriptor"),
    CNNL(SetConvolutionDescriptor, CAMBRICON_CONV, "cnnlSetConvolutionDescriptor"),
    CNNL(SetConvolutionDescriptorAllowTF32, OPTIONAL, "cnnlSetConvolutionDescriptorAllowTF32"),
    CNNL(GetConvolutionForwardAlgorithm, OPTIONAL, "cnnlGetConvolutionForwardAlgorithm"),
    CNNL(GetConvolutionForwardWorkspaceSize, CAMBRICON_CONV, "cnnlGetConvolutionForwardWorkspaceSize"),
    CNNL(ConvolutionForward, CAMBRICON_CONV, "cnnlConvolutionForward"),
    CNNL(CreateOpTensorDescriptor, CAMBRICON_OP_TENSOR, "cnnlCreateOpTensorDescriptor"),
    CNNL(DestroyOpTensorDescriptor, CAMBRICON_OP_TENSOR, "cnnlDestroyOpTensorDescriptor"),
    CNNL(SetOpTensorDescriptor, CAMBRICON_OP_TENSOR, "cnnlSetOpTensorDescriptor"),
    CNNL(GetOpTensorWorkspaceSize_v2, OPTIONAL, "cnnlGetOpTensorWorkspaceSize_v2"),
    CNNL(GetOpTensorWorkspaceSize_v3, OPTIONAL, "cnnlGetOpTensorWorkspaceSize_v3"),
    CNNL(OpTensor, CAMBRICON_OP_TENSOR, "cnnlOpTensor"),
    CNNL(CreateActivationDescriptor, CAMBRICON_ACTIVATION, "cnnlCreateActivationDescriptor"),
    CNNL(DestroyActivationDescriptor, CAMBRICON_ACTIVATION, "cnnlDestroyActivationDescriptor"),
    CNNL(SetActivationDescriptor_v5, OPTIONAL, "cnnlSetActivationDescriptor_v5"),
    CNNL(SetActivationDescriptor_v6, OPTIONAL, "cnnlSetActivationDescriptor_v6"),
    CNNL(ActivationForward, CAMBRICON_ACTIVATION, "cnnlActivationForward"),
};

static void *find(const sy_dynlib *library, const symbol *wanted) {
    void *found = NULL;
    for (size_t i = 0; i < sizeof wanted->name / sizeof *wanted->name && found == NULL; i++)
        if (wanted->name[i] != NULL)
            found = sy_dl_symbol(library->handle, wanted->name[i]);
    return found;
}

static void note(char *text, size_t capacity, const char *name) {
    size_t length = strlen(text);
    snprintf(text + length, capacity - length, "%s%s", length > 0 ? " " : "", name);
}

/* Fill a table; what is missing of the core into `core`, of the groups into `lacks`. */
static void look_up(const sy_dynlib *library, const symbol *symbols, size_t count, void *table, char *core,
    size_t capacity, cambricon_lacks *lacks) {
    for (size_t i = 0; i < count; i++) {
        void *found = find(library, &symbols[i]);
        memcpy((char *)table + symbols[i].offset, &found, sizeof found);
        if (found == NULL && symbols[i].group == CORE)
            note(core, capacity, symbols[i].name[0]);
        else if (found == NULL && symbols[i].group != OPTIONAL)
            note(lacks->of[symbols[i].group], sizeof lacks->of[0], symbols[i].name[0]);
    }
}

sy_status cambricon_cnrt_bind(const sy_dynlib *library, cambricon_cnrt *out_api, sy_error *err) {
    cambricon_lacks lacks = {0};
    char missing[192] = "";
    look_up(library, cnrt_symbols, sizeof cnrt_symbols / sizeof *cnrt_symbols, out_api, missing,
        sizeof missing, &lacks);
    if (out_api->QueueCreate == NULL && sy_dl_symbol(library->handle, "cnrtCreateQueue") != NULL)
        return sy_error_set(err, SY_INCOMPATIBLE,
            "%s: Neuware is too old: a CNRT from before 6, which has cnrtCreateQueue and no cnrtQueueCreate",
            library->path);
    if (missing[0] != '\0')
        return sy_error_set(err, SY_INCOMPATIBLE, "%s lacks %s", library->path, missing);
    return SY_OK;
}

/* Either spelling of what takes other arguments in other versions is enough. */
static void note_pairs(const cambricon_cnnl *api, cambricon_lacks *lacks) {
    if (api->GetOpTensorWorkspaceSize_v2 == NULL && api->GetOpTensorWorkspaceSize_v3 == NULL)
        note(lacks->of[CAMBRICON_OP_TENSOR], sizeof lacks->of[0], "cnnlGetOpTensorWorkspaceSize_v3");
    if (api->SetActivationDescriptor_v5 == NULL && api->SetActivationDescriptor_v6 == NULL)
        note(lacks->of[CAMBRICON_ACTIVATION], sizeof lacks->of[0], "cnnlSetActivationDescriptor_v6");
}

sy_status cambricon_cnnl_bind(
    const sy_dynlib *library, cambricon_cnnl *out_api, cambricon_lacks *out_lacks, sy_error *err) {
    char missing[192] = "";
    *out_lacks = (cambricon_lacks){0};
    look_up(library, cnnl_symbols, sizeof cnnl_symbols / sizeof *cnnl_symbols, out_api, missing,
        sizeof missing, out_lacks);
    note_pairs(out_api, out_lacks);
    return missing[0] == '\0' ? SY_OK
                              : sy_error_set(err, SY_INCOMPATIBLE, "%s lacks %s", library->path, missing);
}
