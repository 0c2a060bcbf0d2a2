/* Runs of a network, one by one and under traffic. */
#include <string.h>
#include <time.h>

#include "bench/worker/job_model_thread.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* The last moment before something is due is spent looking at the clock: sleep may come back late. */
static const uint64_t SPIN_NS = 60000;

/* Real time that a phase of a simulated world may take at least. */
static const uint64_t LEAST_REAL_NS = 500000000;

/* Every run of a phase has the same chance to be among the SY_MODEL_SLOTS kept (Vitter's reservoir). */
static sy_model_slot *choose_slot(sy_model_instance *instance) {
    uint64_t number = instance->runs++;
    uint64_t place = number < SY_MODEL_SLOTS ? number : sy_random_below(&instance->random, number + 1);
    return &instance->slot[place < SY_MODEL_SLOTS ? place : SY_MODEL_SLOTS];
}

void sy_model_instance_run(sy_model_instance *instance) {
    const sy_model_job *job = instance->job;
    const sy_clock *clock = &job->on->clock;
    sy_model_slot *slot = choose_slot(instance);
    sy_instance_times times = {.size = sizeof times};
    if (instance->status != SY_OK)
        return;
    const void *const *in = (const void *const *)job->input[instance->work.set];
    uint64_t begin_ns = clock->now_ns(clock->ctx);
    sy_status status =
        job->side.face->run(instance->instance, in, job->n_in, slot->out, job->n_out, &instance->error);
    uint64_t end_ns = clock->now_ns(clock->ctx);
    if (status == SY_OK)
        status = job->side.face->times(instance->instance, &times, &instance->error);
    /* The library's executor goes by the host's clock, whatever the world's is. */
    if (job->on->is_simulated_clock && !job->side.is_whole)
        times = (sy_instance_times){.size = sizeof times, .compute_ns = end_ns - begin_ns};
    slot->set = instance->work.set;
    slot->number = instance->work.number;
    slot->is_written = status == SY_OK;
    instance->status = status;
    instance->done = (sy_traffic_done){.instance = (uint32_t)(instance - job->instance),
        .begin_ns = begin_ns,
        .end_ns = end_ns,
        .in_ns = times.in_ns,
        .compute_ns = times.compute_ns,
        .out_ns = times.out_ns};
}

/* The outcome of what an instance has done last; an error is told once. */
static sy_status outcome(sy_model_instance *instance, sy_error *err) {
    sy_status status = instance->status;
    instance->status = SY_OK;
    return status == SY_OK ? SY_OK : sy_error_set(err, status, "%s", sy_error_text(&instance->error, status));
}

static uint64_t world_now(void *ctx) {
    const sy_clock *clock = &((sy_model_job *)ctx)->on->clock;
    return clock->now_ns(clock->ctx);
}

static sy_status world_submit(void *ctx, const sy_traffic_work *work, sy_error *err) {
    sy_model_job *job = ctx;
    sy_model_instance *instance = &job->instance[work->instance];
    if (job->has_lock) {
        sy_model_threads_give(instance, work);
        return SY_OK;
    }
    instance->work = *work;
    sy_model_instance_run(instance);
    instance->is_done = true;
    return outcome(instance, err);
}

static void sleep_until(const sy_model_job *job, uint64_t until_ns) {
    const sy_job_device *on = job->on;
    uint64_t now_ns = on->clock.now_ns(on->clock.ctx);
    if (on->is_simulated_clock) {
        if (on->api->device->clock_advance != NULL && until_ns > now_ns)
            on->api->device->clock_advance(on->device, until_ns - now_ns);
        return;
    }
    if (until_ns > now_ns + SPIN_NS) {
        uint64_t rest_ns = until_ns - now_ns - SPIN_NS;
        const struct timespec pause = {
            .tv_sec = (time_t)(rest_ns / 1000000000u), .tv_nsec = (long)(rest_ns % 1000000000u)};
        nanosleep(&pause, NULL);
    }
    while (on->clock.now_ns(on->clock.ctx) < until_ns) {
    }
}

static sy_status world_wait(
    void *ctx, uint64_t until_ns, sy_traffic_done *out_done, bool *out_is_done, sy_error *err) {
    sy_model_job *job = ctx;
    sy_model_instance *found = NULL;
    if (job->has_lock)
        found = sy_model_threads_wait(job, until_ns);
    else if (job->instance[0].is_done)
        found = &job->instance[0];
    *out_is_done = found != NULL;
    if (found != NULL) {
        found->is_done = false;
        *out_done = found->done;
        return job->has_lock ? outcome(found, err) : SY_OK;
    }
    if (!job->has_lock && until_ns == UINT64_MAX)
        return sy_error_set(err, SY_INTERNAL, "traffic: nobody works, and nothing is due");
    if (!job->has_lock)
        sleep_until(job, until_ns);
    return SY_OK;
}

static bool world_is_late(void *ctx) {
    const sy_model_job *job = ctx;
    return job->late_ns > 0 && sy_clock_raw_ns() > job->late_ns;
}

sy_traffic_world sy_model_job_world(sy_model_job *job) {
    return (sy_traffic_world){.ctx = job,
        .now_ns = world_now,
        .submit = world_submit,
        .wait = world_wait,
        .is_late = world_is_late};
}

void sy_model_job_begin(sy_model_job *job, uint64_t seed, uint64_t duration_ns) {
    uint64_t real_ns = 2 * duration_ns > LEAST_REAL_NS ? 2 * duration_ns : LEAST_REAL_NS;
    job->late_ns = job->on->is_simulated_clock ? sy_clock_raw_ns() + real_ns : 0;
    for (uint32_t i = 0; i < job->instances; i++) {
        sy_model_instance *instance = &job->instance[i];
        instance->runs = 0;
        sy_random_seed(&instance->random, seed, 100 + i);
        for (size_t j = 0; j < SY_MODEL_SLOTS + 1; j++) {
            instance->slot[j].is_written = false;
            /* What is never written shows. */
            for (uint32_t k = 0; k < job->n_out; k++)
                memset(instance->slot[j].out[k], 0xa5, job->bytes[job->n_in + k]);
        }
    }
}

sy_status sy_model_job_run(sy_model_job *job, uint64_t set, sy_instance_times *out_times, sy_error *err) {
    sy_model_instance *instance = &job->instance[0];
    const void *const *in = (const void *const *)job->input[set];
    sy_status status =
        job->side.face->run(instance->instance, in, job->n_in, instance->slot[0].out, job->n_out, err);
    if (status != SY_OK || out_times == NULL)
        return status;
    *out_times = (sy_instance_times){.size = sizeof *out_times};
    return job->side.face->times(instance->instance, out_times, err);
}

/* One run of each instance, at once. */
static sy_status run_all(sy_model_job *job, uint64_t number, sy_error *err) {
    sy_traffic_world world = sy_model_job_world(job);
    sy_traffic_done done;
    bool is_done;
    sy_status status = SY_OK;
    uint32_t given = 0;
    for (; status == SY_OK && given < job->instances; given++) {
        sy_traffic_work work = {
            .instance = given, .samples = 1, .set = (number + given) % job->sets, .number = number};
        status = world.submit(world.ctx, &work, err);
    }
    /* Those that were given work are waited for, whatever became of the others. */
    for (uint32_t i = 0; i < given && (job->has_lock || status == SY_OK); i++) {
        sy_status waited = world.wait(world.ctx, UINT64_MAX, &done, &is_done, status == SY_OK ? err : NULL);
        status = status == SY_OK ? waited : status;
    }
    return status;
}

sy_status sy_model_job_sweep(sy_model_job *job, uint64_t runs, sy_error *err) {
    sy_status status = SY_OK;
    for (uint64_t i = 0; status == SY_OK && i < runs; i++)
        status = run_all(job, i, err);
    return status;
}

sy_status sy_model_job_warm(sy_model_job *job, uint64_t ns, sy_error *err) {
    uint64_t begin_ns = world_now(job), runs = 0;
    sy_status status = SY_OK;
    bool is_simulated = job->on->is_simulated_clock; /* nothing gets warm there */
    while (status == SY_OK && (runs < 2 || (!is_simulated && world_now(job) - begin_ns < ns)))
        status = run_all(job, runs++, err);
    return status;
}
