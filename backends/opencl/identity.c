/* Which silicon a device is: its PCI address and UUID, so that a card which another backend drives too is
 * known again. */
#include <stdio.h>
#include <string.h>

#include "backends/opencl/opencl.h"
#include "backends/opencl/query.h"

/* cl_khr_pci_bus_info, cl_khr_device_uuid, cl_nv_device_attribute_query, cl_amd_device_attribute_query; the
 * headers of some distributions lack them. */
enum {
    QUERY_PCI_KHR = 0x410f,
    QUERY_UUID_KHR = 0x106a,
    QUERY_PCI_BUS_NV = 0x4008,
    QUERY_PCI_SLOT_NV = 0x4009,
    QUERY_PCI_DOMAIN_NV = 0x400a,
    QUERY_TOPOLOGY_AMD = 0x4037
};

/* What the driver writes for QUERY_PCI_KHR. */
typedef struct pci_address {
    cl_uint domain, bus, device, function;
} pci_address;

/* What AMD's writes: kind 1 is PCI Express. */
typedef struct amd_topology {
    cl_uint kind;
    unsigned char unused[17], bus, device, function;
} amd_topology;

static bool read_amd(const ocl_api *api, cl_device_id device, pci_address *out_address) {
    amd_topology topology;
    if (!ocl_query_value(api, device, QUERY_TOPOLOGY_AMD, &topology, sizeof topology) || topology.kind != 1)
        return false;
    *out_address =
        (pci_address){.bus = topology.bus, .device = topology.device, .function = topology.function};
    return true;
}

/* The slot is device and function in one, as PCI has them. */
static bool read_nv(const ocl_api *api, cl_device_id device, pci_address *out_address) {
    cl_uint bus, slot;
    if (!ocl_query_value(api, device, QUERY_PCI_BUS_NV, &bus, sizeof bus) ||
        !ocl_query_value(api, device, QUERY_PCI_SLOT_NV, &slot, sizeof slot))
        return false;
    *out_address = (pci_address){.domain = (cl_uint)ocl_query_number(api, device, QUERY_PCI_DOMAIN_NV),
        .bus = bus & 0xff,
        .device = (slot >> 3) & 0x1f,
        .function = slot & 7};
    return true;
}

static void write_pci(const ocl_api *api, cl_device_id device, char out_pci[16]) {
    pci_address address;
    bool is_known = ocl_query_extension(api, device, "cl_khr_pci_bus_info") &&
                    ocl_query_value(api, device, QUERY_PCI_KHR, &address, sizeof address);
    if (!is_known && ocl_query_extension(api, device, "cl_nv_device_attribute_query"))
        is_known = read_nv(api, device, &address);
    if (!is_known && ocl_query_extension(api, device, "cl_amd_device_attribute_query"))
        is_known = read_amd(api, device, &address);
    if (is_known)
        snprintf(out_pci, 16, "%04x:%02x:%02x.%x", address.domain & 0xffff, address.bus & 0xff,
            address.device & 0xff, address.function & 0xf);
}

static void write_uuid(const ocl_api *api, cl_device_id device, char out_uuid[48]) {
    unsigned char bytes[16];
    static const unsigned char none[16];
    if (!ocl_query_extension(api, device, "cl_khr_device_uuid") ||
        !ocl_query_value(api, device, QUERY_UUID_KHR, bytes, sizeof bytes) ||
        memcmp(bytes, none, sizeof bytes) == 0)
        return;
    size_t at = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        at += (size_t)snprintf(
            out_uuid + at, 48 - at, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
}

void ocl_identify(
    const ocl_api *api, cl_device_id device, const ocl_traits *traits, char out_pci[16], char out_uuid[48]) {
    out_pci[0] = out_uuid[0] = '\0';
    if (traits->is_host)
        return;
    write_pci(api, device, out_pci);
    write_uuid(api, device, out_uuid);
}
