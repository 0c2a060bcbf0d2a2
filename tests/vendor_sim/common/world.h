/*
 * What every simulated card shares: how its exported functions begin and end, what they are asked to do
 * wrong, what is counted. One lock guards everything: an exported function takes it for its whole length by
 * sim_enter() and sim_leave(); every other function of this folder wants it held, unless it says otherwise.
 * Work runs without it, on the streams' threads.
 *
 *     int vendorMalloc(void **out, size_t bytes) {
 *         int code = sim_enter(__func__);
 *         if (code == 0)
 *             ...
 *         return sim_leave(code);
 *     }
 *
 * Codes are the vendor's own; 0 is success everywhere.
 */
#ifndef TESTS_VENDOR_SIM_COMMON_WORLD_H
#define TESTS_VENDOR_SIM_COMMON_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_DEVICES_MAX 16
#define SIM_NAME_MAX 80

#pragma GCC visibility push(default)

/** The mark that the host looks for; every library exports it (mark.c). */
void steelyard_vendor_sim(void);

/**
 * Begin an exported function: 0, or what it has to return at once (a scripted fault, a lost device). Counts
 * the call. Takes the lock in any case: sim_leave() must follow. The first call of all begins the world of
 * STEELYARD_VENDOR_SIM. `function` must be a constant of the program.
 */
int sim_enter(const char *function);

/** The same for what goes on when the device is lost: letting go of objects, asking the management library.
 */
int sim_enter_apart(const char *function);

/** End it; returns `code`. */
int sim_leave(int code);

/** Name of the exported function that this thread is in; "" if none. */
const char *sim_function(void);

/** "vendor_sim: FUNCTION: ..." on standard error, and abort. */
__attribute__((noreturn, format(printf, 1, 2))) void sim_die(const char *format, ...);

/* The thread's current device. */

/** -1 as long as this thread has selected none. */
int sim_thread_device(void);
void sim_thread_select(int device);
/** Whether `device` is the thread's current one; if not, misuse "wrong_device_on_thread" is counted. */
bool sim_thread_is_on(int device);

/* What is counted, by name (constants, or copied: at most SIM_NAME_MAX - 1 bytes). Kinds of objects: */
void sim_made(const char *kind);
void sim_gone(const char *kind);
/* and what a program should not have done, "workspace_too_small": */
void sim_misuse(const char *name);

/** A number that all libraries of the stack share, 0 in a new world. */
int64_t *sim_slot(const char *name);

/* For tests, found by dlsym() in any library of a stack. They take the lock themselves. */

/**
 * Begin a new world with these settings (NULL: those of the environment). All counts become 0. Ends the
 * process if an object of the old one is alive.
 */
void sim_configure(const char *settings);
/** Arm one more fault, as "fail=FUNCTION:NTH:CODE" does: the nth call from now on. */
void sim_fail(const char *function, int64_t nth, int code);
/** The same of "async=". */
void sim_fail_async(const char *function, int64_t nth, int code);
/** Disarm all faults; how many have not happened yet. A lost device is well again. */
int64_t sim_disarm(void);
int64_t sim_alive(const char *kind);
int64_t sim_alive_total(void);
int64_t sim_made_total(const char *kind);
int64_t sim_misuses(const char *name);
int64_t sim_misuses_total(void);
int64_t sim_calls(const char *function);

#pragma GCC visibility pop
#endif
