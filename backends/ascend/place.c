/* Devices of the runtime among those of the telemetry. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "backends/ascend/inside.h"
#include "backends/ascend/numbers.h"
#include "runtime/base/error.h"

static const ascend_place *by_logic(const ascend_dcmi *dcmi, int64_t logic) {
    for (uint32_t i = 0; i < dcmi->count; i++)
        if (dcmi->place[i].logic >= 0 && dcmi->place[i].logic == logic)
            return &dcmi->place[i];
    return NULL;
}

/* Domains are written with four digits or eight. */
static bool is_same_address(const char *one, const char *other) {
    size_t a = strlen(one), b = strlen(other);
    while (a > 0 && b > 0) {
        a--;
        b--;
        if (tolower((unsigned char)one[a]) != tolower((unsigned char)other[b]))
            return false;
    }
    const char *rest = a > 0 ? one : other;
    for (size_t i = 0; i < a + b; i++)
        if (rest[i] != '0')
            return false;
    return true;
}

static const ascend_place *by_address(const ascend_libraries *libraries, uint32_t index) {
    char text[32] = "";
    if (libraries->runtime.rtDeviceGetPCIBusId == NULL ||
        libraries->runtime.rtDeviceGetPCIBusId((int32_t)index, text, (int32_t)sizeof text) != 0)
        return NULL;
    text[sizeof text - 1] = '\0';
    for (uint32_t i = 0; i < libraries->dcmi.count; i++)
        if (libraries->dcmi.place[i].pci[0] != '\0' && is_same_address(text, libraries->dcmi.place[i].pci))
            return &libraries->dcmi.place[i];
    return NULL;
}

static const ascend_place *by_told_logic(const ascend_libraries *libraries, uint32_t index) {
    int32_t logic = -1;
    if (libraries->runtime.rtGetLogicDevIdByUserDevId == NULL ||
        libraries->runtime.rtGetLogicDevIdByUserDevId((int32_t)index, &logic) != 0)
        return NULL;
    return by_logic(&libraries->dcmi, logic);
}

static const ascend_place *by_physical(const ascend_libraries *libraries, uint32_t index) {
    const ascend_dcmi *dcmi = &libraries->dcmi;
    int64_t wanted = -1;
    if (libraries->runtime.rtGetDeviceInfo == NULL || dcmi->api.get_device_phyid_from_logicid == NULL ||
        libraries->runtime.rtGetDeviceInfo(index, ACL_ATTRIBUTE_PHYSICAL_ID, &wanted) != 0)
        return NULL;
    for (uint32_t i = 0; i < dcmi->count; i++) {
        unsigned int physical = 0;
        if (dcmi->place[i].logic >= 0 &&
            dcmi->api.get_device_phyid_from_logicid((unsigned int)dcmi->place[i].logic, &physical) == 0 &&
            physical == wanted)
            return &dcmi->place[i];
    }
    return NULL;
}

/* The mask's entry: "0,3,5". False: no such entry, or not a number. */
static bool entry_of(const char *mask, uint32_t index, long *out_entry) {
    char *end = NULL;
    for (uint32_t i = 0;; i++) {
        long entry = strtol(mask, &end, 10);
        if (end == mask || entry < 0 || (*end != ',' && *end != '\0'))
            return false;
        *out_entry = entry;
        if (i == index)
            return true;
        if (*end == '\0')
            return false;
        mask = end + 1;
    }
}

static const ascend_place *by_mask(const ascend_libraries *libraries, uint32_t index, const char *mask) {
    uint32_t count = 0;
    long entry = 0;
    if (mask != NULL)
        return entry_of(mask, index, &entry) ? by_logic(&libraries->dcmi, entry) : NULL;
    /* Without a mask the numbers are the same, unless a container shows fewer to one of them. */
    if (libraries->runtime.rtGetDeviceCount(&count) != 0 || count != libraries->dcmi.count)
        return NULL;
    return by_logic(&libraries->dcmi, index);
}

sy_status ascend_place_find(
    const ascend_libraries *libraries, uint32_t index, ascend_place *out_place, sy_error *err) {
    const ascend_dcmi *dcmi = &libraries->dcmi;
    const char *mask = secure_getenv("ASCEND_RT_VISIBLE_DEVICES");
    if (dcmi->status != SY_OK)
        return sy_error_set(err, SY_UNAVAILABLE, "%s", sy_error_text(&dcmi->reason, dcmi->status));
    const ascend_place *place = by_address(libraries, index);
    if (place == NULL)
        place = by_told_logic(libraries, index);
    if (place == NULL)
        place = by_physical(libraries, index);
    if (place == NULL)
        place = by_mask(libraries, index, mask);
    if (place == NULL)
        return sy_error_set(err, SY_UNAVAILABLE,
            "dcmi knows %u devices, and this runtime does not tell which of them device %u is%s%s",
            dcmi->count, index, mask != NULL ? " behind ASCEND_RT_VISIBLE_DEVICES=" : "",
            mask != NULL ? mask : "");
    *out_place = *place;
    return SY_OK;
}
