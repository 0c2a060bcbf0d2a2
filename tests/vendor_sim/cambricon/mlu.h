/*
 * What the three simulated libraries of a Cambricon card agree on: which cards there are, what each one is,
 * and what lies behind the handles of queues and notifiers. Compiled into each of them. Devices are physical
 * indices, but where "visible" is said: MLU_VISIBLE_DEVICES ("2,0") chooses and renumbers for CNRT. The lock
 * of the world is held by the callers.
 */
#ifndef TESTS_VENDOR_SIM_CAMBRICON_MLU_H
#define TESTS_VENDOR_SIM_CAMBRICON_MLU_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/vendor_sim/cambricon/cnrt_api.h"
#include "tests/vendor_sim/common/stream.h"

/* Kinds of objects. */
#define MLU_QUEUE "queue"
#define MLU_NOTIFIER "notifier"

typedef struct mlu_queue {
    sim_stream *stream;
    int device;
} mlu_queue;

typedef struct mlu_notifier {
    sim_event *event;
    unsigned int flags;
} mlu_notifier;

/** How many devices are visible; the physical index of one (-1: there is none), and the other way round. */
int mlu_visible_count(void);
int mlu_physical(int visible);
int mlu_visible(int device);

/** The thread's current device; the first visible one if it selected none; -1: there is none. */
int mlu_current(void);

/** Stream behind a queue's handle, NULL (misuse is counted) if it is none; *out_device: its device. NULL, 1
 * and 2 stand for the default queue of the current device. */
sim_stream *mlu_stream(cnrtQueue_t queue, int *out_device);

/** The trap that a device is in since its work ended with one, 0: none. Known to all libraries. */
cnrtRet_t mlu_trap_of(int device);
void mlu_set_trap(int device, cnrtRet_t code);

/** A number that the settings may change: "bf16", "tf32", "clusters", ... (device.c has them all); -1: there
 * is no such. */
int64_t mlu_fact(int device, const char *key);

/** "MLU590-M9"; its series, "MLU590". Valid until the world ends. */
const char *mlu_name(int device);
const char *mlu_series(int device);

/** Domain, bus, device, function. */
typedef struct mlu_address {
    unsigned int part[4];
} mlu_address;
mlu_address mlu_pci(int device);
/** Whether a text is such an address. */
bool mlu_pci_read(const char *text, mlu_address *out_address);
/** The device at an address, -1: none. */
int mlu_at_pci(const char *text);

#endif
