/* Precedence: option, environment, file, default; and the file's own mistakes. */
#include "bench/cli/cli.h"
#include "bench/cli/sources.h"
#include "runtime/base/seam.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char home[64], path[200], home_entry[80];

static int set_up(void **state) {
    (void)state;
    char folder[160];
    strcpy(home, "/tmp/steelyard-cli-XXXXXX");
    if (mkdtemp(home) == NULL) {
        return -1;
    }
    snprintf(folder, sizeof folder, "%s/.config", home);
    mkdir(folder, 0700);
    snprintf(folder, sizeof folder, "%s/.config/steelyard", home);
    mkdir(folder, 0700);
    snprintf(path, sizeof path, "%s/config", folder);
    snprintf(home_entry, sizeof home_entry, "HOME=%s", home);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    char folder[160];
    remove(path);
    snprintf(folder, sizeof folder, "%s/.config/steelyard", home);
    rmdir(folder);
    snprintf(folder, sizeof folder, "%s/.config", home);
    rmdir(folder);
    return rmdir(home);
}

static void write_config(const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* `run x --threads 2` (or `verb`) with two variables beside HOME. */
static sy_status parse(
    const char *verb, const char *first, const char *second, sy_config *config, sy_error *err) {
    char *argv[] = {"steelyard", (char *)(uintptr_t)verb, "x", "--threads", "2", NULL};
    char *environment[] = {home_entry, (char *)(uintptr_t)first, (char *)(uintptr_t)second, NULL};
    bool is_run = strcmp(verb, "run") == 0;
    return sy_cli_parse(is_run ? 5 : 2, argv, environment, config, err);
}

static uint32_t source_of(const sy_config *config, const char *name) {
    size_t count;
    return config->from[sy_option_find(name, strlen(name)) - sy_option_table(&count)];
}

static void stronger_sources_win(void **state) {
    (void)state;
    sy_config config;
    write_config(
        "# mine\n\nthreads = 7\nrounds=5\n  precision =  2%  \r\ndevice = cpu,opencl:0\nverbose=1\n");
    assert_int_equal(parse("run", "STEELYARD_THREADS=9", "STEELYARD_ROUNDS=6", &config, NULL), SY_OK);
    assert_int_equal(config.threads, 2);
    assert_int_equal(config.rounds, 6);
    assert_true(config.precision == 0.02);
    assert_int_equal(config.device.count, 2);
    assert_int_equal(config.seed, 1);
    assert_int_equal(config.verbose, 1);
    assert_int_equal(source_of(&config, "threads"), SY_FROM_OPTION);
    assert_int_equal(source_of(&config, "rounds"), SY_FROM_ENVIRONMENT);
    assert_int_equal(source_of(&config, "precision"), SY_FROM_FILE);
    assert_int_equal(source_of(&config, "device"), SY_FROM_FILE);
    assert_int_equal(source_of(&config, "seed"), SY_FROM_DEFAULT);
    sy_config_release(&config);
}

static void lists_are_not_joined_across_sources(void **state) {
    (void)state;
    sy_config config;
    write_config("device = cpu\ndevice = opencl:0\n");
    assert_int_equal(parse("run", "A=1", "STEELYARD_DEVICE=sim:0", &config, NULL), SY_OK);
    assert_int_equal(config.device.count, 1);
    assert_string_equal(config.device.word[0], "sim:0");
    sy_config_release(&config);
    assert_int_equal(parse("run", "A=1", "STEELYARD_DEVICE=", &config, NULL), SY_OK);
    assert_int_equal(config.device.count, 2);
    sy_config_release(&config);
}

static void twins_of_other_verbs_are_not_used(void **state) {
    (void)state;
    sy_config config;
    sy_error err = SY_ERROR_INIT;
    write_config("seed = 4\n");
    assert_int_equal(parse("devices", "STEELYARD_ROUNDS=bad", "STEELYARD_DEVICE=cpu", &config, &err), SY_OK);
    assert_string_equal(config.device.word[0], "cpu");
    assert_int_equal(config.seed, 1);
    assert_int_equal(source_of(&config, "seed"), SY_FROM_DEFAULT);
    sy_config_release(&config);
    assert_int_equal(parse("run", "STEELYARD_ROUNDS=bad", "A=", &config, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "STEELYARD_ROUNDS is 'bad', wanted is a whole number from 1 to 1000");
}

static void refused(const char *text, const char *wanted) {
    sy_config config;
    sy_error err = SY_ERROR_INIT;
    char whole[600];
    write_config(text);
    assert_int_equal(parse("devices", "A=", "B=", &config, &err), SY_INVALID_ARGUMENT);
    snprintf(whole, sizeof whole, "%s, %s", path, wanted);
    assert_string_equal(err.text, whole);
}

static void mistakes_in_the_file_have_a_line(void **state) {
    (void)state;
    refused("\n# x\nrouns = 3\n", "line 3: unknown option 'rouns' (did you mean 'rounds'?)");
    refused("rounds = 3\nxyzzy = 3\n", "line 2: unknown option 'xyzzy'");
    refused("rounds\n", "line 1: 'rounds', wanted is: name = value");
    refused("rounds = 0\n", "line 1: rounds is '0', wanted is a whole number from 1 to 1000");
    refused("rounds =\n", "line 1: rounds is '', wanted is a whole number from 1 to 1000");
    refused("help = yes\n", "line 1: unknown option 'help'");
    refused("\x1b[31m = 1\n", "line 1: unknown option '?[31m'");
    refused("= 1\n", "line 1: unknown option ''");
    refused("--rounds = 1\n", "line 1: unknown option '--rounds' (did you mean 'rounds'?)");
}

static void hostile_lines_are_refused(void **state) {
    (void)state;
    sy_config config = {.verb = SY_VERB_RUN};
    sy_error err = SY_ERROR_INIT;
    char text[6000];
    assert_int_equal(sy_source_lines(&config, "filter = a\0b", 12, "f", &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "f, line 1: filter: value too long, or with a NUL");
    memset(text, 'x', sizeof text);
    memcpy(text, "filter=", 7);
    assert_int_equal(sy_source_lines(&config, text, sizeof text, "f", &err), SY_INVALID_ARGUMENT);
    memset(text, 'x', sizeof text);
    text[5990] = '=';
    assert_int_equal(sy_source_lines(&config, text, sizeof text, "f", &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "unknown option 'xxx"));
    assert_int_equal(sy_source_lines(&config, "", 0, "f", &err), SY_OK);
    assert_int_equal(sy_source_lines(&config, "rounds=4", 8, "f", &err), SY_OK);
    assert_int_equal(config.rounds, 4);
    sy_config_release(&config);
}

static void the_folder_is_the_standard_one(void **state) {
    (void)state;
    sy_config config;
    char entry[160];
    write_config("rounds = 8\n");
    snprintf(entry, sizeof entry, "XDG_CONFIG_HOME=%s/.config", home);
    assert_int_equal(parse("run", entry, "B=", &config, NULL), SY_OK);
    assert_int_equal(config.rounds, 8);
    sy_config_release(&config);
    assert_int_equal(parse("run", "XDG_CONFIG_HOME=relative", "B=", &config, NULL), SY_OK);
    assert_int_equal(config.rounds, 8);
    sy_config_release(&config);
    assert_int_equal(parse("run", "XDG_CONFIG_HOME=/nowhere", "B=", &config, NULL), SY_OK);
    assert_int_equal(config.rounds, 3);
    sy_config_release(&config);
}

static void unreadable_files_are_an_error(void **state) {
    (void)state;
    sy_config config;
    sy_error err = SY_ERROR_INIT;
    write_config("rounds = 8\n");
    for (uint64_t k = 1; k <= 2; k++) {
        sy_seam_arm(SY_SEAM_FILE, k);
        assert_int_equal(parse("run", "A=", "B=", &config, &err), SY_IO);
        sy_seam_disarm();
        assert_non_null(strstr(err.text, path));
    }
    char *argv[] = {"steelyard", "--version", NULL}, *environment[] = {home_entry, NULL};
    write_config("broken\n");
    assert_int_equal(sy_cli_parse(2, argv, environment, &config, NULL), SY_OK);
    sy_config_release(&config);
}

/* Settings as "name=value(source) ". */
static bool collect(void *ctx, const char *name, const char *value, uint32_t from) {
    char *all = ctx;
    snprintf(all + strlen(all), 4096 - strlen(all), "%s=%s(%u) ", name, value, from);
    return strcmp(name, "output") != 0;
}

static void settings_are_walked(void **state) {
    (void)state;
    char all[4096] = "";
    sy_config config;
    char *argv[] = {"steelyard", "peak", "-d", "cpu,sim:0?a=1,b=2", "-vv", "-o", "x", NULL};
    char *environment[] = {"STEELYARD_THREADS=4", NULL};
    assert_int_equal(sy_cli_parse(7, argv, environment, &config, NULL), SY_OK);
    assert_int_equal(sy_config_walk(&config, collect, all, NULL), SY_OK);
    assert_string_equal(all, "device=cpu,sim:0?a=1,b=2(3) dtype=(0) threads=4(2) isolation=process(0) "
                             "trust-plugin=(0) output=x(3) ");
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_config_walk(&config, collect, all, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    sy_config_release(&config);
}

/* Writing what a walk gives into the file gives the same settings again. */
static bool write_line(void *ctx, const char *name, const char *value, uint32_t from) {
    (void)from;
    char *all = ctx;
    if (*value != '\0') {
        snprintf(all + strlen(all), 4096 - strlen(all), "%s = %s\n", name, value);
    }
    return true;
}

static void settings_read_back(void **state) {
    (void)state;
    char first[4096] = "", second[4096] = "";
    char *argv[] = {"steelyard", "run", "x", "--budget", "90m", "--precision=2.5%", "-d", "cpu,sim:0?a=1,b=2",
        "--strict", "--math", "any", "-f", "a|b", "--batch", "8", NULL};
    char *environment[] = {home_entry, NULL};
    sy_config config;
    assert_int_equal(sy_cli_parse(15, argv, environment, &config, NULL), SY_OK);
    assert_int_equal(sy_config_walk(&config, write_line, first, NULL), SY_OK);
    sy_config_release(&config);
    write_config(first);
    assert_int_equal(sy_cli_parse(3, argv, environment, &config, NULL), SY_OK);
    assert_int_equal(sy_config_walk(&config, write_line, second, NULL), SY_OK);
    assert_string_equal(first, second);
    assert_int_equal(config.budget_ns, UINT64_C(5400000000000));
    assert_true(config.strict);
    sy_config_release(&config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stronger_sources_win, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_are_not_joined_across_sources, set_up, tear_down),
        cmocka_unit_test_setup_teardown(twins_of_other_verbs_are_not_used, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_in_the_file_have_a_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hostile_lines_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_folder_is_the_standard_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unreadable_files_are_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(settings_are_walked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(settings_read_back, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
