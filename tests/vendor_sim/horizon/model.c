/* Simulated models: life, names, properties. */
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/horizon/model.h"

enum { TEXT_MAX_BYTES = 8192 };

const char *hbDNNGetVersion(void) {
    int code = sim_enter(__func__);
    const char *version = sim_text(SIM_NO_DEVICE, "version", HZ_FORM == 2 ? "3.2.1" : "1.24.5");
    sim_leave(code);
    return version;
}

const char *hbDNNGetErrorDesc(int32_t code) {
    return code == HZ_OTHER_CHIP ? "model march does not match" : "";
}

static int32_t place(const hz_pack *pack, void **out_pack) {
    hz_pack *mine = NULL;
    void *handle = sim_handle_make(HZ_PACK, sizeof *mine, (void **)&mine);
    *mine = *pack;
    for (int32_t i = 0; i < mine->models; i++) {
        hz_model **model = NULL;
        mine->handle[i] = sim_handle_make(HZ_MODEL, sizeof(hz_model *), (void **)&model);
        *model = &mine->model[i];
        mine->name[i] = mine->model[i].name;
    }
    *out_pack = handle;
    return 0;
}

static int32_t load(const void *bytes, size_t count, void **out_pack) {
    char text[TEXT_MAX_BYTES + 1];
    hz_pack pack;
    if (count > TEXT_MAX_BYTES)
        return HZ_NO_MODEL;
    memcpy(text, bytes, count);
    text[count] = '\0';
    if (!hz_text_read(text, &pack))
        return HZ_NO_MODEL;
    const char *march = sim_text(SIM_NO_DEVICE, "march", "bayes");
    for (int32_t i = 0; i < pack.models; i++)
        if (pack.model[i].march[0] != '\0' && strcmp(pack.model[i].march, march) != 0)
            return HZ_OTHER_CHIP;
    return place(&pack, out_pack);
}

int32_t hbDNNInitializeFromFiles(void **pack, const char **paths, int32_t count) {
    char bytes[TEXT_MAX_BYTES + 1];
    int code = sim_enter(__func__);
    if (code == 0 && (pack == NULL || paths == NULL || count != 1))
        code = HZ_INVALID_ARGUMENT;
    FILE *file = code == 0 ? fopen(paths[0], "rb") : NULL;
    if (code == 0 && file == NULL)
        code = HZ_NO_FILE;
    size_t got = file != NULL ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file != NULL)
        fclose(file);
    return sim_leave(code == 0 ? load(bytes, got, pack) : code);
}

int32_t hbDNNInitializeFromDDR(void **pack, const void **bytes, int32_t *lengths, int32_t count) {
    int code = sim_enter(__func__);
    bool is_good = pack != NULL && bytes != NULL && lengths != NULL && count == 1 && lengths[0] > 0;
    if (code == 0)
        code = is_good ? load(bytes[0], (size_t)lengths[0], pack) : HZ_INVALID_ARGUMENT;
    return sim_leave(code);
}

int32_t hbDNNRelease(void *handle) {
    int code = sim_enter_apart(__func__);
    const hz_pack *pack = code == 0 ? sim_handle_get(handle, HZ_PACK) : NULL;
    if (code == 0 && pack == NULL)
        code = HZ_NO_PACK;
    if (code == 0 && *sim_slot("runs") > 0) {
        sim_misuse("released_in_use");
        sim_device_sync(0);
    }
    for (int32_t i = 0; code == 0 && i < pack->models; i++)
        sim_handle_destroy(pack->handle[i]);
    if (code == 0)
        sim_handle_destroy(handle);
    return sim_leave(code);
}

int32_t hbDNNGetModelNameList(const char ***names, int32_t *count, void *handle) {
    int code = sim_enter(__func__);
    hz_pack *pack = code == 0 ? sim_handle_get(handle, HZ_PACK) : NULL;
    if (code == 0 && (pack == NULL || names == NULL || count == NULL))
        code = HZ_NO_PACK;
    if (code == 0) {
        *names = pack->name;
        *count = pack->models;
    }
    return sim_leave(code);
}

int32_t hbDNNGetModelHandle(void **model, void *handle, const char *name) {
    int code = sim_enter(__func__);
    const hz_pack *pack = code == 0 ? sim_handle_get(handle, HZ_PACK) : NULL;
    if (code != 0 || pack == NULL || model == NULL || name == NULL)
        return sim_leave(code != 0 ? code : HZ_INVALID_ARGUMENT);
    code = HZ_INVALID_ARGUMENT;
    for (int32_t i = 0; i < pack->models; i++)
        if (strcmp(pack->name[i], name) == 0) {
            *model = pack->handle[i];
            code = 0;
        }
    return sim_leave(code);
}

const hz_model *hz_model_of(void *handle) {
    hz_model **model = sim_handle_get(handle, HZ_MODEL);
    return model != NULL ? *model : NULL;
}

static int32_t count_ports(const char *function, int32_t *count, void *handle, bool is_output) {
    int code = sim_enter(function);
    const hz_model *model = code == 0 ? hz_model_of(handle) : NULL;
    if (code == 0 && (model == NULL || count == NULL))
        code = HZ_NO_HANDLE;
    if (code == 0)
        *count = is_output ? model->n_out : model->n_in;
    return sim_leave(code);
}

int32_t hbDNNGetInputCount(int32_t *count, void *model) {
    return count_ports(__func__, count, model, false);
}

int32_t hbDNNGetOutputCount(int32_t *count, void *model) {
    return count_ports(__func__, count, model, true);
}

/* Enters the function; the port, NULL with a code. */
static const hz_port *find_port(
    const char *function, void *handle, int32_t index, bool is_output, int *out_code) {
    *out_code = sim_enter(function);
    const hz_model *model = *out_code == 0 ? hz_model_of(handle) : NULL;
    if (*out_code == 0 && model == NULL)
        *out_code = HZ_NO_HANDLE;
    if (*out_code == 0 && (index < 0 || index >= (is_output ? model->n_out : model->n_in)))
        *out_code = HZ_INVALID_ARGUMENT;
    return *out_code != 0 ? NULL : is_output ? &model->out[index] : &model->in[index];
}

static int32_t tell_name(
    const char *function, const char **name, void *model, int32_t index, bool is_output) {
    int code = 0;
    const hz_port *port = find_port(function, model, index, is_output, &code);
    if (port != NULL)
        *name = port->name;
    return sim_leave(code);
}

int32_t hbDNNGetInputName(const char **name, void *model, int32_t index) {
    return tell_name(__func__, name, model, index, false);
}

int32_t hbDNNGetOutputName(const char **name, void *model, int32_t index) {
    return tell_name(__func__, name, model, index, true);
}

static void fill(const hz_port *port, hbDNNTensorProperties *p) {
    memset(p, 0, sizeof *p);
    p->validShape.numDimensions = port->rank;
    p->tensorType = port->type->number;
    p->quantiType = port->quantisation;
    p->quantizeAxis = -1;
    p->alignedByteSize = (hz_byte_size)port->bytes;
    if (port->quantisation != 0) {
        p->scale.scaleLen = 1;
        p->scale.scaleData = (float *)&port->scale;
    }
#if HZ_FORM != 2
    p->alignedShape.numDimensions = port->rank;
    p->tensorLayout = port->layout;
    p->shift.shiftLen = port->quantisation == 1;
    p->shift.shiftData = (uint8_t *)&port->shift;
#endif
    for (int32_t i = 0; i < port->rank; i++) {
        p->validShape.dimensionSize[i] = (int32_t)port->dim[i];
#if HZ_FORM != 2
        p->alignedShape.dimensionSize[i] = (int32_t)port->aligned[i];
#endif
#if HZ_FORM != 0
        p->stride[i] = (hz_byte_size)port->stride[i];
#endif
    }
}

/* `struct`: as it is; `longer`: with something behind it; `shifted`: with something before it. */
static int32_t tell(
    const char *function, hbDNNTensorProperties *out, void *model, int32_t index, bool is_output) {
    int code = 0;
    hbDNNTensorProperties p;
    const hz_port *port = find_port(function, model, index, is_output, &code);
    const char *form = port != NULL ? sim_text(SIM_NO_DEVICE, "struct", "known") : "";
    if (port != NULL)
        fill(port, &p);
    if (port != NULL && strcmp(form, "shifted") == 0) {
        memset(out, 0, sizeof *out);
        memcpy((char *)out + 8, &p, sizeof p - 8);
    } else if (port != NULL) {
        memcpy(out, &p, sizeof p);
        if (strcmp(form, "longer") == 0)
            memset((char *)out + sizeof p, 0, 16);
    }
    return sim_leave(code);
}

int32_t hbDNNGetInputTensorProperties(hbDNNTensorProperties *properties, void *model, int32_t index) {
    return tell(__func__, properties, model, index, false);
}

int32_t hbDNNGetOutputTensorProperties(hbDNNTensorProperties *properties, void *model, int32_t index) {
    return tell(__func__, properties, model, index, true);
}
