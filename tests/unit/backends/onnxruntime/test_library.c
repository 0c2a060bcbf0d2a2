/* The library: absent, of an old version, without its one function; what the host is told. */
#include "tests/unit/backends/onnxruntime/world.h"

static void expect_none(const char *path, const char *says) {
    world w;
    create_world(&w, path);
    for (int again = 0; again < 2; again++) {
        uint32_t count = 7;
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(w.api->device->count(w.backend, &count, &err), SY_UNAVAILABLE);
        assert_int_equal(count, 0);
        expect_words(&err, says);
    }
    sy_device *device = (sy_device *)&w;
    sy_error err = SY_ERROR_INIT;
    assert_int_not_equal(w.api->device->open(w.backend, 0, "", &device, &err), SY_OK);
    assert_null(device);
    assert_int_equal(w.host.libraries, 0);
    close_world(&w);
}

static void what_is_missing_is_said(void **state) {
    (void)state;
    expect_none("/nowhere/libonnxruntime.so", "/nowhere/libonnxruntime.so");
    expect_none("/nowhere/libonnxruntime.so", "STEELYARD_ONNXRUNTIME");
    expect_none(PEER("onnxruntime_lacking"), "OrtGetApiBase");
    expect_none(PEER("onnxruntime_old"), "is version 1.11.1, which does not speak version 14");
}

static void the_host_is_told_once(void **state) {
    world w;
    uint32_t count = 0;
    (void)state;
    create_world(&w, PEER("onnxruntime"));
    assert_int_equal(w.host.libraries, 0); /* create() opens nothing */
    for (int again = 0; again < 3; again++)
        assert_int_equal(w.api->device->count(w.backend, &count, NULL), SY_OK);
    assert_int_equal(count, 1);
    assert_int_equal(w.host.libraries, 1);
    assert_string_equal(w.host.library, "onnxruntime " PEER("onnxruntime"));
    assert_string_equal(w.host.version, "onnxruntime 1.22.0");
    close_world(&w);
}

static void another_abi_is_refused(void **state) {
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_null(ort_query(SY_ABI_MAJOR + 1, 0, &err));
    expect_words(&err, "speaks ABI 1.");
    assert_non_null(ort_query(SY_ABI_MAJOR, SY_ABI_MINOR + 1, NULL));
}

/* Both ways, and nothing for what has no match. */
static void types_match(void **state) {
    (void)state;
    assert_int_equal(ort_dtype(1), SY_F32);
    assert_int_equal(ort_dtype(16), SY_BF16);
    assert_int_equal(ort_dtype(8), SY_DTYPE_NONE); /* text */
    assert_int_equal(ort_dtype(-1), SY_DTYPE_NONE);
    for (int type = 0; type < 20; type++)
        if (ort_dtype(type) != SY_DTYPE_NONE)
            assert_int_equal(ort_type(ort_dtype(type)), type);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(the_host_is_told_once), cmocka_unit_test(another_abi_is_refused),
        cmocka_unit_test(types_match)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
