/* Settings of devices. This file is part of each library that asks. */
#include "tests/vendor_sim/ascend/soc.h"

#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/common/settings.h"

const char *as_soc_name(int device) {
    return sim_text(device, "soc", "Ascend910B3");
}

int as_soc_family(int device) {
    static const struct {
        const char *prefix;
        int family;
    } families[] = {{"Ascend910B", AS_910B}, {"Ascend910_93", AS_910B}, {"Ascend310P", AS_310P},
        {"Ascend310B", AS_310B}, {"Ascend950", AS_950}, {"Ascend910", AS_910A}};
    const char *name = as_soc_name(device);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strncmp(name, families[i].prefix, strlen(families[i].prefix)) == 0)
            return families[i].family;
    return AS_910B;
}

bool as_soc_has_f32(int device) {
    int family = as_soc_family(device);
    return family == AS_910B || family == AS_950;
}

bool as_soc_has_bf16(int device) {
    return as_soc_has_f32(device);
}

/* The list's entry at `*at`, moved past it; -1: no device. */
static int next_visible(const char **at) {
    char *end = NULL;
    long device = strtol(*at, &end, 10);
    bool is_one = end != *at && (*end == ',' || *end == '\0') && device >= 0 && device < sim_devices();
    *at = *end == ',' ? end + 1 : end;
    return is_one ? (int)device : -1;
}

/* Like others of its sort, the list ends at the first entry that is no device. */
int as_visible(int number) {
    const char *at = getenv("ASCEND_RT_VISIBLE_DEVICES");
    if (at == NULL)
        return number >= 0 && number < sim_devices() ? number : -1;
    int device = next_visible(&at);
    for (int i = 0; i < number && device >= 0; i++)
        device = next_visible(&at);
    return device;
}

int as_visible_count(void) {
    int count = 0;
    while (count < sim_devices() && as_visible(count) >= 0)
        count++;
    return count;
}

int as_cann(void) {
    return (int)sim_number(SIM_NO_DEVICE, "cann", AS_CANN);
}

bool as_is_on(const char *key, bool fallback) {
    return sim_number(SIM_NO_DEVICE, key, fallback) != 0;
}

bool as_is_word(const char *key, const char *fallback, const char *word) {
    return strcmp(sim_text(SIM_NO_DEVICE, key, fallback), word) == 0;
}

int64_t as_nth(const char *key, int index, int64_t fallback) {
    const char *at = sim_text(SIM_NO_DEVICE, key, "");
    for (int i = 0; i < index && at != NULL; i++) {
        at = strchr(at, ',');
        at = at != NULL ? at + 1 : NULL;
    }
    return at != NULL && *at != '\0' ? strtoll(at, NULL, 0) : fallback;
}
