/* A worker tells of the meters of its device, and of no others. */
#include "tests/unit/bench/worker/sitting.h"

#include "bench/worker/energy_wire.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/made_up.h"

static int set_up(void **state) {
    (void)state;
    made_up_clear();
    made_up_add("device:energy", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_CARD);
    made_up_add("powercap:package-0", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_PACKAGE)->state = SY_REFUSED;
    made_up_add("powercap:dram-0", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_MEMORY);
    return 0;
}

static void of_the_device(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, SITTING_OPEN, SY_OK, NULL);
    json_t *reply = ask(&s, "{\"call\":\"meters\",\"sysroot\":null}");
    assert_int_equal(sy_protocol_status(reply, NULL), SY_OK);
    sy_energy_list list = {0};
    assert_int_equal(sy_energy_list_from_wire(json_object_get(reply, "meters"), &list, NULL), SY_OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.found[0].facts.name, "device:energy");
    assert_string_equal(made_up.asked, "device\n");
    sy_energy_list_release(&list);
    json_decref(reply);
    stand_up(&s);
}

static void failures_are_told(void **state) {
    (void)state;
    sitting s = sit_down();
    expect(&s, SITTING_HELLO, SY_OK, NULL);
    expect(&s, "{\"call\":\"meters\"}", SY_INVALID_ARGUMENT, "open comes before");
    expect(&s, SITTING_OPEN, SY_OK, NULL);
    made_up.status = SY_INVALID_ARGUMENT;
    expect(&s, "{\"call\":\"meters\",\"sysroot\":[]}", SY_INVALID_ARGUMENT, "device: made to fail");
    made_up.status = SY_OK;
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    expect(&s, "{\"call\":\"meters\"}", SY_OUT_OF_MEMORY, NULL);
    sy_seam_disarm();
    stand_up(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(of_the_device, set_up),
        cmocka_unit_test_setup(failures_are_told, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
