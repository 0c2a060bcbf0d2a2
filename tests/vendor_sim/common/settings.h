/*
 * Settings: "key=value;key=value" of STEELYARD_VENDOR_SIM. "key@1=value" is for device 1 alone. Each
 * simulation adds the keys it likes; an unknown one is nobody's. The last of several wins.
 */
#ifndef TESTS_VENDOR_SIM_COMMON_SETTINGS_H
#define TESTS_VENDOR_SIM_COMMON_SETTINGS_H

#include <stdint.h>

#pragma GCC visibility push(default)

/** Device of a setting that is not of one device. */
#define SIM_NO_DEVICE (-1)

/** A text, valid until the world ends. */
const char *sim_text(int device, const char *key, const char *fallback);
/** An integer, decimal or 0x..., with K, M, G, T (powers of 1024) behind it. Ends the process if it is none.
 */
int64_t sim_number(int device, const char *key, int64_t fallback);
/** A decimal number. */
double sim_real(int device, const char *key, double fallback);
/** Number of devices: `devices`, 1 by default. */
int sim_devices(void);

#pragma GCC visibility pop

/** All settings of that key, one after the other: `index` 0, 1, ...; NULL past the last. */
const char *sim_settings_each(const char *key, int index);
void sim_settings_read(const char *text);

#endif
