/* Opening a management library and starting it. */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/meter_kind.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

/* Where it was looked for, for the user to compare with where his is. */
static void list_folders(const char *const *folders, sy_text *out_text) {
    for (; *folders != NULL; folders++)
        sy_text_printf(out_text, "%s%s", out_text->length > 0 ? ", " : "",
            (*folders)[0] != '\0' ? *folders : "the loader's own folders");
}

static sy_status explain_absence(
    const cf_meter_kind *kind, const char *chosen, sy_status status, sy_error *err) {
    sy_error reason = *err;
    if (chosen != NULL)
        return sy_error_set(err, status, "option lib.%s: %s", kind->name, reason.text);
    sy_text folders = {0};
    list_folders(kind->folders, &folders);
    sy_error_set(err, status, "%s; looked in %s; %s", reason.text, folders.data != NULL ? folders.data : "",
        kind->hint);
    sy_text_release(&folders);
    return status;
}

static void report_version(cf_meter_library *library) {
    char version[160] = "";
    if (library->host.library_version == NULL || library->kind->version == NULL)
        return;
    library->kind->version(library, version, sizeof version);
    if (version[0] != '\0')
        library->host.library_version(library->host.ctx, library->kind->name, version);
}

/* In the user's own folder, which may have none of it, and then where it usually lies. */
static sy_status search_file(
    cf_meter_library *library, const char *chosen, const char *folder, sy_error *err) {
    const cf_meter_kind *kind = library->kind;
    const char *const first[] = {folder, NULL};
    sy_dynlib_search search = {.chosen = chosen, .names = kind->names, .folders = first};
    if (folder != NULL && chosen == NULL && sy_dynlib_open(&search, &library->file, NULL) == SY_OK)
        return SY_OK;
    search.folders = kind->folders;
    return sy_dynlib_open(&search, &library->file, err);
}

static sy_status open_file(cf_meter_library *library, const char *folder, sy_error *err) {
    const cf_meter_kind *kind = library->kind;
    const sy_host *host = &library->host;
    char option[32];
    snprintf(option, sizeof option, "lib.%s", kind->name);
    const char *chosen = host->option != NULL ? host->option(host->ctx, option) : NULL;
    if (chosen != NULL && chosen[0] == '\0')
        chosen = NULL;
    sy_status status = search_file(library, chosen, folder, err);
    if (status != SY_OK)
        return explain_absence(kind, chosen, status, err);
    if (host->library != NULL)
        host->library(host->ctx, kind->name, library->file.path, library->file.handle);
    return sy_dynlib_bind(&library->file, kind->symbols, kind->symbol_count, library->api, err);
}

cf_meter_library *cf_meter_library_open(const cf_meter_kind *kind, const sy_host *host, const char *folder) {
    cf_meter_library *library = sy_mem_calloc(1, sizeof *library);
    if (library == NULL)
        return NULL;
    library->api = sy_mem_calloc(1, kind->api_bytes);
    if (library->api == NULL || pthread_mutex_init(&library->lock, NULL) != 0) {
        sy_mem_free(library->api);
        sy_mem_free(library);
        return NULL;
    }
    library->kind = kind;
    library->host = *host;
    library->reason = SY_ERROR_INIT;
    library->status = open_file(library, folder, &library->reason);
    if (library->status == SY_OK)
        library->status = kind->start(library, &library->reason);
    if (library->status == SY_OK)
        report_version(library);
    else
        sy_error_prefix(&library->reason, library->status, "%s", kind->name);
    return library;
}

void cf_meter_library_close(cf_meter_library *library) {
    if (library == NULL)
        return;
    if (library->status == SY_OK)
        library->kind->stop(library);
    pthread_mutex_destroy(&library->lock);
    sy_mem_free(library->api);
    sy_mem_free(library);
}

/* The library's own number, for callers that look at more than the words. */
static void note_code(sy_error *err, int32_t code) {
    if (err != NULL && err->size >= offsetof(sy_error, text))
        err->vendor_code = code;
}

sy_status cf_meter_fail(const cf_meter *meter, sy_status status, int32_t code, const char *what,
    const char *words, sy_error *err) {
    char address[24];
    cf_pci_text(&meter->pci, address);
    note_code(err, code);
    return sy_error_set(
        err, status, "%s %s: %s: %s (%d)", meter->library->kind->name, address, what, words, code);
}

sy_status cf_meter_fail_absent(const cf_meter_row *row, sy_error *err) {
    return sy_error_set(err, SY_UNSUPPORTED, "%s: the library has no function for it", row->sensor.name);
}

sy_status cf_meter_fail_empty(const char *what, sy_error *err) {
    return sy_error_set(err, SY_UNAVAILABLE, "%s: the library has no value now", what);
}

sy_status cf_meter_fail_start(
    const cf_meter_library *library, int32_t code, const char *words, sy_error *err) {
    note_code(err, code);
    return sy_error_set(
        err, SY_UNAVAILABLE, "it does not start: %s (%d); %s", words, code, library->kind->hint);
}

sy_status cf_meter_fail_unknown_card(const cf_meter *meter, uint32_t count, sy_error *err) {
    char address[24];
    cf_pci_text(&meter->pci, address);
    return sy_error_set(err, SY_UNAVAILABLE, "%s %s: not one of the %u cards that it knows",
        meter->library->kind->name, address, count);
}
