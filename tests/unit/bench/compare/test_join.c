/* Which rows meet, which do not and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "tests/unit/bench/compare/rows.h"

typedef struct fixture {
    sy_intake intake;
    sy_arena arena;
    sy_join join;
    uint32_t base, other;
} fixture;

static int set_up(void **state) {
    static fixture made;
    made = (fixture){0};
    made.base = rows_run(&made.intake, 0, "base", NULL);
    made.other = rows_run(&made.intake, 1, "new", NULL);
    *state = &made;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    sy_intake_release(&f->intake);
    sy_arena_release(&f->arena);
    return 0;
}

static void join_over_time(fixture *f) {
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_join_over_time(&f->intake, 2, &f->arena, &f->join, &err), SY_OK);
}

static void same_rows_meet_in_the_order_of_the_base(void **state) {
    fixture *f = *state;
    for (unsigned n = 0; n < 5; n++) {
        rows_spec base = rows_plain(n), other = rows_plain(4 - n);
        rows_take(&f->intake, f->base, &base);
        rows_take(&f->intake, f->other, &other);
    }
    join_over_time(f);
    assert_int_equal(f->join.columns, 2);
    assert_int_equal(f->join.lines, 5);
    assert_int_equal(f->join.unjoined_count, 0);
    for (unsigned n = 0; n < 5; n++) {
        const sy_line_up *line = &f->join.line[n];
        assert_ptr_equal(line->cell[0]->shown->problem, line->cell[1]->shown->problem);
        assert_ptr_equal(line->cell[0]->shown, &f->intake.entry[2 * n]);
        assert_null(line->note);
    }
    assert_int_equal(f->join.column[0].groups, 5);
    assert_false(f->join.is_across);
}

static void a_row_that_is_there_again_replaces_the_earlier(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0);
    rows_take(&f->intake, f->base, &row);
    row.round_ns[0] = 2000.0;
    rows_take(&f->intake, f->base, &row);
    assert_int_equal(rows_run(&f->intake, 0, "base", NULL), f->base);
    assert_true(rows_run(&f->intake, 1, "base", NULL) != f->base);
    assert_true(rows_run(&f->intake, 0, NULL, NULL) != rows_run(&f->intake, 0, NULL, NULL));
    assert_int_equal(f->intake.count, 1);
    assert_int_equal(f->intake.repeated, 1);
    assert_true(f->intake.entry[0].median_ns == 2000.0);
}

static void repeats_are_counted(void **state) {
    fixture *f = *state;
    uint32_t second = rows_run(&f->intake, 0, "base 2", NULL);
    rows_spec row = rows_plain(0);
    row.rounds = 2;
    row.round_ns[1] = 1100.0;
    for (row.process = 0; row.process < 3; row.process++)
        rows_take(&f->intake, f->base, &row);
    rows_take(&f->intake, second, &row);
    row.card = "cpu-1";
    rows_take(&f->intake, second, &row);
    row.process = 9;
    row.rounds = 0;
    row.status = SY_ROW_ERROR;
    rows_take(&f->intake, second, &row);
    rows_take(&f->intake, f->other, &row);
    join_over_time(f);
    const sy_group *base = f->join.line[0].cell[0], *other = f->join.line[0].cell[1];
    assert_int_equal(base->count, 6);
    assert_int_equal(base->runs, 3);
    assert_int_equal(base->cards, 2);
    assert_int_equal(base->processes, 5);
    assert_int_equal(base->rounds, 10);
    assert_int_equal(base->status, SY_ROW_OK);
    assert_int_equal(other->runs, 0);
    assert_int_equal(other->status, SY_ROW_ERROR);
}

static void one_unstable_row_makes_its_group_so(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0);
    rows_take(&f->intake, f->base, &row);
    row.process = 1;
    row.status = SY_ROW_UNSTABLE;
    rows_take(&f->intake, f->base, &row);
    join_over_time(f);
    assert_int_equal(f->join.line[0].cell[0]->status, SY_ROW_UNSTABLE);
    assert_null(f->join.line[0].cell[1]);
}

static void auto_may_choose_differently_and_says_so(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0);
    rows_take(&f->intake, f->base, &row);
    row.algorithm = "onednn";
    rows_take(&f->intake, f->other, &row);
    row.n = 1;
    row.asked = "onednn";
    rows_take(&f->intake, f->base, &row);
    row.algorithm = "native";
    rows_take(&f->intake, f->other, &row);
    join_over_time(f);
    assert_int_equal(f->join.lines, 2);
    assert_string_equal(f->join.line[0].note, "algorithm native -> onednn");
}

static void a_row_asked_for_by_name_meets_its_own_first(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0);
    rows_take(&f->intake, f->base, &row);
    row.asked = "native";
    rows_take(&f->intake, f->other, &row);
    row.n = 1;
    rows_take(&f->intake, f->base, &row);
    rows_take(&f->intake, f->other, &row);
    row.asked = "auto";
    rows_take(&f->intake, f->other, &row);
    join_over_time(f);
    assert_int_equal(f->join.lines, 3);
    assert_string_equal(f->join.line[0].note, "asked for auto -> native");
    assert_null(f->join.line[1].note);
    assert_null(f->join.line[2].cell[0]);
    assert_int_equal(f->join.unjoined_count, 1);
}

static void a_row_that_failed_early_is_found_all_the_same(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0);
    rows_take(&f->intake, f->base, &row);
    row.status = SY_ROW_ERROR;
    row.rounds = 0;
    row.algorithm = row.scope = NULL;
    row.has_no_subject = true;
    row.threads = SY_NO_COUNT;
    rows_take(&f->intake, f->other, &row);
    join_over_time(f);
    assert_int_equal(f->join.lines, 1);
    assert_int_equal(f->join.line[0].cell[1]->status, SY_ROW_ERROR);
    assert_null(f->join.line[0].note);
}

static const sy_difference *difference_of(const sy_unjoined *from, const char *field) {
    for (size_t i = 0; i < from->differences; i++)
        if (strcmp(from->difference[i].field, field) == 0)
            return &from->difference[i];
    return NULL;
}

static void what_does_not_join_names_the_field(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(7), other;
    rows_take(&f->intake, f->base, &row);
    row.cache = "hot";
    row.threads = 4;
    rows_take(&f->intake, f->other, &row);
    other = rows_plain(900);
    other.dtype = "bf16:bf16:f32:f32";
    rows_take(&f->intake, f->other, &other);
    join_over_time(f);
    assert_int_equal(f->join.lines, 3);
    assert_int_equal(f->join.unjoined_count, 3);
    const sy_unjoined *first = &f->join.unjoined[0];
    assert_int_equal(first->column, 0);
    assert_int_equal(first->other, 1);
    assert_string_equal(first->nearest->shown->cache, "hot");
    assert_int_equal(first->differences, 2);
    assert_string_equal(difference_of(first, "cache")->base, "weights");
    assert_string_equal(difference_of(first, "cache")->other, "hot");
    assert_string_equal(difference_of(first, "threads")->base, "2");
    assert_string_equal(difference_of(first, "threads")->other, "4");
    assert_string_equal(first->reason, "no such row; the nearest differs in cache (weights, there hot), "
                                       "threads (2, there 4)");
    const sy_unjoined *last = &f->join.unjoined[2];
    assert_int_equal(last->column, 1);
    assert_int_equal(last->other, 0);
    assert_string_equal(difference_of(last, "m")->base, "901");
    assert_string_equal(difference_of(last, "dtype")->other, "f32:f32:f32:f32");
}

static void nothing_near_is_said(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(7);
    rows_take(&f->intake, f->base, &row);
    join_over_time(f);
    assert_null(f->join.unjoined[0].nearest);
    assert_string_equal(f->join.unjoined[0].reason, "no such row, and none that is near and free");
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_join_over_time(&f->intake, 1, &f->arena, &f->join, &err), SY_INVALID_ARGUMENT);
}

static void simulated_never_meets_real(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0);
    rows_take(&f->intake, f->base, &row);
    row.is_simulated = true;
    rows_take(&f->intake, f->other, &row);
    join_over_time(f);
    assert_int_equal(f->join.lines, 2);
    assert_non_null(strstr(f->join.unjoined[0].reason, "simulated never meets real"));
}

static void take_device(fixture *f, unsigned n, const char *device, const char *name, const char *algorithm) {
    rows_spec row = rows_plain(n);
    row.device = device;
    row.device_name = row.card = name;
    row.algorithm = algorithm;
    row.is_simulated = strncmp(device, "sim", 3) == 0;
    rows_take(&f->intake, f->base, &row);
}

static void fill_devices(fixture *f) {
    for (unsigned n = 0; n < 3; n++) {
        take_device(f, n, "cpu", "EPYC", n == 0 ? "native" : "onednn");
        if (n < 2)
            take_device(f, n, "cuda:0", "H100 PCIe", "cublas");
        take_device(f, n, "sim:0", "Simulator", "sim");
    }
    take_device(f, 9, "cuda:0", "H100 PCIe", "cublas");
}

static void devices_stand_side_by_side(void **state) {
    fixture *f = *state;
    sy_error err = SY_ERROR_INIT;
    fill_devices(f);
    const sy_across across = {.base = "H100"};
    assert_int_equal(sy_join_across(&f->intake, &across, &f->arena, &f->join, &err), SY_OK);
    assert_true(f->join.is_across);
    assert_int_equal(f->join.columns, 2);
    assert_string_equal(f->join.column[0].device_name, "H100 PCIe");
    assert_string_equal(f->join.column[1].device, "cpu");
    assert_int_equal(f->join.lines, 4);
    size_t both = 0, refused = 0;
    for (size_t i = 0; i < f->join.lines; i++)
        both += f->join.line[i].cell[0] != NULL && f->join.line[i].cell[1] != NULL;
    for (size_t i = 0; i < f->join.unjoined_count; i++)
        refused += f->join.unjoined[i].column == SY_NO_COLUMN;
    assert_int_equal(both, 2);
    assert_int_equal(refused, 3);
    assert_int_equal(f->join.unjoined_count, 5);
    assert_string_equal(f->join.unjoined[4].reason, "simulated never meets real");
}

static void only_rows_of_the_asked_algorithm_are_taken_across(void **state) {
    fixture *f = *state;
    sy_error err = SY_ERROR_INIT;
    fill_devices(f);
    rows_spec row = rows_plain(0);
    row.asked = "native";
    row.device = row.device_name = "other";
    rows_take(&f->intake, f->base, &row);
    const sy_across across = {.base = "cpu"}, native = {.algorithm = "native"}, none = {.algorithm = "none"};
    assert_int_equal(sy_join_across(&f->intake, &across, &f->arena, &f->join, &err), SY_OK);
    assert_int_equal(f->join.columns, 2);
    assert_int_equal(sy_join_across(&f->intake, &native, &f->arena, &f->join, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "no other device"));
    assert_int_equal(sy_join_across(&f->intake, &none, &f->arena, &f->join, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "algorithm none"));
}

static void an_unknown_base_lists_what_there_is(void **state) {
    fixture *f = *state;
    sy_error err = SY_ERROR_INIT;
    fill_devices(f);
    take_device(f, 0, "cuda:1", "H100 SXM", "cublas");
    const sy_across unknown = {.base = "ascend:0"}, several = {.base = "H100"}, exact = {.base = "cuda:1"};
    assert_int_equal(sy_join_across(&f->intake, &unknown, &f->arena, &f->join, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "cpu (EPYC)"));
    assert_int_equal(sy_join_across(&f->intake, &several, &f->arena, &f->join, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "several devices are H100"));
    assert_int_equal(sy_join_across(&f->intake, &exact, &f->arena, &f->join, &err), SY_OK);
    assert_string_equal(f->join.column[0].device_name, "H100 SXM");
}

static void cards_of_a_kind_are_repeats_unless_asked_for(void **state) {
    fixture *f = *state;
    sy_error err = SY_ERROR_INIT;
    rows_spec row = rows_plain(0);
    take_device(f, 0, "cpu", "EPYC", "native");
    row.device_name = "H100";
    for (int card = 0; card < 2; card++) {
        row.device = card == 0 ? "cuda:0" : "cuda:1";
        row.card = card == 0 ? "GPU-a" : "GPU-b";
        rows_take(&f->intake, f->base, &row);
    }
    const sy_across kinds = {.base = "EPYC"}, cards = {.base = "EPYC", .by_card = true};
    assert_int_equal(sy_join_across(&f->intake, &kinds, &f->arena, &f->join, &err), SY_OK);
    assert_int_equal(f->join.columns, 2);
    assert_int_equal(f->join.line[0].cell[1]->cards, 2);
    assert_int_equal(f->join.line[0].cell[1]->runs, 2);
    assert_int_equal(sy_join_across(&f->intake, &cards, &f->arena, &f->join, &err), SY_OK);
    assert_int_equal(f->join.columns, 3);
}

static void rows_that_are_no_rows_are_refused(void **state) {
    fixture *f = *state;
    sy_error err = SY_ERROR_INIT;
    sy_row row;
    sy_row_init(&row);
    assert_int_equal(sy_intake_row(&f->intake, f->base, &row, &err), SY_INVALID_ARGUMENT);
    row.key_hash = "xyz";
    assert_int_equal(sy_intake_row(&f->intake, f->base, &row, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "key_hash"));
    row.key_hash = "0123456789abcdef";
    assert_int_equal(sy_intake_row(&f->intake, 77, &row, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_intake_row(&f->intake, f->base, &row, &err), SY_OK);
    assert_false(f->intake.entry[0].has_time);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(same_rows_meet_in_the_order_of_the_base),
        TEST(a_row_that_is_there_again_replaces_the_earlier),
        TEST(repeats_are_counted),
        TEST(one_unstable_row_makes_its_group_so),
        TEST(auto_may_choose_differently_and_says_so),
        TEST(a_row_asked_for_by_name_meets_its_own_first),
        TEST(a_row_that_failed_early_is_found_all_the_same),
        TEST(what_does_not_join_names_the_field),
        TEST(nothing_near_is_said),
        TEST(simulated_never_meets_real),
        TEST(devices_stand_side_by_side),
        TEST(only_rows_of_the_asked_algorithm_are_taken_across),
        TEST(an_unknown_base_lists_what_there_is),
        TEST(cards_of_a_kind_are_repeats_unless_asked_for),
        TEST(rows_that_are_no_rows_are_refused),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
