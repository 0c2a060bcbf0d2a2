/* Tests' dealings with the backend. */
#include "tests/unit/backends/horizon/rig.h"

#include <dlfcn.h>

#include "steelyard/model.h"

rig_sim sim;

static const char *option(void *ctx, const char *key) {
    const rig *r = ctx;
    if (strcmp(key, "horizon_folder") == 0)
        return r->path;
    if (strcmp(key, "lib.horizon_dnn") == 0)
        return r->dnn;
    if (strcmp(key, "lib.horizon_ucp") == 0)
        return r->ucp;
    return strcmp(key, "sysroot") == 0 ? r->root : NULL;
}

static void note_library(void *ctx, const char *name, const char *path, void *handle) {
    rig *r = ctx;
    size_t used = strlen(r->libraries);
    const char *file = strrchr(path, '/');
    assert_non_null(handle);
    snprintf(r->libraries + used, sizeof r->libraries - used, "%s=%s ", name, file != NULL ? file + 1 : path);
}

static void note_version(void *ctx, const char *name, const char *version) {
    rig *r = ctx;
    snprintf(r->versions, sizeof r->versions, "%s=%s", name, version);
}

static void find_sim(const char *path) {
    const char *names[] = {"sim_configure", "sim_fail", "sim_fail_async", "sim_disarm", "sim_alive",
        "sim_alive_total", "sim_misuses_total", "sim_calls", "sim_hold"};
    char file[1100];
    snprintf(file, sizeof file, "%s/libdnn.so", path);
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(library);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *symbol = dlsym(library, names[i]);
        assert_non_null(symbol);
        memcpy((char *)&sim + i * sizeof symbol, &symbol, sizeof symbol);
    }
}

void rig_create(rig *r, const char *folder) {
    snprintf(r->path, sizeof r->path, "%s%s%s", folder[0] == '/' ? "" : SIM_FOLDER,
        folder[0] == '/' ? "" : "/", folder);
    r->error = SY_ERROR_INIT;
    r->api = horizon_query(SY_ABI_MAJOR, SY_ABI_MINOR, &r->error);
    assert_non_null(r->api);
    sy_host host = {.size = sizeof host,
        .ctx = r,
        .option = option,
        .library = note_library,
        .library_version = note_version};
    assert_int_equal(r->api->create(&host, &r->backend, &r->error), SY_OK);
}

void rig_open_as(rig *r, const char *folder, const char *settings, const char *params) {
    char path[1024];
    *r = (rig){0};
    snprintf(path, sizeof path, "%s/%s", SIM_FOLDER, folder);
    find_sim(path);
    sim.configure(settings);
    rig_create(r, folder);
    if (r->api->device->open(r->backend, 0, params, &r->device, &r->error) != SY_OK)
        fail_msg("%s", r->error.text);
    assert_int_equal(r->api->queue->create(r->device, &r->queue, &r->error), SY_OK);
}

void rig_open(rig *r, const char *folder, const char *settings) {
    rig_open_as(r, folder, settings, "");
}

void rig_end(rig *r) {
    if (r->device != NULL) {
        r->api->queue->destroy(r->queue);
        r->api->device->close(r->device);
    }
    r->api->destroy(r->backend);
    if (sim.disarm == NULL)
        return;
    sim.disarm();
    assert_int_equal(sim.misuses_total(), 0);
    assert_int_equal(sim.alive_total(), 0);
}

void rig_expect_words(const char *text, const char *words) {
    assert_true(strlen(text) > 10);
    for (const char *at = text; *at != '\0'; at++)
        assert_true((unsigned char)*at >= ' ');
    if (strstr(text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}

sy_status rig_load(rig *r, const char *text, sy_model **out_model) {
    r->error = SY_ERROR_INIT;
    return r->api->model->load(r->device, NULL, text, strlen(text), out_model, &r->error);
}

sy_buffer *rig_memory(rig *r, uint64_t bytes) {
    sy_buffer *buffer = NULL;
    if (r->api->memory->alloc(r->device, SY_MEMORY_DEVICE, bytes, &buffer, &r->error) != SY_OK)
        fail_msg("%s", r->error.text);
    return buffer;
}

void rig_move(rig *r, sy_buffer *buffer, void *bytes, uint64_t count, bool is_input) {
    sy_buffer *host = NULL;
    assert_int_equal(r->api->memory->import(r->device, bytes, count, &host, &r->error), SY_OK);
    const sy_span here = {host, 0, count}, there = {buffer, 0, count};
    assert_int_equal(
        r->api->memory->copy(r->queue, is_input ? there : here, is_input ? here : there, &r->error), SY_OK);
    r->api->memory->free(host);
}

rig_bound rig_bind(rig *r, const char *text) {
    rig_bound b = {0};
    if (rig_load(r, text, &b.model) != SY_OK)
        fail_msg("%s", r->error.text);
    sy_model_port port = {.size = sizeof port};
    while (b.ports < RIG_PORTS && r->api->model->port(b.model, b.ports, &port, NULL) == SY_OK) {
        uint64_t bytes = sy_net_dtype_size(port.dtype);
        for (uint32_t i = 0; i < port.rank; i++)
            bytes *= (uint64_t)port.dim[i];
        b.bytes[b.ports] = bytes;
        b.buffer[b.ports] = rig_memory(r, bytes);
        b.span[b.ports] = (sy_span){b.buffer[b.ports], 0, bytes};
        b.ports++;
    }
    if (r->api->model->bind(b.model, r->queue, b.span, b.ports, &b.binding, &r->error) != SY_OK)
        fail_msg("%s", r->error.text);
    return b;
}

void rig_release(rig *r, rig_bound *b) {
    r->api->work->binding_destroy(b->binding);
    for (uint32_t i = 0; i < b->ports; i++)
        r->api->memory->free(b->buffer[i]);
    r->api->model->unload(b->model);
}

sy_status rig_run(rig *r, const rig_bound *b) {
    r->error = SY_ERROR_INIT;
    (void)r->api->work->run(b->binding);
    return r->api->queue->sync(r->queue, UINT64_MAX, &r->error);
}
