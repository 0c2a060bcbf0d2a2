/* Meters as JSON and back: every field, what is unknown, what is wrong. */
#include "bench/worker/energy_wire.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"

static const sy_energy_found full = {.facts = {.name = "powercap:package-0",
                                         .detail = "intel-rapl:0, package-0",
                                         .kind = SY_ENERGY_COUNTER,
                                         .scope = SY_ENERGY_SCOPE_PACKAGE,
                                         .resolution = 61.03515625e-6,
                                         .gain = 0.05,
                                         .offset_w = 0.5,
                                         .update_period_ns = 1000000,
                                         .window_ns = 25000000,
                                         .least_poll_ns = 100000000},
    .spec = "powercap",
    .reason = "not permitted",
    .fix = "a rule of udev",
    .index = 4294967295u,
    .state = SY_REFUSED,
    .is_part = true};

/* There as text and back, so that nothing is lost in writing. */
static sy_energy_found travelled(const sy_energy_found *found) {
    sy_energy_found back;
    json_t *object = sy_energy_to_wire(found);
    assert_non_null(object);
    char *text = json_dumps(object, 0);
    json_decref(object);
    object = json_loads(text, 0, NULL);
    assert_non_null(object);
    sy_energy_from_wire(object, &back);
    json_decref(object);
    free(text);
    return back;
}

static void assert_same(const sy_energy_found *a, const sy_energy_found *b) {
    assert_string_equal(a->facts.name, b->facts.name);
    assert_string_equal(a->facts.detail, b->facts.detail);
    assert_int_equal(a->facts.kind, b->facts.kind);
    assert_int_equal(a->facts.scope, b->facts.scope);
    assert_true(a->facts.resolution == b->facts.resolution && a->facts.gain == b->facts.gain);
    assert_true(a->facts.offset_w == b->facts.offset_w);
    assert_int_equal(a->facts.update_period_ns, b->facts.update_period_ns);
    assert_int_equal(a->facts.window_ns, b->facts.window_ns);
    assert_int_equal(a->facts.least_poll_ns, b->facts.least_poll_ns);
    assert_string_equal(a->spec, b->spec);
    assert_string_equal(a->reason, b->reason);
    assert_string_equal(a->fix, b->fix);
    assert_int_equal(a->index, b->index);
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->is_part, b->is_part);
}

static void every_field_travels(void **state) {
    (void)state;
    sy_energy_found back = travelled(&full);
    assert_same(&back, &full);
}

static void what_is_unknown_stays_unknown(void **state) {
    (void)state;
    sy_energy_found found = full;
    found.facts.resolution = found.facts.gain = found.facts.offset_w = NAN;
    sy_energy_found back = travelled(&found);
    assert_true(isnan(back.facts.resolution) && isnan(back.facts.gain) && isnan(back.facts.offset_w));
    found.facts.resolution = INFINITY;
    found.facts.offset_w = 0;
    back = travelled(&found);
    assert_true(isnan(back.facts.resolution) && back.facts.offset_w == 0.0);
}

static void texts_are_made_fit(void **state) {
    (void)state;
    sy_energy_found found = full;
    memset(found.fix, 'x', sizeof found.fix); /* no NUL: its room ends it */
    snprintf(found.reason, sizeof found.reason, "a\xff");
    sy_energy_found back = travelled(&found);
    assert_int_equal(strlen(back.fix), sizeof back.fix - 1);
    assert_string_equal(back.reason, "a?");
}

static void wrong_types_are_absent(void **state) {
    (void)state;
    static const char *const texts[] = {"{}",
        "{\"name\":5,\"detail\":null,\"kind\":\"counter\",\"scope\":-1,\"resolution\":\"x\",\"gain\":[],"
        "\"offset_w\":{},\"update_period_ns\":1.5,\"window_ns\":-1,\"least_poll_ns\":\"1\",\"spec\":[],"
        "\"index\":4294967296,\"state\":\"ok\",\"reason\":1,\"fix\":{},\"is_part\":1}",
        "[]"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sy_energy_found back;
        json_t *object = json_loads(texts[i], 0, NULL);
        assert_non_null(object);
        sy_energy_from_wire(object, &back);
        assert_true(isnan(back.facts.resolution) && isnan(back.facts.gain) && isnan(back.facts.offset_w));
        back.facts.resolution = back.facts.gain = back.facts.offset_w = 0;
        const sy_energy_found empty = {.state = SY_INTERNAL};
        assert_same(&back, &empty);
        json_decref(object);
    }
}

static void states_that_do_not_exist(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{\"state\":-1}", "{\"state\":99}", "{\"state\":4294967296}", "{\"state\":9223372036854775807}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sy_energy_found back;
        json_t *object = json_loads(texts[i], 0, NULL);
        sy_energy_from_wire(object, &back);
        assert_int_equal(back.state, SY_INTERNAL);
        json_decref(object);
    }
}

static void lists_travel(void **state) {
    (void)state;
    sy_energy_found two[2] = {full, full};
    snprintf(two[1].facts.name, sizeof two[1].facts.name, "device:energy");
    sy_energy_list list = {.found = two, .count = 2}, back = {0};
    json_t *array = sy_energy_list_to_wire(&list);
    json_array_insert_new(array, 1, json_null());
    assert_int_equal(sy_energy_list_from_wire(array, &back, NULL), SY_OK);
    assert_int_equal(back.count, 2);
    assert_same(&back.found[0], &two[0]);
    assert_same(&back.found[1], &two[1]);
    assert_int_equal(sy_energy_list_from_wire(NULL, &back, NULL), SY_OK);
    assert_int_equal(back.count, 2);
    sy_energy_list_release(&back);
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_energy_list_from_wire(array, &back, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    assert_int_equal(back.count, 0);
    json_decref(array);
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_null(sy_energy_list_to_wire(&list));
    sy_seam_disarm();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_travels),
        cmocka_unit_test(what_is_unknown_stays_unknown),
        cmocka_unit_test(texts_are_made_fit),
        cmocka_unit_test(wrong_types_are_absent),
        cmocka_unit_test(states_that_do_not_exist),
        cmocka_unit_test(lists_travel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
