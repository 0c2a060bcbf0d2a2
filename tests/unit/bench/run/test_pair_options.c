/* What --pair means beside the other options. */
#include "tests/unit/bench/run/rig.h"

#include "bench/run/pair.h"
#include "runtime/base/error.h"

static sy_status apply(const char *const *options, sy_config *config, sy_error *err) {
    char *arguments[16] = {
        (char *)(uintptr_t) "steelyard", (char *)(uintptr_t) "run", (char *)(uintptr_t) "x"};
    int count = 3;
    for (; *options != NULL; options++)
        arguments[count++] = (char *)(uintptr_t)*options;
    assert_int_equal(sy_cli_parse(count, arguments, NULL, config, err), SY_OK);
    sy_config applied = *config;
    sy_status status = sy_pair_apply(&applied, rig_builtins, 1, err);
    if (status == SY_OK && applied.pair.count == 2) {
        bool is_device = applied.device.word == config->pair.word;
        assert_true(is_device != (applied.algorithm.word == config->pair.word));
        config->verb = is_device; /* for the caller */
        config->rounds = applied.rounds;
    }
    return status;
}

static void options_say_what_a_side_is(void **state) {
    (void)state;
    static const struct {
        const char *option[8];
        bool is_device;
        uint64_t rounds;
    } rows[] = {{{"--pair", "native,onednn"}, false, 8}, {{"--pair", "native,onednn", "-d", "cpu"}, false, 8},
        {{"--pair", "tiles/m64,tiles/m32", "-r", "2"}, false, 2}, {{"--pair", "sim,other:0"}, true, 8},
        {{"--pair", "other,sim"}, true, 8}, {{"--pair", "sim:0?bw=1T,jitter=0,sim:1"}, true, 8},
        {{"--pair", "x@/a.so:0,x@/b.so:0", "-a", "tiles", "--rounds", "6"}, true, 6}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_config config;
        sy_error error = SY_ERROR_INIT;
        if (apply(rows[i].option, &config, &error) != SY_OK)
            fail_msg("%s: %s", rows[i].option[1], error.text);
        assert_int_equal(config.verb, rows[i].is_device);
        assert_int_equal(config.rounds, rows[i].rounds);
        sy_config_release(&config);
    }
}

static void contradictions_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *option[8], *says;
    } rows[] = {{{"--pair", "native"}, "takes two"}, {{"--pair", "a,b,c"}, "given: 3"},
        {{"--pair", "native,native"}, "both sides are native"}, {{"--pair", "native,all"}, "not 'all'"},
        {{"--pair", "native,onednn", "-a", "native"}, "leave out --algorithm"},
        {{"--pair", "sim:0,sim:1", "-d", "sim:0"}, "leave out --device"},
        {{"--pair", "sim:0,sim:1", "-a", "all"}, "one --algorithm"},
        {{"--pair", "sim:0,sim:1", "-a", "a,b"}, "one --algorithm"},
        {{"--pair", "native,onednn", "--rounds", "3"}, "in twos"},
        {{"--pair", "native,onednn", "--resume", "f"}, "--resume"},
        {{"--pair", "native,onednn", "--plan-for", "time:5%"}, "--plan-for"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_config config;
        sy_error error = SY_ERROR_INIT;
        assert_int_equal(apply(rows[i].option, &config, &error), SY_INVALID_ARGUMENT);
        if (strstr(error.text, rows[i].says) == NULL)
            fail_msg("%s", error.text);
        sy_config_release(&config);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_say_what_a_side_is), cmocka_unit_test(contradictions_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
