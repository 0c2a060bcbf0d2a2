/* What AMD's and Hygon's libraries have of their own: rocBLAS and MIOpen. */
#include "tests/unit/vendor_sim/cuda_family/rig.h"

static rig open_rocm(const char *settings) {
    return rig_open("rocm", "libamdhip64.so.6", "hip", settings);
}

static void test_rocblas(void **state) {
    (void)state;
    rig one = open_rocm("");
    void *library = rig_library("rocm", "librocblas.so.4"), *handle;
    int (*create)(void **), (*destroy)(void *);
    int (*gemm)(void *, int, int, int, int, int, const void *, const void *, int, int, const void *, int, int,
        const void *, const void *, int, int, void *, int, int, int, int, int32_t, uint32_t);
    rig_find(library, "rocblas_", "create_handle", &create);
    rig_find(library, "rocblas_", "destroy_handle", &destroy);
    rig_find(library, "rocblas_", "gemm_ex", &gemm);
    const float in[5] = {3, 5, 7}, alpha = 1, beta = 2;
    float out, *at = rig_upload(&one, in, sizeof in);
    assert_int_equal(create(&handle), 0);
    assert_int_equal(gemm(handle, 111, 111, 1, 1, 1, &alpha, at, 151, 1, at + 1, 151, 1, &beta, at + 2, 151,
                         1, at + 3, 151, 1, 151, 0, 0, 0),
        0);
    assert_int_equal(one.memcpy(&out, at + 3, sizeof out, TO_HOST), 0);
    assert_true(out == 29); /* in D, and C is as it was */
    assert_int_equal(one.memcpy(&out, at + 2, sizeof out, TO_HOST), 0);
    assert_true(out == 7);
    assert_int_equal(gemm(handle, 111, 111, 1, 1, 1, &alpha, at, 0, 1, at + 1, 0, 1, &beta, at + 2, 0, 1,
                         at + 3, 0, 1, 151, 0, 0, 0),
        11);
    assert_int_equal(gemm(handle, 111, 111, 1, 1, 1, &alpha, at, 151, 1, at + 1, 151, 1, &beta, at + 2, 151,
                         1, at + 3, 151, 1, 151, 160, 0, 0),
        11);
    assert_int_equal(destroy(handle), 0);
    assert_int_equal(one.free(at), 0);
    rig_close(&one, 0);
}

typedef struct solution {
    float ms;
    size_t workspace;
    uint64_t id;
    int algorithm;
} solution;

typedef struct miopen {
    rig rig;
    void *library, *handle, *x, *w, *y, *conv;
    char *device;
} miopen;

static int call(const miopen *one, const char *name, void *argument) {
    int (*function)(void *);
    rig_find(one->library, "miopen", name, &function);
    return function(argument);
}

/* 1 x 2 x 2 x 2 with one 2 x 1 x 1 filter, channels first. */
static miopen open_miopen(int type) {
    miopen one = {.rig = open_rocm(""), .library = rig_library("rocm", "libMIOpen.so.1")};
    int (*set)(void *, int, int, int, int, int), (*init)(void *, int, int, int, int, int, int, int);
    rig_find(one.library, "miopen", "Set4dTensorDescriptor", &set);
    rig_find(one.library, "miopen", "InitConvolutionDescriptor", &init);
    assert_int_equal(call(&one, "Create", &one.handle), 0);
    assert_int_equal(call(&one, "CreateTensorDescriptor", &one.x), 0);
    assert_int_equal(call(&one, "CreateTensorDescriptor", &one.w), 0);
    assert_int_equal(call(&one, "CreateTensorDescriptor", &one.y), 0);
    assert_int_equal(call(&one, "CreateConvolutionDescriptor", &one.conv), 0);
    assert_int_equal(set(one.x, type, 1, 2, 2, 2), 0);
    assert_int_equal(set(one.w, type, 1, 2, 1, 1), 0);
    assert_int_equal(set(one.y, type, 1, 1, 2, 2), 0);
    assert_int_equal(init(one.conv, 1, 0, 0, 1, 1, 1, 1), 3);
    assert_int_equal(init(one.conv, 0, 0, 0, 1, 1, 1, 1), 0);
    const float in[14] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 1};
    one.device = rig_upload(&one.rig, in, sizeof in);
    return one;
}

static void close_miopen(const miopen *one, int64_t misuses) {
    assert_int_equal(one->rig.free(one->device), 0);
    assert_int_equal(call(one, "DestroyTensorDescriptor", one->x), 0);
    assert_int_equal(call(one, "DestroyTensorDescriptor", one->w), 0);
    assert_int_equal(call(one, "DestroyTensorDescriptor", one->y), 0);
    assert_int_equal(call(one, "DestroyConvolutionDescriptor", one->conv), 0);
    assert_int_equal(call(one, "Destroy", one->handle), 0);
    rig_close(&one->rig, misuses);
}

static void check_result(const miopen *one) {
    float out[4];
    assert_int_equal(one->rig.memcpy(out, one->device + 40, sizeof out, TO_HOST), 0);
    assert_memory_equal(out, ((float[4]){15, 26, 37, 48}), sizeof out);
}

static void test_immediate(void **state) {
    (void)state;
    miopen one = open_miopen(1);
    int (*get)(void *, void *, void *, void *, void *, size_t, size_t *, solution *);
    int (*compile)(void *, void *, void *, void *, void *, uint64_t);
    int (*run)(
        void *, void *, const void *, void *, const void *, void *, void *, void *, void *, size_t, uint64_t);
    rig_find(one.library, "miopenConvolutionForward", "GetSolution", &get);
    rig_find(one.library, "miopenConvolutionForward", "CompileSolution", &compile);
    rig_find(one.library, "miopenConvolutionForward", "Immediate", &run);
    solution found[8];
    size_t got = 0;
    assert_int_equal(get(one.handle, one.w, one.x, one.conv, one.y, 8, &got, found), 0);
    assert_int_equal(got, 3);
    assert_int_equal(get(one.handle, one.x, one.w, one.conv, one.y, 8, &got, found), 3); /* the other order */
    uint64_t id = found[0].id;
    void *w = one.device + 32, *y = one.device + 40;
    assert_int_equal(run(one.handle, one.w, w, one.x, one.device, one.conv, one.y, y, NULL, 0, id), 0);
    assert_int_equal(one.rig.misuses("solution_not_compiled"), 1);
    assert_int_equal(compile(one.handle, one.w, one.x, one.conv, one.y, id), 0);
    assert_int_equal(run(one.handle, one.w, w, one.x, one.device, one.conv, one.y, y, NULL, 0, id), 0);
    check_result(&one);
    assert_int_equal(run(one.handle, one.w, w, one.x, one.device, one.conv, one.y, y, NULL, 0, 4711), 3);
    close_miopen(&one, 1);
}

static void test_find(void **state) {
    (void)state;
    miopen one = open_miopen(1);
    int (*find)(void *, void *, const void *, void *, const void *, void *, void *, void *, int, int *,
        void *, void *, size_t, _Bool);
    int (*run)(void *, const void *, void *, const void *, void *, const void *, void *, int, const void *,
        void *, void *, void *, size_t);
    rig_find(one.library, "miopen", "FindConvolutionForwardAlgorithm", &find);
    rig_find(one.library, "miopen", "ConvolutionForward", &run);
    struct {
        int algorithm;
        float ms;
        size_t workspace;
    } found[4];
    int got;
    const float unit = 1, zero = 0;
    void *w = one.device + 32, *y = one.device + 40;
    assert_int_equal(
        run(one.handle, &unit, one.x, one.device, one.w, w, one.conv, 5, &zero, one.y, y, NULL, 0), 7);
    assert_int_equal(one.rig.misuses("find_not_called"), 1);
    assert_int_equal(
        find(one.handle, one.x, one.device, one.w, w, one.conv, one.y, y, 4, &got, found, NULL, 0, 0), 0);
    assert_int_equal(got, 2); /* without workspace */
    assert_int_equal(run(one.handle, &unit, one.x, one.device, one.w, w, one.conv, found[0].algorithm, &zero,
                         one.y, y, NULL, 0),
        0);
    check_result(&one);
    assert_int_equal(
        run(one.handle, &unit, one.x, one.device, one.w, w, one.conv, 5, &unit, one.y, y, NULL, 0), 8);
    close_miopen(&one, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rocblas), cmocka_unit_test(test_immediate), cmocka_unit_test(test_find)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
