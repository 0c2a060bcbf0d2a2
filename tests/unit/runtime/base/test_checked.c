/* Checked arithmetic at the edges of its types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/base/checked.h"

static void unsigned_edges(void **state) {
    uint64_t out;
    (void)state;
    assert_true(sy_add_u64(UINT64_MAX - 1, 1, &out) && out == UINT64_MAX);
    assert_false(sy_add_u64(UINT64_MAX, 1, &out));
    assert_true(sy_mul_u64(UINT64_C(1) << 32, UINT32_MAX, &out) && out == UINT64_C(0xffffffff00000000));
    assert_false(sy_mul_u64(UINT64_C(1) << 32, UINT64_C(1) << 32, &out));
    assert_true(sy_mul_u64(0, UINT64_MAX, &out) && out == 0);
}

static void signed_edges(void **state) {
    int64_t out;
    (void)state;
    assert_true(sy_add_i64(INT64_MAX, -1, &out) && out == INT64_MAX - 1);
    assert_false(sy_add_i64(INT64_MAX, 1, &out));
    assert_false(sy_add_i64(INT64_MIN, -1, &out));
    assert_true(sy_mul_i64(INT64_MIN, 1, &out) && out == INT64_MIN);
    assert_false(sy_mul_i64(INT64_MIN, -1, &out));
    assert_false(sy_mul_i64(INT64_C(1) << 32, INT64_C(1) << 31, &out));
}

static void rounding_up(void **state) {
    uint64_t out;
    (void)state;
    assert_true(sy_round_up_u64(0, 64, &out) && out == 0);
    assert_true(sy_round_up_u64(1, 64, &out) && out == 64);
    assert_true(sy_round_up_u64(64, 64, &out) && out == 64);
    assert_true(sy_round_up_u64(65, 3, &out) && out == 66);
    assert_true(sy_round_up_u64(UINT64_MAX, 1, &out) && out == UINT64_MAX);
    assert_false(sy_round_up_u64(UINT64_MAX, 2, &out));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsigned_edges),
        cmocka_unit_test(signed_edges),
        cmocka_unit_test(rounding_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
