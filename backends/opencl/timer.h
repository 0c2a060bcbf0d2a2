/* Device time by the profile of commands, as in sy_queue_api. */
#ifndef BACKENDS_OPENCL_TIMER_H
#define BACKENDS_OPENCL_TIMER_H

#include "backends/opencl/opencl.h"

sy_status ocl_timer_create(sy_queue *queue, sy_timer **out_timer, sy_error *err);
sy_status ocl_timer_start(sy_timer *timer, sy_error *err);
sy_status ocl_timer_stop(sy_timer *timer, sy_error *err);
sy_status ocl_timer_read(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err);
void ocl_timer_destroy(sy_timer *timer);

/** Tell the queue's running timers of a command that was enqueued. */
void ocl_timers_note(sy_queue *queue, cl_event event);

#endif
