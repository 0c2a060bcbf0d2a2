/* Codes of each library of each stack, as statuses and words. */
#include <string.h>

#include "backends/cuda_family/words.h"
#include "tests/unit/backends/cuda_family/stack_rig.h"

typedef struct code_case {
    int band, code;
    sy_status status;
    const char *words;
} code_case;

static void check(const cf_stack *stack, const char *folder, const char *file, const code_case *cases) {
    stack_rig rig;
    stack_rig_begin(&rig, stack, folder, file, "");
    assert_int_equal(stack_rig_create(&rig), SY_OK);
    for (; cases->words != NULL; cases++) {
        char text[128];
        int code = cf_code(cases->band, cases->code);
        assert_int_equal(cf_judge(rig.backend->stack, code), cases->status);
        assert_int_equal(cf_code_text(rig.backend->stack, code, text, sizeof text), cases->code);
        assert_non_null(strstr(text, cases->words));
    }
    stack_rig_end(&rig);
}

static void test_nvidia(void **state) {
    static const code_case cases[] = {{CF_CODE_RUNTIME, 2, SY_OUT_OF_MEMORY, "out of memory (2)"},
        {CF_CODE_RUNTIME, 35, SY_UNAVAILABLE, "(35)"}, {CF_CODE_RUNTIME, 719, SY_LOST, "(719)"},
        {CF_CODE_RUNTIME, 1, SY_INTERNAL, "invalid argument (1)"},
        {CF_CODE_BLAS, 3, SY_OUT_OF_MEMORY, "allocation failed (3)"},
        {CF_CODE_BLAS, 15, SY_UNSUPPORTED, "not supported (15)"},
        {CF_CODE_BLAS, 7, SY_INTERNAL, "invalid value (7)"},
        {CF_CODE_LT, 15, SY_UNSUPPORTED, "not supported"}, {CF_CODE_DNN, 3007, SY_UNSUPPORTED, "(3007)"},
        {CF_CODE_DNN, 9, SY_UNSUPPORTED, "(9)"}, {CF_CODE_DNN, 2000, SY_INTERNAL, "(2000)"},
        {CF_CODE_OWN, CF_OWN_NO_MEMORY, SY_OUT_OF_MEMORY, "no host"},
        {CF_CODE_OWN, CF_OWN_NO_FUNCTION, SY_UNSUPPORTED, "no such function"}, {0, 0, SY_OK, NULL}};
    (void)state;
    check(&cf_stack_cuda, "nvidia", "libcudart.so.13", cases);
}

/* Three libraries for products, and the same number is another thing in each. */
static void test_hip(void **state) {
    static const code_case cases[] = {{CF_CODE_BLAS, 5, SY_OUT_OF_MEMORY, "allocation failed (5)"},
        {CF_CODE_BLAS, 2, SY_UNSUPPORTED, "not supported (2)"},
        {CF_CODE_BLAS_OTHER, 2, SY_OUT_OF_MEMORY, "allocation failed (2)"},
        {CF_CODE_BLAS_OTHER, 7, SY_UNSUPPORTED, "not supported (7)"},
        {CF_CODE_BLAS_OTHER, 5, SY_INTERNAL, "status (5)"},
        {CF_CODE_LT, 7, SY_UNSUPPORTED, "not supported (7)"}, {CF_CODE_DNN, 4, SY_OUT_OF_MEMORY, "(4)"},
        {CF_CODE_DNN, 6, SY_UNSUPPORTED, "(6)"}, {CF_CODE_DNN, 8, SY_UNSUPPORTED, "(8)"},
        {CF_CODE_DNN, 9, SY_INTERNAL, "(9)"}, {0, 0, SY_OK, NULL}};
    (void)state;
    check(&cf_stack_hip, "rocm", "libamdhip64.so.6", cases);
}

static void test_musa(void **state) {
    static const code_case cases[] = {{CF_CODE_BLAS, 5, SY_OUT_OF_MEMORY, "allocation failed (5)"},
        {CF_CODE_BLAS, 2, SY_UNSUPPORTED, "not supported (2)"},
        {CF_CODE_BLAS, 15, SY_INTERNAL, "status (15)"}, {0, 0, SY_OK, NULL}};
    (void)state;
    check(&cf_stack_musa, "musa", "libmusart.so.5", cases);
}

/* A refusal of muBLAS stays in the context; whoever judges it takes it away. */
static void test_a_refusal_is_not_found_by_the_next_call(void **state) {
    (void)state;
    stack_rig rig;
    void *address = NULL;
    stack_rig_begin(&rig, &cf_stack_musa, "musa", "libmusart.so.5", "");
    assert_int_equal(stack_rig_open(&rig), SY_OK);
    cf_libraries *libraries = stack_rig_libraries(&rig);
    int code = libraries->blas[0].api.GemmEx(cf_device_of(rig.device)->blas[0], 0, 0, 1, 1, 1, NULL, NULL, 0,
        1, NULL, 0, 1, NULL, NULL, 0, 1, 68, 0);
    assert_int_not_equal(code, 0);
    assert_int_equal(cf_judge(libraries, cf_code(CF_CODE_BLAS, code)), SY_INTERNAL);
    assert_int_equal(cf_runtime.alloc(libraries, 64, &address), 0);
    assert_int_equal(cf_runtime.free(libraries, address), 0);
    stack_rig_end(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nvidia), cmocka_unit_test(test_hip),
        cmocka_unit_test(test_musa), cmocka_unit_test(test_a_refusal_is_not_found_by_the_next_call)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
