/* Lines of pools: every instruction set against plain loops. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/nn/nn_pool.h"
#include "tests/unit/kernels/gemm/elements.h"

enum { MOST = 5000, LINES = 11, ROOM = MOST * 3 + 64 };

static float data[LINES][ROOM], made[MOST + 8], right[MOST];

static void fill(void) {
    uint32_t state = 1;
    for (int t = 0; t < LINES; t++)
        for (int i = 0; i < ROOM; i++) {
            state = state * 1664525u + 1013904223u;
            data[t][i] = (float)((int32_t)(state >> 8) % 1000);
        }
}

/* By the definition; whole numbers, so that the order of sums does not matter. */
static void expect(const nn_pool_job *job, bool is_max) {
    for (int64_t i = 0; i < job->count; i++) {
        float value = job->onto ? made[i] : is_max ? -INFINITY : 0.0f;
        for (int64_t t = 0; t < job->lines; t++) {
            float x = job->line[t][i * job->stride];
            value = !is_max ? value + x : isnan(x) || isnan(value) ? NAN : fmaxf(value, x);
        }
        right[i] = is_max ? value : value * job->factor;
    }
}

static void compare(nn_pool_fn run, nn_pool_job job, bool is_max) {
    for (int i = 0; i < MOST + 8; i++)
        made[i] = (float)(i % 7);
    job.out = made;
    expect(&job, is_max);
    run(&job);
    for (int64_t i = 0; i < job.count; i++)
        if (made[i] != right[i] && !(isnan(made[i]) && isnan(right[i])))
            fail_msg("lines %d, stride %d, count %d: element %d is %g, not %g", (int)job.lines,
                (int)job.stride, (int)job.count, (int)i, (double)made[i], (double)right[i]);
    for (int64_t i = job.count; i < job.count + 8; i++)
        assert_true(made[i] == (float)(i % 7));
}

static void lines_of_any_number_stride_and_length(void **state) {
    (void)state;
    static const int64_t counts[] = {0, 1, 7, 16, 33, 64, 2048, 2049, MOST};
    uint32_t isas[MAX_ISAS];
    const float *line[LINES];
    fill();
    for (int t = 0; t < LINES; t++)
        line[t] = data[t] + t; /* at any address */
    data[3][5] = data[7][40] = NAN;
    for (int i = 0, n = usable_isas(isas); i < n; i++)
        for (int64_t lines = 1; lines <= LINES; lines++)
            for (int64_t stride = 1; stride <= 3; stride++)
                for (size_t c = 0; c < 2 * sizeof counts / sizeof counts[0]; c++) {
                    nn_pool_job job = {.line = line,
                        .lines = lines,
                        .stride = stride,
                        .count = counts[c / 2],
                        .factor = 0.25f,
                        .onto = c % 2};
                    compare(nn_pool_table(isas[i])->max_lines, job, true);
                    compare(nn_pool_table(isas[i])->sum_lines, job, false);
                }
}

static void values_are_made_one(void **state) {
    (void)state;
    uint32_t isas[MAX_ISAS];
    fill();
    for (int i = 0, n = usable_isas(isas); i < n; i++) {
        const nn_pool_kernels *kernels = nn_pool_table(isas[i]);
        for (int64_t count = 0; count < 130; count++) {
            float greatest = -INFINITY, sum = 0.0f;
            for (int64_t j = 0; j < count; j++) {
                greatest = fmaxf(greatest, data[0][j]);
                sum += data[0][j];
            }
            assert_true(kernels->max(data[0], count) == greatest);
            assert_true(kernels->sum(data[0], count) == sum);
        }
    }
}

static void a_nan_anywhere_wins(void **state) {
    (void)state;
    uint32_t isas[MAX_ISAS];
    for (int i = 0, n = usable_isas(isas); i < n; i++)
        for (int at = 0; at < 100; at++) {
            fill();
            data[0][at] = NAN;
            assert_true(isnan(nn_pool_table(isas[i])->max(data[0], 100)));
        }
}

/* What is not built, or not known, is done by what is below. */
static void every_set_has_kernels(void **state) {
    (void)state;
    for (uint32_t isa = 0; isa < 6; isa++)
        assert_non_null(nn_pool_table(isa | SY_ISA_VNNI));
    assert_ptr_equal(nn_pool_table(SY_ISA_GENERIC), &nn_pool_generic);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_any_number_stride_and_length),
        cmocka_unit_test(values_are_made_one),
        cmocka_unit_test(a_nan_anywhere_wins),
        cmocka_unit_test(every_set_has_kernels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
