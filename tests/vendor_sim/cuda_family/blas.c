/* The BLAS library: handles, GemmEx and its batched form, geam. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/vendor_sim/cuda_family/gemm.h"

#define HANDLE "blas"

static int create(int code, void **out_handle) {
    if (code == 0 && out_handle == NULL)
        code = status_of("blas", VERDICT_INVALID);
    if (code == 0 && sim_devices() == 0)
        code = status_of("blas", VERDICT_UNINITIALIZED);
    if (code == 0) {
        void *object;
        *out_handle = sim_handle_make(HANDLE, sizeof(blas_handle), &object);
        *(blas_handle *)object = (blas_handle){.device = family_device()};
    }
    return sim_leave(code);
}

static blas_handle *get(int *code, void *handle) {
    blas_handle *one = *code == 0 ? sim_handle_get(handle, HANDLE) : NULL;
    if (*code == 0 && one == NULL)
        *code = status_of("blas", VERDICT_UNINITIALIZED);
    return one;
}

static int destroy(int code, void *handle) {
    if (get(&code, handle) != NULL)
        sim_handle_destroy(handle);
    return sim_leave(code);
}

static int set_stream(int code, void *handle, void *stream) {
    blas_handle *one = get(&code, handle);
    family_queue queue;
    if (one != NULL && !family_queue_of(stream, &queue))
        code = status_of("blas", VERDICT_INVALID);
    else if (one != NULL)
        one->stream = stream;
    return sim_leave(code);
}

#ifdef SIM_BLAS_V2
SIM_API int BLAS(Create_v2)(void **out_handle) {
    return create(sim_enter(__func__), out_handle);
}
SIM_API int BLAS(Destroy_v2)(void *handle) {
    return destroy(sim_enter_apart(__func__), handle);
}
SIM_API int BLAS(SetStream_v2)(void *handle, void *stream) {
    return set_stream(sim_enter(__func__), handle, stream);
}

/* The old interface has no handle: whoever takes it for the new one passes garbage. */
SIM_API void BLAS(Sgemm)(void);
SIM_API void BLAS(Sgemm)(void) {
    fprintf(stderr, "vendor_sim: %s: this is the interface without a handle\n", __func__);
    abort();
}

SIM_API int BLAS(SetWorkspace_v2)(void *handle, void *workspace, size_t bytes) {
    int code = sim_enter(__func__);
    blas_handle *one = get(&code, handle);
    void *view;
    if (one != NULL && !family_operand(one->device, workspace, bytes, &view))
        code = status_of("blas", VERDICT_INVALID);
    if (code == 0) {
        one->workspace = workspace;
        one->workspace_bytes = bytes;
    }
    return sim_leave(code);
}

SIM_API int BLAS(SetMathMode)(void *handle, int mode) {
    int code = sim_enter(__func__);
    blas_handle *one = get(&code, handle);
    if (one != NULL && (mode & ~16) != 0 && (mode & ~16) != 1 && (mode & ~16) != 2 && (mode & ~16) != 3)
        code = status_of("blas", VERDICT_INVALID);
    else if (one != NULL)
        one->math = mode & ~16;
    return sim_leave(code);
}

SIM_API int BLAS(GetVersion_v2)(void *handle, int *out_version) {
    int code = sim_enter(__func__);
    if (code == 0 && out_version == NULL)
        code = status_of("blas", VERDICT_INVALID);
    if (get(&code, handle) != NULL)
        *out_version = (int)family_number("runtime") * 10;
    return sim_leave(code);
}
#else
SIM_API int BLAS(Create)(void **out_handle) {
    return create(sim_enter(__func__), out_handle);
}
SIM_API int BLAS(Destroy)(void *handle) {
    return destroy(sim_enter_apart(__func__), handle);
}
SIM_API int BLAS(SetStream)(void *handle, void *stream) {
    return set_stream(sim_enter(__func__), handle, stream);
}
#endif

/* A workspace that is gone would be written to. */
static verdict check_workspace(const blas_handle *handle) {
    void *view;
    return family_operand(handle->device, handle->workspace, handle->workspace_bytes, &view)
               ? VERDICT_OK
               : VERDICT_EXECUTION;
}

/* Some libraries leave their refusal in the context, too. */
static int finish(verdict said) {
    if (said != VERDICT_OK && family_number("leaves_error") == 1)
        *sim_slot("left_behind") = sim_number(SIM_NO_DEVICE, "left_code", 1);
    return sim_leave(status_of("blas", said));
}

static int gemm(int code, void *handle, const gemm_call *call) {
    blas_handle *one = get(&code, handle);
    if (one == NULL)
        return sim_leave(code);
    if (!family_has("algo", call->algo))
        return finish(VERDICT_INVALID);
    verdict said = check_workspace(one);
    return finish(said == VERDICT_OK ? gemm_enqueue(one, call) : said);
}

#define GEMM_ARGUMENTS                                                                                       \
    void *handle, int op_a, int op_b, int m, int n, int k, const void *alpha, const void *a, int a_type,     \
        int lda, const void *b, int b_type, int ldb, const void *beta, void *c, int c_type, int ldc,         \
        int compute, int algo
#define GEMM_CALL(types, computes)                                                                           \
    {                                                                                                        \
        types, computes, op_a, op_b, compute, algo, m, n, k, 1, alpha, beta, {a, a_type, lda, 0},            \
            {b, b_type, ldb, 0}, {c, c_type, ldc, 0}, {                                                      \
            c, c_type, ldc, 0                                                                                \
        }                                                                                                    \
    }

SIM_API int BLAS(GemmEx)(GEMM_ARGUMENTS) {
    gemm_call call = GEMM_CALL("blas", "compute");
    return gemm(sim_enter(__func__), handle, &call);
}

#define STRIDED_ARGUMENTS                                                                                    \
    void *handle, int op_a, int op_b, int m, int n, int k, const void *alpha, const void *a, int a_type,     \
        int lda, long long stride_a, const void *b, int b_type, int ldb, long long stride_b,                 \
        const void *beta, void *c, int c_type, int ldc, long long stride_c, int batch, int compute, int algo
#define STRIDED_CALL(types, computes)                                                                        \
    {                                                                                                        \
        types, computes, op_a, op_b, compute, algo, m, n, k, batch, alpha, beta, {a, a_type, lda, stride_a}, \
            {b, b_type, ldb, stride_b}, {c, c_type, ldc, stride_c}, {                                        \
            c, c_type, ldc, stride_c                                                                         \
        }                                                                                                    \
    }

SIM_API int BLAS(GemmStridedBatchedEx)(STRIDED_ARGUMENTS) {
    gemm_call call = STRIDED_CALL("blas", "compute");
    return gemm(sim_enter(__func__), handle, &call);
}

#ifdef SIM_BLAS_BOTH_NUMBERS
SIM_API int BLAS(GemmEx_v2)(GEMM_ARGUMENTS) {
    gemm_call call = GEMM_CALL("blas2", "compute2");
    return gemm(sim_enter(__func__), handle, &call);
}

SIM_API int BLAS(GemmStridedBatchedEx_v2)(STRIDED_ARGUMENTS) {
    gemm_call call = STRIDED_CALL("blas2", "compute2");
    return gemm(sim_enter(__func__), handle, &call);
}
#endif
