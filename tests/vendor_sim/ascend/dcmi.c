/* The telemetry of cards and their devices. */
#include "tests/vendor_sim/ascend/dcmi.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/ascend/card.h"
#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

int dcmi_init(void) {
    return as_card_init(__func__);
}

int dcmi_get_dcmi_version(char *text, int capacity) {
    int code = as_card_enter(__func__);
    if (code == DCMI_OK && (text == NULL || capacity <= 0))
        code = DCMI_ERR_CODE_INVALID_PARAMETER;
    if (code == DCMI_OK)
        snprintf(text, (size_t)capacity, "24.1.0");
    return sim_leave(code);
}

static int list_cards(const char *function, int *count, int *list, int capacity) {
    int code = as_card_enter(function);
    if (code == DCMI_OK && (count == NULL || list == NULL || capacity < as_card_count()))
        code = DCMI_ERR_CODE_INVALID_PARAMETER;
    if (code == DCMI_OK && as_card_count() == 0)
        code = DCMI_ERR_CODE_DEVICE_NOT_EXIST;
    if (code == DCMI_OK) {
        *count = as_card_count();
        for (int i = 0; i < *count; i++)
            list[i] = as_card_id(i);
    }
    return sim_leave(code);
}

int dcmi_get_card_list(int *count, int *list, int capacity) {
    return list_cards(__func__, count, list, capacity);
}

int dcmi_get_card_num_list(int *count, int *list, int capacity) {
    return list_cards(__func__, count, list, capacity);
}

int dcmi_get_device_id_in_card(int card, int *device_max, int *mcu, int *cpu) {
    int first = 0, code = as_card_enter_on(__func__, card, 0, device_max, &first);
    if (code == DCMI_OK && (mcu == NULL || cpu == NULL))
        code = DCMI_ERR_CODE_INVALID_PARAMETER;
    if (code == DCMI_OK) {
        *device_max = as_card_dies();
        *mcu = as_soc_family(first) == AS_310P ? as_card_dies() : -1;
        *cpu = -1;
    }
    return sim_leave(code);
}

int dcmi_get_device_num_in_card(int card, int *count) {
    int first = 0, code = as_card_enter_on(__func__, card, 0, count, &first);
    if (code == DCMI_OK)
        *count = as_card_dies();
    return sim_leave(code);
}

int dcmi_get_device_logic_id(int *logic, int card, int device) {
    int found = 0, code = as_card_enter_on(__func__, card, device, logic, &found);
    if (code == DCMI_OK)
        *logic = as_card_logic(found);
    return sim_leave(code);
}

int dcmi_get_card_id_device_id_from_logicid(int *card, int *device, unsigned int logic) {
    int found = 0, code = as_card_enter_on_logic(__func__, logic, card, &found);
    if (code == DCMI_OK && device == NULL)
        code = DCMI_ERR_CODE_INVALID_PARAMETER;
    if (code == DCMI_OK) {
        *card = as_card_id(found / as_card_dies());
        *device = found % as_card_dies();
    }
    return sim_leave(code);
}

int dcmi_get_device_phyid_from_logicid(unsigned int logic, unsigned int *physical) {
    int found = 0, code = as_card_enter_on_logic(__func__, logic, physical, &found);
    if (code == DCMI_OK)
        *physical = (unsigned int)as_nth("physical", found, found);
    return sim_leave(code);
}

int dcmi_get_device_pcie_info_v2(int card, int device, struct dcmi_pcie_info_all *info) {
    int found = 0, code = as_card_enter_on(__func__, card, device, info, &found);
    if (code != DCMI_OK)
        return sim_leave(code);
    char usual[24];
    snprintf(usual, sizeof usual, "0000:%02x:00.0", 0x81 + found);
    const char *text = sim_text(found, "pci", usual);
    *info = (struct dcmi_pcie_info_all){.venderid = 0x19e5, .deviceid = 0xd802};
    unsigned int domain = 0;
    int fields =
        sscanf(text, "%x:%x:%x.%x", &domain, &info->bdf_busid, &info->bdf_deviceid, &info->bdf_funcid);
    info->domain = (int)domain;
    return sim_leave(fields == 4 ? DCMI_OK : DCMI_ERR_CODE_INNER_ERR);
}

int dcmi_get_device_power_info(int card, int device, int *power) {
    int found = 0, code = as_card_enter_on(__func__, card, device, power, &found);
    return sim_leave(code == DCMI_OK ? as_card_power(found, power) : code);
}

/* Of a whole card that has a controller of its own. */
int dcmi_mcu_get_power_info(int card, int *power) {
    int first = 0, code = as_card_enter_on(__func__, card, 0, power, &first);
    if (code == DCMI_OK && !as_is_on("mcu", as_soc_family(first) == AS_310P))
        code = DCMI_ERR_CODE_NOT_SUPPORT;
    if (code != DCMI_OK)
        return sim_leave(code);
    double watts = 0;
    for (int i = first; i < first + as_card_dies() && i < sim_devices(); i++)
        watts += sim_power_now(i);
    *power = (int)sim_number(first, "mcu_power", lround(watts * 10));
    return sim_leave(DCMI_OK);
}

int dcmi_get_device_temperature(int card, int device, int *celsius) {
    int found = 0, code = as_card_enter_on(__func__, card, device, celsius, &found);
    return sim_leave(code == DCMI_OK ? as_card_temperature(found, celsius) : code);
}

int dcmi_get_device_voltage(int card, int device, unsigned int *voltage) {
    int found = 0, code = as_card_enter_on(__func__, card, device, voltage, &found);
    if (code == DCMI_OK)
        *voltage = (unsigned int)sim_number(found, "voltage", 90);
    return sim_leave(code);
}

int dcmi_get_device_utilization_rate(int card, int device, int type, unsigned int *percent) {
    int found = 0, code = as_card_enter_on(__func__, card, device, percent, &found);
    return sim_leave(code == DCMI_OK ? as_card_utilization(found, type, percent) : code);
}

int dcmi_get_device_frequency(int card, int device, int type, unsigned int *mhz) {
    int found = 0, code = as_card_enter_on(__func__, card, device, mhz, &found);
    return sim_leave(code == DCMI_OK ? as_card_frequency(found, type, mhz) : code);
}

int dcmi_get_device_hbm_info(int card, int device, struct dcmi_hbm_info *info) {
    int found = 0, code = as_card_enter_on(__func__, card, device, info, &found);
    return sim_leave(code == DCMI_OK ? as_card_hbm(found, info) : code);
}

int dcmi_get_device_memory_info_v3(int card, int device, struct dcmi_get_memory_info_stru *info) {
    int found = 0, code = as_card_enter_on(__func__, card, device, info, &found);
    if (code == DCMI_OK && as_soc_family(found) != AS_310P && as_soc_family(found) != AS_310B)
        code = DCMI_ERR_CODE_NOT_SUPPORT;
    if (code != DCMI_OK)
        return sim_leave(code);
    uint64_t total = sim_memory_total_bytes(found), free_bytes = sim_memory_free_bytes(found);
    *info = (struct dcmi_get_memory_info_stru){
        .memory_size = total >> 20, .memory_available = free_bytes >> 20, .freq = 2133, .hugepagesize = 2048};
    info->utiliza = (unsigned int)lround(100 - 100 * (double)free_bytes / (double)total);
    return sim_leave(DCMI_OK);
}

int dcmi_get_device_chip_info(int card, int device, struct dcmi_chip_info *info) {
    struct dcmi_chip_info_v2 all;
    int found = 0, code = as_card_enter_on(__func__, card, device, info, &found);
    if (code == DCMI_OK) {
        as_card_chip(found, &all);
        memcpy(info, &all, sizeof *info); /* the newer one begins like it */
    }
    return sim_leave(code);
}

int dcmi_get_device_chip_info_v2(int card, int device, struct dcmi_chip_info_v2 *info) {
    int found = 0, code = as_card_enter_on(__func__, card, device, info, &found);
    if (code == DCMI_OK)
        as_card_chip(found, info);
    return sim_leave(code);
}

int dcmi_get_device_health(int card, int device, unsigned int *health) {
    int found = 0, code = as_card_enter_on(__func__, card, device, health, &found);
    if (code == DCMI_OK)
        *health = (unsigned int)sim_number(found, "health", 0);
    return sim_leave(code);
}
