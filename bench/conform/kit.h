/*
 * The inside of the kit, in the child: the plugin as far as it has been brought up, the verdict of the check
 * that is going on, and the way its words reach the parent.
 */
#ifndef STEELYARD_CONFORM_KIT_H
#define STEELYARD_CONFORM_KIT_H

#include <stdio.h>

#include "bench/conform/conform.h"
#include "bench/worker/job.h"

/* How far a check wants the plugin to be brought up before it begins. */
enum { CONFORM_NOTHING = 0, CONFORM_BACKEND = 1, CONFORM_DEVICE = 2 };

/** State of the child. The verdict of a check begins as a pass; the first failure or skip stays. */
typedef struct conform_kit {
    const sy_conform_request *request;
    int channel;
    sy_registry *registry;
    char name[32]; /* of the backend */
    sy_backend_ref found;
    sy_job_device on; /* api NULL: no device is open; its queue is on this thread */
    bool entered;
    sy_device_info info;
    sy_data_block *block;
    uint32_t verdict;
    char text[512];
} conform_kit;

/** One check; `item` is that of its row in the list. */
typedef void conform_check(conform_kit *kit, size_t item);

/** A row of the list, in the order of the table. */
typedef struct conform_item {
    const char *name, *what;
    uint32_t needs; /* CONFORM_* */
    conform_check *run;
    size_t item;
} conform_item;

/** Rows that are written down, then one for each topic of cases.h, then those behind. */
size_t conform_list_count(void);
/** Row `index` < count; `room` keeps the name of a topic. */
conform_item conform_list_get(size_t index, char room[48]);

/** Bring the plugin up as far as `needs`; false: the verdict says why not. */
bool conform_bring_up(conform_kit *kit, uint32_t needs);
/** Close the device, if one is open; and destroy the backend and its registry too. */
void conform_close_device(conform_kit *kit);
void conform_close_backend(conform_kit *kit);

/** Open the registry: the file alone, or all. The caller destroys it. */
sy_status conform_open_registry(const conform_kit *kit, sy_registry **out_registry, sy_error *err);

/** Tell the parent what is going to be done: a sign of life, and what is named if it kills us. */
__attribute__((format(printf, 2, 3))) void conform_doing(const conform_kit *kit, const char *format, ...);

/** Tell the parent which backend was created. */
void conform_tell_backend(const conform_kit *kit);

/** Tell the parent that what it asked for is not there. */
void conform_absent(const conform_kit *kit, const char *text);

/** The verdicts. A failure or a skip is kept if it is the first; what a pass has seen replaces what it said.
 */
__attribute__((format(printf, 2, 3))) void conform_fail(conform_kit *kit, const char *format, ...);
__attribute__((format(printf, 2, 3))) void conform_skip(conform_kit *kit, const char *format, ...);
__attribute__((format(printf, 2, 3))) void conform_pass(conform_kit *kit, const char *format, ...);

/** Whether `status` is SY_OK; else the check fails with `what` and the words of `err`. */
bool conform_succeeds(conform_kit *kit, const char *what, sy_status status, const sy_error *err);

/**
 * Whether a call was refused as it should be: `status` is one of the `count` in `wanted`, with words in
 * `err`. Else the check fails.
 */
bool conform_refuses(conform_kit *kit, const char *what, sy_status status, const sy_error *err,
    const sy_status *wanted, size_t count);
#define CONFORM_REFUSES(kit, what, status, err, ...)                                                         \
    conform_refuses((kit), (what), (status), (err), (const sy_status[]){__VA_ARGS__},                        \
        sizeof((const sy_status[]){__VA_ARGS__}) / sizeof(sy_status))

/** Whether the check has not failed so far. */
bool conform_is_fine(const conform_kit *kit);

/** The life of a child: checks from `first` on of those that are `wanted`, until one fails. Does not return.
 */
_Noreturn void conform_serve(
    const sy_conform_request *request, int channel, const bool *wanted, size_t first);

#endif
