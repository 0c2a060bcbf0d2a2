/* Channels of hwmon chips that tell power or energy: which there are, and what each covers. */
#ifndef STEELYARD_ENERGY_CHANNEL_H
#define STEELYARD_ENERGY_CHANNEL_H

#include "bench/energy/source.h"

/**
 * A channel.
 *
 * row    name "hwmon:CHIP:LABEL:VALUE", where CHIP has its device's name behind it if several are alike;
 *        never the number of the chip, which changes from boot to boot. index: its place in the list.
 * value  path of its file; factor: of the file whose number it is multiplied by, "" if there is none.
 * scale  to J or W. is_total: the rail that feeds the board's others.
 */
typedef struct sy_energy_channel {
    sy_energy_found row;
    char value[96], factor[96];
    double scale;
    bool is_total;
} sy_energy_channel;

/** Channels. Zero-initialise; release. */
typedef struct sy_energy_channels {
    sy_energy_channel *channel;
    size_t count, capacity;
} sy_energy_channels;

/** Every channel there is. SY_UNAVAILABLE: there is no /sys/class/hwmon; SY_OUT_OF_MEMORY. */
sy_status sy_energy_channels_find(const char *sysroot, sy_energy_channels *out_channels, sy_error *err);

/** Free; zeroes. */
void sy_energy_channels_release(sy_energy_channels *channels);

/** Read it: J of a counter as the driver counts, W otherwise. Errors as sy_energy_file_count(). NaN on error.
 */
sy_status sy_energy_channel_read(
    const char *sysroot, const sy_energy_channel *channel, double *out_value, sy_error *err);

#endif
