/* Joules of rows added up to joules of a pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "bench/totals/totals.h"
#include "runtime/base/seam.h"

#define GEMM                                                                                                 \
    "gemm:m=8,n=8,k=8,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,dtype=f32:f32:f32:f32,math=strict,"     \
    "weights=const"

static void assert_close(double value, double expected) {
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%.17g is not %.17g", value, expected);
}

static sy_row_energy make_entry(const char *source, const char *scope, double joule, double random) {
    sy_row_energy entry;
    sy_row_energy_init(&entry);
    entry.source = source;
    entry.scope = scope;
    entry.joule_per_run = joule;
    entry.run_per_s = 100.0;
    entry.watt = joule * 100.0;
    entry.u_random = random;
    entry.u_systematic = 0.05;
    entry.valid = SY_TRI_YES;
    return entry;
}

static sy_row make_row(const char *name, uint64_t count, const sy_row_energy *entries, size_t n_entries) {
    sy_row row;
    sy_row_init(&row);
    row.request.device = "cuda:0";
    row.request.algorithm = "auto";
    row.key.problem = GEMM;
    row.origin.name = name;
    row.origin.count = count;
    row.status = SY_ROW_OK;
    row.time.headline = SY_HEADLINE_HOST;
    row.time.host.median_ns = 100.0;
    row.rate.flop = 1000;
    row.energy.item = entries;
    row.energy.count = n_entries;
    return row;
}

/* The one total of these rows. */
static sy_total compute(const sy_row *rows, size_t count, sy_arena *arena) {
    sy_total_list totals;
    sy_totals_request request = {.rows = rows, .n_rows = count};
    assert_int_equal(sy_totals_compute(&request, arena, &totals, NULL), SY_OK);
    assert_int_equal(totals.count, 1);
    return totals.item[0];
}

static void joules_are_added_up(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row_energy qkv = make_entry("device:energy", "card", 2.0, 0.03),
                  o = make_entry("device:energy", "card", 4.0, 0.02);
    sy_row rows[] = {make_row("m.decode.t8.qkv", 3, &qkv, 1), make_row("m.decode.t8.o", 2, &o, 1)};
    o.u_systematic = 0.01;
    sy_total total = compute(rows, 2, &arena);
    assert_int_equal(total.energy.count, 1);
    assert_null(total.energy_reason);
    const sy_total_energy *sum = &total.energy.item[0];
    assert_string_equal(sum->source, "device:energy");
    assert_string_equal(sum->scope, "card");
    assert_int_equal(sum->valid, SY_TRI_YES);
    assert_int_equal(sum->reasons.count, 0);
    assert_close(sum->joule_per_pass, 14.0);
    assert_close(sum->watt, 14.0 / 0.05);
    assert_close(sum->flop_per_joule, 5000.0 / 14.0);
    assert_close(sum->u_random, sqrt(0.18 * 0.18 + 0.16 * 0.16) / 14.0);
    assert_close(sum->u_systematic, (6.0 * 0.05 + 8.0 * 0.01) / 14.0);
    sy_arena_release(&arena);
}

/* One window for two layers: its error is in both. */
static void a_shared_window_errs_alike(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row_energy entry = make_entry("device:energy", "card", 2.0, 0.03);
    sy_row_origin also = {.name = "m.decode.t8.down", .count = 3};
    sy_row row = make_row("m.decode.t8.qkv", 1, &entry, 1);
    row.also.item = &also;
    row.also.count = 1;
    sy_total total = compute(&row, 1, &arena);
    assert_close(total.energy.item[0].joule_per_pass, 8.0);
    assert_close(total.energy.item[0].u_random, 0.03);
    sy_arena_release(&arena);
}

static void repeats_are_averaged(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row_energy first = make_entry("device:energy", "card", 2.0, 0.04),
                  second = make_entry("device:energy", "card", 4.0, 0.02);
    sy_row rows[] = {make_row("m.decode.t8.qkv", 10, &first, 1), make_row("m.decode.t8.qkv", 10, &second, 1)};
    sy_total total = compute(rows, 2, &arena);
    assert_close(total.energy.item[0].joule_per_pass, 30.0);
    assert_close(total.energy.item[0].u_random, sqrt(0.4 * 0.4 + 0.4 * 0.4) / 30.0);
    assert_close(total.energy.item[0].u_systematic, 0.05);
    sy_arena_release(&arena);
}

static void a_gain_unknown_once_is_unknown(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row_energy qkv = make_entry("device:energy", "card", 2.0, 0.03), o = qkv;
    sy_row rows[] = {make_row("m.decode.t8.qkv", 3, &qkv, 1), make_row("m.decode.t8.o", 2, &o, 1)};
    o.u_systematic = NAN;
    sy_total total = compute(rows, 2, &arena);
    assert_int_equal(total.energy.item[0].valid, SY_TRI_YES);
    assert_true(isnan(total.energy.item[0].u_systematic));
    sy_arena_release(&arena);
}

static void meters_are_never_mixed(void **state) {
    (void)state;
    sy_arena arena = {0};
    const sy_row_energy qkv[] = {
        make_entry("device:energy", "card", 2.0, 0.03), make_entry("redfish:power", "node", 5.0, 0.1)};
    const sy_row_energy o[] = {make_entry("redfish:power", "node", 7.0, 0.1),
        make_entry("device:energy", "board", 3.0, 0.03), make_entry("device:energy", "card", 1.0, 0.03)};
    sy_row rows[] = {make_row("m.decode.t8.qkv", 1, qkv, 2), make_row("m.decode.t8.o", 1, o, 3)};
    sy_total total = compute(rows, 2, &arena);
    assert_int_equal(total.energy.count, 3);
    assert_string_equal(total.energy.item[0].scope, "card");
    assert_close(total.energy.item[0].joule_per_pass, 3.0);
    assert_string_equal(total.energy.item[1].scope, "node");
    assert_close(total.energy.item[1].joule_per_pass, 12.0);
    assert_string_equal(total.energy.item[2].scope, "board");
    assert_int_equal(total.energy.item[2].valid, SY_TRI_NO);
    assert_true(isnan(total.energy.item[2].joule_per_pass) && isnan(total.energy.item[2].watt));
    assert_string_equal(total.energy.item[2].reasons.item[0], "measured in 1 of 2 rows");
    sy_arena_release(&arena);
}

static void an_invalid_row_makes_it_null_and_says_why(void **state) {
    (void)state;
    sy_arena arena = {0};
    static const char *const reasons[] = {"alias", "gap"};
    sy_row_energy qkv = make_entry("device:energy", "card", 2.0, 0.03), o = qkv, down = qkv;
    sy_row rows[] = {make_row("m.decode.t8.qkv", 3, &qkv, 1), make_row("m.decode.t8.o", 2, &o, 1),
        make_row("m.decode.t8.down", 1, &down, 1)};
    o.valid = down.valid = SY_TRI_NO;
    o.reasons = (sy_text_list){.item = reasons, .count = 2};
    down.reasons = (sy_text_list){.item = reasons, .count = 1};
    sy_total total = compute(rows, 3, &arena);
    assert_int_equal(total.energy.item[0].valid, SY_TRI_NO);
    assert_int_equal(total.energy.item[0].reasons.count, 3);
    assert_string_equal(total.energy.item[0].reasons.item[0], "valid in 1 of 3 rows");
    assert_string_equal(total.energy.item[0].reasons.item[1], "alias");
    assert_string_equal(total.energy.item[0].reasons.item[2], "gap");
    assert_true(isnan(total.energy.item[0].joule_per_pass));
    sy_arena_release(&arena);
}

static void what_disagrees_with_itself_is_not_added(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row_energy qkv = make_entry("device:energy", "card", 2.0, 0.03), o = qkv;
    sy_row rows[] = {make_row("m.decode.t8.qkv", 3, &qkv, 1), make_row("m.decode.t8.o", 2, &o, 1)};
    o.watt *= 1.01;
    sy_total total = compute(rows, 2, &arena);
    assert_int_equal(total.energy.item[0].valid, SY_TRI_NO);
    assert_string_equal(total.energy.item[0].reasons.item[0], "valid in 1 of 2 rows");
    sy_arena_release(&arena);
}

static void without_a_meter_the_reason_is_the_rows(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row rows[] = {make_row("m.decode.t8.qkv", 3, NULL, 0), make_row("m.decode.t8.o", 2, NULL, 0)};
    rows[1].energy_reason = "needs root";
    sy_total total = compute(rows, 2, &arena);
    assert_int_equal(total.energy.count, 0);
    assert_string_equal(total.energy_reason, "needs root");
    sy_row_energy entry = make_entry("device:energy", "card", 2.0, 0.03);
    rows[0].energy.item = &entry;
    rows[0].energy.count = 1;
    total = compute(rows, 2, &arena);
    assert_null(total.energy_reason);
    assert_string_equal(total.energy.item[0].reasons.item[0], "measured in 1 of 2 rows");
    rows[1].status = SY_ROW_ERROR; /* a row without a time: no total at all */
    total = compute(rows, 2, &arena);
    assert_int_equal(total.energy.count, 0);
    assert_int_equal(total.missing.count, 1);
    sy_arena_release(&arena);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    sy_row_energy entry = make_entry("device:energy", "card", 2.0, 0.03);
    sy_row rows[] = {make_row("m.decode.t8.qkv", 3, &entry, 1), make_row("m.decode.t8.o", 2, NULL, 0)};
    sy_totals_request request = {.rows = rows, .n_rows = 2};
    sy_status status = SY_OUT_OF_MEMORY;
    uint64_t k = 0;
    while (status != SY_OK && ++k < 500) {
        sy_arena arena = {0};
        sy_total_list totals;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        status = sy_totals_compute(&request, &arena, &totals, NULL);
        sy_seam_disarm();
        assert_true(status == SY_OK || totals.count == 0);
        sy_arena_release(&arena);
    }
    assert_true(k > 4 && k < 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joules_are_added_up),
        cmocka_unit_test(a_shared_window_errs_alike),
        cmocka_unit_test(repeats_are_averaged),
        cmocka_unit_test(a_gain_unknown_once_is_unknown),
        cmocka_unit_test(meters_are_never_mixed),
        cmocka_unit_test(an_invalid_row_makes_it_null_and_says_why),
        cmocka_unit_test(what_disagrees_with_itself_is_not_added),
        cmocka_unit_test(without_a_meter_the_reason_is_the_rows),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
