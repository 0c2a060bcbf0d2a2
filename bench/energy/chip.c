/* Known chips, a row each. Names as the kernel's drivers give them in `name`. */
#include "bench/energy/chip.h"

#include <stddef.h>
#include <string.h>

#include "bench/energy/source.h"

/* Asking firmware or every core takes the processor away from the work; others cost a transfer on a bus. */
static const uint64_t firmware_ns = 100000000, bus_ns = 20000000;

/* The first row that fits counts. A name that ends in '*' fits what begins so; a label fits what begins so.
 */
static const struct {
    const char *chip, *label;
    uint32_t scope;
    bool is_part, is_firmware;
} rows[] = {
    {"power_meter", "CPU Power", SY_ENERGY_SCOPE_DIE, true, true},
    {"power_meter", "SysIO Power", SY_ENERGY_SCOPE_DIE, true, true},
    {"power_meter", "Grace Power", SY_ENERGY_SCOPE_PACKAGE, false, true},
    {"power_meter", "Module Power", SY_ENERGY_SCOPE_BOARD, false, true},
    {"power_meter", "", SY_ENERGY_SCOPE_NODE, false, true},
    {"amd_energy", "Ecore", SY_ENERGY_SCOPE_DIE, true, true},
    {"amd_energy", "", SY_ENERGY_SCOPE_PACKAGE, false, true},
    {"fam15h_power", "", SY_ENERGY_SCOPE_PACKAGE, false, false},
    {"amdgpu", "", SY_ENERGY_SCOPE_CARD, false, false},
    {"i915_gt*", "", SY_ENERGY_SCOPE_DIE, true, false},
    {"i915", "", SY_ENERGY_SCOPE_CARD, false, false},
    {"xe", "pkg", SY_ENERGY_SCOPE_PACKAGE, true, false},
    {"xe", "", SY_ENERGY_SCOPE_CARD, false, false},
    {"nouveau", "", SY_ENERGY_SCOPE_CARD, false, false},
    {"ina*", "", SY_ENERGY_SCOPE_BOARD, false, false},
    {"scmi_sensors", "", SY_ENERGY_SCOPE_BOARD, false, true},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static bool fits_chip(const char *pattern, const char *chip) {
    size_t length = strlen(pattern);
    if (pattern[length - 1] == '*')
        return strncmp(pattern, chip, length - 1) == 0;
    return strcmp(pattern, chip) == 0;
}

sy_energy_coverage sy_energy_chip_covers(const char *chip, const char *label) {
    for (size_t i = 0; i < ROWS; i++)
        if (fits_chip(rows[i].chip, chip) && strncmp(label, rows[i].label, strlen(rows[i].label)) == 0)
            return (sy_energy_coverage){.scope = rows[i].scope,
                .is_part = rows[i].is_part,
                .least_poll_ns = rows[i].is_firmware ? firmware_ns : bus_ns};
    return (sy_energy_coverage){.scope = SY_ENERGY_SCOPE_UNKNOWN, .least_poll_ns = firmware_ns};
}

bool sy_energy_chip_is_product(const char *chip) {
    return strcmp(chip, "ina3221") == 0;
}

bool sy_energy_label_is_total(const char *label) {
    return strcmp(label, "VDD_IN") == 0 || strcmp(label, "POM_5V_IN") == 0;
}
