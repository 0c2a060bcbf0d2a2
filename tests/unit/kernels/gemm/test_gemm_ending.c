/* Epilogues that register kernels do themselves: which these are, and what tiles and strips write with them:
 * the wanted columns and no others, the same as sums ended one by one. */
#include "kernels/gemm/gemm_open.h"
#include "tests/unit/kernels/gemm/elements.h"

enum { DEPTH = 7, GAP = 3, MOST_COLS = 64 };

/* A product of `rows` rows and a panel, and what follows it. bounds 0: none, 1: from zero, 2: both. */
typedef struct trial {
    const gemm_open *open;
    int rows, cols, bounds;
    bool has_bias, has_add, is_in_place, accumulate;
} trial;

typedef struct operands {
    guarded a, b, c, out, add, bias;
    int64_t step; /* of rows of out and add */
} operands;

static float *floats(const guarded *memory) {
    return (float *)(void *)memory->data;
}

static guarded draw(size_t count, uint64_t *state) {
    guarded made = guarded_bytes(count * 4, 4);
    for (size_t i = 0; i < count; i++)
        floats(&made)[i] = (float)pick(state, -5, 5);
    return made;
}

static operands begin(const trial *t, uint64_t *state) {
    const size_t cols = (size_t)t->open->cols, rows = (size_t)t->rows, wanted = (size_t)t->cols;
    operands o = {.step = t->cols + GAP};
    const size_t out = (rows - 1) * (size_t)o.step + wanted;
    o.a = draw(rows * DEPTH, state);
    o.b = draw(DEPTH * cols, state);
    o.c = draw(rows * cols, state);
    o.out = draw(out, state);
    o.add = draw(out, state);
    o.bias = draw(wanted, state);
    floats(&o.a)[0] = t->rows > 1 ? NAN : 1; /* one row of NaN, which bounds leave as they are */
    return o;
}

static void end(operands *o) {
    guarded *const all[] = {&o->a, &o->b, &o->c, &o->out, &o->add, &o->bias};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        guarded_destroy(all[i]);
}

static gemm_ending ending_of(const trial *t, const operands *o) {
    gemm_ending ending = {.out = floats(&o->out), .low = -INFINITY, .high = INFINITY};
    ending.bias = t->has_bias ? floats(&o->bias) : NULL;
    ending.add = !t->has_add ? NULL : t->is_in_place ? floats(&o->out) : floats(&o->add);
    ending.low = t->bounds > 0 ? 0 : ending.low;
    ending.high = t->bounds > 1 ? 6 : ending.high;
    return ending;
}

/* Everything is a small whole number: exact in any order. */
static float wanted_at(const trial *t, const operands *o, const float *before, int i, int j) {
    float sum = t->accumulate ? floats(&o->c)[i * t->open->cols + j] : 0;
    for (int p = 0; p < DEPTH; p++)
        sum += floats(&o->a)[i * DEPTH + p] * floats(&o->b)[p * t->open->cols + j];
    sum += t->has_bias ? floats(&o->bias)[j] : 0;
    if (t->has_add)
        sum += t->is_in_place ? before[i * o->step + j] : floats(&o->add)[i * o->step + j];
    if (isnan(sum) || t->bounds == 0)
        return sum;
    return sum < 0 ? 0 : t->bounds > 1 && sum > 6 ? 6 : sum;
}

static void check_result(const trial *t, const operands *o, const float *before) {
    for (int64_t at = 0; at < (int64_t)(o->out.bytes / 4); at++) {
        const int i = (int)(at / o->step), j = (int)(at % o->step);
        const float got = floats(&o->out)[at];
        const float want = j < t->cols ? wanted_at(t, o, before, i, j) : before[at];
        assert_true(isnan(want) ? isnan(got) != 0 : got == want);
    }
}

static void run_tile(const trial *t, const operands *o) {
    const gemm_open *open = t->open;
    guarded list = guarded_bytes(gemm_open_run_bytes(t->rows), 8);
    gemm_open_run *run = (gemm_open_run *)(void *)list.data;
    int64_t row[GEMM_OPEN_MAX_ROWS], out_row[GEMM_OPEN_MAX_ROWS];
    const gemm_open_end finish = {.ending = ending_of(t, o), .row = out_row};
    run->count = DEPTH;
    run->b = 0;
    for (int i = 0; i < t->rows; i++) {
        run->a[i] = floats(&o->a) + i * DEPTH;
        row[i] = i * open->cols;
        out_row[i] = i * o->step;
    }
    open->tile(t->rows, t->cols, 1, run, o->b.data, o->c.data, row, t->accumulate, &finish);
    guarded_destroy(&list);
}

static void run_strip(const trial *t, const operands *o) {
    const gemm_strip_run run = {0, DEPTH, 0};
    const gemm_ending ending = ending_of(t, o);
    const gemm_strip strip = {.count = t->rows,
        .a = o->a.data,
        .a_step = DEPTH * 4,
        .runs = 1,
        .run = &run,
        .c = o->c.data,
        .c_step = t->open->cols,
        .end = &ending,
        .end_step = o->step,
        .next = o->b.data,
        .next_bytes = (int64_t)o->b.bytes};
    t->open->strip(&strip, t->cols, o->b.data, t->accumulate);
}

static void check(const trial *t, void (*run)(const trial *, const operands *), uint64_t *state) {
    operands o = begin(t, state);
    float *before = malloc(o.out.bytes), *sums = malloc(o.c.bytes);
    memcpy(before, o.out.data, o.out.bytes);
    memcpy(sums, o.c.data, o.c.bytes);
    run(t, &o);
    check_result(t, &o, before);
    assert_memory_equal(sums, o.c.data, o.c.bytes); /* nothing is written there */
    free(before);
    free(sums);
    end(&o);
}

/* Every kind of ending in turn, by `round`. */
static trial trial_of(const gemm_open *open, int rows, int cols, int round) {
    return (trial){.open = open,
        .rows = rows,
        .cols = cols,
        .bounds = round % 3,
        .has_bias = round % 2 == 0,
        .has_add = round % 4 > 1,
        .is_in_place = round % 8 > 5,
        .accumulate = round % 5 > 2};
}

static void check_widths(const gemm_open *open, uint64_t *state) {
    int round = 0;
    for (int cols = open->end_cols; cols <= open->cols; cols += open->end_cols) {
        for (int rows = 1; rows <= open->rows; rows++, round++) {
            const trial t = trial_of(open, rows, cols, round);
            check(&t, run_tile, state);
        }
        for (int rows = 1; open->strip && rows <= 2 * open->rows + 1; rows += 2, round++) {
            const trial t = trial_of(open, rows, cols, round);
            check(&t, run_strip, state);
        }
    }
}

static void tiles_and_strips_end_what_is_wanted(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    uint64_t state = 9;
    for (int s = 0; s < n_isas; s++) {
        const gemm_open *open = gemm_open_choose(isas[s], SY_ELEMENT_F32, SY_ELEMENT_F32);
        const gemm_open *bytes = gemm_open_choose(isas[s], SY_ELEMENT_U8, SY_ELEMENT_S8);
        if (open) {
            assert_true(open->end_cols > 0 && open->cols <= MOST_COLS);
            check_widths(open, &state);
        }
        assert_true(!bytes || bytes->end_cols == 0);
    }
}

/* A finish of `count` posts over a plain D of f32. */
static gemm_finish finish_of(const sy_kernel_post *post, uint32_t count, const float *operand, float *out) {
    gemm_finish finish = {.alpha = 1, .n_post = count, .post = post, .out = out};
    finish.d = (gemm_view){.dtype = SY_ELEMENT_F32, .row = {8, 0, 0}, .col = 1};
    finish.inner = finish.mid = INT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        finish.operand[i] = (gemm_view){.base = operand, .dtype = SY_ELEMENT_F32, .col = 1};
        if (post[i].kind == SY_KERNEL_POST_ADD)
            finish.operand[i].row[0] = 8;
    }
    return finish;
}

static void the_usual_epilogue_is_an_ending(void **unused) {
    (void)unused;
    static const sy_kernel_post all[] = {{.kind = SY_KERNEL_POST_BIAS}, {.kind = SY_KERNEL_POST_ADD},
        {.kind = SY_KERNEL_POST_CLIP, .a = -1, .b = 6}};
    static const sy_kernel_post relu[] = {{.kind = SY_KERNEL_POST_RELU}};
    float operand[8] = {0}, out[8];
    gemm_ending ending;
    gemm_finish finish = finish_of(all, 3, operand, out);
    assert_true(gemm_ending_read(&finish, &ending));
    assert_true(ending.bias == operand && ending.add == operand && ending.out == out);
    assert_true(ending.low == -1 && ending.high == 6);
    finish = finish_of(relu, 1, operand, out);
    assert_true(gemm_ending_read(&finish, &ending));
    assert_true(ending.low == 0 && isinf(ending.high) && !ending.bias && !ending.add);
    finish = finish_of(relu, 0, operand, out);
    assert_true(gemm_ending_read(&finish, &ending) && isinf(ending.low) && isinf(ending.high));
}

static void other_epilogues_are_none(void **unused) {
    (void)unused;
    static const sy_kernel_post bounds_first[] = {
        {.kind = SY_KERNEL_POST_RELU}, {.kind = SY_KERNEL_POST_BIAS}};
    static const sy_kernel_post add_first[] = {{.kind = SY_KERNEL_POST_ADD}, {.kind = SY_KERNEL_POST_BIAS}};
    static const sy_kernel_post twice[] = {{.kind = SY_KERNEL_POST_ADD}, {.kind = SY_KERNEL_POST_ADD}};
    static const sy_kernel_post silu[] = {{.kind = SY_KERNEL_POST_SILU}};
    static const sy_kernel_post add[] = {{.kind = SY_KERNEL_POST_ADD}};
    static const sy_kernel_post bias[] = {{.kind = SY_KERNEL_POST_BIAS}};
    const struct {
        const sy_kernel_post *post;
        uint32_t count;
    } none[] = {{bounds_first, 2}, {add_first, 2}, {twice, 2}, {silu, 1}};
    float operand[8] = {0}, out[8];
    gemm_ending ending;
    gemm_finish finish;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        finish = finish_of(none[i].post, none[i].count, operand, out);
        assert_false(gemm_ending_read(&finish, &ending));
    }
    finish = finish_of(add, 1, operand, out);
    finish.operand[0].row[0] = 9; /* lies otherwise than D */
    assert_false(gemm_ending_read(&finish, &ending));
    finish = finish_of(bias, 1, operand, out);
    finish.operand[0].dtype = SY_ELEMENT_BF16;
    assert_false(gemm_ending_read(&finish, &ending));
    finish = finish_of(bias, 1, operand, out);
    finish.operand[0].row[0] = 1; /* one value a row */
    assert_false(gemm_ending_read(&finish, &ending));
    finish = finish_of(bias, 1, operand, out);
    finish.d.col = 4;
    assert_false(gemm_ending_read(&finish, &ending));
    finish = finish_of(bias, 1, operand, out);
    finish.alpha = 2;
    assert_false(gemm_ending_read(&finish, &ending));
    finish = finish_of(bias, 1, operand, out);
    finish.beta = 1;
    assert_false(gemm_ending_read(&finish, &ending));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(tiles_and_strips_end_what_is_wanted),
        cmocka_unit_test(the_usual_epilogue_is_an_ending), cmocka_unit_test(other_epilogues_are_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
