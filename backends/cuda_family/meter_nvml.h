/*
 * Libraries of NVML's shape: NVIDIA's own, Iluvatar's ixml (same names) and Kunlunxin's xpuml (same calls
 * under another prefix). Each is a table of names over the functions below. All of NVML's statuses keep their
 * numbers in the others.
 */
#ifndef BACKENDS_CUDA_FAMILY_METER_NVML_H
#define BACKENDS_CUDA_FAMILY_METER_NVML_H

#include "backends/cuda_family/meter_kind.h"

enum {
    CF_NVML_OK = 0,
    CF_NVML_NOT_SUPPORTED = 3,
    CF_NVML_NOT_FOUND = 6,
    CF_NVML_FUNCTION_NOT_FOUND = 13,
    CF_NVML_GPU_IS_LOST = 15,
    CF_NVML_RESET_REQUIRED = 16,
};

/* Of cf_meter.traits: what the one number of power_usage() is, and that fields tell both. */
enum { CF_NVML_USAGE_IS_AVERAGE = 1, CF_NVML_USAGE_IS_INSTANT = 2, CF_NVML_HAS_FIELDS = 4 };

/** One field asked for by number (40 bytes on LP64). */
typedef struct cf_nvml_field {
    unsigned id, scope;
    long long timestamp_us, latency_us;
    int type, status;
    union {
        double f64;
        unsigned u32;
        unsigned long u64;
        unsigned long long ull;
        long long s64;
        int s32;
        unsigned short u16;
    } value;
} cf_nvml_field;

/** Temperature by version: of this struct 1. */
typedef struct cf_nvml_temperature {
    unsigned version;
    int sensor, celsius;
} cf_nvml_temperature;

/** The beginning of what pci_info() writes, which is given more room. NVML's begins with a text, xpuml's does
 * without. */
typedef struct cf_nvml_pci {
    char text[16];
    unsigned domain, bus, device;
} cf_nvml_pci;
typedef struct cf_nvml_pci_plain {
    unsigned domain, bus, device, function;
} cf_nvml_pci_plain;

/** The functions. Only those of start, stop and a way to find a card are required; any other may be NULL. */
typedef struct cf_nvml {
    int (*init)(void);
    int (*shutdown)(void);
    const char *(*error_string)(int code);
    int (*driver_version)(char *text, unsigned capacity);
    int (*own_version)(char *text, unsigned capacity);
    int (*card_by_address)(const char *pci, void **out_card);
    int (*card_count)(unsigned *out_count);
    int (*card_by_index)(unsigned index, void **out_card);
    int (*pci_info)(void *card, void *out_pci);
    int (*name)(void *card, char *text, unsigned capacity);
    int (*uuid)(void *card, char *text, unsigned capacity);
    int (*capability)(void *card, int *out_major, int *out_minor);
    int (*mig_mode)(void *card, unsigned *out_current, unsigned *out_pending);
    int (*ecc_mode)(void *card, int *out_current, int *out_pending);
    int (*processes)(void *card, unsigned *count, void *out_list);
    int (*fields)(void *card, int count, cf_nvml_field *fields);
    int (*energy)(void *card, unsigned long long *out_mj);
    int (*power_usage)(void *card, unsigned *out_mw);
    int (*limit)(void *card, unsigned *out_mw);         /* the one in force */
    int (*limit_default)(void *card, unsigned *out_mw); /* that of a start of the machine */
    int (*temperature)(void *card, int sensor, unsigned *out_celsius);
    int (*temperature_v)(void *card, cf_nvml_temperature *temperature);
    int (*clock)(void *card, int type, unsigned *out_mhz);
    int (*reasons)(void *card, unsigned long long *out_bits);
    int (*reasons_old)(void *card, unsigned long long *out_bits);
} cf_nvml;

#define CF_NVML_SYMBOL(name, member, is_optional)                                                            \
    { name, offsetof(cf_nvml, member), is_optional }

/** A failed call, as a status and in words. */
sy_status cf_nvml_fail(cf_meter *meter, int code, const char *what, sy_error *err);

/* As in cf_meter_kind. */
sy_status cf_nvml_start(cf_meter_library *library, sy_error *err);
void cf_nvml_stop(cf_meter_library *library);
void cf_nvml_version(cf_meter_library *library, char *out_text, size_t capacity);
sy_status cf_nvml_find(cf_meter *meter, sy_error *err);
void cf_nvml_identify(cf_meter *meter, cf_meter_identity *out_identity);
void cf_nvml_declare(const cf_meter *meter, sy_sensor *sensor);

/** One field's value in its unit; used to find out whether a card has it. */
sy_status cf_nvml_read_field(cf_meter *meter, unsigned id, unsigned scope, double *out_value, sy_error *err);

/* Readers that other tables use too: of a function (card, unsigned *); of the one number of power of a
 * library without fields; of the temperature; of the clock of type row->a. */
cf_meter_read_fn cf_nvml_read_unsigned, cf_nvml_read_temperature, cf_nvml_read_clock;

/** The sensors of NVML and ixml. */
#define CF_NVML_ROW_COUNT 14
extern const cf_meter_row cf_nvml_rows[CF_NVML_ROW_COUNT];

#endif
