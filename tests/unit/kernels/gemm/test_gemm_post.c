/* Posts that are not exact on integers, over the whole range of f32 and f64, against the C library. */
#include "kernels/gemm/gemm.h"
#include "tests/unit/kernels/gemm/elements.h"

#include <float.h>

enum { POINTS = 4001 };

/* x from dense around zero to far out, both signs, and the special values. */
static double point(int i) {
    static const double special[] = {0.0, -0.0, 1e-30, -1e-30, 80, -80, 100, -100, 1e30, -1e30};
    if (i < 10)
        return special[i];
    const double u = (i - 2005.5) / 1995.5;
    return (double)(float)(i % 2 ? 12 * u : 0.8 * u);
}

/* D = post(x 1) for all points, through rows of one column so that every tile is partial. */
static void run_post(uint32_t isa, uint32_t dtype, const sy_kernel_post *post, const void *x, void *d) {
    float one_f32 = 1;
    double one_f64 = 1;
    const sy_gemm_desc desc = {.dtype_a = dtype,
        .dtype_b = dtype,
        .dtype_d = dtype,
        .isa = isa,
        .m = 1,
        .n = POINTS,
        .k = 1,
        .a_stride = {1, 1},
        .b_stride = {POINTS, 1},
        .d_stride = {POINTS, 1},
        .alpha = 1,
        .n_post = 1,
        .post = {*post}};
    sy_gemm_plan plan;
    assert_null(sy_gemm_plan_init(&desc, 1, &plan));
    guarded workspace = guarded_bytes(plan.workspace_bytes, 8);
    const sy_gemm_args args = {.a = dtype == SY_ELEMENT_F32 ? (void *)&one_f32 : (void *)&one_f64,
        .b = x,
        .d = d,
        .workspace = workspace.data};
    sy_gemm_run(&plan, &args);
    guarded_destroy(&workspace);
}

static const uint32_t curved[] = {SY_KERNEL_POST_SILU, SY_KERNEL_POST_GELU_ERF, SY_KERNEL_POST_GELU_TANH,
    SY_KERNEL_POST_SIGMOID, SY_KERNEL_POST_TANH};

/* Errors of a few units in the last place; more far out, where the argument of e^x is large and its rounding
 * counts. */
static void check_post(uint32_t isa, uint32_t dtype, double unit) {
    guarded x = guarded_create(POINTS, dtype), d = guarded_create(POINTS, dtype);
    for (int i = 0; i < POINTS; i++)
        set_element(dtype, x.data, i, point(i));
    for (size_t s = 0; s < sizeof(curved) / sizeof(curved[0]); s++) {
        const sy_kernel_post post = {.kind = curved[s]};
        run_post(isa, dtype, &post, x.data, d.data);
        for (int i = 0; i < POINTS; i++) {
            const double want = apply_post(&post, point(i), 0), got = get_element(dtype, d.data, i);
            const double scale = fabs(want) * (1 + fabs(point(i))) + 1e-3 * fmin(1, fabs(point(i)));
            if (!(fabs(got - want) <= 8 * unit * scale + 1e-30))
                fail_msg("isa %s post %u of %.9g: %.9g, not %.9g", sy_isa_name(isa), curved[s], point(i), got,
                    want);
        }
    }
    guarded_destroy(&x);
    guarded_destroy(&d);
}

static void curved_posts_are_accurate(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++) {
        check_post(isas[s], SY_ELEMENT_F32, (double)FLT_EPSILON);
        check_post(isas[s], SY_ELEMENT_F64, DBL_EPSILON);
    }
}

static void every_post_keeps_nan(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    static float x[POINTS], d[POINTS];
    for (int i = 0; i < POINTS; i++)
        x[i] = i % 3 ? NAN : 1.0f;
    for (int s = 0; s < n_isas; s++)
        for (uint32_t kind = SY_KERNEL_POST_RELU; kind <= SY_KERNEL_POST_TANH; kind++) {
            const sy_kernel_post post = {.kind = kind, .a = 0.5f, .b = 3};
            if (post_takes_operand(kind))
                continue;
            run_post(isas[s], SY_ELEMENT_F32, &post, x, d);
            for (int i = 0; i < POINTS; i++)
                assert_int_equal(isnan(d[i]) != 0, i % 3 != 0);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curved_posts_are_accurate), cmocka_unit_test(every_post_keeps_nan)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
