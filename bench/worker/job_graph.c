/* A job's launches recorded: all of a batch as one graph, for each place in the ring where batches begin. */
#include "bench/worker/job.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* What was recorded last for batches that begin there. */
struct sy_job_recorded {
    sy_graph *graph;
    uint64_t launches;
};

/* Launches after which everything begins again: sets and alternating inputs. */
static uint64_t cycle_of(const sy_job *job) {
    uint64_t cycle = job->ring.period;
    while (cycle % job->flavours != 0)
        cycle += job->ring.period;
    return cycle;
}

/* Places of the ring where batches may begin: the more, the shorter may a batch be, and the more is recorded.
 */
enum { PLACES = 8 };

/* A part of the cycle, so that batches begin at few places; no more of it than a batch may have. */
static uint64_t unit_of(const sy_job *job) {
    uint64_t most = job->ring.max_launches, unit = (job->cycle + PLACES - 1) / PLACES;
    while (job->cycle % unit != 0)
        unit++;
    if (most > 0 && unit > most)
        for (unit = most; job->cycle % unit != 0;)
            unit--;
    return unit;
}

/* Why an algorithm without the flag cannot be recorded: the device's reason, if it is that. */
static sy_status refuse(const sy_job *job, sy_error *err) {
    const sy_work_api *work = job->on->api->work;
    sy_graph *graph = NULL;
    sy_status status = work->capture_begin(job->on->queue, err);
    if (status == SY_OK)
        status = work->capture_end(job->on->queue, &graph, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status == SY_LOST ? SY_LOST : SY_UNSUPPORTED, "launch graph");
    work->graph_destroy(graph);
    return sy_error_set(
        err, SY_UNSUPPORTED, "launch graph: algorithm %s cannot be recorded", job->algorithm.name);
}

sy_status sy_job_graph_prepare(sy_job *job, sy_error *err) {
    job->unit = 1;
    if (job->request->launch != SY_LAUNCH_GRAPH)
        return SY_OK;
    if (job->plan == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "launch graph: copies are launched directly only");
    if (job->on->api->work->capture_begin == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "launch graph: the device's backend records no launches");
    if ((job->algorithm.flags & SY_ALGO_CAPTURABLE) == 0)
        return refuse(job, err);
    job->cycle = cycle_of(job);
    job->unit = unit_of(job);
    job->recorded = sy_mem_calloc(job->cycle / job->unit, sizeof *job->recorded);
    return job->recorded != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for graphs");
}

static sy_status record(sy_job *job, uint64_t first, uint64_t launches, sy_graph **out_graph, sy_error *err) {
    const sy_work_api *work = job->on->api->work;
    sy_status run = SY_OK, status = work->capture_begin(job->on->queue, err);
    if (status != SY_OK)
        return status;
    for (uint64_t i = 0; run == SY_OK && i < launches; i++)
        run = work->run(job->binding[sy_job_binding(job, first + i)]);
    status = work->capture_end(job->on->queue, out_graph, err);
    if (status != SY_OK || run == SY_OK)
        return status;
    work->graph_destroy(*out_graph);
    *out_graph = NULL;
    return sy_error_set(err, run, "a launch: %s", sy_status_name(run));
}

/* A driver that will not have this recorded is a fact about the row. */
static bool is_refusal(sy_status status) {
    return status == SY_INTERNAL || status == SY_INVALID_ARGUMENT || status == SY_UNSUPPORTED;
}

sy_status sy_job_graph_take(sy_job *job, uint64_t first, uint64_t launches, sy_error *err) {
    job->replay = NULL;
    if (job->recorded == NULL || !job->has_run || first % job->unit != 0 || launches % job->unit != 0)
        return SY_OK;
    struct sy_job_recorded *recorded = &job->recorded[first % job->cycle / job->unit];
    if (recorded->launches != launches) {
        job->on->api->work->graph_destroy(recorded->graph);
        *recorded = (struct sy_job_recorded){0};
        sy_status status = record(job, first, launches, &recorded->graph, err);
        if (status != SY_OK)
            return sy_error_prefix(err, is_refusal(status) ? SY_UNSUPPORTED : status,
                "launch graph: recording %llu launches of %s", (unsigned long long)launches,
                job->algorithm.name);
        recorded->launches = launches;
    }
    job->replay = recorded->graph;
    return SY_OK;
}

void sy_job_graph_release(sy_job *job) {
    for (uint64_t i = 0; job->recorded != NULL && i < job->cycle / job->unit; i++)
        job->on->api->work->graph_destroy(job->recorded[i].graph);
    sy_mem_free(job->recorded);
    job->recorded = NULL;
}
