/* Numbers that are tried: whichever of its uncertain facts a library has, the device knows. */
#include <string.h>

#include "runtime/base/seam.h"
#include "tests/unit/backends/cuda_family/stack_rig.h"

static const cf_numbers *open_numbers(stack_rig *rig, uint32_t which) {
    assert_int_equal(stack_rig_open(rig), SY_OK);
    return &cf_device_of(rig->device)->numbers[which];
}

static void test_compute_types(void **state) {
    (void)state;
    static const struct {
        const char *settings;
        bool is_type;
    } cases[] = {{"ct=10", true}, {"ct=11", false}, {"ct=both", false}};
    for (size_t i = 0; i < 3; i++) {
        stack_rig rig;
        stack_rig_begin(&rig, &cf_stack_corex, "corex", "libcudart.so.10.2", cases[i].settings);
        const cf_numbers *numbers = open_numbers(&rig, 0);
        assert_int_equal(numbers->status, SY_OK);
        assert_int_equal(numbers->is_type, cases[i].is_type);
        assert_false(numbers->is_f32_rounded);
        stack_rig_end(&rig);
    }
}

/* Refusals stay in MUSA's context: what comes behind the probe must not find them. */
static void test_old_and_new_musa(void **state) {
    (void)state;
    for (int is_old = 0; is_old < 2; is_old++) {
        stack_rig rig;
        stack_rig_begin(&rig, &cf_stack_musa, "musa", "libmusart.so.5", is_old ? "ct=10" : "ct=11");
        assert_int_equal(open_numbers(&rig, 0)->is_type, is_old);
        assert_int_equal(cf_device_of(rig.device)->dnn_status, SY_OK);
        stack_rig_end(&rig);
    }
}

static void test_no_number_is_right(void **state) {
    (void)state;
    stack_rig rig;
    stack_rig_begin(&rig, &cf_stack_musa, "musa", "libmusart.so.5", "row.op.n=0;row.op.t=1");
    const cf_numbers *numbers = open_numbers(&rig, 0);
    assert_int_equal(numbers->status, SY_UNSUPPORTED);
    assert_non_null(strstr(numbers->reason.text, "mublas: no product in f32"));
    assert_non_null(strstr(numbers->reason.text, "68 refused, 0 refused"));
    stack_rig_end(&rig);
}

static void test_pedantic(void **state) {
    (void)state;
    stack_rig rig;
    stack_rig_begin(&rig, &cf_stack_maca, "maca", "libmcruntime.so", "");
    const cf_numbers *numbers = open_numbers(&rig, 0);
    assert_int_equal(numbers->status, SY_OK);
    assert_false(numbers->is_f32_rounded);
    stack_rig_end(&rig);
    /* Without the pedantic type f32 is not to be had; the rest is. */
    stack_rig_begin(&rig, &cf_stack_maca, "maca", "libmcruntime.so", "row.compute.f32_pedantic=");
    numbers = open_numbers(&rig, 0);
    assert_int_equal(numbers->status, SY_OK);
    assert_true(numbers->is_f32_rounded);
    assert_false(numbers->is_type);
    stack_rig_end(&rig);
}

static void test_hipblas_of_two_ages(void **state) {
    (void)state;
    stack_rig rig;
    stack_rig_begin(&rig, &cf_stack_hip, "rocm", "libamdhip64.so.6", "");
    assert_int_equal(open_numbers(&rig, 0)->row->dtype[SY_F32], 151); /* rocBLAS */
    assert_int_equal(cf_device_of(rig.device)->numbers[1].status, SY_OK);
    assert_int_equal(cf_device_of(rig.device)->numbers[1].row->dtype[SY_F32], 0);
    stack_rig_end(&rig);
    stack_rig_begin(&rig, &cf_stack_hip, "dtk_hip", "libgalaxyhip.so.5", "");
    assert_int_equal(open_numbers(&rig, 1)->status, SY_OK);
    assert_int_equal(cf_device_of(rig.device)->numbers[1].row->dtype[SY_F32], 151);
    assert_true(cf_device_of(rig.device)->numbers[1].is_type);
    stack_rig_end(&rig);
}

/* What a library does not have for a type is known before somebody measures it. */
static void test_types(void **state) {
    (void)state;
    stack_rig rig;
    stack_rig_begin(&rig, &cf_stack_musa, "musa", "libmusart.so.5", "refuse=bf16,s8");
    const cf_numbers *numbers = open_numbers(&rig, 0);
    assert_int_equal(numbers->status, SY_OK);
    assert_int_equal(numbers->refused, SY_DTYPE_BIT(SY_BF16) | SY_DTYPE_BIT(SY_S8));
    assert_false(numbers->is_f16_sum_refused);
    stack_rig_end(&rig);
    stack_rig_begin(&rig, &cf_stack_musa, "musa", "libmusart.so.5", "refuse=f16");
    numbers = open_numbers(&rig, 0);
    assert_int_equal(numbers->refused, SY_DTYPE_BIT(SY_F16));
    assert_true(numbers->is_f16_sum_refused);
    stack_rig_end(&rig);
    stack_rig_begin(&rig, &cf_stack_musa, "musa", "libmusart.so.5", "");
    assert_int_equal(open_numbers(&rig, 0)->refused, 0);
    stack_rig_end(&rig);
}

static void test_mode(void **state) {
    (void)state;
    static const struct {
        const char *settings;
        int mode;
        sy_status status;
        const char *says;
    } cases[] = {{"", 1, SY_OK, ""}, {"row.dnn.cross=0;row.dnn.convolution=1", 0, SY_OK, ""},
        {"row.dnn.convolution=", 1, SY_OK, ""},
        {"row.dnn.f32=77", 0, SY_UNSUPPORTED, "refused in mode 1 and refused in mode 0"},
        {"row.dnn.cross=5;row.dnn.convolution=1", 0, SY_UNSUPPORTED,
            "wrong in mode 1 and refused in mode 0"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        stack_rig rig;
        stack_rig_begin(&rig, &cf_stack_maca, "maca", "libmcruntime.so", cases[i].settings);
        assert_int_equal(stack_rig_open(&rig), SY_OK);
        const cf_device *own = cf_device_of(rig.device);
        assert_int_equal(own->dnn_status, cases[i].status);
        if (own->dnn_status == SY_OK)
            assert_int_equal(own->dnn_mode, cases[i].mode);
        else
            assert_non_null(strstr(own->dnn_reason.text, cases[i].says));
        stack_rig_end(&rig);
    }
}

/* Whatever call fails while a device is opened, it says so or does without, and nothing is left over. */
static void test_every_call_may_fail(void **state) {
    (void)state;
    static const char *const functions[] = {"mcMalloc", "mcStreamCreateWithFlags", "mcMemcpyAsync",
        "mcMemsetAsync", "mcStreamSynchronize", "mcblasCreate", "mcblasSetStream", "mcblasGemmEx",
        "mcblasLtCreate", "mcdnnCreate", "mcdnnSetStream", "mcdnnCreateTensorDescriptor",
        "mcdnnConvolutionForward", "mcdnnGetConvolutionForwardAlgorithm_v7"};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        for (int nth = 1; nth < 7; nth++) {
            stack_rig rig;
            stack_rig_begin(&rig, &cf_stack_maca, "maca", "libmcruntime.so", "");
            ((void (*)(const char *, int64_t, int))stack_rig_steer(&rig, "sim_fail"))(functions[i], nth, 2);
            sy_status status = stack_rig_open(&rig);
            assert_int_equal(status == SY_OK, rig.device != NULL);
            if (status != SY_OK)
                assert_true(rig.error.text[0] != '\0');
            ((int64_t(*)(void))stack_rig_steer(&rig, "sim_disarm"))();
            stack_rig_end(&rig);
        }
}

/* The same of the host's memory and files. */
static void test_every_host_call_may_fail(void **state) {
    (void)state;
    for (uint64_t k = 1; k < 60; k++) {
        stack_rig rig;
        stack_rig_begin(&rig, &cf_stack_hip, "rocm", "libamdhip64.so.6", "");
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_card_create(&rig.model, &rig.host, &rig.backend, &rig.error);
        if (status == SY_OK)
            status = sy_card_device_api.open(rig.backend, 0, "", &rig.device, &rig.error);
        uint64_t seen = sy_seam_disarm();
        assert_int_equal(status == SY_OK, rig.device != NULL);
        stack_rig_end(&rig);
        if (seen < k)
            return;
    }
    fail_msg("more allocations than were expected");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_compute_types),
        cmocka_unit_test(test_old_and_new_musa), cmocka_unit_test(test_no_number_is_right),
        cmocka_unit_test(test_pedantic), cmocka_unit_test(test_hipblas_of_two_ages),
        cmocka_unit_test(test_types), cmocka_unit_test(test_mode), cmocka_unit_test(test_every_call_may_fail),
        cmocka_unit_test(test_every_host_call_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
