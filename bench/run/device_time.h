/*
 * Whether the device's own time is to be believed: its timer held against the host's clock, batch by batch.
 * Pure functions of times. The headline is the host's time whatever comes of it.
 */
#ifndef STEELYARD_RUN_DEVICE_TIME_H
#define STEELYARD_RUN_DEVICE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * How much longer than the host's a device's time of the same batch may be. The host reads its clock before
 * the first launch and after the last one's end, so the device's work lies in between and cannot take longer.
 * But two clocks: crystals differ by less than 0.02 %, and drivers that count ticks of a rounded period (83
 * ns for 83.33) by 0.4 %. Beyond this come the steps of the device's timer at both ends.
 */
#define SY_DEVICE_TIME_OVER 0.005

/**
 * How much shorter the device's time may be, median against median. What the host sees besides is one start
 * and one notice of the end, some tens of microseconds of a batch of milliseconds. Where more is missing,
 * launches reach the device late or the timer is wrong, and no clock of ours can tell which.
 */
#define SY_DEVICE_TIME_UNDER 0.10

/**
 * Visits compared so far; zero-initialise.
 *
 * batches    of all visits. untold: those for which the timer gave no number above 0. longer: those that the
 *            host's clock contradicts. worst: largest device / host of all.
 */
typedef struct sy_device_time {
    size_t batches, untold, longer;
    double worst;
} sy_device_time;

/**
 * Compare a visit: `count` batches of `launches` each, in ns a launch. resolution_ns: of the device's timer,
 * 0 if it is not known.
 */
void sy_device_time_compare(sy_device_time *sum, const double *host_ns, const double *device_ns, size_t count,
    uint64_t launches, double resolution_ns);

#define SY_DEVICE_TIME_REASON_MAX 160u

/**
 * Whether the device's time of a row is confirmed by the host's.
 *
 * host_ns, device_ns  the row's medians; device_ns is NaN where the timer told no time for some batch.
 * of_ceiling          of a rate by the device's time; NaN: unknown, or not to be set against one.
 * out_reason          one line if it is not, else "".
 */
bool sy_device_time_believed(const sy_device_time *sum, double host_ns, double device_ns, double of_ceiling,
    char out_reason[SY_DEVICE_TIME_REASON_MAX]);

#endif
