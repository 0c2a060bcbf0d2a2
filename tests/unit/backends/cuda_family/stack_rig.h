/* A stack as a backend on a folder of simulated libraries: settings, the log, devices. */
#ifndef TESTS_UNIT_BACKENDS_CUDA_FAMILY_STACK_RIG_H
#define TESTS_UNIT_BACKENDS_CUDA_FAMILY_STACK_RIG_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backends/cuda_family/cuda_family.h"
#include "backends/cuda_family/family.h"

typedef struct stack_rig {
    sy_card_model model;
    sy_host host;
    sy_backend *backend;
    sy_device *device;
    sy_error error;
    char folder[512]; /* option "NAME_folder"; "": unset */
    char folder_key[64];
    const char *sysroot;
    char log[512];
    int warnings;
    char simulation[512]; /* a library of the stack, to reach what steers it */
} stack_rig;

/**
 * Begin: `folder` is one of those below build/<preset>/tests/vendor_sim (NULL: the rig's user names none),
 * where `file` is a library of it; `settings` are those of the simulation.
 */
void stack_rig_begin(
    stack_rig *rig, const cf_stack *stack, const char *folder, const char *file, const char *settings);

/** Create the backend; its status. */
sy_status stack_rig_create(stack_rig *rig);

/** Open device 0; its status. */
sy_status stack_rig_open(stack_rig *rig);

/** Close and destroy all; nothing of the simulated card may be alive, or have been misused. */
void stack_rig_end(stack_rig *rig);

/** A function of the simulation ("sim_fail"). */
void *stack_rig_steer(const stack_rig *rig, const char *function);

cf_libraries *stack_rig_libraries(const stack_rig *rig);

#endif
