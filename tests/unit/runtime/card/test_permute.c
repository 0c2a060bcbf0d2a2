/* Every element at its place, whatever the strides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/card/permute.h"

static sy_tensor tensor_of(uint32_t dtype, uint32_t rank, const int64_t *dim, const int64_t *stride) {
    sy_tensor tensor = {.size = sizeof tensor, .dtype = dtype, .rank = rank};
    memcpy(tensor.dim, dim, rank * sizeof *dim);
    memcpy(tensor.stride, stride, rank * sizeof *stride);
    return tensor;
}

static int64_t place(const sy_tensor *tensor, const int64_t *at) {
    int64_t offset = 0;
    for (uint32_t i = 0; i < tensor->rank; i++)
        offset += at[i] * tensor->stride[i];
    return offset;
}

/* Next index; false after the last. */
static bool step(const sy_tensor *tensor, int64_t *at) {
    for (uint32_t i = tensor->rank; i-- > 0;) {
        if (++at[i] < tensor->dim[i])
            return true;
        at[i] = 0;
    }
    return false;
}

static void compare(const sy_tensor *from, const sy_tensor *to, size_t elements) {
    size_t bytes = sy_dtype_size(from->dtype);
    unsigned char *source = malloc(elements * bytes), *target = malloc(elements * bytes);
    for (size_t i = 0; i < elements * bytes; i++)
        source[i] = (unsigned char)(i * 131 + i / 251);
    memset(target, 0, elements * bytes);
    sy_card_permute(from, source, to, target);
    int64_t at[SY_MAX_RANK] = {0};
    do
        assert_memory_equal(
            source + place(from, at) * (int64_t)bytes, target + place(to, at) * (int64_t)bytes, bytes);
    while (step(from, at));
    free(source);
    free(target);
}

static void test_transposes(void **state) {
    static const uint32_t types[] = {SY_F8E4M3, SY_F16, SY_F32, SY_F64};
    const int64_t dim[] = {3, 67, 33}, rows[] = {67 * 33, 33, 1}, columns[] = {67 * 33, 1, 67};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        sy_tensor from = tensor_of(types[i], 3, dim, rows), to = tensor_of(types[i], 3, dim, columns);
        compare(&from, &to, 3 * 67 * 33);
        compare(&to, &from, 3 * 67 * 33);
    }
}

static void test_images(void **state) {
    const int64_t dim[] = {2, 5, 7, 9}, first[] = {315, 63, 9, 1}, last[] = {315, 1, 45, 5};
    (void)state;
    sy_tensor from = tensor_of(SY_F16, 4, dim, first), to = tensor_of(SY_F16, 4, dim, last);
    compare(&from, &to, 630);
    compare(&to, &from, 630);
}

static void test_gaps_and_odd_ranks(void **state) {
    const int64_t dim[] = {4, 3}, padded[] = {8, 1}, packed[] = {3, 1}, one[] = {1}, steps[] = {5};
    const int64_t many[] = {2, 1, 3, 1, 2, 2}, strides[] = {24, 24, 8, 8, 4, 2},
                  dense[] = {12, 12, 4, 4, 2, 1};
    (void)state;
    sy_tensor from = tensor_of(SY_F32, 2, dim, padded), to = tensor_of(SY_F32, 2, dim, packed);
    compare(&from, &to, 32);
    from = tensor_of(SY_F32, 1, one, steps);
    compare(&from, &from, 8);
    from = tensor_of(SY_S8, 6, many, strides);
    to = tensor_of(SY_S8, 6, many, dense);
    compare(&from, &to, 48);
}

/* What lies between elements, and everything of an empty tensor, stays. */
static void test_touches_nothing_else(void **state) {
    const int64_t dim[] = {2, 2}, packed[] = {2, 1}, padded[] = {3, 1}, none[] = {0, 4};
    const unsigned char source[] = {1, 2, 3, 4};
    unsigned char target[] = {9, 9, 9, 9, 9, 9};
    (void)state;
    sy_tensor from = tensor_of(SY_S8, 2, dim, packed), to = tensor_of(SY_S8, 2, dim, padded);
    sy_card_permute(&from, source, &to, target);
    const unsigned char expected[] = {1, 2, 9, 3, 4, 9};
    assert_memory_equal(target, expected, 6);
    from = tensor_of(SY_S8, 2, none, packed);
    sy_card_permute(&from, source, &from, target);
    assert_memory_equal(target, expected, 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_transposes), cmocka_unit_test(test_images),
        cmocka_unit_test(test_gaps_and_odd_ranks), cmocka_unit_test(test_touches_nothing_else)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
