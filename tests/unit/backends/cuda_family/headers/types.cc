/*
 * The backend's prototypes against the vendor's: the same number of arguments, each passed in the same way.
 * Handles are void pointers to us, enumerations int, so kinds are compared, not types; and that the backend's
 * row spells each name as the header does. C++, because C cannot take a function's type apart. Compiled by
 * `check` where the headers are.
 */
#include <cublasLt.h>
#include <cublas_v2.h>
#include <cuda_runtime_api.h>

#include <cstdio>
#include <string>
#include <type_traits>

#if __has_include(<cudnn.h>)
#include <cudnn.h>
#endif

extern "C" {
#include "backends/cuda_family/api.h"
#include "backends/cuda_family/dnn_api.h"
#include "backends/cuda_family/stack.h"
}

namespace {

/* A pointer to constant data only if the vendor's is one too, unless ours promises more than it has to. */
template <class Ours, class Theirs> constexpr bool is_alike() {
    using A = std::remove_cv_t<Ours>;
    using B = std::remove_cv_t<Theirs>;
    if constexpr (std::is_pointer_v<A> || std::is_pointer_v<B>) {
        if constexpr (!std::is_pointer_v<A> || !std::is_pointer_v<B>) {
            return false;
        } else {
            using To = std::remove_pointer_t<A>;
            using From = std::remove_pointer_t<B>;
            /* Written through: the object must have the size that the library writes. */
            if constexpr (!std::is_void_v<To> && !std::is_void_v<From> && !std::is_const_v<From> &&
                          std::is_scalar_v<From>)
                return sizeof(To) == sizeof(From) && std::is_pointer_v<To> == std::is_pointer_v<From> &&
                       std::is_floating_point_v<To> == std::is_floating_point_v<From>;
            else
                return true;
        }
    } else if constexpr (std::is_void_v<A> || std::is_void_v<B>) {
        return std::is_void_v<A> && std::is_void_v<B>;
    } else if constexpr (std::is_floating_point_v<A> || std::is_floating_point_v<B>) {
        return std::is_same_v<A, B>;
    } else if constexpr (std::is_enum_v<B>) {
        return std::is_same_v<A, int> && sizeof(B) == sizeof(int);
    } else {
        return sizeof(A) == sizeof(B) && std::is_signed_v<A> == std::is_signed_v<B>;
    }
}

template <class Ours, class Theirs> struct alike : std::false_type {};

template <class R, class... A, class S, class... B> struct alike<R (*)(A...), S (*)(B...)> {
    static constexpr bool same_count = sizeof...(A) == sizeof...(B);
    template <bool Same> static constexpr bool all() {
        if constexpr (Same)
            return is_alike<R, S>() && (is_alike<A, B>() && ...);
        else
            return false;
    }
    static constexpr bool value = all<same_count>();
};

/* How the row spells a function: its own spelling, or prefix and plain name. */
bool is_spelled(const cf_library_row &row, const char *plain, const std::string &theirs) {
    for (const cf_spelling &other : row.spelling)
        if (other.plain != nullptr && std::string(other.plain) == plain)
            return theirs == other.spelled || (other.or_plain && theirs == std::string(row.prefix) + plain);
    return theirs == std::string(row.prefix) + plain;
}

struct count {
    int fields = 0, wrong = 0;
};

void take(count &sum, const cf_library_row &row, const char *plain, const char *theirs, bool is_same) {
    sum.fields++;
    if (!is_same)
        std::printf("%s: our prototype of %s is not the header's\n", theirs, plain);
    const bool is_named = is_spelled(row, plain, theirs);
    if (!is_named)
        std::printf("%s: the row spells %s otherwise\n", theirs, plain);
    sum.wrong += !is_same || !is_named;
}

/* Another field in a table needs another line here. */
template <class Api> void end(count &sum, const char *name, int left_out) {
    const int fields = static_cast<int>(sizeof(Api) / sizeof(void *));
    if (sum.fields + left_out != fields) {
        std::printf(
            "%s: %d fields, %d of them checked and %d left out\n", name, fields, sum.fields, left_out);
        sum.wrong++;
    }
    std::printf("prototypes of %s: %d, %d contradicted\n", name, sum.fields, sum.wrong);
}

/* Names are taken before headers that rename functions can change them. */
#define WORD(name) #name
#define SAME(api, field, theirs)                                                                             \
    take(sum, row, WORD(field), WORD(theirs), alike<decltype(api::field), decltype(&theirs)>::value)

int check_runtime(const cf_library_row &row) {
    count sum;
#define RUNTIME(field) SAME(cf_runtime_api, field, cuda##field)
    RUNTIME(GetDeviceCount), RUNTIME(SetDevice), RUNTIME(GetDeviceProperties), RUNTIME(DeviceGetPCIBusId);
    RUNTIME(DeviceGetAttribute), RUNTIME(Malloc), RUNTIME(Free), RUNTIME(MallocHost), RUNTIME(FreeHost);
    RUNTIME(MemcpyAsync), RUNTIME(MemsetAsync), RUNTIME(MemGetInfo), RUNTIME(StreamCreateWithFlags);
    RUNTIME(StreamDestroy), RUNTIME(StreamSynchronize), RUNTIME(StreamQuery), RUNTIME(StreamWaitEvent);
    RUNTIME(EventCreateWithFlags), RUNTIME(EventDestroy), RUNTIME(EventRecord), RUNTIME(EventQuery);
    RUNTIME(EventElapsedTime), RUNTIME(GetLastError), RUNTIME(GetErrorString), RUNTIME(RuntimeGetVersion);
    RUNTIME(DriverGetVersion), RUNTIME(StreamBeginCapture), RUNTIME(StreamEndCapture), RUNTIME(GraphLaunch);
    RUNTIME(GraphExecDestroy), RUNTIME(GraphDestroy);
    /* GraphInstantiate is cast where it is called: that this row's has so many arguments. */
    using three = int (*)(void **, void *, unsigned long long);
    const bool is_three = alike<three, decltype(&cudaGraphInstantiate)>::value;
    const bool wanted =
        cf_stack_cuda.runtime.graph_arguments == 3 && CUDART_VERSION >= cf_stack_cuda.runtime.graph_version;
    if (is_three != wanted) {
        std::printf("cudaGraphInstantiate: %u arguments by our row\n", cf_stack_cuda.runtime.graph_arguments);
        sum.wrong++;
    }
    /* That, and HIP's two names for pinned memory. */
    end<cf_runtime_api>(sum, "the runtime", 3);
    return sum.wrong;
}

/* The header has a second one of each for C++, with another compute type. */
using gemm_ex = cublasStatus_t (*)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int, int,
    const void *, const void *, cudaDataType, int, const void *, cudaDataType, int, const void *, void *,
    cudaDataType, int, cublasComputeType_t, cublasGemmAlgo_t);
using gemm_batched_ex = cublasStatus_t (*)(cublasHandle_t, cublasOperation_t, cublasOperation_t, int, int,
    int, const void *, const void *, cudaDataType, int, long long, const void *, cudaDataType, int, long long,
    const void *, void *, cudaDataType, int, long long, int, cublasComputeType_t, cublasGemmAlgo_t);
#define ONE_OF(api, field, theirs, type)                                                                     \
    take(sum, row, WORD(field), WORD(theirs),                                                                \
        alike<decltype(api::field), decltype(static_cast<type>(&theirs))>::value)

int check_blas(const cf_library_row &row) {
    count sum;
    SAME(cf_blas_api, Create, cublasCreate_v2);
    SAME(cf_blas_api, Destroy, cublasDestroy_v2);
    SAME(cf_blas_api, SetStream, cublasSetStream_v2);
    SAME(cf_blas_api, SetMathMode, cublasSetMathMode);
    SAME(cf_blas_api, GetVersion, cublasGetVersion_v2);
    ONE_OF(cf_blas_api, GemmEx, cublasGemmEx, gemm_ex);
    ONE_OF(cf_blas_api, GemmStridedBatchedEx, cublasGemmStridedBatchedEx, gemm_batched_ex);
    SAME(cf_blas_api, Sgeam, cublasSgeam);
    end<cf_blas_api>(sum, "BLAS", 2); /* rocBLAS' two */
    return sum.wrong;
}

int check_lt(const cf_library_row &row) {
    count sum;
#define LT(field) SAME(cf_lt_api, field, cublasLt##field)
    LT(Create), LT(Destroy), LT(GetVersion), LT(MatmulDescCreate), LT(MatmulDescDestroy),
        LT(MatmulDescSetAttribute);
    LT(MatrixLayoutCreate), LT(MatrixLayoutDestroy), LT(MatrixLayoutSetAttribute), LT(MatmulPreferenceCreate);
    LT(MatmulPreferenceDestroy), LT(MatmulPreferenceSetAttribute), LT(MatmulAlgoGetHeuristic), LT(Matmul);
    LT(MatmulAlgoConfigGetAttribute);
    end<cf_lt_api>(sum, "Lt", 0);
    return sum.wrong;
}

#ifdef CUDNN_VERSION
int check_dnn(const cf_library_row &row) {
    count sum;
#define DNN(field) SAME(cf_dnn_api, field, cudnn##field)
    DNN(Create), DNN(Destroy), DNN(SetStream), DNN(GetVersion), DNN(GetErrorString),
        DNN(CreateTensorDescriptor);
    DNN(DestroyTensorDescriptor), DNN(SetTensor4dDescriptor), DNN(CreateFilterDescriptor),
        DNN(DestroyFilterDescriptor);
    DNN(SetFilter4dDescriptor), DNN(CreateConvolutionDescriptor), DNN(DestroyConvolutionDescriptor);
    DNN(SetConvolution2dDescriptor), DNN(SetConvolutionMathType), DNN(SetConvolutionGroupCount);
    DNN(GetConvolutionForwardAlgorithm_v7), DNN(GetConvolutionForwardWorkspaceSize), DNN(ConvolutionForward);
    DNN(CreateActivationDescriptor), DNN(DestroyActivationDescriptor), DNN(SetActivationDescriptor);
    DNN(ConvolutionBiasActivationForward), DNN(GetLastErrorString), DNN(BackendCreateDescriptor),
        DNN(BackendDestroyDescriptor);
    DNN(BackendFinalize), DNN(BackendSetAttribute), DNN(BackendGetAttribute), DNN(BackendExecute);
    DNN(SetTensorNdDescriptor), DNN(SetFilterNdDescriptor), DNN(SetConvolutionNdDescriptor);
    end<cf_dnn_api>(sum, "DNN", 1); /* muDNN's descriptor with a scale */
    return sum.wrong;
}
#else
int check_dnn(const cf_library_row &) {
    std::printf("no cudnn.h: its prototypes are not checked\n");
    return 0;
}
#endif

/* What the comparison must see: each of these differs. */
static_assert(!alike<int (*)(int), int (*)(int, int)>::value, "number of arguments");
static_assert(!alike<int (*)(int), int (*)(size_t)>::value, "size");
static_assert(!alike<int (*)(int), int (*)(unsigned)>::value, "sign");
static_assert(!alike<int (*)(int), int (*)(void *)>::value, "pointer or number");
static_assert(!alike<int (*)(float), int (*)(double)>::value, "floating point");
static_assert(!alike<int (*)(int *), int (*)(size_t *)>::value, "what is written");
static_assert(!alike<int (*)(float *), int (*)(int *)>::value, "what is written");
static_assert(!alike<void (*)(int), int (*)(int)>::value, "result");
static_assert(alike<int (*)(void *, int), cudaError_t (*)(cudaStream_t, cudaMemcpyKind)>::value,
    "handles, enumerations");

} // namespace

int main() {
    const int wrong = check_runtime(cf_stack_cuda.runtime.library) + check_blas(cf_stack_cuda.blas->library) +
                      check_lt(cf_stack_cuda.lt->library) + check_dnn(cf_stack_cuda.dnn->library);
    return wrong > 0;
}
