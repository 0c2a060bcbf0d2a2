/* What the settings make of a device. */
#ifndef TESTS_VENDOR_SIM_ASCEND_SOC_H
#define TESTS_VENDOR_SIM_ASCEND_SOC_H

#include <stdbool.h>
#include <stdint.h>

/* Families: 910B and 910_93; 310P; 910, ProA and PremiumA; 310B; 950. */
enum { AS_910B = 0, AS_310P = 1, AS_910A = 2, AS_310B = 3, AS_950 = 4 };

/** Its name as aclrtGetSocName() has it. */
const char *as_soc_name(int device);
int as_soc_family(int device);
/** Whether its cube knows f32, other than by way of f16 or not at all; and bf16. */
bool as_soc_has_f32(int device);
bool as_soc_has_bf16(int device);

/**
 * ASCEND_RT_VISIBLE_DEVICES hides devices from the runtime, and numbers the others anew: how many the runtime
 * has, and which one of all it calls `number`.
 */
int as_visible_count(void);
int as_visible(int number);

/** Major version of CANN that the libraries play: 7, 8 or 9. */
int as_cann(void);

/** A setting that is on (1) or off (0). */
bool as_is_on(const char *key, bool fallback);

/** Whether a text setting is `word`. */
bool as_is_word(const char *key, const char *fallback, const char *word);

/** The nth number (from 0) of a setting like "4,7", or `fallback`. */
int64_t as_nth(const char *key, int index, int64_t fallback);

#endif
