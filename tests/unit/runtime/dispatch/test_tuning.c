/* The table of findings and its text: order, replacement, and every way in which a text can be wrong. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/dispatch/tuning.h"
#include "runtime/dispatch/tuning_key.h"

static sy_tuning_entry entry_of(const char *device, const char *problem, const char *algorithm) {
    sy_tuning_entry entry = {.gain = 1.25};
    snprintf(entry.key.device, sizeof entry.key.device, "%s", device);
    snprintf(entry.key.version, sizeof entry.key.version, "1/1");
    snprintf(entry.problem, sizeof entry.problem, "%s", problem);
    snprintf(entry.algorithm, sizeof entry.algorithm, "%s", algorithm);
    strcpy(entry.device.backend, "cpu");
    strcpy(entry.device.name, "made up");
    entry.device.units = 2;
    entry.tried = 12;
    return entry;
}

#define ONE "0123456789abcdef"
#define OTHER "fedcba9876543210"

static void put(sy_tuning *tuning, const char *device, const char *problem, const char *algorithm) {
    sy_tuning_entry entry = entry_of(device, problem, algorithm);
    assert_int_equal(sy_tuning_put(tuning, &entry, NULL), SY_OK);
}

static const char *found(
    const sy_tuning *tuning, const char *device, const char *version, const char *problem) {
    sy_tuning_key key;
    snprintf(key.device, sizeof key.device, "%s", device);
    snprintf(key.version, sizeof key.version, "%s", version);
    const sy_tuning_entry *entry = sy_tuning_find(tuning, &key, problem);
    return entry != NULL ? entry->algorithm : "";
}

static sy_tuning some(void) {
    sy_tuning tuning = {0};
    put(&tuning, OTHER, "gemm:m=2", "native/k128");
    put(&tuning, ONE, "gemm:m=3", "openblas");
    put(&tuning, ONE, "gemm:m=1", "native");
    put(&tuning, ONE, "gemm:m=2", "native/k384/p8/t1x2");
    return tuning;
}

static void findings_are_found_by_all_of_their_key(void **state) {
    (void)state;
    sy_tuning tuning = some(), none = {0};
    assert_string_equal(found(&tuning, ONE, "1/1", "gemm:m=2"), "native/k384/p8/t1x2");
    assert_string_equal(found(&tuning, OTHER, "1/1", "gemm:m=2"), "native/k128");
    assert_string_equal(found(&tuning, ONE, "1/1", "gemm:m=3"), "openblas");
    assert_string_equal(found(&tuning, OTHER, "1/1", "gemm:m=3"), "");
    assert_string_equal(found(&tuning, ONE, "1/2", "gemm:m=2"), "");
    assert_string_equal(found(&tuning, ONE, "1/1", "gemm:m=4"), "");
    assert_string_equal(found(&none, ONE, "1/1", "gemm:m=2"), "");
    sy_tuning_release(&tuning);
}

static void a_later_finding_replaces_the_earlier(void **state) {
    (void)state;
    sy_tuning tuning = some();
    put(&tuning, ONE, "gemm:m=2", "native/k64");
    assert_int_equal(tuning.count, 4);
    assert_string_equal(found(&tuning, ONE, "1/1", "gemm:m=2"), "native/k64");
    sy_tuning_release(&tuning);
}

static void a_text_reads_back(void **state) {
    (void)state;
    sy_tuning tuning = {0}, again;
    sy_text text = {0}, second = {0};
    for (int i = 0; i < 300; i++) {
        char problem[32];
        snprintf(problem, sizeof problem, "gemm:m=%d", i * 7919 % 300);
        put(&tuning, i % 2 == 0 ? ONE : OTHER, problem, "native");
    }
    assert_int_equal(tuning.count, 300);
    assert_int_equal(sy_tuning_print(&tuning, &text, NULL), SY_OK);
    assert_int_equal(sy_tuning_parse(text.data, text.length, &again, NULL), SY_OK);
    assert_int_equal(again.count, 300);
    assert_string_equal(again.entry[299].device.name, "made up");
    assert_true(again.entry[299].device.units == 2 && again.entry[299].gain == 1.25);
    assert_int_equal(sy_tuning_print(&again, &second, NULL), SY_OK);
    assert_string_equal(text.data, second.data);
    sy_tuning_release(&again);
    sy_text_release(&second);
    sy_tuning_release(&tuning);
    sy_text_clear(&text);
    assert_int_equal(sy_tuning_print(&tuning, &text, NULL), SY_OK);
    assert_int_equal(sy_tuning_parse(text.data, text.length, &again, NULL), SY_OK);
    assert_int_equal(again.count, 0);
    sy_text_release(&text);
}

/* Every byte changed and every length: never taken, never a crash, always a reason. */
static void damage_anywhere_is_seen(void **state) {
    (void)state;
    sy_tuning tuning = some(), read;
    sy_text text = {0};
    assert_int_equal(sy_tuning_print(&tuning, &text, NULL), SY_OK);
    for (size_t i = 0; i < text.length; i++) {
        sy_error error = SY_ERROR_INIT;
        char kept = text.data[i];
        text.data[i] = (char)(kept ^ 1);
        assert_int_equal(sy_tuning_parse(text.data, text.length, &read, &error), SY_INVALID_ARGUMENT);
        assert_true(error.text[0] != '\0' && read.count == 0 && read.entry == NULL);
        text.data[i] = '\0';
        assert_int_equal(sy_tuning_parse(text.data, text.length, &read, NULL), SY_INVALID_ARGUMENT);
        text.data[i] = kept;
        assert_int_equal(sy_tuning_parse(text.data, i, &read, NULL), SY_INVALID_ARGUMENT);
    }
    assert_int_equal(sy_tuning_parse(text.data, text.length, &read, NULL), SY_OK);
    sy_tuning_release(&read);
    sy_text_release(&text);
    sy_tuning_release(&tuning);
}

/* A line as it is written; name, vendor and the like are of no matter here. */
#define LINE(device, version, problem, algorithm, backend, gain, numbers)                                    \
    device "\t" version "\t" problem "\t" algorithm "\t" backend "\t\tname\t\t\t\t" gain "\t" numbers "\n"
#define GOOD(problem, algorithm, gain) LINE(ONE, "1/1", problem, algorithm, "cpu", gain, "2\t3\t12")

/* A text of ours around a body that is not: the sum is right, the lines are wrong. */
static void lines_that_no_one_wrote_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *lines, *says;
        int count;
    } rows[] = {{"", "line 2 is no finding", 1}, {"x\n", "line 2 is no finding", 1},
        {GOOD("gemm:m=1", "native", "1"), "another number", 0},
        {LINE(ONE, "1/1", "gemm:m=1", "native", "cpu", "1", "2\t3\t12\tmore"), "line 2 is no finding", 1},
        {LINE(ONE, "1/1", "gemm:m=1", "native", "cpu", "1", "2\t3"), "line 2 is no finding", 1},
        {LINE(ONE, "1/1", "gemm:m=1", "native", "cpu", "1", "-2\t3\t12"), "line 2 is no finding", 1},
        {LINE(ONE, "1/1", "gemm:m=1", "native", "cpu", "1", "2\t3.5\t12"), "line 2 is no finding", 1},
        {LINE(ONE, "1/1", "gemm:m=1", "native", "cpu", "1", "2\t3\t-1"), "line 2 is no finding", 1},
        {ONE "\t1/1\tgemm:m=1\tnative\t1\tcpu\n", "line 2 is no finding", 1}, /* the form before this one */
        {GOOD("gemm:m=1", "native", "1x"), "line 2 is no finding", 1},
        {GOOD("gemm:m=1", "native", "0.5"), "line 2: the gain", 1},
        {GOOD("gemm:m=1", "native", "1e300"), "line 2: the gain", 1},
        {GOOD("", "native", "1"), "line 2: the problem", 1},
        {GOOD("gemm:m=1", "", "1"), "line 2: the algorithm", 1},
        {LINE(ONE, "1/1", "gemm:m=1", "native", "", "1", "2\t3\t12"), "line 2: the backend", 1},
        {LINE(ONE, "", "gemm:m=1", "native", "cpu", "1", "2\t3\t12"), "line 2: the version", 1},
        {LINE("0123456789ABCDEF", "1/1", "gemm:m=1", "native", "cpu", "1", "2\t3\t12"), "line 2: the device",
            1},
        {LINE("0123", "1/1", "gemm:m=1", "native", "cpu", "1", "2\t3\t12"), "line 2: the device", 1},
        {LINE(ONE "0", "1/1", "gemm:m=1", "native", "cpu", "1", "2\t3\t12"), "line 2 is no finding", 1},
        {GOOD("gemm:m=1", "na\x01tive", "1"), "line 2: the algorithm", 1},
        {GOOD("gemm:m=1", "native", "1") GOOD("gemm:m=1", "other", "1"), "another number", 2}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char sum[SY_HASH_HEX_MAX];
        sy_error error = SY_ERROR_INIT;
        sy_text text = {0};
        sy_tuning read;
        sy_text_printf(&text, "steelyard.tuning/3\n%s", rows[i].lines);
        sy_hash_sha256(text.data, text.length, sum);
        sy_text_printf(&text, "end %d %s\n", rows[i].count, sum);
        assert_int_equal(sy_tuning_parse(text.data, text.length, &read, &error), SY_INVALID_ARGUMENT);
        if (strstr(error.text, rows[i].says) == NULL)
            fail_msg("%zu says: %s", i, error.text);
        assert_int_equal(read.count, 0);
        sy_text_release(&text);
    }
}

static void what_cannot_be_written_is_refused(void **state) {
    (void)state;
    sy_tuning tuning = {0};
    sy_tuning_entry bad[8];
    for (int i = 0; i < 8; i++)
        bad[i] = entry_of(ONE, "gemm:m=1", "native");
    bad[0].problem[3] = '\t';
    bad[1].algorithm[0] = '\0';
    bad[2].device.name[0] = '\n';
    bad[3].gain = NAN;
    bad[4].key.device[0] = 'g';
    memset(bad[5].problem, 'x', sizeof bad[5].problem);
    bad[6].gain = 0.99;
    bad[7].device.backend[0] = '\0';
    for (int i = 0; i < 8; i++)
        assert_int_equal(sy_tuning_put(&tuning, &bad[i], NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(tuning.count, 0);
}

static void a_full_table_says_so_and_stays(void **state) {
    (void)state;
    sy_tuning tuning = {0};
    sy_error error = SY_ERROR_INIT;
    sy_tuning_entry entry = entry_of(ONE, "", "native");
    for (unsigned i = 0; i < SY_TUNING_ENTRIES_MAX; i++) {
        snprintf(entry.problem, sizeof entry.problem, "gemm:m=%06u", i);
        assert_int_equal(sy_tuning_put(&tuning, &entry, NULL), SY_OK);
    }
    assert_int_equal(sy_tuning_put(&tuning, &entry, NULL), SY_OK); /* it is there already */
    strcpy(entry.problem, "gemm:m=x");
    assert_int_equal(sy_tuning_put(&tuning, &entry, &error), SY_OVERFLOW);
    assert_non_null(strstr(error.text, "tune --clear"));
    assert_int_equal(tuning.count, SY_TUNING_ENTRIES_MAX);
    sy_tuning_release(&tuning);
}

static void without_memory_nothing_changes(void **state) {
    (void)state;
    sy_tuning tuning = some(), read;
    sy_text text = {0}, lost = {0};
    assert_int_equal(sy_tuning_print(&tuning, &text, NULL), SY_OK);
    for (uint64_t k = 1; k <= 2; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(sy_tuning_parse(text.data, text.length, &read, NULL), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_int_equal(read.count, 0);
    }
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_tuning_print(&tuning, &lost, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    sy_tuning_entry entry = entry_of(ONE, "gemm:m=9", "native");
    read = (sy_tuning){0};
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_tuning_put(&read, &entry, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    assert_int_equal(read.count, 0);
    sy_text_release(&text);
    sy_text_release(&lost);
    sy_tuning_release(&tuning);
}

static void every_part_of_a_device_counts(void **state) {
    (void)state;
    sy_device_info info = {.size = sizeof info, .name = "a", .vendor = "b", .driver = "c", .uuid = "d"};
    sy_device_info other[6];
    sy_tuning_subject subject = {.backend = "cpu", .version = "1", .params = "", .info = &info};
    sy_tuning_key first, second;
    sy_tuning_key_make(&subject, &first);
    sy_tuning_key_make(&subject, &second);
    assert_string_equal(first.device, second.device);
    for (size_t i = 0; i < 6; i++)
        other[i] = info;
    strcpy(other[0].name, "x");
    strcpy(other[1].driver, "2");
    strcpy(other[2].uuid, "e");
    strcpy(other[3].isa, "avx2");
    other[4].units = 2;
    other[5].cache_bytes = 1;
    for (size_t i = 0; i < 6; i++) {
        subject.info = &other[i];
        sy_tuning_key_make(&subject, &second);
        assert_string_not_equal(first.device, second.device);
    }
    subject.info = &info;
    info.free_bytes = 12345; /* changes from call to call */
    sy_tuning_key_make(&subject, &second);
    assert_string_equal(first.device, second.device);
    subject.params = "threads=1";
    sy_tuning_key_make(&subject, &second);
    assert_string_not_equal(first.device, second.device);
    subject.params = "";
    subject.version = "2";
    sy_tuning_key_make(&subject, &second);
    assert_string_equal(first.device, second.device);
    assert_string_not_equal(first.version, second.version);
}

static void hostile_names_become_plain(void **state) {
    (void)state;
    char label[SY_TUNING_LABEL_MAX];
    sy_device_info info = {.size = sizeof info};
    memset(info.name, '\t', sizeof info.name - 1);
    sy_tuning_subject subject = {.backend = "cpu", .version = "1\n", .params = "threads=1", .info = &info};
    sy_tuning_entry entry = entry_of(ONE, "gemm:m=1", "native");
    sy_tuning tuning = {0};
    sy_tuning_describe(&subject, &entry.device);
    sy_tuning_label(&entry.device, label);
    assert_memory_equal(label, "cpu?threads=1: ???", 18);
    sy_tuning_key_make(&subject, &entry.key);
    assert_int_equal(sy_tuning_put(&tuning, &entry, NULL), SY_OK);
    sy_tuning_release(&tuning);
}

static void a_device_is_described_without_the_single_card(void **state) {
    (void)state;
    sy_device_info info = {.size = sizeof info, .units = 7, .cache_bytes = 1u << 20, .uuid = "u", .pci = "p"};
    sy_tuning_subject subject = {.backend = "opencl", .version = "1", .params = "", .info = &info};
    sy_tuning_device device;
    strcpy(info.name, "a card");
    strcpy(info.vendor, "its maker");
    strcpy(info.driver, "3.1");
    strcpy(info.isa, "CL 1.2");
    sy_tuning_describe(&subject, &device);
    assert_string_equal(device.backend, "opencl");
    assert_string_equal(device.name, "a card");
    assert_string_equal(device.vendor, "its maker");
    assert_string_equal(device.driver, "3.1");
    assert_string_equal(device.isa, "CL 1.2");
    assert_true(device.params[0] == '\0' && device.units == 7 && device.cache_bytes == 1u << 20);
    memset(info.name, 'x', sizeof info.name); /* a text that fills its field */
    sy_tuning_describe(&subject, &device);
    assert_int_equal(strlen(device.name), sizeof device.name - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(findings_are_found_by_all_of_their_key),
        cmocka_unit_test(a_later_finding_replaces_the_earlier), cmocka_unit_test(a_text_reads_back),
        cmocka_unit_test(damage_anywhere_is_seen), cmocka_unit_test(lines_that_no_one_wrote_are_refused),
        cmocka_unit_test(what_cannot_be_written_is_refused), cmocka_unit_test(a_full_table_says_so_and_stays),
        cmocka_unit_test(without_memory_nothing_changes), cmocka_unit_test(every_part_of_a_device_counts),
        cmocka_unit_test(hostile_names_become_plain),
        cmocka_unit_test(a_device_is_described_without_the_single_card)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
