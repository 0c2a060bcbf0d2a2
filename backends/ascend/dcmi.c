/* DCMI: started, listed, read. */
#include "backends/ascend/dcmi.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"

enum { DCMI_NOT_THERE = -8008, DCMI_NO_DEVICE_ID = -8007, DCMI_UNSUPPORTED = -8255, NO_FUNCTION = 1 };

/* What a card's controller tells when it has no value: not valid, not readable. */
enum { MCU_INVALID = 0x7ffd, MCU_UNREADABLE = 0x7fff };

const char *ascend_dcmi_word(int code) {
    static const struct {
        int code;
        const char *word;
    } words[] = {{-8001, "invalid parameter"}, {-8002, "not permitted"}, {-8003, "memory operation failed"},
        {-8004, "secure function failed"}, {-8005, "internal error"}, {-8006, "timed out"},
        {DCMI_NO_DEVICE_ID, "no such device"}, {DCMI_NOT_THERE, "the device is not there"},
        {-8009, "the driver refused"}, {-8012, "not ready"}, {-8013, "not inside a container"},
        {-8017, "being upgraded"}, {-8020, "busy"}, {DCMI_UNSUPPORTED, "not supported"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].code == code)
            return words[i].word;
    return "failed";
}

static void put_pci(const ascend_dcmi_api *api, ascend_place *place) {
    dcmi_pci pci = {0};
    if (api->get_device_pcie_info_v2 == NULL ||
        api->get_device_pcie_info_v2(place->card, place->device, &pci) != 0)
        return;
    snprintf(place->pci, sizeof place->pci, "%04x:%02x:%02x.%x", (unsigned)pci.domain & 0xffffu,
        pci.bus & 0xffu, pci.slot & 0x1fu, pci.function & 7u);
}

/* A card's accelerators are its devices 0 to device_max - 1; its controller comes behind. */
static void add_card(ascend_dcmi *dcmi, int card) {
    int device_max = 0, mcu = 0, cpu = 0, logic = 0;
    if (dcmi->api.get_device_id_in_card(card, &device_max, &mcu, &cpu) != 0)
        return;
    for (int i = 0; i < device_max && dcmi->count < ASCEND_PLACES_MAX; i++) {
        ascend_place *place = &dcmi->place[dcmi->count];
        logic = -1;
        if (dcmi->api.get_device_logic_id != NULL && dcmi->api.get_device_logic_id(&logic, card, i) != 0)
            continue;
        *place = (ascend_place){
            .card = card, .device = i, .logic = logic, .devices_in_card = (uint32_t)device_max};
        put_pci(&dcmi->api, place);
        dcmi->count++;
    }
}

static int list_cards(ascend_dcmi *dcmi) {
    int count = 0, card[ASCEND_PLACES_MAX];
    int (*list)(int *, int *, int) =
        dcmi->api.get_card_list != NULL ? dcmi->api.get_card_list : dcmi->api.get_card_num_list;
    if (list == NULL || dcmi->api.get_device_id_in_card == NULL)
        return NO_FUNCTION;
    int code = list(&count, card, ASCEND_PLACES_MAX);
    for (int i = 0; code == 0 && i < count && i < ASCEND_PLACES_MAX; i++)
        add_card(dcmi, card[i]);
    return code;
}

/* One number a device, the logic id. */
static int list_devices(ascend_dcmi *dcmi) {
    int count = 0, device[ASCEND_PLACES_MAX];
    if (dcmi->api.v2_get_device_list == NULL)
        return NO_FUNCTION;
    int code = dcmi->api.v2_get_device_list(device, &count, ASCEND_PLACES_MAX);
    for (int i = 0; code == 0 && i < count && i < ASCEND_PLACES_MAX; i++)
        dcmi->place[dcmi->count++] =
            (ascend_place){.card = -1, .device = device[i], .logic = device[i], .devices_in_card = 1};
    return code;
}

static sy_status fail_start(ascend_dcmi *dcmi, const char *what, int code) {
    const char *word = code == NO_FUNCTION ? "no such function" : ascend_dcmi_word(code);
    return sy_error_set(&dcmi->reason, SY_UNAVAILABLE,
        "dcmi: %s: %s (%d); a container needs the mounts /usr/local/dcmi and /usr/local/Ascend/driver/lib64, "
        "and "
        "/dev/davinci_manager",
        what, word, code);
}

void ascend_dcmi_start(ascend_dcmi *dcmi) {
    bool is_first = dcmi->api.init != NULL;
    int code = is_first ? dcmi->api.init() : dcmi->api.v2_init != NULL ? dcmi->api.v2_init() : NO_FUNCTION;
    dcmi->status = code == 0 ? SY_OK : fail_start(dcmi, "starting", code);
    if (dcmi->status != SY_OK)
        return;
    if (dcmi->api.get_dcmi_version == NULL ||
        dcmi->api.get_dcmi_version(dcmi->version, (int)sizeof dcmi->version) != 0)
        dcmi->version[0] = '\0';
    dcmi->version[sizeof dcmi->version - 1] = '\0';
    code = is_first ? list_cards(dcmi) : list_devices(dcmi);
    if (code != 0)
        dcmi->status = fail_start(dcmi, "listing devices", code);
}

static int read_power(const ascend_dcmi_api *api, const ascend_place *place, double *out_value) {
    int tenths = 0, code = NO_FUNCTION;
    if (place->card < 0 && api->v2_get_device_power_info != NULL)
        code = api->v2_get_device_power_info(place->device, &tenths);
    else if (place->card >= 0 && api->get_device_power_info != NULL)
        code = api->get_device_power_info(place->card, place->device, &tenths);
    *out_value = tenths >= 0 ? tenths * 0.1 : -1.0;
    return code;
}

static int read_card_power(const ascend_dcmi_api *api, const ascend_place *place, double *out_value) {
    int tenths = 0;
    if (place->card < 0 || api->mcu_get_power_info == NULL)
        return NO_FUNCTION;
    int code = api->mcu_get_power_info(place->card, &tenths);
    *out_value = tenths >= 0 && tenths != MCU_INVALID && tenths != MCU_UNREADABLE ? tenths * 0.1 : -1.0;
    return code;
}

static int read_temperature(const ascend_dcmi_api *api, const ascend_place *place, double *out_value) {
    int celsius = 0, code = NO_FUNCTION;
    if (place->card < 0 && api->v2_get_device_temperature != NULL)
        code = api->v2_get_device_temperature(place->device, &celsius);
    else if (place->card >= 0 && api->get_device_temperature != NULL)
        code = api->get_device_temperature(place->card, place->device, &celsius);
    *out_value = celsius;
    return code;
}

static int read_clock(const ascend_dcmi_api *api, const ascend_place *place, double *out_value) {
    unsigned int mhz = 0;
    int code = NO_FUNCTION;
    if (place->card < 0 && api->v2_get_device_frequency != NULL)
        code = api->v2_get_device_frequency(place->device, DCMI_CORE_NOW, &mhz);
    else if (place->card >= 0 && api->get_device_frequency != NULL)
        code = api->get_device_frequency(place->card, place->device, DCMI_CORE_NOW, &mhz);
    *out_value = mhz * 1e6;
    return code;
}

static int read_quantity(
    const ascend_dcmi_api *api, const ascend_place *place, ascend_quantity what, double *out_value) {
    switch (what) {
    case ASCEND_POWER: return read_power(api, place, out_value);
    case ASCEND_CARD_POWER: return read_card_power(api, place, out_value);
    case ASCEND_TEMPERATURE: return read_temperature(api, place, out_value);
    default: return read_clock(api, place, out_value);
    }
}

static sy_status status_of(int code) {
    if (code == NO_FUNCTION || code == DCMI_UNSUPPORTED)
        return SY_UNSUPPORTED;
    return code == DCMI_NOT_THERE || code == DCMI_NO_DEVICE_ID ? SY_LOST : SY_INTERNAL;
}

sy_status ascend_dcmi_read(
    ascend_dcmi *dcmi, const ascend_place *place, ascend_quantity what, double *out_value, sy_error *err) {
    static const char *const names[] = {"power", "card power", "temperature", "core clock"};
    double value = -1.0;
    pthread_mutex_lock(&dcmi->lock);
    int code = read_quantity(&dcmi->api, place, what, &value);
    pthread_mutex_unlock(&dcmi->lock);
    if (code != 0) {
        if (err != NULL && err->size >= offsetof(sy_error, text))
            err->vendor_code = code;
        return sy_error_set(err, status_of(code), "dcmi: %s: %s (%d)", names[what],
            code == NO_FUNCTION ? "the library has no function for it" : ascend_dcmi_word(code), code);
    }
    /* A temperature may well be below zero; power that is says that there is none. */
    if (what != ASCEND_TEMPERATURE && value < 0.0)
        return sy_error_set(err, SY_UNAVAILABLE, "dcmi: %s: no value now", names[what]);
    *out_value = value;
    return SY_OK;
}
