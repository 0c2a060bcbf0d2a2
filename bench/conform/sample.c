/* Models for checks. */
#include "bench/conform/sample.h"

#include <string.h>

#include "bench/conform/io.h"
#include "bench/tensor/host.h"
#include "runtime/base/error.h"

/* y = x of f32 2x3, as an ONNX file: one node Identity, opset 13. */
static const char onnx[] =
    "\x08\x08\x12\x04test:B\n\x13\n\x01x\x12\x01y\x1a\x01y\"\x08Identity\x12\x01gZ\x13\n\x01x\x12\x0e\n\x0c"
    "\x08\x01\x12\x08\n\x02\x08\x02\n\x02\x08\x03"
    "b\x13\n\x01y\x12\x0e\n\x0c\x08\x01\x12\x08\n\x02\x08\x02\n\x02\x08\x03"
    "B\x04\n\x00\x10\x0d";
static const char text[] = "simmodel 1\ninput x f32 ?,3\noutput y scale x 2\nflop 1000\n";

static const struct {
    const char *bytes;
    size_t count;
} own[] = {{onnx, sizeof onnx - 1}, {text, sizeof text - 1}};

static bool load_given(conform_kit *kit, conform_sample *sample) {
    const char *path = kit->request->model;
    sy_error err = SY_ERROR_INIT;
    conform_doing(kit, "loading %s", path);
    sy_status status = kit->on.api->model->load(kit->on.device, path, NULL, 0, &sample->model, &err);
    return conform_succeeds(kit, path, status, &err);
}

bool conform_sample_load(conform_kit *kit, conform_sample *out_sample) {
    const sy_model_api *api = kit->on.api->model;
    memset(out_sample, 0, sizeof *out_sample);
    if (api == NULL) {
        conform_skip(kit, "no models are taken");
        return false;
    }
    if (kit->request->model != NULL)
        return load_given(kit, out_sample);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        conform_doing(kit, "loading a small model");
        if (api->load(kit->on.device, NULL, own[i].bytes, own[i].count, &out_sample->model, NULL) == SY_OK)
            return true;
        out_sample->model = NULL;
    }
    conform_skip(kit, "it takes neither ONNX nor other models that the check has: name one of its own by "
                      "--model FILE");
    return false;
}

static bool read_ports(conform_kit *kit, conform_sample *sample) {
    sample->ports = sample->inputs = 0;
    for (;;) {
        sy_error err = SY_ERROR_INIT;
        if (sample->ports == CONFORM_PORTS_MAX) {
            conform_fail(kit, "port() knows no end: %u and more", sample->ports);
            return false;
        }
        sy_model_port *port = &sample->port[sample->ports];
        *port = (sy_model_port){.size = sizeof *port};
        sy_status status = kit->on.api->model->port(sample->model, sample->ports, port, &err);
        if (status == SY_UNAVAILABLE)
            return true;
        if (!conform_succeeds(kit, "port", status, &err))
            return false;
        sample->inputs += port->is_output == 0;
        sample->ports++;
    }
}

/* Open extents of an input become 1. */
static bool fix_input(conform_kit *kit, conform_sample *sample, uint32_t index) {
    sy_model_port *port = &sample->port[index];
    sy_error err = SY_ERROR_INIT;
    bool is_open = false;
    for (uint32_t i = 0; i < port->rank && i < SY_MAX_RANK; i++) {
        is_open = is_open || port->dim[i] < 0;
        port->dim[i] = port->dim[i] < 0 ? 1 : port->dim[i];
    }
    if (!is_open)
        return true;
    if (kit->on.api->model->set_shape == NULL) {
        conform_fail(kit, "input '%s' has open extents, and there is no set_shape to fix them", port->name);
        return false;
    }
    return conform_succeeds(kit, "set_shape",
        kit->on.api->model->set_shape(sample->model, index, port->rank, port->dim, &err), &err);
}

static bool measure(conform_kit *kit, conform_sample *sample, uint32_t index) {
    const sy_model_port *port = &sample->port[index];
    sy_host_tensor tensor = {.dtype = port->dtype, .rank = port->rank};
    sy_error err = SY_ERROR_INIT;
    memcpy(tensor.dim, port->dim, sizeof tensor.dim);
    sy_status status = sy_host_tensor_measure(&tensor, &err);
    if (status != SY_OK)
        conform_fail(kit, "port %u, '%.60s': %s", index, port->name, sy_error_text(&err, status));
    sample->bytes[index] = tensor.bytes;
    return status == SY_OK;
}

bool conform_sample_take(conform_kit *kit, conform_sample *sample) {
    bool ok = read_ports(kit, sample);
    for (uint32_t i = 0; ok && i < sample->inputs; i++)
        ok = fix_input(kit, sample, i);
    ok = ok && read_ports(kit, sample);
    for (uint32_t i = 0; ok && i < sample->ports; i++)
        ok = measure(kit, sample, i);
    return ok;
}

void conform_sample_spans(const conform_sample *sample, sy_span out_span[CONFORM_PORTS_MAX]) {
    for (uint32_t i = 0; i < sample->ports; i++)
        out_span[i] = (sy_span){sample->buffer[i], 0, sample->bytes[i]};
}

bool conform_sample_bind(conform_kit *kit, conform_sample *sample) {
    sy_span span[CONFORM_PORTS_MAX];
    sy_error err = SY_ERROR_INIT;
    for (uint32_t i = 0; i < sample->ports; i++) {
        uint64_t bytes = sample->bytes[i] > 0 ? sample->bytes[i] : 1;
        sample->buffer[i] = conform_alloc(kit, SY_MEMORY_DEVICE, bytes);
        if (sample->buffer[i] == NULL || !conform_put(kit, (sy_span){sample->buffer[i], 0, bytes}, 0))
            return false;
    }
    conform_sample_spans(sample, span);
    sy_status status =
        kit->on.api->model->bind(sample->model, kit->on.queue, span, sample->ports, &sample->binding, &err);
    return conform_succeeds(kit, "bind", status, &err) && conform_sync(kit);
}

bool conform_sample_run(conform_kit *kit, conform_sample *sample) {
    if (kit->on.api->work->run(sample->binding) != SY_OK)
        conform_fail(kit, "run of a bound model failed");
    return conform_sync(kit) && conform_is_fine(kit);
}

void conform_sample_close(conform_kit *kit, conform_sample *sample) {
    kit->on.api->work->binding_destroy(sample->binding);
    for (uint32_t i = 0; i < CONFORM_PORTS_MAX; i++)
        conform_free(kit, sample->buffer[i]);
    if (kit->on.api->model != NULL)
        kit->on.api->model->unload(sample->model);
    memset(sample, 0, sizeof *sample);
}
