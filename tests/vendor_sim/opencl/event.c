/* What the user asks of events. */
#include "tests/vendor_sim/opencl/sim.h"

cl_int clWaitForEvents(cl_uint count, const cl_event *events) {
    cl_int code = sim_enter(__func__);
    if (code == CL_SUCCESS && (count == 0 || events == NULL))
        code = CL_INVALID_VALUE;
    for (cl_uint i = 0; code == CL_SUCCESS && i < count; i++)
        code = sim_object_check(events[i], CL_SIM_EVENT);
    bool has_failed = false;
    for (cl_uint i = 0; code == CL_SUCCESS && i < count; i++) {
        sim_queue_wait(events[i]);
        has_failed = has_failed || events[i]->status < 0;
    }
    return sim_leave(has_failed ? CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST : code);
}

cl_int clGetEventInfo(cl_event event, cl_event_info name, size_t capacity, void *value, size_t *out_size) {
    cl_int code = sim_enter_on(__func__, event, CL_SIM_EVENT);
    if (code != CL_SUCCESS)
        return sim_leave(code);
    switch (name) {
    case CL_EVENT_COMMAND_EXECUTION_STATUS:
        code = sim_answer(&event->status, sizeof event->status, capacity, value, out_size);
        break;
    case CL_EVENT_COMMAND_TYPE:
        code = sim_answer(&event->type, sizeof event->type, capacity, value, out_size);
        break;
    case CL_EVENT_CONTEXT:
        code = sim_answer(&event->context, sizeof event->context, capacity, value, out_size);
        break;
    case CL_EVENT_REFERENCE_COUNT:
        code = sim_answer(&event->object.refs, sizeof event->object.refs, capacity, value, out_size);
        break;
    default: code = CL_INVALID_VALUE;
    }
    return sim_leave(code);
}

/* The stamp as the driver tells it, which may be a bad one. */
static cl_ulong stamp_of(const struct _cl_event *event, cl_profiling_info name) {
    uint32_t index = name - CL_PROFILING_COMMAND_QUEUED;
    if (sim.config.profiling == SIM_PROFILING_ZERO)
        return 0;
    if (sim.config.profiling == SIM_PROFILING_BACKWARDS)
        return ((cl_ulong)1 << 62) - event->stamp[index];
    return event->stamp[index];
}

cl_int clGetEventProfilingInfo(
    cl_event event, cl_profiling_info name, size_t capacity, void *value, size_t *out_size) {
    cl_int code = sim_enter_on(__func__, event, CL_SIM_EVENT);
    if (code == CL_SUCCESS &&
        (!event->is_profiled || event->status != CL_COMPLETE || sim.config.profiling == SIM_PROFILING_NONE))
        code = CL_PROFILING_INFO_NOT_AVAILABLE;
    if (code == CL_SUCCESS && (name < CL_PROFILING_COMMAND_QUEUED || name > CL_PROFILING_COMMAND_END))
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS) {
        cl_ulong stamp = stamp_of(event, name);
        code = sim_answer(&stamp, sizeof stamp, capacity, value, out_size);
    }
    return sim_leave(code);
}

cl_int clRetainEvent(cl_event event) {
    cl_int code = sim_enter_on(__func__, event, CL_SIM_EVENT);
    return sim_leave(code == CL_SUCCESS ? sim_object_retain(event) : code);
}

cl_int clReleaseEvent(cl_event event) {
    cl_int code = sim_enter_on(__func__, event, CL_SIM_EVENT);
    return sim_leave(code == CL_SUCCESS ? sim_object_release(event) : code);
}
