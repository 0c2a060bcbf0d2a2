/*
 * The devices of a run as the parent sees them: found by asking a worker what backends there are, each served
 * by a worker of its own, locked against a second program. The parent loads no driver.
 */
#ifndef STEELYARD_RUN_TARGET_H
#define STEELYARD_RUN_TARGET_H

#include "bench/catalogue/catalogue.h"
#include "bench/cli/config.h"
#include "bench/worker/client.h"
#include "runtime/dispatch/tuning_key.h"
#include "runtime/registry/registry.h"
#include "steelyard/backend.h"

#define SY_TARGET_LIBRARIES_MAX 32u

/** Limit for calls that only open or describe something: drivers may take long to come up. */
#define SY_TARGET_OPEN_LIMIT_MS 60000

/**
 * How to find devices; the same for every worker of a run. Borrowed.
 *
 * builtins, wake_fd   see sy_worker_options. plugin_path, plugin_folder: see sy_registry_options.
 * environment         environ, for the settings handed to backends (STEELYARD_ISA, STEELYARD_OPENBLAS ...).
 */
typedef struct sy_target_places {
    const sy_config *config;
    const sy_builtin *builtins;
    size_t builtin_count;
    const char *plugin_path, *plugin_folder, *sysroot;
    char *const *environment;
    int wake_fd;
} sy_target_places;

/** What is known of a backend that was found, usable or not. */
typedef struct sy_found_backend {
    char name[64], path[512], sha256[65], version[64], reason[512];
    sy_status status;
} sy_found_backend;

/**
 * One device, usable (status SY_OK) or not, with the reason.
 *
 * id                 as the user may write it ("cuda:0", "sim:0?peak=1T").
 * physical_id        "pci:..." or "uuid:...", "" if unknown.
 * tuning             what findings of `tune` for this device go by; tuning_device: how they name it.
 * simulated          the device says so, or a library it uses is a simulation.
 * swept_cache_bytes  last-level cache by a sweep, where the device does not tell; 0: not known.
 * datasheet          the one entry of the catalogue that it is, see sy_datasheets_find(); NULL: not certain.
 *                    Borrowed.
 * wedged             a worker of it could not be ended: it is left alone from then on.
 */
typedef struct sy_target {
    char id[640];
    sy_device_id parsed;
    char plugin_path[512];
    sy_status status;
    char reason[512], physical_id[80];
    sy_device_info info;
    sy_tuning_key tuning;
    sy_tuning_device tuning_device;
    sy_library library[SY_TARGET_LIBRARIES_MAX];
    size_t library_count;
    bool simulated, wedged;
    double clock_overhead_ns, clock_resolution_ns;
    uint64_t swept_cache_bytes;
    const sy_catalogue_device *datasheet;
    sy_worker *worker;
    int lock_fd;
} sy_target;

/** Targets and what backends there were. */
typedef struct sy_targets {
    sy_target *target;
    size_t count;
    sy_found_backend *backend;
    size_t backend_count;
} sy_targets;

/**
 * Find every device of every backend (`devices`, `--device all`), those of general interfaces last. Backends
 * that cannot be used become targets without an index ("cuda") whose status says why. Workers are ended
 * again.
 */
sy_status sy_targets_discover(const sy_target_places *places, sy_targets *out_targets, sy_error *err);

/**
 * The devices that the configuration asks for, each open in a worker of its own and locked; one lock serves
 * all targets that are the same silicon. `all`: every real physical device once, by the most specific backend
 * that opens it, never a simulated one; a device that does not open stays in the list with its reason.
 *
 * Errors  SY_INVALID_ARGUMENT: a malformed id; SY_UNAVAILABLE: a device asked for by name is not there or
 * does not open, or `all` found none (exit status 3); SY_REFUSED: another program uses it, or interrupted.
 */
sy_status sy_targets_open(const sy_target_places *places, sy_targets *out_targets, sy_error *err);

/** Start (again) the worker of a target and open the device in it. Fills info, libraries, clock. */
sy_status sy_target_connect(const sy_target_places *places, sy_target *target, sy_error *err);

/** Take over the libraries named in a reply. */
void sy_target_take_libraries(sy_target *target, const json_t *reply);

/** End the worker; sets wedged if it does not die. */
void sy_target_disconnect(sy_target *target);

/** End all workers, drop locks, free; zeroes. */
void sy_targets_release(sy_targets *targets);

#endif
