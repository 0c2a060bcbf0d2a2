/* The backend's table, its one instance's life, and what all files say errors with. */
#include "backends/opencl/opencl.h"

#include "backends/opencl/clblast.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

void ocl_log(const sy_backend *backend, uint32_t level, const char *format, ...) {
    char text[512];
    va_list arguments;
    if (backend->host.log == NULL)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    backend->host.log(backend->host.ctx, level, text);
}

const char *ocl_option(const sy_backend *backend, const char *key) {
    const char *value = backend->host.option != NULL ? backend->host.option(backend->host.ctx, key) : NULL;
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The same function in ocl-icd's and in Khronos' loader; a driver that is its own library has none. */
typedef cl_int loader_info(cl_uint what, size_t bytes, void *out_value, size_t *out_bytes);
enum { LOADER_VERSION = 2, LOADER_NAME = 3 };

static loader_info *find_loader_info(const sy_backend *backend) {
    void *symbol = sy_dl_symbol(backend->library.handle, "clGetExtensionFunctionAddress");
    void *(*find)(const char *name) = NULL;
    loader_info *found = NULL;
    memcpy(&find, &symbol, sizeof find);
    symbol = find != NULL ? find("clGetICDLoaderInfoOCLICD") : NULL;
    memcpy(&found, &symbol, sizeof found);
    return found;
}

static void report_library(const sy_backend *backend) {
    const sy_host *host = &backend->host;
    char name[64] = "", version[64] = "", text[160];
    loader_info *ask = find_loader_info(backend);
    if (host->library != NULL)
        host->library(host->ctx, "opencl", backend->library.path, backend->library.handle);
    if (ask == NULL || host->library_version == NULL ||
        ask(LOADER_NAME, sizeof name - 1, name, NULL) != CL_SUCCESS ||
        ask(LOADER_VERSION, sizeof version - 1, version, NULL) != CL_SUCCESS)
        return;
    snprintf(text, sizeof text, "%s %s", name, version);
    host->library_version(host->ctx, "opencl", text);
}

/* The loader, or a vendor's own library of that name. */
static sy_status open_library(sy_backend *backend, sy_error *err) {
    static const char *const names[] = {"libOpenCL.so.1", "libOpenCL.so", NULL};
    sy_dynlib_search search = {.chosen = ocl_option(backend, "lib.opencl"), .names = names};
    sy_status status = sy_dynlib_open(&search, &backend->library, err);
    if (status != SY_OK && search.chosen != NULL)
        return sy_error_prefix(err, status, "STEELYARD_OPENCL");
    if (status != SY_OK)
        return sy_error_prefix(err, status,
            "no OpenCL: install its loader (Debian: ocl-icd-libopencl1, openEuler: ocl-icd) and a driver, or "
            "let STEELYARD_OPENCL name a library");
    report_library(backend);
    return ocl_api_bind(&backend->library, &backend->api, err);
}

static void destroy(sy_backend *backend) {
    if (backend != NULL)
        ocl_clblast_destroy(backend->clblast);
    sy_mem_free(backend);
}

static sy_status create(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    sy_backend *backend = sy_mem_calloc(1, sizeof *backend);
    *out_backend = backend;
    if (backend != NULL)
        backend->clblast = ocl_clblast_create();
    if (backend == NULL || backend->clblast == NULL) {
        destroy(backend);
        *out_backend = NULL;
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    }
    if (host != NULL)
        memcpy(&backend->host, host, host->size < sizeof *host ? host->size : sizeof *host);
    backend->reason = SY_ERROR_INIT;
    backend->status = open_library(backend, &backend->reason);
    if (backend->status == SY_OK)
        backend->status = ocl_places_find(backend, &backend->reason);
    return SY_OK;
}

static const sy_backend_api table = {.size = sizeof table,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "opencl",
    .version = "1",
    .create = create,
    .destroy = destroy,
    .device = &ocl_device,
    .memory = &ocl_memory,
    .queue = &ocl_queue,
    .work = &ocl_work};

const sy_backend_api *ocl_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_minor;
    if (host_major == SY_ABI_MAJOR)
        return &table;
    sy_error_set(
        err, SY_INCOMPATIBLE, "opencl speaks ABI %d.%d, the host %u", SY_ABI_MAJOR, SY_ABI_MINOR, host_major);
    return NULL;
}
