/* Finding and opening OpenBLAS, under its own names or those of a build with a prefix. */
#include <stdio.h>
#include <string.h>

#include "backends/cpu/blas_library.h"
#include "backends/cpu/device.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#if defined(__x86_64__)
#define MULTIARCH "/usr/lib/x86_64-linux-gnu"
#elif defined(__aarch64__)
#define MULTIARCH "/usr/lib/aarch64-linux-gnu"
#else
#define MULTIARCH "/usr/lib"
#endif

#define NAME_BYTES 64

#define CALL(name, member, is_optional)                                                                      \
    { name, offsetof(sy_cpu_blas_calls, member), is_optional }

static const sy_dynlib_symbol symbols[] = {
    CALL("cblas_sgemm", sgemm, false),
    CALL("cblas_dgemm", dgemm, false),
    CALL("cblas_sgemv", sgemv, false),
    CALL("cblas_dgemv", dgemv, false),
    CALL("cblas_sbgemm", sbgemm, true),
    CALL("openblas_set_num_threads", set_num_threads, false),
    CALL("openblas_get_num_threads", get_num_threads, false),
    CALL("openblas_get_config", get_config, false),
    CALL("openblas_get_corename", get_corename, true),
};
#define SYMBOL_COUNT (sizeof symbols / sizeof symbols[0])

/* Builds of Python packages put a prefix before every name, and a suffix behind it if integers have 64 bits.
 */
static const char *const prefixes[] = {"", "scipy_"};

static sy_status bind(sy_cpu_blas_library *library, sy_error *err) {
    char name[SYMBOL_COUNT][NAME_BYTES];
    sy_dynlib_symbol renamed[SYMBOL_COUNT];
    size_t found = 0;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        snprintf(name[0], NAME_BYTES, "%scblas_sgemm64_", prefixes[i]);
        if (sy_dl_symbol(library->library.handle, name[0]) != NULL)
            return sy_error_set(err, SY_UNSUPPORTED,
                "openblas: %s is built with 64-bit integers, the interface used here has 32-bit ones",
                library->library.path);
        snprintf(name[0], NAME_BYTES, "%scblas_sgemm", prefixes[i]);
        if (sy_dl_symbol(library->library.handle, name[0]) != NULL)
            found = i;
    }
    for (size_t i = 0; i < SYMBOL_COUNT; i++) {
        renamed[i] = symbols[i];
        snprintf(name[i], NAME_BYTES, "%s%s", prefixes[found], symbols[i].name);
        renamed[i].name = name[i];
    }
    return sy_dynlib_bind(&library->library, renamed, SYMBOL_COUNT, &library->call, err);
}

/* "OpenBLAS 0.3.21 Zen NO_LAPACKE ...": the kernels it chose after its version, as a record's text is short.
 */
static void report(const sy_backend *backend, const sy_cpu_blas_library *library, const char *config) {
    char text[256];
    const char *core = library->call.get_corename != NULL ? library->call.get_corename() : NULL;
    size_t head = strcspn(config, " ");
    head += config[head] != '\0' ? 1 + strcspn(config + head + 1, " ") : 0;
    snprintf(text, sizeof text, "%.*s%s%s%s", (int)head, config, core != NULL ? " " : "",
        core != NULL ? core : "", config + head);
    sy_cpu_blas_library_report(backend, library, text);
}

sy_status sy_cpu_openblas_open(const sy_backend *backend, sy_cpu_blas_library *library) {
    static const char *const names[] = {"libopenblas.so.0", NULL};
    static const char *const folders[] = {
        MULTIARCH "/openblas-openmp", MULTIARCH "/openblas-pthread", "", NULL};
    const sy_dynlib_search search = {
        .chosen = sy_cpu_option(backend, "lib.openblas"), .names = names, .folders = folders};
    sy_status status = sy_dynlib_open(&search, &library->library, &library->error);
    if (status == SY_OK)
        status = bind(library, &library->error);
    if (status != SY_OK)
        return status;
    const char *config = library->call.get_config();
    if (config != NULL && strstr(config, "USE64BITINT") != NULL)
        return sy_error_set(&library->error, SY_UNSUPPORTED,
            "openblas: %s is built with 64-bit integers, the interface used here has 32-bit ones",
            library->library.path);
    report(backend, library, config != NULL ? config : "OpenBLAS");
    return SY_OK;
}
