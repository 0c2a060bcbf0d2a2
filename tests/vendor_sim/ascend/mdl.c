/* Simulated offline models: loading, unloading, what they say of themselves. */
#include "tests/vendor_sim/ascend/mdl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#define MODELS_MAX 256u
#define TEXT_MAX 4096u

/* Those that are loaded; handles of worlds that have ended are nobody's. Ids are never given twice. */
static void *loaded[MODELS_MAX];
static uint32_t last_id;

as_mdl *as_mdl_find(uint32_t id, void **out_handle) {
    for (uint32_t i = 0; i < MODELS_MAX; i++) {
        as_mdl *model = loaded[i] != NULL ? sim_handle_peek(loaded[i], AS_MODEL) : NULL;
        *out_handle = loaded[i];
        if (model != NULL && model->id == id)
            return model;
    }
    sim_misuse("model_not_loaded");
    return NULL;
}

static int place(const as_mdl *model, uint32_t *out_id) {
    uint32_t slot = 0;
    as_mdl *object = NULL;
    while (slot < MODELS_MAX && loaded[slot] != NULL && sim_handle_peek(loaded[slot], AS_MODEL) != NULL)
        slot++;
    void *memory = slot < MODELS_MAX ? sim_memory_alloc(model->device, model->memory_bytes) : NULL;
    if (memory == NULL)
        return as_fail(ACL_ERROR_GE_MEMORY_ALLOCATION, "no %llu bytes for the model",
            (unsigned long long)model->memory_bytes);
    loaded[slot] = sim_handle_make(AS_MODEL, sizeof *object, (void **)&object);
    *object = *model;
    object->memory = memory;
    object->id = *out_id = ++last_id;
    return ACL_SUCCESS;
}

static int load(const as_context *here, const char *bytes, size_t count, uint32_t *out_id) {
    char text[TEXT_MAX];
    as_mdl model;
    if (count >= sizeof text)
        return as_fail(ACL_ERROR_GE_PARAM_INVALID, "a model of %zu bytes", count);
    memcpy(text, bytes, count);
    text[count] = '\0';
    if (!as_mdl_read(text, &model))
        return as_fail(ACL_ERROR_GE_EXEC_LOAD_MODEL_PARTITION_FAILED, "not an offline model");
    const char *soc = as_soc_name(here->device);
    if (model.chip[0] != '\0' && strcmp(model.chip, soc) != 0)
        return as_fail(ACL_ERROR_GE_PARAM_INVALID, "made for %s, this is %s", model.chip, soc);
    model.device = here->device;
    model.context = as_context_handle();
    return place(&model, out_id);
}

aclError aclmdlLoadFromFile(const char *path, uint32_t *id) {
    char bytes[TEXT_MAX];
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    FILE *file = code == ACL_SUCCESS && path != NULL ? fopen(path, "r") : NULL;
    if (code == ACL_SUCCESS && (file == NULL || id == NULL))
        code = as_fail(ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID, "no file there");
    size_t count = file != NULL ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file != NULL)
        fclose(file);
    return sim_leave(code == ACL_SUCCESS ? load(here, bytes, count, id) : code);
}

aclError aclmdlLoadFromMem(const void *model, size_t bytes, uint32_t *id) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS && (model == NULL || bytes == 0 || id == NULL))
        code = as_fail(ACL_ERROR_GE_PARAM_INVALID, "no model");
    return sim_leave(code == ACL_SUCCESS ? load(here, model, bytes, id) : code);
}

static int unload(uint32_t id) {
    void *handle = NULL;
    as_mdl *model = as_mdl_find(id, &handle);
    if (model == NULL)
        return as_fail(ACL_ERROR_GE_EXEC_MODEL_ID_INVALID, "no model %u", id);
    if (model->context != as_context_handle())
        sim_misuse("model_of_other_context");
    if (as_use_of_object(handle)) {
        sim_misuse("unloaded_in_use");
        as_stream_settle(model->device);
    }
    sim_memory_free(model->memory, false);
    sim_handle_destroy(handle);
    return ACL_SUCCESS;
}

aclError aclmdlUnload(uint32_t id) {
    as_context *here = NULL;
    int code = as_enter_apart(__func__, &here);
    return sim_leave(code == ACL_SUCCESS ? unload(id) : code);
}

void *aclmdlCreateDesc(void) {
    int code = as_enter(__func__);
    void *handle = code == ACL_SUCCESS ? sim_handle_make(AS_DESC, sizeof(as_mdl), NULL) : NULL;
    sim_leave(code);
    return handle;
}

aclError aclmdlDestroyDesc(void *desc) {
    int code = sim_enter_apart(__func__);
    if (code == ACL_SUCCESS && sim_handle_get(desc, AS_DESC) == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "not a description");
    if (code == ACL_SUCCESS)
        sim_handle_destroy(desc);
    return sim_leave(code);
}

aclError aclmdlGetDesc(void *desc, uint32_t id) {
    void *handle = NULL;
    int code = as_enter(__func__);
    as_mdl *object = code == ACL_SUCCESS ? sim_handle_get(desc, AS_DESC) : NULL;
    const as_mdl *model = object != NULL ? as_mdl_find(id, &handle) : NULL;
    if (code == ACL_SUCCESS && model == NULL)
        code = as_fail(ACL_ERROR_GE_EXEC_MODEL_ID_INVALID, "no model %u, or no description", id);
    if (code == ACL_SUCCESS)
        *object = *model;
    return sim_leave(code);
}

static const as_mdl *begin(const char *function, const void *desc) {
    int code = as_enter(function);
    return code == ACL_SUCCESS ? sim_handle_get(desc, AS_DESC) : NULL;
}

/* The nth port of a description; NULL: there is none. */
static const as_mdl_port *find_port(const char *function, const void *desc, size_t index, bool is_output) {
    const as_mdl *model = begin(function, desc);
    if (model == NULL || index >= (is_output ? model->n_out : model->n_in))
        return NULL;
    return is_output ? &model->out[index] : &model->in[index];
}

size_t aclmdlGetNumInputs(void *desc) {
    const as_mdl *model = begin(__func__, desc);
    sim_leave(0);
    return model != NULL ? model->n_in : 0;
}

size_t aclmdlGetNumOutputs(void *desc) {
    const as_mdl *model = begin(__func__, desc);
    sim_leave(0);
    return model != NULL ? model->n_out : 0;
}

/* TELL(NAME, RESULT, EXPRESSION, OTHERWISE, INPUTS OR NOT): a fact of a port. */
#define TELL(name, result, constant, value, otherwise, is_output)                                            \
    result name(constant void *desc, size_t index) {                                                         \
        const as_mdl_port *port = find_port(__func__, desc, index, is_output);                               \
        sim_leave(0);                                                                                        \
        return port != NULL ? value : otherwise;                                                             \
    }
TELL(aclmdlGetInputSizeByIndex, size_t, , port->bytes, 0, false)
TELL(aclmdlGetOutputSizeByIndex, size_t, , port->bytes, 0, true)
TELL(aclmdlGetInputNameByIndex, const char *, const, port->dims.name, "", false)
TELL(aclmdlGetOutputNameByIndex, const char *, const, port->dims.name, "", true)
TELL(aclmdlGetInputDataType, int, const, port->type, ACL_DT_UNDEFINED, false)
TELL(aclmdlGetOutputDataType, int, const, port->type, ACL_DT_UNDEFINED, true)
TELL(aclmdlGetInputFormat, int, const, port->format, -1, false)
TELL(aclmdlGetOutputFormat, int, const, port->format, -1, true)

static int take_dims(const as_mdl_port *port, aclmdlIODims *out_dims) {
    if (port == NULL || out_dims == NULL)
        return as_fail(ACL_ERROR_INVALID_PARAM, "no such port");
    *out_dims = port->dims;
    return ACL_SUCCESS;
}

aclError aclmdlGetInputDims(const void *desc, size_t index, aclmdlIODims *dims) {
    return sim_leave(take_dims(find_port(__func__, desc, index, false), dims));
}

aclError aclmdlGetOutputDims(const void *desc, size_t index, aclmdlIODims *dims) {
    return sim_leave(take_dims(find_port(__func__, desc, index, true), dims));
}
