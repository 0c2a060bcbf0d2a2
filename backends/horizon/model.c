/* Compiled models: life. */
#include "backends/horizon/model.h"

#include <fcntl.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

static const horizon_library *library_of(const sy_device *device) {
    return &device->backend->library;
}

static bool is_onnx(const char *path) {
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".onnx") == 0;
}

/* The library's words about a file that is not there are about something else. There are no single operators
 * to fall back on, so that an ONNX file is not "of another kind" (SY_INCOMPATIBLE) but out of reach. */
static sy_status check_file(const char *path, sy_error *err) {
    if (is_onnx(path))
        return sy_error_set(err, SY_UNSUPPORTED,
            "horizon:0: %s: compiled models (.bin, .hbm) are taken, which Horizon's toolchain makes of ONNX "
            "files",
            path);
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0)
        return sy_error_io(err, "horizon:0: %s", path);
    sy_file_close(fd);
    return SY_OK;
}

static sy_status load_by(
    sy_model *model, const char *path, const void *bytes, uint64_t byte_count, sy_error *err) {
    const horizon_library *library = library_of(model->device);
    int32_t length = (int32_t)byte_count;
    if (path == NULL && byte_count > INT32_MAX)
        return sy_error_set(
            err, SY_OVERFLOW, "horizon:0: a model in memory of more than 2 GiB: give it as a file");
    int32_t code = path != NULL ? library->model.InitializeFromFiles(&model->pack, &path, 1)
                                : library->model.InitializeFromDDR(&model->pack, &bytes, &length, 1);
    if (code == 0 && model->pack == NULL)
        code = HORIZON_NO_OBJECT;
    if (code == 0)
        return SY_OK;
    model->pack = NULL;
    sy_status status = horizon_fail(library, code, path != NULL ? path : "a model in memory", err);
    /* Codes of this kind are about the file: damaged, or made for another chip. */
    return status == SY_INTERNAL ? SY_INVALID_ARGUMENT : status;
}

static sy_status name_all(const char *const *names, int32_t count, const char *wanted, sy_error *err) {
    sy_text list = {0};
    for (int32_t i = 0; i < count; i++)
        sy_text_printf(&list, "%s%s", i > 0 ? ", " : "", names[i] != NULL ? names[i] : "");
    sy_status status =
        wanted[0] != '\0'
            ? sy_error_set(err, SY_INVALID_ARGUMENT, "horizon:0: the file has no model '%s'; there are %s",
                  wanted, list.data != NULL ? list.data : "none")
            : sy_error_set(err, SY_INVALID_ARGUMENT,
                  "horizon:0: the file has %d models, of which one is to be named by "
                  "--device horizon:0?model=NAME: %s",
                  count, list.data != NULL ? list.data : "");
    sy_text_release(&list);
    return status;
}

/* The only model of the file, or the one that the device's parameters name. */
static sy_status choose(sy_model *model, sy_error *err) {
    const horizon_library *library = library_of(model->device);
    const char *wanted = model->device->model, **names = NULL;
    int32_t count = 0, at = 0;
    int32_t code = library->model.GetModelNameList(&names, &count, model->pack);
    if (code != 0)
        return horizon_fail(library, code, "names of models", err);
    if (count < 1 || names == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "horizon:0: there is no model in the file");
    while (wanted[0] != '\0' && at < count && (names[at] == NULL || strcmp(names[at], wanted) != 0))
        at++;
    if (at == count || (wanted[0] == '\0' && count > 1))
        return name_all(names, count, wanted, err);
    code = library->model.GetModelHandle(&model->handle, model->pack, names[at]);
    if (code == 0 && model->handle == NULL)
        code = HORIZON_NO_OBJECT;
    return horizon_fail(library, code, "handle of a model", err);
}

static void unload(sy_model *model) {
    if (model == NULL)
        return;
    if (model->pack != NULL)
        (void)library_of(model->device)->model.Release(model->pack);
    sy_mem_free(model->port);
    sy_mem_free(model);
}

static sy_status load(sy_device *device, const char *path, const void *bytes, uint64_t byte_count,
    sy_model **out_model, sy_error *err) {
    *out_model = NULL;
    sy_status status = path != NULL ? check_file(path, err) : SY_OK;
    if (status != SY_OK)
        return status;
    sy_model *model = sy_mem_calloc(1, sizeof *model);
    if (model == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "horizon: no host memory for a model");
    model->device = device;
    status = load_by(model, path, bytes, byte_count, err);
    if (status == SY_OK)
        status = choose(model, err);
    if (status == SY_OK)
        status = horizon_model_read_ports(model, err);
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
        return sy_error_set(
            err, SY_UNAVAILABLE, "horizon:0: the model has %u ports", model->n_in + model->n_out);
    sy_model_port port = model->port[index].known;
    port.size = size;
    memcpy(out_port, &port, size < sizeof port ? size : sizeof port);
    return SY_OK;
}

const sy_model_api horizon_model_group = {.size = sizeof horizon_model_group,
    .load = load,
    .port = port_of,
    .bind = horizon_model_bind,
    .unload = unload};
