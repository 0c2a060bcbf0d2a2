/* Cards and their devices as the driver's telemetry counts them. */
#ifndef TESTS_VENDOR_SIM_ASCEND_CARD_H
#define TESTS_VENDOR_SIM_ASCEND_CARD_H

#include "tests/vendor_sim/ascend/dcmi.h"
#include "tests/vendor_sim/ascend/soc.h"

/** Devices of a card; cards; the id of the nth card. */
int as_card_dies(void);
int as_card_count(void);
int as_card_id(int index);

/** Begin a function: DCMI_OK, or what it returns at once. sim_leave() must follow. */
int as_card_enter(const char *function);
/** The same on a device of a card, and on that of a logic id. `out` is where the answer goes: not NULL. */
int as_card_enter_on(const char *function, int card, int device, const void *out, int *out_device);
int as_card_enter_on_logic(const char *function, int64_t logic, const void *out, int *out_device);

/** dcmi_init(), by either name. */
int as_card_init(const char *function);

/** Logic id of a device. */
int as_card_logic(int device);

/* What a device says; the codes of DCMI. */
int as_card_power(int device, int *power);
int as_card_temperature(int device, int *celsius);
int as_card_utilization(int device, int type, unsigned int *percent);
int as_card_frequency(int device, int type, unsigned int *mhz);
int as_card_hbm(int device, struct dcmi_hbm_info *info);
void as_card_chip(int device, struct dcmi_chip_info_v2 *info);

#endif
