/* The edge between two levels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#include "bench/history/split.h"

static size_t find(const double *values, size_t count, size_t near) {
    double scratch[16];
    return sy_split_find(values, count, near, scratch);
}

static void the_edge_is_found_from_any_start(void **state) {
    (void)state;
    const double step[] = {1, 2, 1, 2, 1, 2, 9, 8, 9, 8, 9, 8};
    const double wild[] = {1, 2, 99, 2, 1, 2, 9, 8, 9, -90, 9, 8};
    for (size_t near = 4; near <= 8; near++) {
        assert_int_equal(find(step, 12, near), 6);
        assert_int_equal(find(wild, 12, near), 6);
    }
}

static void each_side_keeps_its_least(void **state) {
    (void)state;
    const double early[] = {1, 9, 9, 9, 9, 9, 9, 9, 9}, late[] = {1, 1, 1, 1, 1, 1, 1, 9};
    assert_int_equal(find(early, 9, 5), 4);
    assert_int_equal(find(late, 8, 4), 4);
    assert_int_equal(find(late, 7, 3), 3);
    assert_int_equal(find(late, 8, 0), 0);
    assert_int_equal(find(late, 8, 8), 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_edge_is_found_from_any_start),
        cmocka_unit_test(each_side_keeps_its_least),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
