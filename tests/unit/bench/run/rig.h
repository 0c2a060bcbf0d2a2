/* A run in this process on simulated devices: configuration, devices, places, input data. */
#ifndef STEELYARD_TESTS_RUN_RIG_H
#define STEELYARD_TESTS_RUN_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/sim/sim.h"
#include "bench/cli/cli.h"
#include "bench/run/schedule.h"
#include "bench/run/target.h"

static const sy_builtin rig_builtins[] = {{"sim", sy_sim_query}};

typedef struct rig {
    sy_config config;
    sy_target_places places;
    sy_targets targets;
    sy_data_block *block;
    sy_visit_shared shared;
} rig;

/** Configure with these options (NULL at the end), in process, and open `device`. No energy unless asked for.
 */
static inline void rig_open(rig *r, const char *device, const char *const *options) {
    char *arguments[24] = {(char *)(uintptr_t) "steelyard", (char *)(uintptr_t) "run",
        (char *)(uintptr_t) "x", (char *)(uintptr_t) "--isolation", (char *)(uintptr_t) "none",
        (char *)(uintptr_t) "--device", (char *)(uintptr_t)device};
    int count = 7;
    sy_error error = SY_ERROR_INIT;
    bool has_wish = false;
    memset(r, 0, sizeof *r);
    for (size_t i = 0; options != NULL && options[i] != NULL; i++)
        has_wish = has_wish || strcmp(options[i], "--energy") == 0;
    if (!has_wish) {
        arguments[count++] = (char *)(uintptr_t) "--energy";
        arguments[count++] = (char *)(uintptr_t) "off";
    }
    for (; options != NULL && *options != NULL; options++)
        arguments[count++] = (char *)(uintptr_t)*options;
    if (sy_cli_parse(count, arguments, NULL, &r->config, &error) != SY_OK)
        fail_msg("%s", error.text);
    r->places =
        (sy_target_places){.config = &r->config, .builtins = rig_builtins, .builtin_count = 1, .wake_fd = -1};
    if (sy_targets_open(&r->places, &r->targets, &error) != SY_OK)
        fail_msg("%s", error.text);
    assert_int_equal(sy_data_block_create(r->config.data, r->config.seed, &r->block, NULL), SY_OK);
    r->shared = (sy_visit_shared){&r->places, &r->config, r->block, NULL};
}

static inline void rig_close(rig *r) {
    sy_data_block_destroy(r->block);
    sy_targets_release(&r->targets);
    sy_config_release(&r->config);
}

#endif
