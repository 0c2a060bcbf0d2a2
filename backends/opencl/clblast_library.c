/* Finding and opening CLBlast, and what its status codes are called. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "backends/opencl/clblast.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define CALL(name, member, is_optional)                                                                      \
    { name, offsetof(ocl_clblast, call.member), is_optional }

static const sy_dynlib_symbol symbols[] = {
    CALL("CLBlastSgemm", sgemm, false),
    CALL("CLBlastDgemm", dgemm, false),
    CALL("CLBlastHgemm", hgemm, false),
    CALL("CLBlastSgemmStridedBatched", sgemm_batched, false),
    CALL("CLBlastDgemmStridedBatched", dgemm_batched, false),
    CALL("CLBlastHgemmStridedBatched", hgemm_batched, false),
    CALL("CLBlastClearCache", clear_cache, false),
};

/* Those that are not OpenCL's own. */
static const struct {
    int code;
    const char *name;
} codes[] = {{-1024, "CLBlastNotImplemented"}, {-1022, "CLBlastInvalidMatrixA"},
    {-1021, "CLBlastInvalidMatrixB"}, {-1020, "CLBlastInvalidMatrixC"}, {-1019, "CLBlastInvalidVectorX"},
    {-1018, "CLBlastInvalidVectorY"}, {-1017, "CLBlastInvalidDimension"}, {-1016, "CLBlastInvalidLeadDimA"},
    {-1015, "CLBlastInvalidLeadDimB"}, {-1014, "CLBlastInvalidLeadDimC"}, {-1013, "CLBlastInvalidIncrementX"},
    {-1012, "CLBlastInvalidIncrementY"}, {-1011, "CLBlastInsufficientMemoryA"},
    {-1010, "CLBlastInsufficientMemoryB"}, {-1009, "CLBlastInsufficientMemoryC"},
    {-1008, "CLBlastInsufficientMemoryX"}, {-1007, "CLBlastInsufficientMemoryY"},
    {-2050, "CLBlastInsufficientMemoryTemp"}, {-2049, "CLBlastInvalidBatchCount"},
    {-2048, "CLBlastInvalidOverrideKernel"}, {-2047, "CLBlastMissingOverrideParameter"},
    {-2046, "CLBlastInvalidLocalMemUsage"}, {-2045, "CLBlastNoHalfPrecision"},
    {-2044, "CLBlastNoDoublePrecision"}, {-2043, "CLBlastInvalidVectorScalar"},
    {-2042, "CLBlastInsufficientMemoryScalar"}, {-2041, "CLBlastDatabaseError"},
    {-2040, "CLBlastUnknownError"}, {-2039, "CLBlastUnexpectedError"}};

const char *ocl_clblast_code_name(int code) {
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].code == code)
            return codes[i].name;
    return ocl_code_name(code);
}

ocl_clblast *ocl_clblast_create(void) {
    ocl_clblast *clblast = sy_mem_calloc(1, sizeof *clblast);
    if (clblast != NULL) {
        clblast->error = SY_ERROR_INIT;
        pthread_mutex_init(&clblast->lock, NULL);
    }
    return clblast;
}

void ocl_clblast_destroy(ocl_clblast *clblast) {
    if (clblast == NULL)
        return;
    pthread_mutex_destroy(&clblast->lock);
    sy_mem_free(clblast);
}

/* It has no call that tells its version; its file's name may: "libclblast.so.1.5.3". */
static void report(const sy_backend *backend, const sy_dynlib *library) {
    const sy_host *host = &backend->host;
    const char *file = strrchr(library->path, '/'),
               *number = strstr(file != NULL ? file : library->path, ".so.");
    char version[64] = "does not tell its version";
    if (number != NULL && isdigit((unsigned char)number[4]))
        snprintf(version, sizeof version, "%.40s by its file's name", number + 4);
    if (host->library != NULL)
        host->library(host->ctx, "clblast", library->path, library->handle);
    if (host->library_version != NULL)
        host->library_version(host->ctx, "clblast", version);
}

/* Objects of one OpenCL library are none to another: the one that CLBlast is linked to must be the backend's.
 */
static sy_status check_opencl(const sy_backend *backend, const ocl_clblast *clblast, sy_error *err) {
    void *theirs = sy_dl_symbol(clblast->library.handle, "clGetPlatformIDs"), *ours = NULL;
    memcpy(&ours, &backend->api.clGetPlatformIDs, sizeof ours);
    if (theirs == NULL || theirs == ours)
        return SY_OK;
    return sy_error_set(err, SY_INCOMPATIBLE, "%s uses another OpenCL library than %s", clblast->library.path,
        backend->library.path);
}

static sy_status open_library(const sy_backend *backend, ocl_clblast *clblast) {
    static const char *const names[] = {"libclblast.so.1", "libclblast.so", NULL};
    const sy_dynlib_search search = {.chosen = ocl_option(backend, "lib.clblast"), .names = names};
    sy_status status = sy_dynlib_open(&search, &clblast->library, &clblast->error);
    if (status != SY_OK) {
        sy_error reason = clblast->error;
        return sy_error_set(&clblast->error, status,
            "%s; install CLBlast (Debian: libclblast1) or set STEELYARD_CLBLAST to its library", reason.text);
    }
    status = sy_dynlib_bind(
        &clblast->library, symbols, sizeof symbols / sizeof symbols[0], clblast, &clblast->error);
    if (status == SY_OK)
        status = check_opencl(backend, clblast, &clblast->error);
    if (status == SY_OK)
        report(backend, &clblast->library);
    return status;
}

sy_status ocl_clblast_open(const sy_device *device, sy_error *err) {
    ocl_clblast *clblast = device->backend->clblast;
    pthread_mutex_lock(&clblast->lock);
    if (!clblast->is_tried) {
        clblast->status = open_library(device->backend, clblast);
        clblast->is_tried = true;
    }
    pthread_mutex_unlock(&clblast->lock);
    return clblast->status == SY_OK ? SY_OK : sy_error_set(err, clblast->status, "%s", clblast->error.text);
}

void ocl_clblast_forget(const sy_backend *backend) {
    ocl_clblast *clblast = backend->clblast;
    pthread_mutex_lock(&clblast->lock);
    if (clblast->is_tried && clblast->status == SY_OK)
        clblast->call.clear_cache();
    pthread_mutex_unlock(&clblast->lock);
}
