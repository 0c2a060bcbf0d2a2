/* A stack opened by hand: the runtime's functions by its prefix, and whatever else a test asks for by name.
 */
#ifndef TESTS_UNIT_VENDOR_SIM_CUDA_FAMILY_RIG_H
#define TESTS_UNIT_VENDOR_SIM_CUDA_FAMILY_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <dlfcn.h>

typedef struct rig {
    void *runtime, *blas, *lt, *dnn, *meter;
    int (*set_device)(int);
    int (*malloc)(void **, size_t);
    int (*free)(void *);
    int (*malloc_host)(void **, size_t);
    int (*free_host)(void *);
    int (*memcpy)(void *, const void *, size_t, int);
    int (*memcpy_async)(void *, const void *, size_t, int, void *);
    int (*memset_async)(void *, int, size_t, void *);
    int (*stream_create)(void **);
    int (*stream_destroy)(void *);
    int (*stream_sync)(void *);
    int (*event_create)(void **, unsigned);
    int (*event_destroy)(void *);
    int (*event_record)(void *, void *);
    int (*event_query)(void *);
    int (*event_sync)(void *);
    int (*elapsed)(float *, void *, void *);
    int (*last_error)(void);
    /* of the simulation */
    void (*configure)(const char *);
    void (*fail)(const char *, int64_t, int);
    void (*fail_async)(const char *, int64_t, int);
    void (*hold)(_Bool);
    int64_t (*disarm)(void);
    int64_t (*alive)(void);
    int64_t (*misuses)(const char *);
    int64_t (*misuses_total)(void);
} rig;

enum { TO_DEVICE = 1, TO_HOST = 2, ON_DEVICE = 3 };

static inline void *rig_library(const char *stack, const char *file) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", SIM_FOLDER, stack, file);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        fail_msg("%s", dlerror());
    assert_non_null(dlsym(library, "steelyard_vendor_sim"));
    return library;
}

/** Function prefix + name of a library into the pointer at `place`. */
static inline void rig_find(void *library, const char *prefix, const char *name, void *place) {
    char symbol[128];
    snprintf(symbol, sizeof symbol, "%s%s", prefix, name);
    void *found = dlsym(library, symbol);
    if (found == NULL)
        fail_msg("no %s", symbol);
    memcpy(place, &found, sizeof found);
}

static inline rig rig_open(const char *stack, const char *runtime, const char *prefix, const char *settings) {
    rig one = {.runtime = rig_library(stack, runtime)};
    const struct {
        const char *name;
        void *place;
    } functions[] = {{"SetDevice", &one.set_device}, {"Malloc", &one.malloc}, {"Free", &one.free},
        {"MallocHost", &one.malloc_host}, {"FreeHost", &one.free_host}, {"Memcpy", &one.memcpy},
        {"MemcpyAsync", &one.memcpy_async}, {"MemsetAsync", &one.memset_async},
        {"StreamCreate", &one.stream_create}, {"StreamDestroy", &one.stream_destroy},
        {"StreamSynchronize", &one.stream_sync}, {"EventCreateWithFlags", &one.event_create},
        {"EventDestroy", &one.event_destroy}, {"EventRecord", &one.event_record},
        {"EventQuery", &one.event_query}, {"EventSynchronize", &one.event_sync},
        {"EventElapsedTime", &one.elapsed}, {"GetLastError", &one.last_error}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        rig_find(one.runtime, prefix, functions[i].name, functions[i].place);
    rig_find(one.runtime, "sim_", "configure", &one.configure);
    rig_find(one.runtime, "sim_", "fail", &one.fail);
    rig_find(one.runtime, "sim_", "fail_async", &one.fail_async);
    rig_find(one.runtime, "sim_", "hold", &one.hold);
    rig_find(one.runtime, "sim_", "disarm", &one.disarm);
    rig_find(one.runtime, "sim_", "alive_total", &one.alive);
    rig_find(one.runtime, "sim_", "misuses", &one.misuses);
    rig_find(one.runtime, "sim_", "misuses_total", &one.misuses_total);
    one.configure(settings);
    return one;
}

/** Device memory with these bytes in it. */
static inline void *rig_upload(const rig *one, const void *bytes, size_t count) {
    void *device = NULL;
    assert_int_equal(one->malloc(&device, count), 0);
    assert_int_equal(one->memcpy(device, bytes, count, TO_DEVICE), 0);
    return device;
}

/** Everything that was made is gone, and nothing was done that should not be. */
static inline void rig_close(const rig *one, int64_t misuses) {
    assert_int_equal(one->alive(), 0);
    assert_int_equal(one->misuses_total(), misuses);
}

#endif
