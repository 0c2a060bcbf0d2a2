/* The driver's telemetry (libdcmi.so) as the simulation exports it. Functions return 0 or a negative code. */
#ifndef TESTS_VENDOR_SIM_ASCEND_DCMI_H
#define TESTS_VENDOR_SIM_ASCEND_DCMI_H

#include <stdint.h>

enum {
    DCMI_OK = 0,
    DCMI_ERR_CODE_INVALID_PARAMETER = -8001,
    DCMI_ERR_CODE_OPER_NOT_PERMITTED = -8002,
    DCMI_ERR_CODE_INNER_ERR = -8005,
    DCMI_ERR_CODE_TIME_OUT = -8006,
    DCMI_ERR_CODE_INVALID_DEVICE_ID = -8007,
    DCMI_ERR_CODE_DEVICE_NOT_EXIST = -8008,
    DCMI_ERR_CODE_NOT_READY = -8012,
    DCMI_ERR_CODE_NOT_SUPPORT = -8255
};

/* Of dcmi_get_device_utilization_rate() and of dcmi_get_device_frequency(). */
enum {
    DCMI_UTILIZATION_AICORE = 2,
    DCMI_UTILIZATION_AICPU = 3,
    DCMI_UTILIZATION_CTRLCPU = 4,
    DCMI_UTILIZATION_MEM_BANDWIDTH = 5,
    DCMI_UTILIZATION_HBM = 6,
    DCMI_UTILIZATION_HBM_BANDWIDTH = 10,
    DCMI_UTILIZATION_VECTOR = 12,
    DCMI_UTILIZATION_NPU = 13
};
enum {
    DCMI_FREQ_DDR = 1,
    DCMI_FREQ_CTRLCPU = 2,
    DCMI_FREQ_HBM = 6,
    DCMI_FREQ_AICORE_CURRENT = 7,
    DCMI_FREQ_AICORE_MAX = 9,
    DCMI_FREQ_VECTORCORE_CURRENT = 12
};

struct dcmi_chip_info {
    unsigned char chip_type[32], chip_name[32], chip_ver[32];
    unsigned int aicore_cnt;
};

struct dcmi_chip_info_v2 {
    unsigned char chip_type[32], chip_name[32], chip_ver[32];
    unsigned int aicore_cnt;
    unsigned char npu_name[32];
};

struct dcmi_hbm_info {
    unsigned long long memory_size; /* MB */
    unsigned int freq;              /* MHz */
    unsigned long long memory_usage;
    int temp;
    unsigned int bandwith_util_rate;
};

struct dcmi_get_memory_info_stru {
    unsigned long long memory_size, memory_available; /* MB */
    unsigned int freq;
    unsigned long hugepagesize, hugepages_total, hugepages_free;
    unsigned int utiliza;
    unsigned char reserve[60];
};

struct dcmi_pcie_info_all {
    unsigned int venderid, subvenderid, deviceid, subdeviceid;
    int domain;
    unsigned int bdf_busid, bdf_deviceid, bdf_funcid;
    unsigned char reserve[32];
};

#pragma GCC visibility push(default)
int dcmi_init(void);
int dcmi_get_dcmi_version(char *text, int capacity);
int dcmi_get_card_list(int *count, int *list, int capacity);
int dcmi_get_card_num_list(int *count, int *list, int capacity);
int dcmi_get_device_id_in_card(int card, int *device_max, int *mcu, int *cpu);
int dcmi_get_device_num_in_card(int card, int *count);
int dcmi_get_device_logic_id(int *logic, int card, int device);
int dcmi_get_card_id_device_id_from_logicid(int *card, int *device, unsigned int logic);
int dcmi_get_device_phyid_from_logicid(unsigned int logic, unsigned int *physical);
int dcmi_get_device_pcie_info_v2(int card, int device, struct dcmi_pcie_info_all *info);
int dcmi_get_device_power_info(int card, int device, int *power);
int dcmi_mcu_get_power_info(int card, int *power);
int dcmi_get_device_temperature(int card, int device, int *celsius);
int dcmi_get_device_voltage(int card, int device, unsigned int *voltage);
int dcmi_get_device_utilization_rate(int card, int device, int type, unsigned int *percent);
int dcmi_get_device_frequency(int card, int device, int type, unsigned int *mhz);
int dcmi_get_device_hbm_info(int card, int device, struct dcmi_hbm_info *info);
int dcmi_get_device_memory_info_v3(int card, int device, struct dcmi_get_memory_info_stru *info);
int dcmi_get_device_chip_info(int card, int device, struct dcmi_chip_info *info);
int dcmi_get_device_chip_info_v2(int card, int device, struct dcmi_chip_info_v2 *info);
int dcmi_get_device_health(int card, int device, unsigned int *health);

/* The second generation: one number a device, its logic id. */
int dcmiv2_init(void);
int dcmiv2_get_device_list(int *list, int *count, int capacity);
int dcmiv2_get_device_power_info(int device, int *power);
int dcmiv2_get_device_temperature(int device, int *celsius);
int dcmiv2_get_device_utilization_rate(int device, int type, unsigned int *percent);
int dcmiv2_get_device_frequency(int device, int type, unsigned int *mhz);
int dcmiv2_get_device_hbm_info(int device, struct dcmi_hbm_info *info);
int dcmiv2_get_device_chip_info(int device, struct dcmi_chip_info_v2 *info);
#pragma GCC visibility pop

#endif
