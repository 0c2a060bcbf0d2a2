/* Finding and opening BLIS. */
#include <stdio.h>

#include "backends/cpu/blas_library.h"
#include "backends/cpu/device.h"
#include "runtime/base/error.h"

#if defined(__x86_64__)
#define MULTIARCH "/usr/lib/x86_64-linux-gnu"
#elif defined(__aarch64__)
#define MULTIARCH "/usr/lib/aarch64-linux-gnu"
#else
#define MULTIARCH "/usr/lib"
#endif

#define CALL(name, member)                                                                                   \
    { name, offsetof(sy_cpu_blas_calls, member), false }

/* Its own integers have 64 bits whatever those of its BLAS interface have. */
static const sy_dynlib_symbol symbols[] = {
    CALL("cblas_sgemm", sgemm),
    CALL("cblas_dgemm", dgemm),
    CALL("cblas_sgemv", sgemv),
    CALL("cblas_dgemv", dgemv),
    CALL("bli_thread_set_num_threads", set_num_threads_wide),
    CALL("bli_thread_get_num_threads", get_num_threads_wide),
    CALL("bli_info_get_version_str", get_version),
    CALL("bli_info_get_blas_int_type_size", get_int_bits),
    CALL("bli_arch_query_id", get_arch),
    CALL("bli_arch_string", name_arch),
};

sy_status sy_cpu_blis_open(const sy_backend *backend, sy_cpu_blas_library *library) {
    static const char *const names[] = {"libblis.so.4", "libblis.so.5", "libblis.so", NULL};
    static const char *const folders[] = {MULTIARCH "/blis-openmp", MULTIARCH "/blis-pthread", "", NULL};
    const sy_dynlib_search search = {
        .chosen = sy_cpu_option(backend, "lib.blis"), .names = names, .folders = folders};
    const sy_cpu_blas_calls *call = &library->call;
    sy_status status = sy_dynlib_open(&search, &library->library, &library->error);
    if (status == SY_OK)
        status = sy_dynlib_bind(
            &library->library, symbols, sizeof symbols / sizeof symbols[0], &library->call, &library->error);
    if (status != SY_OK)
        return status;
    if (call->get_int_bits() != 32)
        return sy_error_set(&library->error, SY_UNSUPPORTED,
            "blis: %s is built with %lld-bit integers, the interface used here has 32-bit ones",
            library->library.path, (long long)call->get_int_bits());
    char text[128];
    const char *version = call->get_version(), *arch = call->name_arch(call->get_arch());
    snprintf(text, sizeof text, "%s %s", version != NULL ? version : "BLIS", arch != NULL ? arch : "");
    sy_cpu_blas_library_report(backend, library, text);
    return SY_OK;
}
