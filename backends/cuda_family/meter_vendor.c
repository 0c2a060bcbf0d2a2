/* Vendors by their number on the bus. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/cuda_family/meter_kind.h"
#include "runtime/base/error.h"
#include "runtime/base/sysfs.h"

static const cf_vendor vendors[] = {
    {0x10de, "NVIDIA", &cf_meter_nvml},
    {0x1002, "AMD", &cf_meter_rsmi},
    {0x1d94, "Hygon", &cf_meter_rsmi},
    {0x1ed5, "Moore Threads", &cf_meter_mtml},
    {0x9999, "MetaX", &cf_meter_mxsml},
    {0x1e3e, "Iluvatar", &cf_meter_ixml},
    {0x1d22, "Kunlunxin", &cf_meter_xpuml},
    {0x1e36, "Enflame", NULL},
    {0x1ee0, "Biren", NULL},
};

/* "0x10de"; 0, nobody's number, if it is anything else. */
static uint32_t parse_id(const char *text) {
    char *end = NULL;
    unsigned long id = strtoul(text, &end, 16);
    return strncmp(text, "0x", 2) == 0 && end != text + 2 && *end == '\0' && id <= 0xffff ? (uint32_t)id : 0;
}

sy_status cf_vendor_of_pci(
    const sy_host *host, const char *pci, const cf_vendor **out_vendor, sy_error *err) {
    cf_pci address;
    char spelled[24], path[80], text[16];
    const char *root = host != NULL && host->option != NULL ? host->option(host->ctx, "sysroot") : NULL;
    *out_vendor = NULL;
    if (!cf_pci_parse(pci, &address))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "\"%s\" is no PCI address such as 0000:3b:00.0", pci);
    cf_pci_text(&address, spelled);
    snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/vendor", spelled);
    if (sy_sysfs_text(root, path, text, sizeof text, err) != SY_OK)
        return SY_UNAVAILABLE;
    uint32_t id = parse_id(text);
    for (size_t i = 0; i < sizeof vendors / sizeof vendors[0]; i++)
        if (vendors[i].id == id)
            *out_vendor = &vendors[i];
    if (*out_vendor == NULL)
        return sy_error_set(
            err, SY_UNSUPPORTED, "%s: PCI vendor \"%s\" is not one of those known", spelled, text);
    return SY_OK;
}
