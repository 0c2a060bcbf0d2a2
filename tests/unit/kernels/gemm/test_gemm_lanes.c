/* Lanes against plain loops: every count of lanes and columns around the tiles, depths from none on; lines
 * taken apart. */
#include "kernels/gemm/gemm_open.h"
#include "tests/unit/kernels/gemm/elements.h"

enum { DEPTH = 7, GAP = 3 };

/* Lines that overlap, and a panel. */
typedef struct fixture {
    const gemm_open *open;
    guarded x, b;
    int64_t offset[DEPTH];
} fixture;

static void draw(fixture *f, uint64_t *state, int64_t count) {
    const int64_t line = (count + GEMM_LANES - 1) / GEMM_LANES * GEMM_LANES;
    f->x = guarded_bytes((size_t)(line + 2 * DEPTH) * 4, 4);
    f->b = guarded_bytes((size_t)(DEPTH * f->open->cols) * 4, 4);
    for (int64_t i = 0; i < (int64_t)f->x.bytes / 4; i++)
        ((float *)(void *)f->x.data)[i] = (float)pick(state, -7, 7);
    for (int64_t i = 0; i < (int64_t)f->b.bytes / 4; i++)
        ((float *)(void *)f->b.data)[i] = (float)pick(state, -7, 7);
    for (int u = 0; u < DEPTH; u++)
        f->offset[u] = pick(state, 0, 2 * DEPTH);
}

static float expected(const fixture *f, int64_t units, int64_t i, int j) {
    const float *x = (const float *)(const void *)f->x.data, *b = (const float *)(const void *)f->b.data;
    float sum = 0;
    for (int64_t u = 0; u < units; u++)
        sum += x[f->offset[u] + i] * b[u * f->open->cols + j];
    return sum;
}

static void check(const fixture *f, int64_t count, int cols, int64_t units) {
    const int64_t step = count + GAP;
    guarded c = guarded_bytes((size_t)((cols - 1) * step + count) * 4, 4);
    float *got = (float *)(void *)c.data;
    for (int64_t i = 0; i < (int64_t)c.bytes / 4; i++)
        got[i] = 0.5f;
    const gemm_lanes lanes = {
        count, (const float *)(const void *)f->x.data, units, f->offset, got, step, count % 2 ? count : 0};
    f->open->lanes(&lanes, cols, (const float *)(const void *)f->b.data);
    for (int64_t i = 0; i < (int64_t)c.bytes / 4; i++) {
        const int64_t lane = i % step;
        assert_true(got[i] == (lane < count ? expected(f, units, lane, (int)(i / step)) : 0.5f));
    }
    guarded_destroy(&c);
}

static void lanes_multiply_lines_by_columns(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    uint64_t state = 6;
    for (int s = 0; s < n_isas; s++) {
        const gemm_open *open = gemm_open_choose(isas[s], SY_ELEMENT_F32, SY_ELEMENT_F32);
        for (int64_t count = 1; open && open->lanes && count <= 6 * GEMM_LANES + 1; count++)
            for (int cols = 1; cols <= open->cols; cols++) {
                fixture f = {.open = open};
                draw(&f, &state, count);
                check(&f, count, cols, (count + cols) % (DEPTH + 1));
                guarded_destroy(&f.x);
                guarded_destroy(&f.b);
            }
    }
}

static void check_parts(gemm_part_fn part, int64_t step, int64_t phases, int64_t count) {
    const int64_t length = count > 0 ? (count - 1) * step + phases : 0, line = count + GAP;
    guarded in = guarded_bytes((size_t)length * 4, 4), out = guarded_bytes((size_t)(phases * line) * 4, 4);
    uint32_t *from = (uint32_t *)(void *)in.data;
    const uint32_t *got = (const uint32_t *)(const void *)out.data;
    for (int64_t i = 0; i < length; i++)
        from[i] = 0x7f800001u + (uint32_t)i; /* signalling NaNs: bits must pass unchanged */
    part((const float *)(const void *)in.data, step, phases, count, (float *)(void *)out.data, line);
    for (int64_t i = 0; i < phases * line; i++) {
        const int64_t phase = i / line, place = i % line;
        assert_int_equal(got[i], place < count ? from[place * step + phase] : 0xa5a5a5a5u);
    }
    guarded_destroy(&in);
    guarded_destroy(&out);
}

static void lines_are_taken_apart_by_phases(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++) {
        const gemm_open *open = gemm_open_choose(isas[s], SY_ELEMENT_F32, SY_ELEMENT_F32);
        for (int64_t step = 1; open && open->part && step <= 4; step++)
            for (int64_t phases = 1; phases <= step; phases++)
                for (int64_t count = 0; count <= 37; count++)
                    check_parts(open->part, step, phases, count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lanes_multiply_lines_by_columns), cmocka_unit_test(lines_are_taken_apart_by_phases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
