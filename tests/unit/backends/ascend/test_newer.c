/* CANN 8.5 and later: libraries with new names and in parts, the telemetry's second generation. */
#include <stdlib.h>

#include "tests/unit/backends/ascend/rig.h"

#define GEMM "gemm:m=16,n=24,k=32"

static void libraries_have_new_names(void **state) {
    rig r;
    (void)state;
    rig_begin(&r, "ascend_9", "");
    assert_string_equal(r.libraries,
        "ascendcl=libacl_rt.so acl_mdl=libacl_mdl.so nnopbase=libnnopbase.so opapi_nn=libopapi_nn.so "
        "opapi_math=libopapi_math.so dcmi=libdcmi.so ");
    rig_end(&r);
}

static void both_parts_work(void **state) {
    static const char *const cases[][2] = {{GEMM, "aclnnMm"}, {GEMM ",dtype=s8", "aclnnQuantMatmulV5"},
        {GEMM ",dtype=f16,beta=1", "aclnnAddmm"}, {"stream:kind=triad,bytes=4096", "aclnnAdd"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig r;
        rig_work work;
        rig_open(&r, "ascend_9", "");
        rig_work_make(&r, cases[i][0], cases[i][1], 0, &work);
        assert_int_equal(rig_run(&r, &work), SY_OK);
        rig_work_free(&work);
        rig_end(&r);
    }
}

/* Without the telemetry's addresses, a mask still tells which is which. */
static void the_second_generation_of_telemetry(void **state) {
    rig r;
    ascend_place place;
    sy_sensor sensor = {.size = sizeof sensor};
    double value = 0.0;
    (void)state;
    setenv("ASCEND_RT_VISIBLE_DEVICES", "2", 1);
    rig_open(&r, "ascend_9", "devices=3;power@2=777;power@0=111");
    assert_int_equal(ascend_place_find(r.backend->stack, 0, &place, &r.error), SY_OK);
    assert_int_equal(place.card, -1);
    assert_int_equal(place.device, 2);
    assert_string_equal(place.pci, "");
    assert_int_equal(sy_card_sensor_api.describe(r.device, 0, &sensor, &r.error), SY_OK);
    assert_int_equal(sy_card_sensor_api.read(r.device, 0, &value, &r.error), SY_OK);
    assert_true(value > 77.6 && value < 77.8);
    unsetenv("ASCEND_RT_VISIBLE_DEVICES");
    rig_end(&r);
}

/* Sums of 16 bits in f32, results in f32: newer versions take them, and say so when asked. */
static void what_is_new_is_offered_where_it_is_taken(void **state) {
    static const struct {
        const char *world, *problem, *name, *words;
    } rows[] = {{"", GEMM ",dtype=f16:f16:f32", "aclnnMm", NULL},
        {"wide_out=0", GEMM ",dtype=f16:f16:f32", "aclnnMm", "(161002)"},
        {"", GEMM ",dtype=bf16,beta=1", "aclnnAddmm", NULL},
        {"wide_add=0", GEMM ",dtype=bf16,beta=1", "aclnnAddmm", "(161002)"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig r;
        rig_open(&r, "ascend_9", rows[i].world);
        rig_expect(&r, rows[i].problem, rows[i].name, rows[i].words);
        rig_end(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(libraries_have_new_names),
        cmocka_unit_test(both_parts_work), cmocka_unit_test(the_second_generation_of_telemetry),
        cmocka_unit_test(what_is_new_is_offered_where_it_is_taken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
