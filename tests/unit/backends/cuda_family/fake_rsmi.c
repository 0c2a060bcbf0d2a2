/*
 * RSMI. Way 0: frequencies as of ROCm 5 and later, with a flag before; 1: the same with the flag set; 2:
 * older, without. Way 3: one card more at the same address, a part of the first.
 */
#include <stdbool.h>

#include "tests/unit/backends/cuda_family/fake_meter.h"

#define ENTER(call)                                                                                          \
    do {                                                                                                     \
        int code_ = fake.inits > fake.shutdowns ? fake_enter(call) : 8;                                      \
        if (code_ != 0)                                                                                      \
            return code_;                                                                                    \
    } while (0)
#define CALL FAKE_EXPORT int

FAKE_EXPORT fake_script fake = {.card_count = 2};

CALL rsmi_init(uint64_t flags);
int rsmi_init(uint64_t flags) {
    int code = flags != 0 ? 1 : fake_enter("init");
    fake.inits += code == 0;
    return code;
}

CALL rsmi_shut_down(void);
int rsmi_shut_down(void) {
    fake.shutdowns++;
    return 0;
}

CALL rsmi_status_string(int code, const char **out_words);
int rsmi_status_string(int code, const char **out_words) {
    *out_words = code == 2 ? "not supported" : "words";
    return fake_enter("status_string");
}

CALL rsmi_version_str_get(int component, char *text, uint32_t capacity);
int rsmi_version_str_get(int component, char *text, uint32_t capacity) {
    ENTER("version_str_get");
    snprintf(text, capacity, "6.2.1");
    return component == 0 ? 0 : 1;
}

CALL rsmi_num_monitor_devices(uint32_t *out_count);
int rsmi_num_monitor_devices(uint32_t *out_count) {
    ENTER("num_monitor_devices");
    *out_count = fake.card_count;
    return 0;
}

CALL rsmi_dev_pci_id_get(uint32_t card, uint64_t *out_id);
int rsmi_dev_pci_id_get(uint32_t card, uint64_t *out_id) {
    ENTER("dev_pci_id_get");
    if (card >= fake.card_count)
        return 1;
    uint64_t part = fake.way == 3 ? card : 0;
    *out_id = (uint64_t)1 << 32 | part << 28 | (uint64_t)fake.bus[card] << 8 | 3u << 3 | 2u;
    return 0;
}

CALL rsmi_dev_name_get(uint32_t card, char *text, size_t capacity);
int rsmi_dev_name_get(uint32_t card, char *text, size_t capacity) {
    ENTER("dev_name_get");
    snprintf(text, capacity, "card %u", card);
    return 0;
}

CALL rsmi_dev_unique_id_get(uint32_t card, uint64_t *out_id);
int rsmi_dev_unique_id_get(uint32_t card, uint64_t *out_id) {
    ENTER("dev_unique_id_get");
    *out_id = 0xabcdef00u + card;
    return 0;
}

CALL rsmi_dev_energy_count_get(uint32_t card, uint64_t *out_count, float *out_step, uint64_t *out_ns);
int rsmi_dev_energy_count_get(uint32_t card, uint64_t *out_count, float *out_step, uint64_t *out_ns) {
    ENTER("dev_energy_count_get");
    *out_count = fake.energy;
    *out_step = fake.resolution;
    *out_ns = 1;
    return card < fake.card_count ? 0 : 1;
}

#define MICROWATTS(name, member)                                                                             \
    ENTER(name);                                                                                             \
    *out_uw = (uint64_t)fake.member * 1000;                                                                  \
    return card < fake.card_count ? 0 : 1

CALL rsmi_dev_power_ave_get(uint32_t card, uint32_t sensor, uint64_t *out_uw);
int rsmi_dev_power_ave_get(uint32_t card, uint32_t sensor, uint64_t *out_uw) {
    if (sensor != 0)
        return 1;
    MICROWATTS("dev_power_ave_get", average);
}

CALL rsmi_dev_current_socket_power_get(uint32_t card, uint64_t *out_uw);
int rsmi_dev_current_socket_power_get(uint32_t card, uint64_t *out_uw) {
    MICROWATTS("dev_current_socket_power_get", module);
}

CALL rsmi_dev_power_get(uint32_t card, uint64_t *out_uw, int *out_type);
int rsmi_dev_power_get(uint32_t card, uint64_t *out_uw, int *out_type) {
    *out_type = fake.ecc; /* 0 averaged, 1 now */
    MICROWATTS("dev_power_get", power);
}

CALL rsmi_dev_power_cap_get(uint32_t card, uint32_t sensor, uint64_t *out_uw);
int rsmi_dev_power_cap_get(uint32_t card, uint32_t sensor, uint64_t *out_uw) {
    if (sensor != 0)
        return 1;
    MICROWATTS("dev_power_cap_get", cap);
}

CALL rsmi_dev_power_cap_default_get(uint32_t card, uint64_t *out_uw);
int rsmi_dev_power_cap_default_get(uint32_t card, uint64_t *out_uw) {
    MICROWATTS("dev_power_cap_default_get", cap_default);
}

CALL rsmi_dev_temp_metric_get(uint32_t card, uint32_t place, int metric, int64_t *out_value);
int rsmi_dev_temp_metric_get(uint32_t card, uint32_t place, int metric, int64_t *out_value) {
    ENTER("dev_temp_metric_get");
    *out_value = (int64_t)fake.celsius * 1000 + (place == 1 ? 5500 : 0);
    return metric == 0 && place < 2 && card < fake.card_count ? 0 : 2;
}

CALL rsmi_dev_gpu_clk_freq_get(uint32_t card, int type, void *out);
int rsmi_dev_gpu_clk_freq_get(uint32_t card, int type, void *out) {
    struct {
        bool has_deep_sleep;
        uint32_t count, current;
        uint64_t hz[33];
    } list = {.has_deep_sleep = fake.way == 1, .count = fake.pid_count, .current = fake.entry_bytes};
    ENTER("dev_gpu_clk_freq_get");
    if (card >= fake.card_count || (type != 0 && type != 4))
        return 2;
    for (uint32_t i = 0; i < 33; i++)
        list.hz[i] = (uint64_t)(type == 0 ? fake.clock : fake.memory_clock) * 1000000 + i;
    if (fake.way != 2) {
        memcpy(out, &list, sizeof list);
        return 0;
    }
    struct {
        uint32_t count, current;
        uint64_t hz[32];
    } older = {list.count, list.current, {0}};
    memcpy(older.hz, list.hz, sizeof older.hz);
    memcpy(out, &older, sizeof older);
    return 0;
}
