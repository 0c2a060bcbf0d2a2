/* Handles: no pointers, of one kind, never given twice. */
#include "tests/vendor_sim/common/handle.h"

#include "tests/unit/vendor_sim/common/rig.h"

static void test_life(void **state) {
    (void)state;
    rig_begin("");
    void *object;
    void *handle = sim_handle_make("thing", 8, &object);
    assert_ptr_equal(sim_handle_get(handle, "thing"), object);
    assert_ptr_not_equal(handle, object);
    assert_null(sim_handle_get(handle, "other"));
    assert_null(sim_handle_get(NULL, "thing"));
    assert_null(sim_handle_get((char *)handle + 16, "thing"));
    assert_null(sim_handle_peek((char *)handle + 4, "thing"));
    sim_handle_destroy(handle);
    assert_null(sim_handle_get(handle, "thing"));
    void *second = sim_handle_make("thing", 8, NULL);
    assert_ptr_not_equal(second, handle);
    sim_handle_destroy(second);
    rig_end();
    assert_int_equal(sim_made_total("thing"), 2);
    assert_int_equal(sim_misuses("use_after_destroy"), 1);
    assert_int_equal(sim_misuses("wrong_handle"), 3);
}

/* The table does not grow with what is gone, and no handle comes back. */
static void test_many(void **state) {
    (void)state;
    rig_begin("");
    void *first = sim_handle_make("thing", 8, NULL), *kept = sim_handle_make("thing", 8, NULL);
    sim_handle_destroy(first);
    for (int i = 0; i < 1000; i++) {
        void *next = sim_handle_make("other", 8, NULL);
        assert_ptr_not_equal(next, first);
        assert_ptr_not_equal(next, kept);
        assert_null(sim_handle_get(first, "thing"));
        sim_handle_destroy(next);
    }
    assert_non_null(sim_handle_get(kept, "thing"));
    sim_handle_destroy(kept);
    rig_end();
    assert_int_equal(sim_misuses("use_after_destroy"), 1000);
    assert_int_equal(sim_misuses("wrong_handle"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_life), cmocka_unit_test(test_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
