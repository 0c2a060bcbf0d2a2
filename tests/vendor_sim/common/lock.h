/* The one lock, for the files of this folder. */
#ifndef TESTS_VENDOR_SIM_COMMON_LOCK_H
#define TESTS_VENDOR_SIM_COMMON_LOCK_H

#include <stdint.h>

/** For threads that are not in an exported function. */
void sim_lock(void);
void sim_unlock(void);
/** Wait for any change (the lock is given up meanwhile); tell of one. */
void sim_wait(void);
/** At most until that time of CLOCK_MONOTONIC, ns; 0 if it is over. */
int sim_wait_until(int64_t ns);
void sim_changed(void);
int64_t sim_host_ns(void);

/** Code that work of the call in progress is told to end with. */
int sim_fate(void);

#endif
