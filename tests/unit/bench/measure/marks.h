/* The device made of numbers with marks: what is enqueued is done later, in order, while the host goes on. */
#ifndef STEELYARD_TESTS_MEASURE_MARKS_H
#define STEELYARD_TESTS_MEASURE_MARKS_H

#include <math.h>

#include "device.h"

/**
 * The host's clock is device.now_ns; a call costs it call_ns. Work is done one launch after another, each in
 * device.launch_ns (from launch change_at on in changed_ns), at busy_until_ns all of it.
 *
 * mark_ns, mark_set  when what is before mark 0 and 1 is done, and whether it was put.
 * resumed, resumes   the launches that resume() last spoke of. idle_ns: how long the device had nothing to do
 *                    between its first launch and the last. most_ahead: most launches that were enqueued and
 *                    not yet waited for. wrong: a mark was reached that was not put.
 */
typedef struct marked_device {
    test_device device;
    uint64_t call_ns, busy_until_ns, mark_ns[2], resumed, resumes, idle_ns, done, mark_launches[2],
        most_ahead;
    uint64_t change_at, changed_ns;
    bool mark_set[2], wrong, is_resumed_wrong;
} marked_device;

static inline sy_status marked_resume(void *ctx, uint64_t first, uint64_t launches, sy_error *err) {
    marked_device *m = ctx;
    if (must_fail(&m->device))
        return sy_error_set(err, SY_LOST, "resume failed");
    m->is_resumed_wrong |= first != m->device.next_index || m->resumed != 0;
    m->resumed = launches;
    m->resumes++;
    return SY_OK;
}

static inline sy_status marked_launch(void *ctx, uint64_t index, sy_error *err) {
    marked_device *m = ctx;
    test_device *device = &m->device;
    if (must_fail(device))
        return sy_error_set(err, SY_LOST, "launch failed");
    device->is_out_of_order |= index != device->next_index;
    device->next_index = index + 1;
    device->now_ns += m->call_ns;
    m->is_resumed_wrong |= m->resumed == 0;
    m->resumed -= m->resumed > 0;
    if (m->busy_until_ns < device->now_ns) {
        m->idle_ns += device->launches > 0 ? device->now_ns - m->busy_until_ns : 0;
        m->busy_until_ns = device->now_ns;
    }
    bool is_changed = m->change_at > 0 && index >= m->change_at;
    m->busy_until_ns += is_changed ? m->changed_ns : device->launch_ns;
    device->launches++;
    if (device->launches - m->done > m->most_ahead)
        m->most_ahead = device->launches - m->done;
    return SY_OK;
}

static inline void marked_wait(marked_device *m, uint64_t until_ns, uint64_t launches) {
    if (m->device.now_ns < until_ns)
        m->device.now_ns = until_ns;
    m->done = launches;
}

static inline sy_status marked_sync(void *ctx, sy_error *err) {
    marked_device *m = ctx;
    if (must_fail(&m->device))
        return sy_error_set(err, SY_LOST, "sync failed");
    m->device.syncs++;
    marked_wait(m, m->busy_until_ns, m->device.launches);
    return SY_OK;
}

static inline sy_status marked_mark(void *ctx, uint32_t which, sy_error *err) {
    marked_device *m = ctx;
    if (must_fail(&m->device))
        return sy_error_set(err, SY_LOST, "mark failed");
    m->wrong |= which > 1 || m->mark_set[which];
    m->mark_set[which] = true;
    m->mark_ns[which] = m->busy_until_ns;
    m->mark_launches[which] = m->device.launches;
    return SY_OK;
}

static inline sy_status marked_reach(void *ctx, uint32_t which, sy_error *err) {
    marked_device *m = ctx;
    if (must_fail(&m->device))
        return sy_error_set(err, SY_LOST, "reach failed");
    m->wrong |= which > 1 || !m->mark_set[which];
    m->mark_set[which] = false;
    marked_wait(m, m->mark_ns[which], m->mark_launches[which]);
    return SY_OK;
}

/** The work; its ctx is the marked device, whose first member device_*() of device.h take too. */
static inline sy_work marked_work(marked_device *m) {
    return (sy_work){.ctx = m,
        .prepare = device_prepare,
        .launch = marked_launch,
        .sync = marked_sync,
        .is_cancelled = device_is_cancelled,
        .resume = marked_resume,
        .mark = marked_mark,
        .reach = marked_reach};
}

#endif
