/* Names to values: many, colliding slots, lack of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/model/onnx/names.h"

static void many_names_are_found(void **state) {
    (void)state;
    enum { COUNT = 5000 };
    static char text[COUNT][16];
    unsigned char key[SY_NAMES_KEY_BYTES];
    sy_net_arena arena = {0};
    sy_names names = {.arena = &arena, .key = key};
    uint32_t value = 0;
    sy_names_make_key(key);
    assert_false(sy_names_find(&names, "name0", &value));
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(text[i], sizeof text[i], "name%u", i);
        assert_true(sy_names_add(&names, text[i], i));
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        char copy[16];
        snprintf(copy, sizeof copy, "name%u", i);
        assert_true(sy_names_find(&names, copy, &value));
        assert_int_equal(value, i);
    }
    assert_false(sy_names_find(&names, "name5000", &value));
    assert_false(sy_names_find(&names, "", &value));
    sy_net_arena_release(&arena);
}

static void no_memory_is_told(void **state) {
    (void)state;
    unsigned char key[SY_NAMES_KEY_BYTES] = {0};
    sy_net_arena arena = {0};
    sy_names names = {.arena = &arena, .key = key};
    uint32_t value = 0;
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_false(sy_names_add(&names, "a", 1));
    sy_seam_disarm();
    assert_false(sy_names_find(&names, "a", &value));
    assert_true(sy_names_add(&names, "a", 1));
    assert_true(sy_names_find(&names, "a", &value));
    sy_net_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_names_are_found),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
