/* Queues and notifiers. */
#include <stdbool.h>

#include "tests/vendor_sim/cambricon/cnrt.h"
#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

static cnrtRet_t make_queue(const char *function, cnrtQueue_t *out_queue) {
    cnrtRet_t code = cnrt_enter(function);
    if (code == cnrtSuccess && out_queue == NULL)
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess) {
        void *object;
        *out_queue = sim_handle_make(MLU_QUEUE, sizeof(mlu_queue), &object);
        mlu_queue *queue = object;
        queue->device = mlu_current();
        queue->stream = sim_stream_make(queue->device);
    }
    return cnrt_leave(code);
}

cnrtRet_t cnrtQueueCreate(cnrtQueue_t *queue) {
    return make_queue(__func__, queue);
}

cnrtRet_t cnrtQueueCreateWithPriority(cnrtQueue_t *queue, unsigned int flags, int priority) {
    (void)flags;
    (void)priority;
    return make_queue(__func__, queue);
}

cnrtRet_t cnrtQueueDestroy(cnrtQueue_t handle) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    const mlu_queue *queue = code == cnrtSuccess ? sim_handle_get(handle, MLU_QUEUE) : NULL;
    if (code == cnrtSuccess && queue == NULL)
        code = cnrtErrorInvalidResourceHandle;
    if (code == cnrtSuccess) {
        sim_stream *stream = queue->stream;
        if (!sim_stream_is_done(stream))
            sim_misuse("queue_destroyed_busy");
        sim_handle_destroy(handle);
        sim_stream_destroy(stream);
    }
    return cnrt_leave(code);
}

/* Begin a function on a queue. */
static cnrtRet_t enter_queue(
    const char *function, cnrtQueue_t queue, sim_stream **out_stream, int *out_device) {
    cnrtRet_t code = cnrt_enter(function);
    if (code != cnrtSuccess)
        return code;
    *out_stream = mlu_stream(queue, out_device);
    return *out_stream == NULL ? cnrtErrorInvalidResourceHandle : mlu_trap_of(*out_device);
}

cnrtRet_t cnrtQueueSync(cnrtQueue_t queue) {
    sim_stream *stream;
    int device;
    cnrtRet_t code = enter_queue(__func__, queue, &stream, &device);
    if (code == cnrtSuccess)
        code = cnrt_after(device, sim_stream_sync(stream));
    return cnrt_leave(code);
}

static cnrtRet_t not_ready(void) {
    return (cnrtRet_t)sim_number(SIM_NO_DEVICE, "not_ready", cnrtErrorBusy);
}

cnrtRet_t cnrtQueueQuery(cnrtQueue_t queue) {
    sim_stream *stream;
    int device;
    cnrtRet_t code = enter_queue(__func__, queue, &stream, &device);
    if (code == cnrtSuccess && !sim_stream_is_done(stream))
        code = not_ready();
    else if (code == cnrtSuccess)
        code = cnrt_after(device, sim_stream_error(stream));
    return cnrt_leave(code);
}

typedef struct host_call {
    cnrtHostFn_t function;
    void *context;
} host_call;

static int run_host_call(void *args) {
    const host_call *call = args;
    call->function(call->context);
    return 0;
}

cnrtRet_t cnrtInvokeHostFunc(cnrtQueue_t queue, cnrtHostFn_t function, void *context) {
    sim_stream *stream;
    int device;
    cnrtRet_t code = enter_queue(__func__, queue, &stream, &device);
    if (code == cnrtSuccess && function == NULL)
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess) {
        host_call call = {.function = function, .context = context};
        sim_stream_enqueue(stream, &(sim_work){.run = run_host_call, .args = &call, .bytes = sizeof call});
    }
    return cnrt_leave(code);
}

static cnrtRet_t make_notifier(const char *function, cnrtNotifier_t *out_notifier, unsigned int flags) {
    cnrtRet_t code = cnrt_enter(function);
    if (code == cnrtSuccess && (out_notifier == NULL || (flags & ~0xEu) != 0))
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess) {
        void *object;
        *out_notifier = sim_handle_make(MLU_NOTIFIER, sizeof(mlu_notifier), &object);
        mlu_notifier *notifier = object;
        notifier->event = sim_event_make();
        notifier->flags = flags;
    }
    return cnrt_leave(code);
}

cnrtRet_t cnrtNotifierCreate(cnrtNotifier_t *notifier) {
    return make_notifier(__func__, notifier, 0);
}

cnrtRet_t cnrtNotifierCreateWithFlags(cnrtNotifier_t *notifier, unsigned int flags) {
    return make_notifier(__func__, notifier, flags);
}

cnrtRet_t cnrtNotifierDestroy(cnrtNotifier_t handle) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    const mlu_notifier *notifier = code == cnrtSuccess ? sim_handle_get(handle, MLU_NOTIFIER) : NULL;
    if (code == cnrtSuccess && notifier == NULL)
        code = cnrtErrorInvalidResourceHandle;
    if (code == cnrtSuccess) {
        sim_event_destroy(notifier->event);
        sim_handle_destroy(handle);
    }
    return cnrt_leave(code);
}

/* Begin a function on a notifier; on a queue as well, if out_stream is not NULL. */
static cnrtRet_t enter_notifier(const char *function, cnrtNotifier_t handle, cnrtQueue_t queue,
    mlu_notifier **out_notifier, sim_stream **out_stream) {
    int device = -1;
    cnrtRet_t code = cnrt_enter(function);
    if (code != cnrtSuccess)
        return code;
    *out_notifier = sim_handle_get(handle, MLU_NOTIFIER);
    if (*out_notifier != NULL && out_stream != NULL)
        *out_stream = mlu_stream(queue, &device);
    bool is_right = *out_notifier != NULL && (out_stream == NULL || *out_stream != NULL);
    return is_right ? mlu_trap_of(device) : cnrtErrorInvalidResourceHandle;
}

cnrtRet_t cnrtPlaceNotifier(cnrtNotifier_t handle, cnrtQueue_t queue) {
    mlu_notifier *notifier;
    sim_stream *stream;
    cnrtRet_t code = enter_notifier(__func__, handle, queue, &notifier, &stream);
    if (code == cnrtSuccess)
        sim_event_record(notifier->event, stream);
    return cnrt_leave(code);
}

cnrtRet_t cnrtQueueWaitNotifier(cnrtNotifier_t handle, cnrtQueue_t queue, unsigned int flags) {
    mlu_notifier *notifier;
    sim_stream *stream;
    cnrtRet_t code = enter_notifier(__func__, handle, queue, &notifier, &stream);
    if (code == cnrtSuccess && flags != 0)
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess && !sim_event_is_recorded(notifier->event))
        sim_misuse("notifier_not_placed");
    if (code == cnrtSuccess)
        sim_event_wait(stream, notifier->event);
    return cnrt_leave(code);
}

cnrtRet_t cnrtQueryNotifier(cnrtNotifier_t handle) {
    mlu_notifier *notifier;
    cnrtRet_t code = enter_notifier(__func__, handle, NULL, &notifier, NULL);
    if (code == cnrtSuccess && !sim_event_is_recorded(notifier->event))
        sim_misuse("notifier_not_placed");
    if (code == cnrtSuccess && !sim_event_is_done(notifier->event))
        code = not_ready();
    return cnrt_leave(code);
}

cnrtRet_t cnrtWaitNotifier(cnrtNotifier_t handle) {
    mlu_notifier *notifier;
    cnrtRet_t code = enter_notifier(__func__, handle, NULL, &notifier, NULL);
    if (code == cnrtSuccess && !sim_event_is_recorded(notifier->event))
        sim_misuse("notifier_not_placed");
    if (code == cnrtSuccess)
        sim_event_sync(notifier->event);
    return cnrt_leave(code);
}

static bool is_stamped(mlu_notifier *notifier) {
    unsigned int without = CNRT_NOTIFIER_DISABLE_TIMING | CNRT_NOTIFIER_DISABLE_TIMING_ALL;
    if (!sim_event_is_recorded(notifier->event)) {
        sim_misuse("notifier_not_placed");
        return false;
    }
    return (notifier->flags & without) == 0 && sim_event_is_done(notifier->event);
}

/* Time between two notifiers, in units of so many ns. */
static cnrtRet_t tell_time(
    const char *function, cnrtNotifier_t start, cnrtNotifier_t end, double unit_ns, float *out_time) {
    mlu_notifier *first, *second = NULL;
    cnrtRet_t code = enter_notifier(function, start, NULL, &first, NULL);
    if (code == cnrtSuccess && out_time == NULL)
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess && (second = sim_handle_get(end, MLU_NOTIFIER)) == NULL)
        code = cnrtErrorInvalidResourceHandle;
    if (code == cnrtSuccess && (!is_stamped(first) || !is_stamped(second)))
        code = cnrtErrorCndrvFuncCall;
    if (code == cnrtSuccess && sim_event_device(first->event) != sim_event_device(second->event))
        code = cnrtErrorCndrvFuncCall;
    if (code == cnrtSuccess)
        *out_time = (float)((sim_event_stamp(second->event) - sim_event_stamp(first->event)) / unit_ns);
    return cnrt_leave(code);
}

cnrtRet_t cnrtNotifierElapsedTime(cnrtNotifier_t start, cnrtNotifier_t end, float *milliseconds) {
    return tell_time(__func__, start, end, 1e6, milliseconds);
}

#ifndef CNRT_SIM_6_0
cnrtRet_t cnrtNotifierDuration(cnrtNotifier_t start, cnrtNotifier_t end, float *microseconds) {
    return tell_time(__func__, start, end, 1e3, microseconds);
}
#endif
