/* Regions: read, found, with year, basis and source. */
#include "tests/unit/bench/catalogue/shipped.h"

#include <math.h>

#include "bench/catalogue/regions.h"

static void regions_are_found(void **state) {
    (void)state;
    sy_regions regions = {0};
    sy_error err = SY_ERROR_INIT;
    if (sy_regions_load(&shipped, &regions, &err) != SY_OK)
        fail_msg("%s", err.text);
    const sy_region *gansu = sy_region_find(&regions, "gansu");
    assert_non_null(gansu);
    assert_ptr_equal(sy_region_find(&regions, "GANSU "), gansu);
    assert_ptr_equal(sy_region_find(&regions, "甘肃"), gansu);
    assert_true(gansu->carbon_g_per_kwh.value == 477.2);
    assert_int_equal(gansu->carbon_g_per_kwh.year, 2022);
    assert_string_equal(gansu->carbon_g_per_kwh.basis, "CO2 of generation");
    assert_int_equal(gansu->carbon_g_per_kwh.confidence, SY_CONFIDENCE_OFFICIAL);
    assert_true(gansu->electricity_per_kwh.value == 0.398);
    assert_string_equal(gansu->electricity_per_kwh.currency, "CNY");
    assert_int_equal(gansu->electricity_per_kwh.confidence, SY_CONFIDENCE_PRESS);
    assert_non_null(
        sy_figure_source_find(&regions.document.sources, gansu->electricity_per_kwh.source.item[0]));
    const sy_region *france = sy_region_find(&regions, "France");
    assert_string_equal(france->carbon_g_per_kwh.basis, "CO2e, life cycle");
    assert_true(isnan(france->electricity_per_kwh.value));
    assert_int_equal(sy_region_find(&regions, "yangtze-delta")->provinces.count, 4);
    assert_non_null(sy_region_find(&regions, "cn-zhejiang"));
    assert_null(sy_region_find(&regions, "zhe"));
    assert_null(sy_region_find(&regions, ""));
    assert_string_equal(sy_region_suggest(&regions, "guizou"), "guizhou");
    assert_null(sy_region_suggest(&regions, "atlantis of old"));
    sy_regions_release(&regions);
}

static void a_malformed_file_is_refused(void **state) {
    (void)state;
    own_folder own;
    sy_regions regions = {0};
    sy_error err = SY_ERROR_INIT;
    own_write(&own, "regions.json", "{\"schema\": \"steelyard.devices/1\"}");
    assert_int_equal(sy_regions_load(&own.places, &regions, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "wanted is steelyard.regions/1"));
    assert_int_equal(regions.count, 0);
    assert_null(sy_region_find(&regions, "gansu"));
    sy_regions_release(&regions);
    own_remove(&own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_are_found), cmocka_unit_test(a_malformed_file_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
