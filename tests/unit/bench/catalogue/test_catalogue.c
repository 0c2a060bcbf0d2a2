/* The devices that we ship: read, whole, written as they were. */
#include "tests/unit/bench/catalogue/shipped.h"

#include <math.h>

static void devices_are_read(void **state) {
    const sy_catalogue *catalogue = *state;
    assert_true(catalogue->count >= 68);
    assert_string_equal(catalogue->document.path, "results/reference/devices.json");
    assert_string_equal(catalogue->document.retrieved, "2026-11");
    const sy_catalogue_device *h100 = only(catalogue, "h100-sxm");
    assert_string_equal(h100->head.name, "NVIDIA H100 SXM5 80GB");
    assert_string_equal(h100->kind, "accelerator");
    const sy_figure *bf16 = &h100->peak[SY_PEAK_BF16];
    assert_true(bf16->value == 989);
    assert_int_equal(bf16->confidence, SY_CONFIDENCE_VENDOR);
    assert_string_equal(sy_confidence_name(bf16->confidence), "vendor");
    assert_int_equal(bf16->source.count, 2);
    assert_true(h100->memory_gb_per_s.value == 3350 && h100->power_w.value == 700);
    assert_string_equal(h100->memory_type.value, "HBM3");
    assert_true(isnan(h100->peak[SY_PEAK_F4].value));
    assert_int_equal(h100->peak[SY_PEAK_F4].confidence, 0);
}

static void sources_and_alternatives_are_kept(void **state) {
    const sy_catalogue *catalogue = *state;
    const sy_figure *f16 = &only(catalogue, "ascend-910b3")->peak[SY_PEAK_F16];
    assert_true(f16->value == 294.9);
    assert_int_equal(f16->alternatives.count, 1);
    assert_true(f16->alternatives.item[0].value == 313);
    const sy_figure_source *source = sy_figure_source_find(&catalogue->document.sources, f16->source.item[0]);
    assert_non_null(source);
    assert_string_equal(source->kind, "vendor");
    assert_null(sy_figure_source_find(&catalogue->document.sources, "nobody"));
}

static void a_processor_says_what_its_estimate_is_made_of(void **state) {
    const sy_catalogue_device *epyc = only(*state, "epyc-9654");
    assert_int_equal(epyc->cores, 96);
    assert_true(epyc->clock_ghz == 2.4 && epyc->flop_per_cycle[SY_PEAK_F32] == 32);
    assert_int_equal(epyc->peak[SY_PEAK_F32].confidence, SY_CONFIDENCE_ESTIMATE);
    assert_int_equal(only(*state, "h100-sxm")->cores, SY_NO_COUNT);
}

/* With sorted members, every number a real one. */
static char *canonical(const char *text) {
    json_t *json = json_loads(text, JSON_DECODE_INT_AS_REAL, NULL);
    assert_non_null(json);
    char *out = json_dumps(json, JSON_SORT_KEYS | JSON_REAL_PRECISION(9));
    json_decref(json);
    return out;
}

/* No member of the file is unknown to the program: a word mistyped there would be a figure lost. */
static void nothing_is_lost(void **state) {
    const sy_catalogue *catalogue = *state;
    const json_t *devices = json_object_get(catalogue->document.json, "devices");
    for (size_t i = 0; i < catalogue->count; i++) {
        sy_text text = {0};
        sy_text_append(&text, "{", 1);
        assert_true(sy_fields_write(&sy_catalogue_device_fields, &catalogue->device[i], false, &text));
        sy_text_append(&text, "}", 1);
        char *as_read = json_dumps(json_array_get(devices, i), 0);
        char *was = canonical(as_read), *is = canonical(text.data);
        assert_string_equal(is, was);
        free(as_read);
        free(was);
        free(is);
        sy_text_release(&text);
    }
}

static void confidences_have_names(void **state) {
    (void)state;
    static const char *const names[] = {"official", "vendor", "press", "estimate"};
    for (uint32_t i = 0; i < 4; i++)
        assert_string_equal(sy_confidence_name(i + 1), names[i]);
    assert_null(sy_confidence_name(0));
    assert_null(sy_confidence_name(5));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(devices_are_read),
        cmocka_unit_test(sources_and_alternatives_are_kept),
        cmocka_unit_test(a_processor_says_what_its_estimate_is_made_of), cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(confidences_have_names)};
    return cmocka_run_group_tests(tests, load_shipped, release_shipped);
}
