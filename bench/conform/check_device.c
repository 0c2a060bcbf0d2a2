/* Devices: what they say of themselves, opening and closing. */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"

/* What structs are filled with before a call, to see what it wrote. */
enum { MARK = 0x5a, MARK_BYTES = 64 };

static bool text_is_fine(conform_kit *kit, uint32_t index, const char *field, const char *text, size_t room) {
    if (memchr(text, '\0', room) == NULL) {
        conform_fail(kit, "device %u: %s has no NUL within its %zu bytes", index, field, room);
        return false;
    }
    for (; *text != '\0'; text++)
        if (iscntrl((unsigned char)*text)) {
            conform_fail(kit, "device %u: %s holds a control character", index, field);
            return false;
        }
    return true;
}

static bool texts_are_fine(conform_kit *kit, uint32_t index, const sy_device_info *info) {
    const struct {
        const char *name, *text;
        size_t room;
    } fields[] = {{"name", info->name, sizeof info->name}, {"vendor", info->vendor, sizeof info->vendor},
        {"driver", info->driver, sizeof info->driver}, {"uuid", info->uuid, sizeof info->uuid},
        {"pci", info->pci, sizeof info->pci}, {"isa", info->isa, sizeof info->isa},
        {"platform", info->platform, sizeof info->platform},
        {"features", info->features, sizeof info->features}};
    bool ok = true;
    size_t count = kit->found.api->abi_minor >= 2 ? 8 : 6;
    for (size_t i = 0; ok && i < count; i++)
        ok = text_is_fine(kit, index, fields[i].name, fields[i].text, fields[i].room);
    if (ok && info->name[0] == '\0')
        conform_fail(kit, "device %u has no name", index);
    return ok;
}

/* "0000:3b:00.0", or unknown. */
static bool pci_is_fine(const char *pci) {
    static const char form[] = "xxxx:xx:xx.x";
    if (pci[0] == '\0')
        return true;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'x' ? !isxdigit((unsigned char)pci[i]) : pci[i] != form[i])
            return false;
    return pci[sizeof form - 1] == '\0';
}

static bool numbers_are_fine(conform_kit *kit, uint32_t index, const sy_device_info *info) {
    const uint32_t flags = SY_DEVICE_SIMULATED | SY_DEVICE_UNIFIED | SY_DEVICE_COPY_ASYNC |
                           SY_DEVICE_HOST_PROCESSOR | SY_DEVICE_GENERAL;
    const uint64_t dtypes = (SY_DTYPE_BIT(SY_DTYPE_COUNT) - 1) & ~SY_DTYPE_BIT(SY_DTYPE_NONE);
    bool is_newer = kit->found.api->abi_minor > SY_ABI_MINOR;
    const char *wrong = NULL;
    if (info->index != index)
        wrong = "index is another one";
    else if (info->scope > SY_SCOPE_PACKAGE)
        wrong = "scope is none of SY_SCOPE_*";
    else if (!is_newer && (info->flags & ~flags) != 0)
        wrong = "flags hold bits that its ABI version does not have";
    else if ((info->dtypes == 0 && kit->found.api->model == NULL) ||
             (!is_newer && (info->dtypes & ~dtypes) != 0))
        wrong = "dtypes hold no type, or bits of none";
    else if ((info->base_align & (info->base_align - 1)) != 0)
        wrong = "base_align is no power of two";
    else if (info->memory_bytes > 0 && info->free_bytes > info->memory_bytes)
        wrong = "more memory is free than there is";
    else if (info->memory_bytes > 0 && info->max_alloc_bytes > info->memory_bytes)
        wrong = "max_alloc_bytes is more than memory_bytes";
    else if (info->numa_node < -1 || info->numa_node > 4096)
        wrong = "numa_node is neither a node nor -1 (unknown)";
    else if (!pci_is_fine(info->pci))
        wrong = "pci is not of the form 0000:3b:00.0";
    if (wrong != NULL)
        conform_fail(kit, "device %u: %s", index, wrong);
    return wrong == NULL;
}

static bool describe_one(conform_kit *kit, uint32_t index) {
    sy_error err = SY_ERROR_INIT;
    sy_device_info info;
    memset(&info, MARK, sizeof info);
    info.size = sizeof info;
    conform_doing(kit, "describing device %u", index);
    sy_status status = kit->found.api->device->describe(kit->found.backend, index, &info, &err);
    return conform_succeeds(kit, "describe", status, &err) && texts_are_fine(kit, index, &info) &&
           numbers_are_fine(kit, index, &info);
}

static bool count_devices(conform_kit *kit, uint32_t *out_count) {
    sy_error err = SY_ERROR_INIT;
    *out_count = 0;
    sy_status status = kit->found.api->device->count(kit->found.backend, out_count, &err);
    if (status == SY_UNAVAILABLE)
        conform_skip(kit, "%s", err.text);
    return status != SY_UNAVAILABLE && conform_succeeds(kit, "count", status, &err);
}

void conform_check_describe(conform_kit *kit, size_t item) {
    sy_error err = SY_ERROR_INIT;
    sy_device_info info = {.size = sizeof info};
    uint32_t count;
    (void)item;
    if (!count_devices(kit, &count))
        return;
    for (uint32_t i = 0; i < count && conform_is_fine(kit); i++)
        describe_one(kit, i);
    sy_status status = kit->found.api->device->describe(kit->found.backend, count, &info, &err);
    CONFORM_REFUSES(kit, "describe past the last device", status, &err, SY_INVALID_ARGUMENT);
    conform_pass(kit, "%u device%s", count, count == 1 ? "" : "s");
}

/* describe() into a struct of `size` bytes between marks: what is behind them stays. */
static bool fits_size(conform_kit *kit, uint32_t size) {
    sy_error err = SY_ERROR_INIT;
    union {
        sy_device_info info;
        uint8_t bytes[sizeof(sy_device_info) + MARK_BYTES];
    } guarded;
    memset(&guarded, MARK, sizeof guarded);
    guarded.info.size = size;
    conform_doing(kit, "describing into %u bytes", size);
    sy_status status =
        kit->found.api->device->describe(kit->found.backend, kit->request->index, &guarded.info, &err);
    if (!conform_succeeds(kit, "describe for another size", status, &err))
        return false;
    size_t begin = size < sizeof guarded.info ? size : sizeof guarded.info;
    if (guarded.info.name[0] == MARK && guarded.info.name[1] == MARK)
        conform_fail(kit, "describe into %u bytes left the name out", size);
    return size > sizeof guarded.info || conform_all_are(kit, "describe wrote beyond the caller's size",
                                             guarded.bytes + begin, sizeof guarded.bytes - begin, MARK);
}

void conform_check_sizes(conform_kit *kit, size_t item) {
    uint32_t count;
    (void)item;
    if (!count_devices(kit, &count))
        return;
    if (kit->request->index >= count)
        conform_skip(kit, "no device %u", kit->request->index);
    else if (fits_size(kit, offsetof(sy_device_info, platform)) &&
             fits_size(kit, offsetof(sy_device_info, memory_bytes)))
        fits_size(kit, sizeof(sy_device_info) + MARK_BYTES / 2);
}

static const char *find_difference(const sy_device_info *a, const sy_device_info *b) {
    const struct {
        const char *name;
        bool differs;
    } fields[] = {{"name", strcmp(a->name, b->name) != 0}, {"vendor", strcmp(a->vendor, b->vendor) != 0},
        {"driver", strcmp(a->driver, b->driver) != 0}, {"uuid", strcmp(a->uuid, b->uuid) != 0},
        {"pci", strcmp(a->pci, b->pci) != 0}, {"isa", strcmp(a->isa, b->isa) != 0},
        {"index", a->index != b->index}, {"scope", a->scope != b->scope}, {"flags", a->flags != b->flags},
        {"memory_bytes", a->memory_bytes != b->memory_bytes},
        {"cache_bytes", a->cache_bytes != b->cache_bytes}, {"base_align", a->base_align != b->base_align},
        {"units", a->units != b->units}, {"queues_max", a->queues_max != b->queues_max},
        {"numa_node", a->numa_node != b->numa_node}, {"dtypes", a->dtypes != b->dtypes}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].differs)
            return fields[i].name;
    return NULL;
}

void conform_check_info(conform_kit *kit, size_t item) {
    sy_error err = SY_ERROR_INIT;
    sy_device_info described = {.size = sizeof described}, opened = {.size = sizeof opened};
    const sy_device_api *api = kit->found.api->device;
    sy_device *device = NULL;
    (void)item;
    conform_close_device(kit);
    sy_status status = api->describe(kit->found.backend, kit->request->index, &described, &err);
    if (status == SY_OK)
        status = api->open(kit->found.backend, kit->request->index, "", &device, &err);
    if (status != SY_OK) {
        conform_skip(kit, "the device does not open: %s", err.text);
        return;
    }
    if (api->thread_enter != NULL)
        status = api->thread_enter(device, &err);
    if (status == SY_OK)
        status = api->info(device, &opened, &err);
    const char *differs = find_difference(&described, &opened);
    if (conform_succeeds(kit, "info", status, &err) && differs != NULL)
        conform_fail(
            kit, "without parameters, info() of the opened device has another %s than describe()", differs);
    if (api->thread_leave != NULL)
        api->thread_leave(device);
    api->close(device);
}

void conform_check_params(conform_kit *kit, size_t item) {
    sy_error err = SY_ERROR_INIT;
    const sy_device_api *api = kit->found.api->device;
    sy_device *device = NULL;
    uint32_t count;
    (void)item;
    conform_close_device(kit);
    if (!count_devices(kit, &count))
        return;
    sy_status status = api->open(kit->found.backend, count, "", &device, &err);
    CONFORM_REFUSES(kit, "open past the last device", status, &err, SY_INVALID_ARGUMENT, SY_UNAVAILABLE);
    err = SY_ERROR_INIT;
    if (count == 0)
        return;
    status = api->open(kit->found.backend, 0, "no_such_parameter=1", &device, &err);
    CONFORM_REFUSES(kit, "open with a parameter that does not exist", status, &err, SY_INVALID_ARGUMENT);
    conform_pass(kit, "%s", err.text);
}

static bool use_device(conform_kit *kit) {
    sy_buffer *buffer = conform_alloc(kit, SY_MEMORY_DEVICE, 4096);
    bool ok = buffer != NULL && conform_put(kit, (sy_span){buffer, 0, 4096}, 1) && conform_sync(kit);
    conform_free(kit, buffer);
    return ok;
}

void conform_check_reopen(conform_kit *kit, size_t item) {
    (void)item;
    for (int i = 0; i < 3; i++) {
        conform_close_device(kit);
        if (!conform_bring_up(kit, CONFORM_DEVICE) || !use_device(kit))
            break;
    }
    if (kit->verdict == SY_CONFORM_SKIP && kit->on.device == NULL)
        return;
    conform_doing(kit, "closing the device");
    conform_close_device(kit);
}
