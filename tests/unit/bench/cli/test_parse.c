/* The command line: verbs, arguments, options in all their forms, and what is refused. */
#include "bench/cli/cli.h"
#include "runtime/base/seam.h"
#include "steelyard/spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MAX 32

/* Split at blanks and parse without environment. */
static sy_status parse(const char *line, sy_config *config, sy_error *err) {
    static char text[1024];
    char *argv[WORDS_MAX + 1] = {"steelyard"};
    int argc = 1;
    snprintf(text, sizeof text, "%s", line);
    for (char *word = strtok(text, " "); word != NULL && argc < WORDS_MAX; word = strtok(NULL, " ")) {
        argv[argc++] = word;
    }
    return sy_cli_parse(argc, argv, NULL, config, err);
}

static sy_config parsed(const char *line) {
    sy_config config;
    sy_error err = SY_ERROR_INIT;
    if (parse(line, &config, &err) != SY_OK) {
        fail_msg("%s: %s", line, err.text);
    }
    return config;
}

static void refused(const char *line, const char *wanted) {
    sy_config config, zero = {0};
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(parse(line, &config, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, wanted);
    assert_memory_equal(&config, &zero, sizeof zero);
    assert_int_equal(parse(line, &config, NULL), SY_INVALID_ARGUMENT);
}

static void defaults_are_those_of_the_table(void **state) {
    (void)state;
    sy_config config = parsed("run quick");
    assert_int_equal(config.action, SY_ACTION_VERB);
    assert_int_equal(config.verb, SY_VERB_RUN);
    assert_int_equal(config.what.count, 1);
    assert_string_equal(config.what.word[0], "quick");
    assert_int_equal(config.device.count, 1);
    assert_string_equal(config.device.word[0], "all");
    assert_string_equal(config.algorithm.word[0], "auto");
    assert_null(config.dtype);
    assert_null(config.filter);
    assert_null(config.output);
    assert_int_equal(config.math, SY_MATH_STRICT);
    assert_int_equal(config.cache, SY_CACHE_WEIGHTS);
    assert_int_equal(config.isolation, SY_ISOLATION_PROCESS);
    assert_int_equal(config.rounds, 3);
    assert_int_equal(config.seed, 1);
    assert_int_equal(config.batch, 0);
    assert_int_equal(config.threads, 0);
    assert_int_equal(config.budget_ns, 0);
    assert_int_equal(config.max_time_ns, UINT64_C(4000000000));
    assert_true(config.precision == 0.01);
    assert_int_equal(config.energy.count, 1);
    assert_string_equal(config.energy.word[0], "auto");
    assert_true(config.energy_precision == 0.05);
    assert_int_equal(config.energy_window_ns, UINT64_C(30000000000));
    assert_null(config.energy_credentials);
    assert_int_equal(config.sustain_ns, 0);
    assert_false(config.strict || config.quiet || config.dry_run || config.anonymize || config.no_color);
    sy_config_release(&config);
}

static void options_have_many_forms(void **state) {
    (void)state;
    static const char *const lines[] = {
        "run quick --rounds 5 --output r.jsonl --quiet --verbose --verbose --dtype bf16",
        "run --rounds=5 quick --output=r.jsonl -qvv -t bf16",
        "--rounds 5 -qvvo r.jsonl -tbf16 run quick",
        "run -r5 -or.jsonl --quiet=yes --verbose=2 --dtype=bf16 -- quick",
        "run quick --rounds 9 --rounds 5 -o x -o r.jsonl -q -v -v -t f32 -t bf16",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        sy_config config = parsed(lines[i]);
        assert_int_equal(config.rounds, 5);
        assert_string_equal(config.output, "r.jsonl");
        assert_true(config.quiet);
        assert_int_equal(config.verbose, 2);
        assert_string_equal(config.dtype, "bf16");
        assert_int_equal(config.what.count, 1);
        assert_string_equal(config.what.word[0], "quick");
        sy_config_release(&config);
    }
}

static void lists_are_joined_within_the_line(void **state) {
    (void)state;
    sy_config config =
        parsed("run a b - gemm:m=1,n=2,k=3 -d cpu --device sim:0?a=1,b=2,opencl:0 --strict=no");
    assert_int_equal(config.what.count, 4);
    assert_string_equal(config.what.word[2], "-");
    assert_string_equal(config.what.word[3], "gemm:m=1,n=2,k=3");
    assert_int_equal(config.device.count, 3);
    assert_string_equal(config.device.word[0], "cpu");
    assert_string_equal(config.device.word[1], "sim:0?a=1,b=2");
    assert_string_equal(config.device.word[2], "opencl:0");
    assert_false(config.strict);
    sy_config_release(&config);
}

static void two_dashes_end_the_options(void **state) {
    (void)state;
    sy_config config = parsed("run -- --rounds -x --");
    assert_int_equal(config.what.count, 3);
    assert_string_equal(config.what.word[0], "--rounds");
    assert_string_equal(config.what.word[2], "--");
    sy_config_release(&config);
}

static void every_choice_has_its_number(void **state) {
    (void)state;
    sy_config config =
        parsed("run x --math any --cache cold --data zeros --check off --energy off --isolation none "
               "--format json --weights dynamic --layout nchw");
    assert_int_equal(config.math, SY_MATH_ANY);
    assert_int_equal(config.cache, SY_CACHE_COLD);
    assert_int_equal(config.data, SY_DATA_ZEROS);
    assert_int_equal(config.check, SY_CHECK_OFF);
    assert_int_equal(config.energy.count, 1);
    assert_string_equal(config.energy.word[0], "off");
    assert_int_equal(config.isolation, SY_ISOLATION_NONE);
    assert_int_equal(config.format, SY_FORMAT_JSON);
    assert_int_equal(config.weights, SY_WEIGHTS_DYNAMIC);
    assert_int_equal(config.layout, SY_IMAGE_NCHW);
    sy_config_release(&config);
}

static void energy_has_options_of_its_own(void **state) {
    (void)state;
    sy_config config =
        parsed("run x --energy auto,shelly:192.0.2.7 --energy csv:a,hwmon --energy-precision 1% "
               "--energy-window 2m --energy-credentials keys --sustain 10m");
    assert_int_equal(config.energy.count, 4);
    assert_string_equal(config.energy.word[3], "hwmon");
    assert_true(config.energy_precision == 0.01);
    assert_int_equal(config.energy_window_ns, UINT64_C(120000000000));
    assert_string_equal(config.energy_credentials, "keys");
    assert_int_equal(config.sustain_ns, UINT64_C(600000000000));
    sy_config_release(&config);
    refused("run x --energy powercap --energy off", "--energy: 'off' stands alone");
    refused("run x --energy rapl", "--energy: there is no meter 'rapl'; there are auto, all, off, device, "
                                   "powercap, hwmon, shelly, csv, ipmi");
    refused("run x --sustain 0",
        "--sustain is '0', wanted is a time such as 10m, 90s or 1500ms, from 1s to 24h, or off");
    refused("peak --energy off", "'peak' has no option '--energy' (it belongs to: run, infer)");
    refused("tune x --sustain 1m", "'tune' has no option '--sustain' (it belongs to: run)");
}

static void sides_of_a_pair_keep_their_parameters(void **state) {
    (void)state;
    sy_config config = parsed("run quick --pair sim:0?peak=1T,bw=1T,sim:1");
    assert_int_equal(config.pair.count, 2);
    assert_string_equal(config.pair.word[0], "sim:0?peak=1T,bw=1T");
    assert_string_equal(config.pair.word[1], "sim:1");
    assert_int_equal(config.device.count, 1);
    sy_config_release(&config);
}

static void a_pair_alone_is_of_the_devices(void **state) {
    (void)state;
    sy_config config = parsed("infer m.onnx --pair --device cpu,sim:0");
    assert_int_equal(config.pair.count, 1);
    assert_string_equal(config.pair.word[0], "device");
    assert_int_equal(config.device.count, 2);
    sy_config_release(&config);
    config = parsed("infer --pair=cpu,sim:0?bw=1T,peak=2T m.onnx");
    assert_int_equal(config.pair.count, 2);
    assert_string_equal(config.pair.word[1], "sim:0?bw=1T,peak=2T");
    sy_config_release(&config);
    refused("run quick --pair", "--pair needs a value: A,B");
}

static void unknown_words_are_refused(void **state) {
    (void)state;
    refused("", "what is to be done? (see 'steelyard help')");
    refused("-q", "what is to be done? (see 'steelyard help')");
    refused("rnu quick", "unknown verb 'rnu' (did you mean 'run'?)");
    refused("show x --format junit", "'show' has no --format 'junit' (see 'steelyard help show')");
    refused("report x --format table", "'report' has no --format 'table' (see 'steelyard help report')");
    refused("doctor", "unknown verb 'doctor' (see 'steelyard help')");
    refused("run quick --devise cpu", "unknown option '--devise' (did you mean '--device'?)");
    refused("run quick --devise=cpu", "unknown option '--devise' (did you mean '--device'?)");
    refused("run quick --xyzzy", "unknown option '--xyzzy'");
    refused("run quick --=x", "unknown option '--'");
    refused("run quick --twin a,b", "unknown option '--twin'");
    refused("run quick -qz", "unknown option '-z' in '-qz'");
    refused("run quick -5", "unknown option '-5' in '-5'");
    refused("run quick --\x1b[31m", "unknown option '--?[31m'");
    refused("run quick --help=yes", "unknown option '--help'");
}

static void missing_values_are_refused(void **state) {
    (void)state;
    refused("run quick --device", "--device needs a value: ID[,ID]|all");
    refused("run quick -d", "-d needs a value: ID[,ID]|all");
    refused("run quick --device --rounds 3",
        "--device needs a value, but '--rounds' follows (if it is meant: --device=VALUE)");
    refused("run quick --device=", "--device is '', wanted is ID[,ID]|all");
    refused("run quick --rounds=0", "--rounds is '0', wanted is a whole number from 1 to 1000");
    refused("run quick -r 0", "-r is '0', wanted is a whole number from 1 to 1000");
    refused("run quick --strict=maybe", "--strict is 'maybe', wanted is yes or no");
    refused("run quick --threads x", "--threads is 'x', wanted is a whole number from 1 to 4096 or auto");
    refused("run quick --budget 1y",
        "--budget is '1y', wanted is a time such as 10m, 90s or 1500ms, from 1ms to 720h, or none");
}

static void options_of_other_verbs_are_refused(void **state) {
    (void)state;
    refused("devices --seed 3",
        "'devices' has no option '--seed' (it belongs to: run, tune, infer, model, compare)");
    refused("merge a b --filter x",
        "'merge' has no option '--filter' (it belongs to: run, tune, show, compare, plugin)");
    refused("devices -t f32",
        "'devices' has no option '--dtype' (it belongs to: peak, run, tune, infer, compare)");
    refused("run quick --man", "'--man' belongs to 'steelyard help'");
}

static void arguments_are_counted(void **state) {
    (void)state;
    refused("run", "'run' needs WHAT... (see 'steelyard help run')");
    refused("merge -o x", "'merge' needs FILE... (see 'steelyard help merge')");
    refused("devices cpu", "'devices' has no use for 'cpu'");
    sy_config config = parsed("peak");
    assert_int_equal(config.verb, SY_VERB_PEAK);
    sy_config_release(&config);
}

static void questions_come_first(void **state) {
    (void)state;
    static const struct {
        const char *line;
        uint32_t action, verb;
    } cases[] = {{"--help", SY_ACTION_HELP, 0}, {"-h", SY_ACTION_HELP, 0}, {"help", SY_ACTION_HELP, 0},
        {"help run", SY_ACTION_HELP, SY_VERB_RUN}, {"run --help", SY_ACTION_HELP, SY_VERB_RUN},
        {"--help run", SY_ACTION_HELP, SY_VERB_RUN}, {"help --help", SY_ACTION_HELP, SY_VERB_HELP},
        {"run quick -qh --rounds 0", SY_ACTION_HELP, SY_VERB_RUN}, {"--version", SY_ACTION_VERSION, 0},
        {"-V", SY_ACTION_VERSION, 0}, {"run --version --help", SY_ACTION_VERSION, SY_VERB_RUN},
        {"help --man", SY_ACTION_MAN, SY_VERB_HELP},
        {"--completion help", SY_ACTION_COMPLETION, SY_VERB_HELP}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sy_config config = parsed(cases[i].line);
        assert_int_equal(config.action, cases[i].action);
        assert_int_equal(config.verb, cases[i].verb);
        sy_config_release(&config);
    }
    refused("help rum", "unknown verb 'rum' (did you mean 'run'?)");
    refused("--help --bogus", "unknown option '--bogus'");
}

static void nothing_at_all_is_refused(void **state) {
    (void)state;
    char *none[] = {NULL};
    char *name[] = {"steelyard", NULL};
    sy_config config;
    assert_int_equal(sy_cli_parse(0, none, NULL, &config, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_cli_parse(1, name, NULL, &config, NULL), SY_INVALID_ARGUMENT);
}

static void failing_allocations_are_survived(void **state) {
    (void)state;
    sy_status status = SY_OUT_OF_MEMORY;
    sy_config config, zero = {0};
    for (uint64_t k = 1; status != SY_OK; k++) {
        assert_true(k < 100);
        sy_seam_arm(SY_SEAM_ALLOC, k);
        status = parse("run a b -d cpu,sim --dtype f32 --filter x", &config, NULL);
        sy_seam_disarm();
        assert_true(status == SY_OK || status == SY_OUT_OF_MEMORY);
        assert_true(status == SY_OK || memcmp(&config, &zero, sizeof zero) == 0);
    }
    sy_config_release(&config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_table),
        cmocka_unit_test(options_have_many_forms),
        cmocka_unit_test(lists_are_joined_within_the_line),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(every_choice_has_its_number),
        cmocka_unit_test(energy_has_options_of_its_own),
        cmocka_unit_test(sides_of_a_pair_keep_their_parameters),
        cmocka_unit_test(a_pair_alone_is_of_the_devices),
        cmocka_unit_test(unknown_words_are_refused),
        cmocka_unit_test(missing_values_are_refused),
        cmocka_unit_test(options_of_other_verbs_are_refused),
        cmocka_unit_test(arguments_are_counted),
        cmocka_unit_test(questions_come_first),
        cmocka_unit_test(nothing_at_all_is_refused),
        cmocka_unit_test(failing_allocations_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
