/* The simulated libraries, opened as a program opens the vendor's, and what every test does with them. */
#ifndef TESTS_UNIT_VENDOR_SIM_CAMBRICON_RIG_H
#define TESTS_UNIT_VENDOR_SIM_CAMBRICON_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/vendor_sim/cambricon/cndev_api.h"
#include "tests/vendor_sim/cambricon/cnnl_api.h"
#include "tests/vendor_sim/cambricon/cnrt_api.h"
#include "tests/vendor_sim/common/world.h"

/** The libraries' handles, and the queue and handle between rig_begin() and rig_end(). */
typedef struct rig_state {
    void *cnrt, *cnnl, *cndev;
    cnrtQueue_t queue;
    cnnlHandle_t handle;
} rig_state;
extern rig_state rig;

/** Function of a library by its name; a failure of the test if there is none. */
void *rig_symbol(void *library, const char *name);
#define CNRT(name) ((__typeof__(name) *)rig_symbol(rig.cnrt, #name))
#define CNNL(name) ((__typeof__(name) *)rig_symbol(rig.cnnl, #name))
#define CNDEV(name) ((__typeof__(name) *)rig_symbol(rig.cndev, #name))

/** Open the three libraries of a folder below SIM_FOLDER. */
void rig_open(const char *folder);

/** A world with these settings; a queue and a handle on device 0. */
void rig_begin(const char *settings);
/** They go; nothing may be left, and `misuses` things must have been done wrong. */
void rig_end(int64_t misuses);

/** Device memory with a copy of these bytes; whole buffers of them back; and its end. */
void *rig_upload(const void *data, size_t bytes);
void rig_download(void *data, const void *memory, size_t bytes);
void rig_free(void *memory);
/** Device memory of that many bytes, NULL for none. */
void *rig_workspace(size_t bytes);

/** A descriptor of up to four dims, 0 behind the last. */
cnnlTensorDescriptor_t rig_tensor(int32_t layout, int32_t dtype, int d0, int d1, int d2, int d3);
void rig_tensor_free(cnnlTensorDescriptor_t desc);

/** Wait for the queue; it must have gone well. */
void rig_sync(void);

/** Settings in the middle of a test: a fault. */
void rig_fail(const char *function, int64_t nth, int code);

/** Small whole numbers that differ. */
void rig_numbers(float *out, int count, int seed);

#endif
