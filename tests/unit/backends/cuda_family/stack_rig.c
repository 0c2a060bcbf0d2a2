/* A host for stacks. */
#include "tests/unit/backends/cuda_family/stack_rig.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static const char *option(void *ctx, const char *key) {
    const stack_rig *rig = ctx;
    if (strcmp(key, "sysroot") == 0)
        return rig->sysroot;
    return strcmp(key, rig->folder_key) == 0 && rig->folder[0] != '\0' ? rig->folder : NULL;
}

static void note_log(void *ctx, uint32_t level, const char *text) {
    stack_rig *rig = ctx;
    rig->warnings += level == SY_LOG_WARNING;
    snprintf(rig->log, sizeof rig->log, "%s", text);
}

void *stack_rig_steer(const stack_rig *rig, const char *function) {
    void *library = dlopen(rig->simulation, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(library);
    void *found = dlsym(library, function);
    assert_non_null(found);
    return found;
}

void stack_rig_begin(
    stack_rig *rig, const cf_stack *stack, const char *folder, const char *file, const char *settings) {
    *rig = (stack_rig){.model = {.name = stack->name,
                           .row = stack,
                           .runtime = &cf_runtime,
                           .open = cf_open,
                           .close = cf_close,
                           .count = cf_devices_count,
                           .describe = cf_device_describe,
                           .device_open = cf_device_open,
                           .device_close = cf_device_close,
                           .ways = cf_ways,
                           .sensor_describe = cf_sensor_describe,
                           .sensor_read = cf_sensor_read},
        .error = SY_ERROR_INIT,
        .sysroot = "/nowhere"};
    rig->host = (sy_host){.size = sizeof rig->host, .ctx = rig, .option = option, .log = note_log};
    snprintf(rig->folder_key, sizeof rig->folder_key, "%s_folder", stack->name);
    if (folder == NULL)
        return;
    snprintf(rig->folder, sizeof rig->folder, "%s/%s", SIM_FOLDER, folder);
    snprintf(rig->simulation, sizeof rig->simulation, "%.300s/%.100s", rig->folder, file);
    ((void (*)(const char *))stack_rig_steer(rig, "sim_configure"))(settings);
}

sy_status stack_rig_create(stack_rig *rig) {
    assert_int_equal(sy_card_create(&rig->model, &rig->host, &rig->backend, &rig->error), SY_OK);
    rig->error = rig->backend->reason;
    return rig->backend->status;
}

sy_status stack_rig_open(stack_rig *rig) {
    if (rig->backend == NULL)
        assert_int_equal(stack_rig_create(rig), SY_OK);
    return sy_card_device_api.open(rig->backend, 0, "", &rig->device, &rig->error);
}

void stack_rig_end(stack_rig *rig) {
    if (rig->device != NULL)
        sy_card_device_api.close(rig->device);
    sy_card_destroy(rig->backend);
    if (rig->simulation[0] == '\0')
        return;
    assert_int_equal(((int64_t(*)(void))stack_rig_steer(rig, "sim_alive_total"))(), 0);
    assert_int_equal(((int64_t(*)(void))stack_rig_steer(rig, "sim_misuses_total"))(), 0);
}

cf_libraries *stack_rig_libraries(const stack_rig *rig) {
    return rig->backend->stack;
}
