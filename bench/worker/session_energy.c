/* The answers that have to do with meters: `meters`, `idle` and `energy`. */
#include <time.h>

#include "bench/energy/find.h"
#include "bench/worker/energy_wire.h"
#include "bench/worker/protocol.h"
#include "bench/worker/readings.h"
#include "bench/worker/session_parts.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

/* Jobs of one window; marks of how the work went on. */
enum { JOBS_MAX = 4096, MARKS = 4096 };

/* How often a meter on a simulated clock is asked whether it is due, an interval of its. */
enum { POLLS = 8 };

/* What is enqueued at a time: long against a call, short against any window. */
static const uint64_t CHUNK_NS = 20000000;

sy_status sy_session_meters(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    sy_energy_list list = {0};
    sy_energy_places places = {.sysroot = sy_protocol_text(request, "sysroot", NULL),
        .api = session->on.api,
        .device = session->on.device};
    sy_status status = sy_energy_find_unasked(&places, SY_ENERGY_OF_DEVICE, &list, err);
    if (status == SY_OK)
        json_object_set_new(reply, "meters", sy_energy_list_to_wire(&list));
    sy_energy_list_release(&list);
    return status;
}

/* Time passes with the context open and nothing to do. */
static void rest(const sy_job_device *on, sy_readings *meters, uint64_t duration_ns) {
    uint64_t step_ns = sy_readings_poll_ns(meters) / POLLS;
    if (!on->is_simulated_clock) {
        struct timespec left = {
            .tv_sec = (time_t)(duration_ns / 1000000000u), .tv_nsec = (long)(duration_ns % 1000000000u)};
        while (nanosleep(&left, &left) != 0) {
        }
        return;
    }
    if (step_ns == 0 || step_ns > duration_ns)
        step_ns = duration_ns;
    for (uint64_t passed_ns = 0; on->api->device->clock_advance != NULL && passed_ns < duration_ns;
         passed_ns += step_ns) {
        on->api->device->clock_advance(on->device, step_ns);
        if (meters->sampler != NULL)
            sy_readings_poll(meters, on->clock.now_ns(on->clock.ctx));
    }
}

static json_t *span_object(uint64_t begin_ns, uint64_t end_ns) {
    return json_pack("{s:I,s:I}", "begin_ns", (json_int_t)begin_ns, "end_ns", (json_int_t)end_ns);
}

sy_status sy_session_idle(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    const sy_job_device *on = &session->on;
    sy_readings meters = {0};
    sy_status status = sy_readings_open(&meters, on, request, err);
    if (status == SY_OK)
        rest(on, &meters, sy_protocol_u64(request, "settle_ns", 0));
    if (status == SY_OK)
        status = sy_readings_start(&meters, request, err);
    uint64_t begin_ns = on->clock.now_ns(on->clock.ctx);
    if (status == SY_OK)
        rest(on, &meters, sy_protocol_u64(request, "duration_ns", 0));
    uint64_t end_ns = on->clock.now_ns(on->clock.ctx);
    if (status == SY_OK) {
        sy_readings_finish(&meters, begin_ns, end_ns, reply);
        json_object_set_new(reply, "window", span_object(begin_ns, end_ns));
    }
    sy_readings_release(&meters);
    return status;
}

static json_t *marks_object(const sy_window *window) {
    json_t *at = json_array(), *launches = json_array();
    for (size_t i = 0; i < window->mark_count; i++) {
        json_array_append_new(at, json_integer((json_int_t)window->mark[i].at_ns));
        json_array_append_new(launches, json_integer((json_int_t)window->mark[i].launches));
    }
    return json_pack("{s:o,s:o}", "at_ns", at, "launches", launches);
}

static void put_window(const sy_window *window, json_t *reply) {
    json_t *object = span_object(window->begin_ns, window->end_ns);
    json_object_set_new(object, "load_begin_ns", json_integer((json_int_t)window->load_begin_ns));
    json_object_set_new(object, "load_end_ns", json_integer((json_int_t)window->load_end_ns));
    json_object_set_new(object, "launches", json_integer((json_int_t)window->launches));
    json_object_set_new(reply, "window", object);
    json_object_set_new(reply, "marks", marks_object(window));
}

static const json_t *first_job(const json_t *request) {
    return json_array_get(json_object_get(request, "jobs"), 0);
}

/* Load, window and tail with the meters reading beside it; without shares the load is the network that is
 * open.
 */
static sy_status run_window(sy_session *session, const json_t *request, const sy_job_share *share,
    size_t count, json_t *reply, sy_error *err) {
    sy_readings meters = {0};
    sy_window_mark *marks = sy_mem_calloc(MARKS, sizeof *marks);
    sy_window window = {.mark = marks, .mark_capacity = MARKS};
    sy_window_config config = {.load_ns = sy_protocol_u64(request, "load_ns", 0),
        .window_ns = sy_protocol_u64(request, "window_ns", 0),
        .tail_ns = sy_protocol_u64(request, "tail_ns", 0),
        .chunk_ns = CHUNK_NS,
        .ctx = &meters,
        .poll = sy_readings_poll,
        .edge = sy_readings_edge};
    sy_status status = marks != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for marks");
    if (status == SY_OK)
        status = sy_readings_open(&meters, &session->on, request, err);
    if (status == SY_OK)
        status = sy_readings_start(&meters, request, err);
    if (sy_readings_poll_ns(&meters) / POLLS < config.chunk_ns)
        config.chunk_ns = sy_readings_poll_ns(&meters) / POLLS;
    if (status == SY_OK && share != NULL)
        status = sy_job_window(share, count, &config, &window, err);
    else if (status == SY_OK)
        status = sy_session_model_window(session, first_job(request), &config, &window, err);
    if (status == SY_OK) {
        sy_readings_finish(&meters, window.begin_ns, window.end_ns, reply);
        put_window(&window, reply);
    }
    sy_readings_release(&meters);
    sy_mem_free(marks);
    return status;
}

/* Everything before the first launch, of every job of the request. */
static sy_status prepare_jobs(sy_session *session, const json_t *list, sy_job *jobs, sy_job_request *requests,
    sy_job_share *shares, sy_error *err) {
    size_t index;
    json_t *object;
    json_array_foreach(list, index, object) {
        sy_session_read_job(object, &requests[index]);
        shares[index] =
            (sy_job_share){.job = &jobs[index], .launches = sy_protocol_u64(object, "launches", 1)};
        sy_status status = sy_job_prepare(&jobs[index], &session->on, &requests[index], session->block, err);
        if (status != SY_OK)
            return json_array_size(list) > 1 ? sy_error_prefix(err, status, "%s", requests[index].problem)
                                             : status;
    }
    return SY_OK;
}

static sy_status run_jobs(sy_session *session, const json_t *request, size_t count, sy_job *jobs,
    sy_job_request *requests, sy_job_share *shares, json_t *reply, sy_error *err) {
    sy_random random;
    const json_t *list = json_object_get(request, "jobs");
    sy_status status = prepare_jobs(session, list, jobs, requests, shares, err);
    if (status == SY_OK)
        status = run_window(session, request, shares, count, reply, err);
    session->last_window_end_ns = sy_clock_raw_ns();
    sy_random_seed(&random, sy_protocol_hex(request, "phase_seed", 0), count);
    size_t checked = (size_t)sy_random_below(&random, count);
    json_object_set_new(reply, "checked", json_integer((json_int_t)checked));
    if (status == SY_OK) {
        sy_session_put_job(&jobs[checked], reply);
        status = sy_session_put_outputs(session, &jobs[checked], reply, err);
    }
    for (size_t i = 0; i < count; i++)
        sy_job_release(&jobs[i]);
    return status;
}

sy_status sy_session_energy(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    const json_t *list = json_object_get(request, "jobs");
    size_t count = json_array_size(list);
    if (count == 0 || count > JOBS_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "worker: energy wants 1 to %d jobs", JOBS_MAX);
    if (sy_protocol_bool(first_job(request), "is_model", false))
        return run_window(session, request, NULL, 0, reply, err);
    sy_status status = sy_session_ensure_block(session, first_job(request), err);
    if (status != SY_OK)
        return status;
    sy_job *jobs = sy_mem_calloc(count, sizeof *jobs);
    sy_job_request *requests = sy_mem_calloc(count, sizeof *requests);
    sy_job_share *shares = sy_mem_calloc(count, sizeof *shares);
    status = jobs != NULL && requests != NULL && shares != NULL
                 ? run_jobs(session, request, count, jobs, requests, shares, reply, err)
                 : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu jobs", count);
    sy_mem_free(shares);
    sy_mem_free(requests);
    sy_mem_free(jobs);
    return status;
}
