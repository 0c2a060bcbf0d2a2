/* Version negotiation and the checks of a backend's table, on tables bent one way each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/registry/table.h"
#include "tests/plugins/host.h"

/* A good set of tables that a case may bend. */
typedef struct table_set {
    sy_backend_api api;
    sy_device_api device;
    sy_memory_api memory;
    sy_queue_api queue;
    sy_work_api work;
    sy_sensor_api sensor;
} table_set;

static void fill(table_set *set) {
    set->device = host_device;
    set->memory = host_memory;
    set->queue = host_queue;
    set->work = host_work;
    set->sensor = (sy_sensor_api){.size = sizeof set->sensor};
    set->api = (sy_backend_api){.size = sizeof set->api,
        .abi_major = SY_ABI_MAJOR,
        .abi_minor = SY_ABI_MINOR,
        .name = "bent",
        .version = "1",
        .create = host_create,
        .destroy = host_destroy,
        .device = &set->device,
        .memory = &set->memory,
        .queue = &set->queue,
        .work = &set->work};
}

static void good_table_is_copied(void **state) {
    table_set set;
    sy_table table;
    (void)state;
    fill(&set);
    assert_int_equal(sy_table_take(&set.api, &table, NULL), SY_OK);
    assert_ptr_equal(table.api.work, &table.work);
    assert_ptr_equal(table.work.run, host_work.run);
    assert_null(table.api.model);
    assert_null(table.api.sensor);
    assert_string_equal(table.api.name, "bent");
}

static void refused(const table_set *set, sy_status expected, const char *words) {
    sy_table table;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_table_take(&set->api, &table, &err), expected);
    if (strstr(err.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
    assert_null(table.api.name);
}

static void major_must_agree(void **state) {
    table_set set;
    (void)state;
    fill(&set);
    set.api.abi_major = SY_ABI_MAJOR + 1;
    refused(&set, SY_INCOMPATIBLE, "ABI 2.");
    set.api.abi_major = 0;
    refused(&set, SY_INCOMPATIBLE, "ABI 0.");
}

static void sizes_must_be_possible(void **state) {
    table_set set;
    (void)state;
    static const uint32_t sizes[] = {0, 4, 8, 15, 32, offsetof(sy_backend_api, work), UINT32_MAX, 1u << 20,
        sizeof(sy_backend_api) - 4, sizeof(sy_backend_api) + 8};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        fill(&set);
        set.api.size = sizes[i];
        refused(&set, SY_INCOMPATIBLE, "table backend");
    }
    fill(&set);
    set.work.size = offsetof(sy_work_api, run);
    refused(&set, SY_INCOMPATIBLE, "table work");
    fill(&set);
    set.queue.size = sizeof set.queue + 8;
    refused(&set, SY_INCOMPATIBLE, "table queue");
}

static void slots_beyond_the_size_are_absent(void **state) {
    table_set set;
    sy_table table;
    (void)state;
    fill(&set);
    set.queue.size = offsetof(sy_queue_api, event_create);
    memset(&set.queue.event_create, 0x5a, sizeof set.queue - offsetof(sy_queue_api, event_create));
    set.api.size = offsetof(sy_backend_api, model);
    memset(&set.api.model, 0x5a, sizeof set.api - offsetof(sy_backend_api, model));
    set.work.size = offsetof(sy_work_api, plan_compile);
    memset(&set.work.plan_compile, 0x5a, sizeof set.work.plan_compile);
    assert_int_equal(sy_table_take(&set.api, &table, NULL), SY_OK);
    assert_null(table.queue.event_create);
    assert_null(table.queue.timer_destroy);
    assert_null(table.work.plan_compile);
    assert_null(table.api.model);
    assert_null(table.api.sensor);
    assert_int_equal(table.queue.size, sizeof table.queue);
    assert_int_equal(table.api.size, sizeof table.api);
}

static void newer_minor_may_be_longer(void **state) {
    struct {
        table_set set;
        void (*appended)(void);
    } newer;
    sy_table table;
    (void)state;
    fill(&newer.set);
    newer.set.api.abi_minor = SY_ABI_MINOR + 1;
    newer.set.sensor.size = 0;
    newer.set.api.size = sizeof newer.set.api + 16;
    assert_int_equal(sy_table_take(&newer.set.api, &table, NULL), SY_OK);
    assert_int_equal(table.api.size, sizeof table.api);
}

static void every_missing_hook_is_named(void **state) {
    table_set set;
    sy_table table;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    fill(&set);
    set.queue.sync = NULL;
    set.work.run = NULL;
    set.api.destroy = NULL;
    set.api.memory = NULL;
    assert_int_equal(sy_table_take(&set.api, &table, &err), SY_INCOMPATIBLE);
    assert_string_equal(err.text, "missing hooks: destroy, memory, queue.sync, work.run");
}

static sy_status event_create(sy_device *device, sy_event **out_event, sy_error *err) {
    (void)device, (void)out_event, (void)err;
    return SY_UNSUPPORTED;
}

static void optional_groups_are_whole(void **state) {
    table_set set;
    (void)state;
    fill(&set);
    set.queue.event_create = event_create;
    refused(&set, SY_INCOMPATIBLE,
        "queue.event_record, queue.event_wait, queue.event_query, queue.event_destroy");
    fill(&set);
    set.api.sensor = &set.sensor;
    refused(&set, SY_INCOMPATIBLE, "sensor.describe, sensor.read");
}

static void names_are_checked(void **state) {
    static const char *const bad[] = {
        "", "Cpu", "1cpu", "a b", "cpu:0", "a-b", "_x", "a2345678901234567890123456789012", "\xc3\xa4", NULL};
    table_set set;
    sy_table table;
    (void)state;
    for (size_t i = 0; bad[i] != NULL; i++) {
        fill(&set);
        set.api.name = bad[i];
        refused(&set, SY_INCOMPATIBLE, "bad backend name");
    }
    fill(&set);
    set.api.name = NULL;
    refused(&set, SY_INCOMPATIBLE, "bad backend name");
    set.api.name = "a234567890123456789012345678901";
    assert_int_equal(sy_table_take(&set.api, &table, NULL), SY_OK);
    set.api.version = NULL;
    refused(&set, SY_INCOMPATIBLE, "no version text");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_table_is_copied),
        cmocka_unit_test(major_must_agree),
        cmocka_unit_test(sizes_must_be_possible),
        cmocka_unit_test(slots_beyond_the_size_are_absent),
        cmocka_unit_test(newer_minor_may_be_longer),
        cmocka_unit_test(every_missing_hook_is_named),
        cmocka_unit_test(optional_groups_are_whole),
        cmocka_unit_test(names_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
