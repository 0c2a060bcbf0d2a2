/* A matrix times a vector: every instruction set against plain loops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/nn/nn_dot.h"
#include "tests/unit/kernels/gemm/elements.h"

enum { ROWS = 9, DEPTH = 133 };

static float matrix[ROWS * DEPTH + 1], x[DEPTH + 1];

/* Whole numbers, whose sums are exact in any order. */
static void fill(void) {
    for (int i = 0; i < ROWS * DEPTH + 1; i++)
        matrix[i] = (float)((i * 7) % 23 - 11);
    for (int i = 0; i < DEPTH + 1; i++)
        x[i] = (float)((i * 5) % 19 - 9);
}

static void sums_of_any_depth_and_number_of_rows(void **state) {
    (void)state;
    uint32_t isas[MAX_ISAS];
    fill();
    for (int i = 0, n = usable_isas(isas); i < n; i++)
        for (int64_t rows = 0; rows <= ROWS; rows++)
            for (int64_t depth = 0; depth <= DEPTH; depth++) {
                float out[ROWS + 1];
                for (int j = 0; j <= ROWS; j++)
                    out[j] = 1234.5f;
                nn_dot_find(isas[i])(matrix + 1, rows, depth, x + 1, out); /* at any address */
                for (int64_t j = 0; j < rows; j++) {
                    float sum = 0.0f;
                    for (int64_t p = 0; p < depth; p++)
                        sum += matrix[1 + j * depth + p] * x[1 + p];
                    assert_true(out[j] == sum);
                }
                assert_true(out[rows] == 1234.5f);
            }
}

/* However many rows there are: the same bits. */
static void sums_do_not_depend_on_the_rows_beside_them(void **state) {
    (void)state;
    uint32_t isas[MAX_ISAS];
    for (int i = 0; i < ROWS * DEPTH; i++)
        matrix[i] = 1.0f / (float)(i + 3);
    for (int i = 0; i < DEPTH; i++)
        x[i] = 1.0f / (float)(2 * i + 1);
    for (int i = 0, n = usable_isas(isas); i < n; i++) {
        float all[ROWS], one[1];
        nn_dot_find(isas[i])(matrix, ROWS, DEPTH, x, all);
        for (int j = 0; j < ROWS; j++) {
            nn_dot_find(isas[i])(matrix + j * DEPTH, 1, DEPTH, x, one);
            assert_memory_equal(one, &all[j], sizeof one[0]);
        }
    }
}

static void every_set_has_one(void **state) {
    (void)state;
    for (uint32_t isa = 0; isa < 6; isa++)
        assert_true(nn_dot_find(isa | SY_ISA_VNNI) != NULL);
    assert_true(nn_dot_find(SY_ISA_GENERIC) == nn_dot_f32_generic);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_any_depth_and_number_of_rows),
        cmocka_unit_test(sums_do_not_depend_on_the_rows_beside_them),
        cmocka_unit_test(every_set_has_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
