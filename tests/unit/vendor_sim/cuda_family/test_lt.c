/* Lt: descriptors by number, the heuristic, epilogues, the rules of f8 and s8. */
#include "tests/unit/vendor_sim/cuda_family/rig.h"

typedef struct lt {
    rig rig;
    int (*create)(void **), (*destroy)(void *);
    int (*desc_create)(void **, int, int), (*desc_destroy)(void *),
        (*desc_set)(void *, int, const void *, size_t);
    int (*layout_create)(void **, int, uint64_t, uint64_t, int64_t), (*layout_destroy)(void *);
    int (*pref_create)(void **), (*pref_destroy)(void *), (*pref_set)(void *, int, const void *, size_t);
    int (*heuristic)(void *, void *, void *, void *, void *, void *, void *, int, void *, int *);
    int (*matmul)(void *, void *, const void *, const void *, void *, const void *, void *, const void *,
        const void *, void *, void *, void *, const void *, void *, size_t, void *);
    void *handle, *desc, *layout[4], *pref;
} lt;

/* m, n, k; types of A and B, C, D; transpositions. */
typedef struct lt_shape {
    int m, n, k, ab, c, d, compute, scale, transa, transb;
} lt_shape;

static lt open_lt(const char *settings, const lt_shape *shape) {
    lt one = {.rig = rig_open("nvidia", "libcudart.so.13", "cuda", settings)};
    void *library = rig_library("nvidia", "libcublasLt.so.13");
    const struct {
        const char *name;
        void *place;
    } functions[] = {{"Create", &one.create}, {"Destroy", &one.destroy},
        {"MatmulDescCreate", &one.desc_create}, {"MatmulDescDestroy", &one.desc_destroy},
        {"MatmulDescSetAttribute", &one.desc_set}, {"MatrixLayoutCreate", &one.layout_create},
        {"MatrixLayoutDestroy", &one.layout_destroy}, {"MatmulPreferenceCreate", &one.pref_create},
        {"MatmulPreferenceDestroy", &one.pref_destroy}, {"MatmulPreferenceSetAttribute", &one.pref_set},
        {"MatmulAlgoGetHeuristic", &one.heuristic}, {"Matmul", &one.matmul}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        rig_find(library, "cublasLt", functions[i].name, functions[i].place);
    assert_int_equal(one.create(&one.handle), 0);
    assert_int_equal(one.desc_create(&one.desc, shape->compute, shape->scale), 0);
    assert_int_equal(one.desc_set(one.desc, 3, &shape->transa, 4), 0);
    assert_int_equal(one.desc_set(one.desc, 4, &shape->transb, 4), 0);
    uint64_t a[2] = {
        (uint64_t)(shape->transa ? shape->k : shape->m), (uint64_t)(shape->transa ? shape->m : shape->k)};
    uint64_t b[2] = {
        (uint64_t)(shape->transb ? shape->n : shape->k), (uint64_t)(shape->transb ? shape->k : shape->n)};
    uint64_t m = (uint64_t)shape->m, n = (uint64_t)shape->n;
    assert_int_equal(one.layout_create(&one.layout[0], shape->ab, a[0], a[1], (int64_t)a[0]), 0);
    assert_int_equal(one.layout_create(&one.layout[1], shape->ab, b[0], b[1], (int64_t)b[0]), 0);
    assert_int_equal(one.layout_create(&one.layout[2], shape->c, m, n, shape->m), 0);
    assert_int_equal(one.layout_create(&one.layout[3], shape->d, m, n, shape->m), 0);
    assert_int_equal(one.pref_create(&one.pref), 0);
    return one;
}

static void close_lt(const lt *one, int64_t misuses) {
    for (int i = 0; i < 4; i++)
        assert_int_equal(one->layout_destroy(one->layout[i]), 0);
    assert_int_equal(one->pref_destroy(one->pref), 0);
    assert_int_equal(one->desc_destroy(one->desc), 0);
    assert_int_equal(one->destroy(one->handle), 0);
    rig_close(&one->rig, misuses);
}

static int ask(const lt *one, int wanted, char *results, int *got) {
    return one->heuristic(one->handle, one->desc, one->layout[0], one->layout[1], one->layout[2],
        one->layout[3], one->pref, wanted, results, got);
}

static int run(const lt *one, char *a, char *b, char *d, const void *algo, void *workspace, size_t bytes) {
    const float alpha = 1, beta = 0;
    return one->matmul(one->handle, one->desc, &alpha, a, one->layout[0], b, one->layout[1], &beta, d,
        one->layout[2], d, one->layout[3], algo, workspace, bytes, NULL);
}

static void test_epilogue(void **state) {
    (void)state;
    const lt_shape shape = {2, 2, 2, 0, 0, 0, 68, 0, 0, 0};
    lt one = open_lt("", &shape);
    const float in[16] = {1, 3, 2, 4, 5, 7, 6, 8, -20, 100};
    float d[4];
    char *device = rig_upload(&one.rig, in, sizeof in);
    uint32_t relu_bias = 6, bad = 77;
    void *bias = device + 32;
    assert_int_equal(one.desc_set(one.desc, 7, &relu_bias, 4), 0);
    assert_int_equal(one.desc_set(one.desc, 8, &bias, 8), 0);
    assert_int_equal(one.desc_set(one.desc, 8, &bias, 4), 7);
    assert_int_equal(one.desc_set(one.desc, 1000, &bias, 8), 7);
    assert_int_equal(run(&one, device, device + 16, device + 48, NULL, NULL, 0), 0);
    assert_int_equal(one.rig.memcpy(d, device + 48, sizeof d, TO_HOST), 0);
    assert_memory_equal(d, ((float[4]){0, 143, 2, 150}), sizeof d);
    assert_int_equal(one.desc_set(one.desc, 7, &bad, 4), 0);
    assert_int_equal(run(&one, device, device + 16, device + 48, NULL, NULL, 0), 15);
    assert_int_equal(one.rig.free(device), 0);
    close_lt(&one, 0);
}

static void test_algorithms(void **state) {
    (void)state;
    const lt_shape shape = {2, 2, 2, 0, 0, 0, 68, 0, 0, 0};
    lt one = open_lt("", &shape);
    const float in[16] = {1, 0, 0, 1, 1, 2, 3, 4};
    char *device = rig_upload(&one.rig, in, sizeof in), results[96 * 4];
    void *workspace;
    int got = -1;
    assert_int_equal(ask(&one, 4, results, &got), 0);
    assert_int_equal(got, 1); /* without workspace */
    uint64_t room = 1 << 20;
    assert_int_equal(one.pref_set(one.pref, 1, &room, 8), 0);
    assert_int_equal(ask(&one, 4, results, &got), 0);
    assert_int_equal(got, 3);
    size_t wanted;
    memcpy(&wanted, results + 2 * 96 + 64, sizeof wanted);
    assert_int_equal(wanted, 1 << 20);
    assert_int_equal(one.rig.malloc(&workspace, wanted), 0);
    assert_int_equal(run(&one, device, device + 16, device + 32, results + 192, workspace, wanted), 0);
    assert_int_equal(run(&one, device, device + 16, device + 32, results + 192, workspace, wanted - 1), 7);
    assert_int_equal(run(&one, device + 4, device + 16, device + 32, results, NULL, 0), 7); /* not aligned */
    memset(results, 0, 8);
    assert_int_equal(run(&one, device, device + 16, device + 32, results, NULL, 0), 7);
    assert_int_equal(one.rig.free(workspace), 0);
    assert_int_equal(one.rig.free(device), 0);
    assert_int_equal(one.rig.misuses("workspace_too_small"), 1);
    close_lt(&one, 1);
}

static void test_f8(void **state) {
    (void)state;
    const struct {
        const char *settings;
        lt_shape shape;
        int want;
    } cases[] = {{"", {16, 16, 16, 28, 14, 14, 68, 0, 1, 0}, 0},
        {"", {16, 16, 16, 28, 14, 14, 68, 0, 0, 0}, 15}, {"", {16, 16, 8, 28, 14, 14, 68, 0, 1, 0}, 15},
        {"", {16, 16, 16, 29, 14, 14, 68, 0, 1, 0}, 15}, {"", {16, 16, 16, 28, 14, 28, 68, 0, 1, 0}, 0},
        {"", {16, 16, 16, 28, 28, 28, 68, 0, 1, 0}, 15},
        {"major=8;minor=0", {16, 16, 16, 28, 14, 14, 68, 0, 1, 0}, 15},
        {"lt_refuse=f8e4m3", {16, 16, 16, 28, 14, 14, 68, 0, 1, 0}, 15}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lt one = open_lt(cases[i].settings, &cases[i].shape);
        char results[96];
        int got;
        assert_int_equal(ask(&one, 1, results, &got), cases[i].want);
        close_lt(&one, 0);
    }
}

static void test_f8_scales(void **state) {
    (void)state;
    const lt_shape shape = {16, 16, 16, 28, 0, 0, 68, 0, 1, 0};
    lt one = open_lt("", &shape);
    char in[512];
    memset(in, 0x38, sizeof in); /* 1.0 */
    const float scales[2] = {2, 0.25f};
    float d[256];
    char *device = rig_upload(&one.rig, in, sizeof in);
    float *scale = rig_upload(&one.rig, scales, sizeof scales), *second = scale + 1;
    void *out;
    assert_int_equal(one.rig.malloc(&out, sizeof d), 0);
    assert_int_equal(one.desc_set(one.desc, 17, &scale, 8), 0);
    assert_int_equal(one.desc_set(one.desc, 18, &second, 8), 0);
    assert_int_equal(run(&one, device, device + 256, out, NULL, NULL, 0), 0);
    assert_int_equal(one.rig.memcpy(d, out, sizeof d, TO_HOST), 0);
    assert_true(d[0] == 8 && d[255] == 8);
    assert_int_equal(one.desc_set(one.desc, 20, &second, 8), 0); /* D is no f8 */
    assert_int_equal(run(&one, device, device + 256, out, NULL, NULL, 0), 15);
    assert_int_equal(one.rig.free(device), 0);
    assert_int_equal(one.rig.free(scale), 0);
    assert_int_equal(one.rig.free(out), 0);
    close_lt(&one, 0);
}

static void test_s8(void **state) {
    (void)state;
    const struct {
        lt_shape shape;
        int want;
    } cases[] = {{{4, 4, 4, 3, 10, 10, 72, 10, 1, 0}, 0}, {{4, 4, 4, 3, 10, 10, 72, 10, 0, 0}, 15},
        {{4, 4, 5, 3, 10, 10, 72, 10, 1, 0}, 15}, {{4, 4, 4, 3, 3, 3, 72, 0, 1, 0}, 0},
        {{4, 4, 4, 3, 3, 3, 72, 10, 1, 0}, 15}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lt one = open_lt("", &cases[i].shape);
        char results[96];
        int got;
        assert_int_equal(ask(&one, 1, results, &got), cases[i].want);
        close_lt(&one, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_epilogue), cmocka_unit_test(test_algorithms),
        cmocka_unit_test(test_f8), cmocka_unit_test(test_f8_scales), cmocka_unit_test(test_s8)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
