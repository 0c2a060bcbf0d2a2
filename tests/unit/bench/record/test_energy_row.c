/* What a row says of energy: absent, copied, read back, and agreeing with itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "tests/unit/bench/record/sample.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void a_fresh_entry_has_no_field(void **state) {
    (void)state;
    sy_row_energy energy;
    sy_row_sustain sustain;
    sy_text text = {0};
    memset(&energy, 1, sizeof energy);
    memset(&sustain, 1, sizeof sustain);
    sy_row_energy_init(&energy);
    sy_row_sustain_init(&sustain);
    assert_false(sy_fields_write(&sy_row_energy_fields, &energy, false, &text));
    assert_false(sy_fields_write(&sy_row_sustain_fields, &sustain, false, &text));
    sy_text_release(&text);
}

static size_t count_present(const sy_field_table *table, const void *object) {
    sy_text text = {0};
    json_t *json;
    sy_text_append(&text, "{", 1);
    sy_fields_write(table, object, false, &text);
    sy_text_append(&text, "}", 1);
    json = json_loadb(text.data, text.length, 0, NULL);
    size_t count = json_object_size(json);
    json_decref(json);
    sy_text_release(&text);
    return count;
}

static void the_sample_has_every_field(void **state) {
    (void)state;
    sy_row row;
    sample_full_row(1, &row);
    assert_int_equal(count_present(&sy_row_energy_fields, row.energy.item), sy_row_energy_fields.count);
    assert_int_equal(count_present(&sy_row_sustain_fields, &row.sustain), sy_row_sustain_fields.count);
}

/* Two entries whose texts are gone after the row was copied. */
static void a_copy_is_deep(void **state) {
    (void)state;
    char source[] = "device:energy", reason[] = "stuck", series[] = "a.series.jsonl";
    const char *reasons[] = {reason};
    sy_row_energy entries[2];
    sy_row row;
    sy_row_list list = {0};
    sample_bare_row(1, &row);
    sy_row_energy_init(&entries[0]);
    sy_row_energy_init(&entries[1]);
    entries[1].source = source;
    entries[1].reasons = (sy_text_list){.item = reasons, .count = 1};
    row.energy.item = entries;
    row.energy.count = 2;
    row.sustain.series = series;
    assert_int_equal(sy_row_list_append(&list, &row, NULL), SY_OK);
    memset(source, 'x', sizeof source - 1);
    memset(reason, 'x', sizeof reason - 1);
    memset(series, 'x', sizeof series - 1);
    sy_row_energy_init(&entries[1]);
    const sy_row *copy = &list.row[0];
    assert_int_equal(copy->energy.count, 2);
    assert_null(copy->energy.item[0].source);
    assert_string_equal(copy->energy.item[1].source, "device:energy");
    assert_string_equal(copy->energy.item[1].reasons.item[0], "stuck");
    assert_string_equal(copy->sustain.series, "a.series.jsonl");
    sy_row_list_release(&list);
}

static void what_is_negative_is_absent_where_it_must_not_be(void **state) {
    (void)state;
    sy_row_energy energy;
    sy_text text = {0};
    sy_row_energy_init(&energy);
    energy.joule_per_run = -1.0;
    energy.watt = INFINITY;
    energy.joule_net_per_run = -0.25;
    energy.idle_drift_w = -0.5;
    sy_fields_write(&sy_row_energy_fields, &energy, false, &text);
    assert_string_equal(text.data, "\"joule_net_per_run\":-0.25,\"idle_drift_w\":-0.5");
    sy_text_release(&text);
}

/* An entry that agrees with itself: awkward numbers, as a window has them. */
static sy_row_energy agreeing(uint64_t flop, uint64_t byte) {
    sy_row_energy energy;
    double joule = 1234.56789;
    sy_row_energy_init(&energy);
    energy.source = "device:energy";
    energy.scope = "card";
    energy.runs = 7919;
    energy.window_ns = 5.0123456789e9;
    energy.run_per_s = 7919.0 / (5.0123456789e9 * 1e-9);
    energy.joule_per_run = joule / 7919.0;
    energy.watt = energy.joule_per_run * energy.run_per_s;
    energy.u_random = 0.01;
    energy.flop_per_joule = (double)flop / energy.joule_per_run;
    energy.byte_per_joule = (double)byte / energy.joule_per_run;
    energy.valid = SY_TRI_YES;
    return energy;
}

static void agreement_is_seen(void **state) {
    (void)state;
    sy_row_energy energy = agreeing(123456789, 4096);
    assert_int_equal(sy_row_energy_check(&energy, 123456789, 4096, NULL), SY_OK);
    assert_int_equal(sy_row_energy_check(&energy, SY_NO_COUNT, SY_NO_COUNT, NULL), SY_OK);
    energy.runs = SY_NO_COUNT;
    energy.window_ns = NAN;
    assert_int_equal(sy_row_energy_check(&energy, 123456789, 4096, NULL), SY_OK);
    energy = agreeing(0, 0);
    assert_int_equal(sy_row_energy_check(&energy, 0, 0, NULL), SY_OK);
    energy.joule_per_run = energy.watt = 0.0; /* a copy of nothing on a meter that never moved */
    energy.flop_per_joule = energy.byte_per_joule = NAN;
    assert_int_equal(sy_row_energy_check(&energy, 0, 0, NULL), SY_OK);
}

typedef void spoil(sy_row_energy *energy);

static void no_source(sy_row_energy *energy) {
    energy->source = NULL;
}
static void no_scope(sy_row_energy *energy) {
    energy->scope = NULL;
}
static void no_verdict(sy_row_energy *energy) {
    energy->valid = SY_TRI_UNKNOWN;
}
static void reasons_of_a_valid_one(sy_row_energy *energy) {
    static const char *const reasons[] = {"alias"};
    energy->reasons = (sy_text_list){.item = reasons, .count = 1};
}
static void invalid_for_no_reason(sy_row_energy *energy) {
    energy->valid = SY_TRI_NO;
}
static void no_joule(sy_row_energy *energy) {
    energy->joule_per_run = NAN;
}
static void negative_joule(sy_row_energy *energy) {
    energy->joule_per_run = -energy->joule_per_run;
}
static void no_uncertainty(sy_row_energy *energy) {
    energy->u_random = NAN;
}
static void other_watt(sy_row_energy *energy) {
    energy->watt *= 1.0 + 3e-12;
}
static void other_rate(sy_row_energy *energy) {
    energy->run_per_s *= 1.001;
    energy->watt *= 1.001;
}
static void other_flop(sy_row_energy *energy) {
    energy->flop_per_joule *= 1.001;
}
static void other_byte(sy_row_energy *energy) {
    energy->byte_per_joule *= 0.5;
}

static void disagreement_is_named(void **state) {
    (void)state;
    static const struct {
        spoil *how;
        const char *text;
    } cases[] = {{no_source, "energy of ?: it names no source or no scope"},
        {no_scope, "energy of device:energy: it names no source or no scope"},
        {no_verdict, "it does not say whether it is valid"},
        {reasons_of_a_valid_one, "it is valid, and has reasons why not"},
        {invalid_for_no_reason, "it is not valid, for no reason"}, {no_joule, "lacks joule_per_run"},
        {negative_joule, "lacks joule_per_run"}, {no_uncertainty, "or u_random"},
        {other_watt, "joule_per_run x run_per_s is 246.3"}, {other_rate, "run_per_s is 15"},
        {other_flop, "flop_per_joule x joule_per_run is "},
        {other_byte, "byte_per_joule x joule_per_run is 2048, and byte is 4096"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        sy_error err = SY_ERROR_INIT;
        sy_row_energy energy = agreeing(123456789, 4096);
        cases[i].how(&energy);
        assert_int_equal(sy_row_energy_check(&energy, 123456789, 4096, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, cases[i].text));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_entry_has_no_field),
        cmocka_unit_test(the_sample_has_every_field),
        cmocka_unit_test(a_copy_is_deep),
        cmocka_unit_test(what_is_negative_is_absent_where_it_must_not_be),
        cmocka_unit_test(agreement_is_seen),
        cmocka_unit_test(disagreement_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
