/* What the numbers of known hwmon chips cover. */
#ifndef STEELYARD_ENERGY_CHIP_H
#define STEELYARD_ENERGY_CHIP_H

#include <stdbool.h>
#include <stdint.h>

/** What one label of a chip covers. least_poll_ns: it is not asked more often. */
typedef struct sy_energy_coverage {
    uint32_t scope;
    bool is_part;
    uint64_t least_poll_ns;
} sy_energy_coverage;

/** By the chip's `name` and a channel's label; scope unknown for chips that are not known. */
sy_energy_coverage sy_energy_chip_covers(const char *chip, const char *label);

/** Whether the chip shows volts and amperes of its rails but no power: only the product tells it. */
bool sy_energy_chip_is_product(const char *chip);

/** Whether a label is that of the rail that feeds all others of the board. */
bool sy_energy_label_is_total(const char *label);

#endif
