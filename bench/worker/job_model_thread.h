/* Threads of a network's instances, if there are several. Internal to the job of a model. */
#ifndef STEELYARD_WORKER_JOB_MODEL_THREAD_H
#define STEELYARD_WORKER_JOB_MODEL_THREAD_H

#include "bench/worker/job_model.h"

/** One run as instance->work says, timed, into a slot; fills done, status, error. On the caller's thread. */
void sy_model_instance_run(sy_model_instance *instance);

/** Start a thread for every instance if there are several. SY_IO: they cannot be had; SY_OUT_OF_MEMORY. */
sy_status sy_model_threads_start(sy_model_job *job, sy_error *err);

/** Let all threads finish and end. Fine where none were started. */
void sy_model_threads_end(sy_model_job *job);

/** Give an instance its work; wait until any is done, or until `until_ns` of the device's clock. */
void sy_model_threads_give(sy_model_instance *instance, const sy_traffic_work *work);
sy_model_instance *sy_model_threads_wait(sy_model_job *job, uint64_t until_ns);

#endif
