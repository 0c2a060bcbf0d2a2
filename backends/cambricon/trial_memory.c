/* Memory of trials. */
#include "backends/cambricon/trial_memory.h"

#include "backends/cambricon/words.h"

void cambricon_trial_begin(const sy_device *device, cambricon_trial_memory *out_memory) {
    *out_memory = (cambricon_trial_memory){
        .libraries = cambricon_libraries_of(device), .queue = cambricon_device_of(device)->ask_queue};
}

static void move(
    cambricon_trial_memory *memory, void *to, const void *from, size_t bytes, sy_card_way_of_copy way) {
    void *stack = (void *)(uintptr_t)memory->libraries;
    if (memory->code == 0)
        memory->code = cambricon_runtime.copy(stack, to, from, bytes, way, memory->queue);
    /* Whatever was enqueued lasts no longer than this. */
    int code = cambricon_runtime.stream_sync(stack, memory->queue);
    if (memory->code == 0)
        memory->code = code;
}

void *cambricon_trial_give(cambricon_trial_memory *memory, const void *data, size_t bytes) {
    void *address = NULL;
    if (bytes == 0 || memory->code != 0)
        return NULL;
    if (memory->count == CAMBRICON_TRIAL_MEMORIES) {
        memory->code = CAMBRICON_OWN_NO_MEMORY;
        return NULL;
    }
    memory->code = memory->libraries->cnrt.Malloc(&address, bytes);
    if (memory->code != 0)
        return NULL;
    memory->memory[memory->count++] = address;
    if (data != NULL)
        move(memory, address, data, bytes, SY_CARD_HOST_TO_DEVICE);
    return address;
}

void cambricon_trial_take(cambricon_trial_memory *memory, void *out_data, const void *from, size_t bytes) {
    move(memory, out_data, from, bytes, SY_CARD_DEVICE_TO_HOST);
}

int cambricon_trial_end(cambricon_trial_memory *memory) {
    for (uint32_t i = 0; i < memory->count; i++)
        (void)memory->libraries->cnrt.Free(memory->memory[i]);
    memory->count = 0;
    return memory->code;
}
