/* Meters of all kinds: finding a card, its sensors, who it is. */
#include "backends/cuda_family/meter.h"

#include <string.h>

#include "backends/cuda_family/meter_kind.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/text.h"

struct cf_meters {
    sy_host host;
    const char *folder;
    pthread_mutex_t lock; /* of the list */
    cf_meter_library *first;
};

cf_meters *cf_meters_create(const sy_host *host, const char *folder) {
    cf_meters *meters = sy_mem_calloc(1, sizeof *meters);
    if (meters == NULL)
        return NULL;
    if (pthread_mutex_init(&meters->lock, NULL) != 0) {
        sy_mem_free(meters);
        return NULL;
    }
    meters->folder = folder;
    if (host != NULL)
        memcpy(&meters->host, host, host->size < sizeof *host ? host->size : sizeof *host);
    return meters;
}

void cf_meters_destroy(cf_meters *meters) {
    if (meters == NULL)
        return;
    while (meters->first != NULL) {
        cf_meter_library *library = meters->first;
        meters->first = library->next;
        cf_meter_library_close(library);
    }
    pthread_mutex_destroy(&meters->lock);
    sy_mem_free(meters);
}

/* Opened at its first use. NULL: no memory. */
static cf_meter_library *library_of(cf_meters *meters, const cf_meter_kind *kind) {
    pthread_mutex_lock(&meters->lock);
    cf_meter_library *library = meters->first;
    while (library != NULL && library->kind != kind)
        library = library->next;
    if (library == NULL) {
        library = cf_meter_library_open(kind, &meters->host, meters->folder);
        if (library != NULL) {
            library->next = meters->first;
            meters->first = library;
        }
    }
    pthread_mutex_unlock(&meters->lock);
    return library;
}

/* A sensor is what answers. A card that goes away meanwhile ends the search. */
static sy_status probe_rows(cf_meter *meter, sy_error *err) {
    const cf_meter_kind *kind = meter->library->kind;
    for (size_t i = 0; i < kind->row_count && meter->row_count < CF_METER_ROWS_MAX; i++) {
        const cf_meter_row *row = &kind->rows[i];
        double value = NAN;
        sy_error reason = SY_ERROR_INIT;
        sy_status status = row->read(meter, row, &value, &reason);
        if (status == SY_LOST)
            return sy_error_set(err, status, "%s", reason.text);
        if (status == SY_OK && isfinite(value) && !(row->is_zero_absent && value <= 0.0))
            meter->row[meter->row_count++] = row;
    }
    return SY_OK;
}

static sy_status open_in(cf_meter_library *library, const cf_pci *pci, cf_meter **out_meter, sy_error *err) {
    if (library->status != SY_OK)
        return sy_error_set(err, library->status, "%s", library->reason.text);
    cf_meter *meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no host memory", library->kind->name);
    meter->library = library;
    meter->pci = *pci;
    pthread_mutex_lock(&library->lock);
    sy_status status = library->kind->find(meter, err);
    bool is_found = status == SY_OK;
    if (is_found)
        status = probe_rows(meter, err);
    pthread_mutex_unlock(&library->lock);
    if (status == SY_OK) {
        *out_meter = meter;
        return SY_OK;
    }
    if (is_found)
        cf_meter_close(meter);
    else
        sy_mem_free(meter);
    return status;
}

sy_status cf_meter_open(cf_meters *meters, const cf_meter_kind *const *kinds, const char *pci,
    cf_meter **out_meter, sy_error *err) {
    static const cf_meter_kind *const all[] = {&cf_meter_nvml, &cf_meter_ixml, &cf_meter_rsmi, &cf_meter_mtml,
        &cf_meter_mxsml, &cf_meter_xpuml, NULL};
    cf_pci address;
    sy_text reasons = {0};
    sy_status status = SY_UNAVAILABLE;
    size_t tried = 0;
    *out_meter = NULL;
    if (!cf_pci_parse(pci, &address))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "\"%s\" is no PCI address such as 0000:3b:00.0", pci);
    for (kinds = kinds != NULL ? kinds : all; kinds[tried] != NULL; tried++) {
        sy_error reason = SY_ERROR_INIT;
        cf_meter_library *library = library_of(meters, kinds[tried]);
        status = library == NULL ? sy_error_set(&reason, SY_OUT_OF_MEMORY, "no host memory")
                                 : open_in(library, &address, out_meter, &reason);
        if (status == SY_OK || status == SY_LOST || status == SY_OUT_OF_MEMORY) {
            sy_text_release(&reasons);
            return status == SY_OK ? SY_OK : sy_error_set(err, status, "%s", reason.text);
        }
        sy_text_printf(&reasons, "%s%s", tried > 0 ? "; " : "", reason.text);
    }
    sy_error_set(err, status, "%s", reasons.data != NULL ? reasons.data : "no management library to ask");
    sy_text_release(&reasons);
    return tried == 1 ? status : SY_UNAVAILABLE;
}

void cf_meter_close(cf_meter *meter) {
    if (meter == NULL)
        return;
    if (meter->library->kind->forget != NULL) {
        pthread_mutex_lock(&meter->library->lock);
        meter->library->kind->forget(meter);
        pthread_mutex_unlock(&meter->library->lock);
    }
    sy_mem_free(meter);
}

static sy_status check_index(const cf_meter *meter, uint32_t index, sy_error *err) {
    return index < meter->row_count ? SY_OK
                                    : sy_error_set(err, SY_UNAVAILABLE, "%s: no sensor %u, there are %u",
                                          meter->library->kind->name, index, meter->row_count);
}

sy_status cf_meter_describe(const cf_meter *meter, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    sy_status status = check_index(meter, index, err);
    if (status != SY_OK)
        return status;
    sy_sensor sensor = meter->row[index]->sensor;
    if (isnan(sensor.resolution)) {
        pthread_mutex_lock(&meter->library->lock);
        sensor.resolution = meter->resolution;
        pthread_mutex_unlock(&meter->library->lock);
    }
    if (meter->library->kind->declare != NULL)
        meter->library->kind->declare(meter, &sensor);
    sensor.size = out_sensor->size;
    memcpy(out_sensor, &sensor, sensor.size < sizeof sensor ? sensor.size : sizeof sensor);
    return SY_OK;
}

sy_status cf_meter_read(cf_meter *meter, uint32_t index, double *out_value, sy_error *err) {
    *out_value = NAN;
    sy_status status = check_index(meter, index, err);
    if (status != SY_OK)
        return status;
    double value = NAN;
    pthread_mutex_lock(&meter->library->lock);
    status = meter->row[index]->read(meter, meter->row[index], &value, err);
    pthread_mutex_unlock(&meter->library->lock);
    if (status == SY_OK)
        *out_value = value;
    return status;
}
