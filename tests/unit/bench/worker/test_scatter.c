/* Strided copies against plain index arithmetic: every rank and element size, images, broadcasts, emptiness.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/worker/scatter.h"
#include "runtime/base/random.h"
#include "steelyard/spec.h"

enum { ROOM = 1 << 16 };
static unsigned char packed[ROOM], strided[ROOM], expected[ROOM], back[ROOM];

static int64_t count_of(const sy_tensor *tensor) {
    int64_t count = 1;
    for (uint32_t i = 0; i < tensor->rank; i++)
        count *= tensor->dim[i];
    return count;
}

/* Offset in elements of packed element `at`, by division from the last dimension on. */
static int64_t offset_of(const sy_tensor *tensor, int64_t at) {
    int64_t offset = 0;
    for (uint32_t i = tensor->rank; i-- > 0;) {
        offset += at % tensor->dim[i] * tensor->stride[i];
        at /= tensor->dim[i];
    }
    return offset;
}

static void check_both_ways(const sy_tensor *tensor) {
    size_t bytes = sy_dtype_size(tensor->dtype);
    int64_t count = count_of(tensor);
    for (size_t i = 0; i < ROOM; i++)
        packed[i] = (unsigned char)(i * 167 + (i >> 8) * 59 + 1);
    memset(strided, 0xee, ROOM);
    memset(expected, 0xee, ROOM);
    for (int64_t i = 0; i < count; i++)
        memcpy(expected + (size_t)offset_of(tensor, i) * bytes, packed + (size_t)i * bytes, bytes);
    sy_scatter(tensor, packed, strided);
    assert_memory_equal(strided, expected, ROOM); /* holes untouched, nothing beyond the end */
    memset(back, 0xcc, ROOM);
    sy_gather(tensor, strided, back);
    for (int64_t i = 0; i < count; i++)
        assert_memory_equal(back + (size_t)i * bytes, strided + (size_t)offset_of(tensor, i) * bytes, bytes);
    for (size_t i = (size_t)count * bytes; i < ROOM; i++)
        assert_int_equal(back[i], 0xcc);
}

/* Strides of a random order of the dimensions, with gaps. */
static void random_strides(sy_tensor *tensor, sy_random *random) {
    uint32_t order[SY_MAX_RANK];
    int64_t step = 1;
    for (uint32_t i = 0; i < tensor->rank; i++)
        order[i] = i;
    for (uint32_t i = tensor->rank; i > 1; i--) {
        uint32_t j = (uint32_t)sy_random_below(random, i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
    for (uint32_t i = 0; i < tensor->rank; i++) {
        tensor->stride[order[i]] = step + (int64_t)sy_random_below(random, 2);
        step = tensor->stride[order[i]] * tensor->dim[order[i]];
    }
}

static void every_rank_and_type_goes_both_ways(void **state) {
    (void)state;
    sy_random random;
    sy_random_seed(&random, 3, 1);
    for (uint32_t rank = 1; rank <= SY_MAX_RANK; rank++)
        for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++)
            for (int repeat = 0; repeat < 5; repeat++) {
                sy_tensor tensor = {.dtype = dtype, .rank = rank};
                for (uint32_t i = 0; i < rank; i++)
                    tensor.dim[i] = 1 + (int64_t)sy_random_below(&random, rank > 4 ? 2 : 4);
                random_strides(&tensor, &random);
                check_both_ways(&tensor);
            }
}

static void images_of_both_layouts(void **state) {
    (void)state;
    static const uint32_t layouts[] = {SY_IMAGE_NHWC, SY_IMAGE_NCHW};
    static const int64_t dims[][4] = {{1, 1, 1, 1}, {2, 3, 5, 7}, {1, 17, 1, 3}, {3, 1, 4, 1}};
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < sizeof dims / sizeof dims[0]; j++) {
            sy_tensor tensor = {.dtype = SY_F32, .rank = 4};
            memcpy(tensor.dim, dims[j], sizeof dims[j]);
            sy_tensor_set_strides(&tensor, layouts[i]);
            check_both_ways(&tensor);
        }
    sy_tensor nhwc = {.dtype = SY_F32, .rank = 4, .dim = {2, 3, 5, 7}};
    sy_tensor_set_strides(&nhwc, SY_IMAGE_NHWC);
    assert_int_equal(offset_of(&nhwc, 1 * 105 + 2 * 35 + 3 * 7 + 4), ((1 * 5 + 3) * 7 + 4) * 3 + 2);
}

static void stride_0_repeats_an_element(void **state) {
    (void)state;
    const int32_t one[] = {11, 22, 33};
    int32_t out[6] = {0};
    sy_tensor rows = {.dtype = SY_S32, .rank = 2, .dim = {2, 3}, .stride = {0, 1}};
    sy_tensor columns = {.dtype = SY_S32, .rank = 2, .dim = {3, 2}, .stride = {1, 0}};
    sy_gather(&rows, one, out);
    assert_memory_equal(out, ((int32_t[]){11, 22, 33, 11, 22, 33}), sizeof out);
    sy_gather(&columns, one, out);
    assert_memory_equal(out, ((int32_t[]){11, 11, 22, 22, 33, 33}), sizeof out);
    int32_t last[3] = {0};
    sy_scatter(&rows, (int32_t[]){1, 2, 3, 4, 5, 6}, last); /* the last one written stays */
    assert_memory_equal(last, ((int32_t[]){4, 5, 6}), sizeof last);
}

static void empty_tensors_touch_nothing(void **state) {
    (void)state;
    sy_tensor empty = {.dtype = SY_F64, .rank = 3, .dim = {2, 0, 4}, .stride = {4, 4, 1}};
    check_both_ways(&empty);
    empty = (sy_tensor){.dtype = SY_F64, .rank = 3, .dim = {2, 4, 0}, .stride = {4, 1, 2}};
    check_both_ways(&empty);
}

static void rank_0_is_one_element(void **state) {
    (void)state;
    sy_tensor scalar = {.dtype = SY_F64, .rank = 0};
    double from = 2.5, to = 0.0;
    sy_gather(&scalar, &from, &to);
    assert_true(to == 2.5);
    from = 3.5;
    sy_scatter(&scalar, &from, &to);
    assert_true(to == 3.5);
}

static void addresses_need_no_alignment(void **state) {
    (void)state;
    unsigned char odd[1 + 8 * 4], out[1 + 8 * 4];
    sy_tensor tensor = {.dtype = SY_F64, .rank = 2, .dim = {2, 2}, .stride = {1, 2}};
    for (size_t i = 0; i < sizeof odd; i++)
        odd[i] = (unsigned char)i;
    sy_gather(&tensor, odd + 1, out + 1);
    assert_memory_equal(out + 9, odd + 17, 8);
    assert_memory_equal(out + 17, odd + 9, 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_rank_and_type_goes_both_ways),
        cmocka_unit_test(images_of_both_layouts), cmocka_unit_test(stride_0_repeats_an_element),
        cmocka_unit_test(empty_tensors_touch_nothing), cmocka_unit_test(rank_0_is_one_element),
        cmocka_unit_test(addresses_need_no_alignment)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
