/* Events between queues, as in sy_queue_api, and what state a command is in. */
#ifndef BACKENDS_OPENCL_EVENT_H
#define BACKENDS_OPENCL_EVENT_H

#include "backends/opencl/opencl.h"

sy_status ocl_event_create(sy_device *device, sy_event **out_event, sy_error *err);
sy_status ocl_event_record(sy_event *event, sy_queue *queue, sy_error *err);
sy_status ocl_event_wait(sy_queue *queue, sy_event *event, sy_error *err);
sy_status ocl_event_query(sy_event *event, uint32_t *out_done, sy_error *err);
void ocl_event_destroy(sy_event *event);

/** State of a command: above CL_COMPLETE it is still to be done, below it is the error that it ended with. */
sy_status ocl_event_state(sy_device *device, cl_event event, cl_int *out_state, sy_error *err);

/** Take the event of a command that was enqueued: the next sync asks how it ended. */
void ocl_queue_keep(sy_queue *queue, cl_event event);

#endif
