/* rocBLAS: an own place for the result, and more at the end of the calls. */
#include "tests/vendor_sim/cuda_family/gemm.h"

#define HANDLE "rocblas"

static int leave(verdict said) {
    return sim_leave(status_of("roc", said));
}

SIM_API int rocblas_create_handle(void **out_handle) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    if (out_handle == NULL || sim_devices() == 0)
        return leave(VERDICT_UNINITIALIZED);
    void *object;
    *out_handle = sim_handle_make(HANDLE, sizeof(blas_handle), &object);
    *(blas_handle *)object = (blas_handle){.device = family_device()};
    return sim_leave(0);
}

SIM_API int rocblas_destroy_handle(void *handle) {
    int code = sim_enter_apart(__func__);
    if (code != 0)
        return sim_leave(code);
    if (sim_handle_get(handle, HANDLE) == NULL)
        return leave(VERDICT_UNINITIALIZED);
    sim_handle_destroy(handle);
    return sim_leave(0);
}

SIM_API int rocblas_set_stream(void *handle, void *stream) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    blas_handle *one = sim_handle_get(handle, HANDLE);
    family_queue queue;
    if (one == NULL || !family_queue_of(stream, &queue))
        return leave(VERDICT_UNINITIALIZED);
    one->stream = stream;
    return sim_leave(0);
}

SIM_API const char *rocblas_status_to_string(int status) {
    return status == 0 ? "rocblas_status_success" : "rocblas_status_simulated";
}

static int gemm(int code, void *handle, const gemm_call *call, int solution, uint32_t flags) {
    if (code != 0)
        return sim_leave(code);
    const blas_handle *one = sim_handle_get(handle, HANDLE);
    if (one == NULL)
        return leave(VERDICT_UNINITIALIZED);
    if (!family_has("roc.algo", call->algo) || solution != 0 || (flags & ~1u) != 0)
        return leave(VERDICT_INVALID);
    return leave(gemm_enqueue(one, call));
}

SIM_API int rocblas_gemm_ex(void *handle, int op_a, int op_b, int m, int n, int k, const void *alpha,
    const void *a, int a_type, int lda, const void *b, int b_type, int ldb, const void *beta, const void *c,
    int c_type, int ldc, void *d, int d_type, int ldd, int compute, int algo, int32_t solution,
    uint32_t flags) {
    gemm_call call = {"blas", "compute", op_a, op_b, compute, algo, m, n, k, 1, alpha, beta,
        {a, a_type, lda, 0}, {b, b_type, ldb, 0}, {c, c_type, ldc, 0}, {d, d_type, ldd, 0}};
    return gemm(sim_enter(__func__), handle, &call, solution, flags);
}

SIM_API int rocblas_gemm_strided_batched_ex(void *handle, int op_a, int op_b, int m, int n, int k,
    const void *alpha, const void *a, int a_type, int lda, int64_t stride_a, const void *b, int b_type,
    int ldb, int64_t stride_b, const void *beta, const void *c, int c_type, int ldc, int64_t stride_c,
    void *d, int d_type, int ldd, int64_t stride_d, int batch, int compute, int algo, int32_t solution,
    uint32_t flags) {
    gemm_call call = {"blas", "compute", op_a, op_b, compute, algo, m, n, k, batch, alpha, beta,
        {a, a_type, lda, stride_a}, {b, b_type, ldb, stride_b}, {c, c_type, ldc, stride_c},
        {d, d_type, ldd, stride_d}};
    return gemm(sim_enter(__func__), handle, &call, solution, flags);
}
