#include "backends/others/others.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/sysfs.h"
#include "runtime/base/text.h"

/* What is looked for: a vendor on the bus (0: none), or a file. */
typedef struct stack {
    const char *title;
    unsigned long pci_vendor;
    const char *paths[3];
    const char *missing;
} stack;

static const stack stacks[] = {
    {"Enflame GCU", 0x1e36, {"/dev/gcu0", "/opt/tops/lib/libtopsrt.so"},
        "its operations are C++ classes (libtopsaten), which C cannot call"},
    {"Biren SUPA", 0x1ee0, {"/usr/local/birensupa", "/dev/biren"},
        "the numbers of its libraries' enumerations are not public"},
    {"Sunrise", 0, {"/usr/local/tangrt/targets/linux-x86_64/lib/libtangrt_shared.so"},
        "its libraries for products and convolutions are not public"},
    {"Tsingmicro", 0, {"/usr/local/kuiper/lib/libhpgr.so"},
        "its libraries for products and convolutions are not public"},
};

enum { STACKS = sizeof stacks / sizeof stacks[0] };

static unsigned long vendor_at(const char *root, const char *address) {
    char path[512], text[16];
    snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/vendor", address);
    return sy_sysfs_text(root, path, text, sizeof text, NULL) == SY_OK ? strtoul(text, NULL, 16) : 0;
}

/* Where each stack was seen first; "" if nowhere. */
static void look_on_bus(const char *root, char out_place[STACKS][64]) {
    sy_sysfs_names names = {0};
    if (sy_sysfs_list(root, "/sys/bus/pci/devices", &names, NULL) != SY_OK)
        return;
    for (size_t i = 0; i < names.count; i++) {
        unsigned long vendor = vendor_at(root, names.name[i]);
        for (size_t k = 0; k < STACKS && vendor != 0; k++)
            if (stacks[k].pci_vendor == vendor && out_place[k][0] == '\0')
                snprintf(out_place[k], sizeof out_place[k], "%.60s", names.name[i]);
    }
    sy_sysfs_release(&names);
}

static void look_for_files(const char *root, char out_place[STACKS][64]) {
    for (size_t k = 0; k < STACKS; k++)
        for (size_t i = 0; i < 3 && stacks[k].paths[i] != NULL && out_place[k][0] == '\0'; i++) {
            char path[512];
            snprintf(path, sizeof path, "%s%s", root != NULL ? root : "", stacks[k].paths[i]);
            if (access(path, F_OK) == 0)
                snprintf(out_place[k], sizeof out_place[k], "%.63s", stacks[k].paths[i]);
        }
}

static sy_status open_none(sy_backend *backend, sy_error *err) {
    const char *root = sy_card_option(backend, "sysroot");
    char place[STACKS][64] = {""};
    sy_text found = {0};
    look_on_bus(root, place);
    look_for_files(root, place);
    for (size_t k = 0; k < STACKS; k++)
        if (place[k][0] != '\0')
            sy_text_printf(&found, "%s%s (%s): %s", found.length > 0 ? "; " : "", stacks[k].title, place[k],
                stacks[k].missing);
    sy_status status = SY_OK;
    if (found.data != NULL)
        status = sy_error_set(err, SY_UNAVAILABLE, "here, and out of reach: %s", found.data);
    sy_text_release(&found);
    return status;
}

static void close_none(sy_backend *backend) {
    (void)backend;
}

static sy_status count_none(sy_backend *backend, uint32_t *out_count, sy_error *err) {
    (void)backend;
    (void)err;
    *out_count = 0;
    return SY_OK;
}

const sy_card_model others_model = {
    .name = "others", .open = open_none, .close = close_none, .count = count_none};
