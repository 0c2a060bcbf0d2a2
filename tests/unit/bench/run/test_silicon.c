/* One piece of silicon behind several backends: what is the same, what `all` takes, one lock for one command.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "bench/cli/cli.h"
#include "bench/run/silicon.h"
#include "tests/plugins/host.h"

static sy_target target_of(const char *backend, uint32_t index, const char *uuid, uint32_t flags) {
    sy_target target = {.parsed.index = index, .info.flags = flags, .lock_fd = -1};
    snprintf(target.parsed.backend, sizeof target.parsed.backend, "%s", backend);
    snprintf(target.id, sizeof target.id, "%s:%u", backend, index);
    snprintf(target.info.uuid, sizeof target.info.uuid, "%s", uuid);
    if (uuid[0] != '\0')
        snprintf(target.physical_id, sizeof target.physical_id, "uuid:%s", uuid);
    target.simulated = (flags & SY_DEVICE_SIMULATED) != 0;
    return target;
}

static bool have_one_lock(const sy_target *a, const sy_target *b) {
    char one[SY_SILICON_IDENTITY_MAX], other[SY_SILICON_IDENTITY_MAX];
    sy_silicon_identity(a, one);
    sy_silicon_identity(b, other);
    return strcmp(one, other) == 0;
}

static void there_is_one_host_processor(void **state) {
    (void)state;
    sy_target cpu = target_of("cpu", 0, "cpu-1", SY_DEVICE_HOST_PROCESSOR);
    sy_target first = target_of("any", 0, "", SY_DEVICE_HOST_PROCESSOR);
    sy_target second = target_of("any", 1, "x", SY_DEVICE_HOST_PROCESSOR);
    sy_target card = target_of("any", 2, "", 0);
    assert_true(sy_silicon_is_same(&cpu, &first) && have_one_lock(&cpu, &first));
    assert_true(sy_silicon_is_same(&first, &second) && have_one_lock(&first, &second));
    assert_false(sy_silicon_is_one_device(&cpu, &first) || sy_silicon_is_one_device(&first, &second));
    assert_false(sy_silicon_is_same(&cpu, &card) || have_one_lock(&cpu, &card));
}

static void cards_are_told_by_uuid_and_address(void **state) {
    (void)state;
    sy_target a = target_of("made", 0, "GPU-ab", 0), b = target_of("any", 3, "gpu-AB", 0);
    sy_target c = target_of("other", 0, "", 0), d = target_of("any", 0, "", 0);
    assert_true(sy_silicon_is_same(&a, &b));
    assert_false(sy_silicon_is_same(&a, &c) || sy_silicon_is_same(&c, &d)); /* nothing known is not alike */
    snprintf(c.info.pci, sizeof c.info.pci, "0000:0A:00.0");
    snprintf(d.info.pci, sizeof d.info.pci, "0000:0a:00.0");
    assert_true(sy_silicon_is_same(&c, &d));
    assert_false(sy_silicon_is_same(&a, &c));
}

static void parameters_make_no_other_device(void **state) {
    (void)state;
    sy_target a = target_of("made", 0, "", 0), b = target_of("made", 0, "", 0);
    snprintf(b.id, sizeof b.id, "made:0?fast=1");
    assert_true(sy_silicon_is_one_device(&a, &b) && have_one_lock(&a, &b));
    snprintf(b.plugin_path, sizeof b.plugin_path, "/other.so");
    assert_false(sy_silicon_is_one_device(&a, &b) || have_one_lock(&a, &b));
}

static void simulated_ones_are_as_many_as_asked_for(void **state) {
    (void)state;
    sy_target a = target_of("sim", 0, "s", SY_DEVICE_SIMULATED);
    sy_target b = target_of("sim", 0, "s", SY_DEVICE_SIMULATED), real = target_of("made", 0, "s", 0);
    assert_true(sy_silicon_is_same(&a, &b) && have_one_lock(&a, &b));
    snprintf(b.id, sizeof b.id, "sim:0?seed=2");
    assert_false(sy_silicon_is_same(&a, &b) || have_one_lock(&a, &b));
    assert_false(sy_silicon_is_same(&a, &real) || sy_silicon_is_same(&real, &a));
}

static void general_interfaces_come_last(void **state) {
    (void)state;
    const uint32_t general = SY_DEVICE_GENERAL, processor = SY_DEVICE_HOST_PROCESSOR;
    sy_target list[] = {target_of("any", 0, "", general | processor), target_of("any", 1, "u", general),
        target_of("cpu", 0, "c", processor), target_of("broken", 0, "", 0),
        target_of("sim", 0, "s", SY_DEVICE_SIMULATED), target_of("made", 0, "u", 0),
        target_of("any", 2, "w", general)};
    static const char *const order[] = {"cpu:0", "broken:0", "sim:0", "made:0", "any:0", "any:1", "any:2"};
    static const char *const left_out[] = {"", "", "simulated", "",
        "the host's processor is measured as cpu:0", "the same device is measured as made:0", ""};
    sy_targets targets = {.target = list, .count = sizeof list / sizeof list[0]};
    char reason[128];
    list[3].status = SY_UNAVAILABLE;
    sy_silicon_sort(&targets);
    for (size_t i = 0; i < targets.count; i++) {
        assert_string_equal(list[i].id, order[i]);
        assert_true(sy_silicon_left_out(&targets, i, reason, sizeof reason) == (left_out[i][0] != '\0'));
        assert_string_equal(reason, left_out[i]);
    }
    list[0].status = SY_UNAVAILABLE; /* what does not work replaces nobody */
    assert_false(sy_silicon_left_out(&targets, 4, reason, sizeof reason));
}

/* Two backends of one table each, in this process: `any` drives two devices, `made` the first of them. */
static char uuid[2][48];
static bool is_made_broken;

static void describe_device(bool is_general, uint32_t index, sy_device_info *out_info) {
    host_device.describe(NULL, 0, out_info, NULL);
    out_info->flags = is_general ? SY_DEVICE_GENERAL : 0;
    memcpy(out_info->uuid, uuid[index], sizeof out_info->uuid);
}

static sy_status count_any(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    (void)backend, (void)err;
    *out_count = 2;
    return SY_OK;
}

static sy_status describe_any(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    (void)backend, (void)err;
    describe_device(true, index, out_info);
    return SY_OK;
}

static sy_status describe_made(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err) {
    (void)backend, (void)err;
    describe_device(false, index, out_info);
    return SY_OK;
}

static uint32_t opened_any; /* the last one: what is opened is asked at once */

static sy_status open_any(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    opened_any = index;
    return host_device.open(backend, 0, params, out_device, err);
}

static sy_status open_made(
    sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err) {
    *out_device = NULL;
    return is_made_broken ? host_fail(err, SY_UNAVAILABLE, "it is broken")
                          : host_device.open(backend, index, params, out_device, err);
}

static sy_status info_any(sy_device *device, sy_device_info *out_info, sy_error *err) {
    (void)device, (void)err;
    describe_device(true, opened_any, out_info);
    return SY_OK;
}

static sy_status info_made(sy_device *device, sy_device_info *out_info, sy_error *err) {
    (void)device, (void)err;
    describe_device(false, 0, out_info);
    return SY_OK;
}

static sy_device_api any_device, made_device;
static sy_backend_api any_api, made_api;

static const sy_backend_api *query_any(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_major, (void)host_minor, (void)err;
    return &any_api;
}

static const sy_backend_api *query_made(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_major, (void)host_minor, (void)err;
    return &made_api;
}

static const sy_builtin builtins[] = {{"any", query_any}, {"made", query_made}};

static int make_backends(void **state) {
    (void)state;
    any_device = made_device = host_device;
    any_device.count = count_any;
    any_device.describe = describe_any;
    any_device.open = open_any;
    any_device.info = info_any;
    made_device.describe = describe_made;
    made_device.open = open_made;
    made_device.info = info_made;
    made_api = (sy_backend_api){.size = sizeof made_api,
        .abi_major = SY_ABI_MAJOR,
        .abi_minor = SY_ABI_MINOR,
        .name = "made",
        .version = "1",
        .create = host_create,
        .destroy = host_destroy,
        .device = &made_device,
        .memory = &host_memory,
        .queue = &host_queue,
        .work = &host_work};
    any_api = made_api;
    any_api.name = "any";
    any_api.device = &any_device;
    for (int i = 0; i < 2; i++)
        snprintf(uuid[i], sizeof uuid[i], "silicon-%d-%d", (int)getpid(), i); /* locks are of the machine */
    is_made_broken = false;
    return 0;
}

/* Open what a user asks for; its ids in order as "made:0 any:1", those that do not open in brackets. */
static sy_status open_as(const char *device, sy_targets *out_targets, char out_ids[128], sy_error *err) {
    char *arguments[] = {(char *)(uintptr_t) "steelyard", (char *)(uintptr_t) "run", (char *)(uintptr_t) "x",
        (char *)(uintptr_t) "--isolation", (char *)(uintptr_t) "none", (char *)(uintptr_t) "--device",
        (char *)(uintptr_t)device};
    sy_config config;
    size_t used = 0;
    assert_int_equal(sy_cli_parse(7, arguments, NULL, &config, NULL), SY_OK);
    sy_target_places places = {
        .config = &config, .builtins = builtins, .builtin_count = 2, .environment = NULL, .wake_fd = -1};
    sy_status status = sy_targets_open(&places, out_targets, err);
    out_ids[0] = '\0';
    for (size_t i = 0; i < out_targets->count; i++) {
        const sy_target *target = &out_targets->target[i];
        used += (size_t)snprintf(out_ids + used, 128 - used, target->status == SY_OK ? "%s%s" : "%s[%s]",
            i > 0 ? " " : "", target->id);
    }
    sy_config_release(&config);
    return status;
}

static size_t count_locks(const sy_targets *targets) {
    size_t count = 0;
    for (size_t i = 0; i < targets->count; i++)
        count += targets->target[i].lock_fd >= 0 ? 1 : 0;
    return count;
}

static void all_takes_each_once_by_its_own_backend(void **state) {
    (void)state;
    sy_targets targets;
    char ids[128];
    assert_int_equal(open_as("all", &targets, ids, NULL), SY_OK);
    assert_string_equal(ids, "made:0 any:1");
    assert_int_equal(count_locks(&targets), 2);
    sy_targets_release(&targets);
    is_made_broken = true;
    assert_int_equal(open_as("all", &targets, ids, NULL), SY_OK);
    assert_string_equal(ids, "[made:0] any:0 any:1");
    sy_targets_release(&targets);
}

static void by_name_both_run_under_one_lock(void **state) {
    (void)state;
    static const char *const orders[] = {"made,any:0", "any:0,made:0"};
    sy_targets targets, others;
    char ids[128];
    for (size_t i = 0; i < 2; i++) {
        sy_error error = SY_ERROR_INIT;
        assert_int_equal(open_as(orders[i], &targets, ids, NULL), SY_OK);
        assert_int_equal(targets.count, 2);
        assert_int_equal(count_locks(&targets), 1);
        /* Another command: not by the one backend, nor by the other. */
        assert_int_equal(open_as("any:0", &others, ids, &error), SY_UNAVAILABLE);
        assert_non_null(strstr(error.text, "another program measures on this device"));
        assert_int_equal(open_as("made", &others, ids, &error), SY_UNAVAILABLE);
        assert_int_equal(open_as("any:1", &others, ids, &error), SY_OK);
        sy_targets_release(&others);
        sy_targets_release(&targets);
        assert_int_equal(open_as("made", &targets, ids, NULL), SY_OK);
        sy_targets_release(&targets);
    }
}

static void the_same_device_twice_is_a_mistake(void **state) {
    (void)state;
    sy_targets targets;
    sy_error error = SY_ERROR_INIT;
    char ids[128];
    assert_int_equal(open_as("any:0,made,any:0", &targets, ids, &error), SY_INVALID_ARGUMENT);
    assert_string_equal(error.text, "device any:0: the same device as any:0, given before");
    assert_int_equal(open_as("made", &targets, ids, NULL), SY_OK); /* nothing stays locked */
    sy_targets_release(&targets);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_is_one_host_processor),
        cmocka_unit_test(cards_are_told_by_uuid_and_address),
        cmocka_unit_test(parameters_make_no_other_device),
        cmocka_unit_test(simulated_ones_are_as_many_as_asked_for),
        cmocka_unit_test(general_interfaces_come_last),
        cmocka_unit_test_setup(all_takes_each_once_by_its_own_backend, make_backends),
        cmocka_unit_test_setup(by_name_both_run_under_one_lock, make_backends),
        cmocka_unit_test_setup(the_same_device_twice_is_a_mistake, make_backends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
