/* Names: whole ones find, parts do not; a driver's name is sure, or it is not. */
#include "tests/unit/bench/catalogue/shipped.h"

#define GIB (UINT64_C(1) << 30)

static void a_whole_name_finds(void **state) {
    static const struct {
        const char *name, *id;
    } rows[] = {{"h100-sxm", "h100-sxm"}, {"H100-SXM", "h100-sxm"}, {"NVIDIA H100 SXM5 80GB", "h100-sxm"},
        {"H100 SXM5 80GB", "h100-sxm"}, {"  nvidia   h100 sxm5\t80gb ", "h100-sxm"},
        {"NVIDIA H100 80GB HBM3", "h100-sxm"}, {"英伟达 H100 SXM5 80GB", "h100-sxm"},
        {"Ascend910B3", "ascend-910b3"}, {"华为昇腾910B3", "ascend-910b3"},
        {"AMD EPYC 9654 96-Core Processor", "epyc-9654"}, {"GeForce RTX 4090", "rtx-4090"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(only(*state, rows[i].name)->head.id, rows[i].id);
}

static void a_part_of_a_name_finds_nothing(void **state) {
    static const char *const names[] = {"", " ", "H100", "NVIDIA H100", "NVIDIA H100 80GB HBM3 MIG 1g.10gb",
        "NVIDIA H100 80GB HBM", "h100-sxm5", "910B", "Ascend910B"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        sy_catalogue_match match;
        sy_catalogue_find(*state, names[i], &match);
        if (match.count != 0)
            fail_msg("'%s' finds %s", names[i], match.device[0]->head.id);
    }
    char longest[400];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    sy_catalogue_match match;
    sy_catalogue_find(*state, longest, &match);
    assert_int_equal(match.count, 0);
}

static void two_that_fit_are_two(void **state) {
    sy_catalogue_match match;
    char text[80], cut[16];
    sy_catalogue_find(*state, "MetaX C500", &match);
    assert_int_equal(match.count, 2);
    sy_catalogue_ambiguity(&match, text, sizeof text);
    assert_string_equal(text, "two variants fit: c500-pcie, c500-oam");
    sy_catalogue_ambiguity(&match, cut, sizeof cut);
    assert_string_equal(cut, "two variants fi");
    sy_catalogue_identify(*state, "MetaX C500", 0, 64 * GIB, &match); /* never seen */
    assert_int_equal(match.count, 0);
    sy_catalogue_find(*state, "h20", &match);
    sy_catalogue_ambiguity(&match, text, sizeof text);
    assert_string_equal(text, "");
}

static void a_device_is_certain_or_nothing(void **state) {
    static const struct {
        const char *name;
        uint64_t units, memory;
        const char *id;
    } rows[] = {{"NVIDIA H100 80GB HBM3", 132, 85014872064, "h100-sxm"},
        {"NVIDIA H100 80GB HBM3", 0, 0, "h100-sxm"},
        {"NVIDIA H100 80GB HBM3", 114, 85014872064, NULL},  /* other units: not this variant */
        {"NVIDIA H100 80GB HBM3", 132, 42949672960, NULL},  /* half of its memory: a part of it */
        {"NVIDIA H100 80GB HBM3", 132, 103079215104, NULL}, /* more than it has */
        {"NVIDIA H100 80GB HBM3 MIG 3g.40gb", 60, 0, NULL}, {"NVIDIA H100 PCIe", 114, 0, NULL},
        {"h100-sxm", 132, 0, NULL},                   /* an id is no driver's name */
        {"NVIDIA H100 SXM5 80GB", 132, 0, NULL},      /* nor is the vendor's */
        {"NVIDIA H20", 78, 97 * 1000000000ull, NULL}, /* said to be so, never seen */
        {"Ascend910B3", 20, 61 * GIB, "ascend-910b3"}, {"Ascend910B", 20, 64 * GIB, NULL},
        {"AMD EPYC 9654 96-Core Processor", 2, 0, NULL}, {"", 0, 0, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_catalogue_match match;
        sy_catalogue_identify(*state, rows[i].name, rows[i].units, rows[i].memory, &match);
        if (match.count != (rows[i].id != NULL ? 1u : 0u))
            fail_msg("row %zu, %s: %zu fit", i, rows[i].name, match.count);
        if (rows[i].id != NULL)
            assert_string_equal(match.device[0]->head.id, rows[i].id);
    }
}

static void near_names_are_offered(void **state) {
    const sy_catalogue *catalogue = *state;
    size_t at = 0, count = 0;
    while (sy_catalogue_next_near(catalogue, "H100", &at) != NULL)
        count++;
    assert_int_equal(count, 1);
    at = 0;
    assert_string_equal(sy_catalogue_next_near(catalogue, "910b", &at)->head.id, "ascend-910b1");
    assert_string_equal(sy_catalogue_next_near(catalogue, "910b", &at)->head.id, "ascend-910b2");
    at = count = 0;
    while (sy_catalogue_next_near(catalogue, "", &at) != NULL)
        count++;
    assert_int_equal(count, catalogue->count);
    at = 0;
    assert_null(sy_catalogue_next_near(catalogue, "abacus", &at));
    assert_string_equal(sy_catalogue_suggest(catalogue, "h100-smx"), "h100-sxm");
    assert_null(sy_catalogue_suggest(catalogue, "abacus of wood"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_whole_name_finds),
        cmocka_unit_test(a_part_of_a_name_finds_nothing), cmocka_unit_test(two_that_fit_are_two),
        cmocka_unit_test(a_device_is_certain_or_nothing), cmocka_unit_test(near_names_are_offered)};
    return cmocka_run_group_tests(tests, load_shipped, release_shipped);
}
