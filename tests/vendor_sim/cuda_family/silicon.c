#include "tests/vendor_sim/cuda_family/silicon.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/vendor_sim/cuda_family/family.h"

const char *silicon_name(int device) {
    return sim_text(device, "name", "Simulated " SIM_STACK " card");
}

static bool parse(const char *text, silicon_address *out) {
    char rest;
    return sscanf(text, "%x:%x:%x.%x%c", &out->domain, &out->bus, &out->device, &out->function, &rest) == 4;
}

silicon_address silicon_pci_of(int device) {
    char own[SIM_NAME_MAX];
    silicon_address address = {0, 0x3b + (unsigned)device, 0, 0};
    snprintf(own, sizeof own, "pci@%d", device);
    const char *text =
        sim_text(SIM_NO_DEVICE, own, device == 0 ? sim_text(SIM_NO_DEVICE, "pci", NULL) : NULL);
    if (text != NULL && !parse(text, &address))
        sim_die("setting pci=%s: 0000:3b:00.0 is wanted", text);
    return address;
}

void silicon_pci(int device, int domain_digits, bool is_upper, char out_id[SILICON_PCI_BYTES]) {
    silicon_address at = silicon_pci_of(device);
    snprintf(out_id, SILICON_PCI_BYTES, is_upper ? "%0*X:%02X:%02X.%X" : "%0*x:%02x:%02x.%x", domain_digits,
        at.domain, at.bus, at.device, at.function);
}

int silicon_find(const char *pci) {
    silicon_address wanted;
    for (int i = 0; parse(pci, &wanted) && i < sim_devices(); i++) {
        silicon_address one = silicon_pci_of(i);
        if (one.domain == wanted.domain && one.bus == wanted.bus && one.device == wanted.device)
            return i;
    }
    return -1;
}

int silicon_of_index(int64_t index) {
    if (index < 0 || index >= sim_devices())
        return -1;
    const char *at = sim_text(SIM_NO_DEVICE, "order", NULL);
    for (char *end; at != NULL; at = *end == ',' ? end + 1 : NULL) {
        long device = strtol(at, &end, 10);
        if (end != at && index-- == 0)
            return device >= 0 && device < sim_devices() ? (int)device : -1;
    }
    return (int)index;
}
