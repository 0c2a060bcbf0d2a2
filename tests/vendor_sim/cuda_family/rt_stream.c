/* Streams and events of the runtime. */
#include "tests/vendor_sim/cuda_family/rt.h"

enum { STREAM_NON_BLOCKING = 1 };
enum { EVENT_BLOCKING = 1, EVENT_NO_TIMING = 2, EVENT_SHARED = 4 };

static int make_stream(int code, void **out_stream, unsigned flags) {
    if (code == RT_OK && (out_stream == NULL || flags > STREAM_NON_BLOCKING))
        code = RT_INVALID_VALUE;
    if (code == RT_OK) {
        void *object;
        *out_stream = sim_handle_make(FAMILY_STREAM, sizeof(family_stream), &object);
        family_stream *stream = object;
        stream->stream = sim_stream_make(family_device());
        stream->capture.last = &stream->capture.first;
    }
    return rt_leave(code);
}

SIM_API int RT(StreamCreate)(void **out_stream) {
    return make_stream(rt_enter(__func__), out_stream, 0);
}

SIM_API int RT(StreamCreateWithFlags)(void **out_stream, unsigned flags) {
    return make_stream(rt_enter(__func__), out_stream, flags);
}

SIM_API int RT(StreamDestroy)(void *handle) {
    int code = rt_enter_apart(__func__);
    family_stream *stream = code == RT_OK ? sim_handle_get(handle, FAMILY_STREAM) : NULL;
    if (code == RT_OK && stream == NULL)
        code = RT_INVALID_HANDLE;
    if (code == RT_OK) {
        rt_capture_forget(stream);
        sim_stream_destroy(stream->stream);
        sim_handle_destroy(handle);
    }
    return rt_leave(code);
}

SIM_API int RT(StreamSynchronize)(void *handle) {
    int code = rt_enter(__func__);
    family_queue queue;
    if (code == RT_OK)
        code = rt_refuse_capture();
    if (code == RT_OK && !family_queue_of(handle, &queue))
        code = RT_INVALID_HANDLE;
    if (code == RT_OK)
        code = rt_code_of_work(sim_stream_sync(queue.stream));
    return rt_leave(code);
}

SIM_API int RT(StreamQuery)(void *handle) {
    int code = rt_enter(__func__);
    family_queue queue;
    if (code == RT_OK && !family_queue_of(handle, &queue))
        code = RT_INVALID_HANDLE;
    if (code == RT_OK && !sim_stream_is_done(queue.stream))
        code = RT_NOT_READY;
    else if (code == RT_OK)
        code = rt_code_of_work(sim_stream_sync(queue.stream));
    return rt_leave(code);
}

typedef struct call {
    void (*function)(void *);
    void *argument;
} call;

static int run_call(void *args) {
    const call *one = args;
    one->function(one->argument);
    return 0;
}

SIM_API int RT(LaunchHostFunc)(void *handle, void (*function)(void *), void *argument) {
    int code = rt_enter(__func__);
    family_queue queue;
    call one = {function, argument};
    if (code == RT_OK && function == NULL)
        code = RT_INVALID_VALUE;
    if (code == RT_OK && !family_queue_of(handle, &queue))
        code = RT_INVALID_HANDLE;
    if (code == RT_OK)
        family_enqueue(&queue, &(sim_work){.run = run_call, .args = &one, .bytes = sizeof one});
    return rt_leave(code);
}

static int make_event(int code, void **out_event, unsigned flags) {
    if (code == RT_OK && (out_event == NULL || flags > (EVENT_BLOCKING | EVENT_NO_TIMING | EVENT_SHARED)))
        code = RT_INVALID_VALUE;
    if (code == RT_OK) {
        void *object;
        *out_event = sim_handle_make(FAMILY_EVENT, sizeof(rt_event), &object);
        *(rt_event *)object = (rt_event){sim_event_make(), flags, family_device()};
    }
    return rt_leave(code);
}

SIM_API int RT(EventCreate)(void **out_event) {
    return make_event(rt_enter(__func__), out_event, 0);
}

SIM_API int RT(EventCreateWithFlags)(void **out_event, unsigned flags) {
    return make_event(rt_enter(__func__), out_event, flags);
}

SIM_API int RT(EventDestroy)(void *handle) {
    int code = rt_enter_apart(__func__);
    rt_event *event = code == RT_OK ? sim_handle_get(handle, FAMILY_EVENT) : NULL;
    if (code == RT_OK && event == NULL)
        code = RT_INVALID_HANDLE;
    if (code == RT_OK) {
        sim_event_destroy(event->event);
        sim_handle_destroy(handle);
    }
    return rt_leave(code);
}

/* Both, of one device. */
static int find_both(void *event_handle, void *stream, rt_event **out_event, family_queue *out_queue) {
    *out_event = sim_handle_get(event_handle, FAMILY_EVENT);
    if (*out_event == NULL || !family_queue_of(stream, out_queue))
        return RT_INVALID_HANDLE;
    return RT_OK;
}

SIM_API int RT(EventRecord)(void *handle, void *stream) {
    int code = rt_enter(__func__);
    rt_event *event;
    family_queue queue;
    if (code == RT_OK)
        code = find_both(handle, stream, &event, &queue);
    if (code == RT_OK && queue.user != NULL && queue.user->is_capturing)
        code = rt_refuse_capture();
    if (code == RT_OK && event->device != sim_stream_device(queue.stream)) {
        sim_misuse("event_of_another_device");
        code = RT_INVALID_HANDLE;
    }
    if (code == RT_OK)
        sim_event_record(event->event, queue.stream);
    return rt_leave(code);
}

SIM_API int RT(StreamWaitEvent)(void *stream, void *handle, unsigned flags) {
    int code = rt_enter(__func__);
    rt_event *event;
    family_queue queue;
    if (code == RT_OK && flags != 0)
        code = RT_INVALID_VALUE;
    if (code == RT_OK)
        code = find_both(handle, stream, &event, &queue);
    if (code == RT_OK)
        sim_event_wait(queue.stream, event->event);
    return rt_leave(code);
}

SIM_API int RT(EventQuery)(void *handle) {
    int code = rt_enter(__func__);
    rt_event *event = code == RT_OK ? sim_handle_get(handle, FAMILY_EVENT) : NULL;
    if (code == RT_OK && event == NULL)
        code = RT_INVALID_HANDLE;
    if (code == RT_OK && !sim_event_is_done(event->event))
        code = RT_NOT_READY;
    return rt_leave(code);
}

SIM_API int RT(EventSynchronize)(void *handle) {
    int code = rt_enter(__func__);
    rt_event *event = code == RT_OK ? sim_handle_get(handle, FAMILY_EVENT) : NULL;
    if (code == RT_OK && event == NULL)
        code = RT_INVALID_HANDLE;
    if (code == RT_OK)
        sim_event_sync(event->event);
    return rt_leave(code);
}

/* The order matters: what is wrong with the events comes before what they have not seen yet. */
static int check_timed(const rt_event *event) {
    if (event == NULL || (event->flags & EVENT_NO_TIMING) != 0)
        return RT_INVALID_HANDLE;
    if (sim_event_is_recorded(event->event))
        return RT_OK;
    sim_misuse("event_not_recorded");
    return RT_INVALID_HANDLE;
}

SIM_API int RT(EventElapsedTime)(float *out_ms, void *start, void *stop) {
    int code = rt_enter(__func__);
    if (code == RT_OK && out_ms == NULL)
        code = RT_INVALID_VALUE;
    rt_event *first = code == RT_OK ? sim_handle_get(start, FAMILY_EVENT) : NULL;
    rt_event *second = code == RT_OK ? sim_handle_get(stop, FAMILY_EVENT) : NULL;
    if (code == RT_OK)
        code = check_timed(first);
    if (code == RT_OK)
        code = check_timed(second);
    if (code == RT_OK && first->device != second->device)
        code = RT_INVALID_HANDLE;
    if (code == RT_OK && (!sim_event_is_done(first->event) || !sim_event_is_done(second->event)))
        code = RT_NOT_READY;
    if (code == RT_OK)
        *out_ms = (float)((sim_event_stamp(second->event) - sim_event_stamp(first->event)) * 1e-6);
    return rt_leave(code);
}
