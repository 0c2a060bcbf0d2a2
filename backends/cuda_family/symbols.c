/* Names of functions: prefix + plain name, or as the row spells it. */
#include "backends/cuda_family/symbols.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* A function wanted: its plain name, its field, and whether there may be none. */
typedef struct symbol {
    const char *name;
    size_t offset;
    bool is_optional;
} symbol;

#define SYMBOL(api, name, is_optional)                                                                       \
    { #name, offsetof(api, name), is_optional }

static const symbol runtime_symbols[] = {SYMBOL(cf_runtime_api, GetDeviceCount, false),
    SYMBOL(cf_runtime_api, SetDevice, false), SYMBOL(cf_runtime_api, GetDeviceProperties, true),
    SYMBOL(cf_runtime_api, DeviceGetPCIBusId, true), SYMBOL(cf_runtime_api, DeviceGetAttribute, true),
    SYMBOL(cf_runtime_api, Malloc, false), SYMBOL(cf_runtime_api, Free, false),
    SYMBOL(cf_runtime_api, MallocHost, true), SYMBOL(cf_runtime_api, FreeHost, true),
    SYMBOL(cf_runtime_api, HostMalloc, true), SYMBOL(cf_runtime_api, HostFree, true),
    SYMBOL(cf_runtime_api, MemcpyAsync, false), SYMBOL(cf_runtime_api, MemsetAsync, false),
    SYMBOL(cf_runtime_api, MemGetInfo, true), SYMBOL(cf_runtime_api, StreamCreateWithFlags, false),
    SYMBOL(cf_runtime_api, StreamDestroy, false), SYMBOL(cf_runtime_api, StreamSynchronize, false),
    SYMBOL(cf_runtime_api, StreamQuery, true), SYMBOL(cf_runtime_api, StreamWaitEvent, true),
    SYMBOL(cf_runtime_api, EventCreateWithFlags, false), SYMBOL(cf_runtime_api, EventDestroy, false),
    SYMBOL(cf_runtime_api, EventRecord, false), SYMBOL(cf_runtime_api, EventQuery, false),
    SYMBOL(cf_runtime_api, EventElapsedTime, false), SYMBOL(cf_runtime_api, GetLastError, true),
    SYMBOL(cf_runtime_api, GetErrorString, true), SYMBOL(cf_runtime_api, RuntimeGetVersion, true),
    SYMBOL(cf_runtime_api, DriverGetVersion, true), SYMBOL(cf_runtime_api, StreamBeginCapture, true),
    SYMBOL(cf_runtime_api, StreamEndCapture, true), SYMBOL(cf_runtime_api, GraphInstantiate, true),
    SYMBOL(cf_runtime_api, GraphLaunch, true), SYMBOL(cf_runtime_api, GraphExecDestroy, true),
    SYMBOL(cf_runtime_api, GraphDestroy, true)};

static const symbol blas_symbols[] = {SYMBOL(cf_blas_api, Create, false), SYMBOL(cf_blas_api, Destroy, false),
    SYMBOL(cf_blas_api, SetStream, false), SYMBOL(cf_blas_api, SetMathMode, true),
    SYMBOL(cf_blas_api, GetVersion, true), SYMBOL(cf_blas_api, GemmEx, false),
    SYMBOL(cf_blas_api, GemmStridedBatchedEx, true), SYMBOL(cf_blas_api, Sgeam, true)};

/* rocBLAS spells words apart. */
static const symbol rocblas_symbols[] = {{"create_handle", offsetof(cf_blas_api, Create), false},
    {"destroy_handle", offsetof(cf_blas_api, Destroy), false},
    {"set_stream", offsetof(cf_blas_api, SetStream), false}, {"sgeam", offsetof(cf_blas_api, Sgeam), true},
    SYMBOL(cf_blas_api, gemm_ex, false), SYMBOL(cf_blas_api, gemm_strided_batched_ex, true)};

static const symbol lt_symbols[] = {SYMBOL(cf_lt_api, Create, false), SYMBOL(cf_lt_api, Destroy, false),
    SYMBOL(cf_lt_api, GetVersion, true), SYMBOL(cf_lt_api, MatmulDescCreate, false),
    SYMBOL(cf_lt_api, MatmulDescDestroy, false), SYMBOL(cf_lt_api, MatmulDescSetAttribute, false),
    SYMBOL(cf_lt_api, MatrixLayoutCreate, false), SYMBOL(cf_lt_api, MatrixLayoutDestroy, false),
    SYMBOL(cf_lt_api, MatrixLayoutSetAttribute, false), SYMBOL(cf_lt_api, MatmulPreferenceCreate, false),
    SYMBOL(cf_lt_api, MatmulPreferenceDestroy, false), SYMBOL(cf_lt_api, MatmulPreferenceSetAttribute, false),
    SYMBOL(cf_lt_api, MatmulAlgoGetHeuristic, false), SYMBOL(cf_lt_api, Matmul, false),
    SYMBOL(cf_lt_api, MatmulAlgoConfigGetAttribute, true)};

/* Which of its interfaces a library has is seen by what is there. */
static const symbol dnn_symbols[] = {SYMBOL(cf_dnn_api, Create, false), SYMBOL(cf_dnn_api, Destroy, false),
    SYMBOL(cf_dnn_api, SetStream, false), SYMBOL(cf_dnn_api, GetVersion, true),
    SYMBOL(cf_dnn_api, GetErrorString, true), SYMBOL(cf_dnn_api, GetLastErrorString, true),
    SYMBOL(cf_dnn_api, CreateTensorDescriptor, true), SYMBOL(cf_dnn_api, DestroyTensorDescriptor, true),
    SYMBOL(cf_dnn_api, SetTensor4dDescriptor, true), SYMBOL(cf_dnn_api, SetTensorNdDescriptor, true),
    SYMBOL(cf_dnn_api, SetFilterNdDescriptor, true), SYMBOL(cf_dnn_api, SetFilterNdDescriptorWithScale, true),
    SYMBOL(cf_dnn_api, SetConvolutionNdDescriptor, true), SYMBOL(cf_dnn_api, CreateFilterDescriptor, true),
    SYMBOL(cf_dnn_api, DestroyFilterDescriptor, true), SYMBOL(cf_dnn_api, SetFilter4dDescriptor, true),
    SYMBOL(cf_dnn_api, CreateConvolutionDescriptor, true),
    SYMBOL(cf_dnn_api, DestroyConvolutionDescriptor, true),
    SYMBOL(cf_dnn_api, SetConvolution2dDescriptor, true), SYMBOL(cf_dnn_api, SetConvolutionMathType, true),
    SYMBOL(cf_dnn_api, SetConvolutionGroupCount, true),
    SYMBOL(cf_dnn_api, GetConvolutionForwardAlgorithm_v7, true),
    SYMBOL(cf_dnn_api, GetConvolutionForwardWorkspaceSize, true),
    SYMBOL(cf_dnn_api, ConvolutionForward, true), SYMBOL(cf_dnn_api, CreateActivationDescriptor, true),
    SYMBOL(cf_dnn_api, DestroyActivationDescriptor, true), SYMBOL(cf_dnn_api, SetActivationDescriptor, true),
    SYMBOL(cf_dnn_api, ConvolutionBiasActivationForward, true),
    SYMBOL(cf_dnn_api, BackendCreateDescriptor, true), SYMBOL(cf_dnn_api, BackendDestroyDescriptor, true),
    SYMBOL(cf_dnn_api, BackendFinalize, true), SYMBOL(cf_dnn_api, BackendSetAttribute, true),
    SYMBOL(cf_dnn_api, BackendGetAttribute, true), SYMBOL(cf_dnn_api, BackendExecute, true)};

/* MIOpen: names that are cuDNN's, with cuDNN's arguments ... */
static const symbol miopen_shared_symbols[] = {SYMBOL(cf_dnn_api, Create, false),
    SYMBOL(cf_dnn_api, Destroy, false), SYMBOL(cf_dnn_api, SetStream, false),
    SYMBOL(cf_dnn_api, GetErrorString, true), SYMBOL(cf_dnn_api, CreateTensorDescriptor, false),
    SYMBOL(cf_dnn_api, DestroyTensorDescriptor, false),
    SYMBOL(cf_dnn_api, CreateConvolutionDescriptor, false),
    SYMBOL(cf_dnn_api, DestroyConvolutionDescriptor, false),
    SYMBOL(cf_dnn_api, SetConvolutionGroupCount, true)};

/* ... and its own. */
static const symbol miopen_symbols[] = {SYMBOL(cf_miopen_api, GetVersion, true),
    SYMBOL(cf_miopen_api, Set4dTensorDescriptor, false),
    SYMBOL(cf_miopen_api, SetNdTensorDescriptorWithLayout, true),
    SYMBOL(cf_miopen_api, InitConvolutionDescriptor, false),
    SYMBOL(cf_miopen_api, ConvolutionForwardGetSolution, false),
    SYMBOL(cf_miopen_api, ConvolutionForwardCompileSolution, false),
    SYMBOL(cf_miopen_api, ConvolutionForwardImmediate, false)};

static void *find(const sy_dynlib *library, const cf_library_row *row, const char *name) {
    const cf_spelling *spelling = NULL;
    char full[128];
    for (size_t i = 0; i < CF_SPELLINGS_MAX && row->spelling[i].plain != NULL; i++)
        if (strcmp(row->spelling[i].plain, name) == 0)
            spelling = &row->spelling[i];
    void *found = spelling != NULL ? sy_dl_symbol(library->handle, spelling->spelled) : NULL;
    if (found != NULL || (spelling != NULL && !spelling->or_plain))
        return found;
    snprintf(full, sizeof full, "%s%s", row->prefix, name);
    return sy_dl_symbol(library->handle, full);
}

static sy_status bind(const sy_dynlib *library, const cf_library_row *row, const symbol *symbols,
    size_t count, void *table, sy_error *err) {
    char missing[256] = "";
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        void *found = find(library, row, symbols[i].name);
        memcpy((char *)table + symbols[i].offset, &found, sizeof found);
        if (found == NULL && !symbols[i].is_optional && length < sizeof missing)
            length += (size_t)snprintf(
                missing + length, sizeof missing - length, " %s%s", row->prefix, symbols[i].name);
    }
    return missing[0] == '\0' ? SY_OK
                              : sy_error_set(err, SY_INCOMPATIBLE, "%s lacks%s", library->path, missing);
}

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

sy_status cf_runtime_bind(
    const sy_dynlib *library, const cf_library_row *row, cf_runtime_api *out_api, sy_error *err) {
    sy_status status = bind(library, row, runtime_symbols, COUNT(runtime_symbols), out_api, err);
    bool has_pinned = (out_api->MallocHost != NULL && out_api->FreeHost != NULL) ||
                      (out_api->HostMalloc != NULL && out_api->HostFree != NULL);
    if (status != SY_OK || has_pinned)
        return status;
    return sy_error_set(
        err, SY_INCOMPATIBLE, "%s lacks %sMallocHost or %sFreeHost", library->path, row->prefix, row->prefix);
}

sy_status cf_blas_bind(
    const sy_dynlib *library, const cf_blas_row *row, cf_blas_api *out_api, sy_error *err) {
    if (row->is_rocblas)
        return bind(library, &row->library, rocblas_symbols, COUNT(rocblas_symbols), out_api, err);
    return bind(library, &row->library, blas_symbols, COUNT(blas_symbols), out_api, err);
}

sy_status cf_lt_bind(const sy_dynlib *library, const cf_library_row *row, cf_lt_api *out_api, sy_error *err) {
    return bind(library, row, lt_symbols, COUNT(lt_symbols), out_api, err);
}

sy_status cf_dnn_bind(const sy_dynlib *library, const cf_dnn_row *row, cf_dnn_api *out_api, sy_error *err) {
    return bind(library, &row->library, dnn_symbols, COUNT(dnn_symbols), out_api, err);
}

sy_status cf_miopen_bind(const sy_dynlib *library, const cf_dnn_row *row, cf_dnn_api *out_shared,
    cf_miopen_api *out_api, sy_error *err) {
    sy_status status =
        bind(library, &row->library, miopen_shared_symbols, COUNT(miopen_shared_symbols), out_shared, err);
    return status == SY_OK ? bind(library, &row->library, miopen_symbols, COUNT(miopen_symbols), out_api, err)
                           : status;
}
