/* Calls that are counted, and faults that strike at the nth one. */
#include <stdio.h>
#include <string.h>

#include "tests/vendor_sim/opencl/sim.h"

#define RULES_MAX 32u
#define FUNCTIONS_MAX 96u

/* Everything here is guarded by the library's lock. */
static struct {
    char function[48]; /* "": any that counts */
    uint64_t left;     /* calls until it strikes */
    int32_t code;
    bool is_of_command;
} rules[RULES_MAX];
static uint32_t rule_count;

static struct {
    const char *function;
    uint64_t calls;
} counters[FUNCTIONS_MAX];
static uint32_t counter_count;

/* Whether a call may fail at all: letting go does not. */
static bool counts(const char *function) {
    return strncmp(function, "clRelease", 9) != 0 && strncmp(function, "clRetain", 8) != 0;
}

static int32_t strike(const char *function, bool is_of_command) {
    int32_t code = 0;
    for (uint32_t i = 0; i < rule_count;) {
        bool is_any = rules[i].function[0] == '\0' && counts(function);
        bool is_meant = is_any || strcmp(rules[i].function, function) == 0;
        if (rules[i].is_of_command != is_of_command || !is_meant || --rules[i].left > 0) {
            i++;
            continue;
        }
        code = rules[i].code;
        rules[i] = rules[--rule_count];
    }
    return code;
}

int32_t sim_fault_of_call(const char *function) {
    uint32_t i = 0;
    while (i < counter_count && strcmp(counters[i].function, function) != 0)
        i++;
    if (i == counter_count)
        counters[counter_count++].function =
            function; /* fewer functions are exported than there is room for */
    counters[i].calls++;
    return strike(function, false);
}

int32_t sim_fault_of_command(const char *function) {
    return strike(function, true);
}

void sim_fault_arm(const char *function, uint64_t nth, int32_t code, bool is_of_command) {
    if (rule_count == RULES_MAX || nth == 0 || code == 0)
        sim_die("too many faults, or one that never strikes");
    snprintf(rules[rule_count].function, sizeof rules->function, "%s", function != NULL ? function : "");
    rules[rule_count].left = nth;
    rules[rule_count].code = code;
    rules[rule_count++].is_of_command = is_of_command;
}

uint64_t sim_fault_clear(void) {
    uint64_t count = rule_count;
    rule_count = 0;
    return count;
}

uint64_t sim_fault_calls(const char *function) {
    uint64_t calls = 0;
    for (uint32_t i = 0; i < counter_count; i++)
        if (function != NULL ? strcmp(counters[i].function, function) == 0 : counts(counters[i].function))
            calls += counters[i].calls;
    return calls;
}

void sim_fault_forget_calls(void) {
    counter_count = 0;
    memset(counters, 0, sizeof counters);
}
