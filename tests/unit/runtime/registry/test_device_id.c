/* Device ids: what is taken, and where a bad one goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/registry/registry.h"

static void good_ids(void **state) {
    static const struct {
        const char *text, *backend, *plugin, *params;
        uint32_t index;
    } rows[] = {
        {"cpu", "cpu", "", "", 0},
        {"cuda:0", "cuda", "", "", 0},
        {"cuda:7", "cuda", "", "", 7},
        {"cpu:4294967295", "cpu", "", "", UINT32_MAX},
        {"sim:0?peak=100T,bw=1T", "sim", "", "peak=100T,bw=1T", 0},
        {"sim?launch=5us", "sim", "", "launch=5us", 0},
        {"sim?a=b:c?d", "sim", "", "a=b:c?d", 0},
        {"cuda@/abs/plugin.so:3", "cuda", "/abs/plugin.so", "", 3},
        {"cuda@/abs/plugin.so", "cuda", "/abs/plugin.so", "", 0},
        {"x_1@/a:b/p.so:2?k=v", "x_1", "/a:b/p.so", "k=v", 2},
        {"x@/a:b/p.so", "x", "/a:b/p.so", "", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_device_id id;
        assert_int_equal(sy_device_id_parse(rows[i].text, &id, NULL), SY_OK);
        assert_string_equal(id.backend, rows[i].backend);
        assert_string_equal(id.plugin, rows[i].plugin);
        assert_string_equal(id.params, rows[i].params);
        assert_int_equal(id.index, rows[i].index);
    }
}

static void bad_ids(void **state) {
    static const char *const rows[] = {"", ":0", "Cpu", "cpu:", "cpu:x", "cpu:-1", "cpu:4294967296",
        "cpu:1:2", "0cpu", "c pu", "cuda@:0", "cuda@rel.so:0", "@/x.so", "?x=1",
        "a23456789012345678901234567890123:0", NULL};
    sy_device_id id;
    (void)state;
    for (size_t i = 0; rows[i] != NULL; i++) {
        sy_error err = SY_ERROR_INIT;
        memset(&id, 1, sizeof id);
        if (sy_device_id_parse(rows[i], &id, &err) != SY_INVALID_ARGUMENT)
            fail_msg("\"%s\" was taken", rows[i]);
        assert_true(err.text[0] != '\0');
        assert_string_equal(id.backend, "");
    }
}

static void too_long_ids(void **state) {
    char text[2048];
    sy_device_id id;
    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_int_equal(sy_device_id_parse(text, &id, NULL), SY_INVALID_ARGUMENT);
    memcpy(text, "cpu?", 4);
    assert_int_equal(sy_device_id_parse(text, &id, NULL), SY_INVALID_ARGUMENT);
    text[4 + 255] = '\0';
    assert_int_equal(sy_device_id_parse(text, &id, NULL), SY_OK);
    memset(text, 'a', sizeof text - 1);
    memcpy(text, "cpu@/", 5);
    text[5 + 511] = '\0';
    assert_int_equal(sy_device_id_parse(text, &id, NULL), SY_INVALID_ARGUMENT);
    text[4 + 511] = '\0';
    assert_int_equal(sy_device_id_parse(text, &id, NULL), SY_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ids),
        cmocka_unit_test(bad_ids),
        cmocka_unit_test(too_long_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
