/* gemm through the backend's table against naive loops: every algorithm, type, epilogue, awkward extents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/element.h"
#include "backends/cpu/isa.h"
#include "tests/unit/backends/cpu/rig.h"

static double at3(const rig_case *c, uint32_t index, int64_t i, int64_t j, int64_t k) {
    const sy_tensor *t = &c->plain.tensor[index];
    return sy_cpu_element_load(
        t->dtype, c->data[index], i * t->stride[0] + j * t->stride[1] + k * t->stride[2]);
}

static void expect_element(const rig_case *c, const int64_t at[3], double tolerance) {
    const sy_problem *problem = &c->plain.problem;
    const sy_gemm_attr *attr = problem->attr;
    const sy_tensor *d = &c->plain.tensor[problem->n_in];
    double value = 0.0;
    for (int64_t k = 0; k < c->plain.tensor[0].dim[2]; k++)
        value += at3(c, 0, at[0], at[1], k) * at3(c, 1, at[0], k, at[2]);
    value *= attr->alpha;
    if (attr->beta != 0.0)
        value += attr->beta * at3(c, 2, at[0], at[1], at[2]);
    for (uint32_t i = 0; i < problem->n_post; i++)
        value = rig_post(&problem->post[i], value, rig_operand(c, &problem->post[i], at));
    rig_expect(c, at[0] * d->stride[0] + at[1] * d->stride[1] + at[2] * d->stride[2], value, tolerance);
}

static void expect_product(const rig_case *c, double tolerance) {
    const sy_tensor *d = &c->plain.tensor[c->plain.problem.n_in];
    int64_t at[3];
    for (at[0] = 0; at[0] < d->dim[0]; at[0]++)
        for (at[1] = 0; at[1] < d->dim[1]; at[1]++)
            for (at[2] = 0; at[2] < d->dim[2]; at[2]++)
                expect_element(c, at, tolerance);
}

static void check(rig *r, const char *text, const char *algorithm, double tolerance) {
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    sy_status status = rig_run(r, text, algorithm, 17, &c, &err);
    if (status != SY_OK)
        print_error("%s: %s\n", text, err.text);
    assert_int_equal(status, SY_OK);
    expect_product(&c, tolerance);
    rig_release(r, &c);
}

static void open_rig(void **state, const char *isa, const char *params) {
    static rig r;
    r = (rig){.host = {.isa = isa}};
    rig_open(&r, params);
    *state = &r;
}

static int close_rig(void **state) {
    rig_close(*state);
    return 0;
}

static int open_best(void **state) {
    open_rig(state, NULL, "");
    return 0;
}

static int open_single(void **state) {
    open_rig(state, NULL, "threads=1,bind=0");
    return 0;
}

static int open_generic(void **state) {
    open_rig(state, "generic", "");
    return 0;
}

/* Where there is no AVX2 this is the generic level once more. */
static int open_avx2(void **state) {
    sy_cpu_isa isa;
    open_rig(state, sy_cpu_isa_choose("avx2", &isa, NULL) == SY_OK ? "avx2" : "generic", "");
    return 0;
}

static const char *const shapes[] = {
    "m=1,n=1,k=1",
    "m=1,n=67,k=33",
    "m=5,n=1,k=64",
    "m=17,n=19,k=23",
    "m=64,n=48,k=32",
    "m=65,n=49,k=31,ta=1",
    "m=31,n=97,k=5,tb=1",
    "m=13,n=29,k=7,ta=1,tb=1",
    "m=3,n=3,k=0",
    "m=7,n=5,k=3,batch=2",
    "m=7,n=5,k=3,batch=9",
    "m=9,n=20,k=11,alpha=2,beta=1",
    "m=9,n=20,k=0,beta=2,batch=3",
};

static void run_shapes(rig *r, const char *algorithm, const char *dtype) {
    static const char *const weights[] = {"const", "dynamic"};
    char text[256];
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (size_t j = 0; j < 2; j++) {
            snprintf(text, sizeof text, "gemm:%s,dtype=%s,weights=%s", shapes[i], dtype, weights[j]);
            check(r, text, algorithm, 0.0);
        }
}

static void native_f32(void **state) {
    run_shapes(*state, "native", "f32");
}

static void native_f64(void **state) {
    run_shapes(*state, "native", "f64");
}

static void native_narrow_types(void **state) {
    static const char *const dtypes[] = {
        "bf16:bf16:f32", "f16:f16:f32", "bf16", "f16", "f8e4m3:f8e4m3:f32", "f8e5m2:f8e5m2:f32"};
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++)
        run_shapes(*state, "native", dtypes[i]);
}

static void native_integers(void **state) {
    static const char *const dtypes[] = {"s8", "u8:s8:s32:s32"};
    static const char *const some[] = {
        "m=1,n=67,k=33", "m=17,n=19,k=23,tb=1", "m=65,n=49,k=31,batch=5", "m=2,n=3,k=0"};
    char text[256];
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++)
        for (size_t j = 0; j < sizeof some / sizeof some[0]; j++) {
            snprintf(text, sizeof text, "gemm:%s,dtype=%s", some[j], dtypes[i]);
            check(*state, text, "native", 0.0);
        }
}

static void epilogues_with(rig *r, const char *algorithm, const char *dtype, double tolerance) {
    static const char *const epilogue[] = {
        "bias", "bias_relu", "bias_gelu_erf", "bias_gelu_tanh", "bias_silu", "residual_relu"};
    char text[256];
    for (size_t i = 0; i < sizeof epilogue / sizeof epilogue[0]; i++) {
        snprintf(text, sizeof text, "gemm:m=19,n=37,k=11,batch=2,dtype=%s,epilogue=%s", dtype, epilogue[i]);
        check(r, text, algorithm, tolerance);
    }
}

static void native_epilogues(void **state) {
    epilogues_with(*state, "native", "f32", 1e-5);
    epilogues_with(*state, "native", "f64", 1e-12);
    epilogues_with(*state, "native", "bf16", 1.0 / 128);
    check(*state, "gemm:m=19,n=37,k=11,dtype=s8:s8:f32:s32,epilogue=dequant", "native", 1e-6);
    check(*state, "gemm:m=19,n=37,k=11,dtype=s8:s8:bf16:s32,epilogue=dequant", "native", 1.0 / 128);
}

static void reference_does_all(void **state) {
    run_shapes(*state, "reference", "f32");
    run_shapes(*state, "reference", "bf16");
    epilogues_with(*state, "reference", "f64", 1e-13);
    check(*state, "gemm:m=19,n=37,k=11,dtype=s8", "reference", 0.0);
    check(*state, "gemm:m=19,n=37,k=11,dtype=s8:s8:f16:s32,epilogue=dequant", "reference", 1e-3);
}

/* A peer may be absent; then it says so, and there is nothing to compare. */
static bool has_peer(rig *r, const char *name) {
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    sy_status status = rig_run(r, "gemm:m=4,n=4,k=4", name, 1, &c, &err);
    rig_release(r, &c);
    assert_true(status == SY_OK || strstr(err.text, name) != NULL);
    return status == SY_OK;
}

static void run_blas(rig *r, const char *name) {
    run_shapes(r, name, "f32");
    run_shapes(r, name, "f64");
    epilogues_with(r, name, "f32", 1e-5);
    epilogues_with(r, name, "f64", 1e-12);
    check(r, "gemm:m=700,n=513,k=3,epilogue=bias_relu,beta=1", name, 1e-5);
    char line[32];
    snprintf(line, sizeof line, "%s /", name);
    assert_non_null(strstr(r->host.library, line));
    snprintf(line, sizeof line, "%s ", name);
    assert_non_null(strstr(r->host.version, line));
}

static void openblas_f32_f64(void **state) {
    const rig *r = *state;
    if (!has_peer(*state, "openblas"))
        skip();
    run_blas(*state, "openblas");
    assert_non_null(strstr(r->host.version, "OpenBLAS"));
}

static void blis_f32_f64(void **state) {
    if (!has_peer(*state, "blis"))
        skip();
    run_blas(*state, "blis");
}

/* Small whole numbers: exact in every type, and no sum of two products leaves 16 bits. */
static void onednn_of_every_type(void **state) {
    const rig *r = *state;
    if (!has_peer(*state, "onednn"))
        skip();
    static const char *const texts[] = {"m=1,n=1,k=1", "m=17,n=31,k=29", "m=64,n=48,k=33,ta=1",
        "m=5,n=96,k=40,tb=1", "m=3,n=4,k=5,batch=3", "m=9,n=7,k=6,batch=2,ta=1,tb=1",
        "m=130,n=66,k=70,beta=1"};
    char text[128];
    for (size_t i = 0; i < 2 * sizeof texts / sizeof texts[0]; i++) {
        snprintf(text, sizeof text, "gemm:%s,weights=%s", texts[i / 2], i % 2 == 0 ? "const" : "dynamic");
        check(*state, text, "onednn", 0.0);
    }
    epilogues_with(*state, "onednn", "f32", 1e-5);
    check(*state, "gemm:m=19,n=37,k=11,dtype=s8", "onednn", 0.0);
    check(*state, "gemm:m=19,n=37,k=11,weights=dynamic,dtype=u8:s8:s32", "onednn", 0.0);
    check(*state, "gemm:m=19,n=37,k=11,dtype=s8:s8:f32:s32,epilogue=dequant", "onednn", 1e-5);
    check(*state, "gemm:m=1,n=64,k=300,ta=1,tb=1", "onednn", 0.0);
    check(*state, "gemm:m=19,n=37,k=11,alpha=2,beta=0.5,epilogue=bias_relu", "onednn", 1e-5);
    assert_non_null(strstr(r->host.library, "onednn /"));
    assert_non_null(strstr(r->host.version, "onednn "));
}

static void openblas_refuses_other_types(void **state) {
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    if (!has_peer(*state, "openblas"))
        skip();
    assert_int_equal(rig_run(*state, "gemm:m=4,n=4,k=4,dtype=bf16", "openblas", 1, &c, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "f32 and f64 alone"));
    rig_release(*state, &c);
}

static void onednn_refuses_nothing_to_do(void **state) {
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    if (!has_peer(*state, "onednn"))
        skip();
    assert_int_equal(rig_run(*state, "gemm:m=4,n=4,k=0", "onednn", 1, &c, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "an extent of 0"));
    rig_release(*state, &c);
}

static void constant_weights_are_packed(void **state) {
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    assert_int_equal(rig_run(*state, "gemm:m=64,n=64,k=64,weights=const", "native", 1, &c, &err), SY_OK);
    assert_true(c.was_packed);
    rig_release(*state, &c);
    assert_int_equal(rig_run(*state, "gemm:m=64,n=64,k=64,weights=dynamic", "native", 1, &c, &err), SY_OK);
    assert_false(c.was_packed);
    rig_release(*state, &c);
}

/* Small whole numbers in f64 sums are exact in any order, so a larger product is compared exactly too. */
static void large_enough_for_all_threads(void **state) {
    check(*state, "gemm:m=257,n=301,k=129", "native", 0.0);
    check(*state, "gemm:m=2,n=1031,k=517", "native", 0.0);
}

#define WITH(test, setup) cmocka_unit_test_setup_teardown(test, setup, close_rig)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH(native_f32, open_best),
        WITH(native_f32, open_single),
        WITH(native_f32, open_generic),
        WITH(native_f32, open_avx2),
        WITH(native_f64, open_best),
        WITH(native_f64, open_generic),
        WITH(native_narrow_types, open_best),
        WITH(native_narrow_types, open_single),
        WITH(native_narrow_types, open_avx2),
        WITH(native_narrow_types, open_generic),
        WITH(native_integers, open_best),
        WITH(native_epilogues, open_best),
        WITH(native_epilogues, open_generic),
        WITH(native_epilogues, open_avx2),
        WITH(reference_does_all, open_best),
        WITH(openblas_f32_f64, open_best),
        WITH(openblas_f32_f64, open_single),
        WITH(blis_f32_f64, open_best),
        WITH(blis_f32_f64, open_single),
        WITH(onednn_of_every_type, open_best),
        WITH(onednn_of_every_type, open_single),
        WITH(onednn_refuses_nothing_to_do, open_best),
        WITH(openblas_refuses_other_types, open_best),
        WITH(constant_weights_are_packed, open_best),
        WITH(large_enough_for_all_threads, open_best),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
