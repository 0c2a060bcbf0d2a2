/* The telemetry's second generation: a device is one number, its logic id. */
#include "tests/vendor_sim/ascend/dcmi.h"

#include <stddef.h>

#include "tests/vendor_sim/ascend/card.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

int dcmiv2_init(void) {
    return as_card_init(__func__);
}

int dcmiv2_get_device_list(int *list, int *count, int capacity) {
    int code = as_card_enter(__func__);
    if (code == DCMI_OK && (count == NULL || list == NULL || capacity < sim_devices()))
        code = DCMI_ERR_CODE_INVALID_PARAMETER;
    if (code == DCMI_OK && sim_devices() == 0)
        code = DCMI_ERR_CODE_DEVICE_NOT_EXIST;
    if (code == DCMI_OK) {
        *count = sim_devices();
        for (int i = 0; i < *count; i++)
            list[i] = as_card_logic(i);
    }
    return sim_leave(code);
}

int dcmiv2_get_device_power_info(int device, int *power) {
    int found = 0, code = as_card_enter_on_logic(__func__, device, power, &found);
    return sim_leave(code == DCMI_OK ? as_card_power(found, power) : code);
}

int dcmiv2_get_device_temperature(int device, int *celsius) {
    int found = 0, code = as_card_enter_on_logic(__func__, device, celsius, &found);
    return sim_leave(code == DCMI_OK ? as_card_temperature(found, celsius) : code);
}

int dcmiv2_get_device_utilization_rate(int device, int type, unsigned int *percent) {
    int found = 0, code = as_card_enter_on_logic(__func__, device, percent, &found);
    return sim_leave(code == DCMI_OK ? as_card_utilization(found, type, percent) : code);
}

int dcmiv2_get_device_frequency(int device, int type, unsigned int *mhz) {
    int found = 0, code = as_card_enter_on_logic(__func__, device, mhz, &found);
    return sim_leave(code == DCMI_OK ? as_card_frequency(found, type, mhz) : code);
}

int dcmiv2_get_device_hbm_info(int device, struct dcmi_hbm_info *info) {
    int found = 0, code = as_card_enter_on_logic(__func__, device, info, &found);
    return sim_leave(code == DCMI_OK ? as_card_hbm(found, info) : code);
}

int dcmiv2_get_device_chip_info(int device, struct dcmi_chip_info_v2 *info) {
    int found = 0, code = as_card_enter_on_logic(__func__, device, info, &found);
    if (code == DCMI_OK)
        as_card_chip(found, info);
    return sim_leave(code);
}
