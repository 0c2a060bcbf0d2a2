/* A CNRT from before 6 is recognised and refused. */
#include "tests/unit/backends/cambricon/world.h"

static void told_to_be_too_old(void **state) {
    (void)state;
    world w = {0};
    uint32_t count = 7;
    world_begin(&w, "cambricon_legacy", "");
    assert_int_equal(w.on.api->device->count(w.backend, &count, &w.error), SY_INCOMPATIBLE);
    assert_int_equal(count, 0);
    world_says(w.error.text, "Neuware is too old");
    world_says(w.error.text, "cnrtQueueCreate");
    world_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(told_to_be_too_old)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
