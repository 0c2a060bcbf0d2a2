/* The runtime library: how its functions begin and end. */
#ifndef TESTS_VENDOR_SIM_CUDA_FAMILY_RT_H
#define TESTS_VENDOR_SIM_CUDA_FAMILY_RT_H

#include "tests/vendor_sim/cuda_family/family.h"

typedef struct rt_event {
    sim_event *event;
    unsigned flags;
    int device;
} rt_event;

/** As sim_enter(); also what the context remembers: an error of the 700s stays for ever. */
int rt_enter(const char *function);
/** The same for destroying and freeing. */
int rt_enter_apart(const char *function);
/** As sim_leave(); the thread's last error is kept. */
int rt_leave(int code);
/** Code of work that was waited for. */
int rt_code_of_work(int code);
/** RT_CAPTURE_UNSUPPORTED if any stream is capturing: what waits, allocates or uses the device's own stream
 * must not be called then. */
int rt_refuse_capture(void);
/** Of a stream that is destroyed: what it has captured, and that it captures. */
void rt_capture_forget(family_stream *stream);

#endif
