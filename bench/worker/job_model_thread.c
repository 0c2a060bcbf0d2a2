/* A thread an instance: it waits for work, does it, says so. */
#include "bench/worker/job_model_thread.h"

#include <errno.h>
#include <time.h>

#include "runtime/base/error.h"

static void serve(sy_model_instance *instance) {
    sy_model_job *job = instance->job;
    pthread_mutex_lock(&job->lock);
    while (!instance->is_ended) {
        if (!instance->has_work) {
            pthread_cond_wait(&instance->wake, &job->lock);
            continue;
        }
        pthread_mutex_unlock(&job->lock);
        sy_model_instance_run(instance);
        pthread_mutex_lock(&job->lock);
        instance->has_work = false;
        instance->is_done = true;
        pthread_cond_signal(&job->answered);
    }
    pthread_mutex_unlock(&job->lock);
}

/* A thread that cannot enter the device answers all work with that error. */
static void *begin(void *ctx) {
    sy_model_instance *instance = ctx;
    const sy_model_side *side = &instance->job->side;
    sy_error error = SY_ERROR_INIT;
    sy_status status = side->face->enter(side->model, &error);
    if (status != SY_OK) {
        pthread_mutex_lock(&instance->job->lock);
        instance->status = status;
        instance->error = error;
        pthread_mutex_unlock(&instance->job->lock);
    }
    serve(instance);
    if (status == SY_OK)
        side->face->leave(side->model);
    return NULL;
}

sy_status sy_model_threads_start(sy_model_job *job, sy_error *err) {
    pthread_condattr_t attributes;
    if (job->instances < 2)
        return SY_OK;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&job->lock, NULL);
    pthread_cond_init(&job->answered, &attributes);
    pthread_condattr_destroy(&attributes);
    job->has_lock = true;
    for (uint32_t i = 0; i < job->instances; i++)
        pthread_cond_init(&job->instance[i].wake, NULL);
    for (uint32_t i = 0; i < job->instances; i++) {
        errno = pthread_create(&job->instance[i].thread, NULL, begin, &job->instance[i]);
        if (errno != 0)
            return sy_error_io(err, "thread of an instance");
        job->instance[i].has_thread = true;
    }
    return SY_OK;
}

void sy_model_threads_end(sy_model_job *job) {
    if (!job->has_lock)
        return;
    for (uint32_t i = 0; i < job->instances; i++) {
        sy_model_instance *instance = &job->instance[i];
        pthread_mutex_lock(&job->lock);
        instance->is_ended = true;
        pthread_cond_signal(&instance->wake);
        pthread_mutex_unlock(&job->lock);
        if (instance->has_thread)
            pthread_join(instance->thread, NULL);
        pthread_cond_destroy(&instance->wake);
    }
    pthread_cond_destroy(&job->answered);
    pthread_mutex_destroy(&job->lock);
    job->has_lock = false;
}

void sy_model_threads_give(sy_model_instance *instance, const sy_traffic_work *work) {
    pthread_mutex_lock(&instance->job->lock);
    instance->work = *work;
    instance->has_work = true;
    instance->is_done = false;
    pthread_cond_signal(&instance->wake);
    pthread_mutex_unlock(&instance->job->lock);
}

static sy_model_instance *find_done(sy_model_job *job) {
    for (uint32_t i = 0; i < job->instances; i++)
        if (job->instance[i].is_done)
            return &job->instance[i];
    return NULL;
}

/* Wait for an answer, at most `ns`. False: time is up. */
static bool wait_answer(sy_model_job *job, uint64_t ns) {
    struct timespec until;
    if (ns == UINT64_MAX)
        return pthread_cond_wait(&job->answered, &job->lock) == 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    uint64_t at_ns = (uint64_t)until.tv_nsec + ns % 1000000000u;
    until.tv_sec += (time_t)(ns / 1000000000u + at_ns / 1000000000u);
    until.tv_nsec = (long)(at_ns % 1000000000u);
    return pthread_cond_timedwait(&job->answered, &job->lock, &until) != ETIMEDOUT;
}

sy_model_instance *sy_model_threads_wait(sy_model_job *job, uint64_t until_ns) {
    sy_clock clock = job->on->clock;
    pthread_mutex_lock(&job->lock);
    sy_model_instance *found = find_done(job);
    while (found == NULL) {
        uint64_t now_ns = clock.now_ns(clock.ctx);
        uint64_t left_ns = until_ns == UINT64_MAX ? UINT64_MAX : until_ns > now_ns ? until_ns - now_ns : 0;
        if (left_ns == 0)
            break;
        wait_answer(job, left_ns);
        found = find_done(job);
    }
    if (found != NULL)
        found->is_done = false;
    pthread_mutex_unlock(&job->lock);
    return found;
}
