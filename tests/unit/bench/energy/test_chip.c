/* What known chips cover. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/energy/chip.h"
#include "bench/energy/source.h"

static void coverage(void **state) {
    (void)state;
    static const struct {
        const char *chip, *label;
        uint32_t scope;
        bool is_part;
    } cases[] = {{"power_meter", "power1", SY_ENERGY_SCOPE_NODE, false},
        {"power_meter", "Grace Power Socket 0", SY_ENERGY_SCOPE_PACKAGE, false},
        {"power_meter", "CPU Power Socket 1", SY_ENERGY_SCOPE_DIE, true},
        {"power_meter", "Module Power Socket 0", SY_ENERGY_SCOPE_BOARD, false},
        {"amd_energy", "Esocket0", SY_ENERGY_SCOPE_PACKAGE, false},
        {"amd_energy", "Ecore012", SY_ENERGY_SCOPE_DIE, true}, {"amdgpu", "PPT", SY_ENERGY_SCOPE_CARD, false},
        {"i915", "energy1", SY_ENERGY_SCOPE_CARD, false}, {"i915_gt0", "energy1", SY_ENERGY_SCOPE_DIE, true},
        {"xe", "card", SY_ENERGY_SCOPE_CARD, false}, {"xe", "pkg", SY_ENERGY_SCOPE_PACKAGE, true},
        {"ina226", "power1", SY_ENERGY_SCOPE_BOARD, false},
        {"ina3221", "VDD_IN", SY_ENERGY_SCOPE_BOARD, false},
        {"scmi_sensors", "cpu", SY_ENERGY_SCOPE_BOARD, false},
        {"k10temp", "power1", SY_ENERGY_SCOPE_UNKNOWN, false}, {"", "", SY_ENERGY_SCOPE_UNKNOWN, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sy_energy_coverage covers = sy_energy_chip_covers(cases[i].chip, cases[i].label);
        assert_int_equal(covers.scope, cases[i].scope);
        assert_int_equal(covers.is_part, cases[i].is_part);
        assert_true(covers.least_poll_ns >= 20000000);
    }
    assert_true(sy_energy_chip_is_product("ina3221"));
    assert_false(sy_energy_chip_is_product("ina226"));
    assert_true(sy_energy_label_is_total("VDD_IN"));
    assert_false(sy_energy_label_is_total("VDD_GPU"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(coverage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
