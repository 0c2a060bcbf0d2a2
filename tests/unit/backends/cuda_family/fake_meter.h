/*
 * Small management libraries for tests of meters. Each exports its script as `fake`: what its cards measure,
 * which calls fail, and what was called. Written from what is known of the vendors' interfaces.
 */
#ifndef TESTS_UNIT_BACKENDS_CUDA_FAMILY_FAKE_METER_H
#define TESTS_UNIT_BACKENDS_CUDA_FAMILY_FAKE_METER_H

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FAKE_EXPORT __attribute__((visibility("default")))
#define FAKE_CARDS_MAX 4
#define FAKE_FAILS_MAX 4

typedef struct fake_script {
    /* Calls that answer with a number of the vendor's instead of doing anything. */
    struct {
        const char *call;
        int code;
    } fail[FAKE_FAILS_MAX];
    /* Cards, by the bus number of their address 0000:<bus>:00.0. */
    uint32_t card_count, bus[FAKE_CARDS_MAX];
    /* In the vendor's units. `scopes` are those that fields answer for, as bits. */
    unsigned long long energy, reasons;
    unsigned power, average, module, cap, cap_default, celsius, clock, memory_clock, scopes;
    int capability_major, capability_minor, mig, ecc;
    float resolution;
    /* Processes on the card and the bytes of an entry of their list. */
    uint32_t pid_count, pids[8], entry_bytes;
    /* Which of several things that are not known for sure the library does; the fake's file says what. */
    int way;
    /* What happened. */
    int inits, shutdowns, handles, inside, overlaps;
    char last[64];
} fake_script;

extern FAKE_EXPORT fake_script fake;

/* Note a call; what it is to answer at once, 0 if it is to be done. */
static inline int fake_enter(const char *call) {
    if (__atomic_add_fetch(&fake.inside, 1, __ATOMIC_SEQ_CST) > 1)
        __atomic_add_fetch(&fake.overlaps, 1, __ATOMIC_SEQ_CST);
    snprintf(fake.last, sizeof fake.last, "%s", call);
    sched_yield(); /* time for another thread to come in, if nothing keeps it out */
    __atomic_sub_fetch(&fake.inside, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < FAKE_FAILS_MAX; i++)
        if (fake.fail[i].call != NULL && strcmp(fake.fail[i].call, call) == 0)
            return fake.fail[i].code;
    return 0;
}

#endif
