/* Wrong memory: sizes, refusals, copies, their order. */
#include <stdlib.h>
#include <string.h>

#include "tests/plugins/spoiled/spoiled.h"

static sy_status alloc_silent(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    (void)err;
    return sim_memory.alloc(device, kind, bytes, out_buffer, NULL);
}
static void silent(spoiled_tables *tables) {
    tables->memory.alloc = alloc_silent;
}

static sy_status alloc_boast(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    return sim_memory.alloc(device, kind, bytes > UINT64_C(1) << 60 ? 4096 : bytes, out_buffer, err);
}
static void boast(spoiled_tables *tables) {
    tables->memory.alloc = alloc_boast;
}

static sy_status import_exit(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    if (memory == NULL)
        return sim_memory.import(device, memory, bytes, out_buffer, err);
    exit(0);
}
static void leave(spoiled_tables *tables) {
    tables->memory.import = import_exit;
}

static sy_status copy_words(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    if (dst.bytes == src.bytes && dst.bytes > 4)
        dst.bytes = src.bytes = dst.bytes / 4 * 4;
    return sim_memory.copy(queue, dst, src, err);
}
static void whole_words(spoiled_tables *tables) {
    tables->memory.copy = copy_words;
}

static sy_status fill_more(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    if (dst.buffer != NULL && dst.offset + dst.bytes < dst.buffer->bytes)
        dst.bytes++;
    return sim_memory.fill(queue, dst, value, err);
}
static void fill_over(spoiled_tables *tables) {
    tables->memory.fill = fill_more;
}

static sy_status copy_outside(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    return dst.buffer != NULL && dst.offset > dst.buffer->bytes ? SY_OK
                                                                : sim_memory.copy(queue, dst, src, err);
}
static void outside(spoiled_tables *tables) {
    tables->memory.copy = copy_outside;
}

/* A copy that is still to be made: overtaken by what is enqueued after it. */
static struct {
    sy_queue *queue;
    sy_span dst, src;
} late;

static void catch_up(void) {
    sy_queue *queue = late.queue;
    late.queue = NULL;
    if (queue != NULL)
        sim_memory.copy(queue, late.dst, late.src, NULL);
}
static sy_status copy_late(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    bool within = dst.buffer != NULL && src.buffer != NULL && dst.buffer->kind == SY_MEMORY_DEVICE &&
                  src.buffer->kind == SY_MEMORY_DEVICE;
    if (!within || late.queue != NULL) {
        sy_status status = sim_memory.copy(queue, dst, src, err);
        catch_up();
        return status;
    }
    late.queue = queue;
    late.dst = dst;
    late.src = src;
    return SY_OK;
}
static sy_status fill_first(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    sy_status status = sim_memory.fill(queue, dst, value, err);
    catch_up();
    return status;
}
static sy_status sync_late(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    catch_up();
    return sim_queue.sync(queue, timeout_ns, err);
}
static void order(spoiled_tables *tables) {
    tables->memory.copy = copy_late;
    tables->memory.fill = fill_first;
    tables->queue.sync = sync_late;
}

static sy_status import_elsewhere(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    return memory == NULL || bytes == 0 ? sim_memory.import(device, memory, bytes, out_buffer, err)
                                        : sim_memory.alloc(device, SY_MEMORY_PINNED, bytes, out_buffer, err);
}
static void not_imported(spoiled_tables *tables) {
    tables->memory.import = import_elsewhere;
}

const spoiler spoil_memory[] = {{"silent", silent}, {"boast", boast}, {"exit", leave},
    {"whole_words", whole_words}, {"fill_over", fill_over}, {"outside", outside}, {"order", order},
    {"not_imported", not_imported}, {NULL, NULL}};
