/* Finding and binding the libraries. */
#include "backends/horizon/library.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

#define MODEL(name, is_optional)                                                                             \
    { "hbDNN" #name, offsetof(horizon_model_api, name), is_optional }

static const sy_dynlib_symbol model_symbols[] = {MODEL(GetVersion, true), MODEL(GetErrorDesc, true),
    MODEL(InitializeFromFiles, false), MODEL(InitializeFromDDR, false), MODEL(Release, false),
    MODEL(GetModelNameList, false), MODEL(GetModelHandle, false), MODEL(GetInputCount, false),
    MODEL(GetOutputCount, false), MODEL(GetInputName, false), MODEL(GetOutputName, false),
    MODEL(GetInputTensorProperties, false), MODEL(GetOutputTensorProperties, false)};

#define DNN(prefix, name)                                                                                    \
    { prefix #name, offsetof(horizon_dnn_api, name), false }

static const sy_dynlib_symbol dnn_symbols[] = {DNN("hbDNN", Infer), DNN("hbDNN", WaitTaskDone),
    DNN("hbDNN", ReleaseTask), DNN("hbSys", AllocCachedMem), DNN("hbSys", FlushMem), DNN("hbSys", FreeMem)};

#define UCP(name, is_optional)                                                                               \
    { "hbUCP" #name, offsetof(horizon_ucp_api, name), is_optional }

static const sy_dynlib_symbol ucp_symbols[] = {UCP(GetErrorDesc, true), UCP(SubmitTask, false),
    UCP(WaitTaskDone, false), UCP(ReleaseTask, false), UCP(MallocCached, false), UCP(MemFlush, false),
    UCP(Free, false)};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *option(const sy_host *host, const char *key) {
    const char *value = host->option != NULL ? host->option(host->ctx, key) : NULL;
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Where boards have them; "" is the loader's own search. */
static const char *const usual_folders[] = {"", "/usr/hobot/lib", "/usr/lib/hbbpu", NULL};

/* For the user to compare with where his is. */
static sy_status explain(const char *const *folders, sy_status status, sy_error *err) {
    sy_text list = {0};
    for (size_t i = 0; folders[i] != NULL; i++)
        sy_text_printf(&list, "%s%s", i > 0 ? ", " : "",
            folders[i][0] != '\0' ? folders[i] : "the loader's own folders (LD_LIBRARY_PATH)");
    sy_error_prefix(err, status, "looked in %s", list.data != NULL ? list.data : "its folders");
    sy_text_release(&list);
    return status;
}

/* `name`: of its file, and behind "lib." of the option that chooses it. */
static sy_status open_file(
    const sy_host *host, const char *name, const char *file, sy_dynlib *out_file, sy_error *err) {
    char key[64];
    snprintf(key, sizeof key, "lib.%s", name);
    const char *folder = option(host, "horizon_folder");
    const char *const only[] = {folder, NULL}, *const files[] = {file, NULL};
    const sy_dynlib_search search = {
        .chosen = option(host, key), .names = files, .folders = folder != NULL ? only : usual_folders};
    sy_status status = sy_dynlib_open(&search, out_file, err);
    if (status != SY_OK)
        return search.chosen != NULL ? status : explain(search.folders, status, err);
    if (host->library != NULL)
        host->library(host->ctx, name, out_file->path, out_file->handle);
    return SY_OK;
}

static sy_status open_ucp(const sy_host *host, horizon_library *library, sy_error *err) {
    sy_dynlib file;
    sy_status status = open_file(host, "horizon_ucp", "libhbucp.so", &file, err);
    if (status != SY_OK)
        return sy_error_prefix(err, SY_UNAVAILABLE,
            "libdnn.so is of the generation that stands on UCP, and STEELYARD_HORIZON_UCP may name that "
            "library");
    return sy_dynlib_bind(&file, ucp_symbols, COUNT(ucp_symbols), &library->ucp, err);
}

static sy_status bind(const sy_host *host, const sy_dynlib *file, horizon_library *library, sy_error *err) {
    static const sy_dynlib_symbol infer[] = {{"hbDNNInferV2", offsetof(horizon_ucp_api, InferV2), true}};
    library->is_simulated = sy_dl_symbol(file->handle, SY_VENDOR_SIM_SYMBOL) != NULL;
    sy_status status = sy_dynlib_bind(file, model_symbols, COUNT(model_symbols), &library->model, err);
    if (status == SY_OK)
        status = sy_dynlib_bind(file, infer, COUNT(infer), &library->ucp, err);
    if (status != SY_OK)
        return status;
    library->is_ucp = library->ucp.InferV2 != NULL;
    if (library->is_ucp)
        return open_ucp(host, library, err);
    return sy_dynlib_bind(file, dnn_symbols, COUNT(dnn_symbols), &library->dnn, err);
}

sy_status horizon_library_open(const sy_host *host, horizon_library *out_library, sy_error *err) {
    sy_dynlib file;
    memset(out_library, 0, sizeof *out_library);
    sy_status status = open_file(host, "horizon_dnn", "libdnn.so", &file, err);
    if (status != SY_OK)
        return sy_error_prefix(err, SY_UNAVAILABLE,
            "Horizon's library was not found; STEELYARD_HORIZON_DNN may name it, STEELYARD_HORIZON_FOLDER "
            "its folder");
    status = bind(host, &file, out_library, err);
    const char *version =
        status == SY_OK && out_library->model.GetVersion != NULL ? out_library->model.GetVersion() : NULL;
    if (version == NULL)
        return status;
    snprintf(out_library->version, sizeof out_library->version, "%s", version);
    if (host->library_version != NULL)
        host->library_version(host->ctx, "horizon_dnn", out_library->version);
    return SY_OK;
}
