/* Elements of every type: loads are exact, stores round once and saturate. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/element.h"
#include "steelyard/types.h"

static double through(uint32_t dtype, bool wraps, double value) {
    double store[2] = {0.0, 0.0};
    sy_cpu_element_store(dtype, wraps, value, store, 1);
    return sy_cpu_element_load(dtype, store, 1);
}

static void small_whole_numbers_survive(void **state) {
    (void)state;
    for (uint32_t dtype = SY_F64; dtype < SY_DTYPE_COUNT; dtype++)
        for (double value = 0.0; value <= 8.0; value += 1.0) {
            assert_true(through(dtype, false, value) == value);
            if (dtype != SY_U8)
                assert_true(through(dtype, false, -value) == -value);
        }
}

static void integers_saturate_or_wrap(void **state) {
    (void)state;
    assert_true(through(SY_S8, false, 1000.0) == 127.0);
    assert_true(through(SY_S8, false, -1000.0) == -128.0);
    assert_true(through(SY_U8, false, -1.0) == 0.0);
    assert_true(through(SY_U8, false, 255.6) == 255.0);
    assert_true(through(SY_S32, false, 3e9) == 2147483647.0);
    assert_true(through(SY_S32, true, 3e9) == 3e9 - 4294967296.0);
    assert_true(through(SY_S32, true, 1e30) == 2147483647.0);
    assert_true(through(SY_S8, false, (double)NAN) == 0.0);
    assert_true(through(SY_S32, true, (double)NAN) == 0.0);
    assert_true(through(SY_S8, false, 2.5) == 2.0 && through(SY_S8, false, 3.5) == 4.0);
}

static void floats_round_to_nearest_even(void **state) {
    (void)state;
    assert_true(through(SY_F32, false, 1.0 + 0x1p-25) == 1.0);
    assert_true(through(SY_BF16, false, 257.0) == 256.0);
    assert_true(through(SY_BF16, false, 259.0) == 260.0);
    assert_true(isinf(through(SY_F16, false, 1e6)));
    assert_true(isnan(through(SY_F8E4M3, false, 1e6)));
    assert_true(isnan(through(SY_F64, false, (double)NAN)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_whole_numbers_survive),
        cmocka_unit_test(integers_saturate_or_wrap),
        cmocka_unit_test(floats_round_to_nearest_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
