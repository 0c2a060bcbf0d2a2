/* CANN's libraries opened and bound. */
#include "backends/ascend/library.h"

#include <stdio.h>
#include <string.h>

#include "backends/ascend/numbers.h"
#include "backends/ascend/search.h"
#include "backends/ascend/symbols.h"
#include "backends/ascend/version.h"
#include "backends/ascend/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define NAMES(...)                                                                                           \
    (const char *const[]) {                                                                                  \
        __VA_ARGS__, NULL                                                                                    \
    }

/* From CANN 8.5 on the runtime has a new name, and keeps the old one for a while. */
static const ascend_library_row runtime_row = {"ascendcl", NAMES("libascendcl.so", "libacl_rt.so"), NULL};
/* Whole models have a library of their own from CANN 8.5 on; before, they are in the runtime's. */
static const ascend_library_row model_row = {"acl_mdl", NAMES("libacl_mdl.so"), NULL};
static const ascend_library_row base_row = {"nnopbase", NAMES("libnnopbase.so"), NULL};
/* One library of operators, or parts of it: the two are not to be mixed. The last two are of some CANN 8. */
static const ascend_library_row whole_row = {"opapi", NAMES("libopapi.so"), NULL};
static const ascend_library_row part_rows[] = {{"opapi_nn", NAMES("libopapi_nn.so"), NULL},
    {"opapi_math", NAMES("libopapi_math.so"), NULL},
    {"aclnn_ops_infer", NAMES("libaclnn_ops_infer.so"), NULL},
    {"aclnn_math", NAMES("libaclnn_math.so"), NULL}};
static const ascend_library_row dcmi_row = {"dcmi", NAMES("libdcmi.so"),
    NAMES("/usr/local/Ascend/driver/lib64/driver", "/usr/local/dcmi", "/usr/lib64", "")};

static void tell_version(const sy_backend *backend, const char *name, const char *version) {
    if (version[0] != '\0' && backend->host.library_version != NULL)
        backend->host.library_version(backend->host.ctx, name, version);
}

static void read_version(const sy_backend *backend, ascend_libraries *libraries, const char *path) {
    int32_t part[3] = {0};
    char text[96] = "";
    ascend_version_read(path, libraries->cann, sizeof libraries->cann);
    if (libraries->runtime.rtGetVersion != NULL &&
        libraries->runtime.rtGetVersion(&part[0], &part[1], &part[2]) == 0)
        snprintf(text, sizeof text, "%s%sACL %d.%d.%d", libraries->cann,
            libraries->cann[0] != '\0' ? ", " : "", part[0], part[1], part[2]);
    tell_version(backend, runtime_row.option, text[0] != '\0' ? text : libraries->cann);
}

/* What the models' library does not have itself is found in those that it needs. */
static sy_status open_model(
    sy_backend *backend, const sy_dynlib *runtime, ascend_libraries *libraries, sy_error *err) {
    sy_dynlib library;
    if (ascend_bind_model(runtime, &libraries->model, NULL) == SY_OK)
        return SY_OK;
    sy_status status = ascend_search(backend, &model_row, &library, err);
    return status == SY_OK ? ascend_bind_model(&library, &libraries->model, err) : status;
}

static sy_status open_runtime(sy_backend *backend, ascend_libraries *libraries, sy_error *err) {
    sy_dynlib library;
    char text[192];
    sy_status status = ascend_search(backend, &runtime_row, &library, err);
    if (status != SY_OK)
        return sy_error_prefix(err, SY_UNAVAILABLE,
            "no Ascend here: CANN's runtime was not found; its root may be named by ASCEND_HOME_PATH (which "
            "its set_env.sh "
            "sets), or the folder of all libraries by STEELYARD_ASCEND_FOLDER");
    libraries->is_simulated = sy_dl_symbol(library.handle, SY_VENDOR_SIM_SYMBOL) != NULL;
    status = ascend_bind_runtime(&library, &libraries->runtime, err);
    if (status != SY_OK)
        return status;
    /* Somebody else in this process may have started it. */
    int code = libraries->runtime.Init(NULL);
    if (code != 0 && code != ACL_REPEATED_INIT) {
        ascend_code_text(libraries, code, text, sizeof text);
        return sy_error_set(err, SY_UNAVAILABLE,
            "CANN is there and does not start: %s; is the driver loaded (npu-smi info)? %s", text,
            ASCEND_CONTAINER);
    }
    read_version(backend, libraries, library.path);
    libraries->model_reason = SY_ERROR_INIT;
    libraries->model_status = open_model(backend, &library, libraries, &libraries->model_reason);
    return SY_OK;
}

static sy_status open_parts(sy_backend *backend, ascend_libraries *libraries, sy_error *err) {
    sy_dynlib library;
    sy_status status = SY_UNAVAILABLE;
    for (size_t i = 0; i < sizeof part_rows / sizeof part_rows[0]; i++) {
        sy_error reason = SY_ERROR_INIT;
        sy_status found = ascend_search(backend, &part_rows[i], &library, &reason);
        if (found == SY_OK && ascend_bind_operators(&library, libraries->op) > 0)
            status = SY_OK;
        else if (i == 0)
            sy_error_set(err, SY_UNAVAILABLE, "%s", sy_error_text(&reason, found));
    }
    return status;
}

static sy_status open_operators(sy_backend *backend, ascend_libraries *libraries, sy_error *err) {
    sy_dynlib library;
    sy_error reason = SY_ERROR_INIT;
    sy_status status = ascend_search(backend, &base_row, &library, err);
    if (status == SY_OK)
        status = ascend_bind_base(&library, &libraries->base, err);
    if (status != SY_OK)
        return status;
    status = ascend_search(backend, &whole_row, &library, &reason);
    if (status == SY_OK && ascend_bind_operators(&library, libraries->op) > 0)
        return SY_OK;
    return open_parts(backend, libraries, err);
}

static void open_dcmi(sy_backend *backend, ascend_libraries *libraries) {
    ascend_dcmi *dcmi = &libraries->dcmi;
    sy_dynlib library;
    dcmi->reason = SY_ERROR_INIT;
    dcmi->status = ascend_search(backend, &dcmi_row, &library, &dcmi->reason);
    if (dcmi->status == SY_OK)
        dcmi->status = ascend_bind_dcmi(&library, &dcmi->api, &dcmi->reason);
    if (dcmi->status == SY_OK)
        ascend_dcmi_start(dcmi);
    if (dcmi->status == SY_OK)
        tell_version(backend, dcmi_row.option, dcmi->version);
}

sy_status ascend_libraries_open(sy_backend *backend, ascend_libraries **out_libraries, sy_error *err) {
    ascend_libraries *libraries = sy_mem_calloc(1, sizeof *libraries);
    *out_libraries = libraries;
    if (libraries == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "ascend: no host memory");
    libraries->dcmi.has_lock = pthread_mutex_init(&libraries->dcmi.lock, NULL) == 0;
    ascend_name_operators(libraries->op);
    sy_status status = open_runtime(backend, libraries, err);
    if (status != SY_OK)
        return status;
    libraries->ops_reason = SY_ERROR_INIT;
    libraries->ops_status = open_operators(backend, libraries, &libraries->ops_reason);
    open_dcmi(backend, libraries);
    return SY_OK;
}

void ascend_libraries_close(ascend_libraries *libraries) {
    if (libraries == NULL)
        return;
    if (libraries->dcmi.has_lock)
        pthread_mutex_destroy(&libraries->dcmi.lock);
    sy_mem_free(libraries);
}
