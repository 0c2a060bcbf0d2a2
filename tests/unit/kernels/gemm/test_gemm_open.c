/* Open tiles and turning against plain loops: every height, runs of every length, both widths, guard zones.
 */
#include "kernels/gemm/gemm_open.h"
#include "tests/unit/kernels/gemm/elements.h"

enum { RUNS = 3, MOST = 9, LONGEST = 2 * 16 };

/* A list of runs over rows that lie apart, and a panel, in units of four bytes. */
typedef struct fixture {
    const gemm_open *open;
    guarded a, b, list;
    int64_t count[RUNS], at[RUNS], lane[RUNS];
} fixture;

static void put(const gemm_open *open, unsigned char *to, int64_t index, int value) {
    if (open->sum == SY_ELEMENT_F32)
        ((float *)(void *)to)[index] = (float)value;
    else
        ((int16_t *)(void *)to)[index] = (int16_t)value;
}

static double get(const gemm_open *open, const unsigned char *from, int64_t index) {
    return open->sum == SY_ELEMENT_F32 ? (double)((const float *)(const void *)from)[index]
                                       : (double)((const int16_t *)(const void *)from)[index];
}

static void draw(fixture *f, uint64_t *state, int rows) {
    const int64_t group = f->open->a.group;
    int64_t lanes = 0;
    f->a = guarded_bytes((size_t)(RUNS * GEMM_OPEN_MAX_ROWS * MOST * 4), 4);
    f->b = guarded_bytes((size_t)(LONGEST * f->open->cols * 4), 4);
    f->list = guarded_bytes(RUNS * gemm_open_run_bytes(rows), 8);
    for (int64_t i = 0; i < (int64_t)f->a.bytes / 4 * group; i++)
        put(f->open, f->a.data, i, (int)pick(state, -7, 7));
    for (int64_t i = 0; i < (int64_t)f->b.bytes / 4 * group; i++)
        put(f->open, f->b.data, i, (int)pick(state, -7, 7));
    for (int t = 0; t < RUNS; t++) {
        gemm_open_run *run = (gemm_open_run *)(void *)(f->list.data + (size_t)t * gemm_open_run_bytes(rows));
        f->count[t] = run->count = pick(state, 0, MOST);
        f->at[t] = run->b = pick(state, 0, LONGEST - MOST);
        f->lane[t] = lanes;
        for (int i = 0; i < rows; i++)
            run->a[i] = f->a.data + (size_t)((lanes + i) * MOST * 4);
        lanes += rows;
    }
}

static double expected(const fixture *f, int64_t runs, int i, int j) {
    const int64_t group = f->open->a.group;
    double sum = 0;
    for (int64_t t = 0; t < runs; t++)
        for (int64_t p = 0; p < f->count[t] * group; p++)
            sum += get(f->open, f->a.data, (f->lane[t] + i) * MOST * group + p) *
                   get(f->open, f->b.data, ((f->at[t] + p / group) * f->open->cols + j) * group + p % group);
    return sum;
}

static void check(const fixture *f, int rows, int cols, int64_t runs, bool accumulate) {
    const gemm_open *open = f->open;
    const int written = 2 * cols <= open->cols ? open->cols / 2 : open->cols;
    const uint32_t sum = open->sum;
    guarded c = guarded_bytes((size_t)(rows * open->cols) * 4, 4);
    int64_t row[GEMM_OPEN_MAX_ROWS];
    for (int i = 0; i < rows; i++) /* rows in reverse: they need not follow one another */
        row[i] = (rows - 1 - i) * open->cols;
    for (int64_t i = 0; i < rows * open->cols; i++)
        set_element(sum, c.data, i, 3);
    open->tile(rows, cols, runs, (const gemm_open_run *)(const void *)f->list.data, f->b.data, c.data, row,
        accumulate, NULL);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < open->cols; j++) {
            const double want = j < written ? expected(f, runs, i, j) + (accumulate ? 3 : 0) : 3;
            assert_true(get_element(sum, c.data, row[i] + j) == want);
        }
    guarded_destroy(&c);
}

static void check_tiles(const gemm_open *open, uint64_t *state) {
    for (int rows = 1; rows <= open->rows; rows++)
        for (int round = 0; round < 12; round++) {
            fixture f = {.open = open};
            draw(&f, state, rows);
            for (int64_t runs = 0; runs <= RUNS; runs++)
                for (int is_half = 0; is_half < 2; is_half++)
                    check(&f, rows, is_half ? open->cols / 2 : open->cols / 2 + 1, runs, round % 2 == 0);
            guarded_destroy(&f.a);
            guarded_destroy(&f.b);
            guarded_destroy(&f.list);
        }
}

static void open_tiles_multiply_where_rows_lie(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    uint64_t state = 3;
    for (int s = 0; s < n_isas; s++) {
        const gemm_open *floats = gemm_open_choose(isas[s], SY_ELEMENT_F32, SY_ELEMENT_BF16);
        const gemm_open *bytes = gemm_open_choose(isas[s], SY_ELEMENT_U8, SY_ELEMENT_S8);
        if (floats)
            check_tiles(floats, &state);
        if (bytes)
            check_tiles(bytes, &state);
    }
}

static void check_turned(gemm_turn_fn turn, int64_t rows, int64_t cols) {
    guarded in = guarded_bytes((size_t)(rows * (cols + 3)) * 4, 4);
    guarded out = guarded_bytes((size_t)(cols * (rows + 2)) * 4, 4);
    uint32_t *from = (uint32_t *)(void *)in.data;
    for (int64_t i = 0; i < rows * (cols + 3); i++)
        from[i] = 0x7f800001u + (uint32_t)i; /* signalling NaNs as floats: bits must pass unchanged */
    turn(in.data, cols + 3, rows, cols, out.data, rows + 2);
    for (int64_t j = 0; j < cols; j++)
        for (int64_t i = 0; i < rows + 2; i++) {
            const uint32_t got = ((const uint32_t *)(const void *)out.data)[j * (rows + 2) + i];
            assert_int_equal(got, i < rows ? from[i * (cols + 3) + j] : 0xa5a5a5a5u);
        }
    guarded_destroy(&in);
    guarded_destroy(&out);
}

static void turning_moves_every_element_once(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++) {
        const gemm_open *open = gemm_open_choose(isas[s], SY_ELEMENT_F32, SY_ELEMENT_F32);
        for (int64_t rows = 0; open && rows <= 18; rows++)
            for (int64_t cols = 0; cols <= 18; cols++)
                check_turned(open->turn, rows, cols);
    }
}

static void open_tiles_are_for_types_that_go_together(void **unused) {
    (void)unused;
    assert_null(gemm_open_choose(SY_ISA_GENERIC, SY_ELEMENT_F64, SY_ELEMENT_F64));
    assert_null(gemm_open_choose(SY_ISA_GENERIC, SY_ELEMENT_F32, SY_ELEMENT_S8));
    assert_null(gemm_open_choose(77, SY_ELEMENT_F32, SY_ELEMENT_F32));
    assert_null(gemm_open_choose(SY_ISA_GENERIC, 99, SY_ELEMENT_F32));
    assert_non_null(gemm_open_choose(SY_ISA_GENERIC, SY_ELEMENT_F16, SY_ELEMENT_F32));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(open_tiles_multiply_where_rows_lie),
        cmocka_unit_test(turning_moves_every_element_once),
        cmocka_unit_test(open_tiles_are_for_types_that_go_together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
