/* Files that are not what they should be, each with its error; lost memory; files that cannot be read. */
#include "tests/unit/bench/catalogue/shipped.h"

#include "runtime/base/seam.h"

#define SOURCES "\"sources\": [{\"id\": \"a\", \"kind\": \"vendor\", \"title\": \"A\"}]"
#define HEAD "{\"schema\": \"steelyard.devices/1\", " SOURCES ", \"devices\": "
#define POWER(figure) HEAD "[{\"id\": \"x\", \"name\": \"X\", \"power_w\": " figure "}]}"

static void expect_refused(const char *text, const char *wanted) {
    own_folder own;
    sy_catalogue catalogue = {0};
    sy_error err = SY_ERROR_INIT;
    own_write(&own, "devices.json", text);
    assert_int_equal(sy_catalogue_load(&own.places, &catalogue, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(catalogue.count, 0);
    if (strstr(err.text, wanted) == NULL || strncmp(err.text, own.path, strlen(own.path)) != 0)
        fail_msg("'%s' should begin with %s and say '%s'", err.text, own.path, wanted);
    sy_catalogue_release(&catalogue);
    own_remove(&own);
}

static void malformed_files_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *wanted;
    } rows[] = {{"", "line 1: "}, {"{", "line 1: "},
        {"[]", "the schema is '', wanted is steelyard.devices/1"},
        {"{\"schema\": \"steelyard.devices/2\"}", "the schema is 'steelyard.devices/2'"},
        {"{\"schema\": \"steelyard.devices/1\"}", "sources must be a list"},
        {"{\"schema\": \"steelyard.devices/1\", \"sources\": [{\"id\": \"a\"}]}",
            "sources[0]: it must have id"},
        {"{\"schema\": \"steelyard.devices/1\", \"sources\": [7]}", "sources[0]: "},
        {HEAD "[]}", "devices must be a list that is not empty"}, {HEAD "[1]}", "devices[0]: "},
        {HEAD "[{\"id\": \"x\"}]}", "devices[0]: it must have an id and a name"},
        {HEAD "[{\"id\": \"\", \"name\": \"X\"}]}", "devices[0]: it must have an id and a name"},
        {HEAD "[{\"id\": \"x\", \"name\": \"X\"}, {\"id\": \"x\", \"name\": \"Y\"}]}",
            "devices[1]: the id 'x' is there twice"},
        {HEAD "[{\"id\": \"x\", \"name\": \"X\\u001b[31m\"}]}", "control characters"},
        {HEAD "[{\"id\": \"x\", \"name\": \"X\", \"driver\": [{\"units\": 3}]}]}",
            "driver[0].name is missing"},
        {HEAD "[{\"id\": \"x\", \"name\": \"X\", \"name\": \"Y\"}]}", "duplicate"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_refused(rows[i].text, rows[i].wanted);
}

static void figures_that_are_not_whole_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *wanted;
    } rows[] = {{POWER("{\"value\": 7, \"source\": [\"a\"]}"), "devices[0]: 'x': power_w has no confidence"},
        {POWER("{\"value\": 7, \"confidence\": \"press\"}"), "power_w has no source"},
        {POWER("{\"value\": 7, \"confidence\": \"press\", \"source\": []}"), "power_w has no source"},
        {POWER("{\"value\": 7, \"confidence\": \"press\", \"source\": [\"b\"]}"), "power_w: no source 'b'"},
        {POWER("{\"confidence\": \"press\", \"source\": [\"a\"]}"), "power_w has a source, but no value"},
        {POWER("{\"value\": 7, \"confidence\": \"rumour\", \"source\": [\"a\"]}"), "power_w.confidence"},
        {POWER("{\"value\": -7, \"confidence\": \"press\", \"source\": [\"a\"]}"),
            "power_w.value is out of range"},
        {POWER("{\"value\": \"7\", \"confidence\": \"press\", \"source\": [\"a\"]}"),
            "power_w.value must be a number"},
        {POWER("{\"value\": 7, \"confidence\": \"press\", \"source\": [\"a\"], \"alternatives\": "
               "[{\"value\": 1, "
               "\"source\": [\"z\"]}]}"),
            "power_w: no source 'z'"},
        {POWER("700"), "power_w must be an object"},
        {HEAD "[{\"id\": \"x\", \"name\": \"X\", \"memory_type\": {\"value\": \"HBM\"}}]}",
            "memory_type has no confidence"},
        {HEAD "[{\"id\": \"x\", \"name\": \"X\", \"peak_dense_tera_per_s\": {\"f16\": {\"value\": 1}}}]}",
            "peak_dense_tera_per_s.f16 has no confidence"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_refused(rows[i].text, rows[i].wanted);
}

static void a_good_one_of_that_shape_is_taken(void **state) {
    (void)state;
    own_folder own;
    sy_catalogue catalogue = {0};
    own_write(&own, "devices.json",
        POWER("{\"value\": 7, \"confidence\": \"press\", \"source\": [\"a\"], \"unknown\": true}"));
    assert_int_equal(sy_catalogue_load(&own.places, &catalogue, NULL), SY_OK);
    assert_int_equal(catalogue.count, 1);
    assert_true(catalogue.device[0].power_w.value == 7);
    sy_catalogue_release(&catalogue);
    own_remove(&own);
}

static void a_file_that_is_not_there_is_unavailable(void **state) {
    (void)state;
    static const char *const nowhere[] = {"no/such/folder", NULL, ""};
    const sy_reference_places places = {.folder = nowhere, .count = 3};
    sy_catalogue catalogue = {0};
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_catalogue_load(&places, &catalogue, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "devices.json"));
    assert_non_null(strstr(err.text, "STEELYARD_REFERENCE"));
    sy_catalogue_release(&catalogue);
    char deep[700];
    memset(deep, 'd', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    const char *const too_deep[] = {deep};
    const sy_reference_places deep_places = {.folder = too_deep, .count = 1};
    assert_int_equal(sy_catalogue_load(&deep_places, &catalogue, &err), SY_OVERFLOW);
    sy_catalogue_release(&catalogue);
}

static void a_folder_in_its_place_is_an_error(void **state) {
    (void)state;
    own_folder own;
    sy_catalogue catalogue = {0};
    sy_error err = SY_ERROR_INIT;
    own_write(&own, "other", "");
    char inside[160];
    snprintf(inside, sizeof inside, "%s/devices.json", own.folder);
    assert_int_equal(sy_folder_make(inside, 0700), 0);
    assert_int_equal(sy_catalogue_load(&own.places, &catalogue, &err), SY_IO);
    sy_catalogue_release(&catalogue);
    rmdir(inside);
    own_remove(&own);
}

static void a_file_without_end_is_not_read(void **state) {
    (void)state;
    own_folder own;
    sy_catalogue catalogue = {0};
    sy_error err = SY_ERROR_INIT;
    own_write(&own, "devices.json", " ");
    assert_int_equal(truncate(own.path, (off_t)SY_DOCUMENT_MAX + 1), 0);
    assert_int_equal(sy_catalogue_load(&own.places, &catalogue, &err), SY_OVERFLOW);
    sy_catalogue_release(&catalogue);
    own_remove(&own);
}

static void every_call_may_fail(void **state) {
    (void)state;
    static const uint32_t kinds[] = {SY_SEAM_ALLOC, SY_SEAM_FILE};
    for (size_t i = 0; i < 2; i++) {
        uint64_t k = 1;
        sy_status status;
        do {
            sy_catalogue catalogue = {0};
            sy_error err = SY_ERROR_INIT;
            sy_seam_arm(kinds[i], k);
            status = sy_catalogue_load(&shipped, &catalogue, &err);
            bool was_reached = sy_seam_disarm() >= k;
            if (was_reached != (status != SY_OK))
                fail_msg("call %d of kind %d: %s", (int)k, (int)kinds[i], err.text);
            if (status != SY_OK)
                assert_true(err.text[0] != '\0' && catalogue.count == 0);
            sy_catalogue_release(&catalogue);
            k += 1 + k / 4;
        } while (status != SY_OK);
        assert_true(k > 3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(malformed_files_are_refused),
        cmocka_unit_test(figures_that_are_not_whole_are_refused),
        cmocka_unit_test(a_good_one_of_that_shape_is_taken),
        cmocka_unit_test(a_file_that_is_not_there_is_unavailable),
        cmocka_unit_test(a_folder_in_its_place_is_an_error), cmocka_unit_test(a_file_without_end_is_not_read),
        cmocka_unit_test(every_call_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
