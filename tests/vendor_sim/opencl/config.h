/* Settings of the simulated library, and the faults that are armed. */
#ifndef TESTS_VENDOR_SIM_OPENCL_CONFIG_H
#define TESTS_VENDOR_SIM_OPENCL_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_PLATFORMS_MAX 4u
#define SIM_DEVICES_MAX 16u

/** What a device says of itself; numbers as the settings of the same names. pci, uuid: "" if it does not
 * tell. */
typedef struct sim_knobs {
    int64_t type, version, units, group, kernel_group, simd, vector, align;
    int64_t memory, alloc, cache, local, fp64, fp16, dot, subgroups, unified, available, compiler, resolution;
    char name[64], vendor[64], driver[64], pci[16], uuid[40];
} sim_knobs;

/* How building fails, what becomes of binaries, and what of profiling. */
enum { SIM_BUILD_OK = 0, SIM_BUILD_FAIL = 1, SIM_BUILD_MUTE = 2, SIM_BUILD_WARN = 3 };
enum { SIM_BINARY_OK = 0, SIM_BINARY_REJECT = 1, SIM_BINARY_STALE = 2, SIM_BINARY_NONE = 3 };
enum { SIM_PROFILING_OK = 0, SIM_PROFILING_NONE = 1, SIM_PROFILING_ZERO = 2, SIM_PROFILING_BACKWARDS = 3 };

typedef struct sim_config {
    int64_t platforms, devices, delay_us, lost, lost_code, finish, chain, commit, eager, clock, build, binary,
        profiling;
    char build_of[64], report[256];
    sim_knobs knobs[SIM_DEVICES_MAX];
} sim_config;

/** Read settings over the defaults; ends the process at the first one that is none. */
void sim_config_read(const char *settings, sim_config *out_config);

/** Count a call, and say what it has to return: 0, or a code that was armed for it. */
int32_t sim_fault_of_call(const char *function);

/** What the command that `function` enqueues ends with: 0, or a code that was armed for it. */
int32_t sim_fault_of_command(const char *function);

/** Arm. The nth call (from 1) of function; NULL: of any that counts. */
void sim_fault_arm(const char *function, uint64_t nth, int32_t code, bool is_of_command);

/** Forget all that is armed; returns how many there were. */
uint64_t sim_fault_clear(void);

/** Calls of a function, or of all that count, since sim_fault_forget_calls(). */
uint64_t sim_fault_calls(const char *function);
void sim_fault_forget_calls(void);

#endif
