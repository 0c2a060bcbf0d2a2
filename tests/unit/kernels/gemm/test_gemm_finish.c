/* The epilogue of s32 sums has the bits of plain f64 arithmetic on every instruction set. */
#include "kernels/gemm/gemm_element.h"
#include "kernels/gemm/gemm_kernel.h"
#include "tests/unit/kernels/gemm/elements.h"

enum { ROWS = 5, MOST_COLS = 64, OPERAND = 4096, OUT_BYTES = 8 * 2 * ROWS * MOST_COLS };

typedef struct fixture {
    sy_kernel_post post[SY_KERNEL_MAX_POSTS];
    gemm_finish finish;
    int32_t sums[ROWS * MOST_COLS];
    uint64_t operand[SY_KERNEL_MAX_POSTS + 1][OPERAND / 8];
    int rows, cols;
    int64_t row, col;
} fixture;

static const uint32_t outputs[] = {SY_ELEMENT_F32, SY_ELEMENT_F16, SY_ELEMENT_BF16, SY_ELEMENT_F8E4M3,
    SY_ELEMENT_F8E5M2, SY_ELEMENT_S8, SY_ELEMENT_U8, SY_ELEMENT_S32};

/* Any sum, with those at which rounding and saturation turn. */
static int32_t draw_sum(uint64_t *state) {
    static const int32_t edges[] = {0, 1, -1, 127, 128, -128, -129, 255, 256, 65504, 65520, 16777217,
        -16777219, 2147483647, -2147483647 - 1, 33554433};
    const int64_t kind = pick(state, 0, 3);
    if (kind == 0)
        return edges[pick(state, 0, 15)];
    return (int32_t)(kind == 1 ? pick(state, -300, 300) : pick(state, INT32_MIN, INT32_MAX));
}

/* Any code of a floating type, NaN and infinity among them; of a wide integer any value. */
static void draw_operand(uint64_t *state, uint32_t dtype, void *out) {
    uint64_t *word = out;
    for (int i = 0; i < OPERAND / 8; i++)
        word[i] = next_random(state);
    for (int i = 0; dtype == SY_ELEMENT_F32 && i < OPERAND / 4; i++)
        if (pick(state, 0, 7) != 0)
            ((float *)out)[i] = (float)pick(state, -4000, 4000) / (float)pick(state, 1, 4000);
}

static gemm_view draw_view(uint64_t *state, uint32_t kind, uint32_t dtype, const void *base) {
    gemm_view view = {
        .base = base, .dtype = dtype, .row = {pick(state, 0, 1) * 40}, .col = pick(state, 0, 2)};
    if (kind == SY_KERNEL_POST_BIAS || kind == SY_KERNEL_POST_SCALE_COL)
        view.row[0] = 0;
    if (kind == SY_KERNEL_POST_SCALE_ROW)
        view.col = 0;
    return view;
}

static void draw_post(uint64_t *state, fixture *f, uint32_t s) {
    static const uint32_t operands[] = {SY_ELEMENT_F32, SY_ELEMENT_BF16, SY_ELEMENT_F16, SY_ELEMENT_S32};
    static const float factors[] = {0.5f, 0.25f, 0.0078125f, 1e-3f, -3.7f};
    sy_kernel_post *post = &f->post[s];
    const bool is_any = pick(state, 0, 9) == 0; /* with the steps that are not arithmetic */
    post->kind = (uint32_t)pick(state, 1, is_any ? 12 : 4);
    if (!is_any && pick(state, 0, 2) == 0)
        post->kind = (uint32_t)pick(state, SY_KERNEL_POST_SCALE_ROW, SY_KERNEL_POST_REQUANT);
    post->dtype = operands[pick(state, 0, 3)];
    post->a = post->kind == SY_KERNEL_POST_CLIP ? -100.5f : factors[pick(state, 0, 4)];
    post->b = (float)pick(state, -3, 130);
    draw_operand(state, post->dtype, f->operand[s]);
    f->finish.operand[s] = draw_view(state, post->kind, post->dtype, f->operand[s]);
}

static void draw(uint64_t *state, fixture *f) {
    const uint32_t dtype_d = outputs[pick(state, 0, 7)];
    memset(f, 0, sizeof(*f));
    f->rows = (int)pick(state, 1, ROWS);
    f->cols = (int)pick(state, 1, MOST_COLS);
    f->row = pick(state, 0, 3);
    f->col = pick(state, 0, 20);
    for (int i = 0; i < ROWS * MOST_COLS; i++)
        f->sums[i] = draw_sum(state);
    gemm_finish *finish = &f->finish;
    finish->alpha = pick(state, 0, 1) ? 1 : -0.37;
    finish->beta = pick(state, 0, 2) ? 0 : 1.1;
    finish->inner = finish->mid = INT64_MAX;
    finish->n_post = (uint32_t)pick(state, 0, 4);
    finish->post = f->post;
    for (uint32_t s = 0; s < finish->n_post; s++)
        draw_post(state, f, s);
    draw_operand(state, dtype_d, f->operand[SY_KERNEL_MAX_POSTS]);
    finish->c = draw_view(state, SY_KERNEL_POST_ADD, dtype_d, f->operand[SY_KERNEL_MAX_POSTS]);
    finish->d = (gemm_view){.dtype = dtype_d, .col = pick(state, 0, 4) == 0 ? 2 : 1};
    finish->d.row[0] = finish->d.col * MOST_COLS;
}

/* What `function` makes of the fixture, in guarded memory that begins where (row, col) lies. */
static guarded run(fixture *f, gemm_finish_fn function) {
    int32_t tile[ROWS * MOST_COLS];
    memcpy(tile, f->sums, sizeof(tile));
    guarded out = guarded_bytes(OUT_BYTES, 8);
    memset(out.data, 0x77, OUT_BYTES);
    const int64_t first = f->row * f->finish.d.row[0] + f->col * f->finish.d.col;
    f->finish.out = out.data - first * (int64_t)sy_element_bytes(f->finish.d.dtype);
    function(&f->finish, tile, MOST_COLS, f->row, f->rows, f->col, f->cols);
    return out;
}

/*
 * The same bits, or NaN in both: which of two NaN a sum or product hands on depends on the order of its
 * operands, and compilers may turn that round.
 */
static bool are_same(uint32_t dtype, const guarded *want, const guarded *got) {
    const int64_t count = OUT_BYTES / (int64_t)sy_element_bytes(dtype);
    for (int64_t i = 0; i < count; i++) {
        double a, b;
        gemm_load_f64(dtype, want->data, i, 1, 1, &a);
        gemm_load_f64(dtype, got->data, i, 1, 1, &b);
        if (memcmp(&a, &b, sizeof(a)) != 0 && !(isnan(a) && isnan(b)))
            return false;
    }
    return true;
}

static void s32_epilogues_have_the_bits_of_plain_arithmetic(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    uint64_t state = 20261125;
    fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    for (int round = 0; round < 4000; round++) {
        draw(&state, f);
        guarded want = run(f, gemm_finish_s32);
        for (int s = 0; s < n_isas; s++) {
            guarded got = run(f, gemm_kernel_find(isas[s], SY_ELEMENT_S32)->finish);
            if (memcmp(want.data, got.data, OUT_BYTES) != 0 && !are_same(f->finish.d.dtype, &want, &got))
                fail_msg(
                    "isa %s, type %u, round %d: other bits", sy_isa_name(isas[s]), f->finish.d.dtype, round);
            guarded_destroy(&got);
        }
        guarded_destroy(&want);
    }
    free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(s32_epilogues_have_the_bits_of_plain_arithmetic)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
