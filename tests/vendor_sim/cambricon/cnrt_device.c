/* Versions, devices and what they say of themselves. */
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/cambricon/cnrt.h"
#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#ifdef CNRT_SIM_6_0
enum { VERSION_MINOR = 0, VERSION_PATCH = 2, PROPERTY_BYTES = 256 };
#else
enum { VERSION_MINOR = 14, VERSION_PATCH = 1, PROPERTY_BYTES = 584 };
#endif

cnrtRet_t cnrtGetLibVersion(int *major, int *minor, int *patch) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    if (code == cnrtSuccess && (major == NULL || minor == NULL || patch == NULL))
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess) {
        *major = 6;
        *minor = VERSION_MINOR;
        *patch = VERSION_PATCH;
    }
    return cnrt_leave(code);
}

cnrtRet_t cnrtGetDeviceCount(unsigned int *count) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    if (code == cnrtSuccess && count == NULL)
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess) {
        *count = (unsigned int)mlu_visible_count();
        if (*count == 0 && strcmp(sim_text(SIM_NO_DEVICE, "no_devices", "count"), "error") == 0)
            code = cnrtErrorNoDevice;
    }
    return cnrt_leave(code);
}

cnrtRet_t cnrtSetDevice(int visible) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    if (code == cnrtSuccess && mlu_physical(visible) < 0)
        code = mlu_visible_count() == 0 ? cnrtErrorNoDevice : cnrtErrorDeviceInvalid;
    if (code == cnrtSuccess)
        sim_thread_select(mlu_physical(visible));
    return cnrt_leave(code);
}

cnrtRet_t cnrtGetDevice(int *visible) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    if (code == cnrtSuccess && visible == NULL)
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess && mlu_current() < 0)
        code = cnrtErrorNoDevice;
    if (code == cnrtSuccess)
        *visible = mlu_visible(mlu_current());
    return cnrt_leave(code);
}

cnrtRet_t cnrtSyncDevice(void) {
    cnrtRet_t code = cnrt_enter(__func__);
    if (code == cnrtSuccess)
        code = cnrt_after(mlu_current(), sim_device_sync(mlu_current()));
    return cnrt_leave(code);
}

cnrtRet_t cnrtDeviceReset(void) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    if (code == cnrtSuccess && mlu_current() < 0)
        code = cnrtErrorNoDevice;
    if (code == cnrtSuccess) {
        sim_device_sync(mlu_current());
        mlu_set_trap(mlu_current(), cnrtSuccess);
    }
    return cnrt_leave(code);
}

/* Attributes that are facts of the card. */
static const struct {
    int attribute;
    const char *key;
    int factor;
} attributes[] = {
    {cnrtAttrComputeCapabilityMajor, "major", 1},
    {cnrtAttrComputeCapabilityMinor, "minor", 1},
    {cnrtAttrSparse, "sparse", 1},
    {cnrtAttrFp16, "fp16", 1},
    {cnrtAttrInt4, "int4", 1},
    {cnrtAttrInt8, "int8", 1},
    {cnrtAttrBf16, "bf16", 1},
    {cnrtAttrTf32, "tf32", 1},
    {cnrtAttrClusterCount, "clusters", 1},
    {cnrtAttrCoresPerCluster, "cores", 1},
    {cnrtAttrIsaVersion, "isa", 1},
    {cnrtAttrL2Bytes, "l2", 1},
    {cnrtAttrNramBytes, "nram", 1},
    {cnrtAttrEcc, "ecc", 1},
    {cnrtAttrCoreClockKhz, "core_mhz", 1000},
    {cnrtAttrMemoryClockKhz, "memory_mhz", 1000},
    {cnrtAttrBusWidthBits, "bus", 1},
};

static cnrtRet_t read_attribute(int device, int attribute, int *out_value) {
    bool is_of_pci = attribute >= cnrtAttrPciBus && attribute <= cnrtAttrPciDomain;
    mlu_address pci = mlu_pci(device);
    if ((attribute == cnrtAttrBf16 || attribute == cnrtAttrTf32) &&
        sim_number(device, "old_attributes", 0) != 0)
        return cnrtErrorNoAttribute;
    if (attribute == cnrtAttrMemoryMb || attribute == cnrtAttrFreeMemoryMb)
        *out_value = (int)(sim_memory_total_bytes(device) >> 20);
    else if (is_of_pci)
        *out_value = (int)pci.part[attribute == cnrtAttrPciDomain ? 0 : attribute - cnrtAttrPciBus + 1];
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (attributes[i].attribute == attribute) {
            *out_value = (int)mlu_fact(device, attributes[i].key) * attributes[i].factor;
            return cnrtSuccess;
        }
    bool is_known = is_of_pci || attribute == cnrtAttrMemoryMb || attribute == cnrtAttrFreeMemoryMb;
    return is_known ? cnrtSuccess : cnrtErrorNoAttribute;
}

/* Begin a question about a visible device. */
static cnrtRet_t ask(const char *function, const void *out, int visible) {
    cnrtRet_t code = cnrt_enter_apart(function);
    if (code == cnrtSuccess && out == NULL)
        code = cnrtErrorArgsInvalid;
    return code == cnrtSuccess && mlu_physical(visible) < 0 ? cnrtErrorDeviceInvalid : code;
}

cnrtRet_t cnrtDeviceGetAttribute(int *value, int attribute, int device) {
    cnrtRet_t code = ask(__func__, value, device);
    if (code == cnrtSuccess)
        code = read_attribute(mlu_physical(device), attribute, value);
    return cnrt_leave(code);
}

cnrtRet_t cnrtDeviceGetPCIBusId(char *text, int length, int device) {
    cnrtRet_t code = ask(__func__, text, device);
    if (code == cnrtSuccess && length < 13)
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess) {
        mlu_address pci = mlu_pci(mlu_physical(device));
        snprintf(
            text, (size_t)length, "%04x:%02x:%02x.%x", pci.part[0], pci.part[1], pci.part[2], pci.part[3]);
    }
    return cnrt_leave(code);
}

cnrtRet_t cnrtDeviceGetByPCIBusId(int *device, const char *text) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    if (code == cnrtSuccess && (device == NULL || text == NULL))
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess && mlu_visible(mlu_at_pci(text)) < 0)
        code = cnrtErrorDeviceInvalid;
    if (code == cnrtSuccess)
        *device = mlu_visible(mlu_at_pci(text));
    return cnrt_leave(code);
}

static void describe(int device, cnrtDeviceProperties *out) {
    mlu_address pci = mlu_pci(device);
    *out = (cnrtDeviceProperties){.total_mb = (int32_t)(sim_memory_total_bytes(device) >> 20),
        .core_khz = (int32_t)mlu_fact(device, "core_mhz") * 1000,
        .memory_khz = (int32_t)mlu_fact(device, "memory_mhz") * 1000,
        .major = (int32_t)mlu_fact(device, "major"),
        .minor = (int32_t)mlu_fact(device, "minor"),
        .pci_bus = (int32_t)pci.part[1],
        .pci_device = (int32_t)pci.part[2],
        .pci_domain = (int32_t)pci.part[0],
        .has_bf16 = (int32_t)mlu_fact(device, "bf16"),
        .has_tf32 = (int32_t)mlu_fact(device, "tf32"),
        .clusters = (int32_t)mlu_fact(device, "clusters"),
        .cores_per_cluster = (int32_t)mlu_fact(device, "cores"),
        .isa = (int32_t)mlu_fact(device, "isa"),
        .total_bytes = sim_memory_total_bytes(device)};
    snprintf(out->name, sizeof out->name, "%s", mlu_name(device));
    snprintf(out->uuid, sizeof out->uuid, "mlu-sim-%04d", device);
}

static cnrtRet_t answer_properties(const char *function, void *properties, int device, size_t bytes) {
    cnrtRet_t code = ask(function, properties, device);
    if (code == cnrtSuccess) {
        cnrtDeviceProperties all;
        describe(mlu_physical(device), &all);
        memcpy(properties, &all, bytes);
    }
    return cnrt_leave(code);
}

cnrtRet_t cnrtGetDeviceProperties(void *properties, int device) {
    return answer_properties(__func__, properties, device, PROPERTY_BYTES);
}

#ifndef CNRT_SIM_6_0
cnrtRet_t cnrtGetDeviceProperties_V2(void *properties, int device) {
    return answer_properties(__func__, properties, device, PROPERTY_BYTES);
}

cnrtRet_t cnrtGetDeviceProperties_V3(void *properties, int device) {
    return answer_properties(__func__, properties, device, PROPERTY_BYTES);
}
#endif
