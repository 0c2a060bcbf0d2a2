/* Ctrl-C and its kin as a descriptor that becomes readable: nothing is lost, the run ends in order. */
#ifndef STEELYARD_RUN_INTERRUPT_H
#define STEELYARD_RUN_INTERRUPT_H

#include <stdbool.h>

#include "steelyard/status.h"

/**
 * Turn SIGINT, SIGTERM and SIGHUP of this process into a readable descriptor (signalfd), and ignore SIGPIPE.
 * SIGCHLD gets its default back. Call it before any thread is started. The signals stay blocked; a worker
 * undoes that for itself. Errors: SY_IO. *out_fd is -1 then.
 */
sy_status sy_interrupt_open(int *out_fd, sy_error *err);

/** Whether one of the signals has come. False for -1. */
bool sy_interrupt_seen(int fd);

/** Close it and let the signals through again; those that were seen are forgotten. -1 is fine. */
void sy_interrupt_close(int fd);

#endif
