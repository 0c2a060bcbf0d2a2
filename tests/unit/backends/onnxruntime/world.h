/* The backend on a stub of its library, with short words for what tests do to it. */
#ifndef STEELYARD_TESTS_ONNXRUNTIME_WORLD_H
#define STEELYARD_TESTS_ONNXRUNTIME_WORLD_H

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/onnxruntime/onnxruntime.h"
#include "runtime/base/error.h"
#include "tests/peers/stub_onnxruntime.h"

#define PEER(name) PEER_FOLDER "/" name ".so"

/** What the host offers: settings in, reports out. */
typedef struct world_host {
    const char *path, *threads;
    char library[256], version[64];
    int libraries;
} world_host;

typedef struct world {
    world_host host;
    sy_host table;
    const sy_backend_api *api;
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    stub_onnxruntime_state *stub;
} world;

static inline const char *world_option(void *ctx, const char *key) {
    const world_host *host = ctx;
    if (strcmp(key, "lib.onnxruntime") == 0)
        return host->path;
    return strcmp(key, "threads") == 0 ? host->threads : NULL;
}

static inline void world_library(void *ctx, const char *name, const char *path, void *handle) {
    world_host *host = ctx;
    assert_non_null(handle);
    snprintf(host->library, sizeof host->library, "%s %s", name, path);
    host->libraries++;
}

static inline void world_version(void *ctx, const char *name, const char *version) {
    world_host *host = ctx;
    snprintf(host->version, sizeof host->version, "%s %s", name, version);
}

/** The backend alone; `w` must stay where it is. */
static inline void create_world(world *w, const char *path) {
    *w = (world){.host = {.path = path}, .api = ort_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL)};
    w->table = (sy_host){.size = sizeof w->table,
        .ctx = &w->host,
        .option = world_option,
        .library = world_library,
        .library_version = world_version};
    assert_non_null(w->api);
    assert_int_equal(w->api->create(&w->table, &w->backend, NULL), SY_OK);
}

/** The state of the stub at that path, as it begins: a model of x[?,2] f32 -> y[?,2] f32. */
static inline stub_onnxruntime_state *stub_of(const char *path) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(handle);
    stub_onnxruntime_state *stub = dlsym(handle, "stub_onnxruntime");
    assert_non_null(stub);
    *stub = (stub_onnxruntime_state){
        .input = {{"x", 1, 2, {-1, 2}}}, .output = {{"y", 1, 2, {-1, 2}}}, .n_in = 1, .n_out = 1, .code = 1};
    return stub;
}

/** With device 0 and a queue, on the stub that works. */
static inline void open_world(world *w) {
    create_world(w, PEER("onnxruntime"));
    w->stub = stub_of(PEER("onnxruntime"));
    assert_int_equal(w->api->device->open(w->backend, 0, "threads=3", &w->device, NULL), SY_OK);
    assert_int_equal(w->api->queue->create(w->device, &w->queue, NULL), SY_OK);
}

/** Nothing may be left of what the library made. */
static inline void close_world(world *w) {
    if (w->queue != NULL)
        w->api->queue->destroy(w->queue);
    w->api->device->close(w->device);
    w->api->destroy(w->backend);
    if (w->stub != NULL)
        assert_int_equal(w->stub->alive, 0);
}

static inline void expect_words(const sy_error *err, const char *says) {
    if (strstr(err->text, says) == NULL)
        fail_msg("should say '%s', says '%s'", says, err->text);
}

#endif
