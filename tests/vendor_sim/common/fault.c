#include "tests/vendor_sim/common/fault.h"

#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#define ARMED_MAX 64

typedef struct armed {
    char function[SIM_NAME_MAX];
    int64_t left; /* calls until it happens; 0: it has */
    int code;
    bool is_async, is_lasting; /* lasting: and all later calls */
} armed;

static struct {
    armed armed[ARMED_MAX];
    int used;
    int64_t calls, lost_after; /* < 0: never */
    int lost_code;
} faults;

void sim_fault_arm(const char *function, int64_t nth, int code, bool is_async) {
    if (faults.used == ARMED_MAX)
        sim_die("more than %d faults", ARMED_MAX);
    if (nth < 1)
        sim_die("fault of %s: calls count from 1", function);
    armed *fault = &faults.armed[faults.used++];
    *fault = (armed){.left = nth, .code = code, .is_async = is_async};
    snprintf(fault->function, sizeof fault->function, "%s", function);
}

static void read_key(const char *key, bool is_async) {
    const char *text;
    for (int i = 0; (text = sim_settings_each(key, i)) != NULL; i++) {
        char function[SIM_NAME_MAX], rest;
        long long nth;
        int code;
        bool is_lasting = sscanf(text, "%79[^:]:%lld+:%d%c", function, &nth, &code, &rest) == 3;
        if (!is_lasting && sscanf(text, "%79[^:]:%lld:%d%c", function, &nth, &code, &rest) != 3)
            sim_die("setting %s=%s: FUNCTION:NTH:CODE or FUNCTION:NTH+:CODE is wanted", key, text);
        sim_fault_arm(function, nth, code, is_async);
        faults.armed[faults.used - 1].is_lasting = is_lasting;
    }
}

void sim_fault_read(void) {
    memset(&faults, 0, sizeof faults);
    faults.lost_after = -1;
    read_key("fail", false);
    read_key("async", true);
    const char *lost = sim_text(SIM_NO_DEVICE, "lost", NULL);
    long long after;
    char rest;
    if (lost == NULL)
        return;
    if (sscanf(lost, "%lld:%d%c", &after, &faults.lost_code, &rest) != 2 || faults.lost_code == 0)
        sim_die("setting lost=%s: N:CODE is wanted", lost);
    faults.lost_after = after;
}

int64_t sim_fault_clear(void) {
    int64_t count = 0;
    for (int i = 0; i < faults.used; i++)
        count += faults.armed[i].left > 0;
    faults.used = 0;
    faults.lost_after = -1;
    return count;
}

int sim_fault_lost(void) {
    return faults.lost_after >= 0 && faults.calls > faults.lost_after ? faults.lost_code : 0;
}

int sim_fault_of_call(const char *function, bool is_apart, int *out_fate) {
    int code = 0;
    *out_fate = 0;
    faults.calls += !is_apart;
    for (int i = 0; i < faults.used; i++) {
        armed *fault = &faults.armed[i];
        bool is_meant = strcmp(fault->function, function) == 0 || strcmp(fault->function, "any") == 0;
        if (!is_meant || (fault->left == 0 && !fault->is_lasting))
            continue;
        if (fault->left > 0 && --fault->left > 0)
            continue;
        if (fault->is_async)
            *out_fate = fault->code;
        else
            code = fault->code;
    }
    int lost = is_apart ? 0 : sim_fault_lost();
    return lost != 0 ? lost : code;
}
