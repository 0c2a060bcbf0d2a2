/* Meters against each other. */
#include "bench/energy/cross.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/near.h"

typedef struct pair {
    sy_energy_facts facts[2];
    sy_energy_result result[2];
} pair;

static pair make(double first_j, double second_j) {
    pair both = {
        .facts = {{.name = "ipmi:power", .kind = SY_ENERGY_POWER_INSTANT, .scope = SY_ENERGY_SCOPE_NODE},
            {.name = "redfish:node", .kind = SY_ENERGY_COUNTER, .scope = SY_ENERGY_SCOPE_NODE}}};
    double joule[] = {first_j, second_j};
    for (size_t i = 0; i < 2; i++)
        both.result[i] = (sy_energy_result){
            .joule = joule[i], .watt = joule[i] / 10, .u_random_j = 3, .u_systematic_j = 4};
    return both;
}

static sy_energy_cross check(const pair *both) {
    sy_energy_cross cross;
    sy_energy_cross_check((sy_energy_side){&both->facts[0], &both->result[0]},
        (sy_energy_side){&both->facts[1], &both->result[1]}, &cross);
    return cross;
}

static sy_energy_cross selftest(const pair *both) {
    sy_energy_cross cross;
    sy_energy_cross_selftest((sy_energy_side){&both->facts[1], &both->result[1]},
        (sy_energy_side){&both->facts[0], &both->result[0]}, &cross);
    return cross;
}

static void three_sigmas_of_all_uncertainties_agree(void **state) {
    (void)state;
    pair both = make(1000, 1021);
    sy_energy_cross cross = check(&both);
    assert_int_equal(SY_ENERGY_CROSS_AGREE, cross.verdict);
    assert_near(21, cross.difference_j, 1e-9);
    assert_near(3 * sqrt(50), cross.limit_j, 1e-9);
    assert_string_equal("", cross.text);
    both = make(1000, 1022);
    assert_int_equal(SY_ENERGY_CROSS_DISAGREE, check(&both).verdict);
    both = make(1022, 1000);
    cross = check(&both);
    assert_int_equal(SY_ENERGY_CROSS_DISAGREE, cross.verdict);
    assert_near(-22, cross.difference_j, 1e-9);
    assert_string_equal(
        "ipmi:power says 1022 J +- 5, redfish:node says 1000 J +- 5: more than 21.2 J apart", cross.text);
}

static void an_unknown_gain_is_taken_to_be_wide(void **state) {
    (void)state;
    pair both = make(1000, 1250);
    both.result[0].u_systematic_j = NAN;
    assert_int_equal(SY_ENERGY_CROSS_AGREE, check(&both).verdict);
    both.result[1].joule = 1400;
    sy_energy_cross cross = check(&both);
    assert_int_equal(SY_ENERGY_CROSS_DISAGREE, cross.verdict);
    assert_non_null(
        strstr(cross.text, "ipmi:power says 1000 J +- 1e+02 (its gain is unknown, 10 % is taken), redfish"));
    both.result[1].u_systematic_j = NAN;
    assert_int_equal(SY_ENERGY_CROSS_AGREE, check(&both).verdict);
}

static void what_cannot_be_compared_is_not(void **state) {
    (void)state;
    pair both = make(1000, 5000);
    both.facts[0].scope = SY_ENERGY_SCOPE_WALL;
    assert_int_equal(SY_ENERGY_CROSS_NONE, check(&both).verdict);
    both.facts[0].scope = both.facts[1].scope = SY_ENERGY_SCOPE_UNKNOWN;
    assert_int_equal(SY_ENERGY_CROSS_NONE, check(&both).verdict);
    both = make(1000, 5000);
    both.facts[0].kind = SY_ENERGY_CLOCK;
    assert_int_equal(SY_ENERGY_CROSS_NONE, check(&both).verdict);
    both = make(1000, NAN);
    sy_energy_cross cross = check(&both);
    assert_int_equal(SY_ENERGY_CROSS_NONE, cross.verdict);
    assert_true(isnan(cross.difference_j) && isnan(cross.limit_j));
}

static void a_counter_of_nothing_or_twice_is_implausible(void **state) {
    (void)state;
    static const struct {
        double counted_j;
        int verdict;
    } cases[] = {{1000, SY_ENERGY_CROSS_AGREE}, {800, SY_ENERGY_CROSS_AGREE}, {1350, SY_ENERGY_CROSS_AGREE},
        {2000, SY_ENERGY_CROSS_DISAGREE}, {500, SY_ENERGY_CROSS_DISAGREE}, {0, SY_ENERGY_CROSS_DISAGREE},
        {-1000, SY_ENERGY_CROSS_DISAGREE}, {1e6, SY_ENERGY_CROSS_DISAGREE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pair both = make(1000, cases[i].counted_j);
        sy_energy_cross cross = selftest(&both);
        assert_int_equal(cases[i].verdict, cross.verdict);
        assert_int_equal(cases[i].verdict == SY_ENERGY_CROSS_DISAGREE, cross.text[0] != '\0');
    }
    pair both = make(1000, 2000);
    assert_string_equal(
        "redfish:node counted 2000 J while ipmi:power read 1000 J (100 W): not used", selftest(&both).text);
}

static void what_stands_still_is_implausible_and_what_is_unsure_is_let_pass(void **state) {
    (void)state;
    pair both = make(1000, NAN);
    assert_int_equal(SY_ENERGY_CROSS_NONE, selftest(&both).verdict);
    both.result[1].reasons = SY_ENERGY_STUCK | SY_ENERGY_TOO_FEW;
    sy_energy_cross cross = selftest(&both);
    assert_int_equal(SY_ENERGY_CROSS_DISAGREE, cross.verdict);
    assert_non_null(strstr(cross.text, "counted 0 J"));
    both.result[0].joule = 0;
    assert_int_equal(SY_ENERGY_CROSS_NONE, selftest(&both).verdict);
    both.result[0].joule = NAN;
    assert_int_equal(SY_ENERGY_CROSS_NONE, selftest(&both).verdict);
    /* Half a second of a counter that is updated ten times a second. */
    both = make(50, 80);
    both.result[1].u_random_j = 5;
    assert_int_equal(SY_ENERGY_CROSS_AGREE, selftest(&both).verdict);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_sigmas_of_all_uncertainties_agree),
        cmocka_unit_test(an_unknown_gain_is_taken_to_be_wide),
        cmocka_unit_test(what_cannot_be_compared_is_not),
        cmocka_unit_test(a_counter_of_nothing_or_twice_is_implausible),
        cmocka_unit_test(what_stands_still_is_implausible_and_what_is_unsure_is_let_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
