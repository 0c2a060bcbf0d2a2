/* Strips against plain loops: every count of rows around the tiles, runs of every length, both widths. */
#include "kernels/gemm/gemm_open.h"
#include "tests/unit/kernels/gemm/elements.h"

enum { RUNS = 3, MOST = 5, DEPTH = 12, STEP = 3, GAP = 1 };

/* Rows that overlap, STEP elements apart, and the runs they have in common. */
typedef struct fixture {
    const gemm_open *open;
    guarded a, b;
    gemm_strip_run run[RUNS];
} fixture;

static void draw(fixture *f, uint64_t *state, int64_t rows) {
    f->a = guarded_bytes((size_t)(((rows - 1) * STEP + 2 * DEPTH + MOST) * 4), 4);
    f->b = guarded_bytes((size_t)((DEPTH + MOST) * f->open->cols * 4), 4);
    for (int64_t i = 0; i < (int64_t)f->a.bytes / 4; i++)
        ((float *)(void *)f->a.data)[i] = (float)pick(state, -7, 7);
    for (int64_t i = 0; i < (int64_t)f->b.bytes / 4; i++)
        ((float *)(void *)f->b.data)[i] = (float)pick(state, -7, 7);
    for (int t = 0; t < RUNS; t++)
        f->run[t] =
            (gemm_strip_run){pick(state, 0, 2 * DEPTH) * 4, pick(state, 0, MOST), pick(state, 0, DEPTH)};
}

static float expected(const fixture *f, int64_t runs, int64_t i, int j) {
    const float *a = (const float *)(const void *)f->a.data, *b = (const float *)(const void *)f->b.data;
    float sum = 0;
    for (int64_t t = 0; t < runs; t++)
        for (int64_t p = 0; p < f->run[t].count; p++)
            sum += a[i * STEP + f->run[t].offset / 4 + p] * b[(f->run[t].b + p) * f->open->cols + j];
    return sum;
}

static void check(const fixture *f, int64_t rows, int cols, int64_t runs, bool accumulate) {
    const int width = f->open->cols, written = 2 * cols <= width ? width / 2 : width;
    const int64_t step = width + GAP;
    guarded c = guarded_bytes((size_t)((rows - 1) * step + written) * 4, 4);
    float *got = (float *)(void *)c.data;
    for (int64_t i = 0; i < (int64_t)c.bytes / 4; i++)
        got[i] = 3;
    const gemm_strip strip = {.count = rows,
        .a = f->a.data,
        .a_step = STEP * 4,
        .runs = runs,
        .run = f->run,
        .c = got,
        .c_step = step};
    f->open->strip(&strip, cols, f->b.data, accumulate);
    for (int64_t i = 0; i < (int64_t)c.bytes / 4; i++) {
        const int64_t j = i % step;
        const float sum = j < written ? expected(f, runs, i / step, (int)j) : 0;
        assert_true(got[i] == (j < written ? sum + (accumulate ? 3 : 0) : 3));
    }
    guarded_destroy(&c);
}

static void strips_multiply_rows_at_one_step(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    uint64_t state = 5;
    for (int s = 0; s < n_isas; s++) {
        const gemm_open *open = gemm_open_choose(isas[s], SY_ELEMENT_F32, SY_ELEMENT_F32);
        for (int64_t rows = 1; open && open->strip && rows <= 2 * open->rows + 3; rows++)
            for (int64_t round = 0; round < 4 * (RUNS + 1); round++) {
                fixture f = {.open = open};
                draw(&f, &state, rows);
                check(&f, rows, open->cols / 2 + (round & 1), round / 4, (round & 2) != 0);
                guarded_destroy(&f.a);
                guarded_destroy(&f.b);
            }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(strips_multiply_rows_at_one_step)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
