/* Finding Neuware. */
#include "backends/cambricon/library.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

static const char help[] = "STEELYARD_CAMBRICON_FOLDER (the folder of libcnrt.so, libcnnl.so and "
                           "libcndev.so) or NEUWARE_HOME may name "
                           "it; a container needs that folder mounted";

static const char *const usual[] = {"", "/usr/local/neuware/lib64", "/usr/local/neuware/lib",
    "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"};
enum { USUAL = sizeof usual / sizeof *usual };

/* NEUWARE_HOME's two folders, and the list with them in front. */
typedef struct places {
    char home[2][512];
    const char *folder[USUAL + 3];
} places;

static void put_places(const sy_backend *backend, places *out) {
    const char *only = sy_card_option(backend, "cambricon_folder"), *home = secure_getenv("NEUWARE_HOME");
    size_t count = 0;
    *out = (places){.folder = {only}};
    if (only != NULL)
        return;
    for (size_t i = 0; i < 2 && home != NULL && home[0] != '\0'; i++) {
        int length = snprintf(out->home[i], sizeof out->home[i], "%s/%s", home, i == 0 ? "lib64" : "lib");
        if (length > 0 && (size_t)length < sizeof out->home[i])
            out->folder[count++] = out->home[i];
    }
    for (size_t i = 0; i < USUAL; i++)
        out->folder[count++] = usual[i];
}

/* Where it was looked for, for the user to compare with where his is. */
static sy_status tell_places(const places *where, sy_status status, sy_error *err) {
    sy_text list = {0};
    for (size_t i = 0; where->folder[i] != NULL; i++)
        sy_text_printf(&list, "%s%s", i > 0 ? ", " : "",
            where->folder[i][0] != '\0' ? where->folder[i] : "the loader's own folders");
    sy_error_prefix(err, status, "looked in %s", list.data != NULL ? list.data : "its folders");
    sy_text_release(&list);
    return status;
}

static sy_status open_library(
    sy_backend *backend, const char *name, const char *const *files, sy_dynlib *out, sy_error *err) {
    char key[32];
    places where;
    put_places(backend, &where);
    snprintf(key, sizeof key, "lib.%s", name);
    sy_dynlib_search search = {
        .chosen = sy_card_option(backend, key), .names = files, .folders = where.folder};
    sy_status status = sy_dynlib_open(&search, out, err);
    if (status != SY_OK && search.chosen == NULL)
        return tell_places(&where, status, err);
    if (status == SY_OK && backend->host.library != NULL)
        backend->host.library(backend->host.ctx, name, out->path, out->handle);
    return status;
}

static void tell_version(const sy_backend *backend, const char *name, const cambricon_version *version) {
    char text[48];
    snprintf(text, sizeof text, "%d.%d.%d", version->major, version->minor, version->patch);
    if (version->major > 0 && backend->host.library_version != NULL)
        backend->host.library_version(backend->host.ctx, name, text);
}

/* CNRT stands on the driver's library, which the loader finds by LD_LIBRARY_PATH alone: from before the
 * process began. Opened first, out of the same folders, it is found. It is part of what CNRT tells, so that
 * its absence is no reason. */
static sy_status open_cnrt(sy_backend *backend, cambricon_libraries *libraries, sy_error *err) {
    static const char *const driver[] = {"libcndrv.so", NULL}, *const runtime[] = {"libcnrt.so", NULL};
    cambricon_version *version = &libraries->cnrt_version;
    sy_dynlib library;
    (void)open_library(backend, "cndrv", driver, &library, NULL);
    sy_status status = open_library(backend, "cnrt", runtime, &library, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "no Cambricon Neuware here: its runtime was not found; %s", help);
    libraries->is_simulated = sy_dl_symbol(library.handle, SY_VENDOR_SIM_SYMBOL) != NULL;
    status = cambricon_cnrt_bind(&library, &libraries->cnrt, err);
    if (status == SY_OK && libraries->cnrt.GetLibVersion != NULL)
        (void)libraries->cnrt.GetLibVersion(&version->major, &version->minor, &version->patch);
    tell_version(backend, "cnrt", version);
    return status;
}

static void open_cnnl(sy_backend *backend, cambricon_libraries *libraries) {
    static const char *const files[] = {"libcnnl.so", "libcnnl.so.2", "libcnnl.so.1", NULL};
    cambricon_version *version = &libraries->cnnl_version;
    sy_dynlib library;
    libraries->cnnl_reason = SY_ERROR_INIT;
    libraries->cnnl_status = open_library(backend, "cnnl", files, &library, &libraries->cnnl_reason);
    if (libraries->cnnl_status != SY_OK) {
        sy_error_prefix(&libraries->cnnl_reason, libraries->cnnl_status, "no CNNL; %s", help);
        return;
    }
    libraries->cnnl_status =
        cambricon_cnnl_bind(&library, &libraries->cnnl, &libraries->lacks, &libraries->cnnl_reason);
    if (libraries->cnnl_status == SY_OK && libraries->cnnl.GetLibVersion != NULL)
        libraries->cnnl.GetLibVersion(&version->major, &version->minor, &version->patch);
    tell_version(backend, "cnnl", version);
}

static sy_status open_cndev(sy_backend *backend, cambricon_libraries *libraries, sy_error *err) {
    static const char *const files[] = {"libcndev.so", NULL};
    sy_dynlib library = {0};
    sy_error reason = SY_ERROR_INIT;
    sy_status status = open_library(backend, "cndev", files, &library, &reason);
    if (status != SY_OK)
        sy_error_prefix(&reason, status,
            "no CNDEV: power, temperature and clocks are unknown; it comes with the driver, a container "
            "needs it "
            "mounted; STEELYARD_CNDEV may name it");
    libraries->meters = cambricon_meters_create(status == SY_OK ? &library : NULL, status, &reason);
    if (libraries->meters == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cambricon: no host memory");
    char version[48] = "";
    cambricon_meters_version(libraries->meters, version, sizeof version);
    if (version[0] != '\0' && backend->host.library_version != NULL)
        backend->host.library_version(backend->host.ctx, "cndev", version);
    return SY_OK;
}

sy_status cambricon_libraries_open(sy_backend *backend, cambricon_libraries **out_libraries, sy_error *err) {
    cambricon_libraries *libraries = sy_mem_calloc(1, sizeof *libraries);
    *out_libraries = libraries;
    if (libraries == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cambricon: no host memory");
    sy_status status = open_cnrt(backend, libraries, err);
    if (status != SY_OK)
        return status;
    open_cnnl(backend, libraries);
    return open_cndev(backend, libraries, err);
}

void cambricon_libraries_close(cambricon_libraries *libraries) {
    if (libraries == NULL)
        return;
    cambricon_meters_destroy(libraries->meters);
    sy_mem_free(libraries);
}

sy_status cambricon_cnnl_has(const cambricon_libraries *libraries, cambricon_group group, sy_error *err) {
    if (libraries->cnnl_status != SY_OK)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s", sy_error_text(&libraries->cnnl_reason, libraries->cnnl_status));
    if (libraries->lacks.of[group][0] != '\0')
        return sy_error_set(err, SY_UNSUPPORTED, "this CNNL (%d.%d.%d) lacks %s",
            libraries->cnnl_version.major, libraries->cnnl_version.minor, libraries->cnnl_version.patch,
            libraries->lacks.of[group]);
    return SY_OK;
}
