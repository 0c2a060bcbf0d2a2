/* Two threads at once, each with a queue and memory of its own. */
#include <pthread.h>
#include <string.h>

#include "bench/conform/checks.h"
#include "runtime/base/error.h"

enum { ROUNDS = 200, BYTES = 65536, THREADS = 2 };

/* A thread and what it found wrong; it cannot speak to the parent. */
typedef struct worker {
    const conform_kit *kit;
    uint8_t number;
    sy_status status;
    sy_error error;
} worker;

/* What a thread holds. */
typedef struct hand {
    sy_queue *queue;
    sy_buffer *device, *pinned;
} hand;

static sy_status take(const conform_kit *kit, hand *h, sy_error *err) {
    const sy_backend_api *api = kit->on.api;
    sy_status status = api->queue->create(kit->on.device, &h->queue, err);
    if (status == SY_OK)
        status = api->memory->alloc(kit->on.device, SY_MEMORY_DEVICE, 2 * BYTES, &h->device, err);
    if (status == SY_OK)
        status = api->memory->alloc(kit->on.device, SY_MEMORY_PINNED, BYTES, &h->pinned, err);
    return status;
}

static void drop(const conform_kit *kit, hand *h) {
    const sy_backend_api *api = kit->on.api;
    if (h->queue != NULL)
        api->queue->destroy(h->queue);
    if (h->pinned != NULL)
        api->memory->free(h->pinned);
    if (h->device != NULL)
        api->memory->free(h->device);
}

/* A value through the device and back, on this thread's queue. */
static sy_status pass_through(const conform_kit *kit, const hand *h, uint8_t value, sy_error *err) {
    const sy_memory_api *memory = kit->on.api->memory;
    uint8_t *host = memory->host_ptr(h->pinned);
    const sy_span front = {h->device, 0, BYTES}, back = {h->device, BYTES, BYTES},
                  ours = {h->pinned, 0, BYTES};
    memset(host, value, BYTES / 2);
    memset(host + BYTES / 2, (uint8_t)~value, BYTES / 2);
    sy_status status = memory->copy(h->queue, front, ours, err);
    if (status == SY_OK)
        status = memory->copy(h->queue, back, front, err);
    if (status == SY_OK)
        status = memory->fill(h->queue, front, 0, err);
    if (status == SY_OK)
        status = kit->on.api->queue->sync(h->queue, UINT64_MAX, err);
    memset(host, 0, BYTES);
    if (status == SY_OK)
        status = memory->copy(h->queue, ours, back, err);
    if (status == SY_OK)
        status = kit->on.api->queue->sync(h->queue, UINT64_MAX, err);
    for (size_t i = 0; status == SY_OK && i < BYTES; i++)
        if (host[i] != (i < BYTES / 2 ? value : (uint8_t)~value))
            return sy_error_set(err, SY_WRONG_RESULT, "byte %zu of a copy is 0x%02x", i, host[i]);
    return status;
}

static void *run_worker(void *ctx) {
    worker *w = ctx;
    const conform_kit *kit = w->kit;
    hand h = {0};
    w->error = SY_ERROR_INIT;
    if (kit->on.api->device->thread_enter != NULL)
        w->status = kit->on.api->device->thread_enter(kit->on.device, &w->error);
    if (w->status != SY_OK)
        return NULL;
    w->status = take(kit, &h, &w->error);
    for (int i = 0; w->status == SY_OK && i < ROUNDS; i++)
        w->status = pass_through(kit, &h, (uint8_t)(i * THREADS + w->number), &w->error);
    drop(kit, &h);
    if (kit->on.api->device->thread_leave != NULL)
        kit->on.api->device->thread_leave(kit->on.device);
    return NULL;
}

void conform_check_threads(conform_kit *kit, size_t item) {
    worker workers[THREADS] = {0};
    pthread_t thread[THREADS];
    int started = 0;
    (void)item;
    conform_doing(kit, "using two queues from two threads");
    for (; started < THREADS; started++) {
        workers[started] = (worker){.kit = kit, .number = (uint8_t)started};
        if (pthread_create(&thread[started], NULL, run_worker, &workers[started]) != 0)
            break;
    }
    for (int i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    if (started < THREADS)
        conform_skip(kit, "no second thread");
    for (int i = 0; i < started; i++)
        if (workers[i].status != SY_OK)
            conform_fail(
                kit, "thread %d: %s: %s", i, sy_status_name(workers[i].status), workers[i].error.text);
    conform_pass(kit, "%d rounds each", ROUNDS);
}
