/* Streams of contexts. The stream NULL is the default one of the device. */
#include "tests/vendor_sim/ascend/ascend.h"

#include <stddef.h>

#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#define STREAMS_MAX 2048u

/* Handles of those that are alive. */
static void *alive[STREAMS_MAX];
static uint32_t alive_count;

static int find(aclrtStream handle, as_stream **out_stream) {
    *out_stream = sim_handle_get(handle, AS_STREAM);
    if (*out_stream == NULL)
        return as_fail(ACL_ERROR_RT_PARAM_INVALID, "not a stream");
    if ((*out_stream)->context == as_context_handle())
        return ACL_SUCCESS;
    sim_misuse("stream_of_other_context");
    return as_fail(ACL_ERROR_RT_STREAM_CONTEXT, "a stream of another context");
}

int as_stream_find(aclrtStream handle, sim_stream **out_queue) {
    as_context *context = NULL;
    as_stream *stream = NULL;
    int code = as_context_here(&context);
    if (code == ACL_SUCCESS && handle == NULL) {
        *out_queue = sim_stream_default(context->device);
        return ACL_SUCCESS;
    }
    if (code == ACL_SUCCESS)
        code = find(handle, &stream);
    if (code == ACL_SUCCESS)
        *out_queue = stream->queue;
    return code;
}

static void settle(sim_stream *queue) {
    sim_event *event = sim_event_make();
    sim_event_record(event, queue);
    sim_event_sync(event);
    sim_event_destroy(event);
}

void as_stream_settle(int device) {
    settle(sim_stream_default(device));
    for (uint32_t i = 0; i < alive_count; i++) {
        as_stream *stream = sim_handle_peek(alive[i], AS_STREAM);
        if (stream != NULL && stream->device == device)
            settle(stream->queue);
    }
}

uint32_t as_stream_count(const void *context) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < alive_count; i++)
        count += ((as_stream *)sim_handle_peek(alive[i], AS_STREAM))->context == context;
    return count;
}

static int create(as_context *here, aclrtStream *out_stream, uint32_t priority, uint32_t flags) {
    if (out_stream == NULL)
        return as_fail(ACL_ERROR_INVALID_PARAM, "stream is NULL");
    if (priority > 7 || flags > 0x3f)
        return as_fail(ACL_ERROR_RT_PARAM_INVALID, "priority %u, flags %u", priority, flags);
    if (alive_count >= STREAMS_MAX || alive_count >= sim_number(here->device, "streams", 1984))
        return as_fail(ACL_ERROR_RT_NO_STREAM_RESOURCE, "%u streams are alive", alive_count);
    as_stream *stream = NULL;
    *out_stream = sim_handle_make(AS_STREAM, sizeof *stream, (void **)&stream);
    stream->queue = sim_stream_make(here->device);
    stream->context = as_context_handle();
    stream->device = here->device;
    alive[alive_count++] = *out_stream;
    return ACL_SUCCESS;
}

aclError aclrtCreateStream(aclrtStream *stream) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    return sim_leave(code == ACL_SUCCESS ? create(here, stream, 0, 0) : code);
}

aclError aclrtCreateStreamWithConfig(aclrtStream *stream, uint32_t priority, uint32_t flags) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    return sim_leave(code == ACL_SUCCESS ? create(here, stream, priority, flags) : code);
}

aclError aclrtDestroyStream(aclrtStream handle) {
    as_context *here = NULL;
    as_stream *stream = NULL;
    int code = as_enter_apart(__func__, &here);
    if (code == ACL_SUCCESS)
        code = find(handle, &stream);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    uint32_t at = 0;
    while (alive[at] != handle)
        at++;
    alive[at] = alive[--alive_count];
    sim_stream_destroy(stream->queue);
    sim_handle_destroy(handle);
    return sim_leave(ACL_SUCCESS);
}

/* What failed in a context makes it useless. */
static int ended(as_context *here, int code) {
    if (code == ACL_SUCCESS)
        return code;
    if (as_is_on("sticky", true))
        here->code = code;
    return as_fail(code, "work of the stream failed");
}

aclError aclrtSynchronizeStreamWithTimeout(aclrtStream handle, int32_t timeout_ms) {
    as_context *here = NULL;
    sim_stream *queue = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS && timeout_ms < -1)
        code = as_fail(ACL_ERROR_RT_PARAM_INVALID, "timeout of %d ms", timeout_ms);
    if (code == ACL_SUCCESS)
        code = as_stream_find(handle, &queue);
    if (code != ACL_SUCCESS)
        return sim_leave(code);
    bool is_done = false;
    code = sim_stream_sync_within(queue, timeout_ms, &is_done);
    if (!is_done)
        return sim_leave(as_fail(ACL_ERROR_RT_STREAM_SYNC_TIMEOUT, "not done within %d ms", timeout_ms));
    return sim_leave(ended(here, code));
}

aclError aclrtSynchronizeStream(aclrtStream handle) {
    as_context *here = NULL;
    sim_stream *queue = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS)
        code = as_stream_find(handle, &queue);
    return sim_leave(code == ACL_SUCCESS ? ended(here, sim_stream_sync(queue)) : code);
}

aclError aclrtSynchronizeDevice(void) {
    as_context *here = NULL;
    int code = as_enter_here(__func__, &here);
    return sim_leave(code == ACL_SUCCESS ? ended(here, sim_device_sync(here->device)) : code);
}

aclError aclrtStreamQuery(aclrtStream handle, int *status) {
    as_context *here = NULL;
    sim_stream *queue = NULL;
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS && status == NULL)
        code = as_fail(ACL_ERROR_INVALID_PARAM, "status is NULL");
    if (code == ACL_SUCCESS)
        code = as_stream_find(handle, &queue);
    if (code == ACL_SUCCESS)
        *status = sim_stream_is_done(queue) ? ACL_STREAM_STATUS_COMPLETE : ACL_STREAM_STATUS_NOT_READY;
    return sim_leave(code);
}
