/* Chips by their names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backends/ascend/soc.h"
#include "steelyard/types.h"

static void names_are_families(void **state) {
    (void)state;
    assert_int_equal(ascend_family_of("Ascend910B3"), ASCEND_910B);
    assert_int_equal(ascend_family_of("Ascend910_9392"), ASCEND_910B);
    assert_int_equal(ascend_family_of("Ascend910A"), ASCEND_910A);
    assert_int_equal(ascend_family_of("Ascend910ProB"), ASCEND_910A);
    assert_int_equal(ascend_family_of("Ascend310P3"), ASCEND_310P);
    assert_int_equal(ascend_family_of("Ascend310B4"), ASCEND_310B);
    assert_int_equal(ascend_family_of("Ascend950PR_957b"), ASCEND_950);
    assert_int_equal(ascend_family_of("Ascend910_55"), ASCEND_UNKNOWN);
    assert_int_equal(ascend_family_of("Ascend990"), ASCEND_UNKNOWN);
    assert_int_equal(ascend_family_of(NULL), ASCEND_UNKNOWN);
}

static void types_follow(void **state) {
    (void)state;
    assert_true(ascend_has_f32(ASCEND_910B) && ascend_has_f32(ASCEND_950) && ascend_has_f32(ASCEND_UNKNOWN));
    assert_false(ascend_has_f32(ASCEND_310P) || ascend_has_f32(ASCEND_910A) || ascend_has_f32(ASCEND_310B));
    assert_true((ascend_dtypes(ASCEND_910B) & SY_DTYPE_BIT(SY_S32)) != 0);
    assert_true((ascend_dtypes(ASCEND_310P) & (SY_DTYPE_BIT(SY_S8) | SY_DTYPE_BIT(SY_BF16))) == 0);
    assert_true((ascend_dtypes(ASCEND_310P) & SY_DTYPE_BIT(SY_F16)) != 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_families), cmocka_unit_test(types_follow)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
