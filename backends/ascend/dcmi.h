/*
 * DCMI, the driver's telemetry (libdcmi.so): devices by card and device in it, or, in its second generation,
 * by one number. Reads take turns: nothing is said of two calls at a time. A read takes milliseconds.
 */
#ifndef BACKENDS_ASCEND_DCMI_H
#define BACKENDS_ASCEND_DCMI_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "steelyard/status.h"

/** Records that DCMI writes; LP64. */
typedef struct dcmi_pci {
    uint32_t vendor, sub_vendor, device, sub_device;
    int32_t domain;
    uint32_t bus, slot, function;
    uint8_t reserved[32];
} dcmi_pci;

typedef struct dcmi_chip {
    char type[32], name[32], version[32];
    uint32_t cores;
    char npu_name[32]; /* written by the second version of the call alone */
} dcmi_chip;

/** The functions, without "dcmi_" or "dcmiv2_"; NULL: not there. */
typedef struct ascend_dcmi_api {
    int (*init)(void);
    int (*get_dcmi_version)(char *text, int capacity);
    int (*get_card_list)(int *count, int *list, int capacity);
    int (*get_card_num_list)(int *count, int *list, int capacity); /* the older name */
    int (*get_device_id_in_card)(int card, int *device_max, int *mcu, int *cpu);
    int (*get_device_logic_id)(int *logic, int card, int device);
    int (*get_device_phyid_from_logicid)(unsigned int logic, unsigned int *physical);
    int (*get_device_pcie_info_v2)(int card, int device, dcmi_pci *pci);
    int (*get_device_power_info)(int card, int device, int *tenths);
    int (*mcu_get_power_info)(int card, int *tenths);
    int (*get_device_temperature)(int card, int device, int *celsius);
    int (*get_device_frequency)(int card, int device, int which, unsigned int *mhz);
    int (*v2_init)(void);
    int (*v2_get_device_list)(int *list, int *count, int capacity);
    int (*v2_get_device_power_info)(int device, int *tenths);
    int (*v2_get_device_temperature)(int device, int *celsius);
    int (*v2_get_device_frequency)(int device, int which, unsigned int *mhz);
} ascend_dcmi_api;

/** A device of DCMI. `logic`: -1 unknown. */
typedef struct ascend_place {
    int card, device, logic; /* card is -1 in the second generation */
    char pci[16];            /* "0000:81:00.0", "" unknown */
    uint32_t devices_in_card;
} ascend_place;

enum { ASCEND_PLACES_MAX = 64 };

/** The library and all its devices; `status` and `reason` say why there are none. */
typedef struct ascend_dcmi {
    ascend_dcmi_api api;
    bool has_lock;
    pthread_mutex_t lock;
    sy_status status;
    sy_error reason;
    char version[64];
    uint32_t count;
    ascend_place place[ASCEND_PLACES_MAX];
} ascend_dcmi;

/** Frequencies that get_device_frequency() is asked for. */
enum { DCMI_CORE_NOW = 7 };

/** What can be read. */
typedef enum ascend_quantity {
    ASCEND_POWER,      /* W, of the device */
    ASCEND_CARD_POWER, /* W, of the whole card, by its controller: cards of the 310P kind */
    ASCEND_TEMPERATURE,
    ASCEND_CLOCK, /* Hz */
    ASCEND_QUANTITIES
} ascend_quantity;

/** Start it and list devices. Never fails: dcmi->status says. The functions are bound already. */
void ascend_dcmi_start(ascend_dcmi *dcmi);

/**
 * Read. SY_UNSUPPORTED: it has no such function, or the device no such value; SY_UNAVAILABLE: no value now;
 * SY_LOST: the device is gone; SY_INTERNAL else. The text has DCMI's words and number.
 */
sy_status ascend_dcmi_read(
    ascend_dcmi *dcmi, const ascend_place *place, ascend_quantity what, double *out_value, sy_error *err);

/** Words for a code of DCMI's. */
const char *ascend_dcmi_word(int code);

#endif
