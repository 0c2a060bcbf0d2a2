/* A host for tests of meters: settings, what is reported to it, and a fake library's script. */
#ifndef TESTS_UNIT_BACKENDS_CUDA_FAMILY_METER_RIG_H
#define TESTS_UNIT_BACKENDS_CUDA_FAMILY_METER_RIG_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backends/cuda_family/meter.h"
#include "tests/unit/backends/cuda_family/fake_meter.h"

#define RIG_OPTIONS_MAX 8

typedef struct meter_rig {
    struct {
        const char *key, *value;
    } option[RIG_OPTIONS_MAX];
    sy_host host;
    cf_meters *meters;
    cf_meter *meter;
    fake_script *fake;
    sy_error error;
    int libraries; /* reported */
    char library[32], path[512], version[160];
} meter_rig;

/** A rig whose option lib.<name> is `path`, the fake library there (NULL: none), with a fresh script. */
void meter_rig_begin(meter_rig *rig, const char *name, const char *path);

/** Close and destroy; the fake must have been started and shut down equally often. */
void meter_rig_end(meter_rig *rig);

/** Open the card of `kind` at `pci`; expects `wanted`. */
void meter_rig_open(meter_rig *rig, const cf_meter_kind *kind, const char *pci, sy_status wanted);

/** Make a call of the fake answer `code` from now on; code 0: do its work again. */
void meter_rig_fail(meter_rig *rig, const char *call, int code);

/** Index of the n-th sensor (from 0) of a kind; -1 if there is none. `out_sensor` may be NULL. */
int meter_rig_find(meter_rig *rig, uint32_t kind, uint32_t n, sy_sensor *out_sensor);

/** Value of the n-th sensor of a kind; fails the test if there is none. */
double meter_rig_value(meter_rig *rig, uint32_t kind, uint32_t n);

/** The rig's error has these words. */
void meter_rig_expect_words(const meter_rig *rig, const char *words);

#endif
