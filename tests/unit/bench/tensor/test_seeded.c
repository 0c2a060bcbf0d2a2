/* Inputs from a seed: the same each time, within their range, for every type. */
#include "bench/tensor/seeded.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/tensor/element.h"

enum { COUNT = 5000 };

/* Filled values as f64. */
static double *fill(const sy_seeded *how, uint32_t dtype) {
    sy_host_tensor tensor = {.dtype = dtype, .rank = 1, .dim = {COUNT}};
    double *values = calloc(COUNT, sizeof *values);
    assert_int_equal(SY_OK, sy_host_tensor_alloc(&tensor, NULL));
    assert_int_equal(SY_OK, sy_seeded_fill(how, &tensor, NULL));
    sy_element_to_f64(dtype, tensor.data, COUNT, values);
    sy_host_tensor_release(&tensor);
    return values;
}

static void bounds(const double *values, double *out_low, double *out_high) {
    *out_low = INFINITY;
    *out_high = -INFINITY;
    for (size_t i = 0; i < COUNT; i++) {
        *out_low = fmin(*out_low, values[i]);
        *out_high = fmax(*out_high, values[i]);
    }
}

static void check(const sy_seeded *how, uint32_t dtype, double low, double high) {
    double least, most, *values = fill(how, dtype);
    bounds(values, &least, &most);
    assert_true(least >= low && most <= high);
    assert_true(high == low || (least < low + 0.1 * (high - low) && most > high - 0.1 * (high - low)));
    free(values);
}

static void each_type_has_its_range(void **state) {
    (void)state;
    sy_seeded how = {.data = SY_DATA_UNIFORM, .seed = 1};
    check(&how, SY_F32, -1, 1);
    check(&how, SY_F16, -1, 1);
    check(&how, SY_BF16, -1, 1);
    check(&how, SY_F64, -1, 1);
    check(&how, SY_S64, 0, 999);
    check(&how, SY_S32, 0, 999);
    check(&how, SY_U16, 0, 999);
    check(&how, SY_U8, 0, 255);
    check(&how, SY_S8, 0, 127);
    check(&how, SY_BOOL, 0, 1);
    how.data = SY_DATA_INTEGER;
    check(&how, SY_F32, -8, 8);
    how.data = SY_DATA_ZEROS;
    check(&how, SY_F32, 0, 0);
    check(&how, SY_S64, 0, 0);
}

static void a_range_is_kept(void **state) {
    (void)state;
    sy_seeded how = {.seed = 1, .has_range = true, .low = -3, .high = 30521};
    check(&how, SY_S64, -3, 30521);
    check(&how, SY_F32, -3, 30521);
    how.low = how.high = 7;
    check(&how, SY_S32, 7, 7);
}

static void impossible_ranges_are_told(void **state) {
    (void)state;
    sy_error error = SY_ERROR_INIT;
    sy_host_tensor tensor = {.dtype = SY_U8, .rank = 1, .dim = {4}};
    assert_int_equal(SY_OK, sy_host_tensor_alloc(&tensor, NULL));
    sy_seeded how = {.seed = 1, .has_range = true, .low = 0, .high = 256};
    assert_int_equal(SY_INVALID_ARGUMENT, sy_seeded_fill(&how, &tensor, &error));
    assert_string_equal("no values of type u8 from 0 to 256", error.text);
    how = (sy_seeded){.has_range = true, .low = 2, .high = 1};
    assert_int_equal(SY_INVALID_ARGUMENT, sy_seeded_fill(&how, &tensor, &error));
    sy_host_tensor_release(&tensor);
}

static void seeds_and_streams_tell_values_apart(void **state) {
    (void)state;
    sy_seeded how = {.data = SY_DATA_NORMAL, .seed = 1};
    double *first = fill(&how, SY_F32), *again = fill(&how, SY_F32);
    assert_memory_equal(first, again, COUNT * sizeof *first);
    how.stream = 1;
    double *other = fill(&how, SY_F32);
    how.stream = 0;
    how.seed = 2;
    double *another = fill(&how, SY_F32);
    size_t same = 0;
    for (size_t i = 0; i < COUNT; i++)
        same += first[i] == other[i] || first[i] == another[i];
    assert_true(same < 5);
    free(first);
    free(again);
    free(other);
    free(another);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_has_its_range),
        cmocka_unit_test(a_range_is_kept),
        cmocka_unit_test(impossible_ranges_are_told),
        cmocka_unit_test(seeds_and_streams_tell_values_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
