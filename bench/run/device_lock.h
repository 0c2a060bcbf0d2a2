/* One program at a time on one physical device: two at once would invalidate both. */
#ifndef STEELYARD_RUN_DEVICE_LOCK_H
#define STEELYARD_RUN_DEVICE_LOCK_H

#include "steelyard/status.h"

/**
 * Lock a device by its identity: a file of its own under /run/lock/steelyard or, where that cannot be
 * written, /tmp/steelyard-locks, held by flock and therefore gone with the process.
 *
 * Errors  SY_REFUSED: another program holds it (its process number in the text); SY_IO is never returned:
 * where no lock file can be made, *out_fd is -1 and the device is used without a lock.
 */
sy_status sy_device_lock(const char *identity, int *out_fd, sy_error *err);

/** Give a lock back; -1 is fine. */
void sy_device_unlock(int fd);

#endif
