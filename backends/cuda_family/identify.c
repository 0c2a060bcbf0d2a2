#include "backends/cuda_family/identify.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/meter_kind.h"
#include "runtime/base/error.h"

/* What is known of a card's vendor. `kind`: the management library of his cards. */
typedef struct finding {
    const cf_meter_kind *kind;
    char name[64];
    bool is_stranger; /* the bus tells a vendor who is none of those known */
} finding;

static bool device_address(const cf_libraries *libraries, char *out_text, size_t capacity) {
    int count = 0;
    if (libraries->runtime.DeviceGetPCIBusId == NULL || libraries->runtime.GetDeviceCount(&count) != 0 ||
        count < 1 || libraries->runtime.DeviceGetPCIBusId(out_text, (int)capacity, 0) != 0) {
        if (libraries->runtime.GetLastError != NULL)
            (void)libraries->runtime.GetLastError();
        return false;
    }
    for (size_t i = 0; i < capacity && out_text[i] != '\0'; i++)
        out_text[i] = (char)tolower((unsigned char)out_text[i]);
    return true;
}

static const cf_meter_kind *kind_of(const char *library) {
    static const cf_meter_kind *const all[] = {
        &cf_meter_nvml, &cf_meter_ixml, &cf_meter_rsmi, &cf_meter_mtml, &cf_meter_mxsml, &cf_meter_xpuml};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->name, library) == 0)
            return all[i];
    return NULL;
}

static void ask_meters(const cf_libraries *libraries, const char *pci, finding *out) {
    cf_meter *meter = NULL;
    cf_meter_identity identity;
    if (cf_meter_open(libraries->meters, NULL, pci, &meter, NULL) != SY_OK)
        return;
    if (cf_meter_identify(meter, &identity, NULL) == SY_OK) {
        out->kind = kind_of(identity.library);
        snprintf(out->name, sizeof out->name, "%s", identity.vendor);
    }
    cf_meter_close(meter);
}

static finding look(const sy_backend *backend, const cf_libraries *libraries, const char *pci) {
    finding found = {0};
    const cf_vendor *vendor = NULL;
    sy_status status = cf_vendor_of_pci(&backend->host, pci, &vendor, NULL);
    found.is_stranger = status == SY_UNSUPPORTED;
    if (vendor != NULL) {
        found.kind = vendor->kind;
        snprintf(found.name, sizeof found.name, "%s", vendor->name);
    } else if (!found.is_stranger)
        ask_meters(libraries, pci, &found);
    return found;
}

static void become(sy_backend *backend, cf_libraries *libraries, const cf_stack *row, const char *path) {
    char text[256];
    snprintf(text, sizeof text, "%s: the cards behind %.100s are %s's: the numbers of %s are used",
        backend->model->name, path, row->vendor, row->title);
    if (backend->host.log != NULL)
        backend->host.log(backend->host.ctx, SY_LOG_INFO, text);
    libraries->stack = row;
}

sy_status cf_identify(
    sy_backend *backend, cf_libraries *libraries, const char *path, bool is_named, sy_error *err) {
    const cf_stack *stack = libraries->stack;
    char pci[32] = "";
    if (!stack->is_namesake)
        return SY_OK;
    if (!device_address(libraries, pci, sizeof pci)) {
        if (is_named || stack->namesakes != NULL)
            return SY_OK;
        return sy_error_set(err, SY_UNAVAILABLE,
            "no %s here: %s bears NVIDIA's names, and has no card by which to tell whose it is", stack->title,
            path);
    }
    finding found = look(backend, libraries, pci);
    if (found.name[0] != '\0' && found.kind == stack->meter)
        return SY_OK;
    if (stack->namesakes != NULL) {
        for (const cf_stack *const *row = stack->namesakes; *row != NULL; row++)
            if (found.kind != NULL && (*row)->meter == found.kind)
                become(backend, libraries, *row, path);
        return SY_OK;
    }
    if (found.name[0] != '\0')
        return sy_error_set(err, SY_UNAVAILABLE, "no %s here: the cards behind %s are %s's, not %s's",
            stack->title, path, found.name, stack->vendor);
    if (is_named || (found.is_stranger && stack->meter == NULL))
        return SY_OK;
    return sy_error_set(err, SY_UNAVAILABLE,
        "no %s here: nothing tells that the cards behind %s are %s's (their vendor is read in sysfs, or "
        "asked of "
        "the management library)",
        stack->title, path, stack->vendor);
}
