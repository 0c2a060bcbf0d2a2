/* Which cards there are, and what each one is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

/* Facts of the models that can be chosen by `model`. */
enum { MODEL_590 = 0, MODEL_370 = 1, MODEL_270 = 2, MODELS = 3 };
static const struct {
    const char *key, *name, *series;
} models[MODELS] = {
    {"mlu590", "MLU590-M9", "MLU590"}, {"mlu370", "MLU370-X8", "MLU370"}, {"mlu270", "MLU270-F4", "MLU270"}};

static const struct {
    const char *key;
    int64_t of_model[MODELS];
} facts[] = {
    {"major", {5, 3, 2}},
    {"minor", {0, 0, 0}},
    {"sparse", {0, 0, 0}},
    {"fp16", {1, 1, 0}},
    {"fp32", {1, 1, 0}},
    {"int4", {0, 0, 1}},
    {"int8", {1, 1, 1}},
    {"bf16", {1, 0, 0}},
    {"tf32", {1, 0, 0}},
    {"isa", {592, 372, 270}},
    {"clusters", {8, 8, 4}},
    {"cores", {4, 4, 4}},
    {"l2", {96 << 20, 24 << 20, 8 << 20}},
    {"nram", {512 << 10, 768 << 10, 512 << 10}},
    {"ecc", {1, 1, 1}},
    {"core_mhz", {1500, 1300, 1000}},
    {"memory_mhz", {1600, 3000, 1600}},
    {"bus", {2560, 384, 256}},
    {"card_id", {26, 23, 1}},
    {"cap", {550, 250, 150}},
    {"temperature", {45, 45, 45}},
};

static int model_of(int device) {
    const char *wanted = sim_text(device, "model", models[0].key);
    for (int model = 0; model < MODELS; model++)
        if (strcmp(models[model].key, wanted) == 0)
            return model;
    sim_die("model=%s: there are mlu590, mlu370 and mlu270", wanted);
}

int64_t mlu_fact(int device, const char *key) {
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (strcmp(facts[i].key, key) == 0)
            return sim_number(device, key, facts[i].of_model[model_of(device)]);
    return -1;
}

const char *mlu_name(int device) {
    return sim_text(device, "name", models[model_of(device)].name);
}

const char *mlu_series(int device) {
    return sim_text(device, "series", models[model_of(device)].series);
}

/* The visible devices in their order; returns how many. What is no index ends the list. */
static int read_visible(int out_device[SIM_DEVICES_MAX]) {
    const char *text = getenv("MLU_VISIBLE_DEVICES");
    int count = 0, devices = sim_devices();
    if (text == NULL) {
        for (; count < devices; count++)
            out_device[count] = count;
        return count;
    }
    while (*text != '\0' && count < SIM_DEVICES_MAX) {
        char *end = NULL;
        long device = strtol(text, &end, 10);
        if (end == text || device < 0 || device >= devices)
            break;
        out_device[count++] = (int)device;
        text = *end == ',' ? end + 1 : end;
    }
    return count;
}

int mlu_visible_count(void) {
    int device[SIM_DEVICES_MAX];
    return read_visible(device);
}

int mlu_physical(int visible) {
    int device[SIM_DEVICES_MAX];
    int count = read_visible(device);
    return visible >= 0 && visible < count ? device[visible] : -1;
}

int mlu_visible(int physical) {
    int device[SIM_DEVICES_MAX];
    int count = read_visible(device);
    for (int i = 0; i < count; i++)
        if (device[i] == physical)
            return i;
    return -1;
}

int mlu_current(void) {
    int device = sim_thread_device();
    return device >= 0 ? device : mlu_physical(0);
}

sim_stream *mlu_stream(cnrtQueue_t handle, int *out_device) {
    if ((uintptr_t)handle <= 2) {
        *out_device = mlu_current();
        return *out_device < 0 ? NULL : sim_stream_default(*out_device);
    }
    const mlu_queue *queue = sim_handle_get(handle, MLU_QUEUE);
    *out_device = queue != NULL ? queue->device : -1;
    return queue != NULL ? queue->stream : NULL;
}

static int64_t *trap_of(int device) {
    char name[SIM_NAME_MAX];
    snprintf(name, sizeof name, "trap@%d", device);
    return sim_slot(name);
}

cnrtRet_t mlu_trap_of(int device) {
    return device >= 0 ? (cnrtRet_t)*trap_of(device) : cnrtSuccess;
}

void mlu_set_trap(int device, cnrtRet_t code) {
    *trap_of(device) = code;
}

bool mlu_pci_read(const char *text, mlu_address *out_address) {
    unsigned int *part = out_address->part;
    char behind = '\0';
    return sscanf(text, "%4x:%2x:%2x.%1x%c", &part[0], &part[1], &part[2], &part[3], &behind) == 4;
}

mlu_address mlu_pci(int device) {
    mlu_address address = {{0, 0x10u + (unsigned int)device, 0, 0}};
    const char *text = sim_text(device, "pci", NULL);
    if (text != NULL && !mlu_pci_read(text, &address))
        sim_die("pci=%s: an address is 0000:3b:00.0", text);
    return address;
}

int mlu_at_pci(const char *text) {
    mlu_address wanted;
    if (!mlu_pci_read(text, &wanted))
        return -1;
    for (int device = 0; device < sim_devices(); device++) {
        mlu_address address = mlu_pci(device);
        if (memcmp(&address, &wanted, sizeof address) == 0)
            return device;
    }
    return -1;
}
