/* Queues: what is enqueued runs in order; events tie queues together. */
#include <string.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "runtime/base/seam.h"

enum { CHAIN = 16, ROUNDS = 20, PART = 1 << 18 };

/* Source, targets one behind the other, and a queue for what is not the kit's own. */
typedef struct chain {
    sy_buffer *source, *target;
    uint8_t *seen;
} chain;

static bool open_chain(conform_kit *kit, chain *c) {
    *c = (chain){0};
    c->source = conform_alloc(kit, SY_MEMORY_DEVICE, PART);
    c->target = conform_alloc(kit, SY_MEMORY_DEVICE, (uint64_t)CHAIN * PART);
    c->seen = conform_host(kit, (uint64_t)CHAIN * PART);
    return c->source != NULL && c->target != NULL && c->seen != NULL;
}

static void close_chain(conform_kit *kit, chain *c) {
    sy_mem_free(c->seen);
    conform_free(kit, c->target);
    conform_free(kit, c->source);
}

/* Fill the source, copy it on, fill it again at once: each copy must see the value from before it. */
static bool run_chain(conform_kit *kit, const chain *c, uint8_t first) {
    const sy_span whole = {c->source, 0, PART};
    bool ok = true;
    for (uint64_t i = 0; ok && i < CHAIN; i++)
        ok = conform_put(kit, whole, (uint8_t)(first + i)) &&
             conform_copy(kit, (sy_span){c->target, i * PART, PART}, whole);
    ok = ok && conform_put(kit, whole, 0xee) && conform_sync(kit);
    ok = ok && conform_read(kit, (sy_span){c->target, 0, (uint64_t)CHAIN * PART}, c->seen);
    for (uint64_t i = 0; ok && i < CHAIN; i++)
        ok = conform_all_are(
            kit, "a copy between two fills of its source", c->seen + i * PART, PART, (uint8_t)(first + i));
    return ok;
}

/* Pinned memory to the device, on within it, and back, without a wait between. */
static bool run_relay(conform_kit *kit, const chain *c, sy_buffer *pinned, uint8_t value) {
    uint8_t *host = kit->on.api->memory->host_ptr(pinned);
    memset(host, value, PART);
    bool ok = conform_copy(kit, (sy_span){c->source, 0, PART}, (sy_span){pinned, 0, PART});
    for (uint64_t i = 0; ok && i < CHAIN; i++)
        ok = conform_copy(kit, (sy_span){c->target, i * PART, PART},
            i == 0 ? (sy_span){c->source, 0, PART} : (sy_span){c->target, (i - 1) * PART, PART});
    ok = ok &&
         conform_copy(
             kit, (sy_span){pinned, PART, PART}, (sy_span){c->target, (uint64_t)(CHAIN - 1) * PART, PART}) &&
         conform_sync(kit);
    return ok && conform_all_are(kit, "a relay of copies", host + PART, PART, value);
}

void conform_check_order(conform_kit *kit, size_t item) {
    chain c;
    (void)item;
    sy_buffer *pinned = conform_alloc(kit, SY_MEMORY_PINNED, (uint64_t)2 * PART);
    bool ok = open_chain(kit, &c) && pinned != NULL && kit->on.api->memory->host_ptr(pinned) != NULL;
    for (int i = 0; ok && i < ROUNDS; i++) {
        conform_doing(kit, "chain %d of fills and copies", i);
        ok = run_chain(kit, &c, (uint8_t)(1 + i)) && run_relay(kit, &c, pinned, (uint8_t)(101 + i));
    }
    close_chain(kit, &c);
    conform_free(kit, pinned);
    conform_pass(kit, "%d chains of %d fills and copies of %d KiB", ROUNDS, 2 * CHAIN, PART >> 10);
}

/* Write by one queue, read by the other, which waits for the event in between. */
static bool hand_over(conform_kit *kit, const chain *c, sy_queue *second, sy_event *event, uint8_t value) {
    const sy_backend_api *api = kit->on.api;
    sy_error err = SY_ERROR_INIT;
    const sy_span source = {c->source, 0, PART}, target = {c->target, 0, PART};
    uint32_t done = 77;
    bool ok = true;
    for (int i = 0; ok && i < CHAIN; i++)
        ok = conform_put(kit, source, i + 1 < CHAIN ? 0x10 : value);
    ok = ok &&
         conform_succeeds(kit, "event_record", api->queue->event_record(event, kit->on.queue, &err), &err) &&
         conform_succeeds(
             kit, "event_query after the record", api->queue->event_query(event, &done, &err), &err);
    if (ok && done > 1)
        conform_fail(kit, "event_query says %u, must be 0 or 1", done);
    ok =
        ok && conform_succeeds(kit, "event_wait", api->queue->event_wait(second, event, &err), &err) &&
        conform_succeeds(
            kit, "copy in the second queue", api->memory->copy(second, target, source, &err), &err) &&
        conform_succeeds(kit, "sync of the second queue", api->queue->sync(second, UINT64_MAX, &err), &err) &&
        conform_succeeds(
            kit, "event_query after the sync", api->queue->event_query(event, &done, &err), &err);
    if (ok && done != 1)
        conform_fail(kit, "event_query says %u after what waited for the event is done, must be 1", done);
    ok = ok && conform_sync(kit) && conform_read(kit, target, c->seen);
    return ok && conform_all_are(kit, "a copy behind event_wait", c->seen, PART, value);
}

void conform_check_events(conform_kit *kit, size_t item) {
    const sy_queue_api *api = kit->on.api->queue;
    sy_error err = SY_ERROR_INIT;
    sy_queue *second = NULL;
    sy_event *event = NULL;
    chain c;
    (void)item;
    if (api->event_create == NULL) {
        conform_skip(kit, "no events are offered");
        return;
    }
    conform_doing(kit, "creating a second queue and an event");
    bool ok = open_chain(kit, &c) &&
              conform_succeeds(kit, "a second queue", api->create(kit->on.device, &second, &err), &err) &&
              conform_succeeds(kit, "event_create", api->event_create(kit->on.device, &event, &err), &err);
    for (int i = 0; ok && i < ROUNDS; i++) {
        conform_doing(kit, "event %d between two queues", i);
        ok = hand_over(kit, &c, second, event, (uint8_t)(0x20 + i));
    }
    if (event != NULL)
        api->event_destroy(event);
    if (second != NULL)
        api->destroy(second);
    close_chain(kit, &c);
    conform_pass(kit, "%d hand-overs", ROUNDS);
}

/* What was enqueued before a queue is destroyed is done afterwards. */
static void destroy_waits(conform_kit *kit, const chain *c) {
    const sy_backend_api *api = kit->on.api;
    sy_error err = SY_ERROR_INIT;
    sy_queue *queue = NULL;
    const sy_span target = {c->target, 0, PART};
    if (!conform_succeeds(kit, "a second queue", api->queue->create(kit->on.device, &queue, &err), &err))
        return;
    bool ok = conform_succeeds(kit, "fill", api->memory->fill(queue, target, 0x31, &err), &err);
    conform_doing(kit, "destroying a queue with work in it");
    api->queue->destroy(queue);
    if (ok && conform_read(kit, target, c->seen))
        conform_all_are(kit, "a fill whose queue was destroyed at once", c->seen, PART, 0x31);
}

void conform_check_sync(conform_kit *kit, size_t item) {
    const sy_queue_api *api = kit->on.api->queue;
    sy_error err = SY_ERROR_INIT;
    chain c;
    (void)item;
    conform_doing(kit, "waiting for an empty queue");
    bool ok = open_chain(kit, &c) && conform_sync(kit) && conform_sync(kit) &&
              conform_put(kit, (sy_span){c.target, 0, PART}, 0x11);
    conform_doing(kit, "waiting without time");
    sy_status status = ok ? api->sync(kit->on.queue, 0, &err) : SY_OK;
    if (status != SY_TIMEOUT)
        ok = ok && conform_succeeds(kit, "sync without time (timeout or ok)", status, &err);
    if (ok && conform_sync(kit) && conform_read(kit, (sy_span){c.target, 0, PART}, c.seen))
        conform_all_are(kit, "a fill after sync", c.seen, PART, 0x11);
    if (ok)
        destroy_waits(kit, &c);
    close_chain(kit, &c);
}

void conform_check_queues(conform_kit *kit, size_t item) {
    enum { MOST = 8 };
    const sy_queue_api *api = kit->on.api->queue;
    uint32_t wanted =
        kit->info.queues_max > 0 && kit->info.queues_max < MOST + 1 ? kit->info.queues_max - 1 : MOST;
    sy_queue *queue[MOST] = {0};
    (void)item;
    for (uint32_t i = 0; i < wanted; i++) {
        sy_error err = SY_ERROR_INIT;
        conform_doing(kit, "creating queue %u", i + 2);
        if (!conform_succeeds(kit, "a further queue", api->create(kit->on.device, &queue[i], &err), &err))
            break;
        conform_succeeds(kit, "sync", api->sync(queue[i], UINT64_MAX, &err), &err);
    }
    for (uint32_t i = 0; i < wanted; i++)
        if (queue[i] != NULL)
            api->destroy(queue[i]);
    conform_pass(kit, "%u at once", wanted + 1);
}
