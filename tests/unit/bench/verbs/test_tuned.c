/* Findings as a file to hand on, to the letter; its name; the gain over all of a device. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "bench/verbs/tune_print.h"
#include "bench/verbs/tuned.h"
#include "runtime/base/seam.h"

static sy_tuning_entry entry_of(const char *problem, const char *algorithm, double gain) {
    sy_tuning_entry entry = {.gain = gain, .device = {.units = 2, .cache_bytes = 1024}};
    strcpy(entry.key.device, "0123456789abcdef");
    strcpy(entry.key.version, "0.1.0/2.5");
    strcpy(entry.device.backend, "opencl");
    strcpy(entry.device.name, "A \"Card\" (TM)  9");
    strcpy(entry.device.driver, "3.1\\");
    snprintf(entry.problem, sizeof entry.problem, "%s", problem);
    snprintf(entry.algorithm, sizeof entry.algorithm, "%s", algorithm);
    return entry;
}

static void the_text_is_as_documented(void **state) {
    (void)state;
    const sy_tuning_entry entries[] = {
        entry_of("gemm:m=1", "tiles/m64/n32", 1.23456789), entry_of("gemm:m=2", "tiles", 1.0)};
    sy_text text = {0};
    assert_int_equal(sy_tuned_print(entries, 2, &text, NULL), SY_OK);
    assert_string_equal(text.data,
        "{\"schema\":\"steelyard.tuned/1\",\n"
        "\"device\":{\"backend\":\"opencl\",\"params\":null,\"name\":\"A \\\"Card\\\" (TM)  9\","
        "\"vendor\":null,\"driver\":\"3.1\\\\\",\"isa\":null,\"units\":2,\"cache_bytes\":1024},\n"
        "\"program\":\"0.1.0\",\"backend_version\":\"2.5\",\n"
        "\"entries\":[\n"
        "{\"problem\":\"gemm:m=1\",\"algorithm\":\"tiles/m64/n32\",\"gain\":1.2346},\n"
        "{\"problem\":\"gemm:m=2\",\"algorithm\":\"tiles\",\"gain\":1}\n"
        "]}\n");
    sy_text_release(&text);
}

static void what_is_not_known_is_null(void **state) {
    (void)state;
    sy_tuning_entry entry = entry_of("gemm:m=1", "tiles", 1.00001);
    sy_text text = {0};
    entry.device = (sy_tuning_device){.backend = "cpu"};
    strcpy(entry.key.version, "odd");
    assert_int_equal(sy_tuned_print(&entry, 1, &text, NULL), SY_OK);
    assert_non_null(strstr(text.data, "\"name\":null,\"vendor\":null"));
    assert_non_null(strstr(text.data, "\"units\":null,\"cache_bytes\":null},"));
    assert_non_null(strstr(text.data, "\"program\":\"odd\",\"backend_version\":null,"));
    assert_non_null(strstr(text.data, "\"gain\":1}"));
    sy_text_release(&text);
}

static void without_memory_it_is_said(void **state) {
    (void)state;
    sy_tuning_entry entry = entry_of("gemm:m=1", "tiles", 1.5);
    sy_text text = {0};
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_tuned_print(&entry, 1, &text, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    sy_text_release(&text);
}

static void names_are_of_letters_digits_and_dashes(void **state) {
    (void)state;
    char name[SY_TUNED_NAME_MAX], other[SY_TUNED_NAME_MAX];
    sy_tuning_entry entry = entry_of("gemm:m=1", "tiles", 1.5);
    sy_tuned_name(&entry, name);
    assert_memory_equal(name, "opencl-a-card-tm-9-", 19);
    assert_int_equal(strlen(name), 19 + 8 + 5);
    assert_string_equal(name + 27, ".json");
    strcpy(entry.key.version, "0.2.0/2.5");
    sy_tuned_name(&entry, other);
    assert_string_not_equal(name, other);
    memset(entry.device.name, '/', sizeof entry.device.name - 1);
    sy_tuned_name(&entry, name);
    assert_memory_equal(name, "opencl-", 7);
    assert_null(strchr(name, '/'));
    memset(entry.device.name, 'X', sizeof entry.device.name - 1);
    sy_tuned_name(&entry, name);
    assert_string_equal(name + strlen(name) - 5, ".json");
}

static void the_mean_is_geometric(void **state) {
    (void)state;
    sy_tune_sum sum = {.device = "cpu"};
    assert_true(sy_tune_sum_mean(&sum) == 1.0);
    sy_tune_sum_add(&sum, 1.0);
    assert_true(sy_tune_sum_mean(&sum) == 1.0);
    sy_tune_sum_add(&sum, 4.0);
    assert_true(fabs(sy_tune_sum_mean(&sum) - 2.0) < 1e-12 && sum.problems == 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_text_is_as_documented),
        cmocka_unit_test(what_is_not_known_is_null), cmocka_unit_test(without_memory_it_is_said),
        cmocka_unit_test(names_are_of_letters_digits_and_dashes), cmocka_unit_test(the_mean_is_geometric)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
