/* Events: order between streams, and times. */
#include "tests/vendor_sim/ascend/ascend.h"

#include <math.h>
#include <stddef.h>

#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#define EVENTS_MAX 65535u

/* Handles of those that are alive. */
static void *alive[EVENTS_MAX];
static uint32_t alive_count, limited_count;

uint32_t as_event_count(const void *context) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < alive_count; i++)
        count += ((as_event *)sim_handle_peek(alive[i], AS_EVENT))->context == context;
    return count;
}

static int find(aclrtEvent handle, as_event **out_event) {
    *out_event = sim_handle_get(handle, AS_EVENT);
    if (*out_event == NULL)
        return as_fail(ACL_ERROR_RT_PARAM_INVALID, "not an event");
    if ((*out_event)->context == as_context_handle())
        return ACL_SUCCESS;
    sim_misuse("event_of_other_context");
    return as_fail(ACL_ERROR_RT_STREAM_CONTEXT, "an event of another context");
}

static int create(const as_context *here, aclrtEvent *out_event, uint32_t flags, bool is_unlimited) {
    int64_t limit = sim_number(here->device, "events", as_soc_family(here->device) == AS_310P ? 1023 : 65535);
    if (out_event == NULL)
        return as_fail(ACL_ERROR_INVALID_PARAM, "event is NULL");
    if (alive_count >= EVENTS_MAX || (!is_unlimited && limited_count >= limit))
        return as_fail(ACL_ERROR_RT_NO_EVENT_RESOURCE, "%u events are alive", limited_count);
    as_event *event = NULL;
    *out_event = sim_handle_make(AS_EVENT, sizeof *event, (void **)&event);
    *event = (as_event){.event = sim_event_make(),
        .context = as_context_handle(),
        .flags = flags,
        .is_unlimited = is_unlimited,
        .device = here->device};
    alive[alive_count++] = *out_event;
    limited_count += !is_unlimited;
    return ACL_SUCCESS;
}

aclError aclrtCreateEvent(aclrtEvent *event) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    return sim_leave(code == ACL_SUCCESS ? create(here, event, 0, false) : code);
}

static int check_flags(uint32_t flags) {
    bool is_one = flags != 0 && (flags & ~(uint32_t)ACL_EVENT_FLAGS) == 0;
    return is_one ? ACL_SUCCESS : as_fail(ACL_ERROR_RT_PARAM_INVALID, "flags 0x%x", flags);
}

aclError aclrtCreateEventWithFlag(aclrtEvent *event, uint32_t flags) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS)
        code = check_flags(flags);
    return sim_leave(code == ACL_SUCCESS ? create(here, event, flags, false) : code);
}

aclError aclrtCreateEventExWithFlag(aclrtEvent *event, uint32_t flags) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS)
        code = check_flags(flags);
    return sim_leave(code == ACL_SUCCESS ? create(here, event, flags, true) : code);
}

aclError aclrtDestroyEvent(aclrtEvent handle) {
    as_context *here = NULL;
    as_event *event = NULL;
    int code = as_enter_apart(__func__, &here);
    if (code == ACL_SUCCESS)
        code = find(handle, &event);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    uint32_t at = 0;
    while (alive[at] != handle)
        at++;
    alive[at] = alive[--alive_count];
    limited_count -= !event->is_unlimited;
    sim_event_destroy(event->event);
    sim_handle_destroy(handle);
    return sim_leave(ACL_SUCCESS);
}

/* Begin a function on an event and a stream. */
static int enter_with_stream(const char *function, aclrtEvent handle, aclrtStream stream,
    as_event **out_event, sim_stream **out_queue) {
    as_context *here = NULL;
    int code = as_enter_here(function, &here);
    if (code == ACL_SUCCESS)
        code = find(handle, out_event);
    return code == ACL_SUCCESS ? as_stream_find(stream, out_queue) : code;
}

aclError aclrtRecordEvent(aclrtEvent handle, aclrtStream stream) {
    as_event *event = NULL;
    sim_stream *queue = NULL;
    int code = enter_with_stream(__func__, handle, stream, &event, &queue);
    if (code == ACL_SUCCESS) {
        sim_event_record(event->event, queue);
        event->stream = stream;
    }
    return sim_leave(code);
}

aclError aclrtStreamWaitEvent(aclrtStream stream, aclrtEvent handle) {
    as_event *event = NULL;
    sim_stream *queue = NULL;
    int code = enter_with_stream(__func__, handle, stream, &event, &queue);
    if (code == ACL_SUCCESS && !sim_event_is_recorded(event->event))
        sim_misuse("event_not_recorded");
    if (code == ACL_SUCCESS)
        sim_event_wait(queue, event->event);
    return sim_leave(code);
}

/* Recording again resets; this is for events of ACL_EVENT_SYNC that streams wait for. */
aclError aclrtResetEvent(aclrtEvent handle, aclrtStream stream) {
    as_event *event = NULL;
    sim_stream *queue = NULL;
    int code = enter_with_stream(__func__, handle, stream, &event, &queue);
    if (code == ACL_SUCCESS && (event->is_unlimited || (event->flags & ACL_EVENT_SYNC) == 0)) {
        sim_misuse("reset_of_wrong_event");
        code = as_fail(ACL_ERROR_RT_PARAM_INVALID, "an event without ACL_EVENT_SYNC");
    }
    return sim_leave(code);
}

static int enter_recorded(const char *function, aclrtEvent handle, const void *out, as_event **out_event) {
    as_context *here = NULL;
    int code = as_enter_here(function, &here);
    if (code == ACL_SUCCESS && out == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "a NULL where an answer goes");
    return code == ACL_SUCCESS ? find(handle, out_event) : code;
}

aclError aclrtSynchronizeEvent(aclrtEvent handle) {
    as_event *event = NULL;
    int code = enter_recorded(__func__, handle, __func__, &event);
    if (code == ACL_SUCCESS && !sim_event_is_recorded(event->event))
        sim_misuse("event_not_recorded");
    if (code == ACL_SUCCESS)
        sim_event_sync(event->event);
    return sim_leave(code);
}

aclError aclrtQueryEventStatus(aclrtEvent handle, int *status) {
    as_event *event = NULL;
    int code = enter_recorded(__func__, handle, status, &event);
    if (code == ACL_SUCCESS)
        *status = sim_event_is_done(event->event) ? ACL_EVENT_RECORDED_STATUS_COMPLETE
                                                  : ACL_EVENT_RECORDED_STATUS_NOT_READY;
    return sim_leave(code);
}

aclError aclrtQueryEvent(aclrtEvent handle, int *status) {
    as_event *event = NULL;
    int code = enter_recorded(__func__, handle, status, &event);
    if (code == ACL_SUCCESS && event->is_unlimited)
        code = as_fail(ACL_ERROR_RT_PARAM_INVALID, "not for an event of aclrtCreateEventExWithFlag");
    if (code == ACL_SUCCESS)
        *status = sim_event_is_done(event->event) ? ACL_EVENT_STATUS_COMPLETE : ACL_EVENT_STATUS_NOT_READY;
    return sim_leave(code);
}

/* When it happened, ns in ticks of the device's counter. */
static int stamp_of(const as_event *event, double *out_ns) {
    bool has_times = event->flags == 0 || (event->flags & ACL_EVENT_TIME_LINE) != 0;
    if (!has_times || !sim_event_is_recorded(event->event) || !sim_event_is_done(event->event)) {
        sim_misuse(has_times ? "time_before_it_is" : "event_without_times");
        return as_fail(ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID, "the event has no time");
    }
    double tick = sim_real(event->device, "tick_ns", 1);
    *out_ns = floor(sim_event_stamp(event->event) / tick) * tick;
    return ACL_SUCCESS;
}

static int elapsed(const as_event *start, const as_event *end, float *ms) {
    double from = 0, to = 0;
    int code = stamp_of(start, &from);
    if (code == ACL_SUCCESS)
        code = stamp_of(end, &to);
    if (code != ACL_SUCCESS)
        return code;
    if (start->stream != end->stream) {
        sim_misuse("times_of_two_streams");
        int wanted = (int)sim_number(start->device, "mixed_events", ACL_ERROR_RT_PARAM_INVALID);
        if (wanted != ACL_SUCCESS)
            return as_fail(wanted, "events of two streams");
    }
    if (to < from)
        return as_fail(ACL_ERROR_RT_EVENT_TIMESTAMP_REVERSAL, "the end is before the start");
    *ms = (float)((to - from) * 1e-6);
    return ACL_SUCCESS;
}

aclError aclrtEventElapsedTime(float *ms, aclrtEvent start_handle, aclrtEvent end_handle) {
    as_event *start = NULL, *end = NULL;
    int code = enter_recorded(__func__, start_handle, ms, &start);
    if (code == ACL_SUCCESS)
        code = find(end_handle, &end);
    return sim_leave(code == ACL_SUCCESS ? elapsed(start, end, ms) : code);
}

aclError aclrtEventGetTimestamp(aclrtEvent handle, uint64_t *us) {
    as_event *event = NULL;
    double ns = 0;
    int code = enter_recorded(__func__, handle, us, &event);
    if (code == ACL_SUCCESS)
        code = stamp_of(event, &ns);
    if (code == ACL_SUCCESS)
        *us = (uint64_t)(ns * 1e-3);
    return sim_leave(code);
}
