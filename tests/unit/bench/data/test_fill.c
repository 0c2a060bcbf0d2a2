/* Operands are the same however they are cut, of the right range, and unlike each other. */
#include "bench/data/fill.h"
#include "runtime/base/convert.h"
#include "runtime/base/seam.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DATA_COUNT = 4, MANY = 3000 };
#define LENGTH_OTHER 1112003u

typedef struct fixture {
    sy_data_block *block[DATA_COUNT];
} fixture;

static int set_up(void **state) {
    fixture *all = calloc(1, sizeof *all);
    assert_non_null(all);
    for (uint32_t data = 0; data < DATA_COUNT; data++)
        assert_int_equal(sy_data_block_create(data, 42, &all->block[data], NULL), SY_OK);
    *state = all;
    return 0;
}

static int tear_down(void **state) {
    fixture *all = *state;
    for (uint32_t data = 0; data < DATA_COUNT; data++)
        sy_data_block_destroy(all->block[data]);
    free(all);
    return 0;
}

static void make_problem(const char *text, sy_problem_storage *out_storage) {
    sy_spec spec;
    sy_error err = SY_ERROR_INIT;
    if (sy_spec_parse(text, NULL, &spec, &err) != SY_OK || sy_spec_problem(&spec, out_storage, &err) != SY_OK)
        fail_msg("%s: %s", text, err.text);
}

static const char *const problems[] = {"gemm:m=70,n=80,k=90", "gemm:m=70,n=80,k=90,dtype=f64",
    "gemm:m=70,n=80,k=90,dtype=f16,epilogue=bias", "gemm:m=70,n=80,k=90,dtype=bf16,beta=1",
    "gemm:m=70,n=80,k=500000,dtype=f8e4m3:f8e5m2:f8e4m3", "gemm:m=70,n=80,k=90,dtype=u8,beta=1",
    "gemm:m=70,n=80,k=90,dtype=s8:s8:f16:s32,epilogue=dequant"};
#define PROBLEM_COUNT (sizeof problems / sizeof problems[0])

static void any_cut_gives_the_same_bytes(void **state) {
    const fixture *all = *state;
    for (size_t p = 0; p < PROBLEM_COUNT; p++)
        for (uint32_t data = 0; data < DATA_COUNT; data++) {
            sy_problem_storage storage;
            make_problem(problems[p], &storage);
            for (uint32_t t = 0; t < storage.problem.n_in; t++) {
                if ((storage.tensor[t].flags & SY_TENSOR_ABSENT) != 0)
                    continue;
                size_t size = sy_dtype_size(storage.tensor[t].dtype);
                unsigned char whole[MANY * 8], cut[MANY * 8];
                uint64_t first = LENGTH_OTHER - 700; /* so that it wraps for most offsets it crosses */
                sy_data_fill(all->block[data], &storage, 9, t, 3, first, MANY, whole);
                for (uint64_t at = 0, part = 1; at < MANY; at += part, part = part * 3 % 1021 + 1) {
                    if (part > MANY - at)
                        part = MANY - at;
                    sy_data_fill(all->block[data], &storage, 9, t, 3, first + at, part, cut + at * size);
                }
                assert_memory_equal(whole, cut, MANY * size);
            }
        }
}

static void f64_values_are_those_of_the_bytes(void **state) {
    const fixture *all = *state;
    for (size_t p = 0; p < PROBLEM_COUNT; p++)
        for (uint32_t data = 0; data < DATA_COUNT; data++) {
            sy_problem_storage storage;
            make_problem(problems[p], &storage);
            for (uint32_t t = 0; t < storage.problem.n_in; t++) {
                if ((storage.tensor[t].flags & SY_TENSOR_ABSENT) != 0)
                    continue;
                double bytes[MANY * 1], from_bytes[MANY], direct[MANY], strided[MANY / 7];
                sy_data_fill(all->block[data], &storage, 1, t, 0, 5, MANY, bytes);
                sy_convert_to_f64(storage.tensor[t].dtype, bytes, MANY, from_bytes);
                sy_data_fill_f64(all->block[data], &storage, 1, t, 0, 5, MANY, direct);
                sy_data_gather_f64(all->block[data], &storage, 1, t, 0, 5, 7, MANY / 7, strided);
                for (size_t i = 0; i < MANY; i++)
                    assert_true(from_bytes[i] == direct[i] && isfinite(direct[i]));
                for (size_t i = 0; i < MANY / 7; i++)
                    assert_true(strided[i] == direct[7 * i]);
            }
        }
}

typedef struct moments {
    double mean, deviation, least, most;
} moments;

static moments measure(
    const sy_data_block *block, const char *problem, uint32_t tensor_index, uint32_t count) {
    sy_problem_storage storage;
    make_problem(problem, &storage);
    double *values = malloc(count * sizeof *values), sum = 0.0, square = 0.0;
    assert_non_null(values);
    sy_data_fill_f64(block, &storage, 77, tensor_index, 1, 0, count, values);
    moments out = {.least = values[0], .most = values[0]};
    for (uint32_t i = 0; i < count; i++) {
        sum += values[i];
        square += values[i] * values[i];
        out.least = fmin(out.least, values[i]);
        out.most = fmax(out.most, values[i]);
    }
    free(values);
    out.mean = sum / count;
    out.deviation = sqrt(square / count - out.mean * out.mean);
    return out;
}

static void assert_moments(moments is, double mean, double deviation, double least, double most) {
    assert_true(fabs(is.mean - mean) < 0.02 * deviation + 1e-12);
    assert_true(fabs(is.deviation - deviation) < 0.02 * deviation + 1e-12);
    assert_true(is.least >= least && is.most <= most);
}

static void distributions_are_what_they_say(void **state) {
    const fixture *all = *state;
    const sy_data_block *uniform = all->block[SY_DATA_UNIFORM], *normal = all->block[SY_DATA_NORMAL];
    const uint32_t many = 200000;
    assert_moments(measure(uniform, "gemm:m=9,n=9,k=9", 0, many), 0, 1 / sqrt(3), -1, 1);
    assert_moments(measure(uniform, "gemm:m=9,n=9,k=9,dtype=bf16", 1, many), 0, 1 / sqrt(3), -1, 1);
    assert_moments(measure(uniform, "gemm:m=9,n=9,k=9,dtype=s8", 0, many), 0, 255 / sqrt(12), -127, 127);
    assert_moments(measure(uniform, "gemm:m=9,n=9,k=9,dtype=u8", 0, many), 127.5, 256 / sqrt(12), 0, 255);
    assert_moments(measure(normal, "gemm:m=9,n=9,k=9", 1, many), 0, 1, -4, 4);
    assert_moments(measure(normal, "gemm:m=9,n=9,k=9,dtype=f16", 0, many), 0, 1, -4, 4);
    assert_moments(measure(normal, "gemm:m=9,n=9,k=9,dtype=s8", 0, many), 0, 127.5 / 4, -127, 127);
    assert_moments(measure(all->block[SY_DATA_ZEROS], "gemm:m=9,n=9,k=9", 0, many), 0, 0, 0, 0);
    assert_moments(measure(uniform, "gemm:m=9,n=9,k=9,dtype=s8:s8:f16:s32,epilogue=dequant", 3, many),
        1.0 / 127, 0.25 / 127 / sqrt(3), 0.75 / 127, 1.25 / 127);
    moments narrow = measure(uniform, "gemm:m=9,n=9,k=500000,dtype=f8e4m3:f8e4m3:f8e4m3", 0, many);
    assert_true(8 * narrow.deviation * sqrt(500000.0 / 3.0) <= 448 && narrow.deviation > 0.05);
}

/* Sums of |a||b| over the whole length stay within what the accumulator holds exactly. */
static void integers_stay_exact(void **state) {
    const fixture *all = *state;
    static const struct {
        const char *problem;
        double limit;
    } cases[] = {{"gemm:m=2,n=2,k=4096", 0x1p24}, {"gemm:m=2,n=2,k=500000", 0x1p24},
        {"gemm:m=2,n=2,k=500000,dtype=bf16", 0x1p24}, {"gemm:m=2,n=2,k=4096,dtype=f16:f16:f16:f16", 2048},
        {"gemm:m=2,n=2,k=500000,dtype=f16:f16:f16:f16", 2048}, {"gemm:m=2,n=2,k=500000,dtype=u8", 0x1p31},
        {"conv2d:n=1,c=512,h=3,w=3,k=2,r=3,s=3,dtype=f16:f16:f16:f16", 2048}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        sy_problem_storage storage;
        make_problem(cases[c].problem, &storage);
        uint64_t length = c == 6 ? 512 * 9 : (uint64_t)storage.tensor[0].dim[2];
        double *a = malloc(2 * length * sizeof *a), *b = a + length, sum = 0.0, used = 0.0;
        assert_non_null(a);
        sy_data_fill_f64(all->block[SY_DATA_INTEGER], &storage, 5, 0, 0, 0, length, a);
        sy_data_fill_f64(all->block[SY_DATA_INTEGER], &storage, 5, 1, 0, 0, length, b);
        for (uint64_t i = 0; i < length; i++) {
            assert_true(a[i] == floor(a[i]) && b[i] == floor(b[i]));
            sum += fabs(a[i] * b[i]);
            used += a[i] != 0.0;
        }
        assert_true(sum <= cases[c].limit);
        assert_true(used >= 100);
        free(a);
    }
}

/* Correlation of two stretches that an operand holds. */
static double correlation(const double *a, const double *b, uint32_t count) {
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        ab += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return ab / sqrt(aa * bb);
}

/* Rows of a matrix are windows of one sequence: no two may be the same, nor may tensors or sets. */
static void rows_tensors_and_sets_are_unrelated(void **state) {
    const fixture *all = *state;
    static const uint64_t depths[] = {1, 64, 1000, 4096, 28672, 65536, 500000, 1112002, 1112004};
    sy_problem_storage storage;
    make_problem("gemm:m=9,n=9,k=9", &storage);
    enum { WINDOW = 4096 };
    static double base[WINDOW], other[WINDOW];
    sy_data_fill_f64(all->block[0], &storage, 3, 0, 0, 0, WINDOW, base);
    for (size_t d = 0; d < sizeof depths / sizeof depths[0]; d++)
        for (uint64_t row = 1; row < 600; row++) {
            uint64_t place = row * depths[d] % LENGTH_OTHER; /* the block's length */
            if (place == 0)
                fail_msg("row %llu of depth %llu repeats row 0", (unsigned long long)row,
                    (unsigned long long)depths[d]);
        }
    for (uint32_t what = 1; what < 6; what++) {
        uint64_t key = what == 1 ? 4 : 3, set = what == 2 ? 1 : 0;
        uint32_t tensor = what == 3 ? 1 : 0;
        uint64_t first = what == 4 ? 4096 : what == 5 ? 4097 : 0;
        sy_data_fill_f64(all->block[0], &storage, key, tensor, set, first, WINDOW, other);
        assert_true(fabs(correlation(base, other, WINDOW)) < 0.1);
    }
    sy_data_fill_f64(all->block[0], &storage, 3, 0, 0, LENGTH_OTHER, WINDOW, other);
    assert_true(correlation(base, other, WINDOW) > 0.999); /* and it does wrap */
}

static uint64_t digest(const void *bytes, size_t count) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* FNV-1a of the first elements, so that a change of the values or of a platform shows. */
static void values_are_the_same_everywhere(void **state) {
    const fixture *all = *state;
    static const uint64_t expected[] = {
        UINT64_C(0x8be4b091ffe86498), UINT64_C(0x97cc0af19a8b1730), UINT64_C(0xf1eaa6415c8b4ea3)};
    for (uint32_t data = 0; data < 3; data++) {
        float values[MANY];
        sy_problem_storage storage;
        make_problem("gemm:m=70,n=80,k=90", &storage);
        sy_data_fill(all->block[data], &storage, 123, 1, 2, 0, MANY, values);
        if (digest(values, sizeof values) != expected[data])
            fail_msg("%s: 0x%016llx", sy_data_name(data), (unsigned long long)digest(values, sizeof values));
    }
}

static void names_go_both_ways(void **state) {
    (void)state;
    for (uint32_t data = 0; data < DATA_COUNT; data++) {
        uint32_t parsed = 99;
        assert_true(sy_data_parse(sy_data_name(data), &parsed));
        assert_int_equal(parsed, data);
    }
    uint32_t untouched = 7;
    assert_false(sy_data_parse("gauss", &untouched));
    assert_int_equal(untouched, 7);
    assert_string_equal(sy_data_name(4), "?");
}

static void failures_leave_nothing_behind(void **state) {
    (void)state;
    sy_data_block *block = (sy_data_block *)1;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_data_block_create(4, 1, &block, &err), SY_INVALID_ARGUMENT);
    assert_null(block);
    for (uint64_t k = 1;; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_data_block_create(SY_DATA_UNIFORM, 1, &block, &err);
        sy_seam_disarm();
        if (status == SY_OK)
            break;
        assert_int_equal(status, SY_OUT_OF_MEMORY);
        assert_null(block);
        assert_true(k < 100);
    }
    sy_data_block_destroy(block);
    sy_data_block_destroy(NULL);
}

/* Without memory for a whole stream in a type, the values are the same. */
static void without_memory_values_are_the_same(void **state) {
    (void)state;
    static const char *const kinds[] = {"gemm:m=70,n=40,k=50,dtype=bf16:bf16:f32",
        "gemm:m=70,n=40,k=50,dtype=s8:s8:s32", "gemm:m=70,n=40,k=50,dtype=f32:f32:f32"};
    enum { COUNT = 1500 };
    static char bytes[2][COUNT * 4];
    static double values[2][3][COUNT];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (int has_memory = 0; has_memory < 2; has_memory++) {
            sy_problem_storage storage;
            sy_spec spec;
            sy_data_block *block = NULL;
            assert_int_equal(sy_spec_parse(kinds[i], NULL, &spec, NULL), SY_OK);
            assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
            assert_int_equal(sy_data_block_create(SY_DATA_NORMAL, 5, &block, NULL), SY_OK);
            uint64_t first = has_memory ? 0 : 1;
            sy_seam_arm(SY_SEAM_ALLOC, first);
            sy_data_fill(block, &storage, 7, 1, 2, 3, COUNT, bytes[has_memory]);
            sy_seam_arm(SY_SEAM_ALLOC, first);
            sy_data_fill_f64(block, &storage, 7, 1, 2, 3, COUNT, values[has_memory][0]);
            sy_seam_arm(SY_SEAM_ALLOC, first);
            sy_data_gather_f64(block, &storage, 7, 1, 2, 3, 11, COUNT, values[has_memory][1]);
            sy_seam_disarm();
            sy_data_fill_f64(block, &storage, 7, 1, 2, 3, COUNT, values[has_memory][2]);
            sy_data_block_destroy(block);
        }
        assert_memory_equal(bytes[0], bytes[1], sizeof bytes[0]);
        assert_memory_equal(values[0], values[1], sizeof values[0]);
        assert_memory_equal(values[0][0], values[0][2], sizeof values[0][0]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_cut_gives_the_same_bytes),
        cmocka_unit_test(f64_values_are_those_of_the_bytes),
        cmocka_unit_test(distributions_are_what_they_say), cmocka_unit_test(integers_stay_exact),
        cmocka_unit_test(rows_tensors_and_sets_are_unrelated),
        cmocka_unit_test(values_are_the_same_everywhere), cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(failures_leave_nothing_behind),
        cmocka_unit_test(without_memory_values_are_the_same)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
