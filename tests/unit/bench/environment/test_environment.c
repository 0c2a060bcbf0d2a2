/* Facts from recorded trees, hostile ones too, and texts without names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/environment/anonymize.h"
#include "bench/environment/collect.h"
#include "runtime/base/seam.h"

#define TREE(name) "tests/fixtures/sysroot-environment-" name

static sy_environment_box *collect(const char *root) {
    sy_environment_box *box = NULL;
    const char *const argv[] = {"steelyard", "run"};
    sy_environment_request request = {.sysroot = root, .argc = 2, .argv = argv};
    assert_int_equal(sy_environment_collect(&request, &box, NULL), SY_OK);
    return box;
}

static void facts_of_a_server(void **state) {
    (void)state;
    sy_environment_box *box = collect(TREE("metal"));
    const sy_environment *e = sy_environment_of(box);
    assert_string_equal(e->host.name, "lab-07");
    assert_string_equal(e->host.os, "Debian GNU/Linux 12 (bookworm)");
    assert_string_equal(e->host.kernel, "6.1.0-18-amd64");
    assert_string_equal(e->host.arch, "x86_64");
    assert_string_equal(e->host.virtualization, "none");
    assert_null(e->host.container);
    assert_string_equal(e->cpu.model, "AMD EPYC 9654 96-Core Processor");
    assert_string_equal(e->cpu.vendor, "AuthenticAMD");
    assert_string_equal(e->cpu.microcode, "0xa101144");
    assert_string_equal(e->cpu.governor, "performance");
    assert_string_equal(e->cpu.driver, "acpi-cpufreq");
    assert_string_equal(e->cpu.affinity, "0-2,6");
    assert_int_equal(e->cpu.affinity_count, 4);
    assert_int_equal(e->cpu.sockets, 2);
    assert_int_equal(e->cpu.cores, 4);
    assert_int_equal(e->cpu.threads, 8);
    assert_int_equal(e->cpu.numa_nodes, 2);
    assert_int_equal(e->cpu.smt, SY_TRI_YES);
    assert_int_equal(e->cpu.boost, SY_TRI_YES);
    assert_true(e->cpu.min_mhz == 1500 && e->cpu.max_mhz == 3707.812);
    assert_true(e->cpu.load_1 == 0.25 && e->cpu.load_5 == 1.5 && e->cpu.load_15 == 2);
    assert_true(e->cpu.quota_cpus == 1.5);
    assert_int_equal(e->cpu.caches.count, 2);
    assert_int_equal(e->cpu.caches.item[1].byte, UINT64_C(384) << 20);
    assert_int_equal(e->cpu.caches.item[1].shared_by, 4);
    assert_string_equal(e->cpu.caches.item[0].kind, "data");
    assert_int_equal(e->memory.total_byte, UINT64_C(24684084) * 1024);
    assert_int_equal(e->memory.swap_byte, 0);
    assert_int_equal(e->memory.limit_byte, UINT64_C(8) << 30);
    assert_string_equal(e->memory.huge_pages, "madvise");
    assert_string_equal(e->clock.source, "tsc");
    assert_true(isnan(e->clock.overhead_ns));
    assert_string_equal(e->command.item[1], "run");
    assert_int_equal(e->anonymized, SY_TRI_NO);
    sy_environment_destroy(box);
}

static void facts_of_a_container_and_damaged_files(void **state) {
    (void)state;
    sy_environment_box *box = collect(TREE("container"));
    const sy_environment *e = sy_environment_of(box);
    assert_string_equal(e->host.virtualization, "yes");
    assert_string_equal(e->host.container, "docker");
    assert_null(e->host.arch);
    assert_string_equal(e->cpu.governor, "mixed");
    assert_int_equal(e->cpu.boost, SY_TRI_NO);
    assert_int_equal(e->cpu.smt, SY_TRI_UNKNOWN);
    assert_null(e->cpu.affinity);
    assert_true(e->cpu.affinity_count == SY_NO_COUNT && e->cpu.cores == SY_NO_COUNT);
    assert_true(e->cpu.load_1 == 0.1 && isnan(e->cpu.load_5) && isnan(e->cpu.load_15));
    assert_true(e->cpu.quota_cpus == 0.5);
    assert_int_equal(e->cpu.caches.count, 1);
    assert_true(e->cpu.caches.item[0].byte == SY_NO_COUNT && e->cpu.caches.item[0].kind == NULL);
    assert_true(e->memory.total_byte == SY_NO_COUNT && e->memory.available_byte == SY_NO_COUNT);
    assert_int_equal(e->memory.swap_byte, 1 << 20);
    assert_int_equal(e->memory.limit_byte, 1 << 30);
    sy_environment_destroy(box);
}

static void facts_of_an_arm_board(void **state) {
    (void)state;
    sy_environment_box *box = collect(TREE("arm"));
    const sy_environment *e = sy_environment_of(box);
    assert_string_equal(e->cpu.model, "Kunpeng 920 board");
    assert_string_equal(e->cpu.vendor, "0x48");
    assert_string_equal(e->host.virtualization, "kvm");
    sy_environment_destroy(box);
}

static void count_field(void *ctx, const char *name, const sy_field *field, const void *value) {
    (void)field, (void)value;
    bool is_ours = strncmp(name, "build.", 6) == 0 || strcmp(name, "command") == 0 ||
                   strcmp(name, "anonymized") == 0 || strcmp(name, "masks") == 0;
    *(size_t *)ctx += !is_ours;
}

static void an_empty_root_has_no_facts(void **state) {
    (void)state;
    size_t facts = 0;
    sy_environment_box *box = collect(TREE("that-is-not-there"));
    sy_fields_walk(&sy_environment_fields, sy_environment_of(box), count_field, &facts);
    assert_int_equal(facts, 0);
    assert_string_equal(sy_environment_of(box)->build.version, "0.1.0");
    assert_true(strlen(sy_environment_of(box)->build.commit) >= 7);
    sy_environment_destroy(box);
}

static void the_real_machine_has_a_kernel(void **state) {
    (void)state;
    sy_environment_box *box = collect(NULL);
    const sy_environment *e = sy_environment_of(box);
    assert_non_null(e->host.kernel);
    assert_non_null(e->host.arch);
    assert_true(e->cpu.affinity_count >= 1 && e->cpu.affinity_count != SY_NO_COUNT);
    assert_true(e->memory.total_byte > 0);
    sy_environment_destroy(box);
}

static void settings_and_masks_are_kept(void **state) {
    (void)state;
    char value[] = "3";
    const sy_setting settings[] = {{.name = "rounds", .value = value, .from = "option"}, {.name = "filter"}};
    sy_environment_request request = {.sysroot = TREE("none"), .settings = settings, .n_settings = 2};
    sy_environment_box *box = NULL;
    setenv("ASCEND_RT_VISIBLE_DEVICES", "0,1", 1);
    assert_int_equal(sy_environment_collect(&request, &box, NULL), SY_OK);
    unsetenv("ASCEND_RT_VISIBLE_DEVICES");
    value[0] = '9';
    const sy_environment *e = sy_environment_of(box);
    assert_int_equal(e->settings.count, 2);
    assert_string_equal(e->settings.item[0].value, "3");
    assert_null(e->settings.item[1].value);
    bool found = false;
    for (size_t i = 0; i < e->masks.count; i++)
        found = found || (strcmp(e->masks.item[i].name, "ASCEND_RT_VISIBLE_DEVICES") == 0 &&
                             strcmp(e->masks.item[i].value, "0,1") == 0);
    assert_true(found);
    sy_environment_destroy(box);
}

static void an_anonymous_record_names_nobody(void **state) {
    (void)state;
    const char *const argv[] = {
        "/home/zoe/bin/steelyard", "-o", "/home/zoe/r.jsonl", "lab-07:/x", "/home/zoelle"};
    const sy_setting settings[] = {{.name = "output", .value = "/home/zoe"}};
    sy_environment_request request = {.sysroot = TREE("metal"),
        .argc = 5,
        .argv = argv,
        .anonymize = true,
        .settings = settings,
        .n_settings = 1};
    sy_environment_box *box = NULL;
    const char *home = getenv("HOME");
    char *before = home != NULL ? strdup(home) : NULL;
    setenv("HOME", "/home/zoe", 1);
    assert_int_equal(sy_environment_collect(&request, &box, NULL), SY_OK);
    const sy_environment *e = sy_environment_of(box);
    assert_null(e->host.name);
    assert_int_equal(e->anonymized, SY_TRI_YES);
    assert_string_equal(e->command.item[0], "~/bin/steelyard");
    assert_string_equal(e->command.item[2], "~/r.jsonl");
    assert_string_equal(e->command.item[3], "host:/x");
    assert_string_equal(e->command.item[4], "/home/zoelle");
    assert_string_equal(e->settings.item[0].value, "~");
    assert_string_equal(sy_environment_text(box, "x=/home/zoe/lib"), "x=~/lib");
    assert_null(sy_environment_text(box, NULL));
    sy_environment_destroy(box);
    if (before != NULL)
        setenv("HOME", before, 1);
    else
        unsetenv("HOME");
    free(before);
}

static void only_whole_words_are_left_out(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"vm", "host"},
        {"kvm vm vms vm-1 x/vm", "kvm host vms host-1 x/host"},
        {"bob bobby /home/bob/a /data/home/bob", "user bobby ~/a /data/home/user"},
        {"/home/bobs /home/bob-x /home/bob.old /home/bob", "/home/bobs /home/user-x /home/user.old ~"},
        {"", ""},
    };
    sy_arena arena = {0};
    const sy_names names = {.host = "vm", .user = "bob", .home = "/home/bob"};
    const sy_names none = {.host = "localhost", .user = "root", .home = "/"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(sy_names_leave_out(&names, &arena, rows[i][0]), rows[i][1]);
        assert_string_equal(sy_names_leave_out(&none, &arena, rows[i][0]), rows[i][0]);
    }
    assert_string_equal(sy_names_leave_out(&none, &arena, "root@localhost:/"), "root@localhost:/");
    sy_arena_release(&arena);
}

static void lists_of_cpus(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t count;
    } rows[] = {{"0", 1}, {"0-3", 4}, {"0-3,8", 5}, {"4095", 1}, {"0-4094", 4095}, {"", 0}, {"-1", 0},
        {"3-1", 0}, {"1,", 0}, {"1;2", 0}, {"a", 0}, {"0-99999999", 0}, {"0-18446744073709551615", 0},
        {"1-", 0}};
    uint32_t cpus[SY_CPULIST_MAX];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(sy_cpulist_parse(rows[i].text, cpus), rows[i].count);
    assert_int_equal(sy_cpulist_parse("7,9-10", cpus), 3);
    assert_true(cpus[0] == 7 && cpus[1] == 9 && cpus[2] == 10);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    const char *const argv[] = {"a", "b"};
    const sy_setting settings[] = {{.name = "rounds", .value = "3", .from = "option"}};
    sy_status status = SY_OUT_OF_MEMORY;
    uint64_t k = 0;
    bool is_last = false;
    while (!is_last && ++k < 5000) {
        sy_environment_request request = {.sysroot = TREE("metal"),
            .argc = 2,
            .argv = argv,
            .anonymize = k % 2 == 0,
            .settings = settings,
            .n_settings = 1};
        sy_environment_box *box = NULL;
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
        status = sy_environment_collect(&request, &box, NULL);
        is_last = sy_seam_disarm() < k;
        assert_true((status == SY_OK) == (box != NULL));
        sy_environment_destroy(box);
    }
    assert_true(is_last && k > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_of_a_server),
        cmocka_unit_test(facts_of_a_container_and_damaged_files),
        cmocka_unit_test(facts_of_an_arm_board),
        cmocka_unit_test(an_empty_root_has_no_facts),
        cmocka_unit_test(the_real_machine_has_a_kernel),
        cmocka_unit_test(settings_and_masks_are_kept),
        cmocka_unit_test(an_anonymous_record_names_nobody),
        cmocka_unit_test(only_whole_words_are_left_out),
        cmocka_unit_test(lists_of_cpus),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
