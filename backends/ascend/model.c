/* Offline models: life. */
#include "backends/ascend/model.h"

#include <fcntl.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static bool is_onnx(const char *path) {
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".onnx") == 0;
}

/* The library's words about a file that is not there are about something else. */
static sy_status check_file(const sy_device *device, const char *path, sy_error *err) {
    if (is_onnx(path))
        return sy_error_set(err, SY_INCOMPATIBLE,
            SY_CARD_ID_FORMAT ": %s: offline models (.om) are taken, which CANN's atc makes of ONNX files",
            SY_CARD_ID(device), path);
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0)
        return sy_error_io(err, SY_CARD_ID_FORMAT ": %s", SY_CARD_ID(device), path);
    sy_file_close(fd);
    return SY_OK;
}

static sy_status load_by(
    sy_model *model, const char *path, const void *bytes, uint64_t byte_count, sy_error *err) {
    const ascend_model_api *api = &ascend_libraries_of(model->device)->model;
    const char *what = path != NULL ? path : "a model in memory";
    int code = path != NULL ? api->mdlLoadFromFile(path, &model->id)
                            : api->mdlLoadFromMem(bytes, byte_count, &model->id);
    model->is_loaded = code == 0;
    if (code == 0)
        return SY_OK;
    sy_status status = sy_card_fail(model->device, code, err, what);
    /* Codes of this kind are about the file: damaged, or made for another chip. */
    return status == SY_INTERNAL ? SY_INVALID_ARGUMENT : status;
}

static void unload(sy_model *model) {
    if (model == NULL)
        return;
    const ascend_model_api *api = &ascend_libraries_of(model->device)->model;
    if (model->description != NULL)
        (void)api->mdlDestroyDesc(model->description);
    if (model->is_loaded)
        (void)api->mdlUnload(model->id);
    sy_mem_free(model);
}

static sy_status load(sy_device *device, const char *path, const void *bytes, uint64_t byte_count,
    sy_model **out_model, sy_error *err) {
    const ascend_libraries *libraries = ascend_libraries_of(device);
    *out_model = NULL;
    sy_status status = path != NULL ? check_file(device, path, err) : SY_OK;
    if (status != SY_OK)
        return status;
    if (libraries->model_status != SY_OK)
        return sy_error_set(err, SY_UNSUPPORTED, SY_CARD_ID_FORMAT ": no whole models: %s",
            SY_CARD_ID(device), libraries->model_reason.text);
    sy_model *model = sy_mem_calloc(1, sizeof *model);
    if (model == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(device));
    model->device = device;
    status = load_by(model, path, bytes, byte_count, err);
    if (status == SY_OK)
        status = ascend_model_read_ports(model, err);
    if (status != SY_OK) {
        unload(model);
        return status;
    }
    *out_model = model;
    return SY_OK;
}

static sy_status port_of(sy_model *model, uint32_t index, sy_model_port *out_port, sy_error *err) {
    uint32_t size = out_port->size;
    if (index >= model->n_in + model->n_out)
        return sy_error_set(err, SY_UNAVAILABLE, SY_CARD_ID_FORMAT ": the model has %u ports",
            SY_CARD_ID(model->device), model->n_in + model->n_out);
    sy_model_port port = model->port[index];
    port.size = size;
    memcpy(out_port, &port, size < sizeof port ? size : sizeof port);
    return SY_OK;
}

const sy_model_api ascend_model_group = {.size = sizeof ascend_model_group,
    .load = load,
    .port = port_of,
    .bind = ascend_model_bind,
    .unload = unload};
