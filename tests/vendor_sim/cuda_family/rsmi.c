/*
 * The management library of ROCm and DTK. Settings: celsius, mhz, cap_w; power_status, socket_status,
 * energy_status: what asking returns (2: not supported); energy_zero=1: the counter stays 0.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/common/clock.h"
#include "tests/vendor_sim/cuda_family/family.h"
#include "tests/vendor_sim/cuda_family/silicon.h"

enum { RSMI_OK = 0, RSMI_INVALID = 1, RSMI_UNINITIALIZED = 10 };
#define RESOLUTION_UJ 15.259f
#define FREQUENCIES_MAX 32

/* out: where the answer goes. */
static int enter_on(const char *function, uint32_t index, const void *out, int *out_device) {
    int code = sim_enter_apart(function);
    *out_device = silicon_of_index(index);
    if (code == 0 && *sim_slot("pm_uses") == 0)
        return RSMI_UNINITIALIZED;
    return code == 0 && (out == NULL || *out_device < 0) ? RSMI_INVALID : code;
}

SIM_API int rsmi_init(uint64_t flags) {
    int code = sim_enter_apart(__func__);
    if (code == 0 && flags != 0)
        code = RSMI_INVALID;
    if (code == 0)
        ++*sim_slot("pm_uses");
    return sim_leave(code);
}

SIM_API int rsmi_shut_down(void) {
    int code = sim_enter_apart(__func__);
    if (code == 0)
        --*sim_slot("pm_uses");
    return sim_leave(code);
}

SIM_API int rsmi_num_monitor_devices(uint32_t *out_count) {
    int code = sim_enter_apart(__func__);
    if (code == 0 && *sim_slot("pm_uses") == 0)
        code = RSMI_UNINITIALIZED;
    if (code == 0 && out_count == NULL)
        code = RSMI_INVALID;
    if (code == 0)
        *out_count = (uint32_t)sim_devices();
    return sim_leave(code);
}

/* Domain in the upper half, then bus, device, function. */
SIM_API int rsmi_dev_pci_id_get(uint32_t index, uint64_t *out_id) {
    int device, code = enter_on(__func__, index, out_id, &device);
    if (code == 0) {
        silicon_address at = silicon_pci_of(device);
        *out_id = (uint64_t)at.domain << 32 | (uint64_t)at.bus << 8 | (uint64_t)at.device << 3 | at.function;
    }
    return sim_leave(code);
}

SIM_API int rsmi_dev_name_get(uint32_t index, char *out_name, size_t capacity) {
    int device, code = enter_on(__func__, index, out_name, &device);
    if (code == 0)
        snprintf(out_name, capacity, "%s", silicon_name(device));
    return sim_leave(code);
}

static int power(int code, int device, const char *status, double watts, uint64_t *out_uw) {
    if (code == 0)
        code = (int)sim_number(device, status, 0);
    if (code == 0)
        *out_uw = (uint64_t)(watts * 1e6 + 0.5);
    return sim_leave(code);
}

SIM_API int rsmi_dev_power_ave_get(uint32_t index, uint32_t sensor, uint64_t *out_uw) {
    int device, code = enter_on(__func__, index, out_uw, &device);
    if (code == 0 && sensor != 0)
        code = RSMI_INVALID;
    return power(code, device, "power_status", code == 0 ? sim_power_average(device) : 0, out_uw);
}

SIM_API int rsmi_dev_current_socket_power_get(uint32_t index, uint64_t *out_uw) {
    int device, code = enter_on(__func__, index, out_uw, &device);
    return power(code, device, "socket_status", code == 0 ? sim_power_now(device) : 0, out_uw);
}

SIM_API int rsmi_dev_power_get(uint32_t index, uint64_t *out_uw, int *out_type) {
    int device, code = enter_on(__func__, index, out_uw, &device);
    if (code == 0 && out_type == NULL)
        code = RSMI_INVALID;
    if (code == 0)
        *out_type = (int)sim_number(device, "power_type", 0);
    bool is_now = code == 0 && *out_type == 1;
    double watts = code != 0 ? 0 : is_now ? sim_power_now(device) : sim_power_average(device);
    return power(code, device, "power_status", watts, out_uw);
}

SIM_API int rsmi_dev_power_cap_get(uint32_t index, uint32_t sensor, uint64_t *out_uw) {
    int device, code = enter_on(__func__, index, out_uw, &device);
    if (code == 0 && sensor != 0)
        code = RSMI_INVALID;
    double cap = code == 0 ? sim_real(device, "cap_w", sim_real(device, "watts", 300)) : 0;
    return power(code, device, "power_status", cap, out_uw);
}

SIM_API int rsmi_dev_energy_count_get(
    uint32_t index, uint64_t *out_count, float *out_resolution, uint64_t *out_ns) {
    int device, code = enter_on(__func__, index, out_count, &device);
    if (code == 0)
        code = (int)sim_number(device, "energy_status", 0);
    if (code != 0)
        return sim_leave(code);
    bool is_zero = sim_number(device, "energy_zero", 0) != 0;
    *out_count = is_zero ? 0 : (uint64_t)(sim_energy_joules(device) * 1e6 / (double)RESOLUTION_UJ);
    if (out_resolution != NULL)
        *out_resolution = RESOLUTION_UJ;
    if (out_ns != NULL)
        *out_ns = (uint64_t)sim_clock_host_ns();
    return sim_leave(0);
}

typedef struct frequencies {
    bool has_deep_sleep;
    uint32_t supported, current;
    uint64_t hz[FREQUENCIES_MAX + 1];
} frequencies;

SIM_API int rsmi_dev_gpu_clk_freq_get(uint32_t index, int clock, void *out_frequencies) {
    int device, code = enter_on(__func__, index, out_frequencies, &device);
    if (code == 0 && clock != 0 && clock != 4) /* of the system, of the memory */
        code = RSMI_INVALID;
    if (code == 0) {
        frequencies *out = out_frequencies;
        double mhz = clock == 0 ? sim_real(device, "mhz", 1700) : sim_real(device, "memory_mhz", 1600);
        out->has_deep_sleep = false;
        out->supported = 2;
        out->current = 1;
        out->hz[0] = 500000000;
        out->hz[1] = (uint64_t)(mhz * 1e6);
    }
    return sim_leave(code);
}

/* Thousandths of a degree. */
SIM_API int rsmi_dev_temp_metric_get(uint32_t index, uint32_t sensor, int metric, int64_t *out_value) {
    int device, code = enter_on(__func__, index, out_value, &device);
    if (code == 0 && (sensor > 2 || metric != 0))
        code = RSMI_INVALID;
    if (code == 0)
        *out_value = (int64_t)(sim_real(device, "celsius", 45) * 1e3);
    return sim_leave(code);
}
