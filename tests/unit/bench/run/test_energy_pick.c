/* Which rows get a window of energy: the heaviest of each kind, and what tells kinds apart. */
#include "bench/run/energy_pick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"

enum { ROWS = 8 };

typedef struct rig {
    sy_work_row row[ROWS];
    sy_suite_item item[ROWS];
    sy_worklist list;
    bool wanted[ROWS];
} rig;

static const sy_energy_wish heaviest = {.is_auto = true}, all = {.is_all = true}, off = {.is_off = true};

static void take_problem(sy_work_row *row, const char *problem) {
    snprintf(row->problem, sizeof row->problem, "%s", problem);
    if (sy_spec_parse(problem, NULL, &row->spec, NULL) != SY_OK)
        fail_msg("%s", problem);
}

/* All alike, row i of i + 1 FLOP. */
static void begin(rig *r, size_t count) {
    memset(r, 0, sizeof *r);
    for (size_t i = 0; i < count; i++) {
        r->row[i] =
            (sy_work_row){.flop = i + 1, .byte = 1, .origin = {.item = &r->item[i]}, .algorithm = "auto"};
        take_problem(&r->row[i], "gemm:m=8,n=8,k=8");
    }
    r->list = (sy_worklist){.row = r->row, .count = count, .capacity = ROWS};
}

/* `wanted`: a character a row, 'x' for one that is picked. */
static void expect(rig *r, const sy_energy_wish *wish, const char *wanted) {
    char got[ROWS + 1] = "";
    memset(r->wanted, 1, sizeof r->wanted);
    assert_int_equal(sy_energy_pick(wish, &r->list, r->wanted, NULL), SY_OK);
    for (size_t i = 0; i < r->list.count; i++)
        got[i] = r->wanted[i] ? 'x' : '.';
    assert_string_equal(got, wanted);
}

static void one_of_those_alike(void **state) {
    (void)state;
    rig r;
    begin(&r, 4);
    expect(&r, &heaviest, "...x");
    r.row[1].flop = 100;
    expect(&r, &heaviest, ".x..");
    r.row[3].flop = 100; /* the first of equals */
    expect(&r, &heaviest, ".x..");
    r.row[3].byte = 2; /* then bytes decide */
    expect(&r, &heaviest, "...x");
    for (size_t i = 0; i < 4; i++)
        r.row[i].flop = 0;
    r.row[2].byte = 7;
    expect(&r, &heaviest, "..x.");
}

/* Each in turn makes row 0 a kind of its own. */
static void what_tells_kinds_apart(void **state) {
    (void)state;
    static const char *const problems[] = {"conv2d:n=1,c=1,h=3,w=3,k=1,r=1,s=1", "gemm:m=8,n=8,k=8,dtype=f16",
        "gemm:m=8,n=8,k=8,dtype=f16:f16:f32:f32", "gemm:m=8,n=8,k=8,math=any", "stream:bytes=64,kind=read",
        "copy:bytes=64,kind=h2d"};
    rig r;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        begin(&r, 3);
        take_problem(&r.row[0], problems[i]);
        expect(&r, &heaviest, "x.x");
    }
    begin(&r, 3);
    r.row[0].target = 1;
    expect(&r, &heaviest, "x.x");
    begin(&r, 3);
    strcpy(r.row[0].algorithm, "naive");
    expect(&r, &heaviest, "x.x");
    begin(&r, 3);
    char phase[] = "decode", same[] = "decode", other[] = "prefill";
    r.item[0].phase = phase;
    expect(&r, &heaviest, "x.x");
    r.item[1].phase = same;
    expect(&r, &heaviest, ".xx");
    r.item[2].phase = other;
    expect(&r, &heaviest, ".xx");
}

static void what_does_not(void **state) {
    (void)state;
    rig r;
    begin(&r, 3);
    take_problem(&r.row[0], "gemm:m=3,n=2,k=1,ta=1,beta=1,weights=dynamic");
    expect(&r, &heaviest, "..x");
}

static void moves_of_memory_are_kinds_too(void **state) {
    (void)state;
    static const char *const problems[] = {"stream:bytes=64,kind=read", "stream:bytes=64,kind=triad",
        "stream:bytes=4096,kind=triad", "copy:bytes=64,kind=h2d", "copy:bytes=64,kind=d2h",
        "copy:bytes=1024,kind=h2d"};
    rig r;
    begin(&r, 6);
    for (size_t i = 0; i < 6; i++) {
        take_problem(&r.row[i], problems[i]);
        r.row[i].flop = 0;
        r.row[i].byte = 64;
    }
    r.row[2].byte = 4096;
    r.row[5].byte = 1024;
    expect(&r, &heaviest, "x.x.xx");
}

static void what_cannot_be_measured_is_left_out(void **state) {
    (void)state;
    rig r;
    begin(&r, 4);
    r.row[3].refused = SY_UNSUPPORTED;
    expect(&r, &heaviest, "..x.");
    expect(&r, &all, "xxx.");
    r.row[2].process = 1; /* a repeat is measured for its times alone */
    expect(&r, &heaviest, ".x..");
    expect(&r, &all, "xx..");
}

static void off_is_none(void **state) {
    (void)state;
    rig r;
    begin(&r, 3);
    expect(&r, &off, "...");
    begin(&r, 0);
    expect(&r, &off, "");
    expect(&r, &all, "");
    expect(&r, &heaviest, "");
}

/* A meter that is named and nothing else: as for auto. */
static void a_named_meter_weighs_the_heaviest(void **state) {
    (void)state;
    rig r;
    char spec[] = "shelly:192.0.2.7", *specs[] = {spec};
    const sy_energy_wish named = {.spec = specs, .spec_count = 1};
    begin(&r, 3);
    expect(&r, &named, "..x");
}

static void they_are_counted_by_device(void **state) {
    (void)state;
    rig r;
    begin(&r, 5);
    r.row[1].target = r.row[4].target = 2;
    expect(&r, &all, "xxxxx");
    assert_int_equal(sy_energy_picked(&r.list, r.wanted, 0), 3);
    assert_int_equal(sy_energy_picked(&r.list, r.wanted, 1), 0);
    assert_int_equal(sy_energy_picked(&r.list, r.wanted, 2), 2);
    expect(&r, &heaviest, "...xx");
    assert_int_equal(sy_energy_picked(&r.list, r.wanted, 2), 1);
}

/* For long, one of each type is enough. */
static void the_sustained_are_fewer(void **state) {
    (void)state;
    rig r;
    begin(&r, 5);
    take_problem(&r.row[0], "gemm:m=8,n=8,k=8,dtype=f16");
    take_problem(&r.row[1], "conv2d:n=1,c=1,h=3,w=3,k=1,r=1,s=1");
    r.row[4].refused = SY_UNSUPPORTED;
    memset(r.wanted, 1, sizeof r.wanted);
    assert_int_equal(sy_energy_pick_sustained(&r.list, r.wanted, NULL), SY_OK);
    assert_true(r.wanted[0] && !r.wanted[1] && !r.wanted[2] && r.wanted[3] && !r.wanted[4]);
}

static void no_memory_is_told(void **state) {
    (void)state;
    rig r;
    sy_error err = SY_ERROR_INIT;
    begin(&r, 3);
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_energy_pick(&heaviest, &r.list, r.wanted, &err), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    assert_string_equal(err.text, "no memory to choose rows for energy");
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_energy_pick(&all, &r.list, r.wanted, &err), SY_OK); /* needs none */
    sy_seam_disarm();
}

/* As many rows as a suite may have: over at once, unless each is compared with each. */
static void long_lists_are_no_trouble(void **state) {
    (void)state;
    enum { MANY = 20000 };
    rig r;
    begin(&r, 1);
    sy_worklist list = {.row = calloc(MANY, sizeof *list.row), .count = MANY, .capacity = MANY};
    bool *wanted = calloc(MANY, sizeof *wanted);
    assert_true(list.row != NULL && wanted != NULL);
    for (size_t i = 0; i < MANY; i++) {
        list.row[i] = r.row[0];
        list.row[i].flop = i ^ 1;
    }
    assert_int_equal(sy_energy_pick(&heaviest, &list, wanted, NULL), SY_OK);
    assert_int_equal(sy_energy_picked(&list, wanted, 0), 1);
    assert_true(wanted[MANY - 2]);
    free(list.row);
    free(wanted);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_those_alike),
        cmocka_unit_test(what_tells_kinds_apart),
        cmocka_unit_test(what_does_not),
        cmocka_unit_test(moves_of_memory_are_kinds_too),
        cmocka_unit_test(what_cannot_be_measured_is_left_out),
        cmocka_unit_test(off_is_none),
        cmocka_unit_test(a_named_meter_weighs_the_heaviest),
        cmocka_unit_test(they_are_counted_by_device),
        cmocka_unit_test(the_sustained_are_fewer),
        cmocka_unit_test(no_memory_is_told),
        cmocka_unit_test(long_lists_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
