/* NVML: who a card is. */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/meter_nvml.h"

#define PROCESSES_MAX 64u
#define ENTRY_BYTES_MAX 32u
#define UNTOUCHED 0xEE

/*
 * Entries of the list begin with the process id and have 16, 24 or 32 bytes, as the library's version has it:
 * which, is told by how much of the room was written.
 */
static uint32_t entry_bytes(const unsigned char *room, size_t bytes, uint32_t count) {
    while (bytes > 0 && room[bytes - 1] == UNTOUCHED)
        bytes--;
    if (bytes <= (size_t)count * 16)
        return 16;
    return bytes <= (size_t)count * 24 ? 24 : 32;
}

static int32_t count_others(const cf_nvml *api, void *card) {
    unsigned char room[PROCESSES_MAX * ENTRY_BYTES_MAX];
    uint32_t pids[PROCESSES_MAX];
    unsigned count = PROCESSES_MAX;
    memset(room, UNTOUCHED, sizeof room);
    if (api->processes == NULL || api->processes(card, &count, room) != CF_NVML_OK || count > PROCESSES_MAX)
        return -1;
    uint32_t step = entry_bytes(room, sizeof room, count);
    for (uint32_t i = 0; i < count; i++)
        memcpy(&pids[i], room + (size_t)i * step, sizeof pids[i]);
    return cf_meter_count_others(pids, count);
}

/* A text of the library, "" where it fails. */
static void copy_text(
    int (*get)(void *card, char *text, unsigned capacity), void *card, char *out_text, size_t capacity) {
    char text[128] = "";
    if (get != NULL && get(card, text, sizeof text - 1) == CF_NVML_OK)
        snprintf(out_text, capacity, "%.*s", (int)capacity - 1, text);
}

void cf_nvml_identify(cf_meter *meter, cf_meter_identity *out_identity) {
    const cf_nvml *api = meter->library->api;
    void *card = meter->card;
    unsigned mig = 0, mig_later = 0;
    int ecc = 0, ecc_later = 0;
    char driver[96] = "";
    copy_text(api->name, card, out_identity->name, sizeof out_identity->name);
    copy_text(api->uuid, card, out_identity->uuid, sizeof out_identity->uuid);
    if (api->driver_version != NULL && api->driver_version(driver, sizeof driver - 1) == CF_NVML_OK)
        snprintf(out_identity->driver, sizeof out_identity->driver, "%.63s", driver);
    if (api->mig_mode != NULL && api->mig_mode(card, &mig, &mig_later) == CF_NVML_OK)
        out_identity->mig = mig != 0;
    if (api->ecc_mode != NULL && api->ecc_mode(card, &ecc, &ecc_later) == CF_NVML_OK)
        out_identity->ecc = ecc != 0;
    out_identity->other_processes = count_others(api, card);
}
