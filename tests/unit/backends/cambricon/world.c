/* The backend on the simulated libraries. */
#include "tests/unit/backends/cambricon/world.h"

#include <dlfcn.h>
#include <stdio.h>

#include "backends/cambricon/cambricon.h"
#include "runtime/dispatch/dispatch.h"

static void *simulation;

void *world_symbol(const char *name) {
    void *symbol = dlsym(simulation, name);
    if (symbol == NULL)
        fail_msg("no symbol %s", name);
    return symbol;
}

static const char *option(void *ctx, const char *key) {
    const world *w = ctx;
    if (strcmp(key, "cambricon_folder") == 0)
        return w->folder;
    if (strcmp(key, "lib.cnnl") == 0)
        return w->cnnl;
    return strcmp(key, "lib.cndev") == 0 ? w->cndev : NULL;
}

static void report_version(void *ctx, const char *name, const char *version) {
    world *w = ctx;
    size_t length = strlen(w->reported);
    snprintf(w->reported + length, sizeof w->reported - length, "%s %s; ", name, version);
}

static void report(void *ctx, const char *name, const char *path, void *handle) {
    (void)name;
    (void)handle;
    assert_non_null(ctx);
    assert_int_equal(path[0], '/');
}

static const sy_backend_api table = {.size = sizeof table,
    .name = "cambricon",
    .device = &sy_card_device_api,
    .memory = &sy_card_memory_api,
    .queue = &sy_card_queue_api,
    .work = &sy_card_work_api,
    .sensor = &sy_card_sensor_api};

void world_begin(world *w, const char *generation, const char *settings) {
    static char folder[512];
    char path[600];
    snprintf(folder, sizeof folder, "%s/%s", SIM_FOLDER, generation);
    snprintf(path, sizeof path, "%s/libcnrt.so", folder);
    simulation = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (simulation == NULL)
        fail_msg("%s", dlerror());
    SIM(sim_configure)(settings);
    if (w->folder == NULL)
        w->folder = folder;
    w->error = SY_ERROR_INIT;
    sy_host host = {.size = sizeof host,
        .ctx = w,
        .option = option,
        .library = report,
        .library_version = report_version};
    assert_int_equal(sy_card_create(&cambricon_model, &host, &w->backend, &w->error), SY_OK);
    w->on = (sy_job_device){.api = &table, .clock = sy_clock_host()};
}

void world_open(world *w, const char *generation, const char *settings) {
    world_begin(w, generation, settings);
    if (table.device->open(w->backend, 0, "", &w->on.device, &w->error) != SY_OK)
        fail_msg("%s", w->error.text);
    assert_int_equal(table.queue->create(w->on.device, &w->on.queue, &w->error), SY_OK);
    assert_int_equal(sy_data_block_create(SY_DATA_UNIFORM, 1, &w->block, &w->error), SY_OK);
}

void world_end(world *w) {
    table.queue->destroy(w->on.queue);
    if (w->on.device != NULL)
        table.device->close(w->on.device);
    sy_card_destroy(w->backend);
    sy_data_block_destroy(w->block);
    assert_int_equal(SIM(sim_alive_total)(), 0);
    assert_int_equal(SIM(sim_misuses_total)(), 0);
    SIM(sim_disarm)();
    *w = (world){0};
}

void world_solve(world *w, const char *problem, const char *algorithm) {
    if (sy_solve_case(&w->on, w->block, problem, algorithm, &w->error) != SY_OK)
        fail_msg("%s by %s: %s", problem, algorithm, w->error.text);
}

static void ask(world *w, const char *problem, sy_candidates *out_candidates) {
    if (sy_solve_candidates(&w->on, problem, out_candidates, &w->error) != SY_OK)
        fail_msg("%s: %s", problem, w->error.text);
}

void world_refuse(world *w, const char *problem, const char *words) {
    sy_candidates found;
    bool is_said = false;
    ask(w, problem, &found);
    for (uint32_t i = 0; i < found.count; i++) {
        if (found.candidate[i].status == SY_OK)
            fail_msg("%s is not refused by %s", problem, found.candidate[i].algorithm.name);
        is_said = is_said || strstr(found.candidate[i].reason, words) != NULL;
    }
    if (!is_said)
        fail_msg("%s: nobody says \"%s\", but: %s", problem, words, found.candidate[0].reason);
}

bool world_has(world *w, const char *problem, const char *algorithm, sy_algorithm *out_algorithm) {
    sy_candidates found;
    ask(w, problem, &found);
    for (uint32_t i = 0; i < found.count; i++)
        if (strcmp(found.candidate[i].algorithm.name, algorithm) == 0 && found.candidate[i].status == SY_OK) {
            *out_algorithm = found.candidate[i].algorithm;
            return true;
        }
    return false;
}

bool world_sensor(world *w, uint32_t kind, double *out_value) {
    sy_sensor sensor = {.size = sizeof sensor};
    for (uint32_t i = 0; table.sensor->describe(w->on.device, i, &sensor, &w->error) == SY_OK; i++)
        if (sensor.kind == kind) {
            assert_int_equal(table.sensor->read(w->on.device, i, out_value, &w->error), SY_OK);
            return true;
        }
    return false;
}

void world_says(const char *text, const char *words) {
    assert_null(strchr(text, '\n'));
    if (strstr(text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}
