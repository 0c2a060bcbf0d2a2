/* Who a card is: what all kinds of libraries have in common. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/cuda_family/meter_kind.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

const char *cf_throttle_word(uint32_t bit) {
    switch (bit) {
    case CF_THROTTLE_IDLE: return "idle";
    case CF_THROTTLE_SETTING: return "clock setting";
    case CF_THROTTLE_POWER_CAP: return "power cap";
    case CF_THROTTLE_HARDWARE: return "hardware slowdown";
    case CF_THROTTLE_SYNC_BOOST: return "sync boost";
    case CF_THROTTLE_HEAT: return "temperature";
    case CF_THROTTLE_HEAT_HARD: return "temperature (hardware)";
    case CF_THROTTLE_POWER_BRAKE: return "power brake";
    case CF_THROTTLE_DISPLAY: return "display clock";
    case CF_THROTTLE_OTHER: return "other";
    default: return NULL;
    }
}

/* The kernel's number of the first namespace of process ids, which is not that of a container. */
static bool is_first_namespace(void) {
    struct stat facts = {0};
    int fd = sy_file_open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool is_told = sy_file_stat(fd, &facts) == 0;
    sy_file_close(fd);
    return is_told && facts.st_ino == 0xEFFFFFFCu;
}

/* Drivers list ids of the first namespace; inside another one they mean nothing, or the list is empty. */
int32_t cf_meter_count_others(const uint32_t *pids, uint32_t count) {
    bool is_listed = false;
    for (uint32_t i = 0; i < count; i++)
        is_listed = is_listed || pids[i] == (uint32_t)getpid();
    if (!is_listed && !is_first_namespace())
        return -1;
    return (int32_t)(is_listed ? count - 1 : count);
}

static double read_kind(cf_meter *meter, uint32_t kind, sy_status *out_status, sy_error *err) {
    double value = NAN;
    for (uint32_t i = 0; i < meter->row_count; i++) {
        if (meter->row[i]->sensor.kind != kind)
            continue;
        sy_status status = cf_meter_read(meter, i, &value, err);
        if (status == SY_LOST)
            *out_status = status;
        break;
    }
    return value;
}

sy_status cf_meter_identify(cf_meter *meter, cf_meter_identity *out_identity, sy_error *err) {
    cf_meter_library *library = meter->library;
    const cf_vendor *vendor = NULL;
    sy_status status = SY_OK;
    char pci[24];
    *out_identity = (cf_meter_identity){.mig = -1, .ecc = -1, .other_processes = -1};
    cf_pci_text(&meter->pci, pci);
    snprintf(out_identity->pci, sizeof out_identity->pci, "%s", pci);
    snprintf(out_identity->library, sizeof out_identity->library, "%s", library->kind->name);
    /* One library may serve two vendors: the bus knows which. */
    bool is_known = cf_vendor_of_pci(&library->host, pci, &vendor, NULL) == SY_OK;
    snprintf(out_identity->vendor, sizeof out_identity->vendor, "%s",
        is_known && vendor->kind == library->kind ? vendor->name : library->kind->vendor);
    pthread_mutex_lock(&library->lock);
    library->kind->identify(meter, out_identity);
    pthread_mutex_unlock(&library->lock);
    out_identity->power_cap_w = read_kind(meter, SY_SENSOR_POWER_CAP, &status, err);
    out_identity->power_cap_default_w = read_kind(meter, SY_SENSOR_POWER_CAP_DEFAULT, &status, err);
    return status;
}
