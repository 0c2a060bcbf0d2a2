/* Tasks: each on a thread of its own. */
#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/horizon/bpu.h"

enum { TASKS_MAX = 32 };

/* work.args is the task's, until it is submitted. */
typedef struct task {
    sim_stream *stream; /* NULL: not submitted */
    sim_work work;
    bool is_done;
    int code;
    unsigned char args[1024];
} task;

/* Of the tasks that are alive. */
static int tasks;

int32_t bpu_task_make(const sim_work *work, void **out_handle) {
    task *one = NULL;
    if (tasks == TASKS_MAX)
        return HZ_TOO_MANY_TASKS;
    *out_handle = sim_handle_make(HZ_TASK, sizeof *one, (void **)&one);
    if (work->bytes > sizeof one->args)
        sim_die("a task of %zu bytes", work->bytes);
    one->work = *work;
    for (size_t i = 0; i < work->bytes; i++)
        one->args[i] = ((const unsigned char *)work->args)[i];
    one->work.args = one->args;
    tasks++;
    return 0;
}

int32_t bpu_task_submit(void *handle) {
    task *one = sim_handle_get(handle, HZ_TASK);
    if (one == NULL || one->stream != NULL)
        return HZ_NO_TASK;
    one->stream = sim_stream_make(0);
    sim_stream_enqueue(one->stream, &one->work);
    return 0;
}

int32_t bpu_task_wait(void *handle, int32_t limit_ms) {
    task *one = sim_handle_get(handle, HZ_TASK);
    bool is_done = true;
    if (one == NULL || one->stream == NULL)
        return HZ_NO_TASK;
    if (one->is_done)
        return one->code;
    int code = sim_stream_sync_within(one->stream, limit_ms > 0 ? limit_ms : -1, &is_done);
    if (!is_done)
        return HZ_TIMEOUT;
    one->is_done = true;
    one->code = code;
    return code;
}

int32_t bpu_task_release(void *handle) {
    task *one = sim_handle_get(handle, HZ_TASK);
    if (one == NULL)
        return HZ_NO_TASK;
    if (one->stream != NULL && !one->is_done)
        sim_misuse("released_before_done");
    if (one->stream != NULL)
        sim_stream_destroy(one->stream);
    else if (one->work.done != NULL)
        one->work.done(one->args);
    sim_handle_destroy(handle);
    tasks--;
    return 0;
}
