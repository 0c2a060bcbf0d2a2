/* Which cards there are, and how functions of the telemetry begin. */
#include "tests/vendor_sim/ascend/card.h"

#include <stddef.h>
#include <string.h>

#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

int as_card_dies(void) {
    bool has_two = strncmp(as_soc_name(0), "Ascend910_93", strlen("Ascend910_93")) == 0;
    return (int)sim_number(SIM_NO_DEVICE, "dies", has_two ? 2 : 1);
}

int as_card_count(void) {
    return (sim_devices() + as_card_dies() - 1) / as_card_dies();
}

int as_card_id(int index) {
    return (int)as_nth("cards", index, index);
}

int as_card_logic(int device) {
    return (int)as_nth("logic", device, device);
}

int as_card_init(const char *function) {
    int code = sim_enter_apart(function);
    if (code == DCMI_OK)
        code = (int)sim_number(SIM_NO_DEVICE, "dcmi_code", DCMI_OK);
    if (code == DCMI_OK)
        *sim_slot("dcmi_init") = 1;
    return sim_leave(code);
}

int as_card_enter(const char *function) {
    int code = sim_enter_apart(function);
    if (code == DCMI_OK)
        code = (int)sim_number(SIM_NO_DEVICE, "dcmi_code", DCMI_OK);
    if (code != DCMI_OK || *sim_slot("dcmi_init") != 0)
        return code;
    sim_misuse("dcmi_without_init");
    return DCMI_ERR_CODE_NOT_READY;
}

int as_card_enter_on(const char *function, int card, int device, const void *out, int *out_device) {
    int code = as_card_enter(function);
    if (code != DCMI_OK)
        return code;
    if (out == NULL)
        return DCMI_ERR_CODE_INVALID_PARAMETER;
    for (int i = 0; i < as_card_count(); i++) {
        *out_device = i * as_card_dies() + device;
        if (as_card_id(i) == card)
            return device >= 0 && device < as_card_dies() && *out_device < sim_devices()
                       ? DCMI_OK
                       : DCMI_ERR_CODE_INVALID_DEVICE_ID;
    }
    return DCMI_ERR_CODE_INVALID_PARAMETER;
}

int as_card_enter_on_logic(const char *function, int64_t logic, const void *out, int *out_device) {
    int code = as_card_enter(function);
    if (code == DCMI_OK && out == NULL)
        return DCMI_ERR_CODE_INVALID_PARAMETER;
    for (int i = 0; code == DCMI_OK && i < sim_devices(); i++)
        if (as_card_logic(i) == logic) {
            *out_device = i;
            return DCMI_OK;
        }
    return code != DCMI_OK ? code : DCMI_ERR_CODE_INVALID_DEVICE_ID;
}
