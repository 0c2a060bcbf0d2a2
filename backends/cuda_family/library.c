/* Finding libraries, and their functions by the row's spelling. */
#include "backends/cuda_family/library.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/symbols.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Where a user may have put everything: "cuda_folder", STEELYARD_CUDA_FOLDER. */
static sy_status open_library(
    sy_backend *backend, const cf_stack *stack, const cf_library_row *row, sy_dynlib *out, sy_error *err) {
    char key[64];
    const char *only[2] = {NULL, NULL};
    snprintf(key, sizeof key, "%s_folder", stack->name);
    only[0] = sy_card_option(backend, key);
    snprintf(key, sizeof key, "lib.%s", row->option);
    sy_dynlib_search search = {.chosen = sy_card_option(backend, key),
        .names = row->names,
        .folders = only[0] != NULL ? only : stack->folders};
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

static sy_status open_runtime(sy_backend *backend, cf_libraries *libraries, sy_error *err) {
    const cf_stack *stack = libraries->stack;
    sy_dynlib library;
    char upper[32];
    sy_status status = open_library(backend, stack, &stack->runtime.library, &library, err);
    put_upper(stack->name, upper, sizeof upper);
    if (status != SY_OK)
        return sy_error_prefix(err, SY_UNAVAILABLE,
            "no %s here: its runtime library was not found; it may be named by STEELYARD_%s_FOLDER (the "
            "folder "
            "of all its libraries) or %s",
            stack->title, upper, stack->root_variables);
    libraries->is_simulated = has_mark(&library);
    status = cf_runtime_bind(&library, &stack->runtime.library, &libraries->runtime, err);
    if (status != SY_OK)
        return status;
    if (libraries->runtime.RuntimeGetVersion != NULL)
        (void)libraries->runtime.RuntimeGetVersion(&libraries->runtime_version);
    if (libraries->runtime.DriverGetVersion != NULL)
        (void)libraries->runtime.DriverGetVersion(&libraries->driver_version);
    return SY_OK;
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
    out_blas->status = open_library(backend, libraries->stack, &row->library, &library, &out_blas->reason);
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
    libraries->lt_status =
        open_library(backend, libraries->stack, &row->library, &library, &libraries->lt_reason);
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
    libraries->dnn_status =
        open_library(backend, libraries->stack, &row->library, &library, &libraries->dnn_reason);
    if (libraries->dnn_status == SY_OK)
        libraries->dnn_status = cf_dnn_bind(&library, row, &libraries->dnn, &libraries->dnn_reason);
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
    libraries->meters = cf_meters_create(&backend->host);
    sy_status status = libraries->meters != NULL
                           ? open_runtime(backend, libraries, err)
                           : sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no host memory", stack->name);
    if (status != SY_OK)
        return status;
    tell_version(backend, stack->runtime.library.option, libraries->runtime_version);
    open_blas(backend, libraries, stack->blas, &libraries->blas[0]);
    open_blas(backend, libraries, stack->blas_other, &libraries->blas[1]);
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
