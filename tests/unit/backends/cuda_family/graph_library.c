#include "tests/unit/backends/cuda_family/graph_library.h"

#include <string.h>

#include "backends/cuda_family/graph_numbers.h"
#include "backends/cuda_family/symbols.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Of descriptions of devices; numbers of cuDNN 9.19. */
enum {
    DESCRIPTION = 38,
    DESCRIPTION_TEXT = 2702,
    IS_CHAR = 24,
    HEURISTICS_DESCRIPTION = 204,
    PLAN_DESCRIPTION = 407
};

static const char H100[] =
    "{\"deviceVer\":900,\"driverVer\":13000,\"cudaDeviceId\":0,\"totalGlobalMem\":85000000000,"
    "\"maxGridSize\":[2147483647,65535,65535],\"maxBlockSize\":[1024,1024,64],\"regsPerBlock\":65536,"
    "\"multiProcessorCount\":132,\"warpSize\":32,\"maxSharedMemoryPerBlock\":49152,"
    "\"maxSharedMemoryPerBlockOptin\":232448,\"reservedSharedMemoryPerBlock\":1024,"
    "\"maxRegistersPerSM\":65536,\"maxCtasPerSM\":32,\"maxThreadsPerBlock\":1024,\"maxThreadsPerSM\":2048,"
    "\"pciDeviceId\":0,\"isTccDriver\":0,\"supportCoopLaunch\":1,\"smClockRateKHz\":1980000,"
    "\"memClockRateKHz\":2619000,\"l2CacheSize\":52428800,\"deviceName\":\"NVIDIA H100 80GB HBM3\"}";

static cf_dnn_api real;
static void *description;
static int alive;

static int create(int kind, void **desc) {
    int code = real.BackendCreateDescriptor(kind, desc);
    alive += code == 0;
    return code;
}

static int destroy(void *desc) {
    alive--;
    return real.BackendDestroyDescriptor(desc);
}

static int set(void *desc, int name, int type, int64_t count, const void *values) {
    if (name == CF_GRAPH_OPERATIONS_HANDLE)
        return 0;
    if (name == CF_GRAPH_PLAN_HANDLE)
        return real.BackendSetAttribute(desc, PLAN_DESCRIPTION, CF_GRAPH_IS_DESCRIPTOR, 1, &description);
    int code = real.BackendSetAttribute(desc, name, type, count, values);
    if (code == 0 && name == CF_GRAPH_HEURISTICS_OPERATIONS)
        code =
            real.BackendSetAttribute(desc, HEURISTICS_DESCRIPTION, CF_GRAPH_IS_DESCRIPTOR, 1, &description);
    return code;
}

static bool describe(void) {
    return real.BackendCreateDescriptor != NULL && real.BackendSetAttribute != NULL &&
           real.BackendCreateDescriptor(DESCRIPTION, &description) == 0 &&
           real.BackendSetAttribute(description, DESCRIPTION_TEXT, IS_CHAR, (int64_t)strlen(H100), H100) ==
               0 &&
           real.BackendFinalize(description) == 0;
}

bool graph_library_open(cf_dnn_api *out_api) {
    const cf_dnn_row *row = cf_stack_cuda.dnn;
    const sy_dynlib_search search = {.names = row->library.names, .folders = cf_stack_cuda.folders};
    static sy_dynlib library;
    sy_error err = SY_ERROR_INIT;
    if (library.handle == NULL && (sy_dynlib_open(&search, &library, &err) != SY_OK ||
                                      cf_dnn_bind(&library, row, &real, &err) != SY_OK || !describe()))
        return false;
    *out_api = real;
    out_api->BackendCreateDescriptor = create;
    out_api->BackendDestroyDescriptor = destroy;
    out_api->BackendSetAttribute = set;
    return true;
}

long graph_library_version(void) {
    return (long)real.GetVersion();
}

bool graph_library_compiles(void) {
    void *driver = sy_dl_open("libcuda.so.1", 2 /* RTLD_NOW */);
    return driver != NULL;
}

int graph_library_alive(void) {
    return alive;
}
