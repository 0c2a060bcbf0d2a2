/* Parameters of a device: traits taken away or forced, and what is no parameter. */
#include "tests/unit/backends/opencl/world.h"

static ocl_traits able(void) {
    return (ocl_traits){.kind = OCL_CPU,
        .local_bytes = 32768,
        .fp64 = true,
        .fp16 = true,
        .dot8 = true,
        .subgroups = true,
        .binaries = true};
}

static void applied(const char *params, ocl_traits *traits) {
    sy_error error = SY_ERROR_INIT;
    *traits = able();
    if (ocl_params_apply(params, traits, &error) != SY_OK)
        fail_msg("%s: %s", params, error.text);
}

static void zero_takes_a_trait_away(void **state) {
    ocl_traits traits;
    (void)state;
    applied("", &traits);
    assert_true(traits.fp64 && traits.fp16 && traits.dot8 && traits.subgroups && traits.binaries);
    applied("fp64=0", &traits);
    assert_true(!traits.fp64 && traits.fp16 && traits.dot8 && traits.subgroups && traits.binaries);
    applied("fp16=0,dot8=0,subgroups=0,binaries=0,", &traits);
    assert_true(traits.fp64 && !traits.fp16 && !traits.dot8 && !traits.subgroups && !traits.binaries);
    applied("local=0", &traits);
    assert_int_equal(traits.local_bytes, 0);
    assert_int_equal(ocl_params_apply(NULL, &traits, NULL), SY_OK);
}

static void one_gives_nothing_that_is_not_there(void **state) {
    ocl_traits traits = {0};
    (void)state;
    assert_int_equal(
        ocl_params_apply("fp64=1,fp16=1,dot8=1,subgroups=1,binaries=1,local=1", &traits, NULL), SY_OK);
    assert_true(!traits.fp64 && !traits.fp16 && !traits.dot8 && !traits.subgroups && !traits.binaries);
    assert_int_equal(traits.local_bytes, 0);
    applied("fp64=1,local=1", &traits);
    assert_true(traits.fp64);
    assert_int_equal(traits.local_bytes, 32768);
}

static void a_family_is_forced(void **state) {
    ocl_traits traits;
    (void)state;
    applied("family=gpu", &traits);
    assert_int_equal(traits.kind, OCL_GPU);
    assert_true(traits.has_local);
    applied("family=gpu,local=0", &traits);
    assert_false(traits.has_local);
    applied("local=0,family=gpu", &traits);
    assert_false(traits.has_local);
    applied("family=cpu", &traits);
    assert_int_equal(traits.kind, OCL_CPU);
    assert_false(traits.has_local);
}

static void what_is_no_parameter_is_named(void **state) {
    static const char *const bad[][2] = {{"speed=9", "no parameter 'speed'; it has family local fp64 fp16"},
        {"fp64", "'fp64' is not of the form key=value"}, {"=1", "no parameter ''"},
        {"fp64=", "fp64 cannot be ''"}, {"fp64=2", "fp64 cannot be '2'; it is 0"},
        {"local=00", "local cannot be '00'"}, {"family=GPU", "family cannot be 'GPU'; it is cpu or gpu"},
        {"fp16=0,,fp64=0", "'' is not of the form"}, {"fp16=0,x=1", "'x'"}};
    ocl_traits traits = able();
    char lengthy[300];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        world_refused(ocl_params_apply(bad[i][0], &traits, err), SY_INVALID_ARGUMENT, bad[i][1]);
    memset(lengthy, 'x', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = '\0';
    world_refused(ocl_params_apply(lengthy, &traits, err), SY_INVALID_ARGUMENT, "255 bytes");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zero_takes_a_trait_away),
        cmocka_unit_test(one_gives_nothing_that_is_not_there),
        cmocka_unit_test(a_family_is_forced),
        cmocka_unit_test(what_is_no_parameter_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
