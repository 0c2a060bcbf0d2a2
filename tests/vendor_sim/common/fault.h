/*
 * Faults on demand. Settings: fail=FUNCTION:NTH:CODE: the nth call (from 1) of that function, or of `any`,
 * returns the code and does nothing; FUNCTION:NTH+:CODE: so does each later one. async=FUNCTION:NTH:CODE:
 * what the nth call enqueues fails. lost=N:CODE: after N calls the device is lost: everything returns the
 * code.
 */
#ifndef TESTS_VENDOR_SIM_COMMON_FAULT_H
#define TESTS_VENDOR_SIM_COMMON_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/** Arm what the settings say. */
void sim_fault_read(void);
void sim_fault_arm(const char *function, int64_t nth, int code, bool is_async);
/** Disarm; how many were armed. */
int64_t sim_fault_clear(void);

/** A call: what it must return, 0 if nothing is wrong; out_fate: the code of what it enqueues. is_apart: a
 * lost device does not matter, and the call does not count towards it. */
int sim_fault_of_call(const char *function, bool is_apart, int *out_fate);

/** Code of a lost device, 0 as long as it is not. */
int sim_fault_lost(void);

#endif
