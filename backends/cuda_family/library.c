/* Finding libraries, and their functions by the row's spelling. */
#include "backends/cuda_family/library.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/environment.h"
#include "backends/cuda_family/identify.h"
#include "backends/cuda_family/symbols.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

/* Where a user may have put everything: "cuda_folder", STEELYARD_CUDA_FOLDER. */
static const char *folder_option(const sy_backend *backend) {
    char key[64];
    snprintf(key, sizeof key, "%s_folder", backend->model->name);
    return sy_card_option(backend, key);
}

static const char *file_option(const sy_backend *backend, const cf_library_row *row) {
    char key[64];
    snprintf(key, sizeof key, "lib.%s", row->option);
    return sy_card_option(backend, key);
}

/* Libraries of one installation lie in one folder: that of the runtime goes first. */
static sy_status open_library(sy_backend *backend, const cf_libraries *libraries, const cf_library_row *row,
    sy_dynlib *out, sy_error *err) {
    cf_folders folders;
    cf_folders_fill(libraries->stack, folder_option(backend), libraries->folder, &folders);
    sy_dynlib_search search = {
        .chosen = file_option(backend, row), .names = row->names, .folders = folders.list};
    sy_status status = sy_dynlib_open(&search, out, err);
    if (status == SY_OK && backend->host.library != NULL)
        backend->host.library(backend->host.ctx, row->option, out->path, out->handle);
    return status;
}

static bool has_mark(const sy_dynlib *library) {
    return sy_dl_symbol(library->handle, SY_VENDOR_SIM_SYMBOL) != NULL;
}

static void put_upper(const char *name, char *out_text, size_t capacity) {
    size_t i = 0;
    for (; name[i] != '\0' && i + 1 < capacity; i++)
        out_text[i] = (char)toupper((unsigned char)name[i]);
    out_text[i] = '\0';
}

/* Which library, where it was looked for, what helps. */
static sy_status explain_absence(const sy_backend *backend, const cf_stack *stack, sy_error *err) {
    char upper[32], reason[sizeof err->text];
    sy_text looked = {0};
    cf_folders folders;
    put_upper(backend->model->name, upper, sizeof upper);
    cf_folders_fill(stack, folder_option(backend), NULL, &folders);
    for (size_t i = 0; folders.list[i] != NULL; i++)
        sy_text_printf(&looked, "%s%s", i > 0 ? ", " : "",
            folders.list[i][0] != '\0' ? folders.list[i] : "the loader's own folders");
    snprintf(reason, sizeof reason, "%s", sy_error_text(err, SY_UNAVAILABLE));
    bool is_file = file_option(backend, &stack->runtime.library) != NULL;
    sy_error_set(err, SY_UNAVAILABLE,
        "no %s here: %s%s%s; what helps: STEELYARD_%s_FOLDER (the folder of all its libraries), or %s",
        stack->title, reason, is_file ? "" : ": ", is_file || looked.data == NULL ? "" : looked.data, upper,
        stack->root_variables);
    sy_text_release(&looked);
    return SY_UNAVAILABLE;
}

static void read_versions(cf_libraries *libraries) {
    if (libraries->runtime.RuntimeGetVersion != NULL)
        (void)libraries->runtime.RuntimeGetVersion(&libraries->runtime_version);
    if (libraries->runtime.DriverGetVersion != NULL)
        (void)libraries->runtime.DriverGetVersion(&libraries->driver_version);
}

static sy_status open_runtime(sy_backend *backend, cf_libraries *libraries, sy_error *err) {
    const cf_library_row *row = &libraries->stack->runtime.library;
    sy_dynlib library;
    bool is_named = folder_option(backend) != NULL || file_option(backend, row) != NULL;
    sy_status status = open_library(backend, libraries, row, &library, err);
    if (status != SY_OK)
        return explain_absence(backend, libraries->stack, err);
    libraries->is_simulated = has_mark(&library);
    status = cf_runtime_bind(&library, row, &libraries->runtime, err);
    if (status != SY_OK)
        return status;
    const char *slash = strrchr(library.path, '/');
    snprintf(libraries->folder, sizeof libraries->folder, "%.*s",
        slash != NULL ? (int)(slash - library.path) : 0, library.path);
    read_versions(libraries);
    return cf_identify(backend, libraries, library.path, is_named, err);
}

static void tell_version(const sy_backend *backend, const char *name, long version) {
    char text[32];
    snprintf(text, sizeof text, "%ld", version);
    if (version > 0 && backend->host.library_version != NULL)
        backend->host.library_version(backend->host.ctx, name, text);
}

static void open_blas(
    sy_backend *backend, cf_libraries *libraries, const cf_blas_row *row, cf_blas *out_blas) {
    sy_dynlib library;
    out_blas->row = row;
    out_blas->reason = SY_ERROR_INIT;
    out_blas->status = SY_UNAVAILABLE;
    if (row == NULL)
        return;
    out_blas->status = open_library(backend, libraries, &row->library, &library, &out_blas->reason);
    if (out_blas->status == SY_OK)
        out_blas->status = cf_blas_bind(&library, row, &out_blas->api, &out_blas->reason);
}

static void open_lt(sy_backend *backend, cf_libraries *libraries) {
    const cf_lt_row *row = libraries->stack->lt;
    sy_dynlib library;
    libraries->lt_reason = SY_ERROR_INIT;
    libraries->lt_status = SY_UNAVAILABLE;
    if (row == NULL)
        return;
    libraries->lt_status = open_library(backend, libraries, &row->library, &library, &libraries->lt_reason);
    if (libraries->lt_status == SY_OK)
        libraries->lt_status = cf_lt_bind(&library, &row->library, &libraries->lt, &libraries->lt_reason);
    if (libraries->lt_status == SY_OK && libraries->lt.GetVersion != NULL)
        tell_version(backend, row->library.option, (long)libraries->lt.GetVersion());
}

static void open_dnn(sy_backend *backend, cf_libraries *libraries) {
    const cf_dnn_row *row = libraries->stack->dnn;
    sy_dynlib library;
    libraries->dnn_reason = SY_ERROR_INIT;
    libraries->dnn_status = SY_UNAVAILABLE;
    if (row == NULL)
        return;
    libraries->dnn_status = open_library(backend, libraries, &row->library, &library, &libraries->dnn_reason);
    if (libraries->dnn_status == SY_OK)
        libraries->dnn_status =
            row->is_miopen
                ? cf_miopen_bind(&library, row, &libraries->dnn, &libraries->miopen, &libraries->dnn_reason)
                : cf_dnn_bind(&library, row, &libraries->dnn, &libraries->dnn_reason);
    if (libraries->dnn_status == SY_OK && libraries->dnn.GetVersion != NULL)
        tell_version(backend, row->library.option, (long)libraries->dnn.GetVersion());
}

sy_status cf_libraries_open(
    sy_backend *backend, const cf_stack *stack, cf_libraries **out_libraries, sy_error *err) {
    cf_libraries *libraries = sy_mem_calloc(1, sizeof *libraries);
    *out_libraries = libraries;
    if (libraries == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no host memory", stack->name);
    libraries->stack = stack;
    cf_environment_clear(backend, stack, libraries->unset, sizeof libraries->unset);
    libraries->meters = cf_meters_create(&backend->host, folder_option(backend));
    sy_status status = libraries->meters != NULL
                           ? open_runtime(backend, libraries, err)
                           : sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no host memory", stack->name);
    if (status != SY_OK)
        return status;
    tell_version(backend, stack->runtime.library.option, libraries->runtime_version);
    /* The row may be another one by now. */
    open_blas(backend, libraries, libraries->stack->blas, &libraries->blas[0]);
    open_blas(backend, libraries, libraries->stack->blas_other, &libraries->blas[1]);
    open_lt(backend, libraries);
    open_dnn(backend, libraries);
    return SY_OK;
}

void cf_libraries_close(cf_libraries *libraries) {
    if (libraries == NULL)
        return;
    cf_meters_destroy(libraries->meters);
    sy_mem_free(libraries);
}
