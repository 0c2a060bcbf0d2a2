/* Errors against a tensor's scale. */
#include "bench/tensor/nearness.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "steelyard/model.h"
#include "tests/support/near.h"

static void the_worst_element_is_told(void **state) {
    (void)state;
    const float right[] = {1, -1, 1, -1}, wrong[] = {1, -1, 1.002f, -1.001f};
    sy_nearness found = sy_nearness_of(SY_F32, wrong, right, 4);
    assert_near(2e-3, found.error, 1e-6);
    assert_int_equal(2, found.at);
    assert_true(found.right == 1.0);
}

static void small_elements_of_a_large_tensor_have_its_scale(void **state) {
    (void)state;
    const float right[] = {100, 0, 0, 0}, wrong[] = {100, 0.01f, 0, 0};
    assert_near(0.01 / 50.0, sy_nearness_of(SY_F32, wrong, right, 4).error, 1e-8);
}

static void what_is_lost_shows(void **state) {
    (void)state;
    float right[600], zeros[600] = {0};
    for (int i = 0; i < 600; i++)
        right[i] = (float)(i % 7) - 3.0f;
    assert_true(sy_nearness_of(SY_F32, zeros, right, 600).error > 1.0);
    assert_true(sy_nearness_of(SY_F32, right, right, 600).error == 0.0);
    float one_off[600];
    for (int i = 0; i < 600; i++)
        one_off[i] = right[i];
    one_off[599] += 0.1f;
    sy_nearness found = sy_nearness_of(SY_F32, one_off, right, 600);
    assert_true(found.error > 0.04);
    assert_int_equal(599, found.at);
}

static void what_is_not_finite_must_be_the_same(void **state) {
    (void)state;
    const float a[] = {NAN, INFINITY, 1}, b[] = {NAN, INFINITY, 1}, c[] = {0, INFINITY, 1},
                d[] = {NAN, -INFINITY, 1};
    assert_true(sy_nearness_of(SY_F32, a, b, 3).error == 0.0);
    assert_true(isinf(sy_nearness_of(SY_F32, c, b, 3).error));
    assert_true(isinf(sy_nearness_of(SY_F32, d, b, 3).error));
    assert_true(isinf(sy_nearness_of(SY_F32, b, c, 3).error));
}

static void whole_numbers_are_exact(void **state) {
    (void)state;
    const int64_t right[] = {1000, 2}, wrong[] = {1000, 3};
    assert_true(sy_nearness_of(SY_S64, right, right, 2).error == 0.0);
    assert_true(sy_nearness_of(SY_S64, wrong, right, 2).error == 1.0);
    assert_true(sy_nearness_of(SY_F32, NULL, NULL, 0).error == 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worst_element_is_told),
        cmocka_unit_test(small_elements_of_a_large_tensor_have_its_scale),
        cmocka_unit_test(what_is_lost_shows),
        cmocka_unit_test(what_is_not_finite_must_be_the_same),
        cmocka_unit_test(whole_numbers_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
