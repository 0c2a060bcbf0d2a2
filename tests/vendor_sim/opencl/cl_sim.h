/*
 * What tests ask of the simulated OpenCL library, besides OpenCL itself. The library's state is that of the
 * process; every function may be called from any thread. Misuse, of these functions or of OpenCL (an object
 * used after its release, released twice, a buffer used by a command while it is mapped for writing), ends
 * the process with a line on standard error.
 */
#ifndef TESTS_VENDOR_SIM_OPENCL_CL_SIM_H
#define TESTS_VENDOR_SIM_OPENCL_CL_SIM_H

#include <stdbool.h>
#include <stdint.h>

/* Kinds of objects that are counted. A mapping lives from clEnqueueMapBuffer() to clEnqueueUnmapMemObject().
 */
enum {
    CL_SIM_CONTEXT = 0,
    CL_SIM_QUEUE = 1,
    CL_SIM_BUFFER = 2,
    CL_SIM_PROGRAM = 3,
    CL_SIM_KERNEL = 4,
    CL_SIM_EVENT = 5,
    CL_SIM_MAPPING = 6,
    CL_SIM_KINDS = 7
};

/**
 * Begin a new world: devices, behaviour and faults as `settings` says ("local=0;fail=clCreateBuffer:3:-4",
 * see the README;
 * "": one ordinary GPU), all counters 0. NULL: what STEELYARD_CL_SIM says, as at the first call of the
 * process. No object may be alive.
 */
void cl_sim_configure(const char *settings);

/**
 * Make the nth call (from 1) of `function` from now on return `code`, once; NULL: of any function but
 * clRelease* and clRetain*. Several may be armed.
 */
void cl_sim_fail(const char *function, uint64_t nth, int32_t code);

/** Make the command that the nth call from now of a clEnqueue* function enqueues end with the status `code`,
 * once. */
void cl_sim_fail_command(const char *function, uint64_t nth, int32_t code);

/** Forget the faults that have not struck; returns how many there were. */
uint64_t cl_sim_disarm(void);

/** While held, no queue begins a command. */
void cl_sim_hold(bool is_held);

/** Objects of a kind that the user holds, and that were ever made. Events that nobody asked for do not count.
 */
uint64_t cl_sim_alive(uint32_t kind);
uint64_t cl_sim_made(uint32_t kind);

/** Objects of all kinds that are alive, mappings apart. */
uint64_t cl_sim_alive_total(void);

/** Calls of an exported function since the world began; NULL: of all but clRelease* and clRetain*. */
uint64_t cl_sim_calls(const char *function);

#endif
