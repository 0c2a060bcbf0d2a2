/*
 * The conformance kit: one plugin, or a built-in backend, against everything that the plugin ABI asks of it
 * (runtime/include/steelyard/backend.h). Each check is a row of a fixed list; the plugin is loaded, driven
 * and timed in child processes alone, so that a crash or a hang costs the check that was going on, and no
 * more.
 */
#ifndef STEELYARD_CONFORM_CONFORM_H
#define STEELYARD_CONFORM_CONFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/text.h"
#include "runtime/registry/registry.h"
#include "steelyard/status.h"

enum { SY_CONFORM_PASS = 0, SY_CONFORM_FAIL = 1, SY_CONFORM_SKIP = 2 };

/**
 * What to check. Everything is borrowed during the call.
 *
 * registry     settings, log and trust for the child's registry, and where plugins are.
 * path         the plugin file, absolute; NULL: backend `name` among those that the registry finds.
 * name         of the backend; NULL with a path: whatever the file has.
 * index, params  the device, as in a device id.
 * filter       only rows whose name matches (POSIX extended); NULL: every row.
 * full         every case of every op and type; else as many as a few seconds of each allow.
 * model        a file of a model that the backend takes as a whole; NULL: one of the kit's own.
 * patience_ms  the longest that one step may take before it counts as hung.
 * wake_fd      a descriptor that becomes readable when the user interrupts; -1: none.
 * progress     told each row as it is done; NULL: nobody is.
 */
typedef struct sy_conform_row sy_conform_row;
typedef struct sy_conform_request {
    const sy_registry_options *registry;
    const char *path, *name, *params, *filter, *model;
    uint32_t index;
    bool full;
    int64_t patience_ms;
    int wake_fd;
    void (*progress)(void *ctx, const sy_conform_row *row, size_t done, size_t count);
    void *ctx;
} sy_conform_request;

/**
 * One check.
 *
 * name   what is checked, group first: "memory copies".
 * what   what is asked, in a few words.
 * text   of a pass: what was seen; else why, and what would be right.
 */
struct sy_conform_row {
    char name[48], what[96], text[512];
    uint32_t verdict;  /* SY_CONFORM_* */
    bool needs_device; /* it is nothing without an open device */
};

/** What was checked, as far as it was learnt; "" where it was not. */
typedef struct sy_conform_subject {
    char path[512], sha256[65], backend[32], version[64], device[128], vendor[64], driver[64], isa[64];
    uint32_t index, abi_minor;
    bool simulated;
} sy_conform_subject;

/** The outcome; zero-initialise it. sy_conform_release() frees it. `absent`: there is no such backend or
 * device, in words; "" if there is. */
typedef struct sy_conform_report {
    sy_conform_subject subject;
    char absent[256];
    sy_conform_row *row;
    size_t count, passed, failed, skipped;
} sy_conform_report;

/**
 * Run the checks, in order.
 *
 * Errors  SY_INVALID_ARGUMENT: the filter is no expression, or leaves no row; SY_REFUSED: interrupted (what
 * was done is in the report); SY_IO: no child process; SY_OUT_OF_MEMORY. A check that fails is no error.
 */
sy_status sy_conform_run(const sy_conform_request *request, sy_conform_report *out_report, sy_error *err);

/** Whether anything was run: a check failed, or passed; where some need a device, one of those. */
bool sy_conform_has_run(const sy_conform_report *report);

/** Free the rows and zero the report. */
void sy_conform_release(sy_conform_report *report);

/** The report as a table that can be pasted, ending with the verdict; false without memory. */
bool sy_conform_print_table(const sy_conform_report *report, sy_text *out);

/** The report as one JSON object of schema steelyard.conform/1; false without memory. */
bool sy_conform_print_json(const sy_conform_report *report, sy_text *out);

#endif
