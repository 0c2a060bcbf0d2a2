/* Rows as values: absence, names, copies, hashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "runtime/base/seam.h"
#include "tests/unit/bench/record/sample.h"

static void count_field(void *ctx, const char *name, const sy_field *field, const void *value) {
    (void)name, (void)field, (void)value;
    ++*(size_t *)ctx;
}

static void a_fresh_row_has_no_field(void **state) {
    (void)state;
    sy_row row;
    size_t count = 0;
    sy_row_init(&row);
    sy_fields_walk(&sy_row_fields, &row, count_field, &count);
    assert_int_equal(count, 0);
    assert_false(sy_row_has_time(&row));
    sy_text text = {0};
    assert_false(sy_fields_write(&sy_row_fields, &row, false, &text));
    assert_int_equal(text.length, 0);
    sy_text_release(&text);
}

static size_t count_leaves(const sy_field_table *table) {
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        count += table->field[i].kind == SY_FIELD_GROUP ? count_leaves(table->field[i].table) : 1;
    return count;
}

static void a_full_row_has_every_leaf(void **state) {
    (void)state;
    sy_row row;
    size_t count = 0;
    sample_model_row(1, &row);
    sy_fields_walk(&sy_row_fields, &row, count_field, &count);
    assert_int_equal(count, count_leaves(&sy_row_fields));
}

static void zero_is_a_value(void **state) {
    (void)state;
    sy_row row;
    sy_row_init(&row);
    row.rate.flop = 0;
    row.rate.flop_per_s = 0.0;
    row.conditions.temp_c = -0.5;
    row.path.emulated = SY_TRI_NO;
    sy_text text = {0};
    sy_fields_write(&sy_row_fields, &row, false, &text);
    assert_string_equal(text.data, "\"rate\":{\"flop\":0,\"flop_per_s\":0},\"conditions\":{\"temp_c\":-0.5},"
                                   "\"path\":{\"emulated\":false}");
    sy_text_release(&text);
}

static void what_is_not_finite_is_absent(void **state) {
    (void)state;
    sy_row row;
    sy_row_init(&row);
    row.rate.flop_per_s = INFINITY;
    row.rate.byte_per_s = -NAN;
    row.rate.flop = UINT64_C(1) << 63;
    row.time.host.ci95_ns[0] = 1.0;
    row.time.host.ci95_ns[1] = INFINITY;
    sy_text text = {0};
    assert_false(sy_fields_write(&sy_row_fields, &row, false, &text));
    sy_text_release(&text);
}

static void what_is_written_can_be_read(void **state) {
    (void)state;
    static const double samples[] = {NAN, 1.5, -2.0, INFINITY, 3.0};
    static const char *const throttle[] = {NULL};
    sy_row row;
    sy_row_init(&row);
    row.time.host.median_ns = -1.0;
    row.time.host.ci95_ns[0] = -5.0;
    row.time.host.ci95_ns[1] = 7.0;
    row.time.device.ci95_ns[0] = 2.0;
    row.time.device.ci95_ns[1] = 1.0;
    row.time.samples_ns = (sy_f64_list){.item = samples, .count = 5};
    row.conditions.throttle = (sy_text_list){.item = throttle, .count = 1};
    sy_text text = {0};
    sy_fields_write(&sy_row_fields, &row, false, &text);
    assert_string_equal(text.data, "\"time\":{\"host\":{\"ci95_ns\":[0,7]},\"samples_ns\":[1.5,3]},"
                                   "\"conditions\":{\"throttle\":[\"\"]}");
    sy_text_release(&text);
}

static void names_of_status(void **state) {
    (void)state;
    assert_string_equal(sy_row_status_name(SY_ROW_OK), "ok");
    assert_string_equal(sy_row_status_name(SY_ROW_SKIPPED), "skipped");
    assert_string_equal(sy_row_status_name(0), "?");
    assert_string_equal(sy_row_status_name(SY_ROW_STATUS_COUNT), "?");
    assert_string_equal(sy_row_checked_name(SY_CHECKED_NOTHING), "nothing");
    assert_string_equal(sy_row_checked_name(SY_CHECKED_NOTHING + 1), "?");
}

static void headline_is_the_named_clock(void **state) {
    (void)state;
    sy_row row;
    double median = 0.0, interval[2];
    sample_full_row(1, &row);
    sy_row_headline(&row, &median, interval);
    assert_true(median == 1e6 && interval[0] == 9.9e5 && interval[1] == 1.02e6);
    row.time.headline = SY_HEADLINE_DEVICE;
    sy_row_headline(&row, &median, NULL);
    assert_true(median == 9.5e5);
    assert_false(sy_row_has_time(&row)); /* it is not believed */
    row.time.device_believed = SY_TRI_UNKNOWN;
    assert_true(sy_row_has_time(&row));
    row.status = SY_ROW_WRONG;
    assert_false(sy_row_has_time(&row));
    row.status = SY_ROW_UNSTABLE;
    row.time.device.median_ns = 0.0;
    assert_false(sy_row_has_time(&row));
}

static void copies_do_not_share(void **state) {
    (void)state;
    char name[] = "before";
    sy_row row;
    sy_row_list list = {0};
    sample_full_row(1, &row);
    row.origin.name = name;
    for (int i = 0; i < 100; i++)
        assert_int_equal(sy_row_list_append(&list, &row, NULL), SY_OK);
    memcpy(name, "behind", sizeof name);
    assert_int_equal(list.count, 100);
    assert_string_equal(list.row[99].origin.name, "before");
    assert_string_equal(list.row[0].subject.libraries.item[0].name, "openblas");
    assert_null(list.row[0].subject.libraries.item[1].path);
    assert_string_equal(list.row[0].conditions.throttle.item[1], "thermal");
    assert_true(list.row[0].time.by_round.item[1].median_ns == 1.1e6);
    assert_ptr_not_equal(list.row[0].time.samples_ns.item, row.time.samples_ns.item);
    sy_row_list_release(&list);
    assert_int_equal(list.count, 0);
}

static void no_memory_leaves_the_list(void **state) {
    (void)state;
    sy_row row;
    sy_row_list list = {0};
    sample_full_row(1, &row);
    sy_status status = SY_OUT_OF_MEMORY;
    for (uint64_t k = 1; status != SY_OK; k++) {
        size_t before = list.count;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        status = sy_row_list_append(&list, &row, NULL);
        sy_seam_disarm();
        assert_int_equal(list.count, before + (status == SY_OK));
    }
    sy_row_list_release(&list);
}

static void ids_depend_on_what_they_should(void **state) {
    (void)state;
    char id[SY_ROW_ID_MAX], other[SY_ROW_ID_MAX];
    sy_row row;
    sample_full_row(1, &row);
    sy_row_id(&row, "s1", id);
    assert_int_equal(strlen(id), 16);
    row.origin.name = "another";
    row.seq = 77;
    row.subject.config.threads = 9;
    sy_row_id(&row, "s1", other);
    assert_string_equal(id, other);
    sy_row_id(&row, "s2", other);
    assert_string_not_equal(id, other);
    row.process = 1;
    sy_row_id(&row, "s1", other);
    assert_string_not_equal(id, other);
    row.process = 0;
    row.request.algorithm = "native";
    sy_row_id(&row, "s1", other);
    assert_string_not_equal(id, other);
    row.request.algorithm = "auto";
    row.subject.device.physical_id = NULL;
    sy_row_id(&row, "s1", other);
    assert_string_not_equal(id, other);
}

/* The hashed text is a contract: these digits must never change. */
static void key_hash_is_stable(void **state) {
    (void)state;
    char hash[SY_ROW_ID_MAX];
    sy_row row;
    sy_row_init(&row);
    row.key.problem = "gemm:m=1";
    row.key.data = "uniform";
    row.key.cache = "hot";
    sy_key_hash(&row, hash);
    assert_string_equal(hash, "41c889e4778ca144");
    sy_row moved = row;
    moved.key.cache = NULL;
    moved.key.launch = "hot";
    char other[SY_ROW_ID_MAX];
    sy_key_hash(&moved, other);
    assert_string_not_equal(hash, other);
}

static void subject_is_the_same_over_time(void **state) {
    (void)state;
    char hash[SY_ROW_ID_MAX], other[SY_ROW_ID_MAX];
    sy_row row;
    sample_full_row(1, &row);
    sy_subject_hash(&row, hash);
    row.subject.device.physical_id = "another card";
    row.subject.libraries.count = 0;
    row.subject.implementation = "other";
    row.subject.layout_used = "nchw";
    sy_subject_hash(&row, other);
    assert_string_equal(hash, other);
    row.subject.simulated = SY_TRI_YES;
    sy_subject_hash(&row, other);
    assert_string_not_equal(hash, other);
}

static void settings_hash_ignores_order_output_and_energy(void **state) {
    (void)state;
    char hash[SY_ROW_ID_MAX], other[SY_ROW_ID_MAX];
    const sy_setting one[] = {{.name = "seed", .value = "1"}, {.name = "rounds", .value = "3"}};
    const sy_setting two[] = {{.name = "rounds", .value = "3", .from = "option"},
        {.name = "output", .value = "x.jsonl"}, {.name = "seed", .value = "1"},
        {.name = "filter", .value = "a"}};
    const sy_setting three[] = {{.name = "rounds", .value = "3"}, {.name = "seed", .value = "2"}};
    sy_settings_hash(one, 2, hash);
    sy_settings_hash(two, 4, other);
    assert_string_equal(hash, other);
    const sy_setting four[] = {{.name = "seed", .value = "1"}, {.name = "energy", .value = "off"},
        {.name = "energy-precision", .value = "1%"}, {.name = "energy-window", .value = "1m"},
        {.name = "energy-credentials", .value = "keys"}, {.name = "sustain", .value = "10m"},
        {.name = "rounds", .value = "3"}};
    sy_settings_hash(four, 7, other);
    assert_string_equal(hash, other);
    sy_settings_hash(three, 2, other);
    assert_string_not_equal(hash, other);
    sy_settings_hash(NULL, 0, other);
    assert_int_equal(strlen(other), 16);
}

static void plan_hash_depends_on_order(void **state) {
    (void)state;
    char hash[SY_ROW_ID_MAX], other[SY_ROW_ID_MAX];
    const char *const one[] = {"a", "b"}, *const two[] = {"b", "a"};
    sy_plan_hash(one, 2, hash);
    sy_plan_hash(two, 2, other);
    assert_string_not_equal(hash, other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_row_has_no_field),
        cmocka_unit_test(a_full_row_has_every_leaf),
        cmocka_unit_test(zero_is_a_value),
        cmocka_unit_test(what_is_not_finite_is_absent),
        cmocka_unit_test(what_is_written_can_be_read),
        cmocka_unit_test(names_of_status),
        cmocka_unit_test(headline_is_the_named_clock),
        cmocka_unit_test(copies_do_not_share),
        cmocka_unit_test(no_memory_leaves_the_list),
        cmocka_unit_test(ids_depend_on_what_they_should),
        cmocka_unit_test(key_hash_is_stable),
        cmocka_unit_test(subject_is_the_same_over_time),
        cmocka_unit_test(settings_hash_ignores_order_output_and_energy),
        cmocka_unit_test(plan_hash_depends_on_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
