/*
 * What the tables have and no problem string can ask for: products of every pair of element types that a row
 * takes, B packed beforehand or not, and plain tiles by themselves (only convolutions that nothing else
 * serves use those), exact on integers for every instruction set of this machine. Prints and writes paths as
 * the kit does.
 */
#include "kernels/gemm/gemm_kernel.h"
#include "tests/conformance/paths.h"
#include "tests/unit/kernels/gemm/fixture.h"

static void check_product(uint32_t isa, uint32_t a, uint32_t b, uint32_t flags, const int64_t size[3]) {
    uint64_t state = 3;
    const uint32_t sum = gemm_sum_type(a, b);
    const int64_t m = size[0], n = size[1], k = size[2];
    fixture f = {.desc = {.dtype_a = a,
                     .dtype_b = b,
                     .dtype_c = sum,
                     .dtype_d = sum,
                     .isa = isa,
                     .flags = flags,
                     .m = m,
                     .n = n,
                     .k = k,
                     .a_stride = {k, 1},
                     .b_stride = {n, 1},
                     .c_stride = {n, 1},
                     .d_stride = {n, 1},
                     .alpha = 1}};
    draw_operands(&f, &state, false);
    paths_begin();
    run(&f, 2);
    check_exact(&f);
    paths_end(true);
    free_fixture(&f);
}

static void every_pair_of_types_is_exact(void **unused) {
    (void)unused;
    static const int64_t sizes[][3] = {{1, 40, 33}, {7, 13, 5}, {33, 65, 70}, {5, 3, 0}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (uint32_t a = SY_ELEMENT_F64; a <= SY_ELEMENT_U8; a++)
            for (uint32_t b = SY_ELEMENT_F64; b <= SY_ELEMENT_U8; b++)
                for (size_t i = 0; gemm_sum_type(a, b) != 0 && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
                    check_product(isas[s], a, b, 0, sizes[i]);
                    check_product(isas[s], a, b, SY_GEMM_B_CONST, sizes[i]);
                }
}

/* Element types of panels, s16 besides those of elements.h. */
static void put(uint32_t type, void *base, int64_t i, double value) {
    if (type == GEMM_ELEMENT_S16)
        ((int16_t *)base)[i] = (int16_t)value;
    else
        set_element(type, base, i, value);
}

static double take(uint32_t type, const void *base, int64_t i) {
    return type == GEMM_ELEMENT_S16 ? ((const int16_t *)base)[i] : get_element(type, base, i);
}

enum { MOST_UNITS = 40, UNIT = 8, EXTRA = 3 };

typedef struct panels {
    const gemm_kernel *row;
    guarded a, b, c;
    int64_t ldc;
} panels;

static guarded draw_panel(uint64_t *state, uint32_t type, int64_t lanes) {
    guarded one = guarded_bytes((size_t)(lanes * MOST_UNITS * UNIT), 64);
    for (int64_t i = 0; i < lanes * MOST_UNITS; i++)
        put(type, one.data, i, (double)pick(state, -3, 3));
    return one;
}

/* Elements right, and those beyond the tile untouched. */
static void check_tile(panels *p, int rows, int cols, int64_t units, bool accumulate) {
    const gemm_kernel *row = p->row;
    const int64_t count = row->rows * p->ldc;
    for (int64_t i = 0; i < count; i++)
        set_element(row->sum, p->c.data, i, 5);
    paths_begin();
    row->tile(rows, cols, units, p->a.data, p->b.data, p->a.data, p->c.data, p->ldc, accumulate);
    for (int64_t i = 0; i < count; i++) {
        const int64_t r = i / p->ldc, col = i % p->ldc;
        const bool is_inside = r < rows && col < cols;
        double want = accumulate || !is_inside ? 5 : 0;
        for (int64_t u = 0; is_inside && u < units; u++)
            want += take(row->a.element, p->a.data, u * rows + r) *
                    take(row->b.element, p->b.data, u * row->cols + col);
        if (get_element(row->sum, p->c.data, i) != want)
            fail_msg("%s: %d x %d, %lld units: element %lld", row->name, rows, cols, (long long)units,
                (long long)i);
    }
    paths_end(true);
}

static void check_row(const gemm_kernel *row) {
    static const int64_t depths[] = {0, 1, 2, 7, MOST_UNITS};
    uint64_t state = 9;
    panels p = {.row = row, .ldc = row->cols + EXTRA};
    p.a = draw_panel(&state, row->a.element, row->rows);
    p.b = draw_panel(&state, row->b.element, row->cols);
    p.c = guarded_create((size_t)(row->rows * p.ldc), row->sum);
    for (int rows = 1; rows <= row->rows; rows++)
        for (int cols = 1; cols <= row->cols; cols++)
            for (size_t i = 0; i < 2 * sizeof(depths) / sizeof(depths[0]); i++)
                check_tile(&p, rows, cols, depths[i / 2], i % 2 != 0);
    guarded_destroy(&p.a);
    guarded_destroy(&p.b);
    guarded_destroy(&p.c);
}

static void every_plain_tile_is_exact(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    static const uint32_t sums[] = {SY_ELEMENT_F32, SY_ELEMENT_F64, SY_ELEMENT_S32};
    for (int s = 0; s < n_isas; s++)
        for (int i = 0; i < 3; i++)
            check_row(gemm_kernel_find(isas[s], sums[i]));
}

static int print_paths(void **unused) {
    (void)unused;
    paths_print();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_types_is_exact), cmocka_unit_test(every_plain_tile_is_exact)};
    return cmocka_run_group_tests(tests, NULL, print_paths);
}
