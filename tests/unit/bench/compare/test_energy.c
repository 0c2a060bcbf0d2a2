/* When joules may be divided, and with which uncertainty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "tests/support/near.h"
#include "tests/unit/bench/compare/rows.h"

/* A row with one meter: `joule` gross, half of it net, 1 % random and 5 % systematic. */
static rows_spec metered(double joule) {
    rows_spec row = rows_plain(0);
    row.energies = 1;
    row.energy[0].source = "device:energy";
    row.energy[0].scope = "card";
    row.energy[0].joule = joule;
    row.energy[0].net = joule / 2.0;
    row.energy[0].u_random = 0.01;
    row.energy[0].u_systematic = 0.05;
    return row;
}

static const sy_ratio *compare(rows_pair *pair, rows_spec base, rows_spec other) {
    rows_take(&pair->intake, pair->base, &base);
    rows_take(&pair->intake, pair->other, &other);
    rows_compare(pair, NULL);
    return rows_ratio(pair, 0, SY_QUANTITY_ENERGY);
}

static void one_meter_has_its_random_uncertainty_alone(void **state) {
    const sy_ratio *ratio = compare(*state, metered(2.0), metered(3.0));
    assert_near(ratio->base, 2.0, 1e-12);
    assert_near(ratio->ratio, 1.5, 1e-12);
    assert_near(ratio->error, 0.01 * sqrt(2.0), 1e-12);
    assert_near(ratio->common_error, 0.0, 0.0);
    assert_near(ratio->high, 1.5 * exp(1.959963985 * ratio->error), 1e-9);
    assert_int_equal(ratio->spread, SY_SPREAD_DECLARED);
    assert_int_equal(ratio->verdict, SY_VERDICT_SLOWER);
    assert_true(ratio->is_gateable);
    assert_null(ratio->reason);
}

static void two_devices_have_all_of_it(void **state) {
    rows_spec other = metered(3.0);
    other.card = "cpu-1";
    const sy_ratio *ratio = compare(*state, metered(2.0), other);
    assert_near(ratio->error, sqrt(2.0 * (1e-4 + 25e-4)), 1e-12);
    assert_near(ratio->common_error, 0.05 * sqrt(2.0), 1e-12);
    assert_non_null(strstr(ratio->reason, "both scales"));
}

static void a_card_that_is_not_known_is_another(void **state) {
    rows_spec base = metered(2.0), other = metered(3.0);
    base.card = other.card = NULL;
    assert_true(compare(*state, base, other)->common_error > 0.0);
}

static void another_host_is_another_device(void **state) {
    rows_pair *pair = *state;
    sy_environment elsewhere;
    rows_spec base = metered(2.0), other = metered(3.0);
    sy_environment_init(&elsewhere);
    elsewhere.host.name = "elsewhere";
    rows_take(&pair->intake, pair->base, &base);
    rows_take(&pair->intake, rows_run(&pair->intake, 1, "there", &elsewhere), &other);
    rows_compare(pair, NULL);
    assert_true(rows_ratio(pair, 0, SY_QUANTITY_ENERGY)->common_error > 0.0);
}

static void another_source_of_the_scope_is_another_scale(void **state) {
    rows_spec other = metered(3.0);
    other.energy[0].source = "device:power";
    assert_true(compare(*state, metered(2.0), other)->common_error > 0.0);
}

static void an_unknown_gain_is_not_comparable(void **state) {
    rows_spec base = metered(2.0), other = metered(3.0);
    base.energy[0].u_systematic = NAN;
    other.card = "cpu-1";
    const sy_ratio *ratio = compare(*state, base, other);
    assert_int_equal(ratio->verdict, SY_VERDICT_NOT_COMPARABLE);
    assert_near(ratio->base, 2.0, 1e-12);
    assert_near(ratio->value, 3.0, 1e-12);
    assert_true(isnan(ratio->ratio) && isnan(ratio->low));
    assert_string_equal(ratio->reason, "gain of device:energy is not known, and the devices differ");
}

static void an_unknown_gain_of_one_meter_cancels(void **state) {
    rows_spec base = metered(2.0), other = metered(2.0);
    base.energy[0].u_systematic = other.energy[0].u_systematic = NAN;
    assert_near(compare(*state, base, other)->error, 0.01 * sqrt(2.0), 1e-12);
}

static void scopes_are_never_divided(void **state) {
    rows_spec other = metered(3.0);
    other.energy[0].scope = "wall";
    const sy_ratio *ratio = compare(*state, metered(2.0), other);
    assert_int_equal(ratio->verdict, SY_VERDICT_NOT_COMPARABLE);
    assert_string_equal(ratio->reason, "scopes differ: card and wall");
    assert_near(ratio->value, 3.0, 0.0);
    assert_true(isnan(ratio->ratio));
}

static void unknown_scopes_are_never_divided_either(void **state) {
    rows_spec base = metered(2.0), other = metered(3.0);
    base.energy[0].scope = other.energy[0].scope = "unknown";
    assert_int_equal(compare(*state, base, other)->verdict, SY_VERDICT_NOT_COMPARABLE);
}

static void the_meter_that_both_have_is_taken(void **state) {
    rows_spec base = metered(2.0), other = metered(3.0);
    base.energies = 2;
    base.energy[1] = base.energy[0];
    base.energy[0].scope = "board";
    base.energy[0].joule = 20.0;
    const sy_ratio *ratio = compare(*state, base, other);
    assert_near(ratio->ratio, 1.5, 1e-12);
}

static void invalid_and_contradictory_entries_are_never_used(void **state) {
    rows_spec other = metered(3.0);
    other.energy[0].reason = "alias";
    const sy_ratio *ratio = compare(*state, metered(2.0), other);
    assert_int_equal(ratio->verdict, SY_VERDICT_NOT_COMPARABLE);
    assert_string_equal(ratio->reason, "NEW: device:energy is not valid: alias");
    rows_spec negative = metered(-1.0);
    ratio = compare(*state, negative, metered(2.0));
    assert_int_equal(ratio->verdict, SY_VERDICT_NOT_COMPARABLE);
    assert_non_null(strstr(ratio->reason, "BASE: device:energy is not valid"));
}

static void rows_without_energy_say_so(void **state) {
    const sy_ratio *ratio = compare(*state, rows_plain(0), metered(2.0));
    assert_string_equal(ratio->reason, "BASE has no energy");
    assert_true(isnan(ratio->base));
}

static void a_low_net_is_shown_and_never_gated(void **state) {
    rows_spec other = metered(3.0);
    other.energy[0].net = 0.19 * 3.0;
    const sy_ratio *ratio = compare(*state, metered(2.0), other);
    assert_false(ratio->is_gateable);
    assert_near(ratio->ratio, 1.5, 1e-12);
    assert_non_null(strstr(ratio->reason, "never gated"));
    other.energy[0].net = 0.21 * 3.0;
    assert_true(compare(*state, metered(2.0), other)->is_gateable);
}

static void repeats_that_differ_more_than_declared_count(void **state) {
    rows_pair *pair = *state;
    for (uint64_t process = 0; process < 3; process++) {
        rows_spec row = metered(2.0 * exp(0.1 * ((double)process - 1.0)));
        row.process = process;
        rows_take(&pair->intake, pair->base, &row);
        rows_take(&pair->intake, pair->other, &row);
    }
    rows_compare(pair, NULL);
    const sy_ratio *ratio = rows_ratio(pair, 0, SY_QUANTITY_ENERGY);
    assert_near(ratio->error, sqrt(2.0 * 0.01 / 3.0), 1e-12);
    assert_near(ratio->freedom, 4.0, 1e-9);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rows_set_up, rows_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(one_meter_has_its_random_uncertainty_alone),
        TEST(two_devices_have_all_of_it),
        TEST(a_card_that_is_not_known_is_another),
        TEST(another_host_is_another_device),
        TEST(another_source_of_the_scope_is_another_scale),
        TEST(an_unknown_gain_is_not_comparable),
        TEST(an_unknown_gain_of_one_meter_cancels),
        TEST(scopes_are_never_divided),
        TEST(unknown_scopes_are_never_divided_either),
        TEST(the_meter_that_both_have_is_taken),
        TEST(invalid_and_contradictory_entries_are_never_used),
        TEST(rows_without_energy_say_so),
        TEST(a_low_net_is_shown_and_never_gated),
        TEST(repeats_that_differ_more_than_declared_count),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
