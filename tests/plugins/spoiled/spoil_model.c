/* Wrong models. */
#include <stdlib.h>
#include <string.h>

#include "tests/plugins/spoiled/spoiled.h"

/* Takes any bytes for a model. */
static sy_status load_any(sy_device *device, const char *path, const void *bytes, uint64_t byte_count,
    sy_model **out_model, sy_error *err) {
    (void)device, (void)bytes, (void)byte_count, (void)err;
    *out_model = NULL;
    if (path == NULL)
        return SY_OK;
    if (err != NULL)
        strcpy(err->text, "no such file");
    return SY_IO;
}
static void unload_none(sy_model *model) {
    (void)model;
}
static sy_status port_none(sy_model *model, uint32_t index, sy_model_port *out_port, sy_error *err) {
    (void)model, (void)index, (void)out_port, (void)err;
    return SY_UNAVAILABLE;
}
static sy_status bind_none(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_binding **out_binding, sy_error *err) {
    (void)model, (void)queue, (void)operands, (void)count, (void)out_binding, (void)err;
    return SY_UNSUPPORTED;
}
static void any_model(spoiled_tables *tables) {
    static const sy_model_api model = {
        .size = sizeof model, .load = load_any, .port = port_none, .bind = bind_none, .unload = unload_none};
    tables->backend.model = &model;
}

static sy_status port_renamed(sy_model *model, uint32_t index, sy_model_port *out_port, sy_error *err) {
    static int asked;
    sy_status status = sim_model_group.port(model, index, out_port, err);
    if (status == SY_OK && out_port->size == sizeof *out_port)
        out_port->name[0] = (char)('a' + asked++ % 26);
    return status;
}
static void port_renames(spoiled_tables *tables) {
    tables->model.port = port_renamed;
}

static sy_status port_all(sy_model *model, uint32_t index, sy_model_port *out_port, sy_error *err) {
    sy_model_port port = {.size = sizeof port};
    uint32_t size = out_port->size;
    sy_status status = sim_model_group.port(model, index, &port, err);
    *out_port = port;
    out_port->size = size;
    return status;
}
static void port_overrun(spoiled_tables *tables) {
    tables->model.port = port_all;
}

static sy_status run_nothing(sy_binding *binding) {
    (void)binding;
    return SY_OK;
}
static void model_idle(spoiled_tables *tables) {
    tables->work.run = run_nothing;
}

/* What a span says of its length is not looked at. */
static sy_status bind_any(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_binding **out_binding, sy_error *err) {
    sy_span span[2];
    for (uint32_t i = 0; i < 2 && count == 2; i++)
        span[i] = (sy_span){operands[i].buffer, 0, operands[i].buffer->bytes};
    return sim_model_group.bind(model, queue, count == 2 ? span : operands, count, out_binding, err);
}
static void model_trusting(spoiled_tables *tables) {
    tables->model.bind = bind_any;
}

static void unload_never(sy_model *model) {
    (void)model;
}
static void leak_model(spoiled_tables *tables) {
    tables->model.unload = unload_never;
}

const spoiler spoil_model[] = {{"any_model", any_model}, {"port_renames", port_renames},
    {"port_overrun", port_overrun}, {"model_idle", model_idle}, {"model_trusting", model_trusting},
    {"leak_model", leak_model}, {NULL, NULL}};
