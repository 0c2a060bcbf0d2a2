#include "tests/vendor_sim/cuda_family/family.h"

#include <stdlib.h>
#include <string.h>

int family_device(void) {
    return sim_thread_device() < 0 ? 0 : sim_thread_device();
}

bool family_queue_of(void *handle, family_queue *out_queue) {
    if (handle == NULL) {
        *out_queue = (family_queue){.stream = sim_stream_default(family_device())};
        return true;
    }
    family_stream *user = sim_handle_get(handle, FAMILY_STREAM);
    if (user != NULL)
        *out_queue = (family_queue){user->stream, user};
    return user != NULL;
}

static void *copy_of(const void *bytes, size_t count) {
    void *copy = malloc(count > 0 ? count : 1);
    if (copy == NULL)
        sim_die("the host has no memory for a graph");
    if (count > 0)
        memcpy(copy, bytes, count);
    return copy;
}

void family_enqueue(const family_queue *queue, const sim_work *work) {
    family_stream *user = queue->user;
    if (user == NULL || !user->is_capturing) {
        sim_stream_enqueue(queue->stream, work);
        return;
    }
    family_step step = {.work = *work};
    step.work.args = copy_of(work->args, work->bytes);
    *user->capture.last = copy_of(&step, sizeof step);
    user->capture.last = &(*user->capture.last)->next;
}

bool family_operand(int device, const void *address, uint64_t bytes, void **out_view) {
    *out_view = NULL;
    if (bytes == 0)
        return true;
    *out_view = sim_memory_view(device, address, bytes);
    if (*out_view == NULL)
        sim_misuse("operand_not_on_device");
    return *out_view != NULL;
}
